"""The pages of the printed book in the EPUB: a mark where each begins, and the list that leads there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from publish.edition.markup.xhtml import H, local
from publish.render.chapters import INSIDE, PreparedChapter
from publish.render.protocol import Folio

EPUB = "http://www.idpf.org/2007/ops"


@dataclass(frozen=True)
class PageMark:
    """Where a page of the printed book begins: its number, the chapter's key, the id of the passage, its own id."""

    label: str
    chapter: str
    at: str

    @property
    def id(self) -> str:
        """The id of the mark."""
        return f"page-{self.label}"


def page_marks(chapters: Sequence[PreparedChapter], folios: Iterable[Folio]) -> list[PageMark]:
    """Where pages begin: each with the first passage that begins on it. One on which none begins has no mark."""
    places = {name: one.chapter.key for one in chapters for name in one.gist.markable}
    found = ((folio.label, next((name for name in folio.ids if name in places), "")) for folio in folios)
    return [PageMark(label, places[name], name) for label, name in found if name]


def mark_pages(tree: etree._Element, marks: Sequence[PageMark]) -> None:
    """Mark in a chapter where pages begin."""
    places = {str(element.get("id")): element for element in tree.iter(f"{H}*") if element.get("id")} if marks else {}
    for one in marks:
        _mark(places[one.at], one.label)


def _mark(element: etree._Element, label: str) -> None:
    """Put a mark at the beginning of an element, else before it."""
    inside = local(element) in INSIDE
    made = etree.Element(f"{H}{'span' if inside else 'div'}", id=f"page-{label}", role="doc-pagebreak")
    made.set("aria-label", label)
    made.set(f"{{{EPUB}}}type", "pagebreak")
    if inside:
        made.tail, element.text = element.text, None
        element.insert(0, made)
    else:
        element.addprevious(made)
