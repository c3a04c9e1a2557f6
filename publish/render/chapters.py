"""What all formats share of the text: pruned chapters, the contents, notes, the markup of a chapter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any

from lxml import etree
from markupsafe import Markup

from publish.cache import Cache
from publish.edition.markup import xhtml
from publish.edition.markup.content_model import conform
from publish.edition.markup.prune import prune
from publish.edition.markup.xhtml import H, Heading
from publish.edition.publication import Publication, PublishedChapter
from publish.render.indexing import also
from publish.render.warichu import bracket

DEFAULT_NAMESPACE: Any = {None: xhtml.XHTML}  # lxml's form of it
# What may hold a mark of a page at its beginning, and what may hold one between its elements.
INSIDE = frozenset("p h1 h2 h3 h4 h5 h6 li dd div section blockquote figure".split())
SCREEN, SCREEN_WIDE = (1.7, 2.6), 300  # how many times as high as wide a phone's screen is; its least pixels across
_PICTURED = frozenset(("img", "a", "br", "span"))
_FLOW = frozenset("div section body article blockquote li dd".split())


@dataclass(frozen=True)
class Gist:
    """What the rest of a book asks of a chapter: headings, ids, the ids that it leads to, how many notes it has.

    `markable` are the ids at which a mark may say that a page of the printed book begins. `by_number`: it has raised
    numbers of literature, [1], which notes must not be taken for.
    """

    headings: tuple[Heading, ...]
    ids: frozenset[str]
    leads: tuple[str, ...]
    notes: int
    markable: frozenset[str] = frozenset()
    by_number: bool = False


@dataclass(frozen=True)
class PreparedChapter:
    """A chapter pruned for one format: its tree may be changed by the renderer that asked for it.

    `made` is its tree, or its text, which is read when the tree is asked for. `noted` counts the notes before it, where
    a book numbers its notes throughout. `key` is the hash of all that it was made from, "" where nothing is kept.
    """

    chapter: PublishedChapter
    made: xhtml.Element | str
    noted: int = 0
    key: str = ""
    known: Gist | None = None

    @cached_property
    def tree(self) -> xhtml.Element:
        """The chapter, as it was prepared and its renderer has changed it."""
        return xhtml.read(self.made) if isinstance(self.made, str) else self.made

    @cached_property
    def gist(self) -> Gist:
        """What the rest of the book asks of the chapter as it was prepared."""
        return self.known or gist(self.tree)


def gist(tree: xhtml.Element) -> Gist:
    """What the rest of a book asks of a chapter."""
    names = [(link.get("href") or "")[1:] for link in tree.iter(f"{H}a") if (link.get("href") or "").startswith("#")]
    names += [name for link in tree.iter(f"{H}a") for name in also(link)]
    return Gist(
        tuple(xhtml.headings(tree)),
        frozenset(xhtml.ids(tree)),
        tuple(dict.fromkeys(names)),
        len(xhtml.notes(tree)),
        frozenset(str(one.get("id")) for one in tree.iter(f"{H}*") if one.get("id") and _is_markable(one)),
        cites_by_number(tree),
    )


def _is_markable(element: xhtml.Element) -> bool:
    """Whether a mark may stand at an element's beginning, or before it; in a group of a list of terms none may."""
    parent = element.getparent()
    if parent is not None and xhtml.local(parent) == "dl":
        return False
    return xhtml.local(element) in INSIDE or (parent is not None and xhtml.local(parent) in _FLOW)


def prepare(publication: Publication, format_name: str) -> list[PreparedChapter]:
    """The chapters of a publication, parsed and pruned for a format; one that says no title has the book's."""
    return _prepared(publication, (PreparedChapter(one, _pruned(one, format_name)) for one in publication.chapters))


def prepare_kept(
    publication: Publication,
    format_name: str,
    cache: Cache,
    addresses: Mapping[str, str],
    change: Callable[[xhtml.Element, Mapping[str, str]], None],
    before: Iterable[PreparedChapter] = (),
    way: str = "",
) -> list[PreparedChapter]:
    """The chapters as `prepare` has them, each with a change that reads nothing but its tree and its `addresses`.

    `addresses` are those of pictures in this format by those in the chapters. A chapter that was prepared before, of
    all the same, is taken from the cache, and its tree is not read before it is asked for; all are as they would be.
    Those that are the same for other addresses are taken from `before`. `way` names the change where a format has two.
    """
    known = {one.key: one for one in before if one.key}

    def chapter(one: PublishedChapter) -> PreparedChapter:
        own = {source: address for source, address in addresses.items() if source in one.xhtml}
        key = cache.key("prepared", format_name, way, one.xhtml, own)
        if key in known:
            return PreparedChapter(one, known[key].made, key=key, known=known[key].gist)
        record = cache.get_json(key)
        if record is not None:
            return PreparedChapter(one, record["text"], key=key, known=_as_gist(record))
        tree = _pruned(one, format_name)
        change(tree, own)
        text = xhtml.serialize(tree)
        found = gist(tree)
        cache.put_json(
            key, {"text": text, **asdict(found), "ids": sorted(found.ids), "markable": sorted(found.markable)}
        )
        return PreparedChapter(one, text, key=key, known=found)

    return _prepared(publication, map(chapter, publication.chapters))


