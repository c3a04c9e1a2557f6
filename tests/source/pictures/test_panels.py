"""Figures of several lettered parts: the spellings of pandoc-crossref, Quarto and bookdown, as a region says them."""

from __future__ import annotations

import re

import pytest

from publish.edition.markup.xhtml import H, plain, read
from publish.parity.gate import compare

SAID = "见 @fig:all，左边 @fig:left，两边[@fig:left; @fig:right]。\n"
CROSSREF = """
<div id="fig:all">
![软件](x.png){#fig:left width=40%}
![头发](x.png){#fig:right width=40%}

两样
</div>
"""
CROSSREF_FENCED = CROSSREF.replace('<div id="fig:all">', "::: {#fig:all}").replace("</div>", ":::")
QUARTO = """
::: {#fig:all layout-ncol=2}

![软件](x.png){#fig:left}

![头发](x.png){#fig:right}

两样
:::
"""
NESTED = """
:::: {#fig:all}

::: {#fig:left}
![](x.png)

软件
:::

::: {#fig:right fig-cap="头发"}
![](x.png)
:::

两样
::::
"""


@pytest.fixture
def pages(make_book, png):
    def make(text, editions=("zh-CN",)):
        files = {
            "book.yaml": "title: 书\nauthor: 甲\nlang: zh-CN\nnumber-sections: true\nchapters: [a.md, b.md]\n",
            "a.md": f"# 甲\n\n{text}",
            "b.md": "# 乙\n\n::: {.list-of-figures}\n:::\n\n字。\n",
            "x.png": png,
        }
        book = make_book(files, editions)
        assert list(compare(book.project, book.manuscript, list(book.editions.values()))) == []
        return book

    return make


def rows(root):
    """The rows of a page's pictures: of each part its caption and its width."""
    found = [one for one in root.iter(f"{H}div") if one.get("class") == "panel-row"]
    return [
        [(plain(part.find(f"{H}figcaption")), re.findall(r"width:([\d.]+)%", part.get("style"))[0]) for part in row]
        for row in found
    ]


@pytest.mark.parametrize("text", [CROSSREF, CROSSREF_FENCED, QUARTO, NESTED], ids=["div", "fence", "quarto", "nested"])
@pytest.mark.parametrize(
    ("edition", "words", "one", "whole", "said"),
    [
        ("zh-CN", ["(a) 软件", "(b) 头发"], "图 1-1", "图 1-1　两样", "见图 1-1，左边图 1-1(a)，两边图 1-1(a)、(b)。"),
        ("zh-TW", ["(a) 軟件", "(b) 頭髮"], "圖 1-1", "圖 1-1　兩樣", "見圖 1-1，左邊圖 1-1(a)，兩邊圖 1-1(a)、(b)。"),
    ],
)
def test_several_pictures_with_one_caption_are_one_figure_of_lettered_parts(
    pages, text, edition, words, one, whole, said
):
    book = pages(SAID + text, ("zh-CN", "zh-TW"))
    root, last = (read(chapter.xhtml) for chapter in book.editions[edition].chapters)
    [figure] = [each for each in root.iter(f"{H}figure") if "panels" in (each.get("class") or "")]
    assert rows(root) == [[(words[0], "50"), (words[1], "50")]]
    assert (figure.get("id"), [each.get("id") for each in figure.iter(f"{H}figure")]) == (
        "fig-all",
        ["fig-all", "fig-left", "fig-right"],
    )
    assert plain(figure[-1]) == whole
    assert plain(next(root.iter(f"{H}p"))) == said
    assert [plain(item) for item in last.iter(f"{H}li")] == [f"{one} {whole.partition('　')[2]}"]
    assert all(image.get("alt") for image in root.iter(f"{H}img"))


@pytest.mark.parametrize(
    ("layout", "wanted"),
    [
        ("layout-ncol=3", [["33.33", "33.33", "33.33"], ["100"]]),
        ("layout-ncol=2", [["50", "50"], ["50", "50"]]),
        ("layout-nrow=2", [["50", "50"], ["50", "50"]]),
        ('layout="[[1,1],[2]]"', [["50", "50"], ["100"], ["100"]]),
        ('layout="[[30,-10,60], [1,1]]"', [["33.33", "66.67"], ["50", "50"]]),
        ('layout="no"', [["50", "50"], ["50", "50"]]),
        ("", [["50", "50"], ["50", "50"]]),
    ],
)
def test_rows_are_as_the_layout_asks(pages, layout, wanted):
    pictures = "\n\n".join(f"![{word}](x.png)" for word in "一二三四")
    root = read(pages(f"::: {{#fig-x {layout}}}\n{pictures}\n\n四样\n:::\n").editions["zh-CN"].chapters[0].xhtml)
    assert [[width for _, width in row] for row in rows(root)] == wanted


