"""book.yaml, or the front matter of a single file, read into a frozen Project."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from publish.convert.decisions import Decisions, read_decisions_data
from publish.convert.glossary import Glossary, read_glossary_data
from publish.convert.native import known as known_configurations
from publish.convert.quotes import Mode
from publish.convert.style import PLAIN, Style
from publish.convert.styles import read_style
from publish.convert.terms import Pack, joined, read_pack
from publish.errors import Place, PublishError, UsageError
from publish.findings import Finding
from publish.formats import find
from publish.formats import names as format_names
from publish.regions import REGIONS, Fonts, Region, configurations, region
from publish.source.locked import Lock, read_lock
from publish.source.metadata import AUTHOR, EDITOR, TRANSLATOR, Accessibility, Identifier, Metadata, Person
from publish.source.page import Page, read_page
from publish.source.schema import (
    FOREIGN_KEYS,
    BookModel,
    EditionModel,
    EpubSettingsModel,
    FileModel,
    FontsModel,
    HtmlSettingsModel,
    IdentifierModel,
    MetadataModel,
    PageModel,
    PartModel,
    PersonModel,
    TitleModel,
)
from publish.textfile import read_text, shown
from publish.themes import Theme, read_theme, theme_names
from publish.yamlfile import KeyPath, YamlDocument, read_yaml

DEFAULT_EDITIONS = ("zh-CN", "zh-TW", "zh-HK")
BOOK_FILE = "book.yaml"
GLOSSARY_FILE = "glossary.yaml"
DECISIONS_FILE = "decisions.yaml"
MARKDOWN = (".md", ".markdown")
LONGEST_SLUG = 60


@dataclass(frozen=True)
class ChapterFile:
    """One Markdown file of the book, and the title of the part that it opens, if it opens one.

    `level` counts the files that it stands under: 0 for a chapter. `title` is the contents' where the file has none. A
    group without a file has the path of the first file under it and `grouping`.
    """

    path: Path
    part: str = ""
    inside: bool = False
    level: int = 0
    title: str = ""
    grouping: bool = False


@dataclass(frozen=True)
class EditionSettings:
    """One edition as the book wants it: a region, possibly with overrides, and metadata for it and for its formats."""

    key: str
    region: Region
    configurations: tuple[str, ...]
    quotes: Mode
    formats: tuple[str, ...]
    overrides: Mapping[str, Any]
    format_overrides: Mapping[str, Mapping[str, Any]]
    style: Style = PLAIN
    packs: tuple[Pack, ...] = ()
    vertical: bool = False
    sort_by: str = "pinyin"
    page: Page | None = None  # None: the book's
    embed: tuple[str, ...] | None = None  # weights of the body face in the EPUB; None: as the book's length commends
    web_fonts: tuple[str, ...] = ()  # faces that come with the web pages: regular, bold, heading

    @property
    def name(self) -> str:
        """What readers call this edition: 简体中文版, 臺灣正體版."""
        return self.region.words.name

    @property
    def keys(self) -> tuple[str, ...]:
        """The names that a manuscript may call this edition by: its own key, then its region's."""
        return tuple(dict.fromkeys((self.key, self.region.key)))


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
    decisions: Decisions = Decisions.empty
    glossary_file: Path = Path(GLOSSARY_FILE)
    locked: Lock = field(default_factory=lambda: Lock(Path()))
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
        for edition in (*self.editions, *self.unnamed):
            if edition.key.lower() == key.lower():
                return edition
        known = list(dict.fromkeys([*(edition.key for edition in self.editions), *REGIONS]))
        raise UsageError(f'unknown edition "{key}"', f"Choose one of {', '.join(known)}")


def read_project(source: Path) -> Project:
    """Read the settings of a book: a folder (with or without book.yaml) or a Markdown file.

    Raises `PublishError` with file, line and key for whatever is missing, broken or not allowed.
    """
    source = Path(source).absolute()
    if source.is_dir():
        if source.suffix.lower() in MARKDOWN:
            raise PublishError(
                "this is a folder, not a Markdown file", "Give the folder another name", Place(shown(source))
            )
        return _read_folder(source)
    if not source.exists():
        raise PublishError(
            "no such file or folder", "Give a folder with book.yaml, or a Markdown file", Place(shown(source))
        )
    if source.name == BOOK_FILE:
        return _read_folder(source.parent)
    if source.suffix.lower() not in MARKDOWN:
        raise PublishError(
            "this is not a Markdown file",
            "Give a folder with book.yaml, or a file that ends in .md",
            Place(shown(source)),
        )
    front, _ = front_matter(read_text(source), shown(source))
    return _project(source.parent, source, front)


