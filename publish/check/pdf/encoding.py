"""From the bytes of a PDF's strings to glyphs: codes, CIDs, Unicode and widths of a font (ISO 32000-1 §9.6, §9.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf
from fontTools import agl
from fontTools.encodings.MacRoman import MacRoman
from fontTools.encodings.StandardEncoding import StandardEncoding

from publish.check.pdf.page import Font

_SUBSET = re.compile(r"^/?(?:[A-Z]{6}\+)?")
# Python's codecs for the legacy predefined CMaps (ISO 32000-1 table 118).
_LEGACY = {
    "GBK": "gbk",
    "GBKp": "gbk",
    "GB": "gb2312",
    "GBpc": "gb2312",
    "GBK2K": "gb18030",
    "ETen": "big5",
    "ETenms": "big5",
    "B5pc": "big5",
    "HKscs": "big5hkscs",
    "90ms": "cp932",
    "90msp": "cp932",
    "EUC": "euc_jp",
    "KSC": "euc_kr",
    "KSCms": "cp949",
}
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(-?\d+)|(\[|\])|([A-Za-z]+)")
_FIXED = re.compile(r"Mono|Courier|Consol|Menlo|Monaco|Typewriter|Code|Cascadia|Hack|LMTT|CMTT", re.IGNORECASE)
_NO_WIDTH = 0.5  # em: for fonts that are not embedded and give no widths
# Names of the glyph for characters that a font lacks; Skia writes g0.
_NOTDEF = frozenset({".notdef", "g0", "glyph0", "cid00000", "gid00000"})


@dataclass(frozen=True, slots=True)
class CharCode:
    """One code of a string: its text, its width in em, whether it is .notdef, whether it is a single byte 32."""

    text: str
    width: float
    missing: bool
    space: bool


class Encoding:
    """How a font of a PDF reads strings; `font` is what the checks know of it."""

    def __init__(self, source: Any) -> None:
        self.subtype = str(source.get("/Subtype", ""))[1:]
        self.composite = self.subtype == "Type0"
        inner = source.DescendantFonts[0] if self.composite else source
        self.font = _font(source, inner, self.subtype)
        self._unicode = _unicode(source.get("/ToUnicode"))
        self._known: dict[bytes, CharCode] = {}
        self.vertical = False
        if self.composite:
            self._composite(source, inner)
        else:
            self._simple(source)

    def codes(self, data: bytes) -> Iterator[CharCode]:
        """The codes of a string."""
        known = self._known
        for raw in self._cut(data):
            code = known.get(raw)
            if code is None:
                code = known[raw] = self._code(raw)
            yield code

    def _composite(self, source: Any, inner: Any) -> None:
        encoding = source.get("/Encoding")
        self.codec = ""
        self._cids: Mapping[bytes, int] | None = None
        if isinstance(encoding, pikepdf.Stream):
            self._cids = _cmap(bytes(encoding.read_bytes()), b"cid")
            self.vertical = int(encoding.get("/WMode", 0)) == 1
        else:
            name = str(encoding or "/Identity-H")[1:]
            self.vertical = name.endswith("-V")
            head = name.partition("-")[0]
            if head.startswith("Uni"):
                self.codec = "utf-8" if "UTF8" in name else "utf-16-be"
            else:
                self.codec = _LEGACY.get(head, "")
        self._default = float(inner.get("/DW", 1000)) / 1000
        self._widths = _cid_widths(inner.get("/W", ()))
        glyphs = inner.get("/CIDToGIDMap")
        self._gids = bytes(glyphs.read_bytes()) if isinstance(glyphs, pikepdf.Stream) else b""

    def _simple(self, source: Any) -> None:
        self.codec = ""
        self._cids = None
        self._names = _names(source.get("/Encoding"))
        first = int(source.get("/FirstChar", 0))
        # A Type 3 font has a space of its own (§9.6.5).
        unit = float(source.FontMatrix[0]) if "/FontMatrix" in source else 0.001
        self._widths = {first + n: float(width) * abs(unit) for n, width in enumerate(source.get("/Widths", ()))}
        descriptor = source.get("/FontDescriptor", {})
        self._default = float(descriptor.get("/MissingWidth", 0)) / 1000 or (0.0 if self._widths else _NO_WIDTH)

    def _cut(self, data: bytes) -> Iterator[bytes]:
        if not self.composite:
            return iter([data[n : n + 1] for n in range(len(data))])
        if self.codec and not self.codec.startswith("utf-16"):
            return _cut_legacy(data, self.codec)
        if self._cids and any(len(key) != 2 for key in self._cids):  # noqa: PLR2004  # bytes of nearly all CMaps
            return _cut_longest(data, self._cids)
        return iter([data[n : n + 2] for n in range(0, len(data), 2)])

    def _code(self, raw: bytes) -> CharCode:
        number = int.from_bytes(raw, "big")
        if not self.composite:
            name = self._names.get(number, "")
            text = self._unicode.get(raw) or agl.toUnicode(name) or ("" if name else chr(number))
            width = self._widths.get(number, self._default)
            return CharCode(text, width, name in _NOTDEF, number == ord(" "))
        text = self._unicode.get(raw, "")
        if self.codec:
            text = text or raw.decode(self.codec, "replace")
            # Without the CMap's own table no CID is known; proportional letters are about half an em.
            return CharCode(text, self._default if text > "\u02ff" else _NO_WIDTH, missing=False, space=raw == b" ")
        cid = number if self._cids is None else self._cids.get(raw, 0)
        gid = int.from_bytes(self._gids[2 * cid : 2 * cid + 2], "big") if self._gids else cid
        return CharCode(text, self._widths.get(cid, self._default), gid == 0, raw == b" ")


def _font(source: Any, inner: Any, subtype: str) -> Font:
    descriptor = inner.get("/FontDescriptor", {})
    name = source.get("/BaseFont") or descriptor.get("/FontName") or source.get("/Name") or ""
    embedded = subtype == "Type3" or any(f"/FontFile{n}" in descriptor for n in ("", "2", "3"))
    ordering = str(inner.get("/CIDSystemInfo", {}).get("/Ordering", ""))
    fixed = bool(_FIXED.search(str(name)))  # the flag FixedPitch is set for most fonts of ideographs
    return Font(_SUBSET.sub("", str(name)), subtype, embedded, ordering, fixed)


def _names(encoding: Any) -> dict[int, str]:
    """The glyph names of a simple font's codes (§9.6.6)."""
    base = encoding.get("/BaseEncoding") if isinstance(encoding, pikepdf.Dictionary) else encoding
    names: dict[int, str] = {}
    if base == "/WinAnsiEncoding":
        text = bytes(range(256)).decode("cp1252", "replace")
        names = {number: f"uni{ord(char):04X}" for number, char in enumerate(text) if char.isprintable()}
    elif base in {"/MacRomanEncoding", "/StandardEncoding"}:
        table = MacRoman if base == "/MacRomanEncoding" else StandardEncoding
        names = {number: name for number, name in enumerate(table) if name != ".notdef"}
    if isinstance(encoding, pikepdf.Dictionary):
        number = 0
        for one in encoding.get("/Differences", ()):
            if isinstance(one, pikepdf.Name):
                names[number] = str(one)[1:]
                number += 1
            else:
                number = int(one)
    return names


