"""What the layout of a part reports, in plain values that pass between processes; WeasyPrint is not imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

_PLAIN = frozenset((str, int, float, bool, type(None)))  # what JSON has as it is
SAME = "data-same"  # the attribute of notes that are one, called again, and of their calls: its name
CALL = "call:"  # before a note's name, the id of the structure element that calls it


class NotApartError(Exception):
    """The pages of a part depend on others, so the book is laid out in one piece."""


@dataclass(frozen=True)
class PageRecord:
    """A page as the join needs it: WeasyPrint's type and height (CSS pixels), bookmarks, strings set, anchors met.

    The type is a plain tuple of what WeasyPrint's `PageType` has.
    """

    type: tuple[Any, ...]
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


def as_json(value: Any) -> Any:
    """A value of a record as JSON has it; what JSON does not know is a list that begins with its kind."""
    if isinstance(value, dict):
        return ["map", as_json([*value]), as_json([*value.values()])]
    if isinstance(value, tuple | list):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return [kind, *(value if _PLAIN.issuperset(map(type, value)) else map(as_json, value))]
    if isinstance(value, bytes):
        return ["bytes", value.decode("latin-1")]
    if isinstance(value, PageRecord | FontRecord):
        return [type(value).__name__, *(as_json(one) for one in vars(value).values())]
    if value is None or isinstance(value, str | int | float):
        return value
    raise NotApartError(f"a {type(value).__name__} is no part of a record")


def from_json(value: Any) -> Any:
    """The value that JSON tells of."""
    if not isinstance(value, list):
        return value
    kind, *rest = value
    if kind == "bytes":
        return str(rest[0]).encode("latin-1")
    parts = rest if _PLAIN.issuperset(map(type, rest)) else [from_json(one) for one in rest]
    if kind == "map":
        return dict(zip(*parts, strict=True))
    makers: dict[str, Any] = {"tuple": tuple, "list": list}
    records: dict[str, Any] = {one.__name__: one for one in (PageRecord, FontRecord)}
    return makers[kind](parts) if kind in makers else records[kind](*parts)


def anchors(pages: Any) -> list[list[str]]:
    """The anchors of each page, of what JSON tells of the pages' records, without making these."""
    place = 1 + [one.name for one in fields(PageRecord)].index("anchors")
    return [list(page[place][1:]) for page in pages[1:]]
