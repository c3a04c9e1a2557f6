"""Blocks: what CommonMark sees, and what its author meant."""

from __future__ import annotations

import pytest

from publish.source.reading import read_dialects


def read(source):
    """The rows that pandoc reads, without blank ones."""
    return [row for row in read_dialects(source.split("\n")).text.split("\n") if row.strip()]


@pytest.mark.parametrize(
    "source",
    [
        "他走了，再也没有回来\n---\n十年以后。",
        "**来源：** https://example.com\n---\n文。",
        "| | [甲](a.md)\n---\n文。",
        "多谢各位\n--\n一蓑烟雨",
    ],
)
def test_a_line_of_dashes_below_what_is_no_title_is_a_rule(source):
    assert "* * *" in read(source)


@pytest.mark.parametrize("source", ["简介\n---\n文。", "第一章，上\n---\n文。\n\n第二章，下\n---\n文。"])
def test_a_line_of_dashes_below_a_title_underlines_it(source):
    assert "* * *" not in read(source)


def test_a_letter_that_stands_four_blanks_in_is_text():
    source = "他念道：\n\n    吾妹如晤：\n\n    一别三载，未得片纸。\n\n                            兄字\n\n念完了。"
    assert "    吾妹如晤：" not in read(source)


def test_one_sentence_that_stands_four_blanks_in_is_text():
    assert read("甲。\n\n    他抬头看了看天，没有说话，只是把信又折了一遍\n\n乙。")[1][:2] == "他抬"
    assert read("输出如下：\n\n    他抬头看了看天，没有说话，只是把信又折了一遍")[1][:4] == "    "


def test_a_line_of_dashes_is_a_rule_in_a_text_of_rules():
    assert read("天亮了。\n---\n\n她走的时候没回头\n---\n“再见。”").count("* * *") == 2
