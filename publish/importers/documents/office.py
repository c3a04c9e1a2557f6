"""Word and OpenDocument texts: styles become headings, with notes, tables, pictures, comments and tracked changes."""

from __future__ import annotations

import io
import posixpath
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lxml import etree

from publish.errors import Place, PublishError
from publish.han import IDEOGRAPHS
from publish.importers import shared
from publish.importers.documents import opendocument, word, wordml
from publish.importers.documents.open_formulas import with_formulas, with_places
from publish.importers.documents.open_pictures import addresses, moved_pictures
from publish.importers.documents.parts import names_in, part_of, xml_of
from publish.importers.documents.word_outline import WordOutline, name_quotations
from publish.importers.documents.wordml import RELATIONS, VML, A, W
from publish.importers.marks import with_code, with_marks, with_sides
from publish.importers.protocol import SURE, Claim, File, ImportChoice, Imported
from publish.importers.report import Ledger
from publish.importers.unknown import require_document
from publish.source import pandoc
from publish.source.document import Block, Inline, string, text
from publish.source.slugs import slugify
from publish.textfile import shown

MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_NO_TITLE = re.compile(r"(?:Microsoft Word\s*-|文档\s*\d*$|文件\s*\d*$|Document\s*\d*$|untitled|无标题)", re.IGNORECASE)

# Whom word processors name until somebody tells them who writes.
_NOBODY = re.compile(
    r"(?:windows |microsoft (?:office )?)?(?:user|用户|用戶|使用者)|微[软軟](?:用户|用戶|中国|使用者)"
    r"|admin(?:istrator)?|owner|unknown|python-docx|lenovo|asus|acer|dell|hp|thinkpad|pc|wps(?: office)?|openpyxl|poi",
    re.IGNORECASE,
)

# Who writes, where a line alone says it below the title: 林晚, 作者：林晚, 文／林晚, 林晚 著.
_NAME = re.compile(
    rf"(?:(?:作者|文|著)\s*[:：/／]\s*)?(?P<name>[{IDEOGRAPHS}]{{2,4}}|[{IDEOGRAPHS}]{{2,4}}·[{IDEOGRAPHS}·]+)(?:\s+著)?"
)
_NO_NAME = frozenset("摘要 目录 目錄 封面 扉页 扉頁 声明 聲明 正文 致谢 致謝 题词 題詞".split())

_TRACKED = ImportChoice(
    "track-changes", ("accept", "reject", "all"), "the text with its changes, without them, or with both to be seen"
)
_COMMENTS = ImportChoice("comments", ("drop", "notes"), "leave comments out, or make notes of them")


_CHANGES = {"accept": "it is marked as deleted", "reject": "it is marked as put in later"}


class DocxImporter:
    """A Word document, through pandoc."""

    name = "docx"
    about = "Word (DOCX)"
    choices: tuple[ImportChoice, ...] = (_TRACKED, _COMMENTS)

    def matches(self, source: Path) -> Claim | None:
        """A ZIP file that holds word/document.xml, or the document2.xml of Word on the web."""
        part = _document(source)
        return Claim(SURE, part) if part else None

    def read(self, source: Path, ledger: Ledger, choices: Mapping[str, str]) -> Imported:
        """Read the document. Raises `PublishError` for a damaged one, and for text that would be lost."""
        require_document(source)
        return _read(source, "docx", _word_texts(source, choices["track-changes"]), ledger, choices)


class OdtImporter:
    """An OpenDocument text, through pandoc."""

    name = "odt"
    about = "LibreOffice (ODT)"
    choices: tuple[ImportChoice, ...] = ()

    def matches(self, source: Path) -> Claim | None:
        """A ZIP file that holds content.xml and says that it is a text."""
        if "content.xml" not in names_in(source):
            return None
        return Claim(SURE, "content.xml") if b"opendocument.text" in part_of(source, "mimetype") else None

    def read(self, source: Path, ledger: Ledger, choices: Mapping[str, str]) -> Imported:
        """Read the document. Raises `PublishError` for a damaged one, and for text that would be lost."""
        del choices
        require_document(source)
        chosen = {"track-changes": "accept", "comments": "drop"}
        return _read(source, "odt", _open_texts(source), ledger, chosen)


# The file ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Texts:
    """The paragraphs of a document, read without pandoc, and those outside its text."""

    inside: tuple[str, ...]
    outside: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()  # the names of their files, those within the text
    comments: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()  # by its author, where changes are accepted; else what was put in


def _document(source: Path) -> str:
    """The part of a Word file that holds its text; empty where it has none."""
    return next((one for one in sorted(names_in(source)) if re.fullmatch(r"word/document\d*\.xml", one)), "")


