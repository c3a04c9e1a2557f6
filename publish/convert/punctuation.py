"""Ellipses and dashes that were typed with the wrong keys, and full stops of full width behind a number or a letter.

The former are found always, mended where a style asks for it.

An ellipsis is …… and a dash ——, two em each, in all regions (GB/T 15834-2011 §4.10, §4.11; 重訂標點符號手冊, Taiwan MOE
2008; clreq §3.1.6). One em dash alone is right between places and years (北京—上海), so it is never a fault (§4.13).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Kind = Literal["ellipsis", "dash"]
KINDS: tuple[Kind, ...] = ("ellipsis", "dash")

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SIGN = f"{_HAN}，。！？；：、）》」』”’（《「『“‘"
_HINT = re.compile(r"。。|\.\.\.|…|--")
_MENDED: dict[str, str] = {"ellipsis": "……", "dash": "——"}


_FAULT = re.compile(
    rf"(?P<ellipsis>。{{2,}}|(?<=[{_SIGN}])\.{{3,6}}(?!\.)|(?<![.…])\.{{3,6}}(?=[{_HAN}])|(?<=[{_SIGN}])…(?!…)|(?<!…)…(?=[{_HAN}]))"
    rf"|(?P<dash>(?<=[{_SIGN}])-{{2,4}}(?=[{_SIGN}]))"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands at code points `start` to `end` in place of an ellipsis or a dash, and what it should be."""

    start: int
    end: int
    kind: str
    mended: str


FULL_WIDTH_STOP = "．"
# Behind a figure, a letter, or the numeral of a heading: 1．A．一．
_STOP = re.compile("(?<=[0-9A-Za-z０-９Ａ-Ｚａ-ｚ])．|(?<=^[一二三四五六七八九十])．|(?<=^十[一二三四五六七八九])．")


def stops(text: str, opaque: Iterable[tuple[int, int]]) -> dict[int, str]:
    """By index, a full stop for each of full width behind a number or a letter, but for those in opaque ranges.

    The Mainland's laws and exams have them (1．); in Taiwan and Hong Kong the sign is a dot in the middle of the line.
    """
    kept = [range(*span) for span in opaque]
    found = (one.start() for one in _STOP.finditer(text))
    return {at: "." for at in found if not any(at in span for span in kept)}


def may_have_faults(text: str) -> bool:
    """Whether a text has any sign that may stand for an ellipsis or a dash: a quick look."""
    return _HINT.search(text) is not None


def faults(text: str, ranges: Iterable[tuple[int, int]]) -> Iterator[Fault]:
    """The faults in the given ranges of a text, in order."""
    if not may_have_faults(text):
        return
    for start, end in ranges:
        for found in _FAULT.finditer(text, start, end):
            kind = found.lastgroup or "ellipsis"
            yield Fault(found.start(), found.end(), kind, _MENDED[kind])
