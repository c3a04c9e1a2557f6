"""Places: the source line of every block, found by aligning pandoc's blocks with those of a block scanner."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from publish.source.document import CONTAINERS, Block, Inline, block_text, children, rewrite, text

# How much of a block's beginning identifies it: letters, digits and Han only, markup left out.
HEAD = 24
# How many of the scanner's blocks ahead may begin like a block whose beginning is not known in full.
WINDOW = 60
# How many lines ahead a row of a table, a caption or a piece of raw markup is looked for.
REACH = 40
_FENCE = re.compile(r"^[ >]*:{3,}.*$", re.MULTILINE)
_NOTE = re.compile(r"^\[\^", re.MULTILINE)
_MARKER = re.compile(
    r"^(?:\(\^[^\]]*\]:|(?:[Tt]able)?:(?=\s)|~(?=\s)|\(?(?:@[\w-]*|\d+|[a-zA-Z#])[.)]|[-*+])\s+|^\s*\[[ xX]\]\s+|^\|\s*"
)
# Inlines that source markup may follow at once: an address, attributes, a tag.
_CUTS = ("Link", "Span", "SmallCaps", "Underline", "RawInline", "Note", "Image")


@dataclass(frozen=True)
class _Unit:
    """A row of the scanner's blocks: its line, from 1, and the letters that its block goes on with from there."""

    line: int
    letters: str


@dataclass(frozen=True)
class _Head:
    """What a block begins with; `cut` where markup that is not known stands right behind it, `letters` in all."""

    text: str
    cut: bool = False
    letters: str = ""


_NO_LETTERS = re.compile(r"[\W_]+")


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text)


def _tokens(source: str) -> Sequence[Token]:
    """CommonMark's reading. Div fences are blanked and note labels disguised, for it has neither."""
    return MarkdownIt("commonmark").enable("table").parse(_NOTE.sub("(^", _FENCE.sub("", source)))


def _scan(tokens: Sequence[Token]) -> Iterator[_Unit]:
    """The scanner's rows in order."""
    for token in tokens:
        if token.type in ("inline", "fence", "code_block", "html_block") and token.map:
            line = token.map[0] + (2 if token.type == "fence" else 1)
            rows = token.content.split("\n") if token.type == "inline" else [token.content[: 8 * HEAD]]
            for offset, row in enumerate(rows):
                letters = _letters(_MARKER.sub("", row))
                following = offset + 1
                while len(letters) < HEAD and following < len(rows):
                    letters += _letters(rows[following])
                    following += 1
                yield _Unit(line + offset, letters[:HEAD])


def _head(inlines: list[Inline]) -> _Head:
    """What a run of inlines begins with, as it stands in the source too: up to the first address or tag."""
    out: list[str] = []
    cut = _collect(inlines, out)
    return _Head(_letters("".join(out))[:HEAD], cut, _letters(text(inlines)))


def _collect(inlines: list[Inline], out: list[str]) -> bool:
    """Add the texts of inlines to `out`, and answer whether markup that is not known has cut them off."""
    for inline in inlines:
        kind = inline["t"]
        if kind == "Str":
            out.append(inline["c"])
        elif kind in ("Code", "Math"):
            out.append(inline["c"][1])
        elif kind == "Image":
            _collect(inline["c"][1], out)
            out.append(inline["c"][2][0])
        elif kind in CONTAINERS and _collect(children(inline), out):
            return True
        elif kind == "RawInline" and not out:
            out.append(inline["c"][1])
            continue
        if kind in _CUTS and any(map(_letters, out)):
            return True
        if sum(map(len, out)) > 2 * HEAD:
            return False
    return False


def _block_head(block: Block) -> _Head | None:
    """The beginning of a leaf block; None for blocks that only hold others."""
    kind = block["t"]
    content: Any = block.get("c")
    if kind in ("Para", "Plain"):
        return _head(content)
    if kind == "Header":
        return replace(_head(content[2]), cut=True)
    if kind in ("CodeBlock", "RawBlock"):
        return _Head(_letters(content[1][: 8 * HEAD])[:HEAD], cut=kind == "RawBlock")
    if kind == "LineBlock":
        return next((head for head in map(_head, content) if head.text), _Head(""))
    return None


