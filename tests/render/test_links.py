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


def test_long_code_in_a_line_may_be_broken_at_its_joints_and_code_on_lines_of_its_own_may_not():
    code = "<code>export https_proxy=http://127.0.0.1:7890</code>"
    assert shown(code) == "<code>export https|_proxy|=http|://127.0.0.1:7890</code>"
    assert shown("<code>a.b &amp;&amp; very_long.name&lt;T&gt;.of(x)</code>").count("&amp;&amp;") == 1
    assert shown(f"<pre>{code}</pre>") == f"<pre>{code}</pre>"
    assert shown("<code>short_name.py</code>") == "<code>short_name.py</code>"


def test_an_option_of_a_command_is_not_parted_behind_its_hyphens():
    option = '<span class="unbroken">{}</span>'.format
    assert shown("<code>init 书名 --template novel -o ab</code>") == (
        f"<code>init 书名 {option('--template')} novel {option('-o')} ab</code>"
    )
    assert shown("<code>a - 1, x--, &lt;-y</code>") == "<code>a - 1, x--, &lt;-y</code>"
