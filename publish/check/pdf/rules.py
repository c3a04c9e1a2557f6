"""The rules of a page of Chinese: each a code, a function over a document's lines, what is wrong and what to do.

Rules of lines follow W3C's *Requirements for Chinese Text Layout* (clreq) and GB/T 15834-2011. They judge lines that
had to be broken, in paragraphs that `lines.lay_out` found; verse, headings, tables and code break where they please.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Any

from publish.check.pdf.fonts import NAMES, region_of, wanted_regions
from publish.check.pdf.holes import holes
from publish.check.pdf.lines import (
    CENTRED,
    FLUSH,
    FOLIO,
    HANGING,
    LEADER,
    NOT_FIRST,
    NOT_LAST,
    PAIRED,
    TRIMMED_LEFT,
    TRIMMED_RIGHT,
    Layout,
    PrintedLine,
    PrintedParagraph,
    is_body,
    is_full,
    is_han,
    is_inked,
    lay_out,
    unit,
)
from publish.check.pdf.page import Box, Document, Font, Glyph, PrintedPage
from publish.check.pdf.read import fonts_used
from publish.errors import Place
from publish.findings import Finding, Severity

WIDEST_GAP = 0.16  # em between ideographs; from 0.18 em PDF readers copy a space
LEAST_SPACE = 0.2  # em: what an author's space takes at least
WIDE_SPACE = 0.6  # em: what parts a page number from its title, where no dots lead to it
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
PRINT_DPI = 300
LEAST_DPI = 150
NEAR_PAGE = 0.5  # points beyond the page's edge


@dataclass(frozen=True, order=True)
class PageFinding(Finding):
    """A finding in a PDF: the page from 1 (0: the whole document), its label, the place on it, what stands there."""

    page: int = 0
    label: str = ""
    box: Box | None = None
    text: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON has it; the box as left, top, right and bottom, points from the page's top left."""
        box = self.box and [round(one, 2) for one in (self.box.left, self.box.top, self.box.right, self.box.bottom)]
        return super().as_dict() | {"page": self.page, "label": self.label, "box": box, "text": self.text}


@dataclass(frozen=True)
class PageFault:
    """What a rule found: the page from 1, the place, what stands there, the problem; else its rule's severity."""

    page: int
    box: Box | None
    text: str
    problem: str
    severity: Severity | None = None


@dataclass(frozen=True)
class PageRule:
    """A row of the table of checks."""

    code: str
    severity: Severity
    find: Callable[[Layout], Iterable[PageFault]]
    remedy: str


def findings(document: Document) -> list[PageFinding]:
    """What is wrong with a document, in the order of its pages."""
    layout = lay_out(document)
    return in_order(found_at(document, rule, fault) for rule in RULES for fault in rule.find(layout))


def in_order(found: Iterable[PageFinding]) -> list[PageFinding]:
    """Findings in the order of pages, from the top."""
    return sorted(found, key=lambda one: (one.page, one.box.top if one.box else 0, one.code, one.problem))


def found_at(document: Document, rule: PageRule, fault: PageFault) -> PageFinding:
    """A fault with its rule, its page's label and its place."""
    label = document.pages[fault.page - 1].label if fault.page else ""
    where = ""
    if fault.page:
        where = f"page {fault.page}" + (f" ({label})" if label and label != str(fault.page) else "")
    if fault.box:
        where += f" at {fault.box.left:.0f}, {fault.box.top:.0f}"
    place = Place(document.file, 0, where)
    severity = fault.severity or rule.severity
    return PageFinding(rule.code, severity, place, fault.problem, rule.remedy, fault.page, label, fault.box, fault.text)


def _excerpt(text: str, most: int = 12) -> str:
    return text if len(text) <= most else f"{text[: most // 2]}…{text[-most // 2 :]}"


def _at(line: PrintedLine, problem: str, box: Box | None = None, severity: Severity | None = None) -> PageFault:
    return PageFault(line.page, box or line.box, line.text, problem, severity)


