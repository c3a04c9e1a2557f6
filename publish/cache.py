"""The cache: what builds have made, by the hash of what it was made from; JSON and bytes beside the book, bounded.

An entry is a file that begins with the SHA-256 of the rest, so that a damaged one is found. It is written whole or not
at all, so two builds may share the folder and either may be killed. Nothing here ever fails a build: what cannot be
read is made again, what cannot be written is not kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

FOLDER = ".publish-cache"
SIZE = "PUBLISH_CACHE_SIZE"  # the environment's name for the most that it may hold: 800 MB, 2GB
DEFAULT_SIZE = 1_000_000_000  # bytes
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_LEFT = 0.8  # of the most, after the oldest have gone
_HASH = 64  # characters of a SHA-256, and a line feed behind it
_ABANDONED = 3600  # seconds after which a file that is still being written belongs to a build that was killed
_USED = 600  # seconds for which an entry that was used counts as used now
_WRITING = ".writing-"
_ENTRIES, _SLOTS = "entries", "slots"
_ABOUT = {
    ".gitignore": "*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# What publish made, so as not to make it twice.\n",
}


class Shared(Protocol):
    """A place that several machines keep entries in. What it gives may be damaged; it fails nobody."""

    def get(self, name: str) -> bytes | None:
        """A file of it; None where there is none."""
        ...

    def put(self, name: str, data: bytes) -> None:
        """Keep a file."""
        ...


@dataclass(frozen=True)
class Cache:
    """Entries below a folder; without one nothing is kept and nothing found. `program` goes into every key.

    Entries are looked for at a place that is shared, too, and kept there; what is noted in slots is not.
    """

    folder: Path | None = None
    program: str = ""
    shared: Shared | None = None

    def key(self, what: str, *reads: object) -> str:
        """The key of a step's result: the hash of the step's name, the program, and all that the step reads.

        "" where nothing is kept.
        """
        return digest(what, self.program, reads) if self.folder else ""

    def get(self, key: str) -> bytes | None:
        """What was kept under a key; None where nothing was, or it is damaged."""
        if not self.folder:
            return None
        data = self._read(self._entry(key))
        return self._fetched(key) if data is None and self.shared else data

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key; nothing under none."""
        if self.folder and key:
            self._write(self._entry(key), data)
            if self.shared:
                self.shared.put(_name(key), _head(data) + data)

    def get_json(self, key: str) -> Any:
        """What JSON says that was kept under a key; None where nothing was."""
        data = self.get(key) if key else None
        with suppress(RecursionError):
            return None if data is None else json.loads(data.decode("utf-8", "surrogatepass"))
        return None

    def put_json(self, key: str, value: Any) -> None:
        """Keep what JSON can say; what nests too deeply is not kept."""
        if self.folder:
            with suppress(RecursionError):
                self.put(key, as_json(value))

    def made(self, key: str, make: Callable[[], T], write: Callable[[T], Any], read: Callable[[Any], T]) -> T:
        """A value by its key: read from the JSON that is kept, else made, and kept as the JSON that `write` gives."""
        kept = self.get_json(key)
        if kept is not None:
            return read(kept)
        value = make()
        self.put_json(key, write(value))
        return value

    def recall(self, slot: str) -> dict[str, Any] | None:
        """What was noted last in a slot, which is no key: what is noted there replaces what was."""
        data = self._read(self._slot(slot)) if self.folder else None
        noted = None if data is None else json.loads(data.decode("utf-8", "surrogatepass"))
        return noted if isinstance(noted, dict) else None

    def is_noted(self, slot: str) -> bool:
        """Whether anything was noted in a slot."""
        return self.folder is not None and self._slot(slot).is_file()

    def note(self, slot: str, value: Mapping[str, Any]) -> None:
        """Note what JSON can say in a slot."""
        if self.folder:
            self._write(self._slot(slot), as_json(value))

    def trim(self, most: int) -> int:
        """Delete the entries that were not used for longest, where all take more than `most` bytes; how many."""
        files = sorted(self._files(), key=lambda one: one[1].st_mtime_ns)
        over = sum(status.st_size for _, status in files) - most
        if over <= 0:
            return 0
        over += round(most * (1 - _LEFT))
        count = 0
        for path, status in files:
            if over <= 0:
                break
            with suppress(OSError):
                Path(path).unlink()
                over -= status.st_size
                count += 1
        return count

    def _fetched(self, key: str) -> bytes | None:
        """An entry of the shared place, kept here from now on; None where there is none, or it is damaged."""
        whole = self.shared.get(_name(key)) if self.shared else None
        data = None if whole is None else _sound(whole)
        if data is not None:
            self._write(self._entry(key), data)
        return data

    def _entry(self, key: str) -> Path:
        return Path(f"{self._root}/{_ENTRIES}/{_name(key)}")

    def _slot(self, slot: str) -> Path:
        return Path(f"{self._root}/{_SLOTS}/{digest(slot)[:32]}")

    @property
    def _root(self) -> Path:
        if self.folder is None:
            raise RuntimeError("this cache keeps nothing")
        return self.folder

    def _read(self, file: Path) -> bytes | None:
        try:
            with file.open("rb", buffering=0) as opened:
                used, whole = os.fstat(opened.fileno()).st_mtime, opened.readall()
        except OSError:
            return None
        data = _sound(whole)
        with suppress(OSError):
            if data is None:
                file.unlink()
            elif time.time() - used > _USED:
                os.utime(file)  # used now
        return data

    def _write(self, file: Path, data: bytes) -> None:
        name = ""
        try:
            self._make_folder()
            file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=file.parent, prefix=_WRITING)
            with os.fdopen(handle, "wb") as made:
                made.write(_head(data))
                made.write(data)
            Path(name).replace(file)
        except OSError:
            with suppress(OSError):
                Path(name).unlink()

    def _make_folder(self) -> None:
        """The folder, ignored by Git and by programs that copy or search others'; none is made where no book's is."""
        if not self._root.is_dir():
            self._root.mkdir()
        for name, text in _ABOUT.items():
            if not (self._root / name).exists():
                (self._root / name).write_text(text, encoding="utf-8")

    def _files(self) -> Iterator[tuple[str, os.stat_result]]:
        """All entries and slots with their sizes and times; what a killed build left half-written is deleted."""
        for top in (_ENTRIES, _SLOTS) if self.folder else ():
            for one in _files_below(str(self._root / top)):
                with suppress(OSError):
                    status = one.stat(follow_symlinks=False)
                    if not one.name.startswith(_WRITING):
                        yield one.path, status
                    elif time.time() - status.st_mtime > _ABANDONED:
                        Path(one.path).unlink()


