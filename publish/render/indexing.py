"""An index as formats show it: what leads nowhere in a format taken out, and its parts named as readers know them."""

from __future__ import annotations

from collections.abc import Collection

from publish.edition import xhtml
from publish.edition.indexing import ENTRIES, ENTRY
from publish.edition.xhtml import EPUB, Element, H

# The parts of an index by their class (EPUB Indexes 1.0 §4).
_TYPES = {
    "index-group": "index-group",
    "index-term": "index-term",
    "locators": "index-locator-list",
    "locator": "index-locator",
    "index-see": "index-xref-preferred",
    "index-see-also": "index-xref-related",
}


def indexes(tree: Element) -> list[Element]:
    """The indexes of a chapter."""
    found = (section for section in tree.iter(f"{H}section") if any(one.get("class") == ENTRIES for one in section))
    return list(found)


def lead(tree: Element, known: Collection[str]) -> None:
    """Let each entry of a chapter's indexes lead to places that this format has, one in each section."""
    for section in indexes(tree):
        section.set("role", "doc-index")
        for places in _places(section):
            for link, ids in _targets(places):
                there = next((name for name in ids if name in known), None)
                if there is None:
                    link.tail = None  # the sign between places, which would else stand beside another
                    xhtml.remove(link)
                else:
                    link.set("href", f"#{there}")
                link.attrib.pop("data-also", "")
            _close(places)
        _unlink(section)


def name_types(tree: Element) -> None:
    """Say what each part of an index is, as readers of EPUB know it."""
    for section in indexes(tree):
        section.set(f"{{{EPUB}}}type", "index")
        for element in section.iter(f"{H}*"):
            kind = _TYPES.get(element.get("class") or "")
            kind = kind or {"ul": "index-entry-list", "li": "index-entry"}.get(xhtml.local(element))
            if kind:
                element.set(f"{{{EPUB}}}type", kind)


def ask_folios(tree: Element, known: Collection[str]) -> None:
    """Have each entry of a chapter's indexes ask for the pages of all its places, which the layout knows."""
    for section in indexes(tree):
        for places in _places(section):
            targets = [name for _, ids in _targets(places) for name in ids if name in known]
            for link in list(places):
                xhtml.remove(link)
            places.text = None
            if targets:
                places.set("class", "folios")
                places.set("data-targets", " ".join(targets))
            else:
                _close(places)
        _unlink(section)


def _places(section: Element) -> list[Element]:
    return [span for span in section.iter(f"{H}span") if span.get("class") == "locators"]


def _targets(places: Element) -> list[tuple[Element, list[str]]]:
    """The links of an entry, each with the ids that it may lead to."""
    return [
        (link, [(link.get("href") or "").removeprefix("#"), *(link.get("data-also") or "").split()])
        for link in list(places)
    ]


def _unlink(section: Element) -> None:
    """Let what leads to an entry that has gone say its name without leading there."""
    left = {element.get("id") for element in section.iter(f"{H}li")}
    for link in list(section.iter(f"{H}a")):
        target = (link.get("href") or "").removeprefix("#")
        if target.startswith(ENTRY) and target not in left:
            xhtml.unwrap(link)


def _close(places: Element) -> None:
    """Take out the places of an entry that has none in this format, and an entry that so says nothing."""
    links = list(places)
    if links:
        places.text, links[-1].tail = None, None
        return
    item = places.getparent()
    xhtml.remove(places)
    while item is not None and xhtml.local(item) == "li" and len(item) == 1:
        items = item.getparent()
        xhtml.remove(item)
        above = None if items is None or len(items) else items.getparent()
        if above is not None and items is not None:
            xhtml.remove(items)
        item = above
        if item is not None and item.get("class") == "index-group":
            xhtml.remove(item)
            item = None
