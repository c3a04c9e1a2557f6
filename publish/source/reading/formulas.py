"""Formulas between dollars and in TeX's brackets, told from prices, variables of a shell and escaped text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from publish.han import IDEOGRAPH, IDEOGRAPHS

_CHINESE_MARKS = re.compile(r"[\u3001-\u3003\u3008-\u3011\uff01-\uff0f\uff1a-\uff1f“”]")
_TEX = re.compile(r"\\[A-Za-z]+|[\^_={}]")
_IN_TEXT = re.compile(r"\\(?:text|mbox|mathrm|textbf|textrm|operatorname|tag)\*?\s*\{[^{}]*\}")
_BEGINS = re.compile(r"\\(?:ce|pu|begin)\s*\{")
_SURELY = re.compile(r"\\[A-Za-z]{2}|\\[{},;!|]|\^")
# A dollar's formula with a space beside a dollar; a letter, or one that begins a term: k = 10, O(n), x_1.
# One that goes over lines begins with what only TeX has, and ends where its line does not: $\frac{a}⏎{b} = p $。
_SPACED = re.compile(
    r"\$[ \t]*(?P<inner>(?:\\.|[^$\\\s])(?:(?:\\.|[^$\\\n])*?(?:\\\S|[^\s$\\]))?)[ \t]*\$"
    r"|\$(?P<long>(?=\\[A-Za-z]{2})(?:[^$\n]+\n(?![ \t>]*\n))+[^$\n]*[^$\s\\])[ \t]+\$"
)
_FIGURES = re.compile(r"[\d.,+\-*/=]+")  # before a unit: $40$MB
_FORMULA = re.compile(r"[A-Za-z\u0391-\u03c9](?:\s*(?:[_=(<>+\-*/,]).*)?")
_MORE = frozenset(["(", "{", "["])  # behind the dollar of a shell's variable
_SHELL = re.compile(r"\{[A-Za-z_]\w+\}|\{[A-Za-z_]\w*(?::?[-+=?])|[A-Z_]{2,}\b|\(")
_MATH = re.compile(r"\$(?P<inner>(?:\\\S|[^\s$\\])(?:(?:\\.|[^$\\])*?(?:\\[^\s$]|[^\s$\\]))?)\$", re.DOTALL)
# A sign alone that a digit follows, $-$1: pandoc ends no formula before a digit.
_SIGN = re.compile(r"\$(?P<sign>[-+=<>\u00d7\u00b1]|\\pm|\\times)\$(?=\d)")
_SIGNS = {"-": "\u2212", "+": "+", "=": "=", "<": "\\<", ">": "\\>", "\u00d7": "\u00d7", "\u00b1": "\u00b1"}
_SIGNS |= {"\\pm": "\u00b1", "\\times": "\u00d7"}
_IN_BRACKETS = re.compile(r"[（［｛][^$（）［］｛｝]+[）］｝]")  # of an input method, around a whole formula
# A mark of the sentence within the dollars: $X_0，$那么. What it ends is surely a formula.
_TRAILED = re.compile(
    rf"\$(?P<inner>[^$\n\u3000-\u303f{IDEOGRAPHS}\uff00-\uffef“”]+?)\s*(?P<mark>[，。；：、])\$(?=[{IDEOGRAPHS}])"
)
_CERTAIN = re.compile(r"\\[A-Za-z]{2}|\^|(?<![A-Za-z])[A-Za-z]_(?:\{|\w(?!\w))")
_TICKED = re.compile(r"\$`(?P<inner>[^`\s](?:[^`\n]*[^`\s])?)`\$(?!\d)")  # GitHub's and GitLab's
_ALONE = re.compile(r"\$(?P<inner>[ \t]*\n(?:[ \t>]*[^$\s][^$\n]*\n)+[ \t>]*)\$(?=[ \t]*(?:\n|\Z))")  # lines of one $
_MARK_BEHIND = re.compile(r"[，。；、,.;](?![,.;，。；、\d])")
_NUMBERED_ROWS = re.compile(r"\\end\{(?:align|alignat|flalign|gather|multline|equation|eqnarray)\*?\}\s*\Z")
_DISPLAY = re.compile(r"\$\$(?P<inner>.+?)\$\$", re.DOTALL)
_ROUND = re.compile(r"\\\((?P<inner>[^\n]+?)\\\)")
_SQUARE = re.compile(r"\\\[(?P<inner>.+?)\\\]", re.DOTALL)
# mdBook's, where a backslash escapes the other.
_ROUND_TWICE = re.compile(r"(?<!\\)\\\\\((?P<inner>[^\n]+?)\\\\\)")
_SQUARE_TWICE = re.compile(r"(?<!\\)\\\\\[(?P<inner>.+?)\\\\\]", re.DOTALL)

# Formulas without a sign of TeX: letters by themselves, functions, figures and what stands between them; no pattern.
_PLAIN_FORMULA = re.compile(
    r"(?:(?:sin|cos|tan|log|ln|exp|max|min|lim|mod|gcd|det)(?![A-Za-z])|d?[A-Za-z](?![A-Za-z])"
    r"|[\d\s+\-*/<>=|(),.!'×÷±≤≥≠])+"
)
_PATTERN = re.compile(r"\\[dwsDWSbB](?![A-Za-z])")


@dataclass(frozen=True)
class Dollars:
    """How the dollars of a file are read.

    `twice`: its formulas stand between $$ even in a line, as kramdown and GitBook have them. `variables`: dollars stand
    around names in it, and around nothing else: $amount$.
    """

    twice: bool = False
    variables: bool = False

    @classmethod
    def of(cls, prose: str) -> Self:
        """How they are read in a text without its code."""
        if "$" not in prose:
            return cls()
        return cls(_has_two_dollars(prose), _has_variables(prose))

    def read(self, text: str, at: int, *, table: bool = False) -> tuple[str, int]:
        """What a dollar begins, as pandoc is to read it, and the place behind it; in a `table` a bar parts cells."""
        ticked = _TICKED.match(text, at)
        if ticked:
            return f"${ticked['inner']}$", ticked.end()
        alone = _ALONE.match(text, at) if _begins_line(text, at) else None
        if alone and _TEX.search(alone["inner"]):
            return f"$${alone['inner']}$$", alone.end()
        display = _DISPLAY.match(text, at)
        if display and self.twice and _is_in_line(text, at, display.end()) and "\n" not in display["inner"]:
            return f"${display['inner'].strip()}$" + " " * text[display.end() :][:1].isdecimal(), display.end()
        mark = _MARK_BEHIND.match(text, display.end()) if display else None
        if display and mark and not _NUMBERED_ROWS.search(display["inner"]):  # which end by themselves
            return _ended(display, mark)
        if display:
            return display[0], display.end()
        if text.startswith("$$", at):
            return "\\$\\$", at + 2
        sign = _SIGN.match(text, at)
        if sign:
            return _SIGNS[sign["sign"]], sign.end()
        found = _MATH.match(text, at)
        if found and not self.variables and _is_formula(text, found, table=table):
            return (_in_cell(found[0]) if table else found[0]), found.end()
        trailed = _TRAILED.match(text, at)
        if trailed and _CERTAIN.search(trailed["inner"]):
            return f"${trailed['inner'].strip()}${trailed['mark']}", trailed.end()
        loose = _SPACED.match(text, at)
        if loose and _is_loose_formula(text, loose, table=table):
            return f"${loose['inner'] or loose['long']}$", loose.end()
        return "\\$", at + 1


def bracketed(text: str, at: int, *, table: bool = False) -> tuple[str, int] | None:
    r"""The formula that TeX's brackets, \( or \[, begin at a backslash, and the place behind it; None for text."""
    for pattern, mark in ((_ROUND, "$"), (_SQUARE, "$$"), (_ROUND_TWICE, "$"), (_SQUARE_TWICE, "$$")):
        found = pattern.match(text, at)
        # Many texts escape square brackets, \[a-z\]: without a sign of TeX they are its own on lines alone.
        plain = pattern in (_ROUND, _ROUND_TWICE) or bool(found and found["inner"][0] == found["inner"][-1] == "\n")
        inner = found["inner"] if found else ""
        bare = inner.replace("\\|", "|") if table else inner  # in a cell a backslash keeps a bar from parting it
        if found and _is_inner(bare, plain=plain) and text[max(at - 2, 0) : at] != "\\]":
            return f"{mark}{(_in_cell(inner) if table else inner).strip(' ')}{mark}", found.end()
    return None


