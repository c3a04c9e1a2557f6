"""What makes WeasyPrint faster leaves its pages as they were."""

from __future__ import annotations

import io
import math

import pikepdf
import pypdfium2
from weasyprint.layout import inline

from publish.weasy import speed
from publish.weasy.layout import lay_out, write_pdf

CONTENTS = (
    '<html lang="zh-CN"><meta charset="utf-8"><title>题</title><style>@page { size: A5 }'
    'html { font: 10.5pt/18pt "Noto Serif CJK SC" } .heading { font-family: "Noto Sans CJK SC"; font-weight: bold }'
    "a::after { content: leader('·') \"12\" } .wide a::after { letter-spacing: .05em }</style>"
    + "".join(
        f'<p class="{kind}"><a href="#end">第{number}章 {"头发" * number}</a></p>'
        for number in range(9)
        for kind in ("", "heading", "wide")
    )
    + '<p id="end">完'
)


def characters(data):
    """The text of the first page, and the middle of each character in points."""
    page = pypdfium2.PdfDocument(data)[0].get_textpage()
    boxes = [page.get_charbox(number) for number in range(page.count_chars())]
    return page.get_text_bounded(), [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in boxes]


def pieces(data):
    """How many pieces of marked content there are."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        streams = [pikepdf.parse_content_stream(page) for page in pdf.pages]
        return sum(str(each.operator) == "BDC" for stream in streams for each in stream)


def test_the_dots_of_a_leader_are_one_text_and_stand_where_they_stood(monkeypatch):
    joined = write_pdf(lay_out(CONTENTS, {}), "pdf/a-2a")
    monkeypatch.setattr(inline, "handle_leader", speed._handle_leader)
    apart = write_pdf(lay_out(CONTENTS, {}), "pdf/a-2a")
    (text, places), (expected, before) = characters(joined), characters(apart)
    assert text == expected
    assert text.count("·") > 600
    assert all(math.dist(one, other) < 0.05 for one, other in zip(places, before, strict=True))
    assert pieces(joined) < pieces(apart) - 300
