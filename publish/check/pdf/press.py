"""The rules of a PDF for a printing press: each a code, a function over what is painted, what is wrong, what to do.

What they ask is what printers in the Mainland, Taiwan and Hong Kong ask of any file: a bleed of 3 mm, pictures of
300 dpi, text in black alone, no colours of screens, 300% of ink at most. PDF/X is ISO 15930.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from publish.check.pdf.faults import PageFault, PageFinding, PageRule, found_at
from publish.check.pdf.page import Box, Document
from publish.check.pdf.painted import SCREEN, Painted, PaintedDocument, PaintedPage
from publish.findings import Severity

_BLEED = 3.0  # millimetres
_MILLIMETRE = 72 / 25.4
_NEAR = 0.3  # points: what rounding takes
_INK_ROUNDING = 0.02  # of one ink: what rounding adds to four
_SMALL = 12.0  # points: text below this is blurred where inks do not meet
_FAINT = 0.005  # of an ink that prints no dot
_SOLID = 0.99
_DPI, _LINE_DPI = 300, 1200
_ENOUGH = 0.97  # of the resolution: layout programs round
_LEAST = 0.5  # of the resolution: below, the fault is seen by everyone
_HAIR = 0.25  # points: thinner lines break on plates
_CMYK = 4
_SAMPLES = 12  # along an edge
_OF_PRESSES = frozenset(("/DeviceGray", "/DeviceCMYK"))


@dataclass(frozen=True)
class ForPress:
    """What the rules look at: the document as it reads, as it prints, and the limit of ink in percent."""

    document: Document
    painted: PaintedDocument
    ink_limit: int


@dataclass(frozen=True)
class PressRule:
    """A row of the table of checks for a press."""

    code: str
    severity: Severity
    find: Callable[[ForPress], Iterable[PageFault]]
    remedy: str


def press_findings(sheet: ForPress) -> list[PageFinding]:
    """What a printer would send back, in the order of pages."""
    return [
        found_at(sheet.document, PageRule(rule.code, rule.severity, lambda _: (), rule.remedy), fault)
        for rule in PRESS_RULES
        for fault in rule.find(sheet)
    ]


def _fault(page: PaintedPage, one: Painted, problem: str, severity: Severity | None = None) -> PageFault:
    return PageFault(page.number, one.where or one.box, "", problem, severity)


def _first(
    sheet: ForPress, wrong: Callable[[PaintedPage, Painted], bool], say: Callable[[Painted, int], str]
) -> Iterator[PageFault]:
    """A fault for each page and kind of thing, at the first of them, with how many there are."""
    for page in sheet.painted.pages:
        found = [one for one in page.painted if wrong(page, one)]
        counts = Counter(one.kind for one in found)
        for kind, count in counts.items():
            one = next(one for one in found if one.kind == kind)
            yield _fault(page, one, say(one, count))


_NAMES = {"text": "text", "field": "a field", "line": "a line", "picture": "a picture", "gradient": "a gradient"}
_MANY = {"text": "pieces of text", "field": "fields", "line": "lines", "picture": "pictures", "gradient": "gradients"}


def _count(one: Painted, count: int) -> str:
    return f"{_NAMES[one.kind]} is" if count == 1 or one.kind == "text" else f"{count} {_MANY[one.kind]} are"


def screen_colours(sheet: ForPress) -> Iterator[PageFault]:
    """Colours of screens, which each printer's machine converts in its own way: one fault for each kind of thing."""
    found = [(page, one) for page in sheet.painted.pages for one in page.painted if one.space in SCREEN]
    for kind in dict.fromkeys(one.kind for _, one in found):
        own = [(page, one) for page, one in found if one.kind == kind]
        page, first = own[0]
        pages = len({page.number for page, _ in own})
        where = f" on {pages} pages" if pages > 1 else ""
        yield _fault(page, first, f"{_count(first, len(own))} in RGB, not in inks{where}")


def spot_colours(sheet: ForPress) -> Iterator[PageFault]:
    """Inks beside the four, each of which is a plate of its own."""
    return _first(
        sheet,
        lambda _, one: one.space in ("/Separation", "/DeviceN"),
        lambda one, count: f"{_count(one, count)} in an ink beside the four",
    )


