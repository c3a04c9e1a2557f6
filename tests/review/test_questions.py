"""The review: what is asked, with its sentence and its place; what is decided is not asked again."""

from __future__ import annotations

import json
import re

import pytest

from publish.convert import Choice, Converter
from publish.edition.derive import derive
from publish.errors import UsageError
from publish.review.command import Review, read_review, shown_questions
from publish.review.doubts import crossing, reading
from publish.review.ledger import with_decision
from publish.review.listing import weighed
from publish.review.questions import Filter, sentence_bounds
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project
from tests.test_cli import run

TEXT = """\
# 手记

今天天气好。他的手又干又痒，
只好去看医生。树**干**上也有；她说能干。

- 这个人的头**发**很长。
- 又干又冷的一天！

[^1]: 又干了。

注一[^1]。
"""


@pytest.fixture(autouse=True)
def _choices(monkeypatch):
    """A converter that doubts every 干: the converter's own doubts are tested where they are made."""

    def choices(self, text, opaque=()):
        if not self.configurations:
            return []
        doubted = [match.start() for match in re.finditer("干", text)]
        free = [at for at in doubted if not any(start <= at < end for start, end in opaque)]
        said = (("opencc", "幹"), ("words", "乾"))
        return [
            Choice(at, at + 1, "干", "幹", ("乾", "干"), "opinions", 0.5 + (text[at - 1] == "又") / 4, "试", said)
            for at in free
        ]

    monkeypatch.setattr(Converter, "choices", choices)


@pytest.fixture
def book(folder):
    return folder({"a.md": TEXT, "book.yaml": "title: 书\neditions: [zh-CN, zh-TW]\n"})


def asked(book, *editions, **filters):
    return shown_questions(read_review(book, editions), Filter(**filters))


def test_like_places_are_one_question_and_the_most_doubtful_comes_first(book):
    found = [(one.term, one.like, [place.place for place in one.occurrences]) for one in asked(book)]
    assert found == [
        ("干", ("又", ""), ["a.md:3", "a.md:7", "a.md:9"]),
        ("头发", ("", ""), ["a.md:6"]),
        ("干", ("能", ""), ["a.md:4"]),
        ("干", ("", "上"), ["a.md:4"]),
    ]


def test_a_place_has_its_sentence_in_both_scripts_and_what_each_opinion_said(book):
    place = asked(book)[0].occurrences[0]
    assert place.source.text == "他的手又干又痒，只好去看医生。"
    assert (place.target.before, place.target.after) == ("他的手又", "又癢，只好去看醫生。")
    assert place.options == ("幹", "乾", "干")
    assert place.doubt.said == (("opencc", "幹"), ("words", "乾"))
    assert place.context == ("好。他的手又", "又痒，只好去")


@pytest.mark.parametrize(("wide", "left"), [(False, 4), (True, 2)])
def test_what_is_decided_is_not_asked_again_unless_all_is_shown(book, wide, left):
    question = asked(book)[0]
    decision = question.occurrences[0].decided("乾", question.like if wide else None)
    (book / "decisions.yaml").write_text(with_decision("", "", decision), encoding="utf-8")
    assert sum(len(one.occurrences) for one in asked(book) if one.term == "干") == left
    places = [place for one in asked(book, decided=True) for place in one.occurrences if place.doubt.term == "干"]
    assert len(places) == 5
    assert {(place.now, place.target.term) for place in places if place.decision} == {("乾", "乾")}


def test_a_decision_on_what_is_not_doubtful_is_shown_with_all(book):
    (book / "decisions.yaml").write_text("zh-TW:\n  天气: [{as: 天氣}]\n", encoding="utf-8")
    assert [one.reason for one in asked(book, decided=True)][-1] == "decided"
    assert "decided" not in [one.reason for one in asked(book)]


def test_the_review_walks_the_texts_that_a_build_converts(book, tmp_path):
    project = read_project(book)
    manuscript = read_manuscript(project)
    built = derive(project, manuscript, project.edition("zh-TW"), tmp_path / "out")
    assert read_review(book).editions[0].units == tuple(built.units)
    assert [unit.kind for unit in built.units if unit.text.startswith("又干了")] == ["note"]
    assert [unit.level for unit in built.units if unit.kind == "heading"] == [1]


