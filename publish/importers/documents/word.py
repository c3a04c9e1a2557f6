"""What pandoc leaves out of a Word document, put where it reads it: numbers, text boxes, drawings, ruby, fields."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Any

import lxml.html
from lxml import etree

from publish.encoding import find_encoding
from publish.importers.documents.word_numbers import CIRCLED, Numbering, said, write_numbers
from publish.importers.documents.wordml import (
    CHART,
    COMPATIBLE,
    DIAGRAM,
    RELATIONS,
    VAL,
    VML,
    A,
    Parts,
    RawParts,
    W,
    above,
    paragraph_of,
    remove,
    run_of,
    words_in,
)
from publish.importers.marks import AT_RIGHT, CODE, code_text, is_signature, marked
from publish.importers.mhtml import HEAD, SavedPage, read_mhtml
from publish.importers.report import Ledger


def mend(root: etree._Element, part: Parts, raw: RawParts, name: str, changes: str, ledger: Ledger) -> bool:
    """Change the text of a document so that pandoc reads all of it; whether anything was changed.

    `part` gives other parts by name, `raw` their bytes, `name` is that of the text itself, `changes` the choice of
    tracked changes.
    """
    before = etree.tostring(root)
    related = relations(part, name)
    numbering = Numbering(part("word/numbering.xml"), part("word/styles.xml"))
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
    write_numbers(root, numbering, ledger)
    _mark_code(root, numbering)
    _mark_right(root, numbering)
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
            remove(row)


def is_hidden(run: etree._Element) -> bool:
    """Whether a run's words are hidden text, which Word neither shows nor prints."""
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(VAL, "1") not in ("0", "false", "off")


def _drop_hidden(root: etree._Element, ledger: Ledger) -> None:
    for run in list(root.iter(f"{W}r")):
        if is_hidden(run) and (words := words_in(run, f"{W}t").strip()):
            ledger.decide("hidden-left-out", 0, words, "not in the book", "its author has hidden it")
            remove(run)


_GENERATED = re.compile(r"\s*(?:TOC|INDEX)\b", re.IGNORECASE)


def generated(root: etree._Element) -> list[etree._Element]:
    """The paragraphs of contents and of indexes that Word made, with the title in the same frame of a contents."""
    found: list[etree._Element] = []
    for gallery in root.iter(f"{W}docPartGallery"):
        frame = above(gallery, f"{W}sdt")
        if gallery.get(VAL) == "Table of Contents" and frame is not None:
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
    lines = [words for one in made if (words := words_in(one, f"{W}t").strip())]
    for one in made:
        remove(one)
    if lines:
        reason = f"a list of {len(lines)} lines that the program made: publish makes its own"
        ledger.decide("contents-left-out", 0, lines[0], "not in the book", reason)


_CODE_STYLES = re.compile(r"(?:HTML )?(?:Preformatted(?: Text)?|预设格式|預設格式)$", re.IGNORECASE)


def _mark_code(root: etree._Element, numbering: Numbering) -> None:
    """Lines in the style of preformatted text, marked, with their spaces."""
    for one in root.iter(f"{W}p"):
        names = [said(style, "name") or "" for style in numbering.chain(one)]
        if not any(map(_CODE_STYLES.match, names)) or words_in(one, f"{W}instrText"):
            continue
        if next(one.iter(f"{W}drawing", f"{W}pict", f"{W}object"), None) is None:  # a picture is no line of code
            _set_code(one)


def _set_code(paragraph: etree._Element) -> None:
    words = ""
    for one in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br"):
        if above(one, f"{W}pPr") is None:
            words += {f"{W}tab": "    ", f"{W}br": "\n"}.get(str(one.tag)) or one.text or ""
    for old in [one for one in paragraph if one.tag != f"{W}pPr"]:
        paragraph.remove(old)
    for named in ("pStyle", "ind"):  # what is indented pandoc takes for a quotation
        properties = paragraph.find(f"{W}pPr/{W}{named}")
        if properties is not None:
            remove(properties)
    paragraph.append(run_of(CODE + code_text(words)))


_DRAWN = (f"{W}drawing", f"{W}pict", f"{W}object", f"{W}instrText", f"{W}numPr", f"{W}outlineLvl")


def _mark_right(root: etree._Element, numbering: Numbering) -> None:
    """Mark the lines that sign or date a text at the right; in tables and boxes that is how they are laid out."""
    for one in root.iter(f"{W}p"):
        properties = one.find(f"{W}pPr")
        own = said(properties, "jc")
        styled = (said(style.find(f"{W}pPr"), "jc") for style in numbering.chain(one))
        if (own or next(filter(None, styled), "")) not in ("right", "end") or above(one, f"{W}tc", f"{W}txbxContent"):
            continue
        words = words_in(one, f"{W}t").strip()
        if words and is_signature(words) and next(one.iter(*_DRAWN), None) is None:
            one.insert(0 if properties is None else 1, run_of(AT_RIGHT))