def _read_folder(root: Path) -> Project:
    file = root / BOOK_FILE
    if not file.exists():
        if not any(_walk(root)):
            raise PublishError(
                "this folder has neither book.yaml nor a Markdown file",
                "Start a book with: publish init DIR",
                Place(shown(root)),
            )
        return _project(root, file, YamlDocument({}, shown(file)))
    return _project(root, file, read_yaml(read_text(file), shown(file)))


def front_matter(text: str, file: str) -> tuple[YamlDocument, int]:
    """The YAML block that a Markdown text begins with, and the number of lines that it takes.

    Raises `PublishError` for a block that is never closed or is no mapping.
    """
    lines = text.split("\n")
    if lines[0].rstrip() == "+++":
        return _toml(lines, file)
    if lines[0].rstrip() != "---" or len(lines) == 1 or not lines[1].strip():
        return YamlDocument({}, file), 0
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            document = read_yaml("\n".join(lines[1:number]), file, first_line=2)
            if document.data is None:
                return YamlDocument({}, file), number + 1
            if not isinstance(document.data, dict):
                raise PublishError(
                    "the front matter is not made of keys and values",
                    'Write "key: value" lines between the --- lines',
                    Place(file, 2),
                )
            return document, number + 1
    raise PublishError("the front matter is never closed", "Put a line of --- after its last key", Place(file, 1))


def _toml(lines: list[str], file: str) -> tuple[YamlDocument, int]:
    """Front matter in TOML, between lines of +++, as Hugo has it."""
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == "+++"), 0)
    if not end:
        raise PublishError("the front matter is never closed", "Put a line of +++ after its last key", Place(file, 1))
    try:
        data = tomllib.loads("\n".join(lines[1:end]))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise PublishError(
            f"this is not TOML: {str(error).partition(' (')[0]}",
            "Check the quotation marks and brackets there",
            Place(file, int(line[1]) + 1 if line else 1),
        ) from error
    rows: dict[KeyPath, int] = {(): 1}
    for number, row in enumerate(lines[1:end], start=2):
        key = re.match(r"^([\w-]+)\s*=", row)
        if key:
            rows.setdefault((key[1],), number)
    plain = {key: _plain(value) for key, value in data.items()}
    return YamlDocument(plain, file, rows), end + 1


