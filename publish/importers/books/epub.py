"""An EPUB taken apart: chapters in the order of the spine, titles of the navigation, notes where they are called."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from lxml import etree

from publish.errors import Place, PublishError
from publish.importers import looks, shared
from publish.importers.books.epub_contents import NavigationEntry, PageGroup, grouped, nested, paths_of, without_echoes
from publish.importers.books.epub_notes import CalledNotes, with_notes
from publish.importers.books.epub_page import (
    TYPE,
    XHTML,
    SpinePage,
    drop_unseen,
    parse_page,
    resolve,
    serialized,
    words_of,
)
from publish.importers.marks import with_marks
from publish.importers.protocol import SURE, Claim, File, ImportChoice, Imported, ImportedChapter
from publish.importers.report import Ledger
from publish.importers.unknown import require_document, require_sound
from publish.source import pandoc
from publish.source.document import Block, text
from publish.source.slugs import slugify
from publish.textfile import shown

OPF = "{*}"  # programs get the name of the space wrong, or leave it out
ROLE = "{http://www.idpf.org/2007/opf}role"
DC = "{http://purl.org/dc/elements/1.1/}"
NCX = "{*}"
LARGEST = 2_000_000_000  # bytes unpacked
_HTML_TYPES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_KEYS = {
    "publisher": "publisher",
    "rights": "rights",
    "description": "description",
    "source": "source",
    "coverage": "coverage",
}
_ROLES = {"trl": "translator", "edt": "editor", "ill": "illustrator"}
_WITHOUT_ID = ("p", "li", "td", "th", "dt", "dd", "blockquote", "sup", "sub", "b", "i", "em", "strong")
TITLE_LENGTH = 10  # letters of a cover page: "Cover", 封面
_SITE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+(?:com|net|org|cn|cc|info|me|tw|hk)/?", re.IGNORECASE)
# What a page of contents is called, and what stands where nobody has named the book or its author.
_CONTENTS = re.compile(r"(?:table of )?contents|目\s*[录錄次]", re.IGNORECASE)
_NO_TITLE = re.compile(r"(?:table of )?contents|目\s*[录錄次]|untitled|unknown|未命名|未知|书名|title", re.IGNORECASE)
_NOBODY = re.compile(r"unknown|unbekannt|未知|作者|author|user|administrator", re.IGNORECASE)


def _weight(words: str) -> int:
    """How much text there is, without the numbers and the dots that a page of contents has beside its links."""
    return len(re.sub(r"[\d\W_]+", "", words))


class EpubImporter:
    """An EPUB 2 or 3 without DRM."""

    name = "epub"
    about = "an e-book (EPUB)"
    choices: tuple[ImportChoice, ...] = ()

    def matches(self, source: Path) -> Claim | None:
        """A ZIP file with META-INF/container.xml."""
        if not source.is_file() or not zipfile.is_zipfile(source):
            return None
        try:
            with zipfile.ZipFile(source) as opened:
                return Claim(SURE, "META-INF/container.xml") if "META-INF/container.xml" in opened.namelist() else None
        except (OSError, zipfile.BadZipFile):
            return None

    def read(self, source: Path, ledger: Ledger, choices: Mapping[str, str]) -> Imported:
        """Read the book. Raises `PublishError` for a damaged or locked one, and for text that would be lost."""
        del choices
        require_document(source)
        try:
            with zipfile.ZipFile(source) as opened:
                return _OpenBook(source, opened, ledger).imported()
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
            raise PublishError(f"this EPUB is damaged ({error})", "Get it again", Place(shown(source))) from error


@dataclass(frozen=True)
class _ManifestItem:
    path: str
    media_type: str
    properties: tuple[str, ...] = ()


class _OpenBook:
    """A book while it is read."""

    def __init__(self, source: Path, opened: zipfile.ZipFile, ledger: Ledger) -> None:
        self.source, self.zip, self.ledger = source, opened, ledger
        require_sound(opened.infolist(), source)
        if sum(one.file_size for one in opened.infolist()) > LARGEST:
            raise self._fault(f"it unpacks to more than {LARGEST:,} bytes", "Split it")
        self.names = set(opened.namelist())
        self._read_sheets: dict[tuple[str, ...], looks.Looks] = {}
        if "META-INF/rights.xml" in self.names or b"adept" in self._bytes("META-INF/encryption.xml")[:20_000]:
            raise self._fault("this EPUB is locked by DRM", "Ask its publisher for a copy without DRM")
        container = self._tree("META-INF/container.xml")
        roots = [one for one in container.iter("{*}rootfile") if one.get("full-path") in self.names]
        if not roots:
            raise self._fault("META-INF/container.xml names no package", "Get it again")
        self.opf_path: str = roots[0].get("full-path")
        self.opf = self._tree(self.opf_path)
        self.items = {
            one.get("id"): _ManifestItem(
                resolve(self.opf_path, one.get("href") or ""),
                one.get("media-type") or "",
                tuple((one.get("properties") or "").split()),
            )
            for one in self.opf.iter(f"{OPF}item")
        }

    def _fault(self, problem: str, remedy: str) -> PublishError:
        return PublishError(problem, remedy, Place(shown(self.source)))

    def _bytes(self, name: str) -> bytes:
        return self.zip.read(name) if name in self.names else b""

    def _tree(self, name: str) -> Any:
        data = self._bytes(name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=True)
        root = etree.fromstring(data, parser) if data.strip() else None
        if root is None:
            raise self._fault(f"{name} in it is missing or empty", "Get it again")
        return root

    # The book

    def imported(self) -> Imported:
        """The whole: pages read, notes gathered, chapters cut as the navigation says, written and checked."""
        metadata = self.meta = self._metadata()
        cover, cover_page = self._cover()
        entries = self._navigation()
        pages = [page for page in self._pages() if not self._left_out(page, cover_page)]
        if not pages:
            raise self._fault("the spine names no page with text", "Get it again")
        notes = CalledNotes(pages, self.ledger)
        notes.gather()
        blocks = self._read(pages, notes)
        kept = shared.tree_text(blocks) + "".join(notes.marks)
        shared.account("".join(page.words for page in pages), kept, self.ledger, self.source.name)
        blocks, assets = self._pictures(pages, blocks)
        groups = grouped(pages, blocks, entries, self.ledger)
        groups = [replace(one, blocks=shared.tidied(without_echoes(one), blocks)) for one in groups]
        shared.count_kinds([one.blocks for one in groups], self.ledger)
        slug = slugify(self.source.stem)
        chapters = self._chapters(groups, entries, slug)
        if cover:
            path = f"images/{posixpath.basename(cover).lower()}"
            assets = (*(one for one in assets if one.path != path), File(path, self._bytes(cover)))
            metadata["cover-image"] = path
        metadata.setdefault("title", self.source.stem)
        return Imported(metadata, chapters, assets, (File(self.source.name, self.source),), slug)

    def _metadata(self) -> dict[str, Any]:
        meta: dict[str, Any] = {}
        for tag in ("title", "creator", "date", "identifier", *_KEYS):
            for element in self.opf.iter(f"{DC}{tag}"):
                words = " ".join("".join(element.itertext()).split())
                if words:
                    self._take(meta, tag, words, element)
        subjects = [" ".join((one.text or "").split()) for one in self.opf.iter(f"{DC}subject")]
        if kept := [one for one in subjects if one]:
            meta["keywords"] = list(dict.fromkeys(kept))
        return meta

    def _take(self, meta: dict[str, Any], tag: str, words: str, element: Any) -> None:
        if tag == "creator" and _SITE.fullmatch(words):
            self.ledger.decide("creator-left-out", 0, words, "left out", "a web site is no author")
        elif tag == "creator" and _NOBODY.fullmatch(words):
            self.ledger.decide("creator-left-out", 0, words, "left out", "nobody is called so")
        elif tag == "creator":
            refined = [
                one.text
                for one in self.opf.iter(f"{OPF}meta")
                if one.get("refines") == f"#{element.get('id')}" and one.get("property") == "role"
            ]
            role = _ROLES.get((refined or [element.get(ROLE)])[0] or "", "author")
            meta.setdefault(role, []).append(words)
        elif tag == "date":
            if match := re.match(r"\d{4}(?:-\d\d(?:-\d\d)?)?", words):
                meta.setdefault("date", match[0])
        elif tag == "identifier":
            if re.fullmatch(r"(?:urn:isbn:)?[0-9Xx-]{10,17}|https?://\S+|urn:\S+", words):
                meta.setdefault("identifier", words)
        elif tag == "title" and _NO_TITLE.fullmatch(words):
            self.ledger.decide("metadata-missing", 0, "title", "the file's name", "the book does not say")
        elif tag == "title":
            meta.setdefault("title", words)
        else:
            plain = re.sub(r"<[^>]*>", "", words)
            meta.setdefault(_KEYS[tag], plain)

    def _cover(self) -> tuple[str, str]:
        """The cover's picture, and the page that only shows it."""
        named = next((one.path for one in self.items.values() if "cover-image" in one.properties), "")
        if not named:
            told = next((one.get("content") for one in self.opf.iter(f"{OPF}meta") if one.get("name") == "cover"), "")
            named = self.items[told].path if told in self.items else ""
        guide = next((one.get("href") for one in self.opf.iter(f"{OPF}reference") if one.get("type") == "cover"), "")
        page = resolve(self.opf_path, guide) if guide else ""
        return (named if named in self.names else ""), page

    # Navigation

    def _navigation(self) -> list[NavigationEntry]:
        nav = next((one.path for one in self.items.values() if "nav" in one.properties), "")
        if nav in self.names:
            root = self._tree(nav)
            lists = [one for one in root.iter(f"{XHTML}nav") if "toc" in (one.get(TYPE) or "toc").split()]
            for one in lists[:1]:
                return [entry for top in one.findall(f"{XHTML}ol") for entry in self._nav_entries(top, nav)]
        ncx = next((one.path for one in self.items.values() if one.media_type == "application/x-dtbncx+xml"), "")
        if ncx not in self.names:
            return []
        return [self._ncx_entry(one, ncx) for one in self._tree(ncx).iterfind(f"{NCX}navMap/{NCX}navPoint")]

    def _nav_entries(self, ordered: Any, base: str) -> Iterator[NavigationEntry]:
        for item in ordered.findall(f"{XHTML}li"):
            label = next((one for one in item if one.tag in (f"{XHTML}a", f"{XHTML}span")), None)
            below = [entry for one in item.findall(f"{XHTML}ol") for entry in self._nav_entries(one, base)]
            title = "" if label is None else " ".join("".join(label.itertext()).split())
            href = "" if label is None else label.get("href") or ""
            path = resolve(base, href) if href else ""
            yield NavigationEntry(title, path, unquote(urlsplit(href).fragment), tuple(below))

    def _ncx_entry(self, point: Any, base: str) -> NavigationEntry:
        label = point.find(f"{NCX}navLabel")
        content = point.find(f"{NCX}content")
        href = content.get("src") or "" if content is not None else ""
        return NavigationEntry(
            " ".join("".join(label.itertext()).split()) if label is not None else "",
            resolve(base, href) if href else "",
            unquote(urlsplit(href).fragment),
            tuple(self._ncx_entry(one, base) for one in point.findall(f"{NCX}navPoint")),
        )

    # Pages

    def _spine(self) -> list[_ManifestItem]:
        """The pages in the order of the spine; where that is empty, in that of the navigation, and of the package."""
        pages = {
            id_: one
            for id_, one in self.items.items()
            if one.media_type in _HTML_TYPES or one.path.lower().endswith((".html", ".xhtml", ".htm"))
        }
        named = [pages[id_] for ref in self.opf.iter(f"{OPF}itemref") if (id_ := ref.get("idref")) in pages]
        if named or not pages:
            return named
        order = {path: at for at, path in reversed(list(enumerate(paths_of(self._navigation()))))}
        self.ledger.decide("contents", 0, "spine", "pages in the order of the navigation", "the spine names no page")
        places = [order.get(one.path) for one in pages.values()]
        follow = list(accumulate(places, lambda before, at: before if at is None else at, initial=-1))[1:]
        ordered = sorted(zip(follow, pages.values(), strict=True), key=lambda one: one[0] or 0)
        return [one for _, one in ordered if "nav" not in one.properties]

    def _pages(self) -> Iterator[SpinePage]:
        for item in self._spine():
            if item.path not in self.names:
                self.ledger.unread("page-missing", 0, item.path, "the spine names it, but the EPUB lacks it")
                continue
            root = parse_page(self._bytes(item.path))
            body = root.find(".//body")
            page = SpinePage(item.path, body if body is not None else root)
            looks.show(page.root, self._looks(item.path, root))
            drop_unseen(page.root)
            page.words = words_of(page.root)
            yield page

    def _looks(self, path: str, root: Any) -> looks.Looks:
        """What the style sheets of a page say of its spans."""
        linked = [resolve(path, one.get("href") or "") for one in root.iter("link")]
        sheets = tuple(one for one in linked if one.endswith(".css"))
        if sheets not in self._read_sheets:
            texts = [self._bytes(one).decode("utf-8", "replace") for one in sheets]
            self._read_sheets[sheets] = looks.looks_of(*texts)
        own = [one.text or "" for one in root.iter("style")]
        return {**self._read_sheets[sheets], **looks.looks_of(*own)} if own else self._read_sheets[sheets]

    def _left_out(self, page: SpinePage, cover_page: str) -> bool:
        """Cover and contents pages, which publish makes itself, and empty pages."""
        words = page.words.strip()
        pictures = list(page.root.iter("img", "image"))
        if not words and not pictures:
            return True
        if (
            len(pictures) == 1
            and len(words) < TITLE_LENGTH
            and (page.path == cover_page or re.search(r"cover|titlepage", page.path, re.IGNORECASE))
        ):
            self.ledger.decide(
                "cover-left-out", 0, page.path, "cover-image in book.yaml", "the page shows the cover alone"
            )
            return True
        said = [
            words for key in ("title", "author", "translator", "publisher") for words in _listed(self.meta.get(key))
        ]
        if words and len(words) < 200 and not shared.letters(words) - shared.letters("".join(said)):  # noqa: PLR2004  # a title page
            self.ledger.decide("title-left-out", 0, words, "in book.yaml only", "the title page is made from there")
            return True
        nav = next((one.path for one in self.items.values() if "nav" in one.properties), "")
        linked = "".join("".join(one.itertext()) for one in page.root.iter("a") if one.get("href"))
        heads = "".join(
            head
            for one in page.root.iter("h1", "h2")
            if _CONTENTS.fullmatch(head := " ".join("".join(one.itertext()).split()))
        )
        share = _weight(linked) / max(1, _weight(words) - _weight(heads))
        if page.path == nav or (share > (0.5 if heads else 0.8) and len(page.root.findall(".//a")) > 3):  # noqa: PLR2004  # links, and little else
            self.ledger.decide(
                "contents-left-out", 0, page.path, "not in the book", "a page of contents: publish makes its own"
            )
            return True
        return False

    def _read(self, pages: Sequence[SpinePage], notes: CalledNotes) -> list[list[Block]]:
        """Each page's blocks, with ids and links unique in the book, and notes at their calls."""
        texts = [(page.path, self._html(page, pages)) for page in pages]
        number = {page.path: at for at, page in enumerate(pages)}
        for path, body in notes.bodies.values():
            self._address(body, path, number)
        texts += [(f"note {at}", serialized(body)) for at, (_, body) in notes.bodies.items()]
        read, _ = pandoc.read(texts, "html-auto_identifiers")
        bodies = dict(zip(notes.bodies, read[len(pages) :], strict=True))
        told = [shared.mapped(blocks, lambda node: with_notes(node, bodies)) for blocks in read[: len(pages)]]
        return [shared.mapped(blocks, with_marks) for blocks in told]

    def _html(self, page: SpinePage, pages: Sequence[SpinePage]) -> str:
        number = {one.path: at for at, one in enumerate(pages)}
        self._address(page.root, page.path, number)
        page.root.attrib.pop("id", None)
        return f'<div id="f{number[page.path]}">{serialized(page.root)}</div>'

    def _address(self, root: Any, path: str, number: Mapping[str, int]) -> None:
        """Make ids and inner links unique in the book, and name pictures by their whole path in it."""
        for element in [one for one in root.iter() if isinstance(one.tag, str)]:
            if element.get("id") or element.get("name"):
                element.set("id", f"f{number[path]}-{element.get('id') or element.get('name')}")
                if element.tag in _WITHOUT_ID:  # pandoc drops their ids
                    anchor = etree.Element("span", id=element.attrib.pop("id"))
                    anchor.tail, element.text = element.text, None
                    element.insert(0, anchor)
            href, source = element.get("href") or "", element.get("src") or ""
            if element.tag == "a" and href and not urlsplit(href).scheme:
                target = resolve(path, href) if urlsplit(href).path else path
                fragment = unquote(urlsplit(href).fragment)
                if target in number:
                    element.set("href", f"#f{number[target]}-{fragment}" if fragment else f"#f{number[target]}")
            if element.tag == "img" and source and resolve(path, source) in self.names:
                element.set("src", quote(resolve(path, source)))

    def _pictures(
        self, pages: Sequence[SpinePage], blocks: list[list[Block]]
    ) -> tuple[list[list[Block]], tuple[File, ...]]:
        found: dict[str, File] = {}
        taken: dict[str, str] = {}

        def placed(page: SpinePage) -> Any:
            def change(node: Any) -> Any:
                if node.get("t") != "Image":
                    return node
                _, alt, (url, title) = node["c"]
                path = unquote(url)
                if urlsplit(url).scheme or path not in self.names:
                    self.ledger.unread("image-missing", 0, url, f"{page.path} shows it, but the EPUB lacks it")
                    return node
                name = f"images/{posixpath.basename(path).lower()}"
                if taken.setdefault(name, path) != path:
                    name = f"images/{len(taken)}-{posixpath.basename(path).lower()}"
                    taken[name] = path
                found[name] = File(name, self._bytes(path))
                if not text(alt).strip():
                    self.ledger.decide(
                        "alt-missing", 0, name, "left empty: describe the picture", "the book has no alternative text"
                    )
                return {**node, "c": [["", [], []], alt, [name, title]]}

            return change

        addressed = [shared.mapped(one, placed(page)) for page, one in zip(pages, blocks, strict=True)]
        return addressed, tuple(found.values())

    def _chapters(
        self, groups: Sequence[PageGroup], entries: Sequence[NavigationEntry], slug: str
    ) -> tuple[ImportedChapter, ...]:
        names = shared.Names(len(groups))
        paths = [names.next(one.title) for one in groups] if len(groups) > 1 else [f"{slug}.md"]
        pieces = shared.cross_links([one.blocks for one in groups], paths, self.ledger)
        texts = shared.written(pieces, self.source.name)
        self.ledger.count("chapters", len(groups))
        made = {
            group.page: ImportedChapter(path, markdown.rstrip("\n") + "\n", group.title)
            for group, path, markdown in zip(groups, paths, texts, strict=True)
        }
        return tuple(nested(entries, made, [one.page for one in groups]))


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


# Notes ---------------------------------------------------------------------------------------------------------------


# Chapters ------------------------------------------------------------------------------------------------------------
