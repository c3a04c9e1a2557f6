"""A table as a grid of columns: the width that each needs, by arithmetic, before anything is laid out.

Lengths are in em of the table's own type. Han are squares, so that their widths are exact; those of Latin text are
averages of the faces that books are set in, a little too wide rather than too narrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from lxml import etree

from publish.edition.markup.xhtml import MATHML, SVG, Element, H, add_class, note_calls, plain
from publish.source.document import is_wide
from publish.source.features.tables import NUMBER, is_nothing

WHOLE_HAN = 3  # Han that no line end may part: 说明 and 负责人 read badly in two lines
LONG_WORD = 7.0  # em of a word that may be parted at the seams of its making: conv2_|x_|bottleneck
LONGEST_WORD = 12.0  # em beyond which it is no word but an address, and may be parted anywhere
PICTURE, PICTURE_LEAST = 14.0, 4.0  # em that a picture in a cell would have, and must have
PHONE, CELL, WIDEST = 20.0, 1.6, 16.0  # em: a phone's line; both sides of a cell; what no column needs more than
EASE = 1.4  # of its least width, that a column has where there is room beside the screen
_MOST = 10_000  # columns that a number in `colspan` may claim (HTML §4.9.11: 1000; rows 65534)
# Advances of Noto Serif CJK, in hundredths of an em; others, as accented letters, are as wide as n.
_ADVANCES = {
    26: " ", 33: "ijl!.,:;|'·`", 38: "()[]{}/\\-tfIJ", 47: 'rsz*"', 56: "acegvxy0123456789_$#+<=>~^?",
    64: "bdkopqFELPZST", 66: "hnu", 73: "ABCKRVXYG", 80: "DNOQU&", 85: "Hw", 98: "mM%@", 105: "W",
}  # fmt: skip
_WIDTHS = {char: width / 100 for width, chars in _ADVANCES.items() for char in chars}
_LATIN, _BOLD = 0.66, 1.06  # figures are 0.56 in the face of text, 0.59 in that of heads
MATH = f"{{{MATHML}}}math"
# Of a formula in a cell, in em: the widths of its pieces, what it is higher than lines, the width of its column.
PIECES, RISE, ROOM = "data-pieces", "data-rise", "data-room"
_PART = "\U000f0000"  # stands for a sixteenth of an em of a formula, of which no piece can be parted
_WIDTHS[_PART] = 1 / 16
GAP = 0.25  # em between Han and Latin, at most (clreq §3.2.2)
_BESIDE = re.compile(rf"(?<=[A-Za-z0-9{_PART}])(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])(?=[A-Za-z0-9{_PART}])")
_MARKS = re.compile(r"[%％‰*†‡§)）\]\u00b9]*")  # behind a number, and of no weight of their own
_CALL = "\u00b9"  # stands for a note that a cell calls, as wide
_SPACE = re.compile(r"\s+")
_FULL = frozenset("“”‘’—…±×÷→←↑↓≤≥√∞")
_BLOCKS = frozenset(
    f"{H}{name}" for name in "p div li dt dd pre blockquote figure figcaption table tr br h4 h5 h6".split()
)
_MUTE = frozenset(f"{H}{name}" for name in ("rt", "rp")) | {f"{{{MATHML}}}annotation"}
# What may stand together in a line and be parted in no other place: a word, or one wide character with its marks.
_OPENING = frozenset("（《〈【「『")
_NARROW = r"[^\s\u2e80-\uffff\U00020000-\U0003ffff]"
_WORD = re.compile(
    rf"{_NARROW}*{_PART}{_NARROW}*[，。、；：？！）》〉】」』]*|{_NARROW}+|[\u2e80-\uffff\U00020000-\U0003ffff]+"
)
SEAM = re.compile(
    r"(?<=[^\W_][-_.:])(?=[^\W\d])|(?<=[^\W_][/?&=])(?=[^\W_])|(?<=[a-z])(?=[A-Z][a-z])|(?<=[,;])(?=[^\W\d])"
)


@dataclass(frozen=True)
class Cell:
    """A cell of the grid: its element, first row and column, how many it spans, and what is in it.

    `most` is its longest line unbroken, `least` the width that it needs to be read, `area` the text of all its lines;
    `rise` is by how much its formulas make lines higher, together.
    """

    element: Element
    row: int
    column: int
    rows: int
    columns: int
    lines: tuple[float, ...]
    most: float
    least: float
    tight: float
    rise: float

    @property
    def area(self) -> float:
        """The length of all its lines together."""
        return sum(self.lines)

    def height(self, width: float) -> int:
        """How many lines it has in a width; those of broken text end early, a Latin word's length at most."""
        if width <= 0:
            return len(self.lines)
        return sum(1 if length <= width else ceil(length * 1.04 / max(width - 0.4, 1.0)) for length in self.lines) or 1


