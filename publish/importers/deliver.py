"""What an importer read, written as a book's folder: whole or not at all, never over its author's changes."""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import posixpath
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from publish.errors import Place, PublishError
from publish.importers.protocol import File, Imported, ImportedChapter
from publish.importers.report import FileChange, ImportReport, Ledger, State
from publish.source.chapters import BOOK_FILE
from publish.source.slugs import slugify
from publish.textfile import shown

REPORT_FILE = "import-report.json"
RAW = "raw"
LONGEST_DIFF = 200  # lines of one file's difference


@dataclass(frozen=True)
class Delivery:
    """The files of a new folder and the report on them."""

    files: tuple[File, ...]
    report: ImportReport


# Folders that say where a text lies and not what it is.
_NAMELESS = frozenset(
    "book content doc docs examplesite main master pages site source src web website www zh zh-cn zh-hans zh-hant zh-hk"
    " zh-tw".split()
)


def _name(source: Path) -> str:
    """What a source is called: a file without its suffix, a folder or, where that says nothing, the one around it."""
    if source.is_file():
        return source.stem
    return next((one.name for one in (source, *source.parents) if one.name.lower() not in _NAMELESS), source.name)


def describe(importer: str, source: Path, imported: Imported, ledger: Ledger, named: Path | None = None) -> Delivery:
    """The files of the imported book, by path, and the report; nothing is written.

    The book is called after `named`, where that is not the source itself.
    """
    book = {
        **imported.metadata,
        "slug": imported.slug or slugify(_name((named or source).absolute())),
        "chapters": chapter_list(imported.chapters),
    }
    text = yaml.safe_dump(book, allow_unicode=True, sort_keys=False, width=1_000_000)
    written = [File(BOOK_FILE, text.encode()), *_chapter_files(imported.chapters), *imported.assets]
    hashes = {one.path: _hash(one) for one in written}
    at = {hash_: path for path, hash_ in reversed(hashes.items())}
    originals = {one.path: _hash(one) for one in imported.originals}
    kept = [one for one in imported.originals if originals[one.path] not in at]
    raw = [File(path, one.content) for path, one in zip(_raw_paths(kept), kept, strict=True)]
    hashes |= {path: originals[one.path] for path, one in zip((one.path for one in raw), kept, strict=True)}
    files = (*written, *raw)
    _refuse_bad_paths([one.path for one in files])
    report = ImportReport(
        importer=importer,
        source=source.absolute().name,
        metadata=book,
        counts=dict(ledger.counts),
        decisions=ledger.sorted(),
        originals=originals,
        files=dict(sorted(hashes.items())),
    )
    return Delivery(files, report)


def chapter_list(chapters: Sequence[ImportedChapter]) -> list[Any]:
    """The `chapters:` of book.yaml: files in order, parts with the files under them, files with files under them."""
    return [_entry(one, "part") for one in chapters if one.path or one.children]


def _entry(one: ImportedChapter, kind: str) -> Any:
    """A file, a file with others under it, or a title with others under it: a part at the top, else a `title`."""
    inside = [_entry(each, "title") for each in one.children if each.path or each.children]
    if one.path:
        return {"file": one.path, "chapters": inside} if inside else one.path
    return {kind: one.title or "…", "chapters": inside}


def _chapter_files(chapters: Sequence[ImportedChapter]) -> list[File]:
    files: list[File] = []
    for one in chapters:
        files += [File(one.path, one.text.encode())] if one.path else []
        files += _chapter_files(one.children)
    return files


def _hash(file: File) -> str:
    if isinstance(file.content, bytes):
        return hashlib.sha256(file.content).hexdigest()
    with file.content.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _raw_paths(originals: Sequence[File]) -> list[str]:
    """Where originals are kept: two whose names differ in case alone would be one file on some computers."""
    taken: set[str] = set()
    paths: list[str] = []
    for one in originals:
        stem, suffix = posixpath.splitext(f"{RAW}/{one.path}")
        numbered = (f"{stem}-{number}{suffix}" for number in count(2))
        path = next(path for path in chain([f"{stem}{suffix}"], numbered) if path.lower() not in taken)
        taken.add(path.lower())
        paths.append(path)
    return paths


def _refuse_bad_paths(paths: Sequence[str]) -> None:
    """Raise for a path that leads out of the folder, or that two files share apart from case."""
    seen: dict[str, str] = {}
    for path in paths:
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts or "\\" in path or ":" in parts[0]:
            raise PublishError(f'"{path}" leads out of the new folder', "Rename it in the original")
        if path.lower() in seen:
            first = seen[path.lower()]
            raise PublishError(
                f'"{first}" and "{path}" are the same file on some systems', "Rename one of them in the original"
            )
        seen[path.lower()] = path


