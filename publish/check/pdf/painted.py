"""What a PDF prints in which inks: content streams run for colours, overprint, transparency, pictures and edges."""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import pikepdf
from PIL import Image, ImageChops, ImageMath

from publish.affine import UNIT, Matrix, matrix_of, point, times
from publish.check.pdf.page import Box
from publish.check.pdf.read import REFUSED
from publish.check.pdf.space import shown_box, sorted_corners, view
from publish.errors import Place, PublishError

Kind = Literal["text", "field", "line", "picture", "gradient"]
Inks = tuple[float, ...]  # cyan, magenta, yellow, black, from 0 to 1

SCREEN = frozenset(("/DeviceRGB", "/CalRGB", "/Lab"))  # colour spaces of screens and of eyes
_DEEPEST = 12  # forms inside forms
_PAINTS = {"f": "F", "F": "F", "f*": "F", "B": "FS", "B*": "FS", "b": "FS", "b*": "FS", "S": "S", "s": "S"}
_DEVICES = {"g": "/DeviceGray", "rg": "/DeviceRGB", "k": "/DeviceCMYK"}
_SHOWN = frozenset((0, 1, 2, 4, 5, 6))  # text rendering modes that show text (ISO 32000-1 §9.3.6)
_BYTE = 8  # bits
_STRAY = 0.0005  # of a picture's pixels: fewer that are heavier than the rest say nothing of it
_NORMAL = frozenset(("/Normal", "/Compatible"))


@dataclass(frozen=True, slots=True)
class Painted:
    """Something that is printed: where, in which colour space and inks (none: a picture, or no inks), whether over all.

    `size` is the size of text or the width of a line, in points. Of pictures `dpi` is the lesser resolution, `bits` 1
    for line art, and `heaviest` what its heaviest pixels take of all inks together, 1 for one that is full, at `where`.
    """

    kind: Kind
    box: Box
    space: str
    inks: Inks | None = None
    over: bool = False
    size: float = 0
    dpi: float = 0
    bits: int = 8
    heaviest: float = 0
    where: Box | None = None


@dataclass(frozen=True)
class PaintedPage:
    """A page's boxes, whether it states a trimmed size, all that is painted on it, what is clear, links over it."""

    number: int
    label: str
    box: Box
    trim: Box
    bleed: Box
    trimmed: bool
    painted: tuple[Painted, ...] = ()
    clear: tuple[Box, ...] = ()
    annotations: tuple[Box, ...] = ()


@dataclass(frozen=True)
class PaintedDocument:
    """A PDF as a press sees it; `standard` is the PDF/X that it claims, `intents` its output intents for presses."""

    pages: tuple[PaintedPage, ...]
    standard: str = ""
    intents: tuple[str, ...] = ()


def read_painted(path: Path) -> PaintedDocument:
    """What a PDF prints, one that `read_pdf` has read before. Raises `PublishError` for one that is damaged."""
    try:
        with pikepdf.open(path) as pdf:
            return _document(pdf)
    except REFUSED as error:
        raise PublishError("the PDF is damaged", "Export it again", Place(str(path))) from error


def _document(pdf: pikepdf.Pdf) -> PaintedDocument:
    pictures: dict[Any, Any] = {}
    pages = tuple(_page(page, number, pdf, pictures) for number, page in enumerate(pdf.pages, 1))
    intents = [one for one in pdf.Root.get("/OutputIntents", ()) if one.get("/S") == "/GTS_PDFX"]
    names = tuple(str(one.get("/OutputConditionIdentifier", "")) for one in intents)
    return PaintedDocument(pages, _standard(pdf), names)


def _standard(pdf: pikepdf.Pdf) -> str:
    claimed = str(pdf.docinfo.get("/GTS_PDFXConformance", pdf.docinfo.get("/GTS_PDFXVersion", "")))
    if not claimed and "/Metadata" in pdf.Root:
        with contextlib.suppress(Exception), pdf.open_metadata() as said:
            claimed = str(said.get("{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion", ""))
    return claimed


