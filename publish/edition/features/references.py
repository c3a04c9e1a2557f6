"""References filled in when an edition is numbered: 图 3-1, 第三章, 式 (3.2); lists of figures, tables, listings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from publish.edition.context import Context
from publish.edition.markup.xhtml import HEADINGS, Element, H, local, plain, remove
from publish.edition.numbering import ReferenceLabel
from publish.findings import Finding
from publish.regions import Region, statement_word
from publish.source.features.references import BARE, LISTS, REFERENCE, SHOWN
from publish.source.features.theorems import NUMBERED
from publish.source.manuscript import Chapter


def links(root: Element) -> list[Element]:
    """The references of a chapter."""
    return [link for link in root.iter(f"{H}a") if REFERENCE in (link.get("class") or "").split()]


def name_of(link: Element) -> str:
    """What a reference leads to."""
    return (link.get("href") or "").removeprefix("#")


def is_in_title(link: Element) -> bool:
    """Whether a reference stands in a title, which others may say in their turn."""
    above = (one for one in link.iterancestors() if isinstance(one.tag, str))
    return any(local(one) in _TITLES or one.get("class") in _TITLES for one in above)


_TITLES = frozenset([*HEADINGS, "figcaption", "caption", "equation"])


def has_lists(root: Element) -> bool:
    """Whether a chapter has a list of figures or the like."""
    return any(set((one.get("class") or "").split()) & set(LISTS) for one in root.iter(f"{H}div"))


def say(context: Context, chapter: Chapter, root: Element, labels: Mapping[str, ReferenceLabel]) -> Iterator[Finding]:
    """Say in a chapter what its references lead to, from the labels of all chapters."""
    for link in links(root):
        yield from _say(context, chapter, link, labels)
        link.set("class", " ".join(name for name in (link.get("class") or "").split() if name != BARE))


def list_all(
    context: Context, chapter: Chapter, root: Element, labels: Mapping[str, ReferenceLabel]
) -> Iterator[Finding]:
    """Fill a chapter's lists of figures, tables and listings with all that have a number."""
    for division in list(root.iter(f"{H}div")):
        kind = next((LISTS[name] for name in (division.get("class") or "").split() if name in LISTS), "")
        if kind:
            yield from _list(context, chapter, division, kind, labels)


def _say(context: Context, chapter: Chapter, link: Element, labels: Mapping[str, ReferenceLabel]) -> Iterator[Finding]:
    """The words of one reference: its number, or the title of what has none."""
    shown = next((one for one in link.iter(f"{H}span") if one.get("class") == SHOWN), None)
    if shown is None:
        return
    name = name_of(link)
    label = labels.get(name)
    bare = BARE in (link.get("class") or "").split()
    quotes = context.edition.region.quotes.outer
    typed, shown.text = plain(shown), None
    if label is not None and label.number:
        shown.text = _number(link, label, labels) if bare else label.full
    elif label is not None and label.title:
        shown.text = f"{quotes[0]}{label.title}{quotes[1]}"
    else:
        shown.text = _word(context.edition.region, name)
        gone = "is not in this edition" if label is None else "has neither a number nor a title"
        problem, remedy = f"{typed} leads to what {gone}", "Give it a caption, or limit the reference with .only"
        yield context.finding("xref-unnumbered", chapter, 0, problem, remedy, needle=typed)


def _number(link: Element, label: ReferenceLabel, labels: Mapping[str, ReferenceLabel]) -> str:
    """A number by itself; of a part behind another of the same figure its letter: 图 3-1(a)、(b)."""
    before = link.getprevious()
    if label.within and before is not None and before.tail == "、":
        other = labels.get(name_of(before))
        if other is not None and other.within == label.within:
            return label.number.removeprefix(label.within)
    return label.number


def _word(region: Region, name: str) -> str:
    words, kind = region.words, re.split("[:-]", name)[0]
    kinds = {"tbl": words.table, "eq": words.equation, "lst": words.listing, "sec": words.section.replace(" {} ", "")}
    return statement_word(NUMBERED.get(kind, ""), region.tag) or kinds.get(kind, words.figure)


def _list(
    context: Context, chapter: Chapter, division: Element, kind: str, labels: Mapping[str, ReferenceLabel]
) -> Iterator[Finding]:
    """All that is numbered of one kind, each a link, marked as all words that an edition adds."""
    entries = [
        (name, label) for name, label in labels.items() if label.kind == kind and label.number and not label.within
    ]
    name = next(one for one in (division.get("class") or "").split() if one in LISTS)
    if not entries:
        yield context.finding("list-empty", chapter, 0, f".{name} has nothing to list", needle=name, severity="note")
        remove(division)
        return
    division.set("class", f"list-of {name}")
    items = etree.SubElement(division, f"{H}ul")
    for target, label in entries:
        own = etree.SubElement(etree.SubElement(items, f"{H}li"), f"{H}span", {"class": SHOWN})
        link = etree.SubElement(own, f"{H}a", {"href": f"#{target}"})
        number = etree.SubElement(link, f"{H}span", {"class": "label"})
        number.text, number.tail = label.full, " " if label.title else ""
        etree.SubElement(link, f"{H}span", {"class": "entry"}).text = label.title