# --- lines ------------------------------------------------------------------------------------------------------------


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
            yield _at(after, f'a line begins with "{first.text}": {_excerpt(after.text)}', first.box)
        elif first.text in PAIRED and line.glyphs[-1].text == first.text:
            yield _at(after, f'"{first.text * 2}" is split by a line break: {_excerpt(after.text)}', first.box)


def _must_not_begin(line: PrintedLine) -> bool:
    first = line.glyphs[0].text
    if first not in NOT_FIRST:
        return False
    # .gitignore and 1st of a broken address begin with a mark that is part of the word.
    return first > "\x7f" or len(line.text) == 1 or not line.text[1].isascii()


def line_end(layout: Layout) -> Iterator[PageFault]:
    """Marks that must not end a line (clreq §3.1.5)."""
    for line, _, _ in _pairs(layout):
        last = line.glyphs[-1]
        if last.text in NOT_LAST:
            yield _at(line, f'a line ends with "{last.text}": {_excerpt(line.text)}', last.box)


def ragged(layout: Layout) -> Iterator[PageFault]:
    """Full lines, which the next word would not have fitted, that were not stretched to the measure."""
    for line, after, edge in _pairs(layout):
        if edge is None or line.beside or not line.last or not _is_text(line) or not is_full(line, after, edge):
            continue
        short = line.short(edge)
        if _drawn(layout, line, line.right, edge + FLUSH):  # a formula ends the line
            continue
        if short > FLUSH and not _under_ruby(layout, line, edge):
            box = Box(line.right - line.size, line.box.top, max(edge, line.right), line.box.bottom)
            yield _at(line, f"a line ends {short:.1f} pt short of the margin: {_excerpt(line.text)}", box)


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
                yield _at(line, f"a line runs off the page: {_excerpt(line.text)}", severity="error")
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
                yield _at(line, f"a line is {over:.1f} pt too long: {_excerpt(line.text)}", box)


def widest_gap(layout: Layout) -> Iterator[PageFault]:
    """Lines of many ideographs set too far apart although what follows could have been broken (clreq §3.2.2)."""
    for line, after, edge in _pairs(layout):
        if line.han < LONG_LINE or edge is None or line.beside:
            continue
        gap, box = max(_gaps(layout, line, _both_han), default=(0.0, line.box))
        if gap > WIDEST_GAP and unit(after.glyphs) <= 2.05 * line.size:  # a word that cannot be broken leaves slack
            yield _at(line, f"characters are {gap:.2f} em apart: {_excerpt(line.text)}", box)


def hole(layout: Layout) -> Iterator[PageFault]:
    """Lines with a gap beside a Latin word."""
    for line, after, edge in _pairs(layout):
        if not _is_text(line) or edge is None or line.beside or not is_full(line, after, edge):
            continue
        gap, box = max(_gaps(layout, line, _not_both_han), default=(0.0, line.box))
        if gap > WIDEST_HOLE:
            yield _at(line, f"a line has a gap of {gap:.2f} em: {_excerpt(line.text)}", box)


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
                    yield _at(line, f'"{before.text}{glyph.text}" leaves a gap: the marks are not set tight', box)


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
            yield _at(last, f'the last line of a paragraph is a single character: "{last.text}"')


NUMBER_ALONE = re.compile(r"[(（]?[A-Z]?\d+(?:[.\-–]\d+)*[a-z]?[)）]?")  # a formula's, at the end of its line
LONGEST_NUMBER = 12


# --- pages ------------------------------------------------------------------------------------------------------------


def widow(layout: Layout) -> Iterator[PageFault]:
    """The last line of a paragraph alone at the head of a page."""
    for paragraph in _of_text(layout):
        pages = Counter(line.page for line in paragraph.lines)
        last = paragraph.lines[-1]
        if len(pages) > 1 and pages[last.page] == 1:
            yield _at(last, f"the last line of a paragraph is alone on a page: {_excerpt(last.text)}")


