"""A PDF that is PDF/UA-1 and PDF/A-2a made PDF/UA-2 and PDF/A-4: PDF 2.0, its namespace, links that lead to structure.

What WeasyPrint and `weasy/tags.py` say of the structure is kept; where ISO/TS 32005 (its Table 5) does not let an
element stand where it stands, it becomes one that may, or gets one around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import pikepdf
from lxml import etree
from pikepdf import Array, Dictionary, Name, String

from publish.weasy.records import CALL

VERSION = "2.0"
_NAMESPACE = "http://iso.org/pdf2/ssn"  # ISO 32000-2 §14.8.6.2
_OLD = frozenset({"/BlockQuote", "/Code", "/Quote"})  # types of PDF 1.7, whose namespace is the one that is not named
_HEADINGS = frozenset({f"/H{level}" for level in range(1, 7)})
_BLOCKS = frozenset({"/Document", "/Sect", "/Div", "/BlockQuote", "/Part"})  # elements of which all in them are blocks
_INLINE = frozenset({"/Span", "/Link", "/Lbl"})
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PDFA, _UA = "{http://www.aiim.org/pdfa/ns/id/}", "{http://www.aiim.org/pdfua/ns/id/}"
_EXTENSION = "{http://www.aiim.org/pdfa/ns/extension/}"

Element = Any


def make_universal(pdf: pikepdf.Pdf) -> None:
    """Mend a finished PDF, whose structure elements have the names of what links lead to as their ids."""
    root = pdf.Root.StructTreeRoot
    _mend(pdf, root.K[0], "")
    _lead_to_structure(pdf, list(_elements(root.K[0])))
    namespace = pdf.make_indirect(Dictionary(Type=Name.Namespace, NS=String(_NAMESPACE)))
    root.Namespaces = Array([namespace])
    for element in _elements(root.K[0]):
        if str(element.S) not in _OLD:
            element.NS = namespace
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]  # ISO 19005-4 §6.1.3
    pdf.Root.Metadata.write(_identified(pdf.Root.Metadata.read_bytes()))


# --- what may stand where ---------------------------------------------------------------------------------------------


def _mend(pdf: pikepdf.Pdf, element: Element, above: str) -> None:
    """Let an element and all below it be such as PDF 2.0 has; `above`: the type that it stands in, NonStruct aside."""
    kind = str(element.S)
    if kind == "/Note":
        element.S, element.A = Name.FENote, Dictionary(O=Name.FENote, NoteType=Name.Footnote)
    elif kind in ("/NonStruct", "/Div"):
        _give_type(element, above)
    elif kind in _HEADINGS and above in _HEADINGS:
        element.S = Name.Span
    elif kind == "/L":
        _lift(element)
    _place_caption(element)
    if str(element.S) in _BLOCKS or (element.S == "/NonStruct" and above in _BLOCKS):
        _wrap_words(pdf, element)
    inside = above if element.S == "/NonStruct" else str(element.S) if kind not in _HEADINGS else kind
    for kid in _kids(element):
        if _is_element(kid):
            _mend(pdf, kid, inside)


def _give_type(element: Element, above: str) -> None:
    """Make words without a type of their own that stand among blocks a paragraph, and what has a caption a section."""
    kids = _kids(element)
    kinds = {str(kid.S) if _is_element(kid) else "" for kid in kids}  # "" for words themselves
    if "/Caption" in kinds:
        element.S = Name.Sect
    elif above in _BLOCKS and kinds and kinds <= _INLINE | {""}:
        element.S = Name.P


def _wrap_words(pdf: pikepdf.Pdf, element: Element) -> None:
    """Make paragraphs of the words that stand between the blocks of an element."""
    kids: list[Any] = []
    for inline, run in groupby(_kids(element), key=lambda kid: _is_element(kid) and str(kid.S) in _INLINE):
        if not inline:
            kids += run
            continue
        words = list(run)
        made = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, P=element, K=Array(words)))
        for word in words:
            word.P = made
        kids.append(made)
    element.K = Array(kids)


def _lift(group: Element) -> None:
    """Let the items of a list stand in it, without the divisions that HTML has around a term and what it means."""
    kids: list[Any] = []
    for kid in _kids(group):
        if _is_element(kid) and kid.S == "/Div":
            kids += _kids(kid)
        else:
            kids.append(kid)
    for kid in kids:
        if _is_element(kid):
            kid.P = group
    group.K = Array(kids)


def _place_caption(element: Element) -> None:
    """A caption is the first or last of its element (ISO 14289-2 §8.2.5.27); that of one picture is the picture's."""
    kids = _kids(element)
    captions = [kid for kid in kids if _is_element(kid) and kid.S == "/Caption"]
    others = [kid for kid in kids if not (_is_element(kid) and kid.S == "/Caption")]
    figure = _only_figure(others[0]) if len(captions) == len(others) == 1 else None
    if figure is not None:
        [caption] = captions
        figure.K = Array([*_kids(figure), caption])
        caption.P = figure
        element.K = Array(others)
    elif captions and captions[0] is not kids[-1]:
        element.K = Array([captions[0], *(kid for kid in kids if kid is not captions[0])])


def _only_figure(kid: Any) -> Element | None:
    """The picture that an element is, or is put around without anything beside it."""
    while _is_element(kid) and kid.S != "/Figure":
        kids = _kids(kid)
        kid = kids[0] if len(kids) == 1 else None
    return kid if _is_element(kid) else None


