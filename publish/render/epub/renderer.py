"""The EPUB edition: EPUB 3.3 with nav, landmarks, NCX, cover, title page, colophon and notes; EbookLib packs it.

EbookLib gets verbatim XHTML only: its own EpubHtml re-serialises through an HTML parser and moves spaces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ebooklib import epub
from lxml import etree
from markupsafe import Markup

from publish.cache import NONE, Cache
from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import EPUB, MATHML, SVG, H
from publish.edition.publication import Publication, PublishedChapter
from publish.errors import Place, PublishError
from publish.findings import Finding
from publish.fonts import credit_line
from publish.formulas import mathfont
from publish.regions import Words
from publish.render import (
    DEFAULT_NAMESPACE,
    NumberedNote,
    PreparedChapter,
    RenderContext,
    Rendering,
    call_ids,
    colophon,
    contents,
    fill,
    id_pages,
    inner,
    prepare_kept,
    stylesheet,
    take_notes,
)
from publish.render.cells import tell_cells
from publish.render.code import part_lines
from publish.render.defined import name_definitions, name_glossary
from publish.render.epub.archive import BookArchive
from publish.render.epub.flatten import flattened, is_flattened
from publish.render.epub.fonts import Embedding, count_han, embedding
from publish.render.epub.grounds import with_ground
from publish.render.epub.metadata import Traits
from publish.render.epub.metadata import write as write_metadata
from publish.render.epub.pages import PageMark, mark_pages, page_marks
from publish.render.epub.vertical import combine
from publish.render.indexing import indexes, lead, name_types
from publish.render.links import break_addresses
from publish.render.pictures import Measure, fitted
from publish.render.pushed import let_shrink
from publish.render.tables import align_points, frame, spread
from publish.render.titles import break_headings
from publish.source.pictures.assets import Asset
from publish.trail import Trail

STYLE = "book.css"
COVER = "images/cover.jpg"
IBOOKS = "ibooks: http://vocabulary.itunes.apple.com/rdf/ibooks/vocabulary-extensions-1.0/"
# The long side of the largest screens of e-ink and of tablets, and the most pixels that Apple Books takes.
SCREENS = Measure("epub", 2560, 2560, 5_600_000, plain=True, cmyk=False)
Record = dict[str, Any]  # what JSON can say of a chapter
BACK = "↩\ufe0e"  # a letter, not the emoji that iOS would set


def write_epub(publication: Publication, context: RenderContext) -> Rendering:
    """Write `<slug>.epub` into the context's folder."""
    book = _Book(publication, context)
    book.fill()
    file = context.folder / f"{publication.slug}.epub"
    file.parent.mkdir(parents=True, exist_ok=True)
    writer = _Writer(
        str(file),
        book.epub,
        {"mtime": context.modified, "epub3_pages": False, "epub2_guide": False, "raise_exceptions": True},
    )
    writer.cache = context.cache
    writer.write()
    return Rendering((file.name,), tuple(book.findings), fonts=tuple(book.fonts), reasons=book.trail.close())


class _Writer(epub.EpubWriter):  # type: ignore[misc]  # EbookLib is untyped
    """EbookLib's writer with a reproducible archive and the package's language stated."""

    cache: Cache = NONE

    def write(self) -> None:
        with BookArchive(Path(self.file_name), self.cache) as self.out:
            self.out.writestr("mimetype", "application/epub+zip")
            self._write_container()
            self._write_opf()
            self._write_items()

    def _write_opf_file(self, root: etree._Element) -> None:
        root.set(f"{{{xhtml.XML}}}lang", self.book.language)
        super()._write_opf_file(root)


@dataclass(frozen=True)
class _Document:
    """A content document: its file, its title, its bytes, what its manifest item says of it."""

    name: str
    title: str
    body: str
    kind: str
    properties: tuple[str, ...] = ()
    linear: bool = True


@dataclass(frozen=True)
class _PageNote:
    """A note as a page shows it: its number and its id."""

    number: int
    id: str


