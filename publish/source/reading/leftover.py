"""Leftovers: marks of our own syntax that a reader would see as text, although their author meant them as markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from publish.han import IDEOGRAPHS
from publish.source.document import Block, Inline
from publish.source.features.notes import SAYS_WHOSE
from publish.source.reading.elements import KNOWN
from publish.source.reading.rows import Met, Row, stretches

HOLE = "\ufffc"  # code, a formula, a note: what a reader sees as one thing
_ATTRIBUTE = r"(?:[.#][A-Za-z][\w:./-]*|[A-Za-z][\w:-]*=(?:\"[^\"\n]*\"|'[^'\n]*'|“[^”\n]*”|[\w.%-]+))"


@dataclass(frozen=True)
class _Kind:
    """A kind of leftover: its name, what it looks like in a reader's text, what it surely holds, and the remedy.

    `begins`: it is one only where its line begins with it.
    """

    name: str
    pattern: re.Pattern[str]
    holds: str
    remedy: str
    begins: bool = False


def _kind(name: str, pattern: str, holds: str, remedy: str, *, begins: bool = False) -> _Kind:
    return _Kind(name, re.compile(pattern, re.MULTILINE), holds, remedy, begins)


_CLOSE = "Close it, or put a backslash before it where it is meant as it stands"
_APART = "Put a blank line before it, or a backslash where it is meant as it stands"
_KINDS: tuple[_Kind, ...] = (
    _kind("a line of colons", r"^[ \t]*:{3,}(?:[ \t]*[^\s:].*)?$", ":::", _APART, begins=True),
    _kind(
        "attributes of nothing",
        rf"(?<![\w$\\^_}}])\{{[ ]*(?=[.#]|[\w:-]+=[\"'“]){_ATTRIBUTE}(?:[ ]+{_ATTRIBUTE})*[ ]*\}}",
        "{",
        "Put them right behind what they are of: [词]{.red}, # 标题 {#id}",
    ),
    _kind(
        "a link in double brackets",
        rf"!?(?<![\w\]\)])\[\[[^\[\]\n]*[A-Za-z{IDEOGRAPHS}][^\[\]\n]*\]\](?!\])",
        "[[",
        "Write it as a link: [词](file.md)",
    ),
    _kind(
        "a picture that is not read",
        r"!\[[^\[\]\n]*\]\([^()\n]*\)?",
        "![",
        "Write its address between < and >: ![词](<my file.png>)",
    ),
    _kind(
        "a link that is not read",
        r"(?<!!)\[[^\[\]\n]+\]\([^\s()]*[/#][^\s()]*\)",
        "](",
        "Write its address between < and >: [词](<my file.md>)",
    ),
    _kind(
        "stars that emphasise nothing",
        rf"(?<![\w*/\\])\*\*(?=[^\s*\w/.、，])|(?<![、，：]\*)\*\*(?=[{IDEOGRAPHS}])"
        rf"|(?<![：:、，,；;（( ][{IDEOGRAPHS}])(?<=[{IDEOGRAPHS}。；！？”）》」』])\*\*(?![\w*])"
        r"|(?<=[，：、])\*\*(?![\w*、，])"
        rf"|\*\*[ \t]+[^*\n]*[{IDEOGRAPHS}][^*\n]*\*\*",
        "**",
        "Write ** right before the first character and right behind the last, or \\* for a star",
    ),
    _kind(
        "full-width marks of Markdown",
        r"^[ \t]*＃{1,6}[^＃\s][^＃\n]*$|＊＊[^＊\s][^＊\n]*＊＊|【\^[^】\n]+】",
        "",
        "Type them without the input method",
    ),
    _kind(
        "a sign of a task that is not read",
        r"^\[[/\-!?>]\] (?=\S)",
        "[",
        "Write [ ] for an open task, [x] for one that is done",
    ),
    _kind(
        "signs of equality that mark nothing",
        r"(?<![A-Za-z0-9=])==[^\s=\n](?:[^=\n]*[^\s=\n])?==(?![A-Za-z0-9=])",
        "==",
        _CLOSE,
    ),
    _kind(
        "a mark of Roam",
        rf"\^\^[^\s^][^^\n]*\^\^|(?<=[{IDEOGRAPHS}])__(?![万仟佰拾千百十元角分年月日号时时付])[^\s_\d][^_\n]*__",
        "",
        "Write ** or == on both sides",
    ),
    _kind(
        "a tag of a forum",
        r"\[/(?:b|i|u|s|url|img|quote|color|size|font|list|code|center|align|hide)\]",
        "[/",
        "Write it in Markdown: **词**, [词](https://…), > 引文",
    ),
    _kind("a wiki's table", r"^\{\|.*|^\|\}$", "|", "Write a table of Markdown, or bring the page in as HTML"),
    _kind("a wiki's emphasis", r"'{3}[^'\n]+'{3}|[“‘]{2}[^”’\n]+[”’]{2}", "", "Write ** on both sides"),
    _kind("a block of another tool", r"\(\((?:[0-9a-f]+-[0-9a-f-]+|[\w-]{9})\)\)", "((", "Write what stands there"),
    _kind("a mark of struck-out text", r"~~[^\s~][^~\n]*~~", "~~", _CLOSE),
    _kind(
        "a line of dashes below no table's head",
        r"^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+\|?[ \t]*$",
        "|",
        "Put a blank line before the table, and its head right above the dashes",
    ),
    _kind(
        "a mark of fenced code", r"(?<!`)`{3,}(?!`)|^[ \t]*~{3,}", "```", "Put it on a line of its own, and close it"
    ),
    _kind("a backtick without its other", r"(?<![`'])`(?![`'])", "`", _CLOSE),
    _kind(
        "a formula that is not read",
        r"(?<!\$)\$\$(?!\$)|\$[^$\n]*\\[A-Za-z]{2,}[^$\n]*\$|\\begin\{\w+\*?\}|\\\((?=[^()\n]*[\\_^])",
        "",
        "Write it between $ and $, without a space inside or a digit behind them, or between two lines of $$",
    ),
    _kind("the marks of a heading within a paragraph", r"(?<=\n)[ \t]*#{1,6}[ \t]+\S.*", "#", _APART, begins=True),
    _kind(
        "a list's item within a paragraph",
        r"(?<=[^\v]\n)[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+\S.*",
        "",
        _APART,
        begins=True,
    ),
    _kind("the mark of a quotation within a paragraph", r"(?<=\n)[ \t]*>(?!=?\d)[ \t]*\S.*", ">", _APART, begins=True),
    _kind(
        "a character's name",
        r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#x[0-9A-Fa-f]{2,6});",
        "&",
        "Type the character itself",
    ),
    _kind(
        "the call of a note that is not there", r"(?<![A-Za-z0-9\\(/.])\[\^[^\]\s]+\](?![+*?{/])|\^\[(?=\S)", "^", ""
    ),
    _kind("a comment that is never closed", r"<!--", "<!--", _CLOSE),
    _kind("a Liquid tag", r"\{%-?[ \t]*\w[^{}%]*%\}", "{%", ""),
    _kind(
        "an emoji's name that nobody knows",
        rf"(?<![\w:/.])(?:(?<=\s)|(?<=^)|(?<=[{IDEOGRAPHS}，。！？]))\:[a-z][a-z0-9_+-]{{2,}}:(?![\w:/])",
        ":",
        "Type the emoji itself",
    ),
    _kind(
        "an element that is not read",
        r"</?(?P<tag>[A-Za-z][\w-]*)(?:\s[^<>]*=[^<>]*)?\s*/?>",
        "<",
        "Close it and quote its attributes, or put it between ` and ` where it is meant as it stands",
    ),
)
REMEDIES = {kind.name: kind.remedy for kind in _KINDS if kind.remedy}
_OF_FORMULA = re.compile(rf"{HOLE}\s*\{{#eq[:-][^{{}}]*\}}\Z")


def leftovers(sources: Sequence[Row], told: Sequence[Met], blocks: Sequence[Block]) -> Iterator[Met]:
    """What stands in a reader's text as it was typed, with its line; nothing of what is `told` already."""
    found = [one for text in units(blocks) for one in _in_unit(text)]
    if not found:
        return
    rows = _prose(sources)
    used: dict[str, int] = {}
    for kind, mark, words in found:
        near = _near(rows, mark, words, begins=kind.begins)
        if not near:  # its author escaped it
            continue
        nth = used.get(words, 0)
        used[words] = nth + 1
        line = near[min(nth, len(near) - 1)]
        if not any(_one_line(mark) in one.words for one in told if abs(one.line - line) <= 1):
            yield Met(kind.name, line, words.strip("\v"))


