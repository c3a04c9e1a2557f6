"""Filling the measure: where a paragraph's lines end, and what is put behind each of their characters.

Nothing here knows of WeasyPrint: a paragraph is a row of cells, each a character with its advance. Lengths are in the
unit of the advances. A line is filled as far as it goes; where squeezing marks takes in the next character with less
harm than stretching does without it, it is taken in. Slack goes where clreq §3.2.1 wants it: out of marks, into spaces
between Western words, into the gaps beside Han, and evenly between wide characters at last.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from publish.typography import marks
from publish.typography.marks import ADDRESS, BETWEEN, GAPS, HALF, PAIRS, WORDS

# Slack for each place between wide characters, in em: what is no harm at all, and what is not to be passed.
_EASY, _MOST = 0.08, 0.12
_FEW = 2  # so many characters a last line should have (clreq §3.2.3 asks for more than one)
_EVEN = 1e-6
# Who takes slack, in order, and how much each place takes in em, from where it rests. Beyond that words and wide
# characters share what is left.
_SHARES = (
    (WORDS, marks.SPACE_MOST - 1 / 4),
    (GAPS, marks.GAP_MOST - marks.GAP),
    (BETWEEN, _MOST),
    (ADDRESS, 0.05),
    (WORDS, marks.WIDEST - marks.SPACE_MOST),
    (GAPS, marks.WIDEST - marks.GAP_MOST),
)
_MARKS = frozenset("OCSMIDsnpqxNjzZc")


@dataclass(frozen=True, slots=True)
class Cells:
    """A paragraph's characters: class, advance and em of each; `starts` are the cells that a line may begin with."""

    classes: str
    advance: Sequence[float]
    em: Sequence[float]
    starts: Sequence[int]
    clusters: Sequence[bool] = ()  # False: part of what is before it, in an emergency too
    anywhere: bool = True  # what is longer than a line may be parted at any character
    extra: float = 0.0  # letter-spacing
    addresses: Sequence[tuple[int, int]] = ()
    after: list[float] = field(init=False)
    spare: list[float] = field(init=False)
    stretch: list[int] = field(init=False)
    place: list[float] = field(init=False)
    room: list[float] = field(init=False)
    betweens: list[int] = field(init=False)

    def __post_init__(self) -> None:
        after, spare, stretch = _rules(self.classes, self.advance, self.em, self.extra)
        for start, stop in self.addresses:
            stretch[start : stop - 1] = [ADDRESS] * (stop - 1 - start)
        put = object.__setattr__
        put(self, "after", after)
        put(self, "spare", spare)
        put(self, "stretch", stretch)
        put(self, "place", [0.0, *accumulate(map(float.__add__, self.advance, after))])
        put(self, "room", [0.0, *accumulate(spare)])
        put(self, "betweens", [0, *accumulate(kind == BETWEEN for kind in stretch)])


@dataclass(frozen=True, slots=True)
class Line:
    """A line: cells `first` to `stop` are seen, the next line begins at `next`; `spacing` is behind each seen cell.

    `indent` is taken off before the first cell, `last` says that the paragraph or a forced line ends here.
    """

    first: int
    stop: int
    next: int
    spacing: list[float]
    indent: float
    last: bool
    forced: bool


def _rules(
    classes: str, advance: Sequence[float], em: Sequence[float], extra: float
) -> tuple[list[float], list[float], list[int]]:
    """What is behind each cell in the middle of a line, what may be taken off, and what kind of place it is."""
    size = len(classes)
    after, spare, stretch = [extra] * size, [0.0] * size, [0] * size
    for here in range(size - 1):
        pair = classes[here : here + 2]
        if pair == "HH":
            stretch[here] = BETWEEN
            continue
        if pair[0] in "sn":
            if here and classes[here - 1] not in "sn" and pair[1] not in "snB":
                unit = max(em[here - 1], em[here + 1])
                rule = marks.space_at(classes[here - 1], pair[1], unit, advance[here])
                after[here] += rule.set
                spare[here], stretch[here] = rule.spare, rule.stretch
            continue
        rule = PAIRS[pair]
        if rule is PAIRS["WW"]:
            continue
        unit = em[here + 1] if pair[1] == "O" or pair[0] == "W" else em[here]
        after[here] += rule.set * unit
        spare[here], stretch[here] = rule.spare * unit, rule.stretch
    return after, spare, stretch


