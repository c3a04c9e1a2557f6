"""What pandoc leaves out of a Word document, put where it reads it: numbers, text boxes, drawings, ruby, fields."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import lxml.html
from lxml import etree

from publish.encoding import find_encoding
from publish.importers.marks import CODE, code_text, marked
from publish.importers.mhtml import HEAD, SavedPage, read_mhtml
from publish.importers.report import Ledger

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VML = "{urn:schemas-microsoft-com:vml}"
_VAL = f"{W}val"
Parts = Callable[[str], Any]  # a part of the document by its name, as its root element; None where it is missing
RawParts = Callable[[str], bytes]  # a part's bytes; none where it is missing


def mend(root: etree._Element, part: Parts, raw: RawParts, name: str, changes: str, ledger: Ledger) -> bool:
    """Change the text of a document so that pandoc reads all of it; whether anything was changed.

    `part` gives other parts by name, `raw` their bytes, `name` is that of the text itself, `changes` the choice of
    tracked changes.
    """
    before = etree.tostring(root)
    related = relations(part, name)
    numbering = _Numbering(part("word/numbering.xml"), part("word/styles.xml"))
    _drop_generated(root, ledger)
    _unwrap(root)
    _insert_chunks(root, lambda id_: raw(related[id_]) if id_ in related else b"", ledger)
    _write_forms(root)
    _drop_hidden(root, ledger)
    _drop_rows(root, changes)
    _write_fields(root, ledger)
    _mark_ruby(root)
    _emphasize(root)
    _lift_boxes(root, ledger)
    _write_drawings(root, lambda id_: part(related[id_]) if id_ in related else None, ledger)
    _write_numbers(root, numbering, ledger)
    _mark_code(root, numbering)
    return bool(etree.tostring(root) != before)


def strip(root: etree._Element) -> None:
    """Take out of a text what is none of a book's: lists that Word made, hidden words."""
    _drop_generated(root, Ledger())
    _drop_hidden(root, Ledger())


def relations(part: Parts, name: str) -> dict[str, str]:
    """The parts that a text names, by the ids of its relations."""
    folder, base = posixpath.split(name)
    root = part(posixpath.join(folder, "_rels", f"{base}.rels"))
    found = {str(one.get("Id")): str(one.get("Target", "")) for one in root} if root is not None else {}
    return {key: posixpath.normpath(posixpath.join(folder, target)).lstrip("/") for key, target in found.items()}


# Elements ------------------------------------------------------------------------------------------------------------


def _paragraph(words: str) -> etree._Element:
    made = etree.Element(f"{W}p")
    made.append(_run(words))
    return made


def _run(words: str) -> etree._Element:
    made = etree.Element(f"{W}r")
    words_ = etree.SubElement(made, f"{W}t")
    words_.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    words_.text = words
    return made


def _above(element: etree._Element, *tags: str) -> etree._Element | None:
    """The nearest element above one that has one of the tags."""
    return next((one for one in element.iterancestors() if one.tag in tags), None)


def _remove(element: etree._Element) -> None:
    if (parent := element.getparent()) is not None:
        parent.remove(element)


def _words(element: etree._Element, *tags: str) -> str:
    return "".join(one.text or "" for one in element.iter(*tags))


def _unwrap(root: etree._Element) -> None:
    """Set what stands in fields with plain results, in marked directions, and in foreign markup in their places."""
    for tag in ("fldSimple", "smartTag", "customXml", "bdo", "dir"):
        for one in list(root.iter(f"{W}{tag}")):
            parent = one.getparent()
            if parent is not None:
                at = parent.index(one)
                parent[at : at + 1] = [inner for inner in one if not str(inner.tag).endswith("Pr")]


def _drop_rows(root: etree._Element, changes: str) -> None:
    """Drop the rows of tables that were deleted, or, where changes are rejected, those that were inserted."""
    mark = {"accept": f"{W}del", "reject": f"{W}ins"}.get(changes)
    for row in list(root.iter(f"{W}tr")) if mark else ():
        if row.find(f"{W}trPr/{mark}") is not None:
            _remove(row)


def is_hidden(run: etree._Element) -> bool:
    """Whether a run's words are hidden text, which Word neither shows nor prints."""
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(_VAL, "1") not in ("0", "false", "off")


