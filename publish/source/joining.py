"""Line ends within paragraphs made a space or nothing, and spaces that meet made one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from publish.han import IDEOGRAPHS
from publish.source.document import (
    AMBIGUOUS_MARKS,
    Block,
    Inline,
    is_latin,
    is_wide,
    rewrite,
)
from publish.source.leaves import Leaf, leaves, rebuild


def join_lines(blocks: list[Block], *, spaced: bool = True) -> list[Block]:
    """The blocks with each line end of the source made a space or nothing, and doubled spaces made one.

    Between two wide characters a line end is nothing (Chinese sets no word space); so it is beside a Chinese mark.
    Between Han and Latin it is what the author sets there elsewhere, `spaced` or not; between Latin words a space.
    """

    def unit(inlines: list[Inline], _line: int) -> list[Inline]:
        parts = leaves(inlines)
        if not any(leaf.space for leaf in parts):
            return inlines
        return rebuild(inlines, _even(parts, spaced))

    return rewrite(blocks, None, unit)


def _even(parts: Sequence[Leaf], spaced: bool) -> list[str]:
    """The text of each leaf with spaces evened: line ends resolved, and of spaces that meet over markup one kept."""
    out: list[str] = []
    before, hyphened = "", False
    for leaf, after in zip(parts, _following(parts), strict=True):
        piece = leaf.text
        if leaf.space:
            broken = hyphened and after.isascii() and after.islower()  # well-⏎known
            met = bool(before and after) and (broken or not _parts(before, after, spaced))
            piece = "" if before in (" ", "\n") or (leaf.soft and met) else " "
        out.append(piece)
        hyphened = bool(_HYPHENED.search(piece)) if piece else hyphened
        before = piece[-1] if piece else before
    return out


_HYPHENED = re.compile(r"[A-Za-z]{2}-$")


def _following(parts: Sequence[Leaf]) -> list[str]:
    """For each leaf the character that follows it, spaces left out; empty behind the last."""
    found: list[str] = []
    after = ""
    for leaf in reversed(parts):
        found.append(after)
        after = leaf.text[0] if leaf.text and not leaf.space else after
    return found[::-1]


def _parts(before: str, after: str, spaced: bool) -> bool:
    """Whether a line end between two characters is a space."""
    wide = is_wide(before), is_wide(after)
    if all(wide) or before == "\u00ad":  # a soft hyphen, behind which the word goes on
        return False
    if any(wide):
        other = before if wide[1] else after
        return (
            other not in AMBIGUOUS_MARKS
            and (spaced or not is_latin(other))
            and not _is_mark(before if wide[0] else after)
        )
    return not (before in AMBIGUOUS_MARKS and after in AMBIGUOUS_MARKS)


def _is_mark(char: str) -> bool:
    """Whether a wide character is punctuation: no space stands beside 。 or （."""
    return not char.isalnum()


_GAPS = re.compile(rf"[{IDEOGRAPHS}](\x20?)[A-Za-z]|[A-Za-z](\x20?)[{IDEOGRAPHS}]")


def sets_gaps(counted: Iterable[tuple[int, int]]) -> bool:
    """Whether an author sets a space between Han and Latin more often than not: 用 AI 写 rather than 用AI写.

    `counted` are the places of each text where there may be one, and those where one is.
    """
    rows = [*counted]
    return 2 * sum(gaps for _, gaps in rows) >= sum(places for places, _ in rows)


def count_gaps(text: str) -> tuple[int, int]:
    """The places between Han and Latin in a text, and how many of them have a space."""
    found = _GAPS.findall(text)
    return len(found), sum(1 for before, after in found if before or after)
