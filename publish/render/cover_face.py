"""The design of a cover made from type: its colour, whether its title stands or lies, where its lines break.

Lengths are hundredths of the cover's width, so that one design serves an EPUB's picture and a printed page.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

from publish.convert.words import words_of_title
from publish.han import IDEOGRAPH_RUN
from publish.source.settings.metadata import Metadata
from publish.typography.titles import prices

COLOURS = 6  # in cover.css: indigo, bamboo, ochre, ink, plum, slate
STANDING = range(1, 8)  # Han that a standing title may have
WIDTH, HEIGHT = 68.0, 56.0  # what a lying title may fill
LARGEST, SMALLEST = 15.0, 5.2
LEADING = 1.32
MOST_LINES = 6
STANDING_HEIGHT, STANDING_LARGEST = 100.0, 17.5
STANDING_SUBTITLE = 14  # Han beside a standing title; longer ones lie below
SUBTITLE_WIDTH, SUBTITLE_HEIGHT, SUBTITLE_LARGEST, SUBTITLE_SMALLEST = 68.0, 24.0, 5.0, 3.4
BESIDE_WIDTH, BESIDE_LARGEST = 45.0, 4.4  # of a subtitle that lies beside a standing title

# Pieces that no line end may cut: a Western word with its marks, or one character.
_PIECES = re.compile(r"[A-Za-z0-9À-ɏ.,'’&+#:/-]+ ?|\s|.", re.DOTALL)
_NOT_FIRST = frozenset("，。、；：！？）》」』”’…—～·,.;:!?)]的了")
_NOT_LAST = frozenset("（《「『“‘([")
NEVER = 1000.0  # what a line costs that begins or ends with what it may not
_LATIN_WIDTH, _CAPITAL_WIDTH = 0.56, 0.7  # of a square: averages of bold letters and digits
_GAP = 0.25  # of a square, between Han and Latin: at most
_BORDER = re.compile(r"(?<=[A-Za-z0-9])(?=[⺀-鿿])|(?<=[⺀-鿿])(?=[A-Za-z0-9])")


@dataclass(frozen=True)
class CoverFace:
    """A cover's design: sizes in hundredths of its width."""

    colour: int
    standing: bool
    title: tuple[str, ...]
    title_size: float
    subtitle: tuple[str, ...]
    subtitle_size: float
    subtitle_stands: bool


def cover_face(metadata: Metadata, slug: str, may_stand: bool = False) -> CoverFace:
    """The design for a book: its colour by its slug, the same in every edition; short Han titles stand on a label."""
    colour = hashlib.sha256(slug.encode()).digest()[0] % COLOURS
    title = " ".join(metadata.title.split())
    standing = may_stand and bool(IDEOGRAPH_RUN.fullmatch(title)) and len(title) in STANDING
    if standing:
        lines, size = tuple(title), min(STANDING_LARGEST, STANDING_HEIGHT / (len(title) * 1.16))
    else:
        lines, size = broken(title, WIDTH, HEIGHT, LARGEST, SMALLEST)
    subtitle = " ".join(metadata.subtitle.split())
    stands = standing and bool(IDEOGRAPH_RUN.fullmatch(subtitle)) and len(subtitle) <= STANDING_SUBTITLE
    width, largest = (BESIDE_WIDTH, BESIDE_LARGEST) if standing else (SUBTITLE_WIDTH, SUBTITLE_LARGEST)
    below, below_size = broken(subtitle, width, SUBTITLE_HEIGHT, largest, SUBTITLE_SMALLEST)
    return CoverFace(colour, standing, lines, round(size, 2), tuple(subtitle) if stands else below, below_size, stands)


def broken(text: str, width: float, height: float, largest: float, smallest: float) -> tuple[tuple[str, ...], float]:
    """A title in lines of like length, and the largest size at which they fit; words and marks are kept together."""
    if not text:
        return (), largest
    best: tuple[float, tuple[str, ...], float] | None = None
    for count in range(1, MOST_LINES + 1):
        lines, cost = _lines(text, count)
        size = min(largest, width / max(map(measure, lines)), height / (len(lines) * LEADING))
        worth = size * 0.9 ** len(lines) - cost / 4
        if best is None or worth > best[0] + 1e-9:
            best = (worth, lines, size)
    assert best is not None  # noqa: S101  # MOST_LINES is not 0
    return best[1], round(max(best[2], smallest), 2)


def measure(text: str) -> float:
    """The width of a text in squares."""
    return sum(map(_width, text)) + _GAP * len(_BORDER.findall(text)) or 1.0


def _width(char: str) -> float:
    if char >= "⺀" or char in "“”‘’—…·":
        return 1.0
    return _CAPITAL_WIDTH if char.isupper() else _LATIN_WIDTH


def _lines(text: str, count: int) -> tuple[tuple[str, ...], float]:
    """The text in so many lines, or fewer, as even as its words allow, and what its breaks cost."""
    pieces = [match[0] for match in _PIECES.finditer(text)]
    ideal = measure(text) / count
    starts = list(accumulate(map(len, pieces), initial=0))
    cost = prices(text, words_of_title(text))

    def price(at: int) -> float:
        return NEVER if _is_bound(pieces, at) else cost[starts[at]]

    @cache
    def best(start: int, left: int) -> tuple[float, tuple[int, ...]]:
        if left == 1:
            return _badness(pieces, start, len(pieces), ideal), (len(pieces),)
        found: tuple[float, tuple[int, ...]] = (float("inf"), (len(pieces),))
        for end in range(start + 1, len(pieces)):
            rest = best(end, left - 1)
            cost = _badness(pieces, start, end, ideal) + price(end) + rest[0]
            if cost < found[0]:
                found = (cost, (end, *rest[1]))
        return found

    ends = best(0, min(count, len(pieces)))[1]
    lines = tuple("".join(pieces[start:end]).strip() for start, end in pairwise((0, *ends)))
    return lines, sum(max(price(end), 0.0) for end in ends[:-1])


def _badness(pieces: list[str], start: int, end: int, ideal: float) -> float:
    return abs(measure("".join(pieces[start:end]).strip()) - ideal) ** 2


def _is_bound(pieces: list[str], at: int) -> bool:
    """Whether a mark keeps a piece with the one before it."""
    before, after = pieces[at - 1][-1:], pieces[at][:1]
    return after in _NOT_FIRST or before in _NOT_LAST or after.isspace()
