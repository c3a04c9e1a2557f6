"""A caption said in an attribute: its words, and what is marked in it."""

from __future__ import annotations

import pytest

from publish.source.document import text
from publish.source.manuscript import read_manuscript
from publish.source.phrase import phrase
from publish.source.project import read_project


def test_spans_of_a_caption_are_spans():
    inlines = phrase("重庆 [水位]{.index #w key=\"水文!水位\" of='places'}（米）")
    assert text(inlines) == "重庆 水位（米）"
    [span] = [one for one in inlines if one["t"] == "Span"]
    assert span["c"][0] == ["w", ["index"], [["key", "水文!水位"], ["of", "places"]]]
    assert text(phrase("[甲] 与 {乙}")) == "[甲] 与 {乙}"


def test_a_caption_with_a_marked_word_is_the_caption_of_its_table(folder):
    code = '``` {.csv-table #tbl:w caption="重庆[水位]{.index key=水位}（米）"}\n月份,平均\n1,160.2\n```\n'
    book = folder({"book.yaml": "title: 书\nchapters: [a.md]\n", "a.md": f"# 章\n\n{code}\n::: index\n:::\n"})
    manuscript = read_manuscript(read_project(book))
    table = manuscript.chapters[0].blocks[1]
    assert table["t"] == "Table"
    assert text(table["c"][1][1][0]["c"]) == "重庆水位（米）"
    assert not manuscript.findings


def test_verse_in_a_chapter_with_references_keeps_its_indents(folder):
    verse = "| 夜雨剪春韭，\n| 　　新炊间黄粱。\n|    后"
    book = folder(
        {"book.yaml": "title: 书\nchapters: [a.md]\n", "a.md": f"# 章 {{#sec:a}}\n\n见 @sec:a。\n\n{verse}\n"}
    )
    block = read_manuscript(read_project(book)).chapters[0].blocks[-1]
    assert [text(line) for line in block["c"]] == ["夜雨剪春韭，", "　　新炊间黄粱。", "\xa0\xa0\xa0后"]


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("记作 $\\Omega$，又写 $P(A \\mid B) = \\frac{a}{b}$。", ["Math", "Math"]),
        ("$x_{\\text{总}}$ 的值", ["Math"]),
        ("每本 $5，两本 $9", []),
        ("$5 换 A，不换 $6", []),
        ("用 `git init` 建库", ["Code"]),
        ("[干]{zh-TW=乾}净", ["Span"]),
    ],
)
def test_a_text_of_a_setting_may_have_formulas_and_code(said, kinds):
    assert [one["t"] for one in phrase(said) if one["t"] not in ("Str", "Space")] == kinds
