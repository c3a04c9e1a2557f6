"""Cuts in a chapter's XHTML: what is meant for other formats or editions is removed, with what held nothing else."""

from __future__ import annotations

import re

from publish.edition.markup.xhtml import Element, H, local, note_calls, notes, remove, unwrap

# What is removed when all that it held is removed.
_EMPTIED = frozenset(
    [
        "p",
        "li",
        "ul",
        "ol",
        "dd",
        "dl",
        "blockquote",
        "figure",
        "div",
        "section",
        "span",
        "a",
        "em",
        "strong",
        "del",
        "u",
        "sub",
        "sup",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)


def prune(root: Element, format_name: str) -> Element:
    """Drop what is meant for other formats, unwrap what is meant for this one, drop notes that lost their call."""
    for element in list(root.iter(f"{H}*")):
        wanted = element.get("data-format")
        if wanted is None or "only" not in (element.get("class") or "").split():
            continue
        if format_name in re.split(r"[\s,;]+", wanted):
            unwrap(element)
        else:
            drop(element)
    for image in root.iter(f"{H}img"):
        image.attrib.pop("data-diagram", "")
    called = {ref.get("data-note") for ref in note_calls(root)}
    for note in list(notes(root)):
        if note.get("id") not in called:
            remove(note)
    return root


def drop_gone(root: Element) -> None:
    """Drop what is meant for no format: the places of parts that are only in other editions."""
    for element in list(root.iter(f"{H}*")):
        if element.get("data-format") == "" and "only" in (element.get("class") or "").split():
            drop(element)


def drop(element: Element) -> None:
    """Take an element out, and what held nothing else: its paragraph, item, list, figure; a term with no meaning."""
    parent, before, after = element.getparent(), element.getprevious(), element.getnext()
    remove(element)
    if local(element) == "dd" and before is not None and local(before) == "dt":
        if after is None or local(after) == "dt":
            drop(before)
    elif parent is not None and parent.getparent() is not None and _is_emptied(parent):
        drop(parent)


def _is_emptied(element: Element) -> bool:
    """Whether an element that has lost a part is now empty. Cells stay, and places that links may lead to."""
    if local(element) not in _EMPTIED or (element.get("id") and local(element) in ("span", "div", "a")):
        return False
    within = [child for child in element if local(child) != "figcaption"]
    return not within and not (element.text or "").strip() and not any((child.tail or "").strip() for child in element)
