"""Joplin's exports (JEX, RAW): notes named by their keys, each with its fields below, in notebooks within notebooks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from publish.importers.folders.engine import FolderImporter, masked_sub
from publish.importers.folders.outline import ContentsEntry, FolderOutline, FolderPage, FolderReading
from publish.importers.folders.tree import Tree
from publish.importers.protocol import SURE, Claim
from publish.importers.report import Ledger
from publish.source.order import natural

_FILE = re.compile(r"(?P<key>[0-9a-f]{32})\.md")
_FIELD = re.compile(r"(?P<name>[a-z_]+):(?: (?P<value>.*))?")
_TO_KEY = re.compile(r"(?P<before>\]\(<?|\bsrc=[\"']|\bhref=[\"']):/(?P<key>[0-9a-f]{32})")
_NOTE, _NOTEBOOK = "1", "2"
_TRIED = 8  # files that are looked into


@dataclass(frozen=True)
class _Item:
    """A note, a notebook, or what else the program keeps in a file: its title, its text, its fields."""

    title: str
    text: str
    fields: Mapping[str, str]

    def said(self, name: str) -> str:
        return self.fields.get(name, "")


class JoplinImporter(FolderImporter):
    """Exports of Joplin that are whole; those in Markdown with front matter are plain folders."""

    name = "joplin"
    about = "an export of Joplin (JEX, or a RAW folder)"

    def __init__(self) -> None:
        self._paths: dict[str, str] = {}

    def sign(self, folder: Path) -> Claim | None:
        """Files named by keys that end in the fields of an item."""
        named = sorted(one for one in folder.glob("*.md") if _FILE.fullmatch(one.name))
        for one in named[:_TRIED]:
            if "type_" in _read(one.read_text("utf-8", "replace")).fields:
                return Claim(SURE, one.name)
        return None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The notebooks as parts, the notes in each by their titles."""
        files = {match["key"]: file for file in tree.files if (match := _FILE.fullmatch(file))}
        items = {key: _read(tree.path(file).read_text("utf-8", "replace")) for key, file in files.items()}
        tree.leave([files[key] for key, one in items.items() if one.said("type_") != _NOTE])
        for key, one in items.items():
            if one.said("encryption_applied") == "1":
                ledger.unread("note-locked", 0, f"{key}.md", "it is encrypted: export it once more, decrypted")
        entries = tuple(self._below("", "", items, files))
        title = ""
        if len(entries) == 1 and not entries[0].file:  # the notebook that was exported
            title, entries = entries[0].title, entries[0].children
        return FolderOutline({"title": title}, entries)

    def _below(
        self, parent: str, folder: str, items: Mapping[str, _Item], files: Mapping[str, str]
    ) -> Iterator[ContentsEntry]:
        """What a notebook holds: its notes, then its notebooks; what names no notebook of the export stands on top."""
        notebooks = {key for key, one in items.items() if one.said("type_") == _NOTEBOOK}
        inside = [
            (natural(one.title), key, one)
            for key, one in items.items()
            if (one.said("parent_id") if one.said("parent_id") in notebooks else "") == parent
        ]
        for kind in (_NOTE, _NOTEBOOK):
            for _, key, one in sorted((row for row in inside if row[2].said("type_") == kind), key=lambda row: row[:2]):
                path = posixpath.join(folder, one.title.replace("/", "-") or key)
                if kind == _NOTE:
                    self._paths[files[key]] = f"{path}.md"
                    yield ContentsEntry(one.title, files[key])
                elif children := tuple(self._below(key, path, items, files)):
                    yield ContentsEntry(one.title, "", children)

    def named(self, file: str) -> str:
        """A note's path by its notebooks and its title."""
        return self._paths.get(file, file)

    def plain(self, source: str, file: str, reading: FolderReading) -> str:
        """A note's text without its fields; an address that it was clipped from is its own line in the original."""
        del file, reading
        return _read(source).text

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Links and pictures by key lead to the files of these keys."""
        files = [file for file in reading.tree.files if file in self._paths or "/" in file]  # resources/KEY.png
        there = {posixpath.basename(file).partition(".")[0]: file for file in files}

        def led(match: re.Match[str]) -> str:
            return f"{match['before']}{there[match['key']]}" if match["key"] in there else match[0]

        return masked_sub(page.text, _TO_KEY, led)


def _read(text: str) -> _Item:
    """An item as the program writes it: its title, a blank line, its text, a blank line, its fields."""
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    at = len(lines)
    while at and (_FIELD.fullmatch(lines[at - 1])):
        at -= 1
    fields = {match["name"]: match["value"] or "" for line in lines[at:] if (match := _FIELD.fullmatch(line))}
    head, _, rest = "\n".join(lines[:at]).partition("\n")
    return _Item(head.strip(), rest.strip("\n"), fields)
