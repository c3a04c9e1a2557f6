"""What theorems and their kin are called in an edition, how they are counted, what refers to them."""

from __future__ import annotations

import pytest

from publish.edition.markup.xhtml import H, plain, read
from publish.parity.gate import compare

ONE = """\
# 软件

由 @thm-line、引理 @lem-x 与[@thm-line; @def-u]，见 @exr-k、@prp-q、@thm-two。

::: {#thm-line}
## 软件定理

文。
:::

::: {.lemma #x}
$$ x $$
:::

::: {#def-u}
文。
:::

::: {#exr-k}
题。

::: solution
软件。
:::
:::

::: {#prp-q}
**命题 7.1**　文。
:::
"""
TWO = "# 后来\n\n::: {#thm-two}\n文。\n:::\n\n::: {#thm-three}\n- 甲\n:::\n"
SAID = "命题 7.1　文。"
SETTINGS = "title: 书\nauthor: 甲\nlang: zh-CN\nnumber-sections: true\nchapters: [a.md, b.md]\n"


@pytest.fixture
def book(make_book):
    return make_book(
        {"book.yaml": SETTINGS, "a.md": ONE.replace("@lem-x", "@lem:x"), "b.md": TWO}, ("zh-CN", "zh-TW", "zh-HK")
    )


@pytest.mark.parametrize(
    ("edition", "said", "heads"),
    [
        (
            "zh-CN",
            "由定理 1.1、引理 1.1 与定理 1.1、定义 1.1，见练习 1.1、命题 7.1、定理 2.1。",
            ["定理 1.1（软件定理）　文。", "引理 1.1", "定义 1.1　文。", "练习 1.1　题。", "解　软件。", SAID],
        ),
        (
            "zh-TW",
            "由定理 1.1、引理 1.1 與定理 1.1、定義 1.1，見習題 1.1、命題 7.1、定理 2.1。",
            [
                "定理 1.1（軟件定理）　文。",
                "引理 1.1",
                "定義 1.1　文。",
                "習題 1.1　題。",
                "解　軟件。",
                SAID.replace("题", "題"),
            ],
        ),
    ],
)
def test_each_edition_says_and_counts_them_in_its_words(book, edition, said, heads):
    root = read(book.editions[edition].chapters[0].xhtml)
    assert plain(next(root.iter(f"{H}p"))) == said
    divisions = [one for one in root.iter(f"{H}div") if (one.get("class") or "").startswith("statement")]
    assert [plain(one.find(f"{H}p")) for one in divisions] == heads


def test_a_head_that_stands_alone_stays_with_what_it_is_the_head_of(book):
    roots = [read(one.xhtml) for one in book.editions["zh-CN"].chapters]
    alone = [plain(one) for root in roots for one in root.iter(f"{H}p") if one.get("class") == "statement-head"]
    assert alone == ["引理 1.1", "定理 2.2"]


def test_the_editions_hold_what_the_manuscript_holds(book):
    assert [str(one) for one in compare(book.project, book.manuscript, list(book.editions.values()))] == []


def test_a_book_without_numbers_says_the_word_alone(make_book):
    book = make_book({"a.md": "# 一\n\n::: {#thm-x}\n文。\n:::\n"}, ("zh-CN",))
    root = read(book.editions["zh-CN"].chapters[0].xhtml)
    assert plain(next(root.iter(f"{H}p"))) == "定理　文。"
