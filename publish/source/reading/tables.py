"""Tables that were pasted, set in or typed too narrow, as tables: passes over all lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from publish.han import IDEOGRAPH
from publish.source.reading.commonmark import fence_behind
from publish.source.reading.passes import ITEM
from publish.source.reading.rows import ReadingNotes, Row, stretches

DELIMITERS = re.compile(r"^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_IN_ITEM = re.compile(r"^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?=\|)")
_NO_BAR = re.compile(r"`[^`]*`|\\\||\$[^$|]*\$")
_WITH_BARS = re.compile(r"\$(?![\s$])([^$\n]*?\|[^$\n]*?)(?<![\s\\])\$")
_TABBED = re.compile(r"^(?![ \t]*(?:[-*+>#|]|\d{1,9}[.)])[ \t])[^\t]*\t[^\t]*\t")


def pasted(rows: list[Row], ledger: ReadingNotes) -> list[Row]:
    """Rows of a table that was pasted, as many tabs in each, and a table that stands set in by four, as tables."""
    if not any("\t" in row.text or "    |" in row.text for row in rows):
        return rows
    out: list[Row] = []
    fence = ""
    while len(out) < len(rows):
        at = len(out)
        begins = not fence and (not at or not rows[at - 1].text.strip())
        fence = fence_behind(rows[at].text, fence)
        may = begins and _MAY_PASTE.match(rows[at].text)
        run = [*takewhile(lambda row: row.text.strip(), rows[at:])] if may else []
        above = next((row.text for row in reversed(rows[:at]) if row.text.strip()), "")
        if run and _is_pasted(run):
            ledger.name("a table that was pasted", rows[at].line, "")
            cells = [[cell.strip().replace("|", "\\|") for cell in row.text.split("\t")] for row in run]
            made = [row.with_text(f"| {' | '.join(one)} |") for row, one in zip(run, cells, strict=True)]
            dashes = "|" + "---|" * len(cells[0])
            out += [made[0].with_text(f"{made[0].text}\n{dashes}"), *made[1:]]
        elif run and _is_set_in(run) and not (ITEM.match(above) or above[:1].isspace()):
            out += [row.with_text(row.text.strip()) for row in run]
        else:
            out.append(rows[at])
    return [Row(text, row.line) for row in out for text in row.text.split("\n")]


_MAY_PASTE = re.compile(r"[^\t]*\t[^\t]*\t|(?: {4}|\t)[ \t]*\|")
_MANY = 3  # rows and columns of what is surely a table


def _is_pasted(run: Sequence[Row]) -> bool:
    """Whether rows have as many tabs each, two at least, and cells that are no sentences."""
    tabs = {row.text.count("\t") for row in run}
    if (
        len(run) < _MANY
        or run[0].text.startswith("\t")
        or len(tabs) != 1
        or min(tabs) < _MANY - 1
        or not all(_TABBED.match(row.text) for row in run)
    ):
        return False
    cells = [cell.strip() for row in run for cell in row.text.split("\t")]
    return all(not re.search(r"[。！？{};]$", cell) for cell in cells) and 2 * sum(map(bool, cells)) > len(cells)


def _is_set_in(run: Sequence[Row]) -> bool:
    """Whether rows are a table of Chinese words that stands where code would."""
    texts = [row.text.strip() for row in run]
    barred = len(run) > 2 and all(text.startswith("|") and text.endswith("|") for text in texts)  # noqa: PLR2004
    return barred and bool(DELIMITERS.match(texts[1])) and any(map(IDEOGRAPH.search, texts))


def wide_enough(rows: list[Row]) -> list[Row]:
    """Tables whose head or line of dashes has fewer cells than their rows, made as wide as these: none is lost."""
    if not any("|" in row.text and DELIMITERS.match(row.text) for row in rows):
        return rows
    out: list[Row] = []
    for at, end, code in stretches(rows):
        out += rows[at:end]
        dashes = "" if code else rows[at].text
        if at and "|" in dashes and DELIMITERS.match(dashes) and "|" in rows[at - 1].text:
            head = _cells(rows[at - 1].text)
            body = [_barred(row, head) for row in takewhile(lambda row: "|" in row.text, rows[at + 1 :])]
            rows = [*rows[: at + 1], *body, *rows[at + 1 + len(body) :]]
            most = max(_cells(row.text) for row in [rows[at - 1], *body])
            out[-1] = rows[at].with_text(_widened(dashes, most - _cells(dashes), "---"))
            out[-2] = rows[at - 1].with_text(_widened(out[-2].text, most - _cells(rows[at - 1].text), " "))
    return _ended(out)


def _ended(rows: list[Row]) -> list[Row]:
    """The rows with a blank one below each table, where text without a bar stands right below it: that is no row."""
    out: list[Row] = []
    for at, end, code in stretches(rows):
        text, above = rows[at].text, out[-1].text if out else ""
        below = _QUOTES.sub("", text)
        if (
            not code
            and below.strip()
            and "|" not in text
            and "|" in above
            and _is_table(out)
            and not _goes_on(rows[at + 1 : at + 1 + _REACH])
        ):
            quoted = _QUOTES.match(above)
            out.append(rows[at].with_text(quoted[0].rstrip() if quoted else ""))
        out += rows[at:end]
    return out


def _goes_on(rows: Sequence[Row]) -> bool:
    """Whether more rows of the same table stand below a line of text, and none of another."""
    block = [row.text for row in takewhile(lambda row: row.text.strip(" \t>"), rows)]
    return any(text.lstrip(" \t>").startswith("|") for text in block) and not any(map(DELIMITERS.match, block))


_REACH = 40  # lines


def _is_table(rows: Sequence[Row]) -> bool:
    """Whether the rows end with a table, whose line of dashes is the second of their last block."""
    block = [*takewhile(lambda row: "|" in row.text, reversed(rows))]
    return any("|" in row.text and DELIMITERS.match(row.text) for row in block[:-1])


_QUOTES = re.compile(r"[ \t]*(?:>[ \t]?)+")


def _barred(row: Row, cells: int) -> Row:
    """A table's row that has more cells than its head only by the bars of its formulas: $|x|$ is one."""
    if "$" not in row.text or _cells(row.text) <= cells:
        return row
    made = _WITH_BARS.sub(lambda found: "$" + re.sub(r"(?<!\\)\|", r"\\vert ", found[1]) + "$", row.text)
    return row.with_text(made) if _cells(made) == cells else row


def _cells(text: str) -> int:
    """How many cells a table's row has."""
    return _IN_ITEM.sub("", _NO_BAR.sub("", text)).strip(" \t>").removeprefix("|").removesuffix("|").count("|") + 1


def _widened(text: str, by: int, cell: str) -> str:
    bare = text.rstrip()
    return text if by <= 0 else bare + ("" if bare.endswith("|") else "|") + f"{cell}|" * by
