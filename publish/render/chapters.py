"""What all formats share of the text: pruned chapters, the contents, notes, the markup of a chapter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree
from markupsafe import Markup

from publish.cache import Cache
from publish.edition import xhtml
from publish.edition.content_model import conform
from publish.edition.prune import prune
from publish.edition.publication import Publication, PublishedChapter

DEFAULT_NAMESPACE: Any = {None: xhtml.XHTML}  # lxml's form of it


@dataclass(frozen=True)
class PreparedChapter:
    """A chapter pruned for one format: its tree may be changed by the renderer that asked for it.

    `noted` counts the notes before it, where a book numbers its notes throughout.
    """

    chapter: PublishedChapter
    tree: xhtml.Element
    noted: int = 0


def prepare(publication: Publication, format_name: str) -> list[PreparedChapter]:
    """The chapters of a publication, parsed and pruned for a format; one that says no title has the book's."""
    return _prepared(publication, (_pruned(one, format_name) for one in publication.chapters))


def prepare_kept(
    publication: Publication,
    format_name: str,
    cache: Cache,
    reads: object,
    change: Callable[[xhtml.Element], None],
) -> list[PreparedChapter]:
    """The chapters as `prepare` has them, each with a change that reads nothing but its tree and `reads`.

    One that was prepared before, of all the same, is taken from the cache; all are as they would be then.
    """

    def tree(one: PublishedChapter) -> xhtml.Element:
        key = cache.key("prepared", format_name, one.xhtml, reads)
        data = cache.get(key) if key else None
        if data is None:
            made = _pruned(one, format_name)
            change(made)
            data = xhtml.serialize(made).encode()
            cache.put(key, data)
        return xhtml.read(data.decode())

    return _prepared(publication, map(tree, publication.chapters))


def _pruned(chapter: PublishedChapter, format_name: str) -> xhtml.Element:
    return conform(prune(xhtml.read(chapter.xhtml), format_name))


def _prepared(publication: Publication, trees: Iterable[xhtml.Element]) -> list[PreparedChapter]:
    """The chapters with their trees, titles, and the notes before each."""
    name = publication.metadata.title or publication.slug
    chapters, noted = list[PreparedChapter](), 0
    for one, tree in zip(publication.chapters, trees, strict=True):
        chapters.append(PreparedChapter(replace(one, title=one.title or name), tree, noted))
        noted += len(xhtml.notes(tree)) if publication.notes.numbered == "book" else 0
    return chapters


@dataclass
class Entry:
    """A line of the contents: level 0 for parts, 1 for chapters, then sections; `key` is the chapter's page.

    `nested` files stand above its chapter: a section of theirs, which has a page of its own and runs on in theirs in
    print.
    """

    level: int
    id: str
    label: str
    title: str
    key: str
    children: list[Entry] = field(default_factory=list)
    nested: int = 0

    @property
    def depth(self) -> int:
        """How deep the line stands in the whole book, counted as `level`."""
        return self.level + self.nested

    @property
    def text(self) -> str:
        """Number and title in one."""
        return f"{self.label} {self.title}".strip()


def contents(chapters: Iterable[PreparedChapter], depth: int) -> list[Entry]:
    """The contents, nested: parts hold chapters, chapters those under them, and sections to `depth` (1: none)."""
    top: list[Entry] = []
    above: list[Entry] = []
    for prepared in chapters:
        chapter = prepared.chapter
        if chapter.part:
            top.append(Entry(0, f"part-{chapter.key}", chapter.part_label, chapter.part, chapter.key))
        first = Entry(1, chapter.id, chapter.label, chapter.title, chapter.key, nested=chapter.level)
        siblings = top[-1].children if chapter.inside and top and top[-1].level == 0 else top
        above = above[: chapter.level]
        (above[-1].children if above else siblings).append(first)
        above.append(first)
        stack = [first]
        for heading in xhtml.headings(prepared.tree):
            if heading.id in ("", chapter.id) or chapter.level + heading.level > depth or not heading.text:
                continue
            entry = Entry(
                max(heading.level, 2), heading.id, heading.label, heading.text, chapter.key, nested=chapter.level
            )
            while stack[-1].level >= entry.level:
                stack.pop()
            stack[-1].children.append(entry)
            stack.append(entry)
    return top


def id_pages(chapters: Iterable[PreparedChapter]) -> dict[str, str]:
    """The chapter that each id stands in."""
    return {name: one.chapter.key for one in chapters for name in xhtml.ids(one.tree)}


@dataclass(frozen=True)
class NumberedNote:
    """A note of a chapter with its number from 1 and its element."""

    number: int
    id: str
    element: xhtml.Element


def take_notes(tree: xhtml.Element, before: int = 0) -> list[NumberedNote]:
    """Take the notes out of a chapter's tree, in the order of their calls, a note of a note behind it.

    `before` are the notes that were numbered before the chapter.
    """
    by_id = {str(note.get("id")): note for note in xhtml.notes(tree)}
    within = {call: note for note in by_id.values() for call in xhtml.note_calls(note)}
    for note in by_id.values():
        xhtml.remove(note)
    taken: list[NumberedNote] = []

    def take(calls: Iterable[xhtml.Element]) -> None:
        for call in calls:
            note = by_id.pop(str(call.get("data-note")), None)
            if note is not None:
                taken.append(NumberedNote(before + len(taken) + 1, str(call.get("data-note")), note))
                take(call for call, above in within.items() if above is note)

    take(xhtml.note_calls(tree))
    return taken


def inner(tree: xhtml.Element) -> Markup:
    """A chapter's markup for a template."""
    if tree.prefix:  # a note taken out of its chapter: back to the default namespace
        whole = tree.makeelement(tree.tag, nsmap=DEFAULT_NAMESPACE)
        for name, value in tree.attrib.items():
            whole.set(name, value)
        whole.text = tree.text
        whole.extend(list(tree))
        etree.cleanup_namespaces(whole)
        tree = whole
    return Markup(xhtml.serialize(tree).replace(f' xmlns="{xhtml.XHTML}"', "", 1))  # noqa: S704  # canonical XHTML of our own


def cites_by_number(tree: xhtml.Element) -> bool:
    """Whether a chapter has raised numbers of literature, [1], which notes must not be taken for."""
    spans = (span for span in tree.iter(f"{xhtml.H}span") if span.get("class") == "citation" and len(span))
    return any(xhtml.local(span[-1]) == "sup" for span in spans)
