"""Pictures side by side: figures of several lettered parts, and pictures that an author has put into one row.

A division `{#fig:x}` around several pictures is one figure, its last paragraph the caption. That is the spelling of
pandoc-crossref (`<div id="fig:x">`, the pictures of a paragraph in a row) and of Quarto (`layout-ncol=2`,
`layout-nrow=2`, `layout="[[1,1],[1]]"`). A paragraph of nothing but pictures is a row of them, as bookdown's authors
and R Markdown's write it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from publish.source.document import Attr, Block, Inline, attr, block_text, key_values, rewrite, string, text, with_attr
from publish.source.phrase import phrase

WHOLE, ROW, PART = "panels", "panel-row", "panel"  # classes of a figure of several, of a row in it, of one in a row
NAMED = re.compile(r"^(?:fig|tbl)[:-]\S")
_MAY_HAVE = re.compile(
    r"\blayout(?:-ncol|-nrow)?=|(?:#|\bid=[\"']?)(?:fig|tbl)[:-]|!\[[^\n]*!\[|^[^\n]*!\[[^\n]*\n[^\n]*!\[", re.MULTILINE
)
_SIGNS = ("![", "layout", "#tbl", "id=")
_LAYOUT = ("layout", "layout-ncol", "layout-nrow", "layout-align", "layout-valign")
_CAPTIONS = ("fig-cap", "tbl-cap", "caption")
_ALTS = ("fig-alt", "alt")
_SPACES = ("Space", "SoftBreak", "LineBreak")
_PERCENT = re.compile(r"(?P<number>\d+(?:\.\d+)?)%$")
_FULL = 100.0
_OVER = 1.0  # what authors' shares may add up to above 100, as three of 33.5 do
_MOST = 3  # pictures that stand in a row, where nobody has said how many


@dataclass(frozen=True)
class _Panel:
    """One part: a figure or a table, and the share of the line that its author wants for it; 0 for none said."""

    block: Block
    share: float = 0.0


def arranged(blocks: list[Block], lines: Sequence[str]) -> list[Block]:
    """The blocks with figures of several pictures made one each, and pictures of one paragraph put side by side."""
    source = "\n".join(lines)
    if not any(sign in source for sign in _SIGNS) or not _MAY_HAVE.search(source):
        return blocks
    return rewrite(blocks, _block)


def _block(one: Block) -> list[Block] | None:
    if one["t"] == "Div":
        pairs = key_values(one["c"][0])
        if NAMED.match(one["c"][0][0]):
            return _named(one, pairs)
        return _laid(one, pairs) if any(key in pairs for key in _LAYOUT) else None
    if one["t"] == "Para" and (row := _pictures(one)) and len(row) > 1:
        return _beside(one, row)
    return None


def _named(division: Block, pairs: Mapping[str, str]) -> list[Block] | None:
    """A division with the name of a figure that holds several: one figure, its parts in rows."""
    (name, classes, others), blocks = division["c"]
    groups = [_panels(one, name[:3]) for one in blocks]
    if sum(map(len, groups)) < 2:  # noqa: PLR2004  # one is no row
        return None
    said = next((pairs[key] for key in _CAPTIONS if pairs.get(key)), "")
    last = blocks[-1]
    line = division.get("line", 0)
    caption = [{"t": "Plain", "c": phrase(said), "line": line}] if said else []
    if not caption and last["t"] == "Para" and not groups[-1]:
        caption, blocks, groups = [{**last, "t": "Plain"}], blocks[:-1], groups[:-1]
    left = [pair for pair in others if pair[0] not in (*_LAYOUT, *_CAPTIONS, *_ALTS)]
    content = list(_content(blocks, groups, pairs))
    alt = next((pairs[key] for key in _ALTS if pairs.get(key)), "") or block_text(caption).strip()
    heard = rewrite(content, None, partial(_heard, alt)) if alt else content
    return [{**division, "t": "Figure", "c": [[name, [*classes, WHOLE], left], [None, caption], heard]}]


def _heard(alt: str, inlines: list[Inline], _line: int) -> list[Inline]:
    """Pictures that say nothing to those who hear the page, with the words of the whole."""
    return [
        {**one, "c": [one["c"][0], [string(alt)], one["c"][2]]}
        if one["t"] == "Image" and not text(one["c"][1]).strip() and "alt" not in key_values(one["c"][0])
        else one
        for one in inlines
    ]


def _laid(division: Block, pairs: Mapping[str, str]) -> list[Block]:
    """A division whose figures stand side by side, each with a number of its own."""
    (name, classes, others), blocks = division["c"]
    groups = [_panels(one, "fig") for one in blocks]
    left = [pair for pair in others if pair[0] not in _LAYOUT]
    inner = list(_content(blocks, groups, pairs)) if sum(map(len, groups)) > 1 else blocks
    return [{**division, "c": [[name, classes, left], inner]}] if name or classes or left else inner


def _content(blocks: list[Block], groups: list[list[_Panel]], pairs: Mapping[str, str]) -> Iterator[Block]:
    """The parts in rows; what else is between them stays between the rows."""
    waiting: list[list[_Panel]] = []
    for one, group in zip(blocks, groups, strict=True):
        if group:
            waiting.append(group)
            continue
        yield from _rows(waiting, pairs)
        waiting = []
        yield one
    yield from _rows(waiting, pairs)


def _rows(groups: list[list[_Panel]], pairs: Mapping[str, str]) -> Iterator[Block]:
    """The parts of neighbouring paragraphs in rows: as the layout says, by paragraphs, by what has room in a line."""
    panels = [panel for group in groups for panel in group]
    if any(panel.block["t"] == "Table" for panel in panels):  # a book's line is too short for two
        yield from (_with_class(panel.block) for panel in panels)
        return
    if not panels:
        return
    if shares := _said(pairs, len(panels)):
        yield from _by_layout(panels, shares)
        return
    if all(len(group) == 1 for group in groups):
        groups = [panels]
    for group in groups:
        for row in _filled(group):
            yield _row(row)


def _said(pairs: Mapping[str, str], count: int) -> list[list[float]]:
    """The shares of each row that Quarto's layout asks for; none where it asks for nothing that can be read."""
    try:
        rows = json.loads(pairs.get("layout") or "[]")
        columns = int(pairs.get("layout-ncol") or 0)
        high = int(pairs.get("layout-nrow") or 0)
        found = [[float(one) for one in row] for row in (rows if rows and isinstance(rows[0], list) else [rows])]
    except (ValueError, TypeError):
        return []
    if any(one > 0 for row in found for one in row):
        return found
    columns = columns or (-(-count // high) if high > 0 else 0)
    return [[1.0] * columns] if columns > 0 else []


def _by_layout(panels: list[_Panel], shares: list[list[float]]) -> Iterator[Block]:
    """Rows of these shares, the last repeated; a negative share is a gap."""
    at, number = 0, 0
    while at < len(panels):
        row = shares[min(number, len(shares) - 1)]
        whole = sum(map(abs, row)) or 1.0
        wanted = [one for one in row if one > 0] or [1.0]
        taken = panels[at : at + len(wanted)]
        yield _row([_Panel(one.block, _FULL * share / whole) for one, share in zip(taken, wanted, strict=False)])
        at, number = at + len(taken), number + 1


def _filled(panels: list[_Panel]) -> Iterator[list[_Panel]]:
    """Rows as full as the parts' own shares allow; of parts without shares two or three."""
    if not all(one.share for one in panels):
        most = 2 if len(panels) == 4 else _MOST  # noqa: PLR2004  # two by two
        for at in range(0, len(panels), most):
            yield panels[at : at + most]
        return
    row: list[_Panel] = []
    for one in panels:
        if row and sum(each.share for each in row) + one.share > _FULL + _OVER:
            yield row
            row = []
        row.append(one)
    yield row


def _row(panels: list[_Panel]) -> Block:
    """Parts side by side: shares of the row, which is itself as wide as they ask for together."""
    shares = [one.share for one in panels]
    known = sum(shares)
    rest = max(_FULL - known, 0.0) / (shares.count(0.0) or 1) or _FULL / len(panels)
    shares = [one or rest for one in shares]
    whole = sum(shares)
    wide = [["style", f"width:{_number(whole)}%"]] if whole < _FULL - _OVER else []
    parts = [_with_width(one, _FULL * share / whole) for one, share in zip(panels, shares, strict=True)]
    line = panels[0].block.get("line", 0)
    return {"t": "Div", "c": [["", [ROW], wide], parts], "line": line}


def _with_width(panel: _Panel, share: float) -> Block:
    """A part in its cell; its picture fills it where its author has said how wide it is to be."""
    part = _with_class(panel.block)
    name, classes, pairs = part["c"][0]
    left = [pair for pair in pairs if pair[0] != "style"]
    part = with_attr(part, [name, classes, [*left, ["style", f"width:{_number(share)}%"]]])
    return rewrite([part], None, _filling)[0]


def _with_class(part: Block) -> Block:
    name, classes, pairs = part["c"][0]
    return with_attr(part, [name, [*classes, PART], pairs])


def _filling(inlines: list[Inline], _line: int) -> list[Inline]:
    """A picture whose width is a share of the line, as wide as its cell, which has that share."""
    return [_fills(one) if one["t"] == "Image" and _share(one) else one for one in inlines]


def _fills(image: Inline) -> Inline:
    (name, classes, pairs), *rest = image["c"]
    return {
        **image,
        "c": [[name, classes, [["width", "100%"] if key == "width" else [key, value] for key, value in pairs]], *rest],
    }


def _number(share: float) -> str:
    return f"{share:.2f}".rstrip("0").rstrip(".")


# --- what is a part ---------------------------------------------------------------------------------------------------


def _panels(one: Block, kind: str) -> list[_Panel]:
    """The parts that a block is: a figure, the pictures of a paragraph, a division with a name; none for text."""
    if one["t"] == "Figure":
        return [_Panel(one, _share_of(one["c"][2]))]
    if one["t"] == "Table":
        return [_Panel(one)] if kind == "tbl" else []
    if one["t"] in ("Para", "Plain"):
        return [_Panel(_figure(image, one.get("line", 0)), _share(image)) for image in _pictures(one)]
    if one["t"] == "Div" and NAMED.match(one["c"][0][0]):
        made = _division(one)
        return [_Panel(made, _share_of(made["c"][2]))] if made else []
    return []


def _division(one: Block) -> Block | None:
    """A division with a name around one part: a figure, its last paragraph the caption."""
    (name, classes, pairs), blocks = one["c"]
    said = next((key_values(one["c"][0])[key] for key in _CAPTIONS if key_values(one["c"][0]).get(key)), "")
    left = [pair for pair in pairs if pair[0] not in (*_LAYOUT, *_CAPTIONS)]
    if len(blocks) == 1 and blocks[0]["t"] in ("Figure", "Table"):
        inner = blocks[0]
        own = attr(inner) or ["", [], []]
        named = with_attr(inner, [name, [*classes, *own[1]], [*left, *own[2]]])
        short, long = named["c"][1]
        legend = long or ([{"t": "Plain", "c": phrase(said)}] if said else [])
        return {**named, "c": [named["c"][0], [short, legend], *named["c"][2:]]}
    if not blocks:
        return None
    last = blocks[-1]
    ends = not said and len(blocks) > 1 and last["t"] == "Para" and not _pictures(last)
    caption = [{**last, "t": "Plain"}] if ends else [{"t": "Plain", "c": phrase(said)}] if said else []
    content = [_bare(inner) for inner in (blocks[:-1] if ends else blocks)]
    return {**one, "t": "Figure", "c": [[name, classes, left], [None, caption], content]}


def _bare(one: Block) -> Block:
    """A picture's own figure without its frame, for it stands in another, if it has no caption of its own."""
    if one["t"] == "Figure" and not one["c"][1][1] and not one["c"][0][0] and len(one["c"][2]) == 1:
        one = one["c"][2][0]
    return one


def _pictures(one: Block) -> list[Inline]:
    """The pictures of a paragraph that holds nothing else."""
    found = [inline for inline in one["c"] if inline["t"] not in _SPACES]
    return found if found and all(inline["t"] == "Image" for inline in found) else []


def _figure(image: Inline, line: int) -> Block:
    """A picture as a figure of its own, its text the caption."""
    (name, classes, pairs), alt, target = image["c"]
    caption = [{"t": "Plain", "c": alt, "line": line}] if text(alt).strip() else []
    shown = {**image, "c": [["", classes, pairs], alt, target]}
    content = [{"t": "Plain", "c": [shown], "line": line}]
    return {"t": "Figure", "c": [[name, [], []], [None, caption], content], "line": line}


def _share(image: Inline) -> float:
    """The share of the line that a picture is to have, of a hundred; 0 where its author has said none."""
    found = _PERCENT.match(key_values(image["c"][0]).get("width", "").strip())
    return min(float(found["number"]), _FULL) if found else 0.0


def _share_of(blocks: list[Block]) -> float:
    """The share that the one picture of a figure is to have."""
    images = [one for block in blocks if block["t"] in ("Plain", "Para") for one in block["c"] if one["t"] == "Image"]
    return _share(images[0]) if len(images) == 1 else 0.0


# --- pictures of one paragraph, without a figure around them ----------------------------------------------------------


def _beside(paragraph: Block, images: list[Inline]) -> list[Block] | None:
    """The pictures of a paragraph side by side: figures, where each has a name; else without captions, as typed."""
    line = paragraph.get("line", 0)
    if all(_is_named(one) for one in images):
        return [_row(row) for row in _filled([_Panel(_figure(one, line), _share(one)) for one in images])]
    if not all(_share(one) for one in images):
        return None
    panels = [_Panel(_wordless(one, line), _share(one)) for one in images]
    return [_row(row) if len(row) > 1 else row[0].block for row in _filled(panels)]


def _wordless(image: Inline, line: int) -> Block:
    """A picture as a figure without a caption."""
    (name, classes, pairs), alt, target = image["c"]
    content: list[Any] = [{"t": "Plain", "c": [{**image, "c": [["", classes, pairs], alt, target]}], "line": line}]
    own: Attr = [name, [], []]
    return {"t": "Figure", "c": [own, [None, []], content], "line": line}


def _is_named(image: Inline) -> bool:
    return bool(NAMED.match(image["c"][0][0]))
