"""Fonts as fontconfig knows them: the versions of those installed, the file of a face, and a face cut to a text."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

# Words that a font's full name has behind its family's: Noto-Serif-CJK-SC-Bold.
_STYLES = re.compile(
    r"(thin|extralight|light|demilight|regular|book|roman|medium|semibold|demibold|bold|extrabold|black|heavy|oblique|italic)+$"
)
# fontconfig's numbers for the weights of CSS.
WEIGHTS = {"regular": (400, 80), "bold": (700, 200)}
# Licences that let a font go into a book that others copy, as faces state them (name table, ids 13 and 14).
_FREE = re.compile(r"open font licen[cs]e|scripts\.sil\.org/OFL|openfontlicense\.org|Apache License", re.IGNORECASE)
_OFL = re.compile(r"scripts\.sil\.org/OFL|openfontlicense\.org", re.IGNORECASE)
_COPYRIGHT, _FULL_NAME, _LICENCE, _LICENCE_URL = 0, 4, 13, 14
_NAMES = (_COPYRIGHT, 1, 2, 3, _FULL_NAME, 5, 6, _LICENCE, _LICENCE_URL, 16, 17)
# What a line of text needs: vertical forms, kerning, marks, contextual spacing, the narrow apostrophe. Without `locl`,
# which would draw in the forms of all other regions, a subset of a pan-CJK collection is half as large.
_FEATURES = ("ccmp", "chws", "halt", "kern", "liga", "mark", "mkmk", "pwid", "vchw", "vert", "vhal", "vkrn", "vrt2")
_RESTRICTED = 0x0002  # OS/2 fsType: Restricted License embedding
_FS_TYPE = slice(8, 10)  # its place in the table OS/2
_FACE_BITS = 0xFFFF  # fontconfig keeps a named instance of a variable font above these


@dataclass(frozen=True)
class Face:
    """An installed face: its file, its index in a collection, the family by which it was found, its weight in CSS."""

    path: Path
    index: int
    family: str
    weight: int
    variable: bool = False


def versions(families: Iterable[str]) -> dict[str, str]:
    """The version of each font by the name given: a family, or a name as PDF has it. Empty where it is unknown."""
    known = {name: row.version for row in _installed() for name in row.names if row.version}
    found = {}
    for name in families:
        plain = _plain(name)
        found[name] = known.get(plain) or known.get(_STYLES.sub("", plain), "")
    return found


def find(families: Sequence[str], weight: str) -> list[Face]:
    """The upright faces of these families in a weight of `WEIGHTS`, in the order of the families; no substitutes."""
    css, number = WEIGHTS[weight]
    rows = [row for row in _installed() if row.upright and (row.variable or row.weight == number)]
    return [
        Face(row.path, row.index, family, css, row.variable)
        for family in families
        for row in rows
        if _plain(family) in row.names
    ]


def without_bold(families: Sequence[str]) -> str:
    """The first installed of these families, where it has no bold face; empty where it has, or none is known."""
    regular = find(families, "regular")
    if not regular or any(face.family == regular[0].family for face in find(families, "bold")):
        return ""
    return regular[0].family


def has_italic(families: Sequence[str]) -> bool:
    """Whether the first installed of these families has an italic face; also where none of them is known."""
    for family in families:
        faces = [row for row in _installed() if _plain(family) in row.names]
        if faces:
            return not all(row.upright for row in faces)
    return True


def full_width(families: Sequence[str], characters: Iterable[str]) -> frozenset[str]:
    """Those characters that the first installed of these families has, twice as wide as its digits."""
    import uharfbuzz as hb  # noqa: PLC0415  # loaded only where a book has drawn code

    opened = next(map(_opened, find(families, "regular")), None)
    if opened is None:
        return frozenset()
    font = hb.Font(opened)

    def advance(char: str) -> int:
        glyph = font.get_nominal_glyph(ord(char))
        return int(font.get_glyph_h_advance(glyph)) if glyph else 0

    digit = advance("0")
    return frozenset(char for char in characters if digit and advance(char) == 2 * digit)


def may_be_embedded(face: Face, *, chosen: bool) -> bool:
    """Whether a face may go into a book: it is free, or the author chose it and it does not forbid embedding."""
    import uharfbuzz as hb  # noqa: PLC0415  # loaded only where fonts are embedded

    opened = _opened(face)
    if opened is None:
        return False
    licence = f"{opened.get_name(_LICENCE) or ''} {opened.get_name(_LICENCE_URL) or ''}"
    table: hb.Blob = opened.reference_table("OS/2")
    kind = int.from_bytes(bytes(table.data[_FS_TYPE]), "big")
    return bool(_FREE.search(licence)) or (chosen and kind & 0xF != _RESTRICTED)


@dataclass(frozen=True)
class Credit:
    """What a face says of itself: full name, copyright, the address of its licence; empty where it is silent."""

    name: str
    copyright: str
    licence: str


def credit(face: Face) -> Credit:
    """What a face that may be embedded says of itself."""
    opened = _opened(face)
    name, owner, licence = (opened.get_name(one) or "" for one in (_FULL_NAME, _COPYRIGHT, _LICENCE_URL))
    return Credit(name or face.family, owner, licence)


def credit_line(credits_: Sequence[Credit]) -> str:
    """Names and licence, as a colophon has them."""
    names = "、".join(one.name for one in credits_)
    free = credits_ and all(_OFL.search(one.licence) for one in credits_)
    return f"{names}（SIL Open Font License 1.1）" if free else names


def subset(face: Face, characters: Iterable[int]) -> bytes:
    """A face with the glyphs of these code points only, without hints: the same bytes for the same font and text."""
    import uharfbuzz as hb  # noqa: PLC0415  # loaded only where fonts are embedded

    opened = _opened(face)
    wanted = _wanted(characters)
    if face.variable:
        wanted.pin_all_axes_to_default(opened)
        wanted.pin_axis_location(opened, "wght", float(face.weight))
    return bytes(hb.subset(opened, wanted).blob.data)


def slices(data: bytes, parts: Iterable[Iterable[int]]) -> list[bytes]:
    """A font, as `subset` gives it, cut further: a WOFF2 for each of these sets of code points."""
    import uharfbuzz as hb  # noqa: PLC0415  # loaded only where fonts are embedded

    opened: Any = hb.Face(data)
    return [_woff2(bytes(hb.subset(opened, _wanted(part)).blob.data)) for part in parts]


def _wanted(characters: Iterable[int]) -> Any:
    """What HarfBuzz is to keep: these code points' glyphs, the font's names, the features of a line of text."""
    import uharfbuzz as hb  # noqa: PLC0415  # loaded only where fonts are embedded

    wanted = hb.SubsetInput()
    wanted.unicode_set.update(sorted(set(characters)))
    wanted.flags = hb.SubsetFlags.NO_HINTING
    wanted.name_id_set.update(_NAMES)
    wanted.layout_feature_tag_set.clear()
    wanted.layout_feature_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _FEATURES)
    return wanted


def _woff2(data: bytes) -> bytes:
    from fontTools.ttLib import TTFont  # noqa: PLC0415  # loaded only where fonts are embedded

    font = TTFont(io.BytesIO(data), recalcBBoxes=False, recalcTimestamp=False)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out, reorderTables=None)
    return out.getvalue()


def covered(face: Face) -> frozenset[int]:
    """The code points that a face has glyphs for."""
    return frozenset(_opened(face).unicodes)


@cache
def _opened(face: Face) -> Any:
    """The face as HarfBuzz sees it; None for what is no TrueType or OpenType font."""
    import uharfbuzz as hb  # noqa: PLC0415  # loaded only where fonts are embedded

    try:
        opened = hb.Face(hb.Blob.from_file_path(str(face.path)), face.index)
    except (OSError, hb.HarfBuzzError):
        return None
    return opened if opened.glyph_count and "cmap" in opened.table_tags else None


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).lower()


@dataclass(frozen=True)
class _Row:
    """A row of `fc-list`: a face with its families' names, plain."""

    path: Path
    index: int
    names: tuple[str, ...]
    weight: int
    upright: bool
    variable: bool
    version: str


