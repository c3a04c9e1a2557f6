"""Environments of TeX and formulas over lines as people type them."""

from __future__ import annotations

import pytest

from publish.source.reading import read_dialects


def text_of(source):
    return "\n".join(row for row in read_dialects(source.split("\n")).text.split("\n") if row.strip())


@pytest.mark.parametrize("name", ["aligned", "cases", "bmatrix", "array", "align*"])
def test_an_environment_that_stands_by_itself_is_a_formula(name):
    written = f"\\begin{{{name}}}\na &= b\n\\end{{{name}}}"
    assert text_of(f"文。\n\n{written}\n") == f"文。\n$$\n{written}\n$$"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "已知$A=\n\\begin{bmatrix}\n1\\\\\n2\n\\end{bmatrix}\n$，求解。",
            "已知$A= \\begin{bmatrix} 1\\\\ 2 \\end{bmatrix}$，求解。",
        ),
        (
            "- 即 $\\left\\{\n  \\begin{aligned}\n  a\n  \\end{aligned}\n  \\right. $ 也。",
            "- 即 $\\left\\{ \\begin{aligned} a \\end{aligned} \\right.$ 也。",
        ),
        ("价 \\$5 元，另\n付 \\$6。", "价 \\$5 元，另付 \\$6。"),
    ],
)
def test_a_formula_between_dollars_may_go_over_lines(written, read):
    assert text_of(written).replace("另 付", "另付").replace("另\n付", "另付") == read


def test_a_mark_of_the_sentence_before_the_last_dollar_is_the_sentences():
    assert text_of("历史 $( X_0, X_1 )，$那么，$Y_1$成立。") == "历史 $( X_0, X_1 )$，那么，$Y_1$成立。"


def test_prices_and_variables_stay_what_they_are():
    assert "$" not in text_of("价$5，$好，见 $HOME，$那里。").replace("\\$", "")
