"""Filling the measure: where a paragraph's lines end, and what space follows each of their characters.

Nothing here knows WeasyPrint: a paragraph is a row of cells, each a character with its advance. Lengths are in the
unit of the advances. A line is filled as far as it goes; where squeezing marks takes in the next character with less
harm than stretching does without it, it is taken in. Slack goes where clreq §3.2.1 wants it: out of marks, into spaces
between Western words, into the gaps beside Han, and evenly between wide characters at last.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from publish.typography import marks
from publish.typography.marks import (
    ADDRESS,
    BETWEEN,
    CENTRED,
    CLOSE,
    GAPS,
    HALF,
    INTERPUNCT,
    OPEN,
    PAIRS,
    QUARTER,
    STOP,
    WORDS,
)

# Slack for each place between wide characters, in em: what does no harm at all, and what must not be passed.
_EASY, _MOST = 0.08, 0.1
_PARTED_FROM = 0.16  # a line this loose takes in part of the word that follows it
_ENOUGH = 3  # characters of a word that may be broken
_RAGGED = 0.25  # em besides: a line that would be so loose everywhere ends before the measure
NEAR = 8  # a last line this short may be only one character and its marks
FEW = 2  # the least characters of a last line (clreq §3.2.3 asks for more than one)
_EVEN = 1e-6
_HUNG = 0.7  # of a mark's cell: what takes off more hangs it over the line's end
_ADDRESSED = 0.05  # em that each place inside an address takes
# Who takes slack, in order, and how much each place takes in em, from where it rests. The rest wide characters take.
_SHARES = (
    (WORDS, marks.SPACE_MOST - 1 / 4),
    (GAPS, marks.GAP_MOST - marks.GAP),
    (BETWEEN, _MOST),
    (ADDRESS, _ADDRESSED),
    (WORDS, marks.WIDEST - marks.SPACE_MOST),
    (GAPS, marks.WIDEST - marks.GAP_MOST),
)
_MARKS = frozenset("OCSMIDEsnpqxNjzZcv")


@dataclass(frozen=True, slots=True)
class Cells:
    """A paragraph's characters: class, advance and em of each; `starts` are the cells that a line may begin with."""

    classes: str
    advance: Sequence[float]
    em: Sequence[float]
    starts: Sequence[int]
    clusters: Sequence[bool] = ()  # False: stays with what precedes it, even in an emergency
    anywhere: bool = True  # what is longer than a line may be broken at any character
    extra: float = 0.0  # letter-spacing
    addresses: Sequence[tuple[int, int]] = ()
    parts: Sequence[int] = ()  # inside words, for lines that would be too loose
    hyphens: Mapping[int, float] = field(default_factory=dict)  # those of them behind a hyphen, and how wide it is
    hanging: Collection[int] | None = None  # the stops that may hang, where some do; None: all
    literal: Collection[int] = ()  # cells of code behind which there is no gap that was not typed
    halves: Collection[int] = ()  # marks that have half of their cell wherever they stand
    after: list[float] = field(init=False)
    spare: list[float] = field(init=False)
    stretch: list[int] = field(init=False)
    place: list[float] = field(init=False)
    room: list[float] = field(init=False)
    takers: dict[int, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        after, spare, stretch = _rules(self.classes, self.advance, self.em, self.extra, self.literal)
        _halve(self, after, spare)
        for start, stop in self.addresses:
            stretch[start : stop - 1] = [ADDRESS] * (stop - 1 - start)
        put = object.__setattr__
        put(self, "after", after)
        put(self, "spare", spare)
        put(self, "stretch", stretch)
        put(self, "place", [0.0, *accumulate(map(float.__add__, self.advance, after))])
        put(self, "room", [0.0, *accumulate(spare)])
        takers = {
            taker: [0, *accumulate(kind == taker for kind in stretch)] for taker in (WORDS, GAPS, BETWEEN, ADDRESS)
        }
        put(self, "takers", takers)


@dataclass(frozen=True, slots=True)
class Line:
    """A line: cells `first` to `stop` are seen, the next line begins at `next`; `spacing` follows each seen cell.

    `indent` is taken off before the first cell, `last` says that the paragraph or a forced line ends here, `hyphen` is
    the width of one that stands behind the last cell.
    """

    first: int
    stop: int
    next: int
    spacing: list[float]
    indent: float
    last: bool
    forced: bool
    hyphen: float = 0.0


def _rules(
    classes: str, advance: Sequence[float], em: Sequence[float], extra: float, literal: Collection[int]
) -> tuple[list[float], list[float], list[int]]:
    """What follows each cell within a line, what may be taken off, and what kind of place it is."""
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
        if rule is PAIRS["WW"] or (rule.stretch == GAPS and here in literal):
            continue
        unit = em[here + 1] if pair[1] == "O" or pair[0] == "W" else em[here]
        after[here] += rule.set * unit
        spare[here], stretch[here] = rule.spare * unit, rule.stretch
    return after, spare, stretch


def _halve(cells: Cells, after: list[float], spare: list[float]) -> None:
    """Take off what marks give up that have half of their cell; where they are tight already, that counts."""
    given: dict[int, float] = {}
    for here in cells.halves:
        for place, trim in zip((here - 1, here), marks.trims(cells.classes[here]), strict=True):
            if trim and 0 <= place < len(after) - 1:
                given[place] = given.get(place, 0.0) + trim * cells.em[here]
    for place, trim in given.items():
        tight = 0.0 if cells.classes[place] in "sn" else min(after[place] - cells.extra, 0.0)
        after[place] -= max(trim + tight, 0.0)
        spare[place] = 0.0


def _seen(cells: Cells, first: int, stop: int) -> int:
    """The end of what is seen, without the spaces before a line's end."""
    while stop > first and cells.classes[stop - 1] in "sBzc":
        stop -= 1
    return stop


@dataclass(frozen=True, slots=True)
class Filling:
    """A line to be filled from cell `first`, where the paragraph goes on to `end` without a forced break."""

    cells: Cells
    first: int
    end: int
    measure: float
    justified: bool
    hang: bool
    full_start: bool

    @property
    def indent(self) -> float:
        """What an opening mark leaves empty at the line's start."""
        cells, first = self.cells, self.first
        half = HALF * cells.em[first] if first < self.end else 0.0
        whole = self.full_start and first not in cells.halves
        opens = not whole and first < self.end and cells.classes[first] == OPEN
        return half if opens and cells.advance[first] > half else 0.0

    @property
    def complete(self) -> bool:
        """Whether all of the paragraph fits, to its end or to a forced break."""
        return self.width(self.end) <= self.measure + _EVEN

    def blank(self, last: int) -> float:
        """What a closing mark leaves empty at the line's end; all of its cell where stops may hang (clreq §3.1.6)."""
        cells = self.cells
        kind, half = cells.classes[last], HALF * cells.em[last]
        centred = QUARTER * cells.em[last] if last in cells.halves and kind in CENTRED + INTERPUNCT else 0.0
        if self.hang and kind in STOP + CENTRED and (cells.hanging is None or last in cells.hanging):
            return cells.advance[last] - centred
        if centred:
            return centred
        return half if kind in CLOSE + STOP and cells.advance[last] > half else 0.0

    def width(self, stop: int) -> float:
        """The width of a line that ends before a cell, at rest."""
        cells, first = self.cells, self.first
        hyphen = cells.hyphens.get(stop, 0.0) if cells.hyphens else 0.0
        stop = _seen(cells, first, stop)
        if stop <= first:
            return 0.0
        whole = cells.place[stop] - cells.place[first] - cells.after[stop - 1] + hyphen
        return whole - self.indent - self.blank(stop - 1)

    def room(self, stop: int) -> float:
        """How much a line may be squeezed."""
        stop = _seen(self.cells, self.first, stop)
        return self.cells.room[max(stop - 1, self.first)] - self.cells.room[self.first]

    def squeeze(self, stop: int) -> float:
        """The part of its room that a line which is too long has to use."""
        return (self.width(stop) - self.measure) / (self.room(stop) or 1.0)

    def slack(self, stop: int) -> float:
        """What is left of the slack of a line that is too short, for each place that has to take it, in em.

        Spaces and gaps take theirs first; the rest is for the places between wide characters, or for words alone.
        """
        cells, first = self.cells, self.first
        behind = max(stop - 1, first)
        words, gaps, between = (
            cells.takers[kind][behind] - cells.takers[kind][first] for kind in (WORDS, GAPS, BETWEEN)
        )
        em = cells.em[first]
        taken = words * (marks.SPACE_MOST - 1 / 4) + gaps * (marks.GAP_MOST - marks.GAP)
        if cells.addresses:
            taken += _ADDRESSED * (cells.takers[ADDRESS][behind] - cells.takers[ADDRESS][first])
        left = (self.measure - self.width(stop)) / em - taken
        return max(left, 0.0) / (between or words or gaps or 1)

    def fits(self, stop: int) -> bool:
        """Whether a line fits, squeezed if it may be."""
        over = self.width(stop) - self.measure
        return over <= (self.room(stop) if self.justified else 0) + _EVEN


def next_line(  # a line's circumstances
    cells: Cells, begin: int, measure: float, *, justified: bool, hang: bool = False, full_start: bool = False
) -> Line:
    """The line that begins at a cell, whatever follows; `full_start` leaves an opening mark there its whole width."""
    filling = fill(cells, begin, measure, justified=justified, hang=hang, full_start=full_start)
    return line_of(filling, filling.end if filling.complete else choose(filling))


def line_of(filling: Filling, stop: int) -> Line:
    """The line that ends before a cell."""
    cells, end = filling.cells, filling.end
    last = stop >= end
    newline = last and end < len(cells.classes)
    line = _at_rest(filling, stop, end + newline if last else stop, last=last, forced=newline)
    if filling.justified and not last:
        return _spread(cells, line, filling.measure)
    return _squeezed(cells, line, filling.measure)


def fill(
    cells: Cells, begin: int, measure: float, *, justified: bool, hang: bool = False, full_start: bool = False
) -> Filling:
    """A line to be filled from a cell on; spaces there are passed over."""
    size = len(cells.classes)
    first = begin
    while first < size and cells.classes[first] in "szc":
        first += 1
    newline = cells.classes.find("B", first)
    return Filling(cells, first, size if newline < 0 else newline, measure, justified, hang, full_start)


def choose(filling: Filling) -> int:
    """The cell before which a line ends if it cannot take the whole paragraph."""
    cells, first, end = filling.cells, filling.first, filling.end
    starts = cells.starts
    low = bisect_right(starts, first)
    reach = bisect_right(cells.place, cells.place[first] + filling.measure + 3 * cells.em[first])
    high = min(bisect_right(starts, reach), bisect_left(starts, end))
    fits, tight = 0, 0
    for stop in reversed(starts[low:high]):
        if filling.width(stop) <= filling.measure + _EVEN:
            fits = stop
            break
        if filling.fits(stop):
            tight = stop
    if not fits and not tight:
        if cells.anywhere:
            return emergency(filling)
        return starts[low] if low < len(starts) and starts[low] < end else end
    if not fits or (tight and filling.squeeze(tight) < filling.slack(fits) / _EASY):
        fits = tight
    elif filling.justified and filling.slack(fits) > _PARTED_FROM:
        fits = parted(filling, fits) or fits
    return _without_orphan(filling, fits)


def letters(cells: Cells, first: int, stop: int) -> int:
    """How many cells are not marks, spaces or notes."""
    return sum(kind not in _MARKS for kind in cells.classes[first:stop])


def _without_orphan(filling: Filling, stop: int) -> int:
    """A line's end moved so that the next, if it is the last, has more than one character (clreq §3.2.3)."""
    cells, first, end = filling.cells, filling.first, filling.end
    if end - stop > NEAR or letters(cells, stop, end) >= FEW:
        return stop
    if filling.fits(end):
        return end
    here = bisect_left(cells.starts, stop)
    for earlier in reversed(cells.starts[max(0, here - NEAR) : here]):
        if earlier > first and letters(cells, earlier, end) >= FEW:
            return earlier if not filling.justified or filling.slack(earlier) <= _MOST else stop
    return stop


def parted(filling: Filling, stop: int) -> int:
    """Where the word after a line's end is broken to fill the line: between syllables, code after one of its marks,
    what is longer than a line anywhere; 0 where it is not.
    """  # noqa: D205  # one sentence
    cells = filling.cells
    here = bisect_right(cells.starts, stop)
    following = cells.starts[here] if here < len(cells.starts) else filling.end
    last = min(following, filling.end)
    fitting = [part for part in cells.parts[bisect_right(cells.parts, stop) :] if part < last and filling.fits(part)]
    if fitting:
        return fitting[-1]
    fits_whole = cells.place[last] - cells.place[stop] <= filling.measure
    if not cells.anywhere or fits_whole or last - stop < _ENOUGH:  # a formula as wide as the line is one character
        return 0
    clusters, end = cells.clusters, stop + _ENOUGH
    while end < last and filling.width(end + 1) <= filling.measure + _EVEN:
        end += 1
    while clusters and end > stop and not clusters[end]:
        end -= 1
    return end if end >= stop + _ENOUGH and filling.width(end) <= filling.measure + _EVEN else 0


def emergency(filling: Filling) -> int:
    """Where a word longer than the line is broken: at the last character that fits, but after at least one."""
    cells, half = filling.cells, filling.measure / 2
    behind = [part for part in cells.parts if filling.first < part < filling.end and filling.fits(part)]
    if behind and filling.width(behind[-1]) > half:
        return behind[-1]
    clusters = filling.cells.clusters
    stop = filling.first + 1
    while stop < filling.end and (
        filling.width(stop + 1) <= filling.measure + _EVEN or (clusters and not clusters[stop])
    ):
        stop += 1
    return stop


def _at_rest(filling: Filling, end: int, following: int, *, last: bool, forced: bool) -> Line:
    """A line before it is fitted to the measure."""
    stop = _seen(filling.cells, filling.first, end)
    spacing = filling.cells.after[filling.first : stop]
    if spacing:
        spacing[-1] = -filling.blank(stop - 1)
    hyphen = 0.0 if last else filling.cells.hyphens.get(end, 0.0)
    return Line(filling.first, stop, following, spacing, filling.indent, last, forced, hyphen)


def _length(cells: Cells, line: Line) -> float:
    return sum(cells.advance[line.first : line.stop]) + sum(line.spacing) - line.indent + line.hyphen


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
    for here, kind in enumerate(_stretches(cells, line)):
        if kind:
            places[kind].append(here)
    em = cells.em[line.first]
    most_of_all = sum(most * em * len(places[kind]) for kind, most in _SHARES)
    rest = places[BETWEEN] or places[WORDS]
    ragged = 0.0 if any(start <= line.next < stop for start, stop in cells.addresses) else _RAGGED
    if places[BETWEEN] and slack > most_of_all + ragged * em * len(rest):
        return line  # what follows is too wide to begin here: the line ends where it ends, set as a last one is
    for kind, most in _SHARES:
        slack = _give(line.spacing, places[kind], slack, most * em)
    _give(line.spacing, rest, slack, em)
    return line


def _stretches(cells: Cells, line: Line) -> list[int]:
    """The kinds of a line's places; a mark that hangs beyond the line leaves none before it."""
    kinds = cells.stretch[line.first : line.stop - 1]
    if kinds and line.spacing[-1] <= -_HUNG * cells.advance[line.stop - 1]:
        kinds[-1] = 0
    return kinds


def _give(spacing: list[float], places: list[int], slack: float, most: float) -> float:
    """Give each place its share of the slack, up to a limit; return the rest."""
    if not places or slack <= 0:
        return slack
    each = min(slack / len(places), most)
    for here in places:
        spacing[here] += each
    return slack - each * len(places)


def narrowed(cells: Cells, line: Line, width: float) -> Line:
    """A line that takes this much less (more if negative): the difference of its letters' own widths."""
    if abs(width) < _EVEN:
        return line
    kinds = _stretches(cells, line)
    for kind in (BETWEEN, GAPS, WORDS, ADDRESS):
        places = [here for here, each in enumerate(kinds) if each == kind]
        if places:
            spacing = list(line.spacing)
            for here in places:
                spacing[here] -= width / len(places)
            return replace(line, spacing=spacing)
    return line
