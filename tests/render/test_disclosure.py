"""Disclosure: what an author wants closed opens and closes on a screen."""

from __future__ import annotations

from lxml import etree

from publish.edition.markup import xhtml
from publish.render.disclosure import disclose


def disclosed(markup):
    tree = xhtml.read(f'<section xmlns="http://www.w3.org/1999/xhtml">{markup}</section>')
    disclose(tree)
    return etree.tostring(tree, encoding="unicode").replace(' xmlns="http://www.w3.org/1999/xhtml"', "")[9:-10]


def test_a_closed_box_is_an_element_of_html_and_keeps_the_id_of_its_title():
    box = '<div class="admonition details"><div class="title"><p id="p-1">题</p></div><p>甲</p></div>'
    assert disclosed(box) == (
        '<details class="admonition details"><summary class="title" id="p-1">题</summary><p>甲</p></details>'
    )


def test_a_box_of_any_kind_may_be_closed_or_open():
    box = '<div class="admonition tip folded open"><div class="title">题</div><p>甲</p></div>'
    assert disclosed(box).startswith('<details class="admonition tip folded open" open="open"><summary class="title">')


def test_other_boxes_stay_as_they_are():
    for box in (
        '<div class="admonition tip"><div class="title">题</div><p>甲</p></div>',
        '<div class="admonition details"><p>甲</p></div>',
        '<div class="details"><div class="title">题</div></div>',
    ):
        assert disclosed(box) == box
