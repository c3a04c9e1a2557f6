"""SVG: nothing runs, nothing fetches from outside the file."""

from __future__ import annotations

import pytest
from lxml import etree

from publish.source.pictures.svg import make_harmless

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<script>x</script><path/>", "<path/>"),
        ('<a><set attributeName="xlink:href" to="x"/></a>', "<a/>"),
        ('<rect onclick="x" width="1"/>', '<rect width="1"/>'),
        ('<image href="https://a.example/x.png"/>', "<image/>"),
        ('<image href="data:image/png;base64,AA=="/>', '<image href="data:image/png;base64,AA=="/>'),
        ('<use xlink:href="#a"/>', '<use xlink:href="#a"/>'),
        ('<rect fill="url(#a)"/>', '<rect fill="url(#a)"/>'),
        ('<rect fill="url(https://a.example)"/>', "<rect/>"),
        ("<style>@import 'x';</style>", "<style></style>"),
        ("<style>rect {fill: red}</style>", "<style>rect {fill: red}</style>"),
    ],
)
def test_a_drawing_is_made_harmless(given, expected):
    root = etree.fromstring(SVG.format(given))
    make_harmless(root)
    assert etree.tostring(root, encoding="unicode") == SVG.format(expected)