# --- where links lead -------------------------------------------------------------------------------------------------


def _lead_to_structure(pdf: pikepdf.Pdf, elements: Sequence[Element]) -> None:
    """Let links and bookmarks lead to structure elements (ISO 14289-2 §8.8), and to a place on a page beside.

    Programs that know PDF 2.0 take the one, all others the other.
    """
    tree = pdf.Root.get("/Names", Dictionary()).get("/Dests", Dictionary())
    places = dict(_pairs(tree.get("/Names", Array())))
    names = {_spot(place): name for name, place in reversed(list(places.items()))}
    goals, first = _goals(elements), _first_on_pages(elements)

    def action(place: Any, name: bytes, said: Any) -> Dictionary:
        return Dictionary(S=Name.GoTo, D=said, SD=structure(place, name))

    def structure(place: Any, name: bytes) -> Array:
        element = goals.get(name) or first.get(place[0].objgen) or elements[0]
        return Array([element, *list(place)[1:]])

    callers = _with_annotations(elements)
    for sheet in pdf.pages:
        for annotation in sheet.obj.get("/Annots", ()):
            if isinstance(said := annotation.get("/Dest"), String):
                annotation.A = action(places[bytes(said)], bytes(said), said)
                del annotation["/Dest"]
                _refer(callers.get(annotation.objgen), goals.get(bytes(said)))
    for item in _bookmarks(pdf.Root.get("/Outlines")):
        item.A = action(item.Dest, names.get(_spot(item.Dest), b""), item.Dest)
        del item["/Dest"]
    for name, goal in goals.items():
        _refer(goals.get(CALL.encode() + name), goal)
    if places:
        both = [(String(name), Dictionary(D=place, SD=structure(place, name))) for name, place in places.items()]
        tree.Names = Array([part for pair in both for part in pair])


def _pairs(names: Any) -> Iterator[tuple[bytes, Any]]:
    """The names of a name tree's one leaf, each with what it stands for."""
    for name, place in zip(list(names)[::2], list(names)[1::2], strict=True):
        yield bytes(name), place


def _spot(place: Any) -> tuple[Any, ...]:
    """A page, and the place on it to a tenth of a point."""
    return place[0].objgen, *(round(float(one), 1) for one in list(place)[2:4])


def _refer(caller: Element | None, goal: Element | None) -> None:
    """Let what calls a note and the note name each other (ISO 14289-2 §8.2.5.14)."""
    if caller is not None and goal is not None and goal.S == "/FENote":
        if caller.S == "/NonStruct":
            caller.S = Name.Span
        caller.Ref = Array([*caller.get("/Ref", Array()), goal])
        goal.Ref = Array([*goal.get("/Ref", Array()), caller])


def _with_annotations(elements: Sequence[Element]) -> dict[Any, Element]:
    """The element that encloses each annotation."""
    return {
        kid.Obj.objgen: element
        for element in elements
        for kid in _kids(element)
        if isinstance(kid, Dictionary) and "/Obj" in kid
    }


def _goals(elements: Sequence[Element]) -> dict[bytes, Element]:
    """The first element of each name, which is taken from it: no two may have one id, and parts of a note had."""
    found: dict[bytes, Element] = {}
    for element in elements:
        if "/ID" in element and element.S != "/TH":
            name = bytes(element.ID)
            found.setdefault(name.rsplit(b"-", 1)[0] if element.S == "/FENote" else name, element)
            if element.S != "/FENote":
                del element["/ID"]
    return found


def _first_on_pages(elements: Sequence[Element]) -> dict[Any, Element]:
    """The first element of each page."""
    found: dict[Any, Element] = {}
    for element in elements:
        if "/Pg" in element:
            found.setdefault(element.Pg.objgen, element)
    return found


def _bookmarks(parent: Any) -> Iterator[Any]:
    """All bookmarks below an outline or one of its items."""
    item = parent.get("/First") if parent is not None else None
    while item is not None:
        yield item
        yield from _bookmarks(item)
        item = item.get("/Next")


def _elements(element: Element) -> Iterator[Element]:
    """An element and all below it, in the order of the text."""
    stack = [element]
    while stack:
        one = stack.pop()
        yield one
        stack += [kid for kid in reversed(_kids(one)) if _is_element(kid)]


def _is_element(kid: Any) -> bool:
    return isinstance(kid, Dictionary) and "/S" in kid


def _kids(element: Element) -> list[Any]:
    kids = element.get("/K", Array())
    return list(kids) if isinstance(kids, Array) else [kids]


def _identified(packet: bytes) -> bytes:
    """An XMP packet that names PDF/UA-2 and PDF/A-4 where it named others (ISO 14289-2 §5, ISO 19005-4 §6.7.3)."""
    root = etree.fromstring(packet)
    for one in list(root.iter(f"{_RDF}Description")):
        if f"{_PDFA}part" in one.attrib:
            if f"{_PDFA}conformance" in one.attrib:
                del one.attrib[f"{_PDFA}conformance"]
            one.attrib.update({f"{_PDFA}part": "4", f"{_PDFA}rev": "2020"})
        if f"{_UA}part" in one.attrib:
            one.attrib.update({f"{_UA}part": "2", f"{_UA}rev": "2024"})
        above = one.getparent()
        if above is not None and one.find(f"{_EXTENSION}schemas") is not None:
            above.remove(one)
    return etree.tostring(root.getroottree(), encoding="utf-8")