class Source:
    """A Markdown text as the search for places needs it."""

    def __init__(self, text: str, tokens: Sequence[Token] | None = None) -> None:
        self.units = list(_scan(_tokens(text) if tokens is None else tokens))
        self.unit_lines = [unit.line for unit in self.units]
        self.by_head: dict[str, list[int]] = {}
        for index, unit in enumerate(self.units):
            self.by_head.setdefault(unit.letters, []).append(index)
        self.starts: list[int] = []
        rows = [_letters(row) for row in text.split("\n")]
        length = 0
        for row in rows:
            self.starts.append(length)
            length += len(row)
        self.letters = "".join(rows)

    def start(self, line: int) -> int:
        """Where a line, from 1, begins in `letters`; their end for a line behind the last."""
        return self.starts[line - 1] if line <= len(self.starts) else len(self.letters)

    def find(self, head: str, first: int, last: int | None = None) -> int:
        """The first line from `first` to `last` in which `head` begins; 0 where there is none."""
        end = len(self.letters) if last is None else self.start(last + 1) + len(head) - 1
        at = self.letters.find(head, self.start(max(first, 1)), end) if head else -1
        return bisect_right(self.starts, at) if at >= 0 else 0


class Lines:
    """Finds source lines for blocks in the order of reading."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._next = 0
        self._line = 0
        self._behind = 1

    def of(self, head: _Head, *, raw: bool = False) -> int:
        """The line of the next block that begins with `head`; the last one's where nothing fits."""
        found = self._source.find(head.text, max(self._line, 1), self._behind + 2) if raw else 0
        if found:
            self._line = found
            return found
        index = self._unit(head)
        if index is None:
            line = self._anywhere(head.text) if head.text else 0
            if line:
                self._line = line
                self._behind = max(self._behind, line)
            return self._line
        self._line = self._source.units[index].line
        self._next = self._consumed(index, head.letters)
        self._behind = self._source.units[self._next - 1].line + 1
        return self._line

    def row(self, heads: list[str], first: int) -> int:
        """The line from `first` on where a table's row with these cells stands; 0 where none is found near."""
        return next(filter(None, (self._source.find(head, first, first + REACH) for head in heads)), 0)

    def caption(self, head: str, first: int, last: int) -> int:
        """The line of the caption of a table that stands from line `first` to `last`."""
        near = self._source.find(head, last, last + 6) or self._source.find(head, max(first - 6, 1), first)
        return near or first

    def leave(self, line: int) -> None:
        """Go on behind a line."""
        self._line = max(self._line, line)
        self._next = max(self._next, bisect_right(self._source.unit_lines, line))
        self._behind = max(self._behind, line + 1)

    def _unit(self, head: _Head) -> int | None:
        units = self._source.units
        exact = self._source.by_head.get(head.text, [])
        at = bisect_left(exact, self._next)
        ahead = exact[at] if at < len(exact) else None
        if not head.text:
            return ahead if ahead is not None and ahead < self._next + 3 else None
        if ahead is not None and not head.cut:
            return ahead
        end = min(self._next + WINDOW, len(units) if ahead is None else ahead)
        near = next((i for i in range(self._next, end) if units[i].letters.startswith(head.text)), ahead)
        return exact[0] if near is None and exact else near

    def _consumed(self, index: int, letters: str) -> int:
        """The index of the first unit behind a block that begins at `index`: later rows of its text are its own."""
        units, position, following = self._source.units, 0, index + 1
        while following < len(units) and units[following].line == units[following - 1].line + 1:
            row = units[following].letters[:8]
            position = letters.find(row, position + 1) if row else -1
            if position < 0:
                break
            following += 1
        return following

    def _anywhere(self, head: str) -> int:
        for wanted in (head, head[:8], head[:4]):
            for first in (self._behind, self._line, 1):
                line = self._source.find(wanted, first)
                if line:
                    return line
        return 0


