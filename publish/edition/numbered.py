"""An edition's chapters numbered, titled, and told what their references lead to; what is as it was is taken as it was.

A chapter asks little of the others: how many figures stand before it, what its references lead to. The book asks little
of it: what may be referred to, the words marked for an index. Both are kept, and a chapter of which both are as they
were is not read.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from publish.cache import as_json, digest
from publish.edition import numbering
from publish.edition.context import Context
from publish.edition.features import references
from publish.edition.features.defined import join_definitions
from publish.edition.features.diagrams import diagrams_of, draw_diagrams, has_diagrams, is_drawn
from publish.edition.features.indexing import Mark, fill_indexes, has_index, has_named_index, marks_of
from publish.edition.kept import SETTINGS, Derived
from publish.edition.markup import xhtml
from publish.edition.numbering import ReferenceLabel
from publish.edition.publication import PublishedChapter
from publish.findings import Finding
from publish.source.manuscript import Chapter
from publish.source.settings.given import merge_metadata
from publish.source.settings.metadata import Metadata
from publish.source.sheets import Gists
from publish.textfile import shown

Labels = dict[str, ReferenceLabel]
# Why a chapter is walked: nothing of it is kept; its diagrams are drawn; its title may say what another says, or has to
# be converted, as an index's own name has. One that only holds what is made of all chapters, an index or a list, is
# what it was where these have told the same.
_UNKEPT, _DRAWN, _ALONE, _FILLED = "unkept", "drawn", "alone", "filled"
_TEXT = b"\n"  # before a chapter's text, where it is kept behind its marks


def number_chapters(
    context: Context, kept: Sequence[tuple[Chapter, Derived]]
) -> tuple[tuple[PublishedChapter, ...], list[Finding]]:
    """The chapters of an edition numbered, with what refers to others filled in."""
    gists = Gists(context.cache, f"{context.project.slug} {context.edition.key}")
    chapters = [chapter for chapter, _ in kept]
    pages = [_Page(context, gists, *one, of) for one, of in zip(kept, _numbers(context, chapters), strict=True)]
    findings = _draw(context, pages)
    counts = Counter[str]()
    for page in pages:
        if context.project.number_sections and not page.chapter.level:
            counts = Counter()
        page.number(counts)
    known = _labels(pages)
    findings += [found for page in pages if not page.walked for found in page.say(known)]
    findings += _filled(context, pages, known)
    gists.close()
    labels = _part_labels(context, chapters)
    return tuple(page.published(label) for page, label in zip(pages, labels, strict=True)), findings


def _draw(context: Context, pages: Sequence[_Page]) -> list[Finding]:
    """Draw the diagrams of the chapters that have any; where all stay code, a chapter is not walked for them."""
    having = [(page, page.diagrams()) for page in pages if has_diagrams(page.derived.page)]
    for page, diagrams in having:
        page.walked = _DRAWN if is_drawn(diagrams) else ""
    rows = [(page.chapter, diagrams, page.root if page.walked else None) for page, diagrams in having]
    return [*draw_diagrams(context, rows)]


def _labels(pages: Sequence[_Page]) -> Labels:
    """What may be referred to in all chapters."""
    return {name: label for page in pages for name, label in page.labels().items()}


def _filled(context: Context, pages: Sequence[_Page], known: Labels) -> list[Finding]:
    """Do what is left to do with the chapters that are walked, or know what they came to, of all the same."""
    walked, cache = [page for page in pages if page.walked], context.cache
    if not walked:
        return []
    key = ""
    if all(page.walked == _FILLED for page in walked):
        own = context.edition.indexed_by, context.manuscript.defines, context.manuscript.indexes
        key = cache.key("filled", [page.told for page in pages], own)
    kept = cache.get_json(key)
    if kept is None:
        found = _walk(context, pages, walked, known)
        kept = {"pages": [page.as_published() for page in walked], "findings": [one.as_dict() for one in found]}
        cache.put_json(key, kept)
    for page, made in zip(walked, kept["pages"], strict=True):
        page.made = made
    return [Finding.from_dict(one) for one in kept["findings"]]


def _walk(context: Context, pages: Sequence[_Page], walked: Sequence[_Page], known: Labels) -> list[Finding]:
    """Fill in what refers to others: references first, for titles may have some, then lists, and last indexes."""
    findings = [found for page in walked for found in page.say(known)]
    known = _labels(pages)
    findings += [found for page in walked for found in page.list_all(known)]
    for page in walked:
        page.finish()
    if context.manuscript.indexes:
        rows = [(page.chapter, page.root) for page in walked]
        findings += fill_indexes(context, rows, [mark for page in pages for mark in page.marks])
    return findings


@dataclass
class _Page:
    """A chapter while it is numbered; `of` is the number of its chapter, 0 for one without.

    `walked` says why its tree is worked on when all others are numbered; "": it need not be. `made` is what becomes of
    it.
    """

    context: Context
    gists: Gists
    chapter: Chapter
    derived: Derived
    of: int
    walked: str = ""
    made: Mapping[str, Any] | None = None
    _key: str = ""
    _before: dict[str, int] = field(default_factory=dict)  # what was counted before it
    _gist: Mapping[str, Any] = field(default_factory=dict)  # what the book asks of it
    _marks: list[Mark] | None = None
    _kept_marks: bytes = b"[]"
    _said: str = ""  # the key of what becomes of it, where it is not walked

    @cached_property
    def root(self) -> xhtml.Element:
        """Its tree."""
        return xhtml.read(self.derived.page)

    def diagrams(self) -> list[tuple[str, str]]:
        """The kind and the source of each of its diagrams."""
        key = self.context.cache.key("diagrams", self.derived.page)
        gist = self.gists.known(key)
        found = self.gists.keep(key, diagrams_of(self.root)) if gist is None else gist
        return [(kind, source) for kind, source in found]

    @cached_property
    def _numbered(self) -> tuple[str, Counter[str]]:
        """Its label, and what is counted behind it; from here on its tree has numbers."""
        counts = Counter(self._before)
        return _number(self.context, self.root, self.of, counts, self.chapter.level), counts

    def number(self, counts: Counter[str]) -> None:
        """Number it, or know what it asks of the book and the book of it; `counts` is what was counted before it."""
        self.walked = self.walked or ("" if self.derived.key else _UNKEPT)
        self._before = {name: count for name, count in sorted(counts.items()) if count}
        project, manuscript = self.context.project, self.context.manuscript
        book = project.number_sections, manuscript.refers, manuscript.indexes, self.context.edition.region.words
        own = self.of, self.chapter.level, self.chapter.headed
        if not self.walked:
            self._key = self.context.cache.key("numbers", self.derived.page, self._before, own, book)
        gist = self.gists.known(self._key)
        self._gist = self.gists.keep(self._key, self._asked()) if gist is None else gist
        self.walked = self.walked or self._gist["walked"]
        counts.clear()
        counts.update(self._gist["counts"])

    def _asked(self) -> dict[str, Any]:
        """What the book asks of it, in what JSON can say."""
        label, counts = self._numbered
        links = references.links(self.root) if self.context.manuscript.refers else []
        walked = _FILLED if references.has_lists(self.root) else ""
        if has_index(self.root):
            walked = _ALONE if has_named_index(self.root) else _FILLED
        if any(map(references.is_in_title, links)) or not self.chapter.headed or not any(xhtml.headings(self.root)):
            walked = _ALONE
        return {
            "label": label,
            "counts": {name: count for name, count in counts.items() if count},
            "labels": [[name, *vars(one).values()] for name, one in self._labels().items()],
            "leads": list(dict.fromkeys(references.name_of(link) for link in links)),
            "walked": walked,
        }

    def _labels(self) -> Labels:
        if not self.context.manuscript.refers:
            return {}
        return numbering.labels(self.root, self.of, self.context.edition.region.words)

    def labels(self) -> Labels:
        """What may be referred to in it, as far as it is known what titles say."""
        if self.walked not in ("", _FILLED) and self._numbered:
            return self._labels()
        return {name: ReferenceLabel(*label) for name, *label in self._gist["labels"]}

    def say(self, known: Labels) -> list[Finding]:
        """Say what its references lead to; of one that is not walked all else is done with it."""
        if self.walked:
            return self._say(known)
        answers = [(name, known.get(name)) for name in self._gist["leads"]]
        lines, manuscript = self.derived.reads["the lines of its file"], self.context.manuscript
        self._said = self.context.cache.key("said", self._key, answers, self.chapter.file, lines, manuscript.defines)
        gist, whole = self.gists.known(self._said), self.context.cache.get(self._said)
        if gist is None or whole is None:
            gist = self._make(known)
        else:
            self._kept_marks, _, text = whole.partition(_TEXT)
            self.made = {**gist, "xhtml": text.decode("utf-8", "surrogatepass")}
        self._gist = {**self._gist, **self.gists.keep(self._said, gist)}
        return [Finding.from_dict(one) for one in gist["findings"]]

    @property
    def told(self) -> object:
        """All that those that are walked ask of it; of one of them, all that it is made from beside the others."""
        if not self.walked:
            return self._gist["labels"], self._gist["marked"]
        reads = self.derived.reads
        return self._key, self.derived.origin, self.chapter.file, reads["the lines of its file"], reads[SETTINGS]

    @property
    def marks(self) -> list[Mark]:
        """Its words that are marked for an index."""
        if self._marks is None:
            self._marks = [Mark.from_values(one) for one in json.loads(self._kept_marks)]
        return self._marks

    def _say(self, known: Labels) -> list[Finding]:
        if not self.context.manuscript.refers or not self._numbered:
            return []
        return [*references.say(self.context, self.chapter, self.root, known)]

    def _make(self, known: Labels) -> dict[str, Any]:
        """What becomes of one that is not walked; its gist in what JSON can say: all but its text and its marks."""
        findings = self._say(known) if self._numbered else []
        self.finish()
        self.made = self.as_published()
        marks = as_json([[*vars(one).values()] for one in self.marks])
        self.context.cache.put(self._said, marks + _TEXT + self.made["xhtml"].encode("utf-8", "surrogatepass"))
        return {
            **{name: value for name, value in self.made.items() if name != "xhtml"},
            "marked": digest(marks),
            "findings": [one.as_dict() for one in findings],
        }

    def list_all(self, known: Labels) -> list[Finding]:
        """Fill its lists of figures and the like; one that has any is walked."""
        if not self.walked or not self.context.manuscript.refers:
            return []
        return [*references.list_all(self.context, self.chapter, self.root, known)]

    def finish(self) -> None:
        """Do what is left to do with its tree before indexes are filled."""
        if self.context.manuscript.defines:
            join_definitions(self.root)
        self._marks = list(marks_of(self.root)) if self.context.manuscript.indexes else []

    def as_published(self) -> dict[str, Any]:
        """What the published chapter has of its tree."""
        title, identifier = _title(self.context, self.chapter, self.root)
        tables = {xhtml.first_words(table) for table in self.root.iter(f"{xhtml.H}table")} - {""}
        lines = _table_lines(tables, self.derived)
        return {"id": identifier, "title": title, "xhtml": xhtml.serialize(self.root), "tables": lines}

    def published(self, part_label: str) -> PublishedChapter:
        """The chapter, numbered, saying what its references lead to."""
        made = self.made or self.as_published()
        read_at, edit_at = _in_repository(self.context, self.chapter)
        return PublishedChapter(
            key=self.chapter.key,
            id=made["id"],
            title=made["title"],
            label=self._gist["label"],
            xhtml=made["xhtml"],
            file=self.chapter.file,
            part=self.derived.part,
            inside=self.chapter.inside,
            part_label=part_label,
            level=self.chapter.level,
            read_at=read_at,
            edit_at=edit_at,
            formulas=self.derived.formulas,
            tables=made["tables"],
        )


def _table_lines(words: Collection[str], derived: Derived) -> dict[str, int]:
    """The line of each table in the source, by its first words."""
    if not words:
        return {}
    said = ((unit.output.strip(), unit.line) for unit in reversed(derived.units))
    return {text: line for text, line in said if text in words}


def _numbers(context: Context, chapters: Sequence[Chapter]) -> Iterator[int]:
    """The number of each chapter, that above it for a nested one; 0 without one: a preface, a book of one chapter."""
    count, above = 0, False
    for chapter in chapters:
        numbered = context.project.number_sections and chapter.numbered
        if not chapter.level:
            above = numbered
            count += numbered
        yield count if numbered and above and len(context.manuscript.chapters) > 1 else 0


def _part_labels(context: Context, chapters: Sequence[Chapter]) -> Iterator[str]:
    """The number of the part that each chapter opens, 第一部; empty for a chapter that opens none."""
    count = 0
    for chapter in chapters:
        opens = bool(chapter.part)
        count += opens
        label = context.edition.region.words.part.format(numbering.chinese_number(count))
        yield label if opens and context.project.number_sections else ""


def _number(context: Context, root: xhtml.Element, number: int, counts: Counter[str], level: int) -> str:
    """Number a chapter's headings and legends; its own label.

    `counts` are those of the same chapter before it, for the files under one; of the whole book, where it does not
    number its chapters but refers to a figure by name.
    """
    sections, words = context.project.number_sections, context.edition.region.words
    label = numbering.number_headings(root, number, words, counts, level) if number else ""
    if sections or context.manuscript.refers:
        numbering.number_legends(root, number, words, counts)
    numbering.part_statements(root)
    return label


def _in_repository(context: Context, chapter: Chapter) -> tuple[str, str]:
    """Where the chapter's file is read and edited in the book's repository; empty where there is none."""
    project = context.project
    if project.repository is None:
        return "", ""
    path = next((one.path for one in project.chapters if shown(one.path) == chapter.file), None)
    if path is None:
        return "", ""
    return project.repository.of(path.relative_to(project.root).as_posix())


def _title(context: Context, chapter: Chapter, root: xhtml.Element) -> tuple[str, str]:
    """A chapter's title and the id to link to: its heading's, or that of an anchor put before its text."""
    first = next(xhtml.headings(root), None)
    if chapter.headed and first is not None:
        return first.text, first.id
    identifier = f"start-{chapter.key}"
    anchor = root.makeelement(f"{xhtml.H}div", {"id": identifier, "class": "start"})
    anchor.tail, root.text = root.text, None
    root.insert(0, anchor)
    return _stated_title(context, chapter), identifier


def _stated_title(context: Context, chapter: Chapter) -> str:
    """The title of a chapter without a heading; where it is the book's title, as the edition states it."""
    own = context.edition.overrides.get("title")
    if own and not chapter.headed and chapter.title == context.manuscript.metadata.title:
        return merge_metadata(Metadata(), {"title": own}).title
    return context.converter.convert(chapter.title)
