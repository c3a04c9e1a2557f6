"""A chapter finished for its page: the text, the notes, and what the search and other machines are told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from publish.cache import digest
from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import H
from publish.edition.publication import Publication, PublishedChapter
from publish.render import NumberedNote, PreparedChapter
from publish.render.defined import entries, name_glossary
from publish.render.html.addresses import WebPage, excerpt
from publish.render.html.fonts import PageText, WebFonts
from publish.render.html.markup import html_markup
from publish.render.html.passes import demote, let_enlarge, link_back, link_notes
from publish.render.html.search import Passage, SearchedChapter, searched
from publish.render.indexing import drop_marks, lead, rename_marks
from publish.trail import Trail, hashed

_START, _CLASSES = re.compile(r"<([a-z][a-z0-9]*)"), re.compile(r' class="([^"]*)"')
_LOOK = re.compile(r' data-look="([^"]*)"')
# Fewer characters than this say little of a chapter: a date, a place, a name.
SHORT = 15
Record = dict[str, Any]  # what JSON can say of a chapter


@dataclass(frozen=True)
class _PageNote:
    """A note as a page shows it: its number, its id, and whether it asks for the margin."""

    number: int
    id: str
    margin: bool


PageNotes = list[tuple[_PageNote, Markup]]


@dataclass(frozen=True)
class FinishedPage:
    """A chapter as a page shows it: the text, the notes, and what the search and other machines are told."""

    chapter: PublishedChapter
    body: Markup
    notes: PageNotes
    search: SearchedChapter
    page: WebPage
    shown: PageText
    defined: Mapping[str, str]
    names: frozenset[str]  # of its elements and classes
    reads: Mapping[str, str]  # the hashes of all that it was made from

    @property
    def texts(self) -> list[str]:
        """The markup of the text and of each note."""
        return [self.body, *(text for _, text in self.notes)]


def finished_page(
    publication: Publication,
    prepared: PreparedChapter,
    places: Mapping[str, str],
    marks: Mapping[str, str],
    faces: WebFonts,
    trail: Trail,
    fixed: Mapping[str, str],
    lower: int = 0,
) -> FinishedPage:
    """A chapter as its page has it, from the cache where all that it reads is the same.

    Of the other chapters it reads where its links lead; `places` has the page of each id, `marks` the ids on
    pages of those words that an index leads to. `fixed` are the hashes of what all chapters read (`fixed_reads`). Its
    headings stand so many levels `lower`.
    """
    leads = {name: (places.get(name), marks.get(name, name)) for name in prepared.gist.leads}
    reads = {**hashed(_reads(prepared, leads, marks)), **fixed}
    name = f"{prepared.chapter.key}.html"
    make = partial(_finish, publication, prepared, leads, marks, faces, lower)
    return _from_record(prepared.chapter, trail.taken_by(name, reads, make), reads)


def fixed_reads(publication: Publication, faces: WebFonts, lower: int) -> dict[str, str]:
    """The hashes of what all chapters on pages are made from."""
    region = publication.edition.region
    return hashed(
        {
            "the edition's words": (region.tag, region.words),
            "whether fonts come along": bool(faces.faces),
            "the article's title": lower,
        }
    )


def _reads(prepared: PreparedChapter, leads: object, marks: Mapping[str, str]) -> dict[str, object]:
    """What a chapter on a page is made from by itself."""
    chapter = prepared.chapter
    own = chapter.key, chapter.label, chapter.title, chapter.level, prepared.noted
    return {
        "its text": prepared.key,
        "its title or place in the book": own,
        "where its links lead": leads,
        "which of its words an index leads to": sorted(marks[name] for name in prepared.gist.ids if name in marks),
    }


def _from_record(chapter: PublishedChapter, record: Record, reads: Mapping[str, str]) -> FinishedPage:
    """A finished chapter as the cache has it."""
    title = f"{chapter.label} {chapter.title}".strip()
    passages = tuple(Passage(*one) for one in record["passages"])
    search = SearchedChapter(chapter.key, title, passages, digest(reads))
    page = WebPage(chapter.key, title, record["excerpt"])
    names = frozenset(record["names"])
    return FinishedPage(
        chapter, *marked_text(record), search, page, shown_letters(record), record["defined"], names, reads
    )


def marked_text(record: Record) -> tuple[Markup, PageNotes]:
    """A chapter's text and notes."""
    notes = [(_PageNote(*said), Markup(text)) for *said, text in record["notes"]]  # noqa: S704  # our own
    return Markup(record["body"]), notes  # noqa: S704  # the same


