"""The rules of marks: their classes by region, what stands between two, where a line may end."""

from __future__ import annotations

from itertools import pairwise

import pytest

from publish.typography import marks
from publish.typography.marks import PAIRS, classes, may_break, may_start


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("zh-CN", "字，。！「」、", "HSSSOCS"),
        ("zh-TW", "字，。！「」、", "HMMMOCM"),
        ("zh-HK", "字，。！「」、", "HMMMOCM"),
        ("zh-Hant-MO", "，", "M"),
        (None, "a1%. (", "WWWpsq"),
        ("zh-CN", "々·・——……％￥", "kpIDDEEuy"),
    ],
)
def test_a_character_has_its_class_by_region(language, text, found):
    assert classes(text, language) == found


def test_in_code_all_that_is_not_wide_is_one_word():
    assert classes("--x .md，", "zh-CN", code=True) == "WWWcWWWS"


def test_in_code_marks_beside_han_begin_and_end_no_line():
    found = classes("[软件]{.keep} (x)", "zh-CN", code=True)
    assert found == "qHHpWWWWWWWcWWW"
    assert may_break(found[2], found[3]) is False
    assert may_break(found[0], found[1]) is False


@pytest.mark.parametrize("pair", ["SC", "CS", "CC", "CO", "SO", "OO", "CI", "IO", "MO", "CM"])
def test_marks_that_face_each_other_with_an_empty_half_are_set_tight(pair):
    assert PAIRS[pair].set == -marks.TIGHT


@pytest.mark.parametrize("pair", ["MC", "MM", "OC", "DD", "EE", "HS", "OH", "CH", "HO"])
def test_centred_marks_and_marks_beside_han_keep_their_width(pair):
    assert PAIRS[pair].set == 0


def test_han_and_western_text_stand_a_gap_of_a_quarter_em_or_less_apart():
    assert 0 < PAIRS["HW"].set == PAIRS["WH"].set <= marks.GAP_MOST <= 1 / 4
    assert PAIRS["SW"].set == PAIRS["WS"].set == PAIRS["OW"].set == PAIRS["WW"].set == 0


def test_a_typed_space_between_han_and_western_text_is_as_wide_as_the_gap():
    for before, after in ("HW", "WH", "Hp", "qH"):
        assert 2.5 + marks.space_at(before, after, 10, 2.5).set == pytest.approx(marks.GAP * 10)


def test_a_typed_space_beside_an_empty_half_is_not_seen():
    assert marks.space_at("S", "W", 10, 2.5).set == -2.5
    assert marks.space_at("W", "O", 10, 2.5).set == -2.5
    assert marks.space_at("W", "W", 10, 2.5).set == 0


@pytest.mark.parametrize(
    "pair", ["HS", "HC", "HM", "OH", "HI", "DD", "Hp", "qH", "Hk", "Hu", "yH", "yW", "HN", "CS", "EE", "HE"]
)
def test_no_line_ends_between(pair):
    assert may_break(*pair) is False


@pytest.mark.parametrize("pair", ["HH", "HO", "CH", "SH", "HW", "WH", "CO", "HD", "DH", "sW", "NH", "HA", "EH", "AA"])
def test_a_line_may_end_between(pair):
    assert may_break(*pair) is True


def test_between_western_characters_unicode_decides():
    assert may_break("W", "W") is None


def test_an_address_is_parted_behind_its_scheme_and_before_its_marks():
    text = "见 https://example.org/very/long/path.html?a=b 的"
    spans, places = marks.address_breaks(text)
    assert [text[slice(*span)] for span in spans] == ["https://example.org/very/long/path.html?a=b"]
    pieces = [text[start:stop] for start, stop in zip([2, *places], [*places, len(text) - 2], strict=True)]
    assert pieces == ["https://", "example", ".org", "/very", "/long", "/path", ".html", "?a=b"]


def test_a_word_with_a_stroke_is_no_address():
    assert marks.address_breaks("读/写 and/or 1/2") == ([], [])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("共 16 GB 内存", "G"),
        ("100 Mbit/s", "Ms"),
        ("18 ℃，5 km/h", "℃kh"),
        ("HTTP/2 与 and/or 与 m/s", "2os"),
        ("input/output", ""),
        ("第 3 Ubuntu 版，16 games", ""),
        ("用--output与 -v，a-b，零下 -5 度", "-ov5"),
    ],
)
def test_a_unit_stays_with_its_number_a_short_stroke_and_an_option_whole(text, wanted):
    assert "".join(text[place] for place in sorted(marks.bound(text))) == wanted


def test_code_is_parted_behind_its_marks():
    text = "keepalive_timeout --no-install x=1 docs.example.com f(a,b)."
    places = [0, *marks.parts(text), len(text)]
    pieces = [text[start:stop] for start, stop in pairwise(places)]
    assert pieces == ["keepalive_", "timeout --no-", "install x=1 docs.", "example.", "com f(a,", "b)."]


@pytest.mark.parametrize("mark", [marks.CLOSE, marks.STOP])
def test_the_call_of_a_note_stands_in_the_empty_half_of_the_mark_before_it(mark):
    assert marks.PAIRS[mark + marks.NOTE].set == -marks.TIGHT
    assert marks.PAIRS[marks.CENTRED + marks.NOTE].set == 0


def test_names_of_several_words_may_be_parted_after_their_marks_in_a_loose_line():
    for text, places in {"resume_from_checkpoint": [7, 12], "url.QueryEscape": [4], "e.g. m/s 3.14 km/h": []}.items():
        assert marks.joints(text) == places


def test_a_long_name_may_be_parted_at_its_humps_and_a_short_one_may_not():
    for text, places in {"有 serialVersionUID 的": [8, 15], "JavaScript iPhone McDonald GraphQL": []}.items():
        assert marks.joints(text) == marks.parts(text) == places


@pytest.mark.parametrize(
    ("way", "narrow"),
    [
        (marks.FULL, ""),
        (marks.KAIMING, "，“；：《》（），‘’，·"),
        (marks.HALF_WIDTH, "，“；。”：《》（），‘’，？·！”"),
    ],
)
def test_which_marks_have_half_of_their_cell_is_a_way_of_setting_them(way, narrow):
    text = "他说，“再等；天亮。”她说：《书》（一），‘二’，谁？约翰‧史——密……斯！”".replace("‧", "・")
    kinds = marks.classes(text, "zh-CN")
    assert "".join(text[here] for here in marks.halves(text, kinds, way)).replace("・", "·") == narrow


def test_what_a_mark_gives_up_is_where_its_cell_is_empty():
    assert marks.trims(marks.OPEN) == (marks.TIGHT, 0)
    assert marks.trims(marks.STOP) == marks.trims(marks.CLOSE) == (0, marks.TIGHT)
    assert marks.trims(marks.CENTRED) == (marks.QUARTER, marks.QUARTER)


@pytest.mark.parametrize(
    ("text", "starts"),
    [("首都（　　　）。", [1, 2]), ("甲　　　乙", [1, 2, 3, 4]), ("（　）", [])],
)
def test_a_blank_to_fill_in_is_in_one_line(text, starts):
    kinds = classes(text, "zh-CN")
    assert [at for at in range(1, len(text)) if may_start(kinds, at, [True] * len(text), ())] == starts
