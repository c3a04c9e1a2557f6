"""The files of a book whose citations are put into them one by one, and how they are known again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from publish.cache import as_json
from publish.source.citations.making import CitationScope, CitationWork, citing_blocks, clusters_of
from publish.source.citations.placing import CitationPlacing, may_hold_list, with_list
from publish.source.document import Block
from publish.source.sheets import Gists, Sheet, SourceFile

TOO_DEEP = "too deep"  # in place of a hash
LINES_IN_JSON = re.compile(rb',"line":\d+')  # of blocks in JSON


@dataclass(frozen=True)
class AskedOfFile:
    """What is asked of a file: the hash of those blocks that cite, "" for none; whether it has a division for the list.

    That is None where it was not looked for.
    """

    cites: str = ""
    listed: bool | None = None


class CitedApart:
    """The files of a book with one list whose citations may be put into them one by one, and how they are known.

    Of a file that may not hold the list nothing but its citations reaches the others; where a division is for it, none
    of the others may.
    """

    def __init__(
        self,
        work: CitationWork,
        sheets: Sequence[Sheet],
        wanted: Sequence[int],
        asked: Sequence[AskedOfFile],
        gists: Gists,
    ) -> None:
        self._work, self._sheets, self._wanted, self._gists = work, sheets, wanted, gists
        self._files: dict[int, SourceFile] = {}
        told = all(one.listed is not None for one in asked)
        settled = told and (any(one.listed for one in asked) or not work.citing.listed)
        self._alone = {
            at
            for at in wanted
            if asked[at].cites != TOO_DEEP
            and (settled or not (at == len(sheets) - 1 or any(map(may_hold_list, sheets[at].file.lines))))
        }
        rows = [
            (at, sheets[at].file.name, asked[at] if at in self._alone else (sheets[at].key, sheets[at].file.lines))
            for at in wanted
        ]
        sound = work.citing.by == "book" and all(sheets[at].key for at in wanted)
        self._key = gists.cache.key("citations made", len(sheets), rows, work.reads()) if sound else ""

    def keep(self, scopes: Sequence[CitationScope], filled: tuple[int, Block] | None) -> None:
        """Keep what the citations became, by file, and the division that was `filled` with the list."""
        if self._key:
            by_file = scopes[0].by_file
            made: dict[str, Any] = {str(at): [[one.id, one.made] for one in by_file.get(at, ())] for at in self._alone}
            self._gists.cache.put_json(self._key, {**made, "list": filled or [-1, None]})

    def note(self, own: Sequence[Sheet]) -> None:
        """Note what each file came to, and last the chapter of the list, where there is one."""
        self._gists.keep(self._key, len(own) - len(self._wanted))
        for name, one in zip(self._names(len(own) - len(self._wanted)), own, strict=True):
            self._gists.keep(name, one.key)

    def taken(self, key: str) -> list[str] | None:
        """What each file came to, put into it alone where it is another; None where that is not known of all.

        It is noted under `key`, too, by which all are known.
        """
        more = self._gists.known(self._key)
        if more is None:
            return None
        found = []
        for at, name in zip([*self._wanted, -1], self._names(more), strict=False):
            known = self._gists.known(name)
            if known is None:
                file = self.file(at)
                known = self._gists.fresh(file).key if file else ""
                if not known:
                    return None
                self._gists.keep(name, known)
            found.append(known)
        self._gists.keep(key, found)
        return found

    def _names(self, more: int) -> list[str]:
        names = [self._gists.cache.key("cited file", self._key, self._sheets[at].key) for at in self._wanted]
        return [*names, *[self._gists.cache.key("cited file", self._key, "list")] * more]

    def file(self, at: int) -> SourceFile | None:
        """A file with its citations as they were made before; None where it may have more, or they are not kept."""
        made = self._made.get(str(at)) if at in self._alone else None
        if made is None or at in self._files:
            return self._files.get(at)
        file = self._sheets[at].whole
        clusters = [each for one in citing_blocks(file.blocks) for each in clusters_of(one)]
        for one, (name, inlines) in zip(clusters, made, strict=True):
            one.id, one.made = name, inlines
        scope = CitationScope([(at, file.blocks)], clusters=clusters)
        placed = CitationPlacing(self._work, [file], [scope]).alone()
        holder, division = self._made["list"]
        if holder == at:
            placed = replace(placed, blocks=with_list(placed.blocks, lambda line: _moved(division, line)))
        self._files[at] = placed
        return placed

    @cached_property
    def _made(self) -> dict[str, Any]:
        return self._gists.cache.get_json(self._key) or {}


def _moved(division: Block, line: int) -> Block:
    """The division of a list at another line, which all in it has."""
    moved: Block = json.loads(LINES_IN_JSON.sub(b',"line":%d' % line, as_json(division)))
    return moved


def file_of(made: Callable[[], list[SourceFile]], apart: CitedApart, number: int) -> SourceFile:
    """One of the files that are made together, once one of them is asked for that cannot be made alone."""
    return apart.file(number) or made()[number]


__all__ = ["LINES_IN_JSON", "TOO_DEEP", "AskedOfFile", "CitedApart", "file_of"]