def _plain(value: Any) -> Any:
    """A value of TOML as YAML would give it: dates are text."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def _project(root: Path, file: Path, document: YamlDocument) -> Project:
    if document.data is None:
        document = replace(document, data={})
    if not isinstance(document.data, dict):
        raise PublishError(
            "the settings are not made of keys and values", 'Write "key: value" lines', document.place(())
        )
    known, findings = _own_keys(file, document)
    model = _validated(known, document)
    book = _lang(model, document)
    metadata = merge_metadata(Metadata(), given(model))
    if not metadata.title:
        findings = (
            *findings,
            Finding("meta-title", "warning", document.place(()), "the book has no title", "Add title: to the settings"),
        )
    slug = model.slug or _slug(root, file, metadata.title)
    formats = _formats(model.formats, document, ("formats",)) or format_names()
    glossary = _glossary(root, model, document)
    theme = _theme(model, document)
    wanted = model.editions or {key: EditionModel() for key in DEFAULT_EDITIONS}
    editions = _editions(wanted, model, book, formats, document, root, theme)
    others = {key: EditionModel() for key in REGIONS if key not in wanted}
    unnamed = _editions(others, model, book, formats, document, root, theme)
    decisions = read_decisions(decisions_file(root, file))
    findings = (*findings, *_strange_decisions(decisions, editions))
    return Project(
        root=root,
        file=file,
        slug=slug,
        source=book,
        metadata=metadata,
        chapters=_chapters(root, file, model, document),
        editions=editions,
        unnamed=unnamed,
        formats=formats,
        glossary=glossary,
        theme=theme.name,
        page=read_page(model.page, theme, document),
        css=tuple(_css(root, name, index, document) for index, name in enumerate(model.css or ())),
        toc=model.toc,
        toc_depth=model.toc_depth,
        number_sections=model.number_sections,
        findings=findings,
        settings=document.lines,
        url=f"{model.url.rstrip('/')}/" if model.url else "",
        decisions=decisions,
        glossary_file=root / (model.glossary or GLOSSARY_FILE),
        locked=read_lock(root),
        register=model.register_ or "",
    )


# Keys that a slip of the hand makes of ours are told; all others in front of a text are another tool's.
_CLOSE = 0.75


def _own_keys(file: Path, document: YamlDocument) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """The settings that mean something here, and a note of those of other tools."""
    front = file.suffix.lower() in MARKDOWN
    # In front of a single file, `url` is where somebody clipped the text from.
    foreign = {
        name for name in document.data if name in FOREIGN_KEYS or (front and _is_foreign(str(name), document.data))
    }
    known = {name: value for name, value in document.data.items() if name not in foreign}
    if front and isinstance(known.get("date"), str):
        known["date"] = re.sub(r"[T ]\d\d:.*$", "", known["date"])
    if not foreign:
        return known, ()
    names = [str(name) for name in document.data if name in foreign]
    listed = ", ".join(f'"{name}"' for name in names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")  # noqa: PLR2004  # as many as a line shows
    verb = "means" if len(names) == 1 else "mean"
    note = Finding(
        "set-unused",
        "note",
        document.place((names[0],)),
        f"{listed} {verb} nothing to publish and is not used"
        if len(names) == 1
        else f"{listed} {verb} nothing to publish and are not used",
        "Leave it to the tool that reads it, or remove it",
    )
    return known, (note,)


def _is_foreign(name: str, data: Mapping[str, Any]) -> bool:
    own = {str(field.alias or key) for key, field in BookModel.model_fields.items()}
    if name in own or name.replace("-", "_") in BookModel.model_fields:
        return name == "url" or (name == "source" and not isinstance(data[name], str | int))
    close = difflib.get_close_matches(name, own, n=1, cutoff=_CLOSE)
    return not close or name in ("lastmod", "updated", "dates")


# Names of folders that say nothing of the book in them.
_NAMELESS = frozenset(["src", "source", "docs", "doc", "content", "posts", "_posts"])


def _slug(root: Path, file: Path, title: str) -> str:
    """What a book that names no slug is called in its files: its file's or folder's name, else its title."""
    if file.suffix.lower() in MARKDOWN:
        return slugify(file.stem)
    name = root.name.lower()
    return slugify(title) if name in _NAMELESS and title else slugify(root.name)


def _validated(data: dict[str, Any], document: YamlDocument) -> BookModel:
    try:
        return BookModel.model_validate(data)
    except ValidationError as error:
        raise _schema_error(error, document) from error


# Pydantic's names of faults, in the words of book.yaml.
_WANTED = {
    "string_type": "a text",
    "list_type": "a list",
    "dict_type": 'a map of "key: value"',
    "model_type": 'a map of "key: value"',
    "model_attributes_type": 'a map of "key: value"',
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
}


def _schema_error(error: ValidationError, document: YamlDocument) -> PublishError:
    """The first fault of a schema, told with file, line, key and what is allowed."""
    details = error.errors(include_url=False)
    first = min(
        details,
        key=lambda one: (
            document.line(_keys(one["loc"], document)),
            one["type"] != "value_error",
            -len(one["loc"]),
        ),
    )
    path = _keys(first["loc"], document)
    kind, context = first["type"], first.get("ctx", {})
    if kind == "extra_forbidden":
        problem = f'unknown key "{path[-1]}"'
        remedy = _allowed_keys(str(path[-1]), path[:-1])
    elif kind == "literal_error":
        problem, remedy = f'"{first["input"]}" is not allowed here', f"Write {context['expected']}"
    elif kind == "missing":
        problem, remedy = f'"{path[-1] if path else "?"}" is missing', "Add it"
    else:
        message = first["msg"].removeprefix("Value error, ")
        wanted = f"this must be {_WANTED[kind]}" if kind in _WANTED else f"{message[0].lower()}{message[1:]}"
        problem, remedy = f"{wanted}, not {first['input']!r:.60}", "See: publish schema"
    return PublishError(problem, remedy, document.place(path))


def _keys(location: tuple[int | str, ...], document: YamlDocument) -> KeyPath:
    """Pydantic's location without the names of models and validators that it threads in."""
    path: KeyPath = ()
    for step in location:
        named = not re.search(r"\[.*\]$|^[A-Z]\w+Model$", str(step))
        if (*path, step) in document.lines or (step == location[-1] and named):
            path = (*path, step)
    return path or location


