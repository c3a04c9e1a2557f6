"""pandoc's AST as JSON has it: types and walks, pure. A walk returns a new tree and leaves its argument unchanged."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    out: list[Block] = []
    for original in blocks:
        replaced = block(original) if block else None
        wanted = [original] if replaced is None else replaced
        out.extend(_descend(one, block, unit, one.get("line", line)) for one in wanted)
    return out


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


def _descend(
    one: Block,
    block: Callable[[Block], list[Block] | None] | None,
    unit: Callable[[list[Inline], int], list[Inline]] | None,
    line: int,
) -> Block:
    def inner(blocks: list[Block]) -> list[Block]:
        return rewrite(blocks, block, unit, line)

    def run(inlines: list[Inline]) -> list[Inline]:
        rebuilt = _notes(inlines, inner)
        return unit(rebuilt, line) if unit else rebuilt

    def caption(content: list[Any]) -> list[Any]:
        short, long = content
        return [run(short) if short else short, inner(long)]

    def rows(content: list[Any]) -> list[Any]:
        return [[row[0], [[*cell[:4], inner(cell[4])] for cell in row[1]]] for row in content]

    kind: str = one["t"]
    content: Any = one.get("c")
    if kind in ("Para", "Plain"):
        return {**one, "c": run(content)}
    if kind == "Header":
        return {**one, "c": [content[0], content[1], run(content[2])]}
    if kind == "LineBlock":
        return {**one, "c": [run(verse) for verse in content]}
    if kind == "BlockQuote":
        return {**one, "c": inner(content)}
    if kind == "Div":
        return {**one, "c": [content[0], inner(content[1])]}
    if kind == "BulletList":
        return {**one, "c": [inner(item) for item in content]}
    if kind == "OrderedList":
        return {**one, "c": [content[0], [inner(item) for item in content[1]]]}
    if kind == "DefinitionList":
        return {
            **one,
            "c": [[run(term), [inner(definition) for definition in definitions]] for term, definitions in content],
        }
    if kind == "Figure":
        return {**one, "c": [content[0], caption(content[1]), inner(content[2])]}
    if kind == "Table":
        attributes, legend, columns, head, bodies, foot = content
        return {
            **one,
            "c": [
                attributes,
                caption(legend),
                columns,
                [head[0], rows(head[1])],
                [[body[0], body[1], rows(body[2]), rows(body[3])] for body in bodies],
                [foot[0], rows(foot[1])],
            ],
        }
    return one


def _notes(inlines: list[Inline], inner: Callable[[list[Block]], list[Block]]) -> list[Inline]:
    """The inlines with the blocks of their notes rebuilt."""
    out: list[Inline] = []
    for inline in inlines:
        kind = inline["t"]
        if kind == "Note":
            out.append({**inline, "c": inner(inline["c"])})
        elif kind in CONTAINERS:
            out.append(with_children(inline, _notes(children(inline), inner)))
        elif kind == "Image":
            out.append({**inline, "c": [inline["c"][0], _notes(inline["c"][1], inner), inline["c"][2]]})
        else:
            out.append(inline)
    return out


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


def is_wide(char: str) -> bool:
    """Whether a character fills a Chinese square: Han, kana, zhuyin, full-width forms and marks, not Hangul."""
    return unicodedata.east_asian_width(char) in "WF" and not "\uac00" <= char <= "\ud7a3"


# Marks that Chinese sets full width although Unicode leaves their width to the context.
AMBIGUOUS_MARKS = frozenset("“”‘’—…·‧")


def is_latin(char: str) -> bool:
    """Whether a character is a letter or digit that a Chinese line sets apart: Latin, Greek, Cyrillic, digits."""
    return char.isalnum() and not is_wide(char)
