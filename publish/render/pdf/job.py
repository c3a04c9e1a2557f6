"""What the processes that make one PDF are told, and where each finds what the others wrote.

The command itself hands jobs from process to process and lays nothing out, so nothing here needs WeasyPrint.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publish.edition.publication import Publication
from publish.findings import Finding
from publish.render import RenderContext
from publish.render.pdf.locators import ASKS_FOLIOS, say_folios
from publish.render.pdf.records import PartRecord, Piece
from publish.trail import Reason, Trail, hashed
from publish.weasy.records import PageRecord, anchors, as_json, from_json

if TYPE_CHECKING:
    from publish.weasy.layout import Log

_FONTS = ".fonts"  # of a part, apart from what others ask for again and again
_TOLD = (_FONTS, ".part", ".log")
_WHY = ".why"
_PACKED = ".packed"  # a part's PDF
LENGTHS = "lengths"
_A_PAGE = 400  # Han characters, where no page is known
_INDEX = 0.66  # of the place that other text takes: it is set in the type of notes
_NARROW = re.compile("[\x00-\x7f]")
_MARKUP, _ID = re.compile(r"(<[^>]*>)"), re.compile(r"""\sid=["']([^"']+)["']""")


@dataclass(frozen=True)
class Job:
    """What the processes that make a PDF are told: the book without its text, where to write, what is known already."""

    publication: Publication
    context: RenderContext
    findings: tuple[Finding, ...]
    absent: tuple[int, ...]
    files: dict[str, Path]  # the book's images by address, as its pages need them
    sides: int = 1  # of how many pages, in pairs or not, each part has a whole number

    @property
    def universal(self) -> bool:
        """Whether the PDF is to be PDF/UA-2: its structure elements then have names."""
        return self.publication.page.accessibility == "PDF/UA-2"

    @property
    def folder(self) -> Path:
        """Where the parts are kept until they are joined."""
        return self.context.folder / ".parts"

    def html(self, name: int | str) -> str:
        """The HTML of a part."""
        return (self.folder / f"{name}.html").read_text(encoding="utf-8")

    def write(
        self,
        name: int | str,
        whole: Any,
        pages: tuple[PageRecord, ...],
        variant: str | None,
        told: Mapping[str, int] | None = None,
        shown: Sequence[int] = (),
    ) -> None:
        """Write a part's PDF, packed, and what the others should know of it."""
        from publish.render.pdf import packed as packing  # noqa: PLC0415  # needs Pango
        from publish.weasy import embedding  # noqa: PLC0415  # needs Pango

        data, fonts = embedding.write_part(whole, variant, own_name(name), identified=self.universal)
        packed = packing.pack(data, [one.known["hash"] for one in fonts]).to_bytes()
        (self.folder / f"{name}{_PACKED}").write_bytes(packed)
        self.say(f"{name}{_FONTS}", as_json(fonts))
        part = PartRecord(pages, (), told or {}, tuple(shown))
        self.say(f"{name}.part", {key: as_json(value) for key, value in vars(part).items()})

    def piece(self, name: int | str) -> Piece:
        """What was written of a part."""
        part = PartRecord(**{key: from_json(value) for key, value in self.told(f"{name}.part").items()})
        return Piece(self.folder / f"{name}{_PACKED}", replace(part, fonts=from_json(self.told(f"{name}{_FONTS}"))))

    def say(self, file: str, value: Any) -> None:
        """Write what JSON can say, for another process."""
        (self.folder / file).write_text(json.dumps(value), encoding="utf-8")

    def told(self, file: str) -> Any:
        """What another process wrote; it is for reading alone, for others may be given the same."""
        status = (path := self.folder / file).stat()
        return _read(path, (status.st_mtime_ns, status.st_size, status.st_ino))

    def forget(self) -> None:
        """Delete all that was written of the parts."""
        shutil.rmtree(self.folder)
        _read.cache_clear()

    def log(self, name: int | str) -> Log:
        """What WeasyPrint said while it made a part."""
        from publish.weasy.layout import Log  # noqa: PLC0415  # needs Pango

        missing, warnings = self.told(f"{name}.log")
        return Log(dict(missing), warnings)

    def reads(self, html: str, *others: object) -> dict[str, str]:
        """The hashes of all that a part is laid out from: its HTML, the pictures that this names, what else."""
        named = [(href, path) for href, path in sorted(self.files.items()) if href.rpartition("/")[2] in html]
        pictures = [(href, path.suffix, hashlib.sha256(path.read_bytes()).hexdigest()) for href, path in named]
        said: dict[str, object] = {
            "its text, or its style": html,
            "a picture in it": pictures,
            "numbers of pages that it says": others,
        }
        if self.universal:
            said["what it conforms to"] = True
        return hashed(said)

    def reason(self, name: int | str, reads: Mapping[str, str], *, made: bool) -> None:
        """Say, for the last step, why a part was made, or not."""
        trail = Trail(self.context.cache, self.publication.slug, f"{self.publication.edition.key} pdf {name}")
        trail.tell(str(name), reads, made=made)
        self.say(f"{name}{_WHY}", [[one.made, one.why] for one in trail.close()])

    def reasons(self) -> tuple[Reason, ...]:
        """Why each part was made, or not."""
        step, files = f"{self.publication.edition.key} pdf", sorted(self.folder.glob(f"*{_WHY}"))
        rows = ((file.name.removesuffix(_WHY), row) for file in files for row in self.told(file.name))
        return tuple(Reason(step, f"part {name}", made, why) for name, (made, why) in rows)

    def recall(self, key: str, name: int | str) -> bool:
        """Put in its place what was made of a part before; False where nothing was."""
        data = self.context.cache.get(key) if key else None
        if data is None:
            return False
        head, _, pages = data.partition(b"\n")
        for ending, text in zip(_TOLD, json.loads(head), strict=True):
            (self.folder / f"{name}{ending}").write_text(text, encoding="utf-8")
        (self.folder / f"{name}{_PACKED}").write_bytes(pages)
        return True

    def keep(self, key: str, name: int | str) -> None:
        """Keep what was made of a part: its pages, what the others should know of them, what was said meanwhile."""
        if key:
            told = [(self.folder / f"{name}{ending}").read_text(encoding="utf-8") for ending in _TOLD]
            pages = (self.folder / f"{name}{_PACKED}").read_bytes()
            self.context.cache.put(key, json.dumps(told).encode() + b"\n" + pages)

    def pages(self, number: int) -> list[PageRecord]:
        """The pages of a part of the text, as it was laid out last."""
        return list(from_json(self.told(f"{self.last(number)}.part")["pages"]))

    def anchors(self, number: int, *, held: bool) -> list[list[str]]:
        """The anchors on each page of a part of the text."""
        return anchors(self.told(f"{self.last(number, held=held)}.part")["pages"])

    def says(self, number: int) -> Mapping[str, int]:
        """The numbers of pages that a part says, by anchor."""
        said: Mapping[str, int] = from_json(self.told(f"{self.last(number)}.part")["told"])
        return said

    def numbers(self, count: int, known: Collection[int] | None = None, *, held: bool = True) -> Numbers:
        """The numbers of the pages that the text's anchors stand on.

        Where not all parts are laid out, but those that are `known`, the others are taken to be as long for their text.
        """
        numbers = range(count) if known is None else known
        laid = {number: _laid(self.anchors(number, held=held)) for number in numbers}
        unsure: dict[str, int] = {}
        if known is not None:
            texts = self.told(LENGTHS)
            whole = sum(texts[number][0] for number in laid)
            a_page = whole / sum(pages for pages, _ in laid.values()) if whole else _A_PAGE
            for number in {*range(count)} - laid.keys():
                length, ids = texts[number]
                laid[number] = _guessed(length, ids, a_page, self.sides)
                unsure |= dict.fromkeys(ids, number)
        found: dict[str, int] = {}
        starts = [1]
        for _, (pages, places) in sorted(laid.items()):
            for name, place in places:
                found.setdefault(name, starts[-1] + place)
            starts.append(starts[-1] + pages)
        return Numbers(found, tuple(starts), unsure)

    def last(self, number: int, *, held: bool = True) -> int | str:
        """The name of a part of the text as it was laid out last: another where it says numbers of pages.

        Not `held`, it is what all parts were before any of them was laid out again.
        """
        names = [held_name(number), settled_name(number)] if held else [settled_name(number)]
        return next((name for name in names if (self.folder / f"{name}.part").exists()), number)


