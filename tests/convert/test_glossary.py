"""The glossary: read with clear errors, matched leftmost and longest, counted."""

from __future__ import annotations

import pickle
import re

import pytest

from publish.convert import Converter, Glossary, Term, read_glossary_data
from publish.errors import Place, PublishError
from publish.regions import REGIONS

CN, TW, HK = (REGIONS[key] for key in ("zh-CN", "zh-TW", "zh-HK"))


def glossary(**forms) -> Glossary:
    return Glossary(tuple(Term(text, {"zh-TW": form}) for text, form in forms.items()))


def convert(text: str, terms: Glossary, target=TW, **choices) -> str:
    return Converter(CN, target, glossary=terms, **choices).convert(text)


def read(data: object) -> Glossary:
    return read_glossary_data(data, Place("glossary.yaml"), len)


def test_a_glossary_is_read_from_its_data():
    found = read(
        {
            "terms": {"软件": {"zh-TW": "軟體", "zh-Hant-HK": "軟件"}},
            "keep": ["皇后乐队", {"text": "台积电", "editions": ["zh-TW", "zh-TW-phrases"]}],
        }
    )
    assert found.terms == (
        Term("软件", {"zh-TW": "軟體", "zh-HK": "軟件"}),
        Term("皇后乐队", keep=True),
        Term("台积电", editions=frozenset({"zh-TW", "zh-TW-phrases"}), keep=True),
    )
    assert found.editions == {"zh-TW", "zh-HK", "zh-TW-phrases"}
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize("data", [None, {}, {"terms": None, "keep": None}, {"terms": {}, "keep": []}])
def test_an_empty_glossary_is_no_error(data):
    assert read(data) == Glossary.empty


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "glossary.yaml: the glossary is a mapping with the keys terms and keep."),
        ({"term": {}}, 'glossary.yaml:1: term: unknown key "term". A glossary has the keys terms and keep.'),
        ({"terms": ["软件"]}, "glossary.yaml:1: terms: terms is a mapping from a term to its forms."),
        ({"terms": {"软件": "軟體"}}, "glossary.yaml:2: terms.软件: a term must map editions to forms."),
        ({"terms": {"软件": {}}}, "glossary.yaml:2: terms.软件: a term must map editions"),
        ({"terms": {1: {"zh-TW": "一"}}}, "glossary.yaml:2: terms.1: a term must be text, and not empty."),
        ({"terms": {"": {"zh-TW": "一"}}}, "glossary.yaml:2: terms.: a term must be text, and not empty."),
        ({"terms": {"软件": {"zh-TW": 1}}}, "glossary.yaml:3: terms.软件.zh-TW: the form is not text."),
        ({"terms": {"软件": {1: "軟體"}}}, "glossary.yaml:3: terms.软件.1: the edition 1 is not text."),
        (
            {"terms": {"软件": {"zh-TW 軟體": None}}},
            "terms.软件.zh-TW 軟體: the form is not text. Write zh-TW: 軟體, with a",
        ),
        ({"keep": "皇后"}, "glossary.yaml:1: keep: keep must be a list of names."),
        ({"keep": [None]}, "glossary.yaml:2: keep.0: a term must be text, and not empty."),
        ({"keep": [{"editions": ["zh-TW"]}]}, "glossary.yaml:2: keep.0: a term must be text, and not empty."),
        ({"keep": [{"text": "甲", "edition": "zh-TW"}]}, 'glossary.yaml:3: keep.0.edition: unknown key "edition".'),
        ({"keep": [{"text": "甲", "editions": []}]}, "glossary.yaml:3: keep.0.editions: editions must be a list"),
        (
            {"terms": {"甲": {"zh-TW": "乙"}}, "keep": ["甲"]},
            'glossary.yaml:2: keep.0: "甲" is both a term and a name to keep.',
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_key(data, message):
    with pytest.raises(PublishError, match=re.escape(message)):
        read(data)


def test_a_name_may_be_a_term_in_one_edition_and_kept_in_another():
    terms = read({"terms": {"软件": {"zh-HK": "軟件"}}, "keep": [{"text": "软件", "editions": "zh-TW"}]})
    assert convert("软件", terms) == "软件"
    assert convert("软件", terms, HK) == "軟件"


def test_a_term_takes_the_form_of_its_edition():
    terms = Glossary((Term("软件", {"zh-TW": "軟體", "zh-HK": "軟件"}), Term("鼠标", {"zh-TW": "滑鼠"})))
    assert convert("软件鼠标", terms) == "軟體滑鼠"
    assert convert("软件鼠标", terms, HK) == "軟件鼠標"


def test_a_custom_edition_falls_back_on_its_base():
    terms = Glossary((Term("软件", {"zh-TW": "軟體"}), Term("鼠标", {"zh-TW": "滑鼠", "zh-TW-x": "鼠標器"})))
    assert convert("软件鼠标", terms, edition="zh-TW-x", base="zh-TW") == "軟體鼠標器"
    assert convert("软件鼠标", terms, edition="zh-TW-x") == "軟件鼠標器"
    kept = Glossary((Term("后里", editions=frozenset({"zh-TW"}), keep=True),))
    assert convert("后里", kept, edition="zh-TW-x", base="zh-TW") == "后里"


def test_the_longest_term_wins_and_the_leftmost_comes_first():
    assert convert("软件包和软件", glossary(软件="軟體", 软件包="套件")) == "套件和軟體"
    assert convert("甲乙丙", glossary(甲乙="一", 乙丙丁="二", 乙丙="三")) == "一丙"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("API", "介面"),
        ("用API吧", "用介面吧"),
        ("APIs MyAPI API2 _API", "APIs MyAPI API2 _API"),
        ("API、API", "介面、介面"),
        ("U盘与XU盘", "隨身碟與XU盤"),
        ("C++与C++11", "C加加與C加加11"),
    ],
)
def test_latin_edges_match_at_word_boundaries_only(text, expected):
    terms = Glossary(tuple(Term(t, {"zh-TW": f}) for t, f in (("API", "介面"), ("U盘", "隨身碟"), ("C++", "C加加"))))
    assert convert(text, terms) == expected


