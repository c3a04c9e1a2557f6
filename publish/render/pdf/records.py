"""What the parts of a PDF report to each other, beside what they write."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from publish.weasy.records import FontRecord, PageRecord


@dataclass(frozen=True)
class PartRecord:
    """What a part's PDF holds beside its pages."""

    pages: tuple[PageRecord, ...]
    fonts: tuple[FontRecord, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A PDF to be joined, and its record."""

    file: Path
    part: PartRecord
