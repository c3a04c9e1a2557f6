"""What the contents page and the single file open with: the contents, the colophon, the characters that both show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from publish.edition.publication import Publication
from publish.fonts import credit_line
from publish.render import Entry, PreparedChapter, colophon, contents
from publish.render.html.fonts import PageText, WebFonts
from publish.source.settings.metadata import Metadata


@dataclass(frozen=True)
class WebFront:
    """The metadata of the site, its contents, the rows of its colophon, and the characters that these show."""

    metadata: Metadata
    outline: list[Entry]
    rows: list[tuple[str, str]]
    shown: PageText


def web_front(publication: Publication, faces: WebFonts, chapters: Sequence[PreparedChapter]) -> WebFront:
    """What a site opens with."""
    metadata, words = publication.metadata_for("html"), publication.edition.region.words
    outline, rows = contents(chapters, publication.toc_depth), colophon(publication, metadata)
    if faces.faces:
        rows.append((words.typeface, credit_line(faces.credits)))
    titles = metadata.title + "".join(_titles(outline))
    text = "".join([titles, metadata.description, words.whole_book, words.made_with, *(value for _, value in rows)])
    return WebFront(metadata, outline, rows, faces.text(text, bold=titles, heading=words.contents + words.colophon))


def _titles(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        yield entry.text
        yield from _titles(entry.children)
