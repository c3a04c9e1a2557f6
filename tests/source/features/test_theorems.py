"""Divisions that state something: which they are, what they are called, what their authors have said themselves."""

from __future__ import annotations

import pytest

from publish.source.document import text
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

HEAD = "---\ntitle: 书\nauthor: 甲\nlang: zh-CN\n---\n\n# 章\n\n"


@pytest.fixture
def read(folder):
    """`read(Markdown)` is the first division of a chapter, and the codes of what was found."""

    def read(markdown):
        manuscript = read_manuscript(read_project(folder({"a.md": f"{HEAD}{markdown}"}) / "a.md"))
        division = next(one for one in manuscript.chapters[0].blocks if one["t"] == "Div")
        return division, [one.code for one in manuscript.findings]

    return read


@pytest.mark.parametrize(
    ("written", "name", "classes", "words"),
    [
        ("::: {#thm-line}\n## 勾股定理\n\n文。\n:::", "thm-line", ["statement", "theorem"], "（勾股定理）　文。"),
        ('::: {#lem-x name="小"}\n文。\n:::', "lem-x", ["statement", "lemma"], "（小）　文。"),
        ('::: {.theorem #line title="勾股"}\n文。\n:::', "thm-line", ["statement", "theorem"], "（勾股）　文。"),
        ("::: {.definition #def:u}\n文。\n:::", "def-u", ["statement", "definition"], "文。"),
        ("::: proof\n文。\n:::", "", ["statement", "proof", "unnumbered"], "文。"),
        (":::{.remark}\n文。\n:::", "", ["statement", "remark", "unnumbered"], "文。"),
        ("::: {#rem-x}\n文。\n:::", "rem-x", ["statement", "remark"], "文。"),
        ("::: {#thm-x .unnumbered}\n文。\n:::", "thm-x", ["statement", "theorem", "unnumbered"], "文。"),
        ("::: {#thm-x}\n**定理 7.1** 文。\n:::", "thm-x", ["statement-said", "theorem"], "定理 7.1 文。"),
        ("::: proof\n证明：文。\n:::", "", ["statement-said", "proof"], "证明：文。"),
        ("::: {#def-x}\n定义 $f$ 为数。\n:::", "def-x", ["statement", "definition"], "定义 f 为数。"),
        ("::: {#def-x}\n**定义** 设 $f$。\n:::", "def-x", ["statement-said", "definition"], "定义 设 f。"),
        ("::: {#hyp-x}\n假设甲。\n:::", "hyp-x", ["statement", "hypothesis"], "假设甲。"),
        ("::: proof\n证明此式只需三步。\n:::", "", ["statement", "proof", "unnumbered"], "证明此式只需三步。"),
        ("::: {#exr-x}\n证明 $x$ 为正。\n:::", "exr-x", ["statement", "exercise"], "证明 x 为正。"),
        ("::: {#exm-x}\n解 $x$。\n:::", "exm-x", ["statement", "example"], "解 x。"),
        ("::: {#exm-x}\n**例 3** 文。\n:::", "exm-x", ["statement-said", "example"], "例 3 文。"),
        ("```{prf:axiom} 平行\n:label: line\n文。\n```", "axm-line", ["statement", "axiom"], "（平行）　文。"),
        (":::{prf:assumption}\n文。\n:::", "", ["statement", "hypothesis"], "文。"),
        ("```{exercise}\n---\nlabel: x\n---\n文。\n```", "exr-x", ["statement", "exercise"], "文。"),
        # What others have for something else.
        ("::: {.example}\n文。\n:::", "", ["example"], "文。"),
        ("::: {.definition-box}\n文。\n:::", "", ["definition-box"], "文。"),
    ],
)
def test_a_division_that_states_something_has_its_kind_and_its_name(read, written, name, classes, words):
    division, found = read(written)
    assert (division["c"][0][0], division["c"][0][1]) == (name, classes)
    assert text(division["c"][1][0]["c"]) == words
    assert not found


def test_a_box_of_a_sites_theme_that_has_a_title_states_nothing(read):
    division, _ = read("::: theorem 两个指令的区别\n文。\n:::")
    assert division["c"][0][1] == ["theorem"]


def test_a_name_stands_alone_before_a_formula_or_a_list(read):
    division, _ = read("::: {#thm-x}\n## 题\n\n$$ x $$\n:::")
    first, second = division["c"][1]
    assert (text(first["c"]), second["c"][-1]["t"]) == ("（题）", "Math")


@pytest.mark.parametrize("address", ["@def:none", "@rem-2019", "@sol:x"])
def test_what_no_name_of_the_book_is_spelt_like_is_no_reference(read, address):
    _, found = read(f"由 {address} 得。\n\n::: {{#thm-x}}\n文。\n:::")
    assert not found


def test_a_reference_to_a_theorem_that_is_not_there_is_an_error(read):
    _, found = read("由 @thm-none 得。\n\n::: {#thm-x}\n文。\n:::")
    assert found == ["xref-broken"]


def test_a_reference_in_brackets_of_a_kind_that_the_book_has_none_of_is_told(read):
    _, found = read("由[@lem-none] 得。\n\n::: {#thm-x}\n文。\n:::")
    assert found == ["xref-unread"]
