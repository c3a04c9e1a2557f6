"""What a chapter of an edition holds, read from its XHTML."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from lxml import etree

from publish.edition.markup.xhtml import HEADINGS, MATHML, Element, H, local, plain, read
from publish.formulas import tex
from publish.parity.outline import ADDED, ADDED_BLOCK, Item, Kind, Outline, TextLine, address, bare, code
from publish.source.settings.literature import BY_NAME

# Elements that do not end a line.
_INLINE = frozenset(
    "a abbr b bdi bdo br cite code data del dfn em i img input ins kbd mark q rp rt ruby s samp small span strong sub "
    "sup time u var wbr".split()
)
_PARAGRAPHS = frozenset(["p", "li", "dd", "dt"])
# What is read aloud or shown of an element, in the order of the manuscript's reading.
_SAID = {"a": ("title",), "img": ("alt", "title")}


def actual(xhtml: str, starts: Collection[str]) -> Outline:
    """The outline of a published chapter; its lines stand by the ids in `starts`, which the manuscript has given."""
    root = read(xhtml)
    for entries in root.iter(f"{H}div", f"{H}dl") if BY_NAME in xhtml else ():
        if BY_NAME in (entries.get("class") or "").split():
            entries[:] = sorted(entries, key=_first_id)  # an edition has an order of its own
    reader = _TreeReader(starts)
    reader.read(root)
    return reader.outline


def _first_id(entry: Element) -> str:
    return next((str(one.get("id")) for one in entry.iter() if one.get("id")), "")


class _TreeReader:
    """Walks a tree without recursion, so that no depth of nesting is too deep."""

    def __init__(self, starts: Collection[str]) -> None:
        self.outline = Outline()
        self._starts = starts
        self._lines = self.outline.lines.setdefault("", [])
        self._pieces: list[str] = []
        self._tables: list[_Shape] = []
        self._solid = 0

    def read(self, root: Element) -> None:
        silent = 0  # depth within elements whose text is not the page's: mathematics, drawings, our numbers
        added = False  # whether their ids are not either
        walk: Iterator[tuple[str, Any]] = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            name = _local(element.tag)
            if event == "start":
                if silent or self._is_silent(element, name):
                    silent += 1
                    added = added or (name == "div" and element.get("class") == ADDED_BLOCK)
                    if not added:
                        self._identified(element, name)
                else:
                    self._start(element, name)
                continue
            if silent:
                silent -= 1
                added = added and silent > 0
            else:
                self._end(element, name)
            if not silent and element is not root:
                self._text(element.tail)
        self._flush()

    def _is_silent(self, element: Element, name: str) -> bool:
        """Whether an element's text is not the page's; what it is instead is noted."""
        kind = element.get("class") or ""
        if name == "math" or (name == "span" and "math" in kind.split()):
            self._formula(element)
            self._solid += 1
            return True
        if name == "pre":
            inner = element[0] if len(element) == 1 and local(element[0]) == "code" else None
            if inner is not None:
                self.outline.items.append(Item("code", code(plain(inner))))
            self._flush()
            self._solid += 1
            return True
        if name == "div" and kind == ADDED_BLOCK:
            self._flush()
            return True
        return name in ("svg", "rt") or (name == "span" and (kind,) in ADDED)

    def _formula(self, element: Element) -> None:
        """A formula by the TeX beside its MathML, or that stands for it where it has an error."""
        found = next(element.iter(f"{{{MATHML}}}annotation"), element)
        shown = tex.bare("".join(str(one) for one in found.itertext()).strip().strip("$"))
        self.outline.items.append(Item("formula", tex.skeleton(shown)))
        self.outline.said.extend(TextLine(bare(shown[start:stop])) for start, stop in tex.words(shown))

    def _start(self, element: Element, name: str) -> None:
        if name not in _INLINE or (name == "br" and _is_verse(element.getparent())):
            self._flush()
        self._identified(element, name)
        self._noted(element, name)
        self._text(element.text)

    def _identified(self, element: Element, name: str) -> None:
        identifier = element.get("id")
        if not identifier or identifier.startswith("start-"):
            return
        level = _level(element, name)
        self.outline.items.append(Item("heading" if level else _kind(element, name), identifier, detail=level))
        if identifier in self._starts:
            self._flush()
            self._lines = self.outline.lines.setdefault(identifier, [])

    def _noted(self, element: Element, name: str) -> None:
        items = self.outline.items
        if name == "a" and element.get("href"):
            items.append(Item("link", address(element.get("href") or "")))
        elif name == "img" and element.get("data-diagram") is not None:  # code that a program has drawn
            items.append(Item("code", code(element.get("data-diagram") or "")))
            self._solid += 1
            return
        elif name == "img":
            items.append(Item("image", address(element.get("src") or "")))
            self._solid += 1
        elif name == "code":
            items.append(Item("code", code(plain(element))))
        elif name == "span" and element.get("class") == "noteref":
            items.append(Item("call", element.get("data-note") or ""))
            self._solid += 1
        elif name == "table":
            self._tables.append(_Shape(len(items) - 1 if element.get("id") else -1))
        elif name == "tr" and self._tables:
            self._tables[-1].begin(self._solid)
        elif name in ("td", "th") and self._tables:
            self._tables[-1].cells += 1
        for attribute in _SAID.get(name, ()):
            words = bare(element.get(attribute) or "")
            if words:
                self.outline.said.append(TextLine(words))

    def _end(self, element: Element, name: str) -> None:
        if name not in _INLINE:
            self._flush()
        if name == "tr" and self._tables:
            self._tables[-1].end(self._solid)
        elif name == "table" and self._tables:
            shape = self._tables.pop()
            if shape.index >= 0:
                detail = f"{shape.rows} rows, {shape.total} cells"
                self.outline.items[shape.index] = Item("table", element.get("id") or "", detail=detail)

    def _text(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)

    def _flush(self) -> None:
        if not self._pieces:
            return
        text = bare("".join(self._pieces))
        self._pieces.clear()
        if text:
            self._solid += 1
            self._lines.append(TextLine(text))


@cache
def _local(tag: str) -> str:
    """A tag's name without its namespace: `xhtml.local` for a tree's every element, at a tenth of the time."""
    return tag.rpartition("}")[2]


class _Shape:
    """A table while it is read: its item's index, its rows that hold text and their cells."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.rows = self.total = self.cells = self._before = 0

    def begin(self, solid: int) -> None:
        self.cells, self._before = 0, solid

    def end(self, solid: int) -> None:
        if solid > self._before:
            self.rows += 1
            self.total += self.cells


def _is_verse(parent: Element | None) -> bool:
    return parent is not None and "line-block" in str(parent.get("class")).split()


def _level(element: Element, name: str) -> str:
    """The level of a heading, or of a section's first, whose id pandoc gives to the section; empty for all else."""
    first = element[0] if name == "section" and len(element) else element
    found = _local(first.tag)
    return found[1] if found in HEADINGS else ""


def _kind(element: Element, name: str) -> Kind:
    if name in ("figure", "table"):
        return "figure" if name == "figure" else "table"
    if name == "div" and element.get("class") == "note":
        return "note"
    return "paragraph" if name in _PARAGRAPHS else "id"