def _page(page: Any, number: int, pdf: pikepdf.Pdf, pictures: dict[Any, Any]) -> PaintedPage:
    wide, high, shown = view(page)
    run = _Run(shown, pictures)
    with contextlib.suppress(RecursionError):
        run.stream(page.obj, page.obj.get("/Resources", page.resources), _State(UNIT, Box(0, 0, wide, high)), 0)
    trim = shown_box(sorted_corners(page.trimbox), shown)
    return PaintedPage(
        number,
        str(page.label) if "/PageLabels" in pdf.Root else "",
        Box(0, 0, wide, high),
        trim,
        shown_box(sorted_corners(page.obj.get("/BleedBox", page.trimbox)), shown),
        "/TrimBox" in page.obj or "/ArtBox" in page.obj,
        tuple(run.painted),
        tuple(run.clear),
        tuple(shown_box(sorted_corners(one.Rect), shown) for one in page.obj.get("/Annots", ()) if "/Rect" in one),
    )


@dataclass(frozen=True, slots=True)
class _State:
    """The graphics state as far as a press needs it (ISO 32000-1 §8.4)."""

    ctm: Matrix
    clip: Box
    fill: tuple[Any, tuple[Any, ...]] = ("/DeviceGray", (0,))
    stroke: tuple[Any, tuple[Any, ...]] = ("/DeviceGray", (0,))
    over_fill: bool = False
    over_stroke: bool = False
    width: float = 1
    size: float = 1
    mode: int = 0


