"""The parts of a book's PDF joined into one: pages, margins, fonts, links, bookmarks and one structure.

The parts are packed (`packed`): here their objects get the numbers that they have in the book, and what leads from one
part to another is written, byte for byte; nothing of a part is read again.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pikepdf

from publish.cache import Cache
from publish.render.pdf.finish import Label, label_of, with_ua
from publish.render.pdf.packed import DOCUMENT, Number, Packed, PackedText, pack_fonts, stream_of
from publish.render.pdf.records import Piece
from publish.weasy.embedding import embed
from publish.weasy.parts import bookmark_tree
from publish.weasy.records import NotApartError, PageRecord

_HEADER = b"%PDF-1.7\n%\xbf\xf7\xa2\xfe\n"
# Content between a page's own and its margins', which no reader reads aloud (PDF/UA-1 §7.1).
_AROUND = b"q\n", b"\nQ /Artifact <</Type /Pagination>> BDC q\n", b"\nQ EMC\n"
_KINDS = ("/ExtGState", "/XObject", "/Pattern", "/Shading")
# Names of resources that mean the same in each PDF of WeasyPrint's: alphas by value, images by address.
_SAME = ("/a", "/A", "/i")
_CATALOG, _PAGES, _ROOT, _DOCUMENT, _INFORMATION, _TREE, _NAMES, _FIRST = range(1, 9)
_A_STREAM = 400  # objects in a stream of them
_ROW = 7  # bytes of a row that says where an object is: its kind, and two numbers
_NO_BASE = 65535  # of the first row, which is no object's


@dataclass(frozen=True)
class OfTheBook:
    """What is said of a whole book: its language (BCP 47), how its pages are labelled, whether it is read leftward."""

    language: str
    labels: Sequence[Label]
    leftward: bool = False


@dataclass(frozen=True)
class JoinedPdf:
    """A book's PDF, in pieces; its fonts; what begins on which page, counted from 0, and how far up on it."""

    pieces: Sequence[bytes | memoryview]
    fonts: tuple[str, ...]
    begins: Sequence[tuple[int, float, str]]


def joined(
    front: Piece, texts: Sequence[Piece], margins: Piece, shown: Sequence[int], cache: Cache, said: OfTheBook
) -> JoinedPdf:
    """The pages of the front matter with those of the text after them, as one PDF.

    `shown` are the pages of the text, counted from 0, that have anything in their margins: the pages of `margins`, in
    order. Raises `NotApartError` where the parts do not fit together.
    """
    parts = [front, *texts]
    records = [font for piece in (*parts, margins) for font in piece.part.fonts]
    fonts = embed(records, cache, lambda data: pack_fonts(data).to_bytes())
    book = _Book([*map(Packed.from_bytes, (fonts, *(one.packed() for one in (*parts, margins))))])
    book.write_pages(len(front.part.pages), shown)
    book.write_structure()
    places = book.places()
    book.write_catalog(said, _outline([page for piece in parts for page in piece.part.pages]))
    begins = [
        (page, float(where.split()[2]), str(pikepdf.String(key.encode("latin-1")))) for key, (page, where) in places
    ]
    return JoinedPdf(book.file(), book.fonts.asked, begins)


@dataclass(frozen=True)
class _Placed:
    """A packed part at its place: its first object's number, its first page, and the numbers of what it names."""

    packed: Packed
    base: int
    page: int
    named: Sequence[int]

    def number(self, place: int) -> int:
        """The number in the book of an object of the part, or of what it names."""
        return self.base + place if place >= 0 else self.named[-1 - place]


