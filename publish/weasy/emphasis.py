"""Marks under text: emphasis dots, and the lines of proper names and of book titles, drawn with their text.

WeasyPrint has no `text-emphasis` (its #2024), and its underlines run from one name into the next. Three custom
properties, which WeasyPrint inherits and hands on, say what is wanted:

    --text-emphasis: dot            a dot under each Han character, a thin line under Western text
                                    (着重号: GB/T 15834-2011 §5.1.9; clreq §3.1.7: below, in horizontal text)
    --text-line: straight | wavy    a line under the whole (專名號, 書名號乙式: Taiwan's handbook §14, §15)
    --text-slant: oblique           glyphs aslant, where the font has no italic

What is drawn is not text: it is not copied, and belongs to its text in the tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import accumulate
from typing import Any

from weasyprint import draw
from weasyprint.draw.color import get_color

from publish.typography import marks
from publish.weasy.shape import SetText

# In em: distance below the baseline, clear of Han characters, or length.
_DOT_DEPTH, _DOT_RADIUS = 0.29, 0.065
_LINE_DEPTH, _LINE_WIDTH, _LINE_INSET = 0.22, 0.045, 0.08
_WAVE_LENGTH, _WAVE_HEIGHT = 0.24, 0.08
_SLANT = 0.21  # the tangent of 12°, as obliques have it
_ROUND = 0.5523  # of the radius: Bézier curves that look like a circle

_draw_text = draw.draw_text


def says(style: Any, name: str, word: str) -> bool:
    """Whether a custom property (`__text_emphasis`) has a word."""
    return any(getattr(token, "value", None) == word for token in style[name] or ())


def draw_text(stream: Any, box: Any, *arguments: Any) -> None:
    """WeasyPrint's `draw_text`, and the marks under the text; a slant where the font has no italic."""
    style = box.style
    lift = getattr(box, "lifted_by_publish", 0.0)  # of a note in two lines, which share one line's base
    if lift:
        box.position_y -= lift
        try:
            _draw_text(stream, box, *arguments)
        finally:
            box.position_y += lift
        return
    with _slanted(stream) if says(style, "__text_slant", "oblique") else nullcontext():
        _draw_text(stream, box, *arguments)
    if style["visibility"] != "visible" or not isinstance(box.pango_layout, SetText):
        return
    if says(style, "__text_emphasis", "dot"):
        _emphasize(stream, box)
    for shape, line in (("straight", _straight), ("wavy", _wavy)):
        if says(style, "__text_line", shape):
            spacing = box.pango_layout.spacing
            width = box.width - (max(0.0, spacing[-1]) if spacing else 0.0)
            _stroke(stream, box, box.position_x, box.position_x + width, line)


@contextmanager
def _slanted(stream: Any) -> Iterator[None]:
    """Set glyphs aslant about their baseline; advances stay as they are."""

    def set_text_matrix(a: float, b: float, _c: float, d: float, e: float, f: float) -> None:
        type(stream).set_text_matrix(stream, a, b, _SLANT * a, d, e, f)

    stream.set_text_matrix = set_text_matrix
    try:
        yield
    finally:
        del stream.set_text_matrix


def _emphasize(stream: Any, box: Any) -> None:
    """Dots under Han characters, a line under Western words."""
    em = box.style["font_size"]
    down = box.position_y + box.baseline + _DOT_DEPTH * em
    with stream.stacked():
        stream.set_color(get_color(box.style, "color"))
        for han, start, stop in _stretches(box):
            if han:
                _dot(stream, (start + stop) / 2, down, _DOT_RADIUS * em)
    for han, start, stop in _stretches(box):
        if not han:
            _stroke(stream, box, start, stop, _straight)


def _stretches(box: Any) -> Iterator[tuple[bool, float, float]]:
    """Each Han character (true) and each stretch of Western words (false) with where it begins and ends."""
    text = box.pango_layout
    widths = (advance + space for advance, space in zip(text.advances, text.spacing, strict=True))
    places = [box.position_x, *(box.position_x + place for place in accumulate(widths))]
    for han, first, last in marks.emphasized(marks.classes(text.text, box.style["lang"])):
        yield han, places[first], places[last] + text.advances[last]


def _dot(stream: Any, x: float, y: float, radius: float) -> None:
    round_ = radius * _ROUND
    stream.move_to(x + radius, y)
    stream.curve_to(x + radius, y + round_, x + round_, y + radius, x, y + radius)
    stream.curve_to(x - round_, y + radius, x - radius, y + round_, x - radius, y)
    stream.curve_to(x - radius, y - round_, x - round_, y - radius, x, y - radius)
    stream.curve_to(x + round_, y - radius, x + radius, y - round_, x + radius, y)
    stream.fill()


def _stroke(stream: Any, box: Any, start: float, stop: float, line: Any) -> None:
    """A line under a stretch, a little shorter on each side, so that two names side by side have two."""
    em = box.style["font_size"]
    with stream.stacked():
        stream.set_color(get_color(box.style, "color"), stroke=True)
        stream.set_line_width(_LINE_WIDTH * em)
        line(stream, start + _LINE_INSET * em, stop - _LINE_INSET * em, box.position_y + box.baseline, em)
        stream.stroke()


def _straight(stream: Any, start: float, stop: float, baseline: float, em: float) -> None:
    stream.move_to(start, baseline + _LINE_DEPTH * em)
    stream.line_to(stop, baseline + _LINE_DEPTH * em)


def _wavy(stream: Any, start: float, stop: float, baseline: float, em: float) -> None:
    """Whole waves, as near to their length as the stretch allows."""
    y = baseline + (_LINE_DEPTH + _WAVE_HEIGHT / 2) * em
    halves = max(2, 2 * round((stop - start) / (_WAVE_LENGTH * em)))
    step = (stop - start) / halves
    stream.move_to(start, y)
    for half in range(halves):
        x, rise = start + half * step, _WAVE_HEIGHT * em * (-1 if half % 2 else 1)
        stream.curve_to(x + step / 3, y - rise, x + 2 * step / 3, y - rise, x + step, y)
