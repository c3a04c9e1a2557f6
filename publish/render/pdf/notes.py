"""Notes in print: at the foot of their page, in its margin, behind their chapter or behind the book; their numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace

from lxml import etree

from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import Element, H
from publish.edition.publication import Publication, PublishedChapter
from publish.han import CIRCLED
from publish.render import NumberedNote, PreparedChapter, call_ids, take_notes
from publish.render.article import is_article
from publish.source.settings.page import NOTES_MARGIN
from publish.weasy.records import SAME

# Block elements that a note may hold; inside a footnote's span they are spans that CSS lays out as blocks.
_NOTE_BLOCKS = frozenset(
    "p ul ol li blockquote pre div dl dt dd table thead tbody tr td th figure figcaption h1 h2 h3 h4 h5 h6 hr".split(
        " "
    )
)
# Where nothing stands beside the text: what calls a note there has it at the foot of the page.
_APART = tuple(f"{H}{name}" for name in "table figure h1 h2 h3 h4 h5 h6 pre dt".split())
_HEADING = re.compile("h[2-6]")
_OVER_NOTES = re.compile(
    r"[注註][释釋解脚腳记記]|[脚腳尾附][注註]|[参參]考|引[用文]|出[处處]|[来來]源|(?i:notes|references|sources)"
)
_MOST = 180  # characters of a note in the margin: a longer one is at the foot of the page, too
_BLOCKS = frozenset("ul ol blockquote pre table figure dl div".split())
_FIRST = "①"  # which stands for the number on a page, as in the style sheet
PLACE = "data-place"  # of a note that asks for the margin
GATHERED = "all-notes"  # the id of the heading over the notes of a whole book
_LETTERS = "ⓐⓑⓒⓓⓔⓕⓖⓗⓘⓙⓚⓛⓜⓝⓞⓟⓠⓡⓢⓣⓤⓥⓦⓧⓨⓩ"


def with_gathered(publication: Publication) -> Publication:
    """The publication with a chapter at its end for the notes of all, where the book wants them there."""
    if publication.notes.place != "book" or not any('class="noteref"' in one.xhtml for one in publication.chapters):
        return publication
    title = publication.edition.region.words.notes
    text = f'<div xmlns="{xhtml.XHTML}"><h1 class="unnumbered" id="{GATHERED}">{title}</h1></div>'
    return replace(publication, chapters=(*publication.chapters, PublishedChapter("notes", GATHERED, title, "", text)))


def notes_apart(publication: Publication) -> bool:
    """Whether notes stand at the foot of their page or beside the text, and not behind a chapter or the book."""
    return publication.notes.place in ("page", "margin")


def as_it_is(tree: Element, addresses: Mapping[str, str]) -> None:
    """Leave a chapter as it was prepared."""


def without_heading(tree: Element, addresses: Mapping[str, str]) -> None:  # noqa: ARG001  # as `prepare_kept` calls it
    """Take out a heading, and a rule above it, where nothing but its chapter's notes stood below.

    Who lists notes under a heading (参考资料) sees the list on screens; in print they are on their pages, and the
    heading would stand over nothing. What leads to it leads to the place.
    """
    notes = xhtml.notes(tree)
    blocks = [one for one in tree.iterchildren(etree.Element) if one not in notes] if notes else []
    for at, heading in enumerate(blocks):
        if not _HEADING.fullmatch(xhtml.local(heading)) or not _OVER_NOTES.search(xhtml.words(heading)):
            continue
        below = xhtml.local(blocks[at + 1]) if at + 1 < len(blocks) else "hr"
        if below != "hr" and not (_HEADING.fullmatch(below) and below <= xhtml.local(heading)):
            continue
        heading.tag, heading.text = f"{H}div", None
        for child in list(heading):
            heading.remove(child)
        if at and below == xhtml.local(blocks[at - 1]) == "hr":
            xhtml.remove(blocks[at - 1])


def in_margin(publication: Publication) -> bool:
    """Whether notes stand in the margin: all of a book, or those that ask for it where it is wide enough."""
    return publication.notes.place == "margin" or (
        publication.page.outer >= NOTES_MARGIN and any(f'{PLACE}="margin"' in one.xhtml for one in publication.chapters)
    )


@dataclass
class PrintNotes:
    """Sets the notes of one chapter after another; `circled` where [1] is a source, and notes are ①."""

    publication: Publication
    circled: bool = False
    count: int = 0  # of the notes that are set

    def set(self, prepared: PreparedChapter, gathered: list[Element]) -> None:
        """Set a chapter's notes; those that go behind the book join `gathered`, which its last chapter takes."""
        settings, chapter = self.publication.notes, prepared.chapter
        through = settings.numbered == "book" or chapter.level or is_article(self.publication, "pdf")
        self.count = self.count if through else 0
        notes = {note.id: note for note in take_notes(prepared.tree)}
        calls = [call for call in xhtml.note_calls(prepared.tree) if call.get("data-note") in notes]
        rows: list[Element] = []
        times = Counter(name for _, name, _ in call_ids(calls))
        signs: dict[str, str] = {}
        spare: dict[str, Element] = {}
        for call, name, own in list(call_ids(calls)):
            if name in signs and name not in spare:
                _again(call, name, own, signs[name])
                continue
            self.count += 1
            signs[name] = self._sign()
            note = notes[name]
            _put_nested(note, notes)
            if name in spare:  # another page may have no such note; of those of one page `weasy.notes` leaves the first
                note = replace(note, element=_copy(spare[name], own))
            elif times[name] > 1 and settings.numbered == "page" and settings.place in ("page", "margin"):
                spare[name] = deepcopy(note.element)
                spare[name].set(SAME, name)
                note.element.set(SAME, name)
            if self._is_beside(note) and _fits_margin(call, note):
                _beside(call, note, _FIRST if settings.numbered == "page" else self._sign())
            elif settings.place in ("page", "margin"):
                self._at_foot(call, note)
            else:
                rows.append(_at_end(call, note, self._sign()))
        if settings.place == "chapter" and rows:
            prepared.tree.append(_section(self.publication.edition.region.words.notes, rows))
        elif rows:
            gathered.append(_section(f"{chapter.label} {chapter.title}".strip(), rows))
        if chapter.id == GATHERED:
            prepared.tree.extend(gathered)

    def _sign(self) -> str:
        """The number of the note that is set, as it is shown."""
        if not self.circled:
            return f"[{self.count}]"
        return CIRCLED[self.count - 1] if self.count <= len(CIRCLED) else f"({self.count})"

    def _is_beside(self, note: NumberedNote) -> bool:
        wanted = self.publication.notes.place == "margin" or note.element.get(PLACE) == "margin"
        return wanted and in_margin(self.publication)

    def _at_foot(self, call: Element, note: NumberedNote) -> None:
        numbered = self.publication.notes.numbered
        if numbered == "chapter" and in_margin(self.publication):  # which WeasyPrint cannot count
            numbered = "book"
        kind = {"page": "footnote by-page", "book": "footnote said"}.get(numbered, "footnote")
        _as_spans(note.element)
        call.attrib.clear()
        call.set("class", kind)
        _same_as(note, call)
        if numbered == "book":
            call.set("data-number", self._sign())
        call.set("id", str(note.element.get("id")))
        call.text = None
        for child in list(note.element):
            child.tail = None
            call.append(child)


