"""The checks of finished files, by format: `publish check --format pdf FILE`, ours or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from publish.check.findings import Finding
from publish.check.pdf import check_pdf, draw_pdf
from publish.errors import UsageError

# What looks at a file of each format, and what draws its findings into a folder.
CHECKS: dict[str, Callable[[Path], list[Finding]]] = {"pdf": check_pdf}
PICTURES: dict[str, Callable[[Path, Sequence[Finding], Path], list[Path]]] = {"pdf": draw_pdf}
SHOWN = 10  # findings of one code that the report names; the JSON has all


def check_file(format_name: str, path: Path) -> list[Finding]:
    """What a person should look at in a finished file. Raises `UsageError` for a format that has no checks."""
    if format_name not in CHECKS:
        raise UsageError(f'no check for the format "{format_name}"', f"Choose from {', '.join(CHECKS)}")
    return CHECKS[format_name](path)


def draw_file(format_name: str, path: Path, findings: Sequence[Finding], folder: Path) -> list[Path]:
    """A picture of each finding that has a place. Raises `UsageError` for a format that has no pictures."""
    if format_name not in PICTURES:
        raise UsageError(f'no pictures for the format "{format_name}"', f"Choose from {', '.join(PICTURES)}")
    return PICTURES[format_name](path, findings, folder)


def report(path: Path, findings: Sequence[Finding]) -> list[str]:
    """The findings as lines for people: the first of each code, how many more there are, and all of them counted."""
    seen: Counter[str] = Counter()
    lines = []
    for one in findings:
        seen[one.code] += 1
        if seen[one.code] <= SHOWN:
            lines.append(f"{one.severity}: {one}")
    lines += [f"… {count - SHOWN} more of [{code}]: see --json" for code, count in seen.items() if count > SHOWN]
    count = sum(one.severity != "note" for one in findings)
    codes = ", ".join(f"{code} {number}" for code, number in sorted(seen.items()))
    lines.append(f"{path}: {count} finding{'' if count == 1 else 's'}" + (f" ({codes})" if codes else ""))
    return lines
