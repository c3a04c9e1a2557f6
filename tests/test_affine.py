"""Transformations as PDF writes them."""

from __future__ import annotations

from decimal import Decimal

from publish.affine import UNIT, matrix_of, point, times


def test_the_first_transformation_is_done_first():
    doubled, moved = (2, 0, 0, 2, 0, 0), (1, 0, 0, 1, 10, 5)
    assert point(times(doubled, moved), 1, 1) == (12, 7)
    assert point(times(moved, doubled), 1, 1) == (22, 12)


def test_one_that_changes_nothing_changes_nothing():
    turned = (0, 1, -1, 0, 3, 4)
    assert times(turned, UNIT) == times(UNIT, turned) == turned


def test_the_numbers_of_a_stream_are_read_as_a_transformation():
    assert matrix_of([Decimal("1.5"), 0, 0, 1, Decimal(-2), 3]) == (1.5, 0, 0, 1, -2, 3)
