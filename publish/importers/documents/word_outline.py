"""The levels of a Word document's headings: from its styles, their names and their outline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from publish.importers.documents.wordml import VAL, W

_DEEPEST = 9


def name_quotations(styles: etree._Element) -> bool:
    """Call the style of quotations that LibreOffice writes as Word and pandoc do; whether there is one."""
    found = [one for one in styles.iter(f"{W}name") if one.get(VAL) == "Quotations"]
    for one in found:
        one.set(VAL, "Quote")
    return bool(found)


class WordOutline:
    """The outline levels of a document's styles, and the styles by which pandoc knows headings."""

    def __init__(self, styles: etree._Element | None) -> None:
        found = list(styles.iter(f"{W}style")) if styles is not None else []
        self._styles = {str(one.get(f"{W}styleId", "")): one for one in found if one.get(f"{W}type") == "paragraph"}
        self._used: set[int] = set()

    def give(self, paragraph: etree._Element) -> bool:
        """Give a paragraph the style of its outline level; False where it has none, or is a heading already."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None or any(above.tag == f"{W}tbl" for above in paragraph.iterancestors()):
            return False
        style = properties.find(f"{W}pStyle")
        level = _level(properties)
        chain = list(self._chain(str(style.get(VAL, "")) if style is not None else ""))
        if any(_is_named(one) for one in chain):
            return False
        if level is None:
            levels = (own for one in chain for own in (_level(one.find(f"{W}pPr")), _by_name(one)))
            level = next((own for own in levels if own is not None), None)
        if level is None or level >= _DEEPEST or not "".join(map(str, paragraph.itertext())).strip():
            return False
        if style is None:
            style = etree.Element(f"{W}pStyle")
            properties.insert(0, style)
        style.set(VAL, f"publishHeading{level + 1}")
        self._used.add(level + 1)
        return True

    def define(self, styles: etree._Element) -> None:
        """Add the styles that were given."""
        for level in sorted(self._used):
            style = etree.SubElement(
                styles, f"{W}style", {f"{W}type": "paragraph", f"{W}styleId": f"publishHeading{level}"}
            )
            etree.SubElement(style, f"{W}name", {VAL: f"heading {level}"})

    def _chain(self, name: str) -> Iterator[etree._Element]:
        """A style and those that it is based on."""
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            based = self._styles[name].find(f"{W}basedOn")
            name = str(based.get(VAL, "")) if based is not None else ""


def _level(properties: etree._Element | None) -> int | None:
    outline = properties.find(f"{W}outlineLvl") if properties is not None else None
    said = outline.get(VAL, "") if outline is not None else ""
    return int(said) if str(said).isdecimal() else None


def _by_name(style: etree._Element) -> int | None:
    """The level that a style's name in Chinese says: 标题 1, which WPS and translated templates write."""
    name = style.find(f"{W}name")
    found = re.fullmatch(r"(?:标题|標題)[ \u3000]*([1-9])", str(name.get(VAL, "")) if name is not None else "")
    return int(found[1]) - 1 if found else None


def _is_named(style: etree._Element) -> bool:
    """Whether pandoc knows a style by its name: a heading, a title, a line of a contents."""
    name = style.find(f"{W}name")
    said = str(name.get(VAL, "")) if name is not None else ""
    return bool(re.match(r"(?:heading|title|subtitle|toc)\b", said, re.IGNORECASE))