@dataclass
class _Run:
    """One run through a page's content, with what it finds."""

    shown: Matrix
    pictures: dict[Any, Any]
    painted: list[Painted] = field(default_factory=list)
    clear: list[Box] = field(default_factory=list)

    def stream(self, holder: Any, resources: Any, state: _State, depth: int) -> None:  # noqa: PLR0915  # an operator each
        """Run the content of a page or a form."""
        stack: list[_State] = []
        text = line = UNIT
        leading, clips = 0.0, False
        path: list[tuple[float, float]] = []
        instructions: Any = pikepdf.parse_content_stream(holder)
        for operands, operator in instructions:
            name = str(operator)
            if name == "q":
                stack.append(state)
            elif name == "Q":
                state = stack.pop() if stack else state
            elif name == "cm":
                state = replace(state, ctm=times(matrix_of(operands), state.ctm))
            elif name in ("m", "l", "c", "v", "y"):
                numbers = [float(one) for one in operands]
                path += zip(numbers[::2], numbers[1::2], strict=True)
            elif name == "re":
                x, y, wide, high = (float(one) for one in operands)
                path += [(x, y), (x + wide, y + high)]
            elif name in ("W", "W*"):
                clips = True
            elif name in _PAINTS or name == "n":
                box = self._bounds(path, state)
                if box:
                    self._fields(name, box, state, resources)
                    state = replace(state, clip=_within(box, state.clip) or _NOWHERE) if clips else state
                path, clips = [], False
            elif name == "w":
                state = replace(state, width=float(operands[0]))
            elif name == "BT":
                text = line = UNIT
            elif name == "Tm":
                text = line = matrix_of(operands)
            elif name in ("Td", "TD"):
                leading = -float(operands[1]) if name == "TD" else leading
                text = line = times((1, 0, 0, 1, float(operands[0]), float(operands[1])), line)
            elif name == "TL":
                leading = float(operands[0])
            elif name == "T*":
                text = line = times((1, 0, 0, 1, 0, -leading), line)
            elif name == "Tf":
                state = replace(state, size=abs(float(operands[1])))
            elif name == "Tr":
                state = replace(state, mode=int(operands[0]))
            elif name in ("Tj", "TJ", "'", '"'):
                if name in ("'", '"'):
                    text = line = times((1, 0, 0, 1, 0, -leading), line)
                self._text(text, state, resources)
            elif name == "gs":
                state = self._state(resources.get("/ExtGState", {}).get(str(operands[0]), {}), state)
            elif name == "sh":
                shading = resources.get("/Shading", {}).get(str(operands[0]))
                self._gradient(shading, state.clip, resources)
            elif name == "Do":
                drawn = resources.get("/XObject", {}).get(str(operands[0]))
                self._draw(drawn, resources, state, depth)
            elif name == "INLINE IMAGE":
                self._inline(operands[0], state, resources)
            else:
                state = _coloured(name, operands, state)

    def _bounds(self, path: Sequence[tuple[float, float]], state: _State) -> Box | None:
        if not path:
            return None
        points = [point(times(state.ctm, self.shown), x, y) for x, y in path]
        across, down = zip(*points, strict=True)
        return Box(min(across), min(down), max(across), max(down))

    def _fields(self, name: str, box: Box, state: _State, resources: Any) -> None:
        """What a path paints, as far as it is seen."""
        a, b, c, d, *_ = times(state.ctm, self.shown)
        width = state.width * math.sqrt(abs(a * d - b * c))
        for kind, paint, over, size in (
            ("F", state.fill, state.over_fill, 0.0),
            ("S", state.stroke, state.over_stroke, width),
        ):
            seen = _within(box.grown(size / 2), state.clip)
            if kind in _PAINTS.get(name, "") and seen:
                self._add("line" if size else "field", seen, paint, over, size, resources)

    def _text(self, text: Matrix, state: _State, resources: Any) -> None:
        if state.mode not in _SHOWN:
            return
        a, b, c, d, e, f = times(text, times(state.ctm, self.shown))
        size = state.size * math.sqrt(abs(a * d - b * c))
        box = Box(e, f - size, e + size, f)
        paint, over = (state.stroke, state.over_stroke) if state.mode in (1, 5) else (state.fill, state.over_fill)
        if _within(box, state.clip):
            self._add("text", box, paint, over, size, resources)

    def _add(self, kind: Kind, box: Box, paint: Any, over: bool, size: float, resources: Any) -> None:
        space, operands = paint
        names = [one for one in operands if isinstance(one, pikepdf.Name)]
        if names:
            pattern = resources.get("/Pattern", {}).get(str(names[0]), {})
            self._gradient(pattern.get("/Shading"), box, resources)
            return
        found, inks = _inks(space, operands, resources)
        self.painted.append(Painted(kind, box, found, inks, over, size))

    def _gradient(self, shading: Any, box: Box, resources: Any) -> None:
        if shading is not None and "/ColorSpace" in shading:
            found, _ = _inks(shading.ColorSpace, (), resources)
            self.painted.append(Painted("gradient", box, found))

    def _state(self, given: Any, state: _State) -> _State:
        """The state after a dictionary of parameters; what is clear is noted."""
        if "/OP" in given:
            state = replace(state, over_stroke=bool(given.OP), over_fill=bool(given.get("/op", given.OP)))
        if "/op" in given:
            state = replace(state, over_fill=bool(given.op))
        mask = given.get("/SMask")
        modes = given.get("/BM", pikepdf.Name.Normal)
        blended = {str(one) for one in modes} if isinstance(modes, pikepdf.Array) else {str(modes)}
        faint = any(float(given.get(name, 1)) < 1 for name in ("/ca", "/CA"))
        if faint or isinstance(mask, pikepdf.Dictionary) or not blended & _NORMAL:
            self.clear.append(state.clip)
        return state

    def _draw(self, source: Any, resources: Any, state: _State, depth: int) -> None:
        if source is None or depth > _DEEPEST:
            return
        if source.get("/Subtype") == "/Image":
            self._picture(source, state, resources)
        elif source.get("/Subtype") == "/Form":
            matrix = matrix_of(source.Matrix) if "/Matrix" in source else UNIT
            inner = replace(state, ctm=times(matrix, state.ctm))
            self.stream(source, source.get("/Resources", resources), inner, depth + 1)

    def _picture(self, picture: Any, state: _State, resources: Any) -> None:
        whole = shown_box((0, 0, 1, 1), times(state.ctm, self.shown))
        box = _within(whole, state.clip)
        if not box:
            return
        dpi = _dpi(int(picture.Width), int(picture.Height), times(state.ctm, self.shown))
        if picture.get("/ImageMask", False):
            found, inks = _inks(*state.fill, resources)
            self.painted.append(Painted("picture", box, found, inks, state.over_fill, dpi=dpi, bits=1))
            return
        if "/SMask" in picture:
            self.clear.append(box)
        found, _ = _inks(picture.get("/ColorSpace", pikepdf.Name.DeviceGray), (), resources)
        heaviest, region = self._heaviest(picture) if found == "/DeviceCMYK" else (0.0, None)
        where = shown_box(region, times(state.ctm, self.shown)) if region else None
        bits = int(picture.get("/BitsPerComponent", 8))
        self.painted.append(Painted("picture", box, found, dpi=dpi, bits=bits, heaviest=heaviest, where=where))

    def _inline(self, picture: Any, state: _State, resources: Any) -> None:
        box = _within(shown_box((0, 0, 1, 1), times(state.ctm, self.shown)), state.clip)
        if box:
            dpi = _dpi(picture.width, picture.height, times(state.ctm, self.shown))
            space = state.fill[0] if picture.image_mask else str(picture.colorspace or "/DeviceGray")
            found, _ = _inks(space, (), resources)
            self.painted.append(Painted("picture", box, found, dpi=dpi, bits=1 if picture.image_mask else 8))

    def _heaviest(self, picture: Any) -> tuple[float, tuple[float, float, float, float] | None]:
        key = picture.objgen
        if key not in self.pictures:
            self.pictures[key] = _heaviest(picture)
        found: tuple[float, tuple[float, float, float, float] | None] = self.pictures[key]
        return found


