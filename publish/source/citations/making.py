"""What makes citations: the texts that have a list each, what they cite, and what pandoc makes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from publish.cache import Cache, as_json
from publish.findings import Finding
from publish.source import pandoc
from publish.source.citations.bibliography import Bibliography, Reference
from publish.source.citations.cluster import Cluster, joined, parts_of, slug
from publish.source.citations.entry import by_surname
from publish.source.citations.fields import for_standard
from publish.source.citations.style import CitationStyle
from publish.source.citations.syntax import is_lowered
from publish.source.document import Block, Inline
from publish.source.project import Project
from publish.source.settings.literature import Citing
from publish.source.sheets import SourceFile
from publish.textfile import read_text, shown

LIST_ID = "refs"  # the id of the division that the list goes into, as in pandoc
_WESTERN = "en-US"


@dataclass
class CitationScope:
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
        """The keys of what it cites, each once, in the order of citing."""
        return list(dict.fromkeys(key for one in self.clusters for key in one.keys))


@dataclass
class CitationWork:
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

    def make(self, scopes: Sequence[CitationScope]) -> None:
        """Make the citations and lists of all scopes, by one start of pandoc."""
        for scope in scopes:
            found = [
                (number, [each for one in citing_blocks(blocks) for each in clusters_of(one)])
                for number, blocks in scope.runs
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
        """The source that has a key."""
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

    def _passage(self, scope: CitationScope) -> list[Block]:
        """The citations of a scope as a text for pandoc, a paragraph each, with what is listed only behind them."""
        blocks = [self._asked(one) for one in scope.clusters]
        silent = [key for key in self._silent() if key not in scope.cited]
        blocks += [{"t": "Para", "c": [_silent_cite(key)]} for key in silent]
        return [*blocks, {"t": "Div", "c": [[LIST_ID, [], []], []]}]

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

    def _take(self, scope: CitationScope, home: list[Block], western: list[Block]) -> None:
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


def citing_blocks(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks of a text that cite anything."""
    for one in blocks:
        try:
            cites = b'"Cite"' in as_json(one)
        except RecursionError:  # which is told where they are walked
            cites = True
        if cites:
            yield one


def clusters_of(
    node: Any, limits: tuple[tuple[tuple[str, str], ...], ...] = (), *, noted: bool = False, lowered: bool = False
) -> Iterator[Cluster]:
    """The citations in a tree in the order of reading, each with what limits the parts that it stands in."""
    if isinstance(node, list):
        for one in node:
            yield from clusters_of(one, limits, noted=noted, lowered=lowered)
    elif isinstance(node, dict):
        if node.get("t") == "Cite":
            yield Cluster(node, limits, noted=noted, lowered=lowered)
            return
        content = node.get("c")
        own = _limits(node["c"][1 if node["t"] == "Header" else 0]) if isinstance(content, list) and content else ()
        inside = (*limits, own) if own else limits
        lowered = lowered or is_lowered(node)
        yield from clusters_of(content, inside, noted=noted or node["t"] == "Note", lowered=lowered)


def _limits(attributes: Any) -> tuple[tuple[str, str], ...]:
    """What an .only names; nothing for all else."""
    sound = isinstance(attributes, list) and len(attributes) == 3 and isinstance(attributes[1], list)  # noqa: PLR2004
    if not sound or "only" not in attributes[1]:
        return ()
    return tuple((key, value) for key, value in attributes[2] if key in ("edition", "format"))


__all__ = ["LIST_ID", "CitationScope", "CitationWork", "citing_blocks", "clusters_of"]
