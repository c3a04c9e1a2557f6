"""A finding: a stable code, how grave it is, a place, a problem and its remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from publish.errors import Place

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
        remedy = f" {self.remedy.rstrip('.')}." if self.remedy else ""
        return f"{where}{self.problem.rstrip('.')}.{remedy} [{self.code}]"

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
