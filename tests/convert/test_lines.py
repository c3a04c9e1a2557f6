"""Plain text: each line on its own, line ends untouched; and how runs are cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publish.convert import Converter, Run, convert_lines, distribute
from publish.regions import REGIONS

MADE = Converter(REGIONS["zh-CN"], REGIONS["zh-TW"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("头\n发\n", "頭\n發\n"),
        ("头发\r\n“里”\r\n", "頭髮\r\n「裡」\r\n"),
        ("头发\r里", "頭髮\r裡"),
        ("\n\n头发\n\r\n\n", "\n\n頭髮\n\r\n\n"),
        ("“头\n发”", "“頭\n發”"),
        ("“头\u2028发\f\v里\x85”", "「頭\u2028發\f\v裡\x85」"),
        ("", ""),
    ],
)
def test_each_line_is_a_block_and_keeps_its_end(text, expected):
    assert convert_lines(text, MADE) == expected


@settings(deadline=None)
@given(st.text("头发“”\n\r\u2028\f a", max_size=30))
def test_as_many_lines_come_out_as_go_in(text):
    ends = re.compile("\r\n|\n|\r")
    assert ends.findall(convert_lines(text, MADE)) == ends.findall(text)


def test_runs_are_cut_by_character_where_lengths_agree_and_stay_whole_where_not():
    runs = [Run(0, 2, "AB", "opencc"), Run(2, 4, "xyz", "opencc"), Run(4, 5, "C", "copy")]
    assert distribute(runs, []) == ["ABxyzC"]
    assert distribute(runs, [1]) == ["A", "BxyzC"]
    assert distribute(runs, [2]) == ["AB", "xyzC"]
    assert distribute(runs, [3]) == ["ABxyz", "C"]
    assert distribute(runs, [0, 0, 1, 3, 5]) == ["", "", "A", "Bxyz", "C", ""]
    assert distribute([], [0]) == ["", ""]
