"""What other programs leave in a text: taken out where it says nothing, told where it does, read as tables."""

from __future__ import annotations

import pytest

from publish.source.reading import read_dialects


def read(source):
    """The rows that pandoc reads."""
    return [row.text for row in read_dialects(source.split("\n")).rows]


@pytest.mark.parametrize(
    "mark",
    [
        ":contentReference[oaicite:2]{index=2}",
        "【12†source】",
        "\ue200cite\ue202turn0search3\ue201",
        "citeturn0search3",
    ],
)
def test_where_a_chat_found_what_it_says_is_left_out_and_told_once(mark):
    reading = read_dialects([f"一半是公园{mark}。", f"另一半{mark}。"])
    assert reading.rows[0].text.rstrip() == "一半是公园。"
    assert [one.kind for one in reading.told] == ["sources", "sources"]
    assert read(f"写成 `{mark}` 的") == [f"写成 `{mark}` 的"]


def test_the_id_that_is_a_headings_own_words_goes_and_a_name_stays():
    assert read("## **一、烫伤** {#一、烫伤}\n\n## 二 {#two}") == ["## **一、烫伤**", "", "## 二 {#two}"]


def test_what_logseq_notes_for_itself_goes_and_other_properties_are_told():
    reading = read_dialects(["- 甲", "  collapsed:: true", "  状态:: 完", "- 乙", "  SCHEDULED: <2024-05-01 Wed>"])
    assert [row.text for row in reading.rows] == ["- 甲  ", "  状态:: 完", "- 乙  ", "  SCHEDULED: <2024-05-01 Wed>"]
    assert {one.kind for one in reading.unread} == {"a property of another tool"}


def test_tables_of_org_of_an_input_method_and_one_right_below_another_are_tables():
    assert read("| 项 | 额 |\n|----+----|\n| 甲 | 1 |")[1] == "|----|----|"
    assert read("|月|收|\n|——|——|\n|1|2|")[1] == "|---|---|"
    assert read("|A|B|\n|---|---|\n|1|2|\n|C|D|\n|---|---|\n|3|4|")[3] == ""
    valueless = "|A|B|\n|---|---|\n|1|2|\n| - | - |\n|3|4|\n|---|---|"
    assert read(valueless) == valueless.split("\n")


def test_an_answer_is_in_the_mouth_of_who_gave_it():
    assert read(">> 什么时候寄？\n> 谢谢！") == [">> 什么时候寄？", ">", "> 谢谢！"]
    assert read("> 接口 500\n小红 10:40\n收到")[1] == ""
    assert read("> 一句话很长，写到这里\n还没有完。") == ["> 一句话很长，写到这里", "还没有完。"]


def test_the_marks_of_another_chat_are_left_out_too():
    assert read("[cite_start]龟背竹喜湿[cite: 1, 2]。") == ["龟背竹喜湿。"]
