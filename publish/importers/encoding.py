"""A text file of others, decoded: in the encoding that is found or named, each damaged line told."""

from __future__ import annotations

from dataclasses import dataclass

from publish.encoding import MARKS, find_encoding
from publish.errors import Place, PublishError
from publish.importers.report import Ledger

MOST_DAMAGED = 0.001  # of the characters; more means another encoding, or not a text


@dataclass(frozen=True)
class Decoded:
    """A text and the encoding that it was found to be in."""

    text: str
    encoding: str


NAMED = "Save it as UTF-8, or name it: --with encoding=gb18030"


def decode(data: bytes, name: str, ledger: Ledger, wanted: str = "auto", remedy: str = "Save it as UTF-8") -> Decoded:
    """The text of a file, its lines ended by line feeds. A conversion is noted, and each line with damaged bytes.

    Raises `PublishError` for what is not text in any known encoding.
    """
    encoding = find_encoding(data) if wanted == "auto" else wanted
    mark = next((mark for mark, one in MARKS if one == encoding and data.startswith(mark)), b"")
    text = data[len(mark) :].decode(encoding, "replace") if encoding else ""
    damaged = text.count("\ufffd")
    if not encoding or damaged > MOST_DAMAGED * len(text) + 1 or "\0" in text:
        raise PublishError(
            "this is no text, or one in an encoding that is unknown",
            remedy,
            Place(name),
        )
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if encoding not in ("utf-8", "ascii"):
        ledger.decide("encoding-converted", 1, encoding, "UTF-8", "the file was found to be in it")
    for number, line in enumerate(text.split("\n"), 1):
        if "\ufffd" in line:
            ledger.unread("encoding-damaged", number, line.strip(), f"bytes that are not {encoding}, shown as \ufffd")
    return Decoded(text, encoding)
