"""Code between a blog's tags, as fenced code: a pass over all lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from publish.source.reading.rows import FENCE, ReadingNotes, Row, fenced

# The tags of blogs around code: Hexo's and Jekyll's of Liquid, Hugo's; what is before the code names it.
_CODE_TAG = re.compile(
    r"^[ \t]*(?:\{%-?[ \t]*(?P<liquid>codeblock|code|highlight)\b(?P<words>[^%]*?)-?%\}"
    r"|\{\{[<%][ \t]*(?P<hugo>highlight)\b(?P<said>[^%>]*?)[>%]\}\})[ \t]*$"
)
_CODE_TAG_ENDS = r"^[ \t]*(?:\{{%-?[ \t]*end{0}[ \t]*-?%\}}|\{{\{{[<%][ \t]*/[ \t]*{0}[ \t]*[>%]\}}\}})[ \t]*$"
_KEYED = re.compile(r"https?://\S+(?:\s+[^\s:]+)?(?=\s|$)|\b(?!title=)\w+[:=]\S+|\btitle=")


def tagged(rows: list[Row], ledger: ReadingNotes) -> list[Row]:
    """What stands between a blog's tags of code, as fenced code; in such tags around a fence the fence is enough."""
    if not any("{%" in row.text or "{{" in row.text for row in rows):
        return rows
    out: list[Row] = []
    while len(out) < len(rows):
        at = len(out)
        end = fenced(rows, at)
        out += rows[at:end]
        found = _CODE_TAG.match(rows[at].text) if end == at else None
        last = _end_of_tag(rows, at, found["liquid"] or found["hugo"]) if found else at
        if found and last > at:
            out += _as_fence(rows[at : last + 1], found, ledger)
        elif end == at:
            out.append(rows[at])
    return out


def _end_of_tag(rows: Sequence[Row], at: int, name: str) -> int:
    closing = re.compile(_CODE_TAG_ENDS.format(name))
    return next((number for number in range(at + 1, len(rows)) if closing.match(rows[number].text)), at)


def _as_fence(rows: Sequence[Row], found: re.Match[str], ledger: ReadingNotes) -> list[Row]:
    """The rows of a tag, its code and its end, as many rows of fenced code."""
    inner = rows[1:-1]
    for row in (rows[0], rows[-1]):
        ledger.name("a tag around code", row.line, row.text)
    words = (found["words"] or found["said"] or "").strip()
    if any(FENCE.match(row.text) for row in inner):
        return [rows[0].with_text(""), *_with_title(inner, words), rows[-1].with_text("")]
    mark = "`" * 3
    opening = rows[0].with_text(mark + _info(words, titled=found["liquid"] in ("code", "codeblock")))
    return [opening, *inner, rows[-1].with_text(mark)]


def _with_title(rows: Sequence[Row], words: str) -> list[Row]:
    """Fenced code with the title that a tag around it gives it, where it has none: {% code title="a.js" %}."""
    title = re.search(r"\btitle=\"([^\"]+)\"", words)
    at = next(number for number, row in enumerate(rows) if FENCE.match(row.text))
    if not title or "title" in rows[at].text:
        return list(rows)
    bare = rows[at].text.rstrip()
    opening = bare + ("text" if bare.endswith(("`", "~")) else "") + f" {title[0]}"
    return [*rows[:at], rows[at].with_text(opening), *rows[at + 1 :]]


def _info(words: str, *, titled: bool) -> str:
    """What is said behind a fence: Hexo begins with a title and has lang:x; the others begin with the language."""
    if not titled:
        return words
    keyed = re.search(r"\blang(?:uage)?[:=][\"']?([\w+#.-]+)", words)
    title = " ".join(_KEYED.sub("", words).replace('"', "").split())
    language = keyed[1] if keyed else ""
    return f'{language or "text"} title="{title}"' if title else language