def _as_gist(record: Mapping[str, Any]) -> Gist:
    headings = tuple(Heading(**one) for one in record["headings"])
    ids, markable = frozenset(record["ids"]), frozenset(record["markable"])
    return Gist(headings, ids, tuple(record["leads"]), record["notes"], markable, record["by_number"])


def _pruned(chapter: PublishedChapter, format_name: str) -> xhtml.Element:
    tree = conform(prune(xhtml.read(chapter.xhtml), format_name))
    if format_name != "pdf":
        bracket(tree)
    mark_pictures(tree)
    return tree


def mark_pictures(tree: xhtml.Element) -> None:
    """Tell style sheets of pictures that are as high as a phone's screen, and of paragraphs of nothing but pictures.

    Neither is as wide as a line: a screen would fill a page, and words that are none have no indent.
    """
    for picture in tree.iter(f"{H}img"):
        sides = str(picture.get("width") or ""), str(picture.get("height") or "")
        if all(side.isdigit() for side in sides) and not picture.get("style"):
            width, height = map(int, sides)
            if width >= SCREEN_WIDE and SCREEN[0] <= height / width <= SCREEN[1]:
                xhtml.add_class(picture, "screen")
    for paragraph in tree.iter(f"{H}p"):
        inside = [xhtml.local(one) for one in paragraph.iterdescendants(etree.Element)]
        if "img" in inside and set(inside) <= _PICTURED and not "".join(map(str, paragraph.itertext())).strip():
            xhtml.add_class(paragraph, "pictures")


def _prepared(publication: Publication, made: Iterable[PreparedChapter]) -> list[PreparedChapter]:
    """The chapters with their titles, and the notes before each."""
    name = publication.metadata.title or publication.slug
    chapters, noted = list[PreparedChapter](), 0
    for one in made:
        titled = replace(one.chapter, title=one.chapter.title or name)
        chapters.append(replace(one, chapter=titled, noted=noted))
        noted += one.gist.notes if publication.notes.numbered == "book" else 0
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
        for heading in prepared.gist.headings:
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
    return {name: one.chapter.key for one in chapters for name in one.gist.ids}


@dataclass(frozen=True)
class NumberedNote:
    """A note of a chapter with its number from 1, its element, and how often it is called."""

    number: int
    id: str
    element: xhtml.Element
    calls: int = 1

    @property
    def places(self) -> list[str]:
        """The ids of its calls, in order."""
        return [_call_id(self.id, number) for number in range(1, self.calls + 1)]


def _call_id(note: str, number: int) -> str:
    return f"ref{number if number > 1 else ''}-{note}"


def call_ids(calls: Iterable[xhtml.Element]) -> Iterator[tuple[xhtml.Element, str, str]]:
    """Each call of a chapter's notes, in order, with the id of its note and its own."""
    times = Counter[str]()
    for call in calls:
        name = str(call.get("data-note"))
        times[name] += 1
        yield call, name, _call_id(name, times[name])


def take_notes(tree: xhtml.Element, before: int = 0) -> list[NumberedNote]:
    """Take the notes out of a chapter's tree, in the order of their calls, a note of a note behind it.

    `before` are the notes that were numbered before the chapter.
    """
    by_id = {str(note.get("id")): note for note in xhtml.notes(tree)}
    within = {call: note for note in by_id.values() for call in xhtml.note_calls(note)}
    times = Counter(str(call.get("data-note")) for call in xhtml.note_calls(tree))
    for note in by_id.values():
        xhtml.remove(note)
    taken: list[NumberedNote] = []

    def take(calls: Iterable[xhtml.Element]) -> None:
        for call in calls:
            note = by_id.pop(str(call.get("data-note")), None)
            if note is not None:
                name = str(call.get("data-note"))
                taken.append(NumberedNote(before + len(taken) + 1, name, note, times[name]))
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
    spans = (span for span in tree.iter(f"{H}span") if span.get("class") == "citation" and len(span))
    return any(xhtml.local(span[-1]) == "sup" for span in spans)
