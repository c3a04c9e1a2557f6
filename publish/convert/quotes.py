"""Quotation marks by pairs: “ ” ‘ ’ and 「 」 『 』, each region's own, by depth.

Sources: GB/T 15834-2011 §4.8 (Mainland), Taiwan MOE 2008 and clreq §3.1.3 (Taiwan, Hong Kong).
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from publish.regions import Quotes

CLOSING = {"“": "”", "‘": "’", "「": "」", "『": "』"}
_OPENING = {closing: opening for opening, closing in CLOSING.items()}
_MARK = re.compile("[“”‘’「」『』]")

_LATIN = re.compile(r"[0-9A-Za-zÀ-ɏ]")
_CJK = re.compile(
    "[\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
_ASCII = re.compile("[\0-\x7f]")
_DECADE = re.compile("‘[0-9]0s")
_WORD = re.compile(r"(?<![0-9A-Za-z])[a-z]{2,}(?![0-9A-Za-z])")

# A Latin stretch that reaches no edge of the block is a passage, not a few terms in a Chinese sentence, from here on.
_MIN_PASSAGE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of quotation marks, by the indices of its marks."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pairing:
    """The pairs in the order of their opening marks, and the indices of the marks that have no partner."""

    pairs: tuple[Pair, ...]
    unmatched: tuple[int, ...]


def pair(text: str, opaque: Sequence[tuple[int, int]] = ()) -> Pairing:
    """Pair the quotation marks of one block, by a stack. Marks in `opaque` ranges are not looked at.

    An apostrophe is no mark: ’ after a Latin letter or digit that closes no ‘, or before one after a space (’90s, and
    ‘90s as word processors have it). Neither is ” after a digit that closes no “ (inches).
    """
    pairs: list[Pair] = []
    unmatched: list[int] = []
    stack: list[int] = []
    pending: Counter[str] = Counter()  # how often each opening mark stands on the stack
    for index in _marks(text, opaque):
        mark = text[index]
        if mark in CLOSING:
            if not _DECADE.match(text, index):
                stack.append(index)
                pending[mark] += 1
            continue
        opening = _OPENING[mark]
        if mark == "’" and _is_apostrophe(text, index, open_quote=bool(stack) and text[stack[-1]] == "‘"):
            continue
        if pending[opening]:
            while text[stack[-1]] != opening:
                unmatched.append(stack.pop())
                pending[text[unmatched[-1]]] -= 1
            pairs.append(Pair(stack.pop(), index))
            pending[opening] -= 1
        elif mark != "”" or not text[index - 1 : index].isdecimal():
            unmatched.append(index)
    unmatched.extend(stack)
    return Pairing(tuple(sorted(pairs, key=lambda found: found.start)), tuple(sorted(unmatched)))


def replacements(
    text: str, pairing: Pairing, target: Quotes, opaque: Sequence[tuple[int, int]] = ()
) -> Mapping[int, str]:
    """The marks that `target` writes otherwise, by index; each is one code point for one.

    A pair takes the target's outer marks, or, within another pair, those which that pair does not have. A pair that
    has the target's marks already keeps them, unless the pair around it has just been given the same. An all-Latin
    quotation in Latin text keeps its curly marks.
    """
    passages = _Passages(text, opaque)
    found: dict[int, str] = {}
    enclosing: list[tuple[Pair, str, bool]] = []  # pair, opening mark it ends up with, whether that is a change
    for each in pairing.pairs:
        while enclosing and enclosing[-1][0].end < each.start:
            enclosing.pop()
        mark = text[each.start]
        if mark in "“‘" and target.outer[0] not in "“‘" and passages.hold(each):
            continue
        outside, changed = (enclosing[-1][1], enclosing[-1][2]) if enclosing else ("", False)
        own = not target.by_depth and mark in (target.outer[0], target.inner[0])
        opening = mark
        if not own or (changed and outside == mark):
            opening = target.inner[0] if outside == target.outer[0] else target.outer[0]
        if opening != mark:
            found[each.start] = opening
            found[each.end] = CLOSING[opening]
        enclosing.append((each, opening, opening != mark))
    return found


def apply(text: str, marks: Mapping[int, str]) -> str:
    """The text with the characters at the given indices replaced."""
    parts: list[str] = []
    position = 0
    for index in sorted(marks):
        parts += (text[position:index], marks[index])
        position = index + 1
    parts.append(text[position:])
    return "".join(parts)


def has_marks(text: str) -> bool:
    """Whether there is any quotation mark at all."""
    return _MARK.search(text) is not None


def _marks(text: str, opaque: Sequence[tuple[int, int]]) -> Iterator[int]:
    indices = (match.start() for match in _MARK.finditer(text))
    if not opaque:
        yield from indices
        return
    ranges = iter(opaque)
    start, end = next(ranges)
    for index in indices:
        while index >= end:
            start, end = next(ranges, (len(text), len(text) + 1))
        if index < start:
            yield index


def _is_apostrophe(text: str, index: int, *, open_quote: bool) -> bool:
    before = bool(_LATIN.match(text[index - 1 : index]))
    after = bool(_LATIN.match(text[index + 1 : index + 2]))
    if before:
        return after or not open_quote
    return after and not open_quote and (index == 0 or text[index - 1].isspace() or text[index - 1] in "“‘「『(（[")


class _Passages:
    """The passages of Latin text in a block, as far as quotations stand in them."""

    def __init__(self, text: str, opaque: Sequence[tuple[int, int]]) -> None:
        self._text = _masked(text, opaque)

    @cached_property
    def _cjk(self) -> list[int]:
        return [found.start() for found in _CJK.finditer(self._text)]

    def hold(self, each: Pair) -> bool:
        """Whether the quotation is all Latin and stands in a passage of Latin text, not in a Chinese sentence."""
        place = bisect(self._cjk, each.start)
        start = self._cjk[place - 1] + 1 if place else 0
        end = self._cjk[place] if place < len(self._cjk) else len(self._text)
        if end < each.end or not _LATIN.search(self._text, each.start, each.end):
            return False
        if not start and end == len(self._text):
            return True
        left, right = self._text[start : each.start], self._text[each.end + 1 : end]
        if (start and not _LATIN.search(left)) or (end < len(self._text) and not _LATIN.search(right)):
            return False
        return len(_WORD.findall(left)) + len(_WORD.findall(right)) >= _MIN_PASSAGE_WORDS


def _masked(text: str, opaque: Sequence[tuple[int, int]]) -> str:
    """The text without the words in opaque ranges: code makes no Latin passage, but protected Chinese is Chinese."""
    parts: list[str] = []
    position = 0
    for start, end in opaque:
        parts += (text[position:start], _ASCII.sub("\ufffc", text[start:end]))
        position = end
    return "".join([*parts, text[position:]])
