"""Transparency flattened, for PDF/X-1a: what shows through is mixed with what lies below, as far as that is flat.

Mixed are colours over fields of one ink that cover them whole, and over paper; pictures over paper. What lies over a
picture or half over a field, gradients and masks cannot be mixed so: `Flat.kept` says what stays as it was, and a PDF
that keeps any of it is no PDF/X-1a (ISO 15930-4 §6.7).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name
from PIL import Image

from publish.render.pdf.inks import Ink

Corners = tuple[float, float, float, float]  # left, bottom, right, top, in a page's own space
PAPER: Ink = (0, 0, 0, 0)
_ALPHAS = frozenset(("/Type", "/ca", "/CA", "/AIS"))  # what a graphics state says that is about flat colours alone
_NORMAL = frozenset(("/Normal", "/Compatible"))
_CLEAR = 8  # of 255: a pixel that is fainter is left out
_SLACK = 0.5  # points


@dataclass
class Flat:
    """What lies on a page so far, from the bottom: fields with their inks, None for a picture; and what was kept."""

    fields: list[tuple[Corners, Ink | None]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def cover(self, corners: Corners, ink: Ink | None) -> None:
        """Note what covers a place from now on."""
        self.fields.append((corners, ink))

    def mixed(self, ink: Ink, alpha: float, corners: Corners) -> Ink:
        """An ink over what lies below it."""
        below = self._below(corners)
        cyan, magenta, yellow, black = (
            round(alpha * own + (1 - alpha) * under, 3) for own, under in zip(ink, below, strict=True)
        )
        return cyan, magenta, yellow, black

    def _below(self, corners: Corners) -> Ink:
        for where, ink in reversed(self.fields):
            if not _meet(where, corners):
                continue
            if ink is None:
                self.kept.append("something transparent lies over a picture")
                return PAPER
            if not _holds(where, corners):
                self.kept.append("something transparent lies half over a field")
            return ink
        return PAPER


def _meet(one: Corners, other: Corners) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _holds(one: Corners, other: Corners) -> bool:
    left, bottom = one[0] - _SLACK, one[1] - _SLACK
    return left <= other[0] and bottom <= other[1] and one[2] + _SLACK >= other[2] and one[3] + _SLACK >= other[3]


def around(points: Sequence[tuple[float, float]]) -> Corners:
    """The corners of what holds all points."""
    across, along = zip(*points, strict=True)
    return min(across), min(along), max(across), max(along)


def is_flat(state: Any) -> bool:
    """Whether a graphics state says nothing of transparency but how faint flat colours are."""
    mask, mode = state.get("/SMask"), state.get("/BM", Name.Normal)
    modes = {str(one) for one in mode} if isinstance(mode, Array) else {str(mode)}
    return not isinstance(mask, Dictionary) and bool(modes & _NORMAL)


def says_alpha_only(state: Any) -> bool:
    """Whether a graphics state can be left out once its alpha has been mixed."""
    return set(state.keys()) <= _ALPHAS


def is_clear(holder: Any, depth: int = 0) -> bool:
    """Whether anything in a form or pattern, or inside of what it draws, shows through."""
    resources = holder.get("/Resources", Dictionary())
    for state in resources.get("/ExtGState", Dictionary()).values():
        if not is_flat(state) or min(float(state.get("/ca", 1)), float(state.get("/CA", 1))) < 1:
            return True
    inner = [*resources.get("/XObject", Dictionary()).values(), *resources.get("/Pattern", Dictionary()).values()]
    drawn = [one for one in inner if isinstance(one, pikepdf.Stream) and one.get("/Subtype") != "/Image"]
    return depth < _DEEPEST and any(is_clear(one, depth + 1) for one in drawn)


_DEEPEST = 12


def flat_picture(image: Image.Image, mask: pikepdf.Stream) -> tuple[Image.Image, bytes | None]:
    """A picture over paper, and the bits of what is left out of it (1), None where nothing is."""
    light = Image.frombytes("L", (int(mask.Width), int(mask.Height)), mask.read_bytes())
    light = light if light.size == image.size else light.resize(image.size)
    paper = Image.new(image.mode, image.size, PAPER_OF[image.mode])
    over = Image.composite(image, paper, light)
    out = light.point([255 if one <= _CLEAR else 0 for one in range(256)])
    return over, out.convert("1", dither=Image.Dither.NONE).tobytes() if out.getbbox() else None


PAPER_OF: dict[str, Any] = {"L": 255, "RGB": (255, 255, 255), "CMYK": (0, 0, 0, 0)}


def bare_fonts(pdf: pikepdf.Pdf) -> None:
    """OpenType fonts with the outlines of PostScript as these outlines alone: PDF knows the rest since 1.6."""
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/OpenType":
            with TTFont(io.BytesIO(each.read_bytes())) as font:
                each.write(font.reader["CFF "])
            each.Subtype = Name.CIDFontType0C


def drop_groups(pdf: pikepdf.Pdf) -> None:
    """Take away the groups, which say that what they hold may be transparent."""
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream | Dictionary) and "/Group" in each:
            del each["/Group"]
