"""The lines of a title: ended between words, best behind a colon or before a parenthesis, and of like length.

A title is read in one glance, so that a word cut by a line's end is a fault in it that it is not in running text
(clreq §3.1.6 leaves breaks between any two characters to the setter). Costs are in squares of ems: a line that is two
ems from the common length costs 4.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from publish.han import IDEOGRAPH
from publish.typography.measure import Cells, Filling, Line, fill, letters, line_of

LONGEST = 120  # characters: what is longer is no title, and set line by line
CUT_WORD = 60.0  # what a line's end within a word costs
BAD_PLACE = 30.0  # beside a word of one character, which leans on another: 的, 不, 篇
GOOD_PLACE = -24.0  # behind a colon or a comma: the title has parts, which count for more than even lines
FAIR_PLACE = -2.0  # before 与
IN_BRACKETS = 24.0  # between the brackets, or the quotes, of a few characters
IN_NAME = 12.0  # between two Western words, which are a name more often than not: Service Mesh
ONE_MORE = 44.0  # a line more than are needed
SHORT_LAST = 12.0  # a last line of one or two characters, or of a single word
LONG_LAST = 0.6  # how much longer than the common length a last line may be
_TWO = 3  # letters of a last line that stands by itself

_GOOD_END = frozenset("：:；;，,。！？!?…　")
_FAIR_END = frozenset("、的—")
_GOOD_START = frozenset("—")
# What a title ends with in brackets is a part of it; what is short in brackets is best left in one piece.
_BRACKETS_END = re.compile(r"(?:[（(〔\[【][^（）()〔〕\[\]【】]*[）)〕\]】] ?)+[。！？!?…：:]*$")
_BRACKETED = re.compile(r"[（(〔\[【《〈「『“‘][^（）()〔〕\[\]【】《》〈〉「」『』“”‘’]{1,10}[）)〕\]】》〉」』”’]")
_FAIR_START = frozenset("（(《「『“‘〔【与和及或與並暨之在从從到向为為以而")
_LEADS_ON = frozenset("第与和及或與並暨")  # ends no line
_LEANS_BACK = frozenset("的了着著过過们們地得者性化吗嗎呢吧等")
# Words of one character that may begin a line; others of one belong to their neighbours: 升级篇, 预训练, 在哪里.
_FREE = frozenset("是有将將会會能要可就也都还還又才更最用去来來做写寫说說看当當")


def prices(text: str, words: Collection[int]) -> list[float]:
    """What it costs to begin a line with each character of a title; `words` are the indices where words begin."""
    found = [0.0, *(_price(text, at, words) for at in range(1, len(text)))]
    for match in _BRACKETED.finditer(text):
        for at in range(match.start() + 1, match.end()):
            found[at] += IN_BRACKETS
    return found


def _price(text: str, at: int, words: Collection[int]) -> float:
    before, after = text[at - 1], text[at]
    if before == " ":
        return _price_behind_space(text, at, words)
    if before.isascii() and after.isascii() and after != " ":  # f(x), std::vector, ->
        return CUT_WORD
    if before in _GOOD_END or after in _GOOD_START or _BRACKETS_END.match(text, at):
        return GOOD_PLACE
    if at not in words:
        return CUT_WORD
    if before in _FAIR_END or after in _FAIR_START:
        return FAIR_PLACE
    single = at + 1 in words or at + 1 == len(text)
    if after in _LEANS_BACK or (single and after not in _FREE and IDEOGRAPH.match(after)):
        return BAD_PLACE
    return BAD_PLACE if at - 1 in words and IDEOGRAPH.match(before) else 0.0


def _price_behind_space(text: str, at: int, words: Collection[int]) -> float:
    """The same where somebody typed a space: a number stays with what it counts, a name of two words in one piece."""
    before, after = text[at - 2 : at - 1], text[at]
    if after in _GOOD_START or before in _GOOD_END or _BRACKETS_END.match(text, at):
        return GOOD_PLACE
    if before in _LEADS_ON or (
        before.isdigit() and (at + 1 in words or at + 1 == len(text)) and IDEOGRAPH.match(after)
    ):
        return BAD_PLACE
    return IN_NAME if before.isascii() and after.isascii() else FAIR_PLACE


def lines(cells: Cells, begin: int, measure: float, cost: Sequence[float], *, full_start: bool = False) -> list[Line]:
    """The lines of a title from a cell on, to its end or to a forced break; `cost` is that of each cell as a start."""
    whole = fill(cells, begin, measure, justified=False, full_start=full_start)
    if whole.complete or whole.end - begin > LONGEST:
        return []
    starts = [one for one in cells.starts if whole.first < one < whole.end]
    least = _count(cells, whole, starts)
    ways = (_best(whole, starts, cost, count, (count - least) * ONE_MORE) for count in (least, least + 1))
    total, ends = min(ways, key=lambda way: way[0])
    if total == float("inf"):
        return []
    begins = [begin, *ends[:-1]]
    fillings = [fill(cells, one, measure, justified=False, full_start=full_start and one == begin) for one in begins]
    return [line_of(filling, end) for filling, end in zip(fillings, ends, strict=True)]


def _width(whole: Filling, start: int, stop: int) -> float:
    return fill(whole.cells, start, whole.measure, justified=False).width(stop)


def _count(cells: Cells, whole: Filling, starts: Sequence[int]) -> int:
    """How many lines a title needs at least."""
    count, here = 1, whole.first
    while _width(whole, here, whole.end) > whole.measure:
        fitting = [stop for stop in starts if stop > here and _width(whole, here, stop) <= whole.measure]
        if not fitting:
            return len(cells.classes)
        count, here = count + 1, fitting[-1]
    return count


def _best(
    whole: Filling, starts: Sequence[int], cost: Sequence[float], count: int, total: float
) -> tuple[float, tuple[int, ...]]:
    """The cheapest ends of so many lines, and what they cost; infinite where they do not fit."""
    ideal = _width(whole, whole.first, whole.end) / count
    em = whole.cells.em[whole.first]

    def badness(start: int, stop: int) -> float:
        width = _width(whole, start, stop)
        return float("inf") if width > whole.measure else ((width - ideal) / em) ** 2

    def last(start: int) -> float:
        few = letters(whole.cells, start, whole.end) < _TWO
        wide = max(_width(whole, start, whole.end) / ideal - 1, 0.0)
        return badness(start, whole.end) + (SHORT_LAST if few else 0.0) + (SHORT_LAST if wide > LONG_LAST else 0.0)

    @cache
    def from_here(start: int, left: int) -> tuple[float, tuple[int, ...]]:
        if left == 1:
            return last(start), (whole.end,)
        found: tuple[float, tuple[int, ...]] = (float("inf"), ())
        for stop in starts:
            if stop > start and (here := badness(start, stop)) < float("inf"):
                rest = from_here(stop, left - 1)
                if here + cost[stop] + rest[0] < found[0]:
                    found = (here + cost[stop] + rest[0], (stop, *rest[1]))
        return found

    best = from_here(whole.first, count)
    return best[0] + total, best[1]
