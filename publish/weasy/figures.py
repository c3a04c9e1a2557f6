"""Figures that do not fit on the rest of a page: the paragraphs after them move up, so that no gap is left.

CSS has a name for it, `float: top` with `float-defer` (CSS Page Floats 3), which WeasyPrint does not know. Where a
figure with a caption would go to the next page and leave several lines of this one empty, it changes places with the
paragraph behind it, and with the next, until the page is full. It passes nothing but paragraphs, and small tables with
a caption: a figure stays in its section, and before the list or the table that may speak of it. A picture that is only
a little too high, or that nothing can change places with, is made as much smaller as it takes, but not so small that it
cannot be read; where the next one would be left with too little room, both are made a little smaller. One that goes to
the next page after all has its size there.
"""

from __future__ import annotations

import re
from itertools import pairwise
from math import inf
from typing import Any

from weasyprint.css.properties import Dimension
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block
from weasyprint.layout.percent import resolve_percentages
from weasyprint.text.line_break import strut

# Lines that may stay empty at a page's foot, and below a heading, which would move to the next page with its figure.
_LEAST, _LEAST_BELOW_HEADING = 4, 2
# How much smaller a picture may become: rather than change places, and rather than leave a hole.
_GLADLY, _SMALLEST = 0.88, 0.7
_SMALLEST_OF_ALL = 0.58  # and where more than _HOLE of the page would be left empty
_HOLE = 1 / 3  # as the proof has it (`check.pdf.holes`)
_SHARED = 0.75  # and each of two that share a page
_AHEAD = 8  # blocks between two pictures that may share a page
# What a paragraph says that speaks of the figure above it, which therefore stays above it.
_POINTING_BACK = re.compile("[上前][图圖表]|如上|[图圖]示如上|上[面述边邊](?:的|这|這|那)?[张張幅]?[图圖]|above")
_FORMULAS = ("formula", "piece")  # the classes of what is drawn of one
TURNED = "turned"  # the class of a block that lies on its side and fills a page
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
    after = index + 1
    while _is_turned(current) and after < len(box.children) and _is_turned(box.children[after]):
        after += 1  # a table that goes on, on one more page
    behind = box.children[after] if after < len(box.children) else None
    # What is inside of a figure has been judged with it.
    if skip_stack is not None or not _is_illustration(current) or _is_illustration(box):
        return laid(current)
    _restore(current)
    lines = _LEAST_BELOW_HEADING if new_children and new_children[-1].element_tag in _HEADINGS else _LEAST
    above = list(adjoining_margins)
    over = _overflow(context, current, box, position_y, bottom_space, above, lines) if new_children else []
    if not over:
        _share_page(context, box, index, position_y, bottom_space, above, first=page_is_empty)
        return laid(current)
    moves = behind is not None and _is_figure(current) and _may_pass(behind)
    moves = moves and not _strands(context, box, index, after, position_y, bottom_space, above)
    hole = (context.page_bottom - bottom_space - position_y) / context.page_bottom > _HOLE
    if _shrunk(current, over, _GLADLY if moves else _SMALLEST_OF_ALL if hole else _SMALLEST) or not moves:
        return laid(current)
    styles = _indent_as_others(behind, box.children) if _is_paragraph(behind) else []
    result = laid(behind)
    abort, children = result[0], result[_CHILDREN]
    if abort or getattr(children[-1], "index", None) != index:
        # Neither fits here. The page ends before them, or before the heading above, and the figure comes first.
        for one, style in styles:
            one.style = style
        return result
    swapped = [*box.children]
    swapped[index : after + 1] = behind, *swapped[index:after]
    box.children = swapped
    return result


def _is_figure(box: Any) -> bool:
    """Whether a box is a picture with its caption, without a note, whose place would be at the foot of this page.

    What is turned on its side has a page of its own, and text goes on before it in the same way.
    """
    if not isinstance(box, boxes.BlockBox) or box.element is None:
        return False
    if _is_turned(box):
        return True
    if box.element_tag != "figure":
        return False
    inside = list(box.descendants())
    tags = {one.element_tag for one in inside}
    return {"figcaption", "img"} <= tags and not any(one.footnote for one in inside)


def _is_paragraph(box: Any) -> bool:
    return isinstance(box, boxes.BlockBox) and box.element_tag == "p"


def _may_pass(box: Any) -> bool:
    """Whether a figure may change places with what is behind it.

    That is a table with a caption that stays on one page, or a paragraph, which neither ends with a colon, for what it
    announces comes right below it, nor speaks of what is above.
    """
    if isinstance(box, boxes.BlockBox) and box.element_tag == "table":
        return "short" in box.element.get("class", "").split() and box.element.find("caption") is not None
    if not _is_paragraph(box):
        return False
    words = "".join(box.element.itertext()).rstrip()
    return not words.endswith(("：", ":")) and not _POINTING_BACK.search(words)


def _is_turned(box: Any) -> bool:
    return isinstance(box, boxes.BlockBox) and box.element_tag == "div" and box.element.get("class") == TURNED


