"""HTML's elements, as the reading needs to know them."""

from __future__ import annotations

EMPTY = frozenset("area base br col embed hr img input link meta param source track wbr".split())
# Elements whose end HTML lets an author leave out.
OPEN_ENDED = frozenset("p li dt dd td th tr thead tbody tfoot colgroup option rt rp".split())
VERBATIM = frozenset("pre script style textarea svg math".split())
BLOCKS = frozenset(
    "address article aside blockquote center details dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hgroup hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
# Elements of which a book shows nothing: what stands in one is gone.
DROPPED = frozenset(
    "applet audio base canvas embed frame frameset iframe link map meta noembed noframes noscript object param script "
    "source style template textarea select title track video".split()
)
# Elements in which no tag is read but their own end (WHATWG HTML 13.2.6.2): unclosed, they take all that follows.
RAW_TEXT = frozenset("iframe noembed noframes script style textarea title".split())
KNOWN = (
    EMPTY
    | OPEN_ENDED
    | VERBATIM
    | BLOCKS
    | frozenset(
        "a abbr acronym applet audio b bdi bdo big button canvas caption cite code data datalist del dfn dir em figure "
        "font frame frameset iframe i ins kbd label legend map mark marquee menu noframes noscript object optgroup "
        "output picture progress q ruby s samp select small span strike strong sub sup template time title tt u var "
        "video "
        "body head html nobr dialog meter rb rtc slot".split()
    )
)
