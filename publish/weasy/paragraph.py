"""A paragraph as its lines are chosen: WeasyPrint's line box read into cells, once for all of its lines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline, preferred
from weasyprint.layout.percent import resolve_percentages

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


class NotOurs(Exception):  # noqa: N818  # not an error: the paragraph is left to WeasyPrint
    """A paragraph holds something that is not composed here."""


@dataclass(slots=True)
class Node:
    """A box of a paragraph and its cells; `children` is None for text and for what is set as one piece."""

    box: Any
    start: int
    stop: int = 0
    children: list[Node] | None = None


@dataclass(frozen=True, slots=True)
class HeadingNumber:
    """The number before a heading's words: the cell behind it, and how far it moves them."""

    stop: int
    width: float


@dataclass(slots=True)
class ReadParagraph:
    """A line box read: its tree, its cells, and the lists of children that it was read from."""

    root: Node
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

    def label(self, width: float) -> HeadingNumber | None:
        """The number that begins a heading, where its words go on behind it in lines of this width."""
        first = self.root.children[0] if self.root.children else None
        if first is None or first.children is None or not says(first.box.style, "__set_as", "label"):
            return None
        if self.root.box.style["text_align_all"] in ("center", "right", "end"):  # of a centred line it is a part
            return None
        stop = first.stop
        while stop < len(self.cells.classes) and self.cells.classes[stop] in marks.SPACE + marks.FIXED:
            stop += 1
        found = HeadingNumber(stop, self.cells.place[stop])
        return found if found.width <= width * _WIDEST_LABEL else None

    def _behind(self, label: HeadingNumber, width: float, cost: list[float]) -> list[tuple[float, measure.Line]]:
        """The lines of a heading's words behind its number, each with its room; the number stands on the first."""
        room = width - label.width
        found = titles.lines(self.cells, label.stop, room, cost, full_start=True)
        if not found:
            return []
        first, *others = found
        spacing = [*self.cells.after[: first.first], *first.spacing]
        whole = replace(first, first=0, indent=0.0, spacing=spacing)
        return [(width, whole), *((room, line) for line in others)]

    def title_line(self, begin: int, width: float, label: HeadingNumber | None, *, full_start: bool) -> measure.Line:
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


class ParagraphReader:
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

    def node(self, box: Any) -> Node:
        """A box and its descendants."""
        node = Node(box, len(self.advance))
        if not box.is_in_normal_flow():
            if box.is_floated():
                raise NotOurs
        elif isinstance(box, boxes.TextBox):
            self._text(box)
        elif box.is_leader:
            node.children = [self._dot(box)]
        elif isinstance(box, (boxes.LineBox, boxes.InlineBox)):
            node.children = self._children(box)
        elif isinstance(box, boxes.AtomicInlineLevelBox):
            self._atom(box)
        else:
            raise NotOurs
        node.stop = len(self.advance)
        return node

    def _children(self, box: Any) -> list[Node]:
        if box.style["direction"] == "rtl":
            raise NotOurs
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
                    raise NotOurs
            else:
                self.advance[-1] += edge
                self.edges[-1] += edge
                if box.element_tag in _RAISED or box.element_tag.endswith("::footnote-call"):
                    self.classes[begin:] = marks.NOTE * (len(self.advance) - begin)
                    self.bound.update(range(begin + 1, len(self.advance)))
        return children

    def _dot(self, box: Any) -> Node:
        """A row of dots, of which WeasyPrint makes as many as fit: one, which stays with what is beside it."""
        self.read.append((box, box.children))
        [dot] = box.children
        node = Node(dot, len(self.advance))
        shaped = shape.shape(dot.text, dot.style)
        if shaped is None:
            raise NotOurs
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
            raise NotOurs
        if "\t" in text:
            raise NotOurs
        shaped = shape.shape(text, style)
        if shaped is None:
            raise NotOurs
        base = len(self.advance)
        if is_two_lined(box):
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

    def paragraph(self, line: Any) -> ReadParagraph:
        """The paragraph of a line box. Raises `NotOurs`."""
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
        return ReadParagraph(root, cells, self.edges, self.read, text, self.led is not None)

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
            raise NotOurs
        width += value.value
    return width


def read_paragraph(context: Any, line: Any, containing_block: Any, *, fresh: bool) -> ReadParagraph | None:
    """The paragraph of a line box, read once for its lines; None where it is left to WeasyPrint."""
    known: dict[int, tuple[Any, float, ReadParagraph | None]] = context.__dict__.setdefault("composed_by_publish", {})
    key = id(line)
    width = containing_block.width
    if not fresh and key in known:
        box, before, paragraph = known[key]
        if box is line and before == width and (paragraph is None or paragraph.current()):
            return paragraph
    try:
        paragraph = ParagraphReader(context, containing_block).paragraph(line)
    except NotOurs:
        paragraph = None
    known.pop(key, None)
    known[key] = (line, width, paragraph)
    while len(known) > _KEPT:
        del known[next(iter(known))]
    return paragraph


def cell_at(node: Node, skip: Any) -> int:
    """The cell at which a line resumes, from WeasyPrint's notation."""
    if skip is None:
        return node.start
    ((index, deeper),) = skip.items()
    if node.children is None:
        return node.start + len(node.box.text.encode()[:index].decode())
    if index >= len(node.children):
        return node.stop
    return cell_at(node.children[index], deeper)


def resume_at(node: Node, cell: int) -> Any:
    """WeasyPrint's notation for a line that resumes at a cell."""
    if node.children is None:
        return {len(node.box.text[: cell - node.start].encode()): None}
    for index, child in enumerate(node.children):
        if child.start >= cell:
            return {index: None}
        if child.stop > cell:
            return {index: resume_at(child, cell)}
    return {len(node.children): None}


def leaf_at(node: Node, cell: int) -> Node:
    """The text, or the piece, that a cell is in."""
    for child in node.children or ():
        if child.start <= cell < child.stop:
            return leaf_at(child, cell)
    return node


def is_two_lined(box: Any) -> bool:
    """Whether a text is a note set in two small lines."""
    return isinstance(box, boxes.TextBox) and says(box.style, "__two_lines", "note")


def _hyphen_behind(letter: str, style: Any) -> float:
    """How much wider a line is with a hyphen behind this letter, to which a face may kern it."""
    both, alone = shape.shape(letter + HYPHEN, style), shape.shape(letter, style)
    return sum(both.advances) - sum(alone.advances) if both and alone else 0.0
