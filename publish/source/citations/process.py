"""A book's citations made: numbers or names in the text, the list of what is cited, links both ways."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

from publish.cache import Cache, as_json
from publish.errors import Place
from publish.findings import Finding, Severity
from publish.source import pandoc
from publish.source.chapters import ChapterFile
from publish.source.citations.bibliography import Bibliography, Reference, read_bibliography
from publish.source.citations.cluster import Cluster, joined, parts_of, slug, tidied
from publish.source.citations.entry import by_surname, entry
from publish.source.citations.fields import for_standard
from publish.source.citations.style import CitationStyle, read_style
from publish.source.citations.syntax import FULL_SIGN, SIGNS, CitationReader, is_lowered, known
from publish.source.document import Block, Inline, rewrite, string, text
from publish.source.places import line_of
from publish.source.project import Project
from publish.source.settings.literature import BY_NAME, Citing
from publish.source.sheets import Gists, Sheet, SourceFile
from publish.textfile import read_text, shown

_LIST = "refs"  # the id of the division that the list goes into, as in pandoc
_WESTERN = "en-US"
_COMMENT = re.compile(r"\s*<!--.*-->\s*", re.DOTALL)
# What a heading over a list says that is to come.
_HEADINGS = frozenset(
    "参考文献 參考文獻 引用文献 引用文獻 参考书目 參考書目 文献 文獻 references bibliography".split(" ")
)
_DEEP = "too deep"  # in place of a hash
_LINES = re.compile(rb',"line":\d+')  # of blocks in JSON
_NEAR = 0.75  # how alike a key must be to be offered for another


@dataclass(frozen=True)
class CitedFiles:
    """The files of a book with their citations made; behind `listed`, one more with the list. `beside` was read too."""

    files: list[Sheet]
    listed: tuple[ChapterFile, ...]
    findings: tuple[Finding, ...]
    beside: tuple[Path, ...]


@dataclass
class _Scope:
    """A text that has one list: the whole book, or a chapter. Its runs of blocks, by file, and what they cite.

    `by_file` are the clusters of those files that cite anything.
    """

    runs: list[tuple[int, list[Block]]]
    prefix: str = ""
    clusters: list[Cluster] = field(default_factory=list)
    by_file: dict[int, list[Cluster]] = field(default_factory=dict)
    entries: list[tuple[str, list[Inline]]] = field(default_factory=list)

    @property
    def cited(self) -> list[str]:
        return list(dict.fromkeys(key for one in self.clusters for key in one.keys))


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
    read, asked = list[Sheet](), dict[int, str]()
    for number, sheet in enumerate(sheets):
        one, cites, found = _read(sheet, bibliography, gists)
        read.append(one)
        findings += found
        asked |= {number: cites} if cites else {}
    wanted = sorted(_wanted(read, citing, {*asked}))
    work = _Work(project, citing, bibliography, style, gists.cache)
    findings += work.unknown()
    placed = _placed(work, read, wanted, asked, gists)
    listed = tuple(ChapterFile(one.file.path) for one in placed[len(read) :])
    return CitedFiles(placed, listed, tuple(findings), (*paths, citing.style))


def _placed(
    work: _Work, sheets: Sequence[Sheet], wanted: Sequence[int], asked: Mapping[int, str], gists: Gists
) -> list[Sheet]:
    """The files with citations and lists made in those that are `wanted`, and one more where the list is a chapter.

    Where all that these are made from is as it was, they are known by what they came to. Where only something else of a
    file is another than its citations, which `asked` has the hashes of, all these are as they were made.
    """
    apart = _Apart(work, sheets, wanted, asked, gists)

    @cache
    def made() -> list[SourceFile]:
        scopes = list(_scopes(sheets, work.citing, {*wanted}))
        work.make(scopes)
        apart.keep(scopes)
        return _Placing(work, [sheet.file for sheet in sheets], scopes).place()

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
            Sheet(file, name, partial(_nth, made, apart, number))
            for file, name, number in zip(files, known, numbers, strict=True)
        ]
    placed = dict(enumerate(sheets)) | dict(zip(numbers, own, strict=True))
    return [placed[number] for number in sorted(placed)]


class _Apart:
    """The files of a book with one list whose citations may be put into them one by one, and how they are known.

    Of a file that may not hold the list nothing but its citations reaches the others.
    """

    def __init__(
        self, work: _Work, sheets: Sequence[Sheet], wanted: Sequence[int], asked: Mapping[int, str], gists: Gists
    ) -> None:
        self._work, self._sheets, self._wanted, self._gists = work, sheets, wanted, gists
        last = len(sheets) - 1
        may_hold = {at for at in asked if at == last or any(map(_may_hold, sheets[at].file.lines))}
        self._alone = {at for at, said in asked.items() if at not in may_hold and said != _DEEP}
        self._files: dict[int, SourceFile] = {}
        rows = [
            (at, sheets[at].file.name, asked[at] if at in self._alone else (sheets[at].key, sheets[at].file.lines))
            for at in wanted
        ]
        sound = work.citing.by == "book" and all(sheets[at].key for at in wanted)
        self._key = gists.cache.key("citations made", len(sheets), rows, work.reads()) if sound else ""

    def keep(self, scopes: Sequence[_Scope]) -> None:
        """Keep what the citations became, by file."""
        if self._key:
            by_file = scopes[0].by_file
            made = {str(at): [[one.id, one.made] for one in by_file.get(at, ())] for at in self._alone}
            self._gists.cache.put_json(self._key, made)

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
        clusters = [each for one in _citing(file.blocks) for each in _clusters(one)]
        for one, (name, inlines) in zip(clusters, made, strict=True):
            one.id, one.made = name, inlines
        scope = _Scope([(at, file.blocks)], clusters=clusters)
        self._files[at] = _Placing(self._work, [file], [scope]).alone()
        return self._files[at]

    @cached_property
    def _made(self) -> dict[str, Any]:
        return self._gists.cache.get_json(self._key) or {}


def _nth(made: Callable[[], list[SourceFile]], apart: _Apart, number: int) -> SourceFile:
    """One of the files that are made together, once one of them is asked for that cannot be made alone."""
    return apart.file(number) or made()[number]


def _read(sheet: Sheet, bibliography: Bibliography, gists: Gists) -> tuple[Sheet, str, list[Finding]]:
    """A file with its citations as nodes; the hash of those blocks that have any, "" for none; keys of no source."""
    if not any(sign in line for line in sheet.file.lines for sign in SIGNS):
        return sheet, "", []

    def make(file: SourceFile) -> tuple[SourceFile, dict[str, Any]]:
        read, missing = _as_nodes(file, bibliography)
        cites = _hash(list(_citing(read.blocks)))
        return read, {"cites": cites, "missing": [one.as_dict() for one in missing]}

    one, gist = gists.passed(sheet, "citations", list(bibliography.references), make)
    return one, gist["cites"], [Finding.from_dict(finding) for finding in gist["missing"]]


def _hash(blocks: list[Block]) -> str:
    """The hash of blocks, wherever they stand; "" for none."""
    try:
        said = _LINES.sub(b"", as_json(blocks))
    except RecursionError:  # which is told where they are walked
        return _DEEP
    return hashlib.sha256(said).hexdigest() if blocks else ""


def _as_nodes(file: SourceFile, bibliography: Bibliography) -> tuple[SourceFile, list[Finding]]:
    keys = known(bibliography.references)
    findings: list[Finding] = []

    def unit(inlines: list[Inline], line: int) -> list[Inline]:
        def missing(key: str, severity: Severity = "error") -> None:
            place = Place(file.name, line_of(f"@{key}", list(file.lines), line))
            problem = f"@{key} is in none of the book's bibliographies"
            near = difflib.get_close_matches(key, list(bibliography.references), n=1, cutoff=_NEAR)
            meant = f"Write @{near[0]}, if that is meant" if near else "Correct its spelling"
            remedy = f"{meant}; add it there; or write \\@{key} for what is no citation"
            findings.append(Finding("citation-missing", "error" if near else severity, place, problem, remedy))

        return CitationReader(keys, missing, lambda name: missing(name, "warning")).read(inlines)

    return replace(file, blocks=rewrite(file.blocks, None, unit)), findings


def _wanted(sheets: Sequence[Sheet], citing: Citing, citers: set[int]) -> set[int]:
    """The files whose text is needed: those that cite, and those behind which or in which the list may stand.

    All where each chapter has its own list.
    """
    if citing.by != "book":
        return set(range(len(sheets)))
    places = {at for at, sheet in enumerate(sheets) if any(map(_may_hold, sheet.file.lines))}
    return citers | places | {len(sheets) - 1}


def _may_hold(line: str) -> bool:
    """Whether a line may be the place of a list: its division, or a heading that says so."""
    return _LIST in line or (line.startswith("#") and re.sub(r"\{.*|#", "", line).strip().lower() in _HEADINGS)


def _scopes(sheets: Sequence[Sheet], citing: Citing, wanted: set[int]) -> Iterator[_Scope]:
    """The texts that have a list each; of files that are not `wanted` no blocks."""
    if citing.by == "book":
        yield _Scope([(at, sheet.whole.blocks if at in wanted else []) for at, sheet in enumerate(sheets)])
        return
    count = 0
    for number, sheet in enumerate(sheets):
        for piece in _pieces(sheet.whole.blocks):
            count += 1
            yield _Scope([(number, piece)], "" if count == 1 else f"{count}-")


def _pieces(blocks: list[Block]) -> list[list[Block]]:
    """The chapters of a file."""
    out: list[list[Block]] = [[]]
    for one in blocks:
        if one["t"] == "Header" and one["c"][0] == 1 and out[-1]:
            out.append([])
        out[-1].append(one)
    return out


def _citing(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks of a text that cite anything."""
    for one in blocks:
        try:
            cites = b'"Cite"' in as_json(one)
        except RecursionError:  # which is told where they are walked
            cites = True
        if cites:
            yield one


