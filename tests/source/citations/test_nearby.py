"""A `.bib` beside a book is its literature where the chapters cite it, and that is told."""

from __future__ import annotations

import pytest

from publish.source.citations.nearby import with_nearby
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project
from publish.source.sheets import SourceFile

BIB = "@book{shen, title={梦溪笔谈}, author={沈括}}\n@comment{x, y}\n"
BOOK = "title: 书\nauthor: 甲\nlang: zh-CN\n"


@pytest.fixture
def nearby(folder):
    """`nearby(text)` are the names of the literature that is found for a chapter, and what is told of it."""

    def find(text, settings=BOOK, bib=BIB):
        project = read_project(folder({"book.yaml": settings, "a.md": text, "lit/other.bib": BIB, "refs.bib": bib}))
        sources = [SourceFile("a.md", project.root / "a.md", tuple(text.split("\n")), [], "", None)]
        found, told = with_nearby(project, sources)
        return [path.name for path in found.citing.files], [(one.code, one.severity, str(one.place)) for one in told]

    return find


def test_what_is_cited_between_brackets_is_looked_for_beside_the_book(nearby):
    told = [("citation-nearby", "note", "a.md:3")]
    assert nearby("# 章\n\n沈括说过[见 @shen, 卷 18; @other]。") == (["refs.bib"], told)


@pytest.mark.parametrize(
    "text",
    [
        "@shen 你好",
        "`[@shen]`",
        "```\nx[@shen]\n```",
        "[写信](mailto:me@shen)，[me@shen]",
        "[@other]",
    ],
)
def test_what_is_no_citation_of_it_finds_nothing(nearby, text):
    assert nearby(text) == ([], [])


def test_a_book_that_names_its_literature_has_that_alone(nearby):
    assert nearby("[@shen]", f"{BOOK}bibliography: lit/other.bib\n") == (["other.bib"], [])


def test_a_key_that_is_missing_there_stops_nothing(folder):
    book = folder({"book.yaml": BOOK, "refs.bib": BIB, "a.md": "# 章\n\n见[@shen; @shem]，@someone。\n"})
    found = read_manuscript(read_project(book)).findings
    assert {(one.code, one.severity) for one in found} == {("citation-nearby", "note"), ("citation-missing", "warning")}


def test_a_library_that_cannot_be_read_and_that_nobody_named_stops_nothing(folder):
    project = read_project(folder({"book.yaml": BOOK, "a.md": "# 章\n\n说过[@shen]。", "refs.bib": "x"}))
    (project.root / "refs.bib").write_bytes("@book{shen, title={梦溪笔谈}}".encode("gb18030"))
    assert "citation-nearby" not in [one.code for one in read_manuscript(project).findings]


def test_a_broken_library_that_nobody_named_is_told_and_stops_nothing(folder):
    bib = "@book{shen, title={梦溪笔谈}}\n@book{bad, title={没有关上, author={甲}\n"
    project = read_project(folder({"book.yaml": BOOK, "a.md": "# 章\n\n说过[@shen]。", "refs.bib": bib}))
    [told] = [one for one in read_manuscript(project).findings if one.code == "citation-nearby"]
    assert (told.severity, told.place.line) == ("warning", 3)
