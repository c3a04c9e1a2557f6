"""What an import did and where it was unsure: each decision with its line, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

LONGEST_EXCERPT = 40


@dataclass(frozen=True, order=True)
class Decision:
    """One choice: the clip's `line` (from 1), a stable `code`, what was `choice`n, and why."""

    line: int
    code: str
    excerpt: str
    choice: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.code}: {self.choice}: {self.excerpt} ({self.reason})"


@dataclass(frozen=True)
class Counts:
    """How many of each the chapter holds; `paragraphs` is running text outside lists, quotations, tables and dialogues.

    `spoken` are the paragraphs of dialogues, `speakers` those of them that begin with a speaker's label, `wraps` the
    line ends of html2text that were joined.
    """

    paragraphs: int = 0
    figures: int = 0
    headings: int = 0
    lists: int = 0
    list_items: int = 0
    quotes: int = 0
    tables: int = 0
    code_blocks: int = 0
    dialogues: int = 0
    spoken: int = 0
    speakers: int = 0
    wraps: int = 0


@dataclass(frozen=True)
class ImportReport:
    """The report of one import. `metadata` are the keys of book.yaml; `raw_sha256` is of the clip's bytes."""

    clip: str
    raw_sha256: str
    metadata: dict[str, Any]
    counts: Counts
    decisions: tuple[Decision, ...]
    files: tuple[str, ...]

    def to_json(self) -> str:
        """The report as JSON text with a final newline; the same clip gives the same text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"

    def text(self) -> str:
        """The report as plain lines."""
        counts = ", ".join(
            f"{number} {name.replace('_', ' ')}" for name, number in asdict(self.counts).items() if number
        )
        lines = [f"{self.clip} (SHA-256 {self.raw_sha256})", *(f"{key}: {self.metadata[key]}" for key in self.metadata)]
        heading = f"{len(self.decisions)} decisions to look over:" if self.decisions else "Nothing was doubtful."
        return "\n".join([*lines, counts, heading, *(f"  {decision}" for decision in self.decisions)]) + "\n"


@dataclass
class Ledger:
    """Collects decisions while a clip is read, and the markup that begins its lines (`marks`, by line)."""

    decisions: list[Decision] = field(default_factory=list)
    marks: dict[int, str] = field(default_factory=dict)
    wraps: int = 0

    def decide(self, code: str, line: int, excerpt: str, choice: str, reason: str) -> None:
        """Note a decision; a long excerpt is cut, but boilerplate stands whole, for it is nowhere else in the text."""
        plain = " ".join(excerpt.split())
        if code != "boilerplate" and len(plain) > LONGEST_EXCERPT:
            plain = plain[: LONGEST_EXCERPT - 1] + "…"
        self.decisions.append(Decision(line, code, plain, choice, reason))

    def mark(self, line: int, markup: str) -> None:
        """Note markup at the beginning of a line that becomes structure: `> `, `  * `, `## `."""
        self.marks[line] = self.marks.get(line, "") + "".join(markup.split())

    def sorted(self) -> tuple[Decision, ...]:
        """The decisions by line, then code; each once."""
        return tuple(sorted(set(self.decisions)))
