"""A PDF beside the web page: its pages as pictures, and where on them each paragraph begins."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

WIDEST = 3200  # pixels of a picture
_pdfium = threading.Lock()  # the library serves one thread at a time


@dataclass(frozen=True)
class Paper:
    """A PDF's pages, (width, height) in points, and where ids stand: (page from 0, share of its height from above)."""

    sheets: tuple[tuple[float, float], ...]
    places: dict[str, tuple[int, float]]


def read_paper(file: Path) -> Paper:
    """Read the sizes of a PDF's pages, and its named destinations, which are the ids of the book."""
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(file: Path, _stamp: int) -> Paper:
    with pikepdf.open(file) as pdf:
        boxes = [[float(number) for number in page.cropbox] for page in pdf.pages]
        numbers: dict[Any, int] = {page.objgen: number for number, page in enumerate(pdf.pages)}
        names = pdf.Root["/Names"].get("/Dests") if "/Names" in pdf.Root else None
        places: dict[str, tuple[int, float]] = {}
        for name, found in pikepdf.NameTree(names).items() if names is not None else ():
            place = _place(found.get("/D") if isinstance(found, pikepdf.Dictionary) else found, numbers, boxes)
            if place is not None:
                places[name] = place
    return Paper(tuple((right - left, top - bottom) for left, bottom, right, top in boxes), places)


def _place(found: Any, numbers: dict[Any, int], boxes: list[list[float]]) -> tuple[int, float] | None:
    """A destination of the kind that names a point (PDF 32000-1 §12.3.2.2), as a share of its page."""
    if not isinstance(found, pikepdf.Array) or len(found) < 4 or found[1] != "/XYZ":  # noqa: PLR2004  # page, kind, x, y
        return None
    number = numbers.get(found[0].objgen)
    if number is None or found[3] is None:
        return None
    _, bottom, _, top = boxes[number]
    return number, round(min(max((top - float(found[3])) / (top - bottom), 0), 1), 4)


def draw(file: Path, number: int, width: int) -> bytes:
    """A page, from 0, as a PNG so many pixels wide. Raises `IndexError` where there is no such page."""
    with _pdfium:
        document = _opened(file, file.stat().st_mtime_ns)
        if not 0 <= number < len(document):
            raise IndexError(number)
        page = document[number]
        scale = min(max(width, 50), WIDEST) / page.get_width()
        image = page.render(scale=scale).to_pil()
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


@lru_cache(maxsize=2)
def _opened(file: Path, _stamp: int) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(file.read_bytes())  # not by its name: the next build replaces the file
