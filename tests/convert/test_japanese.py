"""Where Japanese stands in a Chinese text."""

from __future__ import annotations

import pytest

from publish.convert import Converter
from publish.convert.japanese import japanese
from publish.regions import REGIONS

CN, TW, HK = REGIONS["zh-CN"], REGIONS["zh-TW"], REGIONS["zh-HK"]


def found(text):
    return [text[slice(*span)] for span in japanese(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("彼は国会図書館で発表した。", ["彼は国会図書館で発表した"]),
        ("「台湾の気候は体に良い」と言う。", ["台湾の気候は体に良い", "と言う"]),
        ("他说：“彼は学生です。”然后走了。", ["彼は学生です"]),
        ("日文原版《時の流れに身をまかせ》后来发行。", ["時の流れに身をまかせ"]),
        (
            "「会社で働く」という本。学校、図書館、気持ち、発見。ラーメンと寿司。",
            ["会社で働く", "という本", "学校", "図書館", "気持ち", "発見", "ラーメンと寿司"],
        ),
        ("日本語の「国際化」と「会議」について", ["日本語の", "国際化", "と", "会議", "について"]),
    ],
)
def test_a_sentence_with_the_grammar_of_japanese_is_japanese(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "去优の良品买零食。",
        "在日本吃すし。",
        "我最喜欢的一句是ありがとう。",
        "猿蟹合战（さるかにがっせん）是民间故事。",
        "アニメ这个词来自英语，国会里也有人说。",
        "他点了ラーメン和寿司，又去国会参观。",
        "Amyの私人厨房在体育馆对面。",
        "他在国会发表讲话。",
    ],
)
def test_a_chinese_sentence_that_has_kana_is_chinese(text):
    assert found(text) == []


@pytest.mark.parametrize("region", [TW, HK])
def test_japanese_is_converted_into_nothing(region):
    made = Converter(CN, region)
    source = "彼は国会図書館で発表した。他的头发白了，国会也散了。"
    assert made.convert(source) == "彼は国会図書館で発表した。他的頭髮白了，國會也散了。"
    assert "".join(made.pieces(source, [3, 20])) == made.convert(source)
    assert made.convert("他在国会发表讲话。") == "他在國會發表講話。"
