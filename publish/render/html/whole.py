"""The whole book in one file that needs no other: style, script, pictures and fonts inside it."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from publish.cache import Cache
from publish.edition.markup import xhtml
from publish.edition.publication import Publication
from publish.render import PreparedChapter, RenderContext, fill
from publish.render.defined import name_glossary
from publish.render.html.finished import (
    FinishedPage,
    PageNotes,
    Record,
    letters,
    marked_text,
    note_record,
    shown_letters,
)
from publish.render.html.fonts import PageText, WebFonts
from publish.render.html.front import WebFront, article_values
from publish.render.html.markup import html_markup
from publish.render.html.passes import demote, link_back, link_notes, prepare_web
from publish.render.indexing import drop_marks, lead
from publish.render.pictures import Measure, fitted
from publish.source.pictures.assets import Asset

# Inside the single file, as sharp as its column asks on the finest screens; less where there are very many.
INSIDE = [Measure(f"inside-{width}", width, pixels=12_000_000, quality=85) for width in (1920, 1440, 1080, 800)]
MOST_INSIDE = 48_000_000  # bytes of pictures, a third more in base64: what browsers of phones open
_SOURCE = re.compile(r'(?<= src=")(images/[^"]+)(?=")')


def write_whole_book(
    publication: Publication,
    context: RenderContext,
    folder: Path,
    css: str,
    script: str,
    faces: WebFonts,
    front: WebFront,
    before: Sequence[PreparedChapter],
    finished: Sequence[FinishedPage],
    marks: Collection[str],
) -> Path:
    """The whole book in one file: style, script, images and fonts inside it."""
    pictures = fitted(publication, INSIDE, MOST_INSIDE, context.cache)
    chapters = prepare_web(publication, pictures, context.cache, before)
    known = {name for one in chapters for name in one.gist.ids}
    shown, sections = front.shown, []
    for prepared, page in zip(chapters, finished, strict=True):
        lower = prepared.chapter.level + (front.lower if front.article else 1)
        body, notes, own = _section(publication, prepared, page.reads, known, marks, faces, context.cache, lower)
        shown |= own
        sections.append((prepared.chapter, body, notes))
    text = fill(
        publication.theme,
        "web-whole.html",
        publication=publication,
        metadata=front.metadata,
        words=publication.edition.region.words,
        contents=front.outline,
        colophon=front.rows,
        **article_values(publication, front, sections),
        faces=faces.inside(shown) if faces.faces else "",
        css=css.replace("</", "<\\/"),
        script=script.replace("</", "<\\/"),
        key="",
    )
    return _write_with_pictures(folder / f"{publication.slug}.html", text, {one.href: one for one in pictures.values()})


def _section(
    publication: Publication,
    prepared: PreparedChapter,
    reads: Mapping[str, str],
    known: Collection[str],
    marks: Collection[str],
    faces: WebFonts,
    cache: Cache,
    lower: int,
) -> tuple[Markup, PageNotes, PageText]:
    """A chapter in the single file: its text, its notes, its characters; from the cache where all is the same.

    It is made from what its page is made from, which `reads` has, but for its pictures.
    """
    leads = {name: name in known for name in prepared.gist.leads}
    key = cache.key("web section", lower, reads, prepared.key)
    record: Record = cache.made(
        key, lambda: _make_section(publication, prepared, leads, marks, faces, lower), dict, dict
    )
    return *marked_text(record), shown_letters(record)


def _make_section(
    publication: Publication,
    prepared: PreparedChapter,
    leads: Mapping[str, bool],
    marks: Collection[str],
    faces: WebFonts,
    lower: int,
) -> Record:
    """A chapter as the single file has it, its headings some levels lower, in what JSON can say."""
    tree, region = prepared.tree, publication.edition.region
    lead(tree, {name for name, known in leads.items() if known})
    drop_marks(tree, marks)
    name_glossary(tree, region.words.glossary)
    xhtml.relink(tree, lambda name: f"#{name}" if leads.get(name) else None)
    notes = link_notes(prepared)
    for note in notes:
        link_back(note, region.words.back_to_text)
    shown = faces.shown([tree, *(note.element for note in notes)], prepared.chapter.title)
    demote(tree, lower)
    return {
        "body": html_markup(tree, region.tag),
        "notes": [note_record(note, region.tag) for note in notes],
        "shown": letters(shown),
    }


def _write_with_pictures(path: Path, page: str, pictures: Mapping[str, Asset]) -> Path:
    """Write a page with its pictures inside it, one after another: all together need not fit into memory."""
    with path.open("wb") as file:
        for number, piece in enumerate(_SOURCE.split(page)):
            picture = pictures.get(piece) if number % 2 else None
            file.write(_data_uri(picture.path, picture.media_type) if picture else piece.encode())
    return path


def _data_uri(path: Path, media_type: str) -> bytes:
    return f"data:{media_type};base64,".encode() + base64.b64encode(path.read_bytes())
