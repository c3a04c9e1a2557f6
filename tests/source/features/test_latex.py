r"""LaTeX's own names and references, as notes for MathJax have them: `\label{mean}`, `\eqref{mean}`."""

from __future__ import annotations

import re

import pytest

from publish.source.features.latex import name_of

HEAD = "---\ntitle: 书\nauthor: 甲\nlang: zh-CN\n---\n\n"
TARGETS = r"""
# 章 \label{first}

$$ f(x) = 1 \label{eq1} $$

$$
\begin{equation}
g(x) = 2 \label{勾股 定理}
\end{equation}
$$

$$ h = 3 \tag{3.1}\label{my tag} $$

![题注\label{fig:one}](x.png)

![另一个 \label{two}](x.png)

| 甲 |
|---|
| 乙 |

: 表的题注 \label{tab:t}

"""


@pytest.fixture
def read(make_book, png):
    """`read(Markdown)` is the text of a zh-TW book's page with the targets and it, and the book's findings."""

    def make(text):
        book = make_book({"a.md": HEAD + TARGETS + text, "x.png": png}, ("zh-TW",))
        [chapter] = book.editions["zh-TW"].chapters
        xhtml = re.sub(r"(?s)<annotation.*?</annotation>", "", chapter.xhtml)
        return re.sub(r"<[^>]+>", "", xhtml), book.manuscript.findings

    return make


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (r"由 \eqref{eq1} 得", "由 (1) 得"),
        (r"公式~\ref{勾股 定理}说", "公式(2)說"),
        (r"Eq.~\ref{my tag} 是", "Eq.\u00a0(3.1) 是"),
        (r"由 $\eqref{eq1}$ 得", "由 (1) 得"),
        (r"由($\ref{eq1}$)和（\ref{eq1}）得", "由(1)和(1)得"),
        (r"由 $(\ref{eq1})$ 得", "由 (1) 得"),
        (r"图~\ref{fig:one}和图~\ref{two}，（\ref{two}）", "圖1和圖2，（2）"),
        (r"\cref{fig:one,two}", "圖 1、2"),
        (r"\autoref{tab:t}", "表 1"),
        (r"\autoref{fig-one}", "圖 1"),
    ],
)
def test_a_label_of_any_spelling_is_referred_to(read, text, wanted):
    words, findings = read(f"说：{text}。\n")
    assert wanted in words
    assert "\\" not in words
    assert not [one for one in findings if one.code in ("markup-unread", "xref-unread")]


def test_what_leads_to_nothing_stays_and_is_told_once_with_its_line(read):
    words, findings = read("说 \\ref{nowhere}。\n\n说 $\\eqref{none}$ 和 \\eqref{none_a_b}。\n")
    assert "\\ref{nowhere}" in words
    assert "\\eqref{none_a_b}" in words
    [told] = [one for one in findings if one.code == "xref-unread"]
    assert told.place.line == 30
    assert "(3 of the kind, first here)" in told.problem


def test_marks_of_bookdown_are_names_and_references_too(read):
    named = "\n\\begin{equation}\nk = 4 (\\#eq:1-11)\n\\end{equation}\n\n![(\\#fig:third) 第三张](x.png)\n"
    words, findings = read(
        f"见 \\@ref(eq:1-11)，图 \\@ref(fig:third)，第 \\@ref(my-own) 节。{named}\n## 节 {{#my-own}}\n"
    )
    assert "見 (3)，圖 3，第 「節」 節。" in words
    assert "圖 3　第三張" in words
    assert not [one for one in findings if one.code in ("markup-unread", "xref-unread", "math-tex")]
    words, findings = read("见 \\@ref(fig:none)。\n")
    assert "見 \\@ref(fig:none)。" in words
    assert [one.place.line for one in findings if one.code == "xref-unread"] == [30]


def test_a_name_says_its_kind():
    assert name_of("eq", "eq:mean") == "eq:mean"
    assert name_of("eq", "eq-mean") == "eq-mean"
    assert name_of("eq", "1") == "eq:1"
    assert name_of("tbl", "tab: 甲 乙") == "tbl:tab:-甲-乙"


def test_a_formula_in_a_block_of_tex_is_numbered_as_others_are(read):
    block = "```{=tex}\n\\begin{equation}\nk = 4 (#eq:raw)\n\\end{equation}\n```\n\n"
    words, findings = read(f"{block}由 \\@ref(eq:raw) 得。\n")
    assert "由 (3) 得。" in words
    assert not [one for one in findings if one.code in ("markup-unread", "xref-unread", "math-tex")]