def _emphasize(root: etree._Element) -> None:
    """Make runs with emphasis marks (着重号) emphasis."""
    for mark in root.iter(f"{W}em"):
        properties = mark.getparent()
        if mark.get(VAL) not in (None, "none") and properties is not None and properties.find(f"{W}i") is None:
            etree.SubElement(properties, f"{W}i")


# Ruby and fields -----------------------------------------------------------------------------------------------------


_RUBY_PARTS = (f"{W}rubyBase", f"{W}rt")


def _mark_ruby(root: etree._Element) -> None:
    for ruby in list(root.iter(f"{W}ruby")):
        base, reading = (words_in(one, f"{W}t") if one is not None else "" for one in map(ruby.find, _RUBY_PARTS))
        run = ruby.getparent()
        if run is not None:
            for made in run_of(marked(base, reading)):
                run.replace(ruby, made)


_OVER = re.compile(
    r"\\o\s*\\a[dcl]\s*\(\s*\\s\s*\\up\s*\d+\s*\((?P<reading>[^()]*)\)\s*[,，;；]\s*(?P<base>[^()]+)\)", re.IGNORECASE
)
_AROUND = re.compile(
    r"\\o\s*(?:\\a[cdl]\s*)?\(\s*(?P<shape>[○〇◯△□◇])\s*[,，;；]\s*(?P<inner>[^()]+?)\s*\)", re.IGNORECASE
)


def _write_fields(root: etree._Element, ledger: Ledger) -> None:
    """Write what Word draws for fields EQ: ruby of older documents, characters in circles; others as they are."""
    for paragraph in root.iter(f"{W}p"):
        for runs, code in _equations(paragraph):
            first = runs[0].getparent()
            if first is None:
                continue
            first.insert(first.index(runs[0]), run_of(_drawn(code, ledger)))
            for one in runs:
                remove(one)


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
            code = " ".join("".join(words_in(one, f"{W}instrText") for one in begun).split())
            if re.match(r"EQ\b", code, re.IGNORECASE) and not any(words_in(one, f"{W}t").strip() for one in begun):
                found.append((begun, code))
            begun = []
    yield from found


def _drawn(code: str, ledger: Ledger) -> str:
    if over := _OVER.search(code):
        return marked(over["base"].strip(), over["reading"].strip())
    around = _AROUND.search(code)
    if around and around["shape"] in "○〇◯" and around["inner"] in CIRCLED:
        return CIRCLED[around["inner"]]
    ledger.unread("field-unread", 0, code, "a field that Word draws: write what it shows")
    return around["inner"] if around else code


# Forms, and pages that programs put into a document ------------------------------------------------------------------


_BOXES = {True: "☑", False: "☐"}


def _write_forms(root: etree._Element) -> None:
    """Write what is chosen in lists and boxes of forms, which Word draws."""
    for data in list(root.iter(f"{W}ffData")):
        run = above(data, f"{W}r")
        entries = [str(one.get(VAL, "")) for one in data.iterfind(f"{W}ddList/{W}listEntry")]
        box = data.find(f"{W}checkBox")
        words = ""
        if entries:
            chosen = data.find(f"{W}ddList/{W}result")
            at = int(str(chosen.get(VAL, "0"))) if chosen is not None else 0
            words = entries[at] if at < len(entries) else ""
        elif box is not None:
            states = [one for name in ("checked", "default") if (one := box.find(f"{W}{name}")) is not None]
            words = _BOXES[bool(states) and states[0].get(VAL, "1") not in ("0", "false", "off")]
        if words and run is not None:
            end = next((one for one in run.itersiblings() if _ends_field(one)), run)
            end.addnext(run_of(words))


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
        words = " ".join(words_in(block, f"{W}t") for block in made)
        pictures = sum(1 for _ in page.iter("img"))
        ledger.decide("part-plain", 0, words, "its words are kept", "a web page that a program put into the document")
        if pictures:
            ledger.unread("image-missing", 0, f"{pictures} images", "pictures of a web page within the document")
        remove(chunk)


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
            made = paragraph_of(words)
            if re.fullmatch(r"h[1-6]", element.tag):
                properties = etree.Element(f"{W}pPr")
                etree.SubElement(properties, f"{W}outlineLvl").set(VAL, str(int(element.tag[1]) - 1))
                made.insert(0, properties)
            yield made
        return
    loose = element.text or ""
    for one in element:
        if isinstance(one.tag, str) and one.tag in _PAGE_BLOCKS:
            if loose.strip():
                yield paragraph_of(" ".join(loose.split()))
            loose = ""
            yield from _page_blocks(one)
        elif isinstance(one.tag, str):
            loose += str(one.text_content())
        loose += one.tail or ""
    if loose.strip():
        yield paragraph_of(" ".join(loose.split()))


