"""The web edition: a page a chapter, a contents page, a search, and the whole book in one file that needs no other.

An article is one page, the first; the address that its chapter would have leads to it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial, reduce
from operator import or_
from pathlib import Path
from typing import Any

from publish.cache import Cache, digest
from publish.edition.publication import Publication
from publish.errors import MissingToolError
from publish.render import (
    Entry,
    PreparedChapter,
    RenderContext,
    Rendering,
    fill,
    id_pages,
    stylesheet,
    words_of,
)
from publish.render.html.addresses import Addresses, is_shown
from publish.render.html.finished import FinishedPage, finished_page, fixed_reads
from publish.render.html.fonts import FOLDER, WebFonts, web_fonts
from publish.render.html.formulas import formula_font
from publish.render.html.front import WebFront, article_values, web_front
from publish.render.html.lean import lean_css, lean_script, used_css
from publish.render.html.offline import WORKER, offline_files
from publish.render.html.passes import prepare_web
from publish.render.html.search import SearchedChapter, index_scripts
from publish.render.html.whole import write_whole_book
from publish.render.indexing import is_mark, led_to, short_marks
from publish.render.pictures import Measure, fitted
from publish.source.features.defined import DEFINED
from publish.source.settings.metadata import Metadata
from publish.trail import Trail

STYLE, SCRIPT, SEARCH, COMPARE, DISPLAY, ASKED, FRONT = (
    f"assets/{name}"
    for name in ("style.css", "web.js", "search.js", "compare.js", "display.js", "asked.js", "front.js")
)
BESIDE = 'data-place="margin"'  # of a note that asks for the margin
LOOKS = "data-look="  # of code whose language is known
TERMS, DEFINITIONS = "assets/terms.js", "assets/definitions.js"
MARGIN, MOVED = "assets/margin.js", "assets/moved.js"
COVER, SHARED = "cover.jpg", 800  # pixels across: what services show beside a link
# What the largest screens show of a picture that fills them.
SCREEN = Measure("screen", 2560, pixels=24_000_000)
HOME = "index"  # the page that opens a site
# A menu of more chapters than this stands on no page: over thousands of chapters it would fill the disk.
LONGEST_MENU = 300


# Notes are 1 where [1] is a source.
NOTES_BESIDE_NUMBERS = ".noteref a::before, .noteref a::after { content: none; }\n"


# Room for notes beside the text: on each page of a book that has them there, or on those pages that have some.
MARGIN_COLUMN = (
    "@media screen and (min-width: 80em) {{ .js main{where} {{ max-width: calc(var(--measure) + 15rem); "
    "padding-inline-end: 15rem; }} }}\n"
)
# A word that is defined.
DEFINED_WORDS = ".term { color: inherit; text-decoration: underline dotted; text-underline-offset: .3em; }\n"


def write_site(publication: Publication, context: RenderContext) -> Rendering:
    """Write `html/index.html`, a page for each chapter beside it, what they load, and `html/<slug>.html`."""
    folder = context.folder / "html"
    faces, findings = web_fonts(publication)
    pictures = fitted(publication, [SCREEN], cache=context.cache)
    prepared = prepare_web(publication, pictures, context.cache)
    opening = web_front(publication, faces, prepared)
    chapters = [_on_page(one, HOME) for one in prepared] if opening.article else prepared
    marks = _ids_of_marks(chapters, _wanted_marks(chapters, context.cache))
    trail = Trail(context.cache, publication.slug, f"{publication.edition.key} html")
    places = id_pages(chapters)
    fixed = fixed_reads(publication, faces, opening.lower)
    finished = [finished_page(publication, one, places, marks, faces, trail, fixed, opening.lower) for one in chapters]
    defines = any(f'class="{DEFINED}"' in one.xhtml for one in publication.chapters)
    later = _later(publication, faces, defines=defines)
    css, front = _styles(publication, faces, chapters, finished, defines=defines, beside=MARGIN in later)
    formulas = formula_font((text for one in finished for text in one.texts), context.cache)
    words = publication.edition.region.words
    asks = {
        "offline": WORKER if publication.offline else "",
        "margin": MARGIN in later,
        "beside": len(context.editions) > 1,
        "colours": any(LOOKS in text for one in finished for text in one.texts),
    }
    script = lean_script(fill(publication.theme, "web.js", words=words, **asks))
    files = [
        *(_write(folder / name, text) for name, text in later.items()),
        _write(folder / STYLE, formulas.rule(inside=False) + css),
        *(_write(folder / name, data) for name, data in formulas.files.items()),
        _write(folder / SCRIPT, script),
        _write(folder / FRONT, lean_script(fill(publication.theme, "front.js", words=words))),
        _write(folder / SEARCH, _search(publication, faces)),
        *([_write(folder / COMPARE, _compare(publication))] if len(context.editions) > 1 else []),
        *_pages(publication, context, folder, faces, opening, finished, front),
        write_whole_book(
            publication,
            context,
            folder,
            formulas.rule(inside=True) + front + css,
            "\n".join([script, *later.values()]),
            faces,
            opening,
            prepared,
            finished,
            marks,
        ),
        *(_moved(publication, folder, prepared) if opening.article else ()),
    ]
    if publication.offline:
        files += [_write(folder / name, text) for name, text in offline_files(publication, folder, files).items()]
    for picture in pictures.values():
        target = folder / picture.href
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture.path, target)
        files.append(target)
    written = sorted(file.relative_to(context.folder).as_posix() for file in files)
    taken = tuple(one.name for one in faces.credits) if faces.faces else ()
    return Rendering(tuple(written), tuple(findings), fonts=taken, reasons=trail.close())


def _on_page(prepared: PreparedChapter, page: str) -> PreparedChapter:
    """A chapter that stands on a page of another name than its own."""
    return replace(prepared, chapter=replace(prepared.chapter, key=page))


def _moved(publication: Publication, folder: Path, chapters: Iterable[PreparedChapter]) -> Iterator[Path]:
    """What leads from the addresses that an article's chapters would have to the article."""
    yield _write(folder / MOVED, lean_script(fill(publication.theme, "moved.js")))
    page = fill(publication.theme, "web-moved.html", publication=publication)
    yield from (_write(folder / f"{one.chapter.key}.html", page) for one in chapters)


