"""Boxes that open and close on a screen: the element of HTML for them."""

from __future__ import annotations

from publish.edition.markup.xhtml import Element, H, local, unwrap

_CLOSED = frozenset(["details", "folded"])  # classes of such boxes; in print and in EPUBs they stay open


def disclose(tree: Element) -> None:
    """Make boxes that an author wants closed `details` (HTML §4.11.1), what they are called their `summary`."""
    for box in list(tree.iter(f"{H}div")):
        classes = str(box.get("class") or "").split()
        if "admonition" not in classes or not _CLOSED & {*classes} or not len(box):
            continue
        title = box[0]
        if local(title) != "div" or "title" not in str(title.get("class") or "").split():
            continue
        box.tag, title.tag = f"{H}details", f"{H}summary"
        if "open" in classes:
            box.set("open", "open")
        for paragraph in title.findall(f"{H}p"):
            if paragraph.get("id") and not title.get("id"):
                title.set("id", str(paragraph.get("id")))
            unwrap(paragraph)
