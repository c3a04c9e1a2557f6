"""Filling a measure by arithmetic: where lines end, what is squeezed and stretched, and in which order."""

from __future__ import annotations

import pytest

from publish.typography import marks
from publish.typography.measure import Cells, next_line


def cells(text, language="zh-CN", **options):
    """A text in a face where what is wide is 10 wide, a letter 5, a space 2.5."""
    kinds = marks.classes(text, language)
    advance = [10.0 if kind in marks.WIDE else 2.5 if kind == "s" else 5.0 for kind in kinds]
    starts = [
        here
        for here in range(1, len(kinds))
        if marks.may_break(kinds[here - 1], kinds[here]) or (kinds[here - 1] == "s" and kinds[here] == "W")
    ]
    return Cells(kinds, advance, [10.0] * len(text), starts, **options)


def set_lines(text, measure, *, justified=True, language="zh-CN", parts=(), **options):
    """Each line's text with its width, spaces before a line's end left out."""
    paragraph = cells(text, language, parts=parts)
    begin, found = 0, []
    while begin < len(text):
        line = next_line(paragraph, begin, measure, justified=justified, **options)
        width = sum(paragraph.advance[line.first : line.stop]) + sum(line.spacing) - line.indent
        found.append((text[line.first : line.stop], round(width, 6)))
        begin = line.next
    return found


def texts(*arguments, **options):
    return [text for text, _ in set_lines(*arguments, **options)]


HAN = "校书如扫尘一面扫一面生故有一书每三四校犹有脱谬"


def test_lines_of_han_are_filled_to_the_measure():
    assert set_lines(HAN, 100) == [(HAN[:10], 100), (HAN[10:20], 100), (HAN[20:], 30)]


def test_slack_is_spread_evenly_between_han():
    paragraph = cells(HAN)
    line = next_line(paragraph, 0, 104.5, justified=True)
    assert line.spacing == pytest.approx([0.5] * 9 + [0])


def test_a_line_that_is_not_justified_is_left_as_it_is():
    assert set_lines(HAN, 104.5, justified=False)[0] == (HAN[:10], 100)


def test_a_closing_mark_at_a_lines_end_is_half_as_wide():
    assert set_lines("校书如扫尘一面扫一。面生", 95)[0] == ("校书如扫尘一面扫一。", 95)


def test_an_opening_mark_at_a_lines_start_is_half_as_wide_but_for_an_indented_first_line():
    line = next_line(cells("「校书」"), 0, 100, justified=True)
    assert line.indent == 5
    assert next_line(cells("「校书」"), 0, 100, justified=True, full_start=True).indent == 0


def test_centred_marks_keep_their_width_at_a_lines_end():
    line = next_line(cells("校书如扫尘。一面", "zh-TW"), 0, 60, justified=True)
    assert (line.stop, line.spacing[-1]) == (6, 0)


def test_stops_may_hang():
    assert texts("校书如扫尘一面扫。一面", 80, hang=True) == ["校书如扫尘一面扫。", "一面"]
    assert set_lines("校书如扫尘一面扫。一面", 80, hang=True)[0][1] == 80


def test_marks_are_squeezed_before_a_line_is_stretched():
    # Squeezing the comma by 4 takes the last character in; leaving it out would stretch every place.
    assert set_lines("校书，如扫尘一面扫故有一书每三", 96)[0] == ("校书，如扫尘一面扫故", 96)


def test_western_spaces_stretch_first_then_gaps_then_han():
    text = "校书 of us 如扫尘一面扫一面生"
    paragraph = cells(text)
    rest = next_line(paragraph, 0, 1000, justified=True).spacing
    word, gap, han = text.index(" us"), text.index("书") + 1, 0

    def grown(measure):
        stretched = next_line(paragraph, 0, measure, justified=True).spacing
        return [stretched[place] - rest[place] for place in (word, gap, han)]

    assert paragraph.classes[gap] == "s"
    assert grown(76) == pytest.approx([1 / 6, 0, 0])
    assert grown(78) == pytest.approx([10 / 12, 4 / 6, 0])
    assert grown(79) == pytest.approx([10 / 12, 10 / 12, 2 / 9], abs=0.01)


