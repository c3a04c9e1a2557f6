"""Boxed asides: the label of one without a title."""

from __future__ import annotations

from publish.regions import box_word
from publish.source.document import Block, attr, rewrite, string
from publish.source.features.theorems import has_title

BOX = "admonition"


def label_boxes(blocks: list[Block], tag: str) -> list[Block]:
    """The blocks with a label in each box without a title, in the words of the region of `tag`."""

    def block(one: Block) -> list[Block] | None:
        classes = (attr(one) or ["", [], []])[1] if one["t"] == "Div" else []
        if BOX not in classes or has_title(one["c"][1]):
            return None
        word = next(filter(None, (box_word(name, tag) for name in classes)), "")
        if not word:
            return None
        label = {"t": "Span", "c": [["", ["number"], []], [string(word)]]}  # as all words that an edition adds
        title = {"t": "Div", "c": [["", ["title"], []], [{"t": "Plain", "c": [label]}]]}
        attributes, inner = one["c"]
        return [{**one, "c": [attributes, [title, *inner]]}]

    return rewrite(blocks, block)
