"""What book.yaml says of literature: files, style, where the list stands."""

from __future__ import annotations

import pytest

from publish.errors import PublishError
from publish.source.manuscript import read_manuscript
from publish.source.settings.literature import AUTHOR_DATE, NUMERIC

BIB = "@book{kuhn, title={书}, author={库恩}}\n"


def test_a_book_without_a_bibliography_says_nothing_of_literature(project):
    assert not project("title: 书\n").citing


def test_files_style_and_place_of_the_list_are_read(project):
    settings = "bibliography: [a.bib, b.json]\nbibliography-by: chapter\nnocite: '@kuhn, @x; y'\ncsl: own\n"
    read = project(settings, {"a.bib": BIB, "b.json": "[]", "own.csl": "<style/>"}).citing
    assert [path.name for path in read.files] == ["a.bib", "b.json"]
    assert (read.by, read.nocite, read.style.name) == ("chapter", ("kuhn", "x", "y"), "own.csl")


@pytest.mark.parametrize("name", [NUMERIC, AUTHOR_DATE, f"{AUTHOR_DATE}.csl"])
def test_our_own_styles_are_known_by_their_names(project, name):
    read = project(f"bibliography: a.bib\ncsl: {name}\n", {"a.bib": BIB}).citing
    assert read.style.is_file()
    assert read.style.stem == name.removesuffix(".csl")


def test_the_national_standard_by_number_is_what_is_not_said(project):
    assert project("bibliography: a.bib\n", {"a.bib": BIB}).citing.style.stem == NUMERIC


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("bibliography: none.bib\n", 'book.yaml:1: bibliography.0: bibliography "none.bib" not found'),
        ("bibliography: a.docx\n", 'book.yaml:1: bibliography.0: "a.docx" is not a bibliography that publish can read'),
        ("bibliography: a.bib\ncsl: apa\n", 'book.yaml:2: csl: citation style "apa" not found'),
    ],
)
def test_a_file_that_is_missing_or_of_an_unknown_kind_is_told_with_its_line(project, settings, message):
    with pytest.raises(PublishError) as error:
        project(settings, {"a.bib": BIB})
    assert str(error.value).startswith(message)


def test_a_chapter_names_literature_of_its_own(project):
    front = "---\nbibliography: own.bib\n---\n# 头\n\n文[@kuhn]。\n"
    read = read_manuscript(project("title: 书\nchapters: [one/a.md]\n", {"one/a.md": front, "one/own.bib": BIB}))
    assert not read.findings
    assert read.cites


def test_a_chapter_that_names_a_file_which_is_not_there_is_told_with_its_line(project):
    front = "---\ntitle: 头\nbibliography: own.bib\n---\n文。\n"
    with pytest.raises(PublishError, match=r'^a\.md:3: bibliography: bibliography "own\.bib" not found'):
        read_manuscript(project("title: 书\nchapters: [a.md]\n", {"a.md": front}))
