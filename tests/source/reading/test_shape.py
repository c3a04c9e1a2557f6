"""Blocks that hold what nobody puts there."""

from __future__ import annotations

import pytest

from publish.source import pandoc
from publish.source.reading import read_dialects
from publish.source.reading.account import account, source_side

SAID = "他抬头看了看天，把手里的信又折了一遍。"


def told(source):
    reading = read_dialects(source.split("\n"))
    blocks = pandoc.read([("a.md", reading.text)])[0][0]
    return [(one.code, one.place.line) for one in account("a.md", reading, source_side(reading), blocks)]


def test_prose_that_stands_four_blanks_in_is_told():
    assert told(f"信上写着：\n\n    {SAID}\n    Yours, John\n\n完。") == [("prose-in-code", 3)]


def test_a_fence_that_has_swallowed_markdown_is_told():
    source = f"先装：\n\n```\npip install a\n\n然后\n\n## 下一步\n\n{SAID}{SAID}{SAID}\n\n```\n"
    assert told(source) == [("prose-in-code", 3)]


@pytest.mark.parametrize(
    "source",
    [
        f"提示词：\n\n```\n{SAID}\n```",  # who types a fence means it
        f"```text\n## 下一步\n\n{SAID}\n```",
        "    int a = 1;  // 这里是一段很长很长的注释。",
        "    $ make test",
    ],
)
def test_what_may_be_meant_is_not_told(source):
    assert told(source) == []


def test_a_remark_of_a_program_that_became_a_heading_is_told():
    assert told("再装：\n\n# 更新源\nsudo apt update\n") == [("heading-of-code", 3)]


def test_a_heading_above_text_is_one():
    assert told("# 更新源\n先更新，再安装。\n") == []
