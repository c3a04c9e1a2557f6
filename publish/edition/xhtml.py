"""XHTML: pandoc's HTML made well-formed, harmless and canonical; and the cuts that a format makes in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import tinyhtml5
from lxml import etree

from publish.source.identify import MARK, SAFE_SCHEMES

XHTML = "http://www.w3.org/1999/xhtml"
MATHML = "http://www.w3.org/1998/Math/MathML"
SVG = "http://www.w3.org/2000/svg"
EPUB = "http://www.idpf.org/2007/ops"
XML = "http://www.w3.org/XML/1998/namespace"
H = f"{{{XHTML}}}"

Element = etree._Element  # noqa: SLF001  # lxml's only name for it

# Characters that XML 1.0 has no place for (§2.2), and Unicode's noncharacters, which HTML has none for (§13.2.3.5).
_NONCHARACTERS = "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
ILLEGAL = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]")

_KNOWN = frozenset(
    [
        "a",
        "abbr",
        "address",
        "article",
        "aside",
        "b",
        "bdi",
        "bdo",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "data",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "li",
        "main",
        "mark",
        "nav",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
_DROPPED = frozenset(
    [
        "applet",
        "audio",
        "base",
        "canvas",
        "embed",
        "frame",
        "frameset",
        "iframe",
        "link",
        "map",
        "meta",
        "noembed",
        "noframes",
        "noscript",
        "object",
        "param",
        "script",
        "source",
        "style",
        "template",
        "textarea",
        "select",
        "title",
        "track",
        "video",
    ]
)
_FOREIGN_DROPPED = frozenset(
    ["audio", "embed", "foreignObject", "handler", "iframe", "listener", "object", "script", "style", "video"]
)
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "hreflang", "rel", "type"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "td": frozenset({"colspan", "rowspan", "headers"}),
    "th": frozenset({"colspan", "rowspan", "headers", "scope", "abbr"}),
    "ol": frozenset({"start", "type", "reversed"}),
    "li": frozenset({"value"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "time": frozenset({"datetime"}),
    "data": frozenset({"value"}),
    "del": frozenset({"cite", "datetime"}),
    "ins": frozenset({"cite", "datetime"}),
    "q": frozenset({"cite"}),
    "blockquote": frozenset({"cite"}),
    "details": frozenset({"open"}),
    "input": frozenset({"type", "checked"}),
}
_GLOBAL = frozenset({"id", "class", "title", "dir", "style", "role", "lang"})
_OBSOLETE = {
    "font": "span",
    "center": "div",
    "big": "span",
    "tt": "code",
    "strike": "s",
    "acronym": "abbr",
    "dir": "ul",
}
# What goes when all that it held goes.
_EMPTIED = frozenset(
    [
        "p",
        "li",
        "ul",
        "ol",
        "dd",
        "dl",
        "blockquote",
        "figure",
        "div",
        "section",
        "span",
        "a",
        "em",
        "strong",
        "del",
        "u",
        "sub",
        "sup",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)
# Elements whose text is no prose: nothing in it is spaced, and it is set in faces of its own.
LITERAL = frozenset({"code", "pre", "kbd", "samp", "math", "svg"})
HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]*$")


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return etree.QName(element).localname


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
    document = tinyhtml5.parse(f"<!DOCTYPE html><body><div>{clean}</div>", namespace_html_elements=True)
    return _from_elementtree(document)


def _from_elementtree(document: ET.Element) -> Element:
    """The body of a browser's tree as an lxml `div`; names that XML cannot have are dropped."""
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


def canonical(root: Element, report: Callable[[str, str], None], image: Callable[[Element], None]) -> Element:
    """Make a chapter's tree canonical, in place: known elements and attributes, ids on their elements, no comments.

    `report(what, needle)` is told what was taken out; `image` settles each image that raw HTML brought in.
    """
    for node in list(root.iter()):
        if not isinstance(node.tag, str):
            remove(node)
    for element in list(root.iter()):
        if element is root or element.getparent() is None:
            continue
        name, namespace = local(element), etree.QName(element).namespace
        if namespace == XHTML:
            _settle_html(element, name, report)
        elif namespace not in (MATHML, SVG):
            report(f"the element <{name}> is unknown and was unwrapped", f"<{name}")
            unwrap(element)
        else:
            _settle_foreign(element, name, namespace, report)
    _hoist_ids(root)
    _settle_tasks(root)
    for element in list(root.iter(f"{H}img")):
        image(element)
    for element in list(root.iter(f"{{{MATHML}}}math")):
        _settle_math(element)
    _drop_double_ids(root)
    return root


