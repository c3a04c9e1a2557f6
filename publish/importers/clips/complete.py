"""Whether an import is complete: the clip, what was read, and what pandoc reads in the result are the same text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from publish.errors import Place, PublishError
from publish.importers.clips.html2text import (
    Block,
    ClipLine,
    Code,
    Figure,
    Group,
    Headline,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Table,
    begins,
)
from publish.importers.clips.spans import Span, plain, raw
from publish.importers.report import Ledger
from publish.source import pandoc

# What a reader meets, one after another: a character with its styles, or a block, picture or link with its address.
Event: TypeAlias = tuple[str, str]

_REMEDY = "This is a bug in the importer: please report it with the clip, which is unchanged"
_STYLE_NODES = {"Strong": "strong", "Emph": "em", "Strikeout": "strike", "Superscript": "sup", "Subscript": "sub"}


def require_read(lines: Sequence[ClipLine], blocks: Sequence[Block], ledger: Ledger, clip: str) -> None:
    """Raise `PublishError` unless the blocks hold every character but spaces of the clip's lines, in order.

    Only the markup noted in `ledger.marks` (`> `, `## `, a list's marker) stands in the lines and not in the blocks.
    """
    before = [
        (char, line.number) for line in lines for char in _unmarked(line, ledger.marks.get(line.number, ""), clip)
    ]
    after = [pair for block in blocks for pair in _raw(block)]
    for index, (char, number) in enumerate(before):
        if index >= len(after) or after[index][0] != char:
            context = "".join(one for one, _ in before[index : index + 20])
            raise PublishError(f'text was lost in the import: "{context}"', _REMEDY, Place(clip, number))
    if len(after) > len(before):
        context = "".join(one for one, _ in after[len(before) : len(before) + 20])
        raise PublishError(f'text was doubled in the import: "{context}"', _REMEDY, Place(clip, after[len(before)][1]))


def _unmarked(line: ClipLine, marks: str, clip: str) -> str:
    text = "".join(line.text.split())
    words = re.search(r"[^\W\d_]", marks) and not re.match(r"[`~]{3}", marks)  # a fence names its language
    if words or not text.startswith(marks):
        raise PublishError(f'"{marks}" is no markup of this line', _REMEDY, Place(clip, line.number))
    return text[len(marks) :]


def _raw(block: Block) -> Iterator[tuple[str, int]]:
    if isinstance(block, Paragraph | Figure | Headline):
        yield from raw(block.spans)
    elif isinstance(block, Code):
        lines = block.lines[1:-1] if block.fenced else block.lines
        yield from ((char, block.line) for line in lines for char in line if not char.isspace())
    elif isinstance(block, Quote | Group):
        yield from (pair for one in block.blocks for pair in _raw(one))
    elif isinstance(block, Listing):
        yield from (pair for item in block.items for one in item for pair in _raw(one))
    elif isinstance(block, Table):
        yield from (pair for row in block.rows for cell in row for pair in raw(cell))


def require_written(markdown: str, blocks: Sequence[Block], clip: str) -> None:
    """Raise `PublishError` unless pandoc reads the blocks as they are: text, styles, links, block by block."""
    (tree,), _ = pandoc.read([(clip, markdown)])
    read, line = list(_tree_events(tree)), 0
    at = 0
    for block in blocks:
        line = begins(block) or line
        for event in _block_events(block):
            if at >= len(read) or read[at] != event:
                found = "".join(text for text, _ in read[at : at + 20]) or "nothing"
                problem = f'"{event[0]}" was to be written, but pandoc reads "{found}"'
                raise PublishError(problem, _REMEDY, Place(clip, line))
            at += 1
    if at < len(read):
        found = "".join(text for text, _ in read[at : at + 20])
        raise PublishError(f'pandoc reads "{found}" after the end', _REMEDY, Place(clip, line))


def _block_events(block: Block) -> Iterator[Event]:  # a row for each kind of block
    if isinstance(block, Group):
        written = block.blocks if block.name == "dialogue" else ()
        if written:
            yield ("", block.name)
        yield from (event for one in written for event in _block_events(one))
    elif isinstance(block, Figure) or (isinstance(block, Paragraph) and plain(block.spans).strip()):
        yield ("", "paragraph")
        yield from _span_events(block.spans)
    elif isinstance(block, Headline):
        yield ("", f"heading {block.level}")
        yield from _span_events(block.spans)
    elif isinstance(block, Code):
        yield ("", "code")
        yield from _chars("".join(block.lines[1:-1] if block.fenced else block.lines), "")
    elif isinstance(block, Quote):
        yield ("", "quote")
        yield from (event for one in block.blocks for event in _block_events(one))
    elif isinstance(block, Listing):
        items = [[event for one in item for event in _block_events(one)] for item in block.items]
        if any(items):
            yield ("", "list" if block.start is None else f"list {block.start}")
        for item in filter(None, items):
            yield ("", "item")
            yield from item
    elif isinstance(block, Table):
        yield ("", "table")
        for cell in (cell for row in block.rows for cell in row):
            yield ("", "cell")
            yield from _span_events(cell)
    elif isinstance(block, Rule):
        yield ("", "rule")


def _span_events(spans: Iterable[Span]) -> Iterator[Event]:
    for span in spans:
        styles = _names(span.styles)
        if span.kind in ("text", "code"):
            yield from _chars(span.text, _names({*span.styles, "code"}) if span.kind == "code" else styles)
        elif span.kind == "link":
            for text, inner in _span_events(span.label):
                yield (text, _names({*styles.split(), *inner.split()}))
            yield (span.url, f"link {span.title}")
        elif span.kind == "image":
            yield from _chars(span.text, "")
            yield (span.url, f"image {span.title}")
            if span.target:
                yield (span.target, "link ")


def _names(styles: Iterable[str]) -> str:
    return " ".join(sorted(styles))


def _chars(text: str, styles: str) -> Iterator[Event]:
    return ((char, styles) for char in text if not char.isspace())


def _tree_events(blocks: Sequence[dict[str, Any]]) -> Iterator[Event]:  # a row for each kind of node
    for block in blocks:
        kind: str = block["t"]
        content: Any = block.get("c")
        if kind in ("Para", "Plain"):
            yield ("", "paragraph")
            yield from _inline_events(content, frozenset())
        elif kind == "Header":
            yield ("", f"heading {content[0]}")
            yield from _inline_events(content[2], frozenset())
        elif kind == "CodeBlock":
            yield ("", "code")
            yield from _chars(content[1], "")
        elif kind == "BlockQuote":
            yield ("", "quote")
            yield from _tree_events(content)
        elif kind in ("BulletList", "OrderedList"):
            ordered = kind == "OrderedList"
            yield ("", f"list {content[0][0]}" if ordered else "list")
            for item in content[1] if ordered else content:
                yield ("", "item")
                yield from _tree_events(item)
        elif kind == "Figure":
            yield from _tree_events(content[2])
        elif kind == "Div":
            yield ("", " ".join(content[0][1]))
            yield from _tree_events(content[1])
        elif kind == "HorizontalRule":
            yield ("", "rule")
        elif kind == "Table":
            yield from _table_events(content)
        else:
            yield (kind, "unexpected")


def _table_events(content: list[Any]) -> Iterator[Event]:
    yield ("", "table")
    _, _, _, head, bodies, _ = content
    rows = [*head[1], *(row for body in bodies for row in (*body[2], *body[3]))]
    for cell in (cell for row in rows for cell in row[1]):
        yield ("", "cell")
        for block in cell[4]:
            yield from _inline_events(block["c"], frozenset())


def _inline_events(inlines: Sequence[dict[str, Any]], styles: frozenset[str]) -> Iterator[Event]:
    for inline in inlines:
        kind: str = inline["t"]
        content: Any = inline.get("c")
        if kind == "Str":
            yield from _chars(str(content), _names(styles))
        elif kind == "Code":
            yield from _chars(content[1], _names({*styles, "code"}))
        elif kind in _STYLE_NODES:
            yield from _inline_events(content, styles | {_STYLE_NODES[kind]})
        elif kind == "Span":
            yield from _inline_events(content[1], styles | set(content[0][1]))
        elif kind == "Link":
            if "uri" not in content[0][1]:
                yield from _inline_events(content[1], styles)
            yield (content[2][0], "link " + content[2][1])
        elif kind == "Image":
            yield from _inline_events(content[1], frozenset())
            yield (content[2][0], "image " + content[2][1])
        elif kind not in ("Space", "SoftBreak"):
            yield (kind, "unexpected")