def mixed_text(sheet: ForPress) -> Iterator[PageFault]:
    """Small text in several inks, which never meet exactly."""

    def wrong(_: PaintedPage, one: Painted) -> bool:
        return one.kind == "text" and one.size < _SMALL and sum(ink > _FAINT for ink in one.inks or ()) > 1

    return _first(sheet, wrong, lambda one, _: f"small text is printed in {_said(one.inks or ())}")


def screened_text(sheet: ForPress) -> Iterator[PageFault]:
    """Small text in a tint: its strokes are as fine as the dots that it is made of."""

    def wrong(_: PaintedPage, one: Painted) -> bool:
        inks = [ink for ink in one.inks or () if ink > _FAINT]
        return one.kind == "text" and one.size < _SMALL and len(inks) == 1 and _FAINT < inks[0] < _SOLID

    return _first(sheet, wrong, lambda one, _: f"small text is printed as a tint: {_said(one.inks or ())}")


def _said(inks: Iterable[float]) -> str:
    return " ".join(f"{name}{round(ink * 100)}" for name, ink in zip("CMYK", inks, strict=True) if ink > _FAINT)


def vanishing(sheet: ForPress) -> Iterator[PageFault]:
    """White that overprints: it leaves what lies below, and is not seen itself."""

    def wrong(_: PaintedPage, one: Painted) -> bool:
        return one.over and one.space == "/DeviceCMYK" and one.inks is not None and max(one.inks) <= _FAINT

    return _first(sheet, wrong, lambda one, count: f"{_count(one, count)} white and overprints, so it vanishes")


def knocked_out(sheet: ForPress) -> Iterator[PageFault]:
    """Small black text on a coloured ground that does not overprint it: paper shows at its edges."""
    for page in sheet.painted.pages:
        grounds: list[Box] = []
        for one in page.painted:
            if one.kind in ("field", "picture") and _is_coloured(one):
                grounds.append(one.box)
            elif _is_plain_black(one) and any(_covers(ground, one.box) for ground in grounds):
                yield _fault(page, one, "black text on a coloured ground does not overprint it")
                break


def _is_plain_black(one: Painted) -> bool:
    """Whether it is small text in black alone that takes the place of what lies below."""
    return one.kind == "text" and one.size < _SMALL and one.inks == (0, 0, 0, 1) and not one.over


def _is_coloured(one: Painted) -> bool:
    return one.kind == "picture" and one.space != "/DeviceGray" if one.inks is None else any(one.inks[:3])


def _covers(ground: Box, box: Box) -> bool:
    return ground.left <= box.left and ground.right >= box.left and ground.top <= box.bottom <= ground.bottom


def too_much_ink(sheet: ForPress) -> Iterator[PageFault]:
    """More of all inks together than paper takes before the next sheet lies on it."""
    limit = sheet.ink_limit / 100 + _INK_ROUNDING * _CMYK

    def ink(one: Painted) -> float:
        return max(one.heaviest, sum(one.inks or ()))

    def wrong(_: PaintedPage, one: Painted) -> bool:
        return ink(one) > limit and one.space in _OF_PRESSES

    return _first(
        sheet,
        wrong,
        lambda one, _: f"{_NAMES[one.kind]} takes {round(ink(one) * 100)}% of ink, more than {sheet.ink_limit}%",
    )


def coarse(sheet: ForPress) -> Iterator[PageFault]:
    """Pictures too coarse for the screen of a press, line art for its plate."""
    for page in sheet.painted.pages:
        for one in page.painted:
            wanted = _LINE_DPI if one.bits == 1 else _DPI
            if one.kind == "picture" and one.dpi < wanted * _ENOUGH and _within(one.box, page.box):
                severity: Severity = "warning" if one.bits > 1 or one.dpi < wanted * _LEAST else "note"
                what = "line art" if one.bits == 1 else "a picture"
                yield _fault(page, one, f"{what} is set at {one.dpi:.0f} dpi, less than {wanted}", severity)


def _within(box: Box, page: Box) -> bool:
    return box.right > page.left and box.left < page.right and box.bottom > page.top and box.top < page.bottom


