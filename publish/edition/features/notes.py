"""Notes lifted out of the text: calls stay in place, the notes themselves go to the chapter's end."""

from __future__ import annotations

from collections.abc import Mapping

from publish.regions import Words
from publish.source.document import Block, Inline, map_inlines, rewrite, string
from publish.source.features.notes import KIND, MARGIN
from publish.source.identify import MARK

LABEL = "note-kind"  # the class of the word that says whose a note is


def lift_notes(blocks: list[Block], words: Words) -> list[Block]:
    """The blocks with each note's call an empty span, and the notes themselves as divs at the end.

    A note that knows whose it is says so, in the region's words: 译注, 譯註.
    """
    labels = {"translator": words.translator_note, "editor": words.editor_note, "author": words.author_note}
    found: list[Block] = []

    def call(inline: Inline) -> list[Inline] | None:
        if inline["t"] != "Note":
            return None
        name = inline.get("id", "")
        place = [["place", MARGIN]] if MARGIN in inline else []
        found.append({"t": "Div", "c": [[name, ["note"], place], _labelled(inline, labels)]})
        return [{"t": "Span", "c": [["", ["noteref"], [["note", name]]], []]}]

    body = rewrite(blocks, None, lambda inlines, _line: map_inlines(inlines, call))
    return [*body, *found]


def _labelled(note: Inline, labels: Mapping[str, str]) -> list[Block]:
    """A note's blocks, with a word before the first of them that says whose it is."""
    blocks: list[Block] = note["c"]
    if KIND not in note:
        return blocks
    label = {"t": "Span", "c": [["", [LABEL], []], [string(f"{labels[note[KIND]]}：")]]}
    first: Block = blocks[0] if blocks else {"t": ""}
    if first["t"] not in ("Para", "Plain"):
        return [{"t": "Plain", "c": [label], "mark": False}, *blocks]
    marks = 1 if first["c"] and first["c"][0]["t"] == "Span" and MARK in first["c"][0]["c"][0][1] else 0
    return [{**first, "c": [*first["c"][:marks], label, *first["c"][marks:]]}, *blocks[1:]]
