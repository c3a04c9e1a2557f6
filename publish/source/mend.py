"""What a program can mend in a manuscript, shown as a difference and written only when asked: half-width marks."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from publish.source.project import Project
from publish.source.reading import read_dialects
from publish.source.reading.halfwidth import half_width, with_full_width
from publish.source.settings.frontmatter import front_matter
from publish.textfile import read_text, shown, write_file


@dataclass(frozen=True)
class Mended:
    """A file's text and what it would be, its own line ends and byte order mark included, with `count` marks mended."""

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
                re.findall(r".*\n|.+", self.before),
                re.findall(r".*\n|.+", self.after),
                f"a/{self.name}",
                f"b/{self.name}",
            )
        )

    def write(self) -> None:
        """Write the mended text in the file's place, or in that of what a link leads to. Raises `PublishError`."""
        write_file(self.path.resolve(), self.after)


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
    typed = path.read_bytes().decode("utf-8")
    return Mended(path, typed, _as_typed(typed, with_full_width(body, found), offset), len(found))


def _as_typed(typed: str, lines: list[str], offset: int) -> str:
    """The text as it was typed, with these lines from `offset` on; what ends a line, and a mark before all, stay."""
    pieces = re.split(r"(\r\n|\r|\n)", typed)
    for number in range(offset, len(lines)):
        mark = "\ufeff" if number == 0 and typed.startswith("\ufeff") else ""
        pieces[2 * number] = mark + lines[number]
    return "".join(pieces)