@dataclass(frozen=True)
class _ChapterText:
    """A chapter as its page has it: text and notes, names of its indexes, what its manifest item and the package say.

    `letters` are the characters in it, each once; `han` counts those that make it a book, as `fonts.count_han` does.
    """

    key: str
    body: Markup
    notes: list[tuple[_PageNote, Markup]]
    indexes: tuple[str, ...]
    properties: tuple[str, ...]
    traits: Traits
    letters: str
    han: int

    @property
    def texts(self) -> list[str]:
        """The markup of the text and of each note."""
        return [self.body, *(text for _, text in self.notes)]


class _Book:
    """One EPUB in the making."""

    def __init__(self, publication: Publication, context: RenderContext) -> None:
        self.publication = publication
        self.metadata = publication.metadata_for("epub")
        self.words = publication.edition.region.words
        self.tag = publication.edition.region.tag
        self.epub = epub.EpubBook()
        self.epub.metadata.clear()
        self.findings: list[Finding] = []
        self.fonts: tuple[str, ...] = ()
        self._context = context
        self.trail = Trail(context.cache, publication.slug, f"{publication.edition.key} epub")
        self._spine: list[Any] = []
        self._points: set[int] = set()
        self._formulas: frozenset[int] = frozenset()
        self._indexes: list[tuple[str, str]] = []  # their pages and names
        self._pages: list[PageMark] = []

    def fill(self) -> None:
        """Put everything into the book, in the order of the spine."""
        cache = self._context.cache
        chapters = prepare_kept(self.publication, "epub", cache, self._images(), _prepare)
        outline = contents(chapters, 6)
        places = id_pages(chapters)
        self._pages = page_marks(chapters, self._context.folios)
        texts = [self._text(one, places) for one in chapters]
        self._indexes = [(f"{one.key}.xhtml", name) for one in texts for name in one.indexes]
        traits = Traits.of_all(one.traits for one in texts)
        write_metadata(self.epub, self.publication, self.metadata, traits, paged=bool(self._pages), cache=cache)
        letters, han = {char for one in texts for char in one.letters}, sum(one.han for one in texts)
        faces, findings = embedding(self.publication, letters, han)
        self.findings += findings
        self.fonts = tuple(credit.name for credit in faces.credits)
        self._formulas = mathfont.characters(text for one in texts for text in one.texts)
        self._front(outline, chapters[0].chapter.key, faces)
        for prepared, text in zip(chapters, texts, strict=True):
            self._chapter(prepared.chapter, text)
        self._ncx(outline)
        self._style(faces)
        self.epub.spine = self._spine

    def _front(self, outline: list[Any], first: str, faces: Embedding) -> None:
        """Cover, title page, colophon and contents."""
        words = self.words
        cover = self._page("epub-cover.xhtml", cover=self._cover.href)
        # Readers show the cover's image before the text, and would show it twice.
        self._add(_Document("cover.xhtml", words.cover, cover, "cover", linear=False))
        self._add(_Document("title.xhtml", words.title_page, self._page("epub-title.xhtml"), "titlepage"))
        rows = colophon(self.publication, self.metadata)
        if faces.credits:
            rows.append((words.typeface, credit_line(faces.credits)))
        self._add(
            _Document("colophon.xhtml", words.colophon, self._page("epub-colophon.xhtml", colophon=rows), "colophon")
        )
        shown = _down_to(outline, self.publication.toc_depth)
        nav = self._page(
            "epub-nav.xhtml",
            contents=outline,
            first=first,
            shown=shown,
            pages=[(one.label, one.chapter, one.id) for one in self._pages],
            indexes=self._indexes,
        )
        self._add(_Document("nav.xhtml", words.contents, nav, "nav", ("nav",), linear=self.publication.toc))

    # --- documents ---------------------------------------------------------------------------------------------------

    def _page(self, template: str, **values: Any) -> str:
        return fill(
            self.publication.theme,
            template,
            publication=self.publication,
            vertical=self.publication.edition.vertical,
            metadata=self.metadata,
            words=self.words,
            tag=self.tag,
            **values,
        )

    def _add(self, document: _Document) -> None:
        vertical, cache = self.publication.edition.vertical, self._context.cache
        key = cache.key("epub page", document.body, vertical)
        page: Record = cache.made(key, lambda: _page_of(document, vertical=vertical), dict, dict)
        self._points.update(map(ord, page["letters"]))
        item = epub.EpubItem(
            uid=f"x-{document.name.removesuffix('.xhtml')}",
            file_name=document.name,
            media_type="application/xhtml+xml",
            content=page["text"].encode(),
        )
        item.properties = list(document.properties)
        self.epub.add_item(item)
        self._spine.append(item if document.linear else (item, "no"))

    def _chapter(self, chapter: PublishedChapter, text: _ChapterText) -> None:
        if chapter.part:
            title = f"{chapter.part_label} {chapter.part}".strip()
            self._add(
                _Document(f"part-{chapter.key}.xhtml", title, self._page("epub-part.xhtml", chapter=chapter), "part")
            )
        body = self._page("epub-chapter.xhtml", chapter=chapter, body=text.body, notes=text.notes)
        self._add(_Document(f"{chapter.key}.xhtml", chapter.title, body, "chapter", text.properties))

    def _text(self, prepared: PreparedChapter, places: Mapping[str, str]) -> _ChapterText:
        """A chapter as its page has it, from the cache where all that it reads is the same.

        Of the other chapters it reads where its links lead; `places` has the page of each id.
        """
        key = prepared.chapter.key
        leads = {name: places.get(name) for name in prepared.gist.leads}
        marks = [one for one in self._pages if one.chapter == key]
        reads = {
            "its text": prepared.key,
            "its place in the book": (key, prepared.noted),
            "where its links lead": leads,
            "where pages of the printed book begin": marks,
            "the edition's words": self.words,
        }
        make = partial(_linked, prepared, leads, marks, self.words)
        return _from_record(key, self.trail.taken(f"{key}.xhtml", reads, make))

    # --- the rest of the package -------------------------------------------------------------------------------------

    def _style(self, faces: Embedding) -> None:
        """The stylesheet, and the faces that it names, cut to what the pages say."""
        files = faces.files(self._points, self._context.cache)
        for href, data in files.items():
            kind = f"font/{href.rpartition('.')[2]}"
            uid = href.partition("/")[2].replace(".", "-")
            self.epub.add_item(epub.EpubItem(uid=uid, file_name=href, media_type=kind, content=data))
        if faces.whole and files:  # Apple Books uses a book's own faces only where it says so
            self.epub.add_prefix(*IBOOKS.split(": "))
            self.epub.add_metadata(None, "meta", "true", {"property": "ibooks:specified-fonts"})
        families = faces.families(self.publication)
        sheet = stylesheet(
            self.publication,
            "epub.css",
            fonts=families,
            vertical=self.publication.edition.vertical,
            carried=bool(files),
        )
        css = f"{faces.rules(files)}\n{sheet}" if files else sheet
        css = self._formula_font() + css
        self.epub.add_item(epub.EpubItem(uid="style", file_name=STYLE, media_type="text/css", content=css.encode()))

    def _formula_font(self) -> str:
        """Put a font for the formulas into the package, if there are any; the rule that names it."""
        if not self._formulas:
            return ""
        href = "fonts/math.otf"
        data = mathfont.cut(self._formulas, woff=False, cache=self._context.cache)
        self.epub.add_item(epub.EpubItem(uid="math-otf", file_name=href, media_type="font/otf", content=data))
        said = "Latin Modern Math, cut down and renamed; GUST Font License"
        return f'/* {said} */\n@font-face {{ font-family: "{mathfont.FAMILY}"; src: url({href}); }}\n'

    def _images(self) -> dict[str, str]:
        """Put the images and the cover into the package; their addresses there by those in the chapters."""
        hrefs = {}
        self._cover = self._cover_asset()
        own = self._cover.href
        for href, picture in fitted(self.publication, [SCREENS], cache=self._context.cache).items():
            if href != own and is_flattened(self.publication, picture):
                hrefs[href] = self._flatten(picture)
                continue
            hrefs[href] = picture.href
            item = _Picture(picture)
            if href == own:
                item.properties = ["cover-image"]
                self._cover = picture
            self.epub.add_item(item)
        self.epub.add_metadata(None, "meta", "", {"name": "cover", "content": _item_id(self._cover)})
        return hrefs

    def _flatten(self, drawing: Asset) -> str:
        """Put a drawing into the package as a picture of pixels; its address there."""
        name = f"{drawing.href.rpartition('.')[0]}.png"
        data = flattened(self.publication, drawing, self._context.cache)
        uid = _item_id(replace(drawing, href=name))
        self.epub.add_item(epub.EpubItem(uid=uid, file_name=name, media_type="image/png", content=data))
        return name

    def _cover_asset(self) -> Asset:
        """The book's own cover, or one made from its metadata and put into the package."""
        own = self.publication.assets.get(self.metadata.cover_image)
        if own is not None:
            return own
        from publish.render.drawn_cover import HEIGHT, WIDTH, cover_jpeg  # noqa: PLC0415  # most books bring their own

        data = cover_jpeg(self.publication, self.metadata, cache=self._context.cache)
        item = epub.EpubItem(uid="cover-image", file_name=COVER, media_type="image/jpeg", content=data)
        item.properties = ["cover-image"]
        self.epub.add_item(item)
        return Asset(COVER, "image/jpeg", Path(), WIDTH, HEIGHT)

    def _ncx(self, outline: list[Any]) -> None:
        """The EPUB 2 contents, two levels deep as Kindle reads them."""
        text = self._page("epub.ncx", contents=outline, uid=self.epub.uid)
        self.epub.add_item(
            epub.EpubItem(uid="ncx", file_name="toc.ncx", media_type="application/x-dtbncx+xml", content=text.encode())
        )


