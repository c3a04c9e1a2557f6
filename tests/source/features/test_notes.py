"""Notes of notes and whose a note is, as the manuscript has them."""

from __future__ import annotations

import pytest

from publish.source.document import CONTAINERS, children
from publish.source.features.notes import is_repeated_call
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project


@pytest.fixture
def said(folder):
    """`said(Markdown)` is the text of the first paragraph with its notes in braces, and the findings' codes."""

    def read(text):
        manuscript = read_manuscript(
            read_project(folder({"a.md": f"---\ntitle: 书\n---\n\n# 章\n\n{text}\n"}) / "a.md")
        )
        return shown(manuscript.chapters[0].blocks[1]["c"]), [one.code for one in manuscript.findings]

    return read


def shown(inlines):
    out = ""
    for one in inlines:
        if one["t"] == "Note":
            words = "|".join(shown(block.get("c", [])) for block in one["c"] if block["t"] in ("Para", "Plain"))
            out += f"{{{one.get('kind', '')}:{words}}}"
        elif is_repeated_call(one):
            out += "{again}"
        elif one["t"] in CONTAINERS:
            inner = shown(children(one))
            out += f"<{inner}>" if one["t"] == "Span" and "note-said" in one["c"][0][1] else inner
        else:
            out += one["c"] if one["t"] == "Str" else " "
    return out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲[^1]。\n\n[^1]: 注[^2]。\n\n[^2]: 注的注。", "甲{:注{:注的注。}。}。"),
        ("甲^[注^[套着]。]", "甲{:注{:套着}。}"),
        (
            "甲^[一]{.editor}和^[二 `]`]{.translator .margin}与[^1]。\n\n[^1]: 三。",
            "甲{editor:一}和{translator:二  }与{:三。}。",
        ),
        ("甲[^a]。\n\n[^a]: 注\n\n    二段[^b]。\n\n[^b]: 乙[^c]\n[^c]: 丙", "甲{:注|二段{:乙{:丙}}。}。"),
        ("甲[^1]，乙[^2]。\n\n[^1]: 注[^2]。\n\n[^2]: 共用。", "甲{:注{:共用。}。}，乙{:共用。}。"),
        ("甲[^1]。\n\n[^1]: 注[^no]。", "甲{:注[^no]。}。"),
        ("甲[^1]。\n\n[^1]: 注[^2]。\n\n[^2]: 回[^1]。", "甲{:注{:回{:注[^2]。}。}。}。"),
    ],
)
def test_a_note_may_have_notes(said, text, expected):
    assert said(text)[0] == expected


def test_a_note_of_a_note_is_no_loss(said):
    assert said("甲[^1]。\n\n[^1]: 注[^2]。\n\n[^2]: 注的注。")[1] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "甲[^1]，乙[^1]，丙[^2]，*丁[^1]*。\n\n[^1]: 一。\n[^2]: 二。",
            "甲{:一。}，乙{again}，丙{:二。}，丁{again}。",
        ),
        ("甲[^1]，乙[^1]。\n\n[^1]: 注[^2]。\n[^2]: 内。", "甲{:注{:内。}。}，乙{again}。"),
        ("甲[^1]{.editor}，乙[^1]。\n\n[^1]: 一。", "甲{editor:一。}，乙{again}。"),
        ("甲[^1]，乙[^2]，丙[^1]。\n\n[^1]: 同上。\n[^2]: 同上。", "甲{:同上。}，乙{:同上。}，丙{:同上。}。"),
        ("甲[^1]，乙^[同上。]，丙[^1]。\n\n[^1]: 同上。", "甲{:同上。}，乙{:同上。}，丙{:同上。}。"),
        ("甲[^1]，乙[^1]。\n\n::: {.only edition=zh-TW}\n丙\n:::\n\n[^1]: 一。", "甲{:一。}，乙{:一。}。"),
        ("甲[^1]与`[^1]`。\n\n[^1]: 一。", "甲{:一。}与 。"),
    ],
)
def test_a_note_that_is_called_again_is_one(said, text, expected):
    assert said(text)[0] == expected


def test_a_note_is_one_within_its_chapter(folder):
    text = "---\ntitle: 书\n---\n\n# 一\n\n甲[^1]乙[^1]\n\n# 二\n\n丙[^1]丁[^1]\n\n[^1]: 注\n"
    manuscript = read_manuscript(read_project(folder({"a.md": text}) / "a.md"))
    said = [shown(one.blocks[1]["c"]) for one in manuscript.chapters]
    assert said == ["甲{:注}乙{again}", "丙{:注}丁{again}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲[^1]{.translator}。\n\n[^1]: 注。", "甲{translator:注。}。"),
        ("甲^[注]{.editor}，乙", "甲{editor:注}，乙"),
        ("甲[^1]{.author}\n\n[^1]: 注。", "甲{author:注。}"),
        ("甲[^1]\n\n[^1]: 译者注：注。", "甲{:<译者注：>注。}"),
        ("甲[^1]\n\n[^1]: 【編註】注。", "甲{:<【編註】>注。}"),
        ("甲[^1]\n\n[^1]: 原注很长。", "甲{:原注很长。}"),
        ("甲[^1]{.other}\n\n[^1]: 注。", "甲{:注。}{.other}"),
    ],
)
def test_a_note_says_whose_it_is(said, text, expected):
    assert said(text)[0] == expected
