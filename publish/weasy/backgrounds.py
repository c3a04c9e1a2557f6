"""Backgrounds that repeat: each tile is drawn in place, from one form for all that look alike.

WeasyPrint makes a tiling pattern and a form for each box. A manual with thousands of lines of code then has thousands
of both in the resources that all pages share, and a reader's program takes seconds to turn a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import ceil, floor
from typing import Any

from weasyprint import draw
from weasyprint.images import SVGImage

MOST = 64  # tiles; beyond this a pattern is smaller
_REPEATED = ("repeat", "no-repeat")
_CLOSE = 1e-6  # of a tile: less does not count

_stock = draw.draw_background_image


def draw_background_image(stream: Any, layer: Any, style: Any) -> None:
    """Draw a background layer; leave what is not a drawing, or has very many tiles, to WeasyPrint."""
    tiles = _tiles(layer) if isinstance(layer.image, SVGImage) and 0 not in layer.size else None
    if tiles is None:
        _stock(stream, layer, style)
        return
    form = _form(stream, layer, style)
    with stream.artifact(), stream.stacked():
        if not layer.unbounded:
            stream.rectangle(*layer.painting_area)
            stream.clip()
            stream.end()
        for x, y in tiles:
            with stream.stacked():
                stream.transform(e=x, f=y)
                stream.draw_x_object(form)


def _tiles(layer: Any) -> list[tuple[float, float]] | None:
    """Where the visible tiles begin in the painting area; None if they are too many, spaced or rounded."""
    if not set(layer.repeat) <= set(_REPEATED):
        return None
    across, along = list(_along(layer, 0)), list(_along(layer, 1))
    return list(product(across, along)) if len(across) * len(along) <= MOST else None


def _along(layer: Any, axis: int) -> Iterator[float]:
    """Where tiles begin along one axis, in pixels of CSS; one more than `MOST` at the most."""
    start = layer.positioning_area[axis] + layer.position[axis]
    size = layer.size[axis]
    if layer.repeat[axis] == "no-repeat" or layer.unbounded:
        yield start
        return
    near, extent = layer.painting_area[axis], layer.painting_area[axis + 2]
    first, last = floor((near - start) / size + _CLOSE), ceil((near + extent - start) / size - _CLOSE)
    yield from (start + number * size for number in range(first, min(last, first + MOST + 1)))


def _form(stream: Any, layer: Any, style: Any) -> str:
    """The name of the form with a layer's image at its size, drawn once for all pages that share their resources."""
    forms = stream._resources["XObject"]  # noqa: SLF001  # WeasyPrint has no other way to it
    made: dict[tuple[int, float, float], tuple[str, Any]] = vars(forms).setdefault("looks", {})
    width, height = layer.size
    key = id(layer.image), round(width, 3), round(height, 3)
    if key not in made:
        group = stream.add_group(0, 0, width, height)
        del group.extra["Group"]  # blending each tile by itself takes a reader's program twice the time
        layer.image.draw(group, width, height, style)
        made[key] = group.id, layer.image  # kept alive, so that its number stays its own
    return made[key][0]
