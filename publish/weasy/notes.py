"""Notes at the foot of a page: one that fits stays on the page of its call.

WeasyPrint compares the foot of the last note with that of its area, two sums of the same lengths that may differ by the
error of their arithmetic. A note is then said not to fit though the page is empty, and the line that calls it goes to
the next page, and from there to the one after. An area that has not reached its greatest height overflows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from weasyprint.formatting_structure.boxes import TextBox
from weasyprint.layout import LayoutContext

from publish.han import CIRCLED

_EVEN = 0.02  # CSS pixels: what arithmetic may leave over

_update_footnote_area = LayoutContext._update_footnote_area  # noqa: SLF001  # WeasyPrint has no public place for it


def update_footnote_area(context: Any) -> bool:
    """WeasyPrint's `_update_footnote_area`: whether the notes of this page are higher than they may be."""
    area = context.current_footnote_area
    return bool(_update_footnote_area(context) and area.height > area.max_height - _EVEN)


BY_PAGE = ('class="footnote by-page"', 'class="noteref by-page"')  # in HTML whose notes are numbered on each page
_FIRST = "①"


def number_by_page(pages: Sequence[Any]) -> None:
    """Number the notes of each page from ① in place, calls and notes; a note that runs over keeps its call's number.

    WeasyPrint makes boxes of a counter before it knows pages. A circled number is as wide as any other, so nothing
    moves: a text is drawn from what its Pango layout has kept of it.
    """
    numbers: dict[Any, str] = {}
    for page in pages:
        boxes = [box for box in page._page_box.descendants(placeholders=True) if not isinstance(box, TextBox)]  # noqa: SLF001  # WeasyPrint's only way to it
        count = 0
        for box in boxes:
            note = _called(box)
            if note is not None and note not in numbers:
                numbers[note] = CIRCLED[min(count, len(CIRCLED) - 1)]
                count += 1
        for box in boxes:
            if (note := _called(box)) is not None or (note := _numbered(box)) is not None:
                _renumber(box, numbers.get(note, _FIRST))


def _called(box: Any) -> Any:
    """What stands for the note that a box calls: the element of one at the foot, the id of one in the margin."""
    if str(box.element_tag or "").endswith("::footnote-call"):
        return box.element
    return _named(box, "noteref by-page")


def _numbered(box: Any) -> Any:
    """What stands for the note whose number a box is."""
    if str(box.element_tag or "").endswith("::footnote-marker"):
        return box.element
    return _named(box, "beside-number by-page")


def _named(box: Any, kind: str) -> Any:
    return box.element.get("data-note") if box.element is not None and box.element.get("class") == kind else None


def _renumber(part: Any, number: str) -> None:
    for box in part.descendants():
        if isinstance(box, TextBox) and _FIRST in box.text:
            box.text = box.text.replace(_FIRST, number)
            box.pango_layout.text = box.pango_layout.text.replace(_FIRST, number)
