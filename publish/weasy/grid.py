"""The base grid: lines of body text stand on the same lines of every page, whatever is between (clreq §2.3, §3.3).

`--line-grid: 62.36pt 17.85pt`, an inherited custom property, says where on a page the first line begins and how far it
is to the next. A paragraph whose lines are just so far apart begins at a line of the grid; all others (headings, notes,
tables, captions) go their own way, and what follows them is back on the grid. What that takes is shared out above and
below a block that has `--block-step: center`: code, a table, a figure. With `end` all of it goes above: a heading
belongs to what is below. CSS has names for both, `line-snap` (CSS Line
Grid 1) and `block-step-align` (CSS Rhythmic Sizing 1), which WeasyPrint does not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Any

from weasyprint.css.units import LENGTHS_TO_PIXELS
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block, page
from weasyprint.text.line_break import strut

from publish.weasy.emphasis import says

_SHARES = {"center": 1 / 2, "end": 1.0}
_EVEN = 0.02  # CSS pixels: what arithmetic may leave over

_iter_line_boxes = block.iter_line_boxes
_block_level_layout = block.block_level_layout
_make_page = page.make_page


def _grid(style: Any) -> tuple[float, float] | None:
    """Where the grid of a style begins and the distance of its lines, in CSS pixels."""
    lengths = [
        token.value * LENGTHS_TO_PIXELS[token.unit.lower()]
        for token in style["__line_grid"] or ()
        if getattr(token, "unit", "").lower() in LENGTHS_TO_PIXELS
    ]
    return (lengths[0], lengths[1]) if len(lengths) == 2 and lengths[1] > 1 else None  # noqa: PLR2004  # a pair


def snapped(position: float, origin: float, distance: float) -> float:
    """The first line of a grid at a position or after it."""
    return origin + ceil((position - origin - _EVEN) / distance) * distance


def iter_line_boxes(
    context: Any,
    box: Any,
    position_y: float,
    bottom_space: float,
    skip_stack: Any,
    containing_block: Any,
    *others: Any,
) -> Iterator[Any]:
    """WeasyPrint's `iter_line_boxes`, a paragraph of body text beginning on the grid."""
    grid = _grid(box.style)
    # An inline block is laid out before it has its place on the page.
    if (
        grid is not None
        and not isinstance(containing_block, (boxes.InlineBlockBox, boxes.TableCellBox))
        and (not _share(containing_block.style))
    ):
        origin, distance = grid
        line_height, _ = strut(box.style)
        if abs(line_height - distance) < _EVEN:
            position_y = snapped(position_y, origin, distance)
    lines: Iterator[Any] = _iter_line_boxes(
        context, box, position_y, bottom_space, skip_stack, containing_block, *others
    )
    return lines


def block_level_layout(
    context: Any,
    box: Any,
    bottom_space: float,
    skip_stack: Any,
    containing_block: Any,
    *others: Any,
    **options: Any,
) -> Any:
    """WeasyPrint's `block_level_layout`; its share of what is left to the grid's next line goes above a block."""
    result = _block_level_layout(context, box, bottom_space, skip_stack, containing_block, *others, **options)
    made, resume_at = result[:2]
    if made is None or resume_at is not None or skip_stack is not None or not made.is_in_normal_flow():
        return result
    grid, share = _grid(box.style), _share(box.style)
    if grid is None or not share:
        return result
    foot = made.border_box_y() + made.border_height()
    left = snapped(foot + made.margin_bottom, *grid) - foot - made.margin_bottom
    above = left * share
    if made.border_box_y() <= grid[0] + _EVEN:
        # At a page's head there is nothing above to centre a block against; a heading is amid its lines (占行居中).
        above = min(left, (left + made.margin_bottom) / 2) if share == 1 else 0.0
    if not context.overflows_page(bottom_space, foot + above):
        made.translate(dy=above)
    return result


def make_page(
    context: Any, root_box: Any, page_type: Any, resume_at: Any, page_number: int, page_state: Any, *others: Any
) -> Any:
    """WeasyPrint's `make_page`; what begins a page has no margin above it unless the page was asked for.

    WeasyPrint takes each page that has a name for one that was asked for, so that a heading or a stanza at a page's
    head stood a line lower than the text beside it (CSS Fragmentation 3 §5.2).
    """
    context.forced_break = context.page_maker[page_number - 1][1]["break"] != "any"
    return _make_page(context, root_box, page_type, resume_at, page_number, page_state, *others)


def _share(style: Any) -> float:
    """How much goes above a block with this style; nothing where a block around it has its share, as these inherit."""
    parent = style.parent_style
    for word, share in _SHARES.items():
        if says(style, "__block_step", word):
            return 0.0 if parent and says(parent, "__block_step", word) else share
    return 0.0
