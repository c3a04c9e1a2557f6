"""The typed schema of book.yaml: pandoc's own metadata keys as they are, and the few keys that are ours."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, create_model, model_validator

from publish.convert.quotes import Mode
from publish.convert.registers import Register
from publish.formats import Format, installed
from publish.source.settings.page_schema import FontsModel, NotesModel, PageModel, placed
from publish.source.settings.values import (
    EditionKey,
    FormatNames,
    Macro,
    MacroName,
    SortBy,
    StrictModel,
    Text,
    Texts,
    listed,
    repository_address,
    site_address,
)
from publish.themes import theme_names


class TitleModel(StrictModel):
    """A title with its kind, as pandoc's EPUB metadata has it."""

    text: Annotated[Text, Field(description="The title itself")]
    type: Literal["main", "subtitle", "short", "collection", "edition", "extended"] = "main"
    file_as: Text = ""


class PersonModel(StrictModel):
    """A person with a MARC relator code (aut, trl, edt, ill …); their addresses are not used."""

    text: Text | None = None
    name: Annotated[Text | None, Field(description="The name")] = None
    role: Annotated[str, Field(pattern=r"^[a-z]{3}$|^[a-z]+$")] | None = None
    file_as: Text = ""
    affiliation: Any = None
    affiliations: Any = None
    corresponding: Any = None
    email: Any = None
    github: Any = None
    link: Any = None
    orcid: Any = None
    url: Any = None

    @model_validator(mode="after")
    def _named(self) -> PersonModel:
        if not self.text and not self.name:
            raise ValueError("a person needs a name")
        return self


class IdentifierModel(StrictModel):
    """An identifier with its scheme (ISBN-13, ISBN-10, DOI, …)."""

    text: Annotated[Text, Field(description="The identifier itself")]
    scheme: Annotated[Text, Field(description="What kind of identifier it is: ISBN, DOI, UUID")] = ""


People = Annotated[
    list[Text | PersonModel],
    BeforeValidator(listed, json_schema_input_type=Text | PersonModel | list[Text | PersonModel]),
]
Titles = Annotated[
    list[Text | TitleModel],
    BeforeValidator(listed, json_schema_input_type=Text | TitleModel | list[Text | TitleModel]),
]
Identifiers = Annotated[
    list[Text | IdentifierModel],
    BeforeValidator(listed, json_schema_input_type=Text | IdentifierModel | list[Text | IdentifierModel]),
]


class MetadataModel(StrictModel):
    """The metadata of a publication, under pandoc's names."""

    title: Annotated[Titles | None, Field(description="The title of the book")] = None
    subtitle: Annotated[Text | None, Field(description="The subtitle")] = None
    author: Annotated[
        People | None, Field(description="Who wrote it: a name, several, or names with more about each")
    ] = None
    creator: Annotated[People | None, Field(description="Who made it, with the role of each")] = None
    contributor: Annotated[People | None, Field(description="Who else had a hand in it, with the role of each")] = None
    translator: Annotated[People | None, Field(description="Who translated it")] = None
    editor: Annotated[People | None, Field(description="Who edited it")] = None
    identifier: Annotated[Identifiers | None, Field(description="Its ISBN, or another identifier")] = None
    date: Annotated[Text | None, Field(description="When it was published: 2026, 2026-05 or 2026-05-01")] = None
    publisher: Annotated[Text | None, Field(description="Who publishes it")] = None
    rights: Annotated[Text | None, Field(description="Who holds the rights, and what readers may do")] = None
    description: Annotated[Text | None, Field(description="What it is about, in a few sentences")] = None
    abstract: Annotated[Text | None, Field(description="A summary, as a thesis has it")] = None
    subject: Annotated[Texts | None, Field(description="What subjects it is about")] = None
    keywords: Annotated[Texts | None, Field(description="The words that it is found by")] = None
    coverage: Annotated[Text | None, Field(description="Which place and time it is about")] = None
    source: Annotated[Text | None, Field(description="What it was made from")] = None
    colophon: Annotated[
        dict[str, Text] | None,
        Field(
            description="More rows of the colophon, in this order: 版次, 印次, 开本, 字数, 定价, CIP data",
            examples=[{"版次": "2026 年 5 月第 1 版", "定价": "48.00 元"}],
        ),
    ] = None
    belongs_to_collection: Annotated[Text | None, Field(description="The series that it belongs to")] = None
    group_position: Annotated[Text | None, Field(description="Its number in the series")] = None
    cover_image: Annotated[
        Text | None, Field(description="The file of the picture on its cover; else a cover is drawn")
    ] = None
    page_progression_direction: Annotated[
        Literal["ltr", "rtl", "default"] | None, Field(description="Which way the pages of an EPUB turn")
    ] = None
    access_modes: Annotated[
        Texts | None,
        Field(alias="accessModes", description="How the EPUB can be read: textual, visual, auditory"),
    ] = None
    access_mode_sufficient: Annotated[
        Texts | None, Field(alias="accessModeSufficient", description="Which ways of reading suffice")
    ] = None
    accessibility_features: Annotated[
        Texts | None,
        Field(alias="accessibilityFeatures", description="What makes the EPUB accessible, in the words of schema.org"),
    ] = None
    accessibility_hazards: Annotated[
        Texts | None,
        Field(alias="accessibilityHazards", description="What in the EPUB may harm: flashing, motion, sound"),
    ] = None
    accessibility_summary: Annotated[
        Text | None, Field(alias="accessibilitySummary", description="How accessible the EPUB is, in a sentence")
    ] = None
    accessibility_certified_by: Annotated[
        Text | None,
        Field(
            alias="accessibilityCertifiedBy",
            description="Who answers for it that the EPUB conforms to EPUB Accessibility 1.1 and WCAG 2.2, level AA",
        ),
    ] = None

    def given(self) -> dict[str, Any]:
        """The metadata that the author wrote, by their names in Python."""
        return {name: getattr(self, name) for name in MetadataModel.model_fields if getattr(self, name) is not None}