def orphan(layout: Layout) -> Iterator[PageFault]:
    """The first line of a paragraph alone at the foot of a page."""
    for paragraph in _of_text(layout):
        pages = Counter(line.page for line in paragraph.lines)
        first = paragraph.lines[0]
        if len(pages) > 1 and pages[first.page] == 1:
            yield _at(first, f"the first line of a paragraph is alone on a page: {_excerpt(first.text)}")


def _of_text(layout: Layout) -> Iterator[PrintedParagraph]:
    """The paragraphs of body text, without entries of contents, which are links from end to end."""
    pages = layout.document.pages
    named = any(one.lines[0].role == "P" for one in layout.paragraphs)
    for one in layout.paragraphs:
        first = one.lines[0]
        linked = any(_covers_whole(link.box, first) for link in pages[first.page - 1].links)
        # Where tags name paragraphs, a cover and a half-title have none.
        numbered = len(first.glyphs) <= LONGEST_NUMBER and NUMBER_ALONE.fullmatch(first.text.strip())
        if is_body(first, layout.size) and not linked and not numbered and (first.role or not named):
            yield one


def empty(layout: Layout) -> Iterator[PageFault]:
    """Pages that show nothing but running heads; a blank left page before a right one is set on purpose."""
    pages = layout.document.pages
    blank = [
        not lines and not page.images and (not page.paths or not aside) and not _shows(page, aside)
        for page, lines, aside in zip(pages, layout.lines, layout.furniture, strict=True)
    ]
    for number, page in enumerate(pages, 1):
        if not blank[number - 1]:
            continue
        inside = 1 < number < len(pages) and not blank[number - 2] and not blank[number]
        meant = number % 2 == 0 and inside and not layout.furniture[number - 1]
        box = Box(0, 0, page.width, page.height)
        what = "a left-hand page is blank so that the next begins on the right" if meant else "a page is empty"
        yield PageFault(number, box, "", what, "note" if meant else None)


def half_empty(layout: Layout) -> Iterator[PageFault]:
    """Pages that end long before their foot although the chapter goes on, because something did not fit."""
    for one in holes(layout):
        if one.meant:
            continue
        what = f"{one.share:.0%} of the page is empty: {one.cause} that begins the next page did not fit"
        yield PageFault(one.page, one.box, "", what)


def _shows(page: PrintedPage, aside: Sequence[PrintedLine]) -> bool:
    """Whether a page shows something other than lines: turned text, text without Unicode, a drawing."""
    turned = any(not glyph.text or (not glyph.upright and is_inked(glyph)) for glyph in page.glyphs)
    return turned or bool(page.paths and not aside)


def untrue_contents(layout: Layout) -> Iterator[PageFault]:
    """Page numbers in contents that are not those of the pages that their links lead to."""
    document = layout.document
    folios = [_folio(aside) for aside in layout.furniture]
    heads = Counter(line.text for aside in layout.furniture for line in aside)
    texts = [
        "".join(line.text for line in lines)
        + "".join(line.text for line in aside if heads[line.text] == 1)  # that of code at a page's head
        + "".join(glyph.text for glyph in page.glyphs if not glyph.upright)
        for page, lines, aside in zip(document.pages, layout.lines, layout.furniture, strict=True)
    ]
    for page, lines in zip(document.pages, layout.lines, strict=True):
        entries = [line for line in lines if _printed(line) or _set_apart(line)]
        done: set[int] = set()
        for link in page.links:
            line = next((one for one in entries if _covers(link.box, one)), None)
            if line is None or id(line) in done or not (_printed(line) or _covers_whole(link.box, line)):
                continue
            done.add(id(line))
            title, printed = _printed(line) or _set_apart(line) or ("", "")
            if not link.target:
                yield _at(line, f'the contents entry "{_excerpt(title)}" leads nowhere')
                continue
            if link.target > len(document.pages):
                continue
            true = _numbers(document, folios, link.target)
            if printed.lower() not in {one.lower() for one in true}:
                yield _at(
                    line,
                    f'the contents say page {printed} for "{_excerpt(title)}", which is on page {true[0]}',
                )
            elif not _is_there(title, texts[link.target - 1]):
                yield _at(line, f'"{_excerpt(title)}" is not on page {printed}, where the contents point')


