"""Composition of Chinese lines over WeasyPrint: `marks` and `measure` choose each line, WeasyPrint makes pages of them.

WeasyPrint 70 breaks and measures box by box, stretches spaces only (`layout/inline.py: justify_line`), and knows
neither the width of marks beside each other nor the gap between Han and Western text. Here a paragraph's text is
shaped once, over all its boxes; each line is filled by arithmetic; and its boxes are built ready, justified, so that
nothing is left to justify. Paragraphs that this does not understand (floats in the line, text from right to left,
preserved spaces) are left to WeasyPrint, which sets them as it does: right, if not as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline, preferred
from weasyprint.layout.percent import resolve_percentages
from weasyprint.text import line_break
from weasyprint.text.line_break import Layout, line_size, strut

from publish.typography import marks, measure, warichu
from publish.typography.hyphens import HYPHEN
from publish.typography.plan import Measures
from publish.weasy import shape
from publish.weasy.emphasis import says
from publish.weasy.paragraph import (
    Node,
    NotOurs,
    ParagraphReader,
    ReadParagraph,
    cell_at,
    is_two_lined,
    leaf_at,
    read_paragraph,
    resume_at,
)

_SIDES = ("left", "right")
# What `resolve_percentages` finds for text, which has neither margin nor border nor padding of its own.
_NO_EDGES = {
    name: 0
    for side in ("top", "right", "bottom", "left")
    for name in (f"margin_{side}", f"padding_{side}", f"border_{side}_width")
}

_split_inline_box = inline.split_inline_box
_justify_line = inline.justify_line
_inline_max_content_width = preferred.inline_max_content_width

_WESTERN = re.compile(r"[0-9A-Za-z]{2}")
_BRACKETS = tuple(zip("（(“‘「『《〈【[", "）)”’」』》〉】]", strict=True))


def _wider(paragraph: ReadParagraph, line: measure.Line) -> float:
    """How much wider the Western text at a line's ends is by itself than it was in the paragraph.

    A letter is not kerned with one on another line, and a parenthesis that begins a line is shaped with the Western
    text behind it, not with the Han before.
    """
    ends = {_western(paragraph, line, line.first), _western(paragraph, line, line.stop - 1)} - {None}
    return sum(_difference(paragraph, *one) for one in ends if one)


def _western(paragraph: ReadParagraph, line: measure.Line, end: int) -> tuple[int, int, int, int] | None:
    """The Western text at an end of a line, and as much around it as says whose letters its dashes are.

    Where the text begins and stops, and where what is around it does; None where nothing was split.
    """
    classes = paragraph.cells.classes
    if line.stop <= line.first:
        return None
    leaf = leaf_at(paragraph.root, end)
    first, stop = max(leaf.start, line.first), min(leaf.stop, line.stop)
    if not isinstance(leaf.box, boxes.TextBox) or (first, stop) == (leaf.start, leaf.stop):
        return None
    if _is_half(leaf.box.text[first - leaf.start : stop - leaf.start]):
        return first, stop, first, stop
    if classes[end] in marks.WIDE:
        return None
    step = 1 if end == line.first else -1
    here = end
    while first <= here + step < stop and classes[here] not in marks.WIDE:
        here += step
    start, behind = min(end, here), max(end, here) + 1
    text = leaf.box.text
    around = [one for one in range(first - leaf.start, stop - leaf.start) if text[one].isalpha()]
    before = next((one for one in reversed(around) if one < start - leaf.start), start - leaf.start)
    after = next((one for one in around if one >= behind - leaf.start), behind - leaf.start - 1)
    return start, behind, before + leaf.start, after + leaf.start + 1


def _is_half(text: str) -> bool:
    """Whether a text with Western letters or digits has a bracket whose other half it has not.

    What is behind a closing bracket is for Pango of the writing that was before the opening one, and kerned as that is.
    """
    return bool(_WESTERN.search(text)) and any(text.count(one) != text.count(other) for one, other in _BRACKETS)


def _difference(paragraph: ReadParagraph, start: int, stop: int, before: int, after: int) -> float:
    leaf = leaf_at(paragraph.root, start)
    shaped = shape.shape(leaf.box.text[before - leaf.start : after - leaf.start], leaf.box.style)
    was = sum(paragraph.cells.advance[start:stop]) - sum(paragraph.edges[start:stop])
    return sum(shaped.advances[start - before : stop - before]) - was if shaped else 0.0


@dataclass(slots=True)
class _Builder:
    """Makes the boxes of one line."""

    paragraph: ReadParagraph
    line: measure.Line
    begin: int
    context: Any
    containing_block: Any
    root: Any
    absolute: Any
    fixed: Any
    placeholders: Any
    max_x: float
    bottom_space: float

    def _holds(self, node: Node) -> bool:
        """Whether a box belongs to this line; an empty one does unless the line ends before it."""
        end = self.line.next
        if node.start == node.stop:
            return self.begin <= node.start and (node.start < end or self._last)
        return node.start < end and node.stop > self.begin

    @property
    def _last(self) -> bool:
        return self.line.next >= len(self.paragraph.cells.classes)

    def children(self, node: Node, x: float) -> list[Any]:
        """The boxes inside a node that are on the line, from left to right."""
        made: list[Any] = []
        for index, child in enumerate(node.children or ()):
            if not self._holds(child):
                continue
            child.box.position_y = self.root.position_y
            if not child.box.is_in_normal_flow():
                made += self._out_of_flow(node, index, child, x)
                continue
            box = self._box(child, x)
            if box is not None:
                made += self._in_two(child, box) if is_two_lined(child.box) else [box]
                x = box.position_x + box.margin_width()
        return made

    def _box(self, node: Node, x: float) -> Any:
        box = node.box
        if isinstance(box, boxes.TextBox):
            return self._text(node, x)
        resolve_percentages(box, self.containing_block)
        if node.children is not None:
            return self._inline(node, x)
        if not self.line.first <= node.start < self.line.stop:
            return None
        made = inline.atomic_box(self.context, box, x, None, self.containing_block, self.absolute, self.fixed)
        made.position_x = x
        spacing = self.line.spacing[node.start - self.line.first]
        if spacing:
            made.margin_right += spacing
        return made

    def _text(self, node: Node, x: float) -> Any:
        line, cells = self.line, self.paragraph.cells
        start, stop = max(node.start, line.first), min(node.stop, line.stop)
        if stop <= start:
            return None
        text = node.box.text[start - node.start : stop - node.start]
        spacing = line.spacing[start - line.first : stop - line.first]
        if start == line.first:
            x -= line.indent
        edges = self.paragraph.edges[start:stop]
        advances = [whole - edge for whole, edge in zip(cells.advance[start:stop], edges, strict=True)]
        if line.hyphen and stop == line.stop:
            text, spacing, advances = text + HYPHEN, [*spacing, 0.0], [*advances, line.hyphen]
        box = _set(node.box, text, spacing, x, advances)
        self._level(box, node.box.style)
        if stop == node.stop and _is_underlined(node.box) and not self._goes_on(stop):
            box.width, box.margin_right = box.width - spacing[-1], spacing[-1]
        return box

    def _in_two(self, node: Node, whole: Any) -> list[Any]:
        """The two small lines that take the place of a note's text on this line, each as wide as that."""
        text, style, em = whole.pango_layout.text, whole.style, float(self.root.style["font_size"])
        shaped = shape.shape(text, style)
        if shaped is None:
            return [whole]
        kinds = marks.classes(text, style["lang"])
        width = whole.width - sum(whole.pango_layout.spacing)
        rows = warichu.rows(kinds, shaped.advances, style["font_size"], width)
        made = []
        for row, lift in zip(rows, warichu.lifts(em, style["font_size"], len(rows)), strict=True):
            advances = shaped.advances[row.first : row.stop]
            box = _set(node.box, text[row.first : row.stop], row.spacing, whole.position_x, advances)
            self._level(box, style)
            box.width, box.lifted_by_publish = whole.width, lift
            made.append(box)
        return made

    def _goes_on(self, cell: int) -> bool:
        """Whether the line under a text goes on under the next: it does not reach into the gap behind its last."""
        if not self.line.first <= cell < self.line.stop:
            return False
        following = leaf_at(self.paragraph.root, cell).box
        return isinstance(following, boxes.TextBox) and _is_underlined(following)

    def _level(self, box: Any, style: Any) -> None:
        """Put a box on the line with the line's own height, so that another font in it does not move the next line."""
        height, baseline, _ = _heights(self.root.style)
        own, above, _ = _heights(style)
        if own == height and above != baseline:
            box.baseline += baseline - above
            box.margin_top += baseline - above
            box.margin_bottom -= baseline - above

    def _inline(self, node: Node, x: float) -> Any:
        box = node.box
        for side in _SIDES:
            if getattr(box, f"margin_{side}") == "auto":
                setattr(box, f"margin_{side}", 0)
        starts, ends = node.start >= self.begin, node.stop <= self.line.next
        left = box.padding_left + box.margin_left + box.border_left_width
        cloned = box.style["box_decoration_break"] == "clone"
        inner = x + left if starts or cloned else x
        absolute = self.absolute
        if box.style["position"] == "relative":
            self.absolute = []
        made = box.copy_with_children(self.children(node, inner))
        made.remove_decoration(start=not starts, end=not ends)
        made.position_x = x
        self._part(node, made)
        _finish(made)
        if box.style["font_size"]:
            self._level(made, box.style)
        if box.style["position"] == "relative":
            for placed in self.absolute:
                inline.absolute_layout(self.context, placed, made, self.fixed, self.bottom_space, skip_stack=None)
            self.absolute = absolute
        return made

    def _part(self, node: Node, made: Any) -> None:
        """Put the gap behind a key or a piece of code outside of its frame, not within."""
        last = made.children[-1] if made.children else None
        if not made.padding_right or not isinstance(last, boxes.TextBox) or not node.stop <= self.line.stop:
            return
        gap = self.line.spacing[node.stop - 1 - self.line.first]
        if gap > 0:
            last.width -= gap
            made.margin_right += gap

    def _out_of_flow(self, node: Node, index: int, child: Node, x: float) -> list[Any]:
        """What is placed elsewhere: absolute boxes leave a placeholder, running elements nothing."""
        waiting: list[Any] = []
        inline._out_of_flow_layout(  # noqa: SLF001  # WeasyPrint's own step for these
            self.context,
            node.box,
            self.containing_block,
            index,
            child.box,
            [],
            [],
            waiting,
            [],
            self.absolute,
            self.fixed,
            self.placeholders,
            {"left": 0, "right": 0},
            self.max_x,
            x,
            self.bottom_space,
        )
        return [placed for _index, placed, _child in waiting]


