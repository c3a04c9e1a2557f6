"""An EPUB taken apart: chapters in the order of the spine, titles of the navigation, notes where they are called."""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import lxml.html
from lxml import etree

from publish.errors import Place, PublishError
from publish.importers import documents, looks
from publish.importers.marks import with_marks
from publish.importers.protocol import SURE, Claim, File, ImportChoice, Imported, ImportedChapter
from publish.importers.report import Ledger
from publish.importers.unknown import require_document, require_sound
from publish.source import pandoc
from publish.source.document import Block, text
from publish.source.slugs import slugify
from publish.textfile import shown

XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{*}"  # programs get the name of the space wrong, or leave it out
ROLE = "{http://www.idpf.org/2007/opf}role"
DC = "{http://purl.org/dc/elements/1.1/}"
NCX = "{*}"
TYPE = "{http://www.idpf.org/2007/ops}type"
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
MARK_LENGTH = 8  # letters of a call: [12], 注①
NOTE = re.compile("\ue000(\\d+)\ue001")  # marks a note's call until pandoc has read the text


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


@dataclass(frozen=True)
class _Entry:
    """A line of the navigation: its title, where it leads (file, id), the lines under it."""

    title: str
    path: str
    fragment: str
    children: tuple[_Entry, ...] = ()


def _paths(entries: Sequence[_Entry]) -> Iterator[str]:
    for one in entries:
        yield one.path
        yield from _paths(one.children)


