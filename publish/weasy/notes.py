"""Notes at the foot of a page: one that fits stays on the page of its call, once for all of its calls there.

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
from publish.weasy.records import SAME

_EVEN = 0.02  # CSS pixels: what arithmetic may leave over

_update_footnote_area = LayoutContext._update_footnote_area  # noqa: SLF001  # WeasyPrint has no public place for it


def update_footnote_area(context: Any) -> bool:
    """WeasyPrint's `_update_footnote_area`: whether the notes of this page are higher than they may be."""
    area, called = context.current_footnote_area, context.current_page_footnotes
    once: dict[Any, Any] = {}
    for box in called:
        once.setdefault(_same(box.element), box)
    context.current_page_footnotes = [*once.values()]
    too_high = _update_footnote_area(context)
    context.current_page_footnotes = called
    return bool(too_high and area.height > area.max_height - _EVEN)


BY_PAGE = ('class="footnote by-page"', 'class="noteref by-page"')  # in HTML whose notes are numbered on each page
_FIRST = "①"


def number_by_page(pages: Sequence[Any]) -> None:
    """Number the notes of each page from ① in place, calls and notes; a note that runs over keeps its call's number.

    A call whose note is not set, as another call of its page has it already, has the number of that.

    WeasyPrint makes boxes of a counter before it knows pages. A circled number is as wide as any other, so nothing
    moves: a text is drawn from what its Pango layout has kept of it.
    """
    numbers: dict[Any, str] = {}
    parts = [
        [box for box in page._page_box.descendants(placeholders=True) if not isinstance(box, TextBox)]  # noqa: SLF001  # WeasyPrint's only way to it
        for page in pages
    ]
    standing = {note for boxes in parts for box in boxes if (note := _numbered(box)) is not None}
    for boxes in parts:
        count = 0
        given: dict[Any, str] = {}
        for box in boxes:
            note = _called(box)
            if note is None or note in numbers:
                continue
            same = _same(box.element)
            if note in standing or same not in given:
                given[same] = CIRCLED[min(count, len(CIRCLED) - 1)]
                count += 1
            numbers[note] = given[same]
        for box in boxes:
            if (note := _called(box)) is not None or (note := _numbered(box)) is not None:
                _renumber(box, numbers.get(note, _FIRST))


def _same(element: Any) -> Any:
    """What a note or its call has alike with those of the same note: a name, or itself alone."""
    return element.get(SAME) or element


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
