"""The barcode of an ISBN: EAN-13 as SVG, the digits below, the quiet zones beside it (GS1 §5.2; ISO/IEC 15420).

Lengths are modules, the width of the narrowest bar, until they are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import barcode  # type: ignore[import-untyped]  # it has no types

from publish.source.settings.isbn import Isbn

MODULE = 0.33  # millimetres, at full size
QUIET_LEFT, QUIET_RIGHT = 11, 7
BARS, HEIGHT, GUARD = 95, 69, 5  # modules: all bars, how high they are, how much further guards reach down
_HEAD, _FOOT = 11, 11  # modules above the bars, for the ISBN, and below, for the digits
WIDTH = QUIET_LEFT + BARS + QUIET_RIGHT
WHOLE = _HEAD + HEIGHT + _FOOT
_GUARDS = frozenset((0, 2, 46, 48, 92, 94))  # the modules of guards that are dark
_LEFT_DIGITS, _RIGHT_DIGITS = (4, 45), (50, 91)  # modules that six digits stand under
_DIGIT = 9.5  # modules: how large digits are


def drawn(isbn: Isbn, family: str) -> str:
    """The barcode as SVG in millimetres at full size, black on nothing; `family` is the CSS families of its digits."""
    wide, high, digits = WIDTH * MODULE, WHOLE * MODULE, isbn.digits
    bars = "".join(
        f'<rect x="{QUIET_LEFT + at}" y="{_HEAD}" width="{count}" height="{HEIGHT + (GUARD if at in _GUARDS else 0)}"/>'
        for at, count in _runs(barcode.EAN13(digits[:12]).build()[0])
    )
    base = _HEAD + HEIGHT + _DIGIT - 0.5
    texts = _text(f"ISBN {isbn.printed}", QUIET_LEFT, BARS, _HEAD - 2.5)
    texts += f'<text x="1" y="{base}" font-size="{_DIGIT}">{digits[0]}</text>'
    texts += _digits(digits[1:7], _LEFT_DIGITS, base) + _digits(digits[7:], _RIGHT_DIGITS, base)
    faces = family.replace('"', "'")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="barcode" width="{wide:.2f}mm" height="{high:.2f}mm" '
        f'viewBox="0 0 {WIDTH} {WHOLE}" font-family="{faces}" fill="#000">{bars}{texts}</svg>'
    )


def _runs(modules: str) -> Iterator[tuple[int, int]]:
    """Where each bar begins, and how wide it is."""
    at = 0
    for dark, run in groupby(modules):
        count = len(list(run))
        if dark == "1":
            yield at, count
        at += count


def _text(text: str, left: float, width: float, base: float) -> str:
    """The ISBN above the bars, at most as wide as they are."""
    size = min(_DIGIT, width / (0.58 * max(len(text), 1)))
    return f'<text x="{left + width / 2}" y="{base}" font-size="{size:.2f}" text-anchor="middle">{text}</text>'


def _digits(digits: str, under: tuple[int, int], base: float) -> str:
    """Six digits, spread under their bars."""
    left, right = (QUIET_LEFT + one for one in under)
    step = (right - left) / len(digits)
    middle = [f"{left + step * (number + 0.5):.2f}" for number in range(len(digits))]
    return "".join(
        f'<text x="{x}" y="{base}" font-size="{_DIGIT}" text-anchor="middle">{digit}</text>'
        for x, digit in zip(middle, digits, strict=True)
    )