def _clusters(
    node: Any, limits: tuple[tuple[tuple[str, str], ...], ...] = (), *, noted: bool = False, lowered: bool = False
) -> Iterator[Cluster]:
    """The citations in a tree in the order of reading, each with what limits the parts that it stands in."""
    if isinstance(node, list):
        for one in node:
            yield from _clusters(one, limits, noted=noted, lowered=lowered)
    elif isinstance(node, dict):
        if node.get("t") == "Cite":
            yield Cluster(node, limits, noted=noted, lowered=lowered)
            return
        content = node.get("c")
        own = _limits(node["c"][1 if node["t"] == "Header" else 0]) if isinstance(content, list) and content else ()
        inside = (*limits, own) if own else limits
        lowered = lowered or is_lowered(node)
        yield from _clusters(content, inside, noted=noted or node["t"] == "Note", lowered=lowered)


def _limits(attributes: Any) -> tuple[tuple[str, str], ...]:
    """What an .only names; nothing for all else."""
    sound = isinstance(attributes, list) and len(attributes) == 3 and isinstance(attributes[1], list)  # noqa: PLR2004
    if not sound or "only" not in attributes[1]:
        return ()
    return tuple((key, value) for key, value in attributes[2] if key in ("edition", "format"))


@dataclass
class _Work:
    """What makes citations: the book's settings, literature and style, and the ids that were given."""

    project: Project
    citing: Citing
    bibliography: Bibliography
    style: CitationStyle
    cache: Cache
    times: Counter[str] = field(default_factory=Counter)

    def reads(self) -> list[object]:
        """All that citations and lists are made from beside the texts."""
        style = read_text(self.style.file), self.style
        return [self.citing, self.bibliography.references, style, self.project.source, self.words()]

    def words(self) -> list[list[str]]:
        """What each edition calls the list."""
        editions = (*self.project.editions, *self.project.unnamed)
        return [[one.key, one.region.words.references] for one in editions]

    def chapter(self) -> SourceFile:
        """The file of a list that is a chapter, still without it: the literature's own."""
        path = self.citing.files[0]
        return SourceFile(shown(path), path, tuple(read_text(path).split("\n")), [])

    def make(self, scopes: Sequence[_Scope]) -> None:
        """Make the citations and lists of all scopes, by one start of pandoc."""
        for scope in scopes:
            found = [
                (number, [each for one in _citing(blocks) for each in _clusters(one)]) for number, blocks in scope.runs
            ]
            scope.clusters = [one for _, clusters in found for one in clusters]
            scope.by_file = {number: clusters for number, clusters in found if clusters}
        wanted = {key: self.reference(key) for scope in scopes for key in [*scope.cited, *self._silent()]}
        if not wanted:
            return
        home = "zh-TW" if "Hant" in self.project.source.tag else "zh-CN"
        locales = [home] if all(one.eastern for one in wanted.values()) else [home, _WESTERN]
        passages = [(locale, self._passage(scope)) for scope in scopes for locale in locales]
        made = iter(self._cited(passages, [self._told(one) for one in wanted.values()]))
        for scope in scopes:
            documents = [next(made) for _ in locales]
            self._take(scope, documents[0], documents[-1])

    def _told(self, one: Reference) -> dict[str, Any]:
        """What pandoc is told of a source."""
        if not self.style.standard:
            return dict(one.data)
        return for_standard(one.data, numeric=self.style.numeric, eastern=one.eastern)

    def _cited(self, passages: Sequence[tuple[str, list[Block]]], references: Sequence[Any]) -> list[list[Block]]:
        """What pandoc makes of passages, a language and its blocks each."""
        key = self.cache.key("cited", passages, references, read_text(self.style.file))
        return self.cache.made(key, lambda: self._cite(passages, references), list, list)

    def _cite(self, passages: Sequence[tuple[str, list[Block]]], references: Sequence[Any]) -> list[list[Block]]:
        locales = list(dict.fromkeys(locale for locale, _ in passages))
        with self.style.files(locales) as files:
            styles = dict(zip(locales, files, strict=True))
            return pandoc.cite([(locale, styles[locale], blocks) for locale, blocks in passages], references)

    def reference(self, key: str) -> Reference:
        return self.bibliography.references[key]

    def unknown(self) -> Iterator[Finding]:
        """Keys of `nocite` that no source has."""
        for key in self.citing.nocite:
            if key != "*" and key not in self.bibliography.references:
                place = self.project.place("nocite")
                problem = f"@{key} is in none of the book's bibliographies"
                yield Finding("citation-missing", "error", place, problem, "Add it there, or correct its spelling")

    def _silent(self) -> list[str]:
        """What is listed without being cited."""
        known = self.bibliography.references
        if self.citing.by == "chapter":
            return []
        return list(known) if "*" in self.citing.nocite else [key for key in self.citing.nocite if key in known]

    def _passage(self, scope: _Scope) -> list[Block]:
        """The citations of a scope as a text for pandoc, a paragraph each, with what is listed only behind them."""
        blocks = [self._asked(one) for one in scope.clusters]
        silent = [key for key in self._silent() if key not in scope.cited]
        blocks += [{"t": "Para", "c": [_silent_cite(key)]} for key in silent]
        return [*blocks, {"t": "Div", "c": [[_LIST, [], []], []]}]

    def _asked(self, one: Cluster) -> Block:
        """A citation as a paragraph; in a note where it stands in one, of which a style of notes makes no other."""
        cites = [{"t": "Cite", "c": [part.items, []]} for part in parts_of(one, self.style)]
        block: Block = {"t": "Para", "c": cites}
        return {"t": "Para", "c": [{"t": "Note", "c": [block]}]} if self._within(one) else block

    def _answered(self, one: Cluster, block: Block) -> list[Inline]:
        """What pandoc has made of such a paragraph: its citations."""
        made: list[Inline] = block["c"][0]["c"][0]["c"] if self._within(one) else block["c"]
        return made

    def _within(self, one: Cluster) -> bool:
        return one.noted and self.style.notes

    def _take(self, scope: _Scope, home: list[Block], western: list[Block]) -> None:
        """Take from what pandoc made in both languages what each source is to be in."""
        for one, own, other in zip(scope.clusters, home, western, strict=False):
            versions = self._answered(one, own), self._answered(one, other)
            one.made = by_surname(joined(one, versions, self.bibliography.references, self.style, scope.prefix))
            first = one.keys[0]
            self.times[first] += 1
            one.id = f"cite-{slug(first)}-{self.times[first]}"
        lists = [dict(_listed(blocks)) for blocks in (home, western)]
        keys = list(lists[0])
        scope.entries = [(key, lists[0 if self.reference(key).eastern else 1][key]) for key in keys]


