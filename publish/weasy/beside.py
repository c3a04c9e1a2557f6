"""Notes in the outer margin, each beside the line that calls it, below the one before.

WeasyPrint knows no floats to the outer side of a page, and lets boxes that stand apart lie on one another. So such
notes are laid out alone, at the head of their page, and moved once all of its lines stand.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from weasyprint.document import Page
from weasyprint.formatting_structure.boxes import LineBox

from publish.weasy.records import SAME

_log = logging.getLogger("weasyprint")
NOTE = 'class="beside"'  # in HTML that has such notes
_APART = 0.35  # of a note's size, between two of them


def place(pages: Sequence[Any]) -> None:
    """Move the notes of each page beside their calls, in the outer margin; what is told of a page follows them."""
    for page in pages:
        box = page._page_box  # noqa: SLF001  # WeasyPrint's only way to it
        again = _drop_further(box)
        notes = list(_notes(box))
        if notes:
            _move(box, notes)
            page.__dict__.update(Page(box).__dict__)  # its links and anchors, which it has noted where they stood
            page.links = [(kind, again.get(target, target), *rest) for kind, target, *rest in page.links]


def _notes(box: Any, line: Any = None) -> Iterator[tuple[Any, float]]:
    """The notes in a box in order, each with how far down it belongs: its first line on the base of its call's."""
    for child in getattr(box, "children", ()):
        if _is_note(child):
            own = child._box  # noqa: SLF001  # as above
            yield child, _base(line) - _base(next((one for one in own.descendants() if isinstance(one, LineBox)), own))
        else:
            yield from _notes(child, child if isinstance(child, LineBox) else line)


def _is_note(child: Any) -> bool:
    own = getattr(child, "_box", child)  # what stands apart has a placeholder in its line
    return own is not child and own.element is not None and own.element.get("class") == "beside"


def _drop_further(page: Any) -> dict[str, str]:
    """Leave each note of a page once; what is left out is the same as what, by their names."""
    standing: dict[str, str] = {}
    again: dict[str, str] = {}
    waiting = [page]
    while waiting:
        box = waiting.pop()
        kept = []
        for child in box.children:
            element = child.element if _is_note(child) else None
            if element is not None and (same := element.get(SAME)):
                name = element.get("id")
                if standing.setdefault(same, name) != name:
                    again[name] = standing[same]
                    continue
            kept.append(child)
        if len(kept) < len(box.children):
            box.children = kept
        waiting += reversed([child for child in kept if hasattr(child, "children")])
    return again


def _base(line: Any) -> float:
    return float(line.position_y + (line.baseline if isinstance(line, LineBox) else 0)) if line is not None else 0.0


def _move(page: Any, notes: Sequence[tuple[Any, float]]) -> None:
    """Put notes one below the other, none above its line but where the foot of the page leaves it no room."""
    top, foot = page.content_box_y(), page.content_box_y() + page.height
    rows = [(note, note.position_y + by, note.margin_height()) for note, by in notes]
    places: list[float] = []
    free = top
    for note, wanted, height in rows:
        places.append(max(wanted, free))
        free = places[-1] + height + _APART * note.style["font_size"]
    below = foot
    for at in range(len(rows) - 1, -1, -1):
        note, _, height = rows[at]
        places[at] = min(places[at], below - height)
        below = places[at] - _APART * note.style["font_size"]
    if places[0] < top - 1:
        _log.warning("the notes in a margin are longer than their page; write notes: {place: page}")
    left = page.page_type.side == "left" and page.margin_left > page.margin_right
    for (note, _, _), y in zip(rows, places, strict=True):
        x = page.content_box_x() - note.margin_width() if left else page.content_box_x() + page.width
        note.translate(x - note.position_x, y - note.position_y)
