"""What the contents page and the single file open with: the contents, the colophon, the characters that both show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from publish.edition.publication import Publication, PublishedChapter
from publish.fonts import credit_line
from publish.render import Entry, PreparedChapter, byline, colophon, contents, imprint_lines
from publish.render.article import below_title, is_article, is_headed
from publish.render.html.finished import PageNotes
from publish.render.html.fonts import PageText, WebFonts
from publish.source.settings.metadata import Metadata


@dataclass(frozen=True)
class WebFront:
    """The metadata of the site, its contents, the rows of its colophon, and the characters that these show.

    An `article` opens as itself, and has of all these what is not in it already; `lower` is by how many levels the
    headings of its chapters stand below its title.
    """

    article: bool
    lower: int
    metadata: Metadata
    outline: list[Entry]
    rows: list[tuple[str, str]]
    shown: PageText


def web_front(publication: Publication, faces: WebFonts, chapters: Sequence[PreparedChapter]) -> WebFront:
    """What a site opens with; of an article the colophon has what does not stand under its title."""
    article = is_article(publication, "html")
    metadata, words = publication.metadata_for("html"), publication.edition.region.words
    outline = contents(chapters, publication.toc_depth)
    rows = (imprint_lines if article else colophon)(publication, metadata)
    if faces.faces:
        rows.append((words.typeface, credit_line(faces.credits)))
    titles = metadata.title + "".join(_titles(outline))
    said = [metadata.subtitle, metadata.description, *byline(publication, metadata)]
    said += [words.single_file if article else words.whole_book, words.made_with, *(value for _, value in rows)]
    text = "".join([titles, *said])
    lower = 1 if article and is_headed(publication) else 0
    shown = faces.text(text, bold=titles, heading=words.contents + words.colophon)
    return WebFront(article, lower, metadata, outline, rows, shown)


def article_values(
    publication: Publication, front: WebFront, sections: Sequence[tuple[PublishedChapter, Markup, PageNotes]]
) -> dict[str, Any]:
    """What a template is told of an article: its chapters with their notes, the first parted below its title."""
    chapter, body, _ = sections[0]
    head = ("", body) if front.lower else below_title(body, chapter)
    return {"opening": front, "byline": byline(publication, front.metadata), "head": head, "sections": sections}


def _titles(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        yield entry.text
        yield from _titles(entry.children)
