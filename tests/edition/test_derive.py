"""Editions: conversion over nodes, by Markdown fixtures and on real texts; what an edition has and what it has not."""

from __future__ import annotations

import json
import random
import re
from itertools import accumulate
from pathlib import Path

import pytest

from publish.convert import Converter
from publish.edition import keep
from publish.edition.context import Context
from publish.edition.derive import derive
from publish.edition.text import convert_blocks
from publish.errors import PublishError
from publish.parity.gate import compare
from publish.regions import REGIONS
from publish.source import pandoc
from publish.source.document import rewrite
from publish.source.leaves import leaves
from publish.source.manuscript import Chapter, Manuscript, join_lines, read_manuscript
from publish.source.project import read_project
from publish.source.settings.metadata import Metadata
from publish.source.sheets import text_of

SETTINGS = """\
title: 头发
number-sections: false
editions:
  zh-CN: {}
  zh-TW: {}
  zh-HK: {}
  zh-TW-phrases: {base: zh-TW, opencc: s2twp}
"""
CONFIGURATIONS = [
    ("zh-CN", "zh-TW", ("s2tw",)),
    ("zh-CN", "zh-HK", ("s2hk",)),
    ("zh-CN", "zh-TW", ("s2twp",)),
    ("zh-CN", "zh-HK", ("s2hkp",)),
    ("zh-TW", "zh-CN", ("t2s",)),
    ("zh-TW", "zh-CN", ("tw2s",)),
    ("zh-TW", "zh-CN", ("tw2sp",)),
    ("zh-HK", "zh-CN", ("hk2s",)),
    ("zh-HK", "zh-CN", ("hk2sp",)),
    ("zh-TW", "zh-HK", ("tw2t", "t2hk")),
    ("zh-HK", "zh-TW", ("hk2t", "t2tw")),
]
NAMES = ["+".join(names) for _, _, names in CONFIGURATIONS]
PAIRS = sorted((Path(__file__).parents[3] / "shared" / "pairs").glob("*.jsonl"))
MARKUP = ["**{}**", "*{}*", "~~{}~~", "[{}](https://a.example)", "[{}]{{.c}}", "<b>{}</b>", "{}[^n]", "{}\n", "`{}`"]


@pytest.mark.cases("conversion.md")
def test_text_is_converted_over_nodes(case, rendered):
    assert rendered(case, f"{SETTINGS}lines: join\n") == case.expected


@pytest.mark.cases("only.md")
def test_parts_are_for_editions_and_formats(case, rendered):
    assert rendered(case, SETTINGS) == case.expected


def test_titles_subtitles_descriptions_and_parts_are_converted_but_no_address_and_date(make_book):
    settings = """\
title: 头发
subtitle: 里面
author: [{name: 张干, role: aut}]
description: 计算机程序
publisher: 发行
rights: 版权里
subject: [头发]
date: 2026年
source: https://头发.example
chapters: [{part: 头发部, chapters: [a.md]}]
"""
    book = make_book({"book.yaml": settings, "a.md": "# 头发\n"})
    metadata = book.editions["zh-TW"].metadata
    assert (metadata.title, metadata.subtitle, metadata.description) == ("頭髮", "裡面", "計算機程序")
    assert (metadata.publisher, metadata.rights, metadata.subjects) == ("發行", "版權裡", ("頭髮",))
    assert (metadata.date, metadata.source) == ("2026年", "https://头发.example")
    assert (book.editions["zh-TW"].chapters[0].part, book.editions["zh-TW"].chapters[0].title) == ("頭髮部", "頭髮")


def test_a_word_by_hand_in_a_heading_is_the_chapters_title(make_book):
    book = make_book('# [干]{zh-TW="乾"}*杯* [x]{.only edition="zh-CN"}\n')
    assert book.editions["zh-TW"].chapters[0].title == "乾杯"


def test_what_is_said_beside_a_kept_text_is_kept_with_it(make_book, png):
    block = '::: {.keep}\n文![说](x.png "国")\n:::\n'
    text = f"# 头\n\n{block}\n[![说](x.png)]{{.keep}}，[![説明図](x.png)]{{lang=ja}}，![说](x.png)\n"
    page = make_book({"a.md": text, "x.png": png}).page()
    assert re.findall(r'alt="(.*?)"', page) == ["说", "说", "説明図", "說"]
    assert 'title="国"' in page


