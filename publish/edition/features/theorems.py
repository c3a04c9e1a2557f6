"""What a theorem, a definition or a proof is called, in the words of a region, before its own."""

from __future__ import annotations

from publish.regions import statement_word
from publish.source.document import Block, Inline, attr, rewrite, string
from publish.source.features.theorems import STATEMENT, is_led


def label_statements(blocks: list[Block], tag: str) -> list[Block]:
    """The blocks with the word of each statement before its text; its number comes with those of the figures."""

    def block(one: Block) -> list[Block] | None:
        classes = (attr(one) or ["", [], []])[1] if one["t"] == "Div" else []
        if classes[:1] != [STATEMENT]:
            return None
        label: Inline = {"t": "Span", "c": [["", ["number"], []], [string(statement_word(classes[1], tag))]]}
        attributes, inner = one["c"]
        if is_led(inner):
            words = inner[0]["c"]
            at = 1 if words[0]["t"] == "Span" and not words[0]["c"][1] else 0  # behind the paragraph's own id
            return [{**one, "c": [attributes, [{**inner[0], "c": [*words[:at], label, *words[at:]]}, *inner[1:]]]}]
        return [{**one, "c": [attributes, [{"t": "Para", "c": [label]}, *inner]]}]

    return rewrite(blocks, block)
