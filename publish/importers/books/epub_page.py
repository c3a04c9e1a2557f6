"""A page of an EPUB or a saved one: its tree, its words, the addresses in it."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import lxml.html
from lxml import etree

from publish.source.document import Block

XHTML = "{http://www.w3.org/1999/xhtml}"
TYPE = "{http://www.idpf.org/2007/ops}type"


def resolve(base: str, href: str) -> str:
    """The path within the book that an address on a page leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(urlsplit(href).path)))


@dataclass
class SpinePage:
    """A file of the spine: its tree, then its blocks."""

    path: str
    root: Any
    words: str = ""
    blocks: list[Block] = field(default_factory=list)


_XML_ENTITIES = ("amp", "lt", "gt", "quot", "apos")


def parse_page(data: bytes) -> Any:
    """A page's tree without namespaces, as XHTML where it is well-formed, else as HTML; SVG's pictures are images."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    encoding = re.search(rb"<\?xml[^>]*encoding=[\"']([\w-]+)", data[:200])
    try:
        words = data.decode(encoding[1].decode() if encoding else "utf-8-sig")
        words = re.sub(r"^\s*<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>", "", words.removeprefix("\ufeff"))
        words = re.sub(r"&(\w+);", lambda one: one[0] if one[1] in _XML_ENTITIES else html.unescape(one[0]), words)
        root = etree.fromstring(words.strip().encode(), parser)
    except (etree.XMLSyntaxError, UnicodeDecodeError, LookupError):
        root = lxml.html.document_fromstring(data or b"<html><body></body></html>")
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        element.tag = etree.QName(element).localname
        for name, value in list(element.attrib.items()):
            if name.startswith("{"):
                del element.attrib[name]
                local = etree.QName(name).localname
                element.set("data-epub-type" if name == TYPE else local, value)
        if element.tag == "image" and element.get("href"):
            element.tag = "img"
            element.set("src", element.attrib.pop("href"))
    return root


def words_of(root: Any) -> str:
    """The text of a tree but for its formulas, which are read as TeX."""
    return "".join(_outside_formulas(root))


def _outside_formulas(element: Any) -> Iterator[str]:
    if element.tag != "math":
        yield element.text or ""
        for child in element:
            if isinstance(child.tag, str):
                yield from _outside_formulas(child)
            yield child.tail or ""


def detach(element: Any) -> None:
    """Take an element out of its tree; what follows it stays."""
    parent, tail = element.getparent(), element.tail
    if tail and tail.strip():
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def drop_unseen(root: Any) -> None:
    """Take out what no reader sees: scripts, styles, comments."""
    for element in list(root.iter("script", "style", "title", etree.Comment, etree.ProcessingInstruction)):
        detach(element)
    for svg in list(root.iter("svg")):
        if svg.find(".//img") is not None:  # a picture in a frame
            svg.tag = "div"
            svg.attrib.clear()


def serialized(element: Any) -> str:
    """An element as HTML."""
    markup: str = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return markup