def _prepare(tree: xhtml.Element, addresses: Mapping[str, str]) -> None:
    """Make a chapter one for an EPUB: its pictures at their addresses, lines of code numbered, wide tables framed."""
    tell_cells(tree)
    let_shrink(tree)
    part_lines(tree)
    align_points(tree)
    for table in list(tree.iter(f"{H}table")):
        if spread(table):
            frame(table, "div", "table", stop=True)
    for image in tree.iter(f"{H}img"):
        source = str(image.get("src"))
        image.set("src", addresses.get(source, source))


def _linked(
    prepared: PreparedChapter, leads: Mapping[str, str | None], marks: Sequence[PageMark], words: Words
) -> Record:
    """A chapter with its pages marked, its links pointed to files, its notes taken out, in what JSON can say.

    Notes stay in their chapter's file: Apple Books, Kobo and Duokan then show them where they are called.
    """
    tree, key = prepared.tree, prepared.chapter.key

    def address(name: str) -> str | None:
        page = leads.get(name)
        return page and (f"#{name}" if page == key else f"{page}.xhtml#{name}")

    mark_pages(tree, marks)
    lead(tree, {name for name, page in leads.items() if page})
    name_types(tree)
    name_glossary(tree, words.glossary)
    name_definitions(tree)
    names = [str(one.get("aria-label")) for one in indexes(tree)]
    xhtml.relink(tree, address)
    notes = _link_notes(prepared, words)
    trees = [tree, *(note.element for note in notes)]
    text = "".join(map(xhtml.plain, trees))
    said = {
        "indexes": names,
        "properties": _properties(trees),
        "traits": asdict(Traits.of(trees)),
        "letters": "".join(sorted(set(text))),
        "han": count_han(text),
    }
    rows = [[note.number, note.id, inner(note.element)] for note in notes]  # which empties what it is given
    return {**said, "body": break_addresses(break_headings(inner(tree))), "notes": rows}