def _drop_hidden(root: etree._Element, ledger: Ledger) -> None:
    for run in list(root.iter(f"{W}r")):
        if is_hidden(run) and (words := _words(run, f"{W}t").strip()):
            ledger.decide("hidden-left-out", 0, words, "not in the book", "its author has hidden it")
            _remove(run)


_GENERATED = re.compile(r"\s*(?:TOC|INDEX)\b", re.IGNORECASE)


def generated(root: etree._Element) -> list[etree._Element]:
    """The paragraphs of contents and of indexes that Word made, with the title in the same frame of a contents."""
    found: list[etree._Element] = []
    for gallery in root.iter(f"{W}docPartGallery"):
        frame = _above(gallery, f"{W}sdt")
        if gallery.get(_VAL) == "Table of Contents" and frame is not None:
            found += list(frame.iter(f"{W}p"))
    deep = 0  # fields within the list that is made
    for paragraph in root.iter(f"{W}p"):
        met, others = deep > 0, ""
        for one in paragraph.iter(f"{W}fldChar", f"{W}instrText", f"{W}t"):
            if deep:
                deep += {"begin": 1, "end": -1}.get(str(one.get(f"{W}fldCharType")), 0)
            elif one.tag == f"{W}instrText" and _GENERATED.match(one.text or ""):
                met, deep = True, 1
            elif one.tag == f"{W}t":
                others += one.text or ""
        if met and not others.strip():
            found.append(paragraph)
    return list(dict.fromkeys(found))


def _drop_generated(root: etree._Element, ledger: Ledger) -> None:
    made = generated(root)
    lines = [words for one in made if (words := _words(one, f"{W}t").strip())]
    for one in made:
        _remove(one)
    if lines:
        reason = f"a list of {len(lines)} lines that the program made: publish makes its own"
        ledger.decide("contents-left-out", 0, lines[0], "not in the book", reason)


_CODE_STYLES = re.compile(r"(?:HTML )?(?:Preformatted(?: Text)?|预设格式|預設格式)$", re.IGNORECASE)


def _mark_code(root: etree._Element, numbering: _Numbering) -> None:
    """Lines in the style of preformatted text, marked, with their spaces."""
    for one in root.iter(f"{W}p"):
        names = [_said(style, "name") or "" for style in numbering.chain(one)]
        if any(map(_CODE_STYLES.match, names)) and not _words(one, f"{W}instrText"):
            _set_code(one)


def _set_code(paragraph: etree._Element) -> None:
    words = ""
    for one in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br"):
        if _above(one, f"{W}pPr") is None:
            words += {f"{W}tab": "    ", f"{W}br": "\n"}.get(str(one.tag)) or one.text or ""
    for old in [one for one in paragraph if one.tag != f"{W}pPr"]:
        paragraph.remove(old)
    properties = paragraph.find(f"{W}pPr/{W}pStyle")
    if properties is not None:
        _remove(properties)
    paragraph.append(_run(CODE + code_text(words)))


def _emphasize(root: etree._Element) -> None:
    """Make runs with emphasis marks (着重号) emphasis."""
    for mark in root.iter(f"{W}em"):
        properties = mark.getparent()
        if mark.get(_VAL) not in (None, "none") and properties is not None and properties.find(f"{W}i") is None:
            etree.SubElement(properties, f"{W}i")


# Ruby and fields -----------------------------------------------------------------------------------------------------


_RUBY_PARTS = (f"{W}rubyBase", f"{W}rt")


def _mark_ruby(root: etree._Element) -> None:
    for ruby in list(root.iter(f"{W}ruby")):
        base, reading = (_words(one, f"{W}t") if one is not None else "" for one in map(ruby.find, _RUBY_PARTS))
        run = ruby.getparent()
        if run is not None:
            for made in _run(marked(base, reading)):
                run.replace(ruby, made)


_OVER = re.compile(
    r"\\o\s*\\a[dcl]\s*\(\s*\\s\s*\\up\s*\d+\s*\((?P<reading>[^()]*)\)\s*[,，;；]\s*(?P<base>[^()]+)\)", re.IGNORECASE
)
_AROUND = re.compile(
    r"\\o\s*(?:\\a[cdl]\s*)?\(\s*(?P<shape>[○〇◯△□◇])\s*[,，;；]\s*(?P<inner>[^()]+?)\s*\)", re.IGNORECASE
)
_CIRCLED = {str(number): chr(0x245F + number) for number in range(1, 21)}


