"""What a page's look alone says: bold, italic and underlined words, short lines at the right, code by lines; ruby."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import tinycss2
from lxml import etree

from publish.importers.marks import RIGHT, is_signature, marked

Looks = Mapping[str, frozenset[str]]  # by a class's name: the elements that say what its look does
_SPAN = re.compile(r"(?:span|font)?\.(?P<name>[\w-]+)$")
_BLOCK = re.compile(r"(?:p|div)?\.(?P<name>[\w-]+)$")
_WITHIN = ("p", "div", "ul", "ol", "li", "table", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "img")


def looks_of(*sheets: str) -> Looks:
    """What the style sheets say of spans and of blocks with a class and nothing else."""
    found: dict[str, frozenset[str]] = {}
    for sheet in sheets:
        for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
            if rule.type != "qualified-rule":
                continue
            said = elements_of(tinycss2.serialize(rule.content))
            for selector in tinycss2.serialize(rule.prelude).split(","):
                for shape, kinds in ((_SPAN, said - {RIGHT}), (_BLOCK, said & {RIGHT})):
                    if kinds and (match := shape.fullmatch(selector.strip())):
                        found[match["name"]] = found.get(match["name"], frozenset()) | kinds
    return found


def elements_of(declarations: str) -> frozenset[str]:
    """The elements that say what declarations do: `font-weight: bold` is `b`."""
    found: set[str] = set()
    for one in tinycss2.parse_blocks_contents(declarations, skip_comments=True, skip_whitespace=True):
        if one.type != "declaration":
            continue
        value = tinycss2.serialize(one.value).strip().lower()
        name = re.sub(r"^-(?:epub|webkit)-", "", one.lower_name)
        if name == "font-weight" and (value.startswith("bold") or re.fullmatch(r"[6-9]00", value)):
            found.add("b")
        elif name == "font-style" and value in ("italic", "oblique"):
            found.add("i")
        elif name in ("text-decoration", "text-decoration-line") and re.search(r"\bunderline\b", value):
            found.add("u")
        elif name in ("text-decoration", "text-decoration-line") and "line-through" in value:
            found.add("s")
        elif name == "vertical-align" and value in ("super", "sub"):
            found.add({"super": "sup", "sub": "sub"}[value])
        elif name == "text-align" and value in ("right", "end"):
            found.add(RIGHT)
        elif name in ("text-emphasis", "text-emphasis-style") and value != "none":
            found.add("em")
    return frozenset(found)


def show(root: Any, looks: Looks) -> None:
    """Make elements of what spans of a page look like, and of ruby the marks that `marks.with_marks` reads."""
    for span in list(root.iter("span", "font")):
        said = _said(span, looks) - {RIGHT}
        if said and "".join(span.itertext()).strip() and next(span.iter(*_WITHIN), None) is None:
            _wrap(span, sorted(said))
    for ruby in list(root.iter("ruby")):
        _mark(ruby)
    end_lines(root)
    for block in list(root.iter("p", "div", "section")):
        if RIGHT in _said(block, looks) or block.get("align") == "right":
            _set_right(block)


def _said(element: Any, looks: Looks) -> set[str]:
    """What an element's own style and its classes say."""
    said = set(elements_of(element.get("style") or ""))
    for name in (element.get("class") or "").split():
        said |= looks.get(name, frozenset())
    return said


def end_lines(root: Any) -> None:
    """Give code of which each line is an element of its own, as WeChat writes it, the ends of its lines."""
    for line in [one for listing in root.iter("pre") for one in listing.findall("code")[:-1]]:
        if not "".join(line.itertext()).endswith("\n") and not (line.tail or "").startswith("\n"):
            line.tail = "\n" + (line.tail or "")


def _set_right(block: Any) -> None:
    """Make a division of short lines at the right; in a table, a list or a quotation that is how it is laid out."""
    lines = [words for one in (block.findall("p") or [block]) if (words := "".join(one.itertext()).strip())]
    short = all(map(is_signature, lines))
    inside = any(one.tag in ("td", "th", "li", "blockquote", "figure") for one in block.iterancestors())
    larger = next((one for one in block.iter(*_WITHIN) if one is not block and one.tag not in ("p", "div")), None)
    if inside or larger is not None or not lines or not short:
        return
    if block.tag != "p":
        block.tag = "div"
        block.set("class", RIGHT)
        return
    made = block.makeelement("div", {"class": RIGHT})
    made.tail, block.tail = block.tail, None
    block.addprevious(made)
    made.append(block)


def _wrap(span: Any, names: list[str]) -> None:
    """Put what is in a span into elements of these names."""
    inner = list(span)
    words = span.text
    span.text = None
    at = span
    for name in names:
        made = at.makeelement(name)
        at.insert(0, made)
        at = made
    at.text = words
    at.extend(inner)


def _mark(ruby: Any) -> None:
    """Words with their readings as marked words, where the ruby stood."""
    parent, before = ruby.getparent(), ruby.getprevious()
    if parent is None:
        return
    words = "".join(marked(base, reading) if base else reading for base, reading in _pairs(ruby)) + (ruby.tail or "")
    if before is None:
        parent.text = (parent.text or "") + words
    else:
        before.tail = (before.tail or "") + words
    ruby.tail = None
    parent.remove(ruby)


def _pairs(ruby: Any) -> Iterator[tuple[str, str]]:
    """The bases of a ruby with their readings, one after another, or as many in a row as there are readings."""
    bases: list[str] = []
    readings: list[str] = []
    for kind, words in [*_pieces(ruby), ("base", "")]:
        if kind == "reading":
            readings.append(words)
        elif readings or not words:
            yield from _paired(bases, readings)
            bases, readings = [words] if words else [], []
        else:
            bases.append(words)
    yield from _paired(bases, readings)


def _paired(bases: list[str], readings: list[str]) -> Iterator[tuple[str, str]]:
    if len(bases) == len(readings):
        yield from zip(bases, readings, strict=True)
    elif bases or readings:
        yield "".join(bases), " ".join(readings)


def _pieces(element: Any) -> Iterator[tuple[str, str]]:
    if (element.text or "").strip():
        yield "base", " ".join(element.text.split())
    for child in element:
        if child.tag in ("rt", "rtc"):
            if words := " ".join("".join(child.itertext()).split()):
                yield "reading", words
        elif child.tag not in ("rp", etree.Comment) and (words := " ".join("".join(child.itertext()).split())):
            yield "base", words
        if (child.tail or "").strip():
            yield "base", " ".join(child.tail.split())