def _settle_html(element: Element, name: str, report: Callable[[str, str], None]) -> None:
    if name in _DROPPED or (name == "input" and element.get("type") != "checkbox"):
        report(f"the element <{name}> is not published", f"<{name}")
        remove(element)
        return
    if name in _OBSOLETE:
        element.tag = f"{H}{_OBSOLETE[name]}"
        name = _OBSOLETE[name]
    if name in ("html", "body", "form", "fieldset", "button", "head", "label") or name not in _KNOWN:
        if name not in ("label", "html", "body", "head"):
            report(f"the element <{name}> was unwrapped", f"<{name}")
        unwrap(element)
        return
    if name == "input":
        _text_for(element, "☑" if element.get("checked") is not None else "☐")
        return
    if name == "rp":
        remove(element)
        return
    _settle_attributes(element, name, report)


def _settle_tasks(root: Element) -> None:
    """Say of a list's items that a box stands in the place of their bullets; pandoc's ☒ is a Chinese reader's ☑."""
    for item in root.iter(f"{H}li"):
        first = item[0] if len(item) and not (item.text or "").strip() and local(item[0]) == "p" else item
        text = (first.text or "").lstrip()
        if text[:1] in ("☐", "☒", "☑"):
            first.text = text.replace("☒", "☑", 1)
            item.set("class", "task")


def _text_for(element: Element, text: str) -> None:
    """Put a text in an element's place, and a space where letters follow at once."""
    tail = element.tail or ""
    element.tail = text + ("" if tail.startswith((" ", "\n")) else " ") + tail
    remove(element)


def _settle_attributes(element: Element, name: str, report: Callable[[str, str], None]) -> None:
    allowed = _ATTRIBUTES.get(name, frozenset())
    if name == "a" and not element.get("id") and element.get("name"):
        element.set("id", str(element.get("name")))
    for key in list(element.attrib):
        attribute = str(key)
        plain = attribute.removeprefix(f"{{{XML}}}")
        if plain.startswith("on"):
            report(f'the attribute {plain}="…" is not published', plain)
            del element.attrib[key]
        elif not (
            plain in _GLOBAL
            or plain in allowed
            or plain.startswith("aria-")
            or re.match(r"^data-[a-z][a-z0-9._-]*$", plain)
        ):
            del element.attrib[key]
    style = element.get("style")
    if style and re.search(r"url\s*\(|@import|expression|behavior|position\s*:\s*fixed", style, re.IGNORECASE):
        report("a style that fetches from elsewhere is not published", "style")
        del element.attrib["style"]
    for size in ("width", "height"):
        length = element.get(size)
        if length is not None and not length.isdigit():
            del element.attrib[size]
            if re.match(r"^[0-9.]+(%|px|em|cm|mm|in|pt)$", length):
                element.set("style", f"{size}:{length};{element.get('style') or ''}".rstrip(";"))
    identifier = element.get("id")
    if identifier is not None and not _NAME.match(identifier):
        del element.attrib["id"]
    href = element.get("href")
    if href is not None:
        _settle_href(element, href, report)
    if name == "figcaption" and element.get("aria-hidden") is not None:
        del element.attrib["aria-hidden"]


