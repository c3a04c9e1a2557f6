"""Line ends of other programs, and rows of tildes that are drawn."""

from __future__ import annotations

import pytest

from publish.source.reading import read_dialects


def rows_of(source):
    return [row for row in read_dialects(source.split("\n")).text.split("\n") if row.strip()]


@pytest.mark.parametrize("sign", ["\u2028", "\v", "\x1e"])
def test_a_line_ends_where_another_program_ends_it(sign):
    assert rows_of(f"第一行{sign}第二行") == ["第一行  ", "第二行"]


def test_a_paragraph_ends_where_another_program_ends_it():
    assert read_dialects(["第一段。\u2029第二段。"]).text == "第一段。\n\n第二段。\n"


def test_what_another_program_ends_amid_a_sentence_goes_on():
    long = "作者不但通过一个贯穿全书的案例将各项技术串起，还把它们所要解决的"
    assert rows_of(f"{long}\u2028问题也一一道来。") == [f"{long}问题也一一道来。"]


def test_a_heading_and_a_cell_stay_whole():
    assert rows_of("# 上篇\u2028副题") == ["# 上篇", "副题"]
    assert rows_of("| 甲 |\n|---|\n| 一\u2028二 |")[2] == "| 一<br>二 |"


def test_code_keeps_what_it_has():
    assert rows_of("```\na\u2028b\n```")[1] == "a\u2028b"


def test_rows_of_tildes_around_text_are_drawn():
    drawn = rows_of("第一幕\n\n~~~~~~~~~~\n\n夜。窗外有风。\n\n~~~~~~~~~~\n\n第二幕")
    assert drawn == ["第一幕", "* * *", "夜。窗外有风。", "* * *", "第二幕"]


@pytest.mark.parametrize("source", ["~~~~~\nx = 甲\n~~~~~", "~~~\n夜。窗外有风。\n~~~", "~~~~~ text\n夜。\n~~~~~"])
def test_what_is_code_stays_code(source):
    assert rows_of(source)[0].startswith("~~~")


def test_separators_without_end_are_read_in_time():
    assert len(rows_of("文\u2028" * 20_000)) == 20_000
