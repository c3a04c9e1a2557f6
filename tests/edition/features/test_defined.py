"""The list of words that a book defines: converted, sorted as each edition sorts, and one list."""

from __future__ import annotations

import pytest

from publish.edition.markup.xhtml import H, plain, read
from publish.parity.gate import compare

FILES = {
    "book.yaml": "title: 书\nauthor: 甲\nlang: zh-CN\ndefinitions: d.yaml\nchapters: [a.md, g.md]\n",
    "d.yaml": (
        "软件: |\n  头发。\n\n  见[重庆]{.term}。\n重庆: 城市。\n"
        "长江: {definition: 河流。, reading: zhang jiang}\nAI: 智能。\n"
    ),
    "a.md": "# 一\n\n软件、重庆、长江和 AI。[^1]\n\n[^1]: 注里的软件。\n",
    "g.md": "# 词汇表\n\n::: glossary\n先说一句。\n:::\n",
}


@pytest.mark.parametrize(
    ("edition", "words"),
    [("zh-CN", "AI 重庆 软件 长江"), ("zh-TW", "AI 長江 重慶 軟件"), ("zh-HK", "AI 長江 重慶 軟件")],
)
def test_each_edition_sorts_the_list_and_its_words_lead_there(make_book, edition, words):
    book = make_book(FILES, (edition,))
    publication = book.editions[edition]
    assert list(compare(book.project, book.manuscript, [publication])) == []
    text, page = (read(one.xhtml) for one in publication.chapters)
    [listed] = page.iter(f"{H}dl")
    assert sorted(plain(one) for one in listed.iter(f"{H}dt")) == sorted(words.split())
    assert " ".join(plain(one) for one in listed.iter(f"{H}dt")) == words
    names = {one.get("id") for one in listed}
    assert None not in names
    leads = [one.get("href")[1:] for tree in (text, page) for one in tree.iter(f"{H}a") if one.get("class") == "term"]
    assert set(leads) == names
    assert len(leads) == 5, "each word once in a chapter, and one that its author marked in the list"


def test_a_list_is_an_edition_s_own_text(make_book):
    book = make_book(FILES, ("zh-TW",))
    assert any("頭髮" in unit.output for unit in book.editions["zh-TW"].units)