def _printed(line: PrintedLine) -> tuple[str, str] | None:
    """The title and the page number of an entry of contents: a row of dots parts them."""
    text = line.text
    if line.leads:
        title, _, number = LEADER.sub("\0", text, count=1).partition("\0")
        number = re.sub(r"^[·.‧…‥・．]*", "", number)
        return (title, number) if FOLIO.fullmatch(number) else None
    return None


def _set_apart(line: PrintedLine) -> tuple[str, str] | None:
    """The title and the page number of a line that only a wide space parts: contents, if the whole of it is a link."""
    number = list(takewhile(lambda glyph: glyph.text and glyph.text in "0123456789ivxlc", reversed(line.glyphs)))
    before = line.glyphs[: len(line.glyphs) - len(number)]
    if not number or not before or number[-1].left - before[-1].right < WIDE_SPACE * line.size:
        return None
    return "".join(glyph.text for glyph in before), "".join(glyph.text for glyph in reversed(number))


def _covers_whole(box: Box, line: PrintedLine) -> bool:
    return _covers(box, line) and box.left < line.left + 2 and box.right > line.right - 2


def _covers(box: Box, line: PrintedLine) -> bool:
    return box.top - 2 < line.base < box.bottom + 2 and box.left < line.right and box.right > line.left


def _folio(aside: Iterable[PrintedLine]) -> str:
    """The number that is printed on a page."""
    for line in aside:
        match = FOLIO.fullmatch(line.text)
        if match:
            return match[1]
    return ""


def _numbers(document: Document, folios: Sequence[str], number: int) -> list[str]:
    """What a page may be called: what is printed on it; else its label, and what it is between printed numbers."""
    if folios[number - 1]:
        return [folios[number - 1]]
    label = document.pages[number - 1].label
    counted = []
    for step in (1, -1):
        near = range(number + step, len(folios) + 1 if step > 0 else 0, step)
        known = next((one for one in near if folios[one - 1].isdecimal()), 0)
        if known and int(folios[known - 1]) + number - known > 0:
            counted.append(str(int(folios[known - 1]) + number - known))
    return list(dict.fromkeys([label, *counted] if label else counted or [str(number)]))


def _is_there(title: str, text: str) -> bool:
    """Whether a page has a title, or at least its end (its number may be set elsewhere)."""
    letters = "".join(char for char in title if is_han(char))
    return not letters or letters[-4:] in "".join(char for char in text if is_han(char))


def untrue_labels(layout: Layout) -> Iterator[PageFault]:
    """Pages whose printed number is not what a reader's program shows."""
    wrong = []
    for page, aside in zip(layout.document.pages, layout.furniture, strict=True):
        folio, label = _folio(aside), page.label or str(page.number)
        if folio and folio.lower() != label.lower():
            wrong.append((page, folio, label))
    if wrong:
        page, folio, label = wrong[0]
        count = f"; the same on {len(wrong)} pages" if len(wrong) > 1 else ""
        problem = f"the page numbered {folio} in print is labelled {label} in the file{count}"
        yield PageFault(page.number, None, folio, problem)


def image_resolution(layout: Layout) -> Iterator[PageFault]:
    """Pictures with too few pixels for their size in print."""
    for page in layout.document.pages:
        for image in page.images:
            if image.dpi < PRINT_DPI:
                problem = f"an image of {image.across} × {image.down} pixels is set at {image.dpi:.0f} dpi"
                yield PageFault(page.number, image.box, "", problem, "warning" if image.dpi < LEAST_DPI else "note")


# --- glyphs and fonts -------------------------------------------------------------------------------------------------


