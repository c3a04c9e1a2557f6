"""The search's index: what counts as one, which words lead to which, and the scripts that carry it."""

from __future__ import annotations

import json
import random
import re

import pytest

from publish.cache import NONE, Cache, digest
from publish.edition.markup import xhtml
from publish.regions import REGIONS
from publish.render.html import search
from publish.render.html.search import (
    BUCKET,
    MOST_BUCKETS,
    MOST_SHARDS,
    SHARD,
    Passage,
    SearchedChapter,
    fold,
    index_scripts,
    passages,
)
from tests.tiny import make, write_book


def tree(markup):
    return xhtml.read(f'<div xmlns="{xhtml.XHTML}">{markup}</div>')


def loaded(scripts, name):
    """What a script of the index hands over."""
    match = re.fullmatch(r'publishSearch\.add\("([^"]+)",(.*)\);\n', scripts[f"search/{name}.js"], re.DOTALL)
    assert match[1] == name
    return json.loads(match[2])


def book(*texts, region="zh-CN", elsewhere=()):
    chapters = [
        SearchedChapter(f"c{number}", f"第{number}章", (Passage(f"p{number}", text),))
        for number, text in enumerate(texts)
    ]
    return index_scripts(chapters, REGIONS[region], elsewhere)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("头发", "頭髮"),
        ("发现", "發現"),
        ("软件", "軟件"),
        ("皇后之后", "皇后之後"),
        ("说明", "説明"),
        ("台湾", "臺灣"),
        ("这里", "這裏"),
        ("看着", "看著"),
        ("什么", "什麼"),
        ("乾隆", "干隆"),
        ("ＡＢＣ１", "abc1"),
        ("“软件”，好！", "软件好"),
        ("U 盘", "u盘"),
    ],
)
def test_what_regions_write_for_one_another_counts_as_one(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("头发", "头疼"), ("软件", "软体"), ("日本", "曰本"), ("己", "已")])
def test_other_characters_stay_apart(one, other):
    assert fold(one) != fold(other)


def test_a_folded_text_is_as_long_as_its_letters():
    assert len(fold("一二，三 A")) == 4


def test_a_passage_is_a_block_with_the_nearest_id():
    found = list(
        passages(
            tree(
                '<h1 id="h"><span class="number">第一章</span> 题</h1><p id="a">甲<em>乙</em></p><p>丙</p>'
                '<ul><li id="b">丁<ul><li>戊</li></ul>己</li></ul>'
                '<table><tr id="c"><td>庚</td><td>辛</td></tr></table><pre>x\n  y</pre>'
            )
        )
    )
    assert found == [
        Passage("h", "第一章 题", 1),
        Passage("a", "甲乙"),
        Passage("a", "丙"),
        Passage("b", "丁"),
        Passage("b", "戊"),
        Passage("b", "己"),
        Passage("c", "庚 辛"),
        Passage("c", "x y"),
    ]


def test_a_mark_in_a_line_is_not_the_place_of_what_follows():
    markup = '<p id="p-1">词<span class="index" id="ix-1">语</span>在</p><pre><code>码</code></pre>'
    assert [(one.id, one.text) for one in passages(tree(markup))] == [("p-1", "词语在"), ("p-1", "码")]


def test_readings_calls_of_notes_and_tex_are_not_searched():
    markup = (
        "<p>注<ruby>音<rt>yīn</rt></ruby>"
        '<sup class="noteref"><a href="#n">1</a></sup>'
        f'<math xmlns="{xhtml.MATHML}"><mi>x</mi><annotation>\\alpha</annotation></math></p>'
    )
    assert [one.text for one in passages(tree(markup))] == ["注音x"]


def test_the_words_of_other_regions_lead_to_the_editions_own():
    taiwan = loaded(book("軟體和網路", region="zh-TW"), "index")["words"]
    assert [fold("软件"), fold("軟體")] in taiwan
    assert [fold("网络"), fold("網路")] in taiwan
    mainland = loaded(book("软件和网络"), "index")["words"]
    assert [fold("軟體"), fold("软件")] in mainland
    hong_kong = loaded(book("軟件和網絡", region="zh-HK"), "index")["words"]
    assert [fold("軟體"), fold("软件")] in hong_kong


def test_a_character_is_known_by_all_its_readings_whatever_its_form():
    readings = loaded(book("乐曲，長髮，綠。ABC"), "pinyin")
    assert {syllable: readings[syllable] for syllable in ("le", "yue", "chang", "zhang", "fa", "lv")} == {
        "le": fold("樂"),
        "yue": fold("乐"),
        "chang": fold("长"),
        "zhang": fold("长"),
        "fa": fold("发"),
        "lv": fold("绿"),
    }
    assert "search/pinyin.js" not in book("ABC only"), "no Han, no readings"


def test_words_that_the_book_does_not_use_take_no_room():
    assert loaded(book("山"), "index")["words"] == []
    assert loaded(book("山"), "index")["letters"] == ""


def test_the_books_own_words_lead_too():
    words = loaded(book("他的資料夾", region="zh-TW", elsewhere=[("文件夹", "資料夾"), ("窗口", "視窗")]), "index")[
        "words"
    ]
    assert [fold("文件夹"), fold("資料夾")] in words
    assert [fold("窗口"), fold("視窗")] not in words


def test_a_small_book_has_one_text_and_no_pairs():
    assert set(book("一", "二")) == {"search/index.js", "search/pinyin.js", "search/text-0.js"}