@cache
def _installed() -> tuple[_Row, ...]:
    """All installed faces, in the order of their files; none on machines without fontconfig's `fc-list`."""
    program = shutil.which("fc-list")
    if program is None:
        return ()
    fields = ("file", "index", "family", "weight", "slant", "variable", "fontversion")
    try:
        listed = subprocess.run(
            [program, "--format", "\t".join(f"%{{{name}}}" for name in fields) + "\n"],
            capture_output=True,
            timeout=30,
            check=True,
            encoding="utf-8",
            errors="replace",
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    rows = [row for line in sorted(listed.splitlines()) if (row := _row(line.split("\t")))]
    return tuple(sorted(rows, key=lambda row: (str(row.path), row.index)))


def _row(columns: list[str]) -> _Row | None:
    """A line of the list; None for a named instance of a variable font, which is not a face of its own."""
    path, index, names, weight, slant, variable, version = [*columns, *[""] * 7][:7]
    if not index.isdigit() or int(index) > _FACE_BITS:
        return None
    # fontconfig keeps the version of the table head, a fixed-point number of 16 and 16 bits.
    number = f"{int(version) / 65536:.3f}" if version.isdigit() and int(version) else ""
    return _Row(
        Path(path),
        int(index),
        tuple(_plain(name) for name in names.split(",")),
        round(float(weight)) if re.fullmatch(r"[\d.]+", weight) else 0,
        slant in ("", "0"),
        variable == "True",
        number,
    )