def _is_underlined(box: Any) -> bool:
    return bool(box.style["text_decoration_line"] != "none")


def _finish(box: Any) -> None:
    """A line's or an inline box's width by its children, its height by its font."""
    box.width = 0
    for child in reversed(box.children):
        if child.is_in_normal_flow():
            box.width = child.position_x + child.margin_width() - box.content_box_x()
            break
    inline._adjust_line_height(box)  # noqa: SLF001  # WeasyPrint's own step


def _set(like: Any, text: str, spacing: list[float], x: float, advances: list[float]) -> Any:
    """A text box with its text set; its height is its first font's, so that no other font moves the line."""
    box = like.copy_with_text(text)
    box.__dict__.update(_NO_EDGES)
    box.pango_layout = shape.SetText(text, spacing, advances)
    if like.style["text_decoration_line"] != "none":
        box.pango_layout.prepare_decoration(like.style)
    box.position_x, box.width = x, sum(advances) + sum(spacing)
    line_height, baseline, height = _heights(like.style)
    box.height = height
    box.margin_top = box.margin_bottom = (line_height - height) / 2
    box.baseline = baseline
    return box


def _heights(style: Any) -> tuple[float, float, float]:
    """A style's line height, the baseline from its top, and the height of its font, in CSS pixels."""
    found: tuple[float, float, float] | None = getattr(style, "heights_for_publish", None)
    if found is None:
        known = style.font_config.__dict__.setdefault("heights_for_publish", {})
        font = line_break._font_style_cache_key(style, include_size=True)  # noqa: SLF001  # by which it keeps struts
        if font not in known:
            layout = Layout(style)
            layout.set_text(" ")
            known[font] = line_size(layout.get_first_line()[0], style)[1]
        found = style.heights_for_publish = (*strut(style), known[font])
    return found


