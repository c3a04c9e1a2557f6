"""Passes over all lines before their blocks are told: spaces, items, HTML, TeX and tables as a reader wants them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from publish.han import IDEOGRAPHS
from publish.source.reading.apart import are_hanging, are_outlined, are_stepped, is_columned, signs, spread
from publish.source.reading.commonmark import fence_behind
from publish.source.reading.elements import BLOCKS, EMPTY, OPEN_ENDED
from publish.source.reading.rows import ReadingNotes, Row

_WIDE_LABEL = re.compile(r"^(?P<label> {0,3}\[\^[^\]\s]+\])：[ \t\u3000]*(?=\S)")
TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w-]*)(?:\s[^<>]*?)?(?P<empty>/?)>")
_LABELLED = re.compile(r"^(?P<before>.*)\$\$[ \t]*\((?P<name>[A-Za-z][\w:.-]*)\)[ \t]*$")
_EQUATION = re.compile(r"eq[:-]")
_HARD = re.compile(r"^(?P<mark>[ \t>]*(?:[-*+]|\d{1,9}[.)]|#{1,6}))[ \t]*[\u00a0\u3000][ \t\u00a0\u3000]*(?=\S)")
_WIDE_RULE = re.compile(r"^[ \t\u3000]*(?P<sign>[*_-])(?:[ \t\u00a0\u3000]*(?P=sign)){2,}[ \t\u00a0\u3000]*$")
ITEM = re.compile(r"^(?P<before> {0,8})(?P<mark>[-*+]|(?P<number>\d{1,9})(?P<behind>[.)]))(?P<gap>[ \t]+)(?=\S)")
_LEADS = re.compile(r"^(?:\*\*)?[^\s\d>#|`~*+-][^。！？]{0,30}[：:](?:\*\*)?[ \t]*$")
_WIDE = re.compile(r"^[ \t]*\u3000{2,}(?=\S)")
_DATED = re.compile(r"^(\d{4}(?=\.[ ]\d{1,2}\.[ ]?\d{1,2}(?!\d))|\d{1,3}(?=\.[ ]\d{1,3}\.[ ]\d))\.")
_STEP = re.compile(
    rf"(?:> ?)*[ \t\u3000]+(?:[{IDEOGRAPHS}“‘「『《（—…][^`*_$<>|\\{{}}]{{0,30}}"
    r"|[A-Za-z_][\w.-]*:(?: .*)?|at \S+\(.*|File \".*)$"
    r"|(?:> ?)*[├└│]"
)
_QUOTES = re.compile(r"(?:> ?)+")
_BLANK = " \t>\u3000"


def with_plain_marks(rows: Sequence[Row], ledger: ReadingNotes) -> list[Row]:
    """The lines with a plain space behind the mark of a heading or an item, rules without wide ones; not in code.

    A note's label has a plain colon.
    """
    out: list[Row] = []
    fence = ""
    for row in rows:
        fence = fence_behind(row.text, fence)
        text = row.text
        if not fence and text[:1].isdigit() and _DATED.match(text):  # 2024. 5. 6　晴, 3. 14. 2 版 are no lists in lists
            text = _DATED.sub(r"\1\\.", text)
        if not fence and "]：" in text:  # the colon of an input method behind a note's label
            text = _WIDE_LABEL.sub(r"\g<label>: ", text)
            if text != row.text:
                ledger.name("a full-width colon of a note", row.line, "：")
        if not fence and "$$" in text and (labelled := _LABELLED.match(text)):  # MyST's name of a formula
            name = labelled["name"]
            ledger.name("a block's name", row.line, name)
            text = f"{labelled['before']}$$ {{#{name if _EQUATION.match(name) else 'eq:' + name}}}"
        if not fence and ("\u00a0" in text or "\u3000" in text):
            rule = _WIDE_RULE.match(text)
            text = " ".join(rule["sign"] * 3) if rule else _HARD.sub(r"\g<mark> ", text)
        out.append(row if text == row.text else row.with_text(text))
    return out


def in_their_items(rows: list[Row]) -> list[Row]:
    """Paragraphs that wide spaces indent, between two items of one list, indented as paragraphs of the first are."""
    if not any(_WIDE.match(row.text) for row in rows):
        return rows
    out: list[Row] = []
    item: re.Match[str] | None = None
    for at, row in enumerate(rows):
        found = ITEM.match(row.text)
        if found:
            item = found
        elif item and _WIDE.match(row.text) and _goes_on(item, rows, at):
            if out[-1].text.strip():
                out.append(row.with_text(""))
            out.append(row.with_text(" " * len(item[0].expandtabs(4)) + _WIDE.sub("", row.text)))
            continue
        elif row.text.strip() and not row.text.startswith((" ", "\t", "\u3000")) and not rows[at - 1].text.strip():
            item = None  # a paragraph that ends the list
        out.append(row)
    return out


def addressed(rows: list[Row]) -> list[Row]:
    """Addresses by their names, [1]: https://…, right below a line of text as a block of their own."""
    if not any("]: " in row.text and _ADDRESS.match(row.text) for row in rows):
        return rows
    out: list[Row] = []
    fence = ""
    for row in rows:
        fence = fence_behind(row.text, fence)
        above = out[-1].text if out else ""
        if not fence and above.strip() and "]: " in row.text and _ADDRESS.match(row.text) and "]: " not in above:
            out.append(row.with_text(""))
        out.append(row)
    return out


