"""Western words in a face of their own: each is wrapped, as a family listed first would take Chinese marks too.

Marks that both writings have (“ ” ‘ ’ — … ·) stay outside: in Chinese text they are Chinese.
"""

from __future__ import annotations

import re

from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import H

WORD = re.compile(
    r"[0-9A-Za-z\u00c0-\u024f](?:[ !#%&'()*+,\-./0-9:;=?@A-Z_a-z\u00c0-\u024f]*[0-9A-Za-z%+\u00c0-\u024f])?"
)
_LEFT_ALONE = frozenset("code pre kbd samp var math svg rt script style".split(" "))


def wrap(root: xhtml.Element) -> None:
    """Wrap the Western words of a tree in spans of the class `latin`; code and formulas have faces of their own."""
    for element in list(root.iter(f"{H}*")):
        if any(xhtml.local(one) in _LEFT_ALONE for one in (element, *element.iterancestors())):
            continue
        for child in list(element):
            first, spans = _spans(element, child.tail)
            child.tail = first
            for number, span in enumerate(spans, element.index(child) + 1):
                element.insert(number, span)
        first, spans = _spans(element, element.text)
        element.text = first
        for number, span in enumerate(spans):
            element.insert(number, span)


def _spans(parent: xhtml.Element, text: str | None) -> tuple[str | None, list[xhtml.Element]]:
    """What comes before the first Western word, and the words, each with what follows it as its tail."""
    found = list(WORD.finditer(text or ""))
    if not text or not found:
        return text, []
    spans = []
    for match, end in zip(found, [*(one.start() for one in found[1:]), len(text)], strict=True):
        span = parent.makeelement(f"{H}span", {"class": "latin"})
        span.text, span.tail = match[0], text[match.end() : end]
        spans.append(span)
    return text[: found[0].start()], spans
