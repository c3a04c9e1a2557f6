"""Emoji for pages of one ink: colours of skin go, keycaps and flags become what they say in a box.

No font of one ink sets a digit into a key (`1️⃣`), or two letters as a flag; each part by itself is a sign that nobody
wants to see (Unicode UTS #51 §1.4.6, §2.4).
"""

from __future__ import annotations

import re

_SKIN = re.compile("(?<=[\u2600-\u27bf\U0001f000-\U0001faff])[\U0001f3fb-\U0001f3ff]")
_KEYCAP = "([0-9#*])\ufe0f?\u20e3"
_FLAG = "([\U0001f1e6-\U0001f1ff]{2})"
_BOXED = re.compile(f"{_KEYCAP}|{_FLAG}")
# A drawing's own text, a tag, or what is to be boxed.
_TOKEN = re.compile(rf"<svg\b.*?</svg>|<[^>]*>|{_KEYCAP}|{_FLAG}", re.DOTALL)
_HEADS = re.compile('data-(?:title|book)="[^"]*"')  # what running heads say, where no box is
# Without any of these there is nothing to do, as in most books: skin, the key's frame, the letters of flags.
_ASKED = frozenset(map(chr, (0x20E3, *range(0x1F3FB, 0x1F400), *range(0x1F1E6, 0x1F200))))
_LETTER = 0x1F1E6 - ord("A")
_BODY = "<body"


def in_one_ink(html: str) -> str:
    """A page's HTML with its emoji as one ink shows them."""
    if _ASKED.isdisjoint(html):
        return html
    html = _SKIN.sub("", html)
    if not _BOXED.search(html):
        return html
    head, body, text = html.partition(_BODY)
    return head + body + _TOKEN.sub(_boxed, text)


def _boxed(token: re.Match[str]) -> str:
    if token[0].startswith("<"):
        return _HEADS.sub(lambda found: _BOXED.sub(_said, found[0]), token[0])
    return f'<span class="keycap">{_said(token)}</span>'


def _said(found: re.Match[str]) -> str:
    return found[1] or "".join(chr(ord(letter) - _LETTER) for letter in found[2])
