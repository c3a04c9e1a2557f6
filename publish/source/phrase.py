"""A text that is said in a setting or an attribute, the caption of code for example, as inlines.

It has words, formulas in `$…$`, code, and spans `[词]{.index}`.
"""

from __future__ import annotations

import re

from publish.han import IDEOGRAPHS
from publish.source.document import Attr, Inline, string

_SPAN = re.compile(r"""\[(?P<words>[^\[\]]*)\]\{(?P<said>(?:[^{}"']|"[^"]*"|'[^']*')+)\}""")
_SAID = re.compile(
    r"""\.(?P<class>[\w-]+)|\#(?P<id>[^\s}]+)|(?P<key>[\w-]+)=(?:"(?P<d>[^"]*)"|'(?P<s>[^']*)'|(?P<b>\S+))"""
)


# A formula has no Han but in \text, and something that no price has; behind its end stands no digit (pandoc's rule).
_TEX = rf"\$(?!\s)(?P<tex>(?=[^$]*[A-Za-z\\^_=<>+])(?:[^$\n{IDEOGRAPHS}]|\\text\{{[^{{}}$]*\}})+?)(?<!\s)\$(?!\d)"
_MARKED = re.compile(rf"{_SPAN.pattern}|{_TEX}|(?P<ticks>`+)(?P<code>[^`]+)(?P=ticks)")


def phrase(text: str) -> list[Inline]:
    """The inlines of a text."""
    out: list[Inline] = []
    at = 0
    for found in _MARKED.finditer(text := text.strip()):
        out += [*words(text[at : found.start()]), _inline(found)]
        at = found.end()
    return [*out, *words(text[at:])]


def _inline(found: re.Match[str]) -> Inline:
    if found["tex"]:
        return {"t": "Math", "c": [{"t": "InlineMath"}, found["tex"]]}
    if found["code"]:
        return {"t": "Code", "c": [["", [], []], found["code"].strip() or found["code"]]}
    return {"t": "Span", "c": [_attributes(found["said"]), phrase(found["words"])]}


def words(text: str) -> list[Inline]:
    """A text without any markup as inlines; spaces of other widths, which indent verse, are words."""
    return [{"t": "Space"} if one.isspace() else string(one) for one in re.split(r"([ \t\n]+)", text) if one]


def _attributes(said: str) -> Attr:
    found = list(_SAID.finditer(said))
    pairs = [[one["key"], one["d"] or one["s"] or one["b"] or ""] for one in found if one["key"]]
    name = next((one["id"] for one in found if one["id"]), "")
    return [name, [one["class"] for one in found if one["class"]], pairs]
