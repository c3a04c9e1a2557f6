"""What a picture says of its maker and its licence: EXIF, XMP, PNG's text, SVG's metadata."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

from lxml import etree
from PIL import Image, UnidentifiedImageError

LONGEST = 300  # characters of a statement
_ARTIST, _COPYRIGHT = 0x013B, 0x8298  # EXIF 2.32, table 4
# Where XMP and SVG's RDF say who and under which licence: local names, the best first.
_CREATOR = ("creator", "Credit", "attributionName", "author")
_LICENCE = ("license", "licence", "UsageTerms", "WebStatement", "rights")
_RDF_RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"


@dataclass(frozen=True)
class Rights:
    """Who made a picture and under which licence, in the picture's own words; empty where it does not say."""

    creator: str = ""
    licence: str = ""


def read_rights(data: bytes) -> Rights:
    """What the bytes of a picture say; nothing where they cannot be read. Never raises for a damaged picture."""
    if b"<svg" in data[:20_000] and data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _of_xml(data)
    try:
        with Image.open(io.BytesIO(data)) as image:
            info: dict[Any, Any] = dict(image.info)
            exif = image.getexif()
            said = Rights(_plain(exif.get(_ARTIST)), _plain(exif.get(_COPYRIGHT)))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, EOFError):
        return Rights()
    xmp = info.get("xmp") or info.get("XML:com.adobe.xmp") or b""
    by_xmp = _of_xml(xmp.encode() if isinstance(xmp, str) else xmp)
    by_text = Rights(
        _plain(info.get("Author") or info.get("Artist")), _plain(info.get("Copyright") or info.get("License"))
    )
    return Rights(by_xmp.creator or said.creator or by_text.creator, by_xmp.licence or said.licence or by_text.licence)


def _plain(value: Any) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")
    return re.sub(r"[\s\0]+", " ", text).strip()[:LONGEST]


def _of_xml(data: bytes) -> Rights:
    if not data or b"<!ENTITY" in data:
        return Rights()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(data.strip(b"\0 \r\n\t"), parser)
    except etree.XMLSyntaxError:
        return Rights()
    return Rights(_said(root, _CREATOR), _said(root, _LICENCE)) if root is not None else Rights()


def _said(root: etree._Element, names: tuple[str, ...]) -> str:
    for name in names:
        for element in root.iter(f"{{*}}{name}"):
            words = _plain(element.get(_RDF_RESOURCE) or " ".join(str(part) for part in element.itertext()))
            if words:
                return words
        for element in root.iter():  # XMP may write a property as an attribute
            for key, value in element.attrib.items():
                if etree.QName(key).localname == name and str(key).startswith("{") and _plain(value):
                    return _plain(value)
    return ""
