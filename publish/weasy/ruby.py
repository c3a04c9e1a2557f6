"""Ruby: reading marks over characters (注音, 拼音), which WeasyPrint does not know (its #406).

In the printed HTML each base with its reading becomes a ruby of its own, an inline block: the base in its line, the
reading in a second one that the style sheet lifts above it. So the base comes first for who copies the text or has it
read aloud. The block stands on the line by its base, not by its last line as other inline blocks do.
"""

from __future__ import annotations

from typing import Any

from weasyprint import __version__ as installed
from weasyprint.layout import inline
from weasyprint.layout.table import find_in_flow_baseline

from publish.edition import xhtml
from publish.edition.xhtml import H
from publish.weasy import TESTED, put

_inline_block_baseline = inline.inline_block_baseline


def part(tree: xhtml.Element) -> None:
    """Give each base and its reading a ruby of its own; parentheses for who has no ruby (`rp`) go."""
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
    """The bases of a ruby, each with the reading behind it; a base without one stays as it is, in the last."""
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


def inline_block_baseline(box: Any) -> Any:
    """WeasyPrint's `inline_block_baseline`; ruby stands by its first line."""
    if box.element_tag == "ruby" and not box.is_table_wrapper:
        baseline = find_in_flow_baseline(box)
        if baseline is not None:
            return baseline
    return _inline_block_baseline(box)


def install() -> bool:
    """Teach WeasyPrint where ruby stands; False where its version is not the tested one."""
    if installed != TESTED:
        return False
    put(inline, "inline_block_baseline", inline_block_baseline)
    return True
