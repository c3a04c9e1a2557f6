"""The Markdown files of a book: those that book.yaml lists, or those that its folder holds."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publish.errors import Faults, Place, PublishError
from publish.findings import Finding
from publish.source.order import OPENING, named
from publish.textfile import MARKDOWN, shown, shown_folder
from publish.yamlfaults import listed
from publish.yamlfile import KeyPath, YamlDocument

if TYPE_CHECKING:
    from publish.source.settings.schema import BookModel, FileModel

BOOK_FILE = "book.yaml"


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


# In capitals, as repositories have them: security.md is a chapter on security.
_NO_CHAPTERS = frozenset(["SUMMARY", "LICENSE", "CHANGELOG", "CONTRIBUTING", "CODE_OF_CONDUCT", "SECURITY"])


def _markdown_files(root: Path) -> list[Path]:
    """The Markdown files of a folder itself, in the order that a reader would put them in."""
    found = [
        path
        for path in root.iterdir()
        if path.suffix.lower() in MARKDOWN
        and not path.name.startswith(".")
        and (not path.name.startswith("_") or path.stem.lower() in OPENING)
        and path.is_file()
    ]
    return sorted(found, key=_in_order)


def _in_order(path: Path) -> tuple[Any, ...]:
    return (*named(path.stem if path.suffix.lower() in MARKDOWN else path.name), str(path))


def walk(folder: Path) -> list[ChapterFile]:
    """The Markdown of a folder and its subfolders; drafts are left out, unless there is nothing else."""
    found = list(_walk(folder))
    return [one for one in found if not _is_draft(one.path)] or found


def _is_draft(path: Path) -> bool:
    """Whether a file's front matter says `draft: true`, as a blog's does."""
    with suppress(OSError), path.open("rb") as file:
        head = file.read(_HEAD).decode("utf-8-sig", "ignore")
        return head.startswith("---") and _DRAFT.search(head.partition("\n")[2].partition("\n---")[0]) is not None
    return False


def _walk(folder: Path, level: int = 0, *, nested: bool = False) -> Iterator[ChapterFile]:
    """The Markdown of a folder and its subfolders; what a subfolder holds stands under its README or index."""
    files = [path for path in _markdown_files(folder) if path.stem not in _NO_CHAPTERS]
    opening = [path for path in files if path.stem.lower() in OPENING]
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
    for path in sorted([*(one for one in files if one not in opening), *folders], key=_in_order):
        if path.is_dir():
            yield from _walk(path, under, nested=True)
        else:
            yield ChapterFile(path, level=under)


_HEAD = 8192  # bytes: no front matter is longer that says whether it is a draft
_DRAFT = re.compile(r"^draft:\s*(?:true|yes)\s*(?:#.*)?$", re.IGNORECASE | re.MULTILINE)
# More names than these in a sentence are not read.
_NAMED = 20


def told(root: Path, chapters: Sequence[ChapterFile]) -> Finding:
    """What a folder without book.yaml was taken for: its chapters in order, and the Markdown that was left out."""
    names = [one.path.relative_to(root).as_posix() for one in chapters]
    taken = f"this is its one chapter: {names[0]}" if len(names) == 1 else f"its chapters are {_named(names)}"
    left = _left_out(root, {one.path for one in chapters})
    behind = f"; left out: {_named(left)}" if left else ""
    return Finding(
        "book-none",
        "note",
        Place(shown(root)),
        f"there is no book.yaml; {taken}{behind}",
        "Where you want others or another order, list them under chapters: in book.yaml",
    )


def _named(names: Sequence[str]) -> str:
    most = names if len(names) <= _NAMED else [*names[: _NAMED - 2], f"… ({len(names) - _NAMED + 1} more)", names[-1]]
    return ", ".join(most)


def _left_out(folder: Path, taken: set[Path], above: str = "") -> list[str]:
    """The Markdown of a folder that is no chapter; of a folder that was not entered its name alone."""
    left = []
    for path in sorted(folder.iterdir(), key=_in_order):
        name = f"{above}{path.name}"
        if path.is_dir() and not path.name.startswith("."):
            if path.is_symlink() or path.name.startswith("_") or path.name.lower() in _NO_FOLDERS:
                left += [f"{name}/"] if any(next(path.rglob(f"*{suffix}"), None) for suffix in MARKDOWN) else []
            else:
                left += _left_out(path, taken, f"{name}/")
        elif path.suffix.lower() in MARKDOWN and path not in taken:
            left.append(name)
    return left


def read_chapters(
    root: Path, file: Path, model: BookModel, document: YamlDocument, numbers: Sequence[int], faults: Faults
) -> tuple[ChapterFile, ...]:
    """The chapters of a book in the order of reading; `numbers` are those of its entries in the list as written.

    One that is absent or listed twice goes to `faults`.
    """
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
    read = _Listed(root, document, faults, set())
    for number, entry in zip(numbers, model.chapters, strict=True):
        path: KeyPath = ("chapters", number)
        if not isinstance(entry, str) and hasattr(entry, "part"):
            inner = read.listed(entry.chapters, (*path, "chapters"), inside=True)
            chapters += [replace(one, part=entry.part) if one is inner[0] else one for one in inner]
        else:
            chapters += read.entry(entry, path)
    return tuple(chapters)


@dataclass(frozen=True)
class _Listed:
    """Reads the list of chapters; `seen` are the files that it has met."""

    root: Path
    document: YamlDocument
    faults: Faults
    seen: set[Path]

    def listed(
        self, entries: Sequence[str | FileModel], path: KeyPath, *, level: int = 0, inside: bool = False
    ) -> list[ChapterFile]:
        """The files of a list of chapters, those under them behind each, in the order of reading."""
        files: list[ChapterFile] = []
        for index, entry in enumerate(entries):
            files += self.entry(entry, (*path, index), level=level, inside=inside)
        return files

    def entry(
        self, entry: str | FileModel, path: KeyPath, *, level: int = 0, inside: bool = False
    ) -> list[ChapterFile]:
        """The files of one entry."""
        if isinstance(entry, str):
            return self._file(entry, path, ChapterFile(self.root, inside=inside, level=level))
        own = []
        if entry.file:
            plain = ChapterFile(self.root, inside=inside, level=level, title=entry.title)
            own = self._file(entry.file, (*path, "file"), plain)
        under = self.listed(entry.chapters, (*path, "chapters"), level=level + 1, inside=inside)
        if not entry.file and not entry.chapters:
            place = self.document.place(path)
            self.faults.add(
                PublishError(f'no chapter stands under "{entry.title}"', "List its chapters, or remove it", place)
            )
        if entry.file or not under:
            return [*own, *under]
        group = ChapterFile(under[0].path, inside=inside, level=level, title=entry.title, grouping=True)
        return [group, *under]

    def _file(self, name: str, path: KeyPath, plain: ChapterFile) -> list[ChapterFile]:
        with self.faults.kept():
            return [replace(plain, path=_chapter(self.root, name, self.document.place(path), self.seen))]
        return []


_MORE = re.compile(r"\s-\s*\S+\.\w+$")  # the next name of a list, taken for a part of this one


def _chapter(root: Path, name: str, place: Place, seen: set[Path]) -> Path:
    """The path of a chapter, noted in `seen`."""
    path = root / name
    if path.is_dir():
        first = next((one.name for one in _markdown_files(path)), "01.md")
        raise PublishError(f'"{name}" is a folder', f"List its files: {name.rstrip('/')}/{first} …", place)
    if not path.is_file():
        close = difflib.get_close_matches(name, [one.name for one in _markdown_files(root)], n=1)
        hint = f' Did you mean "{close[0]}"?' if close else ""
        remedy = f"Add it to {shown_folder(root)}, or remove it from the list.{hint}"
        if typed := listed(name):
            remedy = f"Part the names with ASCII commas: {typed}"
        elif _MORE.search(name):
            remedy = "Let each line of the list begin with a hyphen and a space, all hyphens in one column"
        raise PublishError(f'chapter "{name}" not found', remedy, place)
    if not path.resolve().is_relative_to(root.resolve()):
        raise PublishError(f'chapter "{name}" lies outside the book', f"Move it into {shown(root)}", place)
    if path.resolve() in seen:
        raise PublishError(f'chapter "{name}" is listed twice', "List each file once", place)
    seen.add(path.resolve())
    return path
