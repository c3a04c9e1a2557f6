"""What `publish library build` says: a line as each book ends, and at the end what failed and why."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from publish.errors import Place
from publish.findings import Finding, as_lines, line
from publish.language import duration, tell
from publish.library.run import LibraryReport, LibraryWish, build_library
from publish.library.work import Done
from publish.textfile import shown

Say = Callable[[str], None]


class _Progress:
    """Tells of books as they end, with how many are done and the time that is left."""

    def __init__(self, say: Say) -> None:
        self._say, self._began = say, time.monotonic()
        self._total = self._count = self._made = 0

    def __call__(self, event: Mapping[str, Any]) -> None:
        if event["event"] == "run":
            self._total = event["books"]
        elif "book" in event:
            self._count += 1
            self._made += event["event"] != "unchanged"
            counted = f"{self._count}/{self._total}"
            self._say(f"{counted}  {event['book']}: {tell(_ended(event))}{self._left()}")

    def _left(self) -> str:
        """The time left, where it can be told: what has not changed takes none."""
        left = self._total - self._count
        seconds = (time.monotonic() - self._began) / self._count * left
        return tell(f"; about {duration(seconds)} left") if self._made and seconds >= 1 else ""


def build(catalog: Path, wish: LibraryWish, say: Say, print_line: Callable[[Any], None] | None) -> bool:
    """Build a catalog's books and tell of it, by lines of JSON where `print_line` is given; whether none failed."""
    report = build_library(catalog, wish, print_line or _Progress(say))
    if print_line is None:
        for line in summary(report):
            print(line)
    return not report.of("failed")


def summary(report: LibraryReport) -> list[str]:
    """The report of a run, in lines: what failed with its errors, how many warnings each book has, counts."""
    lines = [told for one in report.of("failed") for told in _failure(one)]
    for one in report.books:
        if one.findings:
            found = [Finding.from_dict(finding) for finding in one.findings]
            lines += [tell(f"{one.key}: {_count(len(found), 'warning')}"), *(f"  {told}" for told in as_lines(found))]
    counts = [f"{len(report.of(state))} {state}" for state in ("built", "unchanged", "failed") if report.of(state)]
    return [*lines, tell(f"{_count(len(report.books), 'book')} in {shown(report.output)}: {', '.join(counts)}")]


# An error as it was written down: its place, and what is wrong there.
_PLACED = re.compile(r"((?:[^\s:]+\.\w+|[^\s:]*/[^\s:]+)(?::\d+)?(?:: [\w.-]+)?): (?=[^:]+)(.*)", re.DOTALL)


def _failure(done: Done) -> list[str]:
    return [tell(f"{done.key}: failed"), *(f"  {_error(error)}" for error in done.errors)]


def _error(error: str) -> str:
    """An error in the user's language, behind its place."""
    placed = _PLACED.fullmatch(error)
    where, said = (placed[1], placed[2]) if placed else ("", error)
    problem, _, remedy = said.removesuffix(".").partition(". ")
    return line("error", Place(where), problem, remedy)


def _ended(event: Mapping[str, Any]) -> str:
    """What came of a book, in a few words."""
    if event["event"] == "built":
        return f"built ({event['seconds']:.1f} s)"
    return str(event["event"])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