class _Book:
    """A book's PDF as it is written, from the first byte on; an object's row says where it is."""

    def __init__(self, packed: Sequence[Packed]) -> None:
        self.pieces: list[bytes | memoryview] = [_HEADER]
        self.at = len(_HEADER)
        self.rows: dict[int, bytes] = {0: _row(0, 0, _NO_BASE)}
        self.waiting: list[tuple[int, bytes]] = []  # objects that are no streams, and are written together
        known = {DOCUMENT: _DOCUMENT}
        self.next = _FIRST
        places, page = [], 0
        for one in packed:
            places.append((one, self.next, page))
            self.next += one.count
            page += len(one.pages)
        self.fonts = packed[0]
        known |= {name: text.numbers[0] + _FIRST for name, text in packed[0].root.items()}
        self.parts: list[_Placed] = []
        for one, base, first in places:
            new = [name for name in one.names if name not in known]
            known |= {name: self.next + place for place, name in enumerate(new)}
            self.next += len(new)
            part = _Placed(one, base, first, [known[name] for name in one.names])
            self._write_part(part, {*new})
            self.parts.append(part)
        self.texts, self.margins = self.parts[1:-1], self.parts[-1]

    def _write_part(self, part: _Placed, new: set[str]) -> None:
        """Write all streams and objects of a part, but for its pages and what the book has already."""
        packed = part.packed
        for one in packed.streams:
            if one.number >= 0 or packed.names[-1 - one.number] in new:
                self._write(part.number(one.number), one.head.said(part.number), packed.data[one.start : one.stop])
        at = part.base + packed.first
        for count, first, data in packed.lines(part.number):
            self._write_objects(range(at, at + count), first, data)
            at += count

    def _write(self, number: int, head: bytes, data: bytes | memoryview) -> None:
        """Write a stream."""
        pieces = b"%d 0 obj\n%s\nstream\n" % (number, head), data, b"\nendstream\nendobj\n"
        self.rows[number] = _row(1, self.at, 0)
        self.pieces += pieces
        self.at += sum(map(len, pieces))

    def _write_objects(self, numbers: Sequence[int], first: int, data: bytes) -> None:
        """Write a stream of objects with these numbers."""
        own = self._new()
        head = b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode /Length %d >>" % (len(numbers), first, len(data))
        self._write(own, head, data)
        self.rows |= {number: _row(2, own, place) for place, number in enumerate(numbers)}

    def _new(self) -> int:
        self.next += 1
        return self.next - 1

    def _add(self, text: bytes, number: int = 0) -> int:
        """Have an object written; its number, a new one where it has none."""
        number = number or self._new()
        self.waiting.append((number, text))
        return number

    def _pages(self) -> Iterator[tuple[_Placed, int, Any]]:
        """All pages of the book: part, number, and what they are."""
        return ((part, part.base + place, page) for part in self.texts for place, page in enumerate(part.packed.pages))

    def write_pages(self, start: int, shown: Sequence[int]) -> None:
        """Write the pages, what each draws with, and the margins of those `shown`, counted from `start`."""
        around = [self._new() for _ in _AROUND] if shown else []
        for number, text in zip(around, _AROUND, strict=False):
            self._write(number, b"<< /Length %d >>" % len(text), text)
        margins = dict(zip((start + number for number in shown), self.margins.packed.pages, strict=True))
        looks: dict[bytes, int] = {}
        kids = []
        for at, (part, number, page) in enumerate(self._pages()):
            margin, content = margins.get(at), b"%d 0 R" % part.number(page.content)
            draws = _said(page.draws, part.number)
            if margin:
                _let_draw(draws, _said(margin.draws, self.margins.number))
                before, between, behind = around
                own = self.margins.number(margin.content)
                content = b"[ %d 0 R %s %d 0 R %d 0 R %d 0 R ]" % (before, content, between, own, behind)
            look = _resources(draws)
            if look not in looks:
                looks[look] = self._add(look)
            notes = b" ".join(b"%d 0 R" % part.number(note) for note in page.notes)
            self._add(
                b"<< /Parent %d 0 R /StructParents %d /Resources %d 0 R /Contents %s%s%s>>"
                % (
                    _PAGES,
                    number,
                    looks[look],
                    content,
                    b" /Annots [ %s ]" % notes if notes else b"",
                    page.boxes.said(part.number),
                ),
                number,
            )
            kids.append(b"%d 0 R" % number)
        self._add(b"<< /Type /Pages /Count %d /Kids [ %s ] >>" % (len(kids), b" ".join(kids)), _PAGES)

    def write_structure(self) -> None:
        """One tree of all structures, and one that leads to it from each page and annotation by its number."""
        kids = b" ".join(b"%d 0 R" % part.number(kid) for part in self.texts for kid in part.packed.kids)
        branches = b" ".join(b"%d 0 R" % part.number(part.packed.branch) for part in self.texts)
        self._add(b"<< /Type /StructElem /S /Document /K [ %s ] /P %d 0 R >>" % (kids, _ROOT), _DOCUMENT)
        self._add(b"<< /Kids [ %s ] >>" % branches, _TREE)
        self._add(
            b"<< /Type /StructTreeRoot /K [ %d 0 R ] /ParentTree %d 0 R >>" % (_DOCUMENT, _TREE),
            _ROOT,
        )

    def places(self) -> list[tuple[str, tuple[int, str]]]:
        """The places that links may lead to, the first of those with one name; every link must have its own."""
        found: dict[str, tuple[int, str]] = {}
        for part in self.texts:
            for key, (page, where) in part.packed.places.items():
                found.setdefault(key, (part.page + page, where))
        lost = {key for part in self.texts for key in part.packed.asked if key not in found}
        if lost:
            name = pikepdf.String(min(lost).encode("latin-1"))
            raise NotApartError(f"a link leads to #{name}, which no page has")
        ordered = sorted(found.items())
        numbers = [number for _, number, _ in self._pages()]
        listed = b" ".join(
            b"%s [ %d 0 R %s ]" % (pikepdf.String(key.encode("latin-1")).unparse(), numbers[page], where.encode())
            for key, (page, where) in ordered
        )
        self._add(b"<< /Dests << /Names [ %s ] >> >>" % listed, _NAMES)
        return ordered

    def write_catalog(self, said: OfTheBook, outline: Sequence[_Bookmark]) -> None:
        """What is said of the book as a whole."""
        front = self.texts[0]
        root = {key: text.said(front.number) for key, text in front.packed.root.items()}
        root["/ViewerPreferences"] = b"<< /DisplayDocTitle true%s >>" % (b" /Direction /R2L" if said.leftward else b"")
        labels = [part for one in said.labels for part in (one.page, label_of(one))]
        root["/PageLabels"] = pikepdf.Dictionary(Nums=labels).unparse()
        root["/Lang"] = pikepdf.String(said.language).unparse()
        packet, metadata = _packet(front.packed.metadata), self._new()
        self._write(metadata, b"<< /Type /Metadata /Subtype /XML /Length %d >>" % len(packet), packet)
        if outline:
            root["/Outlines"] = b"%d 0 R" % self._write_outline(outline)
        ours = b" ".join(b"%s %s" % (key.encode(), text) for key, text in sorted(root.items()))
        self._add(
            b"<< /Type /Catalog /Pages %d 0 R /StructTreeRoot %d 0 R /Names %d 0 R /Metadata %d 0 R %s >>"
            % (_PAGES, _ROOT, _NAMES, metadata, ours),
            _CATALOG,
        )
        self._add(front.packed.information.encode("latin-1"), _INFORMATION)

    def _write_outline(self, outline: Sequence[_Bookmark]) -> int:
        root = self._new()
        numbers = [number for _, number, _ in self._pages()]

        def add(parent: int, marks: Sequence[_Bookmark]) -> tuple[int, bytes]:
            """Put bookmarks below another; how many lines they take, open ones shown (ISO 32000-1 §12.3.3), and all."""
            own, count = [self._new() for _ in marks], len(marks)
            for number, mark, before, behind in zip(own, marks, [0, *own], [*own[1:], 0], strict=False):
                lines, below = add(number, mark.below)
                count += lines if mark.is_open else 0
                beside = b" /Prev %d 0 R" % before if before else b""
                beside += b" /Next %d 0 R" % behind if behind else b""
                self._add(
                    b"<< /Title %s /Dest [ %d 0 R %s ] /Parent %d 0 R /Count %d%s%s >>"
                    % (
                        mark.title,
                        numbers[mark.page],
                        mark.where,
                        parent,
                        lines if mark.is_open else -lines,
                        beside,
                        below,
                    ),
                    number,
                )
            return count, b" /First %d 0 R /Last %d 0 R" % (own[0], own[-1]) if own else b""

        count, ends = add(root, outline)
        return self._add(b"<< /Count %d%s >>" % (count, ends), root)

    def file(self) -> Sequence[bytes | memoryview]:
        """All of the file, in pieces."""
        for at in range(0, len(self.waiting), _A_STREAM):
            objects = self.waiting[at : at + _A_STREAM]
            _, first, data = stream_of(objects)
            self._write_objects([number for number, _ in objects], first, data)
        number = self._new()
        self.rows[number] = _row(1, self.at, 0)
        numbers = sorted(self.rows)
        starts = [number for before, number in pairwise([-2, *numbers]) if number != before + 1]
        ends = [before + 1 for before, number in pairwise([*numbers, numbers[-1] + 2]) if number != before + 1]
        index = b" ".join(b"%d %d" % (start, end - start) for start, end in zip(starts, ends, strict=True))
        rows = zlib.compress(_predicted(b"".join(self.rows[number] for number in numbers)))
        hashed = hashlib.sha256()
        for piece in self.pieces:
            hashed.update(piece)
        sign = hashed.hexdigest()[:32].encode()
        head = (
            b"<< /Type /XRef /Size %d /Index [ %s ] /W [ 1 4 2 ] /Root %d 0 R /Info %d 0 R /ID [ <%s> <%s> ]"
            b" /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns %d >> /Length %d >>"
            % (numbers[-1] + 1, index, _CATALOG, _INFORMATION, sign, sign, _ROW, len(rows))
        )
        last = b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (number, head, rows, self.at)
        return [*self.pieces, last]


