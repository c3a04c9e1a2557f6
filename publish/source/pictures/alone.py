"""Pictures on a line of their own in a paragraph: they are blocks to whoever typed them so, and so is what is around.

`如下图：` above a picture is a paragraph. What is typed right below one as captions are (`*摄影：王小二*`, `图：城门`)
is its caption.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from publish.source.document import Block, Inline, block_text, key_values, rewrite, text
from publish.source.pictures.placeholders import says_nothing

_BREAKS = ("SoftBreak", "LineBreak")
_LONGEST = 60  # characters of a caption without a mark of emphasis
_CREDIT = re.compile(
    r"(?:(?:摄影|攝影|供图|供圖|图源|圖源|来源|來源|图片来源|圖片來源|Photo|Credit|Source)(?:\s|[:：/／])|[图圖摄攝]/|©)",
    re.IGNORECASE,
)
_NUMBERED = r"[图圖](?:[\s:：、.．]|\s?\d+(?:[-–.]\d+)*(?:[\s:：、.．]|$))"
_CAPTION = re.compile(rf"(?:[▲△▴↑]|(?:{_NUMBERED}|{_CREDIT.pattern})(?!.*[。！？]$))")  # 图 1 是架构。 is a sentence


def set_alone(blocks: list[Block]) -> list[Block]:
    """The blocks with each picture that has a line to itself made a block, before their lines are joined."""
    return rewrite(blocks, _parted)


def captioned(blocks: list[Block]) -> list[Block]:
    """The blocks with a paragraph that is all in italics and says of itself that it is a caption, *图 1：城门*, as one.

    It stands right below the figure that it is of, whose own words were for those who do not see it.
    """

    def block(one: Block) -> list[Block] | None:
        if one["t"] not in ("Div", "BlockQuote"):
            return None
        inner = one["c"][1] if one["t"] == "Div" else one["c"]
        made = _with_captions(inner)
        if len(made) == len(inner):
            return None
        return [{**one, "c": [one["c"][0], made] if one["t"] == "Div" else made}]

    return rewrite(_with_captions(blocks), block)


def _with_captions(blocks: list[Block]) -> list[Block]:
    out: list[Block] = []
    for one in blocks:
        above = out[-1] if out else None
        below = _below(one)
        if above and below and _is_row(above):  # pictures side by side have one for all
            above = out[-1] = {"t": "Figure", "c": [["", [], []], [None, []], [{**above, "t": "Plain"}]], **_of(above)}
        if above and below and above["t"] == "Figure" and len(block_text(above["c"][2]).strip()) <= _LONGEST:
            line = above.get("line", 0)
            out[-1] = {**above, "c": [above["c"][0], [None, [{"t": "Plain", "c": below, **_at(line)}]], above["c"][2]]}
        else:
            out.append(one)
    return out


def _is_row(one: Block) -> bool:
    """Whether a paragraph is pictures side by side."""
    if one["t"] != "Para":
        return False
    kinds = [inline["t"] for inline in one["c"] if inline["t"] != "Space"]
    return len(kinds) > 1 and set(kinds) == {"Image"}


def _of(one: Block) -> dict[str, int]:
    return _at(one.get("line", 0))


def _below(one: Block) -> list[Inline]:
    """What a paragraph that is a caption says; nothing for any other."""
    if one["t"] != "Para" or len(one["c"]) != 1 or one["c"][0]["t"] != "Emph":
        return []
    words: list[Inline] = one["c"][0]["c"]
    said = text(words)
    return words if len(said) <= _LONGEST and _CAPTION.match(said) else []


def _parted(one: Block) -> list[Block] | None:
    if one["t"] not in ("Para", "Plain") or not any(inline["t"] in _BREAKS for inline in one["c"]):
        return None
    lines = list(_lines(one["c"]))
    if not any(map(_picture, lines)) or all(_has_place(line) for line in lines):
        return None
    return list(_blocks(one, lines))


def _lines(inlines: Sequence[Inline]) -> Iterator[list[Inline]]:
    """The lines as they were typed, each with the break that ends it."""
    line: list[Inline] = []
    for inline in inlines:
        line.append(inline)
        if inline["t"] in _BREAKS:
            yield line
            line = []
    yield line


def _said(line: Sequence[Inline]) -> list[Inline]:
    return [inline for inline in line if inline["t"] not in ("Space", *_BREAKS)]


def _picture(line: Sequence[Inline]) -> Inline | None:
    """The picture that has a line to itself."""
    said = _said(line)
    return said[0] if len(said) == 1 and said[0]["t"] == "Image" else None


def _has_place(line: Sequence[Inline]) -> bool:
    """Whether a line is a picture that its author has named or measured, which stands in a row of such (`panels`)."""
    picture = _picture(line)
    return picture is not None and bool(picture["c"][0][0] or "width" in key_values(picture["c"][0]))


def _blocks(one: Block, lines: Sequence[list[Inline]]) -> Iterator[Block]:
    """Paragraphs and figures in the order of the lines."""
    first = one.get("line", 0)  # 0: that of what the paragraph stands in
    pictures: list[tuple[Inline, int]] = []
    at = first
    for _, group in groupby(lines, key=lambda each: _picture(each) is not None):
        told = list(group)
        here = at
        at += len(told) if first else 0
        if _picture(told[0]):
            pictures = [(picture, here + number) for number, picture in enumerate(filter(None, map(_picture, told)))]
            continue
        below = _caption(told) if pictures else []
        yield from _figures(pictures, below)
        pictures = []
        if not below:
            yield {**one, "c": _without_end([inline for each in told for inline in each]), **_at(here)}
    yield from _figures(pictures, [])


def _figures(pictures: Sequence[tuple[Inline, int]], below: list[Inline]) -> Iterator[Block]:
    """Pictures as figures, the last with what captions it."""
    for number, (picture, line) in enumerate(pictures, 1):
        yield _figure(picture, below if number == len(pictures) else [], line)


def _caption(lines: Sequence[Sequence[Inline]]) -> list[Inline]:
    """What one line right below a picture says of it: it is in italics as a whole, or begins as captions do.

    A line in bold that does not is the head of what follows.
    """
    said = [inline for inline in lines[0] if inline["t"] not in _BREAKS]
    if len(lines) != 1:
        return []
    whole = _said(said)
    if len(whole) == 1 and whole[0]["t"] in ("Emph", "Strong"):
        if whole[0]["t"] == "Emph" or _CAPTION.match(text(whole)):
            return list(whole[0]["c"])
        return []
    typed = text(said).strip()
    return said if len(typed) <= _LONGEST and _CAPTION.match(typed) else []


def _figure(picture: Inline, below: list[Inline], line: int) -> Block:
    """A picture as a figure. Its caption is what stands below it; behind its own text, where that names who made it."""
    (name, classes, pairs), alt, target = picture["c"]
    own = [] if says_nothing(text(alt)) else alt
    if not below:
        words = own
    elif own and _CREDIT.match(text(below).strip()) and not text(below).startswith(text(own)):
        words = [*own, {"t": "LineBreak"}, *below]
    else:
        words = below
    caption = [{"t": "Plain", "c": words, **_at(line)}] if words else []
    shown = {**picture, "c": [["", classes, pairs], alt or words, target]}
    return {
        "t": "Figure",
        "c": [[name, [], []], [None, caption], [{"t": "Plain", "c": [shown], **_at(line)}]],
        **_at(line),
    }


def _at(line: int) -> dict[str, int]:
    return {"line": line} if line else {}


def _without_end(inlines: list[Inline]) -> list[Inline]:
    """The inlines without the break that parted them from a picture."""
    while inlines and inlines[-1]["t"] in ("Space", *_BREAKS):
        inlines = inlines[:-1]
    return inlines
