"""Ruby for print: each base with its reading becomes a ruby of its own, laid out as a block by the style sheet.

The base comes first for who copies the text or has it read aloud; the style sheet lifts the reading above it.
"""

from __future__ import annotations

from publish.edition.markup import xhtml
from publish.edition.markup.xhtml import H


def split_ruby(tree: xhtml.Element) -> None:
    """Give each base and its reading a ruby of its own; fallback parentheses (`rp`) are dropped."""
    for ruby in list(tree.iter(f"{H}ruby")):
        parent = ruby.getparent()
        if parent is None or not any(child.tag == f"{H}rt" for child in ruby):
            continue
        pairs = _pairs(ruby)
        place = parent.index(ruby)
        pairs[-1].tail = ruby.tail
        parent.remove(ruby)
        for offset, pair in enumerate(pairs):
            parent.insert(place + offset, pair)


def _pairs(ruby: xhtml.Element) -> list[xhtml.Element]:
    """The bases of a ruby, each with the reading after it; a base without one stays as it is, in the last."""
    made = [_begin(ruby)]
    _append(made[-1], ruby.text)
    for child in list(ruby):
        if not isinstance(child.tag, str) or child.tag == f"{H}rp":
            continue
        if len(made[-1]) and made[-1][-1].tag == f"{H}rt":
            made.append(_begin(ruby))
        tail, child.tail = child.tail, None
        if child.tag == f"{H}rb":
            _append(made[-1], child.text)
        else:
            made[-1].append(child)
        if (tail or "").strip():
            if child.tag == f"{H}rt":
                made.append(_begin(ruby))
            _append(made[-1], tail)
    return made


def _begin(like: xhtml.Element) -> xhtml.Element:
    made = like.makeelement(f"{H}ruby")
    for name, value in like.attrib.items():
        if name != "id":
            made.set(name, value)
    return made


def _append(ruby: xhtml.Element, text: str | None) -> None:
    words = (text or "").strip()
    if not words:
        return
    if len(ruby):
        ruby[-1].tail = (ruby[-1].tail or "") + words
    else:
        ruby.text = (ruby.text or "") + words
