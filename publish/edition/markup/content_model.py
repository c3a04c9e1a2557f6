"""HTML's content model: markup that browsers silently repair is made what the standard and EPUBCheck allow.

Raw HTML arrives with paragraphs in bold words, list items without a list, attributes with meaningless values.
Pandoc's own output passes through unchanged. Source: HTML Living Standard §3.2.5 (content models) and §4.4 to 4.11.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import tinycss2
from lxml import etree

from publish.edition.markup.xhtml import HEADINGS, H, local

Element = etree._Element  # noqa: SLF001  # lxml's only name for it

MATH = "{http://www.w3.org/1998/Math/MathML}"

# What may be a block, but not inside a line.
FLOW = HEADINGS | frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "details",
        "div",
        "dl",
        "figure",
        "footer",
        "header",
        "hgroup",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
    ]
)
PARTS = frozenset(
    [
        "caption",
        "col",
        "colgroup",
        "dd",
        "dt",
        "figcaption",
        "li",
        "summary",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
    ]
)
# What holds only a line's content; with a block inside it becomes a division.
PHRASING = frozenset(
    [
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "data",
        "dfn",
        "em",
        "i",
        "kbd",
        "mark",
        "p",
        "q",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "var",
    ]
)
TRANSPARENT = frozenset(["a", "del", "ins"])
# Their blocks become spans: the element itself means more than they do.
LINES = HEADINGS | {"pre", "summary"}
# The parents of each of these; elsewhere it becomes a division.
HOMES: dict[str, tuple[str, ...]] = {
    "li": ("ul", "ol"),
    "dt": ("dl",),
    "dd": ("dl",),
    "figcaption": ("figure",),
    "summary": ("details",),
    "rt": ("ruby",),
}
# What an element may not hold at any depth; there it becomes a division.
BARRED: dict[str, frozenset[str]] = {
    "address": HEADINGS | {"address", "article", "aside", "footer", "header", "hgroup", "nav", "section"},
    "header": frozenset({"footer", "header"}),
    "footer": frozenset({"footer", "header"}),
    "th": HEADINGS | {"article", "aside", "footer", "header", "nav", "section"},
    "dt": HEADINGS | {"article", "aside", "footer", "header", "nav", "section"},
}
# A page has one main element and its own contents list: the format's.
DIVISIONS = frozenset(["main", "nav", "hgroup"])
TABLE_ORDER = {"caption": 0, "colgroup": 1, "thead": 2, "tbody": 3, "tr": 3, "tfoot": 4}

# How many children a MathML element has (MathML 3 §3.1.3.2); one with another number becomes a row.
ARITY = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3}

_LANG = re.compile(r"^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?$")
_INTEGER = re.compile(r"^-?\d{1,9}$")
_COUNT = re.compile(r"^[1-9]\d{0,3}$")
_DATE = re.compile(r"^\d{4}-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?)?$|^\d{4}$|^\d\d:\d\d(:\d\d)?$")
_HOST = re.compile(r"^[^\s\x00-\x20!\"#$%&'()*+,/:;<=>?@\[\\\]^`{|}~]+$")
_PLAIN_STYLE = re.compile(
    r"^(?:\s*[a-z-]+\s*:\s*[A-Za-z0-9.#%-]+(?: [A-Za-z0-9.#%-]+)*\s*;)*(?:\s*[a-z-]+\s*:\s*[A-Za-z0-9.#%-]+\s*)?$"
)

_VALUES: dict[tuple[str, str], re.Pattern[str]] = {
    ("", "lang"): _LANG,
    ("", "dir"): re.compile(r"^(ltr|rtl|auto)$"),
    ("", "aria-hidden"): re.compile(r"^(true|false)$"),
    ("", "aria-label"): re.compile(r"\S"),
    ("a", "role"): re.compile(r"^doc-(?:biblioref|backlink)$"),
    ("td", "colspan"): _COUNT,
    ("th", "colspan"): _COUNT,
    ("td", "rowspan"): re.compile(r"^\d{1,4}$"),
    ("th", "rowspan"): re.compile(r"^\d{1,4}$"),
    ("th", "scope"): re.compile(r"^(row|col|rowgroup|colgroup)$"),
    ("ol", "start"): _INTEGER,
    ("ol", "type"): re.compile(r"^[1AaIi]$"),
    ("li", "value"): _INTEGER,
    ("col", "span"): _COUNT,
    ("colgroup", "span"): _COUNT,
    ("time", "datetime"): _DATE,
    ("a", "hreflang"): _LANG,
    ("a", "type"): re.compile(r"^[\w.+-]+/[\w.+-]+$"),
}
_NEVER = frozenset([("td", "headers"), ("th", "headers"), ("td", "scope"), ("del", "datetime"), ("ins", "datetime")])


def conform(root: Element) -> Element:
    """Make a chapter's tree conform to HTML's content model, in place; the text and its order stay."""
    for element in list(_html(root)):
        _conform_attributes(element, local(element))
    for element in reversed(list(_html(root))):
        if element is not root:
            _conform_content(element, local(element))
    for element in list(_html(root)):
        if element is not root:
            _conform_home(element, local(element))
    for math in root.iter(f"{MATH}math"):
        _conform_math(math)
    return root


def _conform_math(math: Element) -> None:
    if math.get("display") not in (None, "block", "inline"):
        del math.attrib["display"]
    for element in list(math.iter(f"{MATH}*")):
        name = local(element)
        if name in ARITY and len(element) != ARITY[name]:
            element.tag = f"{MATH}mrow"
        elif name.startswith("annotation") and _parent_name(element) != "semantics":
            _take_out(element)


def _html(root: Element) -> Iterator[Element]:
    return root.iter(f"{H}*")


def _parent_name(element: Element) -> str:
    parent = element.getparent()
    return local(parent) if parent is not None and isinstance(parent.tag, str) else ""


def _become(element: Element, name: str, *lost: str) -> None:
    """Rename an element; attributes that the new one cannot have are removed."""
    element.tag = f"{H}{name}"
    for attribute in lost:
        _drop(element, attribute)


def _drop(element: Element, attribute: str) -> None:
    if element.get(attribute) is not None:
        del element.attrib[attribute]


# --- attributes -------------------------------------------------------------------------------------------------------


def _conform_attributes(element: Element, name: str) -> None:
    for key, value in list(element.attrib.items()):
        attribute, text = str(key), str(value)
        pattern = _VALUES.get((name, attribute)) or _VALUES.get(("", attribute))
        stateless = pattern is None and (attribute == "role" or attribute.startswith("aria-"))
        if stateless or (name, attribute) in _NEVER or (pattern and not pattern.search(text)):
            del element.attrib[key]
        elif attribute == "style":
            _replace(element, attribute, _sound_style(text))
        elif attribute == "href" or (attribute == "cite" and text.startswith(("http:", "https:"))):
            _replace(element, attribute, sound_url(text))
        elif attribute == "cite":
            del element.attrib[key]
        elif attribute in ("reversed", "open"):
            element.set(attribute, "")
    if name == "a" and element.get("href") is None and not element.get("id"):
        _become(element, "span", "hreflang", "rel", "type")
    elif (name == "time" and element.get("datetime") is None) or (name == "data" and element.get("value") is None):
        _become(element, "span")


def _replace(element: Element, attribute: str, value: str) -> None:
    if value:
        element.set(attribute, value)
    else:
        del element.attrib[attribute]


def _sound_style(text: str) -> str:
    """The valid declarations of a style (CSS Syntax 3 §5.4.5), without the others."""
    if _PLAIN_STYLE.match(text):
        return text
    nodes = tinycss2.parse_blocks_contents(text, skip_comments=True, skip_whitespace=True)
    sound = [
        f"{node.lower_name}: {tinycss2.serialize(node.value).strip()}{' !important' if node.important else ''}"
        for node in nodes
        if node.type == "declaration"
        and any(token.type not in ("whitespace", "comment") for token in node.value)
        and not any(token.type in ("error", "{} block") for token in node.value)
    ]
    return "; ".join(sound)


def sound_url(url: str) -> str:
    """An address as RFC 3986 allows it: a stray % and a second # escaped; empty for one without a host."""
    url = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", url.strip())
    address, mark, fragment = url.partition("#")
    url = address + mark + fragment.replace("#", "%23")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() in ("http", "https", "ftp"):
        return url if parts.hostname and _HOST.match(parts.hostname) and port != 0 else ""
    return "" if url.startswith(":") else url