_ADDRESS = re.compile(r"^ {0,3}\[[^\]\n^]+\]:[ \t]+<?https?://\S+[ \t]*(?:[\"'(].*)?$")


def leading(rows: list[Row]) -> list[Row]:
    """A line that leads to the next list, right below an item of the last, 做法：, as a paragraph between the two.

    So is one of columns or in brackets, 【缺点】: no item goes on with one.
    """
    out: list[Row] = []
    fence, listed = "", False
    for at, row in enumerate(rows):
        fence = fence_behind(row.text, fence)
        if at and not fence and _LEADS.match(row.text) and at + 1 < len(rows):
            above, below = rows[at - 1].text, rows[at + 1].text
            if ITEM.match(below) and not below.startswith(" ") and (ITEM.match(above) or above.startswith("  ")):
                out.append(row.with_text(""))
        elif at and not fence and _stands_alone(row.text) and ITEM.match(rows[at - 1].text):
            out.append(row.with_text(""))
        elif listed and not fence and _CLAUSE.match(row.text):  # 二、填空 is in no item of 一、
            out.append(row.with_text(""))
            listed = False
        listed = bool(row.text.strip()) and (listed or bool(row.text[:1].isdigit() and ITEM.match(row.text)))
        out.append(row)
    return out


_CLAUSE = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）])[^，。；！？]{1,20}$")


def _stands_alone(text: str) -> bool:
    if text.startswith("**"):  # **某公司**　　2019—2020, in a résumé
        return bool(_HEADED.match(text))
    if not text.startswith("【"):
        return ("   " in text or "\t" in text) and not text[0].isspace() and is_columned(text)
    return bool(_IN_BRACKETS.fullmatch(text.rstrip())) or is_columned(text)


_IN_BRACKETS = re.compile(r"【[^【】]{1,12}】")
_HEADED = re.compile(r"\*\*(?=[^\s*])[^*\n]{1,40}\*\*(?:[：:]?[ \t]*$|(?:&emsp;|&nbsp;|\u3000|\t|  )[^。；！？]*$)")


def _goes_on(item: re.Match[str], rows: Sequence[Row], at: int) -> bool:
    """Whether the list of an item goes on behind the indented lines from `at`."""
    behind = (row.text for row in rows[at:] if row.text.strip() and not row.text.startswith(("  ", "\t", "\u3000")))
    other = ITEM.match(next(behind, ""))
    if not other or other["before"] != item["before"]:
        return False
    if item["number"]:
        return other["behind"] == item["behind"] and int(other["number"]) == int(item["number"]) + 1
    return other["mark"] == item["mark"]


