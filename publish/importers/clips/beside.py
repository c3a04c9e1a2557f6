"""What a single Markdown file needs of the files beside it: its pictures, and the literature that it cites."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from publish.importers.folders.front import read_front
from publish.importers.folders.links import Address, mend_links
from publish.importers.folders.literature import SAME
from publish.importers.folders.tree import IMAGES
from publish.importers.protocol import File
from publish.importers.report import Ledger
from publish.source.settings.literature import FORMS

_ENTRY = re.compile(r"(?m)^[ \t]*@\w+\s*[{(]\s*([^\s,{}()]+)\s*,")
_CITED = re.compile(r"\[[^\[\]\n]*@[^\[\]\n]*\]")


def pictures_beside(text: str, source: Path, ledger: Ledger) -> tuple[File, ...]:
    """The pictures of a text that stand beside its file or below its folder; those that do not are told."""
    found: dict[str, File] = {}

    def look(address: Address) -> None:
        path = posixpath.normpath(address.url.partition("?")[0].replace("\\", "/"))
        if not address.image or re.match(r"[a-z][a-z0-9+.-]+:|//|#", address.url, re.IGNORECASE):
            return
        there = source.parent / path
        line = text.count("\n", 0, max(0, text.find(address.written))) + 1
        if path.startswith(("..", "/")) or re.match(r"[A-Za-z]:", path):
            ledger.unread("image-missing", line, address.url, "it stands outside of the file's folder")
        elif not there.is_file() or there.suffix.lower() not in IMAGES:
            ledger.unread("image-missing", line, address.url, "no such file in the folder")
        else:
            found[path] = File(path, there)

    mend_links(text, look)
    return tuple(found.values())


def literature_beside(text: str, source: Path, ledger: Ledger) -> tuple[dict[str, Any], tuple[File, ...]]:
    """What book.yaml says of literature, and its files: those that the front matter names, else those cited."""
    keys = read_front(text)[0].keys
    named = keys.get("bibliography")
    names = [str(one).strip() for one in (named if isinstance(named, list) else [named] if named else [])]
    taken = {name: file for name in names if (file := _file(name, source, ledger, "bibliography-missing"))}
    taken = taken or {one.name: one for one in _cited(text, source)}
    if not taken:
        return {}, ()
    said: dict[str, Any] = {"bibliography": list(taken)} | {name: keys[name] for name in SAME if keys.get(name)}
    style = str(keys.get("csl") or "").strip()
    if style and (file := _file(style, source, ledger, "style-missing")):
        said["csl"] = style
        taken[style] = file
    return said, tuple(File(name, file) for name, file in taken.items())


def _file(name: str, source: Path, ledger: Ledger, code: str) -> Path | None:
    there = source.parent / name
    inside = not name.startswith(("/", "..")) and there.suffix.lower() in (*FORMS, ".csl") and there.is_file()
    if not inside:
        ledger.unread(code, 0, name, "there is no such file beside the text")
    return there if inside else None


def _cited(text: str, source: Path) -> Iterator[Path]:
    """The `.bib` files beside a text that have a source which it cites."""
    cited = "".join(_CITED.findall(text))
    for one in sorted(source.parent.glob("*.bib")) if cited else ():
        entries = _ENTRY.findall(one.read_text(encoding="utf-8", errors="ignore"))
        if any(re.search(rf"@\{{?{re.escape(key)}(?![\w:-])", cited) for key in entries):
            yield one


def is_of_literature(key: str) -> bool:
    """Whether a key of front matter is one of literature, which `literature_beside` reads."""
    return key in ("bibliography", "csl", *SAME)
