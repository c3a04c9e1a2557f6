"""A chapter's tree made ready for print: links within the document, notes at their calls, formulas as TeX."""

from __future__ import annotations

import re

from lxml import etree

from publish.edition import xhtml
from publish.edition.xhtml import MATHML, SVG, H
from publish.errors import Place
from publish.findings import Finding
from publish.render import PreparedChapter, take_notes
from publish.render.cover_face import measure as cover_measure
from publish.render.pdf.ruby import split_ruby

SHORT_CODE = 8  # lines of code that stay on one page
LONG_CODE = 40  # characters of code that may be too long for a line
HYPHENED = re.compile(r"((?<!\S)[^\s-]{0,12}-[!-~]{1,20}(?!\S))")
SHORT_CELL = 8  # characters of a cell that stay on one line
TABLE, PADDING = 0.81, 1.5  # of the body size; of both sides of a cell, in sizes of a table
# So many characters without a break opportunity are not a word: they are split here.
LONG_WORD = re.compile(r"[^\s\0\u2e80-\uffff]{240}(?=[^\s\u2e80-\uffff]{240})")
# Block elements that a note may hold; inside a footnote's span they are spans that CSS lays out as blocks.
_NOTE_BLOCKS = frozenset(
    "p ul ol li blockquote pre div dl dt dd table thead tbody tr td th figure figcaption h1 h2 h3 h4 h5 h6 hr".split(
        " "
    )
)


def fit_for_print(prepared: PreparedChapter, known: dict[str, str], title: str, characters: int) -> list[Finding]:
    """Make a chapter's tree ready for print: links within the document, notes at their calls, formulas as TeX."""
    tree, findings = prepared.tree, []
    split_ruby(tree)
    xhtml.relink(tree, lambda name: f"#{name}" if name in known else None)
    by_id = {str(element.get("id")): element for element in tree.iter(etree.Element) if element.get("id")}
    for heading in xhtml.headings(tree):
        element = by_id.get(heading.id)
        if element is not None:
            element.set("data-bookmark", f"{heading.label} {heading.text}".strip())
            element.set("data-title", heading.text)
            element.set("data-book", title)
    for drawing in tree.iter(f"{{{SVG}}}svg"):
        _name(drawing)
    for items in tree.iter(f"{H}ol"):
        _count_from(items)
    for row in tree.iter(f"{H}tr"):
        _scope(row)
    for table in tree.iter(f"{H}table"):
        _whole(table, characters)
        _join(table)
    formulas = list(tree.iter(f"{{{MATHML}}}math"))
    for math in formulas:
        _as_tex(math)
    if formulas:
        problem = f"formulas are set as TeX source in the PDF, which has no MathML: {len(formulas)} of them"
        findings.append(Finding("pdf-math", "note", Place(prepared.chapter.file), problem))
    notes = {note.id: note.element for note in take_notes(tree)}
    for call in xhtml.note_calls(tree):
        note = notes.get(str(call.get("data-note")))
        if note is not None:
            _as_footnote(call, note)
    for code in tree.iter(f"{H}pre"):
        _as_lines(code)
    _part_long_words(tree)
    return findings


def _name(drawing: xhtml.Element) -> None:
    """Give a drawing its name as a title, the only one that WeasyPrint takes for its alternative text."""
    label = drawing.get("aria-label")
    if label and drawing.find(f"{{{SVG}}}title") is None:
        title = drawing.makeelement(f"{{{SVG}}}title")
        title.text = label
        drawing.insert(0, title)


def _count_from(items: xhtml.Element) -> None:
    """A list that does not begin with 1: WeasyPrint ignores `start`, which it takes for a presentational hint."""
    start = str(items.get("start") or "")
    if re.fullmatch(r"-?\d{1,6}", start):
        items.set("style", f"counter-reset: list-item {int(start) - 1}")


def _as_lines(pre: xhtml.Element) -> None:
    """Make each line of plain code a block of its own, so that the style sheet can mark broken lines."""
    code = pre[0] if len(pre) == 1 and not (pre.text or "").strip() else pre
    if len(code) or xhtml.local(code) not in ("pre", "code"):
        return
    lines, code.text = (code.text or "").rstrip("\n").split("\n"), None
    kinds = ["as-lines", *(["short"] if len(lines) <= SHORT_CODE else []), *str(pre.get("class") or "").split()]
    pre.set("class", " ".join(kinds))
    for text in lines:
        line = code.makeelement(f"{H}span", {"class": "code-line"})
        _keep_options(line, text)
        code.append(line)


