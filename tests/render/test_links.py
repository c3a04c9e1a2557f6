"""Addresses on screens: where a browser may break them."""

from __future__ import annotations

from publish.render.links import break_addresses


def shown(markup):
    return break_addresses(markup).replace("<wbr/>", "|")


def test_an_address_may_be_broken_where_pages_break_one():
    link = '<a href="https://example.org/a-b" class="uri">{}</a>'
    text = "https://example.org/very-long/name?x=1&amp;y=2"
    assert shown(link.format(text)) == link.format("https://|example|.org|/very|-long|/name|?x|=1|&amp;y=2")


def test_what_says_no_address_stays_as_it_is():
    for markup in ('<a href="https://example.org/a/b">一本书</a>', "<code>https://example.org/a</code>", "a // b"):
        assert break_addresses(markup) == markup