class EditionModel(MetadataModel):
    """One edition: what differs from the row of its region, and any metadata of its own."""

    base: Annotated[Text | None, Field(description="The region whose rules it follows: zh-CN, zh-TW, zh-HK …")] = None
    tag: Annotated[
        Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")] | None,
        Field(description="The tag of its language, where it is not the region's own"),
    ] = None
    name: Annotated[Text | None, Field(description="What the edition is called")] = None
    opencc: Annotated[Texts | None, Field(description="OpenCC configurations in place of the region's own")] = None
    style: Annotated[Text | None, Field(description="Whose spellings and words it has: publish styles lists them")] = (
        None
    )
    terms: Annotated[Texts | None, Field(description="Term packs of this edition")] = None
    quotes: Annotated[Mode | None, Field(description="Which quotation marks it has")] = None
    formats: Annotated[FormatNames | None, Field(description="Which formats are built")] = None
    fonts: Annotated[FontsModel | None, Field(description="Which faces of type it has")] = None
    words: Annotated[
        dict[str, Text] | None, Field(description="What the program's own words are in it, such as 目录 and 图")
    ] = None
    writing: Annotated[
        Literal["horizontal", "vertical"] | None,
        Field(description="Whether lines are horizontal or vertical (an EPUB only)"),
    ] = None
    sort_by: Annotated[SortBy | None, Field(description="What indexes and lists of literature are sorted by")] = None
    page: Annotated[PageModel | None, Field(description="What differs in its printed page")] = None


class PartModel(StrictModel):
    """A part and the chapters under it."""

    part: Annotated[Text, Field(description="The title of the part")]
    chapters: list[Entry] = Field(min_length=1)


class FileModel(StrictModel):
    """A file with files under it, as deep as the book goes; or, without a file, a title that files stand under."""

    file: Annotated[Text | None, Field(description="The file of the chapter")] = None
    title: Annotated[Text, Field(description="A title that files stand under")] = ""
    chapters: list[Entry] = Field(default_factory=list)

    @model_validator(mode="after")
    def _named(self) -> FileModel:
        if not self.file and not self.title:
            raise ValueError("this needs a file, or a title with chapters under it")
        return self


def _entry(value: Any) -> Any:
    """`- a.md: [b.md, c.md]` is short for a file with files under it."""
    if isinstance(value, dict) and len(value) == 1:
        name, inner = next(iter(value.items()))
        if isinstance(name, str) and name not in ("part", "file", "title") and isinstance(inner, list | type(None)):
            return {"file": name, "chapters": inner or []}
    return value


