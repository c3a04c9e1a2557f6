# ruff: noqa: E501  # markup is read as it stands
"""What a page's look says becomes elements; ruby becomes marks."""

import lxml.html
import pytest

from publish.importers.looks import looks_of, show
from publish.importers.marks import marked

SHEET = ".b{font-weight:bold} span.i{font-style:italic} .u,.v{text-decoration:underline} p.b2{font-weight:bold}"


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ('<p>一<span class="b">二</span></p>', '<p>一<span class="b"><b>二</b></span></p>'),
        ('<p><span class="b i">二</span></p>', '<p><span class="b i"><b><i>二</i></b></span></p>'),
        ('<p><span style="vertical-align:super">2</span></p>', '<p><span style="vertical-align:super"><sup>2</sup></span></p>'),
        ('<p class="b2">段</p>', '<p class="b2">段</p>'),
        ("<p><ruby>汉<rp>(</rp><rt>hàn</rt><rp>)</rp>字<rt>zì</rt></ruby>也</p>", f"<p>{marked('汉', 'hàn')}{marked('字', 'zì')}也</p>"),
        ("<p><ruby><rb>汉</rb><rb>字</rb><rt>hàn</rt><rt>zì</rt></ruby></p>", f"<p>{marked('汉', 'hàn')}{marked('字', 'zì')}</p>"),
    ],
)  # fmt: skip
def test_looks_of_spans_are_elements(markup, wanted):
    root = lxml.html.fragment_fromstring(markup)
    show(root, looks_of(SHEET))
    assert lxml.html.tostring(root, encoding="unicode") == wanted