# --- what stands in what ----------------------------------------------------------------------------------------------


def _conform_content(element: Element, name: str) -> None:
    """Make what an element holds conform; its children do already."""
    if name in LINES:
        for inner in list(_html(element)):
            if inner is not element and local(inner) in FLOW | PARTS:
                _become(inner, "span")
    elif name in PHRASING and any(map(_is_flow, element)):
        _become(element, "div", "datetime", "value", "cite")
    elif name in DIVISIONS:
        _become(element, "div")
    elif name == "a":
        _unnest_links(element)
    elif name in _CONTENT:
        _CONTENT[name](element)
    for inner in list(_html(element)) if name in BARRED else ():
        if inner is not element and local(inner) in BARRED[name]:
            _become(inner, "div")


def _is_flow(element: Element) -> bool:
    if not isinstance(element.tag, str) or not element.tag.startswith(H):
        return False
    name = local(element)
    return name in FLOW | PARTS - {"rt"} or (name in TRANSPARENT and any(map(_is_flow, element)))


def _unnest_links(link: Element) -> None:
    """Links inside a link lose their address; calls of notes, which become links, move after it."""
    for inner in list(link.iter(f"{H}a")):
        if inner is not link:
            _become(inner, "span", "href", "hreflang", "rel", "type")
    last = link
    for call in list(link.iter(f"{H}span")):
        if call.get("data-note"):
            _take_out(call)
            call.tail, last.tail = last.tail, None
            last.addnext(call)
            last = call