def test_gaps_beside_han_stay_a_quarter_em_or_less_while_han_can_take_the_slack():
    text = HAN + "AI" + HAN
    line = next_line(cells(text), 0, 262, justified=True)
    gap = line.spacing[len(HAN) - 1]
    assert line.stop == len(HAN) + 3
    assert marks.GAP * 10 < gap <= marks.GAP_MOST * 10


def test_a_dash_and_an_ellipsis_are_neither_parted_nor_spaced_out():
    text = "校书如扫尘——一面扫……一面生故有一书每三"
    paragraph = cells(text)
    for measure in range(40, 120, 3):
        begin = 0
        while begin < len(text):
            line = next_line(paragraph, begin, measure, justified=True)
            for pair in ("——", "……"):
                where = text.index(pair) + 1
                assert line.next != where
                if line.first < where < line.stop:
                    assert line.spacing[where - 1 - line.first] == 0
            begin = line.next


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "zh-HK"])
def test_no_line_begins_or_ends_with_a_mark_that_must_not(language):
    text = (
        "他說：「校書如掃塵，（一面掃，）一面生。」（見《夢溪筆談》〈卷二十五〉。）故有一書、每三四校；猶有『脫謬』！"
    )
    for measure in range(35, 200):
        for line in texts(text, measure, language=language):
            assert line[0] not in "，。、；：！？」』）》〉", (measure, line)
            assert line[-1] not in "「『（《〈", (measure, line)


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW"])
def test_every_line_but_the_last_fills_the_measure(language):
    text = "他说：“校书如扫尘，一面扫，一面生。”（见《梦溪笔谈》）用 Markdown 写稿，共12章。" * 2
    for measure in range(120, 260):
        *filled, (_, last) = set_lines(text, measure, language=language)
        assert all(width == pytest.approx(measure) for _, width in filled), measure
        assert last <= measure + 1e-6


def test_no_character_stands_alone_on_a_last_line_where_it_can_be_helped():
    for end in ("", "。"):
        assert texts(HAN[:13] + end, 120) == [HAN[:11], HAN[11:13] + end]
    assert texts("校书，如扫尘，一面扫谬", 101) == ["校书，如扫尘，一面扫谬"]


def test_a_word_longer_than_the_line_is_parted_only_if_it_may_be():
    assert texts("x" * 30, 100) == ["x" * 20, "x" * 10]
    line = next_line(cells("x" * 30, anywhere=False), 0, 100, justified=True)
    assert line.stop == 30


@pytest.mark.parametrize("behind", ["", "面", "面生"])
def test_a_picture_or_formula_wider_than_the_line_at_a_paragraphs_end_is_not_parted(behind):
    text = "校书如扫尘校\ufffc" + behind
    kinds = marks.classes(text, "zh-CN")
    advance = [150.0 if char == "\ufffc" else 10.0 for char in text]
    wide = Cells(kinds, advance, [10.0] * len(text), [*range(1, len(text))], [True] * len(text))
    line = next_line(wide, 0, 100, justified=True)
    assert (line.stop, line.last) == (6, False)
    assert next_line(wide, line.next, 100, justified=True).next > 6


def test_spaces_at_a_lines_ends_are_not_seen():
    assert set_lines("校书如扫尘 of us", 60)[0] == ("校书如扫尘", 60)
    assert texts("校书如扫尘 of us", 60)[1] == "of us"


def test_a_forced_break_ends_a_line_which_is_not_stretched():
    assert set_lines("校书\n如扫尘", 100) == [("校书", 20), ("如扫尘", 30)]


def test_an_address_takes_slack_between_its_letters_when_nothing_else_can():
    kinds = "H" + "W" * 18
    paragraph = Cells(kinds + "H", [10.0] + [5.0] * 18 + [10.0], [10.0] * 20, [1, 19], addresses=[(1, 19)])
    line = next_line(paragraph, 0, 106, justified=True)
    assert 0 < line.spacing[4] <= 0.5
    assert sum(paragraph.advance[:19]) + sum(line.spacing) == pytest.approx(106)


def test_a_line_before_a_piece_of_an_address_that_is_too_long_is_not_torn_apart():
    kinds, advance = "H" * 8 + "W" * 18, [10.0] * 8 + [5.0] * 18
    for addresses, ends in (([(8, 26)], 80), ([], 100)):
        paragraph = Cells(kinds + "H", [*advance, 10.0], [10.0] * 27, [1, 8, 26], addresses=addresses)
        line = next_line(paragraph, 0, 100, justified=True)
        assert (line.next, sum(advance[:8]) + sum(line.spacing)) == (8, pytest.approx(ends))


