"""A chapter's tree made ready for print: links within the document, notes at their calls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from lxml import etree

from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import MATHML, SVG, H
from publish.edition.publication import Publication, PublishedChapter
from publish.errors import Place
from publish.findings import Finding
from publish.fonts import full_width
from publish.render import PreparedChapter
from publish.render.cells import DRAWN, is_drawn, put
from publish.render.code import lines_of
from publish.render.indexing import ask_folios
from publish.render.pdf.heads import running_head
from publish.render.pdf.notes import PrintNotes
from publish.render.pdf.ruby import split_ruby
from publish.render.pdf.tables import Area, fit_tables
from publish.render.pdf.together import SHORT_STANZA, is_formula, keep_together
from publish.render.tables import align_points
from publish.source.document import is_wide
from publish.source.pictures.assets import Asset

_PIXELS = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:px)?\s*$")
LARGE_PICTURE = 96  # pixels of height, which are about four lines
_PARAGRAPHS = frozenset({"p", "li", "dd", "figure", "td", "th"})
SHORT_CODE = 8  # lines of code that stay on one page
_SIGNATURE = re.compile(r"[\s\u3000]*(?:--|[—–―─])")
LONG_CODE = 40  # characters of code that may be too long for a line
HYPHENED = re.compile(r"((?<!\S)[^\s-]{0,12}-[!-~]{1,20}(?!\S))")
# An author, a number in brackets: what an entry of the literature begins with.
_FIRST_WORDS = re.compile(r"\s*([^\s，,.．。][^，,.．。]*[^\s，,.．。]|[^\s，,.．。])")
# So many characters without a break opportunity are not a word: they are split here.
LONG_WORD = re.compile(r"[^\s\0\u2e80-\uffff]{240}(?=[^\s\u2e80-\uffff]{240})")
# Where an address is parted: behind marks that join its pieces, for no line begins with one; not in its scheme.
ADDRESS_PARTS = re.compile(r"(?<=[A-Za-z0-9][/?&=#_~-])(?![/?&=#_~-]|$)|(?<=[A-Za-z0-9]\.)(?=[A-Za-z])")


def fit_for_print(
    prepared: PreparedChapter,
    known: Mapping[str, str],
    publication: Publication,
    area: Area,
    notes: PrintNotes,
    gathered: list[xhtml.Element],
) -> list[Finding]:
    """Make a chapter's tree ready for print: links within the document, notes where they belong."""
    tree = prepared.tree
    findings: list[Finding] = []
    two_sided = publication.page.two_sided
    title = running_head(publication.metadata_for("pdf").title, area, two_sided=two_sided)
    split_ruby(tree)
    xhtml.relink(tree, lambda name: f"#{name}" if name in known else None)
    by_id = {str(element.get("id")): element for element in tree.iter(etree.Element) if element.get("id")}
    for heading in xhtml.headings(tree):
        element = by_id.get(heading.id)
        if element is not None:
            element.set("data-bookmark", f"{heading.label} {heading.text}".strip())
            element.set("data-title", running_head(heading.text, area, two_sided=two_sided, beside=title))
            element.set("data-book", title)
    for reference in list(tree.iter(f"{H}a")):
        if "page" in str(reference.get("class") or "").split():
            _as_folio(reference, publication.edition.region.words.page)
    for entries in tree.iter(f"{H}div"):
        if str(entries.get("class") or "").startswith("list-of "):
            for entry in entries.iter(f"{H}a"):
                entry.set("data-target", str(entry.get("href")))
    ask_folios(tree, known)
    for entry in tree.iter(f"{H}div"):
        if entry.get("class") == "csl-entry":
            _lead_back(entry)
            _hang_number(entry)
            _part_addresses(entry)
    for drawing in tree.iter(f"{{{SVG}}}svg"):
        _name(drawing)
    for items in tree.iter(f"{H}ol"):
        _count(items)
    for row in tree.iter(f"{H}tr"):
        _scope(row)
    align_points(tree)
    divided = fit_tables(tree, area, publication.edition.region.words.continued)
    findings += [_divided(prepared.chapter, words) for words in divided]
    for table in tree.iter(f"{H}table"):
        _join(table)
    notes.set(prepared, gathered)
    for code in tree.iter(f"{H}pre"):
        _as_lines(code, publication.edition.region.fonts.mono)
    for verse in tree.iter(f"{H}div"):
        if "line-block" in str(verse.get("class")).split():
            _as_verse(verse)
    for paragraph in list(tree.iter(f"{H}p")):
        _part_stanzas(paragraph)
    for picture in tree.iter(f"{H}img"):
        _set_apart(picture, publication.assets)
    for paragraph in tree.iter(f"{H}p"):
        _note_formula(paragraph)
    keep_together(tree, area.width / area.size)
    for figure in tree.iter(f"{H}figure"):
        _let_part(figure)
    _part_long_words(tree)
    return findings


