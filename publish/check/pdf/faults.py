"""What a rule of a page finds, the row that a rule is, and how a fault becomes a finding with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from publish.check.pdf.lines import (
    Layout,
    PrintedLine,
)
from publish.check.pdf.page import Box, Document
from publish.errors import Place
from publish.findings import Finding, Severity


@dataclass(frozen=True, order=True)
class PageFinding(Finding):
    """A finding in a PDF: the page from 1 (0: the whole document), its label, the place on it, what stands there."""

    page: int = 0
    label: str = ""
    box: Box | None = None
    text: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON has it; the box as left, top, right and bottom, points from the page's top left."""
        box = self.box and [round(one, 2) for one in (self.box.left, self.box.top, self.box.right, self.box.bottom)]
        return super().as_dict() | {"page": self.page, "label": self.label, "box": box, "text": self.text}


@dataclass(frozen=True)
class PageFault:
    """What a rule found: the page from 1, the place, what stands there, the problem; else its rule's severity."""

    page: int
    box: Box | None
    text: str
    problem: str
    severity: Severity | None = None


@dataclass(frozen=True)
class PageRule:
    """A row of the table of checks."""

    code: str
    severity: Severity
    find: Callable[[Layout], Iterable[PageFault]]
    remedy: str


def in_order(found: Iterable[PageFinding]) -> list[PageFinding]:
    """Findings in the order of pages, from the top."""
    return sorted(found, key=lambda one: (one.page, one.box.top if one.box else 0, one.code, one.problem))


def found_at(document: Document, rule: PageRule, fault: PageFault) -> PageFinding:
    """A fault with its rule, its page's label and its place."""
    label = document.pages[fault.page - 1].label if fault.page else ""
    where = ""
    if fault.page:
        where = f"page {fault.page}" + (f" ({label})" if label and label != str(fault.page) else "")
    if fault.box:
        where += f" at {fault.box.left:.0f}, {fault.box.top:.0f}"
    place = Place(document.file, 0, where)
    severity = fault.severity or rule.severity
    return PageFinding(rule.code, severity, place, fault.problem, rule.remedy, fault.page, label, fault.box, fault.text)


def excerpt(text: str, most: int = 12) -> str:
    """A text short enough for a message: its beginning and its end."""
    return text if len(text) <= most else f"{text[: most // 2]}…{text[-most // 2 :]}"


def at(line: PrintedLine, problem: str, box: Box | None = None, severity: Severity | None = None) -> PageFault:
    """A fault of a line, at its own place or at one within it."""
    return PageFault(line.page, box or line.box, line.text, problem, severity)