def _packet(metadata: str) -> bytes:
    """What is said of the book for machines, as pikepdf saves it of one in one piece."""
    with pikepdf.new() as pdf:
        pdf.Root.Metadata = pdf.make_stream(with_ua(metadata.encode()))
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False):
            pass  # it is written anew
        return bytes(pdf.Root.Metadata.read_bytes())


def _row(kind: int, one: int, other: int) -> bytes:
    return kind.to_bytes(1) + one.to_bytes(4) + other.to_bytes(2)


def _predicted(rows: bytes) -> bytes:
    """Rows as what each byte is more than the one above it (PNG's predictor "up"): most are 0."""
    above = bytes(_ROW) + rows
    more = bytes([(one - before) & 255 for one, before in zip(rows, above, strict=False)])
    return b"".join(b"\2" + more[at : at + _ROW] for at in range(0, len(more), _ROW))


Drawn = dict[str, dict[str, bytes]]


def _said(draws: Mapping[str, Mapping[str, PackedText]], number: Number) -> Drawn:
    return {kind: {name: text.said(number) for name, text in named.items()} for kind, named in draws.items()}


def _let_draw(page: Drawn, margin: Drawn) -> None:
    """Let the margins' content find what it names among the resources of its page."""
    for kind in _KINDS:
        if not all(name.startswith(_SAME) for name in margin.get(kind, ())):
            raise NotApartError("the margins draw more than text and pictures")
    for kind, named in margin.items():
        page[kind] = {**named, **page.get(kind, {})}


