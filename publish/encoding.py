"""The encoding of a text, found by its bytes: UTF-8, UTF-16, GB18030, Big5, and what charset-normalizer knows."""

from __future__ import annotations

import codecs
import re
from functools import cache

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Chinese encodings, tried whether charset-normalizer names them or not.
_WIDE = ("utf-16-le", "utf-16-be")
CHINESE = ("gb18030", "big5hkscs", *_WIDE)
# What they are called by people and by iconv.
NAMES = {"gb18030": "GB18030", "big5hkscs": "Big5-HKSCS", "utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE"}
# What every Chinese text has plenty of: function words of both scripts, punctuation, line ends.
_COMMON = frozenset(
    "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得着著下自之年过過，。、：；？！“”‘’「」『』（）《》…—\u3000\n"
)
_SAMPLE = 200_000  # bytes that are looked at
_LEAST = 0.15  # of function words and marks: real texts have 0.3 to 0.5, wrong readings below 0.1
_PLAIN = 0.8  # of common characters: real texts have 0.9 and more, wrong readings 0.6 at most


def find_encoding(data: bytes) -> str:
    """The encoding that bytes are in, by Python's name; "" for none that fits. UTF-8 may have damaged places."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        damaged_end = error.start > len(data) - 4
    else:
        return "utf-8" if b"\0" not in data[:_SAMPLE] else _best(data, _WIDE) or _by_zeros(data[:_SAMPLE])
    named = _named(data)
    best = _best(data, (*CHINESE, "utf-8", *named))
    if damaged_end and len(data) > 4 and best not in CHINESE:  # noqa: PLR2004  # the text was cut in a character
        return "utf-8"
    return best or (named[0] if named else "")


def _by_zeros(data: bytes) -> str:
    """UTF-16 of Latin text: every other byte is zero."""
    half = len(data) // 2
    shares = {"utf-16-le": data[1::2].count(0) / max(1, half), "utf-16-be": data[::2].count(0) / max(1, half)}
    return next((one for one, share in shares.items() if share > 0.5), "")  # noqa: PLR2004  # more than half


def called(encoding: str) -> str:
    """An encoding's name for people, which iconv knows too."""
    return NAMES.get(encoding, encoding.upper().replace("_", "-"))


def _named(data: bytes) -> list[str]:
    from charset_normalizer import from_bytes  # noqa: PLC0415  # few texts are in anything but UTF-8

    return [one.encoding for one in from_bytes(data[:_SAMPLE], threshold=0.6)]


def _best(data: bytes, encodings: tuple[str, ...]) -> str:
    """The encoding in which the text is likeliest Chinese; empty where it is in none."""
    scores = {one: _likeness(data[:_SAMPLE], one) for one in dict.fromkeys(encodings)}
    best = max(scores, key=lambda one: scores[one])
    return best if scores[best] > _LEAST else ""


def _likeness(data: bytes, encoding: str) -> float:
    """How much of a text is what Chinese texts have plenty of: function words, and characters that are in daily use."""
    text = data.decode(encoding, "ignore" if len(data) == _SAMPLE else "replace")
    visible = re.sub(r"[\x20-\x7e\r\n\t]", "", text)
    wrong = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or char < " " for char in visible)
    plain = sum(char in _daily() or char in _COMMON for char in visible) / max(1, len(visible))
    words = (sum(char in _COMMON for char in visible) - 10 * wrong) / max(1, len(visible))
    return words + plain if plain >= _PLAIN else words


@cache
def _daily() -> frozenset[str]:
    """The characters of daily use by their standards: the first levels of GB/T 2312 and of Big5."""
    first = ((lead, trail) for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF))
    other = ((lead, trail) for lead in range(0xA4, 0xC7) for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    return frozenset(
        bytes(pair).decode(encoding, "ignore")
        for pairs, encoding in ((first, "gb2312"), (other, "big5"))
        for pair in pairs
    )
