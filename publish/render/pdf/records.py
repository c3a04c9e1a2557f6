"""What the parts of a PDF tell each other of themselves, beside what they have written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class NotApartError(Exception):
    """What makes the pages of a part depend on others: the book is laid out in one piece."""


@dataclass(frozen=True)
class PageRecord:
    """A page as the join needs it: WeasyPrint's type and height (CSS pixels), bookmarks, strings set, anchors met."""

    type: Any
    height: float
    bookmarks: tuple[Any, ...]
    strings: Mapping[str, Sequence[str]]
    anchors: tuple[str, ...]


@dataclass(frozen=True)
class FontRecord:
    """A font as a part used it: what WeasyPrint knows of it, widths and text of the glyphs shown, and its file."""

    known: Mapping[str, Any]
    file: str
    index: int


@dataclass(frozen=True)
class Part:
    """What stands in a part's PDF beside its pages."""

    pages: tuple[PageRecord, ...]
    fonts: tuple[FontRecord, ...] = ()
    missing: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A PDF that is to be joined, and what is known of it."""

    file: Path
    part: Part