def _search(publication: Publication, faces: WebFonts) -> str:
    """The search's script, and in it how it looks: neither is read before it is asked for."""
    sheet = _own_style(publication, "search.css", fonts=faces.families(publication))
    return lean_script(fill(publication.theme, "search.js", words=publication.edition.region.words, sheet=sheet))


def _compare(publication: Publication) -> str:
    return lean_script(fill(publication.theme, "compare.js"))


def _styles(
    publication: Publication,
    faces: WebFonts,
    chapters: Sequence[PreparedChapter],
    finished: Sequence[FinishedPage],
    *,
    defines: bool,
    beside: bool,
) -> tuple[str, str]:
    """The style sheet of all pages, and what the contents page and the single file need besides.

    It has no rule for what the book does not have, and the book's own style whole.
    """
    families = faces.families(publication)
    own = publication.css
    css = stylesheet(publication, "web.css", fonts=families).removesuffix(own)
    css += NOTES_BESIDE_NUMBERS if any(one.gist.by_number for one in chapters) else ""
    css += DEFINED_WORDS if defines else ""
    if beside:
        css += MARGIN_COLUMN.format(where="" if publication.notes.place == "margin" else ":has(.note-text.margin)")
    names = frozenset[str]().union(words_of(publication.theme, "web-*.html", "*.js"), *(one.names for one in finished))
    front = stylesheet(publication, "web-front.css", fonts=families).removesuffix(own)
    return used_css(lean_css(css), names) + lean_css(own), lean_css(front)


def _own_style(publication: Publication, name: str, **values: Any) -> str:
    """The style that a script brings along for what it makes."""
    return lean_css(fill(publication.theme, name, **values))


