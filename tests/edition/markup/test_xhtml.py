"""XHTML as a tree: its headings and its links."""

from __future__ import annotations

from publish.edition.markup import xhtml

DIV = f'<div xmlns="{xhtml.XHTML}">{{}}</div>'


def test_the_headings_text_is_what_a_reader_sees():
    root = xhtml.read(
        DIV.format(
            '<h1 id="a"><span class="number">第一章</span> 一<ruby>漢<rt>hàn</rt></ruby></h1><h3>x'
            '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>y</mi><annotation>tex</annotation></math></h3>'
        )
    )
    assert [(one.level, one.id, one.label, one.text) for one in xhtml.headings(root)] == [
        (1, "a", "第一章", "一漢"),
        (3, "", "", "xy"),
    ]


def test_links_to_what_a_format_does_not_have_lose_their_address():
    root = xhtml.read(DIV.format('<a href="#a">x</a><a href="#b">y</a><a href="https://z.example">z</a>'))
    xhtml.relink(root, {"a": "p.html#a"}.get)
    assert xhtml.serialize(root) == DIV.format(
        '<a href="p.html#a">x</a><span>y</span><a href="https://z.example">z</a>'
    )
