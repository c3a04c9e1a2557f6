"""Citations in a text: what is one, what is none, and the place in a source that one names."""

from __future__ import annotations

import pytest

from publish.source.citations.syntax import CitationReader, known, locator, missing_keys
from publish.source.document import string, text

KEYS = ("kuhn", "zhang2020", "li_2019", "doi:10.1/x", "张三2020", "fig-2020")


def inlines(words):
    return [part for word in words.split(" ") for part in (string(word), {"t": "Space"})][:-1]


def read(words, keys=KEYS):
    """The text with citations as {mode key|prefix|suffix; …}, and the keys that are missing."""
    missing = []
    made = CitationReader(known(keys), missing.append, missing.append).read(inlines(words))
    return "".join(shown(one) for one in made), missing


def shown(one):
    if one["t"] != "Cite":
        return text([one])
    modes = {"NormalCitation": "", "AuthorInText": "@", "SuppressAuthor": "-"}
    return "{" + "; ".join(_item(item, modes) for item in one["c"][0]) + "}"


def _item(item, modes):
    around = "|".join(text(item[name]) for name in ("citationPrefix", "citationSuffix"))
    return f"{modes[item['citationMode']['t']]}{item['citationId']}" + (f"|{around}" if around != "|" else "")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("文[@kuhn]。", "文{kuhn}。"),
        ("文[@kuhn; @zhang2020]。", "文{kuhn; zhang2020}。"),
        ("文[@kuhn；@zhang2020]。", "文{kuhn; zhang2020}。"),
        ("文[见 @kuhn, 第 3 页]。", "文{kuhn|见|, 第 3 页}。"),
        ("文[-@kuhn]。", "文{-kuhn}。"),
        ("@kuhn 说", "{@kuhn} 说"),
        ("见@zhang2020的研究", "见{@zhang2020}的研究"),
        ("见@zhang2020。", "见{@zhang2020}。"),
        ("@kuhn [第 3 页] 说", "{@kuhn||第 3 页} 说"),
        ("@kuhn [他] 说", "{@kuhn} [他] 说"),
        ("@{kuhn}a 说", "{@kuhn}a 说"),
        ("[@li_2019]", "{li_2019}"),
        ("[@doi:10.1/x]", "{doi:10.1/x}"),
        ("@张三2020说", "{@张三2020}说"),
        ("[@kuhn [注], 第 3 页]", "{kuhn|| [注], 第 3 页}"),
        ("[甲；@kuhn]", "{kuhn|甲；|}"),
        ("[@kuhn；甲；乙]", "{kuhn||；甲；乙}"),
        ("[见[@kuhn]]", "[见{kuhn}]"),
        ("见@fig-2020", "见{@fig-2020}"),
        ("见＠kuhn的书", "见{@kuhn}的书"),
        ("文【@kuhn，第 3 页】。", "文{kuhn||，第 3 页}。"),
        ("文［见＠kuhn；@zhang2020］。", "文{kuhn|见|; zhang2020}。"),
        ("【按：@kuhn 说错了】", "【按：{@kuhn} 说错了】"),
        ("微博＠史料", "微博＠史料"),
        ("每斤@12文", "每斤@12文"),
    ],
)
def test_a_citation_is_read_as_pandoc_reads_it_and_beside_han_too(words, expected):
    assert read(words) == (expected, [])


@pytest.mark.parametrize(
    "words",
    [
        "写信给 a@kuhn.com 或 kuhn@zhang2020",
        "[a@kuhn.com]",
        "见 @fig:map 和 [@fig:map; @tbl:t]",
        "装 @angular/core，后缀为 @qq.com 的",
        "路径 /@kuhn 和 x.@kuhn",
        "甲 @ 乙",
    ],
)
def test_an_address_a_package_or_a_reference_of_the_book_is_no_citation(words):
    assert read(words) == (words, [])


