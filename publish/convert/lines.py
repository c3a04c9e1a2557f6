"""Plain text, line by line: each line is a block of its own; only quotations reach across."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publish.convert.quotes import running_on

if TYPE_CHECKING:
    from publish.convert.converter import Converter

_LINE_END = re.compile("(\r\n|\n|\r)")


def convert_lines(text: str, converter: Converter) -> str:
    r"""Convert each line on its own, and keep every line end (\n, \r\n, \r) as it is."""
    parts = _LINE_END.split(text)
    lines = [line for line in parts[::2] if line.strip()]
    running = iter(running_on([(line, ()) for line in lines]))
    parts[::2] = [converter.convert(line, next(running)) if line.strip() else line for line in parts[::2]]
    return "".join(parts)


def explain_lines(text: str, converter: Converter) -> str:
    """What decided of each character with a choice, a line each: its place, its form and chance, the evidence."""
    found = []
    for number, line in enumerate(_LINE_END.split(text)[::2], 1):
        for one in converter.explained(line):
            taken, *others = one.forms
            rest = ", ".join(f"{form} {chance:.0%}" for form, chance in others if chance >= _WORTH_SAYING)
            found.append(
                f"{number}:{one.index + 1}: {one.character} → {taken[0]}, {one.chance:.0%} sure"
                + (f" ({rest})" if rest else "")
                + f"; OpenCC {one.opencc}"
                + (f"; neighbours {one.why}" if one.why else "")
            )
    return "".join(f"{line}\n" for line in found)


_WORTH_SAYING = 0.005
