"""What the parts of a PDF tell each other of themselves, beside what they have written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from publish.weasy.records import FontRecord, PageRecord


@dataclass(frozen=True)
class PartRecord:
    """What stands in a part's PDF beside its pages; `told` are the numbers of pages that its text says, by anchor."""

    pages: tuple[PageRecord, ...]
    fonts: tuple[FontRecord, ...] = ()
    told: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Piece:
    """A PDF that is to be joined, and what is known of it."""

    file: Path
    part: PartRecord
