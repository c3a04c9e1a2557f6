"""Plain text, line by line: each line is a block of its own; only quotations reach across."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publish.convert.quotes import running_on

if TYPE_CHECKING:
    from publish.convert.converter import Converter
    from publish.convert.opinion import Verdict
    from publish.convert.phrases import Found
    from publish.convert.runs import Run

_LINE_END = re.compile("(\r\n|\n|\r)")


def convert_lines(text: str, converter: Converter) -> str:
    r"""Convert each line on its own, and keep every line end (\n, \r\n, \r) as it is."""
    parts = _LINE_END.split(text)
    lines = [line for line in parts[::2] if line.strip()]
    running = iter(running_on([(line, ()) for line in lines]))
    parts[::2] = [converter.convert(line, next(running)) if line.strip() else line for line in parts[::2]]
    return "".join(parts)


def explain_lines(text: str, converter: Converter) -> str:
    """What decided, a line each: of a term its pack and the evidence, of a character with a choice form and chance."""
    found = []
    for number, line in enumerate(_LINE_END.split(text)[::2], 1):
        rows = [
            *((run.start, _settled(line, run)) for run in converter.settled(line) if run.origin == "glossary"),
            *((one.start, _term(line, one)) for one in converter.worded(line)),
            *((one.index, _character(one)) for one in converter.explained(line)),
        ]
        found += [f"{number}:{index + 1}: {said}" for index, said in sorted(rows)]
    return "".join(f"{line}\n" for line in found)


def _settled(line: str, run: Run) -> str:
    return f"{line[run.start : run.end]} → {run.text}; the glossary's"


def _term(line: str, one: Found) -> str:
    phrase, term = one.phrase, line[one.start : one.end]
    whose = phrase.pack or "–"
    if not phrase.ambiguous:
        return f"{term} → {phrase.form}; term pack {whose}"
    why = one.why or "–"
    if one.taken:
        return f"{term} → {phrase.form}; term pack {whose}, sense {phrase.when}: {why}"
    return f"{term} stays, not {phrase.form}; term pack {whose}, sense {phrase.when}: {why}"


def _character(one: Verdict) -> str:
    taken, *others = one.forms
    rest = ", ".join(f"{form} {chance:.0%}" for form, chance in others if chance >= _WORTH_SAYING)
    return (
        f"{one.character} → {taken[0]}, {one.chance:.0%} sure"
        + (f" ({rest})" if rest else "")
        + f"; OpenCC {one.opencc}"
        + (f"; neighbours {one.why}" if one.why else "")
    )


_WORTH_SAYING = 0.005
