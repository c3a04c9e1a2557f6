"""Cuts: a format has what is meant for it, and nothing empty is left of the rest."""

from __future__ import annotations

import pytest

from publish.edition.markup import xhtml
from publish.edition.markup.prune import prune

DIV = f'<div xmlns="{xhtml.XHTML}">{{}}</div>'


@pytest.mark.parametrize(
    ("given", "format_name", "expected"),
    [
        ('<p>a<span class="only" data-format="pdf">b</span>c</p>', "pdf", "<p>abc</p>"),
        ('<p>a<span class="only" data-format="pdf">b</span>c</p>', "epub", "<p>ac</p>"),
        ('<p>a<span class="only" data-format="pdf, epub">b</span>c</p>', "epub", "<p>abc</p>"),
        ('<section class="only" data-format="pdf"><h2>b</h2></section>', "pdf", "<h2>b</h2>"),
        ('<section class="only" data-format="pdf"><h2>b</h2></section>', "epub", ""),
        ('<p><span class="only" data-format="pdf">b</span></p>', "epub", ""),
        ('<p><em><span class="only" data-format="pdf">b</span></em></p>', "epub", ""),
        ('<p><span class="only" data-format="pdf">b</span> <img src="x"/></p>', "epub", '<p> <img src="x"/></p>'),
        (
            '<p id="x"><span id="y"><span class="only" data-format="pdf">b</span></span></p>',
            "epub",
            '<p id="x"><span id="y"></span></p>',
        ),
        ('<ul><li><span class="only" data-format="pdf">b</span></li><li>c</li></ul>', "epub", "<ul><li>c</li></ul>"),
        ('<ul><li><p><span class="only" data-format="pdf">b</span></p></li></ul>', "epub", ""),
        (
            '<figure><span class="only" data-format="pdf"><img src="x"/></span><figcaption>c</figcaption></figure>',
            "epub",
            "",
        ),
        (
            '<dl><dt>a</dt><dd><span class="only" data-format="pdf">b</span></dd><dt>c</dt><dd>d</dd></dl>',
            "epub",
            "<dl><dt>c</dt><dd>d</dd></dl>",
        ),
        (
            '<dl><dt>a</dt><dd><span class="only" data-format="pdf">b</span></dd><dd>d</dd></dl>',
            "epub",
            "<dl><dt>a</dt><dd>d</dd></dl>",
        ),
        (
            '<table><tr><td><span class="only" data-format="pdf">b</span></td></tr></table>',
            "epub",
            "<table><tr><td></td></tr></table>",
        ),
        ('<h1><span class="only" data-format="pdf">b</span></h1>', "epub", "<h1></h1>"),
        (
            '<p>a</p><div class="only" data-format="pdf"><div class="only" data-format="epub">b</div>c</div>',
            "pdf",
            "<p>a</p>c",
        ),
        (
            (
                '<p>a<span class="noteref" data-note="n"></span></p><div class="note" id="n">1</div>'
                '<div class="note" id="m">2</div>'
            ),
            "epub",
            '<p>a<span class="noteref" data-note="n"></span></p><div class="note" id="n">1</div>',
        ),
    ],
)
def test_a_format_has_what_is_meant_for_it_and_nothing_empty(given, format_name, expected):
    root = prune(xhtml.read(DIV.format(given)), format_name)
    assert xhtml.serialize(root) == DIV.format(expected)
