"""What the parts of a PDF report to each other, beside what they write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from publish.weasy.records import FontRecord, PageRecord


@dataclass(frozen=True)
class PartRecord:
    """What a part's PDF holds beside its pages; `told` are the page numbers that its text says, by anchor.

    `shown` are, of the margins, the places of their pages among those of the text.
    """

    pages: tuple[PageRecord, ...]
    fonts: tuple[FontRecord, ...] = ()
    told: Mapping[str, int] = field(default_factory=dict)
    shown: tuple[int, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A PDF to be joined, as it is packed, and its record."""

    file: Path
    part: PartRecord

    def packed(self) -> bytes:
        """What was written of it."""
        return self.file.read_bytes()
