"""References by name (`@fig-map`) held against the targets that a folder's pages have, once all of them are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from publish.importers.folders.masked import Masked
from publish.source.features.latex import KINDS
from publish.source.features.theorems import PREFIXES

if TYPE_CHECKING:
    from publish.importers.folders.outline import FolderPage, FolderReading

_KIND = "|".join(KINDS)
_NAMED = re.compile(rf"\{{[^{{}}\n]*#(?P<name>(?:{_KIND})[:-][^\s{{}}]+)|\bid=[\"'](?P<id>(?:{_KIND})[:-][^\"']+)[\"']")
_FENCE_NAMED = re.compile(
    rf"^[ \t]*(?:`{{3,}}|~{{3,}})[^\n]*\{{[^{{}}\n]*#(?P<name>(?:{_KIND})[:-][^\s{{}}]+)", re.MULTILINE
)
# What code and formulas name.
_INSIDE = re.compile(
    rf"\\label\{{(?P<row>eq[:-][^\s{{}}]+)\}}"
    rf"|^[ \t]*(?:#|//|--|%%)\|[ \t]*label:[ \t]*(?P<label>(?:{_KIND})-\S+)",
    re.MULTILINE,
)
_STATED = re.compile(r"^[ \t>]*:{3,}[ \t]*\{[^{}\n]*#(?P<label>[^\s{}]+)[^{}\n]*\}", re.MULTILINE)
_OF_KIND = re.compile(rf"\.({'|'.join(PREFIXES)})(?![\w-])")
_REFERENCE = re.compile(rf"(?:(?<![A-Za-z0-9_.+%@/\\-])|(?<=\[-)|(?<=; -))@(?P<name>(?i:{_KIND})[:-]\w[\w.:/-]*)")


def check_references(pages: Iterable[FolderPage], reading: FolderReading) -> None:
    r"""Make what refers to nothing text (`\@fig-map`), and tell of it: a book stops at a reference that is broken.

    What a program would have drawn has no target, for example.
    """
    pages = list(pages)
    names = frozenset(name for page in pages for name in _names(page.text))
    for page in pages:
        if "@" not in page.text:
            continue
        reading.ledger.file = page.file
        masked = Masked(page.text)
        masked.text = _REFERENCE.sub(partial(_checked, names, page, reading), masked.text)
        page.text = masked.unmask(masked.text)
    reading.ledger.file = ""


def _names(text: str) -> Iterator[str]:
    """The names that a page gives to its things; a listing that shows how names are given gives none."""
    for found in _NAMED.finditer(Masked(text).text):
        yield found["name"] or found["id"]
    for found in _FENCE_NAMED.finditer(text):
        yield found["name"]
    for found in _INSIDE.finditer(text):
        yield found["row"] or found["label"]
    for found in _STATED.finditer(text):  # {.theorem #line} is thm:line
        kind = _OF_KIND.search(found[0])
        if kind:
            yield f"{PREFIXES[kind[1]]}:{found['label']}"


def _checked(names: frozenset[str], page: FolderPage, reading: FolderReading, found: re.Match[str]) -> str:
    written = found["name"][0].lower() + found["name"][1:]
    if any(written[:end] in names for end in range(len(written), 0, -1)):
        return found[0]
    name = re.match(r"[\x21-\x7e]+", found["name"])
    shown = name[0] if name else found["name"]
    line = page.line(found[0]) or page.line(shown.partition("-")[2])
    reading.ledger.unread("reference-broken", line, f"@{shown}", "nothing in the book has that name")
    return f"\\{found[0]}"


__all__ = ["check_references"]
