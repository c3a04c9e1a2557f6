"""Tables written in HTML made tables of the book: numbered, named, referred to and noted as all others are.

pandoc hands them on as tags with blocks between them. What is more than a table (another one inside, cells of two rows
that overlap, text outside of its cells) stays HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from publish.source.document import Attr, Block

_BEGINS = re.compile(r"\s*<table[\s>]", re.IGNORECASE)
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w-]*)(?P<said>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)/?>")
_SAID = re.compile(r"(?P<key>[^\s=\"'<>/]+)(?:\s*=\s*(?:\"(?P<d>[^\"]*)\"|'(?P<s>[^']*)'|(?P<b>[^\s\"'=<>`]+)))?")
_COMMENT = re.compile(r"\s*(?:<!--.*?-->\s*)*", re.DOTALL)
_SECTIONS = frozenset(["thead", "tbody", "tfoot"])
_PARTS = _SECTIONS | {"table", "tr", "td", "th", "caption", "colgroup", "col"}
_KEPT = frozenset(["style", "lang", "dir", "title"])  # attributes that say more than how an old browser shows it
_ALIGN = re.compile(r"(?:^|;)\s*text-align\s*:\s*(left|right|center)\s*(?:;|$)")
_ALIGNMENTS = {"left": "AlignLeft", "right": "AlignRight", "center": "AlignCenter"}
_WHOLE = "100%"  # the columns of a note below a table, as kableExtra writes them
_MOST = 1000  # rows or columns that one cell may span (HTML §4.9.11)


def has_raw_tables(text: str) -> bool:
    """Whether a text may hold a table of HTML."""
    return "<table" in text or "<TABLE" in text


def with_tables(blocks: list[Block]) -> list[Block]:
    """The blocks with tables of HTML as tables, also those within lists, quotations and divisions."""
    out: list[Block] = []
    at = 0
    while at < len(blocks):
        found = _table(blocks, at) if _begins(blocks[at]) else None
        if found:
            out.append(found[0])
            at = found[1]
        else:
            out.append(_inside(blocks[at]))
            at += 1
    return out


def _inside(one: Block) -> Block:
    if one["t"] == "Div":
        return {**one, "c": [one["c"][0], with_tables(one["c"][1])]}
    if one["t"] == "BlockQuote":
        return {**one, "c": with_tables(one["c"])}
    if one["t"] == "BulletList":
        return {**one, "c": [with_tables(item) for item in one["c"]]}
    if one["t"] == "OrderedList":
        return {**one, "c": [one["c"][0], [with_tables(item) for item in one["c"][1]]]}
    return one


def _begins(one: Block) -> bool:
    return bool(
        one["t"] == "RawBlock" and one["c"][0] == "html" and re.match(r"\s*<table[\s>]", one["c"][1], re.IGNORECASE)
    )


class _NoTableError(Exception):
    """What was begun is more than a table."""


@dataclass
class _Cell:
    """A cell as it is written."""

    head: bool
    said: dict[str, str]
    blocks: list[Block] = field(default_factory=list)

    def span(self, name: str) -> int:
        """How many rows or columns it spans; `100%` is as many columns as there are, which `_filled` has put there."""
        value = self.said.get(name, "1") or "1"
        if value == _WHOLE:
            return 1
        if not value.isdigit() or not 0 < int(value) <= _MOST:
            raise _NoTableError
        return int(value)


@dataclass
class _Made:
    """A table as it is read: its caption, its columns, its rows by section."""

    said: dict[str, str]
    line: int
    caption: list[Block] = field(default_factory=list)
    columns: list[dict[str, str]] = field(default_factory=list)
    rows: dict[str, list[tuple[dict[str, str], list[_Cell]]]] = field(
        default_factory=lambda: {"thead": [], "tbody": [], "tfoot": []}
    )
    section: str = "tbody"
    place: str = ""  # where blocks go: a cell, the caption, nowhere

    def tag(self, end: bool, name: str, said: dict[str, str]) -> None:
        """Take one tag of a table."""
        if name in _SECTIONS:
            self.section, self.place = ("tbody" if end else name), ""
        elif name == "tr":
            self.place = ""
            if not end:
                self.rows[self.section].append((said, []))
        elif name in ("td", "th"):
            self.place = "" if end else "cell"
            if not end:
                self._row().append(_Cell(name == "th", said))
        elif name == "caption":
            self.place = "" if end else "caption"
        elif name == "col" and not end:
            self.columns += [said] * max(int(said["span"]) if said.get("span", "").isdigit() else 1, 1)

    def _row(self) -> list[_Cell]:
        if not self.rows[self.section]:
            raise _NoTableError
        return self.rows[self.section][-1][1]

    def take(self, block: Block) -> None:
        """Put a block where it stands."""
        if self.place == "cell":
            self._row()[-1].blocks.append(block)
        elif self.place == "caption":
            self.caption.append(block)
        else:
            raise _NoTableError


def _table(blocks: Sequence[Block], start: int) -> tuple[Block, int] | None:
    """The table that begins at a block, and where the text goes on; None for what is more than a table."""
    made: _Made | None = None
    try:
        for at in range(start, len(blocks)):
            for one in _pieces(blocks[at]):
                if not isinstance(one, re.Match):
                    if made is None:
                        return None
                    made.take(one)
                    continue
                name, said = one["name"].lower(), read_said(one["said"])
                if name == "table" and made is None:
                    made = _Made(said, blocks[at].get("line", 0))
                elif name == "table" and one["end"] and made:
                    return _block(made), at + 1
                elif name == "table" or made is None:
                    return None
                else:
                    made.tag(bool(one["end"]), name, said)
    except _NoTableError:
        return None
    return None


def _pieces(block: Block) -> Iterator[Any]:
    """The tags of a table in a block, each as a match; a block that has none is itself."""
    if block["t"] != "RawBlock" or block["c"][0] != "html":
        yield block
        return
    text = block["c"][1]
    tags = list(_TAG.finditer(text))
    ours = [tag["name"].lower() in _PARTS for tag in tags]
    if not any(ours):
        if not _COMMENT.fullmatch(text):
            yield block
        return
    if not all(ours) or not _COMMENT.fullmatch(_TAG.sub("", text)):
        raise _NoTableError
    yield from tags


def read_said(text: str) -> dict[str, str]:
    """What the inside of a tag says: its attributes by their names in lower case."""
    return {
        found["key"].lower(): html.unescape(found["d"] or found["s"] or found["b"] or "")
        for found in _SAID.finditer(text)
    }


# --- the block --------------------------------------------------------------------------------------------------------


def _block(made: _Made) -> Block:
    count = max((_width(_filled(rows)) for rows in made.rows.values()), default=0)
    sections = {name: _filled(rows, count) for name, rows in made.rows.items()}
    if not count or not (sections["tbody"] or sections["thead"]):
        raise _NoTableError
    head, body = sections["thead"], sections["tbody"]
    if not head:
        many = _heads(body)
        head, body = body[:many], body[many:]
    none: Attr = ["", [], []]
    content = [
        _attributes(made.said),
        [None, made.caption],
        [[{"t": "AlignDefault"}, width] for width in _widths(made.columns, count)],
        [none, [_row(row, count) for row in head]],
        [*_bodies(body, count)],
        [none, [_row(row, count) for row in sections["tfoot"]]],
    ]
    return {"t": "Table", "c": content, "line": made.line}


# A row: what is said of it, and its places, each with the cell that begins there, or None where one goes on.
_Row = tuple[dict[str, str], list[_Cell | None]]


def _filled(rows: Sequence[tuple[dict[str, str], list[_Cell]]], columns: int = 0) -> list[_Row]:
    """The rows of a section with their places; those of a cell that goes on are None (HTML §4.9.12).

    A cell over all columns ends with the last, where their number is known.
    """
    out: list[_Row] = [(said, []) for said, _ in rows]
    for number, (_, cells) in enumerate(rows):
        places = out[number][1]
        at = 0
        for cell in cells:
            while at < len(places) and places[at] is not _FREE:
                at += 1
            if columns and cell.said.get("colspan") == _WHOLE:
                cell.said["colspan"] = str(max(columns - at, 1))
            over, below = cell.span("colspan"), min(cell.span("rowspan"), len(rows) - number)
            cell.said["rowspan"] = str(below)
            for deeper in range(number, number + below):
                taken = out[deeper][1]
                taken += [_FREE] * (at + over - len(taken))
                if any(one is not _FREE for one in taken[at : at + over]):
                    raise _NoTableError
                taken[at : at + over] = [None] * over
            places[at] = cell
            at += over
    return out


_FREE = _Cell(head=False, said={})


def _width(rows: Sequence[_Row]) -> int:
    return max((len(places) for _, places in rows), default=0)


def _heads(rows: Sequence[_Row]) -> int:
    """How many rows of heads alone others begin with, as far as no cell of theirs goes on below."""
    run = next((at for at, row in enumerate(rows) if not _is_heads(row)), len(rows))
    return next((at for at in range(min(run, len(rows) - 1), 0, -1) if _closed(rows, at)), 0)


def _is_heads(row: _Row) -> bool:
    return any(row[1]) and all(cell is None or cell.head for cell in row[1])


def _closed(rows: Sequence[_Row], at: int) -> bool:
    """Whether no cell of the rows before one goes on in it."""
    above = ((number, cell) for number, (_, places) in enumerate(rows[:at]) for cell in places if cell is not None)
    return all(number + cell.span("rowspan") <= at for number, cell in above)


def _bodies(rows: Sequence[_Row], count: int) -> Iterator[list[Any]]:
    """The bodies of a table: rows of heads begin one, and heads before all rows are those of the rows."""
    starts = [
        at
        for at, row in enumerate(rows)
        if at and count > 1 and _is_heads(row) and not _is_heads(rows[at - 1]) and _closed(rows, at)
    ]
    for start, stop in pairwise([0, *starts, len(rows)]):
        part = rows[start:stop]
        heads = _heads(part) if count > 1 else 0
        own = part[heads:]
        yield [
            ["", [], []],
            _leading(own),
            [_row(row, count) for row in part[:heads]],
            [_row(row, count) for row in own],
        ]


def _leading(rows: Sequence[_Row]) -> int:
    """How many columns of heads rows begin with. Heads elsewhere are no table that pandoc can hold."""
    leads = [
        next((at for at, cell in enumerate(places) if cell is not None and not cell.head), len(places))
        for _, places in rows
    ]
    found = min(leads, default=0)
    if any(cell is not None and cell.head for _, places in rows for cell in places[found:]):
        raise _NoTableError
    return found


def _row(row: _Row, count: int) -> list[Any]:
    said, places = row
    empty = [_FREE] * (count - len(places))
    return [_attributes(said), [_cell(cell) for cell in [*places, *empty] if cell is not None]]


def _cell(cell: _Cell) -> list[Any]:
    style = cell.said.get("style", "")
    aligned = _ALIGN.search(style.lower())
    side = aligned[1] if aligned else cell.said.get("align", "").lower()
    rest = {**cell.said, "style": _ALIGN.sub(";", style).strip("; ") if aligned else style}
    kind = {"t": _ALIGNMENTS.get(side, "AlignDefault")}
    return [_attributes(rest), kind, cell.span("rowspan"), cell.span("colspan"), cell.blocks]


def _attributes(said: dict[str, str]) -> Attr:
    pairs = [[key, value] for key, value in said.items() if value and (key in _KEPT or key.startswith("data-"))]
    return [said.get("id", ""), said.get("class", "").split(), pairs]


def _widths(columns: Sequence[dict[str, str]], count: int) -> list[dict[str, Any]]:
    """The widths of the columns where all have a share of the measure."""
    said = [re.search(r"([\d.]+)%", one.get("style", "") or one.get("width", "")) for one in columns]
    shares = [float(found[1]) / 100 for found in said if found]
    if len(shares) == count and 0 < sum(shares) <= 1.01:  # noqa: PLR2004  # rounded
        return [{"t": "ColWidth", "c": share} for share in shares]
    return [{"t": "ColWidthDefault"}] * count