def missing_glyphs(layout: Layout) -> Iterator[PageFault]:
    """Glyphs for characters that the font lacks, and the compositor's 〓."""
    for page in layout.document.pages:
        for glyph in page.glyphs:
            if glyph.missing and glyph.right > glyph.left and not glyph.text.isspace():
                char = f'"{glyph.text}" (U+{ord(glyph.text[0]):04X})' if glyph.text else "a character"
                yield PageFault(page.number, glyph.box, glyph.text, f"the font has no glyph for {char}")
            elif glyph.text == "〓":
                yield PageFault(
                    page.number, glyph.box, glyph.text, "〓 stands for a character that no font has", "warning"
                )


def unknown_text(layout: Layout) -> Iterator[PageFault]:
    """Fonts whose glyphs have no text to copy or search, so that nothing is copied, searched or read aloud."""
    found: dict[Font, list[tuple[PrintedPage, Glyph]]] = {}
    known: Counter[Font] = Counter()
    for page in layout.document.pages:
        for glyph in page.glyphs:
            if glyph.right > glyph.left and not glyph.missing:
                font = layout.document.fonts[glyph.font]
                if glyph.text:
                    known[font] += 1
                else:
                    found.setdefault(font, []).append((page, glyph))
    for font, uses in found.items():
        if len(uses) > known[font]:
            page, glyph = uses[0]
            problem = f"{len(uses)} glyphs of the font {font.name or 'without a name'} have no text to copy or search"
            yield PageFault(page.number, glyph.box, "", problem)


def radicals(layout: Layout) -> Iterator[PageFault]:
    """Text that copies out as radicals (⼀ for 一), which no search finds."""
    found = [(page, glyph) for page in layout.document.pages for glyph in page.glyphs if _is_radical(glyph.text)]
    if found:
        page, glyph = found[0]
        problem = f'{len(found)} characters are copied as radicals, which a search does not find: "{glyph.text}"'
        yield PageFault(page.number, glyph.box, glyph.text, problem)


def _is_radical(text: str) -> bool:
    return bool(text) and "\u2e80" <= text[0] <= "\u2fdf"


def wrong_region(layout: Layout) -> Iterator[PageFault]:
    """Fonts with the glyphs of another region, by name and by the shapes of embedded glyphs."""
    found: dict[tuple[str, str, str], list[tuple[PrintedPage, Glyph]]] = {}
    for (font, lang), uses in _han_uses(layout.document).items():
        wanted = wanted_regions(lang)
        region = region_of(layout.document, font, uses, wanted) if wanted else ""
        if region and region not in wanted:
            found.setdefault((font.name or "a font without a name", region, lang), []).extend(uses)
    for (name, region, lang), uses in found.items():
        page, glyph = uses[0]
        problem = f"{len(uses)} ideographs have the glyphs of {NAMES[region]} ({name}) in text in {lang}"
        yield PageFault(page.number, glyph.box, glyph.text, problem)


def _han_uses(document: Document) -> dict[tuple[Font, str], list[tuple[PrintedPage, Glyph]]]:
    """The ideographs of each font and language; the pieces of a Type 3 font are one."""
    found: dict[tuple[Font, str], list[tuple[PrintedPage, Glyph]]] = {}
    for page in document.pages:
        for glyph in page.glyphs:
            if is_han(glyph.text[:1]) and not glyph.missing:
                found.setdefault((document.fonts[glyph.font], glyph.tag.lang or document.lang), []).append(
                    (page, glyph)
                )
    return found


def not_embedded(layout: Layout) -> Iterator[PageFault]:
    """Fonts that are not embedded, so that the reader's machine must have them."""
    for font, page, glyph in fonts_used(layout.document):
        if not font.embedded:
            yield PageFault(
                page.number, glyph.box, glyph.text, f"the font {font.name or 'without a name'} is not embedded"
            )