# The models of maps by the keys that they stand under.
_MODELS: dict[str | int, Any] = {
    "page": PageModel,
    "fonts": FontsModel,
    "title": TitleModel,
    **dict.fromkeys(("author", "creator", "contributor", "translator", "editor"), PersonModel),
    "identifier": IdentifierModel,
    "chapters": FileModel,
}


def _allowed_keys(wrong: str, above: KeyPath) -> str:
    model: Any = next((_MODELS[key] for key in reversed(above) if key in _MODELS), BookModel)
    if above and above[0] == "editions" and model is BookModel:
        model = EditionModel if len(above) == 2 else MetadataModel  # noqa: PLR2004  # editions, its key
    names = sorted(str(field.alias or name) for name, field in model.model_fields.items())
    close = difflib.get_close_matches(wrong, names, n=1)
    hint = f'Did you mean "{close[0]}"? ' if close else ""
    return f"{hint}Allowed are {', '.join(names)}"


def _lang(model: BookModel, document: YamlDocument) -> Region:
    try:
        return region(model.lang)
    except UsageError as error:
        raise PublishError(error.problem, error.remedy, document.place(("lang",))) from error


def given(model: MetadataModel) -> dict[str, Any]:
    """The metadata fields of a model that its author wrote, by their Python names."""
    return {name: getattr(model, name) for name in MetadataModel.model_fields if getattr(model, name) is not None}


def merge_metadata(metadata: Metadata, values: Mapping[str, Any]) -> Metadata:
    """`metadata` with the values of a schema model laid over it; what is not given stays."""
    changes: dict[str, Any] = {}
    if "title" in values:
        changes |= _titles(values["title"])
    for name in ("subtitle", "date", "publisher", "rights", "description", "coverage", "source", "cover_image"):
        if name in values:
            changes[name] = values[name].strip()
    if "abstract" in values and "description" not in values:
        changes["description"] = values["abstract"].strip()
    subjects = [*values.get("subject", ()), *values.get("keywords", ())]
    if subjects:
        changes["subjects"] = tuple(dict.fromkeys(subjects))
    if "author" in values or "creator" in values:
        changes["creators"] = tuple(
            _person(one, AUTHOR) for one in (*values.get("author", ()), *values.get("creator", ()))
        )
    changes |= _contributors(metadata, values)
    if "identifier" in values:
        changes["identifiers"] = tuple(
            Identifier(one) if isinstance(one, str) else Identifier(one.text, one.scheme)
            for one in values["identifier"]
        )
    for name, key in (
        ("collection", "belongs_to_collection"),
        ("position", "group_position"),
        ("progression", "page_progression_direction"),
    ):
        if key in values:
            changes[name] = values[key]
    accessibility = _accessibility(metadata.accessibility, values)
    return replace(metadata, accessibility=accessibility, **changes)


def _titles(titles: list[Any]) -> dict[str, str]:
    changes: dict[str, str] = {}
    for one in titles:
        text, kind, file_as = (one, "main", "") if isinstance(one, str) else (one.text, one.type, one.file_as)
        if kind == "main" and "title" not in changes:
            changes |= {"title": text.strip(), "title_file_as": file_as}
        elif kind == "subtitle":
            changes["subtitle"] = text.strip()
        elif kind == "collection":
            changes["collection"] = text.strip()
    return changes


def _person(one: Any, role: str) -> Person:
    if isinstance(one, str):
        return Person(one.strip(), role)
    codes = {"author": "aut", "translator": "trl", "editor": "edt", "illustrator": "ill"}
    return Person((one.name or one.text or "").strip(), codes.get(one.role or role, one.role or role), one.file_as)


