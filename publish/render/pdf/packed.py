"""A part's PDF packed for the join: its objects as they will be written, but for their numbers.

To open, copy and write again all objects of a book takes a second, and all but those of one chapter are as they were.
So each part is taken apart once, when it is made. What the book has once (fonts, pictures, the root of its structure)
is named, the rest counted from the part's first object; pages, and what they draw with, are written by the join, which
knows their margins.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import sys
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pikepdf

from publish.render.pdf.finish import BY_NAME, OwnResources, content_of, mend

DOCUMENT = "document"
FONT, PICTURE = "font ", "picture "  # before the name of one
_A_STREAM = 400  # objects in a stream of them
# In an object as qpdf writes it: a string, which is left alone; an annotation's place in the structure; a reference.
_NUMBERED = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9a-fA-F]+>|/StructParent (?=\d)(\d+)|(\d+) 0 R", re.DOTALL)
_WRITTEN = frozenset(("/Parent", "/Contents", "/Resources", "/StructParents", "/Annots"))  # of a page, by the join
_OF_ALL = ("/OutputIntents", "/MarkInfo", "/ViewerPreferences")  # what a part's catalog says of the whole book
Number = Callable[[int], int]  # where an object of a part, or what is named, stands in the book


@dataclass(frozen=True)
class PackedText:
    """A text of PDF with a `%d` for each number: of the part's objects by their places, of what is named below 0."""

    form: bytes
    numbers: Sequence[int] = ()

    def said(self, number: Number) -> bytes:
        """The text with the numbers of the book."""
        return self.form % tuple(map(number, self.numbers))


@dataclass(frozen=True)
class PackedStream:
    """A stream: its number, or the name of what the book has once; its dictionary; where its data are in the part's."""

    number: int
    head: PackedText
    start: int
    stop: int


@dataclass(frozen=True)
class PackedPage:
    """A page: its boxes, its content, what this draws with by kind and name ("" for all of a kind), annotations."""

    boxes: PackedText
    content: int
    draws: Mapping[str, Mapping[str, PackedText]]
    notes: tuple[int, ...]


@dataclass(frozen=True)
class Packed:
    """A part's PDF: of `count` objects the first are its pages, then come its streams, then the lines of `objects`.

    `names` are those of what the book has once; -1 is the first. `kids` are the topmost elements of the structure,
    `branch` leads from pages and annotations to these. `places` are what links lead to, by name: page, and where on it;
    `asked` are the names that links lead to. `root` is what the catalog says, `metadata` and `information` of the book.
    """

    count: int = 0
    names: tuple[str, ...] = ()
    pages: tuple[PackedPage, ...] = ()
    streams: tuple[PackedStream, ...] = ()
    kids: tuple[int, ...] = ()
    branch: int = 0
    places: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    root: Mapping[str, PackedText] = field(default_factory=dict)
    metadata: str = ""
    information: str = ""
    first: int = 0
    objects: PackedText = PackedText(b"")
    data: bytes | memoryview = b""

    def lines(self, number: Number) -> Iterator[tuple[int, int, bytes]]:
        """The part's objects in streams of them: how many each has, where the first begins, all compressed."""
        lines = self.objects.said(number).split(b"\n") if self.objects.form else []
        start = number(self.first)
        for at in range(0, len(lines), _A_STREAM):
            yield stream_of(enumerate(lines[at : at + _A_STREAM], start + at))

    def to_bytes(self) -> bytes:
        """The part as it is kept: what is asked of it again and again first."""
        others = ("objects", "data")
        told = json.dumps({key: _told(value) for key, value in vars(self).items() if key not in others}).encode()
        numbers = array("i", self.objects.numbers)
        if sys.byteorder == "big":
            numbers.byteswap()
        pieces = told, self.objects.form, numbers.tobytes(), self.data
        return b" ".join(b"%d" % len(one) for one in pieces) + b"\n" + b"".join(pieces)

    @staticmethod
    def from_bytes(kept: bytes) -> Packed:
        """A part as it was kept."""
        whole, at = memoryview(kept), kept.index(b"\n") + 1  # pictures are large: nothing is copied
        pieces = []
        for length in map(int, kept[:at].split()):
            pieces.append(whole[at : at + length])
            at += length
        told, form, packed, data = pieces
        numbers = array("i", bytes(packed))
        if sys.byteorder == "big":
            numbers.byteswap()
        values = json.loads(bytes(told))
        values["pages"] = tuple(_page(one) for one in values["pages"])
        values["streams"] = tuple(PackedStream(number, _text(head), *ends) for number, head, *ends in values["streams"])
        values["root"] = {key: _text(one) for key, one in values["root"].items()}
        return Packed(**values, objects=PackedText(bytes(form), numbers), data=data)


def _told(value: Any) -> Any:
    if isinstance(value, PackedText):
        return [value.form.decode("latin-1"), list(value.numbers)]
    if isinstance(value, PackedStream | PackedPage):
        return [_told(one) for one in vars(value).values()]
    if isinstance(value, Mapping):
        return {key: _told(one) for key, one in value.items()}
    return [_told(one) for one in value] if isinstance(value, tuple) else value


