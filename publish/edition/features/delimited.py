"""Lists whose numbers have brackets, 1) or (1), which HTML does not tell apart from 1."""

from __future__ import annotations

from publish.edition.markup import xhtml
from publish.source.document import Block, rewrite

_CLASSES = {"OneParen": "paren", "TwoParens": "parens"}  # pandoc's delimiters, and what the style sheets know
_SIGNS = {
    "LowerAlpha": "lower-alpha",
    "UpperAlpha": "upper-alpha",
    "LowerRoman": "lower-roman",
    "UpperRoman": "upper-roman",
}  # pandoc's kinds of numbers, and CSS's: all others are decimal
_MARK = "delimited"  # of the wrapping that pandoc writes


def mark_delimited(blocks: list[Block]) -> list[Block]:
    """The blocks with each list whose author wrote brackets in a division that says so until it is XHTML."""

    def block(one: Block) -> list[Block] | None:
        said = _CLASSES.get(one["c"][0][2]["t"]) if one["t"] == "OrderedList" else None
        if not said:
            return None
        (first, style, _), items = one["c"]
        within = {**one, "c": [[first, style, {"t": "Period"}], items]}
        signs = [said, _SIGNS[style["t"]]] if style["t"] in _SIGNS else [said]
        return [{"t": "Div", "c": [["", [_MARK, *signs], []], [within]]}]

    return rewrite(blocks, block)


def take_delimited(root: xhtml.Element) -> None:
    """Make the divisions of `mark_delimited` classes of their lists, in place."""
    for division in list(root.iter(f"{xhtml.H}div")):
        classes = (division.get("class") or "").split()
        ordered = next(iter(division), None)
        if _MARK not in classes or ordered is None or ordered.tag != f"{xhtml.H}ol":
            continue
        ordered.set("class", " ".join(one for one in classes if one != _MARK))
        ordered.tail = division.tail
        above = division.getparent()
        if above is not None:
            above.replace(division, ordered)
