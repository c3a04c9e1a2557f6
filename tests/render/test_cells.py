"""Drawings of characters: who counted a line of a frame as one cell, and what is told of the rest."""

from __future__ import annotations

import pytest

from publish.edition.markup import xhtml
from publish.render.cells import is_drawn, put, tell_cells

FRAME = "┌──────┐\n│ 姓名 │\n└──────┘"


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        (FRAME, True),
        ("┌───┐\n│ 姓名 │\n└───┘", False),  # a line as wide as a Han
        ("┌──┐\n│ab│\n└──┘", True),
        ("src\n├── 甲.py\n└── b.py", True),
        ("────", True),
        ("let 甲 = 1 | 2", False),
    ],
)
def test_a_frame_tells_how_wide_its_lines_were_counted(text, drawn):
    assert is_drawn(text) == drawn


def test_han_and_signs_of_a_drawn_listing_are_told_their_width_and_its_text_stays():
    source = "│ 姓名 ✓•ab│\n└─┘\n├── 第一章.md  # 开头"
    tree = xhtml.parse(f"<pre><code>{source}</code></pre><pre><code>姓名 ✓</code></pre>", soup=False)
    tell_cells(tree)
    cells = [one for one in tree.iter() if one.get("class") == "cells"]
    assert [("".join(one.itertext()), one.get("style")) for one in cells] == [
        ("姓名", "width:4ch"),
        ("✓•", "width:2ch"),
    ]
    assert [xhtml.plain(one) for one in tree.iter(f"{xhtml.H}pre")] == [source, "姓名 ✓"]
    assert [one.get("class") for one in tree.iter(f"{xhtml.H}pre")] == ["in-cells", None]


def test_coloured_code_keeps_its_text_whole():
    tree = xhtml.parse('<pre data-look="k3"><code>let ┌─┐ 名</code></pre>', soup=False)
    tell_cells(tree)
    assert not [one for one in tree.iter() if one.get("class")]


def test_in_print_what_a_font_has_too_wide_is_narrowed():
    tree = xhtml.parse("<pre/>", soup=False)
    put(tree[0], "│ a──b", "│─".__contains__)
    assert [one.text for one in tree[0]] == ["│", "──"]
    assert xhtml.plain(tree[0]) == "│ a──b"
