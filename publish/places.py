"""Places: the source line of every block, found by aligning pandoc's blocks with those of a block scanner."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt

from publish.document import CONTAINERS, Block, Inline, block_text, children, rewrite

# How much of a block's beginning identifies it: letters, digits and Han only, markup left out.
HEAD = 24
_FENCE = re.compile(r"^[ >]*:{3,}.*$", re.MULTILINE)
_NOTE = re.compile(r"^\[\^", re.MULTILINE)
_MARKER = re.compile(r"^(?:\(\^[^\]]*\]:|[:~](?=\s)|\(?(?:@[\w-]*|\d+|[a-zA-Z#])[.)]|[-*+])\s+|^\s*\[[ xX]\]\s+|^\|\s*")


@dataclass(frozen=True)
class _Unit:
    """A block of the scanner: its first line, from 1, and the letters of its text."""

    line: int
    letters: str


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _scan(source: str) -> Iterator[_Unit]:
    """The scanner's leaf blocks in order. Div fences are blanked and note labels disguised, for CommonMark has neither."""
    masked = _NOTE.sub("(^", _FENCE.sub("", source))
    for token in MarkdownIt("commonmark").enable("table").parse(masked):
        if token.type in ("inline", "fence", "code_block", "html_block") and token.map:
            line = token.map[0] + (2 if token.type == "fence" else 1)
            yield _Unit(line, _letters(_MARKER.sub("", token.content)))
            if token.type == "inline":
                for offset, row in enumerate(token.content.split("\n")[1:], start=1):
                    yield _Unit(line + offset, _letters(_MARKER.sub("", row)))


def _head(inlines: list[Inline]) -> str:
    """The letters that a run of inlines begins with, as they stand in the source too: up to the end of the first address."""
    out: list[str] = []
    for inline in inlines:
        kind = inline["t"]
        if kind == "Str":
            out.append(inline["c"])
        elif kind in ("Code", "Math"):
            out.append(inline["c"][1])
        elif kind == "Image":
            out.extend([_head(inline["c"][1]), inline["c"][2][0]])
            break
        elif kind in CONTAINERS:
            out.append(_head(children(inline)))
            if kind in ("Link", "Span"):
                break
        elif kind in ("Note", "RawInline"):
            if out:
                break
            if kind == "RawInline":
                out.append(inline["c"][1])
        if sum(map(len, out)) > 2 * HEAD:
            break
    return _letters("".join(out))[:HEAD]


def _block_head(block: Block) -> str | None:
    """The beginning of a leaf block; None for blocks that only hold others."""
    kind, content = block["t"], block.get("c")
    if kind in ("Para", "Plain"):
        return _head(content)
    if kind == "Header":
        return _head(content[2])
    if kind in ("CodeBlock", "RawBlock"):
        return _letters(content[1][: 8 * HEAD])[:HEAD]
    if kind == "LineBlock":
        return next((head for head in map(_head, content) if head), "")
    return None


class Lines:
    """Finds source lines for blocks in the order of reading; notes may stand anywhere."""

    def __init__(self, source: str, first_line: int = 1) -> None:
        self._shift = first_line - 1
        self._units = list(_scan(source))
        self._starts: list[int] = []
        self._by_head: dict[str, list[int]] = {}
        letters: list[str] = []
        length = 0
        for row in source.split("\n"):
            self._starts.append(length)
            kept = _letters(row)
            letters.append(kept)
            length += len(kept)
        self._all = "".join(letters)
        for index, unit in enumerate(self._units):
            self._by_head.setdefault(unit.letters[:HEAD], []).append(index)
        self._next = 0
        self._line = 0

    def of(self, head: str) -> int:
        """The line of the next block that begins with `head`; the last one's where nothing fits."""
        if head:
            index = self._unit(head)
            if index is not None:
                self._next = index + 1
                self._line = self._units[index].line
            else:
                self._line = self._anywhere(head)
        return self._line + self._shift if self._line else 0

    def _unit(self, head: str) -> int | None:
        exact = self._by_head.get(head, ())
        ahead = next((index for index in exact if index >= self._next), None)
        if ahead is None and len(head) < HEAD:
            ahead = next(
                (i for i in range(self._next, len(self._units)) if self._units[i].letters.startswith(head)), None
            )
        if ahead is not None:
            return ahead
        return exact[0] if exact else None

    def _anywhere(self, head: str) -> int:
        after = self._starts[self._line - 1] if self._line else 0
        for wanted in (head, head[:8]):
            for start in (after, 0):
                at = self._all.find(wanted, start)
                if at >= 0:
                    return bisect_right(self._starts, at)
        return self._line


def locate(blocks: list[Block], source: str, first_line: int = 1) -> list[Block]:
    """The blocks with their source lines, counted from 1, under the key `line`; `first_line` is that of `source`."""
    lines = Lines(source, first_line)

    def block(one: Block) -> list[Block] | None:
        head = _block_head(one)
        if head is None and one["t"] in ("Figure", "Table"):
            inside = one["c"][2] if one["t"] == "Figure" else [one]
            head = _figure_head(inside) if one["t"] == "Figure" else _letters(block_text(_first_row(one)))[:HEAD]
            return [{**one, "line": lines.of(head)}]
        return None if head is None else [{**one, "line": lines.of(head)}]

    return rewrite(blocks, block)


def _figure_head(blocks: list[Block]) -> str:
    return next((head for head in map(_block_head, blocks) if head), "")


def _first_row(table: Block) -> list[Block]:
    """The first cell of a table that holds text."""
    _, _, _, head, bodies, _ = table["c"]
    for row in [*head[1], *(row for body in bodies for row in (*body[2], *body[3]))]:
        for cell in row[1]:
            if cell[4] and block_text(cell[4]).strip():
                first: list[Block] = cell[4]
                return first
    return []


def line_of(needle: str, source_lines: list[str], block_line: int) -> int:
    """The line on which `needle` stands in a block that begins at `block_line`; the block's own where it is not found."""
    start = max(block_line - 1, 0)
    for number in range(start, min(start + 400, len(source_lines))):
        if needle in source_lines[number]:
            return number + 1
    return next((number for number, row in enumerate(source_lines, 1) if needle in row), block_line)
