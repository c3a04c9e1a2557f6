"""The cover on one sheet: back flap, back, spine, front, front flap, beside one another as they are folded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from publish.edition.publication import Publication
from publish.errors import Place
from publish.findings import Finding
from publish.han import IDEOGRAPH_RUN
from publish.render import families_css, fill, stylesheet
from publish.render.cover_face import cover_face, measure
from publish.render.pdf import barcode
from publish.render.pdf.finish import MARK, POINTS
from publish.source.settings.isbn import Isbn, isbn_of
from publish.source.settings.metadata import TRANSLATOR, Metadata
from publish.source.settings.page import Page, Wrap
from publish.weasy.layout import lay_out

THINNEST = 5.0  # millimetres of a spine with words on it: on thinner ones they end up on the front
_SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0)  # points that the texts on the cover may have
_MARGIN = 12.0  # millimetres around them
_GAP = 6.0  # between the back's text and the barcode
_LARGEST, _SHARE = 7.5, 0.6  # millimetres of a spine's title, and of its width
_LEADING = 1.16  # of characters that stand under one another
_TITLE, _REST = 0.5, 0.22  # of the spine's height: what its title may take, and each of what stands below
_TURNED = re.compile(r"[⺀-鿿豈-﫿々〇]|[^⺀-鿿豈-﫿々〇]+")


@dataclass(frozen=True)
class Panel:
    """A part of the sheet: its name, where it begins, how wide it is, in millimetres."""

    name: str
    left: float
    width: float


@dataclass(frozen=True)
class SpinePiece:
    """What stands on a spine in one direction: a character upright, or a word turned, and how long it is, in ems."""

    text: str
    turned: bool
    length: float


@dataclass(frozen=True)
class SpineText:
    """Words on a spine, from its top: their pieces, and how large they are, in millimetres."""

    pieces: tuple[SpinePiece, ...]
    size: float


def panels(page: Page, wrap: Wrap, spine: float, *, reversed_order: bool = False) -> tuple[Panel, ...]:
    """The parts of the sheet from left to right; of a book that is read from the right the front is on the left."""
    widths = [("back-flap", wrap.flap), ("back", page.width), ("spine", spine), ("front", page.width)]
    widths += [("front-flap", wrap.flap)]
    found, at = [], 0.0
    for name, width in reversed(widths) if reversed_order else widths:
        if width:
            found.append(Panel(name, round(at, 3), width))
            at += width
    return tuple(found)


@dataclass(frozen=True)
class CoverSheet:
    """A cover to be laid out: HTML, its page, its parts, what a person should know of it."""

    html: str
    page: Page
    panels: tuple[Panel, ...]
    findings: tuple[Finding, ...]


def wrap_sheet(publication: Publication, pages: int) -> CoverSheet:
    """The cover of a book of so many pages."""
    metadata, page, wrap = publication.metadata_for("pdf"), publication.page, publication.page.wrap
    assert wrap is not None  # noqa: S101  # asked for by whoever has one
    spine = wrap.thickness(pages)
    parts = panels(page, wrap, spine, reversed_order=metadata.progression == "rtl")
    sheet = replace(page, width=round(parts[-1].left + parts[-1].width, 3))
    isbn = isbn_of(metadata.identifiers)
    code = isbn if isbn and not isbn.wrong else None
    faces = publication.edition.region.fonts
    findings = [] if code else [_no_barcode(isbn)]
    texts = {"back": wrap.back or metadata.description, "front-flap": wrap.front_flap, "back-flap": wrap.back_flap}
    sizes: dict[str, float] = {}
    widths = {part.name: part.width - 2 * _MARGIN for part in parts}
    for name, text in texts.items():
        below = barcode.WHOLE * barcode.MODULE + _GAP if name == "back" and code else 0
        if text and name in widths:
            height = page.height - 2 * _MARGIN - below
            sizes[name], found = _fitted(publication, text, (widths[name], height), name)
            findings += found
        elif text and name != "back":
            findings.append(_no_flap(name))
    if spine < THINNEST:
        findings.append(_thin(spine))
    cover = metadata.cover_image if metadata.cover_image in publication.assets else ""
    html = fill(
        publication.theme,
        "print-wrap.html",
        publication=publication,
        metadata=metadata,
        words=publication.edition.region.words,
        lang=publication.edition.region.layout_tag,
        cover=cover,
        face=cover_face(metadata, publication.slug, may_stand=True),
        panels={part.name: part for part in parts},
        front=_front(parts, page.bleed),
        texts={name: paragraphs(text) for name, text in texts.items() if name in sizes},
        sizes=sizes,
        spine=list(spine_texts(metadata, spine, page.height)) if spine >= THINNEST else [],
        barcode=Markup(barcode.drawn(code, families_css(faces.heading))) if code else "",  # noqa: S704  # ours
        price=wrap.price,
        css=_css(publication, sheet, wrap, cover),
    )
    return CoverSheet(html, sheet, parts, tuple(findings))


def fold_marks(sheet: CoverSheet) -> str:
    """Hairlines at the folds, from the bleed outwards, as an artifact, in points from the lower left corner."""
    start = sheet.page.bleed * POINTS
    end, top = start + MARK * POINTS, sheet.page.height * POINTS
    lines = []
    for panel in sheet.panels[1:]:
        x = panel.left * POINTS
        lines.append(
            f"{x:.3f} {-start:.3f} m {x:.3f} {-end:.3f} l {x:.3f} {top + start:.3f} m {x:.3f} {top + end:.3f} l"
        )
    return f"/Artifact BMC q 0 G 0.25 w [2 2] 0 d {' '.join(lines)} S Q EMC\n"


def _front(parts: Sequence[Panel], bleed: float) -> Mapping[str, float]:
    """Where the front is seen, from the edge of the bleed: it goes on into it on the side where it ends the sheet."""
    front = next(part for part in parts if part.name == "front")
    first, last = front is parts[0], front is parts[-1]
    return {
        "left": round(front.left + (0 if first else bleed), 3),
        "width": round(front.width + (bleed if first or last else 0), 3),
        "inside": bleed if first else 0,
    }


def _css(publication: Publication, sheet: Page, wrap: Wrap, cover: str) -> str:
    page = publication.page
    measures = {"width": f"{page.width}mm", "height": f"{page.height}mm", "bleed": page.bleed}
    own = {
        "sheet": sheet,
        "colour": wrap.colour,
        "plain": bool(cover),
        "margin": _MARGIN,
        "light": _is_light(wrap.colour),
    }
    return stylesheet(publication, "cover.css", **measures) + stylesheet(
        publication, "print-wrap.css", **measures, **own
    )


def _is_light(colour: str) -> bool:
    """Whether black reads better on a colour than white."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5)) if colour else (255, 255, 255)
    return 0.299 * red + 0.587 * green + 0.114 * blue > 140  # noqa: PLR2004  # of 255


