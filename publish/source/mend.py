"""What a program can mend in a manuscript, shown as a difference and written only when asked: half-width marks."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from publish.source.project import Project
from publish.source.reading import read_dialects
from publish.source.reading.halfwidth import half_width, with_full_width
from publish.source.settings.frontmatter import front_matter
from publish.textfile import read_text, shown, write_whole


@dataclass(frozen=True)
class Mended:
    """A file's text and what it would be, with `count` marks mended."""

    path: Path
    before: str
    after: str
    count: int

    @property
    def name(self) -> str:
        """The file as the user would name it."""
        return shown(self.path)

    def diff(self) -> str:
        """The difference, as `git apply` and `patch` read it."""
        return "".join(
            difflib.unified_diff(
                self.before.splitlines(keepends=True),
                self.after.splitlines(keepends=True),
                f"a/{self.name}",
                f"b/{self.name}",
            )
        )

    def write(self) -> None:
        """Write the mended text in the file's place. Raises `OSError`."""
        write_whole(self.path, self.after)


def mend(project: Project) -> list[Mended]:
    """The files of a book in which something can be mended; nothing is written."""
    paths = dict.fromkeys(chapter.path for chapter in project.chapters if not chapter.grouping)
    return [made for path in paths if (made := _mended(path)).count]


def _mended(path: Path) -> Mended:
    whole = read_text(path)
    _, offset = front_matter(whole, shown(path))
    lines = whole.split("\n")
    body = [""] * offset + lines[offset:]
    found = half_width(read_dialects(body), body)
    return Mended(path, whole, "\n".join([*lines[:offset], *with_full_width(body, found)[offset:]]), len(found))
