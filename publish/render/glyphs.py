"""Characters that no installed font has a glyph for, with the places where they stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from publish.errors import Place
from publish.findings import Finding
from publish.source.manuscript import Manuscript

# Joiners, variation selectors and the like have no glyph of their own by nature.
_INVISIBLE = ("Cf", "Cc", "Mn", "Me")


def missing_glyphs(manuscript: Manuscript, missing: Mapping[tuple[str, str], Sequence[int]]) -> list[Finding]:
    """A finding for each character that some target could not show; `missing` has code points by (edition, format)."""
    targets: dict[int, list[str]] = {}
    for (edition, format_name), points in missing.items():
        for point in points:
            if unicodedata.category(chr(point)) not in _INVISIBLE:
                targets.setdefault(point, []).append(f"{edition} {format_name}")
    by_place: dict[tuple[Place, tuple[str, ...]], list[int]] = {}
    for point, where in sorted(targets.items()):
        by_place.setdefault((_place(manuscript, chr(point)), tuple(where)), []).append(point)
    return [_finding(place, points, where) for (place, where), points in by_place.items()]


def _finding(place: Place, points: Sequence[int], where: Sequence[str]) -> Finding:
    characters = "".join(map(chr, points))
    codes = ", ".join(f"U+{point:04X}" for point in points)
    problem = f'no font has a glyph for "{characters}" ({codes}), in {", ".join(where)}'
    remedy = "Install a font that has it (emoji: Symbola, Noto Emoji), or use another character; 〓 stands in its place"
    return Finding("glyph-missing", "warning", place, problem, remedy)


def _place(manuscript: Manuscript, char: str) -> Place:
    for file, lines in manuscript.lines.items():
        for number, line in enumerate(lines, 1):
            if char in line:
                return Place(file, number)
    return Place(next(iter(manuscript.lines), ""))
