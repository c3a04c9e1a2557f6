"""Half-width marks: those between Chinese words are found, and what is no text of that kind is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.source.reading import read_dialects
from publish.source.reading.account import account, source_side
from publish.source.reading.halfwidth import half_width, with_full_width


def mended(source):
    """The text with full-width marks."""
    lines = source.split("\n")
    return "\n".join(with_full_width(lines, half_width(read_dialects(lines), lines)))


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("你好,世界.", "你好，世界。"),
        ("你好, 世界!  \n再见?", "你好，世界！  \n再见？"),
        ("**注意**:不要跑;慢慢走", "**注意**：不要跑；慢慢走"),
        ("他说:“好。”", "他说：“好。”"),
        ("函数(参数的表)很长(见下文).", "函数（参数的表）很长（见下文）。"),
        ("- 第一,做`a`;\n- 用`b`,再做", "- 第一，做`a`;\n- 用`b`，再做"),
        (
            "> 一,二\n\n| 甲,乙 | 丙 |\n|---|---|\n| 丁:戊 | 己 |",
            "> 一，二\n\n| 甲，乙 | 丙 |\n|---|---|\n| 丁：戊 | 己 |",
        ),
    ],
)
def test_marks_between_chinese_words_are_full_width(source, wanted):
    assert mended(source) == wanted
    assert mended(wanted) == wanted


@pytest.mark.parametrize(
    "source",
    [
        "共1,000元,3.5%,10:30,比分3:2",
        "Hello, world. This is a test: yes!",
        "```\n你好,世界.\n```",
        '代码`你好,世界`与$中,文$与<b title="甲,乙">丙</b>',
        "地址 https://a.com/甲,乙 与 [丙](丁,戊.md) 与 ![己](庚,辛.png)",
        "    你好,世界(a)\n    a = 1",
        "一. 概述",
        "1. 概述\n2. 说明",
        "他(she)来了，作者: Zhang",
        "[1] 张贤达. 矩阵分析与应用[M]. 北京: 清华大学出版社, 2013.",
        "[^1]: 注\n\n甲[^1]",
        "[甲]: https://a.com\n\n见[甲]",
        "甲...乙，甲!!乙",
        "::: 说明,甲\n乙\n:::",
        '[词]{.index key="甲,乙"}',
        "[见@kuhn, 第 3 页; 另见@li]",
    ],
)
def test_figures_western_words_code_addresses_and_literature_stay(source):
    assert mended(source) == source


def test_a_file_is_told_once_with_a_count_and_the_way_to_mend_it():
    reading = read_dialects(["你好,世界.", "", "再见,世界."])
    told = [one for one in account("a.md", reading, source_side(reading), []) if one.code == "half-width"]
    assert str(told[0]) == (
        "a.md:1: 4 half-width marks stand between Chinese words (first here): 你好,世界. "
        "publish mend shows what would stand there, and with --write puts it there. [half-width]"
    )
    assert len(told) == 1
    assert told[0].severity == "note"


@given(st.text(alphabet="你好,.;:!?()*`1a \n[]{}$<>-|“”", max_size=60))
def test_nothing_but_marks_and_the_spaces_behind_them_is_changed(source):
    changed = mended(source)
    half = str.maketrans("，；：！？。（）", ",;:!?.()")
    assert "".join(changed.translate(half).split()) == "".join(source.split())
    assert changed.count("\n") == source.count("\n")
