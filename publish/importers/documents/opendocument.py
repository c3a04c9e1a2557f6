"""What pandoc leaves out of an OpenDocument text, put where it reads it: numbers, text boxes, ruby, fields, titles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from publish.importers.documents.word_numbers import numeral
from publish.importers.documents.wordml import above
from publish.importers.marks import CODE, UNDERLINED, code_text, marked
from publish.importers.report import Ledger

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_MORE = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_NAME, _BASE = f"{STYLE}name", f"{STYLE}parent-style-name"
_STYLED, _LEVEL = f"{TEXT}style-name", f"{TEXT}outline-level"
_BLOCKS = (f"{TEXT}p", f"{TEXT}h")
# Lists that a program makes of the text, which a book makes anew. A bibliography is none of them: it is kept.
GENERATED = tuple(
    f"{TEXT}{name}"
    for name in (
        "table-of-content",
        "alphabetical-index",
        "illustration-index",
        "table-index",
        "object-index",
        "user-index",
    )
)
# What stands in lines and pandoc reads; all others are fields, of which the words count that were last shown.
_READ = {
    "a", "bookmark", "bookmark-end", "bookmark-ref", "bookmark-start", "change", "change-end", "change-start",
    "line-break", "note", "note-body", "note-citation", "note-ref", "reference-mark", "reference-mark-end",
    "reference-mark-start", "reference-ref", "s", "sequence", "soft-page-break", "span", "tab",
}  # fmt: skip
_FORMS = {
    "一": "chineseCounting",
    "壹": "chineseLegalSimplified",
    "甲": "ideographTraditional",
    "子": "ideographZodiac",
}
_FORMS |= {"①": "decimalEnclosedCircle", "１": "decimalFullWidth", "1": "decimal", "〇": "ideographDigital"}
_FORMS |= {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_COMMON = re.compile(r"(?:[0-9]+|[a-zA-Z]|[ivxIVX]+)[.)]|\((?:[0-9]+|[a-zA-Z]|[ivxIVX]+)\)")  # labels that Markdown has


@dataclass(frozen=True)
class OpenFindings:
    """What was found on the way: the title lines of the text, and descriptions of pictures by the pictures' paths."""

    titles: dict[str, str] = field(default_factory=dict)
    described: dict[str, str] = field(default_factory=dict)


def mend(root: etree._Element, styles: etree._Element | None, ledger: Ledger) -> OpenFindings:
    """Change the text of a document (content.xml) so that pandoc reads all of it; `styles` is its styles.xml."""
    known = _Styles(root, styles)
    body = root.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        return OpenFindings()
    _drop_generated(body, ledger)
    _drop_hidden(body, known, ledger)
    titles = _take_titles(body, known)
    _mark_ruby(body)
    _link(body)
    _write_fields(body)
    described = dict(_descriptions(body))
    _lift_boxes(body, ledger)
    _free_notes(body)
    _embolden(root, body)
    _mark_spans(body, known)
    _mark_code(body, known)
    _write_numbers(body, known, ledger)
    return OpenFindings(titles, described)


def strip(root: etree._Element, styles: etree._Element | None) -> None:
    """Take out of a text what is none of a book's: lists that a program made, hidden words."""
    body = root.find(f"{OFFICE}body/{OFFICE}text")
    if body is not None:
        _drop_generated(body, Ledger())
        _drop_hidden(body, _Styles(root, styles), Ledger())
        for one in list(body.iter(f"{SVG}title", f"{SVG}desc")):  # they describe pictures
            replace_with_words(one, "")


# Styles --------------------------------------------------------------------------------------------------------------