CODE = "校书如扫尘一面扫一面生" + "keepalive_" + "timeout_client" + "故有一书"


def test_code_that_would_leave_a_line_loose_is_parted_behind_a_mark():
    place = CODE.index("timeout")
    assert texts(CODE, 165, parts=[place]) == [CODE[:place], CODE[place:]]
    assert texts(CODE, 165)[0] == CODE[: CODE.index("keep")]


def test_code_is_not_parted_where_the_line_is_well_filled_without_it():
    assert texts(CODE, 113, parts=[CODE.index("timeout")])[0] == CODE[: CODE.index("keep")]


def test_a_number_longer_than_a_line_begins_on_the_line_that_has_room():
    text = "圆周率是" + "3141592653589793" * 3
    assert texts(text, 120)[0] == text[: 4 + (120 - 40 - 2) // 5]


def test_a_line_that_could_only_be_filled_by_tearing_it_apart_ends_before_the_measure():
    (first, width), *_ = set_lines("校书如扫" + "x" * 20, 105)
    assert first == "校书如扫"
    assert width < 60


def test_nothing_is_spread_before_a_mark_that_hangs():
    text = HAN[:10] + "，" + HAN[10:]
    line = next_line(cells(text), 0, 104, justified=True, hang=True)
    assert line.stop == 11
    assert line.spacing[-2] == 0
    assert 100 < sum(line.spacing[:-1]) + 100 == pytest.approx(104)


def _set(text, way, language="zh-CN"):
    """Where each character of a short text stands whose marks are set in a way, and the line's width."""
    halves = frozenset(marks.halves(text, marks.classes(text, language), way))
    paragraph = cells(text, language, halves=halves)
    line = next_line(paragraph, 0, 1000, justified=True)
    places = [-line.indent]
    for advance, space in zip(paragraph.advance, line.spacing, strict=True):
        places.append(places[-1] + advance + space)
    return [round(place, 3) for place in places]


def test_marks_of_half_a_cell_are_as_wide_beside_han_as_beside_each_other():
    assert _set("甲，乙", marks.FULL) == [0, 10, 20, 30]
    assert _set("甲，乙", marks.HALF_WIDTH) == [0, 10, 15.1, 25.1]
    assert _set("甲，“乙", marks.FULL) == [0, 10, 15.1, 25.1, 35.1]
    assert _set("甲，“乙", marks.HALF_WIDTH)[-1] == pytest.approx(30.2)  # two halves
    assert _set("甲。”乙", marks.KAIMING) == [0, 10, 15.1, 25.1, 35.1]  # the pause of a sentence's end
    assert _set("甲。”乙", marks.HALF_WIDTH)[-1] == pytest.approx(30.2)


def test_a_mark_in_the_middle_of_its_cell_gives_a_quarter_on_both_sides():
    assert _set("甲，乙", marks.HALF_WIDTH, "zh-TW") == [0, 7.5, 15, 25]
    assert _set("甲，", marks.HALF_WIDTH, "zh-TW")[-1] == pytest.approx(15)


def test_a_typed_space_beside_a_mark_of_half_a_cell_is_none():
    assert _set("甲， b", marks.HALF_WIDTH)[-1] == pytest.approx(20.1)


def test_a_line_that_ends_before_the_measure_is_spread_nowhere():
    # What follows is too long to begin in the line; spread as far as it may be, it would still not be full.
    paragraph = cells("软件：" + "w" * 38 + "。")
    line = next_line(paragraph, 0, 200, justified=True)
    assert (line.stop, set(line.spacing)) == (3, {0.0, -5.0})


def test_an_apostrophe_of_a_chinese_face_leaves_no_gap_behind_it():
    kinds = marks.fit_quotes(marks.classes("Don’t", "zh-TW"), "Don’t", [5.0, 5.0, 5.0, 10.0, 5.0], 10)
    line = next_line(Cells(kinds, [5.0, 5.0, 5.0, 10.0, 5.0], [10.0] * 5, []), 0, 100, justified=False)
    assert line.spacing[3] == pytest.approx(-7)
