"""Composition of Chinese lines over WeasyPrint: `marks` and `measure` choose each line, WeasyPrint makes pages of them.

WeasyPrint 70 breaks and measures box by box, stretches spaces only (`layout/inline.py: justify_line`), and knows
neither the width of marks beside each other nor the gap between Han and Western text. Here a paragraph's text is
shaped once, over all its boxes; each line is filled by arithmetic; and its boxes are built ready, justified, so that
nothing is left to justify. Paragraphs that this does not understand (floats in the line, text from right to left,
preserved spaces) are left to WeasyPrint, which sets them as it does: right, if not as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline, preferred
from weasyprint.layout.percent import resolve_percentages
from weasyprint.text.line_break import Layout, line_size, strut

from publish.convert.words import words_of_title
from publish.typography import marks, measure, plan, titles, warichu
from publish.typography.hyphens import HYPHEN, points, soft
from publish.typography.plan import Measures
from publish.weasy import shape
from publish.weasy.emphasis import says

_KEPT = 8  # paragraphs kept while their lines are asked for
_SAME = 1e-6  # CSS pixels
_FEWEST_DOTS = 1.2  # em of dots before what they lead to
_WIDEST_LABEL = 0.3  # of a line: a heading's words do not go on behind a wider number
_COLLAPSING = ("normal", "nowrap", "pre-line")
_CODE = ("code", "kbd", "samp", "tt")
_RAISED = ("sup", "sub")  # part of what precedes them, as a note's call is
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


class _NotOurs(Exception):  # noqa: N818  # not an error: the paragraph is left to WeasyPrint
    """A paragraph holds something that is not composed here."""


@dataclass(slots=True)
class _Node:
    """A box of a paragraph and its cells; `children` is None for text and for what is set as one piece."""

    box: Any
    start: int
    stop: int = 0
    children: list[_Node] | None = None


@dataclass(frozen=True, slots=True)
class _Label:
    """The number before a heading's words: the cell behind it, and how far it moves them."""

    stop: int
    width: float


@dataclass(slots=True)
class _Paragraph:
    """A line box read: its tree, its cells, and the lists of children that it was read from."""

    root: _Node
    cells: measure.Cells
    edges: list[float]  # the padding, border and margin within each cell's advance
    read: list[tuple[Any, Any]] = field(default_factory=list)
    text: str = ""
    led: bool = False  # whether it ends with dots, whose row WeasyPrint fills by the widths of whole boxes
    planned: dict[int, tuple[float, measure.Line]] = field(default_factory=dict)  # lines by their first cells

    def line(self, begin: int, measures: Measures) -> measure.Line:
        """The justified line from a cell on, from the lines chosen together."""
        width, line = self.planned.get(begin, (None, None))
        if line is None or width is None or abs(width - measures.first) > _SAME:
            lines = plan.lines(self.cells, begin, measures)
            starts = [begin, *(one.next for one in lines)]
            widths = [measures.first, *(measures.following for _ in lines)]
            self.planned.update(zip(starts, zip(widths, lines, strict=False), strict=False))
            line = lines[0]
        return line

    def label(self, width: float) -> _Label | None:
        """The number that begins a heading, where its words go on behind it in lines of this width."""
        first = self.root.children[0] if self.root.children else None
        if first is None or first.children is None or not says(first.box.style, "__set_as", "label"):
            return None
        if self.root.box.style["text_align_all"] in ("center", "right", "end"):  # of a centred line it is a part
            return None
        stop = first.stop
        while stop < len(self.cells.classes) and self.cells.classes[stop] in marks.SPACE + marks.FIXED:
            stop += 1
        found = _Label(stop, self.cells.place[stop])
        return found if found.width <= width * _WIDEST_LABEL else None

    def _behind(self, label: _Label, width: float, cost: list[float]) -> list[tuple[float, measure.Line]]:
        """The lines of a heading's words behind its number, each with its room; the number stands on the first."""
        room = width - label.width
        found = titles.lines(self.cells, label.stop, room, cost, full_start=True)
        if not found:
            return []
        first, *others = found
        spacing = [*self.cells.after[: first.first], *first.spacing]
        whole = replace(first, first=0, indent=0.0, spacing=spacing)
        return [(width, whole), *((room, line) for line in others)]

    def title_line(self, begin: int, width: float, label: _Label | None, *, full_start: bool) -> measure.Line:
        """The line of a title from a cell on, of those that were chosen together; its number stands before them."""
        known = self.planned.get(begin)
        if known is None or abs(known[0] - width) > _SAME:
            cost = titles.prices(self.text, words_of_title(self.text))
            if label and begin == 0:
                chosen = self._behind(label, width, cost)
            else:
                lines = titles.lines(self.cells, begin, width, cost, full_start=full_start)
                chosen = [(width, line) for line in lines]
            starts = [begin, *(line.next for _, line in chosen)]
            self.planned.update(zip(starts, chosen, strict=False))
            known = self.planned.get(begin)
        if known is not None and abs(known[0] - width) <= _SAME:
            return known[1]
        return measure.next_line(self.cells, begin, width, justified=False, full_start=full_start)

    def current(self) -> bool:
        """Whether the boxes still have the children that were read: WeasyPrint fills in page numbers later."""
        return all(box.children is children for box, children in self.read)