def split_inline_box(  # as WeasyPrint calls it
    context: Any,
    box: Any,
    position_x: float,
    max_x: float,
    bottom_space: float,
    skip_stack: Any,
    containing_block: Any,
    absolute_boxes: Any,
    fixed_boxes: Any,
    line_placeholders: Any,
    waiting_floats: Any,
    line_children: Any,
    first_letter_style: Any,
    first_line_style: Any,
) -> Any:
    """WeasyPrint's `split_inline_box`; a line box is composed here."""
    paragraph = None
    if isinstance(box, boxes.LineBox) and not first_line_style and not first_letter_style:
        paragraph = read_paragraph(context, box, containing_block, fresh=skip_stack is None)
    if paragraph is None:
        return _split_inline_box(
            context,
            box,
            position_x,
            max_x,
            bottom_space,
            skip_stack,
            containing_block,
            absolute_boxes,
            fixed_boxes,
            line_placeholders,
            waiting_floats,
            line_children,
            first_letter_style,
            first_line_style,
        )
    begin = cell_at(paragraph.root, skip_stack)
    justified = box.style["text_align_all"] == "justify"
    width, hang = max_x - position_x, says(box.style, "__hanging_punctuation", "allow-end")
    full_start = paragraph.led or (begin == 0 and bool(box.text_indent))
    if says(box.style, "__line_break", "words") and not context.excluded_shapes:
        label = paragraph.label(width)
        if label and begin >= label.stop:
            position_x, width = position_x + label.width, width - label.width
        line = paragraph.title_line(begin, width, label, full_start=full_start)
    elif justified and not context.excluded_shapes:
        line = paragraph.line(begin, Measures(width, containing_block.width, hang, full_start))
    else:  # beside a float the length of the next line is unknown
        line = measure.next_line(paragraph.cells, begin, width, justified=justified, hang=hang, full_start=full_start)
    if justified and not line.last:
        line = measure.narrowed(paragraph.cells, line, _wider(paragraph, line))
    builder = _Builder(
        paragraph,
        line,
        begin,
        context,
        containing_block,
        box,
        absolute_boxes,
        fixed_boxes,
        line_placeholders,
        max_x,
        bottom_space,
    )
    relative = box.style["position"] == "relative"
    if relative:
        builder.absolute = []
    made = box.copy_with_children(builder.children(paragraph.root, position_x))
    made.remove_decoration(start=begin > 0, end=not line.last)
    _finish(made)
    made.composed_by_publish = True
    ended = line.next >= len(paragraph.cells.classes)
    resume = None if ended else resume_at(paragraph.root, line.next)
    return made, resume, line.forced, None, None, {"left": 0, "right": 0}


