"""The literature that a folder names (`bibliography`, `csl`), taken along, so that its `[@key]` are citations."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from publish.errors import PublishError
from publish.importers.folders.masked import Masked
from publish.importers.protocol import File
from publish.source.citations.bibliography import read_bibliography
from publish.source.citations.style import read_style
from publish.source.citations.syntax import Known, known, missing_keys
from publish.source.settings.literature import FORMS

if TYPE_CHECKING:
    from publish.importers.folders.outline import FolderPage, FolderReading

# What is the same in pandoc's metadata and in book.yaml.
SAME = ("nocite", "link-citations", "reference-section-title", "suppress-bibliography")
LITERATURE = ("bibliography", "csl", *SAME)


@dataclass(frozen=True)
class ImportedLiterature:
    """The keys of the sources that were taken along, and what book.yaml says of them."""

    known: Known = field(default_factory=lambda: known(()))
    metadata: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.known.keys)


NO_LITERATURE = ImportedLiterature()


def cited_in(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What settings in pandoc's form say of literature, for an outline's metadata."""
    said = {name: settings[name] for name in LITERATURE if settings.get(name) not in (None, "", [])}
    return {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}


def take_literature(reading: FolderReading) -> ImportedLiterature:
    """Take the files along that the settings and the pages name; what is missing or broken is told and left behind."""
    said = {name: reading.outline.metadata.get(name) for name in LITERATURE}
    keys: list[str] = []
    paths: list[str] = []
    for file in dict.fromkeys(_files(said["bibliography"], reading)):
        found = _keys(file, reading)
        paths += [_taken(file, reading)] if set(found) - set(keys) else []
        keys += found
    if not keys:
        return NO_LITERATURE
    style = _style(str(said["csl"] or ""), reading)
    reading.ledger.count("sources", len(set(keys)))
    settings = {"bibliography": paths, "csl": style, **{name: said[name] for name in SAME}}
    said_so = {key: value for key, value in settings.items() if value not in (None, "")}
    return ImportedLiterature(known(frozenset(keys)), said_so, (*paths, *filter(None, [style])))


def _files(said: Any, reading: FolderReading) -> Iterator[str]:
    """The files that the settings and the front matter of the pages name, which are there."""
    named = [("", name) for name in _names(said)]
    for page in reading.pages.values():
        named += [(page.file, name) for name in _names(page.front.keys.get("bibliography"))]
    missing: dict[str, str] = {}
    for where, name in named:
        places = (posixpath.dirname(where), reading.outline.base, "")
        found = (reading.tree.find(posixpath.normpath(posixpath.join(place, name.lstrip("/")))) for place in places)
        if file := next(filter(None, found), ""):
            yield file
        else:
            missing.setdefault(name, where)
    for name, where in missing.items():
        reading.ledger.file = where
        reading.ledger.unread("bibliography-missing", 0, name, "there is no such file: its sources are not cited")
    reading.ledger.file = ""


def _names(said: Any) -> list[str]:
    names = said if isinstance(said, list) else [said] if said else []
    return [str(one).strip() for one in names if posixpath.splitext(str(one).strip())[1].lower() in FORMS]


def _keys(file: str, reading: FolderReading) -> list[str]:
    """The keys of a file's sources; none where publish could not read it, or where it has none."""
    path = reading.tree.path(file)
    if not re.search(rb"[@\[{\w]", path.read_bytes()):  # an empty library, as templates bring it
        return []
    try:
        return list(read_bibliography([path]).references)
    except (PublishError, UnicodeError) as error:
        problem = error.problem if isinstance(error, PublishError) else "it is not UTF-8"
        line = (error.place.line or 0) if isinstance(error, PublishError) and error.place else 0
        reading.ledger.unread("bibliography-broken", line, file, f"{problem}: its sources are not cited")
        return []


def _style(name: str, reading: FolderReading) -> str:
    """The address of a style that came with the folder; empty for none, and for one that is not there."""
    if not name:
        return ""
    for place in (reading.outline.base, ""):
        if file := reading.tree.find(posixpath.normpath(posixpath.join(place, name.lstrip("/")))):
            try:
                read_style(reading.tree.path(file))
            except PublishError as error:
                reading.ledger.unread("style-broken", 0, name, f"{error.problem}: literature is set by GB/T 7714")
                return ""
            return _taken(file, reading)
    reading.ledger.unread("style-missing", 0, name, "there is no such file: literature is set by GB/T 7714")
    return ""


def _taken(file: str, reading: FolderReading) -> str:
    """Keep a file as part of the book; its path there."""
    reading.assets.setdefault(file, File(reading.free(reading.below(file)), reading.tree.path(file)))
    return reading.assets[file].path


def cited(keys: str, *, in_text: bool) -> str:
    """The citation of a role's keys, with commas between them: in the sentence, or in brackets."""
    named = [f"@{key.strip()}" for key in keys.split(",") if key.strip()]
    return "、".join(named) if in_text else f"[{'; '.join(named)}]"


def cite(text: str, literature: ImportedLiterature, tell: Callable[[str], None]) -> str:
    r"""A page's text with the `@name` that are no sources as what they are, text (`\@name`); `tell` hears of each.

    A book with literature stops at a key that it does not have: what a program would have listed, and people's names.
    """
    if "@" not in text:
        return text
    masked = Masked(text)
    missing = list(missing_keys(masked.text, literature.known))
    for at, _ in reversed(missing):
        masked.text = f"{masked.text[:at]}\\{masked.text[at:]}"
    for name in dict.fromkeys(name for _, name in missing):
        tell(name)
    return masked.unmask(masked.text)


def check_citations(pages: Iterable[FolderPage], reading: FolderReading) -> None:
    """Make all pages fit for their literature; what they cite and nobody has is told with its first line."""
    for page in pages:
        reading.ledger.file = page.file
        page.text = cite(page.text, reading.literature, partial(_tell, page, reading))
    reading.ledger.file = ""


def _tell(page: FolderPage, reading: FolderReading, name: str) -> None:
    reading.ledger.unread("citation-missing", page.line(f"@{name}"), f"@{name}", "no source of the literature has it")
