"""Indexes filled when an edition is numbered: entries sorted as its region sorts them, each with where it leads.

An entry leads to the section that its words stand in, by number or title; `data-also` names the other places in that
section, for formats whose pages are numbered. A passage is named by its two ends, `start–end`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import Any

from lxml import etree

from publish.edition import numbering
from publish.edition.context import Context
from publish.edition.features.sorting import IndexPlace, index_place
from publish.edition.markup.xhtml import HEADINGS, Element, H, local, remove, unwrap
from publish.findings import Finding
from publish.source.features.indexing import END, INDEX, LEVELS, NAMES, START, TERMS, kind_of
from publish.source.manuscript import Chapter

ENTRY = "entry-"  # what the ids of entries begin with
ENTRIES = "index-entries"  # the class of the division that holds what is added
RANGE = "locator-range"  # the class of a passage that ends in another section than it begins in
TO = "–"  # between the ends of a passage
_SAYS = ("key", "see", "seealso", "reading", "of", "range")


@dataclass(frozen=True)
class Mark:
    """A marked word: the index that it is for, its entry, other entries that it leads to, its id and section.

    `side` is whether a passage on it begins or ends there.
    """

    kind: str
    path: tuple[str, ...]
    see: str
    seealso: str
    reading: str
    id: str
    section: str
    side: str = ""

    @classmethod
    def from_values(cls, values: Sequence[Any]) -> Mark:
        """A mark from its values, as JSON has them."""
        kind, path, *rest = values
        return cls(kind, tuple(path), *rest)


@dataclass
class _Entry:
    """An entry with those below it."""

    name: str
    path: tuple[str, ...] = ()
    reading: str = ""
    see: list[str] = field(default_factory=list)
    seealso: list[str] = field(default_factory=list)
    places: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # by the sections of their two ends
    below: dict[str, _Entry] = field(default_factory=dict)


def fill_indexes(context: Context, walked: Sequence[tuple[Chapter, Element]], marks: Sequence[Mark]) -> list[Finding]:
    """Put all that is marked for an index into its place; `walked` are the chapters that may have one."""
    divisions = [(chapter, division) for chapter, root in walked for division in _divisions(root)]
    own = {_kind(division) for _, division in divisions}
    by_index: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_index[mark.kind if mark.kind in own else TERMS].append(mark)
    findings: list[Finding] = []
    for chapter, division in divisions:
        findings += _fill(context, chapter, division, by_index[_kind(division)])
    return findings


def has_index(root: Element) -> bool:
    """Whether a chapter is where an index is to stand."""
    return next(_divisions(root), None) is not None


def has_named_index(root: Element) -> bool:
    """Whether an index of a chapter has a name of its own, which is converted."""
    return any(_kind(one) not in (TERMS, NAMES) for one in _divisions(root))


def _divisions(root: Element) -> Iterator[Element]:
    return (one for one in root.iter(f"{H}div") if INDEX in (one.get("class") or "").split())


def _kind(division: Element) -> str:
    return kind_of(["", (division.get("class") or "").split(), [["of", division.get("data-of") or ""]]])


def marks_of(root: Element) -> Iterator[Mark]:
    """The marked words of a chapter in order; each becomes a mere anchor."""
    section = ""
    called: dict[str, str] = {}  # the section that each note is called in
    for element in list(root.iter(f"{H}*")):
        if local(element) in HEADINGS:
            section = " ".join(numbering.parted(element)[0].split()) or numbering.parted(element)[1]
        elif element.get("data-note"):
            called[str(element.get("data-note"))] = section
        elif local(element) == "span" and INDEX in (element.get("class") or "").split():
            note = next((str(one.get("id")) for one in element.iterancestors(f"{H}div") if one.get("id") in called), "")
            yield _mark(element, called.get(note, section))


def _mark(span: Element, section: str) -> Mark:
    says = {name: span.attrib.pop(f"data-{name}", "") for name in _SAYS}
    path = tuple(filter(None, (level.strip() for level in str(says["key"]).split(LEVELS))))
    identifier = "" if says["see"] else span.get("id") or ""
    left = [name for name in (span.get("class") or "").split() if name != INDEX]
    span.attrib.pop("class")
    if left:
        span.set("class", " ".join(left))
    if not span.attrib:
        unwrap(span)
    kind, see, also, reading, side = (str(says[name]) for name in ("of", "see", "seealso", "reading", "range"))
    return Mark(kind, path, see, also, reading, identifier, section, side)


def _fill(context: Context, chapter: Chapter, division: Element, marks: Sequence[Mark]) -> Iterator[Finding]:
    for one in [one for one in division.iter(f"{H}div") if one.get("class") == "index-see"]:
        remove(one)
    if not any(mark.path for mark in marks):
        yield context.finding("list-empty", chapter, 0, ".index has nothing to list", needle=INDEX, severity="note")
        remove(division)
        return
    words, kind = context.edition.region.words, _kind(division)
    top = _entries(marks)
    known = dict(_named(top, kind))
    division.tag = f"{H}section"
    division.attrib.pop("data-of", "")
    own = words.index_of_names if kind == NAMES else f"{context.converter.convert(kind)}{words.index}"
    division.set("class", f"{INDEX} {NAMES}" if kind == NAMES else INDEX)
    division.set("aria-label", own)
    _Writer(context, known, _places(context, kind, top)).write(
        etree.SubElement(division, f"{H}div", {"class": ENTRIES}), top
    )
    for entry in _all(top):
        for other in (*entry.see, *entry.seealso):
            if other not in known:
                problem = f'"{entry.name}" in the index leads to "{other}", which it has not'
                yield context.finding("index-see", chapter, 0, problem, "Correct see or seealso", needle=INDEX)


def _entries(marks: Sequence[Mark]) -> dict[str, _Entry]:
    """The entries of the first level by name, with what the marks say."""
    top: dict[str, _Entry] = {}
    for mark in marks:
        level, entry = top, None
        for depth, name in enumerate(mark.path, 1):
            entry = level.setdefault(name, _Entry(name, mark.path[:depth]))
            level = entry.below
        if entry is None:
            continue
        entry.reading = entry.reading or mark.reading
        for said, own in ((mark.see, entry.see), (mark.seealso, entry.seealso)):
            own.extend({said} - {"", *own})
    for mark, end in _passages(marks):
        _entry_of(top, mark.path).places.setdefault((mark.section, end.section), []).append(
            mark.id if end is mark else f"{mark.id}{TO}{end.id}"
        )
    return top


def _entry_of(top: dict[str, _Entry], path: Sequence[str]) -> _Entry:
    entry = top[path[0]]
    for name in path[1:]:
        entry = entry.below[name]
    return entry


def _passages(marks: Sequence[Mark]) -> Iterator[tuple[Mark, Mark]]:
    """Where entries lead to: a mark alone is both ends of its own; what lies in a passage on the same is part of it."""
    by_entry: dict[tuple[str, ...], list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.path and mark.id:
            by_entry[mark.path].append(mark)
    for mine in by_entry.values():
        last = -1
        for at, mark in enumerate(mine):
            if at > last:
                last = _end(mine, at)
                yield mark, mine[last]


def _end(mine: Sequence[Mark], at: int) -> int:
    """Where the passage that begins with a mark ends; a mark that begins none, or one without an end, is its own."""
    if mine[at].side != START:
        return at
    later = (number for number in range(at + 1, len(mine)) if mine[number].side)
    end = next(later, at)
    return end if mine[end].side == END else at


def _all(entries: Mapping[str, _Entry]) -> Iterator[_Entry]:
    for entry in entries.values():
        yield entry
        yield from _all(entry.below)


def _named(top: Mapping[str, _Entry], kind: str) -> Iterator[tuple[str, str]]:
    """The id of each entry by its path as others refer to it."""
    for entry in _all(top):
        path = LEVELS.join(entry.path)
        yield path, f"{ENTRY}{hashlib.sha256(f'{kind}:{path}'.encode()).hexdigest()[:10]}"


def _places(context: Context, kind: str, top: Mapping[str, _Entry]) -> dict[tuple[str, ...], IndexPlace]:
    """Where each entry stands, by its path; the tables of readings take long to load, so this is kept."""
    rows = [(one.path, one.name, one.reading) for one in _all(top)]
    own = context.edition.indexed_by, context.edition.region.words.strokes, kind == NAMES
    key, cache = context.cache.key("index places", rows, own), context.cache
    places = cache.made(key, lambda: _find_places(rows, *own), lambda found: list(map(astuple, found)), _from_rows)
    return {path: place for (path, _, _), place in zip(rows, places, strict=True)}


def _find_places(
    rows: Sequence[tuple[tuple[str, ...], str, str]], method: str, strokes: str, is_name: bool
) -> list[IndexPlace]:
    return [index_place(name, method, is_name=is_name, reading=said, strokes=strokes) for _, name, said in rows]


def _from_rows(rows: Sequence[tuple[str, Any]]) -> list[IndexPlace]:
    """Places as JSON says them, whose lists are tuples again."""
    return [IndexPlace(head, (tuple(group), tuple(map(tuple, elements)))) for head, (group, elements) in rows]


@dataclass(frozen=True)
class _Writer:
    """What writes the entries of one index."""

    context: Context
    known: Mapping[str, str]
    places: Mapping[tuple[str, ...], IndexPlace]

    def write(self, division: Element, top: Mapping[str, _Entry]) -> None:
        """The entries in groups, each under its head."""
        head, items = None, division
        for place, entry in self._sorted(top):
            if (place.head, place.order[0]) != head:
                head = place.head, place.order[0]
                group = etree.SubElement(division, f"{H}div", {"class": "index-group"})
                etree.SubElement(group, f"{H}div", {"class": "index-head"}).text = place.head
                items = etree.SubElement(group, f"{H}ul")
            self._entry(items, entry)

    def _sorted(self, entries: Mapping[str, _Entry]) -> list[tuple[IndexPlace, _Entry]]:
        rows = [(self.places[one.path], one) for one in entries.values()]
        return sorted(rows, key=lambda row: (row[0].order, row[1].name))

    def _entry(self, items: Element, entry: _Entry) -> None:
        item = etree.SubElement(items, f"{H}li", {"id": self.known[LEVELS.join(entry.path)]})
        etree.SubElement(item, f"{H}span", {"class": "index-term"}).text = entry.name
        if entry.places:
            self._places(item, entry)
        words = self.context.edition.region.words
        for kind, word, others in (
            ("index-see", words.see, entry.see),
            ("index-see-also", words.see_also, entry.seealso),
        ):
            if others:
                self._see(etree.SubElement(item, f"{H}span", {"class": kind}), word, others)
        if entry.below:
            below = etree.SubElement(item, f"{H}ul")
            for _, one in self._sorted(entry.below):
                self._entry(below, one)

    @staticmethod
    def _places(item: Element, entry: _Entry) -> None:
        item[-1].tail = "　"
        places = etree.SubElement(item, f"{H}span", {"class": "locators"})
        last = None
        for (first, to), ids in entry.places.items():
            if last is not None:
                last.tail = "、"
            last = etree.SubElement(places, f"{H}span", {"class": RANGE}) if to != first else places
            start, _, end = ids[0].partition(TO)
            link = etree.SubElement(last, f"{H}a", {"class": "locator", "href": f"#{start}"})
            link.text = first or entry.name
            if end:
                link.set("data-to", end)
            if ids[1:]:
                link.set("data-also", " ".join(ids[1:]))
            if last is places:
                last = link
                continue
            link.tail = TO
            etree.SubElement(last, f"{H}a", {"class": "locator", "href": f"#{end}"}).text = to or entry.name

    def _see(self, shown: Element, word: str, others: Sequence[str]) -> None:
        """What an entry leads to: 见 or 参见, and the others' names, links where the index has them."""
        before = shown.getprevious()
        if before is not None:
            before.tail = "　"
        last = etree.SubElement(shown, f"{H}span", {"class": "index-word"})
        last.text = word
        last.tail = " "
        for number, other in enumerate(others):
            if number:
                last.tail = "；"
            name, label = self.known.get(other), "，".join(other.split(LEVELS))
            last = etree.SubElement(shown, f"{H}a" if name else f"{H}span", {"href": f"#{name}"} if name else {})
            last.text = label