class _ParagraphReader:
    """Reads a line box into cells; without a containing block, for its preferred width."""

    def __init__(self, context: Any, containing_block: Any) -> None:
        self.context, self.containing_block = context, containing_block
        self.classes: list[str] = []
        self.text: list[str] = []
        self.advance: list[float] = []
        self.edges: list[float] = []
        self.em: list[float] = []
        self.starts: set[int] = set()
        self.bound: set[int] = set()  # cells that Unicode's rules or nowrap keep with what is before them
        self.free: set[int] = set()  # cells inside addresses, before which a line may end
        self.clusters: list[bool] = []
        self.read: list[tuple[Any, Any]] = []
        self.addresses: list[tuple[int, int]] = []
        self.parts: list[int] = []  # cells inside words before which a line may begin where it would be too loose
        self.hyphens: dict[int, float] = {}  # those of them behind a hyphen
        self.code = 0  # how deep in code
        self.plain: set[int] = set()  # cells in code, whose marks keep their width
        self.literal: set[int] = set()  # cells of code, but the last of each text
        self.led: int | None = None  # the cell behind a row of dots, which is followed by what it leads to
        self.waiting = 0.0  # the edge of a box that has begun, for its first cell

    def node(self, box: Any) -> _Node:
        """A box and its descendants."""
        node = _Node(box, len(self.advance))
        if not box.is_in_normal_flow():
            if box.is_floated():
                raise _NotOurs
        elif isinstance(box, boxes.TextBox):
            self._text(box)
        elif box.is_leader:
            node.children = [self._dot(box)]
        elif isinstance(box, (boxes.LineBox, boxes.InlineBox)):
            node.children = self._children(box)
        elif isinstance(box, boxes.AtomicInlineLevelBox):
            self._atom(box)
        else:
            raise _NotOurs
        node.stop = len(self.advance)
        return node

    def _children(self, box: Any) -> list[_Node]:
        if box.style["direction"] == "rtl":
            raise _NotOurs
        self.read.append((box, box.children))
        inner = isinstance(box, boxes.InlineBox)
        begin = len(self.advance)
        if inner:
            self.waiting += _edge(box, "left")
        code = box.element_tag in _CODE
        self.code += code
        children = [self.node(child) for child in box.children]
        self.code -= code
        if inner:
            edge = _edge(box, "right")
            if len(self.advance) == begin:
                # Empty: its edges are invisible, or not ours.
                if edge or self.waiting:
                    raise _NotOurs
            else:
                self.advance[-1] += edge
                self.edges[-1] += edge
                if box.element_tag in _RAISED or box.element_tag.endswith("::footnote-call"):
                    self.classes[begin:] = marks.NOTE * (len(self.advance) - begin)
                    self.bound.update(range(begin + 1, len(self.advance)))
        return children

    def _dot(self, box: Any) -> _Node:
        """A row of dots, of which WeasyPrint makes as many as fit: one, which stays with what is beside it."""
        self.read.append((box, box.children))
        [dot] = box.children
        node = _Node(dot, len(self.advance))
        shaped = shape.shape(dot.text, dot.style)
        if shaped is None:
            raise _NotOurs
        self._add(dot.text, marks.JOINER * len(dot.text), shaped.advances, dot.style, shaped.clusters)
        node.stop = self.led = len(self.advance)
        return node

    def _text(self, box: Any) -> None:
        style, text = box.style, box.text
        kept = style["white_space"] not in _COLLAPSING and self.led is None  # behind dots there is a number alone
        if kept or not style["font_size"] or style["direction"] == "rtl":
            if text == "\n":  # a <br>
                self._add("\n", marks.NEWLINE, [0.0], style, [True])
                return
            raise _NotOurs
        if "\t" in text:
            raise _NotOurs
        shaped = shape.shape(text, style)
        if shaped is None:
            raise _NotOurs
        base = len(self.advance)
        if _two_lined(box):
            self._small(base, text, shaped, style)
            return
        kinds = marks.classes(text, style["lang"], code=self.code > 0)
        kinds = marks.fit_quotes(kinds, text, shaped.advances, style["font_size"])
        advances = shaped.advances
        if marks.NEWLINE in kinds:
            advances = [
                0.0 if kind == marks.NEWLINE else advance for kind, advance in zip(kinds, advances, strict=True)
            ]
        self._add(text, kinds, advances, style, shaped.clusters)
        if style["white_space"] == "nowrap":
            self.bound.update(range(base + 1, len(self.advance)))
            return
        self.starts.update(base + start for start in shaped.starts)
        self.bound.update(base + place for place in marks.bound(text))
        if self.code:
            self.plain.update(range(base, len(self.advance)))
            self.literal.update(range(base, len(self.advance) - 1))
            self.parts += [base + place for place in marks.parts(text)]
        elif style["hyphens"] != "none":
            self._hyphenate(base, text, style)
            self.parts = sorted({*self.parts, *(base + place for place in marks.joints(text))})
        if "/" in text or "www." in text:
            spans, places = marks.address_breaks(text)
            self.addresses += [(base + start, base + stop) for start, stop in spans]
            for start, stop in spans:
                self.starts.difference_update(range(base + start + 1, base + stop))
                self.bound.difference_update(range(base + start + 1, base + stop))
            self.free.update(base + place for place in places)

    def _small(self, base: int, text: str, shaped: shape.Shaped, style: Any) -> None:
        """A note in two small lines: each character takes half of its width, and lines end between pairs of them."""
        kinds = marks.classes(text, style["lang"])
        advances = warichu.columns(kinds, shaped.advances, style["font_size"])
        self._add(text, marks.TWO * len(text), advances, style, shaped.clusters)
        self.starts.update(base + place for place in warichu.starts(kinds))

    def _hyphenate(self, base: int, text: str, style: Any) -> None:
        """Note where the words of a text may be parted; by soft hyphens alone where that is said."""
        found = points(text, style["lang"]) if style["hyphens"] == "auto" else soft(text)
        self.parts += [base + place for place in found]
        widths = {letter: _hyphen_behind(letter, style) for letter in {text[place - 1] for place in found}}
        self.hyphens.update((base + place, widths[text[place - 1]]) for place in found)

    def _add(self, text: str, kinds: str, advances: list[float], style: Any, clusters: list[bool]) -> None:
        size = len(text)
        edges = [0.0] * size
        if self.waiting and size:
            edges[0], advances, self.waiting = self.waiting, [advances[0] + self.waiting, *advances[1:]], 0.0
        self.classes.extend(kinds)
        self.text.append(text)
        self.advance.extend(advances)
        self.edges.extend(edges)
        self.em.extend([float(style["font_size"])] * size)
        self.clusters.extend(clusters)

    def _atom(self, box: Any) -> None:
        """A picture, ruby or another box, as wide as it will be."""
        if self.containing_block is None:
            width = float(preferred.max_content_width(self.context, box))
        else:
            resolve_percentages(box, self.containing_block)
            made = inline.atomic_box(self.context, box, 0, None, self.containing_block, [], [])
            width = float(made.margin_width())
        kind = marks.WEST if says(box.style, "__set_as", "word") else marks.OBJECT
        # What takes no room, as a number in the margin, parts nothing from what is beside it.
        self._add("\ufffc", kind if width > 0 else marks.JOINER, [width], box.style, [True])
        self.edges[-1] += width

    def paragraph(self, line: Any) -> _Paragraph:
        root = self.node(line)
        classes = "".join(self.classes)
        end = len(classes)
        if self.led is not None:
            end = self.led
            lacking = _FEWEST_DOTS * self.em[end - 1] - sum(self.advance[end - 1 :])
            if lacking > 0:  # what stands in the margin makes no room for the title to reach there
                self.advance[-1] += lacking
                self.edges[-1] += lacking
        starts = [
            here
            for here in range(1, end)
            if here in self.free
            or (here not in self.bound and marks.may_start(classes, here, self.clusters, self.starts))
        ]
        spacing = line.style["letter_spacing"]
        text = "".join(self.text)
        cells = measure.Cells(
            classes,
            self.advance,
            self.em,
            starts,
            self.clusters,
            line.style["overflow_wrap"] in ("anywhere", "break-word"),
            0.0 if spacing == "normal" else float(spacing),
            self.addresses,
            self.parts,
            self.hyphens,
            marks.hanging(text) if says(line.style, "__hanging_punctuation", "allow-end") else None,
            self.literal,
            self._halves(line.style, text, classes),
        )
        return _Paragraph(root, cells, self.edges, self.read, text, self.led is not None)

    def _halves(self, style: Any, text: str, classes: str) -> frozenset[int]:
        """The marks that have half of their cell, where a style sheet has them so."""
        way = next((one for one in (marks.KAIMING, marks.HALF_WIDTH) if says(style, "__punctuation", one)), marks.FULL)
        found = marks.halves(text, classes, way)
        return frozenset(
            here
            for here in found
            if here not in self.plain and self.advance[here] - self.edges[here] > marks.FULL_WIDTH * self.em[here]
        )


