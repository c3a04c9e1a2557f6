"""A catalog: which books a library has, what each is built into, and where the work is done."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from publish.errors import Faults, Place, PublishError
from publish.source.chapters import BOOK_FILE
from publish.source.settings.validated import one_of, schema_faults
from publish.textfile import MARKDOWN, read_text, shown
from publish.yamlfile import KeyPath, YamlDocument, read_yaml

ExecutorName = Literal["here", "processes", "dask"]


@dataclass(frozen=True)
class CatalogEntry:
    """A book of a library: its name, which is that of its folder in the output, and what is asked of its build."""

    name: str
    source: Path
    editions: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalog:
    """A catalog as it was read: `output` is absolute, books stand in the order in which they are named."""

    file: Path
    output: Path
    books: tuple[CatalogEntry, ...]
    executor: ExecutorName = "processes"
    workers: int | None = None
    scheduler: str = ""
    cache: str = ""
    strict: bool = False


def _one_source(value: Any) -> Any:
    """A book that is named by its source alone."""
    return {"source": value} if isinstance(value, str) else value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CatalogEntryModel(_Strict):
    """A book, or by a pattern several, with what all of them are built into."""

    source: Annotated[str, Field(min_length=1)]
    name: Annotated[str, Field(pattern=r"^[^\s./\\][^/\\]*$")] | None = None
    editions: list[str] = []
    formats: list[str] = []


class CatalogModel(_Strict):
    """A catalog; paths are seen from the folder that it is in."""

    books: Annotated[list[Annotated[CatalogEntryModel, BeforeValidator(_one_source)]], Field(min_length=1)]
    output: str = "build"
    executor: ExecutorName = "processes"
    workers: Annotated[int, Field(ge=1)] | None = None
    scheduler: str = ""
    cache: str = ""
    strict: bool = False


def read_catalog(file: Path) -> Catalog:
    """Read a catalog. Raises `PublishError`: all that is wrong in it, each with its line and key."""
    document = read_yaml(read_text(file), shown(file))
    if not isinstance(document.data, dict):
        raise PublishError(
            "a catalog is a map with a list of books", "Begin it with: books:", Place(shown(file), document.line(()))
        )
    try:
        model = CatalogModel.model_validate(document.data)
    except ValidationError as error:
        faults = Faults()
        for fault in schema_faults(error, document, _allowed):
            faults.add(fault)
        faults.tell()
        raise
    root = file.absolute().parent
    return Catalog(
        file.absolute(),
        (root / model.output).absolute(),
        _books(model, document, root),
        model.executor,
        model.workers,
        model.scheduler,
        model.cache,
        model.strict,
    )


def _allowed(wrong: str, above: KeyPath) -> str:
    """The keys of a book, or of the catalog."""
    model = CatalogEntryModel if above and above[0] == "books" else CatalogModel
    return one_of(wrong, sorted(model.model_fields))


def _books(model: CatalogModel, document: YamlDocument, root: Path) -> tuple[CatalogEntry, ...]:
    """All books, patterns written out. Raises `PublishError` for those that are not there, or have one name."""
    faults = Faults()
    books: dict[str, CatalogEntry] = {}
    for number, entry in enumerate(model.books):
        place = document.place(("books", number))
        sources = faults.tried(_sources, [], entry, root, place)
        if entry.name and len(sources) > 1:
            faults.add(PublishError(f'{len(sources)} books would be called "{entry.name}"', "Leave name out", place))
            continue
        for source in sources:
            name = entry.name or (source.stem if source.is_file() else source.name)
            if any(one.source == source for one in books.values()):
                continue  # named by itself and by a pattern: the first says what it is built into
            if name in books:
                problem = f'two books are called "{name}": {shown(books[name].source)} and {shown(source)}'
                faults.add(PublishError(problem, "Give one of them a name of its own with name:", place))
                continue
            books[name] = CatalogEntry(name, source, tuple(entry.editions), tuple(entry.formats))
    faults.tell()
    return tuple(books.values())


def _sources(entry: CatalogEntryModel, root: Path, place: Place) -> list[Path]:
    """The books that an entry names: one, or those in which its pattern ends, in the order of their names."""
    one = root / entry.source
    if one.exists():
        return [one.resolve()]
    found = [path for path in map(Path, sorted(glob.glob(str(one), recursive=True))) if _is_book(path)]  # noqa: PTH207  # a pattern may be absolute
    if not found:
        pattern = glob.has_magic(entry.source)
        problem = f'no book is at "{entry.source}"' if pattern else f'there is no book "{entry.source}"'
        raise PublishError(problem, f"Paths are seen from {shown(root)}", place)
    return [path.resolve() for path in found]


def _is_book(path: Path) -> bool:
    """A pattern's books: Markdown files, and folders with settings or with Markdown in them."""
    if path.is_file():
        return path.suffix.lower() in MARKDOWN
    return (path / BOOK_FILE).is_file() or any(_markdown(path))


def _markdown(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob("*") if path.suffix.lower() in MARKDOWN)
