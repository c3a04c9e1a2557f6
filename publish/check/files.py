"""The formats whose finished files can be checked, ours or anyone's, and the module that reads each."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from publish.check.findings import Finding
from publish.errors import Place, PublishError, UsageError

# A module's `check(path) -> list[Finding]` by the name of its format; it raises `PublishError` for what it cannot read.
CHECKERS = {"epub": "publish.check.epub"}


def check_file(path: Path, format_name: str) -> list[Finding]:
    """The findings on a finished file, by file and code. Raises `UsageError` for a format without a checker."""
    if format_name not in CHECKERS:
        raise UsageError(f'files of the format "{format_name}" cannot be checked', f"Choose from {', '.join(CHECKERS)}")
    if not path.is_file():
        raise PublishError("no such file", f"Name a finished {format_name} file", Place(str(path)))
    found: list[Finding] = import_module(CHECKERS[format_name]).check(path)
    return sorted(dict.fromkeys(found), key=lambda one: (one.place, one.code))
