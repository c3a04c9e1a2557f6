"""A ground for line art: where a reader's page is black, dark lines on a transparent ground cannot be seen."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from PIL import Image, ImageColor, ImageStat

PAPER = "#ffffff"
_FORMATS = {"image/png": "PNG", "image/webp": "WEBP"}
_OPAQUE = 250  # of 255: what an edge that was smoothed falls short of
_CLEAR = 0.02  # the share of a picture that shows the page before it counts as transparent
_LIGHT = 0.8  # of white: art this light was drawn for dark pages, and is seen there
_SVG = "http://www.w3.org/2000/svg"
_DRAWN = frozenset("path rect circle ellipse line polyline polygon text use image".split())
_FIRST = frozenset("title desc metadata defs style".split())
_UNSEEN = frozenset("defs clipPath mask marker pattern symbol linearGradient radialGradient".split())
_FILL = re.compile(r"(?:^|;)\s*fill\s*:\s*([^;]+)")
_NOTHING = ("none", "transparent")


def with_ground(path: Path, media_type: str) -> bytes:
    """A picture's bytes, laid on paper where it is transparent and dark; as they are where it is not."""
    data = path.read_bytes()
    made = _drawing(data) if media_type == "image/svg+xml" else _raster(data, _FORMATS.get(media_type, ""))
    return data if made is None else made


def _raster(data: bytes, kind: str) -> bytes | None:
    with Image.open(io.BytesIO(data)) as image:
        if not kind or not image.has_transparency_data or getattr(image, "is_animated", False):
            return None
        art = image.convert("RGBA")
        alpha = art.getchannel("A")
        clear = sum(alpha.histogram()[:_OPAQUE]) / (art.width * art.height)
        seen = alpha.point(lambda value: 255 if value > 255 - _OPAQUE else 0)
        if clear < _CLEAR or ImageStat.Stat(art.convert("L"), seen).mean[0] > _LIGHT * 255:
            return None
        flat = Image.new("RGBA", art.size, PAPER)
        flat.alpha_composite(art)
        done = flat.convert("RGB").quantize(256) if image.mode == "P" else flat.convert("RGB")
        out = io.BytesIO()
        done.save(out, kind, **({"optimize": True} if kind == "PNG" else {"lossless": True}))
        return out.getvalue()


def _drawing(data: bytes) -> bytes | None:
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError:
        return None
    box = _box(root)
    drawn = list(_seen(root))
    if box is None or not drawn or _covers(drawn[0], box) or all(map(_is_light, drawn)):
        return None
    x, y, width, height = (f"{number:g}" for number in box)
    ground = etree.Element(f"{{{_SVG}}}rect", x=x, y=y, width=width, height=height, fill=PAPER)
    first = next((at for at, one in enumerate(root) if _name(one) not in _FIRST), len(root))
    root.insert(first, ground)
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="utf-8")


def _seen(element: etree._Element) -> Iterator[etree._Element]:
    """What a drawing draws, in order."""
    for child in element:
        if _name(child) in _DRAWN:
            yield child
        elif _name(child) not in _UNSEEN:
            yield from _seen(child)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else "title"


def _box(root: etree._Element) -> tuple[float, ...] | None:
    """The rectangle that a drawing shows: x, y, width, height in its own units."""
    said = re.split(r"[\s,]+", (root.get("viewBox") or f"0 0 {root.get('width')} {root.get('height')}").strip())
    try:
        numbers = tuple(float(one.removesuffix("px")) for one in said)
    except ValueError:
        return None
    return numbers if len(numbers) == 4 else None  # noqa: PLR2004  # SVG 2 §8.6


def _covers(element: etree._Element, box: tuple[float, ...]) -> bool:
    """Whether an element is a filled rectangle as large as the drawing, or a picture, which has a ground of its own."""
    if _name(element) != "rect":
        return _name(element) == "image"
    found = [
        element.get("x") or "0",
        element.get("y") or "0",
        element.get("width") or "0",
        element.get("height") or "0",
    ]
    try:
        sides = [float(one.rstrip("%px")) * (box[at] / 100 if one.endswith("%") else 1) for at, one in enumerate(found)]
    except ValueError:
        return False
    begins = sides[0] <= box[0] and sides[1] <= box[1]
    ends = sides[0] + sides[2] >= box[0] + box[2] and sides[1] + sides[3] >= box[1] + box[3]
    return begins and ends and _fill(element) not in _NOTHING and float(element.get("opacity") or 1) == 1


def _fill(element: etree._Element) -> str:
    """The colour that an element is filled with: its own, or that of the nearest element around it; black else."""
    for one in (element, *element.iterancestors()):
        styled = _FILL.search(one.get("style") or "")
        said = styled[1] if styled else one.get("fill")
        if said and said.strip() != "inherit":
            return said.strip()
    return "black"


def _is_light(element: etree._Element) -> bool:
    """Whether an element can be seen on black: a style sheet of the drawing's own is not read, and counts as dark."""
    colours = [one for one in (_fill(element), element.get("stroke") or "none") if one not in _NOTHING]
    return bool(colours) and all(map(_lightness, colours))


def _lightness(colour: str) -> bool:
    try:
        red, green, blue = ImageColor.getrgb(colour)[:3]
    except ValueError:
        return False
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255 > _LIGHT