def test_rows_are_as_full_as_widths_allow_and_no_wider_than_they_ask_for(pages):
    pictures = "\n".join(
        f"![{word}](x.png){{width={width}%}}" for word, width in zip("一二三", (30, 60, 45), strict=True)
    )
    root = read(pages(f"::: {{#fig:x}}\n{pictures}\n\n三样\n:::\n").editions["zh-CN"].chapters[0].xhtml)
    assert [[width for _, width in row] for row in rows(root)] == [["33.33", "66.67"], ["100"]]
    styles = [one.get("style") for one in root.iter(f"{H}div") if one.get("class") == "panel-row"]
    assert styles == ["width:90%", "width:45%"]
    assert {one.get("style") for one in root.iter(f"{H}img")} == {"width:100.0%"}


def test_parts_without_words_have_no_letters_unless_they_are_named(pages):
    bare = read(pages("::: {#fig:x}\n![](x.png) ![](x.png)\n\n两样\n:::\n").editions["zh-CN"].chapters[0].xhtml)
    assert [plain(one) for one in bare.iter(f"{H}figcaption")] == ["图 1-1　两样"]
    assert [one.get("alt") for one in bare.iter(f"{H}img")] == ["两样", "两样"]
    text = "见 @fig:x、@fig:a。\n\n::: {#fig:x}\n![](x.png){#fig:a} ![](x.png)\n:::\n"
    named = read(pages(text).editions["zh-CN"].chapters[0].xhtml)
    assert [plain(one) for one in named.iter(f"{H}figcaption")] == ["(a)", "(b)", "图 1-1"]
    assert plain(next(named.iter(f"{H}p"))) == "见图 1-1、图 1-1(a)。"


def test_pictures_of_one_paragraph_stand_side_by_side(pages):
    text = "![左](x.png){width=50%} ![右](x.png){width=50%}\n\n字 ![点](x.png){width=50%} ![点](x.png){width=50%} 字\n"
    root = read(pages(text).editions["zh-CN"].chapters[0].xhtml)
    [row] = [one for one in root.iter(f"{H}div") if one.get("class") == "panel-row"]
    assert [one.get("alt") for one in row.iter(f"{H}img")] == ["左", "右"]
    assert [one.tag for one in root.iter(f"{H}figcaption")] == []


def test_pictures_of_one_paragraph_with_names_are_figures_of_their_own(pages):
    text = "见 @fig:l、@fig:r。\n\n![左](x.png){#fig:l width=50%}\n![右](x.png){#fig:r width=50%}\n"
    root = read(pages(text).editions["zh-CN"].chapters[0].xhtml)
    assert rows(root) == [[("图 1-1　左", "50"), ("图 1-2　右", "50")]]
    laid = "::: {layout-ncol=2}\n![左](x.png)\n\n![右](x.png)\n:::\n"
    assert rows(read(pages(laid).editions["zh-CN"].chapters[0].xhtml)) == [[("图 1-1　左", "50"), ("图 1-2　右", "50")]]


def test_tables_with_one_caption_have_letters_one_below_the_other(pages):
    one, two = (f"| 数 |\n|---|\n| {name} |\n\n: {name} {{#tbl-{number}}}\n" for number, name in enumerate("甲乙"))
    text = f"见 @tbl-all、@tbl-1。\n\n::: {{#tbl-all layout-ncol=2}}\n{one}\n{two}\n两张表\n:::\n"
    root = read(pages(text).editions["zh-CN"].chapters[0].xhtml)
    assert [plain(one) for one in root.iter(f"{H}caption")] == ["(a) 甲", "(b) 乙"]
    assert [plain(one) for one in root.iter(f"{H}figcaption")] == ["表 1-1　两张表"]
    assert plain(next(root.iter(f"{H}p"))) == "见表 1-1、表 1-1(b)。"


def test_what_else_stands_between_the_parts_stays_there(pages):
    text = "::: {#fig:x}\n![一](x.png)\n\n- 中间的话\n\n![二](x.png)\n\n两样\n:::\n"
    root = read(pages(text).editions["zh-CN"].chapters[0].xhtml)
    assert [word.strip() for word in plain(next(root.iter(f"{H}figure"))).split("\n") if word.strip()] == [
        "(a) 一",
        "中间的话",
        "(b) 二",
        "图 1-1　两样",
    ]