def stepped(rows: list[Row]) -> list[Row]:
    """Verse whose lines stand further and further to the right, as lines of verse with their indents."""
    if not any(_STEP.match(row.text) for row in rows):
        return rows
    out: list[Row] = []
    fence, begins = "", True
    while len(out) < len(rows):
        row = rows[len(out)]
        fence = fence_behind(row.text, fence)
        run = [*takewhile(lambda one: one.text.strip(_BLANK), rows[len(out) :])] if begins and not fence else []
        made = _stepped(run, out) if any(_STEP.match(one.text) for one in run) else []
        out += made or [row]
        begins = bool(made) or not row.text.strip(_BLANK) or row.text.startswith("#")
    return out


def _stepped(run: Sequence[Row], above: Sequence[Row]) -> list[Row]:
    """The lines of a run as verse; none where it is not verse, or goes on in a list's item."""
    found = _QUOTES.match(run[0].text)
    mark = found[0] if found else ""
    texts = [row.text.removeprefix(mark) for row in run]
    item = next((row.text for row in reversed(above) if row.text.strip()), "")
    if texts[0].startswith(" ") and (ITEM.match(item) or item.startswith(" ")):
        return []
    outlined = are_outlined(texts)
    if are_hanging(texts) or (outlined and _is_letter(texts)):
        return []
    if not all(row.text.startswith(mark) for row in run) or not (outlined or are_stepped(texts)):
        return []
    if outlined:
        return [row.with_text(f"{mark}| {_apart(spread(text))}") for row, text in zip(run, texts, strict=True)]
    return [row.with_text(f"{mark}| {spread(text)}") for row, text in zip(run, texts, strict=True)]


def _is_letter(texts: Sequence[str]) -> bool:
    """Whether lines have indents that differ only because the last of them stand at the right: a letter's."""
    signed = [*takewhile(lambda count: signs(texts[-count:], ""), range(1, len(texts)))]
    body = texts[: -signed[-1]] if signed else texts
    return bool(signed) and not (are_outlined(body) or are_stepped(texts))


def _apart(text: str) -> str:
    """A line with its runs of spaces as wide as they are."""
    return re.sub(r"(?<=[│├└─|]) +", lambda found: "\u00a0" * len(found[0]), text)


def dedented(rows: list[Row]) -> list[Row]:
    """HTML that is indented inside HTML is HTML and not code."""
    if not any("<" in row.text for row in rows):
        return rows
    out: list[Row] = []
    depth: list[str] = []
    code = ""
    for row in rows:
        text = row.text
        mark = re.match(r"^\s*(`{3,}|~{3,})", text)
        if mark and (not code or mark[1].startswith(code)):
            code = "" if code else mark[1]
        stripped = text.lstrip()
        above = out[-1].text.strip() if out else ""
        inside = depth and "pre" not in depth and not code and text.startswith(("    ", "\t"))
        if inside and (TAG.match(stripped) or stripped.startswith("<!--") or _is_tag(above)):
            out.append(row.with_text(stripped))
        else:
            out.append(row)
        if code or "<" not in text:
            continue
        for found in TAG.finditer(text) if depth or stripped.startswith("<") else ():
            name = found["name"].lower()
            if name not in BLOCKS or name in EMPTY | OPEN_ENDED - {"td", "th", "tr"} or found["empty"]:
                continue
            if not found["end"]:
                depth.append(name)
            elif name in depth:
                del depth[len(depth) - 1 - depth[::-1].index(name) :]
    return out


def _is_tag(text: str) -> bool:
    """Whether a line is no more than tags, at whose foot indented text is text."""
    return text.startswith("<") and not TAG.sub("", text).strip() and TAG.match(text) is not None