def type3(layout: Layout) -> Iterator[PageFault]:
    """Fonts of drawings, which print without hinting and which printing houses refuse."""
    found: dict[str, list[tuple[PrintedPage, Glyph]]] = {}
    for font, page, glyph in fonts_used(layout.document):
        if font.subtype == "Type3":
            found.setdefault(font.name, []).append((page, glyph))
    for name, uses in found.items():
        page, glyph = uses[0]
        count = f" ({len(uses)} pieces)" if len(uses) > 1 else ""
        yield PageFault(page.number, glyph.box, glyph.text, f"the font {name or 'without a name'} is of Type 3{count}")


# --- the document -----------------------------------------------------------------------------------------------------


def untagged(layout: Layout) -> Iterator[PageFault]:
    """PDFs that programs cannot read aloud in order (PDF/UA-1 §7.1)."""
    if not layout.document.tagged:
        yield PageFault(0, None, "", "the PDF has no tags")


def untitled(layout: Layout) -> Iterator[PageFault]:
    """PDFs that do not say what they are (PDF/UA-1 §7.1)."""
    if not layout.document.title:
        yield PageFault(0, None, "", "the PDF has no title")


def without_language(layout: Layout) -> Iterator[PageFault]:
    """PDFs that do not say what language they are in (PDF/UA-1 §7.2)."""
    if not layout.document.lang:
        yield PageFault(0, None, "", "the PDF does not say what language it is in")


def vertical(layout: Layout) -> Iterator[PageFault]:
    """Vertical and turned text, whose lines are not judged."""
    turned = [(page, glyph) for page in layout.document.pages for glyph in page.glyphs if not glyph.upright]
    han = [(page, glyph) for page, glyph in turned if is_han(glyph.text[:1])]
    if len(han) >= LONG_LINE:
        page, glyph = han[0]
        yield PageFault(page.number, glyph.box, glyph.text, f"vertical text is not checked: {len(han)} ideographs")


_BREAK = "Keep the two marks on one line"
_SET = "Change a word, or set it with another program"
RULES: tuple[PageRule, ...] = (
    PageRule("line-start", "warning", line_start, _BREAK),
    PageRule("line-end", "warning", line_end, _BREAK),
    PageRule("line-ragged", "warning", ragged, "Justify between ideographs, so that lines end flush"),
    PageRule("line-over", "warning", overfull, "Allow a break, make it smaller, or change the text"),
    PageRule("line-gap", "warning", widest_gap, _SET),
    PageRule("line-hole", "warning", hole, "Spread the slack between ideographs, or change a word"),
    PageRule("mark-loose", "warning", loose_marks, "Trim the marks: text-spacing-trim, or the font's halt"),
    PageRule("line-single", "warning", single, _SET),
    PageRule("page-widow", "warning", widow, "Keep two lines together"),
    PageRule("page-orphan", "warning", orphan, "Keep two lines together"),
    PageRule("page-empty", "warning", empty, "Remove the page, or fill it"),
    PageRule("page-hole", "warning", half_empty, "Make it smaller, or let text that follows it go before it"),
    PageRule("page-label", "warning", untrue_labels, "Give the PDF page labels that agree with what is printed"),
    PageRule("toc-page", "error", untrue_contents, "Make the table of contents again"),
    PageRule("img-dpi", "warning", image_resolution, "Use a larger image, or set it smaller"),
    PageRule("glyph-missing", "error", missing_glyphs, "Choose a font that has it, or another character"),
    PageRule(
        "text-unknown", "warning", unknown_text, "Make the PDF with a program that keeps the text as it was written"
    ),
    PageRule("text-radicals", "warning", radicals, "Make the PDF with a program that keeps the text as it was written"),
    PageRule("font-region", "warning", wrong_region, "Name a font of the document's own region"),
    PageRule("font-embedded", "error", not_embedded, "Embed it"),
    PageRule("font-type3", "warning", type3, "Make the PDF with a program that embeds fonts as they are"),
    PageRule("pdf-tags", "warning", untagged, "Export it with tags"),
    PageRule("pdf-title", "warning", untitled, "Give it a title"),
    PageRule("pdf-lang", "warning", without_language, "Give it a language, such as zh-Hans-CN"),
    PageRule("line-vertical", "note", vertical, "Check it by eye"),
)