# --- the concatenated nodes equal the conversion of the joined text ---------------------------------------------------


def marked(line: str, dice: random.Random) -> str:
    """A line of text with markup at random places, of which none has a meaning at its end."""
    text = re.sub(r"[\\`*_{}\[\]<>$^~|#&@!-]|https?:\S+", "", line).strip()
    out, at = "", 0
    while at < len(text):
        length = dice.randint(1, 4)
        piece = text[at : at + length]
        at += length
        out += dice.choice(MARKUP).format(piece) if dice.random() < 0.35 and piece.isalnum() else piece
    return "\n".join(row.strip() for row in out.split("\n"))


def assert_nodes_equal_the_whole(blocks, source, target, names, tmp_path):
    """Convert each unit of text over its nodes, and as one string."""
    converter = Converter(REGIONS[source], REGIONS[target], configurations=names)
    project = read_project(tmp_path)
    manuscript = Manuscript((), Metadata(), {"a.md": ()})
    context = Context(project, manuscript, project.edition("zh-TW"), converter, None)
    chapter = Chapter("a", "", "", "a.md", tmp_path, text_of([]))
    seen = []

    def unit(inlines, _line):
        parts = leaves(keep.choose_words(context, inlines)[0], lambda node: keep.is_kept(project.source, node))
        joined = "".join(part.text for part in parts)
        ends = list(accumulate(len(part.text) for part in parts))
        opaque = [(end - len(part.text), end) for part, end in zip(parts, ends, strict=True) if part.opaque]
        (block,), _ = convert_blocks(context, chapter, [{"t": "Plain", "c": inlines}])
        converted = "".join(leaf.text for leaf in leaves(block["c"]))
        assert converted == converter.pieces(joined, [], opaque)[0]
        if not opaque:
            assert converted == converter.convert(joined)
        seen.append(len(parts))
        return inlines

    rewrite(join_lines(blocks), None, unit)
    return seen


@pytest.fixture(scope="module")
def real_text():
    """Lines of real books with markup inserted at random places, read by pandoc once for each writing."""
    if not PAIRS:
        pytest.skip("the corpus of paired texts is not here")
    texts = {"src": [], "ref": []}
    for path in PAIRS:
        rows = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
        dice = random.Random(path.name)
        for row in dice.sample(rows, min(60, len(rows))):
            for side, lines in texts.items():
                lines.append(marked(row[side], dice))
    sides = ["\n\n".join([*lines, "[^n]: 注"]) + "\n" for lines in texts.values()]
    (simplified, traditional), _ = pandoc.read(list(zip(texts, sides, strict=True)))
    return {"zh-CN": simplified, "zh-TW": traditional, "zh-HK": traditional}


@pytest.mark.parametrize(("source", "target", "names"), CONFIGURATIONS, ids=NAMES)
def test_on_real_text_the_nodes_together_are_the_conversion_of_the_whole(source, target, names, real_text, folder):
    seen = assert_nodes_equal_the_whole(real_text[source], source, target, names, folder({"a.md": "x"}))
    assert len(seen) > 250
    assert max(seen) > 20


@pytest.mark.parametrize(
    ("source", "target", "names"),
    [CONFIGURATIONS[0], *(pytest.param(*one, marks=pytest.mark.verify) for one in CONFIGURATIONS[1:])],
    ids=NAMES,
)
def test_in_the_handbook_the_nodes_together_are_the_conversion_of_the_whole(source, target, names, handbook, folder):
    blocks = [block for chapter in handbook.manuscript.chapters for block in chapter.blocks]
    seen = assert_nodes_equal_the_whole(blocks, source, target, names, folder({"a.md": "x"}))
    assert len(seen) > 500