@lru_cache(maxsize=512)
def _read(path: Path, _written: tuple[int, ...]) -> Any:
    """What JSON in a file says, which is read once for all who ask for it as it was written then."""
    return json.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Numbers:
    """The number of the page of each anchor; of the first page of each part of the text, and the first behind it.

    `unsure` are the anchors of parts that are not laid out yet, and which these are.
    """

    of: Mapping[str, int]
    starts: tuple[int, ...]
    unsure: Mapping[str, int]

    def once_laid(self, number: int, pages: Sequence[PageRecord]) -> Numbers:
        """The numbers where a part has these pages: its own, and those behind it."""
        first, end = self.starts[number : number + 2]
        longer = len(pages) - (end - first)
        own = {name: first + place for name, place in reversed(_laid([one.anchors for one in pages])[1])}
        others = {name: at + longer * (at >= end) for name, at in self.of.items() if not first <= at < end}
        starts = (start + longer * (place > number) for place, start in enumerate(self.starts))
        return Numbers(own | others, tuple(starts), self.unsure)

    def sure(self, number: int, asked: Iterable[str]) -> bool:
        """Whether all that a part asks for is in itself or in what is laid out."""
        return all(self.unsure.get(name, number) == number for name in asked)

    def reach(self, number: int, asked: Iterable[str]) -> tuple[int | None, int | None]:
        """Which page a part begins on, where it asks for one of its own; how many it has, where for one behind that."""
        first, end = self.starts[number : number + 2]
        behind = [at for at in map(self.of.get, asked) if at is not None and at >= first]
        return first if any(at < end for at in behind) else None, end - first if behind else None