def _strands(
    context: Any, parent: Any, index: int, after: int, position_y: float, bottom_space: float, above: list[Any]
) -> bool:
    """Whether the end of a paragraph would stand alone before a turned block, on a page emptier than this one is now.

    A figure comes below such lines; what fills a page leaves the rest of theirs empty.
    """
    turned = parent.children[index]
    if not _is_turned(turned):
        return False
    room, bottom = context.page_bottom - bottom_space, position_y
    page: float = turned.style["height"].value
    for number, one in enumerate(parent.children[after:]):
        if not _may_pass(one) or any(inside.footnote for inside in one.descendants()) or bottom - room > page:
            break
        made = _laid_alone(context, one, parent, bottom, above)
        bottom, above = made.border_box_y() + made.border_height(), [made.margin_bottom]
        if not number and bottom <= room:
            return False
    return bool(0 < bottom - room < page - (room - position_y))


def _is_picture(box: Any) -> bool:
    """Whether a block holds nothing but one picture, without a caption; a formula, which is drawn too, is text."""
    if not isinstance(box, boxes.BlockBox) or box.element is None or box.element_tag not in ("p", "figure", "div"):
        return False
    words = "".join(one.text for one in box.descendants() if isinstance(one, boxes.TextBox)).strip()
    drawn = _pictures(box)
    return not words and len(drawn) == 1 and drawn[0].element.get("class") not in _FORMULAS


def _is_illustration(box: Any) -> bool:
    return _is_figure(box) or _is_picture(box)


def _pictures(box: Any) -> list[Any]:
    return [one for one in box.descendants() if isinstance(one, boxes.ReplacedBox)]


def _overflow(
    context: Any, figure: Any, parent: Any, position_y: float, bottom_space: float, above: list[Any], lines: int
) -> list[Any]:
    """By how much a figure is too high for the rest of a page, if that is at least so many lines, and its picture as
    it was laid out; nothing for one that fits.
    """  # noqa: D205  # one sentence
    line, _ = strut(parent.style)
    if context.overflows_page(bottom_space, position_y + lines * line):
        return []
    # Nothing in it calls a note, so that it may be laid out for its height alone.
    made = _laid_alone(context, figure, parent, position_y, above)
    bottom = made.border_box_y() + made.border_height()
    if not context.overflows_page(bottom_space, bottom):
        return []
    shown = _pictures(made)
    return [bottom - (context.page_bottom - bottom_space), shown[0] if len(shown) == 1 else None]


def _laid_alone(
    context: Any, box: Any, parent: Any, position_y: float, above: list[Any], *, first: bool = False
) -> Any:
    """A block laid out at a place, below margins, as if the page had no end; the `first` has none above it."""
    resolve_percentages(box, parent)
    box.position_x, box.position_y = parent.content_box_x(), position_y
    found: dict[str, list[Any]] = {"absolute_boxes": [], "fixed_boxes": [], "adjoining_margins": list(above)}
    return block.block_level_layout(context, box, -inf, None, parent, page_is_empty=first, **found)[0]


def _share_page(
    context: Any, parent: Any, index: int, position_y: float, bottom_space: float, above: list[Any], *, first: bool
) -> None:
    """Make a picture that fits smaller where it leaves the next one too little room, if that then has enough."""
    ahead = parent.children[index : index + _AHEAD + 2]
    stop = next((n for n, one in enumerate(ahead[1:], 1) if _is_illustration(one)), 0)
    if not stop or any(one.footnote for block_box in ahead[: stop + 1] for one in block_box.descendants()):
        return
    room = context.page_bottom - bottom_space
    shown, bottom = [], position_y
    for number, one in enumerate(ahead[: stop + 1]):
        if number == stop:
            _restore(one)
        made = _laid_alone(context, one, parent, bottom, above, first=first and number == 0)
        if made is None or bottom > room:
            return
        if number in (0, stop):
            shown += _pictures(made)
        bottom, above = made.border_box_y() + made.border_height(), [made.margin_bottom]
    too_high = bottom - room
    if len(shown) != len((0, stop)) or too_high <= 0 or too_high <= shown[1].height * (1 - _GLADLY):
        return
    share = 1 - too_high / sum(one.height for one in shown)
    if share >= _SHARED:
        _shrunk(ahead[0], [shown[0].height * (1 - share), shown[0]], _SHARED - 0.02)


def _shrunk(figure: Any, over: list[Any], least: float) -> bool:
    """Make the one picture of a figure smaller, by as much as the figure is too high, if that is not too much."""
    too_high, shown = over
    if shown is None or shown.height <= 0:
        return False
    share = (shown.height - too_high - 1) / shown.height
    if not least <= share < 1:
        return False
    [picture] = _pictures(figure)
    picture.whole_style = picture.style
    picture.style = picture.style.copy()
    picture.style["max_width"] = Dimension(shown.width * share, "px")
    picture.style["max_height"] = Dimension(shown.height * share, "px")
    return True


def _restore(figure: Any) -> None:
    """Give the pictures of a figure the size that they had before one was made smaller for another page."""
    for picture in _pictures(figure):
        picture.style = getattr(picture, "whole_style", picture.style)


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
