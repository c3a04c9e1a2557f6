"""Makes publish/strokes.tsv: how many strokes a Han character has, as catalogues in Taiwan and Hong Kong count them.

    python scripts/strokes.py STROKE_PM

STROKE_PM: Unicode/Collate/CJK/Stroke.pm of Perl's core module Unicode::Collate 1.31 (Debian: perl-modules-5.36),
which is the collation `zh-u-co-stroke` of Unicode's CLDR: a line FDD0-28nn begins the characters of nn strokes.

A row is a number and the characters that have so many strokes, in the order of their code points.
"""
# a script, not a package

from __future__ import annotations

import sys
from pathlib import Path

OUTPUT = Path(__file__).parent.parent / "publish" / "edition" / "strokes.tsv"
HEAD = """\
# Strokes of Han characters: number, characters. Made by scripts/strokes.py from the collation zh-u-co-stroke of CLDR.
# Copyright 1991-2026 Unicode, Inc. Unicode License V3, https://www.unicode.org/license.txt
"""
_LABEL = "FDD0-28"
_HAN = (range(0x3400, 0xA000), range(0x20000, 0x323B0))


def strokes(module: str) -> dict[int, list[str]]:
    """The characters of each number of strokes; radicals and signs are left out."""
    found: dict[int, list[str]] = {}
    number = 0
    for word in module.partition("__DATA__")[2].partition("__END__")[0].split():
        if word.startswith(_LABEL):
            number = int(word.removeprefix(_LABEL), 16)
        elif "-" not in word and _is_han(int(word, 16)):
            found.setdefault(number, []).append(chr(int(word, 16)))
    return {number: sorted(chars) for number, chars in sorted(found.items())}


def _is_han(point: int) -> bool:
    return point == ord("〇") or any(point in block for block in _HAN)


def main() -> None:
    """Write the table."""
    table = strokes(Path(sys.argv[1]).read_text(encoding="utf-8"))
    rows = [f"{number}\t{''.join(chars)}\n" for number, chars in table.items()]
    OUTPUT.write_text(HEAD + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
