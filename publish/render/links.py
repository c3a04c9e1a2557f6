"""Addresses on screens: a `wbr` where a line may end inside one, as on pages: behind // and before . / ? & and others.

Pages in print do it themselves (`publish.weasy.compose`), by the same places.
"""

from __future__ import annotations

import re
from html import escape, unescape
from itertools import pairwise

from markupsafe import Markup

from publish.render.titles import BREAK
from publish.typography.marks import address_breaks

_LINKED = re.compile(r"(<a\b[^>]*>)([^<]*//[^<]*)(</a>)")


def break_addresses(markup: str) -> Markup:
    """Markup whose links that say their address may be broken where an address may."""
    return Markup(_LINKED.sub(lambda found: found[1] + _broken(found[2]) + found[3], markup))  # noqa: S704  # our own XHTML


def _broken(markup: str) -> str:
    text = unescape(markup)
    places = [0, *sorted(set(address_breaks(text)[1])), len(text)]
    return BREAK.join(escape(text[start:stop], quote=False) for start, stop in pairwise(places))
