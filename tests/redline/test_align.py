"""Which passage is which, and what differs within it."""

from __future__ import annotations

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from publish.redline.align import NEW, OLD, SAME, align, differences
from publish.redline.passages import RedlinePassage

texts = st.text(alphabet="头发干。，a1 \n", max_size=60)


def passages(*lines):
    return [RedlinePassage("a", "", "text", line) for line in lines]


def rows(old, new):
    return [(one.kind, one.old.text if one.old else "", one.new.text if one.new else "") for one in align(old, new)]


@given(texts, texts)
def test_the_pieces_give_both_texts_back(old, new):
    pieces = differences(old, new)
    assert "".join(text for kind, text in pieces if kind != NEW) == old
    assert "".join(text for kind, text in pieces if kind != OLD) == new
    assert all(text for _, text in pieces)


@given(st.lists(texts, max_size=12), st.lists(texts, max_size=12))
def test_every_passage_of_both_states_stands_in_one_row(old, new):
    found = align(passages(*old), passages(*new))
    assert sorted(one.old.text for one in found if one.old) == sorted(old)
    assert [one.new.text for one in found if one.new] == new


def test_a_changed_word_is_shown_as_such_and_the_rest_of_the_sentence_stands():
    assert differences("他的头发长了。后来剪了。", "他的頭髮长了。后来剪短了。") == [
        (SAME, "他的"),
        (OLD, "头发"),
        (NEW, "頭髮"),
        (SAME, "长了。后来剪"),
        (NEW, "短"),
        (SAME, "了。"),
    ]
    assert differences("用Python写", "用Pytest写") == [(SAME, "用"), (OLD, "Python"), (NEW, "Pytest"), (SAME, "写")]


def test_what_was_changed_is_told_from_what_was_added_and_removed():
    old = passages("第一段讲的是春天的事情。", "第二段讲的是夏天的事情。", "完全另外的内容放在这儿。", "末段。")
    new = passages("第一段讲的是春天的事情。", "新来的句子谁也不像谁的。", "第二段讲的是夏天的故事。", "末段。")
    assert [one[0] for one in rows(old, new)] == ["same", "added", "changed", "removed", "same"]


def test_a_passage_that_stands_elsewhere_now_was_moved_and_not_lost():
    old = passages("甲段的文字足够长，认得出来。", "乙段。", "丙段。", "丁段。")
    new = passages("乙段。", "丙段。", "丁段。", "甲段的文字足够长，认得出来。")
    found = rows(old, new)
    assert [one[0] for one in found] == ["same", "same", "same", "moved"]


def test_a_heading_that_became_a_paragraph_is_a_change():
    [row] = align([RedlinePassage("a", "", "heading", "从前有座山")], [RedlinePassage("a", "", "text", "从前有座山")])
    assert row.kind == "changed"


def test_a_long_book_that_was_rewritten_is_compared_in_a_short_time():
    chance = random.Random(1)
    letters = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏"
    old = ["".join(chance.choices(letters, k=60)) + "。" for _ in range(1500)]
    new = [one[:30] + "改" + one[30:] if number % 3 else one for number, one in enumerate(old)]
    began = time.monotonic()
    found = align(passages(*old), passages(*new))
    assert time.monotonic() - began < 20
    assert {one.kind for one in found} == {"same", "changed"}