def justify_line(context: Any, line: Any, extra_width: float) -> None:
    """WeasyPrint's `justify_line` for the lines that were not composed, and so are not justified yet."""
    if not getattr(line, "composed_by_publish", False):
        _justify_line(context, line, extra_width)


def inline_max_content_width(
    context: Any,
    box: Any,
    outer: bool = True,  # as WeasyPrint calls it
    is_line_start: bool = False,  # as WeasyPrint calls it
) -> float:
    """WeasyPrint's `inline_max_content_width`, gaps and tight marks counted: what a cell of a table asks for."""
    if not isinstance(box, boxes.LineBox):
        return float(_inline_max_content_width(context, box, outer, is_line_start))
    try:
        paragraph = ParagraphReader(context, None).paragraph(box)
    except NotOurs:
        return float(_inline_max_content_width(context, box, outer, is_line_start))
    widest, begin, size = 0.0, 0, len(paragraph.cells.classes)
    while begin < size:
        line = measure.next_line(paragraph.cells, begin, float("inf"), justified=False)
        cells = paragraph.cells
        widest = max(widest, sum(cells.advance[line.first : line.stop]) + sum(line.spacing) - line.indent)
        begin = line.next
    indent = box.style["text_indent"]
    if getattr(indent, "unit", None) == "px":
        widest += indent.value
    # Rounding must not break what just fits.
    return float(preferred.adjust(box, outer, widest + 1e-3))
