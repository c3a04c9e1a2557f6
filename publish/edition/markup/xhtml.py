"""XHTML as a tree: read, written, walked, and changed in the small."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import tinyhtml5
from lxml import etree

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

XHTML = "http://www.w3.org/1999/xhtml"
MATHML = "http://www.w3.org/1998/Math/MathML"
SVG = "http://www.w3.org/2000/svg"
EPUB = "http://www.idpf.org/2007/ops"
XML = "http://www.w3.org/XML/1998/namespace"
H = f"{{{XHTML}}}"

Element = etree._Element  # noqa: SLF001  # lxml's only name for it

# Characters that XML 1.0 forbids (§2.2), and Unicode's noncharacters, which HTML forbids (§13.2.3.5).
_NONCHARACTERS = "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
ILLEGAL = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]")

# Elements whose text is not prose: nothing in it is spaced, and it has typefaces of its own.
LITERAL = frozenset({"code", "pre", "kbd", "samp", "math", "svg"})
HEADINGS = frozenset(f"h{level}" for level in range(1, 7))


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return etree.QName(element).localname


def add_class(element: Element, name: str) -> None:
    """Give an element one class more, behind its own."""
    element.set("class", f"{element.get('class') or ''} {name}".strip())


def parse(html: str, *, soup: bool) -> Element:
    """A `div` in XHTML's namespace around the markup. `soup` markup is read as browsers read it (HTML §13.2)."""
    clean = ILLEGAL.sub("", html)
    if not soup:
        try:
            return etree.fromstring(
                f'<div xmlns="{XHTML}">{clean}</div>', etree.XMLParser(resolve_entities=False, huge_tree=True)
            )
        except etree.XMLSyntaxError:
            pass
    remember_patterns()
    document = tinyhtml5.parse(f"<!DOCTYPE html><body><div>{clean}</div>", namespace_html_elements=True)
    return _from_elementtree(document)


class _Patterns(dict[tuple[Collection[str], bool], re.Pattern[str]]):
    """Patterns of characters up to which, or but for which, a text is read."""

    def __missing__(self, key: tuple[Collection[str], bool]) -> re.Pattern[str]:
        characters, opposite = key
        listed = "".join(f"\\x{ord(one):02x}" for one in characters)
        self[key] = found = re.compile(f"[{'' if opposite else '^'}{listed}]+")
        return found


def remember_patterns() -> None:
    """Have tinyhtml5 find its patterns again, which it keeps under other names than it looks for (2.1)."""
    if not isinstance(tinyhtml5.inputstream.characters_until_regex, _Patterns):
        tinyhtml5.inputstream.characters_until_regex = _Patterns()


def _from_elementtree(document: ET.Element) -> Element:
    """The body of a browser's tree as an lxml `div`; names that XML does not allow are dropped."""
    body = document.find(f"{H}body")
    root = etree.Element(f"{H}div", nsmap={None: XHTML})  # type: ignore[dict-item]  # lxml calls the default namespace None

    def copy(source: ET.Element, target: Element) -> None:
        _append_text(target, source.text or "")
        for child in source:
            if not isinstance(child.tag, str):
                _append_text(target, child.tail or "")
                continue
            made = _element(child)
            if made is None:
                copy(child, target)
            else:
                target.append(made)
                copy(child, made)
            _append_text(target, child.tail or "")

    for source in [] if body is None else [body]:
        copy(source, root)
    inner = root.find(f"{H}div")
    return (
        inner
        if inner is not None and len(root) == 1 and not (root.text or "").strip() and not (inner.tail or "").strip()
        else root
    )


def _element(source: ET.Element) -> Element | None:
    namespace = source.tag[1:].partition("}")[0]
    try:
        made = etree.Element(source.tag, nsmap={None: namespace})  # type: ignore[dict-item]  # as above
    except ValueError:
        return None
    for name, value in source.attrib.items():
        if "xmlns" in name:
            continue
        try:
            made.set(name, ILLEGAL.sub("", value))
        except ValueError:
            continue
    return made


def _append_text(target: Element, text: str) -> None:
    text = ILLEGAL.sub("", text)
    if not text:
        return
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text


def unwrap(element: Element) -> None:
    """Put an element's content in its place."""
    parent = element.getparent()
    if parent is None:
        return
    index = parent.index(element)
    before = parent[index - 1] if index else None
    _prepend(parent, before, element.text or "")
    children = list(element)
    for offset, child in enumerate(children):
        parent.insert(index + offset, child)
    last = children[-1] if children else before
    tail = element.tail or ""
    element.tail = None
    parent.remove(element)
    _prepend(parent, last, tail)


def remove(element: Element) -> None:
    """Take an element out; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    index = parent.index(element)
    tail = element.tail or ""
    element.tail = None
    parent.remove(element)
    _prepend(parent, parent[index - 1] if index else None, tail)


def _prepend(parent: Element, before: Element | None, text: str) -> None:
    if not text:
        return
    if before is None:
        parent.text = (parent.text or "") + text
    else:
        before.tail = (before.tail or "") + text


def serialize(element: Element) -> str:
    """An element as XHTML text, without the text after it. Elements that may hold content are never self-closed."""
    for one in element.iter(f"{H}*"):
        if (
            one.text is None
            and len(one) == 0
            and local(one) not in ("br", "hr", "img", "col", "wbr", "input", "link", "meta")
        ):
            one.text = ""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def read(xhtml: str) -> Element:
    """A publication's chapter, parsed."""
    return etree.fromstring(xhtml, etree.XMLParser(resolve_entities=False, huge_tree=True))


