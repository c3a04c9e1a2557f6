"""HTML made canonical: harmless, with known elements and attributes only, each id on the element it names."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from publish.edition.markup.xhtml import MATHML, SVG, XHTML, XML, Element, H, local, plain, remove, unwrap
from publish.formulas.mathml import enlarge, rule
from publish.source.identify import MARK, SAFE_SCHEMES
from publish.source.pictures import svg
from publish.source.reading.elements import DROPPED

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
_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]*$")


def make_canonical(root: Element, report: Callable[[str, str], None], image: Callable[[Element], None]) -> Element:
    """Make a chapter's tree canonical, in place: known elements and attributes, ids on their elements, no comments.

    `report(what, needle)` is called for what was removed; `image` places each image that raw HTML brought in.
    """
    for node in list(root.iter()):
        if not isinstance(node.tag, str):
            remove(node)
    for element in list(root.iter()):
        if element is root or element.getparent() is None:
            continue
        name, namespace = local(element), etree.QName(element).namespace
        if namespace == XHTML:
            _clean_element(element, name, report)
        elif namespace not in (MATHML, SVG):
            report(f"the element <{name}> is unknown: its content stays without it", f"<{name}")
            unwrap(element)
        else:
            _clean_foreign(element, name, namespace, report)
    _hoist_ids(root)
    _mark_tasks(root)
    _mark_lines(root)
    _mark_drawn(root)
    _join_lists(root)
    _mark_emphasis(root)
    for element in list(root.iter(f"{H}img")):
        image(element)
    for element in list(root.iter(f"{{{MATHML}}}math")):
        _describe_formula(element)
    _drop_double_ids(root)
    return root


def _clean_element(element: Element, name: str, report: Callable[[str, str], None]) -> None:
    if name in DROPPED or (name == "input" and element.get("type") != "checkbox"):
        address = re.sub(r"\s", "", element.get("src") or "")
        told = name not in _SILENT and re.match("(https?:)?//", address)  # what a reader would look for there
        leading = f", which is at {address}" if told else ""
        report(f"the element <{name}> was removed with its content{leading}", f"<{name}")
        remove(element)
        return
    _align(element, name)
    if name == "font":
        _dress(element)
    if name in _OBSOLETE:
        element.tag = f"{H}{_OBSOLETE[name]}"
        name = _OBSOLETE[name]
    if name in ("html", "body", "form", "fieldset", "button", "head", "label") or name not in _KNOWN:
        if name not in ("label", "html", "body", "head"):
            report(f"the element <{name}> was removed, its content kept", f"<{name}")
        unwrap(element)
        return
    if name == "input":
        _text_for(element, "☑" if element.get("checked") is not None else "☐")
        return
    if name == "rp":
        remove(element)
        return
    _clean_attributes(element, name, report)


_ALIGNED = frozenset("p div h1 h2 h3 h4 h5 h6 td th tr table caption".split())


def _align(element: Element, name: str) -> None:
    """`<center>` and `align="…"`, which HTML 5 dropped (§16.2), as a style."""
    where = "center" if name == "center" else str(element.get("align") or element.get("data-align") or "").lower()
    if where in ("left", "center", "right", "justify") and (name == "center" or name in _ALIGNED):
        own = "margin-inline:auto" if name == "table" and where == "center" else f"text-align:{where};text-indent:0"
        element.set("style", f"{own};{element.get('style') or ''}".rstrip(";"))
        for attribute in ("align", "data-align"):
            if element.get(attribute) is not None:
                del element.attrib[attribute]


# What <font size=…> has always meant (HTML 15.3.4).
_SIZES = dict(zip("1234567", "x-small small medium large x-large xx-large xxx-large".split(), strict=True))
_COLOR = re.compile(r"#[0-9A-Fa-f]{3,8}|[A-Za-z]{3,20}")


def _dress(element: Element) -> None:
    """`<font color=… size=…>`, which HTML 5 dropped (§16.2), as a style; the book's own fonts stay."""
    color, size = str(element.get("color") or "").strip(), str(element.get("size") or "").strip()
    size = {"+": "larger", "-": "smaller"}.get(size[:1]) or _SIZES.get(size, "")
    color = f"#{color}" if re.fullmatch(r"(?=.*\d)[0-9A-Fa-f]{6}", color) else color
    wanted = [f"color:{color}" if _COLOR.fullmatch(color) else "", f"font-size:{size}" if size else ""]
    style = ";".join(filter(None, [*wanted, str(element.get("style") or "")]))
    if style:
        element.set("style", style)


