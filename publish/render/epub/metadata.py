"""What an EPUB says of itself in its package document: Dublin Core, its refinements, accessibility (EPUB 3.3 §5.5)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from publish.cache import NONE, Cache
from publish.edition.features import sorting
from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import MATHML, SVG, H
from publish.edition.publication import Publication
from publish.formats import installed
from publish.source.settings.metadata import Identifier, Metadata, Person

ISBN_10, ISBN_13 = 10, 13  # digits
ISBN = re.compile(r"^(?:urn:isbn:|isbn[- :]*)?((?:97[89][- ]?)?\d[\d -]{7,}[\dXx])$", re.IGNORECASE)
CONFORMS = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"  # as EPUB Accessibility 1.1 §5.2 spells it
# Kinds of identifiers in ONIX's code list 5.
_DOI, _ISBN_10, _ISBN_13 = "06", "02", "15"


@dataclass(frozen=True)
class Traits:
    """What a text has that its readers may not see or hear: images, formulas, notes.

    `described`: all images, drawings in the text too, say in words what they show; `worded`: all formulas do.
    """

    images: bool = False
    described: bool = True
    formulas: bool = False
    worded: bool = True
    notes: bool = False

    @classmethod
    def of(cls, trees: Sequence[xhtml.Element]) -> Traits:
        """The traits of trees."""
        images = [image for tree in trees for image in tree.iter(f"{H}img", f"{{{SVG}}}svg")]
        formulas = [math for tree in trees for math in tree.iter(f"{{{MATHML}}}math")]
        return cls(
            bool(images),
            all(map(_described, images)),
            bool(formulas),
            all(math.get("alttext") for math in formulas),
            any(map(_has_notes, trees)),
        )

    @classmethod
    def of_all(cls, parts: Iterable[Traits]) -> Traits:
        """The traits of a whole, from those of its parts."""
        listed = list(parts)
        return cls(
            any(one.images for one in listed),
            all(one.described for one in listed),
            any(one.formulas for one in listed),
            all(one.worded for one in listed),
            any(one.notes for one in listed),
        )


def write(
    book: Any,
    publication: Publication,
    metadata: Metadata,
    traits: Traits,
    *,
    paged: bool = False,
    cache: Cache = NONE,
) -> None:
    """Write a publication's metadata into EbookLib's book; `traits` are those of all its chapters and notes."""
    package = _Package(book, publication, metadata, cache)
    package.identify()
    package.title()
    package.people()
    package.describe()
    for name, value in accessibility(publication, metadata, traits, paged=paged):
        package.meta(f"schema:{name}", value)
    if metadata.accessibility.certified_by:  # claimed only where somebody signs for it
        package.meta("dcterms:conformsTo", CONFORMS, uid="conforms")
        package.meta("a11y:certifiedBy", metadata.accessibility.certified_by, "conforms")
    if paged:
        package.meta("pageBreakSource", _printed(publication, metadata))


def _printed(publication: Publication, metadata: Metadata) -> str:
    """Which printed book the pages are of (EPUB Accessibility 1.1 §3.2); "none" where it has no number of its own."""
    own = {one.text for one in metadata.identifiers}
    of_pages = [publication.metadata_for(one.name) for one in installed() if one.paged]
    numbers = [one for printed in of_pages for one in printed.identifiers if one.text not in own]
    return identifier(numbers[0].text, numbers[0].scheme) if numbers else "none"


class _Package:
    """The metadata of one package document in the making."""

    def __init__(self, book: Any, publication: Publication, metadata: Metadata, cache: Cache) -> None:
        self._cache = cache
        self.book = book
        self.metadata = metadata
        self.edition = publication.edition
        self.other = publication.other_script

    def meta(self, name: str, value: str, refines: str = "", uid: str = "", **attributes: str) -> None:
        """A `meta` with a property."""
        said = {"property": name} | ({"refines": f"#{refines}"} if refines else {}) | ({"id": uid} if uid else {})
        self.book.add_metadata(None, "meta", value, said | attributes)

    def _sorted(self, kind: str, name: str) -> str:
        """A title or a person's name to sort by; the tables of readings take long to load, so it is kept."""
        method = self.edition.sort_by
        make = sorting.title if kind == "title" else sorting.person
        return self._cache.made(self._cache.key("sorted", kind, name, method), lambda: make(name, method), str, str)

    def identify(self) -> None:
        """The identifiers, the first of which is the book's own, and its language."""
        for number, one in enumerate(self.metadata.identifiers, 1):
            text, uid = identifier(one.text, one.scheme), "id" if number == 1 else f"id-{number}"
            if number == 1:
                self.book.set_identifier(text)
            else:
                self.book.add_metadata("DC", "identifier", text, {"id": uid})
            kind = _identifier_type(one, text)
            if kind:
                self.meta("identifier-type", kind, uid, scheme="onix:codelist5")
        self.book.set_language(self.edition.region.tag)

    def title(self) -> None:
        """Title and subtitle, with the form to sort by and those of the other script."""
        self.book.title = self.metadata.title
        self.book.add_metadata("DC", "title", self.metadata.title, {"id": "title"})
        self.meta("title-type", "main", "title")
        file_as = self.metadata.title_file_as or self._sorted("title", self.metadata.title)
        if file_as:
            self.meta("file-as", file_as, "title")
        self._in_other_script("title", self.metadata.title, lambda other: other.title)
        if self.metadata.subtitle:
            self.book.add_metadata("DC", "title", self.metadata.subtitle, {"id": "subtitle"})
            self.meta("title-type", "subtitle", "subtitle")
            self._in_other_script("subtitle", self.metadata.subtitle, lambda other: other.subtitle)

    def people(self) -> None:
        """Creators and contributors with their roles, in their order."""
        for kind in ("creator", "contributor"):
            people = getattr(self.metadata, f"{kind}s")
            for index, one in enumerate(people):
                if one.name.strip():
                    number = sum(bool(before.name.strip()) for before in people[: index + 1])
                    self._person(kind, f"{kind}-{number}", one)
                    self._in_other_script(f"{kind}-{number}", one.name, _same_person(kind, index, len(people)))

    def _person(self, kind: str, uid: str, person: Person) -> None:
        self.book.add_metadata("DC", kind, person.name, {"id": uid})
        if len(person.role) == 3:  # noqa: PLR2004  # a MARC relator code
            self.meta("role", person.role, uid, scheme="marc:relators")
        file_as = person.file_as or self._sorted("person", person.name)
        if file_as:
            self.meta("file-as", file_as, uid)

    def _in_other_script(self, uid: str, own: str, find: Callable[[Metadata], str]) -> None:
        """The same text in the book's other script, where it has one and writes it otherwise (EPUB 3.3 §D.3.1)."""
        if self.other is None:
            return
        tag, metadata = self.other
        text = find(metadata)
        if text and text != own:
            self.meta("alternate-script", text, uid, **{f"{{{xhtml.XML}}}lang": tag})

    def describe(self) -> None:
        """Date, publisher, rights, description, subjects, the series, the direction of pages."""
        metadata = self.metadata
        for name, value in (
            ("date", date(metadata.date)),
            ("publisher", metadata.publisher),
            ("rights", metadata.rights),
            ("description", metadata.description),
            ("coverage", metadata.coverage),
            ("source", metadata.source),
            *(("subject", subject) for subject in metadata.subjects),
        ):
            if value.strip():
                self.book.add_metadata("DC", name, value)
        if metadata.collection:
            self.meta("belongs-to-collection", metadata.collection, uid="collection")
            self.meta("collection-type", "series", "collection")
            if metadata.position:
                self.meta("group-position", metadata.position, "collection")
        progression = metadata.progression or ("rtl" if self.edition.vertical else "")
        if progression:
            self.book.set_direction(progression)
        if self.edition.vertical:  # Kindle asks here, all others in the stylesheet
            self.book.add_metadata(None, "meta", "", {"name": "primary-writing-mode", "content": "vertical-rl"})


