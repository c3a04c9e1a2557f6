"""Rows: many decisions changed at once say and look the same as one after another."""

from __future__ import annotations

import random

from publish.convert import Decision, Decisions
from publish.review.ledger import read_decisions_text, row, scalar_key, with_changes, with_decision, without_decision
from publish.review.rows import changed


def some(dice: random.Random) -> Decision:
    def around() -> str:
        return "".join(dice.choices("大小春夏干后", k=dice.randint(0, 2)))

    edition, term = dice.choice(["zh-TW", "zh-HK", "own"]), dice.choice(["干", "后", "a:", "面条"])
    return Decision(edition, term, around(), around(), dice.choice(["乾", "幹"]), note=dice.choice(["", "", "问 过"]))


def test_many_at_once_are_written_as_one_after_another():
    for seed in range(40):
        dice = random.Random(seed)
        text = slow = ""
        for _ in range(5):
            there = read_decisions_text(text, "f").all
            made = [*{one.key: one for one in (some(dice) for _ in range(dice.randint(1, 6)))}.values()]
            gone = [one for one in there if dice.random() < 0.3 and one.key not in {each.key for each in made}]
            text, after = with_changes(text, "f", made, gone)
            for one in gone:
                slow = without_decision(slow, "f", one)
            for one in made:
                slow = with_decision(slow, "f", one)
            assert text == slow, seed
            assert sorted(after.all) == sorted(read_decisions_text(slow, "f").all)


def test_a_comment_between_the_rows_stays_where_it_is():
    rows = "  干:\n    - {before: 又, as: 乾}\n    # 问过\n    - {before: 能, as: 幹}\n"
    made = [Decision("zh-TW", "干", "饼", "", "乾"), Decision("zh-TW", "后", "", "", "後")]
    new, _ = with_changes(f"# 我的\nzh-TW:\n{rows}", "f", made, [])
    assert new == f"# 我的\nzh-TW:\n  后:\n    - {{as: 後}}\n{rows}    - {{before: 饼, as: 乾}}\n"


def test_a_file_in_another_form_is_left_to_its_lines():
    for text in (
        "zh-TW:\n  干: [{as: 乾}]\n",
        "zh-TW:\n  干:\n    - before: 又\n      as: 乾\n",
        "zh-TW:\n  干:   # 难\n    - {as: 乾}   # 一律\n",
        "zh-TW: {}\n",
    ):
        before = read_decisions_text(text, "f")
        one = Decision("zh-TW", "后", "", "", "後")
        assert changed(text, before, [one], [], row, scalar_key) is None
        assert isinstance(with_changes(text, "f", [one], [])[1], Decisions)


def test_a_decision_that_is_there_already_changes_nothing():
    text = "zh-TW:\n  干:\n    - {as: 乾, note: 问过}\n"
    assert with_changes(text, "f", [Decision("zh-TW", "干", "", "", "乾")], [])[0] == text
