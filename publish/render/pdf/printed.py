"""A book's chapters made ready for print, each kept: one that is made of what it was before is not looked at again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from publish.cache import Cache
from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import H
from publish.edition.publication import Publication
from publish.findings import Finding
from publish.render import PreparedChapter, families_css, inner
from publish.render.pdf import latin
from publish.render.pdf.notes import PrintNotes, in_margin
from publish.render.pdf.print_tree import fit_for_print, has_formulas
from publish.render.pdf.tables import Area

WHOLE_SIZE = 100  # percent: Western words as large as the text


@dataclass(frozen=True)
class Printing:
    """What all chapters are made ready with: the book, the chapter of each id, the type area, its measure in em.

    `circled`: notes are ①, for [1] is a source.
    """

    publication: Publication
    known: Mapping[str, str]
    area: Area
    characters: int
    circled: bool

    @property
    def has_latin(self) -> bool:
        """Whether Western words have a face or a size of their own."""
        faces = self.publication.edition.region.fonts
        return bool(faces.latin) or faces.latin_size != WHOLE_SIZE

    @property
    def families(self) -> str:
        """The families of the text."""
        return families_css(self.publication.edition.region.fonts.body)

    def key(self, cache: Cache, one: PreparedChapter, counted: int) -> str:
        """The hash of all that a chapter is made ready from, with so many notes before it; "" where it is not kept.

        Notes that stand behind the book go from chapter to chapter: such a book is made anew.
        """
        book = self.publication
        if not one.key or book.notes.place == "book":
            return ""
        led = sorted(name for name in one.gist.leads if name in self.known)
        used = [(href, found) for href, found in sorted(book.assets.items()) if href in str(one.made)]
        sizes = [(href, found.width, found.height) for href, found in used]
        title, words = book.metadata_for("pdf").title, book.edition.region.words
        about = title, words, self.area, self.characters, self.circled, self.has_latin, self.families
        notes = book.notes, in_margin(book), counted
        return cache.key("printed", one.key, replace(one.chapter, xhtml=""), led, sizes, about, notes)


@dataclass
class _Sheet:
    """A chapter on its way: as it was kept, or as it is made and will be kept, under a key."""

    prepared: PreparedChapter
    key: str
    kept: Mapping[str, Any] | None
    findings: list[Finding]
    notes: int

    def finished(self, cache: Cache) -> Markup:
        """The chapter's markup, kept from now on."""
        if self.kept is not None:
            return Markup(self.kept["text"])  # noqa: S704  # what `inner` gave
        text = inner(self.prepared.tree)
        found = [one.as_dict() for one in self.findings]
        if self.key:
            cache.put_json(self.key, {"text": text, "findings": found, "notes": self.notes})
        return text


def print_chapters(
    chapters: Sequence[PreparedChapter], printing: Printing, cache: Cache
) -> tuple[list[Markup], list[Finding]]:
    """The markup of chapters, whose trees are changed, for the template; what is set otherwise than it was written."""
    notes, gathered = PrintNotes(printing.publication, printing.circled), list[xhtml.Element]()
    if has_formulas(chapters):
        from publish.render.pdf.formulas import measure_formulas  # noqa: PLC0415  # a book without any pays nothing

        measure_formulas(chapters)
    sheets = [_sheet(one, printing, notes, gathered, cache) for one in chapters]
    fresh = [one for one in sheets if one.kept is None]
    if has_formulas(one.prepared for one in fresh):
        from publish.render.pdf.formulas import draw_formulas  # noqa: PLC0415  # a book without any pays nothing

        drawn = draw_formulas([one.prepared for one in fresh], printing.characters, printing.families)
        for one in fresh:
            one.findings += drawn.get(one.prepared.chapter.key, [])
    for one in fresh if printing.has_latin else ():
        latin.wrap(one.prepared.tree)
    return [one.finished(cache) for one in sheets], [found for one in sheets for found in one.findings]


def _sheet(
    one: PreparedChapter, printing: Printing, notes: PrintNotes, gathered: list[xhtml.Element], cache: Cache
) -> _Sheet:
    """A chapter as it was kept, or fitted for print now; `notes` counts on."""
    key = printing.key(cache, one, notes.count)
    kept = cache.get_json(key)
    if kept is not None:
        notes.count = kept["notes"]
        return _Sheet(one, key, kept, [Finding.from_dict(found) for found in kept["findings"]], notes.count)
    findings = fit_for_print(one, printing.known, printing.publication, printing.area, notes, gathered)
    _demote(one.tree, one.chapter.level)
    return _Sheet(one, key, None, findings, notes.count)


def _demote(tree: xhtml.Element, by: int) -> None:
    """The headings of a file under others made those of a section, which it is in print."""
    for heading in list(tree.iter(*(f"{H}h{level}" for level in range(1, 7)))) if by else ():
        heading.tag = f"{H}h{min(int(xhtml.local(heading)[1]) + by, 6)}"
