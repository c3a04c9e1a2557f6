"""What a book says about itself: title, people, identifiers, rights, for each edition and format (Dublin Core)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from publish.convert.names import with_surname

# MARC relator codes that we name in a colophon; any other code passes through to the EPUB.
AUTHOR, TRANSLATOR, EDITOR = "aut", "trl", "edt"


@dataclass(frozen=True)
class Person:
    """Someone who made the book: a name, a MARC relator code, the form to sort by."""

    name: str
    role: str = AUTHOR
    file_as: str = ""


@dataclass(frozen=True)
class Identifier:
    """An identifier of the publication; `scheme` is ISBN-13, DOI, … or empty."""

    text: str
    scheme: str = ""


@dataclass(frozen=True)
class Accessibility:
    """Accessibility metadata that an author states by hand; empty fields are derived from the content."""

    access_modes: tuple[str, ...] = ()
    access_mode_sufficient: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    summary: str = ""
    certified_by: str = ""


@dataclass(frozen=True)
class Metadata:
    """The metadata of one publication; texts are plain text, `date` is as the author wrote it (ISO 8601 or a part)."""

    title: str = ""
    subtitle: str = ""
    title_file_as: str = ""
    creators: tuple[Person, ...] = ()
    contributors: tuple[Person, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    date: str = ""
    publisher: str = ""
    rights: str = ""
    description: str = ""
    subjects: tuple[str, ...] = ()
    coverage: str = ""
    source: str = ""
    collection: str = ""
    position: str = ""
    cover_image: str = ""
    colophon: tuple[tuple[str, str], ...] = ()
    progression: str = ""
    accessibility: Accessibility = Accessibility()

    def people(self, role: str) -> tuple[Person, ...]:
        """The creators and contributors of a role, in order."""
        return tuple(person for person in (*self.creators, *self.contributors) if person.role == role)

    def authors(self) -> tuple[str, ...]:
        """The names for the cover: the authors, or all creators where none is called an author."""
        names = tuple(person.name for person in self.creators if person.role == AUTHOR)
        return names or tuple(person.name for person in self.creators)

    def converted(self, convert: Callable[[str], str]) -> Metadata:
        """The same metadata with every text that people read passed through `convert`; URLs, dates and codes stay."""

        def person(one: Person) -> Person:
            return replace(one, name=with_surname(one.name, convert(one.name)))

        return replace(
            self,
            title=convert(self.title),
            subtitle=convert(self.subtitle),
            creators=tuple(person(one) for one in self.creators),
            contributors=tuple(person(one) for one in self.contributors),
            publisher=convert(self.publisher),
            rights=convert(self.rights),
            description=convert(self.description),
            subjects=tuple(convert(one) for one in self.subjects),
            coverage=convert(self.coverage),
            collection=convert(self.collection),
            colophon=tuple((convert(label), convert(value)) for label, value in self.colophon),
            accessibility=replace(self.accessibility, certified_by=convert(self.accessibility.certified_by)),
        )
