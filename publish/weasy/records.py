"""What the layout of a part reports, in plain values that pass between processes; WeasyPrint is not imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class NotApartError(Exception):
    """The pages of a part depend on others, so the book is laid out in one piece."""


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
    """A font as a part used it: what WeasyPrint knows of it, the widths and text of the glyphs shown, its file."""

    known: Mapping[str, Any]
    file: str
    index: int
