"""The Markdown files of a book: those that book.yaml lists, or those that its folder holds."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from publish.errors import Place, PublishError
from publish.source.schema import BookModel, FileModel, PartModel
from publish.textfile import shown
from publish.yamlfile import KeyPath, YamlDocument

BOOK_FILE = "book.yaml"
MARKDOWN = (".md", ".markdown")


@dataclass(frozen=True)
class ChapterFile:
    """One Markdown file of the book, and the title of the part that it opens, if it opens one.

    `level` counts the files that it stands under: 0 for a chapter. `title` is the contents' where the file has none. A
    group without a file has the path of the first file under it and `grouping`.
    """

    path: Path
    part: str = ""
    inside: bool = False
    level: int = 0
    title: str = ""
    grouping: bool = False


# Folders that hold no text of a book, and files about a repository rather than in a book.
_NO_FOLDERS = frozenset(["node_modules", "build", "dist", "public", "vendor", "target", "venv", "__pycache__", "raw"])


_NO_CHAPTERS = frozenset(["summary", "license", "changelog", "contributing", "code_of_conduct", "security"])


_FIRST = ("readme", "index", "_index")


def _markdown_files(root: Path) -> list[Path]:
    """The Markdown files of a folder itself, in the order that a reader would put them in."""
    found = [
        path
        for path in root.iterdir()
        if path.suffix.lower() in MARKDOWN
        and not path.name.startswith(".")
        and (not path.name.startswith("_") or path.stem.lower() in _FIRST)
        and path.is_file()
    ]
    return sorted(found, key=natural)


def natural(path: Path) -> tuple[Any, ...]:
    """What a file or folder is sorted by: README and index first, 第2章 before 第10章 and 第十章 behind 第九章."""
    stem = path.stem if path.suffix.lower() in MARKDOWN else path.name
    first = stem.lower() not in _FIRST
    pieces = re.split(
        r"(\d+|[〇零一二三四五六七八九十百千]+(?=[章回卷节節部篇讲講课課]))", unicodedata.normalize("NFC", stem)
    )
    return (
        first,
        [(0, _number(one), "") if at % 2 else (1, 0, one.lower()) for at, one in enumerate(pieces)],
        str(path),
    )


_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}


_PLACES = {"十": 10, "百": 100, "千": 1000}


def _number(text: str) -> int:
    """A number in figures or in Han."""
    if text.isdecimal():
        return int(text)
    total = digit = 0
    for char in text:
        if char in _PLACES:
            total, digit = total + (digit or 1) * _PLACES[char], 0
        else:
            digit = digit * 10 + _DIGITS[char]
    return total + digit


def walk(folder: Path, level: int = 0, *, nested: bool = False) -> Iterator[ChapterFile]:
    """The Markdown of a folder and its subfolders; what a subfolder holds stands under its README or index."""
    files = [path for path in _markdown_files(folder) if path.stem.lower() not in _NO_CHAPTERS]
    opening = [path for path in files if path.stem.lower() in _FIRST]
    yield from (ChapterFile(path, level=level) for path in opening)
    under = level + 1 if opening and nested else level
    folders = [
        path
        for path in folder.iterdir()
        if path.is_dir()
        and not path.is_symlink()
        and not path.name.startswith((".", "_"))
        and path.name.lower() not in _NO_FOLDERS
    ]
    for path in sorted([*(one for one in files if one not in opening), *folders], key=natural):
        if path.is_dir():
            yield from walk(path, under, nested=True)
        else:
            yield ChapterFile(path, level=under)


def read_chapters(root: Path, file: Path, model: BookModel, document: YamlDocument) -> tuple[ChapterFile, ...]:
    """The chapters of a book in the order of reading. Raises `PublishError` for one that is absent or listed twice."""
    if file.suffix.lower() in MARKDOWN:
        if model.chapters:
            raise PublishError(
                "a single file cannot list chapters", f"Move the settings to {BOOK_FILE}", document.place(("chapters",))
            )
        return (ChapterFile(file),)
    if model.chapters is None:
        found = tuple(walk(root))
        if not found:
            raise PublishError("the book has no chapters", f"Add a Markdown file to {shown(root)}", document.place(()))
        return found
    chapters: list[ChapterFile] = []
    seen: set[Path] = set()
    for index, entry in enumerate(model.chapters):
        path: KeyPath = ("chapters", index)
        if isinstance(entry, PartModel):
            inner = _listed(root, entry.chapters, document, (*path, "chapters"), seen, inside=True)
            chapters += [replace(inner[0], part=entry.part), *inner[1:]]
        else:
            chapters += _entry_files(root, entry, document, path, seen)
    return tuple(chapters)


def _listed(
    root: Path,
    entries: Sequence[str | FileModel],
    document: YamlDocument,
    path: KeyPath,
    seen: set[Path],
    *,
    level: int = 0,
    inside: bool = False,
) -> list[ChapterFile]:
    """The files of a list of chapters, those under them behind each, in the order of reading."""
    files: list[ChapterFile] = []
    for index, entry in enumerate(entries):
        files += _entry_files(root, entry, document, (*path, index), seen, level=level, inside=inside)
    return files


def _entry_files(
    root: Path,
    entry: str | FileModel,
    document: YamlDocument,
    path: KeyPath,
    seen: set[Path],
    *,
    level: int = 0,
    inside: bool = False,
) -> list[ChapterFile]:
    if isinstance(entry, str):
        return [ChapterFile(_chapter(root, entry, document.place(path), seen), inside=inside, level=level)]
    own = []
    if entry.file:
        file = _chapter(root, entry.file, document.place((*path, "file")), seen)
        own = [ChapterFile(file, inside=inside, level=level, title=entry.title)]
    under = _listed(root, entry.chapters, document, (*path, "chapters"), seen, level=level + 1, inside=inside)
    if not own and not under:
        raise PublishError(
            f'no chapter stands under "{entry.title}"', "List its chapters, or remove it", document.place(path)
        )
    group = [] if own else [ChapterFile(under[0].path, inside=inside, level=level, title=entry.title, grouping=True)]
    return [*own, *group, *under]


def _chapter(root: Path, name: str, place: Place, seen: set[Path]) -> Path:
    """The path of a chapter, noted in `seen`."""
    path = root / name
    if not path.is_file():
        close = difflib.get_close_matches(name, [one.name for one in _markdown_files(root)], n=1)
        hint = f' Did you mean "{close[0]}"?' if close else ""
        raise PublishError(
            f'chapter "{name}" not found', f"Add it to {shown(root)}, or remove it from the list.{hint}", place
        )
    if not path.resolve().is_relative_to(root.resolve()):
        raise PublishError(f'chapter "{name}" lies outside the book', f"Move it into {shown(root)}", place)
    if path.resolve() in seen:
        raise PublishError(f'chapter "{name}" is listed twice', "List each file once", place)
    seen.add(path.resolve())
    return path
