"""From glyphs to lines, paragraphs and measures: what belongs together on a page, by position.

A PDF knows no lines. Glyphs on one baseline are a line, lines of one size and leading a paragraph, and the edge at
which the lines end that had to be broken is the measure (clreq §2.3: the type area is a whole number of characters).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from statistics import median

from publish.check.pdf.page import Box, Document, Glyph, PrintedPage
from publish.han import IDEOGRAPHS, RADICALS

# Marks that must not begin a line (clreq §3.1.5; GB/T 15834-2011 §5.1): stops, what closes, connectors, · and /.
NOT_FIRST = frozenset("、，。．；：！？‼⁇⁈⁉’”」』﹂﹄）〕］｝〉》】〗〙〛·・‧／～–,;:!?)]}%‰℃")
# Marks that must not end a line: what opens.
NOT_LAST = frozenset("‘“「『﹁﹃（〔［｛〈《【〖〘〚([{")
# Two of them are one mark, which no line break parts (clreq §3.1.5; GB/T 15834-2011 §5.1.9).
PAIRED = frozenset("—…⸺")
# Marks whose second half is empty, so that a line may count them half (clreq §3.1.6), or hang them.
TRIMMED_RIGHT = frozenset("、，。．；：！？’”」』）〕］｝〉》】〗")
TRIMMED_LEFT = frozenset("‘“「『（〔［｛〈《【〖")
# Stops that stand in the middle of their square in Taiwan and Hong Kong, and are not set tight there (clreq §3.1.6).
CENTRED = frozenset("、，。．；：")
_ENDED = "。！？”」』…："
HANGING = frozenset("、，。．,.")
# A row of dots between a title and its page.
LEADER = re.compile(r"([·.‧…‥・．])\1{2}")
BULLETS = frozenset("•◦▪▫‣●○■□◆◇★☆")
FOLIO = re.compile(r"[—–\-·. ]*(\d{1,4}|[ivxlcdm]{1,8})[—–\-·. ]*", re.IGNORECASE)

FLUSH = 0.3  # points: a line this near to the measure ends at it
HOLE = 1.2  # em: glyphs further apart, without a space, are not one line
_GUTTER = 0.7  # em: the least gap between columns
_SMALLER = 0.9  # of the size of text, what is set beside it is at most
_SEVERAL_ROWS = 6  # lines that make a column
_EXACT = 0.05  # points: what programs round
_SURE = 5  # lines
INDENT = 0.8  # em: more than a trimmed mark, less than any indent
_HAN = re.compile(f"[{IDEOGRAPHS}{RADICALS}〇々]")
_WIDEST_SPACE = 5.0  # em: a justified space is hardly ever wider


def is_han(char: str) -> bool:
    """Whether it is an ideograph; radicals count, as some PDFs copy out as radicals."""
    return _HAN.match(char) is not None


def is_inked(glyph: Glyph) -> bool:
    """Whether a glyph shows something: a space does not."""
    return glyph.missing or (bool(glyph.text) and not glyph.text.isspace() and glyph.text not in "\u200b\u2060\ufeff")


@dataclass(frozen=True)
class PrintedLine:
    """A line, or the part of one between two gaps: what it shows, without spaces.

    `beside` says that something else stands on its baseline, as in tables; `last` that nothing stands to its right.
    `element` is the structure element of most of it. `pad` is how far a field behind its last word, as behind code,
    stands out from it.
    """

    page: int
    glyphs: tuple[Glyph, ...]
    size: float
    base: float
    beside: bool = False
    last: bool = True
    role: str = ""
    fixed: bool = False
    element: int = 0
    pad: float = 0

    @cached_property
    def text(self) -> str:
        """What it copies out as, without spaces."""
        return "".join(glyph.text or "□" for glyph in self.glyphs)

    @cached_property
    def leads(self) -> bool:
        """Whether it leads to a page number by a row of dots, as in contents."""
        return bool(LEADER.search(self.text)) and self.text[-1].isalnum()

    @property
    def left(self) -> float:
        """Where its first glyph begins."""
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        """Where its last glyph's advance ends."""
        return self.glyphs[-1].right

    @cached_property
    def han(self) -> int:
        """How many ideographs it has."""
        return sum(is_han(glyph.text[:1]) for glyph in self.glyphs)

    @property
    def box(self) -> Box:
        """The line's place."""
        return Box(self.left, self.base - 0.88 * self.size, self.right, self.base + 0.12 * self.size)

    def short(self, edge: float) -> float:
        """How far from the edge it ends: above 0 before it, below 0 beyond it.

        A closing mark at the end may count half, or hang: the reading is taken that is nearest to the edge.
        """
        last = self.glyphs[-1]
        ends = [last.right, last.right + self.pad]
        if last.text in TRIMMED_RIGHT:
            ends.append(last.right - last.size / 2)
        if last.text in HANGING and len(self.glyphs) > 1 and edge - FLUSH <= last.left:
            ends.append(self.glyphs[-2].right)
        return min((edge - end for end in ends), key=abs)