_HAN = re.compile(r"[\u3400-\u9fff]")


def _mark_emphasis(root: Element) -> None:
    """Mark emphasis that dots do not suit: words and numbers without Han, and what is long, or a whole paragraph."""
    for element in root.iter(f"{H}em"):
        words, parent = plain(element), element.getparent()
        if any(map(str.isalnum, words)) and not _HAN.search(words):
            element.set("class", " ".join(filter(None, [element.get("class"), "western"])))
        elif (
            len(words) >= _LONG
            or _ASIDE.fullmatch(words)
            or (_is_alone(element, parent) and _reads(words))
            or (_begins(element, parent) and _SENTENCE.search(words))
        ):
            element.set("class", " ".join(filter(None, [element.get("class"), "passage"])))


def _is_alone(element: Element, parent: Element | None) -> bool:
    """Whether emphasis is all that its paragraph says."""
    return (
        parent is not None
        and local(parent) == "p"
        and not (parent.text or "").strip()
        and not (element.tail or "").strip()
        and not any(plain(one).strip() for one in parent if one is not element)
    )


def _begins(element: Element, parent: Element | None) -> bool:
    """Whether emphasis begins its paragraph."""
    first = parent is not None and local(parent) == "p" and len(parent) > 0 and parent[0] is element
    return first and parent is not None and not (parent.text or "").strip()


def _reads(words: str) -> bool:
    """Whether a paragraph that is all emphasis is a quotation, a remark, a direction: dots would run all along it."""
    return len(words) >= _PASSAGE or bool(_SENTENCE.search(words))


_PASSAGE = 12
_SENTENCE = re.compile(r"[。！？…!?][”’」』）)]*\s*$")
_ASIDE = re.compile(r"\s*(（[^（）]+）|\([^()]+\)|【[^【】]+】)\s*")  # what the stage is told amid a speech
_SILENT = frozenset(["script", "link", "style", "source", "track"])
_LONG = 40  # and amid other words


def _mark_tasks(root: Element) -> None:
    """Mark list items with a box for a bullet; pandoc's ☒ becomes ☑, as Chinese readers expect."""
    for item in root.iter(f"{H}li"):
        first = item[0] if len(item) and not (item.text or "").strip() and local(item[0]) == "p" else item
        text = (first.text or "").lstrip()
        if text[:1] in ("☐", "☒", "☑"):
            first.text = text.replace("☒", "☑", 1)
            item.set("class", "task")


# A paragraph of lines that each are this short at most has one indent for all, and not for the first alone: in ems, of
# which a letter has half; of three lines and more, verse and registers, some may be longer.
_LINE, _LONG_LINE = 30, 60
_INDENTED = frozenset(["body", "section", "article", "div", "blockquote"])


def _mark_lines(root: Element) -> None:
    """Mark paragraphs of lines: addresses, speakers, verses between breaks."""
    for paragraph in root.iter(f"{H}p"):
        parent = paragraph.getparent()
        if paragraph.find(f"{H}br") is None or (parent is not None and local(parent) not in _INDENTED):
            continue
        lines = [paragraph.text or ""]
        for child in paragraph:
            if child.tag == f"{H}br":
                lines.append("")
            else:
                lines[-1] += plain(child)
            lines[-1] += child.tail or ""
        if max(map(_ems, lines)) <= (_LINE if len(lines) == 2 else _LONG_LINE):  # noqa: PLR2004  # one break
            paragraph.set("class", " ".join(filter(None, [paragraph.get("class"), "lines"])))


_BRANCH = re.compile("[├└][─━—]")


def _mark_drawn(root: Element) -> None:
    """Mark lines that draw a tree, of folders or of a family: they are no verse, and want letters of one width."""
    for block in root.iter(f"{H}div"):
        if block.get("class") == "line-block" and _BRANCH.search("".join(map(str, block.itertext()))):
            block.set("class", "line-block drawn")


def _ems(text: str) -> float:
    return sum(0.5 if char.isascii() else 1 for char in " ".join(text.split()))