def locate(
    blocks: list[Block],
    source: str,
    first_line: int = 1,
    prepared: Source | None = None,
    numbers: Sequence[int] = (),
) -> list[Block]:
    """The blocks with their source lines, counted from 1, under the key `line`; `first_line` is that of `source`.

    The text's blocks stand in the source in the order of reading; so do those of the notes among themselves. `prepared`
    is `source` read before, if it was; `numbers` the lines of a source that `source` was made of.
    """
    prepared = prepared or Source(source)
    text_lines, note_lines = Lines(prepared), Lines(prepared)
    noted = _in_notes(blocks) if "^" in source else frozenset[int]()

    def numbered(one: Block, line: int) -> Block:
        if line and numbers:
            return {**one, "line": numbers[min(line, len(numbers)) - 1]}
        return {**one, "line": line + first_line - 1} if line else {**one, "line": 0}

    def pinned(content: list[Block], line: int) -> list[Block]:
        return rewrite(content, lambda one: None if id(one) in noted else [numbered(one, line)])

    def block(one: Block) -> list[Block] | None:
        if "line" in one:
            return None
        lines = note_lines if id(one) in noted else text_lines
        if one["t"] == "Table":
            return [_table(one, lines, numbered, pinned)]
        if one["t"] == "Figure":
            attributes, (short, long), content = one["c"]
            line = lines.of(_first_head(content))
            figure = {**one, "c": [attributes, [short, pinned(long, line)], pinned(content, line)]}
            return [numbered(figure, line)]
        head = _block_head(one)
        return None if head is None else [numbered(one, lines.of(head, raw=one["t"] == "RawBlock"))]

    return rewrite(blocks, block)


def _table(
    one: Block, lines: Lines, numbered: Callable[[Block, int], Block], pinned: Callable[[list[Block], int], list[Block]]
) -> Block:
    """A table with the line of each row in the blocks of its cells."""
    attributes, (short, long), columns, head, bodies, foot = one["c"]
    first = line = lines.of(_Head(_letters(block_text(_first_cell(one)))[:HEAD], cut=True))
    following = first

    def rows(content: list[Any]) -> list[Any]:
        nonlocal line, following
        out = []
        for row in content:
            heads = [_letters(block_text(cell[4]))[:HEAD] for cell in row[1]]
            line = lines.row([text for text in heads if text], following) or line
            following = line + 1
            out.append([row[0], [[*cell[:4], rewrite(cell[4], within)] for cell in row[1]]])
        return out

    def within(inner: Block) -> list[Block] | None:
        head = _block_head(inner)
        return None if head is None else [numbered(inner, lines.row([head.text], line) or line)]

    head = [head[0], rows(head[1])]
    bodies = [[body[0], body[1], rows(body[2]), rows(body[3])] for body in bodies]
    foot = [foot[0], rows(foot[1])]
    at = lines.caption(_letters(block_text(long))[:HEAD], first, line) if long else first
    lines.leave(max(line, at))
    return numbered({**one, "c": [attributes, [short, pinned(long, at)], columns, head, bodies, foot]}, first)


def _in_notes(node: Any, *, inside: bool = False) -> frozenset[int]:
    """The identities of all nodes that stand in notes."""
    found: set[int] = set()
    waiting = [(node, inside)]
    while waiting:
        one, within = waiting.pop()
        if isinstance(one, dict):
            if within:
                found.add(id(one))
            waiting.append((one.get("c"), within or one.get("t") == "Note"))
        elif isinstance(one, list):
            waiting.extend((child, within) for child in one if isinstance(child, dict | list))
    return frozenset(found)


def _first_head(blocks: list[Block]) -> _Head:
    return next((head for head in map(_block_head, blocks) if head and head.text), _Head(""))


def _first_cell(table: Block) -> list[Block]:
    """The first cell of a table that holds text."""
    _, _, _, head, bodies, _ = table["c"]
    for row in [*head[1], *(row for body in bodies for row in (*body[2], *body[3]))]:
        for cell in row[1]:
            if cell[4] and block_text(cell[4]).strip():
                first: list[Block] = cell[4]
                return first
    return []


def first_line(blocks: list[Block]) -> int:
    """The line of the first of the blocks, or of what they hold, that has one; 0 where none has."""
    found: list[int] = []

    def block(one: Block) -> list[Block] | None:
        if not found and one.get("line"):
            found.append(one["line"])
        return [] if found else None

    rewrite(blocks, block)
    return found[0] if found else 0


def line_of(needle: str, source_lines: list[str], block_line: int) -> int:
    """The line on which `needle` stands in a block that begins at `block_line`; that line where it is not found."""
    start = max(block_line - 1, 0)
    typed = unquote(needle)  # an address with a space, which pandoc writes as %20
    for number in range(start, min(start + 400, len(source_lines))):
        if needle in source_lines[number] or typed in source_lines[number]:
            return number + 1
    return next((number for number, row in enumerate(source_lines, 1) if needle in row or typed in row), block_line)