def _keep_options(line: xhtml.Element, text: str) -> None:
    """Put a line's text into it; options and hyphenated names, at which a long line would break, are kept whole."""
    parts = HYPHENED.split(text) if len(text) > LONG_CODE else [text]
    line.text = parts[0]
    for word, behind in zip(parts[1::2], parts[2::2], strict=True):
        whole = line.makeelement(f"{H}span", {"class": "whole"})
        whole.text, whole.tail = word, behind
        line.append(whole)


def _whole(table: xhtml.Element, characters: int) -> None:
    """Keep the cells of short columns on one line, the shortest first, as long as half of the measure is left."""
    rows = [list(row) for row in table.iter(f"{H}tr")]
    if len({len(row) for row in rows}) != 1 or any(cell.get("colspan") for row in rows for cell in row):
        return
    columns = list(zip(*rows, strict=True))
    lengths = [max(cover_measure(xhtml.plain(cell)) for cell in column) + PADDING for column in columns]
    left = characters / TABLE / (1 if max(lengths) <= SHORT_CELL + PADDING else 2)
    for length, column in sorted(zip(lengths, columns, strict=True), key=lambda pair: pair[0]):
        left -= length
        if length > SHORT_CELL + PADDING or left < 0:
            return
        for cell in column:
            cell.set("class", f"{cell.get('class') or ''} whole".strip())


def _join(table: xhtml.Element) -> None:
    """Keep the rows of a spanning cell on one page: split, they would be rows of unequal length."""
    rows = list(table.iter(f"{H}tr"))
    for number, row in enumerate(rows):
        most = max((int(str(cell.get("rowspan"))) for cell in row if str(cell.get("rowspan")).isdigit()), default=1)
        for joined in rows[number : number + most - 1]:
            joined.set("class", "joined")


def _scope(row: xhtml.Element) -> None:
    """A header cell at the beginning of a row of data heads that row."""
    names = [xhtml.local(cell) for cell in row]
    if names[:1] == ["th"] and "td" in names and not row[0].get("scope"):
        row[0].set("scope", "row")


def _part_long_words(tree: xhtml.Element) -> None:
    """Let words of absurd length break: WeasyPrint shapes a word again, to its end, for each of its lines."""
    for element in list(tree.iter(etree.Element)):
        for chunk in reversed(_chunks(element.text)[1:]):
            element.insert(0, _break(element, chunk))
        element.text = _chunks(element.text)[0] if element.text else element.text
        parent = element.getparent()
        if parent is not None and element.tail:
            pieces = _chunks(element.tail)
            for chunk in reversed(pieces[1:]):
                parent.insert(parent.index(element) + 1, _break(element, chunk))
            element.tail = pieces[0]


def _chunks(text: str | None) -> list[str]:
    """A text cut inside its overlong words."""
    return LONG_WORD.sub(lambda match: match[0] + "\0", text or "").split("\0")


def _break(like: xhtml.Element, tail: str) -> xhtml.Element:
    made = like.makeelement(f"{H}wbr")
    made.tail = tail
    return made


def _as_tex(math: xhtml.Element) -> None:
    """A formula's TeX in code style, in its place."""
    annotation = next(math.iter(f"{{{MATHML}}}annotation"), None)
    source = (annotation.text or "") if annotation is not None else xhtml.plain(math)
    parent = math.getparent()
    if parent is None:
        return
    code = parent.makeelement(f"{H}code", {"class": "tex display" if math.get("display") == "block" else "tex"})
    code.text, code.tail = source.strip(), math.tail
    parent.replace(math, code)


def _as_footnote(call: xhtml.Element, note: xhtml.Element) -> None:
    """Put a note's content into its call; blocks become spans, as a paragraph cannot hold them."""
    for element in note.iter():
        if not isinstance(element.tag, str):
            continue
        name = xhtml.local(element)
        if element is not note and name in _NOTE_BLOCKS:
            element.tag = f"{H}span"
            element.set("class", f"as-{name} {element.get('class') or ''}".strip())
            element.tail = element.tail if (element.tail or "").strip() else None
            if name != "pre" and len(element) and not (element.text or "").strip():
                element.text = None
    call.attrib.clear()
    call.set("class", "footnote")
    call.set("id", str(note.get("id")))
    call.text = None
    for child in list(note):
        child.tail = None
        call.append(child)
