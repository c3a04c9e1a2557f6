"""Which passages begin on which page of a PDF, by the folios that are printed there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pikepdf

from publish.render.pdf.finish import Label
from publish.render.protocol import Folio

MOST = 6  # ids of a page that others may look for: the first that they have stands for the page
_NOTES = ("fn-", "ref-")


def folios(pdf: pikepdf.Pdf, labels: Sequence[Label]) -> tuple[Folio, ...]:
    """The numbered pages of the text, each with the ids of what begins there, from the top down."""
    by_page: dict[tuple[int, int], list[tuple[float, str]]] = {}
    for name, place in _destinations(pdf):
        if not name.startswith(_NOTES) and len(place) > 3:  # noqa: PLR2004  # page, /XYZ, x, y (ISO 32000-1 §12.3.2.2)
            by_page.setdefault(place[0].objgen, []).append((-float(place[3]), name))
    begun = [[name for _, name in sorted(by_page.get(page.obj.objgen, []))][:MOST] for page in pdf.pages]
    ends = [*(label.page for label in labels), len(pdf.pages)]
    return tuple(
        Folio(str(number), tuple(names))
        for label, (first, end) in zip(labels, pairwise(ends), strict=True)
        if label.style == "D"
        for number, names in enumerate(begun[first:end], 1)
    )


def _destinations(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    names = list(pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests", pikepdf.Dictionary()).get("/Names", ()))
    for name, place in zip(names[::2], names[1::2], strict=True):
        yield str(name), list(place)