def _in_cell(tex: str) -> str:
    """A formula in a table's cell: the bars that a backslash keeps from parting it are bars."""
    return re.sub(r"\\\|(?=([A-Za-z])?)", lambda found: "\\vert " if found[1] else "\\vert", tex)


def _is_inner(inner: str, *, plain: bool) -> bool:
    """Whether what stands in the brackets of TeX is a formula, and no text whose brackets somebody escaped."""
    if _CHINESE_MARKS.search(inner) or _PATTERN.search(inner):
        return False
    if not plain:
        return bool(_TEX.search(inner))
    return bool(_TEX.search(inner)) or (bool(_PLAIN_FORMULA.fullmatch(inner)) and bool(re.search("[A-Za-z]", inner)))


def _ended(display: re.Match[str], mark: re.Match[str]) -> tuple[str, int]:
    """A formula on lines of its own with the mark of the sentence that stands behind it: alone, it has none."""
    inner = display["inner"].rstrip()
    return f"$${inner}{mark[0]}{display['inner'][len(inner) :]}$$", mark.end()


def _is_in_line(text: str, at: int, end: int) -> bool:
    """Whether what is between two places stands beside text on its line, has no name, and is no item's own."""
    if _NAME_OF_FORMULA.match(text, end):
        return False
    before, after = text[text.rfind("\n", 0, at) + 1 : at], text[end:].partition("\n")[0]
    return bool(re.search(r"[^\W\d_]|\d[^.)\W]", _DISPLAY.sub("", before + after)))