def _set_apart(picture: xhtml.Element, assets: Mapping[str, Asset]) -> None:
    """Give a large picture amid the words of a paragraph or item a line of its own: no line of text is as high.

    A smaller one is a sign and as high as the words. A size that the author wrote stays; in pixels, as of HTML's
    `width`, it may be that of a large picture.
    """
    asset = assets.get(str(picture.get("src") or ""))
    if asset is None:
        return
    height = _height(picture, asset)
    own = picture.get("height") == str(asset.height)
    if height is None or not (own or height >= LARGE_PICTURE):
        return
    block = next((one for one in picture.iterancestors() if xhtml.local(one) in _PARAGRAPHS), None)
    if block is not None and xhtml.local(block) in ("p", "li", "dd") and xhtml.words(block).strip():
        kind = "apart" if height >= LARGE_PICTURE else "sign"
        xhtml.add_class(picture, kind)


def _height(picture: xhtml.Element, asset: Asset) -> float | None:
    """How high a picture is in pixels, which are written where they are not its own; None where another unit says so.

    WeasyPrint does not read HTML's `width` and `height`.
    """
    if picture.get("style"):
        return None
    said = {side: _PIXELS.match(str(picture.get(side) or "")) for side in ("width", "height")}
    sides = {side: float(match[1]) for side, match in said.items() if match}
    if not sides or not asset.width or not asset.height:
        return None
    own = {"width": float(asset.width), "height": float(asset.height)}
    if any(sides[side] != own[side] for side in sides):
        picture.set("style", ";".join(f"{side}:{size:g}px" for side, size in sides.items()))
    return sides.get("height") or sides["width"] * asset.height / asset.width


def _note_formula(paragraph: xhtml.Element) -> None:
    """Mark a paragraph that is a displayed formula: two of them keep their distance."""
    if is_formula(paragraph):
        xhtml.add_class(paragraph, "formula-alone")


def _let_part(figure: xhtml.Element) -> None:
    """Have a figure that is code, what a program would draw, parted as code is: whole, it leaves pages half empty."""
    inside = {xhtml.local(one) for one in figure.iter(etree.Element)}
    if "pre" in inside and not inside & {"img", "svg", "table"}:
        xhtml.add_class(figure, "of-code")


def _as_verse(block: xhtml.Element) -> None:
    """Each line of verse an element of its own, so that what runs over is indented and no stanza is torn."""
    lines = [block.makeelement(f"{H}p", {"class": "verse"})]
    lines[0].text, block.text = block.text, None
    for child in list(block):
        block.remove(child)
        if child.tag == f"{H}br":
            lines.append(block.makeelement(f"{H}p", {"class": "verse"}))
            lines[-1].text = (child.tail or "").lstrip("\n")
        else:
            lines[-1].append(child)
    for stanza, blank in _stanzas(lines):
        signed = _SIGNATURE.match(xhtml.words(stanza[-1])) is not None
        for number, line in enumerate(stanza):
            ends = number in (0, len(stanza) - 2) or len(stanza) - signed <= SHORT_STANZA
            kept = not blank and ends and number < len(stanza) - 1
            line.set("class", "verse blank" if blank else "verse kept" if kept else "verse")
            block.append(line)