@dataclass(frozen=True)
class PrintedParagraph:
    """The lines of a paragraph, over pages; `edge` is the measure's right edge on each line's page, where known."""

    lines: tuple[PrintedLine, ...]
    edges: tuple[float | None, ...] = field(default=())

    @cached_property
    def font(self) -> int:
        """The font that most of its ideographs, or else of its glyphs, are in."""
        glyphs = [glyph for line in self.lines for glyph in line.glyphs]
        fonts = Counter(one.font for one in glyphs if is_han(one.text[:1])) or Counter(one.font for one in glyphs)
        return max(fonts, key=lambda font: (fonts[font], -font))

    @property
    def broken(self) -> Iterator[tuple[PrintedLine, PrintedLine, float | None]]:
        """Each line that another follows, that one, and the edge it should end at."""
        for n, (line, after) in enumerate(pairwise(self.lines)):
            yield line, after, self.edges[n] if self.edges else None


@dataclass(frozen=True)
class Layout:
    """A document's lines by page, its paragraphs, the size of its text, the edges of its type area by page parity."""

    document: Document
    lines: tuple[tuple[PrintedLine, ...], ...]
    furniture: tuple[tuple[PrintedLine, ...], ...]
    paragraphs: tuple[PrintedParagraph, ...]
    size: float
    edges: dict[int, float]
    flush: bool


def lay_out(document: Document) -> Layout:
    """Find the lines and paragraphs of a document."""
    everything = [page_lines(page, document) for page in document.pages]
    size = text_size(line for lines in everything for line in lines)
    furniture = _furniture(document, everything, size)
    lines = [tuple(line for line in one if id(line) not in furniture) for one in everything]
    aside = [tuple(line for line in one if id(line) in furniture) for one in everything]
    paragraphs = _paragraphs(lines, size)
    paragraphs, edges, flush = _measured(paragraphs, size)
    return Layout(document, tuple(lines), tuple(aside), tuple(paragraphs), size, edges, flush)


def text_size(lines: Iterable[PrintedLine]) -> float:
    """The size that most ideographs have, else most glyphs; 0 for a document without text.

    Cells of tables count only in a document that has nothing else.
    """
    text: Counter[float] = Counter()
    cells: Counter[float] = Counter()
    for line in lines:
        sizes = cells if line.role.startswith(("TD", "TH")) else text
        sizes[round(line.size, 1)] += 20 * line.han + len(line.glyphs)
    return next((sizes.most_common(1)[0][0] for sizes in (text, cells) if sizes), 0)


# --- lines ------------------------------------------------------------------------------------------------------------


