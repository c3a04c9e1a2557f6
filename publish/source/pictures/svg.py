"""SVG made harmless: nothing in it runs, and nothing fetches from outside the file."""

from __future__ import annotations

import re

from lxml import etree

# Elements that run something, or that hold something other than drawing.
UNSAFE = frozenset(["script", "foreignObject", "iframe", "embed", "object", "audio", "video", "handler", "listener"])


def runs(element: etree._Element) -> bool:
    """Whether an element runs something, holds something other than drawing, or animates an address."""
    animated = str(element.get("attributeName") or "").lower()
    return animated.endswith("href") or etree.QName(element).localname in UNSAFE


def drop_unsafe_attributes(element: etree._Element, embedded: tuple[str, ...] = ("#",)) -> list[str]:
    """Remove handlers and addresses outside the file from an element; the names of what went.

    `embedded` are the beginnings of addresses that stay.
    """
    dropped: list[str] = []
    for key, value in list(element.attrib.items()):
        name = etree.QName(str(key)).localname.lower()
        outside = name in ("href", "src") and not str(value).strip().startswith(embedded)
        if name.startswith("on") or outside or re.search(r"url\(\s*['\"]?(?!['\"]?#)", str(value)):
            dropped.append(name)
            del element.attrib[key]
    return dropped


def make_harmless(root: etree._Element) -> None:
    """Make the drawing of a file harmless, in place; images and styles that lie in it stay."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        parent = element.getparent()
        if runs(element):
            if parent is not None:
                parent.remove(element)
            continue
        drop_unsafe_attributes(element, ("#", "data:image/"))
        style = element.text if etree.QName(element).localname == "style" else None
        if style and re.search(r"@import|url\(\s*['\"]?(?!#)", style):
            element.text = ""
