"""The record: the text of a built edition, a row for each unit, so that a later build can be compared with it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from publish.edition.units import END
from publish.errors import Place, PublishError
from publish.textfile import shown

# What the manifest calls it where the others have their format, and its file below the edition's folder.
RECORD = "record"
FILE = "text.json"


@dataclass(frozen=True)
class BuiltUnit:
    """A unit as it was built: its chapter's key, its id, a hash of its source's text, and what it became."""

    chapter: str
    id: str
    digest: str
    text: str


def write_record(rows: Iterable[str], folder: Path) -> tuple[str, ...]:
    """Write the record of an edition, which its chapters have in `rows`, into a folder; the names of the files."""
    text = f"[\n{''.join(rows).removesuffix(END)}\n]\n"
    (folder / FILE).write_bytes(text.encode("utf-8", "surrogatepass"))
    return (FILE,)


def read_record(output: Path, edition: str) -> list[BuiltUnit]:
    """The record of an edition in an output folder. Raises `PublishError` where there is none, or it is damaged."""
    file = output / edition / FILE
    place = Place(shown(file))
    try:
        data = json.loads(file.read_bytes().decode("utf-8", "surrogatepass"))
        found = [BuiltUnit(*row) for row in data]
    except FileNotFoundError as error:
        remedy = "Build that state of the book once with this version of publish"
        raise PublishError("this build has no record of the edition's text", remedy, place) from error
    except (OSError, ValueError, TypeError) as error:
        raise PublishError("this record is damaged or not ours", "Build it again", place) from error
    if not all(isinstance(value, str) for row in found for value in (row.chapter, row.id, row.digest, row.text)):
        raise PublishError("this record is damaged or not ours", "Build it again", place)
    return found