class _Styles:
    """The styles of a document by name, with those that they are based on."""

    def __init__(self, root: etree._Element, styles: etree._Element | None) -> None:
        trees = [one for one in (styles, root) if one is not None]
        self._styles = {
            (str(one.get(f"{STYLE}family")), str(one.get(_NAME))): one
            for tree in trees
            for one in tree.iter(f"{STYLE}style")
        }
        self.lists = {str(one.get(_NAME)): one for tree in trees for one in tree.iter(f"{TEXT}list-style")}
        self.outline = next((one for tree in trees for one in tree.iter(f"{TEXT}outline-style")), None)

    def chain(self, element: etree._Element, family: str) -> Iterator[etree._Element]:
        """The style of an element and those that it is based on."""
        name, seen = str(element.get(_STYLED, "")), set[str]()
        while (family, name) in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[family, name]
            name = str(self._styles[family, name].get(_BASE, ""))

    def is_a(self, paragraph: etree._Element, *names: str) -> bool:
        """Whether a paragraph has one of the styles, or one that is based on it; spaces are `_20_` in names."""
        own = str(paragraph.get(_STYLED, ""))
        return own in names or any(str(one.get(_NAME)) in names for one in self.chain(paragraph, "paragraph"))

    def is_unnumbered(self, paragraph: etree._Element) -> bool:
        """Whether the style of a heading says that it has no number."""
        said = [one.get(f"{STYLE}list-style-name") for one in self.chain(paragraph, "paragraph")]
        return next((one for one in said if one is not None), None) == ""

    def says(self, span: etree._Element, name: str) -> str:
        """A property of a span's text; empty where neither its style nor one below says it."""
        for one in self.chain(span, "text"):
            for properties in one.iter(f"{STYLE}text-properties"):
                if (value := properties.get(name)) is not None:
                    return str(value)
        return ""


# Elements ------------------------------------------------------------------------------------------------------------


def words_of(element: etree._Element) -> str:
    """The words of an element, without comments and the signs of notes."""
    return " ".join("".join(_within(element)).split())


