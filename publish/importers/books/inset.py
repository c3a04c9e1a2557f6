"""Lines of a plain text that stand deeper than its paragraphs: verse and letters set in, who signs at the right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from publish.importers.escaping import escape, protect_start
from publish.importers.marks import is_signature

_MARK = "\ue0fa"  # before a run of such lines, until it is written
_DEEPER = 4  # columns beyond the usual indent: two characters
_AT_RIGHT = 12  # columns beyond it, for a signature
_INDENTS = 0.25  # of the lines, where paragraphs have an indent
_MOST = 0.3  # of the lines: more are how the text is laid out


def depth_of(line: str) -> int:
    """The columns of blanks at a line's beginning; a full-width one takes two."""
    blanks = re.match(r"[ \u3000]*", line)
    return sum(2 if char == "\u3000" else 1 for char in blanks[0]) if blanks else 0


def deep_from(depths: Iterable[int]) -> int:
    """From how many columns on lines of such a text are set in; 0 where none are."""
    counts = Counter(depths)
    indented = {one: number for one, number in counts.items() if one > 1}  # headings stand at the margin
    usual = max(indented, key=lambda one: (indented[one], -one), default=0)
    usual = usual if sum(indented.values()) > _INDENTS * counts.total() else 0
    deep = sum(number for one, number in counts.items() if one >= usual + _DEEPER)
    return usual + _DEEPER if 0 < deep <= _MOST * counts.total() else 0


def added(paragraphs: list[str], depth: int, words: str, *, apart: bool) -> None:
    """Add a line that is set in, to the run that the paragraphs end with, or as a new one."""
    row = f"{depth}\t{words}"
    if paragraphs and is_inset(paragraphs[-1]) and not apart:
        paragraphs[-1] += f"\n{row}"
    else:
        paragraphs.append(f"{_MARK}{row}")


def is_inset(paragraph: str) -> bool:
    """Whether a paragraph is a run of lines that are set in."""
    return paragraph.startswith(_MARK)


def set_in(paragraph: str) -> str:
    """The Markdown of such a run: a quotation with its lines, and below it who signs."""
    rows = [row.partition("\t") for row in paragraph.removeprefix(_MARK).split("\n")]
    at = len(rows)
    while at and int(rows[at - 1][0]) >= _AT_RIGHT + _DEEPER and is_signature(rows[at - 1][2]):
        at -= 1
    lines = [protect_start(escape(words)) for _, _, words in rows]
    quoted = [f"> {one}" for one in lines[:at]]
    parts = ["\\\n".join(quoted)] if quoted else []
    parts += ["::: signature\n" + "\\\n".join(lines[at:]) + "\n:::"] if lines[at:] else []
    return "\n\n".join(parts)