def _settle_href(element: Element, href: str, report: Callable[[str, str], None]) -> None:
    target = href.strip()
    scheme = re.match(r"^([A-Za-z][A-Za-z0-9+.-]*):", target)
    if scheme and scheme[1].lower() not in SAFE_SCHEMES:
        report(f'a link to "{scheme[1]}:" is not published', scheme[0])
        unwrap(element)
    elif scheme or target.startswith("#"):
        element.set(
            "href",
            re.sub(r"[\s<>\"{}|\\^`\[\]]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), target),
        )
    else:
        report(f'the link "{target[:80]}" leads to no chapter of this book', target)
        unwrap(element)


def _settle_foreign(element: Element, name: str, namespace: str, report: Callable[[str, str], None]) -> None:
    """An element of SVG or MathML: nothing that runs or fetches, and nothing of HTML."""
    animates = (element.get("attributeName") or "").lower().endswith("href")
    if name in _FOREIGN_DROPPED or animates:
        report(f"the element <{name}> is not published", f"<{name}")
        remove(element)
        return
    html = (_KNOWN | _DROPPED) - {"a", "title"}  # the names that SVG has too
    if name in html if namespace == SVG else not re.match(r"m|semantics$|annotation|none$", name):
        report(f"the element <{name}> was unwrapped", f"<{name}")
        unwrap(element)
        return
    for key, value in list(element.attrib.items()):
        attribute = etree.QName(str(key)).localname.lower()
        outside = attribute in ("href", "src") and not str(value).startswith("#")
        if attribute.startswith("on") or outside or re.search(r"url\(\s*['\"]?(?!['\"]?#)", str(value)):
            report(f'the attribute {attribute}="…" is not published', attribute)
            del element.attrib[key]


def _hoist_ids(root: Element) -> None:
    """Move the ids of the empty spans that begin a paragraph, an item or a cell to the element itself."""
    for mark in [span for span in root.iter(f"{H}span") if MARK in (span.get("class") or "").split()]:
        parent, name = mark.getparent(), mark.get("id")
        first = parent is not None and parent.index(mark) == 0 and not (parent.text or "").strip()
        if first and parent is not None and parent is not root and not parent.get("id"):
            parent.set("id", name or "")
            remove(mark)
        elif parent is not None and first and parent is not root:
            remove(mark)
        else:
            del mark.attrib["class"]


def _settle_math(math: Element) -> None:
    """The TeX of a formula as its alternative text, for readers without MathML."""
    annotation = next(math.iter(f"{{{MATHML}}}annotation"), None)
    if annotation is not None and annotation.text:
        math.set("alttext", " ".join(annotation.text.split()))


def _drop_double_ids(root: Element) -> None:
    seen: set[str] = set()
    for element in root.iter(etree.Element):
        name = element.get("id")
        if name is None:
            continue
        if name in seen:
            del element.attrib["id"]
        seen.add(name)


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


def prune(root: Element, format_name: str) -> Element:
    """Drop what is meant for other formats, unwrap what is meant for this one, drop notes that lost their call."""
    for element in list(root.iter(f"{H}*")):
        wanted = element.get("data-format")
        if wanted is None or "only" not in (element.get("class") or "").split():
            continue
        if format_name in re.split(r"[\s,;]+", wanted):
            unwrap(element)
        else:
            drop(element)
    called = {ref.get("data-note") for ref in note_calls(root)}
    for note in list(notes(root)):
        if note.get("id") not in called:
            remove(note)
    return root


def drop_gone(root: Element) -> None:
    """Drop what is meant for no format at all: the places of parts that are only in other editions."""
    for element in list(root.iter(f"{H}*")):
        if element.get("data-format") == "" and "only" in (element.get("class") or "").split():
            drop(element)


def drop(element: Element) -> None:
    """Take an element out, and what held nothing else: its paragraph, item, list, figure; a term with no meaning."""
    parent, before, after = element.getparent(), element.getprevious(), element.getnext()
    remove(element)
    if local(element) == "dd" and before is not None and local(before) == "dt":
        if after is None or local(after) == "dt":
            drop(before)
    elif parent is not None and parent.getparent() is not None and _is_emptied(parent):
        drop(parent)


def _is_emptied(element: Element) -> bool:
    """Whether an element that has lost a part says nothing any more. Cells stay, and places that links may lead to."""
    if local(element) not in _EMPTIED or (element.get("id") and local(element) in ("span", "div", "a")):
        return False
    within = [child for child in element if local(child) != "figcaption"]
    return not within and not (element.text or "").strip() and not any((child.tail or "").strip() for child in element)


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
        label = next((span for span in element.iter(f"{H}span") if span.get("class") == "number"), None)
        number = plain(label) if label is not None else ""
        words = " ".join(plain(element).split())
        yield Heading(int(local(element)[1]), element.get("id") or "", number, words.removeprefix(number).strip())


def plain(element: Element) -> str:
    """The text that a reader sees in an element: without ruby's readings, notes and the TeX beside a formula."""
    out: list[str] = []

    def walk(node: Element) -> None:
        if isinstance(node.tag, str) and local(node) not in ("rt", "rp", "annotation", "svg"):
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
    """Give each inner link its address in a format: `address(id)`; one whose target is not in the format loses it."""
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
