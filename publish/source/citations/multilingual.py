"""Styles in CSL-M, as those of Chinese journals and universities mostly are, made plain CSL: one for each language.

CSL-M (Juris-M's dialect, which Zotero's citeproc-js reads) has a layout for each language of a source, with `locale`;
pandoc refuses a second layout. A book's citations are set in its language and in a Western one anyway, and each source
takes its own, so that a style for each says the same.
"""

from __future__ import annotations

from lxml import etree

CSL = "{http://purl.org/net/xbiblio/csl}"
# What CSL 1.0.2 has no word for: an institution is named as a person is, and a date has a day wherever it has a year.
_UNKNOWN = frozenset([f"{CSL}institution", f"{CSL}institution-part"])
_CONDITIONS = {"has-day": "variable", "has-year-only": None, "has-to-month-or-season": None, "context": None}


def is_multilingual(root: etree._Element) -> bool:
    """Whether a style is in CSL-M."""
    layouts = root.iter(f"{CSL}layout")
    return any(one.get("locale") for one in layouts) or any(one.tag in _UNKNOWN for one in root.iter())


def for_language(source: bytes, language: str) -> bytes:
    """A style in CSL-M as one in CSL for sources in a language (`zh`, `en`): that layout, or the one for all others."""
    root = etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True))
    for part in list(root):
        layouts = part.findall(f"{CSL}layout")
        if layouts:
            _keep(part, layouts, _chosen(layouts, language))
    for one in [one for one in root.iter() if one.tag in _UNKNOWN]:
        _drop(one)
    for one in root.iter(f"{CSL}if", f"{CSL}else-if"):
        _conform(one)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _chosen(layouts: list[etree._Element], language: str) -> etree._Element:
    """The layout that names a language; else the one that names none, which comes last."""
    named = [one for one in layouts if language in {each.split("-")[0] for each in (one.get("locale") or "").split()}]
    return [*named, *(one for one in layouts if not one.get("locale")), layouts[-1]][0]


def _keep(part: etree._Element, layouts: list[etree._Element], chosen: etree._Element) -> None:
    for one in layouts:
        if one is not chosen:
            part.remove(one)
    chosen.attrib.pop("locale", "")


def _drop(one: etree._Element) -> None:
    parent = one.getparent()
    if parent is not None:
        parent.remove(one)


def _conform(condition: etree._Element) -> None:
    """A condition in words that CSL knows."""
    for name, plain in _CONDITIONS.items():
        value = condition.attrib.pop(name, "")
        if value and plain and plain not in condition.attrib:
            condition.set(plain, value)
    if not set(condition.attrib) - {"match"}:
        condition.set("variable", "note")  # of which hardly a source has any: the condition is not met