def _same_as(note: NumberedNote, *elements: Element) -> None:
    """Let elements know of which note they are, where it is set once on each page that calls it."""
    if same := note.element.get(SAME):
        for one in elements:
            one.set(SAME, same)


def _fits_margin(call: Element, note: NumberedNote) -> bool:
    """Whether a note is short and plain enough for the margin, and its call stands in running text."""
    if next(call.iterancestors(*_APART), None) is not None or len(xhtml.plain(note.element)) > _MOST:
        return False
    return all(xhtml.local(one) not in _BLOCKS or one.get("class") == "note-of-note" for one in note.element)


def _beside(call: Element, note: NumberedNote, number: str) -> None:
    """A call, and behind it the note that is to stand in the margin; `weasy.notes` numbers those of a page."""
    name = str(note.element.get("id"))
    by_page = " by-page" if number == _FIRST else ""
    _as_spans(note.element)
    shown = call.makeelement(f"{H}span", {"class": "beside", "id": name})
    for child in list(note.element):
        child.tail = None
        shown.append(child)
    shown.tail, call.tail = call.tail, None
    call.addnext(shown)
    first = shown[0] if len(shown) else shown
    marker = first.makeelement(f"{H}span", {"class": f"beside-number{by_page}", "data-note": name})
    marker.text, marker.tail, first.text = number, f" {first.text or ''}", None
    first.insert(0, marker)
    call.attrib.clear()
    call.tag = f"{H}sup"
    call.set("class", f"noteref{by_page}")
    call.set("data-note", name)
    _same_as(note, call, shown)
    call.text = None
    etree.SubElement(call, f"{H}a", {"href": f"#{name}", "id": f"ref-{name}"}).text = number


