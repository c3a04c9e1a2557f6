"""Marks that stand in a text while pandoc reads it, for what pandoc has no word for: ruby, underlines, code."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from publish.source.document import Block, Inline, string

_OPEN, _READ, _CLOSE = "\ue0f2", "\ue0f3", "\ue0f4"  # ruby: before the base, before the reading, behind it
UNDERLINED = ("\ue0f5", "\ue0f6")  # around underlined words
CODE = "\ue0f7"  # before a line of code
_BREAK = "\ue0f8"  # where a line of code breaks
RIGHT = "publish-right"  # the class of a division that stands at the right, until `shared.tidied` has read it
LONGEST_RIGHT = 30  # letters of a signature, of a date
AT_RIGHT = "\ue0f9"  # before a line that stands at the right
_RUBY = re.compile(
    f"{_OPEN}(?P<base>[^{_READ}]*){_READ}(?P<reading>[^{_CLOSE}]*){_CLOSE}|(?P<line>[{UNDERLINED[0]}{UNDERLINED[1]}])"
)


def is_signature(words: str) -> bool:
    """Whether a line at the right is one that signs or dates a text; longer ones are how a page is laid out."""
    return sum(map(str.isalnum, words)) <= LONGEST_RIGHT and not words.endswith(("。", "！", "？"))


def marked(base: str, reading: str) -> str:
    """A word with its reading, between marks."""
    return f"{_OPEN}{base}{_READ}{reading.replace(' ', chr(0xA0))}{_CLOSE}"


def code_text(lines: str) -> str:
    """Lines of code as pandoc keeps them: it would take spaces together."""
    return lines.replace(" ", "\xa0").replace("\t", "\xa0" * 4).replace("\n", _BREAK)


def with_marks(node: Any) -> Any:
    """A word of pandoc's tree with what its marks stand for, in HTML's markup."""
    if node.get("t") != "Str" or not _RUBY.search(node["c"]):
        return node
    out: list[Inline] = []
    at = 0
    for one in _RUBY.finditer(node["c"]):
        out += [string(node["c"][at : one.start()])] if one.start() > at else []
        out += _ruby(one["base"], one["reading"]) if one["line"] is None else [_html(_LINES[one["line"]])]
        at = one.end()
    return out + ([string(node["c"][at:])] if at < len(node["c"]) else [])


_LINES = {UNDERLINED[0]: "<u>", UNDERLINED[1]: "</u>"}


def _ruby(base: str, reading: str) -> list[Inline]:
    words = [_html("<ruby>"), string(base), _html("<rt>"), string(reading.replace("\xa0", " ")), _html("</rt></ruby>")]
    return words if reading else [string(base)]


def _html(markup: str) -> Inline:
    return {"t": "RawInline", "c": ["html", markup]}


def with_code(tree: Any) -> Any:
    """The blocks with marked lines that follow one another as one listing, in cells and quotations too."""
    if isinstance(tree, dict):
        return {**tree, "c": with_code(tree["c"])} if "c" in tree else tree
    if not isinstance(tree, list):
        return tree
    out: list[Any] = []
    for coded, run in itertools.groupby(tree, lambda one: _line(one) is not None):
        if coded:
            lines = "\n".join(_line(one) or "" for one in run).strip("\n")
            out.append({"t": "CodeBlock", "c": [["", [], []], lines]})
        else:
            out += map(with_code, run)
    return out


def with_sides(blocks: list[Block]) -> list[Block]:
    """The blocks with each marked line in a division of its own, as `looks` makes them of pages."""
    return [_sided(one) for one in blocks]


def _sided(block: Block) -> Block:
    first = block["c"][0] if block["t"] in ("Para", "Plain") and block["c"] else {}
    if first.get("t") != "Str" or not first["c"].startswith(AT_RIGHT):
        return block
    rest = first["c"].removeprefix(AT_RIGHT)
    inlines = [*([string(rest)] if rest else []), *block["c"][1:]]
    return {"t": "Div", "c": [["", [RIGHT], []], [{**block, "c": inlines}]]}


def _line(block: Any) -> str | None:
    if not isinstance(block, dict) or block.get("t") not in ("Para", "Plain") or not block["c"]:
        return None
    first = block["c"][0]
    if first["t"] != "Str" or not first["c"].startswith(CODE):
        return None
    return "".join(_plain(block["c"])).removeprefix(CODE).replace("\xa0", " ").replace(_BREAK, "\n")


def _plain(inlines: list[Inline]) -> Iterator[str]:
    for one in inlines:
        if one["t"] == "Str":
            yield one["c"]
        elif one["t"] in ("Space", "SoftBreak", "LineBreak"):
            yield " "
        elif isinstance(one.get("c"), list):
            yield from _plain([inner for inner in one["c"] if isinstance(inner, dict)])
