"""Notes lifted out of the text: calls stay in place, the notes themselves go to the chapter's end."""

from __future__ import annotations

from publish.source.document import Block, Inline, map_inlines, rewrite


def lift_notes(blocks: list[Block]) -> list[Block]:
    """The blocks with each note's call an empty span, and the notes themselves as divs at the end."""
    found: list[Block] = []

    def call(inline: Inline) -> list[Inline] | None:
        if inline["t"] != "Note":
            return None
        name = inline.get("id", "")
        found.append({"t": "Div", "c": [[name, ["note"], []], inline["c"]]})
        return [{"t": "Span", "c": [["", ["noteref"], [["note", name]]], []]}]

    body = rewrite(blocks, None, lambda inlines, _line: map_inlines(inlines, call))
    return [*body, *found]