# --- editions across regions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "edition", "given", "expected"),
    [
        ("zh-CN", "zh-HK", "里面的“头发”", "裏面的「頭髮」"),
        ("zh-TW", "zh-CN", "裡面的「頭髮『內』」，看著", "里面的“头发‘内’”，看着"),
        ("zh-TW", "zh-TW", "裡面的「頭髮」“x”", "裡面的「頭髮」“x”"),
        ("zh-TW", "zh-HK", "裡面的「頭髮」", "裏面的「頭髮」"),
        ("zh-HK", "zh-TW", "裏面的頭髮", "裡面的頭髮"),
        ("zh-Hant-HK", "zh-CN", "裏面的頭髮", "里面的头发"),
        ("zh-CN", "zh-SG", "里面的“头发”", "里面的“头发”"),
        ("zh-SG", "zh-MO", "里面的头发", "裏面的頭髮"),
    ],
)
def test_any_region_leads_to_any_other(lang, edition, given, expected, make_book):
    book = make_book({"book.yaml": f"title: t\nlang: {lang}\n", "a.md": given}, (edition,))
    assert book.page(edition) == f"<p>{expected}</p>"


def test_quotation_marks_are_kept_or_made_the_regions_as_the_book_says(make_book):
    settings = "title: t\nquotes: region\neditions: {zh-CN: {}, zh-TW: {quotes: keep}}\n"
    book = make_book({"book.yaml": settings, "a.md": "「引『内』」“外”"}, ("zh-CN", "zh-TW"))
    assert book.page("zh-CN") == "<p>“引‘内’”“外”</p>"
    assert book.page("zh-TW") == "<p>「引『內』」“外”</p>"


def test_an_unmatched_quotation_mark_is_reported_where_it_stands(make_book):
    book = make_book("# 题\n\n第一段。\n\n第二段\n接着“没有完。\n")
    assert [(one.code, str(one.place)) for one in book.findings if one.code.startswith("quote")] == [
        ("quote-unmatched", "a.md:6")
    ]


def test_a_quotation_of_several_paragraphs_is_one_quotation(make_book):
    text = "他写道：“一‘里’。\n\n“**二**。”\n\n> “三。\n>\n> “四。”\n\n“五。\n\n# 题\n\n“六。”\n"
    book = make_book(text, ("zh-CN", "zh-TW"))
    page = book.page("zh-TW")
    for wanted in (
        "寫道：「一『裡』。<",
        "<p>「<strong>二</strong>。」<",
        "<p>「三。</p>",
        "<p>「四。」</p>",
        "<p>“五。</p>",
    ):
        assert wanted in page
    found = [(one.code, str(one.place)) for one in book.findings if one.code.startswith("quote")]
    assert found == [("quote-unmatched", "a.md:9")]


def test_straight_quotation_marks_are_read_across_markup_in_every_edition(make_book):
    book = make_book('他说"头**发"**，`"x"`，"OK"。\n', ("zh-CN", "zh-TW"))
    assert book.page("zh-CN") == '<p>他说“头<strong>发”</strong>，<code>"x"</code>，“OK”。</p>'
    assert book.page("zh-TW") == '<p>他說「頭<strong>髮」</strong>，<code>"x"</code>，「OK」。</p>'


def test_doubtful_punctuation_is_told_with_its_line_and_what_to_do(make_book):
    book = make_book('第一段。\n\n一个"落单的。\n\n等等...然后--好\n')
    found = [
        (one.code, one.severity, str(one.place)) for one in book.findings if one.code not in ("meta-title", "book-none")
    ]
    assert found == [
        ("quote-straight", "warning", "a.md:3"),
        ("punct-ellipsis", "note", "a.md:5"),
        ("punct-dash", "note", "a.md:5"),
    ]
    assert all(one.remedy for one in book.findings)


def test_the_title_of_a_book_without_one_is_its_first_chapters(make_book):
    book = make_book("# 头发\n\n文\n")
    assert book.editions["zh-TW"].metadata.title == "頭髮"


# --- .only ------------------------------------------------------------------------------------------------------------


def test_a_chapter_of_which_nothing_is_left_goes(make_book):
    files = {"a.md": "# 一\n\n文\n", "b.md": '::: {.only edition="zh-CN"}\n文\n:::\n'}
    book = make_book(files, ("zh-CN", "zh-TW"))
    assert [len(one.chapters) for one in book.editions.values()] == [2, 1]