def not_bled(sheet: ForPress) -> Iterator[PageFault]:
    """What reaches the trimmed edge and not the bleed: a knife that is half a millimetre off leaves paper there.

    Of a PDF that states no edges one page is told: the others are made in the same way.
    """
    found = _not_bled(sheet)
    return found if any(page.trimmed for page in sheet.painted.pages) else islice(found, 1)


def _not_bled(sheet: ForPress) -> Iterator[PageFault]:
    for page in sheet.painted.pages:
        inked = [one for one in page.painted if one.kind != "text" and _prints(one)]
        for one in inked:
            short = _short(one.box, page.trim)
            if short is not None and not _goes_on(one.box, page.trim, [other.box for other in inked]):
                yield _fault(
                    page, one, f"{_NAMES[one.kind]} ends {short:.1f} mm beyond the trimmed edge, not {_BLEED:g}"
                )
                break


def _short(box: Box, trim: Box) -> float | None:
    """How far in millimetres a box reaches over the trimmed edge that it touches, where that is too little."""
    if box.right < trim.left or box.left > trim.right or box.bottom < trim.top or box.top > trim.bottom:
        return None  # a mark in the margin
    over = (trim.left - box.left, trim.top - box.top, box.right - trim.right, box.bottom - trim.bottom)
    touched = [one / _MILLIMETRE for one in over if one > -_NEAR]
    return max(min(touched), 0.0) if touched and min(touched) < _BLEED - 0.1 else None


def _prints(one: Painted) -> bool:
    return one.inks is None or max(one.inks) > _FAINT


def _goes_on(box: Box, trim: Box, others: list[Box]) -> bool:
    """Whether other things cover what lies between the trimmed edge and the bleed beside a box that touches it."""
    out = _BLEED * _MILLIMETRE - _NEAR * 2
    left, right = max(box.left, trim.left), min(box.right, trim.right)
    top, bottom = max(box.top, trim.top), min(box.bottom, trim.bottom)
    shares = [one / _SAMPLES for one in range(1, _SAMPLES)]
    beside: list[tuple[float, float]] = []
    for edge, at, way in ((box.left - trim.left, trim.left, -1), (trim.right - box.right, trim.right, 1)):
        if edge < _NEAR:
            beside += [(at + way * out, top + (bottom - top) * share) for share in shares]
    for edge, at, way in ((box.top - trim.top, trim.top, -1), (trim.bottom - box.bottom, trim.bottom, 1)):
        if edge < _NEAR:
            beside += [(left + (right - left) * share, at + way * out) for share in shares]
    return all(any(_holds(other, x, y) for other in others) for x, y in beside)


def _holds(box: Box, x: float, y: float) -> bool:
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def near_edge(sheet: ForPress) -> Iterator[PageFault]:
    """Text so near to the edge that a knife may cut it."""
    margin = _BLEED * _MILLIMETRE
    for printed, page in zip(sheet.document.pages, sheet.painted.pages, strict=True):
        trim = page.trim
        for glyph in printed.glyphs:
            box = glyph.box
            inside = trim.left < box.left and box.right < trim.right and trim.top < box.top and box.bottom < trim.bottom
            if inside and not glyph.text.isspace() and _short(box.grown(margin - _NEAR), trim) is not None:
                yield PageFault(page.number, box, glyph.text, f'"{glyph.text}" stands less than 3 mm from the edge')
                break


def without_boxes(sheet: ForPress) -> Iterator[PageFault]:
    """PDFs that do not say where they are trimmed, or leave less than 3 mm around it."""
    pages = sheet.painted.pages
    if not any(page.trimmed for page in pages):
        yield PageFault(0, None, "", "the PDF does not say where its pages are trimmed (TrimBox)")
        return
    narrow = [page for page in pages if _narrow(page) < _BLEED - 0.1]
    if narrow:
        least = max(_narrow(narrow[0]), 0)
        count = f" on {len(narrow)} pages" if len(narrow) > 1 else ""
        yield PageFault(narrow[0].number, None, "", f"the bleed is {least:.1f} mm, not {_BLEED:g}{count}")


def _narrow(page: PaintedPage) -> float:
    trim, bleed = page.trim, page.bleed
    sides = (trim.left - bleed.left, trim.top - bleed.top, bleed.right - trim.right, bleed.bottom - trim.bottom)
    return min(sides) / _MILLIMETRE