_Short = dict[str, list[Any] | None]  # a file with files under it
Entry = Annotated[Text | FileModel, BeforeValidator(_entry, json_schema_input_type=Text | FileModel | _Short)]
Chapters = Annotated[
    Text | PartModel | FileModel, BeforeValidator(_entry, json_schema_input_type=Text | PartModel | FileModel | _Short)
]


def _editions(value: Any) -> Any:
    """`editions: zh-TW` and `editions: [zh-CN, zh-TW]` are short for a map of keys to nothing."""
    listed = [value] if isinstance(value, str) else value
    if isinstance(listed, list) and all(isinstance(key, str) for key in listed):
        return {key: {} for key in listed}
    if isinstance(listed, dict):
        return {key: {} if settings is None else settings for key, settings in listed.items()}
    return listed


class BookModel(MetadataModel):
    """book.yaml, or the front matter of a single Markdown file."""

    lang: Annotated[Text, Field(description="The language that it is written in: zh-CN, zh-TW, zh-HK …")] = "zh-CN"
    slug: Annotated[
        Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)] | None,
        Field(description="What its files are called: letters, digits, dots, hyphens"),
    ] = None
    url: Annotated[
        Annotated[str, AfterValidator(site_address)] | None, Field(description="The address of its web edition")
    ] = None
    repository: Annotated[
        Annotated[str, AfterValidator(repository_address)] | None,
        Field(
            description="Where the book's folder stands in a public repository, with its branch",
            examples=["https://github.com/NAME/BOOK/tree/main"],
        ),
    ] = None
    offline: Annotated[
        bool, Field(description="Whether readers' devices may keep the web edition, to read it without a network")
    ] = False
    chapters: Annotated[
        Annotated[list[Chapters], Field(min_length=1)] | None,
        Field(description="Its files in order, or parts with files under them; else all Markdown files by name"),
    ] = None
    editions: Annotated[
        Mapping[EditionKey, EditionModel] | None, Field(description="The editions, each with what differs in it")
    ] = None
    formats: Annotated[
        Annotated[FormatNames, Field(min_length=1)] | None, Field(description="Which formats are built")
    ] = None
    glossary: Annotated[Text | None, Field(description="The file of its glossary; else glossary.yaml")] = None
    definitions: Annotated[
        Text | None,
        Field(description="A file with the words that the book defines", examples=["definitions.yaml"]),
    ] = None
    index: Annotated[
        Text | None,
        Field(description="A file with the words that stand in the book's index", examples=["index.yaml"]),
    ] = None
    notes: Annotated[
        NotesModel,
        BeforeValidator(placed, json_schema_input_type=str | NotesModel),
        Field(description="Where notes stand, and how they are numbered"),
    ] = NotesModel()
    style: Annotated[Texts | None, Field(description="Whose spellings and words it has: publish styles lists them")] = (
        None
    )
    terms: Annotated[
        Texts | None,
        Field(
            description="Term packs: words of a subject as each region has them, or files of your own",
            examples=[["computing", "places", "terms/our-words.yaml"]],
        ),
    ] = None
    quotes: Annotated[Mode | None, Field(description="Which quotation marks it has")] = None
    register_: Annotated[Register | None, Field(alias="register", description="What kind of writing the book is")] = (
        None
    )
    sort_by: Annotated[SortBy | None, Field(description="What indexes and lists of literature are sorted by")] = None
    theme: Annotated[Text, Field(description="How the book looks in all formats", examples=theme_names())] = "book"
    form: Annotated[
        Literal["book", "article"] | None,
        Field(
            description="book: printed with cover, title page and colophon; article: its title, its authors and its "
            "text from the first page on. Without it, one file under the book's own title is an article"
        ),
    ] = None
    page: Annotated[PageModel, Field(description="How the printed page looks")] = PageModel()
    css: Annotated[Texts | None, Field(description="Style sheets of your own, for all formats")] = None
    images: Annotated[
        Literal["fit", "original"],
        Field(description="Whether pictures larger than any page or screen needs are made smaller"),
    ] = "fit"
    drawings: Annotated[
        Literal["keep", "picture"],
        Field(
            description="Whether drawings with words (SVG) go into an EPUB as they are, or as pictures of pixels, "
            "for readers that have not their fonts"
        ),
    ] = "keep"
    toc: Annotated[bool, Field(description="Whether it has a table of contents")] = True
    toc_depth: Annotated[int, Field(ge=1, le=6, description="How many levels of headings the contents have")] = 2
    number_sections: Annotated[bool, Field(description="Whether chapters and sections are numbered")] = False
    lines: Annotated[
        Literal["keep", "join"] | None,
        Field(
            description="Whether every line within a paragraph ends where it was typed, or none does; "
            "without it, publish tells by the text"
        ),
    ] = None
    math_macros: Annotated[
        dict[MacroName, Macro],
        Field(
            default_factory=dict,
            description="Macros of formulas by name; #1 to #9 are their arguments",
            examples=[{"R": r"\mathbb{R}", "norm": r"\left\lVert #1 \right\rVert"}],
        ),
    ]
    bibliography: Annotated[
        Texts | None,
        Field(
            description="Files of the literature that @key cites: BibLaTeX, BibTeX, CSL JSON, CSL YAML",
            examples=["refs.bib", ["refs.bib", "more.json"]],
        ),
    ] = None
    bibliography_by: Annotated[
        Literal["book", "chapter"], Field(description="Whether the book has one list of literature, or each chapter")
    ] = "book"
    csl: Annotated[
        Text | None,
        Field(
            description="How literature is cited: a style's name, or a CSL file",
            examples=["gb-t-7714-2025-numeric", "gb-t-7714-2025-author-date", "chicago.csl"],
        ),
    ] = None
    nocite: Annotated[Texts | None, Field(description="What is listed without being cited: @key, or @* for all")] = None
    reference_section_title: Annotated[Text | None, Field(description="The heading of the list of literature")] = None
    suppress_bibliography: Annotated[bool, Field(description="Whether the list of literature is left out")] = False
    link_citations: Annotated[bool, Field(description="Whether citations lead to the list of literature")] = True


