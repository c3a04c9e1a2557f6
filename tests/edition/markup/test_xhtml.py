"""XHTML as a tree: its headings and its links."""

from __future__ import annotations

import re

import pytest
import tinyhtml5

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


def test_a_pattern_of_the_reader_is_made_once(monkeypatch):
    markup = '<p class="a" data-long-name="b">头发<br>里面</p><p id=c>后'
    expected = xhtml.serialize(xhtml.parse(markup, soup=True))
    made = []
    monkeypatch.setattr(
        "tinyhtml5.inputstream.re.compile", lambda *given: made.append(given) or pytest.fail("made again")
    )
    assert xhtml.serialize(xhtml.parse(markup, soup=True)) == expected
    assert made == []


def test_remembered_patterns_are_those_of_the_reader(monkeypatch):
    inputstream = tinyhtml5.inputstream
    markup = "<p a-b='c&amp;d' E=f>&lt;头发</p><!-- x --><svg viewBox='0 0 1 1'/><textarea>\n<a></textarea>"
    monkeypatch.setattr(xhtml, "remember_patterns", lambda: None)
    monkeypatch.setattr(inputstream, "characters_until_regex", {})
    stock = xhtml.serialize(xhtml.parse(markup, soup=True))
    monkeypatch.setattr(inputstream, "characters_until_regex", xhtml._Patterns())
    assert xhtml.serialize(xhtml.parse(markup, soup=True)) == stock
    assert not any(isinstance(key[0], re.Pattern) for key in inputstream.characters_until_regex)
