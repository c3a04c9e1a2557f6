"""Lines that somebody has pushed to the right with blanks, signatures and dates: they stay there on a narrow screen."""

from __future__ import annotations

import re

from lxml import etree

from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import Element, H

# More blanks than an indent of verse has; what a browser sees of them are squares.
_PUSHED = re.compile(r"([\n ]*)([\u3000\u2003\u00a0]{6,})(\S.*?)(\s*)", re.DOTALL)


def let_shrink(tree: Element) -> None:
    """Put the blanks of such a line into an element that gives way, and its words into one that does not."""
    for block in tree.iter(f"{H}div"):
        if "line-block" not in str(block.get("class") or "").split():
            continue
        if xhtml.local(block[0]) == "br" if len(block) else True:
            block.text = _parted(block, 0, block.text)
        for child in [one for one in block if xhtml.local(one) == "br"]:
            following = child.getnext()
            if following is None or xhtml.local(following) == "br":
                child.tail = _parted(block, block.index(child) + 1, child.tail)


def _parted(block: Element, at: int, text: str | None) -> str | None:
    found = _PUSHED.fullmatch(text or "")
    if found is None:
        return text
    before, blanks, words, behind = found.groups()
    line = etree.Element(f"{H}span", {"class": "pushed"})
    for inner in (blanks, words):
        etree.SubElement(line, f"{H}span").text = inner
    line.tail = behind
    block.insert(at, line)
    return before