def _contributors(metadata: Metadata, values: Mapping[str, Any]) -> dict[str, Any]:
    """The contributors given here; those of the book stay whose role is not given anew."""
    before, own = list(metadata.contributors), list[Person]()
    for key, role in (("contributor", "ctb"), ("translator", TRANSLATOR), ("editor", EDITOR)):
        if key in values:
            given_here = [_person(one, role) for one in values[key]]
            roles = {one.role for one in given_here}
            before = [] if key == "contributor" else [one for one in before if one.role not in roles]
            own += given_here
    return {"contributors": (*before, *own)} if own or before != list(metadata.contributors) else {}


def _accessibility(stated: Accessibility, values: Mapping[str, Any]) -> Accessibility:
    names = {
        "access_modes": "access_modes",
        "access_mode_sufficient": "access_mode_sufficient",
        "features": "accessibility_features",
        "hazards": "accessibility_hazards",
    }
    changes: dict[str, Any] = {field: tuple(values[key]) for field, key in names.items() if key in values}
    if "accessibility_summary" in values:
        changes["summary"] = values["accessibility_summary"]
    return replace(stated, **changes)


def _formats(names: list[str] | None, document: YamlDocument, path: KeyPath) -> tuple[str, ...]:
    known = format_names()
    for index, name in enumerate(names or ()):
        if name not in known:
            raise PublishError(
                f'unknown format "{name}"', f"Choose from {', '.join(known)}", document.place((*path, index))
            )
    return tuple(dict.fromkeys(names or ()))


def _glossary(root: Path, model: BookModel, document: YamlDocument) -> Glossary:
    path = root / (model.glossary or GLOSSARY_FILE)
    if not path.is_file():
        if model.glossary:
            raise PublishError(
                f'glossary "{model.glossary}" not found', f"Add it to {shown(root)}", document.place(("glossary",))
            )
        return Glossary()
    return read_glossary(path)


def read_glossary(path: Path) -> Glossary:
    """Read a glossary file. Raises `PublishError` with file, line and key for what is not allowed in it."""
    terms = read_yaml(read_text(path), shown(path))
    return read_glossary_data(terms.data, Place(shown(path)), terms.line)


def decisions_file(root: Path, file: Path) -> Path:
    """`decisions.yaml` in the book's folder; for a book of one file, `name.decisions.yaml` beside `name.md`."""
    return root / (f"{file.stem}.{DECISIONS_FILE}" if file.suffix.lower() in MARKDOWN else DECISIONS_FILE)


def read_decisions(path: Path) -> Decisions:
    """Read a file of decisions; none where it does not exist. Raises `PublishError` with file and line."""
    if not path.is_file():
        return Decisions(file=shown(path))
    found = read_yaml(read_text(path), shown(path))
    return read_decisions_data(found.data, shown(path), found.line)


def _strange_decisions(decisions: Decisions, editions: tuple[EditionSettings, ...]) -> list[Finding]:
    """Decisions for an edition that neither the book nor the table of regions has."""
    known = {*REGIONS, *(edition.key for edition in editions)}
    return [
        Finding(
            "decision-unused",
            "warning",
            decisions.place(one),
            f'the decision on "{one.term}" is for the edition "{one.edition}", which the book does not have',
            "Correct the edition's key, or remove the decision",
        )
        for one in decisions.all
        if one.edition not in known
    ]