@dataclass
class SpinePage:
    """A file of the spine: its tree, then its blocks."""

    path: str
    root: Any
    words: str = ""
    blocks: list[Block] = field(default_factory=list)


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
                self._resolve(self.opf_path, one.get("href") or ""),
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

    @staticmethod
    def _resolve(base: str, href: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(urlsplit(href).path)))

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
        kept = documents.tree_text(blocks) + "".join(notes.marks)
        documents.account("".join(page.words for page in pages), kept, self.ledger, self.source.name)
        blocks, assets = self._pictures(pages, blocks)
        groups = _grouped(pages, blocks, entries, self.ledger)
        groups = [replace(one, blocks=documents.tidied(_without_echoes(one), blocks)) for one in groups]
        documents.count_kinds([one.blocks for one in groups], self.ledger)
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
        page = self._resolve(self.opf_path, guide) if guide else ""
        return (named if named in self.names else ""), page

    # Navigation

    def _navigation(self) -> list[_Entry]:
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

    def _nav_entries(self, ordered: Any, base: str) -> Iterator[_Entry]:
        for item in ordered.findall(f"{XHTML}li"):
            label = next((one for one in item if one.tag in (f"{XHTML}a", f"{XHTML}span")), None)
            below = [entry for one in item.findall(f"{XHTML}ol") for entry in self._nav_entries(one, base)]
            title = "" if label is None else " ".join("".join(label.itertext()).split())
            href = "" if label is None else label.get("href") or ""
            path = self._resolve(base, href) if href else ""
            yield _Entry(title, path, unquote(urlsplit(href).fragment), tuple(below))

    def _ncx_entry(self, point: Any, base: str) -> _Entry:
        label = point.find(f"{NCX}navLabel")
        content = point.find(f"{NCX}content")
        href = content.get("src") or "" if content is not None else ""
        return _Entry(
            " ".join("".join(label.itertext()).split()) if label is not None else "",
            self._resolve(base, href) if href else "",
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
        order = {path: at for at, path in reversed(list(enumerate(_paths(self._navigation()))))}
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
            _drop_unseen(page.root)
            page.words = words_of(page.root)
            yield page

    def _looks(self, path: str, root: Any) -> looks.Looks:
        """What the style sheets of a page say of its spans."""
        linked = [self._resolve(path, one.get("href") or "") for one in root.iter("link")]
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
        if words and len(words) < 200 and not documents.letters(words) - documents.letters("".join(said)):  # noqa: PLR2004  # a title page
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
        texts += [(f"note {at}", _serialized(body)) for at, (_, body) in notes.bodies.items()]
        read, _ = pandoc.read(texts, "html-auto_identifiers")
        bodies = dict(zip(notes.bodies, read[len(pages) :], strict=True))
        told = [documents.mapped(blocks, lambda node: with_notes(node, bodies)) for blocks in read[: len(pages)]]
        return [documents.mapped(blocks, with_marks) for blocks in told]

    def _html(self, page: SpinePage, pages: Sequence[SpinePage]) -> str:
        number = {one.path: at for at, one in enumerate(pages)}
        self._address(page.root, page.path, number)
        page.root.attrib.pop("id", None)
        return f'<div id="f{number[page.path]}">{_serialized(page.root)}</div>'

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
                target = self._resolve(path, href) if urlsplit(href).path else path
                fragment = unquote(urlsplit(href).fragment)
                if target in number:
                    element.set("href", f"#f{number[target]}-{fragment}" if fragment else f"#f{number[target]}")
            if element.tag == "img" and source and self._resolve(path, source) in self.names:
                element.set("src", quote(self._resolve(path, source)))

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

        addressed = [documents.mapped(one, placed(page)) for page, one in zip(pages, blocks, strict=True)]
        return addressed, tuple(found.values())

    def _chapters(self, groups: Sequence[_Group], entries: Sequence[_Entry], slug: str) -> tuple[ImportedChapter, ...]:
        names = documents.Names(len(groups))
        paths = [names.next(one.title) for one in groups] if len(groups) > 1 else [f"{slug}.md"]
        pieces = documents.cross_links([one.blocks for one in groups], paths, self.ledger)
        texts = documents.written(pieces, self.source.name)
        self.ledger.count("chapters", len(groups))
        made = {
            group.page: ImportedChapter(path, markdown.rstrip("\n") + "\n", group.title)
            for group, path, markdown in zip(groups, paths, texts, strict=True)
        }
        return tuple(_nested(entries, made, [one.page for one in groups]))


_XML_ENTITIES = ("amp", "lt", "gt", "quot", "apos")


def parse_page(data: bytes) -> Any:
    """A page's tree without namespaces, as XHTML where it is well-formed, else as HTML; SVG's pictures are images."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    encoding = re.search(rb"<\?xml[^>]*encoding=[\"']([\w-]+)", data[:200])
    try:
        words = data.decode(encoding[1].decode() if encoding else "utf-8-sig")
        words = re.sub(r"^\s*<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>", "", words.removeprefix("\ufeff"))
        words = re.sub(r"&(\w+);", lambda one: one[0] if one[1] in _XML_ENTITIES else html.unescape(one[0]), words)
        root = etree.fromstring(words.strip().encode(), parser)
    except (etree.XMLSyntaxError, UnicodeDecodeError, LookupError):
        root = lxml.html.document_fromstring(data or b"<html><body></body></html>")
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        element.tag = etree.QName(element).localname
        for name, value in list(element.attrib.items()):
            if name.startswith("{"):
                del element.attrib[name]
                local = etree.QName(name).localname
                element.set("data-epub-type" if name == TYPE else local, value)
        if element.tag == "image" and element.get("href"):
            element.tag = "img"
            element.set("src", element.attrib.pop("href"))
    return root


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def words_of(root: Any) -> str:
    """The text of a tree but for its formulas, which are read as TeX."""
    return "".join(_outside_formulas(root))


def _outside_formulas(element: Any) -> Iterator[str]:
    if element.tag != "math":
        yield element.text or ""
        for child in element:
            if isinstance(child.tag, str):
                yield from _outside_formulas(child)
            yield child.tail or ""


def _drop_unseen(root: Any) -> None:
    for element in list(root.iter("script", "style", "title", etree.Comment, etree.ProcessingInstruction)):
        _detach(element)
    for svg in list(root.iter("svg")):
        if svg.find(".//img") is not None:  # a picture in a frame
            svg.tag = "div"
            svg.attrib.clear()


def _serialized(element: Any) -> str:
    markup: str = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return markup


# Notes ---------------------------------------------------------------------------------------------------------------


class CalledNotes:
    """The notes of a book: each call, and the body, which is taken from its place. Back-links are removed."""

    def __init__(self, pages: Sequence[SpinePage], ledger: Ledger) -> None:
        self.pages, self.ledger = pages, ledger
        self.bodies: dict[int, tuple[str, Any]] = {}
        self.marks: list[str] = []
        self.ids = {
            (page.path, identifier): element
            for page in pages
            for element in page.root.iter()
            if isinstance(element.tag, str)
            for identifier in (element.get("id"), element.get("name") if element.tag == "a" else None)
            if identifier
        }

    def gather(self) -> None:
        """Find the notes: called by an epub:type, a role, or a link whose target links back."""
        calls = [(page, one) for page in self.pages for one in page.root.iter("a") if one.get("href")]
        done: set[int] = set()
        for page, call in calls:
            body = self._body(page, call)
            if body is None or id(body) in done or any(above is body for above in call.iterancestors()):
                continue
            done.add(id(body))
            self._move(call, body, self._target(page, call)[0])
        if done:
            self.ledger.count("notes found", len(done))

    def _target(self, page: SpinePage, call: Any) -> tuple[str, Any]:
        href = call.get("href")
        parts = urlsplit(href)
        if parts.scheme or not parts.fragment:
            return "", None
        path = _OpenBook._resolve(page.path, href) if parts.path else page.path  # noqa: SLF001  # one way to resolve
        return path, self.ids.get((path, unquote(parts.fragment)))

    def _body(self, page: SpinePage, call: Any) -> Any:
        path, target = self._target(page, call)
        if target is None:
            return None
        kind = f"{call.get('data-epub-type') or call.get('epub:type') or ''} {call.get('role') or ''}"
        holder = _holder(target)
        named = "noteref" in kind or "footnote" in " ".join(
            str(one.get(key) or "")
            for one in (target, holder)
            for key in ("data-epub-type", "epub:type", "role", "class")
        )
        words = "".join("".join(call.itertext()).split())
        mark = len(words) <= MARK_LENGTH and bool(
            re.fullmatch(
                r"[\[［【〔(（]?(?:注|註|note)?[0-9０-９①-⑳㉑-㊿*＊†‡a-zA-Z一二三四五六七八九十]{0,4}[\]］】〕)）]?",
                words,
            )
        )
        if not mark or any(above is holder for above in call.iterancestors()):
            return None
        back = [one for one in holder.iter("a") if one.get("href")]
        returns = any(self._is_near(self._target_of(path, one), call) for one in back)
        return holder if named or returns else None

    def _target_of(self, path: str, link: Any) -> Any:
        page = next(one for one in self.pages if one.path == path)
        return self._target(page, link)[1]

    @staticmethod
    def _is_near(element: Any, call: Any) -> bool:
        """Whether a back-link leads to the call: to itself, to what holds it, or to what it holds."""
        if element is None:
            return False
        return (
            element is call
            or any(one is element for one in call.iterancestors())
            or any(one is element for one in call.iter())
        )

    def _move(self, call: Any, body: Any, path: str) -> None:
        number = len(self.bodies) + 1
        self.marks.append("".join(call.itertext()))
        for link in list(body.iter("a")):
            words = "".join("".join(link.itertext()).split())
            if link.get("href", "").find("#") >= 0 and re.fullmatch(
                r"\W*(?:注|註)?[\w①-⑳]{0,4}\W*|返回.{0,4}|back|return", words, re.IGNORECASE
            ):
                self.marks.append(words)
                _unlink(link)
            elif self._is_near(self._target_of(path, link), call):  # a note that is one link back to where it is called
                link.tag = "span"
                link.attrib.clear()
        parent = body.getparent()
        if parent is not None:
            _detach(body)
            _clear(parent)
        body.tag = "div"
        body.attrib.clear()
        self.bodies[number] = (path, body)
        call.text = f"\ue000{number}\ue001"
        for child in list(call):
            call.remove(child)
        call.tag = "span"
        call.attrib.clear()
        holder = call.getparent()
        if holder is not None and holder.tag == "sup" and "".join(holder.itertext()).strip() == call.text:
            holder.tag = "span"


def _holder(target: Any) -> Any:
    """What holds a note's whole text: the target, or the paragraph or item around it."""
    element = target
    while (
        element.tag in ("a", "span", "sup", "b", "i", "em", "strong", "small", "font")
        and element.getparent() is not None
    ):
        element = element.getparent()
    parent = element.getparent()
    if parent is not None and parent[0] is element and (parent.tag in ("li", "aside", "dd") or _is_note(parent)):
        return parent
    return element


def _is_note(element: Any) -> bool:
    """Whether an element is a note by its id, as word processors write web pages: `sdfootnote1`, `ftn1`."""
    return element.tag == "div" and bool(
        re.fullmatch(r"(?:sd)?(?:foot|end)note\d+|(?:ftn|edn)\d+", element.get("id") or "")
    )


def _detach(element: Any) -> None:
    parent, tail = element.getparent(), element.tail
    if tail and tail.strip():
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def _clear(element: Any) -> None:
    """Remove what held notes and now holds at most a rule, and its emptied parents."""
    empty = not "".join(element.itertext()).strip() and all(one.tag == "hr" for one in element)
    parent = element.getparent()
    if empty and parent is not None and element.tag in ("ol", "ul", "dl", "aside", "section", "div"):
        _detach(element)
        _clear(parent)


def _unlink(link: Any) -> None:
    for child in list(link):
        link.remove(child)
    link.text = ""
    link.tag = "span"
    link.attrib.clear()


def with_notes(node: Any, bodies: Mapping[int, list[Block]]) -> Any:
    """A word of pandoc's tree with the notes that are called in it."""
    if node.get("t") != "Str" or "\ue000" not in node["c"]:
        return node
    out: list[Any] = []
    for at, piece in enumerate(NOTE.split(node["c"])):
        if at % 2:
            blocks = documents.mapped(bodies[int(piece)], lambda one: with_notes(one, {}) if bodies else one)
            out.append({"t": "Note", "c": [_stripped(one) for one in _opened(blocks)] or [{"t": "Para", "c": []}]})
        elif piece:
            out.append({**node, "c": piece})
    return out


def _opened(blocks: list[Block]) -> list[Block]:
    """The blocks of a note without the division, or the list of one, that held it."""
    if len(blocks) == 1 and blocks[0]["t"] == "Div":
        return _opened(blocks[0]["c"][1])
    if len(blocks) == 1 and blocks[0]["t"] == "OrderedList" and len(blocks[0]["c"][1]) == 1:
        return _opened(blocks[0]["c"][1][0])
    if len(blocks) == 1 and blocks[0]["t"] == "BulletList" and len(blocks[0]["c"]) == 1:
        return _opened(blocks[0]["c"][0])
    return blocks


_HOLDERS = ("Span", "Superscript", "Subscript", "Strong", "Emph", "Link")


def _stripped(block: Block) -> Block:
    """A note's paragraph without the spaces and marks around its number."""
    if block["t"] not in ("Para", "Plain"):
        return block
    inlines = list(block["c"])
    while inlines and (
        inlines[0]["t"] in ("Space", "SoftBreak")
        or (inlines[0]["t"] in _HOLDERS and not documents.tree_text([inlines[0]]).strip())
    ):
        inlines.pop(0)
    if inlines and inlines[0]["t"] == "Str":
        inlines[0] = {**inlines[0], "c": re.sub(r"^[\[\]［］【】〔〕()（）.．、:：]{1,3}", "", inlines[0]["c"])}
    return {**block, "t": "Para", "c": inlines}


# Chapters ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Group:
    """A chapter: the page that begins it, its title by the navigation, its blocks."""

    page: str
    title: str
    blocks: list[Block]
    depth: int = 0


def _flat(entries: Sequence[_Entry], depth: int = 0) -> Iterator[tuple[_Entry, int]]:
    for one in entries:
        yield one, depth
        yield from _flat(one.children, depth + 1)


def _grouped(
    pages: Sequence[SpinePage], blocks: Sequence[list[Block]], entries: Sequence[_Entry], ledger: Ledger
) -> list[_Group]:
    """Pages as chapters: one that the navigation names begins a chapter, one that it does not name continues it."""
    titles: dict[str, tuple[str, int]] = {}
    for entry, depth in _flat(entries):
        if entry.path and entry.title:
            titles.setdefault(entry.path, (entry.title, depth))
    groups: list[_Group] = []
    for page, one in zip(pages, blocks, strict=True):
        if page.path in titles or not groups or not titles:
            title, depth = titles.get(page.path, ("", 0))
            groups.append(_Group(page.path, title, one, depth))
        else:
            ledger.decide("page-joined", 0, page.path, "part of the chapter before", "the navigation does not name it")
            groups[-1] = replace(groups[-1], blocks=[*groups[-1].blocks, *one])
    return [_headed(one, ledger) for one in groups]


def _headed(group: _Group, ledger: Ledger) -> _Group:
    """A chapter whose one heading of level 1 is its title; others below it."""
    blocks = _open_pages(group.blocks)
    heads = [at for at, one in enumerate(blocks) if one["t"] == "Header"]
    first = heads[0] if heads else None
    words = text(blocks[first]["c"][2]).strip() if first is not None else ""
    before = documents.tree_text(blocks[:first]).strip() if first is not None else ""
    if first is not None and not before and (not group.title or _alike(words, group.title) or len(heads) == 1):
        top = blocks[first]["c"][0]
        rest = [_lowered(one, top) for one in blocks[first + 1 :]]
        heading = {**blocks[first], "c": [1, *blocks[first]["c"][1:]]}
        return replace(group, title=words or group.title, blocks=[heading, *blocks[:first], *rest])
    if not group.title:
        return replace(group, blocks=[_lowered(one, 0) if one["t"] == "Header" else one for one in blocks])
    if blocks and blocks[0]["t"] in ("Para", "Plain") and _alike(text(blocks[0]["c"]).strip(), group.title):
        ledger.decide(
            "heading-found", 0, group.title, "a heading", "a paragraph that repeats its title in the navigation"
        )
        heading = {"t": "Header", "c": [1, ["", [], []], blocks[0]["c"]]}
        return replace(group, blocks=[heading, *(_lowered(one, 0) for one in blocks[1:])])
    ledger.decide(
        "heading-made",
        0,
        group.title,
        "a heading",
        "the navigation gives the chapter this title; its page has no such heading",
    )
    heading = {"t": "Header", "c": [1, ["", [], []], [{"t": "Str", "c": group.title}]]}
    return replace(group, blocks=[heading, *(_lowered(one, 0) for one in blocks)])


def _lowered(block: Block, top: int) -> Block:
    if block["t"] != "Header":
        return block
    return {**block, "c": [max(2, min(6, block["c"][0] - top + 1)), *block["c"][1:]]}


def _alike(one: str, other: str) -> bool:
    squeezed = [re.sub(r"\W+", "", words) for words in (one, other)]
    return bool(squeezed[0]) and (squeezed[0] in squeezed[1] or squeezed[1] in squeezed[0])


def _open_pages(blocks: list[Block]) -> list[Block]:
    """The blocks without the divisions and sections that pages are made of; their ids stay on empty spans."""
    out: list[Block] = []
    for one in blocks:
        if one["t"] == "Div":
            identifier = one["c"][0][0]
            inner = _open_pages(one["c"][1])
            out += _anchored(identifier, inner) if identifier else inner
        else:
            out.append(one)
    return out


def _anchored(identifier: str, blocks: list[Block]) -> list[Block]:
    """The blocks with an id on the first, for links."""
    span = {"t": "Span", "c": [[identifier, [], []], []]}
    for at, one in enumerate(blocks):
        if one["t"] == "Header":
            attributes = one["c"][1]
            if not attributes[0]:
                new = {**one, "c": [one["c"][0], [identifier, *attributes[1:]], one["c"][2]]}
            else:
                new = {**one, "c": [one["c"][0], attributes, [span, *one["c"][2]]]}
            return [*blocks[:at], new, *blocks[at + 1 :]]
        if one["t"] in ("Para", "Plain"):
            return [*blocks[:at], {**one, "c": [span, *one["c"]]}, *blocks[at + 1 :]]
    return blocks


def _without_echoes(group: _Group) -> list[Block]:
    """The blocks without empty paragraphs."""
    return [one for one in group.blocks if one["t"] not in ("Para", "Plain") or one["c"]]


def _nested(entries: Sequence[_Entry], made: dict[str, ImportedChapter], order: Sequence[str]) -> list[ImportedChapter]:
    """The chapters nested as in the navigation where it follows the spine; else flat, in spine order."""
    told = [entry.path for entry, _ in _flat(entries) if entry.path in made]
    if list(dict.fromkeys(told)) != [one for one in order if one in told]:
        return [made[one] for one in order]
    taken: set[str] = set()

    def build(some: Sequence[_Entry]) -> list[ImportedChapter]:
        found: list[ImportedChapter] = []
        for entry in some:
            own = made.get(entry.path) if entry.path not in taken else None
            taken.add(entry.path)
            below = build(entry.children)
            if own is not None:
                found.append(replace(own, children=tuple(below)))
            elif below and entry.path not in made:
                found.append(ImportedChapter("", "", entry.title, tuple(below)))
            else:
                found += below
        return found

    tree = build(entries)
    rest = [one for one in order if one not in taken]
    return [
        *(made[one] for one in rest if order.index(one) < _first(order, taken)),
        *tree,
        *(made[one] for one in rest if order.index(one) >= _first(order, taken)),
    ]


def _first(order: Sequence[str], taken: set[str]) -> int:
    return next((at for at, one in enumerate(order) if one in taken), 0)
