"""Pseudocode in the words of LaTeX's packages."""

from __future__ import annotations

import pytest

from publish.source.document import key_values
from publish.source.features.pseudocode import GIVEN, NUMBERED, algorithms

QUICKSORT = r"""\begin{algorithm}
\caption{排序 $O(n)$}
\label{qs}
\begin{algorithmic}[1]
\REQUIRE 数组 $A$ % 不显示
\PROCEDURE{Sort}{$A, p$}
\IF{$p < r$ \AND 有 \textbf{事}}
\STATE $q \gets$ \CALL{Part}{$A$} \COMMENT{分}
\ELSIF{甲}
\STATE 做；\RETURN $x$
\ELSE \State \Return $0$
\ENDIF
\Repeat
\State 50\%
\Until{尽}
\ENDPROCEDURE
\end{algorithmic}
\end{algorithm}"""


def read(code, classes=("pseudocode",)):
    block = {"t": "CodeBlock", "c": [["", [*classes], []], code], "line": 3}
    return algorithms([block], "a.md", ["", "", "```pseudocode", *code.split("\n"), "```"])


def lines(blocks, depth=0):
    for one in blocks:
        if one["t"] == "Div":
            classes = one["c"][0][1]
            yield from lines(one["c"][1], depth if GIVEN in classes or classes[:1] == ["pseudocode"] else depth + 1)
        else:
            yield "  " * depth + "".join(map(shown, one["c"]))


def shown(one):
    if one["t"] == "Strong":
        return f"*{''.join(map(shown, one['c']))}*"
    return f"${one['c'][1]}$" if one["t"] == "Math" else one.get("c", " ")


def test_an_algorithm_has_its_name_its_numbers_and_lines_within_lines():
    [one], findings = read(QUICKSORT)
    assert not findings
    assert (one["c"][0][:2], key_values(one["c"][0])["name"]) == (["alg:qs", ["algorithm"]], "排序 $O(n)$")
    [inner] = one["c"][1]
    assert NUMBERED in inner["c"][0][1]
    assert list(lines([inner])) == [
        "*Require:* 数组 $A$",
        "*procedure* Sort($A, p$)",
        "  *if* $p < r$ *and* 有 *事* *then*",
        "    $q \\gets$ Part($A$) // 分",
        "  *else if* 甲 *then*",
        "    做；",
        "    *return* $x$",
        "  *else*",
        "    *return* $0$",
        "  *end if*",
        "  *repeat*",
        "    50%",
        "  *until* 尽",
        "*end procedure*",
    ]


def test_bodies_in_braces_are_read_too():
    source = r"""\begin{algorithm}[H]
\SetAlgoLined
\KwIn{甲}
初始化\;
\ForEach{$x$ \KwTo $n$}{
  \eIf{条件}{ 做\; }{ $j$++\; }
}
\Return{果}\;
\end{algorithm}"""
    [one], _ = read(source, ["pseudo"])
    assert list(lines([one])) == [
        "*Input:* 甲",
        "初始化",
        "*for each* $x$ *to* $n$ *do*",
        "  *if* 条件 *then*",
        "    做",
        "  *else*",
        "    $j$++",
        "*return* 果",
    ]


@pytest.mark.parametrize("line", ["\\State \\unknown{x}", "\\State $x", "\\If 甲", "\\State }"])
def test_what_nobody_knows_stays_code_and_is_told_where_it_stands(line):
    code = f"\\begin{{algorithmic}}\n{line}\n\\end{{algorithmic}}"
    [one], findings = read(code)
    if line == "\\State $x":  # a dollar alone is a sign
        assert list(lines([one])) == ["$x"]
        return
    assert one["t"] == "CodeBlock"
    [told] = findings
    assert told.code == "markup-unread"
    assert line != "\\State \\unknown{x}" or told.place.line == 5


def test_pseudocode_that_is_no_tex_is_code_and_nothing_is_told():
    [one], findings = read("甲 ← 乙")
    assert one["t"] == "CodeBlock"
    assert not findings


def test_an_environment_in_the_text_is_numbered_and_referred_to(make_book):
    source = f"# 章\n\n见算法 \\ref{{qs}} 与 @alg:qs。\n\n{QUICKSORT}\n"
    page = make_book(source, ("zh-TW",)).page("zh-TW")
    assert "algorithmic" not in page
    assert page.count('class="statement algorithm"') == 1
    assert "演算法 1" in page.replace("\u00a0", " ")


def test_what_it_refers_to_and_cites_stays_for_those_who_read_a_text():
    code = (
        r"\begin{algorithmic}\State 由~\ref{thm:a} 与 \cite{kuhn,b}\label{line:b}\If{\eqref{c}} \EndIf\end{algorithmic}"
    )
    [one], findings = read(code)
    assert not findings
    assert [line.strip() for line in lines([one])] == [
        "由 \\ref{thm:a} 与 [@kuhn; @b]",
        "*if* \\eqref{c} *then*",
        "*end if*",
    ]