def _editions(
    wanted: Mapping[str, EditionModel],
    model: BookModel,
    source: Region,
    formats: tuple[str, ...],
    document: YamlDocument,
    root: Path,
    theme: Theme,
) -> tuple[EditionSettings, ...]:
    common = [
        (read_style(name, root, place), place)
        for index, name in enumerate(model.style or ())
        for place in (document.place(("style", index)),)
    ]
    packs = _packs(model, document, (), root)
    rows = []
    for key, settings in wanted.items():
        place = document.place(("editions", key))
        own = _formats(settings.formats, document, ("editions", key, "formats"))
        unfit = [find(name) for name in own if settings.writing == "vertical" and find(name).horizontal]
        if unfit:
            raise PublishError(
                f"a vertical edition has no {unfit[0].label}",
                f"Remove {unfit[0].name} from its formats",
                document.place(("editions", key, "formats")),
            )
        row = _edition(key, settings, source, model, own or formats, place)
        if settings.page:
            own_page = {name: getattr(settings.page, name) for name in settings.page.model_fields_set}
            page = model.page.model_copy(update=own_page)
            row = replace(row, page=read_page(page, theme, document, ("editions", key, "page")))
        if settings.style:
            at = document.place(("editions", key, "style"))
            row = _styled(row, settings, source, read_style(settings.style, root, at), at)
        else:
            for style, at in common:
                if style.suits(source, row.region):
                    row = _styled(row, settings, source, style, at)
        row = _worded(
            row, source, packs if settings.terms is None else _packs(settings, document, ("editions", key), root)
        )
        rows.append(row)
    return tuple(rows)


def _edition(
    key: str, settings: EditionModel, source: Region, book: BookModel, formats: tuple[str, ...], place: Place
) -> EditionSettings:
    custom = key not in REGIONS
    if custom and not settings.base:
        raise PublishError(
            f'unknown edition "{key}"',
            f"Choose one of {', '.join(REGIONS)}, or give an edition of your own a base:, for example base: zh-TW",
            place,
        )
    try:
        base = region(settings.base or key)
    except UsageError as error:
        raise PublishError(error.problem, error.remedy, place) from error
    vertical = settings.writing == "vertical"
    row = replace(
        base,
        tag=settings.tag or base.tag,
        quotes=base.vertical_quotes if vertical else base.quotes,
        fonts=_fonts(base.fonts, settings.fonts),
        words=_words(base, settings, place),
    )
    chain = tuple(settings.opencc) if settings.opencc is not None else configurations(source, base)
    own = base.key == source.key and not custom and not vertical
    return EditionSettings(
        key=key,
        region=row,
        configurations=_known_configurations(chain, place),
        quotes=settings.quotes or book.quotes or ("straight" if own else "region"),
        formats=formats,
        overrides=given(settings),
        format_overrides={
            name: given(one)
            for name, one in (("html", settings.html), ("epub", settings.epub), ("pdf", settings.pdf))
            if one
        },
        vertical=vertical,
        sort_by=settings.sort_by or book.sort_by or base.sort_by,
        embed=_embedded(settings.epub, book.epub),
        web_fonts=_web_fonts(settings.html, book.html),
    )


def _styled(
    row: EditionSettings, settings: EditionModel, source: Region, style: Style, place: Place
) -> EditionSettings:
    """The edition in a style, whose configurations it takes unless it names its own."""
    try:
        configurations = style.configurations(source, row.region)
    except UsageError as error:
        raise PublishError(error.problem, error.remedy, place) from error
    return replace(row, style=style, configurations=row.configurations if settings.opencc else configurations)


def _packs(model: BookModel | EditionModel, document: YamlDocument, path: KeyPath, root: Path) -> tuple[Pack, ...]:
    """The term packs that a book or an edition names."""
    return tuple(
        read_pack(name, root, document.place((*path, "terms", index))) for index, name in enumerate(model.terms or ())
    )


def _worded(row: EditionSettings, source: Region, packs: tuple[Pack, ...]) -> EditionSettings:
    """The edition with the words of term packs, over those of its style."""
    if not packs:
        return row
    style = row.style.with_phrases(joined(packs, source, row.region))
    files = (*style.files, *(pack.file for pack in packs if pack.file))
    return replace(row, style=replace(style, files=files), packs=packs)


def _embedded(*models: EpubSettingsModel | None) -> tuple[str, ...] | None:
    """The weights of the body face that the EPUB carries, as the first of these models says; None where none does."""
    wanted = next((one.fonts for one in models if one is not None and one.fonts is not None), "auto")
    if isinstance(wanted, list):
        return tuple(dict.fromkeys(["regular", *wanted]))  # with bold alone, a reader would set all text in it
    return {"auto": None, "none": (), "embed": ("regular",)}[wanted]