def _text(told: Any) -> PackedText:
    form, numbers = told
    return PackedText(form.encode("latin-1"), numbers)


def _page(told: Any) -> PackedPage:
    boxes, content, draws, notes = told
    known = {kind: {name: _text(one) for name, one in named.items()} for kind, named in draws.items()}
    return PackedPage(_text(boxes), content, known, tuple(notes))


def stream_of(objects: Iterable[tuple[int, bytes]]) -> tuple[int, int, bytes]:
    """A stream of objects, each with its number (ISO 32000-1 §7.5.7): how many, where the first begins, compressed."""
    places, texts, at = [], [], 0
    for number, text in objects:
        places.append(b"%d %d" % (number, at))
        texts.append(text)
        at += len(text) + 1
    head = b" ".join(places) + b"\n"
    return len(texts), len(head), zlib.compress(head + b"\n".join(texts))


def pack(data: bytes, fonts: Iterable[str] = ()) -> Packed:
    """A part's PDF taken apart; `fonts` are the names of those that it draws with and does not hold."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return _Packing(pdf).pages(fonts) if pdf.pages else Packed()


def pack_fonts(data: bytes) -> Packed:
    """A PDF with the fonts of a book alone: in `root` by name, in `asked` what they are called."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        fonts = pdf.Root.Fonts
        names = {re.sub(r"^/(?:[A-Z]{6}\+)?", "", str(font.BaseFont)) for font in fonts.values()}
        packing = _Packing(pdf)
        packing.find(0, [font.unparse() for font in fonts.values()])
        root = {FONT + name[1:]: packing.text(font.unparse()) for name, font in fonts.items()}
        return packing.made(root=root, asked=tuple(sorted(names)))


