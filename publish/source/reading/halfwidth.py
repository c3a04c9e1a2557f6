"""Half-width marks between Chinese words, and the lines with the marks that belong there (GB/T 15834—2011)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from publish.han import IDEOGRAPHS
from publish.source.reading import Reading

_FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", ".": "。"}
# What is none of the text, or not to be touched: code, formulas, addresses, tags, attributes, names in brackets.
_FIXED = re.compile(
    r"\\[A-Za-z]+(?:\{(?:[^{}\n]|\{[^{}\n]*\})*\})+"
    r"|(?<!`)(?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`)|\$\$.+?\$\$|\$[^$\n]+\$"
    r"|\\\(.+?\\\)|<!--.*?-->|</?[A-Za-z][^<>\n]*>"
    r"|<[a-z]+:[^<>\s]*>|\]\((?:<[^<>\n]*>|[^()\n]|\([^()\n]*\))*\)|\]\[[^\[\]\n]*\]|\{[^{}\n]*\}|!?\[\[[^\[\]\n]*\]\]"
    r"|\[[^\[\]\n@]*(?<![A-Za-z0-9_.])@[^\[\]\n]*\]|\[\^[^\]\s]+\]:?|(?:https?|ftp)://[^\s，。；：！？、（）《》“”]+|www\.\S+|\{%.*?%\}|:[a-z0-9_+-]+:"
    r"|(?<=\\)[!-/:-@\[-`{-~]"
)
_BEFORE = rf"(?<=[{IDEOGRAPHS}”’」』》】〉）％℃])(?:[*_~]*)"
_AFTER = rf"(?=[*_~]*(?:[ \t]*(?:[{IDEOGRAPHS}“‘「『《【〈（]|$)|[”’」』》】）]|[\"'][ \t]*(?:$|[{IDEOGRAPHS}])))"
_MARK = re.compile(
    rf"{_BEFORE}(?P<mark>[,;:!?])(?![,;:!?.]){_AFTER}|{_BEFORE}(?P<stop>\.)(?=[*_~]*(?:[”’」』）\"']|[ \t]|$))(?!\.)"
)
_BESIDE = re.compile(rf"(?<=\ufffc)(?P<mark>[,;])(?=[ \t]?[{IDEOGRAPHS}])")  # behind code
_BRACKETS = re.compile(rf"(?<=[{IDEOGRAPHS}])\((?P<inner>[^()\n]*[{IDEOGRAPHS}][^()\n]*)\)")
_NUMBER = re.compile(r"^[\s>*_#+-]*(?:[一二三四五六七八九十百甲乙丙丁第节節章条條部]{1,5}|\S{1,2})$")
# GB/T 7714 sets half-width marks in lists of literature.
_LITERATURE = re.compile(
    r"\[(?:[JMCDRNSPGAZ]|DB|CP|EB|DS|CM)(?:/(?:OL|CD|MT|DK))?\]|出版社\s*[,，]\s*\d{4}"
    r"|^[ \t>]*(?:[-*+][ \t]+)?\[\d{1,3}\]\s*[^\s.]{1,40}[.,]\s"
)
_LABEL = re.compile(r"^[ \t>]*\[[^\]\n]+\]:|^[ \t>]*:{3,}|^[ \t>]*\|?[ \t]*:?-{3,}")


@dataclass(frozen=True)
class HalfWidth:
    """A half-width mark: the number of its line (from 1), its columns (from 0, exclusive) and what belongs there."""

    line: int
    start: int
    end: int
    full: str


def half_width(reading: Reading, lines: Sequence[str]) -> list[HalfWidth]:
    """The half-width marks between Chinese words of a text of these lines; nothing in code, figures, addresses."""
    if not _MAY_HAVE.search("\n".join(lines)):
        return []
    return [
        HalfWidth(number, start, end, full)
        for number in _prose(reading)
        if 0 < number <= len(lines)
        if not _LITERATURE.search(lines[number - 1])
        for start, end, full in _in_line(lines[number - 1])
    ]


_MAY_HAVE = re.compile(rf"[{IDEOGRAPHS}”’」』》）*_~`][,;:!?.(]")


def with_full_width(lines: Sequence[str], found: Sequence[HalfWidth]) -> list[str]:
    """The lines with the marks that belong there; a space between a mark and Han is the mark's own."""
    out = list(lines)
    for one in sorted(found, key=lambda one: (one.line, one.start), reverse=True):
        text = out[one.line - 1]
        behind = text[one.end :]
        if one.full in "，；：！？。" and re.match(rf"[ \t]+[{IDEOGRAPHS}“‘「『《【〈（]", behind):
            behind = behind.lstrip(" \t")
        out[one.line - 1] = text[: one.start] + one.full + behind
    return out


def _prose(reading: Reading) -> list[int]:
    """The numbers of the lines that hold text, in order."""
    last = len(reading.shown)
    found: set[int] = set()
    for token in reading.tokens:
        if token.type == "inline" and token.map:
            found.update(reading.shown[at].line for at in range(token.map[0], min(token.map[1], last)))
    return sorted(found)


def _in_line(text: str) -> Iterator[tuple[int, int, str]]:
    if not _MAY_HAVE.search(text) or _LABEL.match(text):
        return
    masked = _FIXED.sub(lambda found: "\ufffc" * len(found[0]), text)
    for found in _BRACKETS.finditer(masked):
        yield found.start(), found.start() + 1, "（"
        yield found.end() - 1, found.end(), "）"
    masked = _BRACKETS.sub(lambda found: f"（{found['inner']}）", masked)
    for found in _MARK.finditer(masked):
        mark = found["mark"] or found["stop"]
        at = found.end() - 1
        if mark == "." and _NUMBER.match(masked[:at]):  # 一. 概述
            continue
        yield at, at + 1, _FULL[mark]
    for found in _BESIDE.finditer(masked):
        yield found.start(), found.end(), _FULL[found["mark"]]
