"""Words parted between syllables, by the dictionary of their language."""

from __future__ import annotations

from itertools import pairwise

import pytest

from publish.typography.hyphens import points, soft


def parted(text, language="zh-CN"):
    places = [0, *points(text, language), len(text)]
    return "|".join(text[one:two] for one, two in pairwise(places))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("用responsibilities说", "用respon|si|bil|i|ties说"),
        ("Shakespeare", "Shake|speare"),
        ("ability", "abil|ity"),  # and not a|bil|i|ty: three letters stay on either side
        ("JavaScript", "JavaScript"),
        ("WeasyPrint", "WeasyPrint"),
        ("HTTPS", "HTTPS"),
        ("documentation.html", "documentation.html"),
        ("user_documentation", "user_documentation"),
        ("someone@documentation", "someone@documentation"),
        ("x/documentation", "x/documentation"),
        ("documentation-book/poetry", "documentation-book/poetry"),
        ("responsibilities-based", "respon|si|bil|i|ties-based"),
    ],
)
def test_english_words_in_chinese_are_parted_between_syllables(text, expected):
    assert parted(text) == expected


def test_a_language_that_is_named_has_its_own_dictionary_and_one_without_none():
    assert parted("Verantwortung", "de") == "Ver|ant|wor|tung"
    assert parted("responsibilities", "xx") == "responsibilities"


def test_a_soft_hyphen_parts_a_word_wherever_its_author_put_it():
    assert soft("in\u00adter\u00adpret") == [3, 7]
    assert soft("\u00adin\u00ad") == []