def _again(call: Element, name: str, own: str, number: str) -> None:
    """A further call of a note that has its number already."""
    call.attrib.clear()
    call.tag = f"{H}sup"
    call.set("class", "noteref")
    etree.SubElement(call, f"{H}a", {"href": f"#{name}", "id": own}).text = number


def _copy(note: Element, name: str) -> Element:
    """A note once more, for another page, under another id."""
    made = deepcopy(note)
    for one in made.iter(f"{H}*"):
        one.attrib.pop("id", "")
    made.set("id", name)
    return made


def _put_nested(note: NumberedNote, notes: dict[str, NumberedNote]) -> None:
    """Put the notes that a note calls behind its own words, marked with letters that no other note has."""
    waiting = xhtml.note_calls(note.element)
    for number, call in enumerate(waiting):
        inner = notes.get(str(call.get("data-note")))
        if inner is None:
            continue
        waiting += xhtml.note_calls(inner.element)
        mark = _LETTERS[number % len(_LETTERS)]
        call.attrib.clear()
        call.set("class", "note-call")
        call.text = mark
        inner.element.set("class", "note-of-note")
        first = next((one for one in inner.element if xhtml.local(one) == "p"), inner.element)
        shown = first.makeelement(f"{H}span", {"class": "note-mark"})
        shown.text, shown.tail, first.text = mark, f" {first.text or ''}", None
        first.insert(0, shown)
        note.element.append(inner.element)


def _as_spans(note: Element) -> None:
    """Make a note's blocks spans, as a paragraph cannot hold them."""
    for element in note.iter():
        if not isinstance(element.tag, str):
            continue
        name = xhtml.local(element)
        if element is not note and name in _NOTE_BLOCKS:
            element.tag = f"{H}span"
            element.set("class", f"as-{name} {element.get('class') or ''}".strip())
            element.tail = element.tail if (element.tail or "").strip() else None
            if name != "pre" and len(element) and not (element.text or "").strip():
                element.text = None


def _at_end(call: Element, note: NumberedNote, number: str) -> Element:
    """A call that leads to a note which stands elsewhere; the note, which leads back."""
    name = str(note.element.get("id"))
    call.attrib.clear()
    call.tag = f"{H}sup"
    call.set("class", "noteref")
    etree.SubElement(call, f"{H}a", {"href": f"#{name}", "id": f"ref-{name}"}).text = number
    element = note.element
    element.set("class", "endnote")
    element.tail = None
    first = next((one for one in element if xhtml.local(one) == "p"), None)
    if first is None:
        first = element.makeelement(f"{H}p")
        element.insert(0, first)
    back = first.makeelement(f"{H}a", {"href": f"#ref-{name}", "class": "endnote-number"})
    back.text, back.tail, first.text = number, first.text, None
    first.insert(0, back)
    return element


def _section(title: str, rows: Sequence[Element]) -> Element:
    section = etree.Element(f"{H}div", {"class": "endnotes"})
    etree.SubElement(section, f"{H}div", {"class": "endnotes-title"}).text = title
    section.extend(rows)
    return section
