"""Lines by themselves: blanks that place a line, titles between indented paragraphs."""

from __future__ import annotations

from publish.source.reading import read_dialects


def read(source):
    """The text that pandoc reads."""
    return read_dialects(source.split("\n")).text


def test_the_second_half_of_a_verse_stays_below_the_first():
    verse = "1 我的心哪，你要称颂耶和华！\n　凡在我里面的，也要称颂！\n2 我的心哪，你要称颂！\n　不可忘记他的恩惠！"
    assert [row[:1] for row in read(verse).split("\n")[:4]] == ["1", "\u3000", "2", "\u3000"]


def test_a_title_between_paragraphs_that_are_indented_stands_by_itself():
    said = "神爱世人，甚至将他的独生子赐给他们，叫一切信他的不至灭亡"
    source = f"一、神爱世人\n　　{said}。（约3:16）\n二、信的人得永生\n　　信心不是行为。"
    rows = [row.rstrip() for row in read(source).split("\n")]
    assert rows == ["一、神爱世人", "", f"{said}。（约3:16）", "", "二、信的人得永生", "", "信心不是行为。", ""]


def test_what_a_board_quotes_is_no_definition():
    assert read("【 在 小何 的大作中提到: 】\n: 找了三年").endswith("\n\\: 找了三年\n")
    assert read("甲\n: 解释").endswith("\n: 解释\n")
