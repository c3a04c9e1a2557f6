"""The EPUB edition: EPUB 3.3 with nav, landmarks, NCX, cover, title page, colophon and notes; EbookLib packs it.

EbookLib gets verbatim XHTML only: its own EpubHtml re-serialises through an HTML parser and moves spaces.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ebooklib import epub
from lxml import etree

from publish import xhtml
from publish.assets import Asset
from publish.check.findings import Finding
from publish.errors import Place, PublishError
from publish.metadata import Metadata, Person
from publish.publication import Publication
from publish.render import (
    DEFAULT_NAMESPACE,
    NumberedNote,
    PreparedChapter,
    RenderContext,
    Rendering,
    colophon,
    contents,
    fill,
    id_pages,
    inner,
    prepare,
    stylesheet,
    take_notes,
)
from publish.xhtml import EPUB, MATHML, SVG, H

STYLE = "book.css"
COVER = "images/cover.jpg"
ISBN_13 = 13  # digits
ISBN = re.compile(r"^(?:urn:isbn:|isbn[- :]*)?((?:97[89][- ]?)?\d[\d -]{7,}[\dXx])$", re.IGNORECASE)


class EpubRenderer:
    """Writes `<slug>.epub`."""

    name = "epub"

    def render(self, publication: Publication, context: RenderContext) -> Rendering:
        """Write the EPUB into the context's folder."""
        book = _Book(publication, context)
        book.fill()
        file = context.folder / f"{publication.slug}.epub"
        file.parent.mkdir(parents=True, exist_ok=True)
        _Writer(
            str(file),
            book.epub,
            {"mtime": context.modified, "epub3_pages": False, "epub2_guide": False, "raise_exceptions": True},
        ).write()
        return Rendering((file.name,), tuple(book.findings))


class _Archive(zipfile.ZipFile):
    """A ZIP whose bytes depend on its content only (OCF §4.2 wants `mimetype` first and stored)."""

    def writestr(
        self, name: Any, data: Any, compress_type: int | None = None, compresslevel: int | None = None
    ) -> None:
        """Write a member of a fixed date and mode; only `mimetype` is stored, whatever EbookLib asks for."""
        del compress_type
        info = zipfile.ZipInfo(str(name), date_time=(1980, 1, 1, 0, 0, 0))
        info.create_system = 3
        info.external_attr = 0o644 << 16
        info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
        super().writestr(info, data, info.compress_type, compresslevel)


