"""book.yaml, or the front matter of a single file, read into a frozen Project."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from publish.cache import NONE, Cache
from publish.convert.decisions import Decisions
from publish.convert.glossary import Glossary
from publish.errors import Faults, Place, PublishError, UsageError
from publish.findings import Finding
from publish.formats import names as format_names
from publish.regions import REGIONS, Region, region
from publish.source.beside import (
    GLOSSARY_FILE,
    decisions_file,
    definitions,
    glossary_file,
    glossary_of,
    index_terms,
    read_decisions,
    strange_decisions,
    strange_terms,
    style_sheets,
)
from publish.source.chapters import BOOK_FILE, ChapterFile, read_chapters, told, walk
from publish.source.features.defined import Definition
from publish.source.features.indexing import IndexTerm
from publish.source.features.notes import NoteSettings
from publish.source.pictures.locked import Lock, read_lock
from publish.source.settings.editions import EditionSettings, read_editions, read_formats
from publish.source.settings.frontmatter import front_matter
from publish.source.settings.given import merge_metadata, of_format
from publish.source.settings.isbn import isbn_of
from publish.source.settings.kept import read_settings
from publish.source.settings.literature import Citing, read_citing
from publish.source.settings.metadata import Metadata
from publish.source.settings.page import Page, read_page, unprofiled
from publish.source.settings.repository import Repository, read_repository
from publish.source.slugs import slugify
from publish.textfile import MARKDOWN, read_text, shown
from publish.themes import Theme, read_theme, theme_names
from publish.yamlfile import KeyPath, YamlDocument, read_yaml

if TYPE_CHECKING:
    from publish.source.settings.schema import BookModel, MetadataModel

DEFAULT_EDITIONS = ("zh-CN", "zh-TW", "zh-HK")


@dataclass(frozen=True)
class Project:
    """A book's settings: where its files are, what it says of itself, which editions and formats it wants."""

    root: Path
    file: Path
    slug: str
    source: Region
    metadata: Metadata
    chapters: tuple[ChapterFile, ...]
    editions: tuple[EditionSettings, ...]
    unnamed: tuple[EditionSettings, ...]
    formats: tuple[str, ...]
    glossary: Glossary
    theme: str
    page: Page
    css: tuple[Path, ...]
    toc: bool
    toc_depth: int
    number_sections: bool
    findings: tuple[Finding, ...] = ()
    settings: Mapping[KeyPath, int] | None = None
    url: str = ""
    repository: Repository | None = None
    offline: bool = False
    decisions: Decisions = Decisions.empty
    glossary_file: Path = Path(GLOSSARY_FILE)
    locked: Lock = field(default_factory=lambda: Lock(Path()))
    math_macros: Mapping[str, str] = field(default_factory=dict)  # TeX by name, without its backslash
    original_images: bool = False  # `images: original`
    definitions: tuple[Definition, ...] = ()
    definitions_file: Path | None = None
    flat_drawings: bool = False  # `drawings: picture`
    index_terms: tuple[IndexTerm, ...] = ()
    index_file: Path | None = None
    notes: NoteSettings = field(default_factory=NoteSettings)
    citing: Citing = field(default_factory=Citing)
    lines: Literal["keep", "join"] | None = None  # within paragraphs; None: as each file shows
    form: Literal["book", "article"] | None = None  # None: as its chapters show
    register: str = ""  # of the writing (`convert.REGISTERS`); "": told block by block

    @property
    def single_file(self) -> bool:
        """Whether the book is one Markdown file with its settings in front."""
        return self.file.suffix.lower() in MARKDOWN

    @property
    def decisions_file(self) -> Path:
        """Where the decisions of an editor are kept, whether there are any or not."""
        return decisions_file(self.root, self.file)

    def is_foreign(self, tag: str) -> bool:
        """Whether a language, by its tag, is another than the book's own."""
        try:
            return region(tag).variety != self.source.variety
        except UsageError:
            return True

    def place(self, *path: str) -> Place:
        """The place of a setting."""
        document = YamlDocument(None, shown(self.file), self.settings or {})
        return document.place(path)

    def edition(self, key: str) -> EditionSettings:
        """The settings of an edition by key; a region that the book does not name has those of the whole book."""
        named = {edition.key.lower(): edition for edition in (*self.unnamed, *self.editions)}
        if key.lower() in named:
            return named[key.lower()]
        for tag in (key, f"zh-{key}"):  # zh-Hant and tw are zh-TW, where the book calls nothing else so
            with suppress(UsageError):
                return named[region(tag).key.lower()]
        known = list(dict.fromkeys([*(edition.key for edition in self.editions), *REGIONS]))
        raise UsageError(f'unknown edition "{key}"', f"Choose one of {', '.join(known)}")


