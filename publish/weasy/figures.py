"""Figures that do not fit on the rest of a page: the paragraphs after them move up, so that no gap is left.

CSS has a name for it, `float: top` with `float-defer` (CSS Page Floats 3), which WeasyPrint does not know. Where a
figure with a caption would go to the next page and leave several lines of this one empty, it changes places with the
paragraph behind it, and with the next, until the page is full. It passes nothing but paragraphs: a figure stays in its
section, and before the list or the table that may speak of it.
"""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import block
from weasyprint.layout.percent import resolve_percentages
from weasyprint.text.line_break import strut

# Lines that may stay empty at a page's foot, and below a heading, which would move to the next page with its figure.
_LEAST, _LEAST_BELOW_HEADING = 4, 2
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CHILDREN = 6  # where WeasyPrint's result has the children that are on the page

_in_flow_layout = block._in_flow_layout  # noqa: SLF001  # WeasyPrint has no public place for a choice between siblings


def in_flow_layout(
    context: Any,
    box: Any,
    index: int,
    child: Any,
    new_children: Any,
    page_is_empty: Any,
    absolute_boxes: Any,
    fixed_boxes: Any,
    adjoining_margins: Any,
    bottom_space: float,
    position_y: float,
    skip_stack: Any,
    *others: Any,
) -> Any:
    """WeasyPrint's `_in_flow_layout`, a paragraph in the place of the figure that does not fit."""

    def laid(one: Any) -> Any:
        one.position_x, one.position_y = child.position_x, child.position_y
        places = (bottom_space, position_y, skip_stack)
        boxes_of_page = (new_children, page_is_empty, absolute_boxes, fixed_boxes, adjoining_margins)
        return _in_flow_layout(context, box, index, one, *boxes_of_page, *places, *others)

    # WeasyPrint goes through the children as they were; some may have changed places on the way.
    current = box.children[index]
    behind = box.children[index + 1] if index + 1 < len(box.children) else None
    moves = behind is not None and skip_stack is None and _is_figure(current) and _is_paragraph(behind)
    if not moves or not new_children or _introduces(behind):
        return laid(current)
    lines = _LEAST_BELOW_HEADING if new_children[-1].element_tag in _HEADINGS else _LEAST
    if not _leaves_hole(context, current, box, position_y, bottom_space, lines):
        return laid(current)
    styles = _indent_as_others(behind, box.children)
    result = laid(behind)
    abort, children = result[0], result[_CHILDREN]
    if abort or getattr(children[-1], "index", None) != index:
        # Neither fits here. The page ends before them, or before the heading above, and the figure comes first.
        for one, style in styles:
            one.style = style
        return result
    swapped = [*box.children]
    swapped[index : index + 2] = behind, current
    box.children = swapped
    return result


def _is_figure(box: Any) -> bool:
    """Whether a box is a picture with its caption, without a note, whose place would be at the foot of this page."""
    if box.element_tag != "figure" or not isinstance(box, boxes.BlockBox):
        return False
    inside = list(box.descendants())
    tags = {one.element_tag for one in inside}
    return {"figcaption", "img"} <= tags and not any(one.footnote for one in inside)


def _is_paragraph(box: Any) -> bool:
    return isinstance(box, boxes.BlockBox) and box.element_tag == "p"


def _introduces(paragraph: Any) -> bool:
    """Whether a paragraph ends with a colon: what it announces comes right below it."""
    return "".join(paragraph.element.itertext()).rstrip().endswith(("：", ":"))


def _leaves_hole(context: Any, figure: Any, parent: Any, position_y: float, bottom_space: float, lines: int) -> bool:
    """Whether a figure is too high for the rest of a page, and that rest is at least this many lines."""
    line, _ = strut(parent.style)
    if context.overflows_page(bottom_space, position_y + lines * line):
        return False
    # Nothing in it calls a note, so that it may be laid out for its height alone.
    resolve_percentages(figure, parent)
    figure.position_x, figure.position_y = parent.content_box_x(), position_y
    made = block.block_level_layout(context, figure, -inf, None, parent, absolute_boxes=[], fixed_boxes=[])[0]
    return bool(context.overflows_page(bottom_space, made.border_box_y() + made.border_height()))


def _indent_as_others(paragraph: Any, siblings: Any) -> list[tuple[Any, Any]]:
    """Indent a paragraph that had no indent because it followed a figure; return the styles that it had."""
    usual = next(
        (
            one.style["text_indent"]
            for before, one in pairwise(siblings)
            if _is_paragraph(before) and _is_paragraph(one) and one is not paragraph
        ),
        paragraph.style["text_indent"],
    )
    styles = [(one, one.style) for one in (paragraph, *paragraph.children)]
    for one, style in styles:
        one.style = style.copy()
        one.style["text_indent"] = usual
    return styles
