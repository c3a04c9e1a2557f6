"""Reading: Markdown as people write it, made the Markdown that pandoc reads in the same sense, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markdown_it.token import Token

from publish.source.reading.blocks import Blocks
from publish.source.reading.containers import Containers
from publish.source.reading.drawn import ruled, with_line_ends
from publish.source.reading.edits import APART
from publish.source.reading.leavings import without_leavings
from publish.source.reading.radicals import as_characters, has_radicals, is_pasted, without_nothing
from publish.source.reading.rows import Met, ReadingNotes, Row, rows_of, stretches
from publish.source.reading.tagged import tagged
from publish.source.reading.unfenced import unfenced


@dataclass(frozen=True)
class Reading:
    """A text as pandoc is to read it: its `rows`, made of the rows of its source, and what was met on the way.

    `shown` are the rows before the narrowing, of which `tokens` are CommonMark's reading.
    """

    sources: tuple[Row, ...]
    rows: tuple[Row, ...]
    shown: tuple[Row, ...]
    tokens: tuple[Token, ...]
    named: tuple[Met, ...]
    unread: tuple[Met, ...]
    radicals: tuple[Met, ...]
    told: tuple[Met, ...] = ()

    @property
    def text(self) -> str:
        """The text for pandoc."""
        return "\n".join(row.text for row in self.rows) + "\n"

    def line_of(self, number: int) -> int:
        """The source's line of a line, from 1, of the text for pandoc; 0 for one that it does not have."""
        return self.rows[number - 1].line if 0 < number <= len(self.rows) else 0


def read_dialects(lines: Sequence[str], *, cites: bool = False, ends: Literal["keep", "join"] | None = None) -> Reading:
    """Read a text of any dialect. Every line that goes to pandoc keeps the number of the line that it comes from.

    `cites` is whether the book has literature to cite; without it `[@key]` is text. `ends` is what becomes of
    lines within paragraphs; None where that is told by the text.
    """
    ledger = ReadingNotes(cites=cites)
    rows, radicals = _characters(rows_of(list(lines)))
    typed = ruled(with_line_ends(rows))
    plain = unfenced(without_leavings(tagged(typed, ledger), ledger), ledger)
    blocks = Blocks(ledger, Containers(ledger).read(plain), ends=ends)
    made = blocks.read()
    return Reading(
        tuple(rows),
        tuple(made),
        tuple(blocks.shown),
        tuple(blocks.tokens),
        tuple(ledger.named),
        tuple(ledger.unread),
        tuple(radicals),
        tuple(ledger.told),
    )


def _characters(rows: list[Row]) -> tuple[list[Row], list[Met]]:
    """The rows with radicals made characters, without what shows nothing among Han, and where there were radicals.

    Fenced code stays as it is.
    """
    if not any(has_radicals(row.text) or without_nothing(row.text) != row.text for row in rows):
        return rows, []
    out: list[Row] = []
    met: list[Met] = []
    alone = is_pasted(row.text for row in rows)
    for at, end, code in stretches(rows):
        if code:
            out += rows[at:end]
        else:
            plain = without_nothing(rows[at].text)
            text = as_characters(plain, alone=alone)
            met += [Met("radicals", rows[at].line, rows[at].text)] if text != plain else []
            out.append(rows[at].with_text(text))
    return out, met


__all__ = ["APART", "Met", "Reading", "Row", "read_dialects"]