@dataclass(frozen=True)
class Grid:
    """A table's cells and rows, its number of columns, and how many rows are of its `head` and its `foot`."""

    table: Element
    cells: tuple[Cell, ...]
    rows: tuple[Element, ...]
    columns: int
    head: int
    foot: int

    def most(self) -> list[float]:
        """The width of each column where nothing is broken."""
        return self._widths([one.most for one in self.cells])

    def least(self) -> list[float]:
        """The width of each column that can still be read well."""
        return self._widths([one.least for one in self.cells])

    def tight(self) -> list[float]:
        """The width of each column below which words break and Han stand one under the other."""
        return self._widths([one.tight for one in self.cells])

    def _widths(self, wanted: Sequence[float]) -> list[float]:
        """Columns as wide as their cells; what a cell over several lacks is shared among them."""
        widths = [0.0] * self.columns
        rows = sorted(zip(self.cells, wanted, strict=True), key=lambda pair: pair[0].columns)
        for cell, width in rows:
            own = range(cell.column, cell.column + cell.columns)
            lacking = width - sum(widths[at] for at in own)
            if lacking > 0:
                for at in own:
                    widths[at] += lacking / cell.columns
        return widths


def read_grid(table: Element) -> Grid | None:
    """The grid of a table of HTML; None for one without cells, or with another table inside."""
    if next(table.iterdescendants(f"{H}table"), None) is not None:
        return None
    sections = [
        (part, [row for row in part if row.tag == f"{H}tr"])
        for name in ("thead", "tbody", "tfoot")
        for part in table
        if part.tag == f"{H}{name}"
    ]
    loose = [row for row in table if row.tag == f"{H}tr"]
    if loose:
        sections.append((table, loose))
    rows: list[Element] = []
    cells: list[Cell] = []
    for _, own in sections:
        cells += _cells(own, len(rows))
        rows += own
    columns = max((one.column + one.columns for one in cells), default=0)
    counts = {name: sum(len(own) for part, own in sections if part.tag == f"{H}{name}") for name in ("thead", "tfoot")}
    return Grid(table, tuple(cells), tuple(rows), columns, counts["thead"], counts["tfoot"]) if columns else None


def _cells(rows: Sequence[Element], first: int) -> Iterator[Cell]:
    """The cells of one section; those over several rows keep their columns taken below (HTML §4.9.12)."""
    taken: dict[int, set[int]] = {}
    for number, row in enumerate(rows):
        column = 0
        for element in row:
            if element.tag not in (f"{H}td", f"{H}th"):
                continue
            while column in taken.get(number, ()):
                column += 1
            over, below = _span(element, "colspan"), min(_span(element, "rowspan"), len(rows) - number)
            for deeper in range(number, number + below):
                taken.setdefault(deeper, set()).update(range(column, column + over))
            yield _cell(element, first + number, column, below, over)
            column += over


def _span(element: Element, name: str) -> int:
    value = str(element.get(name) or "1")
    return max(1, min(int(value), _MOST)) if value.isdigit() else 1


