"""The encoding of a text file, detected: UTF-8, UTF-16, GB18030, Big5 and whatever else charset-normalizer knows."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from publish.errors import Place, PublishError
from publish.importers.report import Ledger

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Chinese encodings, tried whether charset-normalizer names them or not.
_CHINESE = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
# What every Chinese text has plenty of: function words of both scripts, punctuation, line ends.
_COMMON = frozenset(
    "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得着著下自之年过過，。、：；？！“”‘’「」『』（）《》…—\u3000\n"
)
_SAMPLE = 200_000  # bytes that are looked at
MOST_DAMAGED = 0.001  # of the characters; more means another encoding, or not a text


@dataclass(frozen=True)
class Decoded:
    """A text and the encoding that it was found to be in."""

    text: str
    encoding: str


def decode(data: bytes, name: str, ledger: Ledger, wanted: str = "auto") -> Decoded:
    """The text of a file, its lines ended by line feeds. A conversion is noted, and each line with damaged bytes.

    Raises `PublishError` for what is not text in any known encoding.
    """
    encoding = _find(data) if wanted == "auto" else wanted
    mark = next((mark for mark, one in _MARKS if one == encoding and data.startswith(mark)), b"")
    text = data[len(mark) :].decode(encoding, "replace") if encoding else ""
    damaged = text.count("\ufffd")
    if not encoding or damaged > MOST_DAMAGED * len(text) + 1 or "\0" in text:
        raise PublishError(
            "the encoding of this file is unknown",
            "Save it as UTF-8, or name it: --with encoding=gb18030",
            Place(name),
        )
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if encoding not in ("utf-8", "ascii"):
        ledger.decide("encoding-converted", 1, encoding, "UTF-8", "the file was found to be in it")
    for number, line in enumerate(text.split("\n"), 1):
        if "\ufffd" in line:
            ledger.unread("encoding-damaged", number, line.strip(), f"bytes that are not {encoding}, shown as \ufffd")
    return Decoded(text, encoding)


def _find(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        damaged_end = error.start > len(data) - 4
    else:
        return "utf-8" if b"\0" not in data[:_SAMPLE] else _best(data, _CHINESE[2:])
    if damaged_end:
        return "utf-8"
    named = [one.encoding for one in from_bytes(data[:_SAMPLE], threshold=0.6)]
    best = _best(data, (*_CHINESE, "utf-8", *named))
    return best or (named[0] if named else "")


def _best(data: bytes, encodings: tuple[str, ...]) -> str:
    """The encoding in which the text has most of what Chinese texts have plenty of; empty where it has hardly any."""
    scores = {one: _likeness(data[:_SAMPLE].decode(one, "replace")) for one in dict.fromkeys(encodings)}
    best = max(scores, key=lambda one: scores[one])
    return best if scores[best] > 0.15 else ""  # noqa: PLR2004  # real texts have 0.3 to 0.5, wrong readings below 0.1


def _likeness(text: str) -> float:
    visible = re.sub(r"[\x20-\x7e]", "", text)
    wrong = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" for char in text)
    return (sum(char in _COMMON for char in visible) - 10 * wrong) / max(1, len(visible))