def _edge(box: Any, side: str) -> float:
    """The margin, border and padding of an inline box on a side."""
    width = float(box.style[f"border_{side}_width"])
    for name in (f"margin_{side}", f"padding_{side}"):
        value = box.style[name]
        if value == "auto":
            continue
        if getattr(value, "unit", None) != "px":
            raise _NotOurs
        width += value.value
    return width


def _paragraph(context: Any, line: Any, containing_block: Any, *, fresh: bool) -> _Paragraph | None:
    """The paragraph of a line box, read once for its lines; None where it is left to WeasyPrint."""
    known: dict[int, tuple[Any, float, _Paragraph | None]] = context.__dict__.setdefault("composed_by_publish", {})
    key = id(line)
    width = containing_block.width
    if not fresh and key in known:
        box, before, paragraph = known[key]
        if box is line and before == width and (paragraph is None or paragraph.current()):
            return paragraph
    try:
        paragraph = _ParagraphReader(context, containing_block).paragraph(line)
    except _NotOurs:
        paragraph = None
    known.pop(key, None)
    known[key] = (line, width, paragraph)
    while len(known) > _KEPT:
        del known[next(iter(known))]
    return paragraph


def _cell(node: _Node, skip: Any) -> int:
    """The cell at which a line resumes, from WeasyPrint's notation."""
    if skip is None:
        return node.start
    ((index, deeper),) = skip.items()
    if node.children is None:
        return node.start + len(node.box.text.encode()[:index].decode())
    if index >= len(node.children):
        return node.stop
    return _cell(node.children[index], deeper)


