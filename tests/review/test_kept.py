"""What a chapter was asked before: it is read again, and only texts that meet other decisions are gone through."""

from __future__ import annotations

import pytest

from publish.cache import Cache
from publish.review import questions
from publish.review.ledger import with_decision
from publish.review.questions import review_edition
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

CHAPTERS = {f"{n}.md": f"# 第{n}章\n\n他们去台湾。\n\n皇后的头发干了，在后面。\n" for n in (1, 2, 3)}


@pytest.fixture
def review(folder, tmp_path, monkeypatch):
    """Reviews the book as it is, and gives its places and how many texts were gone through."""
    root = folder({**CHAPTERS, "book.yaml": "title: 书\neditions: [zh-TW]\n"})
    gone = []
    whole = questions.occurrences

    def counted(*arguments):
        gone.append(arguments[-1].text)
        return whole(*arguments)

    monkeypatch.setattr(questions, "occurrences", counted)

    def reviewed(cache=None):
        gone.clear()
        project = read_project(root)
        kept = cache or Cache(tmp_path / "cache", "program")
        found = review_edition(project, read_manuscript(project), project.edition("zh-TW"), cache=kept, whole=False)
        return found.occurrences, len(gone)

    reviewed.root = root
    return reviewed


def test_after_a_decision_only_the_texts_that_meet_it_are_asked_again(review):
    places, first = review()
    assert first > 6
    assert review() == (places, 0)
    wanted = next(one for one in places if one.chapter == places[-1].chapter)
    file = review.root / "decisions.yaml"
    file.write_text(with_decision("", "decisions.yaml", wanted.decided(wanted.options[-1], ("", ""))), encoding="utf-8")
    again, asked = review()
    assert 0 < asked <= 3
    assert {one.decision for one in again if one.doubt.term == wanted.doubt.term} != {None}
    assert again == review(Cache())[0], "as if everything had been asked"
    file.unlink()
    assert review()[0] == places