def shown_letters(record: Record) -> PageText:
    """The characters that a chapter shows."""
    return PageText(*(frozenset(map(ord, one)) for one in record["shown"]))


def _finish(
    publication: Publication,
    prepared: PreparedChapter,
    leads: Mapping[str, tuple[str | None, str]],
    marks: Mapping[str, str],
    faces: WebFonts,
    lower: int,
) -> Record:
    """A chapter with its links, notes, anchors and figures as its page has them, in what JSON can say."""
    chapter, tree, region = prepared.chapter, prepared.tree, publication.edition.region

    def address(name: str) -> str | None:
        page, own = leads.get(name, (None, name))
        return None if page is None else f"#{own}" if page == chapter.key else f"{page}.html#{own}"

    lead(tree, {name for name, (page, _) in leads.items() if page})
    drop_marks(tree, marks)
    rename_marks(tree, marks)
    name_glossary(tree, region.words.glossary)
    xhtml.relink(tree, address)
    notes = link_notes(prepared)
    read = searched(chapter.key, "", [(tree, ""), *((note.element, note.id) for note in notes)])
    shown = faces.shown([tree, *(note.element for note in notes)], chapter.title)
    for note in notes:
        link_back(note, region.words.back_to_text)
    demote(tree, lower)
    let_enlarge(tree, region.words.enlarge)
    texts = [one.text for one in read.passages if not one.level and len(one.text) > SHORT][:3]
    body = html_markup(tree, region.tag)
    said = [note_record(note, region.tag) for note in notes]
    return {
        "defined": _meanings(tree, chapter.key, region.tag),
        "body": body,
        "notes": said,
        "names": sorted(set().union(*map(_names, [body, *(str(one[-1]) for one in said)]))),
        "passages": [[one.id, one.text, one.level] for one in read.passages],
        "excerpt": excerpt(texts),
        "shown": letters(shown),
    }


def _meanings(tree: xhtml.Element, page: str, tag: str) -> dict[str, str]:
    """What each entry of a chapter's glossary says, as other pages show it, by its id."""
    found: dict[str, str] = {}
    for entry in entries(tree):
        for meaning in entry.iter(f"{H}dd"):
            copied = deepcopy(meaning)
            for link in copied.iter(f"{H}a"):
                if str(link.get("href")).startswith("#"):
                    link.set("href", f"{page}.html{link.get('href')}")
            found[str(entry.get("id"))] = str(html_markup(copied, tag))
    return found


def _names(markup: str) -> set[str]:
    """The names of the elements and classes of a markup, and of the colours of its code."""
    elements = {found[1] for found in _START.finditer(markup)}
    looks = {letter for found in _LOOK.finditer(markup) for letter in found[1] if letter.isalpha()}
    return elements.union(looks, *(found[1].split() for found in _CLASSES.finditer(markup)))


def letters(shown: PageText) -> list[str]:
    """The characters that a page shows, as JSON says them."""
    return ["".join(map(chr, sorted(one))) for one in (shown.regular, shown.bold, shown.heading)]


def note_record(note: NumberedNote, tag: str) -> list[Any]:
    """A note's number, its id, whether it asks for the margin, its markup."""
    return [note.number, note.id, note.element.get("data-place") == "margin", html_markup(note.element, tag)]