def page_lines(page: PrintedPage, document: Document) -> list[PrintedLine]:
    """The lines of a page from its top; those on one baseline from the left."""
    rows = _rows([glyph for glyph in page.glyphs if glyph.upright and glyph.text != "\n"])
    rows = [sorted(row, key=lambda glyph: (glyph.left, glyph.right)) for row in rows]
    gutters = _gutters(rows)
    lines = []
    for row in rows:
        parts = list(_parts(row, gutters))
        for number, part in enumerate(parts):
            line = _line(page, part, document)
            lines.append(replace(line, beside=len(parts) > 1, last=number == len(parts) - 1))
    return sorted(lines, key=lambda line: (line.base, line.left))


def _line(page: PrintedPage, glyphs: Sequence[Glyph], document: Document) -> PrintedLine:
    weights: Counter[float] = Counter()
    for glyph in glyphs:
        weights[round(glyph.size, 2)] += 5 if is_han(glyph.text[:1]) else 1
    size = max(weights, key=lambda one: (weights[one], one))
    bases = Counter(round(glyph.base, 2) for glyph in glyphs if abs(glyph.size - size) < size / 10)
    tags = Counter(glyph.tag for glyph in glyphs)
    fixed = sum(document.fonts[glyph.font].fixed for glyph in glyphs) * 2 > len(glyphs)
    base, tag = bases.most_common(1)[0][0], tags.most_common(1)[0][0]
    pad = max((one.right - glyphs[-1].right for one in page.fields if _is_behind(one, glyphs[-1])), default=0)
    return PrintedLine(page.number, tuple(glyphs), size, base, role=tag.role, fixed=fixed, element=tag.element, pad=pad)


def _is_behind(box: Box, glyph: Glyph) -> bool:
    """Whether a field stands behind a glyph and ends soon after it."""
    middle = glyph.base - glyph.size / 3
    return box.left < glyph.left and box.top < middle < box.bottom and 0 < box.right - glyph.right < glyph.size / 2


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs by baseline; small ones, raised or lowered (note calls, exponents), go with the row they stand in."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        last = runs[-1][-1] if runs else None
        if last and _alike(last, glyph) and glyph.left >= last.left:
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    runs = [run for run in runs if any(is_inked(glyph) for glyph in run)]
    rows: list[tuple[float, float, list[Glyph]]] = []  # baseline, size, glyphs
    bases: list[tuple[float, int]] = []  # sorted, for the search
    for run in sorted(runs, key=lambda one: -one[0].size):
        base, size = run[0].base, run[0].size
        found = None
        for near, index in bases[bisect_left(bases, (base - 40, 0)) :]:
            if near > base + 40:
                break
            row_base, row_size, row = rows[index]
            apart = abs(row_base - base)
            small = size < 0.85 * row_size and apart < 0.6 * row_size and _touches(run, row, row_size)
            if (apart < 0.2 * row_size or small) and (found is None or apart < found[0]):
                found = (apart, index)
        if found:
            rows[found[1]][2].extend(run)
        else:
            position = bisect_left(bases, (base, 0))
            bases.insert(position, (base, len(rows)))
            rows.append((base, size, list(run)))
    return [row for _, _, row in rows]


def _alike(one: Glyph, other: Glyph) -> bool:
    """Whether two glyphs have one baseline and size."""
    return abs(one.base - other.base) < _EXACT and abs(one.size - other.size) < _EXACT


def _touches(run: Sequence[Glyph], row: Sequence[Glyph], size: float) -> bool:
    left, right = run[0].left - size / 2, run[-1].right + size / 2
    return any(glyph.left < right and glyph.right > left for glyph in row)


def _gutters(rows: Sequence[Sequence[Glyph]]) -> frozenset[int]:
    """Where columns begin that are too close for a wide gap: many rows have a gap just there."""
    inked = [[glyph for glyph in row if is_inked(glyph)] for row in rows]
    begins = Counter(
        round(glyph.left)
        for row in inked
        for before, glyph in pairwise(row)
        if glyph.left - before.right > _GUTTER * glyph.size
    )

    def crossed(place: int) -> int:
        return sum(any(one.left < place - 2 < one.right for one in row) for row in inked)

    return frozenset(place for place, count in begins.items() if count >= _SEVERAL_ROWS and crossed(place) * 5 <= count)


