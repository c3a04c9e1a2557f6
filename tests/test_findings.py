"""Findings: where they are, and what stops a strict build."""

from __future__ import annotations

import ast

import pytest

from publish.errors import Place, PublishError
from publish.findings import Finding, as_lines, placed, refuse_warnings
from tests.tiny import ROOT, make, write_book

AT = Finding("img-missing", "warning", Place("a.md", 3), "an image is missing", "Add it")
NOWHERE = Finding("pdf-bold", "warning", Place(""), "the font has no bold", "Install it")


def test_what_names_no_file_is_about_the_one_that_was_made_of_it():
    first, second = placed([AT, NOWHERE], "build/zh-TW/book.pdf")
    assert first == AT
    assert str(second) == "build/zh-TW/book.pdf: the font has no bold. Install it. [pdf-bold]"


def made():
    """Each place in the code where a finding is made: module, line, and its place as written."""
    for module in sorted((ROOT / "publish").rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("Finding") and len(node.args) > 2:
                yield module.relative_to(ROOT).as_posix(), node.lineno, ast.unparse(node.args[2])


def test_what_is_found_names_a_place_but_where_a_format_speaks_of_the_file_that_it_makes():
    """That gets its file from `placed`, as the next tests show; `serve` shows its errors beside the edition."""
    rows = list(made())
    assert len(rows) > 60, "the walk finds them"
    nowhere = {module for module, _, place in rows if place == "Place('')"}
    assert {module for module in nowhere if not module.startswith(("publish/render/", "publish/serve/"))} == set()


def test_what_is_about_a_setting_is_found_at_its_line_where_it_is_written():
    bold = Finding("pdf-bold", "warning", Place("", key="fonts.body"), "the font has no bold")
    written, unwritten = Place("book.yaml", 7, "fonts.body"), Place("book.yaml", 0, "fonts.body")
    assert placed([bold], "out/a.pdf", lambda *_: written)[0].place == written
    assert placed([bold], "out/a.pdf", lambda *_: unwritten)[0].place == Place("out/a.pdf", 0, "fonts.body")
    assert placed([AT], "out/a.pdf", lambda *_: written) == [AT]


SPY = """
from publish.errors import Place
from publish.findings import Finding
from publish.render import Rendering


class Spy:
    name = "spy"

    def render(self, publication, context):
        (context.folder / "spy.txt").write_text("", encoding="utf-8")
        return Rendering(
            ("spy.txt",), (Finding("a", "warning", Place(""), "甲"), Finding("b", "note", Place("", key="title"), "乙"))
        )
"""


def test_everything_that_a_build_finds_has_a_file(tmp_path, plug_in):
    plug_in("spy", SPY)
    book = write_book(tmp_path / "book")
    with (book / "01.md").open("a", encoding="utf-8") as file:
        file.write("\n![](gone.png) [去](nowhere.md) [^9] $x_$ 他说。。\n")
    findings = make(book, tmp_path / "out", "spy", editions=("zh-TW",)).findings
    assert {one.code for one in findings} > {"a", "b", "img-missing", "link-broken"}
    assert [one for one in findings if not one.place.file] == []
    at = {one.code: one.place for one in findings}
    assert at["a"].file.endswith("zh-TW/spy.txt")
    assert (at["b"].file.endswith("book.yaml"), at["b"].line > 0) == (True, True)


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
