"""Pictures from other hosts that the book keeps a copy of: images.lock.yaml, read, written and put in their places."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from publish.errors import Place, PublishError
from publish.source.document import text
from publish.textfile import read_text, shown, write_file
from publish.yamlfile import YamlDocument, read_yaml

LOCK_FILE = "images.lock.yaml"
FOLDER = "fetched"

_HEAD = f"""\
# Pictures from other hosts, fetched by `publish fetch`. Builds use the copies in {FOLDER}/: keep both with the book.
# creator and licence may be filled in by hand; they stay.
"""
_NEEDED = ("url", "file", "sha256")
_IMG_SOURCE = re.compile(r"(<img\b[^>]*?\bsrc\s*=\s*)([\"'])(.*?)\2", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """A locked picture: where it came from, its copy (a path in the book), and what is known of it.

    `size` is in bytes, `width` and `height` in pixels (0: unknown), `date` the day on which it was fetched.
    """

    url: str
    file: str
    sha256: str
    type: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    date: str = ""
    creator: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Lock:
    """The locked pictures of the folder `root`, by normal address."""

    root: Path
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    def find(self, url: str) -> Picture | None:
        """The locked picture of an address, however it is written."""
        return self.pictures.get(normal(url))

    def has_copy(self, picture: Picture) -> bool:
        """Whether the picture's copy is there.

        Raises `PublishError` where the file that is there is another.
        """
        path = self.root / picture.file
        if not path.is_file():
            return False
        if hashlib.sha256(path.read_bytes()).hexdigest() != picture.sha256:
            raise PublishError(
                f"this is not the picture that {LOCK_FILE} names (its SHA-256 differs)",
                "Delete it and run: publish fetch",
                Place(shown(path)),
            )
        return True

    def local(self, url: str) -> str:
        """The path, from the book's root, of the copy of a picture on another host; the address where there is none."""
        picture = self.find(url) if is_remote(url) else None
        return f"/{picture.file}" if picture and self.has_copy(picture) else url

    def with_picture(self, picture: Picture) -> Lock:
        """The lock with one more picture, or another in the place of one."""
        return replace(self, pictures={**self.pictures, normal(picture.url): picture})


def is_remote(url: str) -> bool:
    """Whether an address leads to another host."""
    return url.startswith("//") or (urlsplit(url).scheme.lower() in ("http", "https", "ftp"))


def absolute(url: str) -> str:
    """An address with its scheme, https where it has none: `//host/a.png`."""
    return f"https:{url}" if url.startswith("//") else url


def normal(url: str) -> str:
    """An address as it is asked for: https, without a fragment."""
    parts = urlsplit(absolute(url.strip()))
    scheme = "https" if parts.scheme.lower() == "http" else parts.scheme.lower()
    return parts._replace(scheme=scheme, netloc=parts.netloc.lower(), fragment="").geturl()


def read_lock(root: Path) -> Lock:
    """The lock of a book's folder; an empty one where there is none.

    Raises `PublishError` with file, line and key if the file is not a lock file.
    """
    path = root / LOCK_FILE
    if not path.is_file():
        return Lock(root)
    document = read_yaml(read_text(path), shown(path))
    entries = document.data.get("images") if isinstance(document.data, dict) else None
    if not isinstance(entries, list):
        raise _broken("there is no list of images", document.place(()))
    pictures = [_picture(entry, document, number) for number, entry in enumerate(entries)]
    return Lock(root, {normal(one.url): one for one in pictures})


def _broken(problem: str, place: Place) -> PublishError:
    return PublishError(problem, "Correct it, or delete the file and run: publish fetch", place)


def _picture(entry: Any, document: YamlDocument, number: int) -> Picture:
    place = document.place(("images", number))
    if not isinstance(entry, dict):
        raise _broken("this is not a picture: it has no keys", place)
    if missing := [key for key in _NEEDED if not isinstance(entry.get(key), str)]:
        raise _broken(f'a picture has no "{missing[0]}"', place)
    path = Path(entry["file"])
    if path.is_absolute() or ".." in path.parts:
        raise _broken(f'"{path}" lies outside the book', place)
    known = {key: entry[key] for key in asdict(Picture("", "", "")) if entry.get(key) is not None}
    numbers = {key: value for key, value in known.items() if key in ("size", "width", "height")}
    if wrong := [key for key, value in numbers.items() if not isinstance(value, int)]:
        raise _broken(f'"{wrong[0]}" is not a number', place)
    texts: dict[str, Any] = {key: str(value) for key, value in known.items() if key not in numbers}
    return Picture(**numbers, **texts)


def write_lock(lock: Lock) -> None:
    """Write the lock beside the book, its pictures by address; whole or not at all."""
    path = lock.root / LOCK_FILE
    rows = [
        {key: value for key, value in asdict(lock.pictures[key_]).items() if value} for key_ in sorted(lock.pictures)
    ]
    content = _HEAD + yaml.safe_dump({"images": rows}, allow_unicode=True, sort_keys=False, width=1_000_000)
    write_file(path, content)


def with_copies(tree: Any, lock: Lock) -> Any:
    """A tree of pandoc's AST with the address of each picture that is locked made that of its copy."""
    if not lock.pictures:
        return tree
    if isinstance(tree, list):
        return [with_copies(one, lock) for one in tree]
    if not isinstance(tree, dict):
        return tree
    node: Any = tree
    kind, content = node.get("t"), node.get("c")
    if kind == "Image":
        attributes, alt, (url, title) = content
        return {**tree, "c": [attributes, with_copies(alt, lock), [lock.local(url), title]]}
    if kind in ("RawBlock", "RawInline"):
        return {**tree, "c": [content[0], _html_with_copies(content[1], lock)]}
    return {**tree, "c": with_copies(content, lock)} if isinstance(content, list) else tree


def _html_with_copies(markup: str, lock: Lock) -> str:
    def local(match: re.Match[str]) -> str:
        url = html.unescape(match[3])
        copy = lock.local(url)
        return match[0] if copy == url else f"{match[1]}{match[2]}{copy}{match[2]}"

    return _IMG_SOURCE.sub(local, markup)


def pictures(tree: Any, line: int = 0) -> Iterator[tuple[str, str, int]]:
    """Each picture in a tree: its address, what its alternative text or caption says, its block's source line."""
    if isinstance(tree, list):
        for one in tree:
            yield from pictures(one, line)
    if not isinstance(tree, dict):
        return
    node: Any = tree
    kind, content, line = node.get("t"), node.get("c"), node.get("line", line)
    if kind == "Image" and isinstance(content, list):
        yield content[2][0], text(content[1]).strip(), line
    elif kind in ("RawBlock", "RawInline") and isinstance(content, list):
        yield from ((html.unescape(match[3]), "", line) for match in _IMG_SOURCE.finditer(content[1]))
    yield from pictures(content, line)
