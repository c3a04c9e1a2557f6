"""A ZIP or TAR file as a source: a project or an export, unpacked into a folder of its own, within bounds."""

from __future__ import annotations

import posixpath
import re
import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

from publish.encoding import find_encoding
from publish.errors import Place, PublishError
from publish.importers.report import Ledger
from publish.importers.unknown import require_sound
from publish.textfile import shown

MOST_FILES, MOST_BYTES = 200_000, 4_000_000_000
# What systems leave in archives.
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|\._[^/]*$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
# Parts by which a ZIP file is a document, a workbook, slides, a program, and no archive of files.
_DOCUMENTS = frozenset(
    ["[Content_Types].xml", "META-INF/container.xml", "META-INF/manifest.xml", "META-INF/MANIFEST.MF", "mimetype"]
)
_DOCUMENT_FOLDERS = ("Index/", "ppt/", "word/", "xl/")
# What hosts add to the name of a project: its branch, its commit.
_BRANCH = re.compile(r"-(?:main|master|[0-9a-f]{40})$")
_NAME_ENCODINGS = ("gb18030", "big5hkscs")
_LOCKED = 1  # the flag of a file that a password locks
_IS_UTF8 = 0x800  # the flag of a name in UTF-8


def is_archive(source: Path) -> bool:
    """Whether a file is an archive of files, not one of the documents that are ZIP files too."""
    if not source.is_file():
        return False
    with source.open("rb") as opened:
        if opened.read(2) != b"PK":
            return _is_tar(source)
    try:
        with zipfile.ZipFile(source) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    return not any(name in _DOCUMENTS or name.startswith(_DOCUMENT_FOLDERS) for name in names)


def _is_tar(source: Path) -> bool:
    """Whether a file is a TAR, packed or not, that holds files: one that is packed alone is no archive."""
    try:
        with tarfile.open(source) as archive:
            return archive.next() is not None
    except (OSError, tarfile.TarError, EOFError, zlib.error):
        return False


@contextmanager
def opened(source: Path, ledger: Ledger) -> Iterator[tuple[Path, Path]]:
    """What an importer is to read: `source` itself, or what an archive holds, there for as long as the block runs.

    Its second path is what a book is called after: where that would stand if the archive were unpacked beside itself.

    An archive's only folder, or its only file, is what it holds. Raises `PublishError` for an archive that is damaged,
    locked or larger than any book; what would stand outside of its folder is left out and told.
    """
    if not is_archive(source):
        yield source, source
        return
    with tempfile.TemporaryDirectory(prefix="publish-import-") as scratch:
        folder = Path(scratch) / (_BRANCH.sub("", source.stem.strip(" .")) or "book")
        folder.mkdir()
        (_unpack if zipfile.is_zipfile(source) else _unpack_tar)(source, folder, ledger)
        _unpack_parts(folder, ledger)
        try:
            held = _held(folder)
            inside = held.relative_to(scratch)
            yield held, source.absolute().parent / (inside.with_suffix("") if held.is_file() else inside)
        except PublishError as error:
            raise _renamed(error, scratch, source) from error


def _unpack(source: Path, folder: Path, ledger: Ledger) -> None:
    place = Place(shown(source))
    try:
        with zipfile.ZipFile(source) as archive:
            items = [one for one in archive.infolist() if not one.is_dir()]
            _require_bounds(items, source)
            for item, name in zip(items, _names(items), strict=True):
                if stat.S_ISLNK(item.external_attr >> 16):
                    ledger.decide("file-outside", 0, name, "not taken", "a link, and no file")
                elif not _LITTER.search(name):
                    with archive.open(item) as held:
                        _write(held, name, folder, ledger)
    except RuntimeError as error:  # a password, of one file or of all
        raise PublishError("a password locks this archive", "Unpack it, and import the folder", place) from error
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise PublishError("the archive is damaged", "Get it again, or unpack it, and import the folder", place) from (
            error
        )


def _unpack_tar(source: Path, folder: Path, ledger: Ledger) -> None:
    damaged = PublishError(
        "the archive is damaged", "Get it again, or unpack it, and import the folder", Place(shown(source))
    )
    total = 0
    try:
        with tarfile.open(source) as archive:
            for number, item in enumerate(archive, 1):
                total += item.size
                _require_few(number, total, source)
                if item.issym() or item.islnk():
                    ledger.decide("file-outside", 0, item.name, "not taken", "a link, and no file")
                elif item.isfile() and not _LITTER.search(item.name) and (held := archive.extractfile(item)):
                    with held:
                        _write(held, item.name, folder, ledger)
            rest = source.stat().st_size - archive.offset
    except (OSError, tarfile.TarError, EOFError, zlib.error) as error:
        raise damaged from error
    if 0 < rest < tarfile.BLOCKSIZE:  # it ends within a header, which Python takes for the archive's end
        raise damaged


