"""What a command says: results and JSON to standard output, all else to standard error."""

from __future__ import annotations

import json
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

from publish.errors import GatheredError, Place, PublishError
from publish.findings import Finding, as_lines
from publish.language import ENGLISH, phrasebook, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console


class Stderr:
    """Standard error: plain lines, and rich's where something moves on a terminal, between which they have to go."""

    @cached_property
    def console(self) -> Console:
        """Rich's own."""
        from rich.console import Console  # noqa: PLC0415  # slow to load

        return Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

    def print(self, message: str) -> None:
        """Write a line."""
        if "console" in vars(self):
            self.console.print(message, markup=False)
        else:
            print(message, file=sys.stderr, flush=True)


err = Stderr()


class Stopped(BaseException):
    """Ctrl-C, or a signal to end. No KeyboardInterrupt: Typer would answer that one itself."""


def print_findings(findings: Sequence[Finding], *, quiet: bool) -> None:
    """Write findings to standard error, without notes if quiet."""
    for one in as_lines([one for one in findings if not (quiet and one.severity == "note")]):
        err.print(one)


def as_rows(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as JSON has them: in English, unless the command line asks for another language."""
    book = phrasebook(spoken.language if spoken.asked else ENGLISH)
    return [one.told(book).as_dict() for one in findings]


def of_failure(error: PublishError) -> list[Finding]:
    """What was found until a book could not be built, and why it could not, as findings."""
    before = error.findings if isinstance(error, GatheredError) else ()
    return [*before, *(Finding("error", "error", one.place or Place(""), one.problem, one.remedy) for one in error.all)]


def vars_of(one: Any) -> dict[str, Any]:
    """A frozen record's fields."""
    from dataclasses import asdict  # noqa: PLC0415  # needed here only

    return asdict(one)


def print_line(data: Any) -> None:
    """Print JSON on one line, at once: an event."""
    print(json.dumps(data, ensure_ascii=False), flush=True)


def print_json(data: Any) -> None:
    """Print JSON for people to read, too."""
    print(json.dumps(data, ensure_ascii=False, indent=1))
