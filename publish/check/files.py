"""The formats whose finished files can be checked, ours or anyone's, and the module that reads each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from publish.errors import Place, PublishError, UsageError
from publish.findings import Finding, line
from publish.language import tell

# A module's `check(path) -> list[Finding]` by the name of its format; it raises `PublishError` for what it cannot read.
# It may also have `draw(path, findings, folder) -> list[Path]`, which draws where the findings are.
CHECKERS = {"epub": "publish.check.epub", "pdf": "publish.check.pdf"}
INK_LIMIT = 300  # percent of all inks together: what printers ask for where they say nothing else
SHOWN = 10  # findings of one code that a report names; the JSON has all


def check_file(path: Path, format_name: str, ink_limit: int = 0) -> list[Finding]:
    """The findings on a finished file, with an `ink_limit` in percent those of a printer too.

    Raises `UsageError` for a format without a checker, or one that no press prints.
    """
    checker = _checker(format_name)
    if ink_limit and not hasattr(checker, "check_for_press"):
        raise UsageError(f"--for press cannot check {format_name} files", "Leave it out")
    if not path.is_file():
        raise PublishError("no such file", f"Name a finished {format_name} file", Place(str(path)))
    found: list[Finding] = checker.check_for_press(path, ink_limit) if ink_limit else checker.check(path)
    return found


def draw_file(path: Path, format_name: str, findings: Sequence[Finding], folder: Path) -> list[Path]:
    """A picture of each finding that has a place on a page. Raises `UsageError` for a format without pages."""
    checker = _checker(format_name)
    if not hasattr(checker, "draw"):
        raise UsageError(f"--pictures cannot draw findings in {format_name} files", "Leave out --pictures")
    drawn: list[Path] = checker.draw(path, findings, folder)
    return drawn


def _checker(format_name: str) -> Any:
    if format_name not in CHECKERS:
        raise UsageError(f'cannot check files of the format "{format_name}"', f"Choose from {', '.join(CHECKERS)}")
    return import_module(CHECKERS[format_name])


def as_report(findings: Sequence[Finding]) -> list[str]:
    """The findings as lines for people: the first of each code, and how many more there are."""
    seen: Counter[str] = Counter()
    lines = []
    for one in findings:
        seen[one.code] += 1
        if seen[one.code] <= SHOWN:
            lines.append(f"{line(one.severity, one.place, one.problem, one.remedy)} [{one.code}]")
    return lines + [
        f"{tell(f'… {count - SHOWN} more')} [{code}]" for code, count in sorted(seen.items()) if count > SHOWN
    ]