def _same_person(kind: str, index: int, count: int) -> Callable[[Metadata], str]:
    """The name at the same place in other metadata, where as many are named there."""

    def find(other: Metadata) -> str:
        people = getattr(other, f"{kind}s")
        return str(people[index].name) if len(people) == count else ""

    return find


def identifier(text: str, scheme: str) -> str:
    """An identifier as a URN where it is an ISBN (EPUB 3.3 §5.5.3.1)."""
    match = ISBN.match(text.strip())
    digits = re.sub(r"[ -]", "", match[1]) if match else ""
    if match and (
        scheme.upper().startswith("ISBN") or text.lower().startswith(("isbn", "urn:isbn")) or len(digits) == ISBN_13
    ):
        return f"urn:isbn:{digits.upper()}"
    return text.strip()


def _identifier_type(stated: Identifier, text: str) -> str:
    """The kind of an identifier as ONIX counts them: an ISBN or a DOI; empty for others."""
    if text.startswith("urn:isbn:"):
        return _ISBN_10 if len(text) == len("urn:isbn:") + ISBN_10 else _ISBN_13
    return _DOI if stated.scheme.upper() == "DOI" or text.lower().startswith(("doi:", "10.")) else ""


def date(text: str) -> str:
    """The part of a date that dc:date can state: 2026-05-23, 2026-05 or 2026 (EPUB 3.3 §5.5.3.2.3); else nothing."""
    for length, rest in ((10, ""), (7, "-01"), (4, "-01-01")):
        known, after = text[:length], text[length : length + 1]
        if not after.isdigit() and re.match(r"^\d{4}(-|$)", known):
            with suppress(ValueError):
                dt.date.fromisoformat(known + rest)
                return known
    return ""


