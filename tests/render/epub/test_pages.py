"""The printed book's pages in its EPUB: marks where they begin, a list, and what the metadata say of it."""

from __future__ import annotations

import zipfile

import pytest
from lxml import etree

from publish.edition.markup import xhtml
from publish.edition.publication import PublishedChapter
from publish.render.chapters import PreparedChapter
from publish.render.epub.pages import mark_pages, page_marks
from publish.render.protocol import Folio
from tests.tiny import SETTINGS, make, write_book

NS = {"h": xhtml.XHTML, "e": "http://www.idpf.org/2007/ops", "o": "http://www.idpf.org/2007/opf"}
MARKS = "//*[@role='doc-pagebreak']"


def chapter(markup):
    tree = xhtml.read(f'<div xmlns="{xhtml.XHTML}">{markup}</div>')
    return PreparedChapter(PublishedChapter("c", "c", "题", "", ""), tree)


def marked(markup, *folios):
    one = chapter(markup)
    marks = page_marks([one], folios)
    mark_pages(one.tree, marks)
    return [(mark.label, mark.chapter, mark.id) for mark in marks], etree.tostring(one.tree, encoding="unicode")


def test_a_page_begins_with_the_first_passage_that_the_epub_has_of_it():
    rows, text = marked(
        '<p id="a">甲<em>乙</em></p><p id="b">丙</p>', Folio("7", ("gone", "b", "a")), Folio("8", ("x",))
    )
    assert rows == [("7", "c", "page-7")]
    assert "甲<em>乙</em>" in text
    assert 'id="page-7"' in text.partition('<p id="b">')[2].partition("丙")[0]


@pytest.mark.parametrize(
    "markup",
    ['<table id="a"><tr><td>甲</td></tr></table>', '<ul id="a"><li>甲</li></ul>', '<pre id="a">甲</pre>'],
)
def test_what_may_not_hold_a_mark_has_it_before_it(markup):
    rows, text = marked(markup, Folio("1", ("a",)))
    assert rows
    assert text.index("doc-pagebreak") < text.index('id="a"')


def test_where_no_mark_may_stand_the_next_passage_has_it():
    rows, text = marked('<table><tr id="a"><td><p id="b">甲</p></td></tr></table>', Folio("1", ("a", "b")))
    assert rows
    assert text.index('<p id="b">') < text.index("doc-pagebreak") < text.index("甲")


def test_a_group_of_a_list_of_terms_holds_no_mark():
    listed = '<dl><div id="a"><dt>甲</dt><dd><p id="b">乙</p></dd></div></dl>'
    rows, text = marked(listed, Folio("1", ("a", "b")))
    assert rows
    assert text.index('<p id="b">') < text.index("doc-pagebreak") < text.index("乙")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A book of several pages, in both formats at once and the EPUB alone."""
    folder = tmp_path_factory.mktemp("pages")
    text = "# 长章\n\n" + "".join(f"第{number}段。{'字' * 300}\n\n" for number in range(12))
    book = write_book(folder / "book", {"book.yaml": SETTINGS, "01.md": text})
    make(book, folder / "both", "epub", "pdf", editions=("zh-TW",))
    make(book, folder / "alone", "epub", editions=("zh-TW",))
    return folder


def package(file):
    with zipfile.ZipFile(file) as opened:
        return {
            name: etree.fromstring(opened.read(name)) for name in opened.namelist() if name.endswith(("xhtml", "opf"))
        }


def test_the_list_leads_to_a_mark_for_each_page_of_the_text(built):
    book = package(built / "both/zh-TW/tiny.epub")
    rows = book["EPUB/nav.xhtml"].xpath("//h:nav[@e:type='page-list']//h:a", namespaces=NS)
    assert [row.text for row in rows][:3] == ["1", "2", "3"]
    for row in rows:
        name, _, mark = row.get("href").partition("#")
        [found] = book[f"EPUB/{name}"].xpath(f"//*[@id='{mark}']")
        assert (found.get("role"), found.get("aria-label")) == ("doc-pagebreak", row.text)
    said = [one.text for one in book["EPUB/content.opf"].iter(f"{{{NS['o']}}}meta")]
    assert {"pageBreakMarkers", "pageNavigation"} <= set(said)


def test_an_epub_that_is_built_alone_says_nothing_of_pages(built):
    book = package(built / "alone/zh-TW/tiny.epub")
    assert not [found for tree in book.values() for found in tree.xpath(MARKS)]
    assert "pageBreakSource" not in etree.tostring(book["EPUB/content.opf"], encoding="unicode")
    assert not book["EPUB/nav.xhtml"].xpath("//h:nav[@e:type='page-list']", namespaces=NS)