def test_a_join_over_markup_is_asked_where_the_nodes_alone_would_read_otherwise(folder):
    book = folder({"a.md": "他的头**发**长了，**头发**也长，很**好**。\n"})
    joins = [one for one in asked(book, "zh-TW") if one.reason == "join"]
    assert [(one.term, one.options) for one in joins] == [("头发", ("頭髮", "頭發"))]


def test_a_cut_within_a_phrase_of_another_length_is_asked(folder):
    book = folder({"a.md": "接上打**印机**，打印机。\n", "glossary.yaml": "terms:\n  打印机: {zh-TW: 印表機器}\n"})
    assert [(one.term, one.options) for one in asked(book, "zh-TW") if one.reason == "cut"] == [
        ("打印机", ("印表機器",))
    ]


def test_a_lone_quotation_mark_is_asked_and_may_be_kept(folder):
    book = folder({"a.md": "他说：“好。\n\n大家都说好。\n"})
    (found,) = asked(book, "zh-TW")
    assert (found.reason, found.term, found.options, found.like) == ("quote", "“", ("“", "「", "『"), None)
    (book / "decisions.yaml").write_text("zh-TW:\n  “: [{before: 他说：, as: 「}]\n", encoding="utf-8")
    assert asked(book, "zh-TW") == []
    unit = next(unit for unit in read_review(book, ["zh-TW"]).editions[0].units if unit.text.startswith("他"))
    assert unit.output == "他說：「好。"


WORDS = {"翻开": -8.0, "开源": -11.0, "源文件": -10.0, "文件": -8.0, "由于": -7.0, "谦虚": -9.0, "开": -8.0, "源": -9.0}


def forms(word):
    return ((word, WORDS[word]),) if word in WORDS else ()


def test_a_term_that_may_be_a_part_of_other_words_is_asked(folder, monkeypatch):
    monkeypatch.setattr("publish.review.command.words", lambda: forms)
    glossary = "terms:\n  开源: {zh-TW: 開放原始碼}\nkeep: [于谦]\n"
    book = folder({"a.md": "翻开源文件看。开源很好。由于谦虚，于谦来了。\n", "glossary.yaml": glossary})
    found = {one.term: one for one in asked(book, "zh-TW")}
    assert {term: len(one.occurrences) for term, one in found.items()} == {"开源": 1, "于谦": 1}
    assert found["开源"].options == ("開放原始碼", "開源")
    assert found["开源"].occurrences[0].doubt.why == "it may be part of 翻开"
    assert found["于谦"].options == ("于谦", "於謙")


def test_a_single_character_within_a_word_is_asked_and_a_term_with_a_suffix_is_not(folder, monkeypatch):
    known = {"关注": -7.0, "文件夹里": -9.0}
    monkeypatch.setattr(
        "publish.review.command.words", lambda: lambda word: ((word, known[word]),) if word in known else ()
    )
    glossary = "terms:\n  注: {zh-TW: 註}\n  文件夹: {zh-TW: 資料夾}\n"
    book = folder({"a.md": "请关注。译注在文件夹里。\n", "glossary.yaml": glossary})
    assert [(one.term, one.occurrences[0].doubt.why) for one in asked(book, "zh-TW")] == [
        ("注", "it may be part of 关注")
    ]


def test_the_likeliest_reading_tiles_the_text():
    assert [("翻开源文件看")[a:b] for a, b in reading("翻开源文件看", forms)] == ["翻开", "源文件", "看"]
    assert reading("", forms) == []
    assert crossing("开源好", 0, 2, forms) is None


@pytest.mark.parametrize(
    ("text", "term", "sentence"),
    [
        ("一。二三四。五", "三", "二三四。"),
        ("他说：“二三。”后来", "三", "他说：“二三。”"),
        ("三", "三", "三"),
        ("一。 二三", "三", "二三"),
        ("一！三", "三", "三"),
        ("长" * 80 + "三" + "长" * 80, "三", "长" * 36 + "三" + "长" * 36),
    ],
)
def test_a_sentence_ends_at_its_stop_or_is_cut_short(text, term, sentence):
    start, end = sentence_bounds(text, text.index(term), text.index(term) + 1)
    assert text[start:end] == sentence


