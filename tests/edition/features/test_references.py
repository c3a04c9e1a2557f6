"""What references say in an edition: the region's words, numbers, titles; lists of what is numbered."""

from __future__ import annotations

import pytest

from publish.edition.markup.xhtml import H, plain, read
from publish.parity.gate import compare

ONE = """\
# 软件 {#sec:one}

见@fig:map、@tbl:t、@eq:e、@lst:code、@sec:two、@sec:part、@fig:late。

## 小节 {#sec:part}

![软件图](x.png){#fig:map}

| 甲 |
|---|
| 乙 |

: 见@fig:map {#tbl:t}

$$E=mc^2$$ {#eq:e}

```{.python #lst:code caption="软件"}
print("软件")
```
"""
TWO = """\
# 后来 {#sec:two}

![后图](x.png){#fig:late}

回到@fig:map。

::: {.list-of-figures}
:::

::: {.list-of-tables}
:::

::: {.list-of-listings}
:::
"""
SETTINGS = "title: 书\nauthor: 甲\nlang: zh-CN\nnumber-sections: true\nchapters: [a.md, b.md]\n"


@pytest.fixture
def book(make_book, png):
    def make(settings=SETTINGS, **files):
        names = {"book.yaml": settings, "a.md": ONE, "b.md": TWO, "x.png": png}
        return make_book({**names, **{f"{name}.md": text for name, text in files.items()}}, ("zh-CN", "zh-TW", "zh-HK"))

    return make


def sentence(book, edition, chapter=0):
    root = read(book.editions[edition].chapters[chapter].xhtml)
    return next(plain(one) for one in root.iter(f"{H}p"))


@pytest.mark.parametrize(
    ("edition", "words"),
    [
        ("zh-CN", "见图 1-1、表 1-1、式 (1.1)、代码 1-1、第二章、第 1.1 节、图 2-1。"),
        ("zh-TW", "見圖 1-1、表 1-1、式 (1.1)、程式碼 1-1、第二章、第 1.1 節、圖 2-1。"),
        ("zh-HK", "見圖 1-1、表 1-1、式 (1.1)、程式碼 1-1、第二章、第 1.1 節、圖 2-1。"),
    ],
)
def test_each_edition_says_them_in_its_words(book, edition, words):
    assert sentence(book(), edition) == words


def test_all_are_links_to_ids_that_the_book_has(book):
    publication = book().editions["zh-TW"]
    roots = [read(one.xhtml) for one in publication.chapters]
    ids = {one.get("id") for root in roots for one in root.iter() if one.get("id")}
    links = [a.get("href")[1:] for root in roots for a in root.iter(f"{H}a") if (a.get("class") or "") == "xref"]
    assert len(links) == 9
    assert {*links} <= ids


def test_a_formula_has_its_number_behind_it(book):
    [formula] = [
        one
        for one in read(book().editions["zh-TW"].chapters[0].xhtml).iter(f"{H}span")
        if one.get("class") == "equation"
    ]
    assert [one.get("class") for one in formula][1:] == ["number"]
    assert formula[1].text == "(1.1)"


def test_lists_have_all_that_is_numbered_in_order(book):
    root = read(book().editions["zh-TW"].chapters[1].xhtml)
    lists = [one for one in root.iter(f"{H}div") if (one.get("class") or "").startswith("list-of ")]
    assert [[plain(item) for item in one.iter(f"{H}li")] for one in lists] == [
        ["圖 1-1 軟件圖", "圖 2-1 後圖"],
        ["表 1-1 見圖 1-1"],
        ["程式碼 1-1 軟件"],
    ]


def test_a_book_without_numbers_counts_through_and_calls_sections_by_their_titles(book):
    made = book(SETTINGS.replace("number-sections: true\n", ""))
    assert sentence(made, "zh-TW") == "見圖 1、表 1、式 (1)、程式碼 1、「後來」、「小節」、圖 2。"


def test_a_book_that_refers_to_nothing_has_no_numbers(book):
    made = book(SETTINGS.replace("number-sections: true\n", ""), a="# 一\n\n![图](x.png)\n", b="# 二\n")
    assert "number" not in made.editions["zh-TW"].chapters[0].xhtml


def test_what_is_only_in_another_edition_is_told_with_its_line(book):
    made = book(b='# 后来 {#sec:two}\n\n::: {.only edition="zh-CN"}\n![后图](x.png){#fig:late}\n:::\n')
    assert [(one.code, one.place.line) for one in made.editions["zh-TW"].findings if one.code[:4] == "xref"] == [
        ("xref-unnumbered", 3)
    ]
    assert not [one for one in made.editions["zh-CN"].findings if one.code[:4] == "xref"]


def test_the_editions_hold_what_the_manuscript_holds(book):
    made = book()
    assert [str(one) for one in compare(made.project, made.manuscript, list(made.editions.values()))] == []


def test_names_and_references_of_latex_are_read_as_ours(make_book):
    text = (
        "# 一\n\n由式\\eqref{eq:q}、\\autoref{eq:q}得，见 \\ref{eq:none}。\n\n$$ x \\label{eq:q} $$\n\n"
        "\\begin{equation}\ny \\label{eq:z}\n\\end{equation}\n\n$$ z \\label{eq:t} \\tag{甲} $$\n"
    )
    book = make_book({"a.md": text}, ("zh-CN",))
    publication = book.editions["zh-CN"]
    assert list(compare(book.project, book.manuscript, [publication])) == []
    root = read(publication.chapters[0].xhtml)
    paragraph = next(plain(one) for one in root.iter(f"{H}p"))
    assert paragraph == "由式(1)、式 (1)得，见 \\ref{eq:none}。"
    numbered = [one.get("id") for one in root.iter() if str(one.get("id")).startswith("eq-")]
    assert numbered == ["eq-q", "eq-z", "eq-t"]