def _write_fields(root: etree._Element, ledger: Ledger) -> None:
    """Write what Word draws for fields EQ: ruby of older documents, characters in circles; others as they are."""
    for paragraph in root.iter(f"{W}p"):
        for runs, code in _equations(paragraph):
            first = runs[0].getparent()
            if first is None:
                continue
            first.insert(first.index(runs[0]), _run(_drawn(code, ledger)))
            for one in runs:
                _remove(one)


def _equations(paragraph: etree._Element) -> Iterator[tuple[list[etree._Element], str]]:
    """The fields EQ of a paragraph: their runs and what they say."""
    begun: list[etree._Element] = []
    found: list[tuple[list[etree._Element], str]] = []
    for run in paragraph.iter(f"{W}r"):
        kinds = [one.get(f"{W}fldCharType") for one in run.iter(f"{W}fldChar")]
        if "begin" in kinds:
            begun = []
        if "begin" in kinds or begun:
            begun.append(run)
        if "end" in kinds and begun:
            code = " ".join("".join(_words(one, f"{W}instrText") for one in begun).split())
            if re.match(r"EQ\b", code, re.IGNORECASE) and not any(_words(one, f"{W}t").strip() for one in begun):
                found.append((begun, code))
            begun = []
    yield from found


def _drawn(code: str, ledger: Ledger) -> str:
    if over := _OVER.search(code):
        return marked(over["base"].strip(), over["reading"].strip())
    around = _AROUND.search(code)
    if around and around["shape"] in "○〇◯" and around["inner"] in _CIRCLED:
        return _CIRCLED[around["inner"]]
    ledger.unread("field-unread", 0, code, "a field that Word draws: write what it shows")
    return around["inner"] if around else code


# Forms, and pages that programs put into a document ------------------------------------------------------------------


_BOXES = {True: "☑", False: "☐"}


def _write_forms(root: etree._Element) -> None:
    """Write what is chosen in lists and boxes of forms, which Word draws."""
    for data in list(root.iter(f"{W}ffData")):
        run = _above(data, f"{W}r")
        entries = [str(one.get(_VAL, "")) for one in data.iterfind(f"{W}ddList/{W}listEntry")]
        box = data.find(f"{W}checkBox")
        words = ""
        if entries:
            chosen = data.find(f"{W}ddList/{W}result")
            at = int(str(chosen.get(_VAL, "0"))) if chosen is not None else 0
            words = entries[at] if at < len(entries) else ""
        elif box is not None:
            states = [one for name in ("checked", "default") if (one := box.find(f"{W}{name}")) is not None]
            words = _BOXES[bool(states) and states[0].get(_VAL, "1") not in ("0", "false", "off")]
        if words and run is not None:
            end = next((one for one in run.itersiblings() if _ends_field(one)), run)
            end.addnext(_run(words))


def _ends_field(run: etree._Element) -> bool:
    return any(one.get(f"{W}fldCharType") == "end" for one in run.iter(f"{W}fldChar"))


_PAGE_BLOCKS = frozenset("p div h1 h2 h3 h4 h5 h6 ul ol li table blockquote pre section article header footer".split())


def _insert_chunks(root: etree._Element, content: RawParts, ledger: Ledger) -> None:
    """Set the words of web pages where programs have put these into a document (altChunk) for Word to read."""
    for chunk in list(root.iter(f"{W}altChunk")):
        data = content(str(chunk.get(f"{RELATIONS}id", "")))
        saved = read_mhtml(data) if HEAD.match(data.replace(b"\r\n", b"\n")) else SavedPage(data)
        text = saved.data.decode(find_encoding(saved.data) or "utf-8", "replace")
        if not text.strip() or saved.data.startswith((b"PK", b"{\\rtf")):
            ledger.unread("part-unread", 0, "altChunk", "a document within the document: import it by itself")
            continue
        page: Any = lxml.html.document_fromstring(text)
        for one in list(page.iter("script", "style", "title")):
            one.drop_tree()
        made = list(_page_blocks(page.body if page.body is not None else page))
        for block in reversed(made):
            chunk.addnext(block)
        words = " ".join(_words(block, f"{W}t") for block in made)
        pictures = sum(1 for _ in page.iter("img"))
        ledger.decide("part-plain", 0, words, "its words are kept", "a web page that a program put into the document")
        if pictures:
            ledger.unread("image-missing", 0, f"{pictures} images", "pictures of a web page within the document")
        _remove(chunk)


