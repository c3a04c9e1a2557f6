"""Citations and lists put where they belong in the files of a book."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from publish.source.citations.cluster import Cluster, slug, tidied
from publish.source.citations.entry import entry
from publish.source.citations.making import LIST_ID, CitationScope, CitationWork, citing_blocks
from publish.source.document import Block, Inline, rewrite, string, text
from publish.source.settings.literature import BY_NAME
from publish.source.sheets import SourceFile

_COMMENT = re.compile(r"\s*<!--.*-->\s*", re.DOTALL)
# What a heading over a list says that is to come.
_HEADINGS = frozenset(
    "参考文献 參考文獻 引用文献 引用文獻 参考书目 參考書目 文献 文獻 references bibliography".split(" ")
)


class CitationPlacing:
    """Puts what was made into the files of a book: citations where they stand, the list where it belongs."""

    def __init__(self, work: CitationWork, files: Sequence[SourceFile], scopes: Sequence[CitationScope]) -> None:
        self._work, self._files, self._scopes = work, list(files), scopes
        self.filled: tuple[int, Block] | None = None  # the file and the division that a list was put into
        self._made = {id(one.node): one for scope in scopes for one in scope.clusters}

    def place(self) -> list[SourceFile]:
        """The files, with what was made in them."""
        texts: list[list[Block]] = [[] for _ in self._files]
        for scope in self._scopes:
            runs = [
                (number, self._cited(blocks) if number in scope.by_file else blocks) for number, blocks in scope.runs
            ]
            behind = self._list(scope, runs)
            for number, blocks in runs:
                texts[number] += blocks
            if behind:
                self._files.append(behind)
                texts.append(behind.blocks)
        return [replace(file, blocks=blocks) for file, blocks in zip(self._files, texts, strict=True)]

    def alone(self) -> SourceFile:
        """The one file, with its citations, but without what a list may add."""
        return replace(self._files[0], blocks=self._cited(self._scopes[0].runs[0][1]))

    # --- citations ---

    def _cited(self, blocks: list[Block]) -> list[Block]:
        citing = {id(one) for one in citing_blocks(blocks)}
        return [self._replaced(one) if id(one) in citing else one for one in blocks]

    def _replaced(self, node: Any) -> Any:
        if isinstance(node, dict):
            return {**node, "c": self._replaced(node["c"])} if isinstance(node.get("c"), list) else node
        if not isinstance(node, list):
            return node
        if not any(isinstance(one, dict) and one.get("t") == "Cite" for one in node):
            return [self._replaced(one) for one in node]
        return tidied([self._shown(one) if one.get("t") == "Cite" else self._replaced(one) for one in node])

    def _shown(self, node: Inline) -> Inline:
        one = self._made[id(node)]
        inlines = one.made
        if not (
            self._work.citing.linked and self._work.citing.listed
        ):  # a list that is not there is no place to lead to
            inlines = _unlinked(inlines)
        return {"t": "Span", "c": [[one.id, ["citation"], []], inlines]}

    # --- lists ---

    def _list(self, scope: CitationScope, runs: list[tuple[int, list[Block]]]) -> SourceFile | None:
        """Put the list of a scope into its place; a file of its own where it is a chapter of the book's."""
        if not self._work.citing.listed:
            return None
        for at, (number, blocks) in enumerate(runs):
            filled = self._filled(scope, number, blocks)
            if filled is not blocks:
                runs[at] = number, filled
                return None
        if not scope.entries:
            return None
        for at, (number, blocks) in enumerate(runs):  # its author may have set a heading for it
            place = _meant_for_it(blocks, last=at == len(runs) - 1)
            if place:
                line = _last_line(blocks[:place])
                runs[at] = number, [*blocks[:place], self._division(scope, line), *blocks[place:]]
                return None
        number, blocks = runs[-1]
        line = _last_line(blocks)
        if self._work.citing.by == "book" and len(self._files) > 1:
            return self._chapter(scope)
        ones = [one for one in blocks if one["t"] == "Header" and one["c"][0] == 1]
        heading = self._heading(1 if self._work.citing.by == "book" and len(ones) > 1 else 2, line)
        runs[-1] = number, [*blocks, heading, self._division(scope, line)]
        return None

    def _filled(self, scope: CitationScope, number: int, blocks: list[Block]) -> list[Block]:
        """The blocks with the list in the first division that is for it; the same where there is none."""
        if not any(LIST_ID in line for line in self._files[number].lines):
            return blocks

        def division(line: int) -> Block:
            made = self._division(scope, line)
            self.filled = number, made
            return made

        return with_list(blocks, division)

    def _chapter(self, scope: CitationScope) -> SourceFile:
        """The list as a chapter, whose source is the literature's file."""
        file = self._work.chapter()
        return replace(file, blocks=[self._heading(1, 0), self._division(scope, 0, file.name)])

    def _heading(self, level: int, line: int) -> Block:
        """The heading of a list: the author's words, or each edition's own."""
        project, title = self._work.project, self._work.citing.title
        words = project.source.words.references
        said = string(title) if title else {"t": "Span", "c": [["", [], self._work.words()], [string(words)]]}
        return {"t": "Header", "c": [level, ["", ["unnumbered"], []], [said]], "line": line}

    def _division(self, scope: CitationScope, line: int, file: str = "") -> Block:
        """The list of a scope. Its entries have the lines of their sources where these are in `file`."""
        work = self._work
        standing: dict[str, list[Cluster]] = {}
        for one in scope.clusters:
            for key in one.keys:
                standing.setdefault(key, []).append(one)
        entries = []
        for key, inlines in scope.entries:
            reference = work.reference(key)
            at = reference.place.line if reference.place.file == file else line
            name = f"bib-{scope.prefix}{slug(key)}"
            entries.append(entry(name, inlines, reference, standing.get(key, []), work.project, work.style, at))
        classes = ["references", "csl-bib-body", "numbered" if _is_numbered(scope) else "hanging"]
        classes += [BY_NAME] if work.style.by_script else []
        return {"t": "Div", "c": [["", classes, []], entries], "line": line}


