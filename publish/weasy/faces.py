"""Faces used for Han alone: marks and Western letters come from the next family of the list.

A free Kai has the right ideographs of all three regions and one region's marks for all of them, beside the Western
letters of a typewriter. A rule for fontconfig takes both away from it (fonts-conf(5): `charset`, target `font`), and
adds no ideograph that the face has not: 説, which Hong Kong writes and its Kai lacks, comes from the next family.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from weasyprint.text.ffi import ffi, fontconfig, pangoft2
from weasyprint.text.fonts import FontConfiguration

# Radicals, 〇, and the blocks of ideographs (Unicode 15, Blocks.txt).
HAN = ((0x2E80, 0x2FDF), (0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))


def configuration(families: Sequence[str]) -> FontConfiguration:
    """WeasyPrint's font configuration, in which these families have nothing but Han."""
    made = FontConfiguration()
    config = getattr(made, "_config", None)  # WeasyPrint has no public way to it; without it the faces stay whole
    if config is not None:
        for family in families:
            fontconfig.FcConfigParseAndLoadFromMemory(config, _rule(family), True)
        pangoft2.pango_fc_font_map_config_changed(ffi.cast("PangoFcFontMap *", made.font_map))
    return made


def _rule(family: str) -> bytes:
    root = Element("fontconfig")
    match = SubElement(root, "match", target="font")
    test = SubElement(match, "test", name="family", compare="eq")
    SubElement(test, "string").text = family
    edit = SubElement(match, "edit", name="charset", mode="assign")
    has = SubElement(edit, "minus")  # all of it but what is no Han
    SubElement(has, "name").text = "charset"
    other = SubElement(has, "minus")
    SubElement(other, "name").text = "charset"
    han = SubElement(other, "charset")
    for first, last in HAN:
        span = SubElement(han, "range")
        for point in (first, last):
            SubElement(span, "int").text = hex(point)
    head = b'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
    return head + tostring(root)