# A new folder


def require_free(destination: Path) -> None:
    """Raise where `destination` is a file, or a folder that holds anything."""
    if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
        raise PublishError(
            "the destination is not empty", "Name a new folder, or empty this one", Place(shown(destination))
        )


def write_folder(destination: Path, delivery: Delivery) -> None:
    """Write the files into a folder beside `destination` and rename it: whole or not at all."""
    staged = destination.absolute().with_name(f".{destination.absolute().name}.{os.getpid()}.partial")
    try:
        _put(staged, [*delivery.files, _report_file(delivery.report)])
        if destination.exists():
            destination.rmdir()
        staged.rename(destination)
    except OSError as error:
        raise PublishError(
            f"cannot write: {error.strerror}", "Choose another folder", Place(shown(destination))
        ) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _report_file(report: ImportReport) -> File:
    return File(REPORT_FILE, report.to_json().encode())


def _put(folder: Path, files: Sequence[File]) -> None:
    for one in files:
        path = folder / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(one.content, bytes):
            path.write_bytes(one.content)
        else:
            shutil.copyfile(one.content, path)


# A folder that was imported before


def earlier(destination: Path) -> Mapping[str, Any] | None:
    """The report that an import left in `destination`; None where there is none."""
    try:
        read = json.loads((destination / REPORT_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return read if isinstance(read, dict) and isinstance(read.get("files"), dict) else None


def update_folder(destination: Path, delivery: Delivery, before: Mapping[str, Any], *, write: bool) -> ImportReport:
    """Bring a folder up to a changed original: files that its author left alone are updated, the others stay.

    A file that both changed stays as its author has it; what the original would give stands beside it as `.new`. What
    the original no longer has stays too. Raises `PublishError` for a folder that was made from something else.
    """
    made_by = (before.get("importer"), before.get("source"))
    now = (delivery.report.importer, delivery.report.source)
    if made_by != now:
        raise PublishError(
            f"this folder was imported from {made_by[1]} ({made_by[0]}), not from {now[1]} ({now[0]})",
            "Name a new folder",
            Place(shown(destination)),
        )
    changes: list[FileChange] = []
    wanted: list[File] = []
    for one in delivery.files:
        state = _state(destination / one.path, delivery.report.files[one.path], before["files"].get(one.path))
        changes.append(FileChange(one.path, state, _difference(destination, one) if _tells(one, state) else ""))
        if state in ("added", "updated"):
            wanted.append(one)
        elif state == "conflict":
            wanted.append(replace(one, path=f"{one.path}.new"))
    gone = [path for path in before["files"] if path not in delivery.report.files and (destination / path).exists()]
    changes += [FileChange(path, _parted(destination / path, before["files"][path])) for path in gone]
    report = replace(delivery.report, changes=tuple(sorted(changes, key=lambda one: one.path)))
    if write:
        _replace(destination, [*wanted, _report_file(report)])
    return report


def _tells(file: File, state: State) -> bool:
    return state in ("updated", "conflict") and not file.path.startswith(f"{RAW}/")


def _state(path: Path, new: str, base: str | None) -> State:
    """A file's state: what the import would write, what it wrote before and what is there, compared."""
    if not path.is_file():
        return "added" if base is None or base != new else "yours"  # removed by the author, and the same as before
    mine = _hash(File("", path))
    if mine == new:
        return "same"
    if base == new:
        return "yours"
    return "updated" if mine == base else "conflict"


def _parted(path: Path, base: str) -> State:
    """The state of a file that the original no longer has; what an author changed in it may be in no chapter now."""
    return "gone" if not path.is_file() or _hash(File("", path)) == base else "left"


def _difference(destination: Path, file: File) -> str:
    try:
        mine, new = ((destination / file.path).read_bytes().decode(), file.read().decode())
    except UnicodeDecodeError:
        return ""
    lines = list(
        difflib.unified_diff(
            mine.splitlines(), new.splitlines(), file.path, f"{file.path} (original)", lineterm="", n=1
        )
    )
    more = [f"… {len(lines) - LONGEST_DIFF} more lines"] if len(lines) > LONGEST_DIFF else []
    return "\n".join([*lines[:LONGEST_DIFF], *more])


def _replace(destination: Path, files: Sequence[File]) -> None:
    """Write all files beside the folder first, then move each into its place."""
    staged = destination.absolute().with_name(f".{destination.absolute().name}.{os.getpid()}.partial")
    try:
        _put(staged, files)
        for one in files:
            (destination / one.path).parent.mkdir(parents=True, exist_ok=True)
            (staged / one.path).replace(destination / one.path)
    except OSError as error:
        raise PublishError(
            f"cannot write: {error.strerror}", "Make room, and try again", Place(shown(destination))
        ) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
