"""A chapter's tree made one for the web, and what links a page's notes and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial

from lxml import etree

from publish.cache import Cache
from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import H
from publish.edition.publication import Publication
from publish.formulas.mathml import part
from publish.render import NumberedNote, PreparedChapter, call_ids, prepare_kept, take_notes
from publish.render.cells import tell_cells
from publish.render.code import part_lines
from publish.render.disclosure import disclose
from publish.render.html.code import colour
from publish.render.pushed import let_shrink
from publish.render.tables import align_points, frame, spread
from publish.source.pictures.assets import Asset

_USUAL = re.compile(r"\s*text-align:\s*left\s*")  # of a cell
_CLOSING = tuple("，。、；：？！）」』”’》〉】］…")


def prepare_web(
    publication: Publication, pictures: Mapping[str, Asset], cache: Cache, before: Iterable[PreparedChapter] = ()
) -> list[PreparedChapter]:
    """The chapters as the web has them, each from the cache where it was prepared before, or from those `before`."""
    addresses = {source: one.href for source, one in pictures.items()}
    return prepare_kept(publication, "html", cache, addresses, partial(_prepared, cache), before)


def _prepared(cache: Cache, tree: xhtml.Element, addresses: Mapping[str, str]) -> None:
    """Make a chapter one for the web: no empty paragraphs; what is wide scrolls by itself; code has colours."""
    for image in tree.iter(f"{H}img"):
        source = str(image.get("src"))
        image.set("src", addresses.get(source, source))
    for paragraph in list(tree.iter(f"{H}p")):
        if len(paragraph) == 0 and not (paragraph.text or "").strip():
            xhtml.remove(paragraph)
    for rule in tree.iter(f"{H}u"):
        if len(rule) == 0 and rule.text and not rule.text.strip():
            rule.set("class", "blank")  # to be filled in: its spaces are what it shows, and hang over no edge
    disclose(tree)
    align_points(tree)
    for table in list(tree.iter(f"{H}table")):
        _leave_usual(table)
        frame(table, "div", "table wide" if spread(table) else "table")
    for math in list(tree.iter(f"{{{xhtml.MATHML}}}math")):
        if math.get("display") == "block":
            frame(math, "span", "formula")
        else:
            part(math)
    _keep_punctuation(tree)
    colour(tree, cache)
    tell_cells(tree)
    let_shrink(tree)
    part_lines(tree)
    _close_gaps(tree)


def _leave_usual(table: xhtml.Element) -> None:
    """Say of no cell that it stands where cells stand anyway."""
    for cell in table.iter(f"{H}td", f"{H}th"):
        left = [one for one in str(cell.get("style") or "").split(";") if _USUAL.fullmatch(one) is None]
        if cell.get("style") and "".join(left).strip():
            cell.set("style", ";".join(left))
        else:
            cell.attrib.pop("style", "")


def _close_gaps(tree: xhtml.Element) -> None:
    """No heading more than one level below the one that it stands under (WCAG 2.2, technique H42).

    A chapter's title is h1. Headings of one level under one heading stay of one level.
    """
    above = [1]  # the levels as written of the headings that the next one stands under
    for heading in tree.iter(*(f"{H}h{level}" for level in range(1, 7))):
        written = int(xhtml.local(heading)[1])
        above = [1, *(level for level in above[1:] if level < written)]
        if written > 1:
            above.append(written)
        heading.tag = f"{H}h{len(above)}"


def _keep_punctuation(tree: xhtml.Element) -> None:
    """Tie the mark behind an inline formula to it: browsers would break there, and no line begins with a stop."""
    for math in list(tree.iter(f"{{{xhtml.MATHML}}}math")):
        tail = math.tail or ""
        if math.get("display") == "block" or not tail.startswith(_CLOSING):
            continue
        tie = etree.Element(f"{H}span", {"class": "unbroken"})
        math.addprevious(tie)
        math.tail, tie.tail = tail[0], tail[1:]
        tie.append(math)


def let_enlarge(tree: xhtml.Element, word: str) -> None:
    """A link around each figure's image to the image itself; images that lead elsewhere stay as they are."""
    for image in list(tree.iter(f"{H}img")):
        above = {one.tag for one in image.iterancestors()}
        if f"{H}figure" not in above or f"{H}a" in above:
            continue
        link = etree.Element(f"{H}a", {"class": "zoom", "href": str(image.get("src"))})
        if not str(image.get("alt") or "").strip():
            link.set("aria-label", word)
        image.addprevious(link)
        link.tail, image.tail = image.tail, None
        link.append(image)


def link_notes(prepared: PreparedChapter) -> list[NumberedNote]:
    """Make the calls of a chapter's notes links, and take the notes out."""
    notes = take_notes(prepared.tree, prepared.noted)
    numbers = {note.id: note.number for note in notes}
    bodies = (prepared.tree, *(note.element for note in notes))
    for call, name, own in call_ids([call for body in bodies for call in xhtml.note_calls(body)]):
        call.attrib.clear()
        call.tag = f"{H}sup"
        call.set("class", "noteref")
        link = etree.SubElement(call, f"{H}a", {"href": f"#{name}", "id": own, "role": "doc-noteref"})
        link.text = str(numbers.get(name, ""))
    for note in notes:
        place = note.element.get("data-place")
        note.element.attrib.clear()
        if place:
            note.element.set("data-place", place)
    return notes


def link_back(note: NumberedNote, label: str) -> None:
    """Links back to the calls at the end of a note's last paragraph; several have their numbers."""
    element = note.element
    last = element[-1] if len(element) and xhtml.local(element[-1]) == "p" else etree.SubElement(element, f"{H}p")
    for number, place in enumerate(note.places, 1):
        several = str(number) if note.calls > 1 else ""
        said = f"{label} {several}".strip()
        attributes = {"href": f"#{place}", "class": "backlink", "role": "doc-backlink", "aria-label": said}
        etree.SubElement(last, f"{H}a", attributes).text = f"↩{several}"


def demote(tree: xhtml.Element, by: int) -> None:
    """Each heading some levels down, where another stands above the chapter."""
    for heading in list(tree.iter(*(f"{H}h{level}" for level in range(1, 7)))):
        heading.tag = f"{H}h{min(int(xhtml.local(heading)[1]) + by, 6)}"