def _beside(one: Glyph, other: Glyph, space: bool) -> bool:  # what stands between them
    """Whether a glyph begins what is set beside a text, a note in the margin: in another size, without a space."""
    return not space and abs(one.size - other.size) > (1 - _SMALLER) * max(one.size, other.size)


def _parts(row: Sequence[Glyph], gutters: frozenset[int]) -> Iterator[list[Glyph]]:
    """A row cut at wide gaps and between columns, without spaces and without what is printed twice to look bold."""
    part: list[Glyph] = []
    space = False
    for glyph in row:
        if not is_inked(glyph):
            space = space or glyph.right > glyph.left
            continue
        if part:
            before = part[-1]
            if glyph.text == before.text and glyph.left - before.left < before.size / 10:
                continue
            size = max(glyph.size, before.size)
            gap = glyph.left - before.right
            column = gap > _GUTTER * size and (round(glyph.left) in gutters or _beside(before, glyph, space))
            if column or gap > (_WIDEST_SPACE if space else HOLE) * size:
                yield part
                part = []
        part.append(glyph)
        space = False
    if part:
        yield part


# --- furniture --------------------------------------------------------------------------------------------------------


# The roles of what is no text, or not said to be any.
UNTAGGED = frozenset(["", "Artifact", "NonStruct", "Div", "Sect", "Part", "Document"])