def test_every_pair_of_a_large_book_leads_to_its_shards():
    texts = [chr(0x4E00 + number) * (SHARD // 2 + 1) + "软件" * (number % 2) for number in range(8)]
    scripts = book(*texts)
    index = loaded(scripts, "index")
    assert (index["shards"], index["buckets"]) == (8, 1)
    rows = [row.split(":") for row in loaded(scripts, "pairs-0").split()]
    shards = {pair: [ord(letter) - 0x100 for letter in letters] for pair, letters in rows}
    assert shards[fold("软件")] == [1, 3, 5, 7]
    assert shards[fold("软")] == [1, 3, 5, 7]


def test_pairs_are_in_as_many_files_as_make_them_short():
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + 2_000)))
    texts = [letters * (SHARD // 2_000) + letters[number::3] for number in range(1, 6)]
    scripts = book(*texts)
    count = loaded(scripts, "index")["buckets"]
    assert 1 < count < MOST_BUCKETS
    buckets = [loaded(scripts, f"pairs-{number}") for number in range(count)]
    assert all(len(one) < 2 * BUCKET for one in buckets)
    for pair in (letters[:2], letters[1::3][5:7]):
        assert f" {fold(pair)}:" in f" {buckets[sum(map(ord, fold(pair))) % count]}"


def test_shards_are_never_more_than_letters_can_number():
    scripts = book(*("字" * 1_000 for _ in range(5 * MOST_SHARDS)), *("大" * 200_000 for _ in range(20)))
    assert loaded(scripts, "index")["shards"] <= MOST_SHARDS


def test_the_index_of_an_edition_knows_what_the_source_says(tmp_path):
    chapter = '# 题 {#a}\n\n一台[打印机]{zh-TW="印表機"}，很旧。\n'
    glossary = "terms:\n  窗口: {zh-TW: 視窗}\n"
    source = write_book(tmp_path / "book", {"02.md": f"{chapter}\n窗口也旧。\n", "glossary.yaml": glossary})
    make(source, tmp_path / "build", "html")
    for edition, expected in (
        ("zh-TW", ("打印机", "印表機")),
        ("zh-CN", ("印表機", "打印机")),
        ("zh-TW", ("窗口", "視窗")),
    ):
        file = tmp_path / "build" / edition / "html/search/index.js"
        words = loaded({"search/index.js": file.read_text(encoding="utf-8")}, "index")["words"]
        assert [fold(one) for one in expected] in words


def test_notes_are_searched_and_lead_to_the_note(tmp_path):
    make(write_book(tmp_path / "book"), tmp_path / "build", "html", editions=("zh-TW",))
    folder = tmp_path / "build/zh-TW/html"
    rows = loaded({"search/text-0.js": (folder / "search/text-0.js").read_text(encoding="utf-8")}, "text-0")
    [note] = [row for chapter, found in rows for row in found if chapter == 0 and row[1].startswith("第一章的")]
    assert f' id="{note[0]}"' in (folder / "01.html").read_text(encoding="utf-8")


def test_of_a_shard_that_has_not_changed_nothing_is_looked_at(tmp_path, monkeypatch):
    (tmp_path / "cache").mkdir()
    cache, seen = Cache(tmp_path / "cache", "this program"), []
    monkeypatch.setattr(search, "SHARD", 4)
    find = search._find
    monkeypatch.setattr(search, "_find", lambda texts, *rest: seen.append(texts) or find(texts, *rest))
    texts, region, elsewhere = ["头发和软件", "皇后之后", "𠮷野家", "网络"], REGIONS["zh-TW"], (("网络", "網路"),)

    def written(kept):
        rows = enumerate(texts)
        chapters = [SearchedChapter(f"c{number}", "章", (Passage("p", text),), digest(text)) for number, text in rows]
        return index_scripts(chapters, region, elsewhere, kept)

    first = written(cache)
    assert len(seen) == 4
    texts[1] = "软件里面"
    assert written(cache) == written(NONE) != first
    assert seen[4] == ["软件里面"]
    assert len(seen) == 4 + 1 + 4
    elsewhere = (("软体", "软件"),)
    changed = written(cache)
    assert changed == written(NONE)
    assert fold("软体") in changed["search/index.js"]


def test_what_changes_in_a_shard_changes_only_its_pairs_in_the_buckets(tmp_path, monkeypatch):
    (tmp_path / "cache").mkdir()
    cache, dice = Cache(tmp_path / "cache", "this program"), random.Random(7)
    whole, seen = list[int](), list[int]()
    monkeypatch.setattr(search, "SHARD", 40)
    monkeypatch.setattr(search, "BUCKET", 200)
    pairs = search._pairs
    monkeypatch.setattr(search, "_pairs", lambda found: whole.append(1) or pairs(found))

    def some():
        return "".join(chr(0x4E00 + dice.randrange(60)) for _ in range(40))

    texts = [some() for _ in range(8)]

    def written(kept):
        chapters = [SearchedChapter(f"c{number}", "章", (Passage("p", one),)) for number, one in enumerate(texts)]
        return index_scripts(chapters, REGIONS["zh-TW"], (), kept)

    written(cache)
    whole.clear()
    for change in range(12):
        at, place = dice.randrange(8), dice.randrange(40)
        texts[at] = some() if change % 3 == 0 else texts[at][:place] + texts[at][place + 1 :] + some()[:1]
        made = written(cache)
        looked, _ = len(whole), whole.clear()
        assert made == written(NONE)
        seen.append(looked)
        whole.clear()
    assert seen.count(0) > 6
    assert sum(name.startswith("search/pairs-") for name in made) > 3
