"""The check of a PDF: what it shows is read, arranged in lines and paragraphs, and judged by a table of rules.

`read` runs the pages, `lines` finds lines, paragraphs and the measure, `rules` has the table; `pictures` shows where.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from publish.findings import Finding


def check(path: Path) -> list[Finding]:
    """What a person should look at in a PDF, in page order. Raises `PublishError` for what is not a PDF."""
    from publish.check.pdf.read import read_pdf  # noqa: PLC0415  # loads what only this check needs
    from publish.check.pdf.rules import findings  # noqa: PLC0415  # the same

    return list(findings(read_pdf(path)))


def check_for_press(path: Path, ink_limit: int) -> list[Finding]:
    """What a printer would send back, and the rest, in page order; `ink_limit` is in percent. Raises as `check`."""
    from publish.check.pdf.faults import in_order  # noqa: PLC0415  # the same
    from publish.check.pdf.painted import read_painted  # noqa: PLC0415  # the same
    from publish.check.pdf.press import REPLACED, ForPress, press_findings  # noqa: PLC0415  # the same
    from publish.check.pdf.read import read_pdf  # noqa: PLC0415  # the same
    from publish.check.pdf.rules import findings  # noqa: PLC0415  # the same

    document = read_pdf(path)
    proof = [one for one in findings(document) if one.code not in REPLACED]
    return list(in_order([*proof, *press_findings(ForPress(document, read_painted(path), ink_limit))]))


def draw(path: Path, findings: Sequence[Finding], folder: Path) -> list[Path]:
    """Write a picture of each finding into a folder, which is created if missing; return the files."""
    from publish.check.pdf import pictures  # noqa: PLC0415  # loads what only pictures need

    return pictures.draw(path, findings, folder)
