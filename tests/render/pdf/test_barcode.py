"""The barcode of an ISBN: what its bars say, how they stand."""

from __future__ import annotations

import re

import pytest

from publish.render.pdf.barcode import MODULE, QUIET_LEFT, WIDTH, drawn
from publish.source.settings.isbn import isbn_of
from publish.source.settings.metadata import Identifier

# What six modules say of a digit in each half, and which set the left half takes (GS1 §5.2.1).
ODD = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011".split()
RIGHT = ["".join("10"[int(one)] for one in code) for code in ODD]
EVEN = [code[::-1] for code in RIGHT]
PARITY = "OOOOOO OOEOEE OOEEOE OOEEEO OEOOEE OEEOOE OEEEOO OEOEOE OEOEEO OEEOEO".split()


def decoded(modules):
    """The thirteen digits that ninety-five modules say."""
    assert (modules[:3], modules[45:50], modules[92:]) == ("101", "01010", "101")
    left = [modules[3 + 7 * at : 10 + 7 * at] for at in range(6)]
    right = [modules[50 + 7 * at : 57 + 7 * at] for at in range(6)]
    kinds = "".join("O" if code in ODD else "E" for code in left)
    digits = [PARITY.index(kinds), *((ODD if code in ODD else EVEN).index(code) for code in left)]
    return "".join(map(str, [*digits, *map(RIGHT.index, right)]))


@pytest.mark.parametrize("digits", ["9787302512608", "9780804429573", "9789571234564", "9791034567896"])
def test_the_bars_say_the_digits(digits):
    found = isbn_of([Identifier(digits)])
    svg = drawn(found, '"Noto Sans CJK SC"')
    modules = ["0"] * WIDTH
    for at, count in re.findall(r'<rect x="(\d+)" y="\d+" width="(\d+)"', svg):
        modules[int(at) : int(at) + int(count)] = "1" * int(count)
    assert set(modules[:QUIET_LEFT]) == set(modules[QUIET_LEFT + 95 :]) == {"0"}
    if not found.wrong:
        assert decoded("".join(modules[QUIET_LEFT : QUIET_LEFT + 95])) == digits
    assert f'width="{WIDTH * MODULE:.2f}mm"' in svg
    shown = re.findall(r">(\d)</text>", svg)
    assert "".join(shown) == digits


def test_digits_are_black_and_their_family_is_quoted_for_an_attribute():
    svg = drawn(isbn_of([Identifier("9787302512608")]), '"A B", serif')
    assert 'font-family="\'A B\', serif" fill="#000"' in svg