def test_a_book_of_which_nothing_is_left_is_an_error(make_book):
    with pytest.raises(PublishError, match="no content is left in the edition zh-TW"):
        make_book('::: {.only edition="zh-CN"}\n文\n:::\n')


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("# 题\n\n[x]{.only edition=zh-XX}\n", "only-unknown", 3),
        ("# 题\n\n[x]{.only format=mobi}\n", "only-unknown", 3),
        ("# 题\n\n文\n\n::: only\nx\n:::\n", "only-unknown", 6),
        ("文\n\n# 题 {.only edition=zh-TW}\n\n文\n", "only-heading", 3),
    ],
)
def test_an_only_that_cannot_be_meant_is_reported(text, code, line, make_book):
    found = [one for one in make_book(text).findings if one.code.startswith("only")]
    assert [(one.code, one.place.line) for one in found] == [(code, line)]


def test_the_heading_of_a_chapter_stays_in_all_editions(make_book):
    book = make_book("# 题 {.only edition=zh-CN #x}\n\n文\n")
    assert book.page() == '<h1 id="x">題</h1>\n<p>文</p>'


# --- what else an edition has -----------------------------------------------------------------------------------------


def test_one_start_of_pandoc_reads_all_chapters_and_one_writes_each_edition(folder, tmp_path):
    root = folder({f"{number}.md": f"# 章{number}\n\n文[^1]\n\n[^1]: 注{number}\n" for number in range(5)})
    project = read_project(root)
    before = pandoc.starts.count
    manuscript = read_manuscript(project)
    assert pandoc.starts.count == before + 1
    for number, edition in enumerate(project.editions, 2):
        derive(project, manuscript, edition, tmp_path / edition.key)
        assert pandoc.starts.count == before + number


def test_derivation_leaves_the_manuscript_as_it_was_and_gives_the_same_twice(folder, tmp_path):
    root = folder({"a.md": "# 头发\n\n“里”[干]{zh-TW=乾}[x]{.only edition=zh-CN}[^1]\n\n[^1]: 注\n"})
    project = read_project(root)
    manuscript = read_manuscript(project)
    before = json.dumps([chapter.blocks for chapter in manuscript.chapters])
    first, second = (derive(project, manuscript, project.edition("zh-TW"), tmp_path / name) for name in "ab")
    assert json.dumps([chapter.blocks for chapter in manuscript.chapters]) == before
    assert [chapter.xhtml for chapter in first.chapters] == [chapter.xhtml for chapter in second.chapters]


def test_a_formula_that_mathml_cannot_have_stays_tex_and_is_reported(make_book):
    book = make_book("文\n\n公式 $\\undefinedmacro{x}$ 在此\n")
    assert [(one.code, str(one.place)) for one in book.findings if one.code == "math-tex"] == [("math-tex", "a.md:3")]


def test_nesting_beyond_what_can_be_walked_is_an_error_and_no_traceback(make_book):
    text = "".join(f"{'    ' * depth}- 项\n" for depth in range(250))
    with pytest.raises(PublishError, match=r"^a\.md: the text nests"):
        make_book({"a.md": text, "b.md": "文\n"})


def test_arrows_that_may_be_emoji_are_what_their_author_wrote(make_book):
    head = "---\ntitle: 书\nauthor: 甲\nlang: zh-CN\n---\n\n"
    text = f"{head}# 甲 ↔ 乙\n\n去 ↩ 来 ↔\ufe0e 去，`a ↔ b`，`c ↔\ufe0e d`。\n\n    e ↔\ufe0e ↔ f\n"
    book = make_book(text, ("zh-TW",))
    assert list(compare(book.project, book.manuscript, [book.editions["zh-TW"]])) == []
    shown = re.sub(r"<[^>]+>", "", book.editions["zh-TW"].chapters[0].xhtml)
    assert "去 ↩ 來 ↔\ufe0e 去，a ↔ b，c ↔\ufe0e d。" in shown
    assert "e ↔\ufe0e ↔ f" in shown
