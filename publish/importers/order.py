"""The natural order of names: 第2章 before 第10章, 第二章 before 第十章, a README or an index first."""

from __future__ import annotations

import posixpath
import re
from typing import Any

_NUMBERS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = re.compile(r"\d+|(?<=第)[零〇一二两三四五六七八九十百千]+")


def natural(path: str) -> tuple[Any, ...]:
    """A key for natural order: `第2章` before `第10章`, `第二章` before `第十章`; a README or index first."""
    folder, name = posixpath.split(path)
    stem = posixpath.splitext(name)[0]
    steps = [(1, _counted(step)) for step in folder.split("/") if step]
    return (*steps, (0 if stem.lower() in ("readme", "index", "_index") else 1, _counted(stem)))


def _counted(name: str) -> tuple[tuple[int, int, str], ...]:
    parts: list[tuple[int, int, str]] = []
    at = 0
    for match in _NUMERAL.finditer(name):
        parts += [(1, 0, name[at : match.start()].lower())] if match.start() > at else []
        parts.append((0, number_of(match[0]), ""))
        at = match.end()
    return (*parts, (1, 0, name[at:].lower()))


def number_of(numeral: str) -> int:
    """The number that digits or Han numerals write."""
    if numeral.isdecimal():
        return int(numeral)
    total, digit = 0, 0
    for char in numeral:
        if char in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[char], 0
        else:
            digit = _NUMBERS[char] if not digit else digit * 10 + _NUMBERS[char]
    return total + digit
