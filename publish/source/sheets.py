"""Sheets: the files of a book on their way through what is done to all of them, each read no further than it must be.

What is done to a file depends on the file and on some of what the others say: which numbers are taken, where a link
leads. A step says what it reads beside the file, and what the rest of the book asks of the file, its gist. Where both
are as they were in an earlier build, the gist is taken and the file's blocks are not looked at; whoever asks for them
later has them made then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from publish.cache import NONE, Cache, as_json, digest
from publish.source.document import Block

Gist = Any  # what JSON can say
_ALONE = "alone"  # the gist of a file that takes nothing from others


@dataclass(frozen=True)
class SourceFile:
    """One Markdown file of the book, read: the name that messages use, its path, its lines, its blocks.

    `is_book`: it is all of the book, whose title `listed` is. `beside` are the other files that its text is taken from,
    `literature` those that its own settings name.
    """

    name: str
    path: Path
    lines: tuple[str, ...]
    blocks: list[Block]
    title: str = ""
    part: str = ""
    inside: bool = False
    level: int = 0
    listed: str = ""
    is_book: bool = False
    beside: tuple[Path, ...] = ()
    literature: tuple[Path, ...] = ()


class Sheet:
    """A file of the book after a step, without its blocks: they are made when they are asked for.

    `key` is the hash of all that they are made from, "" where nothing is kept.
    """

    def __init__(self, file: SourceFile, key: str, make: Callable[[], SourceFile]) -> None:
        self.file, self.key = file, key
        self._make: Callable[[], SourceFile] | None = make

    @cached_property
    def whole(self) -> SourceFile:
        """The file with its blocks."""
        make, self._make = self._make, None  # what it is made from is wanted no more
        if make is None:
            raise RuntimeError("the blocks of this sheet could not be made")
        return make()

    def after(self, key: str, make: Callable[[], SourceFile]) -> Sheet:
        """The file after another step."""
        return Sheet(self.file, key, make)


def sheet_of(file: SourceFile, key: str = "") -> Sheet:
    """The sheet of a file whose blocks are there."""
    return Sheet(replace(file, blocks=[]), key, lambda: file)


class Gists:
    """What the steps have asked of each file in the last build of a book, by the hashes of what was read for it."""

    def __init__(self, cache: Cache = NONE, book: str = "") -> None:
        self.cache = cache
        self._slot = digest("gists", book)
        self._before: dict[str, Gist] = cache.recall(self._slot) or {}
        self._now: dict[str, Gist] = {}

    def key(self, sheet: Sheet, step: str, *reads: object) -> str:
        """The key of a step with a sheet that reads something beside; "" where nothing is kept."""
        return self.cache.key(step, sheet.key, reads) if sheet.key else ""

    def known(self, key: str) -> Gist | None:
        """The gist under a key; None where there is none."""
        gist = self._before.get(key) if key else None
        return None if gist is None else self.keep(key, gist)

    def keep(self, key: str, gist: Gist) -> Gist:
        """Keep a gist for the next build, and give it back."""
        if key:
            self._now[key] = gist
        return gist

    def passed(
        self, sheet: Sheet, step: str, reads: object, make: Callable[[SourceFile], tuple[SourceFile, Gist]]
    ) -> tuple[Sheet, Gist]:
        """A sheet after a step, and its gist; `make` does the step, and reads nothing but the file and what is `reads`.

        The gist is never None.
        """
        key = self.key(sheet, step, reads)
        gist = self.known(key)
        if gist is not None:
            return sheet.after(key, lambda: make(sheet.whole)[0]), gist
        made, gist = make(sheet.whole)
        return sheet_of(made, key), self.keep(key, gist)

    def filled(self, sheet: Sheet, step: str, make: Callable[[SourceFile], SourceFile]) -> Sheet:
        """A sheet after a step that may take something from other files, which are then `beside` it.

        Where it does, it is done in each build: nobody knows before whether those are as they were.
        """
        key = self.key(sheet, step)
        if self.known(key) == _ALONE:
            return sheet.after(key, lambda: make(sheet.whole))
        made = make(sheet.whole)
        if made.beside != sheet.file.beside:
            return self.fresh(made)
        self.keep(key, _ALONE)
        return sheet_of(made, key)

    def fresh(self, file: SourceFile) -> Sheet:
        """The sheet of a file whose blocks are there, known by these."""
        try:
            return sheet_of(file, self.cache.key("text", file.name, as_json(file.blocks)))
        except RecursionError:  # which is told where they are walked
            return sheet_of(file)

    def close(self) -> None:
        """Note the gists for the next build."""
        if self._now != self._before:
            self.cache.note(self._slot, self._now)


class FileText:
    """The blocks of a chapter, made when they are asked for; `key` is the hash of what they are made from, "" for none.

    `defines` are the formulas in it that define macros.
    """

    def __init__(self, key: str, make: Callable[[], list[Block]], defines: tuple[str, ...] = ()) -> None:
        self.key, self.defines = key, defines
        self._make = make

    @cached_property
    def blocks(self) -> list[Block]:
        """The blocks."""
        return self._make()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FileText) and self.blocks == other.blocks

    __hash__ = None  # type: ignore[assignment]  # blocks have none

    def __reduce__(self) -> tuple[Any, ...]:
        return text_of, (self.blocks, self.key, self.defines)


def text_of(blocks: list[Block], key: str = "", defines: tuple[str, ...] = ()) -> FileText:
    """The text of blocks that are there."""
    return FileText(key, lambda: blocks, defines)


__all__ = ["FileText", "Gists", "Sheet", "SourceFile", "sheet_of", "text_of"]
