"""Code in lines: numbers and marks that a reader sees, and text that is copied as it was written."""

from __future__ import annotations

import pytest

from publish.edition.markup.xhtml import H, parse, plain, serialize
from publish.render import RenderContext
from publish.render.code import lines_of, part_lines
from publish.render.html.code import colour
from publish.render.pdf import PdfRenderer
from tests.printed import copied, lines

TEXT = 'def f():\n\n    """多行\n    文字"""\n    return 1\n'


def pre(attributes, text=TEXT):
    return parse(f'<pre class="python{attributes[0]}"{attributes[1]}><code>{text}</code></pre>', soup=False)


@pytest.mark.parametrize("coloured", [False, True])
def test_each_line_has_its_number_and_marked_ones_a_mark(coloured):
    tree = pre((" numbered", ' data-first="9" data-marked="1,3-4"'))
    if coloured:
        colour(tree)
    part_lines(tree)
    rows = list(next(tree.iter(f"{H}code")))
    assert [row.get("data-number") for row in rows] == ["9", "10", "11", "12", "13"]
    assert [row.tag.removeprefix(H) for row in rows] == ["mark", "span", "mark", "mark", "span"]


def test_what_is_copied_is_what_was_written():
    tree = pre((" numbered", ""))
    colour(tree)
    part_lines(tree)
    assert plain(tree) == TEXT.removesuffix("\n")
    assert "<span></span>" not in serialize(tree)


def test_lines_that_are_only_marked_leave_the_others_as_they_were_and_line_feeds_stand_outside():
    tree = pre(("", ' data-marked="1,3-4"'), "甲\n\n乙\n丙\n丁\n")
    part_lines(tree)
    assert (
        '<mark class="line">甲</mark>\n\n<mark class="line">乙</mark>\n<mark class="line">丙</mark>\n丁'
        in serialize(tree)
    )


def test_a_line_that_a_small_screen_cannot_hold_is_an_element_too():
    long, short = "x = " + "y" * 29, "x = " + "y" * 28
    tree = pre(("", ""), f"{short}\n{long}\n{'汉' * 17}\n{'汉' * 16}\n")
    part_lines(tree)
    assert [plain(one) for one in tree.iter(f"{H}span")] == [long, "汉" * 17]
    assert plain(tree) == f"{short}\n{long}\n{'汉' * 17}\n{'汉' * 16}"


def test_code_that_holds_more_than_its_text_is_left_as_it_was():
    tree = pre(("", ""), f'<a href="#x">{"y" * 40}</a>')
    before = serialize(tree)
    part_lines(tree)
    assert serialize(tree) == before


def test_code_without_either_is_left_as_it_was():
    tree = pre(("", ""))
    before = serialize(tree)
    part_lines(tree)
    assert serialize(tree) == before


def test_an_absurd_mark_costs_nothing():
    tree = pre(("", ' data-marked="1-99999999999"'))
    part_lines(tree)
    assert len(list(tree.iter(f"{H}mark"))) == 5


def test_the_page_shows_numbers_before_the_lines(make_book, tmp_path):
    code = "\n".join(f"第{n}行" for n in range(3))
    text = (
        f"---\ntitle: 书\nauthor: 甲\nlang: zh-CN\n---\n\n# 章\n\n```{{.text .numberLines startFrom=41}}\n{code}\n```\n"
    )
    publication = make_book(text, ("zh-CN",)).editions["zh-CN"]
    PdfRenderer().render(publication, RenderContext(tmp_path / "pdf"))
    data = next((tmp_path / "pdf").glob("*.pdf")).read_bytes()
    assert "第0行" in copied(data)
    rows = [line.text.strip() for page in range(4, 8) for line in _lines(data, page)]
    assert [row for row in rows if "行" in row] == ["41第0行", "42第1行", "43第2行"]


@pytest.mark.parametrize("name", ["text", "part", "chapter", "contents", "opening", "colophon"])
def test_what_an_author_calls_a_language_or_a_division_begins_no_page(make_book, tmp_path, name):
    text = f"# 章\n\n## 节\n\n```{name}\n码\n```\n\n::: {name}\n段\n:::\n\n终\n"
    publication = make_book({"book.yaml": "title: 书\nlang: zh-CN\n", "a.md": text}, ("zh-CN",)).editions["zh-CN"]
    PdfRenderer().render(publication, RenderContext(tmp_path / "pdf"))
    data = next((tmp_path / "pdf").glob("*.pdf")).read_bytes()
    last = [line.text for line in lines(data, 6)]
    assert {"章", "节", "码", "段", "终"} <= {*last}


def _lines(data, page):
    try:
        return lines(data, page)
    except Exception:  # noqa: BLE001  # the book has fewer pages
        return []


@pytest.mark.parametrize(
    ("first", "marked", "counted"),
    [("9", "10-11", {2, 3}), ("9", "2", {2}), ("9", "2,10", {2, 10}), ("1", "2", {2}), ("9", "15", {15})],
)
def test_marks_are_numbers_that_stand_beside_the_lines_or_count_from_the_first(first, marked, counted):
    tree = pre((" numbered", f' data-first="{first}" data-marked="{marked}"'))
    assert lines_of(next(tree.iter(f"{H}pre"))).marked == counted
