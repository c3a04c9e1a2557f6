"""Decisions: read with clear errors, found by term and context, before the glossary."""

from __future__ import annotations

import pickle

import pytest

from publish.convert import Converter, Decision, Decisions, Glossary, Term, read_decisions_data
from publish.convert.decisions import context
from publish.errors import PublishError
from publish.regions import REGIONS

CN, TW = REGIONS["zh-CN"], REGIONS["zh-TW"]


def decisions(*rows: Decision) -> Decisions:
    return Decisions(rows, "decisions.yaml")


def rule(term: str, form: str, before: str = "", after: str = "", edition: str = "zh-TW") -> Decision:
    return Decision(edition, term, before, after, form)


def convert(text: str, *rows: Decision, **choices) -> str:
    return Converter(CN, TW, decisions=decisions(*rows), **choices).convert(text)


def read(data: object) -> Decisions:
    return read_decisions_data(data, "decisions.yaml", len)


def test_decisions_are_read_from_their_data():
    found = read(
        {
            "zh-Hant-TW": {"干": [{"before": "又", "after": "又痒", "as": "乾"}, {"as": "幹", "note": "其余"}]},
            "zh-TW-phrases": {"于": [{"keep": True}]},
        }
    )
    assert found.all == (
        Decision("zh-TW", "干", "又", "又痒", "乾"),
        Decision("zh-TW", "干", "", "", "幹", note="其余"),
        Decision("zh-TW-phrases", "于", "", "", "于", keep=True),
    )
    assert str(found.place(found.all[0])) == "decisions.yaml:3: zh-TW.干"
    assert read(None).all == ()


@pytest.mark.parametrize(
    ("data", "problem", "line"),
    [
        (["干"], "the decisions are a mapping from editions to terms", 0),
        ({"zh-TW": ["干"]}, "an edition has a mapping from terms", 1),
        ({"zh-TW": {"干": "乾"}}, "a term must have a list of decisions", 2),
        ({"zh-TW": {"干": []}}, "a term must have a list of decisions", 2),
        ({"zh-TW": {"干": ["乾"]}}, "a decision must be a map of keys and values", 3),
        ({"zh-TW": {"干": [{"form": "乾"}]}}, 'unknown key "form"', 4),
        ({"zh-TW": {"干": [{"as": 1}]}}, "as is not text", 4),
        ({"zh-TW": {"干": [{"before": None, "as": "乾"}]}}, "before is not text", 4),
        ({"zh-TW": {"干": [{"keep": False}]}}, "keep can only be true", 4),
        ({"zh-TW": {"干": [{}]}}, "a decision must say what the term becomes, or keep: true", 3),
        ({"zh-TW": {"干": [{"as": ""}]}}, "a decision must say what the term becomes, or keep: true", 3),
        (
            {"zh-TW": {"干": [{"as": "乾", "keep": True}]}},
            "a decision must say what the term becomes, or keep: true",
            3,
        ),
        ({"zh-TW": {1: [{"as": "乾"}]}}, "1 is not text", 2),
    ],
)
def test_what_is_wrong_is_told_with_its_line(data, problem, line):
    with pytest.raises(PublishError) as error:
        read(data)
    assert error.value.problem == problem
    assert error.value.place.line == line
    assert error.value.remedy


def test_two_decisions_on_one_thing_are_refused():
    with pytest.raises(PublishError, match='"干" is decided on twice here, first in line 3'):
        read({"zh-TW": {"干": [{"as": "乾"}, {"as": "幹"}]}})


def test_a_decision_holds_where_its_context_fits_and_nowhere_else():
    assert convert("又干又痒，能干", rule("干", "乾", "又", "又痒")) == "又乾又癢，能幹"
    assert convert("又干又好", rule("干", "X", "又", "又痒")) == convert("又干又好")


def test_of_two_decisions_the_one_with_more_context_holds():
    rows = rule("干", "幹"), rule("干", "乾", "又")
    assert convert("又干，可干", *rows) == "又乾，可幹"
    assert convert("又干，可干", *reversed(rows)) == "又乾，可幹"


