"""Units: each text of an edition that was converted as a whole, with its place in the source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from publish.source.document import Inline, attr
from publish.source.identify import MARK
from publish.source.leaves import Leaf

# A text of the book's flow; of the metadata; one that only machines read or that shows on hovering.
Kind = Literal["heading", "text", "note", "metadata", "aside"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A text of the source that is converted as a whole, and what it became.

    `chapter` is the chapter's key (empty: the metadata); `id` that of the paragraph, heading or note, or of the one
    before it; `cuts` are the borders of its nodes and `opaque` the ranges that are not converted, both in code points.
    `borders` are those cuts at which the markup changes. `level` is a heading's. `running` are the opening quotation
    marks that a later paragraph closes.
    """

    chapter: str
    file: str
    line: int
    id: str
    kind: Kind
    text: str
    output: str
    cuts: tuple[int, ...] = ()
    opaque: tuple[tuple[int, int], ...] = ()
    borders: tuple[int, ...] = ()
    level: int = 0
    running: tuple[int, ...] = ()

    @property
    def digest(self) -> str:
        """A short hash of the source's text: two units with the same had the same text."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def mark_of(inlines: list[Inline]) -> str:
    """The id that a paragraph carries in its first node; empty where it has none."""
    found = attr(inlines[0]) if inlines and inlines[0]["t"] == "Span" else None
    return str(found[0]) if found and MARK in found[1] else ""


def borders(parts: Sequence[Leaf]) -> tuple[int, ...]:
    """Where the markup changes between two converted pieces of text, in code points of the joined text."""
    out: list[int] = []
    position = 0
    for before, after in pairwise(parts):
        position += len(before.text)
        if before.path != after.path and before.text and after.text and not (before.opaque or after.opaque):
            out.append(position)
    return tuple(out)


END = ",\n"  # of a row of a record
_quoted = json.JSONEncoder(ensure_ascii=False).encode


def rows(units: Iterable[Unit]) -> str:
    """The rows of units in the record of an edition: chapter, id, digest, what it became; JSON with a comma behind."""
    said = ((one.chapter, one.id, one.digest, one.output) for one in units)
    return "".join(f"[{', '.join(map(_quoted, row))}]{END}" for row in said)


@dataclass(frozen=True, eq=False)
class Units:
    """The units of an edition in reading order, read from the store where somebody asks for them."""

    parts: tuple[Callable[[], Iterable[Unit]], ...]

    def __iter__(self) -> Iterator[Unit]:
        for part in self.parts:
            yield from in_reading_order(part())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Units) and [*self] == [*other]

    __hash__ = None  # type: ignore[assignment]  # they are read for it


def in_reading_order(units: Iterable[Unit]) -> tuple[Unit, ...]:
    """The units in reading order: a note, which is converted first, comes after the text that calls it."""
    out: list[Unit] = []
    notes: list[Unit] = []
    for one in units:
        if one.kind == "note" or (one.kind == "aside" and notes):
            notes.append(one)
        else:
            out += [one, *notes]
            notes = []
    return (*out, *notes)
