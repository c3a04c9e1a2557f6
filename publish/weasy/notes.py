"""Notes at the foot of a page: one that fits stays on the page of its call.

WeasyPrint compares the foot of the last note with that of its area, two sums of the same lengths that may differ by the
error of their arithmetic. A note is then said not to fit though the page is empty, and the line that calls it goes to
the next page, and from there to the one after. An area that has not reached its greatest height overflows nothing.
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import LayoutContext

_EVEN = 0.02  # CSS pixels: what arithmetic may leave over

_update_footnote_area = LayoutContext._update_footnote_area  # noqa: SLF001  # WeasyPrint has no public place for it


def update_footnote_area(context: Any) -> bool:
    """WeasyPrint's `_update_footnote_area`: whether the notes of this page are higher than they may be."""
    area = context.current_footnote_area
    return bool(_update_footnote_area(context) and area.height > area.max_height - _EVEN)
