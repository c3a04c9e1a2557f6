"""Backgrounds that repeat look as WeasyPrint draws them, and cost no pattern and one form for all that look alike."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
from PIL import ImageChops

from publish.weasy.layout import lay_out, plainly, write_pdf

EDGE = 60  # of 255: how much the edge of a tile may differ, which a pattern rounds to pixels
ARROW = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='12'><path d='M1 1h6v8z' fill='teal'/></svg>"
URL = "data:image/svg+xml," + ARROW.replace("<", "%3C").replace(">", "%3E").replace("#", "%23")


def page(css, count=3):
    boxes = "".join(f"<div style='margin-left: {3 * number}px'></div>" for number in range(count))
    style = (
        f"@page {{ size: 300px 400px; margin: 20px }} div {{ height: 50px; width: 40px; margin-bottom: 7px; {css} }}"
    )
    return f"<!doctype html><html lang=zh><style>{style}</style><title>t</title><body>{boxes}"


def pdf_of(html):
    return write_pdf(lay_out(html, {}), "pdf/a-2a")


def grey(data):
    return [sheet.render(scale=4).to_pil().convert("L") for sheet in pypdfium2.PdfDocument(data)]


def drawn(data):
    """How many patterns and forms the pages have at hand."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = {}
        for sheet in pdf.pages:
            for kind in ("/Pattern", "/XObject"):
                found.setdefault(kind, set()).update(sheet.obj.Resources.get(kind, {}).keys())
        return len(found["/Pattern"]), len(found["/XObject"])


@pytest.mark.parametrize(
    "layer",
    [
        "left top / 9px 12px repeat-y",
        "left top / 9px 12px no-repeat",
        "3px 5px / 9px 12px repeat",
        "right bottom / 7px 11px repeat-x",
        "center / 60px 70px repeat",
        "-4px -5px / 9px 12px repeat-y content-box",
    ],
)
def test_tiles_stand_where_weasyprint_sets_them(layer):
    html = page(f'background: url("{URL}") {layer}; border: 3px solid silver; padding: 2px')
    ours = pdf_of(html)
    with plainly():
        stock = pdf_of(html)
    for mine, its in zip(grey(ours), grey(stock), strict=True):
        assert ImageChops.difference(mine, its).getextrema()[1] < EDGE
    assert grey(ours)[0].getextrema()[0] < 255 - EDGE, "something is drawn at all"


def test_boxes_that_look_alike_share_one_form_over_all_pages():
    data = pdf_of(page(f'background: url("{URL}") left top / 9px 12px repeat-y', count=40))
    assert len(pypdfium2.PdfDocument(data)) > 3
    assert drawn(data) == (0, 1)


def test_the_same_drawing_at_another_size_is_another_form():
    layers = f'url("{URL}") 0 0 / 9px 12px repeat-y, url("{URL}") 20px 0 / 18px 24px repeat-y'
    assert drawn(pdf_of(page(f"background: {layers}"))) == (0, 2)


def test_very_many_tiles_are_a_pattern():
    assert drawn(pdf_of(page(f'background: url("{URL}") 0 0 / 2px 2px repeat', count=1)))[0] == 1
