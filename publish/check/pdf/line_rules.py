"""The rules of a line of Chinese: marks at its ends, its length, the gaps in it, the last one of a paragraph.

They follow W3C's *Requirements for Chinese Text Layout* (clreq) and GB/T 15834-2011. They judge lines that had to be
broken, in paragraphs that `lines.lay_out` found; verse, headings, tables and code break where they please.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from publish.check.pdf.faults import PageFault, at, excerpt
from publish.check.pdf.fonts import wanted_regions
from publish.check.pdf.lines import (
    CENTRED,
    FLUSH,
    HANGING,
    NOT_FIRST,
    NOT_LAST,
    PAIRED,
    TRIMMED_LEFT,
    TRIMMED_RIGHT,
    Layout,
    PrintedLine,
    is_body,
    is_full,
    is_han,
    unit,
)
from publish.check.pdf.page import Box, Glyph

WIDEST_GAP = 0.16  # em between ideographs; from 0.18 em PDF readers copy a space
LEAST_SPACE = 0.2  # em: what an author's space takes at least
WIDEST_HOLE = 0.5  # em beside Latin words, the most that a quarter em may be stretched to (JLReq §3.8.4)
LOOSE = 0.8  # em from one mark to the next: tight marks are half an em apart, and what justification adds
UNLIKE = frozenset("！？")  # where these stand in their square differs by font; CSS Text 4 does not trim them
APART = frozenset({"TD", "Code", "Figure"})  # not set as lines of text
GAP = 1 / 6  # em beside a formula at rest (clreq §3.2.2)
FRAMED = 0.35  # em: what the field or frame of code or a key may take beside it
RUBY = 0.7  # of the text's size, at most
LONG_LINE = 20  # ideographs: a line of this many can take up its slack
SEVERAL = 8  # ideographs: a line with fewer is not judged as text
NARROW = 12  # em: in narrower columns single characters at the end cannot be avoided
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]*$|\A(?:https?://|www\.)")
NEAR_PAGE = 0.5  # points beyond the page's edge


def _pairs(layout: Layout) -> Iterator[tuple[PrintedLine, PrintedLine, float | None]]:
    """Lines of text that were broken, each with the next and the edge it should end at."""
    for paragraph in layout.paragraphs:
        for line, after, edge in paragraph.broken:
            if not (line.fixed or after.fixed or line.leads) and line.han + after.han > 1:
                yield line, after, edge


def line_start(layout: Layout) -> Iterator[PageFault]:
    """Marks that must not begin a line (clreq §3.1.5), and the second half of a dash or an ellipsis."""
    for line, after, _ in _pairs(layout):
        first = after.glyphs[0]
        if _must_not_begin(after) and not _drawn(layout, after, after.left - 2 * after.size, after.left):
            yield at(after, f'a line begins with "{first.text}": {excerpt(after.text)}', first.box)
        elif first.text in PAIRED and line.glyphs[-1].text == first.text:
            yield at(after, f'"{first.text * 2}" is split by a line break: {excerpt(after.text)}', first.box)


def _must_not_begin(line: PrintedLine) -> bool:
    first = line.glyphs[0].text
    if first not in NOT_FIRST:
        return False
    # .gitignore and 1st of a broken address begin with a mark that is part of the word; ?、 names the mark.
    named = line.text[1:2] in NOT_FIRST
    return first > "\x7f" or len(line.text) == 1 or not (named or line.text[1].isascii())


def line_end(layout: Layout) -> Iterator[PageFault]:
    """Marks that must not end a line (clreq §3.1.5)."""
    for line, _, _ in _pairs(layout):
        last = line.glyphs[-1]
        if last.text in NOT_LAST:
            yield at(line, f'a line ends with "{last.text}": {excerpt(line.text)}', last.box)


def ragged(layout: Layout) -> Iterator[PageFault]:
    """Full lines, which the next word would not have fitted, that were not stretched to the measure."""
    for line, after, edge in _pairs(layout):
        if edge is None or line.beside or not line.last or not _is_text(line) or not is_full(line, after, edge):
            continue
        short = line.short(edge)
        # An address is parted at its marks, however far they are; a formula may end the line.
        if _in_address(line, after) or _drawn(layout, line, line.right, edge + FLUSH):
            continue
        if short > FLUSH and not _under_ruby(layout, line, edge):
            box = Box(line.right - line.size, line.box.top, max(edge, line.right), line.box.bottom)
            yield at(line, f"a line ends {short:.1f} pt short of the margin: {excerpt(line.text)}", box)


def _in_address(line: PrintedLine, after: PrintedLine) -> bool:
    """Whether a line ends in an address, or before one."""
    return bool(_ADDRESS.search(line.text) or _ADDRESS.match(after.text))


def _drawn(layout: Layout, line: PrintedLine, start: float, stop: float) -> bool:
    """Whether outlines, as of a formula, stand on a line between two places."""
    return any(
        max(start, one.left) < min(stop, one.right) and abs(one.bottom - line.base) < line.size
        for one in layout.document.pages[line.page - 1].drawings
    )


def _under_ruby(layout: Layout, line: PrintedLine, edge: float) -> bool:
    """Whether a reading above the line's end is wider than what it stands over, and ends at the measure."""
    return any(
        one.size < RUBY * line.size
        and 0 < line.base - one.base < 2 * line.size
        and abs(one.right - edge) < line.size / 4
        for one in layout.lines[line.page - 1]
    )


