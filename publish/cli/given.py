"""What several commands are given: a book, editions, formats, and how a shell completes them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from publish.cli.declared import argument, option
from publish.errors import PublishError


def _each(values: list[str] | None) -> list[str] | None:
    """The names given, several of which may stand behind one option with commas between them."""
    return [name for value in values for one in value.split(",") if (name := one.strip())] if values else values


def complete_editions(incomplete: str) -> list[str]:
    """The regions that a shell completes; a book's own editions it does not know."""
    from publish.regions import REGIONS  # noqa: PLC0415  # asked by a shell only

    return _behind_comma(incomplete, REGIONS)


def complete_formats(incomplete: str) -> list[str]:
    """The formats that a shell completes."""
    from publish import formats  # noqa: PLC0415  # asked by a shell only

    return _behind_comma(incomplete, formats.names())


def complete_templates(incomplete: str) -> list[str]:
    """The templates of a new book that a shell completes."""
    from publish.starter import template_names  # noqa: PLC0415  # asked by a shell only

    return [name for name in template_names() if name.startswith(incomplete)]


def complete_kinds(incomplete: str) -> list[str]:
    """The kinds of source for an import that a shell completes."""
    from publish.importers import registered  # noqa: PLC0415  # asked by a shell only

    return [name for name in registered() if name.startswith(incomplete)]


def _behind_comma(incomplete: str, names: Iterable[str]) -> list[str]:
    before, comma, begun = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in names if name.startswith(begun)]


def _each_lower(values: list[str] | None) -> list[str] | None:
    """As `_each`: PDF is pdf."""
    return [value.lower() for value in _each(values) or ()] or None


Source = Annotated[Path | None, argument(help="A folder with book.yaml, or one Markdown file.", show_default="source")]

Output = Annotated[Path, option("--output", "-o", help="The folder to write to.")]

Editions = Annotated[
    list[str] | None,
    option(
        "--edition",
        "-e",
        callback=_each,
        autocompletion=complete_editions,
        help="Only these editions: zh-CN, zh-TW, zh-HK … With commas, or repeated.",
    ),
]

Formats = Annotated[
    list[str] | None,
    option(
        "--format",
        "-f",
        callback=_each_lower,
        autocompletion=complete_formats,
        help="Only these formats: html, epub, pdf. With commas, or repeated.",
    ),
]

Json = Annotated[bool, option("--json", help="Print JSON to standard output.")]

Quiet = Annotated[bool, option("--quiet", "-q", help="Print warnings and errors only.")]

Strict = Annotated[bool, option("--strict", help="Treat warnings as errors.")]

Kept = Annotated[bool, option("--cache/--no-cache", help="Use what earlier builds made of what has not changed.")]

SharedCache = Annotated[
    str,
    option(
        "--shared-cache",
        envvar="PUBLISH_SHARED_CACHE",
        help="Share what builds keep with other machines: a folder, or an address such as s3://bucket/folder.",
        show_default=False,
    ),
]


def source_of(source: Path | None) -> Path:
    """The source that was named, or `source`, or the current folder where it is a book."""
    if source is not None:
        return source
    default = Path("source")
    if not default.exists():
        if Path("book.yaml").is_file():
            return Path()
        raise PublishError(
            "there is no folder source/ and no book.yaml here", "Name a book, or start one with: publish init DIR"
        )
    return default


def known_formats(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of formats, each of which is installed."""
    from publish import formats  # noqa: PLC0415  # needed here only

    return tuple(formats.find(name).name for name in names)