def _silent_cite(key: str) -> Inline:
    item = {"citationId": key, "citationPrefix": [], "citationSuffix": [], "citationMode": {"t": "NormalCitation"}}
    return {"t": "Cite", "c": [[item | {"citationNoteNum": 0, "citationHash": 0}], []]}


def _listed(blocks: list[Block]) -> Iterator[tuple[str, list[Inline]]]:
    """The entries of a list that pandoc has made, by their keys."""
    for one in blocks[-1]["c"][1] if blocks[-1]["t"] == "Div" else ():
        name = one["c"][0][0].removeprefix("ref-")
        yield name, [inline for block in one["c"][1] if block["t"] in ("Para", "Plain") for inline in block["c"]]


class _Placing:
    """Puts what was made into the files of a book: citations where they stand, the list where it belongs."""

    def __init__(self, work: _Work, files: Sequence[SourceFile], scopes: Sequence[_Scope]) -> None:
        self._work, self._files, self._scopes = work, list(files), scopes
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
        citing = {id(one) for one in _citing(blocks)}
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

    def _list(self, scope: _Scope, runs: list[tuple[int, list[Block]]]) -> SourceFile | None:
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

    def _filled(self, scope: _Scope, number: int, blocks: list[Block]) -> list[Block]:
        """The blocks with the list in the first division that is for it; the same where there is none."""
        if not any(_LIST in line for line in self._files[number].lines):
            return blocks
        found: list[Block] = []

        def block(one: Block) -> list[Block] | None:
            if one["t"] != "Div" or one["c"][0][0] != _LIST or found:
                return None
            found.append(one)
            return [self._division(scope, one.get("line", 0))]

        made = rewrite(blocks, block)
        return made if found else blocks

    def _chapter(self, scope: _Scope) -> SourceFile:
        """The list as a chapter, whose source is the literature's file."""
        file = self._work.chapter()
        return replace(file, blocks=[self._heading(1, 0), self._division(scope, 0, file.name)])

    def _heading(self, level: int, line: int) -> Block:
        """The heading of a list: the author's words, or each edition's own."""
        project, title = self._work.project, self._work.citing.title
        words = project.source.words.references
        said = string(title) if title else {"t": "Span", "c": [["", [], self._work.words()], [string(words)]]}
        return {"t": "Header", "c": [level, ["", ["unnumbered"], []], [said]], "line": line}

    def _division(self, scope: _Scope, line: int, file: str = "") -> Block:
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


def _is_numbered(scope: _Scope) -> bool:
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


__all__ = ["CitedFiles", "cite"]