def _is_text(line: PrintedLine) -> bool:
    return line.han >= SEVERAL and not line.fixed and line.role not in APART and not line.role.startswith("H")


def overfull(layout: Layout) -> Iterator[PageFault]:
    """Lines that run past the measure where the text is justified, or past the edge of the page."""
    edges = {id(line): edge for one in layout.paragraphs for line, edge in zip(one.lines, one.edges, strict=True)}
    # One line tells no measure: indented by two characters, it may be text or begin where a list or a quotation does.
    alone = {id(one.lines[0]) for one in layout.paragraphs if len(one.lines) == 1}
    for page, lines in zip(layout.document.pages, layout.lines, strict=True):
        for line in lines:
            if line.right > page.width + NEAR_PAGE or line.left < -NEAR_PAGE:
                yield at(line, f"a line runs off the page: {excerpt(line.text)}", severity="error")
                continue
            # A quotation has an edge of its own; what is not text may take all of the type area.
            own = edges.get(id(line)) if _is_text(line) and not line.beside and id(line) not in alone else None
            if own is None and not any(is_body(one, layout.size) for one in lines):
                continue  # a cover has a type area of its own
            edge = own if own is not None else layout.edges.get(page.number % 2)
            spare = FLUSH if own is not None else line.size / 4
            if layout.flush and edge is not None and line.last and line.short(edge) < -spare and line.left < edge:
                over = -line.short(edge)
                if line.glyphs[-1].text in HANGING and over <= line.size:
                    continue
                if line.glyphs[-1].text in TRIMMED_RIGHT and over <= line.size / 2:  # only its empty half is outside
                    continue
                box = Box(edge - line.size, line.box.top, line.right, line.box.bottom)
                yield at(line, f"a line is {over:.1f} pt too long: {excerpt(line.text)}", box)


def widest_gap(layout: Layout) -> Iterator[PageFault]:
    """Lines of many ideographs set too far apart although what follows could have been broken (clreq §3.2.2)."""
    for line, after, edge in _pairs(layout):
        if line.han < LONG_LINE or edge is None or line.beside:
            continue
        gap, box = max(_gaps(layout, line, _both_han), default=(0.0, line.box))
        if gap > WIDEST_GAP and unit(after.glyphs) <= 2.05 * line.size:  # a word that cannot be broken leaves slack
            yield at(line, f"characters are {gap:.2f} em apart: {excerpt(line.text)}", box)


def hole(layout: Layout) -> Iterator[PageFault]:
    """Lines with a gap beside a Latin word."""
    for line, after, edge in _pairs(layout):
        if not _is_text(line) or edge is None or line.beside or not is_full(line, after, edge):
            continue
        gap, box = max(_gaps(layout, line, _not_both_han), default=(0.0, line.box))
        if gap > WIDEST_HOLE:
            yield at(line, f"a line has a gap of {gap:.2f} em: {excerpt(line.text)}", box)


def _written(layout: Layout, line: PrintedLine, before: Glyph, glyph: Glyph) -> float:
    """How much of a gap is spaces that the author wrote, in points: between Han, or as wide as Han."""
    if glyph.left - before.right < LEAST_SPACE * line.size:
        return 0.0
    kinds = (" ", "\u3000") if _both_han(before, glyph) else ("\u3000",)
    return sum(
        one.right - one.left
        for one in layout.document.pages[line.page - 1].glyphs
        if one.text in kinds
        and abs(one.base - line.base) < 1
        and before.right < (one.left + one.right) / 2 < glyph.left
    )


