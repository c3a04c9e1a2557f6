"""Ids: ASCII, unique in the book, stable, the same in every edition; and links that lead home."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publish.edition.features.indexing import ENTRY
from publish.edition.features.notes import lift_notes
from publish.edition.markup import xhtml
from publish.edition.markup.canonical import make_canonical
from publish.regions import SIMPLIFIED
from publish.render import prepare
from publish.render.indexing import lead
from publish.source import pandoc
from publish.source.identify import identify
from publish.source.sheets import Gists, SourceFile, sheet_of

ASCII = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]*$")


def ids(book, edition="zh-TW"):
    """All ids of an edition, in order."""
    return [
        str(element.get("id"))
        for chapter in book.editions[edition].chapters
        for element in xhtml.read(chapter.xhtml).iter()
        if element.get("id")
    ]


def sorted_ids(book, edition):
    """The ids in the glossary, which an edition sorts."""
    return {
        str(element.get("id"))
        for chapter in book.editions[edition].chapters
        for listed in xhtml.read(chapter.xhtml).iter(f"{xhtml.H}dl")
        if "glossary" in str(listed.get("class"))
        for element in listed.iter()
        if element.get("id")
    }


def links(book, edition="zh-TW"):
    """The addresses of all links of an edition by their texts."""
    return {
        xhtml.plain(link): link.get("href")
        for chapter in book.editions[edition].chapters
        for link in xhtml.read(chapter.xhtml).iter(f"{xhtml.H}a")
    }


def element(book, name, edition="zh-TW"):
    """The text of the element with an id."""
    found = [
        xhtml.plain(one).strip()
        for chapter in book.editions[edition].chapters
        for one in xhtml.read(chapter.xhtml).iter()
        if one.get("id") == name
    ]
    assert len(found) == 1, (name, found)
    return found[0]


def codes(book):
    """(code, place) of the findings about ids and links."""
    return [(one.code, str(one.place)) for one in book.findings if one.code in ("id-duplicate", "link-broken")]


def test_headings_figures_tables_notes_and_paragraphs_get_ascii_ids(make_book, png):
    book = make_book(
        {"a.md": "# 题\n\n段[^1]\n\n![图](x.png)\n\n| a |\n|---|\n| b |\n\n: 表\n\n[^1]: 注\n", "x.png": png}
    )
    found = ids(book)
    assert all(ASCII.match(name) for name in found)
    assert {name.partition("-")[0] for name in found} == {"h", "p", "fig", "tbl", "fn"}


def test_an_authors_ascii_id_stays_wherever_it_stands(make_book, png):
    text = (
        "# 题 {#head}\n\n[x]{#span} [y](#head){#link} `c`{#code} ![i](x.png){#img}\n\n::: {#div}\n段\n:::\n\n"
        "```{#block}\nx\n```\n\n![题](x.png){#fig-1}\n\n| a |\n|---|\n| b |\n\n: 表 {#tbl.1}\n\n<a id='raw_1'></a>x\n"
    )
    found = ids(make_book({"a.md": text, "x.png": png}))
    assert {"head", "span", "link", "code", "img", "div", "block", "fig-1", "tbl.1", "raw_1"} <= set(found)


def test_equal_texts_are_told_apart_by_ordinals(make_book):
    found = [name for name in ids(make_book("同\n\n同\n\n## 同\n\n同\n\n## 同\n")) if not name.startswith("start")]
    first, heading = found[0], found[2]
    assert found == [first, f"{first}-2", heading, f"{first}-3", f"{heading}-2"]


def test_ids_stay_when_the_text_around_them_changes(make_book):
    before = make_book("# 甲\n\n段落一。\n\n段落二，用\nAI 写。\n\n> 引文\n")
    kept = {element(before, name): name for name in ids(before)}
    after = make_book(
        "# 甲\n\n新的用AI写，用AI写，用AI写。\n\n1. 段落一。\n\n\n- 新\n\n段落二，用\nAI 写。\n\n> 引文\n"
    )
    now = {re.sub(r"\s", "", element(after, name)): name for name in ids(after)}
    for words, name in kept.items():
        assert now[re.sub(r"\s", "", words)] == name


def test_ids_are_the_same_in_all_editions(handbook):
    # An entry of the index has its name's id; these, and the glossary's, stand where their edition sorts them.
    found = [[name for name in ids(handbook, key) if not name.startswith(ENTRY)] for key in handbook.editions]
    common = set.intersection(*map(set, found))
    in_order = common - sorted_ids(handbook, "zh-CN")
    mainland, taiwan, hong_kong = ([name for name in one if name in in_order] for one in found)
    assert mainland == taiwan == hong_kong
    assert len(common) > 500
    assert max(len(set(one) - common) for one in found) < 20  # what stands in .only


def test_no_two_ids_of_the_handbook_are_equal(handbook):
    found = ids(handbook)
    assert len(found) == len(set(found))


def test_a_han_id_and_the_links_to_it_lead_home(make_book):
    nfd = unicodedata.normalize("NFD", "café")
    text = (
        "# 图书馆\n\n## café\n\n[甲](#图书馆) [乙](#"
        + quote("图书馆")
        + ") [丙](#café) [丁](#"
        + nfd
        + ") [图书馆][]\n\n"
        "[戊](#头发) [己](#生)\n\n段[里]{#头发} <a id='生'></a>\n"
    )
    book = make_book(text)
    led = links(book)
    assert not codes(book)
    assert element(book, led["甲"][1:]) == element(book, led["乙"][1:]) == element(book, led["圖書館"][1:]) == "圖書館"
    assert element(book, led["丙"][1:]) == element(book, led["丁"][1:]) == "café"
    assert element(book, led["戊"][1:]) == "裡"
    assert ASCII.match(led["己"][1:])
    assert element(book, led["己"][1:]) == ""


def test_pandocs_ordinals_for_equal_headings_lead_to_each(make_book):
    led = links(make_book("## 同\n\n一\n\n## 同\n\n[甲](#同) [乙](#同-1)\n"))
    assert led["乙"] == f"{led['甲']}-2"


def test_links_lead_over_files_to_headings_files_and_ids(make_book):
    files = {
        "a.md": "# 甲\n\n[一](b.md) [二](./b.md#节) [三](sub/c.md#c) [四](b.md#) [五](#c) <a href='b.md#节'>六</a>\n",
        "b.md": "# 乙\n\n## 节\n",
        "sub/c.md": "# 丙 {#c}\n\n[七](../a.md) [八](../b.md#节)\n",
        "book.yaml": "title: t\nchapters: [a.md, b.md, sub/c.md]\n",
    }
    book = make_book(files)
    led = {words: element(book, address[1:]) for words, address in links(book).items()}
    assert led == {"一": "乙", "二": "節", "三": "丙", "四": "乙", "五": "丙", "六": "節", "七": "甲", "八": "節"}
    assert not codes(book)


def test_a_link_to_a_heading_means_that_of_its_own_file_first(make_book):
    book = make_book({"a.md": "# 甲\n\n## 同\n\n[一](#同)\n", "b.md": "# 乙\n\n## 同\n\n[二](#同)\n"})
    assert links(book)["二"] == f"{links(book)['一']}-2"


def test_broken_links_are_reported_with_file_and_line_and_lose_their_address(make_book):
    files = {
        "a.md": (
            "# 甲\n\n段\n[一](#没有)，\n\n- [二](b.md#没有)\n- [三](c.md)\n- [四]()\n- [五](javascript:alert)\n"
            "- [六](x.png)\n- [九](%00)\n\n[^1]注[^1]\n\n[^1]: [七](/etc/passwd)\n\n<a href='#无'>八</a>\n"
        ),
        "b.md": "# 乙\n",
    }
    book = make_book(files)
    assert [place for code, place in codes(book) if code == "link-broken"] == [
        *("a.md:4", "a.md:6", "a.md:7", "a.md:8", "a.md:9", "a.md:10", "a.md:11", "a.md:15", "a.md:17")
    ]
    assert set(links(book).values()) == {None}


def test_links_elsewhere_stay(make_book):
    led = links(
        make_book("[一](https://a.example/头?x=1&y=2#z) [二](mailto:a@b.example) [三](//c.example/d) <tel:1>\n")
    )
    assert led["一"] == "https://a.example/头?x=1&y=2#z"
    assert (led["二"], led["三"]) == ("mailto:a@b.example", "https://c.example/d")


def test_an_id_that_stands_twice_gets_an_ordinal_and_links_mean_their_own_files(make_book):
    files = {
        "a.md": "# 甲 {#same}\n\n[一](#same) <h2 id='raw'>生甲</h2>\n",
        "b.md": "# 乙 {#same}\n\n[二](#same) [三](a.md#same) [四](#raw)\n\n<h2 id='raw'>生乙</h2>\n",
    }
    book = make_book(files)
    led = {words: element(book, address[1:]) for words, address in links(book).items()}
    assert led == {"一": "甲", "二": "乙", "三": "甲", "四": "生乙"}
    assert codes(book) == [("id-duplicate", "b.md:1"), ("id-duplicate", "b.md:5")]


@pytest.mark.parametrize("home", ["/", "/index.html", "//", "/./"])
def test_a_link_to_the_sites_first_page_leads_to_the_first_chapter(make_book, home):
    book = make_book({"a.md": "# 甲 {#first}\n", "b.md": f"# 乙\n\n回[乙]({home})。<a href='{home}'>又</a>\n"})
    if home != "//":
        assert links(book)["乙"] == "#first"
    assert make_book("# 甲\n\n[上](../../../../../../../../../..)[乙](/../..)\n", ("zh-CN",)).findings


def test_a_remark_where_an_address_would_be_stays_as_it_was_typed(make_book):
    book = make_book("# 题\n\n[小红](笑)：你来了。[乙](乙.md)\n", ("zh-CN",))
    assert "[小红](笑)：你来了。<span>乙</span>" in book.page("zh-CN")
    assert len([one for one in book.findings if one.code == "link-broken"]) == 2


def test_an_old_anchor_of_raw_html_leads_home(make_book):
    book = make_book('<a name="old"></a>段\n\n[一](#old) <meta name="viewport">\n')
    assert links(book)["一"] == "#old"
    assert "old" in ids(book)


def test_an_authors_id_cannot_take_those_of_our_own_pages(make_book):
    book = make_book({"a.md": "文\n\n## 题 {#start-a}\n\n[一](#start-a)\n"})
    assert element(book, links(book)["一"][1:]) == "題"
    assert len(ids(book)) == len(set(ids(book)))


def test_an_authors_id_that_looks_like_one_of_ours_stays_and_ours_gives_way(make_book):
    [_, made] = [one for one in ids(make_book({"a.md": "# 头\n\n## 题\n"})) if one.startswith("h-")]
    for text in (f"# 头\n\n## 别 {{#{made}}}\n\n## 题\n", f"# 头\n\n## 题\n\n## 别 {{#{made}}}\n"):
        book = make_book({"a.md": f"{text}\n[一](#{made})\n"})
        assert len({one for one in ids(book) if one.startswith("h-")}) == 3, "a heading without an id has lost it"
        assert element(book, links(book)["一"][1:]) == "別"


def test_every_inner_link_of_the_handbook_leads_to_an_id_in_each_edition_and_format(handbook):
    assert not [one for one in handbook.findings if one.code in ("link-broken", "id-duplicate")]
    for publication in handbook.editions.values():
        for format_name in ("html", "epub", "pdf"):
            prepared = prepare(publication, format_name)
            known = {name for one in prepared for name in xhtml.ids(one.tree)}
            for one in prepared:
                lead(one.tree, known)
            led = [link.get("href") for one in prepared for link in one.tree.iter(f"{xhtml.H}a")]
            inner = [address[1:] for address in led if address and address.startswith("#")]
            assert len(inner) > 20
            assert set(inner) <= known
            assert {call.get("data-note") for one in prepared for call in xhtml.note_calls(one.tree)} <= known


# --- whatever is written, ids are unique ------------------------------------------------------------------------------

NAMES = st.sampled_from(["a", "b", "a-2", "start-x", "头发", "1x", "p-0000000000", "同"])
WORDS = st.sampled_from(["同", "异", "a b", ""])


@st.composite
def documents(draw):
    """Texts with ids in all the places where Markdown has them."""
    rows = []
    for _ in range(draw(st.integers(1, 6))):
        name, word = draw(NAMES), draw(WORDS)
        rows.append(
            draw(
                st.sampled_from(
                    [
                        f"# {word}x {{#{name}}}",
                        f"## {word}x",
                        f"{word}段",
                        f"[{word}x]{{#{name}}} 文^[{word}]",
                        f"::: {{#{name}}}\n{word}\n:::",
                        f"![{word}](x.png){{#{name}}}",
                        f"| {word} |\n|---|\n| b |\n\n: 表 {{#{name}}}",
                        f'<p id="{name}">{word}</p>',
                        f"文<a name='{name}'></a><i id={name}>x</i>",
                        f"- {word}\n- {word}",
                        f"[x](#{name}) [y](b.md#{name})",
                    ]
                )
            )
        )
    return "\n\n".join(rows) + "\n"


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(documents(), min_size=1, max_size=3))
def test_no_document_has_two_equal_ids_and_no_link_leads_to_none(texts):
    names = [f"{letter}.md" for letter in "abc"[: len(texts)]]
    read, _ = pandoc.read(list(zip(names, texts, strict=True)))
    sheets, _ = identify(
        [
            sheet_of(SourceFile(name, Path(name), tuple(t.split("\n")), blocks))
            for name, t, blocks in zip(names, texts, read, strict=True)
        ],
        Gists(),
    )
    pages, _ = pandoc.write([lift_notes(sheet.whole.blocks, SIMPLIFIED) for sheet in sheets])
    roots = [make_canonical(xhtml.parse(page, soup=True), lambda *_: None, lambda _: None) for page in pages]
    found = [str(one.get("id")) for root in roots for one in root.iter() if one.get("id")]
    assert len(found) == len(set(found))
    assert all(ASCII.match(name) for name in found)
    led = [link.get("href") for root in roots for link in root.iter(f"{xhtml.H}a") if link.get("href")]
    assert {address[1:] for address in led if address.startswith("#")} <= set(found)


def test_a_link_of_a_vault_with_a_path_counts_from_its_folder(make_book):
    files = {
        "book.yaml": "title: t\nchapters: [笔记/甲.md, 笔记/乙.md]\n",
        "笔记/甲.md": "# 甲\n\n[[笔记/乙|丙]]，[[笔记/丁]]\n",
        "笔记/乙.md": "# 乙\n",
    }
    book = make_book(files, ("zh-CN",))
    told = [one.problem for one in book.findings if one.code == "link-broken"]
    assert len(told) == 1
    assert "笔记/丁" in told[0]