def _link_notes(prepared: PreparedChapter, words: Words) -> list[NumberedNote]:
    """Take the notes out of a chapter, and link calls and notes to each other."""
    notes = take_notes(prepared.tree, prepared.noted)
    numbers = {note.id: note.number for note in notes}
    bodies = (prepared.tree, *(note.element for note in notes))
    for call, name, own in call_ids([call for body in bodies for call in xhtml.note_calls(body)]):
        if name in numbers:
            _link_call(call, name, own, numbers[name])
    for note in notes:
        _link_note(note, words.back_to_text)
    return notes


def _from_record(key: str, record: Record) -> _ChapterText:
    """A chapter as the cache has it; its markup is our own."""
    notes = [(_PageNote(number, name), Markup(text)) for number, name, text in record["notes"]]  # noqa: S704
    return _ChapterText(
        key,
        Markup(record["body"]),  # noqa: S704
        notes,
        tuple(record["indexes"]),
        tuple(record["properties"]),
        Traits(**record["traits"]),
        record["letters"],
        record["han"],
    )


def _page_of(document: _Document, *, vertical: bool) -> Record:
    """The file of a content document, and the characters in it."""
    root = _well_formed(document)
    if vertical:
        combine(root[-1])
    letters = set("".join(map(str, root.itertext())))
    # Readers look for epub:type by its usual prefix; lxml gives a new element one of its own, ns0.
    etree.cleanup_namespaces(root, top_nsmap={**DEFAULT_NAMESPACE, "epub": EPUB})
    content: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, doctype="<!DOCTYPE html>")
    return {"text": content.decode(), "letters": "".join(sorted(letters))}


