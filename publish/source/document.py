"""pandoc's AST as JSON has it: types and walks, pure. A walk returns a new tree and leaves its argument unchanged."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from publish.errors import Place, PublishError

Block = dict[str, Any]
Inline = dict[str, Any]
Attr = list[Any]  # [identifier, [class, …], [[key, value], …]]

# Inline nodes whose text belongs to the sentence around them, and where their inlines stand in `c`.
CONTAINERS: dict[str, int | None] = {
    "Emph": None,
    "Strong": None,
    "Strikeout": None,
    "Underline": None,
    "SmallCaps": None,
    "Superscript": None,
    "Subscript": None,
    "Quoted": 1,
    "Cite": 1,
    "Span": 1,
    "Link": 1,
}


@contextmanager
def nesting(file: str) -> Iterator[None]:
    """Raise `PublishError` where a walk over the text of `file` goes deeper than Python can."""
    try:
        yield
    except RecursionError as error:
        raise PublishError(
            "the text nests too deeply", "Nest lists, quotations and divisions less", Place(file)
        ) from error


def string(text: str) -> Inline:
    """A text node."""
    return {"t": "Str", "c": text}


def children(inline: Inline) -> list[Inline]:
    """The inlines inside a container node."""
    at = CONTAINERS[inline["t"]]
    inner: list[Inline] = inline["c"] if at is None else inline["c"][at]
    return inner


def with_children(inline: Inline, inner: list[Inline]) -> Inline:
    """The same container around other inlines."""
    at = CONTAINERS[inline["t"]]
    if at is None:
        return {**inline, "c": inner}
    content = list(inline["c"])
    content[at] = inner
    return {**inline, "c": content}


def attr(node: dict[str, Any]) -> Attr | None:
    """The attributes of a block or inline that has any."""
    kind = node["t"]
    if kind in ("Div", "Span", "Code", "CodeBlock", "Link", "Image", "Table", "Figure"):
        found: Attr = node["c"][0]
        return found
    if kind == "Header":
        header: Attr = node["c"][1]
        return header
    return None


def with_attr(node: dict[str, Any], attributes: Attr) -> dict[str, Any]:
    """The same node with other attributes."""
    content = list(node["c"])
    content[1 if node["t"] == "Header" else 0] = attributes
    return {**node, "c": content}


def key_values(attributes: Attr) -> dict[str, str]:
    """The key-value attributes; of a key that stands twice, the first."""
    pairs: dict[str, str] = {}
    for key, value in attributes[2]:
        pairs.setdefault(key, value)
    return pairs


def text(inlines: list[Inline]) -> str:
    """The plain text of inlines: code, mathematics and alternative texts included, notes and raw markup left out."""
    out: list[str] = []
    for inline in inlines:
        kind = inline["t"]
        if kind == "Str":
            out.append(inline["c"])
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            out.append(" ")
        elif kind in ("Code", "Math"):
            out.append(inline["c"][1])
        elif kind == "Image":
            out.append(text(inline["c"][1]))
        elif kind in CONTAINERS:
            out.append(text(children(inline)))
    return "".join(out)


def block_text(blocks: list[Block]) -> str:
    """The plain text of blocks, a line for each unit of text."""
    out: list[str] = []

    def unit(inlines: list[Inline], _line: int) -> list[Inline]:
        out.append(text(inlines))
        return inlines

    def block(one: Block) -> list[Block] | None:
        if one["t"] in ("CodeBlock", "RawBlock"):
            out.append(one["c"][1])
        return None

    rewrite(blocks, block, unit)
    return "\n".join(out)


_MAY_HOLD_NOTES = frozenset([*CONTAINERS, "Note", "Image"])


def rewrite(
    blocks: list[Block],
    block: Callable[[Block], list[Block] | None] | None = None,
    unit: Callable[[list[Inline], int], list[Inline]] | None = None,
    line: int = 0,
) -> list[Block]:
    """Rebuild a tree, top down and in the order of reading.

    `block` sees each block first and may answer with those that take its place (these are walked in turn) or None.
    `unit` sees each run of inlines that reads as one text (a paragraph, a heading, a cell's text, a caption, a term, a
    line of verse) with the source line of its block, after the notes in it were rebuilt.
    """
    return _Walk(block, unit).blocks(blocks, line)


def neighbours(content: Any) -> Iterator[list[Block]]:
    """Runs of two paragraphs or more that follow each other, wherever in a tree, notes and cells included."""
    if isinstance(content, dict):
        yield from neighbours(content.get("c"))
    elif isinstance(content, list):
        for paragraphs, group in groupby(content, key=lambda one: isinstance(one, dict) and one.get("t") == "Para"):
            blocks = list(group)
            if paragraphs and len(blocks) > 1:
                yield blocks
        for one in content:
            if isinstance(one, (dict, list)):
                yield from neighbours(one)


@dataclass(frozen=True, slots=True)
class _Walk:
    """A walk that rebuilds a tree."""

    block: Callable[[Block], list[Block] | None] | None
    unit: Callable[[list[Inline], int], list[Inline]] | None

    def blocks(self, blocks: list[Block], line: int) -> list[Block]:
        out: list[Block] = []
        for one in blocks:
            replaced = self.block(one) if self.block else None
            wanted = [one] if replaced is None else replaced
            out += [self._inside(each, each.get("line", line)) for each in wanted]
        return out

    def _inside(self, one: Block, line: int) -> Block:
        """A block with its content rebuilt."""
        kind: str = one["t"]
        content: Any = one.get("c")
        if kind in ("Para", "Plain"):
            content = self._run(content, line)
        elif kind == "Header":
            content = [content[0], content[1], self._run(content[2], line)]
        elif kind == "LineBlock":
            content = [self._run(verse, line) for verse in content]
        elif kind == "BlockQuote":
            content = self.blocks(content, line)
        elif kind == "Div":
            content = [content[0], self.blocks(content[1], line)]
        elif kind == "BulletList":
            content = [self.blocks(item, line) for item in content]
        elif kind == "OrderedList":
            content = [content[0], [self.blocks(item, line) for item in content[1]]]
        elif kind == "DefinitionList":
            content = [[self._run(term, line), [self.blocks(one, line) for one in said]] for term, said in content]
        elif kind == "Figure":
            content = [content[0], self._caption(content[1], line), self.blocks(content[2], line)]
        elif kind == "Table":
            content = self._table(content, line)
        else:
            return one
        return {**one, "c": content}

    def _table(self, content: list[Any], line: int) -> list[Any]:
        attributes, legend, columns, head, bodies, foot = content
        return [
            attributes,
            self._caption(legend, line),
            columns,
            [head[0], self._rows(head[1], line)],
            [[body[0], body[1], self._rows(body[2], line), self._rows(body[3], line)] for body in bodies],
            [foot[0], self._rows(foot[1], line)],
        ]

    def _rows(self, rows: list[Any], line: int) -> list[Any]:
        return [[row[0], [[*cell[:4], self.blocks(cell[4], line)] for cell in row[1]]] for row in rows]

    def _caption(self, caption: list[Any], line: int) -> list[Any]:
        short, long = caption
        return [self._run(short, line) if short else short, self.blocks(long, line)]

    def _run(self, inlines: list[Inline], line: int) -> list[Inline]:
        rebuilt = self._notes(inlines, line)
        return self.unit(rebuilt, line) if self.unit else rebuilt

    def _notes(self, inlines: list[Inline], line: int) -> list[Inline]:
        """The inlines with the blocks of their notes rebuilt; the same list where they have none."""
        if _MAY_HOLD_NOTES.isdisjoint([one["t"] for one in inlines]):
            return inlines
        out: list[Inline] | None = None
        for at, inline in enumerate(inlines):
            made = self._with_notes(inline, line) if inline["t"] in _MAY_HOLD_NOTES else inline
            if made is not inline and out is None:
                out = inlines[:at]
            if out is not None:
                out.append(made)
        return inlines if out is None else out

    def _with_notes(self, inline: Inline, line: int) -> Inline:
        kind = inline["t"]
        if kind == "Note":
            return {**inline, "c": self.blocks(inline["c"], line)}
        inner = inline["c"][1] if kind == "Image" else children(inline)
        made = self._notes(inner, line)
        if made is inner:
            return inline
        return (
            {**inline, "c": [inline["c"][0], made, inline["c"][2]]} if kind == "Image" else with_children(inline, made)
        )


def map_inlines(inlines: list[Inline], change: Callable[[Inline], list[Inline] | None]) -> list[Inline]:
    """Rebuild inlines, top down.

    `change` answers with what takes a node's place (not walked again), or None to go on inside.
    """
    out: list[Inline] = []
    for inline in inlines:
        replaced = change(inline)
        if replaced is not None:
            out.extend(replaced)
        elif inline["t"] in CONTAINERS:
            out.append(with_children(inline, map_inlines(children(inline), change)))
        else:
            out.append(inline)
    return out


def inline_nodes(inlines: list[Inline]) -> Iterator[Inline]:
    """Every inline node, outermost first, alternative texts included, the insides of notes left out."""
    for inline in inlines:
        yield inline
        if inline["t"] in CONTAINERS:
            yield from inline_nodes(children(inline))
        elif inline["t"] == "Image":
            yield from inline_nodes(inline["c"][1])


def formulas(blocks: list[Block]) -> Iterator[tuple[str, int]]:
    """The TeX of each formula in a text with the line of its block, notes and captions included."""
    found: list[tuple[str, int]] = []

    def unit(inlines: list[Inline], line: int) -> list[Inline]:
        found.extend((node["c"][1], line) for node in inline_nodes(inlines) if node["t"] == "Math")
        return inlines

    rewrite(blocks, None, unit)
    yield from found


def is_wide(char: str) -> bool:
    """Whether a character fills a Chinese square: Han, kana, zhuyin, full-width forms and marks, not Hangul."""
    return unicodedata.east_asian_width(char) in "WF" and not "\uac00" <= char <= "\ud7a3"


# Marks that Chinese sets full width although Unicode leaves their width to the context.
AMBIGUOUS_MARKS = frozenset("“”‘’—…·‧")


def is_latin(char: str) -> bool:
    """Whether a character is a letter or digit that a Chinese line sets apart: Latin, Greek, Cyrillic, digits."""
    return char.isalnum() and not is_wide(char)
