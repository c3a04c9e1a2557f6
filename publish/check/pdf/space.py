"""Where things stand on a page of a PDF: transformations, and the way to points from its top left corner as shown."""

from __future__ import annotations

from typing import Any

from publish.affine import Matrix, point
from publish.check.pdf.page import Box


def view(page: Any) -> tuple[float, float, Matrix]:
    """A page's width and height as it is shown, and the way from its own space to points from the top left."""
    left, bottom, right, top = sorted_corners(page.cropbox)
    turn = int(page.obj.get("/Rotate", 0)) % 360
    wide, high = right - left, top - bottom
    shown: Matrix = {
        90: (0, 1, 1, 0, -bottom, -left),
        180: (-1, 0, 0, 1, right, -bottom),
        270: (0, -1, -1, 0, top, right),
    }.get(turn, (1, 0, 0, -1, -left, top))
    return (high, wide, shown) if turn in (90, 270) else (wide, high, shown)


def sorted_corners(array: Any) -> tuple[float, float, float, float]:
    """A rectangle of a PDF with its lower left corner first (ISO 32000-1 §7.9.5)."""
    a, b, c, d = (float(one) for one in array)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def shown_box(corners: tuple[float, float, float, float], matrix: Matrix) -> Box:
    """The box around a rectangle that was turned and moved."""
    points = [point(matrix, x, y) for x in corners[::2] for y in corners[1::2]]
    across, down = zip(*points, strict=True)
    return Box(min(across), min(down), max(across), max(down))
