"""A finding: a stable code, how grave it is, a place, a problem and its remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from publish.errors import Place, PublishError, sentence

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, order=True)
class Finding:
    """Something that a person should look at. Codes are stable: `img-missing`, `link-broken`, `quote-unmatched`."""

    code: str
    severity: Severity
    place: Place
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place.file else ""
        remedy = f" {sentence(self.remedy)}" if self.remedy else ""
        return f"{where}{sentence(self.problem)}{remedy} [{self.code}]"

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON has it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.place.file,
            "line": self.place.line,
            "key": self.place.key,
            "problem": self.problem,
            "remedy": self.remedy,
        }


REMOTE = "img-remote"


def remote_images(count: int) -> str:
    """What is wrong with so many images on other hosts, in one sentence."""
    return f"{count} images are on other hosts and are not in the book"


def as_lines(findings: Sequence[Finding]) -> list[str]:
    """The findings as lines for people: one for each, but images on other hosts are said once, with a list."""
    remote = [one for one in findings if one.code == REMOTE]
    lines: list[str] = []
    for one in findings:
        if one.code != REMOTE or len(remote) == 1:
            lines.append(f"{one.severity}: {one}")
        elif one is remote[0]:
            problem = f"{remote_images(len(remote))}; each is set as a caption with its link"
            lines.append(f"{one.severity}: {problem}. {one.remedy.rstrip('.')}. [{REMOTE}]")
            lines += [f"    {each.place}  {_address(each)}".rstrip() for each in remote]
    return lines


def _address(finding: Finding) -> str:
    quoted = re.search(r'"([^"]*)"', finding.problem)
    return quoted[1] if quoted else ""


def placed(findings: Iterable[Finding], file: str) -> list[Finding]:
    """The findings; those that name no file are about `file`: a finished file, or the book's settings."""
    return [one if one.place.file else replace(one, place=replace(one.place, file=file)) for one in findings]


def refuse_warnings(findings: Sequence[Finding]) -> None:
    """Raise the first warning as an error, with the number of the others; images on other hosts are one warning."""
    warnings = [one for one in findings if one.severity != "note"]
    if not warnings:
        return
    first = warnings[0]
    alike = [one for one in warnings if one.code == REMOTE] if first.code == REMOTE else [first]
    problem = remote_images(len(alike)) if len(alike) > 1 else first.problem
    more = f" ({len(warnings) - len(alike)} more)" if len(warnings) > len(alike) else ""
    raise PublishError(
        f"{problem}{more}", first.remedy or "See: publish check", first.place if first.place.file else None
    )