def _web_fonts(*models: HtmlSettingsModel | None) -> tuple[str, ...]:
    """The faces that come with the web pages, as the first of these models says; none where none does."""
    wanted = next((one.fonts for one in models if one is not None and one.fonts is not None), "none")
    if isinstance(wanted, list):
        return tuple(dict.fromkeys(["regular", *wanted])) if wanted else ()
    return {"none": (), "embed": ("regular",)}[wanted]


def _known_configurations(names: tuple[str, ...], place: Place) -> tuple[str, ...]:
    try:
        return known_configurations(names)
    except UsageError as error:
        raise PublishError(error.problem, error.remedy, place) from error


def _fonts(fonts: Fonts, settings: FontsModel | None) -> Fonts:
    if settings is None:
        return fonts
    own = {one.name: tuple(getattr(settings, one.name) or ()) + getattr(fonts, one.name) for one in fields(Fonts)}
    return Fonts(**own)


def _words(base: Region, settings: EditionModel, place: Place) -> Any:
    changes = dict(settings.words or {})
    if settings.name:
        changes["name"] = settings.name
    known = [one.name for one in fields(base.words)]
    for name in changes:
        if name not in known:
            raise PublishError(f'unknown word "{name}"', f"Allowed are {', '.join(known)}", place)
    return replace(base.words, **changes)


# Folders that hold no text of a book, and files about a repository rather than in a book.
_NO_FOLDERS = frozenset(["node_modules", "build", "dist", "public", "vendor", "target", "venv", "__pycache__", "raw"])
_NO_CHAPTERS = frozenset(["summary", "license", "changelog", "contributing", "code_of_conduct", "security"])
_FIRST = ("readme", "index", "_index")


def _markdown_files(root: Path) -> list[Path]:
    """The Markdown files of a folder itself, in the order that a reader would put them in."""
    found = [
        path
        for path in root.iterdir()
        if path.suffix.lower() in MARKDOWN
        and not path.name.startswith(".")
        and (not path.name.startswith("_") or path.stem.lower() in _FIRST)
        and path.is_file()
    ]
    return sorted(found, key=natural)


def natural(path: Path) -> tuple[Any, ...]:
    """What a file or folder is sorted by: README and index first, 第2章 before 第10章 and 第十章 behind 第九章."""
    stem = path.stem if path.suffix.lower() in MARKDOWN else path.name
    first = stem.lower() not in _FIRST
    pieces = re.split(
        r"(\d+|[〇零一二三四五六七八九十百千]+(?=[章回卷节節部篇讲講课課]))", unicodedata.normalize("NFC", stem)
    )
    return (
        first,
        [(0, _number(one), "") if at % 2 else (1, 0, one.lower()) for at, one in enumerate(pieces)],
        str(path),
    )


_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
_PLACES = {"十": 10, "百": 100, "千": 1000}


def _number(text: str) -> int:
    """A number in figures or in Han."""
    if text.isdecimal():
        return int(text)
    total = digit = 0
    for char in text:
        if char in _PLACES:
            total, digit = total + (digit or 1) * _PLACES[char], 0
        else:
            digit = digit * 10 + _DIGITS[char]
    return total + digit


def _walk(folder: Path, level: int = 0, *, nested: bool = False) -> Iterator[ChapterFile]:
    """The Markdown of a folder and its subfolders; what a subfolder holds stands under its README or index."""
    files = [path for path in _markdown_files(folder) if path.stem.lower() not in _NO_CHAPTERS]
    opening = [path for path in files if path.stem.lower() in _FIRST]
    yield from (ChapterFile(path, level=level) for path in opening)
    under = level + 1 if opening and nested else level
    folders = [
        path
        for path in folder.iterdir()
        if path.is_dir()
        and not path.is_symlink()
        and not path.name.startswith((".", "_"))
        and path.name.lower() not in _NO_FOLDERS
    ]
    for path in sorted([*(one for one in files if one not in opening), *folders], key=natural):
        if path.is_dir():
            yield from _walk(path, under, nested=True)
        else:
            yield ChapterFile(path, level=under)