def _word_texts(source: Path, changes: str) -> _Texts:
    unread = {"accept": (f"{W}del", f"{W}moveFrom"), "reject": (f"{W}ins", f"{W}moveTo"), "all": ()}[changes]
    inside: list[str] = []
    pictures: list[str] = []
    deleted: list[str] = []
    for name in (_document(source) or "word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
        root = xml_of(source, name)
        if root is not None:
            word.strip(root)
            inside += _paragraphs(root, f"{W}p", (f"{W}t", f"{W}delText"), (*unread, MC_FALLBACK))
            related = word.relations(partial(xml_of, source), name)
            pictures += [related.get(one, "") for one in _pictures(root, (*unread, MC_FALLBACK))]
            gone = root.iter(unread[0]) if unread else ()
            deleted += [wordml.words_in(one, f"{W}t", f"{W}delText") for one in gone]
    inside += _embedded(source)
    outside: list[str] = []
    for name in sorted(one for one in names_in(source) if re.fullmatch(r"word/(?:header|footer)\d*\.xml", one)):
        root = xml_of(source, name)
        outside += [] if root is None else _paragraphs(root, f"{W}p", (f"{W}t",), (MC_FALLBACK,))
    comments = xml_of(source, "word/comments.xml")
    said = [] if comments is None else [wordml.words_in(one, f"{W}t") for one in comments.iter(f"{W}comment")]
    return _Texts(tuple(inside), tuple(dict.fromkeys(outside)), _named(pictures), tuple(said), tuple(deleted))


_PICTURES = {f"{A}blip": f"{RELATIONS}embed", f"{VML}imagedata": f"{RELATIONS}id"}


def _pictures(root: etree._Element, skipped: tuple[str, ...]) -> Iterator[str]:
    """The relations of a Word text's pictures."""
    for one in root.iter(*_PICTURES):
        if not any(above.tag in skipped for above in one.iterancestors()):
            yield str(one.get(_PICTURES[str(one.tag)], ""))


def _named(parts: Iterable[str]) -> tuple[str, ...]:
    """The names of the files of pictures without their suffixes, each once."""
    return tuple(dict.fromkeys(Path(one).stem.lower() for one in parts if one))


def _embedded(source: Path) -> Iterator[str]:
    """The words of pages and texts that a Word document holds whole (altChunk), which nobody reads here."""
    name = _document(source) or "word/document.xml"
    root = xml_of(source, name)
    related = word.relations(partial(xml_of, source), name)
    for one in root.iter(f"{W}altChunk") if root is not None else ():
        data = part_of(source, related.get(str(one.get(f"{RELATIONS}id", "")), ""))
        if data and not zipfile.is_zipfile(io.BytesIO(data)):
            yield re.sub(r"(?s)<(style|script)\b.*?</\1>|<[^<>]*>", " ", data.decode("utf-8", "ignore"))


def _open_texts(source: Path) -> _Texts:
    root = xml_of(source, "content.xml")
    if root is None:
        return _Texts(())
    opendocument.strip(root, xml_of(source, "styles.xml"))
    skipped = (f"{TEXT}tracked-changes", f"{OFFICE}annotation", f"{TEXT}note-citation")
    words = [
        "".join(_within(element, skipped))
        for element in root.iter(f"{TEXT}p", f"{TEXT}h")
        if not any(above.tag in (*skipped, f"{TEXT}p", f"{TEXT}h") for above in element.iterancestors())
    ]
    pictures = (one for _, one in addresses(root) if posixpath.splitext(one)[1])  # others are drawn of formulas
    comments = ["".join(map(str, one.itertext())) for one in root.iter(f"{OFFICE}annotation")]
    deleted = ["".join(map(str, one.itertext())) for one in root.iter(f"{TEXT}deletion")]
    inside = tuple(one for one in words if one.strip())
    return _Texts(inside, (), _named(pictures), tuple(comments), tuple(deleted))


def _paragraphs(root: etree._Element, paragraph: str, kinds: tuple[str, ...], skipped: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for element in root.iter(paragraph):
        if any(above.tag in (*skipped, paragraph) for above in element.iterancestors()):
            continue
        found.append(
            "".join(
                one.text or ""
                for one in element.iter(*kinds)
                if not any(above.tag in skipped for above in one.iterancestors())
            )
        )
    return [one for one in found if one.strip()]


def _within(element: etree._Element, skipped: tuple[str, ...]) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in skipped and isinstance(child.tag, str):
            yield from _within(child, skipped)
        yield child.tail or ""


# Metadata ------------------------------------------------------------------------------------------------------------

_DC = "{http://purl.org/dc/elements/1.1/}"
_CORE = {
    "title": f"{_DC}title",
    "author": f"{_DC}creator",
    "description": f"{_DC}description",
    "keywords": f"{_DC}subject",
}


def _metadata(source: Path, meta: Mapping[str, Any], titles: Mapping[str, str], ledger: Ledger) -> dict[str, Any]:
    """The metadata in the text's title lines, then that in the file's properties."""
    styled = dict(titles) | {
        key: _meta_text(meta[key]) for key in ("title", "subtitle", "author", "date", "abstract") if key in meta
    }
    said: dict[str, Any] = {key: value for key, value in styled.items() if value}
    if isinstance(said.get("date"), str) and not re.match(r"\d{4}(?:-\d\d){0,2}$", said["date"]):
        ledger.decide("date-unread", 0, said["date"], "left out of book.yaml", "not a date of the form 2026-11-23")
        del said["date"]
    root = xml_of(source, "docProps/core.xml")
    if root is None:
        root = xml_of(source, "meta.xml")
    for key, tag in _CORE.items() if root is not None else ():
        element = next(root.iter(tag), None) if root is not None else None
        words = " ".join((element.text or "").split()) if element is not None else ""
        if not words or key in said or (key == "title" and _NO_TITLE.match(words)):
            continue
        if key == "author" and _NOBODY.fullmatch(words):
            continue
        said[key] = [words] if key == "keywords" else words
        if key in ("title", "author"):
            ledger.decide("metadata-found", 0, words, key, "from the file's properties: see whether it is right")
    return said


def _meta_text(value: Any) -> Any:
    kind, content = value["t"], value["c"]
    if kind == "MetaList":
        return [one for one in map(_meta_text, content) if one]
    return shared.tree_text(content).strip() if kind in ("MetaInlines", "MetaBlocks") else str(content)


# The text ------------------------------------------------------------------------------------------------------------


def _read(source: Path, form: str, texts: _Texts, ledger: Ledger, choices: Mapping[str, str]) -> Imported:
    ledger.file = source.name
    with tempfile.TemporaryDirectory() as folder:
        media = Path(folder)
        mode = "all" if choices["comments"] == "notes" else choices["track-changes"]
        options = [f"--track-changes={mode}"] if form == "docx" else []
        changes = choices["track-changes"]
        copy = _mended_open(source, media, ledger) if form == "odt" else _mended(source, media, changes, ledger)
        document, warnings = pandoc.read_document(copy.path, form, media, options)
        copy.path.unlink() if copy.path != source else None
        for warning in warnings:
            ledger.unread("pandoc", 0, warning, "pandoc says so of the document")
        pictures = {path: path.read_bytes() for path in sorted(media.rglob("*")) if path.is_file()}
    metadata = _metadata(source, document["meta"], copy.titles, ledger)
    blocks: list[Block] = with_formulas(document["blocks"], copy.formulas, ledger)
    blocks = with_sides(with_code(blocks))
    blocks = shared.mapped(blocks, lambda node: _tracked(node, choices, ledger))
    blocks = shared.mapped(blocks, with_marks)
    blocks, contents = _without_contents(blocks, ledger)
    before = shared.tree_text(blocks)
    blocks = shared.promoted(shared.tidied(blocks), ledger)
    blocks = _without_empty(blocks)
    blocks, assets = _placed(blocks, pictures, media, copy.described, ledger)
    there = [Path(one.path).stem for one in assets]
    for name in texts.pictures:
        if not any(one.endswith(name) for one in there):
            ledger.decide("image-left-out", 0, name, "not in the book", "it is placed where it cannot be read in order")
    blocks = _without_title_page(blocks, metadata, ledger)
    blocks, title = shared.levelled(blocks, str(metadata.get("title", "")), ledger)
    kept = "\n".join([before, contents, _meta_words(document["meta"]), *copy.titles.values()])
    shared.account("\n".join(texts.inside), kept, ledger, source.name, texts.inside)
    for words in texts.outside:
        ledger.decide(
            "header-left-out", 0, words, "not in the book", "a running header or footer: the theme has its own"
        )
    for words in texts.comments if choices["comments"] == "drop" else ():
        ledger.decide("comment-left-out", 0, words, "left out", "a comment in the margin")
    for words in filter(str.strip, texts.deleted):
        ledger.decide("change-left-out", 0, words, "left out", _CHANGES[choices["track-changes"]])
    shared.count_kinds(blocks, ledger)
    slug = slugify(source.stem)
    chapters = shared.as_chapters(_linked(shared.cut(blocks), ledger), slug, source.name, ledger)
    if title:
        metadata = {"title": title, **{key: value for key, value in metadata.items() if key != "title"}}
    if not chapters:
        raise PublishError("the document is empty", "Choose another file", Place(shown(source)))
    metadata.setdefault("title", source.stem)
    return Imported(metadata, chapters, assets, (File(source.name, source),), slug)


def _meta_words(meta: Mapping[str, Any]) -> str:
    return "\n".join(str(_meta_text(value)) for value in meta.values())


def _linked(pieces: list[list[Block]], ledger: Ledger) -> list[list[Block]]:
    names = shared.Names(len(pieces))
    return shared.cross_links(pieces, [names.next(shared.title_of(piece)) for piece in pieces], ledger)


def _tracked(node: Any, choices: Mapping[str, str], ledger: Ledger) -> Any:
    """Changes and comments that pandoc marks, as chosen."""
    if node.get("t") != "Span":
        return node
    (_, classes, pairs), inner = node["c"]
    changes, author = choices["track-changes"], dict(pairs).get("author", "")
    if "insertion" in classes or "deletion" in classes:
        if changes != "all":
            return inner if ("insertion" in classes) == (changes == "accept") else []
        ledger.count("tracked changes")
        return [{"t": "Underline" if "insertion" in classes else "Strikeout", "c": inner}]
    if "comment-start" in classes:
        words = shared.tree_text(inner).strip()
        if choices["comments"] == "drop":
            ledger.decide("comment-left-out", 0, words, "not in the book", f"a comment by {author or 'somebody'}")
            return []
        note: list[Inline] = [string(f"批注（{author}）：" if author else "批注："), *inner]
        ledger.count("comments")
        return [{"t": "Note", "c": [{"t": "Para", "c": note}]}]
    if {"comment-end", "paragraph-insertion", "paragraph-deletion"} & set(classes):
        return []
    return node


def _without_contents(blocks: list[Block], ledger: Ledger) -> tuple[list[Block], str]:
    """The blocks without a table of contents that the word processor made, and its text."""
    kept, dropped = [], []
    for one in blocks:
        if one["t"] == "Header" and "TOC-Heading" in one["c"][1][1]:
            dropped.append(text(one["c"][2]))
            continue
        links = one["c"] if one["t"] in ("Para", "Plain") else []
        inner = [node for node in links if node["t"] not in ("Space", "SoftBreak", "LineBreak")]
        if inner and all(node["t"] == "Link" and _leads_down(node) for node in inner):
            dropped.append(text(links))
        else:
            kept.append(one)
    if dropped:
        ledger.decide(
            "contents-left-out",
            0,
            dropped[0],
            "not in the book",
            f"a table of contents of {len(dropped)} lines: publish makes its own",
        )
    return kept, "\n".join(dropped)


def _leads_down(link: Inline) -> bool:
    """Whether a link is a line of a contents: to one of Word's own marks, or to a heading, with a page's number."""
    url = link["c"][2][0]
    paged = url.startswith("#") and bool(re.search(r"\S.*\D[0-9]{1,4}$", text(link["c"][1]).strip()))
    return bool(re.match(r"#_+(?:Toc|RefHeading)", url)) or paged


def _without_title_page(blocks: list[Block], metadata: dict[str, Any], ledger: Ledger) -> list[Block]:
    """The blocks without opening paragraphs that only give title and authors, which publish sets itself."""
    authors = metadata.get("author", "")
    said = [
        metadata.get("title", ""),
        metadata.get("subtitle", ""),
        *([authors] if isinstance(authors, str) else authors),
    ]
    at = 0
    while (
        at < len(blocks)
        and blocks[at]["t"] in ("Para", "Plain")
        and text(blocks[at]["c"]).strip() in filter(None, said)
    ):
        ledger.decide(
            "title-left-out", 0, text(blocks[at]["c"]), "in book.yaml only", "the title page is made from there"
        )
        at += 1
    if metadata.get("title") and not authors and [one["t"] for one in blocks[at : at + 2]] == ["Para", "Header"]:
        name = _NAME.fullmatch(text(blocks[at]["c"]).strip())
        if name and shared.heading_level(name[0]) is None and name[0] not in _NO_NAME:
            metadata["author"] = name["name"]
            ledger.decide(
                "metadata-found", 0, name[0], "author", "it stands alone below the title: see whether it is right"
            )
            at += 1
    return blocks[at:]


# Headings of Word ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Copy:
    """A copy of a document that pandoc reads whole, and what was found on the way."""

    path: Path
    formulas: list[etree._Element] = field(default_factory=list)
    titles: Mapping[str, str] = field(default_factory=dict)
    described: Mapping[str, str] = field(default_factory=dict)  # pictures, by the names of their files


def _mended(source: Path, folder: Path, changes: str, ledger: Ledger) -> _Copy:
    """A copy of a Word document of which pandoc reads all: each paragraph with an outline level is a heading, too.

    Word shows both in its outline; pandoc knows headings by the names of their styles alone.
    """
    name = _document(source)
    root = xml_of(source, name) if name else None
    styles = xml_of(source, "word/styles.xml")
    if root is None:
        return _Copy(source)
    made = _mended_parts(source, name, root, changes, ledger)
    outlined = WordOutline(styles)
    changed = [one for one in root.iter(f"{W}p") if outlined.give(one)]
    if styles is not None and name_quotations(styles):
        made["word/styles.xml"] = styles
    if changed and styles is not None:
        outlined.define(styles)
        made |= {name: root, "word/styles.xml": styles}
    return _Copy(_copied(source, folder / "text.docx", made) if made else source)


def _mended_parts(
    source: Path, name: str, root: etree._Element, changes: str, ledger: Ledger
) -> dict[str, etree._Element]:
    """The text, the notes and what of them was mended, by their names in the document."""
    made: dict[str, etree._Element] = {}
    for part in (name, "word/footnotes.xml", "word/endnotes.xml"):
        there = root if part == name else xml_of(source, part)
        if there is not None and word.mend(
            there, partial(xml_of, source), partial(part_of, source), part, changes, ledger
        ):
            made[part] = there
    return made


def _copied(
    source: Path, copy: Path, made: Mapping[str, etree._Element], added: Mapping[str, bytes] = MappingProxyType({})
) -> Path:
    with zipfile.ZipFile(source) as opened, zipfile.ZipFile(copy, "w") as written:
        for item in opened.infolist():
            if item.filename in made:
                data = etree.tostring(made[item.filename], encoding="utf-8", xml_declaration=True)
                written.writestr(item.filename, data)
            elif not item.is_dir():
                written.writestr(item.filename, opened.read(item))
        for name, data in added.items():
            written.writestr(name, data)
    return copy


# Formulas of OpenDocument -------------------------------------------------------------------------------------------


def _mended_open(source: Path, folder: Path, ledger: Ledger) -> _Copy:
    """A copy of an OpenDocument text of which pandoc reads all: each formula is a mark with its number."""
    root = xml_of(source, "content.xml")
    if root is None:
        return _Copy(source)
    formulas = with_places(source, root)
    pictures = moved_pictures(source, root)
    found = opendocument.mend(root, xml_of(source, "styles.xml"), ledger)
    described = {Path(path).name: words for path, words in found.described.items()}
    path = _copied(source, folder / "text.odt", {"content.xml": root}, pictures)
    return _Copy(path, formulas, found.titles, described)


def _without_empty(blocks: list[Block]) -> list[Block]:
    return [one for one in blocks if one["t"] not in ("Para", "Plain", "Header") or _has_content(one)]


def _has_content(block: Block) -> bool:
    inlines = block["c"][2] if block["t"] == "Header" else block["c"]
    return bool(text(inlines).strip()) or any(
        one["t"] not in ("Space", "SoftBreak", "LineBreak", "Str") for one in inlines
    )


def _placed(
    blocks: list[Block], pictures: Mapping[Path, bytes], media: Path, described: Mapping[str, str], ledger: Ledger
) -> tuple[list[Block], tuple[File, ...]]:
    """The blocks with each picture's address made `images/…`, and the pictures."""
    found: dict[str, File] = {}

    def change(node: Any) -> Any:
        if node.get("t") != "Image":
            return node
        attributes, alt, (url, title) = node["c"]
        path = Path(url)
        if path not in pictures:
            return node
        name = f"images/{path.relative_to(media).name.lower()}"
        found[name] = File(name, pictures[path])
        if path.suffix.lower() not in shared.IMAGE_KINDS:
            ledger.unread("image-kind", 0, name, "not PNG, JPEG, GIF, WebP or SVG: save it as one of these")
        said = described.get(path.name, "")
        if said and not dict(attributes[2]).get("alt"):
            attributes = [attributes[0], attributes[1], [*attributes[2], ["alt", said]]]
        if not text(alt).strip() and not dict(attributes[2]).get("alt"):
            ledger.decide(
                "alt-missing", 0, name, "left empty: describe the picture", "the document has no alternative text"
            )
        sizes = [[key, value] for key, value in attributes[2] if key not in ("width", "height")]
        return {**node, "c": [["", [], sizes], alt, [name, title]]}

    return shared.mapped(blocks, change), tuple(found.values())
