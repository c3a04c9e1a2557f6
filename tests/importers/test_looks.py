# ruff: noqa: E501  # markup is read as it stands
"""What a page's look says becomes elements; ruby becomes marks."""

import lxml.html
import pytest

from publish.importers.looks import looks_of, show
from publish.importers.marks import RIGHT, marked

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


def test_short_lines_at_the_right_are_a_division_and_code_by_lines_has_its_ends():
    root = lxml.html.fromstring(
        '<div><p class="sig">小满</p><p align="right">五月</p><section style="text-align: right"><p>另</p></section>'
        f'<p class="sig">{"长" * 31}</p><p align="right">一句话。</p><table><tr><td><p class="sig">格</p></td></tr></table>'
        "<pre><code>a</code><code>b</code></pre></div>"
    )
    show(root, looks_of("p.sig { text-align: right }"))
    right = [one.text_content() for one in root.xpath(f"//div[@class='{RIGHT}']")]
    assert right == ["小满", "五月", "另"]
    assert root.find("pre").text_content() == "a\nb"