def _beside_drawings(layout: Layout, line: PrintedLine, before: Glyph, glyph: Glyph, room: float) -> float:
    """A gap in points; where a formula or another picture stands in it, what is left on either side of that."""
    if room < 0.5 * line.size:
        return room
    page = layout.document.pages[line.page - 1]
    inside = [
        one
        for one in (*page.drawings, *(image.box for image in page.images))
        if before.right < (one.left + one.right) / 2 < glyph.left
        and one.top < line.box.bottom
        and one.bottom > line.box.top
    ]
    drawn = max((one.right for one in inside), default=0.0) - min((one.left for one in inside), default=0.0)
    return (room - drawn) / 2 - GAP * line.size if inside else room


def _gaps(layout: Layout, line: PrintedLine, among: Callable[[Glyph, Glyph], bool]) -> Iterator[tuple[float, Box]]:
    """The gaps of a line in em, with their places."""
    fonts = layout.document.fonts
    for before, glyph in pairwise(line.glyphs):
        if among(before, glyph):
            framed = FRAMED if fonts[before.font].fixed != fonts[glyph.font].fixed else 0
            room = glyph.left - before.right
            left = _beside_drawings(layout, line, before, glyph, room)
            if left == room:
                left -= _written(layout, line, before, glyph)
            gap = left / line.size - framed
            yield gap, Box(before.right, line.box.top, glyph.left, line.box.bottom)


def _both_han(before: Glyph, glyph: Glyph) -> bool:
    return is_han(before.text[:1]) and is_han(glyph.text[:1])


def _not_both_han(before: Glyph, glyph: Glyph) -> bool:
    latin = [one.text[:1].isascii() and one.text[:1].isalnum() for one in (before, glyph)]
    return any(latin)


_LIKE = 0.8  # of another's size, that marks of one text have at least


def loose_marks(layout: Layout) -> Iterator[PageFault]:
    """Neighbouring marks whose empty halves add up to a gap (clreq §3.1.6: adjacent marks are set tight)."""
    centred = bool(wanted_regions(layout.document.lang) & {"TC", "HK"})
    for lines in layout.lines:
        for line in lines:
            if line.fixed or line.role in APART or line.han < SEVERAL:
                continue
            for before, glyph in pairwise(line.glyphs):
                step = (glyph.left - before.left) / before.size
                if step > LOOSE and _set_tight(before, glyph, centred=centred):
                    if step > 1 and _drawn(layout, line, before.left + LOOSE * before.size, glyph.left):
                        continue  # a formula between them, whose letters are drawn
                    box = Box(before.left, line.box.top, glyph.right, line.box.bottom)
                    yield at(line, f'"{before.text}{glyph.text}" leaves a gap: the marks are not set tight', box)


def _set_tight(before: Glyph, glyph: Glyph, *, centred: bool) -> bool:
    """Whether two full-width marks should share the empty space between them."""
    if not _LIKE < before.size / glyph.size < 1 / _LIKE:  # a small note's mark and the text's
        return False
    if before.right - before.left < LOOSE * before.size or glyph.right - glyph.left < LOOSE * glyph.size:
        return False
    if {before.text, glyph.text} & (UNLIKE | CENTRED if centred else UNLIKE):
        return False
    return (before.text in TRIMMED_RIGHT and glyph.text in TRIMMED_LEFT | TRIMMED_RIGHT) or (
        before.text in TRIMMED_LEFT and glyph.text in TRIMMED_LEFT
    )


def single(layout: Layout) -> Iterator[PageFault]:
    """Paragraphs whose last line is a single character (clreq §3.1.7)."""
    for paragraph in layout.paragraphs:
        last = paragraph.lines[-1]
        if len(paragraph.lines) == 1 or last.role == "TD" or last.beside or last.fixed:
            continue
        if _drawn(layout, last, last.left, last.right):  # a formula, and not the character alone
            continue
        width = max(line.right - line.left for line in paragraph.lines)
        letters = [glyph for glyph in last.glyphs if glyph.text not in NOT_FIRST and glyph.text not in NOT_LAST]
        body = [glyph for glyph in letters if glyph.size > 0.8 * last.size]  # without a note's call
        if len(body) == 1 and is_han(body[0].text[:1]) and width > NARROW * last.size:
            yield at(last, f'the last line of a paragraph is a single character: "{last.text}"')
