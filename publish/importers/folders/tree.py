"""The files of an imported folder: found once, in natural order, read as text in any encoding."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from publish.encoding import CHINESE, find_encoding
from publish.errors import Place, PublishError
from publish.han import IDEOGRAPH
from publish.importers.report import Ledger
from publish.importers.settings import SKIPPED
from publish.source.order import natural
from publish.textfile import shown

ENCODINGS = ("utf-8", "gb18030", "big5")
HIDDEN_BUT_READ = {".gitbook", ".vuepress", ".vitepress", ".github"}
IMAGES = {".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".tif", ".tiff", ".ico"}
MOST_FILES = 200_000

# Documents of which a folder may hold chapters; of plain texts and web pages those in Chinese.
DOCUMENTS = {".docx", ".odt", ".txt", ".html", ".htm"}
SHARE_HAN, HEAD = 0.2, 4000  # of the letters in the first bytes


class Tree:
    """The files below `root` by their paths with `/`; `used` were read as text, `left` are left out."""

    def __init__(self, root: Path, ledger: Ledger) -> None:
        self.root = root
        self.files, outside = _files(root)
        for path, reason in outside:
            ledger.decide("file-outside", 0, path, "not taken", reason)
        self.used: dict[str, None] = {}
        self.left: set[str] = set()
        self._set = set(self.files)
        self._lower = {path.lower(): path for path in reversed(self.files)}
        self._ledger = ledger
        self._folders = {parent.as_posix() for path in self.files for parent in PurePosixPath(path).parents}
        self._names: dict[str, list[str]] = {}
        for path in self.files:
            self._names.setdefault(posixpath.basename(path).lower(), []).append(path)

    def find(self, path: str) -> str:
        """The file at `path`, in any case; "" for none and for a path that leaves the folder."""
        plain = posixpath.normpath(path) if path else ""
        found = plain if plain in self._set else self._lower.get(plain.lower(), "")
        return found or (self.find(path.replace("\\", "/")) if "\\" in path else "")

    def has_folder(self, path: str) -> bool:
        """Whether a file stands below a path."""
        return posixpath.normpath(path) in self._folders

    def leave(self, files: Iterable[str]) -> None:
        """Leave files out, whose reason is told together: they are no part of the book."""
        for file in files:
            self.used.pop(file, None)
            self.left.add(file)

    def named(self, name: str) -> list[str]:
        """The files of this name, in any folder."""
        return self._names.get(name.lower(), [])

    def path(self, file: str) -> Path:
        """Where a file is."""
        return self.root / file

    def text(self, file: str) -> str:
        """The text of a file, lines ended by line feeds; an encoding other than UTF-8 is noted, and damaged bytes."""
        self.used[file] = None
        data = self.path(file).read_bytes()
        encoding = _encoding(data)
        text = data.decode(encoding, "replace").removeprefix("\ufeff")
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        self._note(file, encoding, text)
        return text

    def _note(self, file: str, encoding: str, text: str) -> None:
        before, self._ledger.file = self._ledger.file, file
        if encoding != "utf-8":
            self._ledger.decide("encoding", 0, encoding, "read and written as UTF-8", "the file is not UTF-8")
        is_text = not file.endswith(".ipynb")  # programs in outputs have the character itself
        for number, line in enumerate(text.split("\n") if is_text and "\ufffd" in text else (), 1):
            if "\ufffd" in line:
                self._ledger.unread("encoding-damaged", number, line.strip(), f"bytes that are no {encoding}")
        self._ledger.file = before


def _files(root: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """The files below a folder in natural order, and what is not taken, with the reason."""
    found: list[str] = []
    outside: list[tuple[str, str]] = []
    real = root.resolve()
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            name for name in folders if name not in SKIPPED and (not name.startswith(".") or name in HIDDEN_BUT_READ)
        )
        here = Path(folder)
        if here != root and {"book.yaml", "import-report.json"} <= set(names):
            outside.append((here.relative_to(root).as_posix(), "an import has written this folder"))
            folders[:] = []
            continue
        for name in names:
            path = here / name
            if path.is_symlink() and not _stays(path, real) and path.suffix.lower() in (".md", ".markdown", *IMAGES):
                outside.append((path.relative_to(root).as_posix(), "a link that leads out of the folder"))
            if name.startswith(".git") or (path.is_symlink() and not _stays(path, real)) or not path.is_file():
                continue
            found.append(path.relative_to(root).as_posix())
        if len(found) > MOST_FILES:
            raise PublishError(
                f"this folder has more than {MOST_FILES:,} files",
                "Name the folder of the book itself",
                Place(shown(root)),
            )
    return sorted(found, key=natural), outside


def is_document(path: Path) -> bool:
    """Whether a file is a document, as far as its name and its first bytes say: a list of programs is no text."""
    suffix = path.suffix.lower()
    if suffix not in DOCUMENTS or path.name.startswith(("~", ".")) or not path.is_file():
        return False
    if suffix in (".docx", ".odt"):
        return True
    with path.open("rb") as opened:
        head = opened.read(HEAD)
    words = re.sub(
        r"<(?:script|style)\b.*?(?:</|\Z)|<[^>]*>", "", head.decode(find_encoding(head) or "utf-8", "ignore")
    )
    return len(IDEOGRAPH.findall(words)) > SHARE_HAN * sum(map(str.isalnum, words))


def _encoding(data: bytes) -> str:
    """The encoding of a file: what its words speak for (Big5 mostly fits GB18030 too), else the first that fits."""
    found = find_encoding(data)
    if found in ("utf-8", *CHINESE):
        return found
    return next((one for one in ENCODINGS if _is_in(data, one)), found or "utf-8")


def _is_in(data: bytes, encoding: str) -> bool:
    """Whether bytes are a text in an encoding, to the last."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _stays(path: Path, root: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False