def test_the_longer_term_that_fails_at_its_edge_leaves_the_shorter_one():
    assert convert("甲abc", glossary(甲="乙", 甲ab="丙")) == "乙abc"


def test_a_form_is_final_and_parts_the_phrase():
    assert convert("发头发", glossary(头="后“里”")) == "發后“里”發"


def test_quotes_pair_around_a_term_and_a_term_with_quotes_is_its_own():
    terms = glossary(软件="軟體")
    assert convert("“软件‘里’”", terms) == "「軟體『裡』」"
    assert convert("软件“Export”", terms) == "軟體「Export」"
    kept = Glossary((Term("“芯", keep=True),))
    assert convert("““芯”", kept) == "「“芯」"


def test_terms_are_found_across_cuts_but_not_in_or_across_opaque_ranges():
    made = Converter(CN, TW, glossary=glossary(打印机="印表機", 网="網路"))
    assert made.pieces("打印机", [1]) == ["印", "表機"]
    assert made.pieces("上网吧", [1, 2]) == ["上", "網路", "吧"]
    assert made.pieces("打印机x", [], [(0, 3)]) == ["打印机x"]
    assert made.pieces("打印x机", [], [(2, 3)]) == ["打印x機"]
    assert made.pieces("`x`API", [], [(0, 3)]) == ["`x`API"]


def test_runs_name_the_glossary():
    made = Converter(CN, TW, glossary=Glossary((Term("网", {"zh-TW": "網路"}), Term("皇后", keep=True))))
    assert [(run.text, run.origin) for run in made.runs("网发皇后")] == [
        ("網路", "glossary"),
        ("發", "opencc"),
        ("皇后", "keep"),
    ]


def test_what_the_glossary_did_is_counted_once_for_each_conversion():
    made = Converter(CN, TW, glossary=Glossary((Term("网", {"zh-TW": "網路"}), Term("皇后", keep=True))))
    made.convert("网网皇后")
    made.pieces("网", [1])
    made.runs("网")
    made.issues("网")
    assert made.tally == {("网", "網路"): 3, ("皇后", "皇后"): 1}


def test_the_glossary_works_where_opencc_has_nothing_to_do():
    made = Converter(CN, CN, quotes="keep", glossary=Glossary((Term("软件", {"zh-CN": "程序"}),)))
    assert made.convert("软件“头发”\0") == "程序“头发”\0"


def test_characters_that_mean_something_to_a_pattern_are_literal():
    assert convert("a.b|c 和 axb", glossary(**{"a.b|c": "甲", "(": "（"})) == "甲 和 axb"
