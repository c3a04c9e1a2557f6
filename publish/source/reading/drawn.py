"""Line ends of other programs, and lines that are drawn, which Markdown takes for the marks of code: over all lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publish.han import IDEOGRAPH, IDEOGRAPHS
from publish.source.reading.rows import Row, fenced, stretches

# Unicode's end of a line and of a paragraph, Word's end of a line, EBCDIC's next line, the separators of ASCII.
_ALL = "\u2028\u2029\v\u0085\x1c\x1d\x1e"
_ENDS = re.compile(f"[{_ALL}]")
# Amid a sentence, behind more characters than a line has, one is another program's accident.
_AMID = re.compile(rf"[{IDEOGRAPHS}，、][{IDEOGRAPHS}]\Z")
_LINE_OF = 22
_PARAGRAPH = frozenset("\u2029\x1c\x1d")
_LINE = frozenset("\u2028\v\x1e")
_HEADING = re.compile(r"^[ \t>]*#{1,6}[ \t]")
_TILDES = re.compile(r"^ {0,3}~{5,}[ \t]*$")
_PROGRAM = re.compile(r"[{}\[\]<>\\$;=|`]|\w\(|\t")
_MANY = 3  # of the signs of a line that is text one is Han at least


def with_line_ends(rows: list[Row]) -> list[Row]:
    """The rows with a row for each line that another sign than Markdown's ends; code stays as it is."""
    if not any(_ENDS.search(row.text) for row in rows):
        return rows
    out: list[Row] = []
    for at, end, code in stretches(rows):
        if code or not _ENDS.search(rows[at].text):
            out += rows[at:end]
        else:
            out += _parted(rows[at])
    return out


def _parted(row: Row) -> Iterator[Row]:
    """The lines of a row; in a table's cell a line ends with an element."""
    if row.text.lstrip(" \t>").startswith("|"):
        yield row.with_text(_ENDS.sub("<br>", row.text))
        return
    heading = bool(_HEADING.match(row.text))
    parts = re.split(f"({_ENDS.pattern})", row.text.strip(_ALL))
    text = parts[0]
    for sign, after in zip(parts[1::2], parts[2::2], strict=True):
        if len(text) > _LINE_OF and _AMID.search(text[-2:]) and IDEOGRAPH.match(after):
            text += after
            continue
        yield row.with_text(text.rstrip() + "  " if sign in _LINE and text.strip() and not heading else text)
        if sign in _PARAGRAPH or heading:
            yield row.with_text("")
        text = after
    yield row.with_text(text)


def ruled(rows: list[Row]) -> list[Row]:
    """The rows with a rule for each line of tildes that is drawn: none closes it, or between two stands text."""
    if not any(row.text.lstrip(" ").startswith("~~~~") for row in rows):
        return rows
    out: list[Row] = []
    while len(out) < len(rows):
        at = len(out)
        end = fenced(rows, at)
        if end == at:
            alone = rows[at].text.startswith("~~~~") and not rows[at].text.strip(" \t~")
            out.append(rows[at].with_text(_RULE) if alone else rows[at])
        elif _TILDES.match(rows[at].text) and _is_text(rows[at + 1 : end - 1]):
            out += [rows[at].with_text(_RULE), *rows[at + 1 : end - 1], rows[end - 1].with_text(_RULE)]
        else:
            out += rows[at:end]
    return out


_RULE = "* * *"


def _is_text(rows: list[Row]) -> bool:
    """Whether lines between two rows of tildes are Chinese text, and no program nor what one has printed."""
    texts = [row.text for row in rows if row.text.strip()]
    whole = "".join("".join(texts).split())
    return bool(texts) and _MANY * len(IDEOGRAPH.findall(whole)) >= len(whole) and not any(map(_PROGRAM.search, texts))