def _take_out(element: Element) -> None:
    """Take an element out of its parent; the text after it stays."""
    before, parent, tail = element.getprevious(), element.getparent(), element.tail or ""
    element.tail = None
    if before is not None:
        before.tail = (before.tail or "") + tail
    elif parent is not None:
        parent.text = (parent.text or "") + tail
    if parent is not None:
        parent.remove(element)


def _conform_list(element: Element) -> None:
    """Whatever is in a list but not an item becomes one."""
    _wrap_strays(element, ("li",), "li")


def _conform_definitions(element: Element) -> None:
    """A definition list is terms with definitions, or groups of these; any other becomes a division."""
    groups = len(element) > 0 and all(local(child) == "div" for child in element)
    if not all(map(_defines, element)) if groups else not _defines(element):
        _become(element, "div")


def _defines(element: Element) -> bool:
    """Whether an element holds terms, each with definitions, and nothing else."""
    kinds = "".join({"dt": "t", "dd": "d"}.get(local(child), "x") for child in element if isinstance(child.tag, str))
    loose = (element.text or "").strip() or any((child.tail or "").strip() for child in element)
    return not loose and re.fullmatch(r"(t+d+)*", kinds) is not None


def _in_group(element: Element) -> bool:
    """Whether a term or its definition stands in a group of a definition list (HTML §4.4.9)."""
    group = element.getparent()
    return group is not None and local(group) == "div" and _parent_name(group) == "dl"


def _conform_details(element: Element) -> None:
    first = next(iter(element), None)
    if first is None or local(first) != "summary" or (element.text or "").strip():
        _become(element, "div", "open")


def _conform_ruby(element: Element) -> None:
    if element.find(f"{H}rt") is None:
        _become(element, "span")


def _conform_figure(element: Element) -> None:
    """A figure has one caption, first or last."""
    captions = element.findall(f"{H}figcaption")
    for caption in captions[1:]:
        _become(caption, "div")
    if (
        captions
        and captions[0] is not element[0]
        and (captions[0] is not element[-1] or (captions[0].tail or "").strip())
    ):
        _become(captions[0], "div")


def _conform_table(element: Element) -> None:
    """The parts of a table in order: one caption, columns, head, bodies, foot (§4.9.1)."""
    parts = sorted(element, key=lambda part: TABLE_ORDER.get(local(part), 3) if isinstance(part.tag, str) else 3)
    if parts != list(element):
        element[:] = parts
    for column in element.findall(f"{H}colgroup"):
        if len(column):
            _drop(column, "span")
    parent = element.getparent()
    for caption in element.findall(f"{H}caption")[1:]:
        element.remove(caption)
        _become(caption, "div")
        if parent is not None:
            caption.tail, element.tail = element.tail, None
            parent.insert(parent.index(element) + 1, caption)


_CONTENT: dict[str, Callable[[Element], None]] = {
    "ul": _conform_list,
    "ol": _conform_list,
    "dl": _conform_definitions,
    "details": _conform_details,
    "ruby": _conform_ruby,
    "figure": _conform_figure,
    "table": _conform_table,
}


def _conform_home(element: Element, name: str) -> None:
    """An element outside its home becomes a division, or a span if it is about a word's reading."""
    if name in HOMES and _parent_name(element) not in HOMES[name] and not (name in ("dt", "dd") and _in_group(element)):
        _become(element, "span" if name == "rt" else "div", "value")


def _wrap_strays(element: Element, known: tuple[str, ...], wrapper: str) -> None:
    """Put runs of text and of other elements among an element's children into wrappers of their own."""
    strays = any(local(child) not in known for child in element if isinstance(child.tag, str))
    loose = (element.text or "").strip() or any((child.tail or "").strip() for child in element)
    if not strays and not loose:
        return
    children, open_wrapper = list(element), None
    text, element.text = element.text or "", None
    element[:] = []

    def stray() -> Element:
        return open_wrapper if open_wrapper is not None else etree.SubElement(element, f"{H}{wrapper}")

    if text.strip():
        open_wrapper = stray()
        open_wrapper.text = text
    for child in children:
        tail, child.tail = child.tail or "", None
        if isinstance(child.tag, str) and local(child) in known:
            element.append(child)
            open_wrapper = None
        else:
            open_wrapper = stray()
            open_wrapper.append(child)
        if tail.strip():
            open_wrapper = stray()
            if len(open_wrapper):
                open_wrapper[-1].tail = tail
            else:
                open_wrapper.text = tail
        elif open_wrapper is not None and len(open_wrapper):
            open_wrapper[-1].tail = tail
        else:
            element[-1].tail = tail
