"""The blocks of a clip written as Pandoc's Markdown."""

from __future__ import annotations

import re

from publish.importers.clips.html2text import (
    Block,
    Code,
    Figure,
    Gap,
    Headline,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Table,
)
from publish.importers.clips.spans import write_spans


def write(block: Block) -> str:  # a row for each kind of block
    """A block as Pandoc's Markdown, without a final newline; empty for what is not written."""
    if isinstance(block, Paragraph | Figure):
        return write_spans(block.spans)
    if isinstance(block, Headline):
        return f"{'#' * block.level} {re.sub(r'(#+)$', lambda match: chr(92) + match[0], write_spans(block.spans))}"
    if isinstance(block, Code):
        return "\n".join(block.lines)
    if isinstance(block, Rule | Gap):
        return "* * *" if isinstance(block, Rule) else ""
    if isinstance(block, Quote):
        return _prefixed("\n\n".join(filter(None, map(write, block.blocks))), "> ", "> ")
    if isinstance(block, Listing):
        return _write_list(block)
    if isinstance(block, Table):
        return _write_table(block)
    inner = "\n\n".join(filter(None, map(write, block.blocks)))
    return f"::: {{.dialogue}}\n{inner}\n:::" if block.name == "dialogue" else ""


def _prefixed(text: str, first: str, other: str) -> str:
    lines = text.split("\n")
    return "\n".join((f"{other if index else first}{line}").rstrip(" ") for index, line in enumerate(lines))


def _write_list(block: Listing) -> str:
    items: list[str] = []
    for item in block.items:
        parts = list(filter(None, map(write, item)))
        if not parts:  # pandoc would read a marker alone as a line under a heading
            continue
        parts[0] = re.sub(r"^(\\\[[ xX]\\\])(?= )", r"[\1]{}", parts[0])  # a box in brackets would become a task's ☒
        marker = "- " if block.start is None else f"{block.start + len(items)}. "
        tight = (
            len(parts) > 1 and isinstance(item[-1], Listing) and sum(not isinstance(one, Listing) for one in item) == 1
        )
        items.append(_prefixed(("\n" if tight else "\n\n").join(parts), marker, " " * len(marker)))
    loose = any("\n\n" in item for item in items)
    return ("\n\n" if loose else "\n").join(items)


def _write_table(block: Table) -> str:
    rows = [
        "| " + " | ".join(re.sub(r"(?<!\\)\|", r"\\|", write_spans(cell)) for cell in row) + " |" for row in block.rows
    ]
    return "\n".join([rows[0], "|" + "|".join(block.rule) + "|", *rows[1:]])