def note_calls(root: Element) -> list[Element]:
    """The empty spans where notes are called, in order; `data-note` is the note's id."""
    return [span for span in root.iter(f"{H}span") if span.get("class") == "noteref" and span.get("data-note")]


def notes(root: Element) -> list[Element]:
    """The chapter's notes: divs of the class `note` with an id."""
    return [div for div in root.iter(f"{H}div") if div.get("class") == "note" and div.get("id")]


@dataclass(frozen=True)
class Heading:
    """A heading of a chapter: level from 1, id, number (第三章, 3.2 or empty) and text."""

    level: int
    id: str
    label: str
    text: str


def headings(root: Element) -> Iterator[Heading]:
    """The headings of a chapter in order."""
    for element in root.iter(*(f"{H}h{level}" for level in range(1, 7))):
        label = next((span for span in element if span.get("class") == "number"), None)
        number = plain(label) if label is not None else ""
        words = " ".join(plain(element).split())
        yield Heading(int(local(element)[1]), element.get("id") or "", number, words.removeprefix(number).strip())


# What of a formula has a sign of its own in a line of plain text; digits and letters raised or lowered.
_RAISED = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_LOWERED = dict(zip("0123456789+-−=()aeijkmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑᵢⱼₖₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_SILENT = frozenset(["annotation", "annotation-xml", "mphantom"])


def linear(formula: Element) -> str:
    """A formula in MathML as a line of plain text, for a table of contents: a² + b², a/b, √(x + 1)."""
    name, children = local(formula), [one for one in formula if isinstance(one.tag, str)]
    if name in _SILENT:
        return ""
    if not children:
        return (formula.text or "").strip()
    parts = [linear(one) for one in children]
    if name == "mfrac" and len(parts) == 2:  # noqa: PLR2004  # a numerator and a denominator
        return "/".join(map(_grouped, parts))
    if name == "msqrt":
        return f"√{_grouped(''.join(parts))}"
    if name == "mroot" and len(parts) == 2:  # noqa: PLR2004  # what is under the root, and the index
        return f"{_shifted(parts[1], _RAISED, '')}√{_grouped(parts[0])}"
    if name in ("msup", "mover") and len(parts) == 2:  # noqa: PLR2004  # a base and what is above
        return parts[0] + (_shifted(parts[1], _RAISED, "^") if name == "msup" else _over(parts[1]))
    if name in ("msub", "munder") and len(parts) == 2:  # noqa: PLR2004  # a base and what is below
        return parts[0] + _shifted(parts[1], _LOWERED, "_")
    if name in ("msubsup", "munderover") and len(parts) == 3:  # noqa: PLR2004  # a base, below, above
        return parts[0] + _shifted(parts[1], _LOWERED, "_") + _shifted(parts[2], _RAISED, "^")
    if name == "mtable":
        return "; ".join(parts)
    if name == "mtr":
        return ", ".join(filter(None, parts))
    return "".join(parts)


def _grouped(text: str) -> str:
    """What is more than one letter or number in parentheses."""
    return text if len(text) == 1 or text.isalnum() else f"({text})"


def _shifted(text: str, signs: dict[str, str], mark: str) -> str:
    return "".join(signs[char] for char in text) if all(char in signs for char in text) else mark + _grouped(text)


_ACCENTS = {
    "^": "\u0302",
    "ˆ": "\u0302",
    "~": "\u0303",
    "˜": "\u0303",
    "¯": "\u0304",
    "‾": "\u0304",
    "→": "\u20d7",
    "⃗": "\u20d7",
    "˙": "\u0307",
    "¨": "\u0308",
    "ˇ": "\u030c",
    "˘": "\u0306",
    "´": "\u0301",
    "`": "\u0300",
    "˚": "\u030a",
}


def _over(mark: str) -> str:
    return _ACCENTS.get(mark, mark)


def first_words(table: Element) -> str:
    """The text of a table's first cell that has any, by which its line in the source is known."""
    cells = (plain(cell).strip() for cell in table.iter(f"{H}th", f"{H}td"))
    return next(filter(None, cells), "")


def words(element: Element) -> str:
    """All text in an element."""
    return "".join(map(str, element.itertext()))


def seam(like: Element, tail: str) -> Element:
    """A place where a line may end (`wbr`), with the text behind it."""
    made = like.makeelement(f"{H}wbr")
    made.tail = tail
    return made


def plain(element: Element) -> str:
    """The text that a reader sees in an element: without ruby's readings, notes and the TeX beside a formula."""
    out: list[str] = []

    def walk(node: Element) -> None:
        if node.tag == f"{{{MATHML}}}math":
            out.append(linear(node))
        elif isinstance(node.tag, str) and local(node) not in ("rt", "rp", "annotation", "svg"):
            out.append(node.text or "")
            for child in node:
                walk(child)
                out.append(child.tail or "")

    walk(element)
    return "".join(out)


def ids(root: Element) -> set[str]:
    """All ids in a tree."""
    return {str(element.get("id")) for element in root.iter(etree.Element) if element.get("id")}


def relink(root: Element, address: Callable[[str], str | None]) -> None:
    """Give each inner link its address in a format: `address(id)`; one without a target loses it."""
    for link in list(root.iter(f"{H}a")):
        href = link.get("href") or ""
        if not href.startswith("#"):
            continue
        target = address(href[1:])
        if target is None:
            link.tag = f"{H}span"
            del link.attrib["href"]
        else:
            link.set("href", target)
