"""What was drawn, what a machine reads or says, typed as text: code without a fence, of which every space is shown.

Each kind is told by what every line of it has; a line of Chinese among them, and the block is text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from publish.source.reading.rows import ReadingNotes, Row, fenced

# An edge of a box with a corner at both its ends: of signs of ASCII, of those that are made for it.
_EDGE = re.compile(r"\+(?:-{2,}|={2,})\+|[┌╔╭][^\n]*[┐╗╮]|[└╚╰][^\n]*[┘╝╯]")
# Where a line forks amid a row of names, and what stands below it: ─┬─ 光祖
_FORK = re.compile(r"\S[ \u3000]*[─━][┬┐┤┼]")
_BELOW = re.compile(r"[ \u3000]{2,}[│├└┌┤┘]")
_SLANTS = re.compile(r"[ \u3000]*[／/][ \u3000]*[＼\\][ \u3000]*")
# A table of pandoc's, whose cells may span rows.
_GRID_EDGE = re.compile(r"[ \t]*\+(?:[-=:]+\+)+[ \t]*")
_GRID = re.compile(r"[ \t]*[+|].*[+|][ \t]*")
_SECTION = re.compile(r"\[[A-Za-z][\w .:/-]*\][ \t]*")
_VALUE = re.compile(r"[A-Za-z][\w.-]*[ \t]*=(?!=)[ \t]*\S.*")
_REMARK = re.compile(r"(?:#+|;)[ \t]*\S.*")
# A command behind what a shell shows before it; a formula, $ x $, has a dollar at its end.
_PROMPT = re.compile(
    r"[ ]{0,3}(?:\$[ ](?=[a-z./~][^\u3400-\u9fff]*)(?!.*[^\s]?\$(?![A-Za-z_({?]))"
    r"|[A-Z]:\\[^<>\n]*>|PS [A-Z]:\\[^<>\n]*>|\[\w+@[\w.-]+ [^\]\n]*\][#$] |\w+@[\w.-]+:[~/][^\s#$]*[#$] "
    r"|mysql> |>>> (?=(?:import|from|print|def|for|with) ?[A-Za-z(]|[a-z_][a-z0-9_.]*(?: = |\()))[ ]?\S"
)
_TRACE = re.compile(r"Traceback \(most recent call last\):[ \t]*|Exception in thread \".*")
_CALLED = re.compile(r"[ \t]+at [\w.$<>/]+\(.*\)[ \t]*")
_OPENS = re.compile(r"[^\u3400-\u9fff|>]*[\w\"')\]]?[ \t]*\{[ \t]*(?:(?://|#).*)?")
_IN_BRACES = re.compile(r"[ \t]*(?:(?:#|//|/\*|\*).*|.*[{};,(\[][ \t]*(?:(?:#|//).*)?|[)\]}]+[;,]?)[ \t]*")
_OTHERS_OWN = re.compile(r"(?:import|export)\b|\{[%{<]|@\w|:::")
_HAN = re.compile(r"[\u3400-\u9fff]")
_PROSE = re.compile(r"[\u3400-\u9fff“「《（]")
_LEADS = re.compile(r"[：:][ \t]*$")
_RAW = re.compile(r"<(?P<end>/?)(?:pre|script|style|textarea|code)\b", re.IGNORECASE)
_CODE = re.compile(r" {4}| {0,3}\t")
_LEAST = 3  # lines of a drawing, of settings
# What one line at least of each kind has: looked for first, in all lines at once.
_HINT = re.compile(
    r"[┬┐┤┼┘╝╯╗╮／]|\+--|\+==|^ {0,3}(?:\$ |PS |[A-Z]:\\|mysql>|>>> |\[[A-Za-z]|Traceback|Exception)|^[ \t]+at "
    r"|\w@[\w.-]+(?::| [^\]\n]*\])|\{[ \t]*$",
    re.MULTILINE,
)


def unfenced(rows: list[Row], ledger: ReadingNotes) -> list[Row]:
    """The rows with a fence around each drawing, each file of settings, each command and report of a program."""
    hinted = _hinted(rows)
    if not hinted:
        return rows
    out: list[Row] = []
    at, raw, formula = 0, False, False
    while at < len(rows):
        end = fenced(rows, at)
        if end > at or not rows[at].text.strip():
            end = max(end, at + 1)
            out += rows[at:end]
            at = end
            continue
        run = [*takewhile(lambda row: row.text.strip() and not row.text.lstrip().startswith("```"), rows[at:])]
        run = run or [rows[at]]
        tags = [found for row in run for found in _RAW.finditer(row.text)]
        dollars = sum(row.text.count("$$") for row in run) % 2 == 1
        plain = not (raw or formula or tags or dollars) and not hinted.isdisjoint(range(at, at + len(run)))
        out += _framed(run, ledger) if plain else run
        raw = not tags[-1]["end"] if tags else raw
        formula ^= dollars
        at += len(run)
    return out


def _hinted(rows: Sequence[Row]) -> set[int]:
    """The places of the rows of which code could be told."""
    found = _HINT.search
    whole = "\n".join(row.text for row in rows)
    return {at for at, row in enumerate(rows) if found(row.text)} if found(whole) else set()


def _framed(run: Sequence[Row], ledger: ReadingNotes) -> list[Row]:
    """The lines of a block, those that are code in a fence; the line above them may say what they are."""
    texts = [row.text for row in run]
    if all(_CODE.match(text) for text in texts):  # it is code already
        return list(run)
    led = 1 if len(run) > 1 and _LEADS.search(texts[0]) and not _TRACE.match(texts[0]) else 0
    for kind, tell in _KINDS:
        if count := tell(texts[led:]):
            inner = run[led : led + count]
            ledger.name("code without a fence", inner[0].line, "")
            edge = " " * min(len(row.text) - len(row.text.lstrip(" ")) for row in inner)
            mark = f"{edge}{'`' * 3}"
            before = [*run[:led], inner[0].with_text("")] if led else []
            behind = [inner[-1].with_text(""), *_framed(run[led + count :], ledger)] if len(run) > led + count else []
            return [*before, inner[0].with_text(mark + kind), *inner, inner[-1].with_text(mark), *behind]
    first = next((at for at, text in enumerate(texts) if at and _PROMPT.match(text)), 0)
    if first and all(map(_PROSE.match, texts[:first])):  # what they are for stands above the commands
        return [*run[:first], run[first].with_text(""), *_framed(run[first:], ledger)]
    return list(run)


def _drawn(texts: Sequence[str]) -> int:
    """How many lines are boxes, and what leads from one to another; a table of + and | is pandoc's to read."""
    if any("```" in text or text.lstrip().startswith((">", "#")) for text in texts) or len(texts) < 2:  # noqa: PLR2004
        return 0
    forked = all(_FORK.search(text) or _BELOW.match(text) for text in texts)
    if forked and any(map(_BELOW.match, texts)) and any(map(_FORK.search, texts)):
        return len(texts)
    if any(map(_SLANTS.fullmatch, texts)) and all(text[0] in " \u3000" for text in texts):
        return len(texts)
    boxed = len(texts) >= _LEAST and sum(1 for text in texts if _EDGE.search(text)) > 1
    grid = _GRID_EDGE.fullmatch(texts[0]) and all(map(_GRID.fullmatch, texts))
    return len(texts) if boxed and not grid else 0


