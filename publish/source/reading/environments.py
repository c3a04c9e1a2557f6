"""Environments of TeX and formulas over lines, as pandoc reads formulas: a pass over all lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publish.source.features.pseudocode import ENVIRONMENT, PSEUDOCODE
from publish.source.reading.commonmark import DOLLARS, MARK, SPAN, displays
from publish.source.reading.rows import FENCE, ReadingNotes, Row, fenced

_BEGIN = re.compile(r"^[ \t>]*\\begin\{(?P<name>[A-Za-z]+\*?)\}")
# Environments of amsmath, which every page that shows mathematics reads, those too that belong into another.
_FORMULAS = frozenset(
    "equation align gather multline eqnarray alignat flalign displaymath math aligned alignedat gathered split cases"
    " array matrix pmatrix bmatrix vmatrix Bmatrix Vmatrix smallmatrix".split()
)


def environments(rows: list[Row], ledger: ReadingNotes) -> list[Row]:
    """Environments of TeX: formulas are formulas, all others stay as code and are told."""
    if not any("\\begin{" in row.text for row in rows):
        return rows
    out: list[Row] = []
    inside = {line for begun, end in displays([row.text for row in rows]) for line in range(begun, end + 1)}
    at = 0
    formula = False  # one that begins beside other text
    while at < len(rows):
        row = rows[at]
        text = row.text
        if MARK.match(text) and FENCE.match(text):
            behind = fenced(rows, at)
            behind = behind if behind > at else len(rows)  # code that is never closed
            out += rows[at:behind]
            at = behind
            continue
        if not formula and at not in inside and (behind := _over_lines(rows, at)):
            out.append(_in_one_line(rows[at:behind]))
            at = behind
            continue
        if not formula and at not in inside and (behind := _begun_beside(rows, at)):
            out += _by_itself(rows[at:behind])
            at = behind
            continue
        if at not in inside and "$$" in text:
            formula ^= SPAN.sub("", text).count("$$") % 2 == 1
        formula = formula and bool(text.strip())
        found = _BEGIN.match(text) if not formula and at not in inside and "$" not in text else None
        closing = "\\end{" + found["name"] + "}" if found else ""
        end = next((n for n in range(at, min(at + 400, len(rows))) if closing in rows[n].text), None) if found else None
        if found is None or end is None:
            out.append(row)
            at += 1
            continue
        inner = rows[at : end + 1]
        if found["name"].rstrip("*") in _FORMULAS:
            inner = [one for one in inner if one.text.strip()]
            marks = "$$", "$$"
        elif ENVIRONMENT.fullmatch(found["name"]):
            marks = f"```{PSEUDOCODE}", "```"
        else:
            ledger.leave("an environment of TeX", row.line, text.strip())
            marks = "```tex", "```"
            while out and _PREAMBLE.match(out[-1].text):  # what stands above a whole document of TeX
                inner = [out.pop(), *inner]
        out += [
            row.with_text(""),
            row.with_text(marks[0]),
            *inner,
            rows[end].with_text(marks[1]),
            rows[end].with_text(""),
        ]
        at = end + 1
    return out


_PREAMBLE = re.compile(r"\\(?:documentclass|usepackage|title|author|date|newcommand|set\w+)\b")


def _over_lines(rows: list[Row], at: int) -> int:
    """The index behind a formula between single dollars that goes over lines for an environment in it; 0 for none."""
    text = SPAN.sub("", rows[at].text)
    if text.count("$") % 2 == 0 or "$$" in text or text.lstrip().startswith((">", "|")):
        return 0
    begun = "\\begin{" in text.rpartition("$")[2]
    for end in range(at + 1, min(at + 60, len(rows))):
        text = rows[end].text
        if not text.strip() or "$$" in text:
            return 0
        begun = begun or "\\begin{" in text.partition("$")[0]
        if "$" in text:
            return end + 1 if begun else 0
    return 0


def _begun_beside(rows: list[Row], at: int) -> int:
    """The index behind a formula between double dollars that begins beside text or its own, over lines; 0 for none.

    Its lines are none of a list, a table or a poem, however they begin.
    """
    text = SPAN.sub("", rows[at].text)
    if text.count("$$") % 2 == 0 or text.lstrip().startswith((">", "|")):
        return 0
    words, alone = text.rpartition("$$")[2], bool(DOLLARS.match(text))
    for end in range(at + 1, min(at + 60, len(rows))):
        text = rows[end].text
        if not text.strip() or "%" in text or "`" in text:
            return 0
        words += text.partition("$$")[0]
        if "$$" in text:
            behind = text.partition("$$")[2]
            apart = alone and (DOLLARS.match(text) or _MARK_ALONE.fullmatch(behind))
            return end + 1 if "$" not in words and "$$" not in behind and _TEX_SIGN.search(words) and not apart else 0
    return 0


_TEX_SIGN = re.compile(r"\\[A-Za-z]{2}|[\^_]\{")


def _by_itself(rows: list[Row]) -> Iterator[Row]:
    """The rows of such a formula with its dollars on lines of their own, and the text beside them on others."""
    before, _, begun = rows[0].text.rpartition("$$")
    ended, _, behind = rows[-1].text.partition("$$")
    indent = _INDENT.match(rows[0 if not _ITEM_MARK.match(before) else 1].text)
    margin = indent[0] if indent else ""
    if re.search(r"[^\W\d_]", before):
        yield rows[0].with_text(before.rstrip())
        before = margin
    yield rows[0].with_text(f"{before}$$")
    if begun.strip():
        yield rows[0].with_text(margin + begun.strip())
    yield from rows[1:-1]
    mark = _MARK_ALONE.fullmatch(behind) if not _OWN_END.search(ended) else None  # which ends by itself
    if ended.strip() or mark:
        yield rows[-1].with_text(ended.rstrip() + (mark[1] if mark else ""))
    label = _LABEL_BEHIND.match(behind)
    yield rows[-1].with_text(f"{margin}$${label[0] if label else ''}")
    rest = "" if mark else behind[label.end() if label else 0 :].strip()
    if rest:
        yield rows[-1].with_text(margin + rest)


_INDENT = re.compile(r"[ \t]*")
_ITEM_MARK = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_OWN_END = re.compile(r"\\end\{(?:align|alignat|flalign|gather|multline|equation|eqnarray)\*?\}\s*\Z")
_MARK_ALONE = re.compile(r"[ \t]*([，。；、,.;])[ \t]*")
_LABEL_BEHIND = re.compile(r"[ \t]*\{#eq[:-][^\s{}]+\}")


def _in_one_line(rows: list[Row]) -> Row:
    """The rows from the one with a formula's first dollar to that with its last in one, no space beside the dollars."""
    before, _, begun = rows[0].text.rpartition("$")
    ended, _, behind = rows[-1].text.partition("$")
    inner = " ".join(one.strip() for one in (begun, *(row.text for row in rows[1:-1]), ended))
    return rows[0].with_text(f"{before}${inner.strip()}${behind}")