def accessibility(
    publication: Publication, metadata: Metadata, traits: Traits, *, paged: bool = False
) -> list[tuple[str, str]]:
    """Accessibility metadata derived from the content (EPUB Accessibility 1.1 §2.2) where the author states none."""
    images, described, formulas = traits.images, traits.described, traits.formulas
    stated = metadata.accessibility
    modes = stated.access_modes or ("textual", *(["visual"] if images else []))
    sufficient = stated.access_mode_sufficient or (("textual",) if described else ("textual,visual",))
    features = stated.features or (
        "structuralNavigation",
        "tableOfContents",
        "readingOrder",
        "displayTransformability",
        *(["pageBreakMarkers", "pageNavigation"] if paged else []),
        *(["alternativeText"] if images and described else []),
        *(["MathML"] if formulas else []),
        *(["describedMath"] if formulas and traits.worded else []),
    )
    hazards = stated.hazards or (
        ("unknown",) if any(asset.media_type == "image/gif" for asset in publication.assets.values()) else ("none",)
    )
    rows = [("accessMode", one) for one in modes]
    rows += [("accessModeSufficient", one) for one in sufficient]
    rows += [("accessibilityFeature", one) for one in features]
    rows += [("accessibilityHazard", one) for one in hazards]
    words = publication.edition.region.words
    said = [
        words.accessibility,
        *([words.accessible_notes] if traits.notes else []),
        *([words.accessible_images if described else words.inaccessible_images] if images else []),
        *([words.accessible_math] if formulas else []),
    ]
    return [*rows, ("accessibilitySummary", stated.summary or "；".join(said) + "。")]


def _described(image: xhtml.Element) -> bool:
    """Whether an image, or a drawing in the text, says in words what it shows."""
    title = image.findtext(f"{{{SVG}}}title") or ""
    return bool((image.get("alt") or image.get("aria-label") or title).strip())


def _has_notes(tree: xhtml.Element) -> bool:
    return any(link.get("role") == "doc-noteref" for link in tree.iter(f"{H}a"))
