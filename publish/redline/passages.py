"""The passages of a built edition in the order of reading: all that a reader sees, by its web pages or its record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote
from zlib import crc32

from lxml import etree, html

from publish.build.record import read_record
from publish.build.store import read_manifest
from publish.errors import Place, PublishError
from publish.textfile import shown

Kind = Literal["heading", "text", "code"]
CALL = "※"  # where a note is called; its number would change with every note before it
# What holds passages, and is none by itself where it holds others.
_BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 li dt dd pre figure figcaption caption table thead tbody tfoot tr blockquote div section "
    "article aside header footer ul ol dl details summary hr".split()
)
# Numbers that we give, and links that only lead about: no part of the text.
_OURS = frozenset({"number", "anchor", "backlink", "notes-title"})


@dataclass(frozen=True)
class RedlinePassage:
    """A paragraph, a heading, a row of a table, a block of code: the chapter's key, the id that it has, its text."""

    chapter: str
    id: str
    kind: Kind
    text: str


@dataclass(frozen=True)
class State:
    """One edition as a build has it; `whole` where its web pages tell of code, formulas and pictures too."""

    edition: str
    tag: str
    name: str
    title: str
    passages: tuple[RedlinePassage, ...]
    whole: bool


def editions_of(output: Path) -> dict[str, Any]:
    """The editions of an output folder, as its manifest has them. Raises `PublishError` where it holds no build."""
    manifest = read_manifest(output)
    if not manifest:
        raise PublishError(
            "this folder holds no build", "Name a folder that publish build wrote, or a book", Place(shown(output))
        )
    return dict(manifest["editions"])


def read_state(output: Path, edition: str, *, whole: bool) -> State:
    """Read an edition of an output folder; `whole`: from its web pages, if it has any. Raises `PublishError`."""
    row = editions_of(output)[edition]
    rows = read_record(output, edition)
    metadata = [RedlinePassage("", "", "text", one.text) for one in rows if not one.chapter]
    keys = list(dict.fromkeys(one.chapter for one in rows if one.chapter))
    pages = _pages(output, edition, keys) if whole else {}
    if pages:
        hashes = _hashes(output, edition)
        found = [one for key, page in pages.items() for one in _passages(key, page, hashes)]
    else:
        found = [RedlinePassage(one.chapter, one.id, "text", one.text) for one in rows if one.chapter]
    return State(edition, row["tag"], row["name"], row.get("title", ""), (*metadata, *found), bool(pages))


def has_pages(output: Path, edition: str) -> bool:
    """Whether an edition's web pages stand in an output folder."""
    return any(one["path"] == f"{edition}/html/index.html" for one in read_manifest(output)["artifacts"])


def _pages(output: Path, edition: str, keys: Sequence[str]) -> Mapping[str, Path]:
    """The web pages of an edition's chapters by their keys, in the order of reading."""
    folder = f"{edition}/html/"
    paths = [one["path"] for one in read_manifest(output)["artifacts"] if one["path"].startswith(folder)]
    names = [path.removeprefix(folder).removesuffix(".html") for path in paths if path.endswith(".html")]
    known = {name for name in names if "/" not in name}
    order = [key for key in keys if key in known]
    # A chapter of pictures alone has no text in the record.
    others = sorted(name for name in known - {*order, "index"} if _is_chapter(output / f"{folder}{name}.html"))
    return {key: output / f"{folder}{key}.html" for key in [*order, *others]}


def _is_chapter(page: Path) -> bool:
    return b'class="chapter"' in page.read_bytes()[:20_000]


def _hashes(output: Path, edition: str) -> Mapping[str, str]:
    """The hashes of an edition's web files by their paths beside its pages."""
    folder = f"{edition}/html/"
    rows = read_manifest(output)["artifacts"]
    return {one["path"].removeprefix(folder): one["sha256"] for one in rows if one["path"].startswith(folder)}


def _passages(key: str, page: Path, hashes: Mapping[str, str]) -> Iterator[RedlinePassage]:
    tree = html.parse(page, parser=html.HTMLParser(encoding="utf-8", huge_tree=True)).getroot()
    for main in tree.iter("article"):
        yield from _within(main, key, hashes)


def _within(element: Any, key: str, hashes: Mapping[str, str]) -> Iterator[RedlinePassage]:
    """The passages of a block: each block inside it, and the text between them."""
    if not _holds_blocks(element):
        text = _text(element, hashes)
        name = element.tag
        if name == "pre":
            yield from _passage(key, element, "code", text)
        elif name == "tr":
            yield from _passage(key, element, "text", " ｜ ".join(_even(_text(cell, hashes)) for cell in element))
        else:
            yield from _passage(key, element, "heading" if re.fullmatch(r"h\d", name) else "text", _even(text))
        return
    loose = element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag in _BLOCKS:
            yield from _passage(key, element, "text", _even(loose))
            loose = ""
            yield from _within(child, key, hashes)
        else:
            loose += _inline(child, hashes)
        loose += child.tail or ""
    yield from _passage(key, element, "text", _even(loose))


def _holds_blocks(element: Any) -> bool:
    if element.tag in ("pre", "tr"):
        return False
    return any(isinstance(one.tag, str) and one.tag in _BLOCKS for one in element.iterdescendants())


def _passage(key: str, element: Any, kind: Kind, text: str) -> Iterator[RedlinePassage]:
    if text.strip():
        yield RedlinePassage(key, _id(element), kind, text)


def _id(element: Any) -> str:
    return next((one.get("id") for one in [element, *element.iterancestors()] if one.get("id")), "")


def _text(element: Any, hashes: Mapping[str, str]) -> str:
    """What a reader sees of an element, in a line."""
    inside = [_inline(child, hashes) + (child.tail or "") for child in element]
    return (element.text or "") + "".join(inside)


def _inline(element: Any, hashes: Mapping[str, str]) -> str:
    if not isinstance(element.tag, str) or _OURS & {*str(element.get("class") or "").split()}:
        return ""
    if element.tag == "img":
        return _picture(element, hashes)
    if element.tag == "math":
        return str(element.get("alttext") or _text(element, hashes))
    if element.tag == "svg":
        drawn = etree.tostring(element, encoding="unicode", with_tail=False)
        return f"〔{element.get('aria-label') or ''} #{crc32(drawn.encode()):08x}〕"
    if element.tag == "br":
        return " / "
    if element.tag == "input":
        return "☑ " if element.get("checked") is not None else "☐ "
    if element.get("role") == "doc-noteref" or "noteref" in str(element.get("class") or "").split():
        return CALL
    if element.tag == "rt":
        return f"（{_text(element, hashes)}）"
    return "" if element.tag == "rp" else _text(element, hashes)


def _picture(element: Any, hashes: Mapping[str, str]) -> str:
    """A picture as text: what it is called, its file, the beginning of that file's hash."""
    address = unquote(str(element.get("src") or ""))
    name = address.rsplit("/", 1)[-1] if not address.startswith("data:") else ""
    return f"〔{' '.join(filter(None, [element.get('alt'), name, hashes.get(address, '')[:6]]))}〕"


def _even(text: str) -> str:
    """A text as it is read: spaces and line ends of the markup are one space."""
    return " ".join(text.split())