def _resources(draws: Drawn) -> bytes:
    """A dictionary of resources, always the same for the same."""
    kinds = []
    for kind, named in sorted(draws.items()):
        each = b" ".join(b"%s %s" % (name.encode(), value) for name, value in sorted(named.items()) if name)
        kinds.append(b"%s %s" % (kind.encode(), named[""] if "" in named else b"<< %s >>" % each))
    return b"<< %s >>" % b" ".join(kinds)


@dataclass(frozen=True)
class _Bookmark:
    """A bookmark: its title, the page that it leads to, counted from 0, and where on it; those below it."""

    title: bytes
    page: int
    where: bytes
    below: tuple[_Bookmark, ...] = field(default=())
    is_open: bool = True


def _outline(records: Sequence[PageRecord]) -> tuple[_Bookmark, ...]:
    """The bookmarks of all pages in one tree, as WeasyPrint nests them."""

    def made(tree: Iterable[Any]) -> tuple[_Bookmark, ...]:
        return tuple(
            _Bookmark(
                pikepdf.String(title).unparse(),
                page,
                pikepdf.Array([pikepdf.Name.XYZ, round(x, 6), round(y, 6), 0]).unparse()[1:-1].strip(),
                made(children),
                state != "closed",
            )
            for title, (page, x, y), children, state in tree
        )

    return made(bookmark_tree(records))
