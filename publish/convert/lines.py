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