def test_han_behind_an_at_are_a_handle_unless_the_literature_has_keys_in_han():
    assert read("@人民日报 说", ("kuhn",)) == ("@人民日报 说", [])
    assert read("@李四2020 说") == ("@李四2020 说", ["李四2020"])


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("[@nobody]", ["nobody"]),
        ("@nobody 说", ["nobody"]),
        ("@nobody。", ["nobody"]),
        ("[@kuhn; @nobody2020; @other]", ["nobody2020", "other"]),
        ("[@人民日报]", ["人民日报"]),
        ("见@kuhn2说", ["kuhn2"]),
    ],
)
def test_a_key_that_no_source_has_is_told_and_stays_as_typed(words, keys):
    assert read(words) == (words, keys)


def test_markup_inside_a_citation_and_around_one_is_kept():
    emphasis = {"t": "Emph", "c": [string("此书")]}
    around = {"t": "Strong", "c": [string("[@kuhn]")]}
    made = CitationReader(known(KEYS), [].append, [].append).read([string("[见"), emphasis, string("@kuhn]"), around])
    assert [one["t"] for one in made] == ["Cite", "Strong"]
    assert made[0]["c"][0][0]["citationPrefix"][1] == emphasis
    assert made[1]["c"][0]["t"] == "Cite"


def test_a_link_and_code_are_left_alone_and_an_alternative_text_loses_its_citations():
    link = {"t": "Link", "c": [["", [], []], [string("@kuhn")], ["https://a.b", ""]]}
    code = {"t": "Code", "c": [["", [], []], "@kuhn"]}
    image = {"t": "Image", "c": [["", [], []], [string("图[@kuhn]")], ["x.png", ""]]}
    made = CitationReader(known(KEYS), [].append, [].append).read([link, code, image])
    assert made[:2] == [link, code]
    assert text(made[2]["c"][1]) == "图"


def test_what_has_no_citation_is_given_back_as_it_is():
    given = inlines("没有 什么")
    assert CitationReader(known(KEYS), [].append, [].append).read(given) is given


@pytest.mark.parametrize(
    ("suffix", "expected"),
    [
        (", 第 3 页", ("3", True, "")),
        ("，第3—5頁", ("3-5", True, "")),
        (", p. 33", ("33", True, "")),
        (", pp. 33--35", ("33-35", True, "")),
        (", pp. 33-35、40", ("33-35,40", True, "")),
        (", 12", ("12", True, "")),
        (", {p. 3}，下同", ("3", True, "，下同")),
        (", 第 3 页，下同", ("3", True, "，下同")),
        (", 第 2 章", ("第 2 章", False, "")),
        (", 图 3-1", ("图 3-1", False, "")),
        (", chap. 2", ("chap. 2", False, "")),
        (", 下同", ("", False, ", 下同")),
        ("", ("", False, "")),
        (", 3 个例子", ("", False, ", 3 个例子")),
    ],
)
def test_a_suffix_names_pages_or_another_place_or_none(suffix, expected):
    assert locator(suffix) == expected


def test_a_reference_by_a_name_of_han_is_no_source_that_is_missing():
    assert read("见 @fig-箱型图 与 @sec:交叉引用。") == ("见 @fig-箱型图 与 @sec:交叉引用。", [])


def test_keys_that_are_not_there_are_found_in_markdown_too():
    source = "@kuhn 与 [见 @none, 第 3 页]，@fig-x，@12，a@b.cn，@{nobody}。"
    assert [(source[at], name) for at, name in missing_keys(source, known(KEYS))] == [("@", "none"), ("@", "nobody")]


def test_a_name_that_is_written_as_no_key_is_greets_somebody():
    missing, greeted = [], []
    reader = CitationReader(known(["zhang2020", "li2019", "wang2021", "kuhn"]), missing.append, greeted.append)
    reader.read(inlines("请 @editor 看，又 @zhao2022 说[@author]。"))
    assert (missing, greeted) == (["zhao2022", "author"], ["editor"])