def _fonts_field(one: Format) -> dict[str, Any]:
    """`fonts:` of a format: which faces of type go along with it. None where it takes none."""
    if not one.faces:
        return {}
    words = ("auto", "none", "embed") if one.faces_unless_said else ("none", "embed")
    faces: Any = Literal.__getitem__(one.faces)
    return {"fonts": (Literal[words] | list[faces] | None, Field(None, description="The faces of type that go along"))}


def _of_formats(formats: tuple[Format, ...], base: type[BaseModel], *, metadata: bool) -> dict[str, Any]:
    """A key for each format that a book may say something of."""
    keys: dict[str, Any] = {}
    for one in formats:
        fonts = _fonts_field(one)
        if (metadata or fonts) and one.name not in base.model_fields:
            title = f"{one.name.title()}{'Model' if metadata else 'SettingsModel'}"
            about = MetadataModel if metadata else StrictModel
            doc = f"{one.label or one.name}: {'metadata of its own, and ' if metadata else ''}the fonts that go along."
            model: Any = create_model(title, __base__=about, __doc__=doc, **fonts)
            keys[one.name] = (Annotated[model | None, Field(description=doc)], None)
    return keys


@cache
def _edition_model(formats: tuple[Format, ...]) -> type[EditionModel]:
    keys = _of_formats(formats, EditionModel, metadata=True)
    return create_model("EditionModel", __base__=EditionModel, __doc__=EditionModel.__doc__, **keys)


@cache
def _book_model(formats: tuple[Format, ...]) -> type[BookModel]:
    edition: Any = _edition_model(formats)
    written: Any = EditionKey | list[EditionKey] | dict[EditionKey, edition | None]
    keyed: Any = Annotated[
        dict[EditionKey, edition], BeforeValidator(_editions, json_schema_input_type=written), Field(min_length=1)
    ]
    about = BookModel.model_fields["editions"].description
    editions: Any = Annotated[keyed | None, Field(description=about)]
    keys = {**_of_formats(formats, BookModel, metadata=False), "editions": (editions, None)}
    return create_model("BookModel", __base__=BookModel, __doc__=BookModel.__doc__, **keys)


def edition_model() -> type[EditionModel]:
    """What an edition may say: of itself, and of each installed format."""
    return _edition_model(installed())


def book_model() -> type[BookModel]:
    """What book.yaml may say: of the book, of its editions, and of each installed format."""
    return _book_model(installed())
