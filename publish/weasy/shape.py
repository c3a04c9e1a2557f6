"""Text shaped once: the advance of each character, where Unicode allows a break, and the drawing of a set text.

Pango's structures are read as arrays: field by field, in Python, they take longer than the shaping.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from weasyprint.text import line_break
from weasyprint.text.ffi import FROM_UNITS, TO_UNITS, ffi, pango, unicode_to_char_p

# PangoGlyphInfo: glyph, width, x offset, y offset, attributes; 32 bits each.
_GLYPH_WORDS, _WIDTH = 5, 1
_PERMILLE = 1000  # PDF counts advances in thousandths of an em; WeasyPrint writes them whole


# Dashes and ellipses beside Western letters: Pango takes them for Western, whatever the language says, and the face
# gives low dots and a short line. A dash is asked for as wide, an ellipsis as it is where no language is named.
_MARKS = re.compile("——+|……+")
_OWN_FORM = b"fwid 1, locl 0"


class Shaped(NamedTuple):
    """A text's advances in CSS pixels, character by character, and the characters that a line may begin with."""

    advances: list[float]
    starts: list[int]
    clusters: list[bool]


def sound() -> bool:
    """Whether Pango's structures are as they are read here."""
    return bool(ffi.sizeof("PangoGlyphInfo") == 4 * _GLYPH_WORDS and ffi.sizeof("PangoLogAttr") == 4)  # noqa: PLR2004  # bytes


def _offsets(text: str, data: bytes) -> Sequence[int]:
    """The place of each character in a text's UTF-8, and its end."""
    if len(data) == len(text):
        return range(len(text) + 1)
    # An emoji takes four, a letter one: where both are, the sum says nothing.
    if len(data) == 3 * len(text) and min(text) >= "\u0800" and max(text) < "\U00010000":
        return range(0, len(data) + 1, 3)
    lengths = (1 if char < "\x80" else 2 if char < "\u0800" else 3 if char < "\U00010000" else 4 for char in text)
    return [0, *accumulate(lengths)]


def _glyphs(item: Any) -> tuple[Any, list[int], int]:
    """A run's glyphs as an array of words, the bytes that they stand for, and where its text begins."""
    string = item.glyphs
    size = string.num_glyphs
    words = memoryview(ffi.buffer(string.glyphs, 4 * _GLYPH_WORDS * size)).cast("B").cast("i")
    return words, ffi.unpack(string.log_clusters, size), item.item.offset


def shape(text: str, style: Any) -> Shaped | None:
    """Shape a text in one line; None where it runs from right to left, which is left to WeasyPrint."""
    layout = line_break.Layout(style)
    plain = text.replace("\n", " ").replace("\u2028", " ").replace("\u2029", " ").replace("\t", " ")
    pointer, data = unicode_to_char_p(plain)
    pango.pango_layout_set_text(layout.layout, pointer, -1)
    _keep_chinese(layout, plain)
    line = pango.pango_layout_get_line_readonly(layout.layout, 0)
    at: dict[int, int] = {}
    run = line.runs
    run = run[0] if run != ffi.NULL else run
    while run != ffi.NULL:
        item = run.data
        run = run.next
        if item.item.analysis.level % 2:
            return None
        words, clusters, offset = _glyphs(item)
        for cluster, width in zip(clusters, words[_WIDTH::_GLYPH_WORDS], strict=True):
            at[offset + cluster] = at.get(offset + cluster, 0) + width
    offsets = _offsets(plain, data)
    length = len(plain)
    logged = pango.pango_layout_get_log_attrs_readonly(layout.layout, ffi.NULL)
    breaks = memoryview(ffi.buffer(logged, 4 * length)).cast("B").cast("I")
    advances = [at.get(place, 0) * FROM_UNITS for place in offsets[:length]]
    starts = [index for index in range(1, length) if breaks[index] & 1]
    return Shaped(advances, starts, [place in at for place in offsets[:length]])


def _keep_chinese(layout: Any, text: str) -> None:
    """Have dashes and ellipses behind Western letters in their Chinese form, in a text that is Chinese."""
    if ("——" not in text and "……" not in text) or not (layout.style["lang"] or "").startswith("zh"):
        return
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    offsets = _offsets(text, text.encode())
    for start, stop in (one.span() for one in _MARKS.finditer(text)):
        if not _is_western(text, start, stop):
            continue
        feature = pango.pango_attr_font_features_new(_OWN_FORM)
        feature.start_index, feature.end_index = offsets[start], offsets[stop]
        pango.pango_attr_list_insert(attributes, feature)
    pango.pango_layout_set_attributes(layout.layout, attributes)


def _is_western(text: str, start: int, stop: int) -> bool:
    """Whether Pango takes marks for Western: by the letter before them, that behind them, and where there is none."""
    beside = next((char for char in reversed(text[:start]) if char.isalpha()), "")
    beside = beside or next((char for char in text[stop:] if char.isalpha()), "")
    return beside < "\u0250"


class SetText(line_break.Layout):  # type: ignore[misc]  # WeasyPrint is untyped
    """A text as it was composed: shaped only when it is drawn, its glyphs then spaced as was planned."""

    def __init__(self, text: str, spacing: Sequence[float], advances: Sequence[float] = ()) -> None:
        self.text = text
        self.spacing = spacing
        self.advances = advances
        self.justification_spacing = 0
        self.max_width = None
        self.first_line_direction = 0
        self._spaced = False

    def prepare_decoration(self, style: Any) -> None:
        """Find where the font wants its underline, which WeasyPrint asks for before it has the text shaped."""
        self.setup(style)
        super().deactivate()

    def deactivate(self) -> None:
        """Release Pango's objects; there are none before the text is drawn."""
        if hasattr(self, "layout"):
            super().deactivate()

    def reactivate(self, style: Any) -> None:
        """Shape the text to be drawn."""
        self.setup(style)
        self._spaced = False
        pointer, _data = unicode_to_char_p(self.text)
        pango.pango_layout_set_text(self.layout, pointer, -1)
        _keep_chinese(self, self.text)

    def get_first_line(self) -> Any:
        """The line, each glyph widened by the space that composition put after it."""
        first_line, index = super().get_first_line()
        if not self._spaced:
            self._spaced = True
            if any(self.spacing):
                _space(first_line, self.text, self.spacing, self.style["font_size"] * TO_UNITS)
        return first_line, index


def _space(line: Any, text: str, spacing: Sequence[float], size: float) -> None:
    """Widen glyphs in place, to whole thousandths of an em; the remainder carries over to the next."""
    offsets = _offsets(text, text.encode())
    before = dict(zip(offsets, [0.0, *accumulate(spacing)], strict=False))
    unit = size / _PERMILLE
    error = 0.0
    run = line.runs
    run = run[0] if run != ffi.NULL else run
    while run != ffi.NULL:
        item = run.data
        run = run.next
        words, clusters, offset = _glyphs(item)
        end = offset + item.item.length
        last = len(clusters) - 1
        for index, cluster in enumerate(clusters):
            following = clusters[index + 1] if index < last else end - offset
            if following == cluster:
                continue
            wanted = (before.get(offset + following, 0.0) - before.get(offset + cluster, 0.0)) * TO_UNITS
            if not wanted and abs(error) < unit:
                continue
            wanted += error
            steps = round(wanted / unit)
            error = wanted - steps * unit
            if steps:
                place = index * _GLYPH_WORDS + _WIDTH
                # WeasyPrint truncates: a third above the whole number is safe.
                thousandths = round(words[place] / unit) + steps + (0.3 if steps > 0 else -0.3)
                words[place] = round(thousandths * unit)