def test_lines_are_found_over_line_ends_markup_and_code(folder):
    text = "# 头\n\n一`干`二\n三**四\n五**又干\n又[六](x.md)七八又干九\n\n| 又 | 好 |\n|--|--|\n| 二干 | 三干 |\n"
    book = folder({"a.md": text, "x.md": "# 无\n"})
    places = [place for one in asked(book, "zh-TW") for place in one.occurrences if place.doubt.term == "干"]
    assert sorted(place.line for place in places) == [5, 6, 10, 10]


def test_a_filter_by_reason_and_chapter_and_what_it_does_not_know(book):
    assert {one.reason for one in asked(book, reasons=("join",))} == {"join"}
    assert asked(book, chapters=("a.md",)) == asked(book, chapters=("a",)) == asked(book)
    with pytest.raises(UsageError, match='unknown reason "x"'):
        asked(book, reasons=("x",))
    with pytest.raises(UsageError, match=r'unknown chapter "x"\. Choose from a'):
        asked(book, chapters=("x",))


def test_the_command_lists_and_sums_up(book):
    code, out, _ = run("review", book)
    assert code == 0
    assert "干 after 又 → 幹 / 乾 / 干  3 places" in out
    assert "OpenCC and the second opinion differ. 试. opencc: 幹; words: 乾" in out
    assert re.search(r"^书: zh-TW: 6 places to decide; [\d.]+ per 1,000 of \d+ Han$", out, re.MULTILINE)
    assert run("review", book, "--limit", 1)[1].count("→") == 1
    assert run("review", book, "--edition", "zh-XX")[0] == 2


def test_of_many_places_alike_a_terminal_shows_some(folder):
    book = folder({"a.md": "\n\n".join(["又干又痒。"] * 9) + "\n"})
    out = run("review", book, "-e", "zh-TW")[1]
    assert out.count("又干又痒。") == 3
    assert "… and 6 places more like these" in out


def test_the_command_speaks_json(book):
    data = json.loads(run("review", book, "--json")[1])
    assert data["editions"][0]["edition"] == "zh-TW"
    assert data["editions"][0]["open"] == sum(len(one["places"]) for one in data["questions"]) == 6
    place = data["questions"][0]["places"][0]
    assert (place["file"], place["line"], place["term"], place["decided"]) == ("a.md", 3, "干", None)
    assert "".join(place["source"]) == "他的手又干又痒，只好去看医生。"


def test_the_markdown_form_holds_a_line_to_paste(book):
    out = run("review", book, "--markdown")[1]
    assert "## 干 → 幹 / 乾 / 干 (zh-TW)" in out
    assert "  - 他的手又**干**又痒，只好去看医生。" in out
    line = re.search(r"`(\{before: .*?\})`", out)[1]
    (book / "decisions.yaml").write_text(f"zh-TW:\n  干:\n    - {line}\n", encoding="utf-8")
    assert run("review", book, "--json")[1] != ""
    assert sum(len(one["places"]) for one in json.loads(run("review", book, "--json")[1])["questions"]) == 5


def test_a_book_without_conversion_asks_nothing(folder):
    book = folder({"a.md": TEXT, "book.yaml": "title: 书\neditions: [zh-CN]\n"})
    assert read_review(book) == Review(read_project(book), read_review(book).manuscript, ())


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ("手腕 +1.2; 蒙~子 -0.7; 。~表 -0.3", "for it: 手腕; against it: 蒙子、。表"),
        ("手腕 +1.2", "for it: 手腕"),
        ("手腕 -1.2", "against it: 手腕"),
        ("it may be part of 手表", "it may be part of 手表"),
        ("", ""),
    ],
)
def test_evidence_is_told_in_words_and_not_by_its_weights(evidence, words):
    assert weighed(evidence) == words
