"""Notes that Evernote, 印象笔记 and others export (ENEX): each note a chapter, with its pictures, date and author."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html
from lxml import etree

from publish.errors import Place, PublishError
from publish.importers import shared
from publish.importers.books.epub_page import words_of
from publish.importers.books.page import PAGE, SUFFIX, opened
from publish.importers.marks import with_marks
from publish.importers.protocol import SURE, Claim, File, ImportChoice, Imported, ImportedChapter
from publish.importers.report import Ledger
from publish.source import pandoc
from publish.source.document import Block, string
from publish.source.slugs import slugify
from publish.textfile import shown

_START = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE\s+en-export\b[^>]*>\s*)?<en-export\b")
_HEAD = 2048
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)T")
_BOXES = {"true": "☑ ", "false": "☐ "}


class EnexImporter:
    """A file of notes."""

    name = "enex"
    about = "notes that Evernote or 印象笔记 has exported (ENEX)"
    choices: tuple[ImportChoice, ...] = ()

    def matches(self, source: Path) -> Claim | None:
        """A file whose first element is en-export."""
        if not source.is_file():
            return None
        with source.open("rb") as opened_:
            return Claim(SURE, "en-export") if _START.match(opened_.read(_HEAD)) else None

    def read(self, source: Path, ledger: Ledger, choices: Mapping[str, str]) -> Imported:
        """Read all notes in their order. Raises `PublishError` for a damaged file, and for text that would be lost."""
        del choices
        notes = [_note(one, ledger) for one in _elements(source)]
        pieces = [(note.title, lxml.html.tostring(note.body, encoding="unicode")) for note in notes]
        read, _ = pandoc.read(pieces, PAGE)
        names = shared.Names(len(notes))
        chapters = []
        for note, tree in zip(notes, read, strict=True):
            ledger.file = note.title
            shared.account(words_of(note.body), shared.tree_text(tree), ledger, note.title)
            blocks = _chapter(note, opened(shared.tidied(shared.mapped(tree, with_marks))))
            shared.count_kinds(blocks, ledger)
            title, _, rest = shared.written([blocks], note.title)[0].partition("\n")
            told = " · ".join(filter(None, [note.date, note.author, f"[原文](<{note.source}>)" if note.source else ""]))
            head = [title, f"::: {{.byline}}\n{told}\n:::"] if told else [title]
            chapters.append(ImportedChapter(names.next(note.title), "\n\n".join([*head, rest.strip("\n")]) + "\n"))
        ledger.file = ""
        ledger.count("chapters", len(chapters))
        assets = {one.path: one for note in notes for one in note.pictures}
        return Imported(
            {"title": source.stem},
            tuple(chapters),
            tuple(assets.values()),
            (File(source.name, source),),
            slugify(source.stem),
        )


@dataclass(frozen=True)
class _Note:
    """A note: what is said of it, its body as HTML, its pictures."""

    title: str
    body: Any
    date: str = ""
    author: str = ""
    source: str = ""
    pictures: tuple[File, ...] = ()


def _elements(source: Path) -> list[Any]:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(source.read_bytes(), parser)
    except OSError as error:
        raise PublishError(
            f"cannot read this file: {error.strerror}", "Check its permissions", Place(shown(source))
        ) from error
    except etree.XMLSyntaxError as error:
        raise PublishError(
            "the file is damaged", "Export the notes again", Place(shown(source), error.lineno or 0)
        ) from (error)
    notes = list(root.iter("note"))
    if not notes:
        raise PublishError("no note in this file", "Export the notes again", Place(shown(source)))
    return notes


def _note(element: Any, ledger: Ledger) -> _Note:
    title = _said(element, "title") or "…"
    ledger.file = title
    markup = re.sub(r"^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!DOCTYPE[^>]*>)?", "", element.findtext("content") or "")
    body = lxml.html.fragment_fromstring(markup, create_parent="div")
    media = {found[0]: found for one in element.iter("resource") if (found := _medium(one))}
    pictures = tuple(_shown(body, media, ledger))
    _settle(body, ledger)
    tags = [" ".join((one.text or "").split()) for one in element.iter("tag")]
    if tags:
        ledger.decide("tags-left-out", 0, ", ".join(tags), "not in the book", "labels of the note")
    date = _DATE.match(_said(element, "created"))
    return _Note(
        title=title,
        body=body,
        date="-".join(date.groups()) if date else "",
        author=_said(element, "note-attributes/author"),
        source=_said(element, "note-attributes/source-url"),
        pictures=pictures,
    )


def _said(element: Any, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


def _medium(resource: Any) -> tuple[str, str, str, bytes] | None:
    """What is attached to a note: the hash by which the text names it, its type, its name, its bytes."""
    try:
        content = base64.b64decode("".join((resource.findtext("data") or "").split()))
    except (binascii.Error, ValueError):
        return None
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return digest, _said(resource, "mime"), _said(resource, "resource-attributes/file-name"), content


def _shown(body: Any, media: Mapping[str, tuple[str, str, str, bytes]], ledger: Ledger) -> Iterator[File]:
    """Put the pictures where the text names them; what is no picture is left out and told."""
    for place in list(body.iter("en-media")):
        _, kind, name, content = media.get(place.get("hash", ""), ("", place.get("type", ""), "", b""))
        if kind in SUFFIX and content:
            path = f"images/{hashlib.sha256(content).hexdigest()[:12]}{SUFFIX[kind]}"
            _put(place, lxml.html.Element("img", src=path, alt=place.get("alt", "")))
            yield File(path, content)
        else:
            why = "an attachment, and no picture" if content else "the file does not hold it"
            ledger.decide("attachment-left-out", 0, name or kind, "not in the book", why)
            place.drop_tree()


def _settle(body: Any, ledger: Ledger) -> None:
    """Make boxes to tick signs, lines of code a listing; leave out what is never seen or is locked."""
    for one in list(body.iter("en-todo")):
        sign = lxml.html.Element("span")
        sign.text = _BOXES.get(one.get("checked", ""), "☐ ")
        _put(one, sign)
    for one in list(body.iter("en-crypt")):
        ledger.decide("locked-left-out", 0, one.get("hint", ""), "not in the book", "a password locks this text")
        one.drop_tree()
    for one in body.xpath(".//*[contains(translate(@style, ' ', ''), 'display:none')]"):
        if one.getparent() is not None:
            words = " ".join(one.text_content().split())
            ledger.decide("hidden-left-out", 0, words, "not in the book", "the note does not show it")
            one.drop_tree()
    for one in body.xpath(".//div[contains(@style, '-en-codeblock')]"):
        listing = lxml.html.Element("pre")
        lines = [line.text_content() for line in one] or [one.text_content()]
        listing.text = "\n".join(line.replace("\xa0", " ").rstrip("\n") for line in lines)
        _put(one, listing)


def _put(old: Any, new: Any) -> None:
    new.tail = old.tail
    if (parent := old.getparent()) is not None:
        parent.replace(old, new)


def _chapter(note: _Note, blocks: list[Block]) -> list[Block]:
    """A note as a chapter: its title, its headings below it, no empty lines."""
    top = min((one["c"][0] for one in blocks if one["t"] == "Header"), default=2)
    lowered = [
        {**one, "c": [min(6, one["c"][0] + 2 - top), *one["c"][1:]]} if one["t"] == "Header" else one for one in blocks
    ]
    kept = [one for one in lowered if one["t"] not in ("Para", "Header") or _holds(one)]
    return [{"t": "Header", "c": [1, ["", [], []], [string(note.title)]]}, *kept]


def _holds(block: Block) -> bool:
    inlines = block["c"][2] if block["t"] == "Header" else block["c"]
    return any(one["t"] not in ("Space", "SoftBreak", "LineBreak") for one in inlines)
