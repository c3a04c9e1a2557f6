"""Drawings made of characters, as ┌─┐ and trees of ├── are: each character as wide as whoever drew it counted.

In a terminal a Han is two cells wide, a letter one, and a line of a frame one. Fonts are not of this opinion: a Chinese
one for code has lines as wide as Han, and in others a Han is less than two letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from lxml import etree

from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import Element, H
from publish.source.document import is_wide

DRAWN, CELLS = "in-cells", "cells"  # classes of a listing that is drawn, and of characters whose width is told
LINES = re.compile("[\u2500-\u257f]")
_ASCII = 0x80
_FRAMED = re.compile("[^\x00-\x7f\u2500-\u257f].*[\u2500-\u257f]")  # words with a line behind them


def is_drawn(text: str) -> bool:
    """Whether a text is drawn with lines that are one cell wide; who counted two has frames that are even by that."""
    if not LINES.search(text):
        return False
    rows = [row.strip() for row in text.split("\n")]
    framed = [row for row in rows if LINES.match(row) and LINES.match(row[-1])]
    return not (len({_cells(row, 2) for row in framed}) == 1 < len({_cells(row, 1) for row in framed}))


def _cells(row: str, line: int) -> int:
    return sum(2 if is_wide(char) else line if LINES.match(char) else 1 for char in row)


def tell_cells(tree: Element) -> None:
    """Tell how wide Han and signs are in the frames of each drawn listing of a page; lines are so by their font."""
    for pre in tree.iter(f"{H}pre"):
        code = pre[0] if len(pre) == 1 and xhtml.local(pre[0]) == "code" and not (pre.text or "").strip() else pre
        if len(code) or pre.get("data-look") or not is_drawn(code.text or ""):
            continue
        xhtml.add_class(pre, DRAWN)
        rows, code.text = (code.text or "").splitlines(keepends=True), None
        for row in rows:  # a tree has nothing behind its words that must stand below something
            put(code, row, _is_apart if _FRAMED.search(row) else lambda _: False, told=True)


def _is_apart(char: str) -> bool:
    return ord(char) >= _ASCII and not LINES.match(char)


def put(parent: Element, text: str, narrowed: Callable[[str], bool], *, told: bool = False) -> None:
    """Put a text into an element, characters that are `narrowed` in elements of the class `cells`, their width told."""
    for (apart, wide), run in _runs(text, narrowed):
        if not apart:
            if len(parent):
                parent[-1].tail = (parent[-1].tail or "") + run
            else:
                parent.text = (parent.text or "") + run
            continue
        cell = etree.SubElement(parent, f"{H}span", {"class": CELLS})
        cell.text = run
        if told:
            cell.set("style", f"width:{len(run) * (1 + wide)}ch")


def _runs(text: str, narrowed: Callable[[str], bool]) -> Iterator[tuple[tuple[bool, bool], str]]:
    def kind(char: str) -> tuple[bool, bool]:
        return (True, is_wide(char)) if narrowed(char) else (False, False)

    return ((key, "".join(group)) for key, group in groupby(text, key=kind))
