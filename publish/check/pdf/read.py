"""Reading a PDF: its content streams are run for where each glyph and image stands (ISO 32000-1 §8.4, §9.4).

pikepdf (qpdf) parses; what it parses is interpreted here, for a check needs what libraries that extract text
leave out: the width a glyph takes, whether it is .notdef, the structure element it belongs to.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf

from publish.affine import UNIT, Matrix, matrix_of, times
from publish.check.pdf.encoding import Encoding
from publish.check.pdf.page import Box, Document, Font, Glyph, Image, Link, PrintedPage, StructureElement
from publish.check.pdf.space import shown_box, sorted_corners, view
from publish.errors import Place, PublishError

_DEEPEST = 12  # forms inside forms
_LOW, _HIGH = 4, 40  # points: the heights of a painted rectangle that may be behind a word
_HIGHEST = 60.0  # points: an outline that is higher stands in no line
_INVISIBLE = 3  # the text rendering mode of recognized text behind a scan
# Structure types that say what a piece of text is; what is nearer to the text comes first (ISO 32000-1 §14.8.4).
_BLOCKS = frozenset(
    "P H H1 H2 H3 H4 H5 H6 TD TH Caption TOCI Note FENote Code BlockQuote Figure Formula LBody Lbl Title".split()
)
_CELLS = frozenset({"TD", "TH", "Table"})
REFUSED = (
    pikepdf.PdfError,
    pikepdf.DataDecodingError,
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    TypeError,
    ValueError,
)


class _EmptyError(Exception):
    """A PDF without pages."""


def read_pdf(path: Path) -> Document:
    """Read a PDF. Raises `PublishError` for a file that is no PDF, needs a password or is damaged."""
    place = Place(str(path))
    try:
        with pikepdf.open(path) as pdf:
            return _document(pdf, str(path))
    except _EmptyError as error:
        raise PublishError("the PDF has no page", "Export it again", place) from error
    except pikepdf.PasswordError as error:
        raise PublishError("the PDF needs a password", "Save it without one", place) from error
    except REFUSED as error:
        raise PublishError("this is not a PDF, or it is damaged", "Export it again", place) from error


def _document(pdf: pikepdf.Pdf, file: str) -> Document:
    root: Any = pdf.Root
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    goal = partial(_goal, named=_named(pdf), numbers=numbers)
    structure = _Structure(root)
    fonts: dict[Any, tuple[int, Encoding]] = {}
    labelled = "/PageLabels" in root
    pages = [
        _page(page, number, str(page.label) if labelled else "", fonts, structure, goal)
        for number, page in enumerate(pdf.pages, 1)
    ]
    if not pages:
        raise _EmptyError
    marked = bool(root.get("/MarkInfo", {}).get("/Marked", False))
    return Document(
        file,
        tuple(pages),
        tuple(one.font for _, one in fonts.values()),
        title=_title(pdf),
        lang=str(root.get("/Lang", "")).strip(),
        tagged=marked and "/StructTreeRoot" in root,
        labelled=labelled,
    )


def _title(pdf: pikepdf.Pdf) -> str:
    title = str(pdf.docinfo.get("/Title", "")).strip()
    if not title:
        with contextlib.suppress(*REFUSED), pdf.open_metadata() as metadata:
            title = str(metadata.get("dc:title", "")).strip()
    return title


def _named(pdf: pikepdf.Pdf) -> dict[str, Any]:
    """The named destinations of a PDF, from both of the places where they may be (§12.3.2.3)."""
    root: Any = pdf.Root
    found = {str(key)[1:]: value for key, value in root.get("/Dests", {}).items()}
    tree = root.get("/Names", {}).get("/Dests")
    if tree is not None:
        found.update({str(key): value for key, value in pikepdf.NameTree(tree).items()})
    return found


def _goal(annotation: Any, named: dict[str, Any], numbers: dict[Any, int]) -> int | None:
    """The page that a link leads to, 0 for nowhere, None for a link to the outside."""
    action = annotation.get("/A", {})
    if action and action.get("/S") != "/GoTo":
        return None
    goal = annotation.get("/Dest") if "/Dest" in annotation else action.get("/D")
    if isinstance(goal, (pikepdf.String, pikepdf.Name)):
        goal = named.get(str(goal).removeprefix("/") if isinstance(goal, pikepdf.Name) else str(goal))
    if isinstance(goal, pikepdf.Dictionary):
        goal = goal.get("/D")
    if not isinstance(goal, pikepdf.Array) or not len(goal):
        return 0
    first = goal[0]
    return numbers.get(first.objgen, 0) if isinstance(first, pikepdf.Dictionary) else int(first) + 1


_ARTIFACT = StructureElement("Artifact")


class _Structure:
    """The roles of marked content, by the parent tree of a tagged PDF (§14.7.4.4)."""

    def __init__(self, root: Any) -> None:
        tree = root.get("/StructTreeRoot", {})
        self._parents = pikepdf.NumberTree(tree.ParentTree) if "/ParentTree" in tree else {}
        self._map = {str(key): str(value) for key, value in tree.get("/RoleMap", {}).items()}
        self._known: dict[Any, StructureElement] = {}

    def tags(self, holder: Any) -> dict[int, StructureElement]:
        """Where each piece of marked content of a page or form belongs."""
        key = holder.get("/StructParents")
        if key is None:
            return {}
        try:
            parents = self._parents[int(key)]
        except (KeyError, IndexError):
            return {}
        return {number: self._tag(one) for number, one in enumerate(parents) if isinstance(one, pikepdf.Dictionary)}

    def _tag(self, element: Any) -> StructureElement:
        key = element.objgen
        if key not in self._known:
            self._known[key] = StructureElement()  # a loop ends here
            name = str(element.get("/S", ""))
            name = self._map.get(name, name)[1:]
            parent = element.get("/P")
            above = (
                self._tag(parent) if isinstance(parent, pikepdf.Dictionary) and "/S" in parent else StructureElement()
            )
            lang = str(element.get("/Lang", above.lang))
            own = "TD" if name in _CELLS else name if name in _BLOCKS else ""
            # A paragraph in a cell is a cell's.
            number = key[0] if own else above.element
            self._known[key] = StructureElement(above.role if above.role == "TD" or not own else own, number, lang)
        return self._known[key]


def _page(
    page: Any,
    number: int,
    label: str,
    fonts: dict[Any, tuple[int, Encoding]],
    structure: _Structure,
    goal: Callable[[Any], int | None],
) -> PrintedPage:
    wide, high, shown = view(page)
    run = _ContentRun(fonts, structure, shown)
    with contextlib.suppress(RecursionError):
        run.stream(page.obj, page.obj.get("/Resources", page.resources), UNIT, 0, StructureElement())
    links = []
    for annotation in page.obj.get("/Annots", ()):
        if annotation.get("/Subtype") == "/Link":
            target = goal(annotation)
            if target is not None:
                links.append(Link(shown_box(sorted_corners(annotation.Rect), shown), target))
    glyphs, images, fields, shapes = tuple(run.glyphs), tuple(run.images), tuple(run.fields), tuple(run.shapes)
    drawings = tuple(run.drawings)
    return PrintedPage(number, label, wide, high, glyphs, images, tuple(links), run.paths, fields, drawings, shapes)


@dataclass(frozen=True, slots=True)
class _TextState:
    """The graphics state as far as text needs it (§8.4.1, §9.3)."""

    ctm: Matrix
    font: tuple[int, Encoding] | None = None
    size: float = 0
    character: float = 0
    word: float = 0
    scale: float = 1
    leading: float = 0
    rise: float = 0
    mode: int = 0


_SETS: dict[str, Callable[[float], dict[str, float]]] = {
    "Tc": lambda value: {"character": value},
    "Tw": lambda value: {"word": value},
    "Tz": lambda value: {"scale": value / 100},
    "TL": lambda value: {"leading": value},
    "Ts": lambda value: {"rise": value},
    "Tr": lambda value: {"mode": int(value)},
}
_PAINTS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "s", "S", "sh"})


class _ContentRun:
    """One run through a page's content, with what it finds."""

    def __init__(self, fonts: dict[Any, tuple[int, Encoding]], structure: _Structure, shown: Matrix) -> None:
        self.glyphs: list[Glyph] = []
        self.images: list[Image] = []
        self.paths = 0
        self.fields: list[Box] = []
        self.drawings: list[Box] = []
        self.shapes: list[Box] = []
        self._fonts = fonts
        self._structure = structure
        self._shown = shown

    def stream(self, holder: Any, resources: Any, ctm: Matrix, depth: int, above: StructureElement) -> None:  # noqa: PLR0915  # an operator each
        """Run the content of a page or form; `above` is where a form's content belongs if it does not say."""
        state = _TextState(ctm)
        stack: list[_TextState] = []
        known = self._structure.tags(holder)
        tags = [above]
        rectangles: list[tuple[float, float, float, float]] = []
        across: list[float] = []
        down: list[float] = []
        text = line = UNIT
        instructions: Any = pikepdf.parse_content_stream(holder)
        for operands, operator in instructions:
            name = str(operator)
            if name in ("Tj", "TJ", "'", '"'):
                if name in ("'", '"'):
                    if name == '"':
                        state = replace(state, word=float(operands[0]), character=float(operands[1]))
                    text = line = times((1, 0, 0, 1, 0, -state.leading), line)
                pieces = operands[0] if name == "TJ" else operands[-1:]
                text = self._show(pieces, state, text, tags[-1])
            elif name == "q":
                stack.append(state)
            elif name == "Q":
                state = stack.pop() if stack else state
            elif name == "cm":
                state = replace(state, ctm=times(matrix_of(operands), state.ctm))
            elif name == "BT":
                text = line = UNIT
            elif name == "Tm":
                text = line = matrix_of(operands)
            elif name in ("Td", "TD"):
                if name == "TD":
                    state = replace(state, leading=-float(operands[1]))
                text = line = times((1, 0, 0, 1, float(operands[0]), float(operands[1])), line)
            elif name == "T*":
                text = line = times((1, 0, 0, 1, 0, -state.leading), line)
            elif name == "Tf":
                font = resources.get("/Font", {}).get(str(operands[0]))
                state = replace(state, font=self._font(font), size=float(operands[1]))
            elif name in _SETS:
                state = replace(state, **_SETS[name](float(operands[0])))  # type: ignore[arg-type]  # fields by name
            elif name in ("BDC", "BMC"):
                tags.append(_tag(operands, resources, known, tags[-1]))
            elif name == "EMC":
                tags = tags[:-1] or [above]
            elif name == "Do":
                drawn = resources.get("/XObject", {}).get(str(operands[0]))
                self._draw(drawn, resources, state.ctm, depth, tags[-1])
            elif name == "INLINE IMAGE":
                image = operands[0]
                self._image(image.width, image.height, state.ctm)
            elif name == "re":
                x, y, wide, high = (float(one) for one in operands)
                rectangles.append((min(x, x + wide), min(y, y + high), max(x, x + wide), max(y, y + high)))
            elif name in ("m", "l", "c"):
                across += map(float, operands[::2])
                down += map(float, operands[1::2])
            elif name in _PAINTS:
                self.paths += 1
                self._paint(rectangles, state.ctm)
                if across:
                    self._outline((min(across), min(down), max(across), max(down)), state.ctm)
                rectangles, across, down = [], [], []
            elif name == "n":
                rectangles, across, down = [], [], []

    def _font(self, source: Any) -> tuple[int, Encoding] | None:
        if source is None:
            return None
        key = source.objgen if source.objgen != (0, 0) else id(source)
        if key not in self._fonts:
            self._fonts[key] = (len(self._fonts), Encoding(source))
        return self._fonts[key]

    def _show(self, pieces: Any, state: _TextState, text: Matrix, tag: StructureElement) -> Matrix:
        """Show a string: its glyphs, and the text matrix after it (§9.4.4)."""
        if state.font is None:
            return text
        number, encoding = state.font
        whole = times(text, times(state.ctm, self._shown))
        a, b, c, d, e, f = whole
        size = abs(state.size) * math.hypot(c, d)
        upright = not encoding.vertical and a > 0 and abs(b) < a / 1000
        visible = state.mode != _INVISIBLE
        em, scale, lift = state.size, state.scale, state.rise
        character, word = state.character, state.word
        at = down = 0.0
        add = self.glyphs.append
        for piece in pieces:
            if isinstance(piece, (pikepdf.String, bytes)):
                for code in encoding.codes(bytes(piece)):
                    advance = code.width * em * scale
                    if visible:
                        left = a * at + c * (lift + down) + e
                        base = b * at + d * (lift + down) + f
                        right = left + a * advance if upright else left + size
                        missing = code.missing
                        add(Glyph(code.text, number, size, left, right, base, tag, missing, upright))
                    step = (character + (word if code.space else 0)) * scale
                    if encoding.vertical:
                        down -= em + character
                    else:
                        at += advance + step
            elif encoding.vertical:
                down -= float(piece) / 1000 * em
            else:
                at -= float(piece) / 1000 * em * scale
        return times((1, 0, 0, 1, at, down), text)

    def _draw(self, source: Any, resources: Any, ctm: Matrix, depth: int, above: StructureElement) -> None:
        if source is None or depth > _DEEPEST:
            return
        if source.get("/Subtype") == "/Image":
            self._image(int(source.Width), int(source.Height), ctm)
        elif source.get("/Subtype") == "/Form":
            matrix = matrix_of(source.Matrix) if "/Matrix" in source else UNIT
            self.stream(source, source.get("/Resources", resources), times(matrix, ctm), depth + 1, above)

    def _paint(self, rectangles: list[tuple[float, float, float, float]], ctm: Matrix) -> None:
        boxes = [shown_box(one, times(ctm, self._shown)) for one in rectangles]
        self.shapes += boxes
        self.fields += [one for one in boxes if _LOW < one.bottom - one.top < _HIGH]

    def _outline(self, bounds: tuple[float, float, float, float], ctm: Matrix) -> None:
        box = shown_box(bounds, times(ctm, self._shown))
        self.shapes.append(box)
        if box.bottom - box.top < _HIGHEST:
            self.drawings.append(box)

    def _image(self, across: int, down: int, ctm: Matrix) -> None:
        self.images.append(Image(shown_box((0, 0, 1, 1), times(ctm, self._shown)), across, down))


def _tag(
    operands: Any, resources: Any, known: dict[int, StructureElement], above: StructureElement
) -> StructureElement:
    """Where a piece of marked content belongs (§14.6)."""
    if str(operands[0]) == "/Artifact":
        return _ARTIFACT
    if len(operands) > 1:
        properties = operands[1]
        if isinstance(properties, pikepdf.Name):
            properties = resources.get("/Properties", {}).get(str(properties), {})
        if isinstance(properties, pikepdf.Dictionary):
            found = known.get(int(properties.MCID), above) if "/MCID" in properties else above
            return replace(found, lang=str(properties.Lang)) if "/Lang" in properties else found
    return above


def fonts_used(document: Document) -> Iterator[tuple[Font, PrintedPage, Glyph]]:
    """Each font of a PDF that shows something, with the first page and glyph that it is used on."""
    seen: set[int] = set()
    for page in document.pages:
        for glyph in page.glyphs:
            if glyph.font not in seen and not glyph.text.isspace():
                seen.add(glyph.font)
                yield document.fonts[glyph.font], page, glyph
