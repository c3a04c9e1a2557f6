"""An EPUB shown as it is: its documents in the order of reading, and each member as a browser asks for it."""

from __future__ import annotations

import mimetypes
import posixpath
import zipfile
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

INSIDE = "!/"  # in an address, between an EPUB and the path of a member
_CONTAINER = "META-INF/container.xml"
_XHTML = "application/xhtml+xml"


def read_spine(file: Path) -> tuple[str, ...]:
    """The paths of an EPUB's documents in the order of reading (EPUB 3.3 §5.7)."""
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(file: Path, _stamp: int) -> tuple[str, ...]:
    with zipfile.ZipFile(file) as archive:
        container = etree.fromstring(archive.read(_CONTAINER))
        path = str(next(container.iter("{*}rootfile")).get("full-path"))
        package = etree.fromstring(archive.read(path))
    items = {str(one.get("id")): unquote(str(one.get("href"))) for one in package.iterfind("{*}manifest/{*}item")}
    rows = [items[str(one.get("idref"))] for one in package.iterfind("{*}spine/{*}itemref")]
    return tuple(posixpath.normpath(posixpath.join(posixpath.dirname(path), row)) for row in rows)


def read_member(file: Path, path: str) -> tuple[bytes, str]:
    """A member of an EPUB and its media type. Raises `KeyError` where there is none of this path."""
    with zipfile.ZipFile(file) as archive:
        data = archive.read(path)
    if path.endswith((".xhtml", ".html")):
        return data, _XHTML
    return data, mimetypes.guess_type(path)[0] or "application/octet-stream"