def _later(publication: Publication, faces: WebFonts, *, defines: bool) -> dict[str, str]:
    """The scripts that a page asks for when what they do is wanted, and some only where a book has it; by file."""
    words = publication.edition.region.words
    families = faces.families(publication)
    asked = fill(publication.theme, "asked.js", words=words, sheet=_own_style(publication, "asked.css", fonts=families))
    shown = _own_style(publication, "display.css", fonts=families)
    display = fill(publication.theme, "display.js", words=words, sheet=shown)
    scripts = {DISPLAY: lean_script(display), ASKED: lean_script(asked)}
    if defines:
        scripts[TERMS] = lean_script(fill(publication.theme, "terms.js"))
    if publication.notes.place == "margin" or any(BESIDE in one.xhtml for one in publication.chapters):
        sheet = _own_style(publication, "margin.css")
        scripts[MARGIN] = lean_script(fill(publication.theme, "margin.js", sheet=sheet))
    return scripts


def _write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _pages(
    publication: Publication,
    context: RenderContext,
    folder: Path,
    faces: WebFonts,
    opening: WebFront,
    finished: Sequence[FinishedPage],
    front_css: str,
) -> list[Path]:
    """The pages, their fonts, the search's index, and the lists for machines."""
    metadata = opening.metadata
    drawn = _drawn_cover(publication, metadata, folder, context.cache)
    common: dict[str, Any] = {
        "publication": publication,
        "metadata": metadata,
        "words": publication.edition.region.words,
        "editions": context.editions,
        "downloads": context.downloads,
        "alone": opening.article,
        "addresses": Addresses(publication, metadata, context.editions, COVER if drawn else ""),
        "pages": [finished[0].page] if opening.article else [one.page for one in finished],
        "modified": context.modified.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if opening.article:
        shown = {HOME: reduce(or_, (one.shown for one in finished), opening.shown)}
    else:
        shown = {HOME: opening.shown, **{one.page.key: one.shown for one in finished}}
    sliced = faces.slice(shown)
    common |= {"front": front_css.replace("</", "<\\/")}
    pages = (_article_page if opening.article else _book_pages)(publication, opening, finished, sliced.rules, common)
    written = [
        *(_write(folder / FOLDER / name, data) for name, data in sliced.files.items()),
        *([_write(folder / FOLDER / "LICENSE.txt", faces.licence)] if faces.faces else []),
        *(_write(folder / f"{name}.html", page) for name, page in pages),
    ]
    definitions = _definitions(finished)
    if definitions:
        written.append(_write(folder / DEFINITIONS, definitions))
    searches = [_as_one(metadata.title, finished)] if opening.article else [one.search for one in finished]
    index = index_scripts(searches, publication.edition.region, publication.elsewhere, context.cache)
    if publication.url:
        index |= {name: fill(publication.theme, f"web-{name}", **common) for name in ("sitemap.xml", "feed.xml")}
    return written + drawn + [_write(folder / name, text) for name, text in index.items()]


def _book_pages(
    publication: Publication,
    opening: WebFront,
    finished: Sequence[FinishedPage],
    rules: Mapping[str, str],
    common: Mapping[str, Any],
) -> Iterator[tuple[str, str]]:
    """The contents page and a page for each chapter, with their names."""
    said = {"contents": opening.outline, "colophon": opening.rows, "faces": rules[HOME]}
    yield HOME, fill(publication.theme, "web-index.html", key=HOME, **said, **common)
    for number, one in enumerate(finished):
        page = fill(
            publication.theme,
            "web-chapter.html",
            key=one.page.key,
            faces=rules[one.page.key],
            position=number + 1,
            page=one.page,
            chapter=one.chapter,
            body=one.body,
            notes=one.notes,
            previous=finished[number - 1].chapter if number else None,
            following=finished[number + 1].chapter if number + 1 < len(finished) else None,
            contents=_menu(opening.outline, number),
            **common,
        )
        yield one.page.key, page


def _article_page(
    publication: Publication,
    opening: WebFront,
    finished: Sequence[FinishedPage],
    rules: Mapping[str, str],
    common: Mapping[str, Any],
) -> Iterator[tuple[str, str]]:
    """The one page of an article: its text, and all that a site's first page has besides contents."""
    said = article_values(publication, opening, [(one.chapter, one.body, one.notes) for one in finished])
    page = fill(
        publication.theme,
        "web-article.html",
        key=HOME,
        faces=rules[HOME],
        page=finished[0].page,
        chapter=finished[0].chapter,
        previous=None,
        following=None,
        contents=opening.outline,
        colophon=opening.rows,
        **said,
        **common,
    )
    yield HOME, page


def _as_one(title: str, finished: Iterable[FinishedPage]) -> SearchedChapter:
    """What the search is told of an article, whose chapters stand on one page."""
    passages = tuple(passage for one in finished for passage in one.search.passages)
    return SearchedChapter(HOME, title, passages, digest([one.search.made_of for one in finished]))


def _definitions(finished: Iterable[FinishedPage]) -> str:
    """The script with what each defined word means; empty for a book that defines none."""
    meanings = {name: words for one in finished for name, words in one.defined.items()}
    return f"publishDefinitions({json.dumps(meanings, ensure_ascii=False)});\n" if meanings else ""


def _drawn_cover(publication: Publication, metadata: Metadata, folder: Path, cache: Cache) -> list[Path]:
    """The cover as a picture that services show beside a link, for a site with an address and no such picture."""
    if not publication.url or is_shown(metadata.cover_image):
        return []
    from publish.render.drawn_cover import cover_jpeg  # noqa: PLC0415  # needs Pango

    try:
        return [_write(folder / COVER, cover_jpeg(publication, metadata, SHARED, cache))]
    except MissingToolError:
        return []  # a site is whole without it


def _wanted_marks(chapters: Sequence[PreparedChapter], cache: Cache) -> frozenset[str]:
    """The marks for an index that something leads to: an index has one place in a section, and marks many."""
    known = {name for one in chapters for name in one.gist.ids}
    wanted = set[str]()
    for one in chapters:
        there = [name for name in one.gist.leads if name in known]
        if any(map(is_mark, there)):
            key = cache.key("marks led to", one.key, there)
            wanted |= cache.made(key, partial(_led_to, one, there), sorted, set)
    return frozenset(wanted)


def _ids_of_marks(chapters: Sequence[PreparedChapter], wanted: Collection[str]) -> dict[str, str]:
    """The marks that are wanted, each with the id that it has on its page."""
    pages: dict[str, set[str]] = {}
    for one in chapters:
        pages.setdefault(one.chapter.key, set()).update(name for name in one.gist.ids if name in wanted)
    return {name: own for names in pages.values() for name, own in short_marks(sorted(names)).items()}


def _led_to(prepared: PreparedChapter, known: Collection[str]) -> set[str]:
    return led_to(prepared.tree, known)


def _menu(outline: list[Entry], number: int) -> list[Entry]:
    """The contents on a chapter's page: its own sections and the other chapters, or those around it of very many."""
    chapters = list(_with_pages(outline))
    here = chapters[number].key
    if len(chapters) <= LONGEST_MENU:
        return [_without_sections(entry, here) for entry in outline]
    start = max(0, min(number - LONGEST_MENU // 2, len(chapters) - LONGEST_MENU))
    return [_without_sections(chapter, here) for chapter in chapters[start : start + LONGEST_MENU]]


def _without_sections(entry: Entry, here: str) -> Entry:
    """An entry of the contents without the sections of chapters that are not open."""
    if entry.level == 0:
        return replace(entry, children=[_without_sections(child, here) for child in entry.children])
    return (
        entry
        if entry.key == here
        else replace(entry, children=[_without_sections(one, here) for one in entry.children if one.level == 1])
    )


def _with_pages(entries: list[Entry]) -> Iterator[Entry]:
    """The entries that have a page of their own, in the order of reading."""
    for entry in entries:
        if entry.level == 1:
            yield entry
        yield from _with_pages([one for one in entry.children if one.level <= 1])