def _files_below(folder: str) -> Iterator[os.DirEntry[str]]:
    """The files in a folder and in those below it; a folder that is not there, or not any more, has none."""
    with suppress(OSError), os.scandir(folder) as entries:
        for one in entries:
            if one.is_dir(follow_symlinks=False):
                yield from _files_below(one.path)
            else:
                yield one


NONE = Cache()


def open_cache(root: Path, program: str = "", shared: Shared | None = None) -> Cache:
    """The cache of the book in a folder; its own folder is made when there is something to keep."""
    return Cache(root / FOLDER, program, shared)


def delete(root: Path) -> int:
    """Delete the cache of the book in a folder; the bytes that it took."""
    folder = root / FOLDER
    if folder.is_symlink() or not (folder / "CACHEDIR.TAG").is_file():
        return 0
    size = sum(status.st_size for _, status in Cache(folder)._files())  # noqa: SLF001  # its own module's
    shutil.rmtree(folder, ignore_errors=True)
    return size


def most_bytes(text: str | None = None) -> int:
    """The most that a cache may hold, as the environment says it, or `DEFAULT_SIZE`."""
    said = os.environ.get(SIZE, "") if text is None else text
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)B?\s*", said, re.IGNORECASE)
    return round(float(found[1]) * _UNITS[found[2].upper()]) if found else DEFAULT_SIZE


def digest(*values: object) -> str:
    """The SHA-256 of values: records, containers, texts, numbers, paths, bytes. Equal values have equal hashes.

    Raises `TypeError` for what is none of these, rather than hash what does not last.
    """
    return hashlib.sha256(as_json([plain(one) for one in values])).hexdigest()


_SIMPLE = frozenset([str, int, float, bool, type(None)])
_LONG = 500  # characters of a text that is hashed by itself: to write it as JSON takes thirty times as long


def plain(value: object) -> Any:
    """A value as JSON has it, for hashing: records by their fields, maps, sets and long texts with their kind."""
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, str):
        return value if len(value) < _LONG else {"text": text_hash(value)}
    if isinstance(value, list | tuple):
        kinds = set(map(type, value))
        if kinds == {str}:
            lengths = [*map(len, value)]
            return value if sum(lengths) < _LONG else {"texts": [text_hash("".join(value)), lengths]}
        simple = _SIMPLE.issuperset(kinds) and str not in kinds
        return value if simple else [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {"map": [[plain(key), plain(one)] for key, one in value.items()]}
    if isinstance(value, set | frozenset):
        return {"set": sorted(digest(one) for one in value)}
    if is_dataclass(value) and not isinstance(value, type):
        return {type(value).__name__: [plain(getattr(value, name)) for name in _names(type(value))]}
    if isinstance(value, Path):
        return {"path": str(value)}
    if isinstance(value, bytes):
        return {"bytes": hashlib.sha256(value).hexdigest()}
    raise TypeError(f"a {type(value).__name__} has no hash that lasts")


@cache
def _names(record: type) -> tuple[str, ...]:
    """The names of a record's fields, which are looked up once."""
    return tuple(field.name for field in fields(record))


def text_hash(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def as_json(value: Any) -> bytes:
    """A value in JSON, as short as can be."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _name(key: str) -> str:
    """The path of an entry below the folder of all."""
    return f"{key[:2]}/{key[2:]}"


def _sound(whole: bytes) -> bytes | None:
    """The data of an entry; None where it is damaged."""
    data = memoryview(whole)[_HASH + 1 :]
    return bytes(data) if whole[: _HASH + 1] == _head(data) else None


def _head(data: bytes | memoryview) -> bytes:
    return hashlib.sha256(data).hexdigest().encode() + b"\n"
