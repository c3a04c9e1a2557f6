"""Pandoc's warnings while reading, as findings with their places in the source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from publish.errors import Place
from publish.findings import Finding
from publish.source.reading import Reading
from publish.source.sheets import SourceFile


def read_findings(warnings: Sequence[str], file: SourceFile, reading: Reading) -> list[Finding]:
    """Pandoc's warnings while reading a file, as findings; those about ids are told by `identify`."""
    open_ended = any(one.kind in _NEVER_CLOSED for one in reading.unread)  # which is told there
    return [
        _read_finding(warning, _warning_place(warning, file, reading))
        for warning in dict.fromkeys(warnings)
        if not warning.startswith("Duplicate identifier") and not (open_ended and _UNCLOSED.match(warning))
    ]


_NEVER_CLOSED = ("an element that is never closed", "a container that is never closed")
_UNCLOSED = re.compile(r"(?:Div|Span) at line \d+ column \d+ unclosed")


def _read_finding(warning: str, place: Place) -> Finding:
    if note := re.match(r"Note with key '(.+)' defined at line \d+ column \d+ but not used", warning):
        problem = f"nothing calls the note [^{note[1]}], so it is not in the book"
        return Finding("note-unused", "warning", place, problem, f"Call it with [^{note[1]}], or take it out")
    if _UNCLOSED.match(warning):
        problem = "what begins here, a division or an element, is never closed, and ends where the next one does"
        return Finding("markup-unread", "warning", place, problem, "Close it, or take it out")
    return Finding("pandoc", "warning", place, " ".join(warning.split())[:300])


def _warning_place(warning: str, file: SourceFile, reading: Reading) -> Place:
    """Where a warning means: pandoc names the line of what it read."""
    line = int(match[1]) if (match := re.search(r"at line (\d+)", warning)) else 0
    return Place(file.name, reading.line_of(line))
