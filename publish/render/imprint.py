"""The colophon (版权页), and the date that a build states."""

from __future__ import annotations

import datetime as dt
import os
import re

from publish.edition.publication import Publication
from publish.regions import Words
from publish.source.settings.isbn import read_isbn
from publish.source.settings.metadata import EDITOR, TRANSLATOR, Metadata

EARLIEST = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)  # ZIP's first year


def colophon(publication: Publication, metadata: Metadata) -> list[tuple[str, str]]:
    """The rows of the colophon (版权页): label and value, those that the book knows."""
    words = publication.edition.region.words
    rows = [
        (words.author, "、".join(metadata.authors())),
        (words.translator, _translators(metadata)),
        *_helpers(words, metadata),
        (words.publisher, metadata.publisher),
        (words.edition, words.name),
        (words.date, _day(metadata)),
    ]
    return _known([*rows, *_identified(words, metadata)])


def byline(publication: Publication, metadata: Metadata) -> list[str]:
    """What stands under the title of an article: its authors, its translators with their word, its date."""
    words = publication.edition.region.words
    translators = _translators(metadata)
    translated = f"{translators}　{words.translator[0]}" if translators else ""
    return [one for one in ("　".join(metadata.authors()), translated, _day(metadata)) if one]


def imprint_lines(publication: Publication, metadata: Metadata) -> list[tuple[str, str]]:
    """What stands behind an article: the rows of the colophon that its byline has not, without its edition's name."""
    words = publication.edition.region.words
    return _known([*_helpers(words, metadata), (words.publisher, metadata.publisher), *_identified(words, metadata)])


def _translators(metadata: Metadata) -> str:
    return "、".join(person.name for person in metadata.people(TRANSLATOR))


def _helpers(words: Words, metadata: Metadata) -> list[tuple[str, str]]:
    """Who else has worked on it."""
    named = {*metadata.authors(), *(one.name for role in (TRANSLATOR, EDITOR) for one in metadata.people(role))}
    others = [one.name for one in (*metadata.creators, *metadata.contributors) if one.name not in named]
    editors = "、".join(person.name for person in metadata.people(EDITOR))
    return [(words.editor, editors), (words.contributor, "、".join(others))]


def _identified(words: Words, metadata: Metadata) -> list[tuple[str, str]]:
    """Its numbers, the rows that its author has added, where it comes from, whose it is."""
    numbers = [
        (("ISBN", isbn.given) if (isbn := read_isbn(one)) else (one.scheme or words.identifier, one.text))
        for one in metadata.identifiers
        if not one.text.startswith("urn:uuid:")
    ]
    return [*numbers, *metadata.colophon, (words.source, metadata.source), (words.rights, metadata.rights)]


def _known(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(label, value) for label, value in rows if value]


def _day(metadata: Metadata) -> str:
    return metadata.date.partition("T")[0] if metadata.date[:4].isdigit() else metadata.date


def modified_date(metadata: Metadata, environ: dict[str, str] | None = None) -> dt.datetime:
    """The date that a build states: SOURCE_DATE_EPOCH, else the book's own date, else a fixed one; never the clock."""
    epoch = (os.environ if environ is None else environ).get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC)
    text = metadata.date.strip()
    month = re.match(r"^(\d{4})(?:-(\d\d))?$", text)
    for written in (f"{month[1]}-{month[2] or '01'}-01" if month else text, text[:10], f"{text[:4]}-01-01"):
        try:
            found = dt.datetime.fromisoformat(written)
            stated = (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
        except (ValueError, OverflowError):
            continue
        return max(stated, EARLIEST)
    return EARLIEST