_NOWHERE = Box(0, 0, 0, 0)


def _within(box: Box, clip: Box) -> Box | None:
    left, top = max(box.left, clip.left), max(box.top, clip.top)
    right, bottom = min(box.right, clip.right), min(box.bottom, clip.bottom)
    return Box(left, top, right, bottom) if left <= right and top <= bottom else None


def _coloured(name: str, operands: Iterable[Any], state: _State) -> _State:
    low, given = name.lower(), tuple(operands)
    if low in _DEVICES:
        paint: tuple[Any, tuple[Any, ...]] = (_DEVICES[low], given)
    elif low == "cs":
        paint = (given[0], ())
    elif low in ("sc", "scn"):
        paint = ((state.stroke if name.isupper() else state.fill)[0], given)
    else:
        return state
    return replace(state, stroke=paint) if name.isupper() else replace(state, fill=paint)


def _inks(space: Any, operands: Sequence[Any], resources: Any) -> tuple[str, Inks | None]:
    """The kind of a colour space, and the inks of a colour in it; none where it is of no press."""
    named = resources.get("/ColorSpace", {}).get(str(space)) if not isinstance(space, pikepdf.Array) else None
    found = space if named is None else named
    kind = str(found[0] if isinstance(found, pikepdf.Array) else found)
    if kind == "/Indexed":
        return _inks(found[1], (), resources)
    if kind == "/ICCBased":
        kind = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}.get(int(found[1].get("/N", 0)), kind)
    numbers = [float(one) for one in operands if not isinstance(one, pikepdf.Name)]
    if kind in ("/DeviceGray", "/CalGray"):
        return "/DeviceGray", (0, 0, 0, 1 - (*numbers, 0)[0])
    if kind == "/DeviceCMYK":
        return kind, tuple(numbers) or (0, 0, 0, 1)
    white = kind in ("/DeviceRGB", "/CalRGB") and numbers and min(numbers) == 1
    return kind, (0, 0, 0, 0) if white else None


def _dpi(across: int, down: int, matrix: Matrix) -> float:
    """The lesser of a picture's resolutions, however it is turned."""
    a, b, c, d, *_ = matrix
    return 72 * min(across / max(math.hypot(a, b), 0.01), down / max(math.hypot(c, d), 0.01))


def _heaviest(picture: Any) -> tuple[float, tuple[float, float, float, float] | None]:
    """What the heaviest pixels of a CMYK picture take of all inks, and where in its square they are."""
    image = _cmyk(picture)
    if image is None:
        return 0.0, None
    cyan, magenta, yellow, black = image.split()
    total = ImageMath.lambda_eval(
        lambda args: args["convert"]((args["int"](args["c"]) + args["m"] + args["y"] + args["k"]) / 4, "L"),
        c=cyan,
        m=magenta,
        y=yellow,
        k=black,
    )
    level = _level(total)
    region = total.point([255 if one >= level else 0 for one in range(256)]).getbbox()
    wide, high = image.size
    place = region and (region[0] / wide, 1 - region[3] / high, region[2] / wide, 1 - region[1] / high)
    return level * 4 / 255, place or None


def _cmyk(picture: Any) -> Image.Image | None:
    """A picture in four inks; None for one that is packed in a way that programs for presses hardly write."""
    turned = float(picture.get("/Decode", [0])[0]) == 1
    try:
        if picture.get("/Filter") == "/DCTDecode":
            image: Image.Image = Image.open(io.BytesIO(picture.read_raw_bytes()))
            image.load()
            turned = not turned  # Pillow reads inks the way of Adobe's programs
        elif int(picture.get("/BitsPerComponent", 8)) == _BYTE:
            image = Image.frombytes("CMYK", (int(picture.Width), int(picture.Height)), picture.read_bytes())
        else:
            return None
    except (pikepdf.PdfError, OSError, ValueError):
        return None
    if image.mode != "CMYK":
        return None
    return ImageChops.invert(image) if turned else image


def _level(total: Image.Image) -> int:
    """The greatest of a picture's levels, but for some stray pixels."""
    counts, seen = total.histogram(), 0
    for level in range(255, -1, -1):
        seen += counts[level]
        if seen > _STRAY * total.width * total.height:
            return level
    return 0