def _page_blocks(element: Any) -> Iterator[etree._Element]:
    """The paragraphs, headings and tables of a page, without their looks."""
    if element.tag == "table":
        rows = [[" ".join(cell.text_content().split()) for cell in row.iter("td", "th")] for row in element.iter("tr")]
        width = max(map(len, rows), default=0)
        if width:
            yield _table([[*row, *[""] * (width - len(row))] for row in rows])
            yield etree.Element(f"{W}p")
        return
    inner = [one for one in element if isinstance(one.tag, str)]
    if not any(one.tag in _PAGE_BLOCKS for one in inner):
        if words := " ".join(element.text_content().split()):
            made = _paragraph(words)
            if re.fullmatch(r"h[1-6]", element.tag):
                properties = etree.Element(f"{W}pPr")
                etree.SubElement(properties, f"{W}outlineLvl").set(_VAL, str(int(element.tag[1]) - 1))
                made.insert(0, properties)
            yield made
        return
    loose = element.text or ""
    for one in element:
        if isinstance(one.tag, str) and one.tag in _PAGE_BLOCKS:
            if loose.strip():
                yield _paragraph(" ".join(loose.split()))
            loose = ""
            yield from _page_blocks(one)
        elif isinstance(one.tag, str):
            loose += str(one.text_content())
        loose += one.tail or ""
    if loose.strip():
        yield _paragraph(" ".join(loose.split()))


# Text boxes, drawings, charts ----------------------------------------------------------------------------------------


def _lift_boxes(root: etree._Element, ledger: Ledger) -> None:
    """Set the paragraphs of text boxes behind the paragraph that each box is anchored in."""
    for one in list(root.iter(f"{COMPATIBLE}Fallback")):
        choice = one.getprevious()
        if choice is not None and next(choice.iter(f"{W}txbxContent"), None) is not None:
            _remove(one)
    after: dict[etree._Element, etree._Element] = {}
    for box in list(root.iter(f"{W}txbxContent")):
        host = _above(box, f"{W}p")
        shape = _above(box, f"{COMPATIBLE}AlternateContent", f"{W}drawing", f"{W}pict", f"{W}object")
        if host is None:
            continue
        words = " ".join(_words(box, f"{W}t").split())
        at = after.get(host, host)
        for inner in list(box):
            at.addnext(inner)
            at = inner
        after[host] = at
        _remove(box)
        if shape is not None and next(shape.iter(f"{A}blip", f"{VML}imagedata"), None) is None and not _boxes(shape):
            _remove(shape)
        if words:
            ledger.decide("textbox-moved", 0, words, "set below the paragraph that it is anchored in", "a text box")
    for art in list(root.iter(f"{VML}textpath")):
        host = _above(art, f"{W}p")
        if host is not None and (words := str(art.get("string", "")).strip()):
            host.addnext(_paragraph(words))
            ledger.decide("textbox-moved", 0, words, "set below the paragraph that it is anchored in", "WordArt")


def _boxes(shape: etree._Element) -> bool:
    return next(shape.iter(f"{W}txbxContent"), None) is not None


def _write_drawings(root: etree._Element, part: Parts, ledger: Ledger) -> None:
    """Write the words of diagrams (SmartArt) as paragraphs and the numbers of charts as tables, where they stand."""
    for one in list(root.iter(f"{DIAGRAM}relIds", f"{CHART}chart")):
        is_chart = one.tag == f"{CHART}chart"
        host = _above(one, f"{W}p")
        drawn = part(str(one.get(f"{RELATIONS}id" if is_chart else f"{RELATIONS}dm", "")))
        if host is None or drawn is None:
            continue
        made = list(_chart(drawn)) if is_chart else [_paragraph(words) for words in _points(drawn)]
        for block in reversed(made):
            host.addnext(block)
        words = "、".join(_words(block, f"{W}t") for block in made)
        what, why = ("its numbers are kept as a table", "a chart") if is_chart else ("its words are kept", "a diagram")
        ledger.decide("drawing-words", 0, words, what, f"{why} that Word draws: save it as a picture to show it")


