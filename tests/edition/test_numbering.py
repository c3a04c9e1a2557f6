"""Numbers of chapters, sections, figures and tables."""

from __future__ import annotations

import pytest

from publish.edition.markup import xhtml
from publish.edition.numbering import chinese_number


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (9, "九"),
        (10, "十"),
        (11, "十一"),
        (19, "十九"),
        (20, "二十"),
        (21, "二十一"),
        (99, "九十九"),
        (100, "一百"),
        (101, "一百〇一"),
        (110, "一百一十"),
        (111, "一百一十一"),
        (120, "一百二十"),
        (1000, "一千"),
        (1001, "一千〇一"),
        (1010, "一千〇一十"),
        (1100, "一千一百"),
        (2026, "二千〇二十六"),
        (9999, "九千九百九十九"),
    ],
)
def test_numbers_in_chinese(number, words):
    assert chinese_number(number) == words


def test_chapters_sections_figures_and_tables_are_numbered_in_the_regions_words(make_book, png):
    one = (
        "# 一 {#a}\n\n## 节\n\n### 小*节*\n\n## [x]{.only edition=zh-CN}又节 {#b}\n\n![图](x.png)\n\n![](x.png)\n\n"
        "![图*二*](x.png)\n\n| a |\n|---|\n| b |\n\n: 表\n"
    )
    files = {
        "book.yaml": "title: t\nnumber-sections: true\nchapters: [p.md, {part: 部, chapters: [a.md, b.md]}]\n",
        "p.md": "# 前言 {.unnumbered}\n\n## 节\n",
        "a.md": one,
        "b.md": "# 二\n\n## 节\n\n## 不 {.unnumbered}\n\n## 又\n",
        "x.png": png,
    }
    book = make_book(files, ("zh-CN", "zh-TW"))
    chapters = book.editions["zh-TW"].chapters
    assert [(one.label, one.part_label) for one in chapters] == [("", ""), ("第一章", "第一部"), ("第二章", "")]
    labels = [[heading.label for heading in xhtml.headings(xhtml.read(one.xhtml))] for one in chapters]
    assert labels == [["", ""], ["第一章", "1.1", "1.1.1", "1.2"], ["第二章", "2.1", "", "2.2"]]
    assert [heading.text for heading in xhtml.headings(xhtml.read(chapters[1].xhtml))] == ["一", "節", "小節", "又節"]
    page = book.page("zh-TW", 1)
    assert '<figcaption><span class="number">圖 1-1</span>　圖</figcaption>' in page
    assert '<figcaption><span class="number">圖 1-2</span>　圖<em>二</em></figcaption>' in page
    assert '<caption><span class="number">表 1-1</span>　表</caption>' in page
    assert '<span class="number">图 1-1</span>' in book.page("zh-CN", 1)


def test_a_book_of_one_chapter_numbers_its_figures_alone(make_book, png):
    book = make_book({"book.yaml": "title: t\nnumber-sections: true\n", "a.md": "# 一\n\n![图](x.png)\n", "x.png": png})
    assert '<span class="number">圖 1</span>　圖' in book.page()


def test_without_number_sections_nothing_is_numbered(make_book):
    assert make_book({"book.yaml": "title: t\n", "a.md": "# 一\n", "b.md": "# 二\n"}).page() == "<h1>一</h1>"


def test_a_section_without_its_own_part_is_not_numbered(make_book):
    files = {
        "book.yaml": "title: t\nnumber-sections: true\nchapters: [a.md, b.md]\n",
        "a.md": "# 一\n\n#### 深\n\n## 节\n\n### 小\n\n::: {.box}\n# 框里\n:::\n",
        "b.md": "# 二\n",
    }
    chapter = make_book(files).editions["zh-TW"].chapters[0]
    found = [(one.label, one.text) for one in xhtml.headings(xhtml.read(chapter.xhtml))]
    assert found == [("第一章", "一"), ("", "深"), ("1.1", "節"), ("1.1.1", "小"), ("", "框裡")]