def _resume(node: _Node, cell: int) -> Any:
    """WeasyPrint's notation for a line that resumes at a cell."""
    if node.children is None:
        return {len(node.box.text[: cell - node.start].encode()): None}
    for index, child in enumerate(node.children):
        if child.start >= cell:
            return {index: None}
        if child.stop > cell:
            return {index: _resume(child, cell)}
    return {len(node.children): None}


def _leaf(node: _Node, cell: int) -> _Node:
    """The text, or the piece, that a cell is in."""
    for child in node.children or ():
        if child.start <= cell < child.stop:
            return _leaf(child, cell)
    return node


def _wider(paragraph: _Paragraph, line: measure.Line) -> float:
    """How much wider the Western text at a line's ends is by itself than it was in the paragraph.

    A letter is not kerned with one on another line, and a parenthesis that begins a line is shaped with the Western
    text behind it, not with the Han before.
    """
    ends = {_western(paragraph, line, line.first), _western(paragraph, line, line.stop - 1)} - {None}
    return sum(_difference(paragraph, *one) for one in ends if one)


def _western(paragraph: _Paragraph, line: measure.Line, end: int) -> tuple[int, int] | None:
    """The Western text at an end of a line with the wide character beyond it; None where nothing was split."""
    classes = paragraph.cells.classes
    if line.stop <= line.first or classes[end] in marks.WIDE:
        return None
    leaf = _leaf(paragraph.root, end)
    first, stop = max(leaf.start, line.first), min(leaf.stop, line.stop)
    if not isinstance(leaf.box, boxes.TextBox) or (first, stop) == (leaf.start, leaf.stop):
        return None
    step = 1 if end == line.first else -1
    here = end
    while first <= here + step < stop and classes[here] not in marks.WIDE:
        here += step
    return min(end, here), max(end, here) + 1


