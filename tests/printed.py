"""What a PDF shows, read from the file itself: its characters by lines, with their places in points."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

HAN = ("\u4e00", "\u9fff")


@dataclass(frozen=True)
class Glyph:
    """A character with its origin, the end of its own advance, its baseline from the page's foot and its size."""

    char: str
    left: float
    right: float
    baseline: float
    size: float


@dataclass(frozen=True)
class Line:
    """The characters of one baseline from left to right."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self):
        return "".join(glyph.char for glyph in self.glyphs)

    @property
    def baseline(self):
        return self.glyphs[0].baseline

    def gap(self, first, second):
        """From the origin of one character to that of the next, in em of the first; of their first meeting."""
        for one, two in pairwise(self.glyphs):
            if one.char == first and two.char == second:
                return (two.left - one.left) / one.size
        raise AssertionError(f"{first}{second} is not in {self.text}")

    def widest(self):
        """The widest gap between two Han characters, in em."""
        gaps = [
            (two.left - one.left) / one.size - 1
            for one, two in pairwise(self.glyphs)
            if HAN[0] <= one.char <= HAN[1] and HAN[0] <= two.char <= HAN[1] and one.size == two.size
        ]
        return max(gaps, default=0)


def lines(data, page=0):
    """The lines of a page from top to bottom."""
    document = pypdfium2.PdfDocument(data)
    text = document[page].get_textpage()
    rows = {}
    x, y = ctypes.c_double(), ctypes.c_double()
    box = pdfium.FS_RECTF()
    for index in range(text.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(text, index))
        if pdfium.FPDFText_IsGenerated(text, index) or char in "\r\n":
            continue
        pdfium.FPDFText_GetCharOrigin(text, index, ctypes.byref(x), ctypes.byref(y))
        pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box))
        # WeasyPrint's pages are scaled by three quarters: its sizes are CSS pixels.
        size = pdfium.FPDFText_GetFontSize(text, index) * 0.75
        glyph = Glyph(char, x.value, box.right, y.value, size)
        rows.setdefault(round(y.value), []).append(glyph)
    document.close()
    return [Line(tuple(sorted(rows[key], key=lambda glyph: glyph.left))) for key in sorted(rows, reverse=True)]


def copied(data):
    """The text of all pages as a reader's program copies it."""
    document = pypdfium2.PdfDocument(data)
    text = "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    document.close()
    return text
