"""The protocol of importers: what an importer is given, and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from publish.importers.report import Ledger

# How sure an importer is that a source is of its kind; the surest reads it. EDITED: the settings of an editor, in which
# people write for any tool.
POSSIBLE, EDITED, LIKELY, SURE = 1, 2, 3, 4


@dataclass(frozen=True)
class Claim:
    """An importer's claim on a source: how sure it is, and by what sign ("book.toml, src/SUMMARY.md")."""

    rank: int
    sign: str


@dataclass(frozen=True)
class ImportChoice:
    """Something that the user may choose (`--with comments=keep`): its name, its values, the default first.

    One without values takes any text; without it, it is "".
    """

    name: str
    values: tuple[str, ...]
    about: str


@dataclass(frozen=True)
class File:
    """A file of the new folder or of the original: its path with `/`, and its bytes or the file that holds them."""

    path: str
    content: bytes | Path

    def read(self) -> bytes:
        """The bytes."""
        return self.content if isinstance(self.content, bytes) else self.content.read_bytes()


@dataclass(frozen=True)
class ImportedChapter:
    """A chapter and those under it.

    `path` is the Markdown file in the new folder; without one this is a part: a title and the chapters under it.
    `title` is what the original's contents call it; a chapter's own title is its first heading, or its front matter's.
    """

    path: str
    text: str = ""
    title: str = ""
    children: tuple[ImportedChapter, ...] = ()


@dataclass(frozen=True)
class Imported:
    """What was read: keys of book.yaml (without slug and chapters), chapters in order, pictures and other files.

    `originals` are kept under raw/ as they were, except those that are among the assets byte for byte.
    """

    metadata: Mapping[str, Any]
    chapters: tuple[ImportedChapter, ...]
    assets: tuple[File, ...] = ()
    originals: tuple[File, ...] = ()
    slug: str = field(default="")


class Importer(Protocol):
    """A kind of source that people write in: how to recognize it, and how it becomes a book's folder."""

    name: str  # what --from calls it
    about: str  # its name for people: "mdBook (book.toml, SUMMARY.md)"
    choices: tuple[ImportChoice, ...]

    def matches(self, source: Path) -> Claim | None:
        """Whether `source`, a file or a folder that exists, is of this kind; None if not. Cheap, never raises."""

    def read(self, source: Path, ledger: Ledger, choices: Mapping[str, str]) -> Imported:
        """Read the source, noting in `ledger` what was changed or not understood; `choices` has a value for each name.

        Writes nothing; the same source gives the same result. Raises `PublishError` with place and remedy.
        """
