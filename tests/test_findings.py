"""Findings: where they are, and what stops a strict build."""

from __future__ import annotations

import pytest

from publish.errors import Place, PublishError
from publish.findings import Finding, as_lines, placed, refuse_warnings

AT = Finding("img-missing", "warning", Place("a.md", 3), "an image is missing", "Add it")
NOWHERE = Finding("pdf-bold", "warning", Place(""), "the font has no bold", "Install it")


def test_what_names_no_file_is_about_the_one_that_was_made_of_it():
    first, second = placed([AT, NOWHERE], "build/zh-TW/book.pdf")
    assert first == AT
    assert str(second) == "build/zh-TW/book.pdf: the font has no bold. Install it. [pdf-bold]"


def test_a_strict_build_stops_at_warnings_and_tells_all_of_them():
    note = Finding("page-empty", "note", Place("a.md"), "a page is empty")
    refuse_warnings([note])
    with pytest.raises(PublishError, match=r"(?s)the font has no bold.*a\.md:3: an image is missing\. Add it"):
        refuse_warnings([note, AT, NOWHERE])


def test_many_links_and_images_of_one_kind_are_told_as_one_with_a_list_of_them():
    def broken(count):
        return [
            Finding("link-broken", "warning", Place("a.md", n + 1), f'the link "{n}.md" leads nowhere', "Correct it")
            for n in range(count)
        ]

    assert len(as_lines(broken(3))) == 3
    assert all("leads nowhere. Correct it." in line for line in as_lines(broken(3)))
    assert as_lines([*broken(5), AT])[:2] == [
        "warning: 5 links lead nowhere in this book. Correct it. [link-broken]",
        "    a.md:1  0.md",
    ]
    assert as_lines([*broken(5), AT])[-1].startswith("warning: a.md:3: an image is missing")
    assert as_lines(broken(60))[-1] == "    … and 20 more"


def test_names_that_pages_share_are_one_line():
    """Pages of a documentation site name their sections alike; each is told with its name below one sentence."""
    found = [
        Finding(
            "id-duplicate", "warning", Place("b.md", n + 1), f'the id "{name}" is used twice in the book', "Rename it"
        )
        for n, name in enumerate("甲乙丙丁")
    ]
    assert as_lines(found)[:2] == [
        "warning: 4 ids are used more than once in the book; the later ones get a number. Rename it. [id-duplicate]",
        "    b.md:1  甲",
    ]
