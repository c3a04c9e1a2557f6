"""Items: what stands in a list to its author stands in it for readers."""

from __future__ import annotations

import pytest

from publish.source import pandoc
from publish.source.reading import read_dialects


def outline(source):
    """The kinds of blocks of a text, with those in them."""
    (blocks,), _ = pandoc.read([("a.md", read_dialects(source.split("\n")).text)])
    return [_of(block) for block in blocks]


def _of(block):
    if block["t"] == "BulletList":
        return ("ul", [[_of(one) for one in item] for item in block["c"]])
    if block["t"] == "OrderedList":
        return ("ol", block["c"][0][0], [[_of(one) for one in item] for item in block["c"][1]])
    return block["t"]


def test_a_number_that_goes_on_below_a_paragraph_is_an_item():
    source = "1. 甲\n2. 乙\n\n$$\na\n$$\n\n   说明\n3. 丙\n4. 丁"
    assert outline(source)[-1] == ("ol", 3, [["Plain"], ["Plain"]])


@pytest.mark.parametrize(
    "source",
    ["甲说他活到了\n99. 然后就没有然后", "1. 甲\n\n乙\n7. 丙", "    a = 1\n    - b", "```\n文\n    - 甲\n```"],
)
def test_what_is_no_item_is_none(source):
    found = str(outline(source))
    assert "'ul'" not in found
    assert "('ol', 7" not in found


def test_items_far_to_the_right_of_a_sentence_are_a_list():
    assert outline("优点：\n    - 更少\n    - 更快\n        - 更深") == [
        "Para",
        ("ul", [["Plain"], ["Plain", ("ul", [["Plain"]])]]),
    ]


def test_two_spaces_nest_an_item_below_one_with_a_number():
    assert outline("1. 甲\n  - 乙\n    - 丙\n2. 丁") == [
        ("ol", 1, [["Plain", ("ul", [["Plain", ("ul", [["Plain"]])]])], ["Plain"]])
    ]
    assert outline("1. 背景\n\n  1. 现状\n\n  2. 目标\n\n2. 方案") == [
        ("ol", 1, [["Para", ("ol", 1, [["Para"], ["Para"]])], ["Para"]])
    ]


def test_code_in_an_item_that_is_nested_keeps_its_own_spaces():
    source = "1. 甲\n  - 乙\n\n    ```\n    a\n      b\n    ```\n2. 丁"
    (blocks,), _ = pandoc.read([("a.md", read_dialects(source.split("\n")).text)])
    assert '"a\\n  b"' in str(blocks).replace("'", '"')


def test_what_follows_such_a_list_is_a_paragraph_of_its_own():
    assert outline("优点：\n    - 更少\n再说别的") == ["Para", ("ul", [["Plain"]]), "Para"]


def test_letters_below_numbers_two_blanks_a_level_are_lists_within_lists():
    rows = [row.text for row in read_dialects(["1. 背景", "", "  a. 慢", "", "    i. 首屏", "", "2. 目标"]).rows]
    assert [row for row in rows if row] == ["1. 背景", "   a. 慢", "      i. 首屏", "2. 目标"]


def test_items_that_begin_with_another_number_stand_below_their_word():
    assert outline("纵向\n2. 京剧行当之一\n3. 孔子作") == ["Para", ("ol", 2, [["Plain"], ["Plain"]])]
    assert outline("他说起那一年是\n2. 没有说完") == ["Para"]


def test_the_head_of_a_section_is_in_no_item():
    assert [one if isinstance(one, str) else one[0] for one in outline("1. 题\n二、填空\n1. 题")] == [
        "ol",
        "Para",
        "ol",
    ]


def test_a_number_in_a_sentence_of_numbers_is_no_item():
    assert outline("3. 14. 2 版本发布") == ["Para"]