class _Writer(epub.EpubWriter):  # type: ignore[misc]  # EbookLib is untyped
    """EbookLib's writer with a reproducible archive and the package's language stated."""

    def write(self) -> None:
        with _Archive(self.file_name, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as self.out:
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
        self._context = context
        self._spine: list[Any] = []

    def fill(self) -> None:
        """Put everything into the book, in the order of the spine."""
        chapters = prepare(self.publication, "epub")
        outline = contents(chapters, 6)
        pages = id_pages(chapters)
        all_notes = self._settle(chapters, pages)
        trees = [one.tree for one in chapters] + [note.element for _, notes in all_notes for note in notes]
        self._write_metadata(trees)
        self._style_and_images()
        first = chapters[0].chapter.key
        self._add(
            _Document("cover.xhtml", self.words.cover, self._page("epub-cover.xhtml", cover=self._cover.href), "cover")
        )
        self._add(_Document("title.xhtml", self.words.title_page, self._page("epub-title.xhtml"), "titlepage"))
        self._add(
            _Document(
                "colophon.xhtml",
                self.words.colophon,
                self._page("epub-colophon.xhtml", colophon=colophon(self.publication, self.metadata)),
                "colophon",
            )
        )
        has_notes = any(notes for _, notes in all_notes)
        shown = _down_to(outline, self.publication.toc_depth)
        nav = self._page("epub-nav.xhtml", contents=outline, first=first, has_notes=has_notes, shown=shown)
        self._add(_Document("nav.xhtml", self.words.contents, nav, "nav", ("nav",), linear=self.publication.toc))
        for prepared in chapters:
            self._chapter(prepared)
        if has_notes:
            properties = _properties([note.element for _, notes in all_notes for note in notes])
            rows = [(one.chapter, [(note, inner(note.element)) for note in notes]) for one, notes in all_notes if notes]
            body = self._page("epub-notes.xhtml", chapters=rows)
            self._add(_Document("notes.xhtml", self.words.notes, body, "endnotes", properties))
        self._ncx(outline)
        self.epub.spine = self._spine

    # --- documents ---------------------------------------------------------------------------------------------------

    def _page(self, template: str, **values: Any) -> str:
        return fill(
            self.publication.theme,
            template,
            publication=self.publication,
            metadata=self.metadata,
            words=self.words,
            tag=self.tag,
            **values,
        )

    def _add(self, document: _Document) -> None:
        root = _well_formed(document)
        # Readers look for epub:type by its usual prefix; lxml gives a new element one of its own, ns0.
        etree.cleanup_namespaces(root, top_nsmap={**DEFAULT_NAMESPACE, "epub": EPUB})
        content = etree.tostring(root, encoding="utf-8", xml_declaration=True, doctype="<!DOCTYPE html>")
        item = epub.EpubItem(
            uid=f"x-{document.name.removesuffix('.xhtml')}",
            file_name=document.name,
            media_type="application/xhtml+xml",
            content=content,
        )
        item.properties = list(document.properties)
        self.epub.add_item(item)
        self._spine.append(item if document.linear else (item, "no"))

    def _chapter(self, prepared: PreparedChapter) -> None:
        chapter = prepared.chapter
        if chapter.part:
            title = f"{chapter.part_label} {chapter.part}".strip()
            self._add(
                _Document(f"part-{chapter.key}.xhtml", title, self._page("epub-part.xhtml", chapter=chapter), "part")
            )
        body = self._page("epub-chapter.xhtml", chapter=chapter, body=inner(prepared.tree))
        self._add(_Document(f"{chapter.key}.xhtml", chapter.title, body, "chapter", _properties([prepared.tree])))

    def _settle(
        self, chapters: list[PreparedChapter], pages: dict[str, str]
    ) -> list[tuple[PreparedChapter, list[NumberedNote]]]:
        """Point links to their files, take the notes out to their own, and link calls and notes to each other."""
        settled = []
        for prepared in chapters:
            key = prepared.chapter.key
            tree = prepared.tree
            in_notes = {name for note in xhtml.notes(tree) for name in xhtml.ids(note)}

            def address(name: str, here: str = key, own_notes: set[str] = in_notes) -> str | None:
                page = pages.get(name)
                if page is None:
                    return None
                if name in own_notes:
                    return f"notes.xhtml#{name}"
                return f"#{name}" if page == here else f"{page}.xhtml#{name}"

            xhtml.relink(tree, address)
            notes = take_notes(tree)
            numbers = {note.id: note.number for note in notes}
            for call in xhtml.note_calls(tree):
                if call.get("data-note") in numbers:
                    _settle_call(call, numbers)
            for note in notes:
                _settle_note(note, f"{key}.xhtml")
            settled.append((prepared, notes))
        return settled

    # --- the rest of the package -------------------------------------------------------------------------------------

    def _style_and_images(self) -> None:
        css = stylesheet(self.publication, "epub.css")
        self.epub.add_item(epub.EpubItem(uid="style", file_name=STYLE, media_type="text/css", content=css.encode()))
        self._cover = self._cover_asset()
        for asset in self.publication.assets.values():
            item = epub.EpubItem(
                uid=_item_id(asset), file_name=asset.href, media_type=asset.media_type, content=asset.path.read_bytes()
            )
            item.properties = ["cover-image"] if asset.href == self._cover.href else []
            self.epub.add_item(item)
        self.epub.add_metadata(None, "meta", "", {"name": "cover", "content": _item_id(self._cover)})

    def _cover_asset(self) -> Asset:
        """The book's own cover, or one made from its metadata and put into the package."""
        own = self.publication.assets.get(self.metadata.cover_image)
        if own is not None:
            return own
        from publish.render.cover import HEIGHT, WIDTH, cover_jpeg  # noqa: PLC0415  # needs Pango

        data = cover_jpeg(self.publication, self.metadata)
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

    def _write_metadata(self, trees: list[xhtml.Element]) -> None:
        book, metadata = self.epub, self.metadata
        identifiers = [_identifier(one.text, one.scheme) for one in metadata.identifiers]
        book.set_identifier(identifiers[0])
        for number, text in enumerate(identifiers[1:], 2):
            book.add_metadata("DC", "identifier", text, {"id": f"id-{number}"})
        self._refined("title", "title", metadata.title, {"title-type": "main", "file-as": metadata.title_file_as})
        if metadata.subtitle:
            self._refined("title", "subtitle", metadata.subtitle, {"title-type": "subtitle"})
        book.title = metadata.title
        book.set_language(self.tag)
        for kind, people in (("creator", metadata.creators), ("contributor", metadata.contributors)):
            for index, person in enumerate((one for one in people if one.name.strip()), 1):
                self._person(kind, f"{kind}-{index}", person)
        for name, value in (
            ("date", _date(metadata.date)),
            ("publisher", metadata.publisher),
            ("rights", metadata.rights),
            ("description", metadata.description),
            ("coverage", metadata.coverage),
            ("source", metadata.source),
        ):
            if value:
                book.add_metadata("DC", name, value)
        for subject in filter(str.strip, metadata.subjects):
            book.add_metadata("DC", "subject", subject)
        if metadata.collection:
            self._meta("belongs-to-collection", metadata.collection, uid="collection")
            self._meta("collection-type", "series", refines="#collection")
            if metadata.position:
                self._meta("group-position", metadata.position, refines="#collection")
        if metadata.progression:
            book.set_direction(metadata.progression)
        for name, value in _accessibility(self.publication, metadata, trees):
            self._meta(f"schema:{name}", value)

    def _refined(self, name: str, uid: str, value: str, refinements: dict[str, str]) -> None:
        self.epub.add_metadata("DC", name, value, {"id": uid})
        for key, text in refinements.items():
            if text:
                self._meta(key, text, refines=f"#{uid}")

    def _person(self, name: str, uid: str, person: Person) -> None:
        self.epub.add_metadata("DC", name, person.name, {"id": uid})
        if len(person.role) == 3:  # noqa: PLR2004  # a MARC relator code
            self.epub.add_metadata(
                None, "meta", person.role, {"refines": f"#{uid}", "property": "role", "scheme": "marc:relators"}
            )
        if person.file_as:
            self._meta("file-as", person.file_as, refines=f"#{uid}")

    def _meta(self, name: str, value: str, refines: str = "", uid: str = "") -> None:
        attributes = {"property": name} | ({"refines": refines} if refines else {}) | ({"id": uid} if uid else {})
        self.epub.add_metadata(None, "meta", value, attributes)


def _well_formed(document: _Document) -> etree._Element:
    """The document as a tree; a page that is no XML is a bug or a broken theme, and named."""
    try:
        return etree.fromstring(document.body.strip().encode(), etree.XMLParser(resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise PublishError(
            f"the page {document.name} is no well-formed XHTML: {error.msg}",
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


def _settle_call(call: xhtml.Element, numbers: dict[str, int]) -> None:
    name = str(call.get("data-note"))
    call.attrib.clear()
    call.tag = f"{H}sup"
    call.set("class", "noteref")
    link = etree.SubElement(call, f"{H}a", {"href": f"notes.xhtml#{name}", "id": f"ref-{name}", "role": "doc-noteref"})
    link.set(f"{{{EPUB}}}type", "noteref")
    link.text = str(numbers[name])


def _settle_note(note: NumberedNote, page: str) -> None:
    element = note.element
    element.attrib.clear()
    last = element[-1] if len(element) and xhtml.local(element[-1]) == "p" else etree.SubElement(element, f"{H}p")
    link = etree.SubElement(
        last, f"{H}a", {"href": f"{page}#ref-{note.id}", "class": "backlink", "role": "doc-backlink"}
    )
    link.text = "↩"
    for same in element.iter(f"{H}a"):
        if (same.get("href") or "").startswith("#"):
            same.set("href", page + str(same.get("href")))


def _identifier(text: str, scheme: str) -> str:
    """An identifier as a URN where it is an ISBN (EPUB 3.3 §5.5.3.1)."""
    match = ISBN.match(text.strip())
    digits = re.sub(r"[ -]", "", match[1]) if match else ""
    if match and (
        scheme.upper().startswith("ISBN") or text.lower().startswith(("isbn", "urn:isbn")) or len(digits) == ISBN_13
    ):
        return f"urn:isbn:{digits.upper()}"
    return text.strip()


def _date(text: str) -> str:
    """The part of a date that dc:date can state: 2026-05-23, 2026-05 or 2026 (EPUB 3.3 §5.5.3.2.3); else nothing."""
    for length, rest in ((10, ""), (7, "-01"), (4, "-01-01")):
        known, after = text[:length], text[length : length + 1]
        if not after.isdigit() and re.match(r"^\d{4}(-|$)", known):
            with suppress(ValueError):
                dt.date.fromisoformat(known + rest)
                return known
    return ""


def _item_id(asset: Asset) -> str:
    return (
        "cover-image"
        if asset.href == COVER
        else "img-" + re.sub(r"[^A-Za-z0-9-]", "-", asset.href.removeprefix("images/"))
    )


def _accessibility(publication: Publication, metadata: Metadata, trees: list[xhtml.Element]) -> list[tuple[str, str]]:
    """Accessibility metadata derived from the content (EPUB Accessibility 1.1 §2.2) where the author states none."""
    images = [image for tree in trees for image in tree.iter(f"{H}img")]
    formulas = [math for tree in trees for math in tree.iter(f"{{{MATHML}}}math")]
    described = all((image.get("alt") or "").strip() for image in images)
    stated = metadata.accessibility
    modes = stated.access_modes or ("textual", *(["visual"] if images else []))
    sufficient = stated.access_mode_sufficient or (("textual",) if described else ("textual,visual",))
    features = stated.features or (
        "structuralNavigation",
        "tableOfContents",
        "readingOrder",
        "displayTransformability",
        *(["alternativeText"] if images and described else []),
        *(["MathML"] if formulas else []),
        *(["describedMath"] if formulas and all(math.get("alttext") for math in formulas) else []),
    )
    hazards = stated.hazards or (
        ("unknown",) if any(asset.media_type == "image/gif" for asset in publication.assets.values()) else ("none",)
    )
    rows = [("accessMode", one) for one in modes]
    rows += [("accessModeSufficient", one) for one in sufficient]
    rows += [("accessibilityFeature", one) for one in features]
    rows += [("accessibilityHazard", one) for one in hazards]
    return [*rows, ("accessibilitySummary", stated.summary or publication.edition.region.words.accessibility)]


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