def test_a_longer_term_is_tried_first_and_a_shorter_one_where_it_does_not_fit():
    rows = rule("干", "幹"), rule("干燥", "乾燥", "很")
    assert convert("很干燥，别干燥", *rows) == "很乾燥，別幹燥"


def test_the_edges_of_a_block_are_context():
    assert convert("后", rule("后", "后", "^", "$")) == "后"
    assert convert("后来", rule("后", "后", "^", "$")) == "後來"
    assert convert("后来", rule("后来", "后来", "^")) == "后来"
    assert convert("他后来", rule("后来", "后来", "^")) == "他後來"


def test_code_and_line_breaks_are_one_sign_in_a_context():
    converter = Converter(CN, TW, decisions=decisions(rule("后", "后", "▢", "面▢")))
    assert converter.convert("\ufffc后面\n") == "\ufffc后面\n"


def test_a_decision_wins_over_the_glossary_and_not_over_what_is_kept():
    terms = Glossary((Term("软件", {"zh-TW": "軟體"}),))
    converter = Converter(CN, TW, glossary=terms, decisions=decisions(rule("软件", "軟件", "叫")))
    assert converter.convert("叫软件，是软件") == "叫軟件，是軟體"
    assert converter.runs("叫软件")[1].origin == "decision"
    assert converter.pieces("叫软件", [2], [(1, 3)]) == ["叫软", "件"]


def test_what_was_met_is_known_and_a_converter_pickles():
    met, never = rule("干", "乾", "又"), rule("里", "裡")
    converter = Converter(CN, TW, decisions=decisions(met, never))
    pickle.loads(pickle.dumps(converter)).convert("又干")
    assert converter.decided == set()
    converter.pieces("又干了", [2])
    assert converter.decided == {met}


def test_an_edition_takes_its_bases_decisions_but_its_own_first():
    rows = decisions(rule("干", "乾"), rule("里", "裡"), rule("干", "幹", edition="mine"))
    converter = Converter(CN, TW, decisions=rows, edition="mine", base="zh-TW")
    assert converter.convert("干里") == "幹裡"
    assert Converter(CN, TW, decisions=rows, edition="zh-HK").convert("只") == Converter(CN, TW).convert("只")


def test_the_length_may_change_and_markup_may_lie_across():
    converter = Converter(CN, TW, decisions=decisions(rule("打印机", "印表機器")))
    assert converter.pieces("这打印机好", [2, 3]) == ["這印表機器", "", "好"]


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("他的手又干又痒，只好去看医生", 4, 5, ("他的手又", "又痒，只好去")),
        ("后", 0, 1, ("^", "$")),
        ("后面", 0, 1, ("^", "面$")),
        ("a后面", 1, 2, ("^a", "面$")),
        ("一二三四五六七八后", 8, 9, ("三四五六七八", "")),
        ("^后$", 1, 2, ("", "")),
        ("后\ufffc", 0, 1, ("^", "▢$")),
    ],
)
def test_a_context_is_a_few_characters_and_the_edges_where_these_are_few(text, start, end, expected):
    assert context(text, start, end) == expected


@pytest.mark.parametrize("text", ["后", "他的手又干又痒", "后\ufffc", "\n后", "一后二"])
def test_a_term_fits_its_own_context(text):
    at = next(index for index, char in enumerate(text) if char in "后干")
    before, after = context(text, at, at + 1)
    assert convert(text, rule(text[at], "好", before, after))[at] == "好"


@pytest.mark.parametrize(
    ("before", "after", "text", "met"),
    [
        ("", "", "树干", True),
        ("", "净", "树干", False),
        ("又", "", "干又干", True),
        ("^", "", "干又干", True),
        ("^", "$", "干又干", False),
        ("干", "", "干干", True),
        ("▢", "", "\ufffc干", True),
        ("", "", "树", False),
    ],
)
def test_a_decision_knows_the_texts_that_it_settles_something_in(before, after, text, met):
    assert Decision("zh-TW", "干", before, after, "乾").met(text) is met
