"""Diagrams drawn: the picture in the place of its source, where its program is installed; else the source stays.

The Han in a source convert run by run, so that a name is the same wherever it stands in it. `data-diagram` keeps the
source as its author wrote it beside the picture, for the gate; renderers drop it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree

from publish.edition.context import Context
from publish.edition.features.drawing import PROGRAMS, DrawingError, draw
from publish.edition.markup.xhtml import Element, H, plain
from publish.findings import Finding
from publish.han import IDEOGRAPHS
from publish.source.features.diagrams import KINDS, SAID, kind_of
from publish.source.manuscript import Chapter
from publish.source.pictures.assets import SVG, Asset, AssetError

SOURCE = "data-diagram"
_HAN = re.compile(rf"[{IDEOGRAPHS}，。、；：？！（）《》「」“”]+")
_POINTS = re.compile(r"^([\d.]+)pt$")
_PIXELS = 4 / 3  # of a point
_LONGEST_ALT = 150
_OPTION = re.compile(r"^\s*(?:%%|//)\|.*\n?", re.MULTILINE)


def has_diagrams(page: str) -> bool:
    """Whether a written chapter may have diagrams."""
    return "<pre" in page and any(name in page for name in KINDS)


def diagrams_of(root: Element) -> list[tuple[str, str]]:
    """The kind and the source of each diagram of a chapter."""
    return [(kind, plain(pre)) for pre, kind in _diagrams(root)]


def _diagrams(root: Element) -> list[tuple[Element, str]]:
    found = ((pre, kind_of((pre.get("class") or "").split())) for pre in root.iter(f"{H}pre"))
    return [(pre, kind) for pre, kind in found if kind]


def is_drawn(diagrams: Iterable[tuple[str, str]]) -> bool:
    """Whether any of a chapter's diagrams is drawn: whether its program is installed."""
    return any(PROGRAMS[kind].path for kind in {kind for kind, _ in diagrams})


def draw_diagrams(
    context: Context, chapters: Sequence[tuple[Chapter, Sequence[tuple[str, str]], Element | None]]
) -> Iterator[Finding]:
    """Draw all diagrams of an edition, in place; those that cannot be drawn stay code, and are told.

    `chapters` have their diagrams, and their trees where any of these is drawn.
    """
    missing: dict[str, list[tuple[Chapter, str]]] = {}
    for chapter, diagrams, root in chapters:
        for kind, source in diagrams:
            context.assets.probed.update(PROGRAMS[kind].places)
            if not PROGRAMS[kind].path:
                missing.setdefault(kind, []).append((chapter, source))
        for pre, kind in _diagrams(root) if root is not None else ():
            if PROGRAMS[kind].path:
                yield from _draw(context, chapter, pre, kind)
    for kind, found in missing.items():
        chapter, source = found[0]
        times = f" ({len(found)} of them, first here)" if len(found) > 1 else ""
        problem = f"{PROGRAMS[kind].command} is not installed: {kind} diagrams stay code{times}"
        yield context.finding("diagram-tool", chapter, 0, problem, PROGRAMS[kind].install, needle=_first(source))


def _draw(context: Context, chapter: Chapter, pre: Element, kind: str) -> Iterator[Finding]:
    source = plain(pre)
    convert = context.converter.convert
    own = _HAN.sub(lambda found: convert(found[0]), _OPTION.sub("", source))
    try:
        picture = _sized(draw(kind, own, context.edition.region.fonts.heading))
        asset = context.assets.keep(picture, kind)
    except (DrawingError, AssetError, etree.XMLSyntaxError) as error:
        line = error.line if isinstance(error, DrawingError) else 0
        place = _line(context.manuscript.lines[chapter.file], source, max(line, 1))
        problem = f"this diagram cannot be drawn and stays code: {getattr(error, 'problem', error)}"
        yield context.finding("diagram-error", chapter, place, problem, "Correct it")
        return
    _put(
        pre,
        source,
        asset,
        convert(pre.get(f"data-{SAID}") or "") or _said(picture, context.edition.region.words.figure),
    )


def _line(lines: Sequence[str], source: str, wanted: int) -> int:
    """The line of a chapter's file that a line of a diagram is, counted without its options; 0 where it is none.

    A program that misses what should follow counts beyond the last line.
    """
    rows = [row.strip() for row in source.rstrip().split("\n")]
    own = [at for at, row in enumerate(rows) if not _OPTION.match(row)] or [0]
    bare = [line.strip() for line in lines]
    start = next((at for at in range(len(bare)) if bare[at : at + len(rows)] == rows), -1)
    return start + 1 + own[min(wanted, len(own)) - 1] if start >= 0 else 0


def _first(source: str) -> str:
    return next((row.strip() for row in source.split("\n") if row.strip()), "")


def _sized(svg: bytes) -> bytes:
    """A drawing with its sides in pixels, as all pictures have them, and a face to fall back to."""
    root = etree.fromstring(svg, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    for side in ("width", "height"):
        points = _POINTS.match(root.get(side) or "")
        if points:
            root.set(side, f"{float(points[1]) * _PIXELS:.0f}")
    if not re.fullmatch(r"[\d.]+(?:px)?", root.get("width") or "") and root.get("viewBox"):
        _, _, width, height = (root.get("viewBox") or "").replace(",", " ").split()
        root.set("width", f"{float(width):.0f}")
        root.set("height", f"{float(height):.0f}")
    for text in root.iter(f"{{{SVG}}}text"):
        face = text.get("font-family") or ""
        if face and "," not in face:
            text.set("font-family", f"'{face}', sans-serif")
    return etree.tostring(root, encoding="utf-8")


def _said(svg: bytes, word: str) -> str:
    """The words of a drawing, for those who do not see it."""
    root = etree.fromstring(svg)
    words = ["".join(map(str, text.itertext())).strip() for text in root.iter(f"{{{SVG}}}text")]
    said = f"{word}：{'、'.join(dict.fromkeys(filter(None, words)))}".rstrip("：")
    return said if len(said) <= _LONGEST_ALT else f"{said[:_LONGEST_ALT]}……"


def _put(pre: Element, source: str, asset: Asset, alt: str) -> None:
    image = etree.Element(f"{H}img", {"src": asset.href, "alt": alt, SOURCE: source})
    if asset.width and asset.height:
        image.set("width", str(asset.width))
        image.set("height", str(asset.height))
    parent = pre.getparent()
    if parent is None:
        return
    made = image
    if parent.tag != f"{H}figure":
        made = etree.Element(f"{H}figure", {"class": "diagram"})
        made.append(image)
    made.tail = pre.tail
    if pre.get("id"):
        made.set("id", str(pre.get("id")))
    parent.replace(pre, made)
