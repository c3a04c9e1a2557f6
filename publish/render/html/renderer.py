"""The web edition: a page a chapter, a contents page, a search, and the whole book in one file that needs no other."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from lxml import etree
from markupsafe import Markup

from publish.cache import Cache
from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import H
from publish.edition.publication import Publication, PublishedChapter
from publish.errors import MissingToolError
from publish.fonts import credit_line
from publish.han import LETTERS
from publish.regions import Words
from publish.render import (
    Entry,
    NumberedNote,
    PreparedChapter,
    RenderContext,
    Rendering,
    call_ids,
    colophon,
    contents,
    fill,
    id_pages,
    prepare_kept,
    stylesheet,
    take_notes,
    words_of,
)
from publish.render.cells import tell_cells
from publish.render.code import part_lines
from publish.render.defined import entries, name_glossary
from publish.render.disclosure import disclose
from publish.render.html.addresses import Addresses, WebPage, excerpt, is_shown
from publish.render.html.code import colour
from publish.render.html.fonts import FOLDER, PageText, WebFonts, web_fonts
from publish.render.html.formulas import formula_font
from publish.render.html.lean import lean_css, lean_script, used_css
from publish.render.html.offline import WORKER, offline_files
from publish.render.html.search import Passage, SearchedChapter, index_scripts, searched
from publish.render.indexing import drop_marks, is_mark, lead, led_to
from publish.render.links import break_addresses
from publish.render.pictures import Measure, fitted
from publish.render.pushed import let_shrink
from publish.render.tables import align_points, frame, spread
from publish.render.titles import break_headings
from publish.source.features.defined import DEFINED
from publish.source.pictures.assets import Asset
from publish.source.settings.metadata import Metadata
from publish.trail import Trail
from publish.typography import marks

STYLE, SCRIPT, SEARCH, COMPARE, DISPLAY, ASKED, FRONT = (
    f"assets/{name}"
    for name in ("style.css", "web.js", "search.js", "compare.js", "display.js", "asked.js", "front.js")
)
BESIDE = 'data-place="margin"'  # of a note that asks for the margin
TERMS, DEFINITIONS = "assets/terms.js", "assets/definitions.js"
MARGIN = "assets/margin.js"
COVER, SHARED = "cover.jpg", 800  # pixels across: what services show beside a link
# What the largest screens show of a picture that fills them.
SCREEN = Measure("screen", 2560, pixels=24_000_000)
# Inside the single file, as sharp as its column asks on the finest screens; less where there are very many.
INSIDE = [Measure(f"inside-{width}", width, pixels=12_000_000, quality=85) for width in (1920, 1440, 1080, 800)]
MOST_INSIDE = 48_000_000  # bytes of pictures, a third more in base64: what browsers of phones open
_START, _CLASSES = re.compile(r"<([a-z][a-z0-9]*)"), re.compile(r' class="([^"]*)"')
_LOOK = re.compile(r' data-look="([^"]*)"')
_USUAL = re.compile(r"\s*text-align:\s*left\s*")  # of a cell
_SOURCE = re.compile(r'(?<= src=")(images/[^"]+)(?=")')
# A menu of more chapters than this stands on no page: over thousands of chapters it would fill the disk.
LONGEST_MENU = 300
# Fewer characters than this say little of a chapter: a date, a place, a name.
SHORT = 15
Rows = list[tuple[str, str]]
Record = dict[str, Any]  # what JSON can say of a chapter

XLINK = "http://www.w3.org/1999/xlink"
VOID = frozenset({"br", "col", "hr", "img", "input", "wbr"})

_LATIN = "0-9A-Za-z\u00c0-\u024f\u0370-\u052f"
_MARKS = "「『（《〈【〔［｛〖“‘」』）》〉】〕］｝〗”’，。、；：！？．"
_WORD = f"[^\\s{LETTERS}{_MARKS}]+(?:’[^\\s{LETTERS}{_MARKS}]+)*"
# What a stylesheet cannot find by itself: words with spaces between them that are no gaps beside Han, a Latin word's
# apostrophe; for browsers that space nothing by themselves, a Han character beside Latin, and marks beside each other.
_FINE = re.compile(
    f"(?P<blank>（[ \u3000\u00a0]{{1,8}}）)"
    f"|(?P<words>(?<![^\\s{LETTERS}{_MARKS}]){_WORD}(?: {_WORD})+)"
    f"|(?P<apostrophe>(?<=[{_LATIN}])’(?=[{_LATIN}]))|(?P<tight>[{LETTERS}][,.:;!?])"
    f"|(?P<between>(?<=[{_LATIN}])[{LETTERS}](?=[{_LATIN}]))|(?P<before>[{LETTERS}](?=[{_LATIN}]))"
    f"|(?P<after>(?<=[{_LATIN}])[{LETTERS}])|(?P<mark>[{_MARKS}])"
)
_LATIN_LETTER, _HAN = re.compile(f"[{_LATIN}]"), re.compile(f"[{LETTERS}]")
_WIDE = re.compile(f"[{LETTERS}，。、；：！？）》]")
_APOSTROPHE = re.compile(f"(?<=[{_LATIN}])’(?=[{_LATIN}])")
_SPANS = {
    "blank": "unbroken",
    "words": "words",
    "apostrophe": "apostrophe",
    "tight": "tight",
    "between": "before-latin after-latin",
    "before": "before-latin",
    "after": "after-latin",
    "mark": "half",
}
# What browsers do not part: marks that open, a word, marks that close; a line is torn where one does not fit into it.
_UNIT = re.compile(f"[「『（《〈【〔［｛〖“‘]*{_WORD}[」』）》〉】〕］｝〗”’，。、；：！？．]*")
_WITHIN, _WITHIN_LONG, _LONG = re.compile("[-/]"), re.compile("[-/.?&=#%_~:,]"), 24  # where `break_addresses` parts one
# The ems of a short line of any screen, and of a phone's; those left over that are too many for a line of Han.
_TORN = ((30, 8, "ragged-all"), (15, 3, "ragged"))
_FEWEST = 2  # ems that are never too many
_NOTHING = "\u2060"  # stands for a character that is no neighbour
_BEHIND_CLOSE = frozenset((marks.CLOSE, marks.STOP, marks.CENTRED, marks.INTERPUNCT, marks.IDEOGRAPHIC))
_BEFORE_OPEN = _BEHIND_CLOSE | {marks.OPEN, marks.NEWLINE, ""}  # a line end, or nothing: a paragraph begins
_CLOSING = tuple("，。、；：？！）」』”’》〉】］…")


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
    chapters = _prepare(publication, pictures, context.cache)
    marks = _wanted_marks(chapters, context.cache)
    trail = Trail(context.cache, publication.slug, f"{publication.edition.key} html")
    places = id_pages(chapters)
    finished = [_finished(publication, one, places, marks, faces, trail) for one in chapters]
    defines = any(f'class="{DEFINED}"' in one.xhtml for one in publication.chapters)
    later = _later(publication, faces, defines=defines)
    css, front = _styles(publication, faces, chapters, finished, defines=defines, beside=MARGIN in later)
    formulas = formula_font((text for one in finished for text in one.texts), context.cache)
    words = publication.edition.region.words
    asks = {"offline": WORKER if publication.offline else "", "defines": defines, "margin": MARGIN in later}
    script = lean_script(fill(publication.theme, "web.js", words=words, **asks))
    files = [
        *(_write(folder / name, text) for name, text in later.items()),
        _write(folder / STYLE, formulas.rule(inside=False) + css),
        *(_write(folder / name, data) for name, data in formulas.files.items()),
        _write(folder / SCRIPT, script),
        _write(folder / FRONT, lean_script(fill(publication.theme, "front.js", words=words))),
        _write(folder / SEARCH, _search(publication, faces)),
        *([_write(folder / COMPARE, _compare(publication))] if len(context.editions) > 1 else []),
        *_pages(publication, context, folder, faces, chapters, finished, front),
        _whole(
            publication,
            context,
            folder,
            formulas.rule(inside=True) + front + css,
            "\n".join([script, *later.values()]),
            faces,
            chapters,
            marks,
        ),
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
    finished: Sequence[_Finished],
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
    asked = fill(publication.theme, "asked.js", words=words, sheet=_own_style(publication, "asked.css"))
    shown = _own_style(publication, "display.css", fonts=faces.families(publication))
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


@dataclass(frozen=True)
class _PageNote:
    """A note as a page shows it: its number, its id, and whether it asks for the margin."""

    number: int
    id: str
    margin: bool


PageNotes = list[tuple[_PageNote, Markup]]


@dataclass(frozen=True)
class _Finished:
    """A chapter as a page shows it: the text, the notes, and what the search and other machines are told."""

    chapter: PublishedChapter
    body: Markup
    notes: PageNotes
    search: SearchedChapter
    page: WebPage
    shown: PageText
    defined: Mapping[str, str]
    names: frozenset[str]  # of its elements and classes

    @property
    def texts(self) -> list[str]:
        """The markup of the text and of each note."""
        return [self.body, *(text for _, text in self.notes)]


def _pages(
    publication: Publication,
    context: RenderContext,
    folder: Path,
    faces: WebFonts,
    chapters: Sequence[PreparedChapter],
    finished: Sequence[_Finished],
    front_css: str,
) -> list[Path]:
    """The contents page and the chapters' pages, their fonts, the search's index, and the lists for machines."""
    outline = contents(chapters, publication.toc_depth)
    metadata = publication.metadata_for("html")
    drawn = _drawn_cover(publication, metadata, folder, context.cache)
    common = {
        "publication": publication,
        "metadata": metadata,
        "words": publication.edition.region.words,
        "editions": context.editions,
        "downloads": context.downloads,
        "addresses": Addresses(publication, metadata, context.editions, COVER if drawn else ""),
        "pages": [one.page for one in finished],
        "modified": context.modified.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    rows = [*colophon(publication, metadata), *_typeface(publication, faces)]
    front = _front(faces, metadata, publication.edition.region.words, outline, rows)
    sliced = faces.slice({"index": front, **{one.page.key: one.shown for one in finished}})
    written = [
        *(_write(folder / FOLDER / name, data) for name, data in sliced.files.items()),
        *([_write(folder / FOLDER / "LICENSE.txt", faces.licence)] if faces.faces else []),
        _write(
            folder / "index.html",
            fill(
                publication.theme,
                "web-index.html",
                key="index",
                faces=sliced.rules["index"],
                contents=outline,
                colophon=rows,
                front=front_css.replace("</", "<\\/"),
                **common,
            ),
        ),
    ]
    for number, one in enumerate(finished):
        page = fill(
            publication.theme,
            "web-chapter.html",
            key=one.page.key,
            faces=sliced.rules[one.page.key],
            position=number + 1,
            page=one.page,
            chapter=one.chapter,
            body=one.body,
            notes=one.notes,
            previous=chapters[number - 1].chapter if number else None,
            following=chapters[number + 1].chapter if number + 1 < len(chapters) else None,
            contents=_menu(outline, number),
            **common,
        )
        written.append(_write(folder / f"{one.page.key}.html", page))
    definitions = _definitions(finished)
    if definitions:
        written.append(_write(folder / DEFINITIONS, definitions))
    searches = [one.search for one in finished]
    index = index_scripts(searches, publication.edition.region, publication.elsewhere, context.cache)
    if publication.url:
        index |= {name: fill(publication.theme, f"web-{name}", **common) for name in ("sitemap.xml", "feed.xml")}
    return written + drawn + [_write(folder / name, text) for name, text in index.items()]


def _definitions(finished: Iterable[_Finished]) -> str:
    """The script with what each defined word means; empty for a book that defines none."""
    meanings = {name: words for one in finished for name, words in one.defined.items()}
    return f"publishDefinitions({json.dumps(meanings, ensure_ascii=False)});\n" if meanings else ""


def _meanings(tree: xhtml.Element, page: str, tag: str) -> dict[str, str]:
    """What each entry of a chapter's glossary says, as other pages show it, by its id."""
    found: dict[str, str] = {}
    for entry in entries(tree):
        for meaning in entry.iter(f"{H}dd"):
            copied = deepcopy(meaning)
            for link in copied.iter(f"{H}a"):
                if str(link.get("href")).startswith("#"):
                    link.set("href", f"{page}.html{link.get('href')}")
            found[str(entry.get("id"))] = str(_markup(copied, tag))
    return found


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


