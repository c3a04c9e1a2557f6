"""The contents of an EPUB made chapters: the navigation's entries matched with pages, headed and nested."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from publish.importers import shared
from publish.importers.books.epub_page import SpinePage
from publish.importers.marks import RIGHT
from publish.importers.protocol import ImportedChapter
from publish.importers.report import Ledger
from publish.source.document import Block, text


@dataclass(frozen=True)
class NavigationEntry:
    """A line of the navigation: its title, where it leads (file, id), the lines under it."""

    title: str
    path: str
    fragment: str
    children: tuple[NavigationEntry, ...] = ()


def paths_of(entries: Sequence[NavigationEntry]) -> Iterator[str]:
    """The paths of entries and of those below them, in order."""
    for one in entries:
        yield one.path
        yield from paths_of(one.children)


@dataclass(frozen=True)
class PageGroup:
    """A chapter: the page that begins it, its title by the navigation, its blocks."""

    page: str
    title: str
    blocks: list[Block]
    depth: int = 0


def _flat(entries: Sequence[NavigationEntry], depth: int = 0) -> Iterator[tuple[NavigationEntry, int]]:
    for one in entries:
        yield one, depth
        yield from _flat(one.children, depth + 1)


def grouped(
    pages: Sequence[SpinePage], blocks: Sequence[list[Block]], entries: Sequence[NavigationEntry], ledger: Ledger
) -> list[PageGroup]:
    """Pages as chapters: one that the navigation names begins a chapter, one that it does not name continues it."""
    titles: dict[str, tuple[str, int]] = {}
    for entry, depth in _flat(entries):
        if entry.path and entry.title:
            titles.setdefault(entry.path, (entry.title, depth))
    groups: list[PageGroup] = []
    for page, one in zip(pages, blocks, strict=True):
        if page.path in titles or not groups or not titles:
            title, depth = titles.get(page.path, ("", 0))
            groups.append(PageGroup(page.path, title, one, depth))
        else:
            ledger.decide("page-joined", 0, page.path, "part of the chapter before", "the navigation does not name it")
            groups[-1] = replace(groups[-1], blocks=[*groups[-1].blocks, *one])
    return [_headed(one, ledger) for one in groups]


def _headed(group: PageGroup, ledger: Ledger) -> PageGroup:
    """A chapter whose one heading of level 1 is its title; others below it."""
    blocks = _open_pages(group.blocks)
    heads = [at for at, one in enumerate(blocks) if one["t"] == "Header"]
    first = heads[0] if heads else None
    words = text(blocks[first]["c"][2]).strip() if first is not None else ""
    before = shared.tree_text(blocks[:first]).strip() if first is not None else ""
    if first is not None and not before and (not group.title or _alike(words, group.title) or len(heads) == 1):
        top = blocks[first]["c"][0]
        rest = [_lowered(one, top) for one in blocks[first + 1 :]]
        heading = {**blocks[first], "c": [1, *blocks[first]["c"][1:]]}
        return replace(group, title=words or group.title, blocks=[heading, *blocks[:first], *rest])
    if not group.title:
        return replace(group, blocks=[_lowered(one, 0) if one["t"] == "Header" else one for one in blocks])
    if blocks and blocks[0]["t"] in ("Para", "Plain") and _alike(text(blocks[0]["c"]).strip(), group.title):
        ledger.decide(
            "heading-found", 0, group.title, "a heading", "a paragraph that repeats its title in the navigation"
        )
        heading = {"t": "Header", "c": [1, ["", [], []], blocks[0]["c"]]}
        return replace(group, blocks=[heading, *(_lowered(one, 0) for one in blocks[1:])])
    ledger.decide(
        "heading-made",
        0,
        group.title,
        "a heading",
        "the navigation gives the chapter this title; its page has no such heading",
    )
    heading = {"t": "Header", "c": [1, ["", [], []], [{"t": "Str", "c": group.title}]]}
    return replace(group, blocks=[heading, *(_lowered(one, 0) for one in blocks)])


def _lowered(block: Block, top: int) -> Block:
    if block["t"] != "Header":
        return block
    return {**block, "c": [max(2, min(6, block["c"][0] - top + 1)), *block["c"][1:]]}


def _alike(one: str, other: str) -> bool:
    squeezed = [re.sub(r"\W+", "", words) for words in (one, other)]
    return bool(squeezed[0]) and (squeezed[0] in squeezed[1] or squeezed[1] in squeezed[0])


def _open_pages(blocks: list[Block]) -> list[Block]:
    """The blocks without the divisions and sections that pages are made of; their ids stay on empty spans.

    What stands at the right stays a division.
    """
    out: list[Block] = []
    for one in blocks:
        if one["t"] == "Div" and RIGHT not in one["c"][0][1]:
            identifier = one["c"][0][0]
            inner = _open_pages(one["c"][1])
            out += _anchored(identifier, inner) if identifier else inner
        else:
            out.append(one)
    return out


def _anchored(identifier: str, blocks: list[Block]) -> list[Block]:
    """The blocks with an id on the first, for links."""
    span = {"t": "Span", "c": [[identifier, [], []], []]}
    for at, one in enumerate(blocks):
        if one["t"] == "Header":
            attributes = one["c"][1]
            if not attributes[0]:
                new = {**one, "c": [one["c"][0], [identifier, *attributes[1:]], one["c"][2]]}
            else:
                new = {**one, "c": [one["c"][0], attributes, [span, *one["c"][2]]]}
            return [*blocks[:at], new, *blocks[at + 1 :]]
        if one["t"] in ("Para", "Plain"):
            return [*blocks[:at], {**one, "c": [span, *one["c"]]}, *blocks[at + 1 :]]
    return blocks


def without_echoes(group: PageGroup) -> list[Block]:
    """The blocks without empty paragraphs."""
    return [one for one in group.blocks if one["t"] not in ("Para", "Plain") or one["c"]]


def nested(
    entries: Sequence[NavigationEntry], made: dict[str, ImportedChapter], order: Sequence[str]
) -> list[ImportedChapter]:
    """The chapters nested as in the navigation where it follows the spine; else flat, in spine order."""
    told = [entry.path for entry, _ in _flat(entries) if entry.path in made]
    if list(dict.fromkeys(told)) != [one for one in order if one in told]:
        return [made[one] for one in order]
    taken: set[str] = set()

    def build(some: Sequence[NavigationEntry]) -> list[ImportedChapter]:
        found: list[ImportedChapter] = []
        for entry in some:
            own = made.get(entry.path) if entry.path not in taken else None
            taken.add(entry.path)
            below = build(entry.children)
            if own is not None:
                found.append(replace(own, children=tuple(below)))
            elif below and entry.path not in made:
                found.append(ImportedChapter("", "", entry.title, tuple(below)))
            else:
                found += below
        return found

    tree = build(entries)
    rest = [one for one in order if one not in taken]
    return [
        *(made[one] for one in rest if order.index(one) < _first(order, taken)),
        *tree,
        *(made[one] for one in rest if order.index(one) >= _first(order, taken)),
    ]


def _first(order: Sequence[str], taken: set[str]) -> int:
    return next((at for at, one in enumerate(order) if one in taken), 0)