def _blank_before(cells: Cells, here: int) -> float:
    """What an opening mark leaves empty at a line's start."""
    return HALF * cells.em[here] if cells.classes[here] == "O" and cells.advance[here] > HALF * cells.em[here] else 0.0


def _blank_behind(cells: Cells, here: int, *, hang: bool) -> float:
    """What a closing mark leaves empty at a line's end; all of its cell where stops may hang (clreq §3.1.6)."""
    kind = cells.classes[here]
    if hang and kind in "SM":
        return cells.advance[here]
    return HALF * cells.em[here] if kind in "CS" and cells.advance[here] > HALF * cells.em[here] else 0.0


def _seen(cells: Cells, first: int, stop: int) -> int:
    """The end of what is seen, without the spaces before a line's end."""
    while stop > first and cells.classes[stop - 1] in "sBzc":
        stop -= 1
    return stop


def _width(cells: Cells, first: int, stop: int, indent: float, *, hang: bool) -> float:
    stop = _seen(cells, first, stop)
    if stop <= first:
        return 0.0
    return (
        cells.place[stop]
        - cells.place[first]
        - cells.after[stop - 1]
        - indent
        - _blank_behind(cells, stop - 1, hang=hang)
    )


def _room(cells: Cells, first: int, stop: int) -> float:
    """How much a line may be squeezed."""
    stop = _seen(cells, first, stop)
    return cells.room[max(stop - 1, first)] - cells.room[first]


def next_line(
    cells: Cells, begin: int, measure: float, *, justified: bool, hang: bool = False, full_start: bool = False
) -> Line:
    """The line that begins at a cell; `full_start` leaves an opening mark at its start its whole width."""
    size = len(cells.classes)
    first = begin
    while first < size and cells.classes[first] in "szc":
        first += 1
    newline = cells.classes.find("B", first)
    end = size if newline < 0 else newline
    following = size if newline < 0 else newline + 1
    indent = 0.0 if full_start or first >= end else _blank_before(cells, first)
    if _width(cells, first, end, indent, hang=hang) <= measure + _EVEN:
        return _natural(cells, first, end, following, indent, hang=hang, forced=newline >= 0)
    stop = _choose(cells, first, end, measure, indent, justified=justified, hang=hang)
    if stop >= end:
        line = _natural(cells, first, end, following, indent, hang=hang, forced=newline >= 0)
        return _squeezed(cells, line, measure)
    line = _natural(cells, first, stop, stop, indent, hang=hang, forced=False, last=False)
    return _spread(cells, line, measure) if justified else _squeezed(cells, line, measure)


def _choose(
    cells: Cells, first: int, end: int, measure: float, indent: float, *, justified: bool, hang: bool
) -> int:
    """The cell before which a line that is too long for the measure ends."""

    def width(stop: int) -> float:
        return _width(cells, first, stop, indent, hang=hang)

    em = cells.em[first]
    starts = cells.starts
    low = bisect_right(starts, first)
    high = min(
        bisect_right(starts, bisect_right(cells.place, cells.place[first] + measure + 3 * em)), bisect_left(starts, end)
    )
    fits, tight = 0, 0
    for index in range(high - 1, low - 1, -1):
        stop = starts[index]
        over = width(stop) - measure
        if over <= _EVEN:
            fits = stop
            break
        if justified and over <= _room(cells, first, stop):
            tight = stop
    if not fits and not tight:
        return _emergency(cells, first, end, measure, width) if cells.anywhere else (
            starts[low] if low < len(starts) and starts[low] < end else end
        )
    if not fits:
        return tight
    if tight and _harm(cells, first, tight, width(tight) - measure) < _slack(cells, first, fits, measure - width(fits)):
        fits = tight
    return _without_orphan(cells, first, end, fits, measure, width, justified=justified)