def _near(rows: Sequence[_Typed], mark: str, words: str, *, begins: bool) -> list[int]:
    """The lines on which a mark stands as it was typed: those with the words around it, else any; none if escaped."""
    mark, words = _one_line(mark), words.strip()
    while True:
        typed = [row.line for row in rows if words in row.text and (not begins or row.begins(mark))]
        if typed or any(words in row.plain for row in rows if row.text != row.plain):
            return typed
        if len(words) <= len(mark) or mark not in words:
            return []
        at = words.index(mark)
        words = words[(at + 1) // 2 : at + len(mark) + (len(words) - at - len(mark)) // 2].strip()


@dataclass(frozen=True)
class _Typed:
    """A line without its code: as it was typed, and without its author's escapes."""

    line: int
    text: str
    plain: str

    def begins(self, mark: str) -> bool:
        """Whether the line begins with a mark."""
        return self.text.lstrip(" \t>").startswith(mark.lstrip(" \t>"))


def _one_line(words: str) -> str:
    """What is looked for in the source: the longest line of it that holds nothing but text."""
    return max(re.split(rf"[{HOLE}\n]", words.strip()), key=len).strip()


def _meant(found: re.Match[str]) -> str:
    """What an escape or a character's name stands for."""
    return found["char"] or html.unescape(found[0])


def _prose(rows: Sequence[Row]) -> list[_Typed]:
    """The lines that stand in no fenced code."""
    out: list[_Typed] = []
    for at, _, code in stretches(rows):
        if not code:
            text = _CODE.sub(HOLE, rows[at].text)
            out.append(_Typed(rows[at].line, text, _ESCAPED.sub(_meant, text)))
    return out


_CODE = re.compile(r"(?<![`\\])(`+)(?!`).+?(?<!`)\1(?!`)")
_ESCAPED = re.compile(r"\\(?P<char>[!-/:-@\[-`{-~])|&#?\w+;")
_BESIDE = 14  # characters on both sides that are told with a mark


def _in_unit(text: str) -> Iterator[tuple[_Kind, str, str]]:
    """The kind of each leftover of a text, its marks, and these with the words around them on their line."""
    for kind in _KINDS:
        if kind.holds and kind.holds not in text:
            continue
        for found in kind.pattern.finditer(text):
            if _is_left(kind.name, found, text):
                before, after = text[max(found.start() - _BESIDE, 0) : found.start()], text[found.end() :][:_BESIDE]
                yield kind, found[0], _EDGE.split(before)[-1] + found[0] + _EDGE.split(after)[0]


_EDGE = re.compile(rf"[{HOLE}\n]")


def _is_left(kind: str, found: re.Match[str], text: str) -> bool:
    """Whether what looks like a leftover is one: attributes of notes and formulas are read later."""
    if kind == "a character's name":
        return html.unescape(found[0]) != found[0]
    if kind == "attributes of nothing":
        of_note = text[: found.start()].endswith(HOLE) and SAYS_WHOSE.match(found[0])
        of_code = found[0].startswith(("{#lst:", "{#lst-"))  # the caption of code (`features.captions`)
        return not of_note and not of_code and not _OF_FORMULA.search(text, 0, found.end())
    if kind == "an element that is not read":
        return found["tag"].lower() in KNOWN and ("=" in found[0] or found[0].startswith("</"))
    return True


# --- a reader's text --------------------------------------------------------------------------------------------------


_TEXT = {"Str": None, "Space": " ", "SoftBreak": "\n", "LineBreak": "\v\n"}
_HOLES = frozenset(["Code", "Math", "RawInline", "Image"])
_WITHIN = frozenset(["Emph", "Strong", "Strikeout", "Underline", "SmallCaps", "Superscript", "Subscript"])
_WITH_ATTRIBUTES = frozenset(["Quoted", "Cite", "Span", "Link"])
_INLINES = frozenset([*_TEXT, *_HOLES, *_WITHIN, *_WITH_ATTRIBUTES, "Note"])
_RAW_CODE = re.compile(r"<(?P<end>/?)(?P<name>code|samp|kbd|tt|pre)\b", re.IGNORECASE)
_FIXED = frozenset(["keep", "uri", "email"])


def units(blocks: Any) -> Iterator[str]:
    """The text of each paragraph, heading, cell and note, its lines as the source has them; code and such are holes."""
    waiting: list[Any] = [blocks]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            if one and isinstance(one[0], dict) and one[0]["t"] in _INLINES:
                words: list[str] = []
                waiting.extend(reversed(_write(one, words)))
                yield "".join(words)
            else:
                waiting.extend(reversed(one))
        elif isinstance(one, dict):
            waiting.append(one.get("c"))


def _write(inlines: Sequence[Inline], words: list[str]) -> list[Any]:
    """Write what a reader sees of inlines; what stands apart from them (notes, descriptions) is returned."""
    apart: list[Any] = []
    code = ""  # the raw element of code that is open
    for one in inlines:
        kind = one["t"]
        if kind == "RawInline" and (found := _RAW_CODE.match(one["c"][1])):
            code = "" if found["end"] and found["name"] == code else code or found["name"] * (not found["end"])
        if code:
            words.append(HOLE)
        elif kind == "Str":
            words.append(one["c"])
        elif kind in _TEXT:
            words.append(_TEXT[kind] or "")
        elif kind in _HOLES or kind == "Note" or (kind in ("Span", "Link") and _FIXED & {*one["c"][0][1]}):
            words.append(HOLE)
            apart += [one["c"]] if kind == "Note" else [one["c"][1]] if kind == "Image" else []
        elif kind == "Link":
            words.append(HOLE)
            apart += _write(one["c"][1], words)
            words.append(HOLE)
        else:
            apart += _write(one["c"] if kind in _WITHIN else one["c"][1], words)
    return apart