def _led_to(prepared: PreparedChapter, known: Collection[str]) -> set[str]:
    return led_to(prepared.tree, known)


def _finished(
    publication: Publication,
    prepared: PreparedChapter,
    places: Mapping[str, str],
    marks: Collection[str],
    faces: WebFonts,
    trail: Trail,
) -> _Finished:
    """A chapter as its page has it, from the cache where all that it reads is the same.

    Of the other chapters it reads where its links lead; `places` has the page of each id, `marks` those of its words
    that an index leads to.
    """
    leads = {name: places.get(name) for name in prepared.gist.leads}
    reads = _reads(publication, prepared, leads, marks, faces)
    name = f"{prepared.chapter.key}.html"
    return _from_record(
        prepared.chapter, trail.taken(name, reads, lambda: _finish(publication, prepared, leads, marks, faces))
    )


def _reads(
    publication: Publication, prepared: PreparedChapter, leads: object, marks: Collection[str], faces: WebFonts
) -> dict[str, object]:
    """All that a chapter on a page is made from."""
    chapter, region = prepared.chapter, publication.edition.region
    own = chapter.key, chapter.label, chapter.title, chapter.level, prepared.noted
    return {
        "its text": prepared.key,
        "its title or place in the book": own,
        "where its links lead": leads,
        "which of its words an index leads to": sorted(name for name in prepared.gist.ids if name in marks),
        "the edition's words": (region.tag, region.words),
        "whether fonts come along": bool(faces.faces),
    }