_IMPORTED = frozenset([".docx", ".odt", ".epub", ".txt", ".html", ".htm", ".mhtml", ".doc", ".rtf", ".ipynb"])


def read_project(source: Path, cache: Cache = NONE) -> Project:
    """Read the settings of a book: a folder (with or without book.yaml) or a Markdown file.

    What the schema says of them is kept in the cache.

    Raises `PublishError` with file, line and key for whatever is missing, broken or not allowed.
    """
    source = Path(source).absolute()
    if source.is_dir():
        if source.suffix.lower() in MARKDOWN:
            raise PublishError(
                "this is a folder, not a Markdown file", "Give the folder another name", Place(shown(source))
            )
        return _read_folder(source, cache)
    if not source.exists():
        raise PublishError(
            "no such file or folder",
            _meant(source) or "Give a folder with book.yaml, or a Markdown file",
            Place(shown(source)),
        )
    if source.name == BOOK_FILE:
        return _read_folder(source.parent, cache)
    if source.suffix.lower() not in MARKDOWN:
        remedy = "Give a folder with book.yaml, or a file that ends in .md"
        if source.suffix.lower() in _IMPORTED:
            remedy = f"Import it first: publish import {shown(source)} -o my-book"
        raise PublishError("this is not a Markdown file", remedy, Place(shown(source)))
    front, _ = front_matter(read_text(source), shown(source))
    return _project(source.parent, source, source, front, Faults(), cache)


def _meant(source: Path) -> str:
    """Which path may have been meant by one with a slip in it; empty where none is like it."""
    above = next(one for one in source.parents if one.is_dir())
    missing, *inner = source.relative_to(above).parts
    with suppress(OSError):
        there = {one.name.lower(): one for one in above.iterdir() if one.is_dir() or one.suffix.lower() in MARKDOWN}
        if close := difflib.get_close_matches(missing.lower(), there, n=1):
            return f'Did you mean "{shown(there[close[0]].joinpath(*inner))}"?'
    return ""


def _read_folder(root: Path, cache: Cache) -> Project:
    file = root / BOOK_FILE
    if not file.exists():
        _refuse_books_inside(root)
        if not any(walk(root)):
            remedy = "Start a book with: publish init DIR"
            if root.is_dir() and any(one.suffix.lower() in _IMPORTED for one in root.iterdir()):
                remedy = f"Import it first: publish import {shown(root)} -o my-book"
            problem = "this folder has neither book.yaml nor a Markdown file"
            raise PublishError(problem, remedy, Place(shown(root)))
        project = _project(root, file, *_of_only_file(root, file), Faults(), cache)
        return replace(project, findings=(*project.findings, told(root, project.chapters)))
    faults = Faults()
    document = YamlDocument({}, shown(file))
    with faults.kept():
        document = read_yaml(read_text(file), shown(file))
    return _project(root, file, file, document, faults, cache)


def _refuse_books_inside(root: Path) -> None:
    """Raise `PublishError` for a folder without settings whose own folders are books: their chapters would be mixed."""
    books = sorted(one.parent for one in root.glob(f"*/{BOOK_FILE}") if not one.parent.name.startswith("."))
    if books:
        names = ", ".join(one.name for one in books[:5])
        remedy = f"Name the one that you mean: {shown(books[0])}"
        raise PublishError(f"no {BOOK_FILE} is here, but in its folders: {names}", remedy, Place(shown(root)))


def _of_only_file(root: Path, file: Path) -> tuple[Path, YamlDocument]:
    """Whose settings are those of a folder without book.yaml: what its only file says of itself is said of the book."""
    chapters = list(walk(root))
    if len(chapters) > 1:
        return file, YamlDocument({}, shown(file))
    only = chapters[0].path
    front, _ = front_matter(read_text(only), shown(only))
    from publish.source.settings.schema import BookModel, MetadataModel  # noqa: PLC0415  # loads pydantic

    whole = BookModel.model_fields.keys() - MetadataModel.model_fields.keys() - {"lang"}
    settings = {name: value for name, value in front.data.items() if str(name).replace("-", "_") not in whole}
    return only, replace(front, data=settings)


