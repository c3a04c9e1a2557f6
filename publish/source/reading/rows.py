"""Rows: the lines of a text on their way to pandoc, each with the line of the source that it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

# A line with tildes on both sides of its words, ~~~~分割线~~~~, opens no code.
DECORATED = re.compile(r"^[ \t>]*~{3,}[^~\n]+~{3,}[ \t]*$")
FENCE = re.compile(
    r"^(?P<before>[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)?)"
    r"(?P<mark>`{3,}|~{3,}(?!~*[^~\n]*[^~\s]~{3,}[ \t]*$))(?P<info>[^\n]*)$"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of text, and the number (from 1) of the source's line that it comes from."""

    text: str
    line: int

    def with_text(self, text: str) -> Row:
        """Another text from the same line."""
        return Row(text, self.line)


@dataclass(frozen=True, slots=True)
class Met:
    """Something met while reading: its kind, its line, its words."""

    kind: str
    line: int
    words: str


@dataclass
class ReadingNotes:
    """What a reading keeps account of: syntax that it took away, by name, and what it did not understand.

    `told` is what it did understand, but reads otherwise than it was typed. `cites` is whether the book has literature.
    """

    cites: bool = False
    named: list[Met] = field(default_factory=list)
    unread: list[Met] = field(default_factory=list)
    told: list[Met] = field(default_factory=list)
    meant: set[int] = field(default_factory=set)  # lines on which a template stands as an example

    def name(self, kind: str, line: int, words: str) -> None:
        """Note words of the source that are syntax and not text."""
        self.named.append(Met(kind, line, words))

    def tell(self, kind: str, line: int, words: str) -> None:
        """Note what is read, but not as it was typed."""
        self.told.append(Met(kind, line, words))

    def leave(self, kind: str, line: int, words: str) -> None:
        """Note markup that is not understood and stands as it was typed."""
        self.unread.append(Met(kind, line, words))

    def join(self, line: int, words: str) -> None:
        """Note a line without a mark at its end that goes on in the next."""
        self.told.append(Met("joined lines", line, words))


def rows_of(lines: list[str] | tuple[str, ...]) -> list[Row]:
    """The lines of a source as rows."""
    return [Row(text, number) for number, text in enumerate(lines, 1)]


def opening_fence(text: str) -> re.Match[str] | None:
    """The mark and the info of a line that opens fenced code."""
    found = FENCE.match(text) if "```" in text or "~~~" in text else None
    return found if found and not (found["mark"][0] == "`" and "`" in found["info"]) else None


def fenced(rows: Sequence[Row], start: int) -> int:
    """The index behind the fenced code that opens at `start`; `start` where none opens there."""
    found = opening_fence(rows[start].text)
    if not found:
        return start
    mark = found["mark"]
    closing = re.compile(rf"^[\s>]*{re.escape(mark[0])}{{{len(mark)},}}\s*$")
    return next((at + 1 for at in range(start + 1, len(rows)) if closing.match(rows[at].text)), start)


def stretches(rows: Sequence[Row]) -> Iterator[tuple[int, int, bool]]:
    """From where to where fenced code goes as a whole, and each other line by itself; whether it is code."""
    at = 0
    while at < len(rows):
        end = fenced(rows, at)
        yield at, max(end, at + 1), end > at
        at = max(end, at + 1)
