"""The elements of a Word document: their names, the words in them, new ones made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VML = "{urn:schemas-microsoft-com:vml}"
VAL = f"{W}val"
Parts = Callable[[str], Any]  # a part of the document by its name, as its root element; None where it is missing
RawParts = Callable[[str], bytes]  # a part's bytes; none where it is missing


def paragraph_of(words: str) -> etree._Element:
    """A paragraph with these words."""
    made = etree.Element(f"{W}p")
    made.append(run_of(words))
    return made


def run_of(words: str) -> etree._Element:
    """A run with these words, spaces and all."""
    made = etree.Element(f"{W}r")
    words_ = etree.SubElement(made, f"{W}t")
    words_.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    words_.text = words
    return made


def above(element: etree._Element, *tags: str) -> etree._Element | None:
    """The nearest element above one that has one of the tags."""
    return next((one for one in element.iterancestors() if one.tag in tags), None)


def remove(element: etree._Element) -> None:
    """Take an element out of its tree."""
    if (parent := element.getparent()) is not None:
        parent.remove(element)


def words_in(element: etree._Element, *tags: str) -> str:
    """The words of the elements of these kinds within one."""
    return "".join(one.text or "" for one in element.iter(*tags))