def _harm(cells: Cells, first: int, stop: int, over: float) -> float:
    return over / (_room(cells, first, stop) or 1.0)


def _slack(cells: Cells, first: int, stop: int, slack: float) -> float:
    places = cells.betweens[stop - 1] - cells.betweens[first]
    return slack / ((places or 1) * _EASY * cells.em[first])


def _letters(cells: Cells, first: int, stop: int) -> int:
    return sum(kind not in _MARKS for kind in cells.classes[first : min(stop, first + 8)])


def _without_orphan(
    cells: Cells, first: int, end: int, stop: int, measure: float, width: object, *, justified: bool
) -> int:
    """A line's end moved so that the next, if it is the last, has more than one character (clreq §3.2.3)."""
    if end - stop >= 8 or _letters(cells, stop, end) >= _FEW:  # noqa: PLR2004  # marks may stand beside it
        return stop
    assert callable(width)
    if justified and width(end) - measure <= _room(cells, first, end):
        return end
    place = bisect_left(cells.starts, stop)
    for earlier in reversed(cells.starts[max(0, place - 4) : place]):
        if earlier <= first:
            break
        if _letters(cells, earlier, end) >= _FEW:
            harm = _slack(cells, first, earlier, measure - width(earlier)) * _EASY
            return earlier if not justified or harm <= _MOST else stop
    return stop


def _emergency(cells: Cells, first: int, end: int, measure: float, width: object) -> int:
    """Where a word longer than the line is parted: at the last character that fits, at least one being taken."""
    assert callable(width)
    stop = first + 1
    while stop < end and (
        (width(stop + 1) <= measure + _EVEN) or (cells.clusters and not cells.clusters[stop])
    ):
        stop += 1
    return stop


def _natural(
    cells: Cells,
    first: int,
    end: int,
    following: int,
    indent: float,
    *,
    hang: bool,
    forced: bool,
    last: bool = True,
) -> Line:
    stop = _seen(cells, first, end)
    spacing = cells.after[first:stop]
    if spacing:
        spacing[-1] = -_blank_behind(cells, stop - 1, hang=hang)
    return Line(first, stop, following, spacing, indent, last, forced)


def _length(cells: Cells, line: Line) -> float:
    return sum(cells.advance[line.first : line.stop]) + sum(line.spacing) - line.indent


def _squeezed(cells: Cells, line: Line, measure: float) -> Line:
    """A line made to fit: spaces between words first, then marks and gaps alike."""
    over = _length(cells, line) - measure
    if over <= _EVEN:
        return line
    kinds = cells.stretch[line.first : line.stop - 1]
    for words in (True, False):
        places = [here for here, kind in enumerate(kinds) if (kind == WORDS) == words]
        room = sum(cells.spare[line.first + here] for here in places)
        if room > 0:
            part = min(1.0, over / room)
            for here in places:
                line.spacing[here] -= cells.spare[line.first + here] * part
            over -= room * part
        if over <= _EVEN:
            break
    return line


def _spread(cells: Cells, line: Line, measure: float) -> Line:
    """A justified line: squeezed, or its slack spread (clreq §3.2.1)."""
    slack = measure - _length(cells, line)
    if slack <= _EVEN:
        return _squeezed(cells, line, measure)
    places: dict[int, list[int]] = {WORDS: [], GAPS: [], BETWEEN: [], ADDRESS: []}
    for here, kind in enumerate(cells.stretch[line.first : line.stop - 1]):
        if kind:
            places[kind].append(here)
    em = cells.em[line.first]
    for kind, most in _SHARES:
        slack = _give(line.spacing, places[kind], slack, most * em)
    _give(line.spacing, [*places[WORDS], *places[BETWEEN]] or places[GAPS], slack, measure)
    return line


def _give(spacing: list[float], places: list[int], slack: float, most: float) -> float:
    """Give each place its share of the slack, at most so much; what is left."""
    if not places or slack <= 0:
        return slack
    each = min(slack / len(places), most)
    for here in places:
        spacing[here] += each
    return slack - each * len(places)