def _well_formed(document: _Document) -> etree._Element:
    """The document as a tree; a page that is no XML is a bug or a broken theme, and named."""
    try:
        return etree.fromstring(document.body.strip().encode(), etree.XMLParser(resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise PublishError(
            f"the page {document.name} is not well-formed XHTML: {error.msg}",
            "Check the theme's templates",
            Place(document.name),
        ) from error


def _properties(trees: list[xhtml.Element]) -> tuple[str, ...]:
    """What a manifest item must say of its document (EPUB 3.3 §D.4)."""
    found = []
    for name, namespace in (("mathml", MATHML), ("svg", SVG)):
        if any(next(tree.iter(f"{{{namespace}}}*"), None) is not None for tree in trees):
            found.append(name)
    return tuple(found)


def _link_call(call: xhtml.Element, name: str, own: str, number: int) -> None:
    call.attrib.clear()
    call.tag = f"{H}sup"
    call.set("class", "noteref")
    attributes = {"href": f"#{name}", "id": own, "class": "duokan-footnote", "role": "doc-noteref"}
    link = etree.SubElement(call, f"{H}a", attributes)
    link.set(f"{{{EPUB}}}type", "noteref")
    link.text = str(number)


def _link_note(note: NumberedNote, label: str) -> None:
    element = note.element
    element.attrib.clear()
    last = element[-1] if len(element) and xhtml.local(element[-1]) == "p" else etree.SubElement(element, f"{H}p")
    for number, place in enumerate(note.places, 1):
        several = str(number) if note.calls > 1 else ""
        said = f"{label} {several}".strip()
        attributes = {"href": f"#{place}", "class": "backlink", "role": "doc-backlink", "aria-label": said}
        etree.SubElement(last, f"{H}a", attributes).text = f"{BACK}{several}"


class _Picture(epub.EpubItem):  # type: ignore[misc]  # EbookLib is untyped
    """A picture of the package, read from its file when it is written: very many do not fit into memory."""

    def __init__(self, asset: Asset) -> None:
        super().__init__(uid=_item_id(asset), file_name=asset.href, media_type=asset.media_type)
        self._asset = asset

    def get_content(self, default: bytes | None = None) -> bytes:  # noqa: ARG002  # EbookLib's signature
        """The picture's bytes, with a ground where it needs one."""
        return with_ground(self._asset.path, self._asset.media_type)


def _item_id(asset: Asset) -> str:
    return (
        "cover-image"
        if asset.href == COVER
        else "img-" + re.sub(r"[^A-Za-z0-9-]", "-", asset.href.removeprefix("images/"))
    )


def _down_to(outline: list[Any], depth: int) -> set[str]:
    """The ids of the headings that a reader's contents show; deeper ones are in the nav but hidden."""
    shown: set[str] = set()

    def walk(entries: list[Any]) -> None:
        for entry in entries:
            if entry.level <= depth:
                shown.add(entry.id)
            walk(entry.children)

    walk(outline)
    return shown
