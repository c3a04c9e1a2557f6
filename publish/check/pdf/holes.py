"""Pages that end long before the foot of the type area although the text goes on: where, how much, and for what.

The type area is what pages fill: from where most of them begin to where some of them end. A hole is what is left below
the last thing on a page, or between it and the notes at the foot, where the next page goes on in the same chapter with
something too high for it. What would have fitted stands there because somebody ended the page: that is no fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import inf
from statistics import median

from publish.check.pdf.lines import Layout, PrintedLine, is_body
from publish.check.pdf.page import Box, PrintedPage

LEAST = 1 / 3  # of the type area's height
_NOTE = 0.92  # of the text's size, at most, what stands below it as a note
_OPENING = 1.3  # of the text's size, at least, a chapter's title where no tags say so
_LOW = 3  # lines of text: a page that begins so far down begins a chapter
_ANNOUNCED = 3  # lines of text that may be kept with what they announce
_HEADINGS = frozenset({"H", "H1", "H2", "H3", "H4", "H5", "H6"})
_SEVERAL = 3  # pages that have the same rule at the same height: it goes with the running head

Piece = tuple[Box, PrintedLine | None]  # what stands on a page: a line, or something drawn


@dataclass(frozen=True)
class Hole:
    """What is left empty on a page: its place, its part of the type area's height, what stands on the next page.

    `meant` says that what begins the next page, and what it is kept with, is lower than the hole: the page was ended.
    """

    page: int
    box: Box
    share: float
    cause: str
    meant: bool


def holes(layout: Layout) -> Iterator[Hole]:
    """The holes of a document, page by page."""
    pages = layout.document.pages
    repeated = _repeated(pages)
    contents = [_contents(layout, n, repeated) for n in range(len(pages))]
    area = _area(layout, contents)
    if area is None:
        return
    top, foot = area
    numbered = any(page.label.isdecimal() for page in pages)
    for n, (page, here, after) in enumerate(zip(pages, contents, contents[1:], strict=False)):
        if numbered and not page.label.isdecimal():
            continue  # a title page, a colophon
        if numbered and not pages[n + 1].label.isdecimal():
            continue  # what follows is numbered otherwise: the text has ended
        if not here or not after or not _has_text(layout, n) or _opens(layout, n + 1, after, top):
            continue
        notes = _notes(layout, n)
        last = max((one.bottom for one in here if one not in notes), default=foot)
        low = min([foot, *(one.top for one in notes)])
        share = (low - last) / (foot - top)
        if share > LEAST:
            height = _height(layout, n + 1, after)
            box = Box(0, last, page.width, low)
            yield Hole(n + 1, box, share, _cause(layout, n + 1, after), meant=height < low - last - layout.size)


def _contents(layout: Layout, n: int, repeated: frozenset[tuple[int, int]]) -> list[Box]:
    """What stands on a page, without running heads and what goes with them."""
    page = layout.document.pages[n]
    drawn = [one for one in page.shapes if _place(one) not in repeated and one.bottom - one.top < page.height * 0.9]
    shown = [line.box for line in layout.lines[n]] + [one.box for one in page.images] + drawn
    return [one for one in shown if one.bottom > 0 and one.top < page.height]


def _place(box: Box) -> tuple[int, int]:
    return round(box.top), round(box.bottom)


def _repeated(pages: Sequence[PrintedPage]) -> frozenset[tuple[int, int]]:
    """The heights at which several pages have a rule or a field in the margins above or below the text."""
    found = Counter(place for page in pages for place in {_place(one) for one in page.shapes if _marginal(one, page)})
    return frozenset(place for place, count in found.items() if count >= _SEVERAL)


def _marginal(box: Box, page: PrintedPage) -> bool:
    return box.bottom < page.height * 0.2 or box.top > page.height * 0.8


def _area(layout: Layout, contents: Sequence[Sequence[Box]]) -> tuple[float, float] | None:
    """Where the text of pages usually begins, and the lowest place where it ends on at least two of them."""
    filled = [n for n in range(len(contents)) if contents[n] and _has_text(layout, n)]
    if len(filled) < _SEVERAL:
        return None
    top = median(min(one.top for one in contents[n]) for n in filled)
    feet = sorted((max(one.bottom for one in contents[n]) for n in filled), reverse=True)
    return (top, feet[1]) if feet[1] > top else None


def _has_text(layout: Layout, n: int) -> bool:
    """Whether a page is one of the text: covers, title pages and contents have a measure of their own."""
    lines, links = layout.lines[n], layout.document.pages[n].links
    if any(line.leads for line in lines) or len(links) * 2 > len(lines) > 0:
        return False
    return any(is_body(line, layout.size) for line in lines) or bool(layout.document.pages[n].images and lines)


def _opens(layout: Layout, n: int, contents: Sequence[Box], top: float) -> bool:
    """Whether a page begins a chapter, so that the one before it may end where it does."""
    if not _has_text(layout, n):
        return True
    # A picture, with its caption, or a number may stand above the title.
    first = next((one for one in layout.lines[n] if one.role != "Caption"), layout.lines[n][0])
    large = first.size > _OPENING * layout.size and not first.role
    begins = min(one.top for one in contents)
    return first.role in ("H1", "Title") or large or begins > top + _LOW * 1.6 * layout.size


def _notes(layout: Layout, n: int) -> list[Box]:
    """The notes at the foot of a page: the small lines at its end, below the text."""
    found: list[Box] = []
    for line in sorted(layout.lines[n], key=lambda one: -one.base):
        if line.size > _NOTE * layout.size or line.fixed or line.beside or line.role in ("TD", "Caption"):
            break
        found.append(line.box)
    return found


def _height(layout: Layout, n: int, contents: Sequence[Box]) -> float:
    """The height of what begins a page and is not parted: headings and a figure, a table, code, what announces them.

    Of text that goes on line by line it is the first lines alone.
    """
    pieces = sorted(_pieces(layout, n, contents), key=lambda one: (one[0].top, -one[0].bottom))
    lead = list(takewhile(lambda one: one[1] is not None and not _is_whole(one[1]), pieces))
    words = [line for _, line in lead if line is not None and not _is_heading(line, layout)]
    if len(words) > _ANNOUNCED or (words and not words[-1].text.endswith(("：", ":"))):
        kept = lead[: len(lead) - len(words) + 1]
    else:
        kept = [*lead, *_block(pieces[len(lead) :], layout.size)]
    return max((box.bottom for box, _ in kept), default=0) - min(one.top for one in contents)


def _block(pieces: Sequence[Piece], size: float) -> Iterator[Piece]:
    """The pieces of a figure with its caption, of a table, of code, of a box with what is written in it."""
    end, captioned = inf, False
    for box, line in pieces:
        inside = box.top < end - size / 2
        if not inside and (captioned if line is None else not _is_whole(line)):
            return
        captioned = end < inf and line is not None and line.role == "Caption"
        end = box.bottom if end == inf else max(end, box.bottom)
        yield box, line


def _pieces(layout: Layout, n: int, contents: Sequence[Box]) -> Iterator[Piece]:
    """What stands on a page: its lines, and what is drawn but for what goes with a line, as below it or beside it."""
    lines = {one.box: one for one in layout.lines[n]}
    for box in contents:
        line = lines.get(box)
        if line or (box.bottom - box.top > 2 * layout.size and box.right - box.left > layout.size):
            yield box, line


def _is_whole(line: PrintedLine) -> bool:
    """Whether a line belongs to what may have its reasons not to be parted: a table, code, a caption."""
    return line.role in ("TD", "TH", "Caption", "Code") or line.fixed


def _is_heading(line: PrintedLine, layout: Layout) -> bool:
    return line.role in _HEADINGS or (not line.role and line.size > _OPENING * layout.size)


def _cause(layout: Layout, n: int, contents: Sequence[Box]) -> str:
    """What begins the next page, and did not fit."""
    head = min(one.top for one in contents)
    lines = layout.lines[n]
    begins = lines[0].role if lines[0].box.top < head + layout.size else ""
    if begins.startswith("H"):
        return f'the heading "{lines[0].text[:20]}" with what it must not be parted from'
    if begins == "TD":
        return "the table"
    if begins == "Code" or (begins and lines[0].fixed):
        return "the code"
    page = layout.document.pages[n]
    if any(one.box.top < head + layout.size for one in page.images):
        return "the picture"
    return "the text" if begins or _is_text(lines[0], head, layout) else "the drawing"


def _is_text(line: PrintedLine, head: float, layout: Layout) -> bool:
    return line.box.top < head + layout.size
