"""The rules of a page: lines alone on it, pages left empty, numbers that are not true, pictures too coarse."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from publish.check.pdf.faults import PageFault, at, excerpt
from publish.check.pdf.holes import holes
from publish.check.pdf.lines import (
    FOLIO,
    LEADER,
    Layout,
    PrintedLine,
    PrintedParagraph,
    is_body,
    is_han,
    is_inked,
)
from publish.check.pdf.page import Box, Document, PrintedPage

WIDE_SPACE = 0.6  # em: what parts a page number from its title, where no dots lead to it
PRINT_DPI = 300
LEAST_DPI = 150
NUMBER_ALONE = re.compile(r"[(（]?[A-Z]?\d+(?:[.\-–]\d+)*[a-z]?[)）]?")  # a formula's, at the end of its line
LONGEST_NUMBER = 12


def widow(layout: Layout) -> Iterator[PageFault]:
    """The last line of a paragraph alone at the head of a page."""
    for paragraph in _of_text(layout):
        pages = Counter(line.page for line in paragraph.lines)
        last = paragraph.lines[-1]
        if len(pages) > 1 and pages[last.page] == 1:
            yield at(last, f"the last line of a paragraph is alone on a page: {excerpt(last.text)}")


def orphan(layout: Layout) -> Iterator[PageFault]:
    """The first line of a paragraph alone at the foot of a page."""
    for paragraph in _of_text(layout):
        pages = Counter(line.page for line in paragraph.lines)
        first = paragraph.lines[0]
        if len(pages) > 1 and pages[first.page] == 1:
            yield at(first, f"the first line of a paragraph is alone on a page: {excerpt(first.text)}")


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
        if not meant:
            yield PageFault(number, Box(0, 0, page.width, page.height), "", "a page is empty")


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
                yield at(line, f'the contents entry "{excerpt(title)}" leads nowhere')
                continue
            if link.target > len(document.pages):
                continue
            true = _numbers(document, folios, link.target)
            if printed.lower() not in {one.lower() for one in true}:
                yield at(
                    line,
                    f'the contents say page {printed} for "{excerpt(title)}", which is on page {true[0]}',
                )
            elif not _is_there(title, texts[link.target - 1]):
                yield at(line, f'"{excerpt(title)}" is not on page {printed}, where the contents point')


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