def _join_lists(root: Element) -> None:
    """Lists right behind each other, the second of which does not go on counting, as one with that number in it."""
    for later in list(root.iter(f"{H}ol")):
        first, start = later.getprevious(), str(later.get("start") or "")
        beside = first is not None and first.tag == later.tag and not (first.tail or "").strip()
        if (
            first is None
            or not beside
            or first.get("type") != later.get("type")
            or first.get("class") != later.get("class")
            or not start.isdecimal()
            or not len(later)
        ):
            continue
        if int(start) != _next_number(first):
            later[0].set("value", start)
            first.extend(list(later))
            remove(later)


def _next_number(ordered: Element) -> int:
    number = _figure(ordered.get("start"), 1)
    for item in ordered:
        number = _figure(item.get("value"), number) + 1
    return number


def _figure(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() else otherwise


def _text_for(element: Element, text: str) -> None:
    """Replace an element by a text, with a space where letters follow directly."""
    tail = element.tail or ""
    element.tail = text + ("" if tail.startswith((" ", "\n")) else " ") + tail
    remove(element)


def _clean_attributes(element: Element, name: str, report: Callable[[str, str], None]) -> None:
    allowed = _ATTRIBUTES.get(name, frozenset())
    if name == "a" and not element.get("id") and element.get("name"):
        element.set("id", str(element.get("name")))
    for key in list(element.attrib):
        attribute = str(key)
        plain = attribute.removeprefix(f"{{{XML}}}")
        if plain.startswith("on"):
            report(f'the attribute {plain}="…" was removed', plain)
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
        report("a style that loads something from outside the book was removed", "style")
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
        _clean_link(element, href, report)
    if name == "figcaption" and element.get("aria-hidden") is not None:
        del element.attrib["aria-hidden"]


def _clean_link(element: Element, href: str, report: Callable[[str, str], None]) -> None:
    target = href.strip()
    scheme = re.match(r"^([A-Za-z][A-Za-z0-9+.-]*):", target)
    if scheme and scheme[1].lower() not in SAFE_SCHEMES:
        report(f"links to {scheme[1]}: addresses are not published", scheme[0])
        unwrap(element)
    elif scheme or target.startswith("#"):
        element.set(
            "href",
            re.sub(r"[\s<>\"{}|\\^`\[\]]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), target),
        )
    else:
        report(f'the link "{target[:80]}" leads to no chapter of this book', target)
        unwrap(element)


def _clean_foreign(element: Element, name: str, namespace: str, report: Callable[[str, str], None]) -> None:
    """An element of SVG or MathML: nothing that runs or loads, and no HTML."""
    if svg.runs(element) or name == "style":
        report(f"the element <{name}> was removed with its content", f"<{name}")
        remove(element)
        return
    html = (_KNOWN | DROPPED) - {"a", "title"}  # names that SVG shares
    if name in html if namespace == SVG else not re.match(r"m|semantics$|annotation|none$", name):
        report(f"the element <{name}> was removed, its content kept", f"<{name}")
        unwrap(element)
        return
    for attribute in svg.drop_unsafe_attributes(element):
        report(f'the attribute {attribute}="…" was removed', attribute)


def _hoist_ids(root: Element) -> None:
    """Move ids from empty spans at the start of a paragraph, an item or a cell to the element itself."""
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


def _describe_formula(math: Element) -> None:
    """The TeX of a formula as its alternative text, for readers without MathML."""
    annotation = next(math.iter(f"{{{MATHML}}}annotation"), None)
    if annotation is not None and annotation.text:
        math.set("alttext", " ".join(annotation.text.split()))
        enlarge(math, annotation.text)
    for sign in math.iter(f"{{{MATHML}}}mo"):  # which no text may begin with (Character Model 1.0, C015)
        sign.text = _ACCENTS.get(sign.text or "", sign.text)
    rule(math)


# Accents that combine with a letter before them, and the signs that stand alone (MathML Core's operator dictionary).
_ACCENTS = dict(
    zip("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030c\u20d7\u0332", "`´^~¯˘˙¨˚ˇ→_", strict=True)
)


def _drop_double_ids(root: Element) -> None:
    seen: set[str] = set()
    for element in root.iter(etree.Element):
        name = element.get("id")
        if name is None:
            continue
        if name in seen:
            del element.attrib["id"]
        seen.add(name)
