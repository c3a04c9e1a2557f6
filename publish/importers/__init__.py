"""Imports: sources of other tools in, a canonical source folder out, with a report of each choice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from publish.errors import Place, PublishError, UsageError
from publish.importers import archive, deliver
from publish.importers.origin import read_language
from publish.importers.protocol import (
    EDITED,
    LIKELY,
    POSSIBLE,
    SURE,
    Claim,
    File,
    ImportChoice,
    Imported,
    ImportedChapter,
    Importer,
)
from publish.importers.report import ImportDecision, ImportReport, Ledger
from publish.importers.unknown import refusal
from publish.source.chapters import BOOK_FILE
from publish.textfile import shown

__all__ = [
    "EDITED",
    "LIKELY",
    "POSSIBLE",
    "SURE",
    "Claim",
    "File",
    "ImportChoice",
    "ImportDecision",
    "ImportReport",
    "Imported",
    "ImportedChapter",
    "Importer",
    "Ledger",
    "detect",
    "import_clip",
    "import_source",
    "importer",
    "registered",
]

GROUP = "publish.importers"
LONGEST_SAMPLE = 200_000  # characters of a text that tell its script


@cache
def registered() -> dict[str, Any]:
    """The importers' entry points by name: built-in ones and strangers' register in the same group."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda one: one.name)}


def importer(name: str) -> Importer:
    """The importer of a kind of source. Raises `UsageError` for an unknown name, listing those that are registered."""
    points = registered()
    if name not in points:
        raise UsageError(f'unknown kind of source "{name}"', f"Choose from {_quoted(points)}")
    try:
        made: Importer = points[name].load()()
    except ModuleNotFoundError as error:  # the environment was made from other files than those that run
        raise PublishError(
            f'the importer "{name}" is not there: {error.name}', "Install publish again, or what brings the importer"
        ) from error
    return made


def detect(source: Path) -> tuple[Importer, Claim]:
    """The importer that is surest of a source, and its sign. Raises `PublishError` where there is none, or a tie."""
    if (source / BOOK_FILE).is_file():
        raise PublishError(
            "this is a book of publish already",
            f"Build it: publish build {shown(source)}; to read it all the same, name a kind with --from",
            Place(shown(source)),
        )
    claims = [(match, one) for one in map(importer, registered()) if (match := one.matches(source))]
    top = max((match.rank for match, _ in claims), default=0)
    surest = [(one, match) for match, one in claims if match.rank == top]
    nearest = min((_depth(match) for _, match in surest), default=0)  # a site kept inside of a book is not the book
    surest = [(one, match) for one, match in surest if _depth(match) == nearest]
    if not surest:
        raise refusal(source, list(registered()))
    if len(surest) > 1:
        listed = ", ".join(f"{one.name} ({match.sign})" for one, match in surest)
        raise UsageError(f"this may be {listed}", "Say which with --from NAME", Place(shown(source)))
    return surest[0]


def _depth(claim: Claim) -> int:
    """How many folders deep the sign of a claim stands."""
    return claim.sign.partition(",")[0].count("/")


def import_source(
    source: Path,
    destination: Path | None,
    *,
    name: str = "",
    choices: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Import `source`, a file, a folder or a ZIP file of either, into the folder `destination`, whole or not at all.

    The folder holds book.yaml, the chapters and their pictures, what else the original was made of under raw/, and
    import-report.json; the same source gives the same bytes. A folder that an import of this source has made is brought
    up to it, but what its author changed there stays. With `dry_run` nothing is written. Raises `PublishError` for a
    source that is missing or not understood, and for a destination that holds other files.
    """
    if address := re.match(r"(https?|ftp|file):/+(?=\w)", str(source)):
        place = Place(str(source).replace(address[0], f"{address[1]}://", 1))
        raise PublishError(
            "this is an address on the web, and no file", "Save the page in a browser, and name that", place
        )
    if not source.exists():
        raise PublishError("no such file or folder", "Check its name", Place(shown(source)))
    if not source.is_file() and not source.is_dir():
        raise PublishError("this is neither a file nor a folder", "Save what it gives to a file", Place(shown(source)))
    before = deliver.earlier(destination) if destination else None
    if destination and not dry_run and before is None:
        deliver.require_free(destination)
    ledger = Ledger()
    with archive.opened(source, ledger) as (held, named):
        one = importer(name) if name else detect(held)[0]
        imported = _with_language(one.read(held, ledger, _chosen(one, choices or {})), ledger)
        delivery = deliver.describe(one.name, source, imported, ledger, named)
        if destination and before is not None:
            return deliver.update_folder(destination, delivery, before, write=not dry_run)
        if destination and not dry_run:
            deliver.write_folder(destination, delivery)
        return delivery.report


def _with_language(imported: Imported, ledger: Ledger) -> Imported:
    """What was read, with the region of its text where nothing says it, or says zh of a Traditional text."""
    said = imported.metadata.get("lang")
    if said and said != "zh-CN":
        return imported
    text = "".join(_chapter_texts(imported.chapters))[:LONGEST_SAMPLE]
    guessed = read_language(str(imported.metadata.get("title", "")), text, "", ledger)
    return imported if guessed == "zh-CN" else replace(imported, metadata={**imported.metadata, "lang": guessed})


def _chapter_texts(chapters: Sequence[ImportedChapter]) -> Iterator[str]:
    for one in chapters:
        yield one.text
        yield from _chapter_texts(one.children)


def import_clip(clip: Path, destination: Path, *, dry_run: bool = False) -> ImportReport:
    """Import an article's clip; see `import_source`."""
    return import_source(clip, destination, name="wechat", dry_run=dry_run)


def _quoted(names: Iterable[str]) -> str:
    """Names as they are typed: they are the same in any language."""
    return ", ".join(f'"{one}"' for one in names)


def _chosen(one: Importer, choices: Mapping[str, str]) -> dict[str, str]:
    known = {choice.name: choice for choice in one.choices}
    for name, value in choices.items():
        if name not in known:
            allowed = f"Choose from {_quoted(known)}" if known else "Leave it out"
            raise UsageError(f'{one.name} has no choice "{name}"', allowed)
        if known[name].values and value not in known[name].values:
            raise UsageError(f'unknown value "{value}" for "{name}"', f"Choose one of {_quoted(known[name].values)}")
    return {name: choices.get(name, next(iter(choice.values), "")) for name, choice in known.items()}