def _points(drawn: etree._Element) -> Iterator[str]:
    for point in drawn.iter(f"{DIAGRAM}pt"):
        if words := " ".join(_words(point, f"{A}t").split()):
            yield words


def _chart(drawn: etree._Element) -> Iterator[etree._Element]:
    title = drawn.find(f".//{CHART}title")
    words = " ".join(_words(title, f"{A}t", f"{CHART}v").split()) if title is not None else ""
    if words:
        yield _paragraph(words)
    series = list(drawn.iter(f"{CHART}ser"))
    columns = [[_name(one), *_values(one, "val", "yVal")] for one in series]
    labels = max((_values(one, "cat", "xVal") for one in series), key=len, default=[])
    if columns:
        rows = [["", *labels], *columns]
        yield _table([[row[at] if at < len(row) else "" for row in rows] for at in range(max(map(len, rows)))])
        yield etree.Element(f"{W}p")


def _name(series: etree._Element) -> str:
    said = series.find(f"{CHART}tx")
    return _words(said, f"{CHART}v") if said is not None else ""


def _values(series: etree._Element, *names: str) -> list[str]:
    found = next((one for name in names if (one := series.find(f"{CHART}{name}")) is not None), None)
    return [_words(one, f"{CHART}v") for one in found.iter(f"{CHART}pt")] if found is not None else []


def _table(rows: Sequence[Sequence[str]]) -> etree._Element:
    table = etree.Element(f"{W}tbl")
    etree.SubElement(table, f"{W}tblPr")
    grid = etree.SubElement(table, f"{W}tblGrid")
    for _ in rows[0]:
        etree.SubElement(grid, f"{W}gridCol").set(f"{W}w", "1000")
    for row in rows:
        made = etree.SubElement(table, f"{W}tr")
        for words in row:
            etree.SubElement(made, f"{W}tc").append(_paragraph(words))
    return table


# Numbers -------------------------------------------------------------------------------------------------------------

_HAN = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_COMMON = re.compile(r"%\d[.)]|\(%\d\)")  # labels of lists that Markdown has
_PLAIN = {"decimal", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman"}
_UNMARKED = {"bullet", "none"}


@dataclass(frozen=True)
class _Level:
    """A level of a list: the form of its numbers, its label with %1 for them, its first number, what follows it."""

    form: str
    label: str
    start: int
    follows: str
    decimal: bool


@dataclass
class _List:
    levels: dict[int, _Level]
    counters: dict[int, int] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)  # numberings that have restarted it