def _difference(paragraph: _Paragraph, start: int, stop: int) -> float:
    leaf = _leaf(paragraph.root, start)
    shaped = shape.shape(leaf.box.text[start - leaf.start : stop - leaf.start], leaf.box.style)
    before = sum(paragraph.cells.advance[start:stop]) - sum(paragraph.edges[start:stop])
    return sum(shaped.advances) - before if shaped else 0.0


@dataclass(slots=True)
class _Builder:
    """Makes the boxes of one line."""

    paragraph: _Paragraph
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

    def _holds(self, node: _Node) -> bool:
        """Whether a box belongs to this line; an empty one does unless the line ends before it."""
        end = self.line.next
        if node.start == node.stop:
            return self.begin <= node.start and (node.start < end or self._last)
        return node.start < end and node.stop > self.begin

    @property
    def _last(self) -> bool:
        return self.line.next >= len(self.paragraph.cells.classes)

    def children(self, node: _Node, x: float) -> list[Any]:
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
                made += self._in_two(child, box) if _two_lined(child.box) else [box]
                x = box.position_x + box.margin_width()
        return made

    def _box(self, node: _Node, x: float) -> Any:
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

    def _text(self, node: _Node, x: float) -> Any:
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

    def _in_two(self, node: _Node, whole: Any) -> list[Any]:
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
        following = _leaf(self.paragraph.root, cell).box
        return isinstance(following, boxes.TextBox) and _is_underlined(following)

    def _level(self, box: Any, style: Any) -> None:
        """Put a box on the line with the line's own height, so that another font in it does not move the next line."""
        height, baseline, _ = _heights(self.root.style)
        own, above, _ = _heights(style)
        if own == height and above != baseline:
            box.baseline += baseline - above
            box.margin_top += baseline - above
            box.margin_bottom -= baseline - above

    def _inline(self, node: _Node, x: float) -> Any:
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

    def _part(self, node: _Node, made: Any) -> None:
        """Put the gap behind a key or a piece of code outside of its frame, not within."""
        last = made.children[-1] if made.children else None
        if not made.padding_right or not isinstance(last, boxes.TextBox) or not node.stop <= self.line.stop:
            return
        gap = self.line.spacing[node.stop - 1 - self.line.first]
        if gap > 0:
            last.width -= gap
            made.margin_right += gap

    def _out_of_flow(self, node: _Node, index: int, child: _Node, x: float) -> list[Any]:
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


def _two_lined(box: Any) -> bool:
    return isinstance(box, boxes.TextBox) and says(box.style, "__two_lines", "note")


def _is_underlined(box: Any) -> bool:
    return bool(box.style["text_decoration_line"] != "none")


def _hyphen_behind(letter: str, style: Any) -> float:
    """How much wider a line is with a hyphen behind this letter, to which a face may kern it."""
    both, alone = shape.shape(letter + HYPHEN, style), shape.shape(letter, style)
    return sum(both.advances) - sum(alone.advances) if both and alone else 0.0


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
        line_height, baseline = strut(style)
        layout = Layout(style)
        layout.set_text(" ")
        line, _ = layout.get_first_line()
        _, height = line_size(line, style)
        found = style.heights_for_publish = (line_height, baseline, height)
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
        paragraph = _paragraph(context, box, containing_block, fresh=skip_stack is None)
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
    begin = _cell(paragraph.root, skip_stack)
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
    resume = None if ended else _resume(paragraph.root, line.next)
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
        paragraph = _ParagraphReader(context, None).paragraph(box)
    except _NotOurs:
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
