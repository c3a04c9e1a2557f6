"""Tables, and the text around them."""

from __future__ import annotations

from publish.source.reading import read_dialects

TABLE = "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |"


def test_text_right_below_a_table_is_none_of_its_rows():
    assert read_dialects(f"{TABLE}\n备注：无".split("\n")).text == f"{TABLE}\n\n备注：无\n"
    quoted = "\n".join(f"> {row}" for row in f"{TABLE}\n备注：无".split("\n"))
    assert read_dialects(quoted.split("\n")).text.endswith("> | 1 | 2 |\n>\n> 备注：无\n")


def test_a_table_stays_whole():
    for table in (TABLE, "甲 | 乙\n---|---\n1 | 2", f"{TABLE}\n\n文。", f"```\n{TABLE}\n文\n```"):
        assert read_dialects(table.split("\n")).text == f"{table}\n"


def test_a_table_goes_on_behind_a_line_without_bars():
    table = f"{TABLE}\n以下同上\n| 3 | 4 |"
    assert read_dialects(table.split("\n")).text == f"{table}\n"
