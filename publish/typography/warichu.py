"""割注: a note in two small lines within a line of text, which may go on in the next (clreq §3.3.3, JLReq §3.4).

The note's characters are taken in pairs, one above the other, so each takes half of its width of the line. What of it
comes to stand on one line of text is then parted in its middle: the first half above, the rest below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from publish.typography import marks
from publish.typography.measure import Cells

_LEAST = 2  # characters of a note that a line may begin or end with
_MIDDLE = 0.38  # em from the baseline to the middle of a Han character


@dataclass(frozen=True)
class SmallLine:
    """One of the small lines: its characters, and the space behind each."""

    first: int
    stop: int
    spacing: list[float]


def columns(kinds: str, advances: Sequence[float], em: float) -> list[float]:
    """The width that each character of a note takes of the line; all together, that of the longer of its two lines."""
    widths = _widths(kinds, advances, em)
    made = [width / 2 for width in widths]
    middle = _middle(kinds, widths)
    made[-1] += max(_length(kinds[:middle], widths[:middle]), _length(kinds[middle:], widths[middle:])) - sum(made)
    return made


def starts(kinds: str) -> list[int]:
    """The characters of a note that may be the first on a line of the text, by their classes (`marks.classes`)."""
    return [here for here in range(_LEAST, len(kinds) - _LEAST + 1, 2) if _may_part(kinds, here)]


def rows(kinds: str, advances: Sequence[float], em: float, width: float) -> list[SmallLine]:
    """The small lines of what stands on one line of text, the upper one first; no longer than `width`.

    `advances`, `em` of the note and `width` are in one unit. What cannot be parted is one line.
    """
    widths = _widths(kinds, advances, em)
    middle, size = _middle(kinds, widths), len(kinds)
    made = []
    for first, stop in ((0, middle), (middle, size)) if middle < size else ((0, size),):
        rules = [whole - own for whole, own in zip(widths[first:stop], advances[first:stop], strict=True)]
        rules[-1] = 0.0
        each = _fitted(kinds[first:stop], widths[first:stop], width)
        made.append(SmallLine(first, stop, [rule + more for rule, more in zip(rules, each, strict=True)]))
    return made


def lifts(em: float, small: float, count: int) -> tuple[float, ...]:
    """How far the baselines of so many small lines are above that of the text; one alone stands in the middle.

    `em` of the text and of the note, in one unit.
    """
    places = (0.5, -0.5) if count > 1 else (0.0,)
    return tuple(_MIDDLE * em + (place - _MIDDLE) * small for place in places)


def _widths(kinds: str, advances: Sequence[float], em: float) -> list[float]:
    """Each character's advance with what the rules of a line put behind it: tight marks, gaps beside Western words."""
    cells = Cells(kinds, advances, [em] * len(kinds), ())
    return [advance + after for advance, after in zip(advances, cells.after, strict=True)]


def _middle(kinds: str, widths: Sequence[float]) -> int:
    """The first character of the lower line, where the longer of the two is the shortest."""
    places = [0.0, *accumulate(widths)]

    def longer(here: int) -> tuple[float, bool]:
        above, below = _length(kinds[:here], widths[:here]), places[-1] - places[here]
        return round(max(above, below), 3), above < below

    return min((here for here in range(1, len(kinds)) if _may_part(kinds, here)), key=longer, default=len(kinds))


def _fitted(kinds: str, widths: Sequence[float], width: float) -> list[float]:
    """What is added behind each character so that a line is just so long; one that lacks a character is left open."""
    size = len(kinds)
    over = _length(kinds, widths) - width
    places = [here for here in range(size - 1) if kinds[here] in marks.WIDE or kinds[here + 1] in marks.WIDE]
    if not places or -over > max(widths) / 2:
        return [0.0] * size
    each = -over / len(places)
    return [each if here in places else 0.0 for here in range(size)]


def _may_part(kinds: str, here: int) -> bool:
    return bool(marks.may_break(kinds[here - 1], kinds[here]))


def _length(kinds: str, widths: Sequence[float]) -> float:
    """The length of a line; the empty half of a closing mark that ends it does not count."""
    blank = widths[-1] / 2 if kinds and kinds[-1] in marks.CLOSE + marks.STOP else 0.0
    return sum(widths) - blank