def _require_bounds(items: list[zipfile.ZipInfo], source: Path) -> None:
    require_sound(items, source)
    _require_few(len(items), sum(one.file_size for one in items), source)
    if any(one.flag_bits & _LOCKED for one in items):
        raise PublishError("a password locks this archive", "Unpack it, and import the folder", Place(shown(source)))


def _require_few(files: int, total: int, source: Path) -> None:
    if files > MOST_FILES or total > MOST_BYTES:
        raise PublishError(
            f"this archive holds {files:,} files of {total / 1e6:,.0f} MB, more than any book",
            "Unpack it, and import the folder of the book itself",
            Place(shown(source)),
        )


def _names(items: list[zipfile.ZipInfo]) -> list[str]:
    """The names as their authors wrote them: those not marked as UTF-8 are in the encoding of the author's system."""
    raw = {one.filename: _bytes(one) for one in items if not one.flag_bits & _IS_UTF8}
    bare = [name for name in raw.values() if name is not None]
    encoding = _encoding(b"\n".join(bare))
    names = [
        found.decode(encoding, "replace") if (found := raw.get(one.filename)) is not None else one.filename
        for one in items
    ]
    return [name.replace("\\", "/") for name in names]


def _bytes(item: zipfile.ZipInfo) -> bytes | None:
    """A name as it stands in the archive, which Python has read as the IBM PC's own letters."""
    try:
        return item.filename.encode("cp437")
    except UnicodeEncodeError:
        return None


def _encoding(names: bytes) -> str:
    """The encoding of names, which are short: what fits, of several the one that their words speak for."""
    fitting = [one for one in ("utf-8", *_NAME_ENCODINGS) if _fits(names, one)]
    found = find_encoding(names)
    return found if found in fitting else (fitting or ["utf-8"])[0]


def _fits(names: bytes, encoding: str) -> bool:
    try:
        names.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _write(held: IO[bytes], name: str, folder: Path, ledger: Ledger) -> None:
    """Write a file of an archive, if it is one and stands below the folder."""
    steps = [step for step in name.split("/") if step not in ("", ".")]
    if name.startswith("/") or ".." in steps or re.match(r"[A-Za-z]:", name) or not steps:
        ledger.decide("file-outside", 0, name, "not taken", "its name leads out of the archive's folder")
        return
    path = folder.joinpath(*steps)
    if path.exists():
        ledger.decide("file-twice", 0, name, "not taken", "the archive has a file of this name already")
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as written:
            shutil.copyfileobj(held, written)
    except OSError as error:
        if error.filename is None:
            raise
        ledger.decide("file-outside", 0, name, "not taken", f"it cannot be written: {error.strerror}")


def _unpack_parts(folder: Path, ledger: Ledger) -> None:
    """Unpack the archives of which alone an export consists, into the folder where they stand."""
    files = [one for one in sorted(folder.rglob("*")) if one.is_file()]
    if files and all(one.suffix.lower() == ".zip" and is_archive(one) for one in files):
        for one in files:
            _unpack(one, one.parent, ledger)
            one.unlink()


def _held(folder: Path) -> Path:
    """A folder's only file, or the first folder in it that holds more than one thing."""
    inside = [one for one in folder.iterdir() if one.name != ".git"]
    if len(inside) != 1:
        return folder
    only = inside[0]
    if only.is_file():
        return only
    if plain := _BRANCH.sub("", only.name):
        only = only.rename(only.with_name(plain))
    return _held(only)


def _renamed(error: PublishError, scratch: str, source: Path) -> PublishError:
    """An error whose place is named as the archive's, not as the folder's in which it is unpacked."""
    if error.place is None:
        return error
    inner = error.place.file.partition(scratch)[2].strip("/") if scratch in error.place.file else ""
    named = posixpath.join(shown(source), inner.partition("/")[2]) if inner else error.place.file
    problem, remedy = (text.replace(f"{scratch}/", "") for text in (error.problem, error.remedy))
    return type(error)(problem, remedy, replace(error.place, file=named.rstrip("/")))
