"""A picture of each finding: its surroundings on the page, with the fault framed in red."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

from publish.check.pdf.faults import PageFinding
from publish.check.pdf.page import Box
from publish.findings import Finding

SCALE = 2.5  # pixels to a point
AROUND = (120, 60)  # points beside the fault, and above and below it
RED = (214, 40, 40)
COLOURS = 64


def draw(path: Path, findings: Sequence[Finding], folder: Path) -> list[Path]:
    """Write a PNG for each finding that has a page, named by number, code and page; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    placed = [(number, one) for number, one in enumerate(findings, 1) if isinstance(one, PageFinding) and one.page]
    shown: tuple[int, Image.Image | None] = (0, None)
    written = []
    with pypdfium2.PdfDocument(path) as pdf:
        for number, one in placed:
            if shown[0] != one.page:
                shown = (one.page, pdf[one.page - 1].render(scale=SCALE).to_pil().convert("RGB"))
            if shown[1] is not None:
                file = folder / f"{number:04}-{one.code}-p{one.page}.png"
                _picture(shown[1], one.box).quantize(COLOURS, method=Image.Quantize.FASTOCTREE).save(
                    file, optimize=True
                )
                written.append(file)
    return written


def _picture(page: Image.Image, box: Box | None) -> Image.Image:
    """The part of a page around a box, with a frame about it; the whole page without one."""
    if box is None:
        return page.copy()
    frame = box.grown(1.5)
    image = page.copy()
    ImageDraw.Draw(image).rectangle([_pixels(one) for one in _corners(frame)], outline=RED, width=3)
    left, top = max(0, box.left - AROUND[0]), max(0, box.top - AROUND[1])
    right, bottom = box.right + AROUND[0], box.bottom + AROUND[1]
    edges = (_pixels(left), _pixels(top), min(page.width, _pixels(right)), min(page.height, _pixels(bottom)))
    if edges[0] >= edges[2] or edges[1] >= edges[3]:  # the fault is outside the page
        return image
    return image.crop(edges)


def _corners(box: Box) -> tuple[float, float, float, float]:
    return max(0, box.left), max(0, box.top), max(0, box.right), max(0, box.bottom)


def _pixels(points: float) -> int:
    return round(points * SCALE)
