"""Which characters no installed font can show."""

from __future__ import annotations

import pytest

from publish.weasy.layout import uncovered

FAMILIES = ["Noto Serif CJK SC"]


def test_common_han_latin_and_marks_are_covered():
    assert uncovered("汉字與骨，“引文”…… don’t é", FAMILIES, "zh-CN") == frozenset()


def test_a_character_that_no_font_has_is_found_among_thousands():
    absent = "\U000e01f0\U0003ffff"  # beyond all that is encoded
    found = uncovered("".join(map(chr, range(0x4E00, 0x5E00))) + absent, FAMILIES, "zh-CN")
    assert "\U0003ffff" in found
    assert not any("\u4e00" <= char <= "\u5e00" for char in found)


@pytest.mark.parametrize("char", ["\u200d", "\ufe0f", "\U000e0100", "\u0301", "\u3000"])
def test_what_has_no_glyph_by_nature_is_not_missing(char):
    assert uncovered(f"字{char}", FAMILIES, "zh-CN") == frozenset()
