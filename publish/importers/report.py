"""What an import did and where it was unsure: each choice with its place, for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from publish.importers.told import report_lines
from publish.language import tell

LONGEST_EXCERPT = 40

Kind = Literal["changed", "unread"]
State = Literal["added", "updated", "same", "yours", "conflict", "gone", "left"]


@dataclass(frozen=True, order=True)
class ImportDecision:
    """One choice: the original's `file` ("": the only one) and `line` from 1 (0: the whole file), a stable `code`.

    `choice` is what was done, `reason` why; `kind` tells what was changed from what was not understood and left as it
    stands.
    """

    file: str
    line: int
    code: str
    excerpt: str
    choice: str
    reason: str
    kind: Kind = "changed"

    @property
    def where(self) -> str:
        """The place, for people."""
        if not self.file:
            return f"line {self.line}" if self.line else ""
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        where = f"{tell(self.where)}: " if self.where else ""
        return f"{where}{self.code}: {tell(self.choice)}: {self.excerpt} ({tell(self.reason)})"


@dataclass
class Ledger:
    """Collects what an importer decides (`decide`) and what it counts (`count`: chapters, links, images kept).

    `file` is the original that is being read. `marks` and `wraps` are the clip importer's.
    """

    decisions: list[ImportDecision] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    file: str = ""
    marks: dict[int, str] = field(default_factory=dict)
    wraps: int = 0

    def decide(self, code: str, line: int, excerpt: str, choice: str, reason: str, *, kind: Kind = "changed") -> None:
        """Note a choice; a long excerpt is cut, except boilerplate, which is nowhere else in the text."""
        plain = " ".join(excerpt.split())
        if code != "boilerplate" and len(plain) > LONGEST_EXCERPT:
            plain = plain[: LONGEST_EXCERPT - 1] + "…"
        self.decisions.append(ImportDecision(self.file, line, code, plain, choice, reason, kind))

    def unread(self, code: str, line: int, excerpt: str, reason: str) -> None:
        """Note what was not understood: it stays in the text as its author wrote it."""
        self.decide(code, line, excerpt, "left as it stands", reason, kind="unread")

    def count(self, what: str, number: int = 1) -> None:
        """Count things that were kept: `links`, `images`, `listings`."""
        self.counts[what] += number

    def mark(self, line: int, markup: str) -> None:
        """Note markup at the beginning of a line that becomes structure: `> `, `  * `, `## `."""
        self.marks[line] = self.marks.get(line, "") + "".join(markup.split())

    def sorted(self) -> tuple[ImportDecision, ...]:
        """The decisions by place, then code; each once."""
        return tuple(sorted(set(self.decisions)))


@dataclass(frozen=True)
class FileChange:
    """What a second import found about a file: `diff` leads from the file as it is to what the import would write."""

    path: str
    state: State
    diff: str = ""

    def __str__(self) -> str:
        return f"{tell(_STATES[self.state])}: {self.path}"


_STATES: dict[State, str] = {
    "added": "new in the original",
    "updated": "changed in the original, updated",
    "same": "unchanged",
    "yours": "changed by you, kept",
    "conflict": "changed by you and in the original: yours is kept, theirs stands beside it as .new",
    "gone": "no longer in the original, kept",
    "left": "changed by you, and no longer in the original: kept, but its place in book.yaml may be gone",
}


@dataclass(frozen=True)
class ImportReport:
    """The report of one import. `metadata` are the keys of book.yaml.

    `originals` and `files` map paths, of the original and of the new folder, to SHA-256 as written; `counts` says what
    was kept. `changes` are those of a folder that was imported before.
    """

    importer: str
    source: str
    metadata: Mapping[str, Any]
    counts: Mapping[str, int]
    decisions: tuple[ImportDecision, ...]
    originals: Mapping[str, str]
    files: Mapping[str, str]
    changes: tuple[FileChange, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON has it."""
        return asdict(self)

    def to_json(self) -> str:
        """The report as JSON text with a final newline, without `changes`; the same source gives the same text."""
        kept = {key: value for key, value in self.as_dict().items() if key != "changes"}
        return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"

    def text(self) -> str:
        """The report as plain lines."""
        return "\n".join(report_lines(self)) + "\n"
