"""What an importer of folders finds, and what is read of it: the outline with its entries, and the pages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from publish.importers.folders.front import Front
from publish.importers.folders.literature import (
    NO_LITERATURE,
    ImportedLiterature,
)
from publish.importers.folders.tree import Tree
from publish.importers.protocol import File
from publish.importers.report import Ledger

PAGES = (".md", ".markdown", ".mkd", ".mdx", ".rmd", ".qmd", ".ipynb")
INDEXES = ("index", "readme", "_index")


@dataclass(frozen=True)
class ContentsEntry:
    """A line of the original's contents: its title, the file that it leads to ("": none), and the lines under it."""

    title: str
    file: str = ""
    children: tuple[ContentsEntry, ...] = ()


@dataclass(frozen=True)
class FolderOutline:
    """The original's settings and contents.

    Metadata for book.yaml, the contents, the folder `base` in which its pages are, the settings that were read; the
    repository's address for what the book does not hold; `home`, where it stands on the web.
    """

    metadata: Mapping[str, Any]
    entries: tuple[ContentsEntry, ...]
    base: str = ""
    repository: str = ""
    home: str = ""


@dataclass
class FolderPage:
    """A page while it is imported: `file` in the tree, `path` in the new folder, its text now and as it was."""

    file: str
    path: str
    title: str
    front: Front
    text: str
    source: str
    byline: str = ""
    routes: tuple[str, ...] = ()

    def line(self, written: str) -> int:
        """The line of the original where `written` first occurs; 0 where it does not."""
        at = self.source.find(written) if written else -1
        return self.source.count("\n", 0, at) + 1 if at >= 0 else 0


@dataclass
class FolderReading:
    """One import: the tree, the original's outline, its pages by file, the assets they use."""

    tree: Tree
    ledger: Ledger
    outline: FolderOutline
    pages: dict[str, FolderPage] = field(default_factory=dict)
    routes: dict[str, FolderPage] = field(default_factory=dict)
    assets: dict[str, File] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)  # path in lower case: the file that has it
    made: set[str] = field(default_factory=set)  # paths of pictures from inside pages
    literature: ImportedLiterature = NO_LITERATURE
    shared: dict[str, Any] = field(default_factory=dict)  # what an importer has found out of all pages

    def keep(self, content: bytes, file: str) -> str:
        """Save a picture from inside a page beside it; return its address from there."""
        path = self.free(within(file, self.outline.base))
        self.assets[f"inside:{file}"] = File(path, content)
        self.made.add(path)
        return posixpath.basename(path)

    def below(self, file: str) -> str:
        """A file's path from the folder in which the pages are."""
        return within(file, self.outline.base)

    def free(self, path: str) -> str:
        """A path of the new folder that no other file has, in any case."""
        stem, suffix = posixpath.splitext(plain_path(path))
        number, unique = 1, f"{stem}{suffix}"
        while unique.lower() in self.paths or unique.lower() in ("book.yaml", "import-report.json"):
            number += 1
            unique = f"{stem}-{number}{suffix}"
        self.paths[unique.lower()] = path
        return unique


def plain_path(path: str) -> str:
    """A path that every system can hold."""
    return re.sub(r"[:\\?*\"<>|\x00-\x1f]", "-", path)


def within(file: str, base: str) -> str:
    """A file's path from a folder on, where it is in it."""
    return file[len(base) + 1 :] if base and file.startswith(f"{base}/") else file


def route_of(address: str) -> str:
    """An address for comparison: without slashes at the ends, .html or index."""
    plain = re.sub(r"(?:^|/)index(?:\.html?)?$|\.html?$", "", address.strip("/"))
    return plain.strip("/").lower()


def is_within(file: str, base: str) -> bool:
    """Whether a file is in a folder, or below it; all are in the folder without a name."""
    return not base or file.startswith(f"{base}/")


def files_of(entries: Iterable[ContentsEntry]) -> Iterator[str]:
    """The files of entries and of those below them, in order."""
    for one in entries:
        if one.file:
            yield one.file
        yield from files_of(one.children)
