"""Where a web edition's pages will stand on the web, told to machines: canonical addresses, JSON-LD, sitemap, feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from publish.edition.publication import Publication
from publish.render import EditionLink
from publish.source.settings.isbn import isbn_of
from publish.source.settings.metadata import EDITOR, TRANSLATOR, Metadata

LONGEST_EXCERPT = 120  # characters: what result pages of search engines show
# The kinds of image that services show beside a link; SVG is not among them.
_SHOWN = (".png", ".jpg", ".jpeg", ".webp", ".gif")


@dataclass(frozen=True)
class WebPage:
    """A page in the list of pages: its file without `.html`, its title with its number, the beginning of its text."""

    key: str
    title: str
    excerpt: str = ""


@dataclass(frozen=True)
class Addresses:
    """The addresses of an edition's pages and of the same pages in the others; relative where the book has no `url`."""

    publication: Publication
    metadata: Metadata
    editions: tuple[EditionLink, ...]
    drawn: str = ""  # the file of the cover that was drawn for a book that brings none

    @property
    def known(self) -> bool:
        """Whether the book says where it will stand."""
        return bool(self.publication.url)

    def of(self, page: str, edition: str = "") -> str:
        """The absolute address of a file of an edition's web pages; its own edition where none is named."""
        return f"{self.publication.url}{edition or self.publication.edition.key}/html/{page}"

    def alternates(self, key: str) -> list[tuple[str, str]]:
        """Tag and address of a page in every edition, its own too (Google's rule for hreflang)."""
        own = self.publication.edition.key
        if self.known:
            return [(link.tag, self.of(f"{key}.html", link.key)) for link in self.editions]
        return [
            (link.tag, f"{key}.html" if link.key == own else f"../../{link.key}/html/{key}.html")
            for link in self.editions
        ]

    @property
    def locale(self) -> str:
        """The edition as Open Graph names it: zh_TW."""
        return _locale(self.publication.edition.region.tag)

    @property
    def other_locales(self) -> list[str]:
        """The other editions as Open Graph names them."""
        return sorted({_locale(link.tag) for link in self.editions} - {self.locale})

    @property
    def image(self) -> str:
        """The address of the cover, where it is an image that services show."""
        cover = self.metadata.cover_image if is_shown(self.metadata.cover_image) else self.drawn
        return self.of(cover) if cover else ""

    def book(self) -> dict[str, Any]:
        """The book in JSON-LD (schema.org/Book)."""
        metadata = self.metadata
        isbn = isbn_of(metadata.identifiers)
        said = {
            "@id": self.of("index.html"),
            "url": self.of("index.html"),
            "name": metadata.title,
            "alternativeHeadline": metadata.subtitle,
            "author": [{"@type": "Person", "name": name} for name in metadata.authors()],
            "translator": [{"@type": "Person", "name": one.name} for one in metadata.people(TRANSLATOR)],
            "editor": [{"@type": "Person", "name": one.name} for one in metadata.people(EDITOR)],
            "publisher": {"@type": "Organization", "name": metadata.publisher} if metadata.publisher else None,
            "inLanguage": self.publication.edition.region.tag,
            "datePublished": metadata.date,
            "description": metadata.description,
            "copyrightNotice": metadata.rights,
            "keywords": "、".join(metadata.subjects),
            "isbn": isbn.digits if isbn else "",
            "image": self.image,
        }
        return {"@context": "https://schema.org", "@type": "Book", **{key: one for key, one in said.items() if one}}

    def article(self) -> dict[str, Any]:
        """An article that stands alone, in JSON-LD (schema.org/Article)."""
        return self.book() | {"@type": "Article", "headline": self.metadata.title}

    def chapter(self, page: WebPage, position: int) -> dict[str, Any]:
        """A chapter in JSON-LD (schema.org/Chapter); `position` counts from 1."""
        whole = self.of("index.html")
        return {
            "@context": "https://schema.org",
            "@type": "Chapter",
            "@id": self.of(f"{page.key}.html"),
            "url": self.of(f"{page.key}.html"),
            "name": page.title,
            "position": position,
            "inLanguage": self.publication.edition.region.tag,
            "isPartOf": {"@type": "Book", "@id": whole, "url": whole, "name": self.metadata.title},
        }


def is_shown(picture: str) -> bool:
    """Whether services show an image of this kind beside a link."""
    return picture.endswith(_SHOWN)


def _locale(tag: str) -> str:
    parts = tag.split("-")
    region = next((part for part in parts[1:] if len(part) == 2), "")  # noqa: PLR2004  # BCP 47: a region has two letters
    return f"{parts[0]}_{region.upper()}" if region else parts[0]


def excerpt(texts: Sequence[str]) -> str:
    """The beginning of a text, cut behind a sentence or a clause where one ends."""
    whole = " ".join(texts)
    if len(whole) <= LONGEST_EXCERPT:
        return whole
    short = whole[:LONGEST_EXCERPT]
    end = max(short.rfind(mark) for mark in "。！？；")
    return short[: end + 1] if end > LONGEST_EXCERPT // 3 else f"{short[:-1].rstrip('，、：')}…"