def _part_stanzas(paragraph: xhtml.Element) -> None:
    """Lines that a blank one parts are stanzas, each a paragraph: at a page's head there is no blank line."""
    if "lines" not in str(paragraph.get("class") or "").split():
        return
    stanza = paragraph
    for line in list(paragraph.iterchildren(f"{H}br")):
        before, text = line.getprevious(), (line.tail or "").lstrip(" \n")
        if before is None and stanza is not paragraph and not stanza.text:  # a second blank line
            line.tail = None
            stanza.remove(line)
            stanza.text = text
            continue
        if before is None or before.tag != f"{H}br" or (before.tail or "").strip():
            continue
        following = paragraph.makeelement(f"{H}p", {"class": str(paragraph.get("class"))})
        following.text = text
        following.extend(list(line.itersiblings()))
        for ended in (before, line):
            ended.tail = None
            stanza.remove(ended)
        stanza.addnext(following)
        following.tail, stanza.tail = stanza.tail, None
        stanza = following


def _stanzas(lines: Sequence[xhtml.Element]) -> Iterator[tuple[list[xhtml.Element], bool]]:
    """Runs of lines of verse, and the blank ones between them."""
    for blank, run in groupby(lines, key=lambda line: not len(line) and not (line.text or "").strip()):
        yield list(run), blank


def has_formulas(chapters: Iterable[PreparedChapter]) -> bool:
    """Whether any chapter has a formula."""
    return any(next(one.tree.iter(f"{{{MATHML}}}math"), None) is not None for one in chapters)


def _divided(chapter: PublishedChapter, words: str) -> Finding:
    """What is said of a table that no page is wide enough for, at the line of its first words."""
    problem = "this table is too wide for a page, turned and in the smallest type too; its columns are divided"
    remedy = "Give it fewer columns, or shorter words"
    return Finding("table-wide", "warning", Place(chapter.file, chapter.tables.get(words, 0)), problem, remedy)


def _as_folio(reference: xhtml.Element, words: str) -> None:
    """A reference to the page that something stands on, which the layout knows: 第 41 页."""
    before, _, behind = words.partition("{}")
    for child in list(reference):
        reference.remove(child)
    folio = reference.makeelement(f"{H}span", {"class": "folio", "data-target": str(reference.get("href"))})
    reference.text, folio.tail = before, behind
    reference.append(folio)


def _lead_back(entry: xhtml.Element) -> None:
    """Let an entry's number, or its first words, lead to where it is cited first: no arrow stands on paper."""
    cited = next((one for one in entry.iter(f"{H}span") if one.get("class") == "cited"), None)
    if cited is None:
        return
    first = next(cited.iter(f"{H}a"), None)
    around = cited.getparent()
    if first is None or around is None:
        return
    xhtml.remove(cited)
    home = next((one for one in entry.iter(f"{H}div") if one.get("class") == "csl-left-margin"), entry)
    words = _FIRST_WORDS.match(home.text or "")
    if not words:
        return
    back = home.makeelement(f"{H}a", {"class": "backlink", "href": str(first.get("href"))})
    for name in ("role", "aria-label"):
        if first.get(name):
            back.set(name, str(first.get(name)))
    back.text, back.tail, home.text = words[1], (home.text or "")[words.end() :], None
    home.insert(0, back)


def _hang_number(entry: xhtml.Element) -> None:
    """Put the number of an entry into the line that it stands before, so that no page parts them."""
    if [one.get("class") for one in entry] != ["csl-left-margin", "csl-right-inline"]:
        return
    number, words = entry
    entry.remove(number)
    number.tag, number.tail = f"{H}span", None
    if len(number):
        number[-1].tail = None
    else:
        number.text = (number.text or "").rstrip()
    words.insert(0, xhtml.seam(number, words.text or ""))  # which keeps the gap beside Latin away
    words.insert(0, number)
    words.text = None