def _chapters(root: Path, file: Path, model: BookModel, document: YamlDocument) -> tuple[ChapterFile, ...]:
    if file.suffix.lower() in MARKDOWN:
        if model.chapters:
            raise PublishError(
                "a single file is its own chapter", f"Move the settings to {BOOK_FILE}", document.place(("chapters",))
            )
        return (ChapterFile(file),)
    if model.chapters is None:
        found = tuple(_walk(root))
        if not found:
            raise PublishError("the book has no chapter", f"Add a Markdown file to {shown(root)}", document.place(()))
        return found
    chapters: list[ChapterFile] = []
    seen: set[Path] = set()
    for index, entry in enumerate(model.chapters):
        path: KeyPath = ("chapters", index)
        if isinstance(entry, PartModel):
            inner = _listed(root, entry.chapters, document, (*path, "chapters"), seen, inside=True)
            chapters += [replace(inner[0], part=entry.part), *inner[1:]]
        else:
            chapters += _entry_files(root, entry, document, path, seen)
    return tuple(chapters)


def _listed(
    root: Path,
    entries: Sequence[str | FileModel],
    document: YamlDocument,
    path: KeyPath,
    seen: set[Path],
    *,
    level: int = 0,
    inside: bool = False,
) -> list[ChapterFile]:
    """The files of a list of chapters, those under them behind each, in the order of reading."""
    files: list[ChapterFile] = []
    for index, entry in enumerate(entries):
        files += _entry_files(root, entry, document, (*path, index), seen, level=level, inside=inside)
    return files


def _entry_files(
    root: Path,
    entry: str | FileModel,
    document: YamlDocument,
    path: KeyPath,
    seen: set[Path],
    *,
    level: int = 0,
    inside: bool = False,
) -> list[ChapterFile]:
    if isinstance(entry, str):
        return [ChapterFile(_chapter(root, entry, document.place(path), seen), inside=inside, level=level)]
    own = []
    if entry.file:
        file = _chapter(root, entry.file, document.place((*path, "file")), seen)
        own = [ChapterFile(file, inside=inside, level=level, title=entry.title)]
    under = _listed(root, entry.chapters, document, (*path, "chapters"), seen, level=level + 1, inside=inside)
    if not own and not under:
        raise PublishError(
            f'nothing stands under "{entry.title}"', "List its chapters, or take it off", document.place(path)
        )
    group = [] if own else [ChapterFile(under[0].path, inside=inside, level=level, title=entry.title, grouping=True)]
    return [*own, *group, *under]


def _chapter(root: Path, name: str, place: Place, seen: set[Path]) -> Path:
    """The path of a chapter, noted in `seen`."""
    path = root / name
    if not path.is_file():
        close = difflib.get_close_matches(name, [one.name for one in _markdown_files(root)], n=1)
        hint = f' Did you mean "{close[0]}"?' if close else ""
        raise PublishError(
            f'chapter "{name}" not found', f"Add it to {shown(root)}, or remove it from the list.{hint}", place
        )
    if not path.resolve().is_relative_to(root.resolve()):
        raise PublishError(f'chapter "{name}" lies outside the book', f"Move it into {shown(root)}", place)
    if path.resolve() in seen:
        raise PublishError(f'chapter "{name}" is listed twice', "List each file once", place)
    seen.add(path.resolve())
    return path


def _theme(model: BookModel, document: YamlDocument) -> Theme:
    known = theme_names()
    if model.theme not in known:
        raise PublishError(
            f'unknown theme "{model.theme}"', f"Choose from {', '.join(known)}", document.place(("theme",))
        )
    return read_theme(model.theme)


def _css(root: Path, name: str, index: int, document: YamlDocument) -> Path:
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        raise PublishError(
            f'stylesheet "{name}" not found in the book', f"Add it to {shown(root)}", document.place(("css", index))
        )
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if re.search(r"@import|url\(\s*['\"]?(?!['\"]?data:)", line, re.IGNORECASE):
            raise PublishError(
                "a book's stylesheet may not fetch files",
                "Put what it needs into it as data:",
                Place(shown(path), number),
            )
    return path


def slugify(name: str) -> str:
    """An ASCII name for files and addresses: pinyin for Han, hyphens between words, at most 60 characters."""
    if not name.isascii():
        from pypinyin import lazy_pinyin  # noqa: PLC0415  # a large table, loaded only for Han names

        name = "-".join(lazy_pinyin(name))
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9._]+", "-", plain).strip("-._").lower()
    return slug[:LONGEST_SLUG].rstrip("-._") or "book"
