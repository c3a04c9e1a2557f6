"""Code in lines: each an element of its own, where it has a number or a mark, or may be too long for a screen."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import Element, H
from publish.source.document import is_wide

NUMBERED, MARKED, LINE = "numbered", "data-marked", "line"
_MOST = 100_000  # the last line that a mark may name
_LONG = 32  # columns, Han taking two: what stands in one line on a telephone


@dataclass(frozen=True)
class CodeLines:
    """What a listing says of its lines: the number of the first, or 0 for none; those that are marked, from 1."""

    first: int
    marked: frozenset[int]

    def number(self, index: int) -> str:
        """The number of a line, counted from 0; empty where lines have none."""
        return str(self.first + index) if self.first else ""


def lines_of(pre: Element) -> CodeLines:
    """What a listing says of its lines."""
    numbered = NUMBERED in str(pre.get("class") or "").split()
    first = str(pre.get("data-first") or "1")
    number, marked = int(first) if numbered and first.isdigit() else 0, _marked(str(pre.get(MARKED) or ""))
    count = len(xhtml.plain(pre).rstrip("\n").split("\n")) if number > 1 and marked else 0
    if marked and marked <= {*range(number, number + count)}:  # the numbers that a reader sees
        marked = frozenset(one - number + 1 for one in marked)
    return CodeLines(number, marked)


def _marked(text: str) -> frozenset[int]:
    """The lines that a list of numbers and ranges names: 1,3-5."""
    found: set[int] = set()
    for one in re.findall(r"(\d+)(?:\s*-\s*(\d+))?", text):
        first = min(int(one[0]), _MOST)
        found.update(range(first, min(int(one[1] or one[0]), _MOST) + 1))
    return frozenset(found)


def part_lines(tree: Element) -> None:
    """Make each line of a listing that has a number or a mark, or is long, an element of the class line.

    The style sheet lets such a line hang, and marks where it goes on. The text stays as it is.
    """
    for pre in tree.iter(f"{H}pre"):
        said = lines_of(pre)
        code = pre[0] if len(pre) == 1 and xhtml.local(pre[0]) == "code" else None
        if code is None:
            continue
        if said.first or said.marked or (_is_bare(code) and any(map(_is_long, xhtml.plain(code).split("\n")))):
            _part(code, said)


def _is_bare(code: Element) -> bool:
    """Whether code holds its text and looks alone: an author's own HTML may hold links."""
    return all(xhtml.local(child) == "span" and not len(child) and not set(child.attrib) - {"class"} for child in code)


def _is_long(line: str) -> bool:
    return 2 * len(line) > _LONG and len(line) + sum(map(is_wide, line)) > _LONG


def _part(code: Element, said: CodeLines) -> None:
    """Part code, which may have coloured words, into lines."""
    runs: list[tuple[str, str]] = [(code.text or "", "")]
    for child in code:
        runs += [(xhtml.plain(child), str(child.get("class") or "")), (child.tail or "", "")]
    rows: list[list[tuple[str, str]]] = [[]]
    for text, kind in runs:
        first, *more = text.split("\n")
        rows[-1].append((first, kind))
        rows += [[(piece, kind)] for piece in more]
    for child in list(code):
        code.remove(child)
    code.text = None
    if rows and not "".join(text for text, _ in rows[-1]):
        rows.pop()
    for index, row in enumerate(rows):
        if index:
            _add(code, [("\n", "")])
        apart = said.first or index + 1 in said.marked or _is_long("".join(text for text, _ in row))
        _add(_line(code, index, said) if apart else code, row)


def _line(code: Element, index: int, said: CodeLines) -> Element:
    """An element for a line, at the end of the code; its line feed stands behind it."""
    line = etree.SubElement(code, f"{H}{'mark' if index + 1 in said.marked else 'span'}", {"class": LINE})
    if said.first:
        line.set("data-number", said.number(index))
    return line


def _add(parent: Element, runs: list[tuple[str, str]]) -> None:
    """Add stretches of text to an element, each with the class of its look, or none."""
    for text, kind in runs:
        if kind and text:
            etree.SubElement(parent, f"{H}span", {"class": kind}).text = text
        elif len(parent):
            parent[-1].tail = (parent[-1].tail or "") + text
        else:
            parent.text = (parent.text or "") + text
