"""Affine transformations as PDF and SVG write them: six numbers a, b, c, d, e, f (ISO 32000-1 §8.3.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Matrix = tuple[float, float, float, float, float, float]
UNIT: Matrix = (1, 0, 0, 1, 0, 0)


def point(m: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where a transformation takes a point."""
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def times(m: Matrix, n: Matrix) -> Matrix:
    """First m, then n."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def matrix_of(operands: Iterable[Any]) -> Matrix:
    """A transformation as a PDF writes it."""
    a, b, c, d, e, f = (float(one) for one in operands)
    return a, b, c, d, e, f
