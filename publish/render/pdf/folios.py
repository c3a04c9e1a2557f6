"""Which passages begin on which page of a PDF, by the folios that are printed there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import pikepdf

from publish.render.pdf.finish import Label
from publish.render.protocol import Folio

MOST = 6  # ids of a page that others may look for: the first that they have stands for the page
_NOTES = ("fn-", "ref-")


def folios(begins: Iterable[tuple[int, float, str]], count: int, labels: Sequence[Label]) -> tuple[Folio, ...]:
    """The numbered pages of the text, each with the ids of what begins there, from the top down.

    `begins` are pages, counted from 0, how far up on them something begins, and its id.
    """
    by_page: dict[int, list[tuple[float, str]]] = {}
    for page, height, name in begins:
        if not name.startswith(_NOTES):
            by_page.setdefault(page, []).append((-height, name))
    begun = [[name for _, name in sorted(by_page.get(page, []))][:MOST] for page in range(count)]
    ends = [*(label.page for label in labels), count]
    return tuple(
        Folio(str(number), tuple(names))
        for label, (first, end) in zip(labels, pairwise(ends), strict=True)
        if label.style == "D"
        for number, names in enumerate(begun[first:end], 1)
    )


def begun(pdf: pikepdf.Pdf) -> Iterator[tuple[int, float, str]]:
    """What begins on which page of a PDF: a page, counted from 0, how far up, and an id."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    names = list(pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests", pikepdf.Dictionary()).get("/Names", ()))
    for name, place in zip(names[::2], names[1::2], strict=True):
        if len(place) > 3:  # noqa: PLR2004  # page, /XYZ, x, y (ISO 32000-1 §12.3.2.2)
            yield pages[place[0].objgen], float(place[3]), str(name)
