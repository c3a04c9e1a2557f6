"""Notes in two small lines: how wide they are, where they break, and that both lines are of like length."""

from __future__ import annotations

import pytest

from publish.typography import marks, warichu


def note(text, em=10.0):
    kinds = marks.classes(text, "zh-CN")
    return kinds, [em if kind in marks.WIDE else em / 2 for kind in kinds], em


def parted(text, width=None):
    kinds, advances, em = note(text)
    whole = sum(warichu.columns(kinds, advances, em)) if width is None else width
    return [text[row.first : row.stop] for row in warichu.rows(kinds, advances, em, whole)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("朋同类也", ["朋同", "类也"]),
        ("名不详", ["名不", "详"]),
        ("甲", ["甲"]),
        ("见三国，志", ["见三", "国，志"]),  # the lower line does not begin with a mark
        ("裴注引《汉晋春秋》", ["裴注引《汉", "晋春秋》"]),
        ("1370", ["1370"]),  # a word is not parted
        ("Smith, 1820", ["Smith, ", "1820"]),
    ],
)
def test_the_upper_line_is_the_first_half(text, expected):
    assert parted(text) == expected


def test_all_of_a_note_takes_the_width_of_its_longer_line():
    assert sum(warichu.columns(*note("朋同类也"))) == pytest.approx(20)
    assert sum(warichu.columns(*note("名不详"))) == pytest.approx(20)
    assert sum(warichu.columns(*note("1370"))) == pytest.approx(20)


def test_lines_are_no_longer_than_the_note_is_there():
    kinds, advances, em = note("朋，同类也。自远方来，则近者可知。")
    for width in (75.0, 80.0, 85.0):
        for row in warichu.rows(kinds, advances, em, width):
            length = sum(advances[row.first : row.stop]) + sum(row.spacing)
            blank = em / 2 if kinds[row.stop - 1] == marks.STOP else 0
            assert length - blank <= width + 0.01


def test_a_line_of_the_text_begins_with_no_mark_of_a_note_and_leaves_two_characters_at_each_end():
    text = "朋，同类也。自远方来"
    kinds = marks.classes(text, "zh-CN")
    found = warichu.starts(kinds)
    assert found
    assert all(text[here] not in "，。" and 2 <= here <= len(text) - 2 for here in found)
    assert warichu.starts(marks.classes("名不详", "zh-CN")) == []


def test_two_lines_stand_one_above_the_other_in_the_middle_of_the_texts_line():
    above, below = warichu.lifts(10.0, 5.5, 2)
    assert above - below == pytest.approx(5.5)
    assert below < warichu.lifts(10.0, 5.5, 1)[0] < above
