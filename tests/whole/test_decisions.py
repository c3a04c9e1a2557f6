"""decisions.yaml in a book: read with the project, met by every text, reported where it fits nowhere."""

from __future__ import annotations

import pytest

from publish.build.manifest import source_files
from publish.build.store import read_manifest
from publish.errors import PublishError
from publish.pipeline import check
from publish.source.project import read_project
from tests.tiny import make, write_book

TEXT = "# 干\n\n他的手又**干**又痒。[^1] 见`干`。\n\n[^1]: 又干了。\n"
DECISIONS = (
    "zh-TW:\n  干:\n    - {before: 的手又, as: 乾}\n    - {before: ^又, as: 乾}\n    - {before: ^, after: $, as: 幹}\n"
)


def codes(book):
    return [(str(one.place), one.problem) for one in book.findings if one.code == "decision-unused"]


def test_every_text_of_an_edition_meets_the_decisions(make_book):
    book = make_book({"a.md": TEXT, "decisions.yaml": DECISIONS})
    page = book.page()
    assert "又<strong>乾</strong>又癢" in page
    assert "又乾了" in page
    assert ">幹</h1>" in page
    assert "<code>干</code>" in page
    assert codes(book) == []
    assert book.editions["zh-TW"].decisions == {"干 → 乾": 2, "干 → 幹": 1}


def test_a_decision_that_fits_nowhere_is_reported_with_its_line(make_book):
    rows = DECISIONS + "    - {before: 没有这, as: 乾}\nzh-HK:\n  干:\n    - {before: 也没有, as: 乾}\n"
    book = make_book({"a.md": TEXT, "decisions.yaml": rows})
    assert codes(book) == [("decisions.yaml:6: zh-TW.干", 'the decision on "干" matches no place in the edition zh-TW')]


def test_a_check_tells_of_unused_decisions_and_of_strange_editions(folder):
    root = folder({"a.md": TEXT, "decisions.yaml": "zh-XX:\n  干: [{as: 乾}]\nzh-TW:\n  没: [{as: 沒}]\n"})
    found = [one for one in check(root)[1] if one.code == "decision-unused"]
    assert [(one.place.line, one.severity) for one in found] == [(2, "warning"), (4, "warning")]
    assert found[0].problem == 'the decision on "干" is for the edition "zh-XX", which the book does not have'


def test_an_edition_reports_its_bases_decisions_only_where_the_base_is_not_built(folder):
    settings = "editions:\n  mine: {base: zh-TW}\n"
    root = folder({"a.md": TEXT, "decisions.yaml": DECISIONS + "  没: [{as: 沒}]\n", "book.yaml": settings})
    assert [one.place.line for one in check(root)[1] if one.code == "decision-unused"] == [6]
    (root / "book.yaml").write_text(settings + "  zh-TW: {}\n", encoding="utf-8")
    assert len([one for one in check(root)[1] if one.code == "decision-unused"]) == 1


def test_a_single_file_has_decisions_of_its_own(folder):
    root = folder({"a.md": TEXT, "a.decisions.yaml": DECISIONS, "decisions.yaml": "not: [read"})
    project = read_project(root / "a.md")
    assert len(project.decisions.all) == 3
    assert root / "a.decisions.yaml" in source_files(project)


def test_a_fault_in_the_file_names_its_line(folder):
    root = folder({"a.md": TEXT, "decisions.yaml": "zh-TW:\n  干:\n    - {as: 乾, befor: 又}\n"})
    with pytest.raises(PublishError, match=r'^decisions\.yaml:3: zh-TW\.干\.0\.befor: unknown key "befor"'):
        read_project(root)


def test_a_decision_reaches_the_metadata_too(tmp_path):
    book = write_book(tmp_path / "book", {"decisions.yaml": "zh-TW:\n  头发: [{as: 頭毛}]\n"})
    make(book, tmp_path / "out", "html", editions=("zh-TW",))
    row = read_manifest(tmp_path / "out")["editions"]["zh-TW"]
    assert row["decisions"] == {"头发 → 頭毛": 1}
    assert "軟體裡的頭毛" in (tmp_path / "out/zh-TW/html/index.html").read_text(encoding="utf-8").replace(
        "軟件", "軟體"
    )