def _begins_line(text: str, at: int) -> bool:
    return not text[text.rfind("\n", 0, at) + 1 : at].strip(" \t>")


def _is_loose_formula(text: str, found: re.Match[str], *, table: bool) -> bool:
    """Whether spaces beside the dollars are a slip: `$k $`, `$ x^2 $`, which pandoc takes for text."""
    inner, after = found["inner"] or found["long"], text[found.end() : found.end() + 1]
    if (after.isascii() and after.isalnum()) or (table and "|" in inner):
        return False
    if IDEOGRAPH.search(_IN_TEXT.sub("", inner)) or _CHINESE_MARKS.search(inner):
        return False
    return bool(_SURELY.search(inner) or _FORMULA.fullmatch(inner))


def _is_formula(text: str, found: re.Match[str], *, table: bool) -> bool:
    """Whether what stands between two dollars is a formula and neither prices nor variables of a shell."""
    inner = found["inner"]
    before, after = text[max(found.start() - 1, 0) : found.start()], text[found.end() : found.end() + 1]
    beside = any(char.isascii() and char.isalnum() for char in (before, after) if char)
    measured = _FIGURES.fullmatch(inner) and not (before.isascii() and before.isalnum())
    if after.isdecimal() or (beside and len(inner) > 1 and not measured and not _SURELY.search(inner)):
        return False
    if (
        "\n\n" in inner
        or (table and re.search(r"(?<!\\)\|", inner))
        or (_SHELL.match(inner) and not re.search(r"\\[a-z]|[\^_=]", inner) and after in _MORE)
    ):
        return False
    words = _IN_TEXT.sub("", inner)
    marks, han = _CHINESE_MARKS.search(words), IDEOGRAPH.search(words)
    certain = _BEGINS.match(inner)  # of chemistry, whose words need no command, and of rows
    if marks and not certain and (han or _CHINESE_MARKS.match(words) or _CHINESE_MARKS.match(words[-1:])):
        return bool(not han and _IN_BRACKETS.fullmatch(words) and _CERTAIN.search(words))
    whole = words.strip()[:1].isalnum() and words.strip()[-1:].isalnum()
    return not han or whole or bool(_TEX.search(words))


_CODE_OR_BOTH = re.compile(r"`[^`\n]*`|\\\$|\$\$.+?\$\$", re.DOTALL)


def _has_variables(prose: str) -> bool:
    """Whether a text has dollars around names of variables, 支出$amount$元, and no formula."""
    found = _BETWEEN_DOLLARS.findall(_OF_SHELL.sub("", _CODE_OR_BOTH.sub("", prose)))
    return bool(found) and all(map(_VARIABLE.fullmatch, found))


_OF_SHELL = re.compile(r"\$\{\w+\}")  # ${name}
_BETWEEN_DOLLARS = re.compile(r"\$([^$\n]+)\$")
_VARIABLE = re.compile(r"[A-Za-z_]\w{2,}")


def _has_two_dollars(prose: str) -> bool:
    """Whether a text has formulas between $$ in a line, and none between $: kramdown and GitBook know only these."""
    return bool(_BOTH_IN_LINE.search(prose)) and "$" not in _CODE_OR_BOTH.sub("", prose)


_NAME_OF_FORMULA = re.compile(r"[ \t]*\{#eq[:-]")  # who names one numbers it, on a line of its own
_BOTH_IN_LINE = re.compile(r"[^\s$>*+-][ \t]*\$\$[^$\n]+\$\$|\$\$[^$\n]+\$\$[ \t]*[^\s$]")