def _cell(element: Element, row: int, column: int, rows: int, columns: int) -> Cell:
    bold = _BOLD if element.tag == f"{H}th" else 1.0
    texts = [line for line in _lines(element) if line.strip()]
    lines = tuple(measure(line) * bold for line in texts)
    pictures = next(element.iter(f"{H}img", f"{{{SVG}}}svg"), None) is not None
    most = max([*lines, PICTURE if pictures else 0.0])
    words = max((bold * _word(line) for line in texts), default=0.0)
    least = max([words, *(min(length, _readable(length)) for length in lines), PICTURE_LEAST if pictures else 0.0])
    tight = max([words, *(min(length, WHOLE_HAN - 1) for length in lines), PICTURE_LEAST if pictures else 0.0])
    rise = sum(float(one.get(RISE) or 0) for one in element.iter(MATH))
    return Cell(element, row, column, rows, columns, lines, most, least, tight, rise)


def _readable(length: float) -> float:
    """The least width for a text of a length: short ones whole, then two lines, then about as wide as high."""
    if length <= WHOLE_HAN + 0.2:
        return length
    return max(ceil(length / 2), 0.0) if length <= 2 * (WHOLE_HAN + 1) else max(WHOLE_HAN + 1.0, 1.1 * sqrt(length))


def _word(text: str) -> float:
    """The longest piece of a line that cannot be parted; of wide characters, one with a mark."""
    found = 0.0
    for match in _WORD.finditer(text):
        if _PART in match[0]:
            found = max(found, measure(match[0]) + (text[match.start() - 1 : match.start()] in _OPENING))
            continue
        if is_wide(match[0][0]):
            found = max(found, 1.0 if len(match[0]) == 1 else 2.0)
            continue
        whole = measure(match[0])
        pieces = SEAM.split(match[0]) if whole > LONG_WORD else [match[0]]
        found = max(found, min(max(map(measure, pieces)), LONGEST_WORD))
    return found


def measure(text: str) -> float:
    """The width of a text in em, with the gaps that are set between Han and Latin."""
    gaps = GAP * len(_BESIDE.findall(text)) if not text.isascii() else 0.0
    return gaps + sum(1.0 if char in _FULL or is_wide(char) else _WIDTHS.get(char, _LATIN) for char in text)


def _lines(element: Element) -> list[str]:
    """The lines of a cell as they are written: paragraphs, items, and what `<br>` parts."""
    return [line.strip() for line in _text(element, kept=False).split("\n")]


def _text(element: Element, *, kept: bool) -> str:
    """The text of an element, with a line end around each block; other space is one space, unless it is `kept`."""

    def own(text: str | None) -> str:
        return (text or "") if kept else _SPACE.sub(" ", text or "")

    out = own(element.text)
    for child in element:
        if child.tag == MATH:
            out += _formula(child)
        elif isinstance(child.tag, str) and child.tag not in _MUTE:
            inner = _text(child, kept=kept or child.tag == f"{H}pre")
            indent = "　　" if child.tag == f"{H}li" else ""
            out += f"\n{indent}{inner}\n" if child.tag in _BLOCKS else inner
        out += own(child.tail)
    return out


def _formula(math: Element) -> str:
    """What stands for a formula in the text of a cell: each of its pieces is a word as wide as it is.

    On a screen, where nothing has been set, it is one piece, and as wide as its characters are in a line.
    """
    widths = [float(one) for one in str(math.get(PIECES) or "").split()] or [measure(plain(math))]
    words = " ".join(_PART * max(ceil(width * 16), 1) for width in widths)
    return f"\n{words}\n" if math.get("display") == "block" else words


def spread(table: Element) -> bool:
    """Give the columns of a table on a screen the least widths that read well; whether it is wider than a phone."""
    grid = read_grid(table)
    if grid is None:
        return False
    least, most = grid.least(), grid.most()
    wide = sum(least) + CELL * grid.columns > PHONE
    for cell in _first_cells(grid) if wide else ():
        style = str(cell.element.get("style") or "").rstrip(";")
        width = min(least[cell.column] * EASE, most[cell.column], WIDEST)
        own = f"min-width:{width + CELL:.1f}em"
        cell.element.set("style", f"{style};{own}" if style else own)
    return wide