def sizes(sheet: ForPress) -> Iterator[PageFault]:
    """Pages that are trimmed to another size than the others."""
    made = [(round(p.trim.right - p.trim.left), round(p.trim.bottom - p.trim.top)) for p in sheet.painted.pages]
    usual = Counter(made).most_common(1)[0][0]
    for page, size in zip(sheet.painted.pages, made, strict=True):
        if max(abs(a - b) for a, b in zip(size, usual, strict=True)) > 1:
            wide, high = (round(side / _MILLIMETRE) for side in size)
            yield PageFault(page.number, None, "", f"the page is {wide} × {high} mm, unlike the others")


def hairlines(sheet: ForPress) -> Iterator[PageFault]:
    """Lines too thin for a plate."""

    def wrong(_: PaintedPage, one: Painted) -> bool:
        return one.kind == "line" and one.size < _HAIR - 0.01 and any(one.inks or ())

    return _first(sheet, wrong, lambda one, _: f"a line is {one.size:.2f} pt thin, less than {_HAIR}")


def over_page(sheet: ForPress) -> Iterator[PageFault]:
    """Links and notes over what is printed, which PDF/X forbids (ISO 15930-7 §6.21)."""
    pages = [(page, box) for page in sheet.painted.pages for box in page.annotations if _within(box, page.bleed)]
    if pages:
        page, box = pages[0]
        count = f" ({len(pages)} of them)" if len(pages) > 1 else ""
        yield PageFault(page.number, box, "", f"a link or a note lies over the printed page{count}")


def transparent(sheet: ForPress) -> Iterator[PageFault]:
    """What shows through, in a PDF that says that nothing does."""
    if "X-1" not in sheet.painted.standard and "X-3" not in sheet.painted.standard:
        return
    for page in sheet.painted.pages:
        if page.clear:
            yield PageFault(page.number, page.clear[0], "", f"{sheet.painted.standard} has no transparency")


def no_press(sheet: ForPress) -> Iterator[PageFault]:
    """PDFs that do not say for which press their inks are."""
    if not sheet.painted.intents:
        yield PageFault(0, None, "", "the PDF does not say for which press it was made (output intent)")
    elif not sheet.painted.standard:
        yield PageFault(0, None, "", "the PDF does not say which PDF/X it keeps", "note")


_CONVERT = "Convert it by the ICC profile of the press; in a book of publish: page: {for: press, profile: FILE}"
PRESS_RULES: tuple[PressRule, ...] = (
    PressRule("press-intent", "warning", no_press, "Export it as PDF/X-4, for the press that will print it"),
    PressRule("press-rgb", "warning", screen_colours, _CONVERT),
    PressRule("press-spot", "note", spot_colours, "Ask the printer whether it is wanted, or convert it"),
    PressRule("press-text", "warning", mixed_text, "Print it in black alone, or larger"),
    PressRule("press-tint", "warning", screened_text, "Print it in solid black, or larger"),
    PressRule("press-white", "error", vanishing, "Let white knock out what lies below"),
    PressRule(
        "press-overprint", "note", knocked_out, "Let black overprint; most printers' machines do so by themselves"
    ),
    PressRule(
        "press-ink", "warning", too_much_ink, "Convert it again with a lower limit, such as page: {ink-limit: 300}"
    ),
    PressRule("press-dpi", "warning", coarse, "Use a larger picture, or set it smaller"),
    PressRule("press-bleed", "warning", not_bled, "Let it reach over the edge as far as the bleed, or end before it"),
    PressRule("press-edge", "warning", near_edge, "Move it inwards, or let it be cut on purpose"),
    PressRule("press-boxes", "warning", without_boxes, "Export it with a bleed of 3 mm: page: {bleed: 3mm}"),
    PressRule("press-size", "warning", sizes, "Make all pages of one size"),
    PressRule("press-line", "warning", hairlines, "Draw lines of a quarter of a point or more"),
    PressRule("press-link", "warning", over_page, "Export it without links and notes"),
    PressRule("press-clear", "error", transparent, "Flatten it, or export PDF/X-4"),
)
# Of the other rules, what these say better.
REPLACED = frozenset(("img-dpi", "pdf-tags"))