def _within(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in (f"{OFFICE}annotation", f"{TEXT}note-citation"):
            yield " " if child.tag in (f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break") else ""
            yield from _within(child)
        yield child.tail or ""


def replace_with_words(element: etree._Element, words: str) -> None:
    """Put words in the place of an element."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    words += element.tail or ""
    if before is None:
        parent.text = (parent.text or "") + words
    else:
        before.tail = (before.tail or "") + words
    parent.remove(element)


def _unwrap(element: etree._Element) -> None:
    """Put what is in an element in its place."""
    parent = element.getparent()
    if parent is None:
        return
    inner = list(element)
    at = parent.index(element)
    if not inner:
        replace_with_words(element, element.text or "")
        return
    inner[-1].tail = (inner[-1].tail or "") + (element.tail or "")
    element.tail = None
    lead = element.text or ""
    for offset, one in enumerate(inner):
        parent.insert(at + offset, one)
    parent.remove(element)
    before = inner[0].getprevious()
    if before is None:
        parent.text = (parent.text or "") + lead
    else:
        before.tail = (before.tail or "") + lead


# What is no text ----------------------------------------------------------------------------------------------------


def _drop_generated(body: etree._Element, ledger: Ledger) -> None:
    """Leave out contents and indexes that a program made; the lines of a bibliography stay, as paragraphs."""
    for one in list(body.iter(*GENERATED)):
        index = one.find(f"{TEXT}index-body")
        lines = [words for block in (index.iter(*_BLOCKS) if index is not None else ()) if (words := words_of(block))]
        if lines:
            reason = f"a list of {len(lines)} lines that the program made: publish makes its own"
            ledger.decide("contents-left-out", 0, lines[0], "not in the book", reason)
        replace_with_words(one, "")
    for one in list(body.iter(f"{TEXT}bibliography")):
        index = one.find(f"{TEXT}index-body")
        for block in reversed(list(index.iter(*_BLOCKS)) if index is not None else []):
            one.addnext(block)
        replace_with_words(one, "")


def _drop_hidden(body: etree._Element, known: _Styles, ledger: Ledger) -> None:
    for span in list(body.iter(f"{TEXT}span")):
        if known.says(span, f"{TEXT}display") == "none":
            if words := words_of(span):
                ledger.decide("hidden-left-out", 0, words, "not in the book", "its author has hidden it")
            replace_with_words(span, "")


def _take_titles(body: etree._Element, known: _Styles) -> dict[str, str]:
    """The title and the subtitle above the text's first other line, taken out of it."""
    titles: dict[str, str] = {}
    for one in list(body.iterchildren(*_BLOCKS)):
        key = "title" if known.is_a(one, "Title") else "subtitle" if known.is_a(one, "Subtitle") else ""
        words = words_of(one)
        if key and words and one.find(f".//{TEXT}note") is None:
            titles[key] = f"{titles[key]} {words}" if key in titles else words
            body.remove(one)
        elif words:
            break
    return titles


# Within a line -------------------------------------------------------------------------------------------------------


def _mark_ruby(body: etree._Element) -> None:
    for ruby in list(body.iter(f"{TEXT}ruby")):
        base, reading = (ruby.find(f"{TEXT}{name}") for name in ("ruby-base", "ruby-text"))
        if base is not None:
            replace_with_words(ruby, marked(words_of(base), words_of(reading) if reading is not None else ""))


def _link(body: etree._Element) -> None:
    """Make links to bookmarks references to them, of which pandoc follows the names."""
    kinds = (f"{TEXT}bookmark", f"{TEXT}bookmark-start")
    marks = {str(one.get(f"{TEXT}name")) for one in body.iter(*kinds)}
    for link in body.iter(f"{TEXT}a"):
        name = str(link.get(_HREF, "")).removeprefix("#")
        if name in marks:
            words = words_of(link)
            tail = link.tail
            for old in list(link):
                link.remove(old)
            link.tag = f"{TEXT}bookmark-ref"
            link.attrib.clear()
            link.set(f"{TEXT}ref-name", name)
            link.text, link.tail = words, tail


def _write_fields(body: etree._Element) -> None:
    """Fields (a date, the author, a reference to a picture's number) as the words that they showed."""
    for block in list(body.iter(*_BLOCKS)):
        for one in [*block.iter()]:
            inline = isinstance(one.tag, str) and one.tag.startswith(TEXT) and one is not block
            if not inline or one.tag in _BLOCKS or above(one, f"{OFFICE}annotation") is not None:
                continue
            name = one.tag.removeprefix(TEXT)
            if name not in _READ and not name.startswith(("list", "numbered", "index", "alphabetical-index-mark")):
                if one.get(f"{TEXT}display") == "none":
                    replace_with_words(one, "")
                else:
                    _unwrap(one)


def _mark_spans(body: etree._Element, known: _Styles) -> None:
    """Underlined words between marks (pandoc takes them for emphasis), emphasis marks (着重号) as emphasis."""
    for span in list(body.iter(f"{TEXT}span")):
        name = str(span.get(_STYLED, ""))
        lined = known.says(span, f"{STYLE}text-underline-style") not in ("", "none")
        dotted = known.says(span, f"{STYLE}text-emphasize") not in ("", "none")
        if (not lined and not dotted) or not words_of(span) or above(span, f"{TEXT}a") is not None:
            continue
        style = next(known.chain(span, "text"), None)
        properties = style.find(f"{STYLE}text-properties") if style is not None else None
        if properties is None or "Internet" in name:
            continue
        if lined:
            span.text = UNDERLINED[0] + (span.text or "")
            at = span[-1] if len(span) else None
            if at is None:
                span.text += UNDERLINED[1]
            else:
                at.tail = (at.tail or "") + UNDERLINED[1]
        if dotted:
            properties.set(f"{FO}font-style", "italic")
    for properties in body.getroottree().getroot().iter(f"{STYLE}text-properties"):
        if properties.get(f"{STYLE}text-underline-style") not in (None, "none"):
            properties.set(f"{STYLE}text-underline-style", "none")


def _embolden(root: etree._Element, body: etree._Element) -> None:
    """Paragraphs that their author made bold as a whole, as bold words: pandoc asks spans alone."""
    automatic = root.find(f"{OFFICE}automatic-styles")
    bold = {
        str(one.get(_NAME))
        for one in (automatic if automatic is not None else ())
        if one.get(f"{STYLE}family") == "paragraph"
        and any(said.get(f"{FO}font-weight") == "bold" for said in one.iterchildren(f"{STYLE}text-properties"))
    }
    if automatic is None or not bold:
        return
    made = etree.SubElement(automatic, f"{STYLE}style", {_NAME: "publishBold", f"{STYLE}family": "text"})
    etree.SubElement(made, f"{STYLE}text-properties", {f"{FO}font-weight": "bold"})
    for one in body.iter(f"{TEXT}p"):
        if one.get(_STYLED) in bold and words_of(one) and next(one.iter(f"{DRAW}frame"), None) is None:
            inner, words = list(one), one.text
            span = etree.SubElement(one, f"{TEXT}span", {_STYLED: "publishBold"})
            span.text, one.text = words, None
            span.extend(inner)


def _mark_code(body: etree._Element, known: _Styles) -> None:
    """Lines in the style of preformatted text, marked, with their spaces."""
    for one in body.iter(f"{TEXT}p"):
        if known.is_a(one, "Preformatted_20_Text", "HTML_20_Preformatted", "Source_20_Code") and len(one) == len(
            one.findall(f".//{TEXT}s") + one.findall(f".//{TEXT}tab") + one.findall(f".//{TEXT}line-break")
        ):
            lines = "".join(_spelled(one))
            for inner in list(one):
                one.remove(inner)
            one.text = CODE + code_text(lines)
            one.set(_STYLED, "Standard")


def _spelled(paragraph: etree._Element) -> Iterator[str]:
    yield paragraph.text or ""
    for one in paragraph:
        name = str(one.tag).removeprefix(TEXT)
        yield {"tab": "    ", "line-break": "\n"}.get(name) or " " * int(one.get(f"{TEXT}c", "1"))
        yield one.tail or ""


# Boxes, notes, pictures ----------------------------------------------------------------------------------------------


def _lift_boxes(body: etree._Element, ledger: Ledger) -> None:
    """Set the paragraphs of text boxes and of shapes behind the paragraph that each is anchored in.

    A box that holds a picture and its caption is left to pandoc, which reads a figure in it; in a shape it reads none.
    """
    after: dict[etree._Element, etree._Element] = {}
    for shape in list(body.iter()):
        if not isinstance(shape.tag, str) or not shape.tag.startswith(DRAW) or shape.tag == f"{DRAW}text-box":
            continue
        box = shape.find(f"{DRAW}text-box")
        home = box if box is not None else shape
        blocks = [one for one in home if one.tag in (*_BLOCKS, f"{TEXT}list", _TABLE)]
        pictured = any(one.find(f".//{DRAW}image") is not None for one in blocks)
        if not any(words_of(one) for one in blocks) and (box is not None or not pictured):
            continue
        if len(blocks) == 1 and box is not None and pictured:
            continue
        words = " ".join(words_of(one) for one in blocks)
        host = above(shape, *_BLOCKS)
        anchor = host if host is not None else shape
        at = after.get(anchor, anchor)
        for one in blocks:
            one.tail = None
            at.addnext(one)
            at = one
        after[anchor] = at
        if next(shape.iter(f"{DRAW}image"), None) is None:
            replace_with_words(shape, "")
        ledger.decide("textbox-moved", 0, words, "set below the paragraph that it is anchored in", "a text box")


_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table"


def _free_notes(body: etree._Element) -> None:
    """The paragraphs of notes without their style: to pandoc its margin makes a quotation."""
    for note in body.iter(f"{TEXT}note-body"):
        for one in note.iterchildren(f"{TEXT}p"):
            one.attrib.pop(_STYLED, "")


def _descriptions(body: etree._Element) -> Iterator[tuple[str, str]]:
    """What describes each picture, by the picture's path."""
    for frame in body.iter(f"{DRAW}frame"):
        said = frame.find(f"{SVG}desc")
        words = words_of(said) if said is not None else ""
        for image in frame.iterchildren(f"{DRAW}image"):
            if words and image.get(_HREF):
                yield str(image.get(_HREF)), words


# Numbers -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Shape:
    """A level of a list or of headings: its label with %1% for numbers, the form of its own, its first number."""

    label: str
    form: str
    start: int


def _shape(style: etree._Element | None, level: int) -> _Shape | None:
    """A level of a list style or of the outline; None where it has no numbers."""
    found = [one for one in style if one.get(f"{TEXT}level") == str(level)] if style is not None else []
    said = str(found[0].get(f"{STYLE}num-format", "")) if found else ""
    if not said:
        return None
    one = found[0]
    shown = int(one.get(f"{TEXT}display-levels", "1"))
    label = one.get(f"{_MORE}num-list-format") or (
        str(one.get(f"{STYLE}num-prefix", ""))
        + ".".join(f"%{number}%" for number in range(level - shown + 1, level + 1))
        + str(one.get(f"{STYLE}num-suffix", ""))
    )
    start = str(one.get(f"{TEXT}start-value", "1"))
    return _Shape(str(label), _FORMS.get(said[0], "decimal"), int(start) if start.isdecimal() else 1)


class _Counter:
    """The numbers of one list, or of the headings, so far."""

    def __init__(self, style: etree._Element | None) -> None:
        self._style = style
        self._counts: dict[int, int] = {}

    def label(self, level: int, start: str | None = None) -> str:
        """Count a paragraph of a level; its label, empty where the level has no numbers."""
        shape = _shape(self._style, level)
        first = shape.start if shape else 1
        self._counts[level] = int(start) if start and start.isdecimal() else self._counts.get(level, first - 1) + 1
        for deeper in [key for key in self._counts if key > level]:
            del self._counts[deeper]
        return re.sub(r"%(\d+)%", self._number, shape.label).strip() if shape else ""

    def _number(self, match: re.Match[str]) -> str:
        at = int(match[1])
        shape = _shape(self._style, at)
        return numeral(self._counts.get(at, 1), shape.form) if shape else ""


def _write_numbers(body: etree._Element, known: _Styles, ledger: Ledger) -> None:
    """Write the numbers that the program counts into headings, and into lists with labels that Markdown has not."""
    outline, written = _Counter(known.outline), list[str]()
    for one in body.iter(f"{TEXT}h"):
        level = int(one.get(_LEVEL, "1")) if str(one.get(_LEVEL, "1")).isdecimal() else 1
        if one.get(f"{TEXT}is-list-header") == "true" or not words_of(one) or known.is_unnumbered(one):
            continue
        if label := outline.label(level, one.get(f"{TEXT}start-value")):
            _lead(one, label)
            written.append(words_of(one))
    lists: dict[str, _Counter] = {}
    for one in list(body.iter(f"{TEXT}list")):
        style = str(one.get(_STYLED, ""))
        if above(one, f"{TEXT}list") is None and _is_unusual(one, known.lists.get(style)):
            ident = str(one.get("{http://www.w3.org/XML/1998/namespace}id", ""))
            back = str(one.get(f"{TEXT}continue-list", "")) or style * (one.get(f"{TEXT}continue-numbering") == "true")
            counter = lists.get(back) or _Counter(known.lists.get(style))
            lists |= {key: counter for key in (ident, style) if key}
            _flatten(one, counter, written)
    if written:
        reason = f"{len(written)} numbers that the program counts"
        ledger.decide("numbers-written", 0, written[0], "written into the text", reason)


def _is_unusual(top: etree._Element, style: etree._Element | None) -> bool:
    """Whether a list has items with labels that Markdown has not: 第一条, 一、, （1）, 1.1, ①."""
    for item in top.iter(f"{TEXT}list-item"):
        level = 1 + sum(one.tag == f"{TEXT}list" for one in item.iterancestors()) - 1
        shape = _shape(style, level)
        if shape and not _COMMON.fullmatch(_Counter(style).label(level)):
            return True
    return False


def _flatten(top: etree._Element, counter: _Counter, written: list[str]) -> None:
    """Make the items of a list paragraphs that begin with their labels."""
    made: list[etree._Element] = []

    def walk(one: etree._Element, level: int) -> None:
        for item in one:
            fresh = item.tag == f"{TEXT}list-item"
            for inner in list(item):
                if inner.tag == f"{TEXT}list":
                    walk(inner, level + 1)
                    continue
                if fresh and inner.tag in _BLOCKS:
                    fresh = False
                    if label := counter.label(level, item.get(f"{TEXT}start-value")):
                        _lead(inner, label)
                        written.append(words_of(inner))
                made.append(inner)

    walk(top, 1)
    for one in reversed(made):
        if one.tag == f"{TEXT}p":
            one.attrib.pop(_STYLED, "")
        one.tail = None
        top.addnext(one)
    replace_with_words(top, "")


def _lead(block: etree._Element, label: str) -> None:
    """Set a label before the words of a heading or a paragraph."""
    space = "" if label[-1] in "、．）：，" else " "
    block.text = f"{label}{space}{(block.text or '').lstrip()}"