def _project(root: Path, file: Path, head: Path, document: YamlDocument, faults: Faults, cache: Cache) -> Project:
    """The settings in `document`, of `head`, with what else the folder says. All faults are raised at the end."""
    document = _keyed(document)
    settings = read_settings(head, document, faults, cache)
    model, findings = settings.book, settings.findings
    book = faults.tried(_lang, REGIONS[DEFAULT_EDITIONS[0]], model, document)
    metadata = merge_metadata(Metadata(), model.given())
    formats = faults.tried(read_formats, (), model.formats, document, ("formats",)) or format_names()
    theme, strange = faults.tried(_theme, (read_theme("book"), []), model, document, file)
    theme = theme.with_notes_in_margin() if model.notes.place == "margin" else theme
    page = faults.tried(read_page, read_page(settings.page, theme, document, root), model.page, theme, document, root)
    terms = faults.tried(glossary_file, YamlDocument(None, ""), root, model, document)
    glossary = faults.tried(glossary_of, Glossary.empty, terms)
    wanted = model.editions or dict.fromkeys(DEFAULT_EDITIONS, settings.edition)
    editions = read_editions(wanted, model, book, formats, document, root, theme, faults)
    decisions = faults.tried(read_decisions, Decisions.empty, decisions_file(root, file))
    locked = faults.tried(read_lock, Lock(root), root)
    chapters = faults.tried(read_chapters, (), root, file, model, document, settings.numbers, faults)
    citing = read_citing(root, model, document, faults)
    css = style_sheets(root, model, document, faults)
    macros = faults.tried(_macros, {}, model, document, file)
    defined = faults.tried(definitions, (), root, model, document)
    indexed = faults.tried(index_terms, (), root, model, document)
    findings = (
        *findings,
        *_lacking(metadata, document, faults),
        *_wrong_isbns(model, document),
        *strange,
        *unprofiled(page, document),
    )
    findings = (*findings, *strange_decisions(decisions, editions), *strange_terms(glossary, editions, terms))
    if faults:
        _tell(faults, findings, () if file.suffix.lower() in MARKDOWN else chapters)
    others = {key: settings.edition for key in REGIONS if key not in wanted}
    unnamed = read_editions(others, model, book, formats, document, root, theme, faults)
    faults.tell(findings)
    return Project(
        root=root,
        file=file,
        slug=model.slug or _slug(root, file, metadata.title),
        source=book,
        metadata=metadata,
        chapters=chapters,
        editions=editions,
        unnamed=unnamed,
        formats=formats,
        glossary=glossary,
        theme=theme.name,
        page=page,
        css=css,
        toc=model.toc,
        toc_depth=model.toc_depth,
        number_sections=model.number_sections,
        math_macros=macros,
        findings=findings,
        settings=document.lines,
        url=f"{model.url.rstrip('/')}/" if model.url else "",
        repository=read_repository(model.repository) if model.repository else None,
        offline=model.offline,
        decisions=decisions,
        glossary_file=root / (model.glossary or GLOSSARY_FILE),
        locked=locked,
        original_images=model.images == "original",
        definitions=defined,
        definitions_file=root / model.definitions if model.definitions else None,
        flat_drawings=model.drawings == "picture",
        index_terms=indexed,
        index_file=root / model.index if model.index else None,
        notes=NoteSettings(model.notes.numbered, model.notes.place),
        citing=citing,
        lines=model.lines,
        form=model.form,
        register=model.register_ or "",
    )


def _keyed(document: YamlDocument) -> YamlDocument:
    """The settings, none where nothing is said. Raises `PublishError` for what is not made of keys."""
    if document.data is None:
        return replace(document, data={})
    if not isinstance(document.data, dict):
        problem, remedy = "the settings are not made of keys and values", 'Write "key: value" lines'
        raise PublishError(problem, remedy, document.place(()))
    return document


