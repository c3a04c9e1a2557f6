"""A content stream in the inks of a press: its colours converted where something is painted, black overprinted.

A colour is converted by what is painted in it, and that is known only then: text has other inks than fields. So colours
are kept back, and set before whatever shows them (ISO 32000-1 §8.4.5, §8.6).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Operator

from publish.affine import UNIT, Matrix, matrix_of, point, times
from publish.render.pdf.flatten import Flat, around, is_clear, is_flat, says_alpha_only
from publish.render.pdf.inks import BLACK, Ink, Inks, Rgb, luminance

_D50 = (0.96422, 1.0, 0.82521)
_LAB_BEND, _LAB_SLOPE = 216 / 24389, 24389 / 27
_FROM_XYZ = ((3.1341, -1.6174, -0.4907), (-0.9788, 1.9161, 0.0335), (0.0720, -0.2290, 1.4057))  # of D50, to linear sRGB
OVER, AWAY = Name.OverprintBlack, Name.NoOverprint  # graphics states: over what is there, or in its place
_PATH = frozenset(("m", "l", "c", "v", "y", "h", "re", "W", "W*"))
_FILLS = frozenset(("f", "F", "f*", "B", "B*", "b", "b*"))
_STROKES = frozenset(("S", "s", "B", "B*", "b", "b*"))
_TEXT = frozenset(("Tj", "TJ", "'", '"'))
_OTHERS = frozenset(("Do", "INLINE IMAGE", "sh"))
_DEVICES = {"g": Name.DeviceGray, "rg": Name.DeviceRGB, "k": Name.DeviceCMYK}
_NUMBERED = frozenset(("sc", "scn"))
_STROKING = frozenset((1, 2, 5, 6))  # text rendering modes that draw outlines (§9.3.6)
_FILLING = frozenset((0, 2, 4, 6))


@dataclass(frozen=True, slots=True)
class Paint:
    """A colour as a stream names it: its space, its numbers, and the name of a pattern."""

    space: Any
    operands: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class StreamState:
    """The graphics state as far as inks need it; what is `written` of it in the stream: fill, stroke, overprint."""

    ctm: Matrix = UNIT
    fill: Paint | None = None
    stroke: Paint | None = None
    size: float = 1
    mode: int = 0
    alpha: tuple[float, float] = (1, 1)  # of fields and of lines
    group: float = 1  # the alpha of the group that all of it is in (§11.4.5)
    written_fill: Any = None
    written_stroke: Any = None
    over: bool | None = None


@dataclass
class InkStream:
    """One content stream with its `resources`. A `mask` prints nothing: its colours become greys.

    With `flat` nothing shows through: colours are mixed with what lies below. `inside` is told of each form that is
    drawn and of the state that it begins with, and may name another form for its place.
    """

    inks: Inks
    resources: Any
    mask: bool = False
    flat: Flat | None = None
    inside: Callable[[Any, Any], Any] | None = None
    overprints: bool = field(default=False, init=False)
    out: list[Any] = field(default_factory=list, init=False)
    _points: list[tuple[float, float]] = field(default_factory=list, init=False)
    _text: Matrix = field(default=UNIT, init=False)
    _line: Matrix = field(default=UNIT, init=False)
    _leading: float = field(default=0, init=False)

    def __post_init__(self) -> None:
        spaces = self.resources.get("/ColorSpace", {})
        self._spaces = {str(key): value for key, value in spaces.items()}

    def run(self, instructions: Iterable[Any], state: StreamState | None = None) -> list[Any]:
        """The instructions of a stream, its colours in inks."""
        state, stack = state or StreamState(), list[StreamState]()
        path: int | None = None
        for instruction in instructions:
            operands, name = instruction.operands, str(instruction.operator)
            if name in _TEXT:
                self._next_line(name)
                state = self._write(state)
            elif name in _PATH:
                path = len(self.out) if path is None else path
                self._follow(name, operands, state)
            elif name in _FILLS or name in _STROKES:
                state = self._set(state, fills=name in _FILLS, strokes=name in _STROKES, at=path)
                path = None
                self._points = []
            elif name == "n":
                path = None
                self._points = []
            elif name in _OTHERS:
                state = self._set(state, fills=name != "sh", over=False)
                if name == "Do" and (drawn := self._draw(operands[0], state)) is not None:
                    self.out.append(_instruction([drawn], "Do"))
                    continue
            elif name == "gs" and self.flat:
                given = self.resources.get("/ExtGState", Dictionary()).get(str(operands[0]), Dictionary())
                state = self._faint(given, state)
                if says_alpha_only(given):
                    continue
            elif name == "q":
                stack.append(state)
            elif name == "Q":
                state = stack.pop() if stack else state
            elif (paint := _paint(name, operands, state)) is not None:
                state = replace(state, stroke=paint) if name.isupper() else replace(state, fill=paint)
                continue
            elif name == "cm":
                state = replace(state, ctm=times(matrix_of(operands), state.ctm))
            elif name == "Tf":
                state = replace(state, size=abs(float(operands[1])))
            elif name == "Tr":
                state = replace(state, mode=int(operands[0]))
            else:
                self._move(name, operands)
            self.out.append(instruction)
        return self.out

    def _move(self, name: str, operands: Sequence[Any]) -> None:
        """Follow the text matrix (§9.4.2)."""
        if name == "BT":
            self._text = self._line = UNIT
        elif name == "Tm":
            self._text = self._line = matrix_of(operands)
        elif name in ("Td", "TD"):
            self._leading = -float(operands[1]) if name == "TD" else self._leading
            self._text = self._line = times((1, 0, 0, 1, float(operands[0]), float(operands[1])), self._line)
        elif name == "TL":
            self._leading = float(operands[0])
        elif name == "T*":
            self._next_line("'")

    def _next_line(self, name: str) -> None:
        if name in ("'", '"'):
            self._text = self._line = times((1, 0, 0, 1, 0, -self._leading), self._line)

    def _write(self, state: StreamState) -> StreamState:
        """Set the colours of a string, by its size."""
        a, b, c, d, *_ = times(self._text, state.ctm)
        size = state.size * math.sqrt(abs(a * d - b * c))
        return self._set(state, fills=state.mode in _FILLING, strokes=state.mode in _STROKING, size=size)

    def _set(
        self,
        state: StreamState,
        *,
        fills: bool,
        strokes: bool = False,
        size: float = 0,
        at: int | None = None,
        over: bool = True,
    ) -> StreamState:
        """Set the colours that something is painted in, before the path that begins at a place in the stream."""
        fill = self._mixed(self._made(state.fill, size), state.alpha[0] * state.group, state) if fills else None
        stroke = self._mixed(self._made(state.stroke, size), state.alpha[1] * state.group, state) if strokes else None
        painted = [one for one in (fill, stroke) if one is not None]
        if self.flat and size == 0 and at is not None and fill is not None:
            self._cover(fill, state)
        added: list[Any] = []
        over = over and bool(painted) and all(one == BLACK for one in painted)
        if not self.mask and over is not state.over:
            self.overprints = True
            added.append(_instruction([OVER if over else AWAY], "gs"))
            state = replace(state, over=over)
        if fill is not None and fill != state.written_fill:
            added += _instructions(fill, stroke=False)
            state = replace(state, written_fill=fill)
        if stroke is not None and stroke != state.written_stroke:
            added += _instructions(stroke, stroke=True)
            state = replace(state, written_stroke=stroke)
        place = len(self.out) if at is None else at
        self.out[place:place] = added
        return state

    def _follow(self, name: str, operands: Sequence[Any], state: StreamState) -> None:
        """Note the points of a path, where these count."""
        if self.flat and name not in ("h", "W", "W*"):
            numbers = [float(one) for one in operands]
            if name == "re":
                x, y, wide, high = numbers
                numbers = [x, y, x + wide, y + high]
            self._points += [point(state.ctm, x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]

    def _cover(self, ink: Any, state: StreamState) -> None:
        if self.flat and self._points and not isinstance(ink, Paint) and state.alpha[0] * state.group == 1:
            self.flat.cover(around(self._points), ink)

    def _mixed(self, made: Any, alpha: float, state: StreamState) -> Any:
        """Inks mixed with what lies below, where they show it."""
        if not self.flat or self.mask or made is None:
            return made
        if isinstance(made, Paint):
            self._refuse_clear_pattern(made, alpha)
            return made
        if alpha == 1:
            return made
        origin = times(self._text, state.ctm)
        return self.flat.mixed(made, alpha, around(self._points or [(origin[4], origin[5])]))

    def _refuse_clear_pattern(self, paint: Paint, alpha: float) -> None:
        patterns = self.resources.get("/Pattern", Dictionary())
        pattern = next((patterns[str(one)] for one in paint.operands if isinstance(one, Name)), None)
        if self.flat and pattern is not None and (alpha < 1 or is_clear(pattern)):
            self.flat.kept.append("a gradient or a pattern is transparent")

    def _faint(self, given: Any, state: StreamState) -> StreamState:
        """The state after a dictionary of parameters, as far as it is about transparency."""
        if self.flat and not is_flat(given):
            self.flat.kept.append("something is masked or blended")
        fill, stroke = state.alpha
        return replace(state, alpha=(float(given.get("/ca", fill)), float(given.get("/CA", stroke))))

    def _draw(self, name: Any, state: StreamState) -> Any:
        """Go into a form; the name of another that is drawn in its place, None for what is drawn under its own."""
        drawn = self.resources.get("/XObject", Dictionary()).get(str(name))
        if drawn is None or drawn.get("/Subtype") != "/Image":
            return self.inside(drawn, state) if self.inside and drawn is not None else None
        if self.flat:
            corners = [point(state.ctm, x, y) for x in (0, 1) for y in (0, 1)]
            self.flat.cover(around(corners), None)
            if state.alpha[0] * state.group < 1:
                self.flat.kept.append("a picture is transparent as a whole")
        return None

    def _made(self, paint: Paint | None, size: float) -> Any:
        """The inks of a colour, the grey that it is in a mask, or the paint itself where it is a pattern."""
        colour = as_colour(paint.space, paint.operands, self._spaces) if paint else None
        if colour is None:
            return paint
        if self.mask:
            return (round(luminance(as_rgb(colour)), 4),)
        if len(colour) == 4:  # noqa: PLR2004  # inks that the book itself chose
            return self.inks.of(as_rgb(colour)) if self.inks.press.one_ink else colour
        return self.inks.of_text(colour, size) if size else self.inks.of(colour)


def _paint(name: str, operands: Sequence[Any], state: StreamState) -> Paint | None:
    """The colour that an operator sets; None where it sets none."""
    low = name.lower()
    if low in _DEVICES:
        return Paint(_DEVICES[low], tuple(operands))
    if low == "cs":
        return Paint(operands[0])
    if low in _NUMBERED:
        before = state.stroke if name.isupper() else state.fill
        return Paint(before.space if before else Name.DeviceGray, tuple(operands))
    return None


def as_colour(space: Any, operands: Sequence[Any], spaces: Mapping[str, Any]) -> Rgb | Ink | None:
    """A colour as sRGB or as inks; None for a pattern and what no screen can show; black without numbers."""
    found = spaces.get(str(space), space) if isinstance(space, Name) else space
    kind = str(found[0] if isinstance(found, pikepdf.Array) else found)
    if kind == "/Pattern" or any(isinstance(one, Name) for one in operands):
        return None
    if kind == "/ICCBased":
        kind = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}.get(int(found[1].N), "")
    numbers = [float(one) for one in operands]
    if kind in ("/DeviceGray", "/CalGray"):
        one = _unit((*numbers, 0)[0])
        return one, one, one
    if kind == "/DeviceCMYK":
        cyan, magenta, yellow, black = map(_unit, numbers or BLACK)
        return cyan, magenta, yellow, black
    if kind == "/Lab":
        numbers = _of_lab(*(numbers or (0, 0, 0)))
    elif kind not in ("/DeviceRGB", "/CalRGB"):
        return None
    red, green, blue = map(_unit, numbers or (0, 0, 0))
    return red, green, blue


def _of_lab(lightness: float, a: float, b: float) -> list[float]:
    """The sRGB of a CIE Lab colour under D50, as CSS Color 4 §10.12 has it; it may lie outside of 0 to 1."""
    y = (lightness + 16) / 116
    xyz = [
        white * (one**3 if one**3 > _LAB_BEND else (116 * one - 16) / _LAB_SLOPE)
        for one, white in zip((y + a / 500, y, y - b / 200), _D50, strict=True)
    ]
    linear = [sum(share * one for share, one in zip(row, xyz, strict=True)) for row in _FROM_XYZ]
    return [12.92 * one if one <= 0.0031308 else 1.055 * one ** (1 / 2.4) - 0.055 for one in linear]  # noqa: PLR2004  # sRGB's own


def as_rgb(colour: Rgb | Ink) -> Rgb:
    """A colour as a screen shows it, inks by the plain rule of ISO 32000-1 §10.3.5."""
    if len(colour) == 3:  # noqa: PLR2004  # red, green, blue
        return colour
    cyan, magenta, yellow, black = colour
    return 1 - min(1, cyan + black), 1 - min(1, magenta + black), 1 - min(1, yellow + black)


def _instructions(colour: Any, *, stroke: bool) -> list[Any]:
    """What sets inks, a grey, or a paint that stays as it is."""
    if isinstance(colour, Paint):
        names = ("CS", "SCN") if stroke else ("cs", "scn")
        numbers = [_instruction(colour.operands, names[1])] if colour.operands else []
        return [_instruction([colour.space], names[0]), *numbers]
    name = "g" if len(colour) == 1 else "k"
    return [_instruction(colour, name.upper() if stroke else name)]


def _instruction(operands: Iterable[Any], name: str) -> Any:
    return pikepdf.ContentStreamInstruction(list(operands), Operator(name))


def _unit(number: float) -> float:
    return min(max(number, 0), 1)
