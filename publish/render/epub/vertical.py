"""Numbers in vertical lines: short ones stand upright in one square, years a digit a square (clreq §3.2)."""

from __future__ import annotations

import re
from itertools import pairwise

from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import H

# Digits with nothing Western beside them: a decimal, a date with slashes or a word keeps lying on its side.
_NUMBER = re.compile(r"(?<![0-9A-Za-z.,:/%°+\-–])(?:[0-9]{1,4}|[!?]{2})(?![0-9A-Za-z.,:/%°+\-–])")
SQUARE = 2  # so many digits share one square
_LEFT_ALONE = frozenset("code pre kbd samp var math svg rt script style table".split(" "))


def combine(root: xhtml.Element) -> None:
    """Wrap the short numbers of a tree in spans of the classes `tcy` (one square) and `upright` (a digit a square)."""
    for element in list(root.iter(f"{H}*")):
        if _left_alone(element):
            continue
        pieces = _pieces(element.text)
        if len(pieces) > 1:
            element.text = pieces[0]
            _insert(element, 0, pieces[1:])
    for element in list(root.iter(f"{H}*", f"{{{xhtml.MATHML}}}math", f"{{{xhtml.SVG}}}svg")):
        parent = element.getparent()
        pieces = _pieces(element.tail)
        if parent is None or element is root or len(pieces) == 1 or _left_alone(parent):
            continue
        element.tail = pieces[0]
        _insert(parent, parent.index(element) + 1, pieces[1:])


def _left_alone(element: xhtml.Element) -> bool:
    if element.get("class") in ("tcy", "upright"):
        return True
    return any(xhtml.local(one) in _LEFT_ALONE for one in (element, *element.iterancestors()))


def _pieces(text: str | None) -> list[str]:
    """A text cut at its short numbers: text, number, text and so on."""
    if not text:
        return [text or ""]
    cuts = [0, *(edge for match in _NUMBER.finditer(text) for edge in match.span()), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


def _insert(parent: xhtml.Element, index: int, pieces: list[str]) -> None:
    """Put number and text, number and text, … into a parent from `index` on."""
    for offset, (number, after) in enumerate(zip(pieces[::2], pieces[1::2], strict=True)):
        span = parent.makeelement(f"{H}span", {"class": "tcy" if len(number) <= SQUARE else "upright"})
        span.text, span.tail = number, after
        parent.insert(index + offset, span)