def _tell(faults: Faults, findings: tuple[Finding, ...], chapters: Iterable[ChapterFile]) -> None:
    """Raise what is wrong with the settings, and with the front matter of chapters: nobody else will look at these."""
    for chapter in chapters:
        with faults.kept():
            front_matter(read_text(chapter.path), shown(chapter.path))
    faults.tell(findings)


# Names of folders that say nothing of the book in them.
_NAMELESS = frozenset(["src", "source", "docs", "doc", "content", "posts", "_posts"])


def _slug(root: Path, file: Path, title: str) -> str:
    """What a book that names no slug is called in its files: its file's or folder's name, else its title."""
    if file.suffix.lower() in MARKDOWN:
        return slugify(file.stem)
    name = root.name.lower()
    return slugify(title) if name in _NAMELESS and title else slugify(root.name)


def _lang(model: BookModel, document: YamlDocument) -> Region:
    try:
        return region(model.lang)
    except UsageError as error:
        raise PublishError(error.problem, error.remedy, document.place(("lang",))) from error


_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def _macros(model: BookModel, document: YamlDocument, file: Path) -> Mapping[str, str]:
    """The macros of formulas; in YAML a space and # begin a comment, so that one with arguments needs quotes."""
    typed = {str(name).lstrip("\\"): name for name in document.data.get("math-macros") or {}}
    for name, body in model.math_macros.items():
        place = document.place(("math-macros", typed.get(name, name)))
        row = read_text(file).splitlines()[place.line - 1] if place.line else ""
        if "#" not in body and re.search(r"\s#[1-9]", _QUOTED.sub("", row)):
            raise PublishError(
                f"the macro {name} ends before its #, which begins a comment in YAML",
                "Put it between single quotes: '…'",
                place,
            )
    return model.math_macros


_MARKED = re.compile(r"(?<!\*)(\*{1,3})(?=[^\s*])[^*]+(?<=[^\s*])\1(?!\*)|`[^`]+`|\[[^\]]+\]\([^)\s]+\)")


def _lacking(metadata: Metadata, document: YamlDocument, faults: Faults) -> Iterator[Finding]:
    """What every book should say of itself and this one does not: its title (which a fault may have held), a year."""
    if not metadata.title and not faults:
        problem, remedy = "the book has no title", "Add title: to the settings"
        yield Finding("meta-title", "warning", document.place(()), problem, remedy)
    if marked := _MARKED.search(metadata.title):
        problem = f"a title is plain text, in which marks of Markdown stand as typed: {marked[0][:40]}"
        yield Finding("meta-title", "warning", document.place(("title",)), problem, "Take the marks out of it")
    if metadata.date and not re.search(r"\d{4}", metadata.date):
        problem = f'the date "{metadata.date[:40]}" has no year'
        yield Finding("meta-date", "warning", document.place(("date",)), problem, "Write it as 2026-05-01")


def _wrong_isbns(model: BookModel, document: YamlDocument) -> Iterator[Finding]:
    """ISBNs that a shop would refuse: of the book, of an edition, of a format."""
    said: list[tuple[tuple[str, ...], MetadataModel]] = [((), model)]
    said += [(("editions", key), one) for key, one in (model.editions or {}).items()]
    for path, above in tuple(said[1:]):
        said += [((*path, name), one) for name in format_names() if (one := of_format(above, name))]
    for path, one in said:
        isbn = isbn_of(merge_metadata(Metadata(), one.given()).identifiers)
        if isbn and isbn.wrong:
            problem = f"the last digit of the ISBN {isbn.printed} does not check the others"
            yield Finding(
                "meta-isbn",
                "warning",
                document.place((*path, "identifier")),
                problem,
                "Compare it with what the agency gave you",
            )


def _theme(model: BookModel, document: YamlDocument, file: Path) -> tuple[Theme, list[Finding]]:
    """The book's theme; of a single file's front matter, one that another tool has (smartblue) is told and not used."""
    known, place = theme_names(), document.place(("theme",))
    if model.theme in known:
        return read_theme(model.theme), []
    problem, remedy = f'unknown theme "{model.theme}"', f"Choose from {', '.join(known)}"
    if file.suffix.lower() in MARKDOWN and not difflib.get_close_matches(model.theme, known):
        return read_theme("book"), [Finding("set-unused", "note", place, problem, remedy)]
    raise PublishError(problem, remedy, place)
