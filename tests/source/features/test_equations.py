"""Displayed formulas that have names."""

from __future__ import annotations

import re

from publish.source.document import string
from publish.source.features.equations import EQUATION, with_names


def displayed(tex):
    return {"t": "Math", "c": [{"t": "DisplayMath"}, tex]}


def test_a_name_behind_a_formula_is_its_own_and_what_follows_stays():
    [span, more] = with_names([displayed("x"), {"t": "Space"}, string("{#eq:a}，即")])
    assert (span["c"][0], more) == (["eq:a", [EQUATION], []], string("，即"))
    kept = [displayed("x"), string("{#fig:a}")]
    assert with_names(kept) == kept


def test_such_rows_are_numbered_one_by_one(make_book):
    rows = (
        "a &= \\begin{cases} b \\\\ c \\end{cases} \\label{eq:a} \\\\\nd &= e \\\\\n  &= f \\label{eq:b} \\\\\ng &= h"
    )
    head = "---\ntitle: 书\nauthor: 甲\nlang: zh-CN\n---\n\n# 章\n\n"
    text = f"{head}\\begin{{align}}\n{rows}\n\\end{{align}}\n\n见 @eq:b。\n"
    [chapter] = make_book(text, ("zh-CN",)).editions["zh-CN"].chapters
    tex = re.findall(r"<annotation[^>]*>(.*?)</annotation>", chapter.xhtml, re.DOTALL)
    assert [one.count("\\\\") for one in tex] == [1, 1, 0], "what has no name of its own stands with the next that has"
    assert re.findall(r'<span class="number">([^<]+)', chapter.xhtml) == ["(1)", "(2)"]
    assert "式 (2)" in re.sub(r"<[^>]+>", "", chapter.xhtml)
