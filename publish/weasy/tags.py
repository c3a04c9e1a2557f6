"""What WeasyPrint leaves out of a PDF's structure: languages, notes, scopes of header cells, silent pictures.

And what it puts in for nothing: an element around each text, which says no more than the one that it stands in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf
from weasyprint.pdf import tags
from weasyprint.svg import SVG

from publish.weasy.records import CALL

_part: list[str] = []
_naming: list[bool] = []
_NOTES = ("footnote", "footnote by-page", "footnote said", "beside")  # what classes notes have
_NUMBERING = {"ol": "/Ordered", "dl": "/Description"}  # ISO 32000-2, Table 382
_GROUPS = frozenset("/Document /Part /Sect /Art /Div /BlockQuote /TOC /TOCI /L /LI /Table /TR".split())
_TEXT = b"text"  # before the number of one, in place of an object's
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_draw_node = SVG.draw_node
_build_box_tree = tags._build_box_tree  # noqa: SLF001  # WeasyPrint has no public place to complete its tags


def build_box_tree(box: Any, parent: Any, pdf: Any, page_number: int, *others: Any) -> Iterator[Any]:
    """WeasyPrint's `_build_box_tree`, each structure element completed from the box's own HTML element."""
    own = getattr(box, "_box", box)  # an absolute box has a placeholder
    pdf = pdf if isinstance(pdf, _WithoutTexts) else _WithoutTexts(pdf)
    for made in _build_box_tree(box, parent, pdf, page_number, *others):
        groups = made["S"] in _GROUPS or (made["S"] == "/NonStruct" and parent["S"] in _GROUPS)
        _take_texts(made, pdf, page_number, others[0], groups=groups)
        if own.element is not None and own.element_tag not in ("html", "body"):
            _complete(made, own, page_number)
        if _part and made["S"] == "/Table":
            _name_headers(own)
        yield _in_body(made, parent, pdf, page_number) if parent["S"] == "/LI" else made


class _WithoutTexts:
    """A PDF that is given no element for a text: it goes by its number on the page until its parent is there."""

    def __init__(self, pdf: Any) -> None:
        self.whole = pdf

    @property
    def page_references(self) -> Any:
        """Those of the PDF."""
        return self.whole.page_references

    def add_object(self, made: Any) -> None:
        """Add an object, but for a text's element."""
        kids = made.get("K", ())
        if len(kids) == 1 and isinstance(kids[0], int) and made["S"] == "/Span":
            made.number = f"{_TEXT.decode()}{kids[0]}"
        else:
            self.whole.add_object(made)


def _take_texts(made: Any, pdf: Any, page_number: int, nums: dict[int, Any], *, groups: bool) -> None:
    """Let an element hold its texts itself, each by its number; `nums` says which element has which.

    One that `groups` others may hold none (ISO/TS 32005, Table 5): there an element stands around the text.
    """
    kids = made["K"]
    for index, kid in enumerate(kids):
        if isinstance(kid, bytes) and kid.startswith(_TEXT):
            number = int(kid[len(_TEXT) :].split()[0])
            holder = _around_text(number, made, pdf, page_number) if groups else made
            kids[index] = number if holder is made else holder.reference
            nums[number] = holder.reference


def _around_text(number: int, group: Any, pdf: Any, page_number: int) -> Any:
    span = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Span",
            "K": pydyf.Array([number]),
            "Pg": pdf.page_references[page_number],
            "P": group.reference,
        }
    )
    pdf.whole.add_object(span)
    return span


def _in_body(made: Any, item: Any, pdf: Any, page_number: int) -> Any:
    """A paragraph of a list's item within the item's body: an item holds a label and bodies alone (PDF/UA-1 §7.6)."""
    if made["S"] in ("/LBody", "/Lbl"):
        return made
    body = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/LBody",
            "K": pydyf.Array([made.reference]),
            "Pg": pdf.page_references[page_number],
            "P": item.reference,
        }
    )
    pdf.add_object(body)
    made["P"] = body.reference
    return body


def _name_headers(table: Any) -> None:
    """Name the part in the ids of a table's header cells, which WeasyPrint numbers; its data cells share them."""
    for cell in table.descendants():
        key = getattr(cell, "mark", {}).get("ID")
        if key is not None:
            key.string = f"{_part[-1]}-{key.string}"


@contextmanager
def named(part: str) -> Iterator[None]:
    """Let the ids in the structure be those of a part of a book, so that no other part has the same."""
    _part.append(part)
    try:
        yield
    finally:
        _part.pop()


@contextmanager
def identified() -> Iterator[None]:
    """Let structure elements have the names of the places that links lead to as their ids."""
    _naming.append(True)
    try:
        yield
    finally:
        _naming.pop()


def _complete(made: Any, box: Any, page_number: int) -> None:
    element = box.element
    if _naming and box.style["anchor"] and box.element_tag == element.tag:
        made["ID"] = pydyf.String(box.style["anchor"])
    if _naming and box.element_tag.endswith("::footnote-call"):
        made["ID"] = pydyf.String(CALL + (element.get("id") or ""))
    if _naming and made["S"] == "/L":
        # PDF/UA-2 §8.2.5.25: what the labels of a list are.
        made["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": _NUMBERING.get(box.element_tag, "/Unordered")})
    if language := element.get("lang"):
        made["Lang"] = pydyf.String(language)
    if made["S"] == "/TH":
        # PDF/UA-1 §7.5: a header cell says what it heads.
        made["A"]["Scope"] = "/Row" if element.get("scope") == "row" else "/Column"
    if element.get("class") == "formula":
        # PDF/UA-1 §7.7: a formula is tagged as one and has its words.
        made["S"], made["Alt"] = "/Formula", pydyf.String(element.get("aria-label") or "")
        made.pop("ActualText", None)
    elif element.get("class") == "piece":
        made["S"] = "/Span"  # its formula speaks for it
    elif made["S"] == "/Figure" and "Alt" not in made:
        # A picture that says nothing is read as nothing (PDF/UA-1 §7.3).
        made["ActualText"] = pydyf.String("")
    if element.get("class") in _NOTES and box.style["anchor"] and box.element_tag == element.tag:
        # PDF/UA-1 §7.9: a note is tagged as one, and has an id; it may continue on the next page.
        made["S"], made["ID"] = "/Note", pydyf.String(f"{box.style['anchor']}-{page_number}")


def draw_node(self: Any, node: Any, *arguments: Any, **options: Any) -> None:
    """WeasyPrint's `SVG.draw_node`; text in a drawing says what language it is in (ISO 32000-1 §14.9.2.3)."""
    language = node._etree_node.get(_XML_LANG)  # noqa: SLF001  # what it inherits is stated around it
    if not language or not getattr(self.stream, "_tags", None):
        _draw_node(self, node, *arguments, **options)
        return
    stream = self.stream
    stream.begin_marked_content("Span", pydyf.Dictionary({"Lang": pydyf.String(language)}))
    try:
        _draw_node(self, node, *arguments, **options)
    finally:
        stream.end_marked_content()
