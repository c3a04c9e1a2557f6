"""Rows that are changed, parted from what stands beside them, or left out, on their way to pandoc."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile

from publish.source.reading.rows import ReadingNotes, Row
from publish.source.reading.spans import IN_FOLDER

QUOTED = re.compile(r"^(?:[ \t]*>[ \t]?)+")
# Between two items whose numbers do not follow each other; taken out again behind pandoc.
APART = "<!-- apart -->"


@dataclass
class Edits:
    """The rows of a text, and what becomes of them: a blank line comes `before` some and `behind` some.

    `gone`: rows that are left out. `opaque`: code, rules and others whose text is not read. `tabled`: rows of tables.
    `hung`: rows whose indents are their author's. `leaps`: items whose numbers do not follow those above.
    """

    ledger: ReadingNotes
    rows: list[Row]
    before: set[int] = field(default_factory=set, init=False)
    behind: set[int] = field(default_factory=set, init=False)
    gone: set[int] = field(default_factory=set, init=False)
    opaque: set[int] = field(default_factory=set, init=False)
    tabled: set[int] = field(default_factory=set, init=False)
    hung: set[int] = field(default_factory=set, init=False)
    leaps: dict[int, str] = field(default_factory=dict, init=False)

    def lines(self, start: int, end: int) -> list[str]:
        """The texts of rows."""
        return [row.text for row in self.rows[start:end]]

    def beside(self, start: int, end: int) -> tuple[str, str]:
        """The lines before and behind a block that are not blank; "" where there is none."""
        places = (range(start - 1, -1, -1), range(end, len(self.rows)))
        before, behind = (next((self.rows[at].text for at in one if self.rows[at].text.strip()), "") for one in places)
        return before, behind

    def block(self, at: int) -> list[Row]:
        """The rows around one up to the blank lines before and behind."""
        first = next((one for one in range(at, -1, -1) if not self.rows[one].text.strip(" \t>")), -1) + 1
        return [*takewhile(lambda row: row.text.strip(" \t>"), self.rows[first:])]

    def set(self, at: int, text: str) -> None:
        """Another text for a row."""
        if text != self.rows[at].text:
            self.rows[at] = self.rows[at].with_text(text)

    def part(self, start: int) -> None:
        """Set a block apart from the paragraph above it."""
        if start and self.rows[start - 1].text.strip():
            self.before.add(start)

    def part_at(self, places: Iterable[int]) -> None:
        """Lines behind which a paragraph ends."""
        for at in places:
            self.set(at, self.rows[at].text.rstrip(" \\"))
            self.behind.add(at)

    def keep(self, places: Iterable[int]) -> None:
        """Lines that end where they end."""
        for at in places:
            text = self.rows[at].text.rstrip()
            path = text.endswith("\\") and IN_FOLDER.search(text[:-1])
            if path or not text.endswith(("<br>", "<br/>", "<br />", "\\")):
                self.set(at, text + "  ")

    def append_behind(self, at: int, text: str) -> None:
        """A line of our own below a row."""
        self.rows[at] = self.rows[at].with_text(self.rows[at].text + "\n" + text)

    def spaced(self) -> list[Row]:
        """The rows with the blank lines that they want."""
        out: list[Row] = []
        for at, row in enumerate(self.rows):
            if at in self.gone:
                continue
            quoted = QUOTED.match(row.text)
            blank = row.with_text(quoted[0].rstrip() if quoted else "")
            if at in self.leaps:
                edge = self.leaps[at]
                out += [row.with_text(text) for text in (edge.rstrip(), edge + APART, edge.rstrip())]
            if at in self.before and out and out[-1].text.strip(" \t>"):
                before = QUOTED.match(out[-1].text)
                out.append(blank if before or not quoted else row.with_text(""))
            out += [row.with_text(text) for text in row.text.split("\n")]
            if at in self.behind:
                out.append(blank)
        return out