def _furniture(document: Document, everything: Sequence[Sequence[PrintedLine]], size: float) -> set[int]:
    """Running heads and folios, by identity: what is alone at head or foot and is small, a number, or repeated."""
    edges: list[PrintedLine] = []
    for page, lines in zip(document.pages, everything, strict=True):
        edges += _outermost(page, lines)
    places = Counter(round(line.base) for line in edges)
    texts = Counter(re.sub(r"\d+", "0", line.text) for line in edges)
    several = max(2, len(document.pages) // 20)
    found = set()
    for line in edges:
        often = sum(places[round(line.base) + n] for n in (-1, 0, 1)) >= several
        repeated = texts[re.sub(r"\d+", "0", line.text)] >= several
        folio = FOLIO.fullmatch(line.text)
        often = often and line.role in UNTAGGED  # a heading, a table, a caption at a page's head is text
        if line.role == "Artifact" or folio or (often and (repeated or line.size < 0.95 * size)):
            found.add(id(line))
    return found


def _outermost(page: PrintedPage, lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """The lines of the first and the last row of a page, where a gap sets them off from the text."""
    rows: dict[float, list[PrintedLine]] = defaultdict(list)
    for line in lines:
        rows[line.base].append(line)
    bases = sorted(rows)
    found: list[PrintedLine] = []
    if bases and bases[0] < page.height * 0.2 and _apart(rows, bases[0], bases[1:2]):
        found += rows[bases[0]]
    if bases and bases[-1] > page.height * 0.8 and _apart(rows, bases[-1], bases[-2:-1]):
        found += rows[bases[-1]]
    return found


def _apart(rows: Mapping[float, Sequence[PrintedLine]], base: float, neighbour: Sequence[float]) -> bool:
    """Whether a gap sets a row off from its neighbour."""
    if any(LEADER.search(line.text) for line in rows[base]):
        return False  # an entry of the contents
    return all(abs(one - base) > 1.2 * max(line.size for line in rows[base]) for one in neighbour)


# --- paragraphs -------------------------------------------------------------------------------------------------------


def _paragraphs(lines: Sequence[Sequence[PrintedLine]], size: float) -> list[PrintedParagraph]:
    """The paragraphs of all pages; one that continues over a page break is one."""
    done: list[list[PrintedLine]] = []
    open_body: list[PrintedLine] | None = None
    indented = 0
    margins = _margins(lines, size)
    for page in lines:
        blocks = _blocks(page)
        split = [(block, _split(block)) for block in blocks]
        body = [n for n, (block, _) in enumerate(split) if is_body(block[0], size)]
        for n, (block, pieces) in enumerate(split):
            usual = _usual_left(block)
            indented += sum(_is_indented(piece, margins) for piece in pieces)
            if n == 0 and body[:1] == [0] and open_body is not None:
                first = pieces[0][0]
                moved = _is_moved(open_body, first, margins) or (
                    indented > 2  # noqa: PLR2004  # as below
                    and (open_body[-1].text[-1] in _ENDED or _font(open_body[-1]) != _font(first))
                    and _is_set_in(first, margins)
                )
                if not moved and _goes_on(open_body[-1], first, usual, indents=indented > 2):  # noqa: PLR2004  # the habit is seen
                    open_body.extend(pieces.pop(0))
                    open_body = None if pieces else open_body
            done += pieces
        if body and split[body[-1]][1]:
            # Smaller lines below the text are notes; anything else ends the paragraph above.
            notes = all(_is_note(block[0], size) for block, _ in split[body[-1] + 1 :])
            open_body = split[body[-1]][1][-1] if notes else None
        elif not body and page:
            open_body = None
    return [PrintedParagraph(tuple(one)) for one in done]


def _margins(lines: Sequence[Sequence[PrintedLine]], size: float) -> dict[int, float]:
    """Where the text begins on pages of each side."""
    sides: dict[int, list[PrintedLine]] = {0: [], 1: []}
    for line in (one for page in lines for one in page if is_body(one, size)):
        sides[line.page % 2].append(line)
    return {side: _usual_left(found) for side, found in sides.items() if found}


def _is_indented(piece: Sequence[PrintedLine], margins: Mapping[int, float]) -> bool:
    """Whether a paragraph's first line is indented and its second begins at the margin, as those of lists do not."""
    if len(piece) == 1 or piece[0].page % 2 not in margins:
        return False
    margin, step = margins[piece[0].page % 2], INDENT * piece[0].size
    return piece[0].left > margin + step > piece[1].left


def _is_moved(paragraph: Sequence[PrintedLine], first: PrintedLine, margins: Mapping[int, float]) -> bool:
    """Whether a line at a page's head stands further in, or out, than a paragraph's lines on the page before."""
    if len(paragraph) == 1 or not {paragraph[-1].page % 2, first.page % 2} <= margins.keys():
        return False
    ins = (line.left - margins[line.page % 2] for line in (paragraph[-1], first))
    return abs(next(ins) - next(ins)) > INDENT * first.size


def _is_set_in(line: PrintedLine, margins: Mapping[int, float]) -> bool:
    """Whether a line is indented by two characters, as paragraphs are."""
    margin = margins.get(line.page % 2)
    return margin is not None and abs(line.left - margin - 2 * line.size) < INDENT * line.size


def is_body(line: PrintedLine, size: float) -> bool:
    """Whether a line has the size of the text and stands in no table."""
    apart = line.beside or line.fixed or line.leads or line.role.startswith(("TD", "H", "Caption"))
    return abs(line.size - size) < 0.04 * size and not apart


def _is_note(line: PrintedLine, size: float) -> bool:
    return line.size < 0.96 * size and not (line.fixed or line.beside or line.role == "TD")


def _blocks(lines: Sequence[PrintedLine]) -> list[list[PrintedLine]]:
    """Lines one under the other, of one size, at most two lines apart."""
    blocks: list[list[PrintedLine]] = []
    for line in lines:
        best = None
        for block in blocks:
            above = block[-1]
            step = line.base - above.base
            # A line that is code for the most part has the size of code, in a paragraph all the same.
            whole = line.element and line.element == above.element and not line.role.startswith("T")
            same = whole or abs(above.size - line.size) < 0.04 * line.size
            overlap = min(line.right, above.right) - max(line.left, above.left)
            if same and 0.9 * line.size < step < 2.4 * line.size and overlap > 0.3 * min(_wide(line), _wide(above)):
                best = block
        if best is None:
            blocks.append([line])
        else:
            best.append(line)
    return blocks


def _wide(line: PrintedLine) -> float:
    return line.right - line.left


def _split(block: Sequence[PrintedLine]) -> list[list[PrintedLine]]:
    """A block's paragraphs: a new one begins after a short line, at an indent, below a wider gap."""
    edge = max(line.right for line in block)
    usual = _usual_left(block)
    leading = min((b.base - a.base for a, b in pairwise(block)), default=0)
    pieces = [[block[0]]]
    for before, line in pairwise(block):
        if _begins(line, pieces[-1], usual, leading) or not is_full(before, line, edge):
            pieces.append([])
        pieces[-1].append(line)
    return pieces


def _begins(line: PrintedLine, piece: Sequence[PrintedLine], usual: float, leading: float) -> bool:
    """Whether a line below a paragraph begins a new one, though the paragraph's last line may be full."""
    before = piece[-1]
    if before.leads or _is_item(line):
        return True
    if line.element and before.element and line.element != before.element:
        return True
    after_indent = len(piece) == 1 and line.left < before.left
    if line.element and before.element:
        # One element may hold several paragraphs, as a note does: those are indented, the lines of an item are not.
        return not _is_item(before) and line.left - max(usual, before.left) > INDENT * line.size
    moved = abs(line.left - usual) > INDENT * line.size and not after_indent
    return moved or line.base - before.base > 1.2 * leading


def _is_item(line: PrintedLine) -> bool:
    """Whether a line begins an item of a list."""
    note = not line.element and "\u2460" <= line.text[0] <= "\u2473"  # ① to ⑳, which no tag tells apart
    return note or line.text[0] in BULLETS or line.glyphs[0].tag.role == "Lbl"


def _usual_left(block: Sequence[PrintedLine]) -> float:
    """Where most lines of a block begin, the leftmost of equals; opening marks may be trimmed, and do not count."""
    lefts = Counter(round(line.left, 1) for line in block if line.text[0] not in TRIMMED_LEFT)
    if not lefts:
        return min(line.left for line in block)
    most = max(lefts.values())
    return min(left for left, count in lefts.items() if count == most)


def is_full(line: PrintedLine, after: PrintedLine, edge: float) -> bool:
    """Whether a line ended because what begins the next did not fit."""
    return line.short(edge) < unit(after.glyphs) + 0.6 * line.size


def unit(glyphs: Sequence[Glyph]) -> float:
    """The width in points of what begins a line and cannot be broken: a word, a character with the marks after it."""
    first = glyphs[0]
    end = 0
    opening = True
    for n, glyph in enumerate(glyphs):
        char = glyph.text[:1]
        joined = n == 0 or opening or char in NOT_FIRST or (char in PAIRED and glyphs[n - 1].text[:1] == char)
        word = _is_narrow(char) and n > 0 and _is_narrow(glyphs[n - 1].text[:1])
        if word and glyph.left - glyphs[n - 1].right > 0.15 * glyph.size:
            word = False
        if not (joined or word):
            break
        opening = opening and char in NOT_LAST
        end = n
    return glyphs[end].right - first.left


def _is_narrow(char: str) -> bool:
    return bool(char) and unicodedata.east_asian_width(char) in ("Na", "N", "H")


def _goes_on(line: PrintedLine, first: PrintedLine, usual: float, *, indents: bool) -> bool:
    """Whether a paragraph whose last line of a page is `line` continues with `first` on the next."""
    if line.element and line.element == first.element:
        return True
    if line.element and first.element and line.role != first.role:
        return False
    if _is_item(first) or abs(first.left - usual) > INDENT * first.size:
        return False
    ended = line.text[-1] in _ENDED
    if ended and (not indents or _font(first) != _font(line)):
        return False  # a line of another face behind a full stop is a heading, or the next term of a list
    return len(line.glyphs) > 4  # noqa: PLR2004  # a page that ends with a few characters ends a paragraph


def _font(line: PrintedLine) -> int:
    return PrintedParagraph((line,)).font


# --- the measure ------------------------------------------------------------------------------------------------------


def _measured(
    paragraphs: Sequence[PrintedParagraph], size: float
) -> tuple[list[PrintedParagraph], dict[int, float], bool]:
    """The paragraphs with the edges of their lines; the type area's edge by page parity; whether text is set flush."""
    groups: dict[_Group, list[tuple[PrintedLine, PrintedLine]]] = defaultdict(list)
    for paragraph in paragraphs:
        for line, after, _ in paragraph.broken:
            groups[_group(line, paragraph)].append((line, after))
    edges = {key: _edge([line for line, _ in pairs]) for key, pairs in groups.items()}
    measured = [replace(one, edges=tuple(edges.get(_group(line, one)) for line in one.lines)) for one in paragraphs]
    # A line that ends a page far short of the edge ended its paragraph.
    cut = [piece for one in measured for piece in _cut(one)]
    area: dict[int, float] = {}
    near = total = 0
    for parity in (0, 1):
        body = {key: pairs for key, pairs in groups.items() if key[0] == parity and abs(key[2] - size) < 0.04 * size}
        key = max(body, key=lambda one: len(body[one]), default=None)
        edge = edges.get(key) if key else None
        if key is not None and edge is not None:
            # Lists end where the text does; a few lines do not make a sure edge.
            others = [edges[one] for one, pairs in body.items() if len(pairs) >= _SURE]
            area[parity] = max(one for one in (edge, *others) if one is not None)
            near += sum(abs(line.short(edge)) <= FLUSH for line, _ in body[key])
            total += len(body[key])
    return cut, area, total > 0 and near >= 0.6 * total


_Group = tuple[int, float, float, int]


def _group(line: PrintedLine, paragraph: PrintedParagraph) -> _Group:
    """Lines that should end at one edge: on pages of one side, from one left edge, of one size and face.

    A quotation in another face may begin where a list does, and end before it.
    """
    own = [one for one in paragraph.lines if one.page == line.page]
    left = min(one.left + (one.size / 2 if one.text[0] in TRIMMED_LEFT else 0) for one in own)
    if len(own) > 1:
        left = _usual_left(own[1:] if own[0] is paragraph.lines[0] else own)
    return line.page % 2, float(round(left)), round(line.size, 1), paragraph.font


def _edge(lines: Sequence[PrintedLine]) -> float | None:
    """The edge that lines end at: the rightmost that several share; None where too few tell."""
    enough = 2 if len(lines) < 10 else max(3, len(lines) // 25)  # noqa: PLR2004  # two must do for a few lines
    ends = sorted(line.right for line in lines if line.text[-1] not in TRIMMED_RIGHT)
    for end in reversed(ends):
        if bisect_left(ends, end + 0.001) - bisect_left(ends, end - FLUSH) >= enough:
            near = Counter(round(one, 1) for one in ends if end - 2 * FLUSH <= one <= end)
            usual = max(near, key=lambda one: (near[one], one))
            return median(one for one in ends if round(one, 1) == usual)
    return None


def _cut(paragraph: PrintedParagraph) -> list[PrintedParagraph]:
    """A paragraph cut where a page ends and the line there was not full after all."""
    for n, (line, after, edge) in enumerate(paragraph.broken):
        if line.page != after.page and edge is not None and not is_full(line, after, edge):
            head = PrintedParagraph(paragraph.lines[: n + 1], paragraph.edges[: n + 1])
            return [head, *_cut(PrintedParagraph(paragraph.lines[n + 1 :], paragraph.edges[n + 1 :]))]
    return [paragraph]
