"""Addresses and code on screens: a `wbr` where a line may end inside one, as on pages: behind //, before . / ? and &.

Pages in print do it themselves (`publish.weasy.compose`), by the same places.
"""

from __future__ import annotations

import re
from html import escape, unescape
from itertools import pairwise

from markupsafe import Markup

from publish.render.titles import BREAK
from publish.typography.marks import address_breaks

_LONG = 24  # characters of code in a line; shorter code goes to the next line whole, and the last stays well set
_LINKED = re.compile(r"(<a\b[^>]*>)([^<]*//[^<]*)(</a>)")
_CODE = re.compile(r"<pre\b.*?</pre>|(?P<start><code\b[^>]*>)(?P<code>[^<]+)(?P<end></code>)", re.DOTALL)
_OPTION = re.compile(r"(?<!\S)(--?[A-Za-z][\w-]*)")  # --output: browsers would end a line behind its hyphens
_NEVER = re.compile(r"(?!)")
_JOINTS = re.compile(r"(?<=[0-9A-Za-z)\]}])(?=[/.?&=#%_~:,-][A-Za-z(\[{/])")


def break_addresses(markup: str) -> Markup:
    """Markup whose links that say their address, and long code in a line, may be broken where an address may."""
    linked = _LINKED.sub(lambda found: found[1] + _broken(found[2]) + found[3], markup)
    return Markup(_CODE.sub(_jointed, linked))  # noqa: S704  # our own XHTML


def _jointed(found: re.Match[str]) -> str:
    if not found["code"]:
        return found[0]
    joints = _JOINTS if len(unescape(found["code"])) >= _LONG else _NEVER
    pieces = _OPTION.split(unescape(found["code"]))
    for at, piece in enumerate(pieces):
        parts = [escape(part, quote=False) for part in joints.split(piece)]
        pieces[at] = f'<span class="unbroken">{piece}</span>' if at % 2 else BREAK.join(parts)
    return f"{found['start']}{''.join(pieces)}{found['end']}"


def _broken(markup: str) -> str:
    text = unescape(markup)
    places = [0, *sorted(set(address_breaks(text)[1])), len(text)]
    return BREAK.join(escape(text[start:stop], quote=False) for start, stop in pairwise(places))
