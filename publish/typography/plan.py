"""A paragraph's line ends chosen together: no line too loose and no single last character, where possible.

Lines are filled one by one. Only where that leaves a loose line or a single last character, all ways to break the
paragraph are weighed against each other (Knuth and Plass, *Breaking Paragraphs into Lines*, 1981).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from publish.typography.measure import (
    FEW,
    NEAR,
    Cells,
    Filling,
    Line,
    choose,
    emergency,
    fill,
    letters,
    line_of,
    parted,
)

_LOOSE = 0.1  # em for each place: a line this loose is worth changing the ends before it
_BOUND = 0.155  # from 0.18 em on, readers' programs copy a space between two Han characters
_LONG = 20  # em: in shorter lines a single last character is worse than a loose line
_WORST = 0.4  # looser lines are set only where nothing else is left
# What a way to break costs: a line at _LOOSE or at its tightest costs 1.
_OVER_BOUND, _SINGLE, _IN_CODE, _HYPHEN, _PARTED, _SHORT = 50.0, 12.0, 10.0, 1.5, 500.0, 90.0
_WAYS = 8  # ends that are tried for one line
_END = -1


@dataclass(frozen=True, slots=True)
class Measures:
    """How long a paragraph's lines are: the first, and those after it."""

    first: float
    following: float
    hang: bool = False
    full_start: bool = False


def lines(cells: Cells, begin: int, measures: Measures) -> list[Line]:
    """The justified lines of a paragraph from a cell on."""
    found: list[Line] = []
    size = len(cells.classes)
    while begin < size or not found:
        stops = _greedy(cells, begin, measures)
        if _is_bad(stops):
            stops = _best(cells, begin, measures) or stops
        made = [line_of(filling, stop) for filling, stop in stops]
        found += made
        begin = made[-1].next
        measures = Measures(measures.following, measures.following, measures.hang)
    return found


def _fill(cells: Cells, begin: int, measures: Measures, *, first: bool) -> Filling:
    measure = measures.first if first else measures.following
    return fill(cells, begin, measure, justified=True, hang=measures.hang, full_start=first and measures.full_start)


def _greedy(cells: Cells, begin: int, measures: Measures) -> list[tuple[Filling, int]]:
    """Each line as full as possible, to the paragraph's end or a forced break."""
    found: list[tuple[Filling, int]] = []
    stop, first = begin, True
    while True:
        filling = _fill(cells, stop, measures, first=first)
        stop, first = (filling.end if filling.complete else choose(filling)), False
        found.append((filling, stop))
        if stop >= filling.end:
            return found


def _is_bad(stops: list[tuple[Filling, int]]) -> bool:
    *broken, (last, end) = stops
    if not broken:
        return False
    return _is_single(last, end) or any(filling.slack(stop) > _LOOSE for filling, stop in broken)


def _is_single(filling: Filling, end: int) -> bool:
    """Whether a last line is a single character with its marks."""
    return end - filling.first <= NEAR and letters(filling.cells, filling.first, end) < FEW


def _best(cells: Cells, begin: int, measures: Measures) -> list[tuple[Filling, int]]:
    """The cheapest way to break from a cell to the paragraph's end or a forced break."""
    costs: dict[int, float] = {begin: 0.0}
    ways: dict[int, tuple[int, Filling, int]] = {}  # where a line that ends at the key began, and the line
    waiting = [begin]
    while waiting:
        start = heappop(waiting)
        filling = _fill(cells, start, measures, first=start == begin)
        for stop, cost in _ends(filling):
            last = stop >= filling.end
            single = last and start != begin and _is_single(filling, stop)
            key, total = _END if last else stop, costs[start] + cost + (_SINGLE if single else 0.0)
            if total < costs.get(key, float("inf")):
                if key not in costs and not last:
                    heappush(waiting, key)
                costs[key], ways[key] = total, (start, filling, stop)
    found: list[tuple[Filling, int]] = []
    key = _END
    while key != begin or not found:
        key, filling, stop = ways[key]
        found.append((filling, stop))
    return found[::-1]


def _ends(filling: Filling) -> Iterator[tuple[int, float]]:
    """Where a line may end, each with what that costs."""
    cells, first, end = filling.cells, filling.first, filling.end
    if filling.complete:
        yield end, 0.0
        return
    if filling.fits(end):
        yield end, _cost(filling, end)
    starts = cells.starts
    reach = bisect_right(cells.place, cells.place[first] + filling.measure + 3 * cells.em[first])
    low, high = bisect_right(starts, first), min(bisect_right(starts, reach), bisect_left(starts, end))
    tried = 0
    fullest = 0
    for stop in reversed(starts[low:high]):
        if filling.fits(stop):
            if tried and (tried == _WAYS or filling.slack(stop) > _WORST):
                break
            tried += 1
            fullest = fullest or stop
            yield stop, _cost(filling, stop)
    part = parted(filling, fullest) if fullest else 0
    if part:
        yield part, _cost(filling, part) + (_HYPHEN if part in cells.hyphens else _IN_CODE)
    if not tried:
        yield (emergency(filling) if cells.anywhere else choose(filling)), _PARTED


def _cost(filling: Filling, stop: int) -> float:
    if filling.width(stop) > filling.measure:
        return filling.squeeze(stop) ** 2
    slack = filling.slack(stop)
    long = filling.measure >= _LONG * filling.cells.em[filling.first]
    # What nothing can stretch, code for the most part, is set short: other lines are not torn to spare it that.
    return min(_SHORT, (slack / _LOOSE) ** 2 + (_OVER_BOUND * slack / _BOUND if long and slack > _BOUND else 0.0))
