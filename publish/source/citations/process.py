"""A book's citations made: numbers or names in the text, the list of what is cited, links both ways."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from publish.cache import as_json
from publish.errors import Place
from publish.findings import Finding, Severity
from publish.source.chapters import ChapterFile
from publish.source.citations.apart import LINES_IN_JSON, TOO_DEEP, AskedOfFile, CitedApart, file_of
from publish.source.citations.bibliography import Bibliography, read_bibliography
from publish.source.citations.making import LIST_ID, CitationScope, CitationWork, citing_blocks
from publish.source.citations.placing import CitationPlacing, may_hold_list, with_list
from publish.source.citations.style import read_style
from publish.source.citations.syntax import FULL_SIGN, SIGNS, CitationReader, known
from publish.source.document import Block, Inline, rewrite
from publish.source.places import line_of
from publish.source.project import Project
from publish.source.settings.literature import Citing
from publish.source.sheets import Gists, Sheet, SourceFile

_ID = re.compile(r"\{[^{}]*#([^\s{}]+)[^{}]*\}")  # in what Markdown writes behind a heading
_NEAR = 0.75  # how alike a key must be to be offered for another


@dataclass(frozen=True)
class CitedFiles:
    """The files of a book with their citations made; behind `listed`, one more with the list. `beside` was read too."""

    files: list[Sheet]
    listed: tuple[ChapterFile, ...]
    findings: tuple[Finding, ...]
    beside: tuple[Path, ...]


def cite(sheets: Sequence[Sheet], project: Project, gists: Gists) -> CitedFiles:
    """Make the citations of a book; what pandoc has read and made before, of all the same, is taken from the cache.

    Raises `PublishError` with file and line for literature or a style that is broken. A key that no source has is a
    finding of severity `error`; its citation stays as typed.
    """
    files = [sheet.file for sheet in sheets]
    paths = tuple(dict.fromkeys([*project.citing.files, *(path for file in files for path in file.literature)]))
    citing = replace(project.citing, files=paths)
    lines = (line.replace(FULL_SIGN, "@") for file in files for line in file.lines)
    written = "\n".join(line for line in lines if "@" in line)
    named = {f"@{key}" for key in citing.nocite}

    def cited(key: str) -> bool:
        return "@*" in named or f"@{key}" in named or f"@{key}" in written or f"@{{{key}" in written

    bibliography = read_bibliography(paths, cited, gists.cache)
    style = read_style(citing.style)
    findings: list[Finding] = list(bibliography.findings)
    read, asked, missing = list[Sheet](), list[AskedOfFile](), list[_Missing]()
    for sheet in sheets:
        one, asks, found = _read(sheet, bibliography, gists)
        read.append(one)
        missing += found
        asked.append(asks)
    findings += _told(missing, files)
    wanted = sorted(_wanted(read, citing, {number for number, one in enumerate(asked) if one.cites}))
    work = CitationWork(project, citing, bibliography, style, gists.cache)
    findings += work.unknown()
    placed = _placed(work, read, wanted, asked, gists)
    listed = tuple(ChapterFile(one.file.path) for one in placed[len(read) :])
    return CitedFiles(placed, listed, tuple(findings), (*paths, citing.style))


def _placed(
    work: CitationWork, sheets: Sequence[Sheet], wanted: Sequence[int], asked: Sequence[AskedOfFile], gists: Gists
) -> list[Sheet]:
    """The files with citations and lists made in those that are `wanted`, and one more where the list is a chapter.

    Where all that these are made from is as it was, they are known by what they came to. Where only something else of a
    file is another than what is `asked` of it, all these are as they were made.
    """
    apart = CitedApart(work, sheets, wanted, asked, gists)

    @cache
    def made() -> list[SourceFile]:
        scopes = list(_scopes(sheets, work.citing, {*wanted}))
        work.make(scopes)
        placing = CitationPlacing(work, [sheet.file for sheet in sheets], scopes)
        files = placing.place()
        apart.keep(scopes, placing.filled)
        return files

    citing = [sheets[number] for number in wanted]
    texts = [(number, one.key, one.file.name, one.file.lines) for number, one in zip(wanted, citing, strict=True)]
    sound = all(one.key for one in citing)
    key = gists.cache.key("cited", len(sheets), texts, work.reads()) if sound else ""
    known = apart.taken(key) or gists.known(key)
    if known is None:
        numbers = [*wanted, *range(len(sheets), len(made()))]
        own = [gists.fresh(made()[number]) for number in numbers]
        if all(one.key for one in own):
            gists.keep(key, [one.key for one in own])
            apart.note(own)
    else:
        files = [one.file for one in citing]
        files += [work.chapter()] if len(known) > len(files) else []
        numbers = [*wanted, *range(len(sheets), len(sheets) + len(files) - len(wanted))]
        own = [
            Sheet(file, name, partial(file_of, made, apart, number))
            for file, name, number in zip(files, known, numbers, strict=True)
        ]
    placed = dict(enumerate(sheets)) | dict(zip(numbers, own, strict=True))
    return [placed[number] for number in sorted(placed)]


_Missing = tuple[str, Finding]  # a key that no source has, and what is told of it


def _told(missing: Sequence[_Missing], files: Sequence[SourceFile]) -> Iterator[Finding]:
    """What is told of keys that no source has; one that is the id of a heading is no citation."""
    ids = {name for file in files for line in file.lines for name in _ID.findall(line)} if missing else set()
    for key, finding in missing:
        if key in ids:
            remedy = f"It is the id of a heading or the like: write [its words](#{key}), or name it {{#sec-…}}"
            finding = replace(finding, remedy=remedy)  # noqa: PLW2901  # the same finding
        yield finding


def _read(sheet: Sheet, bibliography: Bibliography, gists: Gists) -> tuple[Sheet, AskedOfFile, list[_Missing]]:
    """A file with its citations as nodes; what is asked of it; keys that no source has."""
    may_be_listed = any(LIST_ID in line for line in sheet.file.lines)
    if not any(sign in line for line in sheet.file.lines for sign in SIGNS):
        return sheet, AskedOfFile("", None if may_be_listed else False), []

    def make(file: SourceFile) -> tuple[SourceFile, dict[str, Any]]:
        read, missing = _as_nodes(file, bibliography)
        cites = _hash(list(citing_blocks(read.blocks)))
        listed = may_be_listed and with_list(read.blocks, lambda _line: {"t": "Null"}) is not read.blocks
        return read, {"cites": cites, "listed": listed, "missing": [[key, one.as_dict()] for key, one in missing]}

    one, gist = gists.passed(sheet, "citations", list(bibliography.references), make)
    return (
        one,
        AskedOfFile(gist["cites"], gist["listed"]),
        [(key, Finding.from_dict(finding)) for key, finding in gist["missing"]],
    )


def _hash(blocks: list[Block]) -> str:
    """The hash of blocks, wherever they stand; "" for none."""
    try:
        said = LINES_IN_JSON.sub(b"", as_json(blocks))
    except RecursionError:  # which is told where they are walked
        return TOO_DEEP
    return hashlib.sha256(said).hexdigest() if blocks else ""


def _as_nodes(file: SourceFile, bibliography: Bibliography) -> tuple[SourceFile, list[_Missing]]:
    keys = known(bibliography.references)
    findings: list[_Missing] = []

    def unit(inlines: list[Inline], line: int) -> list[Inline]:
        def missing(key: str, severity: Severity = "error") -> None:
            place = Place(file.name, line_of(f"@{key}", list(file.lines), line))
            problem = f"@{key} is in none of the book's bibliographies"
            near = difflib.get_close_matches(key, list(bibliography.references), n=1, cutoff=_NEAR)
            meant = f"Write @{near[0]}, if that is meant" if near else "Correct its spelling"
            remedy = f"{meant}; add it there; or write \\@{key} for what is no citation"
            told = Finding("citation-missing", "error" if near else severity, place, problem, remedy)
            findings.append((key, told))

        return CitationReader(keys, missing, lambda name: missing(name, "warning")).read(inlines)

    return replace(file, blocks=rewrite(file.blocks, None, unit)), findings


def _wanted(sheets: Sequence[Sheet], citing: Citing, citers: set[int]) -> set[int]:
    """The files whose text is needed: those that cite, and those behind which or in which the list may stand.

    All where each chapter has its own list.
    """
    if citing.by != "book":
        return set(range(len(sheets)))
    places = {at for at, sheet in enumerate(sheets) if any(map(may_hold_list, sheet.file.lines))}
    return citers | places | {len(sheets) - 1}


def _scopes(sheets: Sequence[Sheet], citing: Citing, wanted: set[int]) -> Iterator[CitationScope]:
    """The texts that have a list each; of files that are not `wanted` no blocks."""
    if citing.by == "book":
        yield CitationScope([(at, sheet.whole.blocks if at in wanted else []) for at, sheet in enumerate(sheets)])
        return
    count = 0
    for number, sheet in enumerate(sheets):
        for piece in _pieces(sheet.whole.blocks):
            count += 1
            yield CitationScope([(number, piece)], "" if count == 1 else f"{count}-")


def _pieces(blocks: list[Block]) -> list[list[Block]]:
    """The chapters of a file."""
    out: list[list[Block]] = [[]]
    for one in blocks:
        if one["t"] == "Header" and one["c"][0] == 1 and out[-1]:
            out.append([])
        out[-1].append(one)
    return out


__all__ = ["CitedFiles", "cite"]