def align_points(tree: Element) -> None:
    """Align columns of numbers on their point: what a number lacks behind it is set and not shown.

    A column that its author has not aligned stands to the right, unless it is the first, whose numbers are names; and
    the head of several columns stands over their middle.
    """
    for table in tree.iter(f"{H}table"):
        grid = read_grid(table)
        if grid is None:
            continue
        for cell in grid.cells:
            if cell.row < grid.head and cell.columns > 1:
                _stand(cell.element, "center")
        for column in range(grid.columns):
            _align(_figures(grid, column))


def _stand(element: Element, side: str) -> None:
    """Align a cell that its author has not aligned."""
    style = str(element.get("style") or "").rstrip("; ")
    if "text-align" not in style and not element.get("align"):
        element.set("style", f"{style};text-align:{side}" if style else f"text-align:{side}")


@dataclass(frozen=True)
class _Figure:
    """A number in a cell: how many digits are behind its point, and what else: a unit, marks, the call of a note."""

    element: Element
    digits: int
    unit: str


def _figures(grid: Grid, column: int) -> list[_Figure]:
    """The numbers of a column that has nothing else and stands to the right; empty for no such."""
    own = [one for one in grid.cells if (one.column, one.columns) == (column, 1)]
    body = [one.element for one in own if one.row >= grid.head and one.element.tag == f"{H}td"]
    texts = [plain(one).strip() for one in body]
    numbers = [NUMBER.fullmatch(text) for text in texts]
    if any(number is None and not is_nothing(text) for number, text in zip(numbers, texts, strict=True)):
        return []
    found = [
        _Figure(one, len(number["part"] or ""), number["unit"] + _CALL * len(note_calls(one)))
        for one, number in zip(body, numbers, strict=True)
        if number
    ]
    styles = [str(one.get("style") or "") + str(one.get("align") or "") for one in body]
    if column and len(found) > 1 and not any("text-align" in style for style in styles):
        for one in own:
            _stand(one.element, "right")
    elif any("right" not in style for style in styles):
        return []
    return found


def _align(figures: Sequence[_Figure]) -> None:
    """Give each number, unseen, the digits and the marks behind the point that others have and it has not."""
    units = {one.unit for one in figures}
    longest = sorted(unit for unit in units if not any(other != unit and other.startswith(unit) for other in units))
    if len(units) > 1 and not all(map(_MARKS.fullmatch, longest)):
        return  # kilograms and metres, 1st and 2nd: nobody compares them
    most = max((one.digits for one in figures), default=0)
    pads = [_digits(most, one.digits) + _units(longest, one.unit) for one in figures]
    if any(pads):
        for one, pad in zip(figures, pads, strict=True):
            _pad(one.element, pad)


def _digits(most: int, own: int) -> str:
    return "0" * (most - own) if own or not most else "." + "0" * most


def _units(longest: Sequence[str], own: str) -> str:
    """What a number has not of the units of a column."""
    like = next(unit for unit in longest if unit.startswith(own))
    return like[len(own) :] + "".join(unit for unit in longest if unit != like)


def _pad(element: Element, lacking: str) -> None:
    add_class(element, "figures")
    if lacking:
        last = element[-1] if len(element) and element[-1].tag == f"{H}p" else element
        etree.SubElement(last, f"{H}span", {"class": "pad", "data-pad": lacking})


def _first_cells(grid: Grid) -> Iterator[Cell]:
    """The first cell of each column that spans no other."""
    seen: set[int] = set()
    for cell in grid.cells:
        if cell.columns == 1 and cell.column not in seen:
            seen.add(cell.column)
            yield cell


def frame(element: Element, tag: str, name: str, *, stop: bool = False) -> None:
    """A frame around an element, which scrolls where the element is wider than the screen.

    `stop` makes it a tab stop, so that the keyboard can scroll it: where no script can find out whether it scrolls.
    """
    made = etree.Element(f"{H}{tag}", {"class": name, **({"role": "group", "tabindex": "0"} if stop else {})})
    element.addprevious(made)
    made.tail, element.tail = element.tail, None
    made.append(element)