def _settings(texts: Sequence[str]) -> int:
    """How many lines are a program's settings: names of sections, values, remarks."""
    sections, values = (sum(1 for text in texts if one.fullmatch(text)) for one in (_SECTION, _VALUE))
    known = all(_SECTION.fullmatch(text) or _VALUE.fullmatch(text) or _REMARK.fullmatch(text) for text in texts)
    return len(texts) if len(texts) >= _LEAST and sections and values and known else 0


def _commands(texts: Sequence[str]) -> int:
    """How many lines from the first on are commands, and what is no Chinese below them."""
    if not texts or not _PROMPT.match(texts[0]):
        return 0
    return len([*takewhile(lambda text: _PROMPT.match(text) or not _HAN.search(text), texts)])


def _report(texts: Sequence[str]) -> int:
    """How many lines tell where a program has failed."""
    if len(texts) > 1 and (_TRACE.match(texts[0]) or _CALLED.match(texts[1])) and not _OTHERS_OWN.match(texts[0]):
        return len(texts)
    return 0


def _braced(texts: Sequence[str]) -> int:
    """How many lines are what stands between braces, as programs have it."""
    whole = "".join(texts)
    if len(texts) < _LEAST or not _OPENS.fullmatch(texts[0]) or _OTHERS_OWN.match(texts[0].lstrip()):
        return 0
    closed = texts[-1].strip().rstrip(";,)") == "}" and whole.count("{") == whole.count("}")
    return len(texts) if closed and all(map(_IN_BRACES.fullmatch, texts)) else 0


_KINDS = (("", _drawn), ("ini", _settings), ("", _commands), ("", _report), ("", _braced))
