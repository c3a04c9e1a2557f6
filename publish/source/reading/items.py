"""Items that Markdown takes for text or for another list, as their author meant them: passes over all lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from publish.source.reading.rows import Row, fenced, stretches

_ITEM = re.compile(r"^(?P<indent>[ \t]*)(?:[-*+]|(?P<number>\d{1,9})[.)])(?P<gap>[ \t]+)(?=\S)")
_LETTERED = re.compile(r"^(?: {2}| {4}| {6})[a-z]{1,4}[.)][ ]+\S")  # as Feishu numbers the second level and the third
_FAR = re.compile(r"^(?: {4,}|\t+)(?:[-*+]|\d{1,3}[.)])[ \t]+\S")
_BEGINS = re.compile(r"^(?: {4}|\t)|^[ \t]*(?:#{1,6}[ \t]|>|\||:::|`{3}|~{3}|\$\$|<|\[\^)")


def listed(rows: list[Row]) -> list[Row]:
    """The rows with every item in its list: one that goes on behind a paragraph, those far to the right of a sentence.

    `3. 丙` right below a paragraph behind item 2 is the third; four spaces below a sentence are no reason to be text.
    Two spaces nest an item below one with a number, though CommonMark wants three.
    """
    if not any(_ITEM.match(row.text) for row in rows):
        return rows
    out: list[Row] = []
    last = 0  # the number of the last item without an indent
    inside = False  # whether a list is open here
    at = 0
    while at < len(rows):
        end = fenced(rows, at)
        if end > at:
            out += rows[at:end]
            at = end
            continue
        row = rows[at]
        above = out[-1].text if out else ""
        found = _ITEM.match(row.text)
        if found and not found["indent"]:
            number = int(found["number"] or 0)
            if (above.strip() and not inside and number == last + 1 > 1) or (
                above.strip() and not inside and number > 1 and _heads(above, rows, at, number)
            ):
                out.append(row.with_text(""))
            elif above.strip() and not inside and number > 1:
                found = None
            if found:
                inside, last = True, number
                end = _end(rows, at)
                out += [row, *_nested(rows[at + 1 : end], len(found[0]))] if number else [row]
                at = end if number else at + 1
                continue
        elif found and not row.text.startswith(("    ", "\t")):
            inside = True
        elif not inside and above.strip() and _FAR.match(row.text) and not _BEGINS.match(above):
            end = _far_end(rows, at)
            out += [row.with_text(""), *_to_the_edge(rows[at:end])]
            out += [rows[end].with_text("")] if end < len(rows) and rows[end].text.strip() else []
            at = end
            continue
        elif row.text.strip() and not row.text.startswith((" ", "\t")) and not above.strip():
            inside = False
            last = 0 if row.text.startswith("#") else last
        out.append(row)
        at += 1
    return out


def _heads(above: str, rows: Sequence[Row], at: int, number: int) -> bool:
    """Whether a word stands above items that do not begin with 1: 纵向, below it 2. and 4. of a crossword."""
    below = _ITEM.match(rows[at + 1].text) if at + 1 < len(rows) else None
    more = below and not below["indent"] and below["number"] and int(below["number"]) > number
    return bool(more) and bool(_HEAD.fullmatch(above.strip()))


_HEAD = re.compile(r"[^\s\d*#>|，。；！？,.;!?-][^，。；！？,.;!?]{0,11}")


def _end(rows: Sequence[Row], at: int) -> int:
    """The index behind what is indented below an item."""
    end = at + 1
    for here in range(at + 1, len(rows)):
        text = rows[here].text
        if text.strip() and not text.startswith((" ", "\t")):
            break
        end = here + 1 if text.strip() else end
    return end


def _far_end(rows: Sequence[Row], at: int) -> int:
    deep = _columns(rows[at].text)
    end = at
    while end < len(rows) and rows[end].text.strip() and _columns(rows[end].text) >= deep:
        end += 1
    return end


def _columns(text: str) -> int:
    whole = text.expandtabs(4)
    return len(whole) - len(whole.lstrip(" "))


def _to_the_edge(rows: Sequence[Row]) -> list[Row]:
    deep = _columns(rows[0].text)
    return [row.with_text(row.text.expandtabs(4)[deep:]) for row in rows]


def _nested(rows: Sequence[Row], offset: int) -> list[Row]:
    """The rows below an item with a number; those of items two spaces in are as far in as its text begins."""
    steps = {_columns(row.text) for row in rows if _ITEM.match(row.text) or _LETTERED.match(row.text)}
    if not steps or min(steps) != _TWO or offset != _TWO + 1 or any(step % _TWO for step in steps):
        return list(rows)
    out: list[Row] = []
    for at, end, _ in stretches(rows):
        more = " " * (_columns(rows[at].text) // _TWO)
        out += [row.with_text(more + row.text if row.text.strip() else "") for row in rows[at:end]]
    return out


_TWO = 2