class _Numbering:
    """The lists of a document and the numbers that Word has counted so far."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        found = list(styles.iter(f"{W}style")) if styles is not None else []
        self._styles = {str(one.get(f"{W}styleId")): one for one in found}
        abstract = {str(one.get(f"{W}abstractNumId")): one for one in _all(numbering, "abstractNum")}
        self._nums = {str(one.get(f"{W}numId")): one for one in _all(numbering, "num")}
        self._abstract = abstract
        self._lists = {key: _List({}) for key in abstract}
        for key, one in abstract.items():
            self._lists[key].levels = dict(map(_read_level, self._levels(one)))

    def _levels(self, abstract: etree._Element, depth: int = 0) -> list[etree._Element]:
        """The levels of a list, or of the style that it stands for."""
        link = abstract.find(f"{W}numStyleLink")
        style = self._styles.get(str(link.get(_VAL))) if link is not None else None
        number = style.find(f".//{W}numId") if style is not None else None
        there = self._abstract.get(self._list_of(str(number.get(_VAL)))) if number is not None else None
        if there is not None and there is not abstract and depth == 0:
            return self._levels(there, 1)
        return abstract.findall(f"{W}lvl")

    def _list_of(self, number: str) -> str:
        one = self._nums.get(number)
        link = one.find(f"{W}abstractNumId") if one is not None else None
        return str(link.get(_VAL)) if link is not None else ""

    def place(self, paragraph: etree._Element) -> tuple[str, int] | None:
        """The numbering and the level of a paragraph, its own or its style's; None where it has none."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        level = number = None
        for one in (own, *(style.find(f"{W}pPr/{W}numPr") for style in self.chain(paragraph))):
            if one is not None:
                level = level if level is not None else _said(one, "ilvl")
                number = number if number is not None else _said(one, "numId")
        if not number or number == "0" or self._list_of(number) not in self._lists:
            return None
        if level is None or own is None:
            level = self._level_of_style(paragraph, number) or level
        return number, int(level or 0)

    def _level_of_style(self, paragraph: etree._Element, number: str) -> str | None:
        names = {str(one.get(f"{W}styleId")) for one in self.chain(paragraph)}
        for one in self._abstract[self._list_of(number)].findall(f"{W}lvl"):
            if _said(one, "pStyle") in names:
                return str(one.get(f"{W}ilvl"))
        return None

    def chain(self, paragraph: etree._Element) -> Iterator[etree._Element]:
        """The style of a paragraph and those that it is based on."""
        name = _said(paragraph.find(f"{W}pPr"), "pStyle")
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = _said(self._styles[name], "basedOn")

    def level(self, number: str, level: int) -> _Level | None:
        """What a level of a numbering is like."""
        override = self._override(number, level)
        changed = override.find(f"{W}lvl") if override is not None else None
        return _read_level(changed)[1] if changed is not None else self._lists[self._list_of(number)].levels.get(level)

    def count(self, number: str, level: int) -> str:
        """Count a paragraph; its label as Word shows it."""
        one = self._lists[self._list_of(number)]
        override = self._override(number, level)
        start = _said(override, "startOverride")
        if start and f"{number}/{level}" not in one.begun:
            one.begun.add(f"{number}/{level}")
            one.counters[level] = int(start) - 1
        shape = self.level(number, level)
        first = shape.start if shape else 1
        one.counters[level] = one.counters.get(level, first - 1) + 1
        for deeper in [key for key in one.counters if key > level]:
            del one.counters[deeper]
        return self._label(number, one, shape) if shape else ""

    def _label(self, number: str, one: _List, shape: _Level) -> str:
        def written(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            there = self.level(number, at)
            value = one.counters.get(at, there.start if there else 1)
            return numeral(value, "decimal" if shape.decimal or there is None else there.form)

        return re.sub(r"%(\d)", written, shape.label)

    def _override(self, number: str, level: int) -> etree._Element | None:
        found = self._nums[number].findall(f"{W}lvlOverride")
        return next((one for one in found if one.get(f"{W}ilvl") == str(level)), None)

    def is_unusual(self, number: str, level: int) -> bool:
        """Whether Markdown has no list with such labels: 第一条, 一、, （1）, 1.1, ①."""
        shape = self.level(number, level)
        if shape is None or shape.form in _UNMARKED or not shape.label.strip():
            return False
        return shape.form not in _PLAIN or not _COMMON.fullmatch(shape.label.strip())

    def list_of(self, number: str) -> str:
        """The list that a numbering belongs to."""
        return self._list_of(number)


def _all(root: etree._Element | None, name: str) -> list[etree._Element]:
    return list(root.iter(f"{W}{name}")) if root is not None else []


def _said(element: etree._Element | None, name: str) -> str | None:
    found = element.find(f"{W}{name}") if element is not None else None
    return str(found.get(_VAL, "")) if found is not None else None


def _read_level(one: etree._Element) -> tuple[int, _Level]:
    start = _said(one, "start") or "1"
    level = _Level(
        form=_form(one),
        label=_said(one, "lvlText") or "",
        start=int(start) if start.isdecimal() else 1,
        follows=_said(one, "suff") or "tab",
        decimal=one.find(f"{W}isLgl") is not None,
    )
    return int(one.get(f"{W}ilvl", "0")), level


def _form(level: etree._Element) -> str:
    """The form of numbers; Word writes newer ones in a choice of its own, with an older one for older programs."""
    found = [str(one.get(_VAL, "")) for one in level.iter(f"{W}numFmt")]
    return next((one for one in found if one != "custom"), "decimal")


def _write_numbers(root: etree._Element, numbering: _Numbering, ledger: Ledger) -> None:
    """Write the numbers that Word counts into headings, and into lists with labels that Markdown has not."""
    placed = [
        (one, *place) for one in root.iter(f"{W}p") if (place := numbering.place(one)) and _words(one, f"{W}t").strip()
    ]
    unusual = {numbering.list_of(number) for _, number, level in placed if numbering.is_unusual(number, level)}
    written: list[str] = []
    for paragraph, number, level in placed:
        label = numbering.count(number, level)
        shape = numbering.level(number, level)
        if not label.strip() or shape is None or shape.form in _UNMARKED:
            continue
        if _is_heading(paragraph, numbering) or numbering.list_of(number) in unusual:
            styled = any(one.find(f"{W}pPr/{W}numPr") is not None for one in numbering.chain(paragraph))
            heading = _is_heading(paragraph, numbering)
            _write_label(paragraph, label.strip(), shape, styled=styled, heading=heading)
            written.append(_words(paragraph, f"{W}t"))
    if written:
        reason = f"{len(written)} numbers that Word counts"
        ledger.decide("numbers-written", 0, written[0], "written into the text", reason)


def _is_heading(paragraph: etree._Element, numbering: _Numbering) -> bool:
    names = [_said(style, "name") or "" for style in numbering.chain(paragraph)]
    return any(re.match(r"heading\b", name, re.IGNORECASE) for name in names) or any(
        (_said(one, "outlineLvl") or "9") != "9"
        for one in (paragraph.find(f"{W}pPr"), *(style.find(f"{W}pPr") for style in numbering.chain(paragraph)))
    )


def _write_label(paragraph: etree._Element, label: str, shape: _Level, *, styled: bool, heading: bool) -> None:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    for old in properties.findall(f"{W}numPr"):
        properties.remove(old)
    if styled:  # to pandoc a numbering 0 continues the list above
        none = etree.SubElement(properties, f"{W}numPr")
        etree.SubElement(none, f"{W}numId").set(_VAL, "0")
    apart = heading or shape.follows != "nothing"  # 第一章河道 is read as one word
    space = " " if apart and label[-1] not in "、．）：，" else ""
    properties.addnext(_run(f"{label}{space}"))


def numeral(value: int, form: str) -> str:
    """A number as Word writes it in a form of its own (`chineseCounting`, `lowerRoman`); unknown forms are digits."""
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman"):
        return _roman(value).lower() if form == "lowerRoman" else _roman(value)
    if form in ("ideographTraditional", "ideographZodiac"):
        signs = _STEMS if form == "ideographTraditional" else _BRANCHES
        return signs[(value - 1) % len(signs)]
    if form.startswith("decimalEnclosedCircle"):
        return _CIRCLED.get(str(value), str(value))
    if form in ("decimalZero", "decimalFullWidth", "decimalFullWidth2"):
        return f"{value:02d}" if form == "decimalZero" else "".join(chr(0xFEE0 + ord(one)) for one in str(value))
    if form in ("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand", "koreanDigital2"):
        return "".join("〇" if one == "0" else _HAN[int(one)] for one in str(value))
    if form.startswith(("chineseCounting", "taiwaneseCounting", "japaneseCounting")):
        return _counted(value, _HAN, "十百千")
    if form in ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"):
        return _counted(value, _LEGAL, "拾佰仟")
    return str(value)


def _counted(value: int, digits: str, units: str) -> str:
    """A number below 10,000 in Han: 二十一, 一百零三."""
    if not 0 < value < 10_000:  # noqa: PLR2004  # larger than any list
        return str(value)
    out = ""
    steps = [int(one) for one in str(value)]
    for place, step in zip(range(len(steps) - 1, -1, -1), steps, strict=True):
        if step:
            out += digits[step] + (units[place - 1] if place else "")
        elif out and not out.endswith(digits[0]):
            out += digits[0]
    out = out.rstrip(digits[0])
    return out[1:] if digits is _HAN and out.startswith("一十") else out


def _roman(value: int) -> str:
    out = ""
    for number, sign in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
        (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        out += sign * (value // number)
        value %= number
    return out
