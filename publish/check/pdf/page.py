"""What a PDF shows, as the checks see it: pages of glyphs, images and links. Points from the top left of a page."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A place on a page, in points from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def grown(self, by: float) -> Box:
        """The box with a margin around it."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclass(frozen=True, slots=True)
class Font:
    """A font of the PDF: its name without the subset's prefix, its subtype, the collection of its CIDs (GB1)."""

    name: str
    subtype: str
    embedded: bool
    ordering: str = ""
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class StructureElement:
    """A structure element of a tagged PDF: its type (P, TD, H1, Artifact), its number (0: none), its language."""

    role: str = ""
    element: int = 0
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph: what it copies out as, from its origin to its advance, its baseline, the size of its font.

    `tag` is where it belongs in a tagged PDF. `missing` is a .notdef. Turned and vertical glyphs are not `upright`
    and stand in no line.
    """

    text: str
    font: int
    size: float
    left: float
    right: float
    base: float
    tag: StructureElement = StructureElement()
    missing: bool = False
    upright: bool = True

    @property
    def box(self) -> Box:
        """The em box of the glyph, about."""
        return Box(self.left, self.base - 0.88 * self.size, self.right, self.base + 0.12 * self.size)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in pixels and where it stands."""

    box: Box
    across: int
    down: int

    @property
    def dpi(self) -> float:
        """The lesser of its resolutions across and down."""
        wide, high = self.box.right - self.box.left, self.box.bottom - self.box.top
        return min(self.across / max(wide, 0.01), self.down / max(high, 0.01)) * 72


@dataclass(frozen=True, slots=True)
class Link:
    """A link inside the PDF: its place, and the page from 1 that it leads to (0: nowhere)."""

    box: Box
    target: int


@dataclass(frozen=True)
class PrintedPage:
    """A page: its number from 1, its label where the PDF has labels, its size, what is on it.

    `fields` are painted rectangles of about a line's height, such as are behind code; `drawings` are outlines small
    enough for a line, such as formulas; `shapes` are the boxes of all that is painted; `paths` counts it.
    """

    number: int
    label: str
    width: float
    height: float
    glyphs: tuple[Glyph, ...] = ()
    images: tuple[Image, ...] = ()
    links: tuple[Link, ...] = ()
    paths: int = 0
    fields: tuple[Box, ...] = ()
    drawings: tuple[Box, ...] = ()
    shapes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Document:
    """A PDF as it was read; `file` as the user named it."""

    file: str
    pages: tuple[PrintedPage, ...]
    fonts: tuple[Font, ...] = ()
    title: str = ""
    lang: str = ""
    tagged: bool = False
    labelled: bool = field(default=False)