def measured(html: str, *, asks: bool) -> tuple[float, dict[str, float]]:
    """How long a document's text is in Han characters; where in it each id stands, of one that `asks` for numbers."""
    places, at = dict[str, float](), 0.0
    size = _INDEX if ASKS_FOLIOS in html else 1
    text, _ = say_folios(html[html.find("<body") :], None)
    for piece in _MARKUP.split(text):
        if piece.startswith("<"):
            places.update((unescape(name), at) for name in _ID.findall(piece) if asks)
        else:
            at += (len(piece) - len(_NARROW.findall(piece)) / 2) * size
    return at, places


def _laid(pages: Sequence[Sequence[str]]) -> tuple[int, list[tuple[str, int]]]:
    """The count of a part's pages, each told by its anchors, and the page of each anchor, from 0."""
    return len(pages), [(name, place) for place, page in enumerate(pages) for name in page]


def _guessed(length: float, ids: Mapping[str, float], a_page: float, sides: int) -> tuple[int, list[tuple[str, int]]]:
    """As many pages as a text should have with so much on each, and the pages of its ids, from 0."""
    pages = max(1, round(length / a_page / sides)) * sides
    return pages, [(name, int(place * pages / (length + 1))) for name, place in ids.items()]


def settled_name(number: int) -> str:
    """What a part is called that says numbers of pages."""
    return f"{number}-settled"


def held_name(number: int) -> str:
    """What it is called once it was laid out again, for others have other pages than it said."""
    return f"{number}-held"


def own_name(name: int | str) -> str:
    """What a part is called however often it was laid out."""
    return str(name).partition("-")[0]
