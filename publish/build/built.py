"""The finished files of a book: what an earlier build has made of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from publish.build.artifact import Artifact
from publish.build.store import read_manifest
from publish.errors import Place, PublishError, UsageError
from publish.formats import opening
from publish.source.project import read_project
from publish.textfile import shown


def built_files(
    source: Path, output: Path, format_name: str, editions: Sequence[str] = (), *, whole: bool = False
) -> list[Path]:
    """The files that a reader opens, one for each edition of a book that has the format; `whole`: all of its files.

    Raises `PublishError` where the output folder has none, `UsageError` where it holds another book.
    """
    slug = read_project(source).slug
    manifest = read_manifest(output)
    if manifest and manifest["slug"] != slug:
        raise UsageError(
            f"{shown(output)} holds another book ({manifest['slug']})",
            "Name the folder of this one with --output",
        )
    found: dict[str, list[str]] = {}
    for one in (Artifact(**row) for row in manifest.get("artifacts", ())):
        if one.format == format_name and (not editions or one.edition in editions):
            found.setdefault(one.edition, []).append(one.path.removeprefix(f"{one.edition}/"))
    if not found:
        remedy = f"Build it first: publish build {shown(source)} --format {format_name} --output {shown(output)}"
        raise PublishError(f"this folder holds no {format_name} file of the book", remedy, Place(shown(output)))
    chosen = {edition: paths if whole else [opening(format_name, paths)] for edition, paths in found.items()}
    return [output / edition / path for edition, paths in chosen.items() for path in paths]
