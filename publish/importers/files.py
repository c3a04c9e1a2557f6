"""A folder of Word documents or plain texts, one to a chapter or more: each read by its own importer."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from publish.errors import Place, PublishError
from publish.importers.books.novel import NovelImporter
from publish.importers.documents.office import DocxImporter, OdtImporter
from publish.importers.folders.engine import tell_documents
from publish.importers.folders.plain import ENDINGS, below, is_about, outweigh
from publish.importers.folders.tree import Tree, is_document
from publish.importers.protocol import POSSIBLE, Claim, File, ImportChoice, Imported, ImportedChapter, Importer
from publish.importers.report import Ledger
from publish.source.slugs import slugify
from publish.textfile import shown

READERS: Mapping[str, type[Importer]] = {".docx": DocxImporter, ".odt": OdtImporter, ".txt": NovelImporter}
LOCKS = ("~", ".")  # how programs begin the names of their own files: ~$第一章.docx


class FilesImporter:
    """A folder in which each chapter is a document of its own."""

    name = "files"
    about = "a folder of Word documents or plain texts (第1章.docx, 第2章.txt …)"
    choices: tuple[ImportChoice, ...] = (*DocxImporter.choices, *NovelImporter.choices)

    def matches(self, source: Path) -> Claim | None:
        """A folder with documents or texts, and no page in Markdown but what tells of the folder itself."""
        if not source.is_dir():
            return None
        files = list(below(source))
        pages = [one for one in files if one.suffix.lower() in (*ENDINGS, ".html", ".htm")]
        about = all(is_about(one.relative_to(source).as_posix()) for one in pages)
        if pages and not (about and outweigh(source, pages)):
            return None
        texts = (one for one in files if (reader := _reader(one.name)) and reader.matches(one))
        found = next((one for one in texts if not pages or is_document(one)), None)
        return Claim(POSSIBLE, found.relative_to(source).as_posix()) if found else None

    def read(self, source: Path, ledger: Ledger, choices: Mapping[str, str]) -> Imported:
        """Read all documents in natural order. Raises `PublishError` where none can be read."""
        tree = Tree(source, ledger)
        about = [one for one in tree.files if is_about(one)]
        files = [one for one in tree.files if _reader(posixpath.basename(one)) and tree.path(one).stat().st_size]
        files = [one for one in files if not about or is_document(tree.path(one))]
        read: dict[str, Imported] = {}
        fault = PublishError("no document in this folder", "Name the folder of the texts", Place(shown(source)))
        for file in files:
            try:
                read[file] = _document(tree.path(file), file, ledger, choices)
            except PublishError as error:
                fault = error
                ledger.file = file
                ledger.decide("file-unread", 0, file, "left out", error.problem)
                ledger.file = ""
        if not read:
            raise fault
        for file in about:
            ledger.decide("page-unlisted", 0, file, "not taken", "it tells of the folder")
        tell_documents([file for file in tree.files if file not in files], (), tree, ledger)
        taken: set[str] = set()
        parts = {file: _inside(one, _folder(file, taken)) for file, one in read.items()}
        authors = {str(one.metadata.get("author", "")) for one in read.values()} - {""}
        return Imported(
            metadata={"title": source.absolute().name, **({"author": authors.pop()} if len(authors) == 1 else {})},
            chapters=tuple(_nested(parts, "")),
            assets=tuple(asset for one in parts.values() for asset in one.assets),
            originals=tuple(File(file, tree.path(file)) for file in read),
        )


def _reader(name: str) -> Importer | None:
    suffix = posixpath.splitext(name)[1].lower()
    return READERS[suffix]() if suffix in READERS and not name.startswith(LOCKS) else None


def _document(path: Path, file: str, ledger: Ledger, choices: Mapping[str, str]) -> Imported:
    """What one document is; what is decided on the way is told under its name."""
    reader = _reader(path.name)
    if reader is None:
        raise PublishError("this is no document", "Leave it out", Place(file))
    own = Ledger(file=file)
    imported = reader.read(path, own, {choice.name: choices[choice.name] for choice in reader.choices})
    ledger.decisions += [replace(one, file=file) for one in own.decisions]
    ledger.counts.update(own.counts)
    return imported


def _folder(file: str, taken: set[str]) -> str:
    """The folder of the book in which a document's chapters and pictures stand: named for it, no other's."""
    plain = "/".join(slugify(step) for step in posixpath.splitext(file)[0].split("/"))
    number, unique = 1, plain
    while unique.lower() in taken:
        number += 1
        unique = f"{plain}-{number}"
    taken.add(unique.lower())
    return unique


def _inside(imported: Imported, folder: str) -> Imported:
    """What was read, its files in a folder."""
    return replace(
        imported,
        chapters=tuple(_moved(imported.chapters, folder)),
        assets=tuple(File(f"{folder}/{one.path}", one.content) for one in imported.assets),
    )


def _moved(chapters: Sequence[ImportedChapter], folder: str) -> Iterator[ImportedChapter]:
    for one in chapters:
        path = f"{folder}/{one.path}" if one.path else ""
        yield replace(one, path=path, children=tuple(_moved(one.children, folder)))


def _nested(parts: Mapping[str, Imported], folder: str) -> Iterator[ImportedChapter]:
    """The documents in the order and nesting of their folders."""
    inside = [file for file in parts if not folder or file.startswith(f"{folder}/")]
    told: set[str] = set()
    for file in inside:
        step, deeper, _ = file[len(folder) + 1 if folder else 0 :].partition("/")
        here = posixpath.join(folder, step)
        if not deeper:
            yield _chapter(parts[file], posixpath.splitext(posixpath.basename(file))[0])
        elif here not in told:
            told.add(here)
            yield ImportedChapter("", "", step, tuple(_nested(parts, here)))


def _chapter(document: Imported, stem: str) -> ImportedChapter:
    """A document as one entry: its only chapter, or its title over its chapters."""
    title = str(document.metadata.get("title") or stem)
    if len(document.chapters) > 1 or not document.chapters[0].path:
        return ImportedChapter("", "", title, document.chapters)
    only = document.chapters[0]
    return only if only.text.lstrip().startswith("#") else replace(only, text=f"# {title}\n\n{only.text}")
