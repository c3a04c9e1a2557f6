"""Steps: keys are said as people read them, and a plan is carried out in one process as in many."""

from __future__ import annotations

import pytest

from publish.steps import Key, Plan, Step, carry_out, first, then


def double(number):
    return 2 * number


def add_all(start, before):
    return start + sum(before)


def plan(number):
    parts = [first(Key("zh-TW", "pdf", str(one)), double, one) for one in range(number)]
    return Plan(tuple(parts), then(Key("zh-TW", "pdf", "join"), add_all, 100, after=parts))


def plan_of_a_plan():
    return Plan((), first(Key("zh-TW", "pdf", "inner"), plan, 3))


@pytest.mark.parametrize(
    ("key", "said"), [(Key("zh-TW", "pdf", "3"), "zh-TW pdf 3"), (Key("zh-TW", "convert"), "zh-TW convert")]
)
def test_a_key_is_said_in_words(key, said):
    assert str(key) == said


def test_a_result_is_given_back_as_it_is():
    assert carry_out("a page") == "a page"


def test_a_plan_gives_what_its_last_step_gives():
    assert carry_out(plan(4)) == 100 + 2 * (0 + 1 + 2 + 3)


def test_a_step_of_a_plan_may_plan_in_its_turn():
    assert carry_out(plan_of_a_plan()) == 106


def test_a_step_after_others_gets_their_results_in_the_order_in_which_it_names_them():
    parts = [first(Key("a", "b", name), str, name) for name in "xyz"]
    joined: Step[str] = then(Key("a", "b", "all"), "".join, after=parts[::-1])
    assert carry_out(Plan(tuple(parts), joined)) == "zyx"
