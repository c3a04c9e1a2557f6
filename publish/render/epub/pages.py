"""The pages of the printed book in the EPUB: a mark where each begins, and the list that leads there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lxml import etree

from publish.edition.xhtml import H, local
from publish.render.chapters import PreparedChapter
from publish.render.protocol import Folio

EPUB = "http://www.idpf.org/2007/ops"
_INSIDE = frozenset("p h1 h2 h3 h4 h5 h6 li dd div section blockquote figure".split())
_FLOW = frozenset("div section body article blockquote li dd".split())


def mark_pages(chapters: Sequence[PreparedChapter], folios: Iterable[Folio]) -> list[tuple[str, str, str]]:
    """Mark where pages begin, in place; return for each its number, its chapter's key and the id of its mark.

    A page begins with the first passage that begins on it. One on which none begins has no mark.
    """
    places = {
        str(element.get("id")): (prepared.chapter.key, element)
        for prepared in chapters
        for element in prepared.tree.iter(f"{H}*")
        if element.get("id")
    }
    return list(_marked(places, folios))


def _marked(
    places: Mapping[str, tuple[str, etree._Element]], folios: Iterable[Folio]
) -> Iterable[tuple[str, str, str]]:
    for folio in folios:
        for name in folio.ids:
            key, element = places.get(name, ("", None))
            if element is not None and _mark(element, folio.label):
                yield folio.label, key, f"page-{folio.label}"
                break


def _mark(element: etree._Element, label: str) -> bool:
    """Put a mark at the beginning of an element, else before it; False: it may stand in neither place."""
    inside = local(element) in _INSIDE
    parent = element.getparent()
    if not inside and (parent is None or local(parent) not in _FLOW):
        return False
    made = etree.Element(f"{H}{'span' if inside else 'div'}", id=f"page-{label}", role="doc-pagebreak")
    made.set("aria-label", label)
    made.set(f"{{{EPUB}}}type", "pagebreak")
    if inside:
        made.tail, element.text = element.text, None
        element.insert(0, made)
    else:
        element.addprevious(made)
    return True