def _part_addresses(entry: xhtml.Element) -> None:
    """Let the addresses of an entry break where a reader knows them to go on: behind a slash, a point."""
    for link in entry.iter(f"{H}a"):
        classes = str(link.get("class") or "").split()
        if "uri" in classes and not len(link):
            first, *rest = ADDRESS_PARTS.split(link.text or "")
            scheme = link.makeelement(f"{H}span", {"class": "whole"})
            scheme.text, link.text = first, None
            link.append(scheme)
            link.extend(xhtml.seam(link, part) for part in rest)


def _name(drawing: xhtml.Element) -> None:
    """Give a drawing its name as a title, the only one that WeasyPrint takes for its alternative text."""
    label = drawing.get("aria-label")
    if label and drawing.find(f"{{{SVG}}}title") is None:
        title = drawing.makeelement(f"{{{SVG}}}title")
        title.text = label
        drawing.insert(0, title)


def _count(items: xhtml.Element) -> None:
    """Count a list as a browser does: WeasyPrint takes `start` and `value` for presentational hints, ignored."""
    down = items.get("reversed") is not None
    entries = [one for one in items if xhtml.local(one) == "li"]
    step = -1 if down else 1
    start = _integer(items, "start")
    if start is not None or down:
        _style(items, f"counter-reset: list-item {(len(entries) if start is None else start) - step}")
    for entry in entries:
        value = _integer(entry, "value")
        if value is not None:
            _style(entry, f"counter-set: list-item {value - step}")  # what an entry adds is added behind it
        if down:
            _style(entry, "counter-increment: list-item -1")


def _integer(element: xhtml.Element, attribute: str) -> int | None:
    said = str(element.get(attribute) or "")
    return int(said) if re.fullmatch(r"-?\d{1,6}", said) else None


def _style(element: xhtml.Element, declaration: str) -> None:
    element.set("style", "; ".join(filter(None, (str(element.get("style") or "").rstrip("; "), declaration))))


def _as_lines(pre: xhtml.Element, families: Sequence[str]) -> None:
    """Make each line of plain code a block of its own, so that the style sheet can mark broken lines."""
    code = pre[0] if len(pre) == 1 and not (pre.text or "").strip() else pre
    if len(code) or xhtml.local(code) not in ("pre", "code"):
        return
    lines, code.text = (code.text or "").rstrip("\n").split("\n"), None
    kinds = ["as-lines", *(["short"] if len(lines) <= SHORT_CODE else []), *str(pre.get("class") or "").split()]
    drawn = is_drawn("\n".join(lines))
    pre.set("class", " ".join([*kinds, DRAWN] if drawn else kinds))
    wide = full_width(families, {char for line in lines for char in line if not is_wide(char)}) if drawn else ()
    said = lines_of(pre)
    for index, text in enumerate(lines):
        line = code.makeelement(f"{H}span", {"class": "code-line marked" if index + 1 in said.marked else "code-line"})
        if said.first:
            line.set("data-number", said.number(index))
        if drawn:
            put(line, text, wide.__contains__)
        else:
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
            element.insert(0, xhtml.seam(element, chunk))
        element.text = _chunks(element.text)[0] if element.text else element.text
        parent = element.getparent()
        if parent is not None and element.tail:
            pieces = _chunks(element.tail)
            for chunk in reversed(pieces[1:]):
                parent.insert(parent.index(element) + 1, xhtml.seam(element, chunk))
            element.tail = pieces[0]


def _chunks(text: str | None) -> list[str]:
    """A text cut inside its overlong words."""
    return LONG_WORD.sub(lambda match: match[0] + "\0", text or "").split("\0")