# Text boxes, drawings, charts ----------------------------------------------------------------------------------------


def _lift_boxes(root: etree._Element, ledger: Ledger) -> None:
    """Set the paragraphs of text boxes behind the paragraph that each box is anchored in."""
    for one in list(root.iter(f"{COMPATIBLE}Fallback")):
        choice = one.getprevious()
        if choice is not None and next(choice.iter(f"{W}txbxContent"), None) is not None:
            remove(one)
    after: dict[etree._Element, etree._Element] = {}
    for box in list(root.iter(f"{W}txbxContent")):
        host = above(box, f"{W}p")
        shape = above(box, f"{COMPATIBLE}AlternateContent", f"{W}drawing", f"{W}pict", f"{W}object")
        if host is None:
            continue
        words = " ".join(words_in(box, f"{W}t").split())
        at = after.get(host, host)
        for inner in list(box):
            at.addnext(inner)
            at = inner
        after[host] = at
        remove(box)
        if shape is not None and next(shape.iter(f"{A}blip", f"{VML}imagedata"), None) is None and not _boxes(shape):
            remove(shape)
        if words:
            ledger.decide("textbox-moved", 0, words, "set below the paragraph that it is anchored in", "a text box")
    for art in list(root.iter(f"{VML}textpath")):
        host = above(art, f"{W}p")
        if host is not None and (words := str(art.get("string", "")).strip()):
            host.addnext(paragraph_of(words))
            ledger.decide("textbox-moved", 0, words, "set below the paragraph that it is anchored in", "WordArt")


def _boxes(shape: etree._Element) -> bool:
    return next(shape.iter(f"{W}txbxContent"), None) is not None


def _write_drawings(root: etree._Element, part: Parts, ledger: Ledger) -> None:
    """Write the words of diagrams (SmartArt) as paragraphs and the numbers of charts as tables, where they stand."""
    for one in list(root.iter(f"{DIAGRAM}relIds", f"{CHART}chart")):
        is_chart = one.tag == f"{CHART}chart"
        host = above(one, f"{W}p")
        drawn = part(str(one.get(f"{RELATIONS}id" if is_chart else f"{RELATIONS}dm", "")))
        if host is None or drawn is None:
            continue
        made = list(_chart(drawn)) if is_chart else [paragraph_of(words) for words in _points(drawn)]
        for block in reversed(made):
            host.addnext(block)
        words = "、".join(words_in(block, f"{W}t") for block in made)
        what, why = ("its numbers are kept as a table", "a chart") if is_chart else ("its words are kept", "a diagram")
        ledger.decide("drawing-words", 0, words, what, f"{why} that Word draws: save it as a picture to show it")


def _points(drawn: etree._Element) -> Iterator[str]:
    for point in drawn.iter(f"{DIAGRAM}pt"):
        if words := " ".join(words_in(point, f"{A}t").split()):
            yield words


def _chart(drawn: etree._Element) -> Iterator[etree._Element]:
    title = drawn.find(f".//{CHART}title")
    words = " ".join(words_in(title, f"{A}t", f"{CHART}v").split()) if title is not None else ""
    if words:
        yield paragraph_of(words)
    series = list(drawn.iter(f"{CHART}ser"))
    columns = [[_name(one), *_values(one, "val", "yVal")] for one in series]
    labels = max((_values(one, "cat", "xVal") for one in series), key=len, default=[])
    if columns:
        rows = [["", *labels], *columns]
        yield _table([[row[at] if at < len(row) else "" for row in rows] for at in range(max(map(len, rows)))])
        yield etree.Element(f"{W}p")


def _name(series: etree._Element) -> str:
    said = series.find(f"{CHART}tx")
    return words_in(said, f"{CHART}v") if said is not None else ""


def _values(series: etree._Element, *names: str) -> list[str]:
    found = next((one for name in names if (one := series.find(f"{CHART}{name}")) is not None), None)
    return [words_in(one, f"{CHART}v") for one in found.iter(f"{CHART}pt")] if found is not None else []


def _table(rows: Sequence[Sequence[str]]) -> etree._Element:
    table = etree.Element(f"{W}tbl")
    etree.SubElement(table, f"{W}tblPr")
    grid = etree.SubElement(table, f"{W}tblGrid")
    for _ in rows[0]:
        etree.SubElement(grid, f"{W}gridCol").set(f"{W}w", "1000")
    for row in rows:
        made = etree.SubElement(table, f"{W}tr")
        for words in row:
            etree.SubElement(made, f"{W}tc").append(paragraph_of(words))
    return table


# Numbers -------------------------------------------------------------------------------------------------------------
