r"""Figures as knitr writes them into Markdown, in HTML with a label before the caption, made figures of the book.

`<div class="figure"><img src="a.png"/><p class="caption">(\#fig:a)标题</p></div>` can so be numbered and referred to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from publish.source.document import Block, Inline, string
from publish.source.features.rawtables import read_said

_LABEL = re.compile(r"^\(\\?#fig:[^()\s]+\)")
_PICTURE = re.compile(r"\s*<img\b(?P<said>[^<>]*?)/?>\s*", re.IGNORECASE)
_CAPTION = re.compile(r"\s*<p\s+class=[\"']?caption[\"']?\s*>\s*", re.IGNORECASE)
_END = re.compile(r"\s*</p>\s*", re.IGNORECASE)
_KEPT = ("width", "height", "style")


def pictured(one: Block) -> Block | None:
    """The figure that a division is, with its label still in its caption; None for all else."""
    if one["t"] != "Div" or "figure" not in one["c"][0][1]:
        return None
    if any(block["t"] not in ("Plain", "Para", "RawBlock") for block in one["c"][1]):
        return None
    pieces = list(_pieces(one["c"][1]))
    begins = next((at for at, piece in enumerate(pieces) if _is_raw(piece, _CAPTION)), None)
    if begins is None or not _is_raw(pieces[-1], _END):
        return None
    pictures, words = [*map(_picture, pieces[:begins])], pieces[begins + 1 : -1]
    label = words[0]["c"] if words and words[0]["t"] == "Str" else ""
    if not all(pictures) or not _LABEL.match(label) or any(piece["t"] == "RawBlock" for piece in words):
        return None
    name, classes, pairs = one["c"][0]
    line = one.get("line", 0)
    inner = {"t": "Plain", "c": [picture for picture in pictures if picture], "line": line}
    caption = {"t": "Plain", "c": words, "line": line}
    return {
        **one,
        "t": "Figure",
        "c": [[name, [each for each in classes if each != "figure"], pairs], [None, [caption]], [inner]],
    }


def _pieces(blocks: Sequence[Block]) -> Iterator[Inline]:
    """What stands in a division, without what parts it into blocks and lines at its edges."""
    for block in blocks:
        if block["t"] in ("Plain", "Para"):
            found: list[Inline] = [*block["c"]]
            while found and found[0]["t"] in ("Space", "SoftBreak"):
                found.pop(0)
            while found and found[-1]["t"] in ("Space", "SoftBreak"):
                found.pop()
            yield from found
        else:
            yield block


def _is_raw(piece: Inline, wanted: re.Pattern[str]) -> bool:
    return piece["t"] in ("RawBlock", "RawInline") and piece["c"][0] == "html" and bool(wanted.fullmatch(piece["c"][1]))


def _picture(piece: Inline) -> Inline | None:
    """A picture's tag as a picture; None for all else."""
    if piece["t"] == "Image":
        return piece
    if not _is_raw(piece, _PICTURE):
        return None
    said = read_said(piece["c"][1].strip()[4:].rstrip("/>"))
    pairs = [[key, said[key]] for key in _KEPT if said.get(key)]
    words = [string(said["alt"])] if said.get("alt") else []
    return {"t": "Image", "c": [["", [], pairs], words, [said.get("src", ""), said.get("title", "")]]}
