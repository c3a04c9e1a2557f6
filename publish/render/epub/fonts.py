"""Which faces an EPUB carries, and how its stylesheet names them: the body face, cut to the book's text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from publish import fonts
from publish.cache import NONE, Cache
from publish.edition.publication import Publication
from publish.errors import Place
from publish.findings import Finding
from publish.render import families_css
from publish.render.faces import face_of

FAMILY = "Book Body"
# UNESCO calls a print a book from 49 pages on; so many A5 pages hold some thirty thousand Han. What is shorter is an
# article, whose readers would carry a font heavier than all of its text.
BOOK_LENGTH = 30_000
# Han that the fonts of readers have: the block of Unicode 1.1. Those added since are missing on many devices.
_COMMON = range(0x4E00, 0x9FA6)
_RARE = (range(0x3400, 0x4DC0), range(0x9FA6, 0xA000), range(0x20000, 0x323B0))
# Signs that the stylesheet sets, and those that lists count with.
_ALWAYS = frozenset(map(ord, "・·•◦▪—…　、零一二三四五六七八九十百")) | frozenset(range(0x20, 0x7F))


@dataclass(frozen=True)
class Embedding:
    """The faces that a book carries; `whole`: they set all of its text, not only its rare characters."""

    faces: tuple[fonts.Face, ...] = ()
    whole: bool = False

    @property
    def credits(self) -> tuple[fonts.Credit, ...]:
        """What the faces say of themselves."""
        return tuple(fonts.credit(face) for face in self.faces)

    def files(self, characters: Iterable[int], cache: Cache = NONE) -> dict[str, bytes]:
        """The faces cut to a text, by their addresses in the package."""
        wanted = frozenset(characters)
        chosen = wanted | _ALWAYS if self.whole else frozenset(filter(is_rare, wanted))
        return {address(face, data): data for face in self.faces for data in (_cut(face, chosen, cache),)}

    def rules(self, files: Mapping[str, bytes]) -> str:
        """The `@font-face` rules, with the licence beside them."""
        return "\n".join(
            f"/* {f'{note.name}. {note.copyright} {note.licence}'.replace('*/', '')} */\n"
            f'@font-face {{ font-family: "{FAMILY}"; font-weight: {face.weight}; src: url({href}); }}'
            for face, note, href in zip(self.faces, self.credits, files, strict=True)
        )

    def families(self, publication: Publication) -> dict[str, str]:
        """The families by role as CSS has them: the whole face before the body's own, rare characters before all."""
        own = publication.edition.region.fonts.for_screens
        lists = {role: list(getattr(own, role)) for role in ("body", "heading", "quote", "mono")}
        if self.faces:
            for role in ("body", "quote") if self.whole else tuple(lists):
                of_body = [index for index, name in enumerate(lists[role]) if name in own.body] if self.whole else [0]
                lists[role].insert(of_body[0] if of_body else len(lists[role]), FAMILY)
        return {role: families_css(families) for role, families in lists.items()}


def address(face: fonts.Face, data: bytes) -> str:
    """Where a face stands in the package, named for its weight and kind."""
    return f"fonts/body-{face.weight}.{'otf' if data.startswith(b'OTTO') else 'ttf'}"


def is_rare(point: int) -> bool:
    """Whether a code point is a Han character that the fonts of readers often lack."""
    return any(point in block for block in _RARE)


def _cut(face: fonts.Face, points: frozenset[int], cache: Cache) -> bytes:
    """A face cut to these characters, from the cache where it was cut so before."""
    key = cache.key("cut face", face, sorted(points))
    data = cache.get(key) if key else None
    if data is None:
        data = fonts.subset(face, points)
        cache.put(key, data)
    return data


def count_han(text: str) -> int:
    """How many Han a text has, as they make a book."""
    return sum(ord(char) in _COMMON for char in text)


def embedding(publication: Publication, letters: Iterable[str], han: int) -> tuple[Embedding, list[Finding]]:
    """The faces for a book of these characters and so many Han, as its settings or its length want them.

    A book that says nothing carries its regular face from `BOOK_LENGTH` Han on, and a shorter one only its rare
    characters, if it has any. A face that may not be copied or is not installed leaves the book without it; a finding
    says so.
    """
    wanted = publication.edition.faces["epub"]
    points = set(map(ord, letters))
    whole = bool(wanted) or (wanted is None and han >= BOOK_LENGTH)
    weights = wanted or (("regular",) if wanted is None and (whole or any(map(is_rare, points))) else ())
    found: tuple[fonts.Face, ...] = ()
    absent: list[str] = []
    for weight in weights:
        face = face_of(publication, "body", weight, found[0].family if found else "")
        found, absent = (found, [*absent, weight]) if face is None else ((*found, face), absent)
    if not whole:
        found = tuple(face for face in found if any(map(is_rare, points & fonts.covered(face))))
    findings = [_missing(publication, absent)] if absent else []
    return Embedding(found, whole), findings


def _missing(publication: Publication, weights: list[str]) -> Finding:
    edition = publication.edition
    first = edition.region.fonts.body[0]
    return Finding(
        "font-absent",
        "note" if edition.faces["epub"] is None else "warning",
        Place("", key="epub.fonts"),
        f"the EPUB of {edition.key} has no body face: none that may be copied is installed ({', '.join(weights)})",
        f"Install {first}, or write fonts: none under epub: in the settings",
    )