def _from_record(chapter: PublishedChapter, record: Record) -> _Finished:
    """A finished chapter as the cache has it."""
    title = f"{chapter.label} {chapter.title}".strip()
    passages = tuple(Passage(*one) for one in record["passages"])
    search, page = SearchedChapter(chapter.key, title, passages), WebPage(chapter.key, title, record["excerpt"])
    names = frozenset(record["names"])
    return _Finished(chapter, *_text(record), search, page, _shown(record), record["defined"], names)


def _text(record: Record) -> tuple[Markup, PageNotes]:
    """A chapter's text and notes."""
    notes = [(_PageNote(*said), Markup(text)) for *said, text in record["notes"]]  # noqa: S704  # our own
    return Markup(record["body"]), notes  # noqa: S704  # the same


def _shown(record: Record) -> PageText:
    """The characters that a chapter shows."""
    return PageText(*(frozenset(map(ord, one)) for one in record["shown"]))


def _finish(
    publication: Publication,
    prepared: PreparedChapter,
    leads: Mapping[str, str | None],
    marks: Collection[str],
    faces: WebFonts,
) -> Record:
    """A chapter with its links, notes, anchors and figures as its page has them, in what JSON can say."""
    chapter, tree, region = prepared.chapter, prepared.tree, publication.edition.region

    def address(name: str) -> str | None:
        page = leads.get(name)
        return None if page is None else f"#{name}" if page == chapter.key else f"{page}.html#{name}"

    lead(tree, {name for name, page in leads.items() if page})
    drop_marks(tree, marks)
    name_glossary(tree, region.words.glossary)
    xhtml.relink(tree, address)
    notes = _link_notes(prepared)
    read = searched(chapter.key, "", [(tree, ""), *((note.element, note.id) for note in notes)])
    shown = faces.shown([tree, *(note.element for note in notes)], chapter.title)
    for note in notes:
        _link_back(note, region.words.back_to_text)
    _let_enlarge(tree, region.words.enlarge)
    texts = [one.text for one in read.passages if not one.level and len(one.text) > SHORT][:3]
    body = _markup(tree, region.tag)
    said = [_as_record(note, region.tag) for note in notes]
    return {
        "defined": _meanings(tree, chapter.key, region.tag),
        "body": body,
        "notes": said,
        "names": sorted(set().union(*map(_names, [body, *(str(one[-1]) for one in said)]))),
        "passages": [[one.id, one.text, one.level] for one in read.passages],
        "excerpt": excerpt(texts),
        "shown": _letters(shown),
    }


