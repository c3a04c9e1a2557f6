"""An EPUB opened: its members, its package document and its content documents as trees (EPUB 3.3 §4, §5)."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree

from publish.edition.markup.xhtml import Element
from publish.errors import Place
from publish.findings import Finding
from publish.textfile import shown

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
MIMETYPE = b"application/epub+zip"
XHTML_TYPE = "application/xhtml+xml"
NCX_TYPE = "application/x-dtbncx+xml"
# What a whole book may unpack to; more is an accident or an attack.
MOST_BYTES = 2_000_000_000


@dataclass(frozen=True)
class ManifestItem:
    """A row of the manifest: id, path in the archive (or a remote address), media type, properties."""

    id: str
    path: str
    media_type: str
    properties: frozenset[str]
    line: int

    @property
    def remote(self) -> bool:
        """Whether it lies on another host."""
        return is_remote(self.path)


@dataclass(frozen=True)
class Book:
    """An EPUB: its file, the names of its members, its package document, the manifest, its XHTML and CSS by path."""

    file: str
    members: tuple[str, ...]
    package_path: str
    package: Element
    items: tuple[ManifestItem, ...]
    documents: dict[str, Element]
    data: dict[str, bytes] = field(repr=False)

    @property
    def version(self) -> str:
        """The version of EPUB that the package states: 3.0, 2.0."""
        return self.package.get("version") or ""

    @property
    def spine(self) -> list[str]:
        """The paths of the content documents in reading order."""
        by_id = {item.id: item.path for item in self.items}
        rows = (by_id.get(str(row.get("idref"))) for row in self.package.iterfind("{*}spine/{*}itemref"))
        return [path for path in rows if path in self.documents]

    @property
    def nav(self) -> str:
        """The path of the navigation document; empty where there is none."""
        return next((item.path for item in self.items if "nav" in item.properties), "")

    def place(self, path: str, element: Element | int = 0) -> Place:
        """A place in a member: the book's file, then the member's path, then a line."""
        line = element if isinstance(element, int) else line_of(element)
        return Place(f"{self.file}:{path}" if path else self.file, line)

    def finding(self, code: str, path: str, element: Element | int, problem: str, remedy: str = "") -> Finding:
        """A warning with its place in the book."""
        return Finding(code, "warning", self.place(path, element), problem, remedy)

    def texts(self) -> Iterator[tuple[str, Element]]:
        """The content documents in reading order, then those outside the spine; without the navigation document."""
        order = dict.fromkeys([*self.spine, *self.documents])
        return ((path, self.documents[path]) for path in order if path != self.nav)


def line_of(element: Element) -> int:
    """The line of an element in its file; 0 where it is not known."""
    line: Any = element.sourceline
    return line or 0


def is_remote(address: str) -> bool:
    """Whether an address names a scheme or a host."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", address) is not None


def resolve(base: str, address: str) -> tuple[str, str]:
    """Path in the archive and fragment of a relative address in a member; the path of a remote one is its address."""
    if is_remote(address):
        return address, ""
    path, _, fragment = address.partition("#")
    path = unquote(path.partition("?")[0])
    return (posixpath.normpath(posixpath.join(posixpath.dirname(base), path)) if path else base), unquote(fragment)


def read(file: Path) -> tuple[Book | None, list[Finding]]:
    """An EPUB as far as it can be read, and what is wrong with its container; None if nothing can be read."""
    name = shown(file.absolute())
    findings: list[Finding] = []

    def fault(code: str, path: str, problem: str, remedy: str = "", line: int = 0) -> None:
        findings.append(Finding(code, "error", Place(f"{name}:{path}" if path else name, line), problem, remedy))

    try:
        with zipfile.ZipFile(file) as archive:
            rows = [row for row in archive.infolist() if not row.is_dir()]
            if sum(row.file_size for row in rows) > MOST_BYTES:
                fault("epub-zip", "", f"it unpacks to more than {MOST_BYTES:,} bytes", "Make its images smaller")
                return None, findings
            data = {row.filename: archive.read(row) for row in rows}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        fault(
            "epub-zip", "", f"this is not a valid ZIP archive ({error})", "Build the book again, or download it again"
        )
        return None, findings
    first = rows[0] if rows else None
    if first is None or first.filename != "mimetype" or first.compress_type or data["mimetype"] != MIMETYPE:
        problem = "the archive does not begin with an uncompressed mimetype of application/epub+zip"
        fault("epub-mimetype", "mimetype", problem, "Pack it with a tool for EPUBs")
    trees = _Trees(data, fault)
    container = trees.get(CONTAINER)
    roots = [] if container is None else list(container.iterfind(".//{*}rootfile"))
    path = unquote(str(roots[0].get("full-path"))) if roots else ""
    package = trees.get(path) if path in data else None
    if package is None:
        fault("epub-package", CONTAINER, "the package document is missing or cannot be read")
        return None, findings
    items = tuple(_items(package, path))
    for item in items:
        if not item.remote and item.path not in data:
            fault(
                "epub-package", path, f'the manifest names "{item.path}", which is not in the archive', line=item.line
            )
    hidden = set(_encrypted(trees))
    if any(item.path in hidden for item in items if item.media_type == XHTML_TYPE):
        fault("epub-encrypted", ENCRYPTION, "the text is encrypted, so it is not checked", "Check the book without DRM")
    wanted = [item.path for item in items if item.media_type == XHTML_TYPE and item.path in data]
    documents = {path: tree for path in wanted if path not in hidden and (tree := trees.get(path)) is not None}
    return Book(name, tuple(row.filename for row in rows), path, package, items, documents, data), findings


class _Trees:
    """The XML members of an archive, parsed; a broken one is reported."""

    def __init__(self, data: dict[str, bytes], fault: Callable[..., None]) -> None:
        self._data = data
        self._fault = fault

    def get(self, path: str) -> Element | None:
        """A member as a tree; None where it is missing or not XML."""
        if path not in self._data:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
        try:
            return etree.fromstring(self._data[path], parser)
        except etree.XMLSyntaxError as error:
            self._fault("epub-xml", path, f"this is not well-formed XML: {error.msg}", "", error.lineno or 0)
            return None


def _items(package: Element, path: str) -> Iterator[ManifestItem]:
    for row in package.iterfind("{*}manifest/{*}item"):
        yield ManifestItem(
            str(row.get("id") or ""),
            resolve(path, str(row.get("href") or ""))[0],
            str(row.get("media-type") or ""),
            frozenset(str(row.get("properties") or "").split()),
            line_of(row),
        )


def _encrypted(trees: _Trees) -> Iterator[str]:
    """The members that are encrypted; fonts that are only obfuscated are among them."""
    tree = trees.get(ENCRYPTION)
    for row in [] if tree is None else tree.iterfind(".//{*}CipherReference"):
        yield unquote(str(row.get("URI") or ""))
