"""A tree of Markdown files with no tool's settings: its pages in natural order."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from publish.errors import Place, PublishError
from publish.importers.folders.engine import FolderImporter, walk
from publish.importers.folders.front import read_front
from publish.importers.folders.obsidian import by_name, wanted_blocks, with_blocks
from publish.importers.folders.outline import FolderOutline, FolderPage, FolderReading, files_of
from publish.importers.folders.tree import Tree, is_document
from publish.importers.protocol import POSSIBLE, Claim
from publish.importers.report import Ledger
from publish.textfile import shown

ENDINGS = (".md", ".markdown", ".mkd", ".rmd", ".qmd", ".ipynb", ".mdx")
DEEPEST = 4


class PlainImporter(FolderImporter):
    """Folders of Markdown files."""

    name = "folder"
    about = "a folder of Markdown files and notebooks"

    def sign(self, folder: Path) -> Claim | None:
        """Any page, down to four folders deep, unless all are about larger documents beside them."""
        pages = [one for one in below(folder) if one.suffix.lower() in ENDINGS]
        other = next((one for one in pages if not is_about(one.relative_to(folder).as_posix())), None)
        page = other or next(iter(pages), None)
        if page is None or (other is None and outweigh(folder, pages)):
            return None
        return Claim(POSSIBLE, page.relative_to(folder).as_posix())

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """All pages, `第2章` before `第10章`, a README or index first in its folder."""
        _require_pages(tree)
        entries = walk(_without_drafts(tree, ledger), "", ledger)
        if pages := [
            file for file in tree.files if file.lower().endswith((".html", ".htm")) and is_document(tree.path(file))
        ]:
            listed = f"{len(pages)} files in .html" if len(pages) > 1 else "a file in .html"
            ledger.decide("page-other", 0, listed, "not taken", "a web page beside Markdown is not read here")
        ledger.decide(
            "contents",
            0,
            f"{len(list(files_of(entries)))} files",
            "pages in natural order",
            "no tool's settings were found",
        )
        return FolderOutline({}, entries)

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Links by name, and the blocks that they lead to, as note-takers write them."""
        return with_blocks(by_name(page.text, page, reading), wanted_blocks(reading))


def below(folder: Path) -> Iterator[Path]:
    """The files of a folder, down to four folders deep, those that stand highest first."""
    for depth in range(DEEPEST + 1):
        yield from (one for one in folder.glob("/".join(["*"] * (depth + 1))) if one.is_file())


def outweigh(folder: Path, pages: Sequence[Path]) -> bool:
    """Whether a folder's documents (no web pages) are more than pages about them."""
    documents = [one for one in below(folder) if one.suffix.lower() in (".docx", ".odt", ".txt") and is_document(one)]
    return sum(one.stat().st_size for one in documents) > sum(one.stat().st_size for one in pages)


def is_about(file: str) -> bool:
    """Whether a page tells of the folder that it stands in, by its path there: README.md, LICENSE.md."""
    return bool(re.fullmatch(r"(?i)(?:readme|license|contributing|changelog)(?:[._-][\w-]+)?\.(?:md|markdown)", file))


def _without_drafts(tree: Tree, ledger: Ledger) -> Tree:
    """The files but those whose authors say that they are drafts, which are told."""
    drafts = [
        file
        for file in tree.files
        if file.lower().endswith((".md", ".markdown", ".mdx"))
        and not any(step.startswith((".", "_")) for step in file.split("/")[:-1])
        and read_front(tree.text(file))[0].keys.get("draft") is True
    ]
    tree.leave(drafts)
    for file in drafts:
        ledger.file = file
        ledger.decide("draft", 0, posixpath.basename(file), "left out", "it is a draft")
    ledger.file = ""
    shown_ = Tree.__new__(Tree)
    shown_.files = [file for file in tree.files if file not in drafts]
    return shown_


# Texts in markup that one file holds together; a README beside them is not the book.
_HELD_TOGETHER = (".adoc", ".asciidoc", ".asc", ".rst", ".tex", ".typ", ".org")
FEWEST_OTHERS, TIMES_PAGES = 6, 2


def _require_pages(tree: Tree) -> None:
    """Raise `PublishError` for a folder in which most texts are in other markup than Markdown."""
    suffixes = Counter(posixpath.splitext(file)[1].lower() for file in tree.files)
    pages = sum(suffixes[one] for one in ENDINGS)
    others = {one: suffixes[one] for one in _HELD_TOGETHER if suffixes[one]}
    most = max(others, key=lambda one: others[one], default="")
    if most and others[most] >= max(FEWEST_OTHERS, TIMES_PAGES * pages):
        raise PublishError(
            f"most of the text here is in {most} ({others[most]} files), not in Markdown ({pages})",
            f"Import the file that takes in the others: publish import {shown(tree.root)}/book{most}",
            Place(shown(tree.root)),
        )