def _names(markup: str) -> set[str]:
    """The names of the elements and classes of a markup, and of the colours of its code."""
    elements = {found[1] for found in _START.finditer(markup)}
    looks = {letter for found in _LOOK.finditer(markup) for letter in found[1] if letter.isalpha()}
    return elements.union(looks, *(found[1].split() for found in _CLASSES.finditer(markup)))


def _letters(shown: PageText) -> list[str]:
    """The characters that a page shows, as JSON says them."""
    return ["".join(map(chr, sorted(one))) for one in (shown.regular, shown.bold, shown.heading)]


def _front(faces: WebFonts, metadata: Metadata, words: Words, outline: list[Entry], rows: Rows) -> PageText:
    """The characters that the contents page shows in the faces that come with it."""
    titles = metadata.title + "".join(_titles(outline))
    text = "".join([titles, metadata.description, words.whole_book, words.made_with, *(value for _, value in rows)])
    return faces.text(text, bold=titles, heading=words.contents + words.colophon)


def _titles(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        yield entry.text
        yield from _titles(entry.children)


def _typeface(publication: Publication, faces: WebFonts) -> list[tuple[str, str]]:
    """The colophon's row on the fonts that come along."""
    return [(publication.edition.region.words.typeface, credit_line(faces.credits))] if faces.faces else []


def _let_enlarge(tree: xhtml.Element, word: str) -> None:
    """A link around each figure's image to the image itself; images that lead elsewhere stay as they are."""
    for image in list(tree.iter(f"{H}img")):
        above = {one.tag for one in image.iterancestors()}
        if f"{H}figure" not in above or f"{H}a" in above:
            continue
        link = etree.Element(f"{H}a", {"class": "zoom", "href": str(image.get("src"))})
        if not str(image.get("alt") or "").strip():
            link.set("aria-label", word)
        image.addprevious(link)
        link.tail, image.tail = image.tail, None
        link.append(image)


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


def _prepare(
    publication: Publication, pictures: Mapping[str, Asset], cache: Cache, before: Iterable[PreparedChapter] = ()
) -> list[PreparedChapter]:
    """The chapters as the web has them, each from the cache where it was prepared before, or from those `before`."""
    addresses = {source: one.href for source, one in pictures.items()}
    return prepare_kept(publication, "html", cache, addresses, partial(_prepared, cache), before)


def _prepared(cache: Cache, tree: xhtml.Element, addresses: Mapping[str, str]) -> None:
    """Make a chapter one for the web: no empty paragraphs; what is wide scrolls by itself; code has colours."""
    for image in tree.iter(f"{H}img"):
        source = str(image.get("src"))
        image.set("src", addresses.get(source, source))
    for paragraph in list(tree.iter(f"{H}p")):
        if len(paragraph) == 0 and not (paragraph.text or "").strip():
            xhtml.remove(paragraph)
    disclose(tree)
    align_points(tree)
    for table in list(tree.iter(f"{H}table")):
        _leave_usual(table)
        frame(table, "div", "table wide" if spread(table) else "table")
    for math in list(tree.iter(f"{{{xhtml.MATHML}}}math")):
        if math.get("display") == "block":
            frame(math, "span", "formula")
    _keep_punctuation(tree)
    colour(tree, cache)
    tell_cells(tree)
    let_shrink(tree)
    part_lines(tree)
    _close_gaps(tree)


def _leave_usual(table: xhtml.Element) -> None:
    """Say of no cell that it stands where cells stand anyway."""
    for cell in table.iter(f"{H}td", f"{H}th"):
        left = [one for one in str(cell.get("style") or "").split(";") if _USUAL.fullmatch(one) is None]
        if cell.get("style") and "".join(left).strip():
            cell.set("style", ";".join(left))
        else:
            cell.attrib.pop("style", "")


def _close_gaps(tree: xhtml.Element) -> None:
    """No heading more than one level below the one that it stands under (WCAG 2.2, technique H42).

    A chapter's title is h1. Headings of one level under one heading stay of one level.
    """
    above = [1]  # the levels as written of the headings that the next one stands under
    for heading in tree.iter(*(f"{H}h{level}" for level in range(1, 7))):
        written = int(xhtml.local(heading)[1])
        above = [1, *(level for level in above[1:] if level < written)]
        if written > 1:
            above.append(written)
        heading.tag = f"{H}h{len(above)}"


def _keep_punctuation(tree: xhtml.Element) -> None:
    """Tie the mark behind an inline formula to it: browsers would break there, and no line begins with a stop."""
    for math in list(tree.iter(f"{{{xhtml.MATHML}}}math")):
        tail = math.tail or ""
        if math.get("display") == "block" or not tail.startswith(_CLOSING):
            continue
        tie = etree.Element(f"{H}span", {"class": "unbroken"})
        math.addprevious(tie)
        math.tail, tie.tail = tail[0], tail[1:]
        tie.append(math)


def _link_notes(prepared: PreparedChapter) -> list[NumberedNote]:
    """Make the calls of a chapter's notes links, and take the notes out."""
    notes = take_notes(prepared.tree, prepared.noted)
    numbers = {note.id: note.number for note in notes}
    bodies = (prepared.tree, *(note.element for note in notes))
    for call, name, own in call_ids([call for body in bodies for call in xhtml.note_calls(body)]):
        call.attrib.clear()
        call.tag = f"{H}sup"
        call.set("class", "noteref")
        link = etree.SubElement(call, f"{H}a", {"href": f"#{name}", "id": own, "role": "doc-noteref"})
        link.text = str(numbers.get(name, ""))
    for note in notes:
        place = note.element.get("data-place")
        note.element.attrib.clear()
        if place:
            note.element.set("data-place", place)
    return notes


def _as_record(note: NumberedNote, tag: str) -> list[Any]:
    """A note's number, its id, whether it asks for the margin, its markup."""
    return [note.number, note.id, note.element.get("data-place") == "margin", _markup(note.element, tag)]


def _link_back(note: NumberedNote, label: str) -> None:
    """Links back to the calls at the end of a note's last paragraph; several have their numbers."""
    element = note.element
    last = element[-1] if len(element) and xhtml.local(element[-1]) == "p" else etree.SubElement(element, f"{H}p")
    for number, place in enumerate(note.places, 1):
        several = str(number) if note.calls > 1 else ""
        said = f"{label} {several}".strip()
        attributes = {"href": f"#{place}", "class": "backlink", "role": "doc-backlink", "aria-label": said}
        etree.SubElement(last, f"{H}a", attributes).text = f"↩{several}"


def _whole(  # what it holds
    publication: Publication,
    context: RenderContext,
    folder: Path,
    css: str,
    script: str,
    faces: WebFonts,
    before: Iterable[PreparedChapter],
    marks: Collection[str],
) -> Path:
    """The whole book in one file: style, script, images and fonts inside it."""
    pictures = fitted(publication, INSIDE, MOST_INSIDE, context.cache)
    chapters = _prepare(publication, pictures, context.cache, before)
    known = {name for one in chapters for name in one.gist.ids}
    outline = contents(chapters, publication.toc_depth)
    metadata = publication.metadata_for("html")
    rows = [*colophon(publication, metadata), *_typeface(publication, faces)]
    words = publication.edition.region.words
    shown = _front(faces, metadata, words, outline, rows)
    sections = []
    for prepared in chapters:
        body, notes, letters = _section(publication, prepared, known, marks, faces, context.cache)
        shown |= letters
        sections.append((prepared.chapter, body, notes))
    page = fill(
        publication.theme,
        "web-whole.html",
        publication=publication,
        metadata=metadata,
        words=words,
        contents=outline,
        colophon=rows,
        sections=sections,
        faces=faces.inside(shown) if faces.faces else "",
        css=css.replace("</", "<\\/"),
        script=script.replace("</", "<\\/"),
        key="",
    )
    return _write_with_pictures(folder / f"{publication.slug}.html", page, {one.href: one for one in pictures.values()})


def _section(
    publication: Publication,
    prepared: PreparedChapter,
    known: Collection[str],
    marks: Collection[str],
    faces: WebFonts,
    cache: Cache,
) -> tuple[Markup, PageNotes, PageText]:
    """A chapter in the single file: its text, its notes, its characters; from the cache where all is the same."""
    leads = {name: name in known for name in prepared.gist.leads}
    key = cache.key("web section", _reads(publication, prepared, leads, marks, faces))
    record: Record = cache.made(key, lambda: _make_section(publication, prepared, leads, marks, faces), dict, dict)
    return *_text(record), _shown(record)


def _make_section(
    publication: Publication,
    prepared: PreparedChapter,
    leads: Mapping[str, bool],
    marks: Collection[str],
    faces: WebFonts,
) -> Record:
    """A chapter as the single file has it, in what JSON can say."""
    tree, region = prepared.tree, publication.edition.region
    lead(tree, {name for name, known in leads.items() if known})
    drop_marks(tree, marks)
    name_glossary(tree, region.words.glossary)
    xhtml.relink(tree, lambda name: f"#{name}" if leads.get(name) else None)
    notes = _link_notes(prepared)
    for note in notes:
        _link_back(note, region.words.back_to_text)
    shown = faces.shown([tree, *(note.element for note in notes)], prepared.chapter.title)
    _demote(tree, 1 + prepared.chapter.level)
    return {
        "body": _markup(tree, region.tag),
        "notes": [_as_record(note, region.tag) for note in notes],
        "shown": _letters(shown),
    }


def _write_with_pictures(path: Path, page: str, pictures: Mapping[str, Asset]) -> Path:
    """Write a page with its pictures inside it, one after another: all together need not fit into memory."""
    with path.open("wb") as file:
        for number, piece in enumerate(_SOURCE.split(page)):
            picture = pictures.get(piece) if number % 2 else None
            file.write(_data_uri(picture.path, picture.media_type) if picture else piece.encode())
    return path


def _demote(tree: xhtml.Element, by: int) -> None:
    """Each heading some levels down: above the chapters of the single file stands the book's own."""
    for heading in list(tree.iter(*(f"{H}h{level}" for level in range(1, 7)))):
        heading.tag = f"{H}h{min(int(xhtml.local(heading)[1]) + by, 6)}"


def _data_uri(path: Path, media_type: str) -> bytes:
    return f"data:{media_type};base64,".encode() + base64.b64encode(path.read_bytes())


def _markup(tree: xhtml.Element, tag: str) -> Markup:
    """What a tree in a region's language holds, as HTML (HTML §13.3).

    Spans go around what a stylesheet cannot find by itself. `unbroken`: a blank to fill in, （　）. `words`: Latin
    words with spaces of their own; other spaces stand between Han and Latin, a quarter of a square beside the eighth
    that `text-autospace` sets (CSS Text 4 §8.2.1), and are made narrower. `tight`: Han before a mark of half a square,
    where Chromium sets it too. `apostrophe`: U+2019 within a Latin word, which Chinese fonts draw a full square wide.
    For browsers that set neither by themselves, `before-latin` and `after-latin`: Han where `text-autospace` sets an
    eighth; `half`: a mark that `text-spacing-trim` sets half as wide.
    A `wbr` stands beside a quotation mark between Han and Latin, where browsers end no line (UAX 14, LB19a).
    `ragged`: a paragraph with a word so long that on a phone the line before it would be torn apart; `ragged-all`: so
    long that it would on any screen.
    """
    for paragraph in tree.iter(f"{H}p"):
        name = _ragged(_said(paragraph))
        if name and "ragged" not in str(paragraph.get("class")):
            xhtml.add_class(paragraph, name)
    pieces = list(_pieces(tree))
    prose = _Prose("".join(_NOTHING * len(text) if fine is None else text for _, text, fine in pieces), tag)
    out, at = [], 0
    for start, text, fine in pieces:
        out += [start, prose.part(at, at + len(text)) if fine else escape(text, quote=False)]
        at += len(text)
    return break_addresses(break_headings("".join(out)))


def _said(paragraph: xhtml.Element) -> str:
    """What a paragraph says; a formula in it, which no line's end parts, as one word."""
    pieces = [paragraph.text or ""]
    for element in paragraph:
        inside = _said(element)
        is_formula = xhtml.local(element) == "math"
        pieces += ["x" * len("".join(inside.split())) if is_formula else inside, element.tail or ""]
    return "".join(map(str, pieces))


def _ragged(text: str) -> str:
    """Whether lines of a paragraph would be torn apart if they all ended at the margin: on a phone, on any screen.

    What is left over goes between Han and into spaces: the fewer of them a line has, the less it may be.
    """
    widest = max((_width(found[0]) for found in _UNIT.finditer(text)), default=0)
    if widest < _FEWEST:
        return ""
    gaps = sum(1 for char in text if char.isspace() or _HAN.match(char) or char in _MARKS)
    whole = _long(text)
    share = min(1, gaps / whole)
    return next((name for line, ems, name in _TORN if whole > line and widest >= ems * share), "")


def _width(unit: str) -> float:
    """About how many ems what cannot be parted takes."""
    parts = (_WITHIN_LONG if len(unit) >= _LONG else _WITHIN).split(unit)
    return max(map(_long, parts))


def _long(text: str) -> float:
    """About how many ems a text takes."""
    return sum(1 if char in _MARKS or _HAN.match(char) else 0.64 if char.isupper() else 0.5 for char in text)


def _marked_apostrophe(found: re.Match[str]) -> str:
    return f'<span class="apostrophe">{found[0]}</span>'


class _Prose:
    """A text of several elements, given out in parts with its fine spacing marked; neighbours outside a part count."""

    def __init__(self, text: str, tag: str) -> None:
        self._text = text
        self._classes = marks.classes(text, tag)

    def part(self, at: int, end: int) -> str:
        """A part of the text, escaped."""
        text, out = self._text, []
        for found in _FINE.finditer(text, at, min(end + 1, len(text))):
            start, stop = found.start(), min(found.end(), end)
            is_mark = found.lastgroup == "mark"
            before, behind = self._ends(start) if is_mark else ("", "")
            plain = is_mark and not self._is_half(start)
            if start >= end or (plain and not before and not behind):
                continue
            shown = _APOSTROPHE.sub(_marked_apostrophe, escape(text[start:stop], quote=False))
            span = shown if plain else f'<span class="{_SPANS[str(found.lastgroup)]}">{shown}</span>'
            out += [escape(text[at:start], quote=False), before, span, behind]
            at = stop
        return "".join([*out, escape(text[at:end], quote=False)])

    def _ends(self, at: int) -> tuple[str, str]:
        """Where a line may end beside a quotation mark and a browser ends none."""
        before, after = self._text[at - 1 : at], self._text[at + 1 : at + 2]
        if self._text[at] in "“‘" and _LATIN_LETTER.match(after) and _WIDE.match(before):
            return "<wbr>", ""
        return "", "<wbr>" if self._text[at] in "”’" and _LATIN_LETTER.match(before) and _HAN.match(after) else ""

    def _is_half(self, at: int) -> bool:
        """Whether a mark gives up its empty half to its neighbour (CSS Text 4 §8.4.1)."""
        before, here, after = (self._classes[one : one + 1] if one >= 0 else "" for one in (at - 1, at, at + 1))
        if here == marks.OPEN:
            return before in _BEFORE_OPEN
        return self._text[at] not in "：；！？" and here in (marks.CLOSE, marks.STOP) and after in _BEHIND_CLOSE


def _pieces(tree: xhtml.Element) -> Iterator[tuple[str, str, bool | None]]:
    """Each tag inside a tree, the text behind it, and whether that text is prose: neither code nor a formula.

    None for a reading, which stands above the line and is no neighbour of anything on it.
    """
    literal = above = 0
    yield "", tree.text or "", True
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element is tree:
            continue
        name = xhtml.local(element)
        step = 1 if event == "start" else -1
        literal += step * (name in xhtml.LITERAL)
        above += step * (name in ("rt", "rp"))
        fine = None if above else not literal
        if event == "start":
            yield _start_tag(element, name), element.text or "", fine
        else:
            yield "" if name in VOID else f"</{name}>", element.tail or "", fine


def _start_tag(element: xhtml.Element, name: str) -> str:
    """An element's start tag. HTML knows `lang` only, and eats the first line end of a `pre`."""
    attributes: dict[str, str] = {}
    for key, value in element.attrib.items():
        known = etree.QName(str(key))
        prefix = "xlink:" if known.namespace == XLINK else ""
        attributes.setdefault(prefix + known.localname, f'"{escape(str(value))}"')
    line = "\n" if name == "pre" and (element.text or "").startswith("\n") else ""
    return f"<{name}{''.join(f' {key}={value}' for key, value in attributes.items())}>{line}"
