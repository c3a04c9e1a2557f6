"""Outlines: what one chapter of an edition holds, in order, and its text in lines; the same form for both sides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal
from urllib.parse import unquote

from publish.edition.markup.xhtml import ILLEGAL

# What bears an id, then what is known by its content.
Kind = Literal["heading", "paragraph", "note", "figure", "table", "id", "call", "link", "code", "image", "formula"]
WITH_ID: frozenset[Kind] = frozenset(["heading", "paragraph", "note", "figure", "table", "id"])
# The classes of a span that holds an edition's own words: a number, what a reference says.
ADDED = frozenset([("number",), ("xref-text",), ("note-kind",)])
# The class of a division that holds what an edition adds: the entries of an index.
ADDED_BLOCK = "index-entries"
# Why a stretch of a line is what it is: protected or in another language, by hand or decided, code, a glossary's form,
# a phrase of the house style, our words.
Protection = Literal["keep", "hand", "code", "term", "style", "words"]


@dataclass(frozen=True, slots=True)
class Item:
    """Something that every edition must have: an id, an address, code; `detail` is a level or a table's shape.

    `optional` items may be missing: a paragraph, for example, whose only words are for other editions.
    """

    kind: Kind
    value: str
    at: int = 0
    detail: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Fixed:
    """A stretch of a line, from `start` to `end`, that must be the same in the edition."""

    start: int
    end: int
    why: Protection
    term: str = ""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One run of text without white space; what is not `fixed` is as in the source. `at` is the source's line."""

    text: str
    at: int = 0
    fixed: tuple[Fixed, ...] = ()

    def holds(self, index: int) -> bool:
        """Whether a character is in a fixed stretch."""
        return any(one.start <= index < one.end for one in self.fixed)


@dataclass
class Outline:
    """A chapter as one side has it; filled by a reader, then left alone.

    `lines` has the text by the id that it stands behind, and those in `loose` may be there or not; `said` the texts of
    attributes; `raw` the source's raw HTML, from line `raw_at` on, which may add anything to the other side, in every
    edition alike.
    """

    items: list[Item] = field(default_factory=list)
    lines: dict[str, list[TextLine]] = field(default_factory=dict)
    said: list[TextLine] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    raw_at: int = 0
    loose: set[str] = field(default_factory=set)

    @cached_property
    def marked(self) -> list[Item]:
        """What bears an id, in order."""
        return [item for item in self.items if item.kind in WITH_ID]

    @cached_property
    def optional(self) -> frozenset[str]:
        """The ids that may be there or not."""
        return frozenset(item.value for item in self.items if item.optional)

    def of(self, kind: Kind) -> list[Item]:
        """The items of one kind, in order."""
        return [item for item in self.items if item.kind == kind]

    def extras(self, expected: Outline) -> Counter[tuple[str, str]]:
        """What this side has beyond `expected`: by raw HTML, or by a fault."""
        return Counter(map(_key, self.items)) - Counter(map(_key, expected.items))


def _key(item: Item) -> tuple[str, str]:
    return ("id" if item.kind in WITH_ID else item.kind, item.value)


_ENDS = re.compile(r"^\n+|\n+$")
_UNLIKE = re.compile(f"{ILLEGAL.pattern}|☒")


def bare(text: str) -> str:
    """A text as both sides have it: without white space, which markup adds, and with one form of a ticked box."""
    dense = "".join(text.split())
    return ILLEGAL.sub("", dense).replace("☒", "☑") if _UNLIKE.search(dense) else dense


def code(text: str) -> str:
    """A piece of code as both sides can have it."""
    return _ENDS.sub("", ILLEGAL.sub("", text))


def address(url: str) -> str:
    """An address as both sides can have it, whatever of it is percent-encoded."""
    return unquote(ILLEGAL.sub("", url)).strip()


def joined(lines: Iterable[TextLine]) -> TextLine:
    """Several lines as one."""
    text, at, fixed = "", 0, []
    for line in lines:
        at = at or line.at
        fixed += [Fixed(len(text) + one.start, len(text) + one.end, one.why, one.term) for one in line.fixed]
        text += line.text
    return TextLine(text, at, tuple(fixed))
