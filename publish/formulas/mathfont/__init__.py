"""A font for formulas on screens, cut to what a book's formulas hold: many readers' devices have none."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from html import unescape
from pathlib import Path

from publish.cache import NONE, Cache

FAMILY = "Book Math"
FONT, LICENCE = (Path(__file__).with_name(name) for name in ("publish-math.woff2", "LICENSE"))
_MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
_UNSEEN = re.compile(r"<annotation\b.*?</annotation>|<[^>]*>", re.DOTALL)
# What an engine draws though no formula says so: a root's sign, a minus for a hyphen, primes.
_MADE = frozenset(map(ord, " 0123456789√−′″"))
# All but h, which is Planck's constant and has its own place.
_ITALIC = (*range(0x1D434, 0x1D455), *range(0x1D456, 0x1D468), *range(0x1D6A4, 0x1D6A6), *range(0x1D6E2, 0x1D71C))
# A letter alone is set in italics (MathML Core, appendix C.1).
_SLANTED = {int(unicodedata.decomposition(chr(code)).split()[1], 16): code for code in _ITALIC} | {ord("h"): 0x210E}
_FEATURES = ("ssty", "dtls", "flac")  # scripts, dotless letters, flat accents


def characters(markup: Iterable[str]) -> frozenset[int]:
    """The characters that a font must have for the formulas of these pages; none where there is no formula."""
    found = set[int]()
    for page in markup:
        for formula in _MATH.findall(page):
            found.update(map(ord, unescape(_UNSEEN.sub("", formula))))
    return frozenset(found | {_SLANTED[code] for code in found if code in _SLANTED} | _MADE) if found else frozenset()


def cut(points: Iterable[int], *, woff: bool, cache: Cache = NONE) -> bytes:
    """The font with these characters and the pieces that they grow by, as WOFF2 or as OpenType."""
    wanted = sorted(points)
    key = cache.key("formulas' font", wanted, woff)
    data = cache.get(key) if key else None
    if data is None:
        data = _cut(wanted, woff=woff)
        cache.put(key, data)
    return data


def _cut(points: Sequence[int], *, woff: bool) -> bytes:
    import uharfbuzz as hb  # noqa: PLC0415  # loaded only where a book has formulas

    wanted = hb.SubsetInput()
    wanted.unicode_set.update(points)
    wanted.layout_feature_tag_set.clear()
    wanted.layout_feature_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _FEATURES)
    wanted.name_id_set.update((0, 1, 2, 4, 6, 13, 14))
    data = bytes(hb.subset(hb.Face(_packed(FONT.read_bytes(), None)), wanted).blob.data)
    return _packed(data, "woff2") if woff else data


def _packed(data: bytes, flavour: str | None) -> bytes:
    from fontTools.ttLib import TTFont  # noqa: PLC0415  # loaded only where a book has formulas

    font = TTFont(io.BytesIO(data), recalcBBoxes=False, recalcTimestamp=False)
    font.flavor = flavour
    out = io.BytesIO()
    font.save(out, reorderTables=None)
    return out.getvalue()
