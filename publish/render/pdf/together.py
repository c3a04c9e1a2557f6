"""What stays on one page: a line with what it announces, a question with its answer, a box, a chapter's last lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil

from lxml import etree

from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import MATHML, H

SHORT_LINE = 24  # characters of a line that is a title or a date
SHORT_TITLE = 72  # and of one that is all bold: a question of an interview
SHORT_BOX = 200  # characters of a box that is not broken: some eight lines
SHORT_STANZA = 4  # lines that stay on one page, with who wrote them
LAST_LINES = 3  # that a chapter's last page has at least
_ENDS = re.compile(r"[。！？!?.…：:；;，,、」』”’）)—～]$|[。！？].*[)）\]］】]$")
_ANNOUNCES = re.compile(r"[：:]\s*$")
_HIGH = tuple(f".//{H}{name}" for name in ("pre", "table", "img", "figure"))
_NARROW = re.compile(r"[^\u2e80-\U0003ffff]")
_NUMBER = re.compile(r"[（(]?(?:\d{1,3}|[一二三四五六七八九十百]{1,4}|[ivxIVX]{1,6})[）)]?[.．、]?")  # of a section
_ANNOUNCED = frozenset(("pre", "table", "figure", "blockquote"))
_STRESSED = ("strong", "b")
_TEXT = frozenset(("p", "li", "dd", "dt"))
_OTHER = frozenset(("pre", "table", "figure", "img", "svg", "hr", "math", "h1", "h2", "h3", "h4", "h5", "h6"))


def keep_together(tree: xhtml.Element, measure: float) -> None:
    """Give a chapter's blocks the classes that keep them together; `measure` is how many em a line is long."""
    for paragraph in tree.iter(f"{H}p"):
        _keep_with_next(paragraph)
        _keep_stanza(paragraph)
    for box in tree.iter(f"{H}div"):
        _keep_whole(box)
    _keep_last_lines(tree, measure)


def is_formula(block: xhtml.Element) -> bool:
    """Whether a paragraph is nothing but a displayed formula."""
    alone = len(block) == 1 and block[0].tag == f"{{{MATHML}}}math" and block[0].get("display") == "block"
    return alone and not (block.text or block[0].tail or "").strip()


def _keep_with_next(paragraph: xhtml.Element) -> None:
    """Keep what is a heading and not marked as one with what it stands above: a date, a title, a question, all bold.

    Of several that follow one another, as in verse, none is a title.
    """
    if (
        xhtml.local(paragraph) == "p"
        and _ANNOUNCES.search(xhtml.words(paragraph))
        and _is_announced(paragraph.getnext())
    ):
        xhtml.add_class(paragraph, "leads")
    elif _leads(paragraph):
        before, behind = paragraph.getprevious(), paragraph.getnext()
        if behind is not None and not _leads(behind) and (before is None or not _leads(before)):
            xhtml.add_class(paragraph, "leads")


def _keep_stanza(paragraph: xhtml.Element) -> None:
    """Keep a short stanza on one page, where each stanza is a paragraph of lines (`.lines`)."""
    if "lines" in str(paragraph.get("class") or "").split() and len(_lines(paragraph)) <= SHORT_STANZA:
        xhtml.add_class(paragraph, "short")


def _lines(block: xhtml.Element) -> list[str]:
    """The lines that an author has ended."""
    parts = [block.text or ""]
    for child in block.iterchildren(etree.Element):
        if child.tag == f"{H}br":
            parts.append("")
        else:
            parts[-1] += xhtml.words(child)
        parts[-1] += child.tail or ""
    return parts


def _is_announced(block: xhtml.Element | None) -> bool:
    """Whether what a colon stands before is code, a table, a picture, a formula, a quotation: on its page it stays."""
    if block is None:
        return False
    verse = "line-block" in str(block.get("class") or "").split()
    return verse or xhtml.local(block) in _ANNOUNCED or is_formula(block)


def _leads(block: xhtml.Element) -> bool:
    if xhtml.local(block) != "p":
        return False
    words = xhtml.words(block).strip()
    if len(block) == 1 and xhtml.local(block[0]) in _STRESSED and not (block.text or block[0].tail or "").strip():
        return len(words) <= SHORT_TITLE
    return bool(_NUMBER.fullmatch(words)) or (0 < len(words) <= SHORT_LINE and not _ENDS.search(words))


def _keep_whole(box: xhtml.Element) -> None:
    """Keep a short note or warning on one page: broken, its second half is a box without a title."""
    classes = str(box.get("class") or "").split()
    if "admonition" in classes and len(xhtml.words(box).strip()) <= SHORT_BOX and not _is_high(box):
        xhtml.add_class(box, "short")


def _is_high(box: xhtml.Element) -> bool:
    return any(box.find(path) is not None for path in _HIGH)


def _keep_last_lines(tree: xhtml.Element, measure: float) -> None:
    """No chapter ends with a page of a line or two (单行不成页): its last paragraphs or items stay together."""
    lines, last = 0, []
    for block in _last_texts(tree):
        last.append(block)
        lines += sum(ceil(_em(line) / measure) for line in _lines(block))
        if lines >= LAST_LINES:
            break
    for block in last[:-1]:
        xhtml.add_class(block, "closes")
    if len(last) == 1:
        xhtml.add_class(last[0], "closing")


def _last_texts(tree: xhtml.Element) -> Iterator[xhtml.Element]:
    """Paragraphs and items of running text at a chapter's end, the last first, back to what is none."""
    blocks = [one for one in tree.iter(etree.Element) if xhtml.local(one) in _TEXT | _OTHER]
    for block in reversed(blocks):
        if xhtml.local(block) in _OTHER or any(xhtml.local(one) in _OTHER for one in block.iterancestors()):
            return
        if not any(xhtml.local(one) in _TEXT for one in block.iterdescendants(etree.Element)):
            yield block


def _em(words: str) -> float:
    """How wide words are, about, with the indent of a paragraph."""
    said = words.strip()
    return 2 + len(said) - len(_NARROW.findall(said)) / 2