def _is_numbered(scope: CitationScope) -> bool:
    """Whether entries have a number or a label that stands apart."""
    return any(
        one["t"] == "Span" and "csl-left-margin" in one["c"][0][1] for _, inlines in scope.entries for one in inlines
    )


def _meant_for_it(blocks: Sequence[Block], *, last: bool) -> int:
    """Where the list belongs: behind a heading with nothing below that says so, or that is the `last` of all; or 0."""
    seen = [(at, one) for at, one in enumerate(blocks) if not _is_comment(one)]
    for number, (at, one) in enumerate(seen):
        below = seen[number + 1][1] if number + 1 < len(seen) else None
        if one["t"] != "Header":
            continue
        ends = below is None or (below["t"] == "Header" and below["c"][0] <= one["c"][0])
        if ends and ((last and below is None) or text(one["c"][2]).strip().lower() in _HEADINGS):
            return at + 1
    return 0


def _is_comment(one: Block) -> bool:
    return one["t"] == "RawBlock" and bool(_COMMENT.fullmatch(one["c"][1]))


def _last_line(blocks: Sequence[Block]) -> int:
    return max((one.get("line", 0) for one in blocks), default=0)


def _unlinked(inlines: list[Inline]) -> list[Inline]:
    """Inlines without the links of their citations."""
    out: list[Inline] = []
    for one in inlines:
        if one["t"] == "Link":
            out += one["c"][1]
        elif one["t"] in ("Superscript", "Span"):
            inner = one["c"] if one["t"] == "Superscript" else one["c"][1]
            made = _unlinked(inner)
            out.append({**one, "c": made if one["t"] == "Superscript" else [one["c"][0], made]})
        else:
            out.append(one)
    return out


def with_list(blocks: list[Block], division: Callable[[int], Block]) -> list[Block]:
    """The blocks with the list in the first division that is for it; the same where there is none."""
    found: list[Block] = []

    def block(one: Block) -> list[Block] | None:
        if one["t"] != "Div" or one["c"][0][0] != LIST_ID or found:
            return None
        found.append(one)
        return [division(one.get("line", 0))]

    made = rewrite(blocks, block)
    return made if found else blocks


def may_hold_list(line: str) -> bool:
    """Whether a line may be the place of a list: its division, or a heading that says so."""
    return LIST_ID in line or (line.startswith("#") and re.sub(r"\{.*|#", "", line).strip().lower() in _HEADINGS)


__all__ = ["CitationPlacing", "may_hold_list", "with_list"]
