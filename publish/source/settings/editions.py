"""The editions that a book wants, each a region with the book's own overrides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from publish.convert.native import known as known_configurations
from publish.convert.quotes import Mode
from publish.convert.style import PLAIN, Style
from publish.convert.styles import read_style
from publish.convert.terms import Pack, joined, read_pack
from publish.errors import Faults, Place, PublishError, UsageError
from publish.formats import Format, find, installed
from publish.formats import names as format_names
from publish.regions import REGIONS, Fonts, Region, configurations, region
from publish.source.settings.given import of_format
from publish.source.settings.page import Page, read_page
from publish.themes import Theme
from publish.yamlfile import KeyPath, YamlDocument

if TYPE_CHECKING:
    from pydantic import BaseModel

    from publish.source.settings.page_schema import FontsModel
    from publish.source.settings.schema import BookModel, EditionModel, MetadataModel

_Model = TypeVar("_Model", bound="BaseModel")


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
    indexed_by: str = "pinyin"
    page: Page | None = None  # None: the book's
    faces: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)  # of each format; None: it decides

    @property
    def name(self) -> str:
        """What readers call this edition: 简体中文版, 臺灣正體版."""
        return self.region.words.name

    @property
    def keys(self) -> tuple[str, ...]:
        """The names that a manuscript may call this edition by: its own key, then its region's."""
        return tuple(dict.fromkeys((self.key, self.region.key)))


def read_formats(names: list[str] | None, document: YamlDocument, path: KeyPath) -> tuple[str, ...]:
    """The formats of a list, each once. Raises `PublishError` for one that is not installed."""
    known = format_names()
    for index, name in enumerate(names or ()):
        if name not in known:
            raise PublishError(
                f'unknown format "{name}"', f"Choose from {', '.join(known)}", document.place((*path, index))
            )
    return tuple(dict.fromkeys(names or ()))


def read_editions(
    wanted: Mapping[str, EditionModel],
    model: BookModel,
    source: Region,
    formats: tuple[str, ...],
    document: YamlDocument,
    root: Path,
    theme: Theme,
    faults: Faults,
) -> tuple[EditionSettings, ...]:
    """The editions of a book by the settings under each key, in their order; what is wrong goes to `faults`."""
    common: list[tuple[Style, Place]] = []
    for index, name in enumerate(model.style or ()):
        with faults.kept():
            place = document.place(("style", index))
            common.append((read_style(name, root, place), place))
    packs: tuple[Pack, ...] = ()
    with faults.kept():
        packs = _packs(model, document, (), root)
    read = _Editions(model, source, formats, document, root, theme, common, packs)
    rows = []
    for key, settings in wanted.items():
        with faults.kept():
            rows.append(read.row(key, settings))
    return tuple(rows)


@dataclass(frozen=True)
class _Editions:
    """Reads editions, with what is common to those of a book."""

    book: BookModel
    source: Region
    formats: tuple[str, ...]
    document: YamlDocument
    root: Path
    theme: Theme
    styles: Sequence[tuple[Style, Place]]
    packs: tuple[Pack, ...]

    def row(self, key: str, settings: EditionModel) -> EditionSettings:
        """An edition by its key and settings."""
        path: KeyPath = ("editions", key)
        own = read_formats(settings.formats, self.document, (*path, "formats"))
        unfit = [find(name) for name in own if settings.writing == "vertical" and find(name).horizontal]
        if unfit:
            raise PublishError(
                f"a vertical edition has no {unfit[0].label}",
                f"Remove {unfit[0].name} from its formats",
                self.document.place((*path, "formats")),
            )
        row = _edition(key, settings, self.source, self.book, own or self.formats, self.document.place(path))
        if settings.page:
            page = _over(self.book.page, settings.page)
            if self.book.page.cover and settings.page.cover:
                page = page.model_copy(update={"cover": _over(self.book.page.cover, settings.page.cover)})
            row = replace(row, page=read_page(page, self.theme, self.document, self.root, (*path, "page")))
        for style, at in self._styles(row, settings, path):
            row = _styled(row, settings, self.source, style, at)
        packs = self.packs if settings.terms is None else _packs(settings, self.document, path, self.root)
        return _worded(row, self.source, packs)

    def _styles(self, row: EditionSettings, settings: EditionModel, path: KeyPath) -> Sequence[tuple[Style, Place]]:
        """The styles of an edition: its own, or those of the book that suit it."""
        if settings.style:
            at = self.document.place((*path, "style"))
            return [(read_style(settings.style, self.root, at), at)]
        return [(style, at) for style, at in self.styles if style.suits(self.source, row.region)]


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
        overrides=settings.given(),
        format_overrides={one.name: model.given() for one in installed() if (model := of_format(settings, one.name))},
        vertical=vertical,
        sort_by=settings.sort_by or book.sort_by or base.sort_by,
        indexed_by=_indexed_by(settings.sort_by or book.sort_by, base),
        faces={one.name: _faces(one, settings, book) for one in installed() if one.faces},
    )


def _indexed_by(own: str | None, base: Region) -> str:
    """How an index is sorted: an index is always sorted, `sort-by: none` or not."""
    return own if own and own != "none" else base.indexed_by or base.sort_by


def _styled(
    row: EditionSettings, settings: EditionModel, source: Region, style: Style, place: Place
) -> EditionSettings:
    """The edition in a style, whose configurations it takes unless it names its own."""
    try:
        configurations = style.configurations(source, row.region)
    except UsageError as error:
        raise PublishError(error.problem, error.remedy, place) from error
    kept = row.configurations if settings.opencc else configurations
    return replace(row, style=style.for_text(source, row.region), configurations=kept)


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


def _over(book: _Model, own: _Model) -> _Model:
    """What a book says of something, under what one edition says of it."""
    return book.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})


def _faces(one: Format, *models: MetadataModel) -> tuple[str, ...] | None:
    """The faces that go along with a format, as the first of these models says; None: its renderer decides."""
    said = (getattr(of_format(model, one.name), "fonts", None) for model in models)
    wanted = next((fonts for fonts in said if fonts is not None), "auto" if one.faces_unless_said else "none")
    regular = one.faces[0]
    if isinstance(wanted, list):  # with bold alone, a reader would set all text in it
        return tuple(dict.fromkeys([regular, *wanted])) if wanted else ()
    return {"auto": None, "none": (), "embed": (regular,)}[wanted]


def _known_configurations(names: tuple[str, ...], place: Place) -> tuple[str, ...]:
    try:
        return known_configurations(names)
    except UsageError as error:
        raise PublishError(error.problem, error.remedy, place) from error


def _fonts(fonts: Fonts, settings: FontsModel | None) -> Fonts:
    if settings is None:
        return fonts
    roles = ("body", "heading", "quote", "mono", "latin")
    own = {role: tuple(getattr(settings, role) or ()) + getattr(fonts, role) for role in roles}
    return Fonts(**own, latin_size=settings.latin_size)


def _words(base: Region, settings: EditionModel, place: Place) -> Any:
    changes = dict(settings.words or {})
    if settings.name:
        changes["name"] = settings.name
    known = [one.name for one in fields(base.words)]
    for name in changes:
        if name not in known:
            raise PublishError(f'unknown word "{name}"', f"Allowed are {', '.join(known)}", place)
    return replace(base.words, **changes)
