"""An index as formats show it: what leads nowhere in a format taken out, and its parts named as readers know them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy

from publish.edition.features.indexing import ENTRIES, ENTRY, RANGE, TO
from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import EPUB, Element, H

# The parts of an index by their class (EPUB Indexes 1.0 §4).
_TYPES = {
    "index-group": "index-group",
    "index-term": "index-term",
    "locators": "index-locator-list",
    "locator": "index-locator",
    RANGE: "index-locator-range",
    "index-see": "index-xref-preferred",
    "index-see-also": "index-xref-related",
}
_MARK = re.compile(r"ix-[0-9a-f]{10}(-\d+)?")  # the id of a place that an index knows (`source.features.indexing`)


def indexes(tree: Element) -> list[Element]:
    """The indexes of a chapter."""
    found = (section for section in tree.iter(f"{H}section") if any(one.get("class") == ENTRIES for one in section))
    return list(found)


def lead(tree: Element, known: Collection[str]) -> None:
    """Let each entry of a chapter's indexes lead to places that this format has, one in each section."""
    for section in indexes(tree):
        section.set("role", "doc-index")
        for places in _places(section):
            for shown, passages in _targets(places):
                _lead(shown, [name for one in passages for name in one.split(TO) if name in known])
            _close(places)
        _unlink(section)


def led_to(tree: Element, known: Collection[str]) -> set[str]:
    """The ids that the links of a chapter with indexes have once they `lead`; the tree stays as it is."""
    copied = deepcopy(tree)
    lead(copied, known)
    return {str(link.get("href")).removeprefix("#") for link in copied.iter(f"{H}a")}


def is_mark(name: str) -> bool:
    """Whether an id is one of those that only an index leads to."""
    return bool(_MARK.fullmatch(name))


def short_marks(names: Iterable[str]) -> dict[str, str]:
    """Short ids for the marks among the names of one page; alike wherever a page has the same marks."""
    short: dict[str, list[str]] = {}
    for name in filter(is_mark, names):
        digest, _, number = name.removeprefix("ix-").partition("-")
        short.setdefault(f"-{digest[:_SHORT]}{number and f'-{number}'}", []).append(name)
    return {name: one if len(those) == 1 else name for one, those in short.items() for name in those}


_SHORT = 4  # hexadecimal digits: of a hundred marks of a page, few share them, and keep all


def rename_marks(tree: Element, ids: Mapping[str, str]) -> None:
    """Give the marks of a page their short ids."""
    for span in tree.iter(f"{H}span"):
        if span.get("id") in ids:
            span.set("id", ids[str(span.get("id"))])


def drop_marks(tree: Element, wanted: Collection[str]) -> None:
    """Take away the marks for an index to which none leads."""
    for span in list(tree.iter(f"{H}span")):
        name = str(span.get("id") or "")
        if name not in wanted and is_mark(name):
            del span.attrib["id"]
            if not span.attrib:
                xhtml.unwrap(span)


def _lead(shown: Element, there: Sequence[str]) -> None:
    """Let what stands for a place lead to the first id that is there; of a passage without one end the other stays."""
    links = list(shown.iter(f"{H}a"))
    if len(links) > 1:
        left = [one for one in links if str(one.get("href")).removeprefix("#") in there]
        if len(left) > 1:
            _settle(links[0], str(links[0].get("href")).removeprefix("#"))
            return
        links = left or links[:1]
        links[0].tail, shown[:] = None, links[:1]
        xhtml.unwrap(shown)
    if there:
        _settle(links[0], there[0])
    else:
        links[0].tail = None  # the sign between places, which would else stand beside another
        xhtml.remove(links[0])


def _settle(link: Element, name: str) -> None:
    link.set("href", f"#{name}")
    for said in ("data-also", "data-to"):
        link.attrib.pop(said, "")


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
            ends = ([name for name in one.split(TO) if name in known] for _, ids in _targets(places) for one in ids)
            targets = [TO.join(names) for names in ends if names]
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
    """What an entry shows of each place, with the ids, and the two of each passage, that it may lead to."""
    return [(shown, list(_passages(next(shown.iter(f"{H}a"))))) for shown in list(places)]


def also(link: Element) -> Iterator[str]:
    """The ids that a link of an index may lead to beside the one that it leads to."""
    for one in (str(link.get("data-to") or ""), *str(link.get("data-also") or "").split()):
        yield from filter(None, one.split(TO))


def _passages(link: Element) -> Iterator[str]:
    own = (link.get("href") or "").removeprefix("#")
    yield f"{own}{TO}{link.get('data-to')}" if link.get("data-to") else own
    yield from (link.get("data-also") or "").split()


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