def _fitted(publication: Publication, text: str, area: tuple[float, float], name: str) -> tuple[float, list[Finding]]:
    """The largest size in points at which a text fits into an area (millimetres), or the smallest and a finding."""
    for size in _SIZES:
        css = stylesheet(publication, "print-wrap.css", trial=area, size=size)
        body = fill(publication.theme, "print-wrap-text.html", paragraphs=paragraphs(text), size=size)
        lang = publication.edition.region.layout_tag
        if len(lay_out(f'<html lang="{lang}"><style>{css}</style><body>{body}</body></html>', {}).pages) == 1:
            return size, []
    key = name if name == "back" else name.replace("-flap", " flap")
    problem = f"the text on the cover's {key} does not fit, even at {_SIZES[-1]:g} points"
    place = Place("", key=f"page.cover.{name}")
    return _SIZES[-1], [Finding("cover-text", "warning", place, problem, f"Shorten it: page: cover: {name}")]


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a plain text."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def spine_texts(metadata: Metadata, spine: float, height: float) -> Iterator[SpineText]:
    """Title, authors and publisher of a spine, which is so thick and so high, in millimetres."""
    names = "　".join([*metadata.authors(), *(one.name for one in metadata.people(TRANSLATOR))])
    largest = min(_LARGEST, spine * _SHARE)
    for text, share, scale in ((metadata.title, _TITLE, 1.0), (names, _REST, 0.62), (metadata.publisher, _REST, 0.62)):
        pieces = tuple(upright(text))
        length = sum(piece.length for piece in pieces) or 1
        yield SpineText(pieces, round(min(largest * scale, height * share / length), 2))


def upright(text: str) -> Iterator[SpinePiece]:
    """A text as it stands on a spine: ideographs under one another, everything else turned with the line."""
    for match in _TURNED.finditer(text):
        piece = match[0]
        if IDEOGRAPH_RUN.fullmatch(piece):
            yield SpinePiece(piece, turned=False, length=_LEADING)
        elif not piece.strip():
            yield SpinePiece("", turned=True, length=0.5)
        else:
            yield SpinePiece(piece.strip(), turned=True, length=round(measure(piece.strip()) + 0.25, 2))


def _no_barcode(isbn: Isbn | None) -> Finding:
    place = Place("", key="identifier")
    if isbn:
        problem = f"the last digit of the ISBN {isbn.printed} does not check the others, so the cover has no barcode"
        return Finding("cover-barcode", "warning", place, problem, "Correct it under identifier")
    problem = "the edition has no ISBN of its own, so its cover has no barcode"
    return Finding("cover-barcode", "note", place, problem, "Add it under identifier, with scheme: ISBN-13")


def _no_flap(name: str) -> Finding:
    problem = f"the cover has no flaps, so the text for its {name.replace('-', ' ')} stands nowhere"
    place = Place("", key=f"page.cover.{name}")
    return Finding("cover-text", "warning", place, problem, "Say how wide they are: page: cover: {flaps: 80mm}")


def _thin(spine: float) -> Finding:
    problem = f"the spine is {spine:g} mm thick, too thin for words, which would end up on the front"
    return Finding(
        "cover-spine",
        "note",
        Place("", key="page.cover.paper"),
        problem,
        "Nothing, or ask the printer for a thicker paper",
    )
