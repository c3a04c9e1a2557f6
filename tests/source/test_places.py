"""Places: each block's line in the source, whatever Markdown it is written in."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from publish.source import pandoc
from publish.source.document import CONTAINERS, block_text, children, rewrite
from publish.source.places import first_line, line_of, locate
from publish.textfile import read_text

GLOSSARY = Path(__file__).parents[2] / "source" / "definitions.yaml"
LONG = (Path(__file__).parents[1] / "fixtures" / "places.md").read_text(encoding="utf-8")


def placed(source, first=1):
    """The located blocks of a text."""
    (blocks,), _ = pandoc.read([("a.md", source)])
    return locate(blocks, source, first)


def beginnings(blocks):
    """(line, beginning of the text, kind) of each block that has a line."""
    found = []

    def block(one):
        if "line" in one and one["t"] != "Table":
            inlines = one["c"] if one["t"] in ("Para", "Plain") else None
            words = spoken(inlines) if inlines is not None else block_text([one])
            found.append((one["line"], words, one["t"]))

    rewrite(blocks, block)
    return found


def spoken(inlines):
    """The text of inlines up to the first that the source writes otherwise than it reads."""
    out = ""
    for inline in inlines:
        if inline["t"] == "Str":
            out += inline["c"]
        elif inline["t"] in CONTAINERS and inline["t"] not in ("Link", "Span", "Cite"):
            out += spoken(children(inline))
        elif inline["t"] == "Code":
            out += inline["c"][1]
        elif out:
            break
    return out


def letters(text):
    return re.sub(r"[\W_]", "", text)


def lines_of(source, *words):
    """The lines at which the blocks stand whose text is one of the words, in the order of reading."""
    return [line for line, text, _ in beginnings(placed(source)) if letters(text) in words]


# Each text of the long fixture that stands in one line says in that line which it is: 〔12〕 in line 12.
def test_every_block_of_a_long_text_has_its_line():
    found = beginnings(placed(LONG))
    named = [(line, int(match[1]), text) for line, text, _ in found if (match := re.search(r"〔(\d+)〕", text))]
    assert len(named) >= 81
    assert [(line, text) for line, told, text in named if line != told] == []


def test_the_long_text_has_everything_that_pandoc_reads():
    kinds = set()
    rewrite(placed(LONG), lambda one: kinds.add(one["t"]))
    assert kinds >= {
        *("Header", "Para", "Plain", "BulletList", "OrderedList", "DefinitionList", "BlockQuote", "Div", "LineBlock"),
        *("Table", "Figure", "CodeBlock", "RawBlock", "HorizontalRule"),
    }


def test_crlf_and_bom_do_not_move_lines(folder):
    root = folder({"a.md": b"\xef\xbb\xbf" + "一\r\n\r\n二\r三\r\n\r\n四\r\n".encode()})
    assert lines_of(read_text(root / "a.md"), "一", "二", "四") == [1, 3, 6]


def test_equal_paragraphs_that_recur_have_each_its_own_line():
    source = "重复\n\n别的\n\n重复\n\n- 重复\n- 重复\n\n> 重复\n\n**重**复\n\n重复\n"
    assert lines_of(source, "重复") == [1, 5, 7, 8, 10, 12, 14]


def test_equal_hard_wrapped_paragraphs_that_recur_have_each_their_own_line():
    wrapped = "这是一个硬换行的段落\n第二行接着写下去了\n第三行也接着写下去\n"
    source = "\n".join([wrapped] * 4)
    assert [line for line, _, _ in beginnings(placed(source))] == [1, 5, 9, 13]


def test_a_paragraph_after_a_notes_call_is_not_sought_behind_the_note():
    source = "重复\n\n文[^a]\n\n重复\n\n[^a]: 注\n\n    再注\n\n重复\n"
    assert lines_of(source, "重复", "注", "再注") == [1, 7, 9, 5, 11]


def test_recurring_headings_with_attributes_are_told_apart():
    source = "# 一 {#a}\n\n## 小结 {#b}\n\n文\n\n# 二\n\n## 小结\n\n文\n"
    assert lines_of(source, "小结") == [3, 9]


def test_short_cells_are_sought_in_their_table_only():
    source = "1\n\n2\n\n  甲    乙\n----  ----\n  1     2\n  2     1\n\n2\n\n| 2 | 1 |\n|---|---|\n| 1 | 2 |\n\n1\n"
    assert lines_of(source, "1", "2") == [1, 3, 7, 7, 8, 8, 10, 12, 12, 14, 14, 16]


def test_a_cell_that_is_written_otherwise_is_not_sought_far_away():
    source = "| 甲 |\n|---|\n| &#x4e2d; |\n" + "\n段落\n" * 40 + "\n中\n"
    cell, paragraph = lines_of(source, "中")
    assert cell <= 3
    assert paragraph == 85


def test_a_caption_before_its_table_and_one_behind():
    source = "文\n\n: 题甲\n\n| a |\n|---|\n| b |\n\n| c |\n|---|\n| d |\n\nTable: 题乙\n\n文\n"
    assert lines_of(source, "题甲", "题乙") == [3, 13]


def test_a_paragraph_that_begins_with_a_link_or_attributes():
    source = '[甲](a.md "t")乙\n\n**[甲](b.md)丙**丁\n\n[甲]{.smallcaps}戊\n\n![甲](x.png)己\n\n甲\n'
    assert [line for line, _, _ in beginnings(placed(source))] == [1, 3, 5, 7, 9]


def test_div_fences_and_code_that_looks_like_them():
    source = "::: a\n甲\n:::\n\n```\n::: b\n乙\n:::\n```\n\n::: {.c}\n\n丙\n\n:::\n"
    found = beginnings(placed(source))
    assert [(line, text.split("\n")[0]) for line, text, _ in found] == [(2, "甲"), (6, "::: b"), (13, "丙")]


def test_front_matter_shifts_all_lines():
    assert [line for line, _, _ in beginnings(placed("甲\n\n乙\n", first=5))] == [5, 7]


def test_every_paragraph_of_the_handbook_begins_in_its_line(handbook):
    checked = 0
    for chapter in handbook.manuscript.chapters:
        rows = handbook.manuscript.lines[chapter.file]
        found = []

        def leaf(one, found=found):
            if one["t"] in ("Para", "Plain", "Header", "CodeBlock"):
                inlines = one["c"] if one["t"] in ("Para", "Plain") else one["c"][-1]
                found.append((one["line"], one["c"][1] if one["t"] == "CodeBlock" else spoken(inlines)))

        rewrite(chapter.blocks, leaf)
        for line, words in found:
            head = letters(words)[:6]
            if not line:  # the glossary is from a file of its own
                assert head in letters(GLOSSARY.read_text(encoding="utf-8")), words
                continue
            assert head in letters("".join(rows[line - 1 : line + 1])), (chapter.file, line, words)
            checked += bool(head)
    assert checked > 800


def test_a_needle_is_sought_from_its_block_on_and_then_everywhere():
    rows = ["a", "x", "b", "x"]
    assert line_of("x", rows, 3) == 4
    assert line_of("x", rows, 1) == 2
    assert line_of("a", rows, 3) == 1
    assert line_of("zz", rows, 3) == 3
    assert line_of("%E6%9C%89%20b.png", ["", "![](<有 b.png>)"], 1) == 2


def test_a_block_without_a_line_has_its_first_contents():
    assert first_line(placed("\n::: {.a}\n> 引\n:::\n")) == 3


@pytest.mark.parametrize(
    "source",
    [
        "词 word " * 30_000,
        "头发里面，计算机程序。" * 10_000,
        "\n\n".join(f"段落{number}[^{number}]\n\n[^{number}]: 注{number}" for number in range(1500)),
        "| a | b |\n|---|---|\n" + "\n".join(f"| {number} | x{number % 7} |" for number in range(2500)),
        "\n\n".join(["重复的段落"] * 4000),
    ],
    ids=["words", "Han", "notes", "rows", "equals"],
)
def test_places_are_found_with_linear_work(source):
    """So many calls of Python's functions for a character, and a quadratic walk would need thousands."""
    (blocks,), _ = pandoc.read([("a.md", source)])
    calls = 0

    def count(_frame, _event, _argument):
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        locate(blocks, source)
    finally:
        sys.setprofile(None)
    assert calls < 200 * len(source)
