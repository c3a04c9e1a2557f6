"""Figures that do not fit on what is left of a page: the paragraphs behind them move up, so that no hole is left.

CSS has a name for it, `float: top` with `float-defer` (CSS Page Floats 3), which WeasyPrint does not know. Where a
figure with a caption would go to the next page and leave several lines of this one empty, it changes places with the
paragraph behind it, and with the next, until the page is full. It passes nothing but paragraphs: a figure stays in its
section, and before the list or the table that may speak of it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from weasyprint import __version__ as installed
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block
from weasyprint.text.line_break import strut

from publish.typography import TESTED

_LEAST = 4  # lines: what may stay empty at a page's foot
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
    if behind is None or skip_stack is not None or not (_is_figure(current) and _is_paragraph(behind)):
        return laid(current)
    margins, count = [*adjoining_margins], len(new_children)
    result = laid(current)
    refused = result[_CHILDREN] is new_children and len(new_children) == count and count
    if not refused or not _holds_lines(context, behind, position_y, bottom_space):
        return result
    adjoining_margins[:] = margins
    styles = _indent_as_others(behind, box.children)
    instead = laid(behind)
    if len(new_children) == count or instead[_CHILDREN] is not new_children:
        for one, style in styles:
            one.style = style
        return result
    children = [*box.children]
    children[index : index + 2] = behind, current
    box.children = children
    return instead


def _is_figure(box: Any) -> bool:
    """Whether a box is a picture with its caption, without a note, whose place would be at the foot of this page."""
    if box.element_tag != "figure" or not isinstance(box, boxes.BlockBox):
        return False
    inside = list(box.descendants())
    tags = {one.element_tag for one in inside}
    return {"figcaption", "img"} <= tags and not any(one.footnote for one in inside)


def _is_paragraph(box: Any) -> bool:
    return isinstance(box, boxes.BlockBox) and box.element_tag == "p"


def _holds_lines(context: Any, paragraph: Any, position_y: float, bottom_space: float) -> bool:
    """Whether more lines of a paragraph would stay empty than may."""
    line, _ = strut(paragraph.style)
    return not context.overflows_page(bottom_space, position_y + _LEAST * line)


def _indent_as_others(paragraph: Any, siblings: Any) -> list[tuple[Any, Any]]:
    """Give a paragraph that has no indent, for it was behind a figure, that of the others; the styles that it had."""
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


def install() -> bool:
    """Teach WeasyPrint to move figures; False where its version is not the tested one."""
    if installed != TESTED:
        return False
    block._in_flow_layout = in_flow_layout  # noqa: SLF001  # as above
    return True
