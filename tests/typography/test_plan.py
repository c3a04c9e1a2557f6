"""A paragraph's line ends chosen together: better than filled one by one where a line is loose or a character alone."""

from __future__ import annotations

import itertools
import random

import pytest

from publish.typography import plan
from publish.typography.measure import next_line
from publish.typography.plan import Measures
from tests.typography.test_measure import HAN, cells


def one_by_one(paragraph, measure):
    begin, found = 0, []
    while begin < len(paragraph.classes):
        found.append(next_line(paragraph, begin, measure, justified=True))
        begin = found[-1].next
    return found


def texts(text, lines):
    return [text[line.first : line.stop] for line in lines]


def widest(lines, paragraph):
    """The widest place between two Han characters in any line but the last."""
    return max(
        space
        for line in lines[:-1]
        for here, space in enumerate(line.spacing[:-1], line.first)
        if paragraph.classes[here : here + 2] == "HH"
    )


def test_a_line_gives_up_characters_where_the_next_would_be_too_loose():
    text = HAN[:20] + "一生" + "x" * 20
    paragraph = cells(text)
    alone, together = one_by_one(paragraph, 120), plan.lines(paragraph, 0, Measures(120, 120))
    assert (alone[0].stop, together[0].stop) == (12, 11)
    assert widest(together, paragraph) < widest(alone, paragraph)


@pytest.mark.parametrize(("before", "behind", "measure"), [(38, 14, 204), (26, 28, 204)])
def test_a_single_last_character_takes_one_along_where_the_line_before_it_has_none_to_give(before, behind, measure):
    text = (HAN * 5)[:before] + "x" * 12 + (HAN * 5)[before : before + behind] + "。"
    paragraph = cells(text)
    alone, together = one_by_one(paragraph, measure), plan.lines(paragraph, 0, Measures(measure, measure))
    assert [len(texts(text, lines)[-1]) for lines in (alone, together)] == [2, 3]
    assert widest(together, paragraph) <= max(1.6, widest(alone, paragraph))


def test_lines_that_are_well_filled_one_by_one_are_left_as_they_are():
    paragraph = cells(HAN * 3)
    assert plan.lines(paragraph, 0, Measures(100, 100)) == one_by_one(paragraph, 100)


def test_a_first_line_may_be_shorter_and_forced_breaks_stay():
    text = HAN[:14] + "\n" + HAN[:12]
    made = plan.lines(cells(text), 0, Measures(80, 100))
    assert texts(text, made) == [HAN[:8], HAN[8:14], HAN[:10], HAN[10:12]]
    assert [line.forced for line in made] == [False, True, False, False]


def test_nothing_is_a_line_of_nothing():
    assert [line.stop for line in plan.lines(cells(""), 0, Measures(100, 100))] == [0]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_in_a_paragraph_each_line_is_filled_and_nothing_is_lost(seed):
    choose = random.Random(seed)
    words = [*HAN, "。", "，", "“", "”", " ", "Markdown", "of", "a/b", "——", "……", "x" * 40, "12%", "\n"]
    text = "".join(choose.choice(words) for _ in range(120)).strip()
    paragraph = cells(text)
    made = plan.lines(paragraph, 0, Measures(130, 150))
    assert [line.next for line in made][-1] == len(text)
    assert all(one.next <= other.first for one, other in itertools.pairwise(made))
    assert "".join(texts(text, made)).replace(" ", "") == text.replace(" ", "").replace("\n", "")
    for number, line in enumerate(made):
        width = sum(paragraph.advance[line.first : line.stop]) + sum(line.spacing) - line.indent
        assert width <= (150 if number else 130) + 1e-6