class _Packing:
    """Takes a PDF apart."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.numbers: dict[int, int] = {}  # those of the part, by those of this PDF
        self.names: dict[str, int] = {}
        self.notes: dict[int, int] = {}  # annotations by their places in the structure
        self.first = 0  # of the objects that are no streams
        self.lines: list[PackedText] = []
        self.streams: list[PackedStream] = []
        self.data = io.BytesIO()

    def pages(self, fonts: Iterable[str]) -> Packed:
        """A part of a book."""
        pages, root = [page.obj for page in self.pdf.pages], self.pdf.Root
        shared = pages[0].Resources
        for name in fonts:
            shared.Font[f"/{name}"] = font = self.pdf.make_indirect(pikepdf.Dictionary())
            self._name(font, FONT + name)
        own = OwnResources(self.pdf)
        for each in self.pdf.objects:
            if isinstance(each, pikepdf.Stream):
                mend(each, own)
        draws = [own.of(page.Resources, content_of(page)) for page in pages]
        notes = [list(page.get("/Annots", ())) for page in pages]
        self.notes = {
            int(one.StructParent): one.objgen[0] for found in notes for one in found if "/StructParent" in one
        }
        tree = root.get("/StructTreeRoot")
        kids = list(tree.K[0].K) if tree is not None else []
        if tree is not None:
            self._name(tree.K[0], DOCUMENT)
        for number, page in enumerate(pages):
            self.numbers[page.objgen[0]] = number
        said = {key: root[key].unparse() for key in _OF_ALL if key in root}
        listed = [one.unparse() for one in (*(page.Contents for page in pages), *chain(*notes), *kids)]
        elements = list(tree.ParentTree.Nums)[1::2] if tree is not None else []
        listed += [one.unparse() for one in elements]
        self.find(len(pages), [*said.values(), *(one.unparse(resolved=True) for one in draws), *listed])
        if tree is not None:
            self._lead(len(pages), elements)
        return self.made(
            pages=tuple(
                PackedPage(self.text(_boxes(page)), self._place(page.Contents), self._draws(drawn), self._places(found))
                for page, drawn, found in zip(pages, draws, notes, strict=True)
            ),
            kids=self._places(kids),
            branch=self.first + len(self.lines) - 1,
            places=dict(self._led_to()),
            asked=tuple(
                sorted({_key(one.Dest) for one in chain(*notes) if isinstance(one.get("/Dest"), pikepdf.String)})
            ),
            root={key: self.text(text) for key, text in said.items()},
            metadata=root.Metadata.read_bytes().decode() if "/Metadata" in root else "",
            information=self.pdf.docinfo.unparse(resolved=True).decode("latin-1"),
        )

    def made(self, **told: Any) -> Packed:
        """What was taken apart."""
        form = b"\n".join(one.form for one in self.lines)
        numbers = array("i", [number for one in self.lines for number in one.numbers])
        return Packed(
            count=self.first + len(self.lines),
            names=tuple(self.names),
            streams=tuple(self.streams),
            first=self.first,
            objects=PackedText(form, numbers),
            data=self.data.getvalue(),
            **told,
        )

    def find(self, first: int, texts: Iterable[bytes]) -> None:
        """Take all objects that texts lead to; they are counted from `first` on, streams before what is none."""
        found: dict[int, tuple[bytes, Any]] = {}
        waiting = [*texts]
        while waiting:
            for said in _NUMBERED.finditer(waiting.pop()):
                number = int(said[2] or 0)
                if number and number not in self.numbers and number not in found:
                    one = self.pdf.get_object(number, 0)
                    stream = isinstance(one, pikepdf.Stream)
                    text = one.stream_dict.unparse() if stream else one.unparse(resolved=True)
                    found[number] = text, one if stream else None
                    waiting.append(text)
        streams = sorted(number for number, (_, stream) in found.items() if stream is not None)
        once = sorted(
            filter(lambda number: _is_once(found[number][1]), streams), key=lambda one: "/SMask" in found[one][1]
        )
        others = [number for number in streams if number not in once]
        rest = sorted(found.keys() - {*streams})
        self.numbers |= {number: first + place for place, number in enumerate([*others, *rest])}
        self.first = first + len(others)
        for number in once:  # masks before what they cover
            head, raw = self.text(found[number][0]), found[number][1].read_raw_bytes()
            names = [name for place in head.numbers for name, own in self.names.items() if own == place]
            name = PICTURE + hashlib.sha256(b"\0".join([head.form, *map(str.encode, names), raw])).hexdigest()
            known = name in self.names
            self._name(found[number][1], name)
            if not known:
                self._keep(self.names[name], head, raw)
        for number in others:
            self._keep(self.numbers[number], self.text(found[number][0]), found[number][1].read_raw_bytes())
        self.lines = [self.text(found[number][0]) for number in rest]

    def text(self, written: bytes) -> PackedText:
        """A text with a place for each number."""
        numbers: list[int] = []

        def said(match: re.Match[bytes]) -> bytes:
            if match[1]:
                numbers.append(self.numbers[self.notes[int(match[1])]])
                return b"/StructParent %d"
            if not match[2]:
                return match[0]
            numbers.append(self.numbers[int(match[2])])
            return b"%d 0 R"

        return PackedText(_NUMBERED.sub(said, written.replace(b"%", b"%%")), numbers)

    def _name(self, found: Any, name: str) -> None:
        """Have what the book has once go by a name."""
        self.numbers[found.objgen[0]] = self.names.setdefault(name, -1 - len(self.names))

    def _keep(self, number: int, head: PackedText, raw: bytes) -> None:
        start = self.data.tell()
        self.data.write(raw)
        self.streams.append(PackedStream(number, head, start, start + len(raw)))

    def _lead(self, pages: int, elements: Sequence[Any]) -> None:
        """The branch of the tree that leads from pages and annotations, by their numbers, to their elements."""
        by_number = sorted((self.numbers[note], key) for key, note in self.notes.items())
        keys = [*range(pages), *(number for number, _ in by_number)]
        forms, numbers = [], [keys[0], keys[-1]]
        for key, element in zip(keys, [*range(pages), *(key for _, key in by_number)], strict=True):
            leads = self.text(elements[element].unparse())
            forms.append(b"%d " + leads.form)
            numbers += [key, *leads.numbers]
        self.lines.append(PackedText(b"<< /Limits [ %d %d ] /Nums [ " + b" ".join(forms) + b" ] >>", numbers))

    def _place(self, found: Any) -> int:
        return self.numbers[found.objgen[0]]

    def _places(self, found: Iterable[Any]) -> tuple[int, ...]:
        return tuple(map(self._place, found))

    def _draws(self, resources: Any) -> dict[str, dict[str, PackedText]]:
        """What a page draws with, by kind and name."""
        return {
            kind: {name: self.text(one.unparse()) for name, one in value.items()}
            if kind in BY_NAME
            else {"": self.text(value.unparse())}
            for kind, value in resources.items()
        }

    def _led_to(self) -> Iterator[tuple[str, tuple[int, str]]]:
        """The places that links may lead to, each on its page."""
        names = list(
            self.pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests", pikepdf.Dictionary()).get("/Names", ())
        )
        for name, place in zip(names[::2], names[1::2], strict=True):
            page, *others = list(place)
            yield _key(name), (self._place(page), pikepdf.Array(others).unparse()[1:-1].decode().strip())


def _key(name: Any) -> str:
    """A name as it is sorted: its bytes."""
    return bytes(name).decode("latin-1")


def _boxes(page: Any) -> bytes:
    """What a page is but for what the join writes."""
    kept = pikepdf.Dictionary(page)
    for key in _WRITTEN & set(kept.keys()):
        del kept[key]
    text: bytes = kept.unparse()
    return text.removeprefix(b"<<").removesuffix(b">>")


def _is_once(stream: Any) -> bool:
    """Whether a stream is a picture or a colour profile, which each book has once."""
    return stream.get("/Subtype") == "/Image" or ("/N" in stream and "/Type" not in stream)