def _cid_widths(array: Any) -> dict[int, float]:
    """The array W of a CIDFont (§9.7.4.3), in em."""
    found: dict[int, float] = {}
    items = list(array)
    n = 0
    while n + 1 < len(items):
        first = int(items[n])
        if isinstance(items[n + 1], pikepdf.Array):
            found.update({first + k: float(width) / 1000 for k, width in enumerate(items[n + 1])})
            n += 2
        elif n + 2 < len(items):
            last = min(int(items[n + 1]), 0xFFFF)
            found.update(dict.fromkeys(range(first, last + 1), float(items[n + 2]) / 1000))
            n += 3
        else:
            break
    return found


def _unicode(stream: Any) -> dict[bytes, str]:
    """A ToUnicode CMap: codes to text."""
    if not isinstance(stream, pikepdf.Stream):
        return {}
    found = _cmap(bytes(stream.read_bytes()), b"bf")
    return {code: value for code, value in found.items() if isinstance(value, str)}


def _cmap(data: bytes, kind: bytes) -> dict[bytes, Any]:
    """The mappings of a CMap: of kind `cid` to numbers, of kind `bf` to text (§9.10.3, Adobe Technical Note 5014)."""
    found: dict[bytes, Any] = {}
    for block in re.finditer(rb"begin" + kind + rb"(char|range)(.*?)end" + kind, data, re.DOTALL):
        tokens = [_token(match) for match in _TOKEN.finditer(block[2])]
        if block[1] == b"char":
            for code, value in zip(tokens[::2], tokens[1::2], strict=False):
                _enter(found, code, value, 0)
        else:
            _ranges(found, tokens)
    return found


def _token(match: re.Match[bytes]) -> Any:
    if match[1] is not None:
        digits = b"".join(match[1].split())
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return int(match[2]) if match[2] is not None else bytes(match[0]).decode()


def _ranges(found: dict[bytes, Any], tokens: list[Any]) -> None:
    n = 0
    while n + 2 < len(tokens):
        first, last, value = tokens[n : n + 3]
        if not (isinstance(first, bytes) and isinstance(last, bytes)):
            n += 1
            continue
        start = int.from_bytes(first, "big")
        count = min(int.from_bytes(last, "big") - start + 1, 0x10000)
        if value == "[":
            end = tokens.index("]", n) if "]" in tokens[n:] else len(tokens)
            for k, one in enumerate(tokens[n + 3 : end]):
                _enter(found, (start + k).to_bytes(len(first), "big"), one, 0)
            n = end + 1
        else:
            for k in range(count):
                _enter(found, (start + k).to_bytes(len(first), "big"), value, k)
            n += 3


def _enter(found: dict[bytes, Any], code: Any, value: Any, offset: int) -> None:
    if isinstance(code, bytes) and isinstance(value, int):
        found[code] = value + offset
    elif isinstance(code, bytes) and isinstance(value, bytes):
        text = value.decode("utf-16-be", "replace")
        found[code] = text[:-1] + chr(min(ord(text[-1]) + offset, 0x10FFFF)) if text else ""


def _cut_legacy(data: bytes, codec: str) -> Iterator[bytes]:
    """A string cut where its codec cuts it."""
    text = data.decode(codec, "replace")
    position = 0
    for char in text:
        length = len(char.encode(codec, "replace"))
        yield data[position : position + length]
        position += length


def _cut_longest(data: bytes, known: Mapping[bytes, int]) -> Iterator[bytes]:
    """A string cut by the codes of its CMap, the longest first."""
    lengths = sorted({len(key) for key in known}, reverse=True)
    position = 0
    while position < len(data):
        length = next((one for one in lengths if data[position : position + one] in known), lengths[-1])
        yield data[position : position + length]
        position += length
