"""A tree rebuilt around blocks that stay as they are."""

from __future__ import annotations

from publish.source.document import string
from publish.source.features.around import rewrite_around


def test_what_is_kept_is_seen_by_neither():
    kept = {"t": "Div", "c": [["", ["kept"], []], [{"t": "Para", "c": [string("甲")]}]]}
    seen = []

    def block(one):
        seen.append(one["t"])
        return [{"t": "HorizontalRule"}] if one["t"] == "CodeBlock" else None

    blocks = [kept, {"t": "BlockQuote", "c": [kept, {"t": "Para", "c": [string("乙")]}]}, {"t": "CodeBlock", "c": ""}]
    out = rewrite_around(blocks, lambda one: one["t"] == "Div", block, lambda _inlines, _line: [string("丙")])
    assert out == [
        kept,
        {"t": "BlockQuote", "c": [kept, {"t": "Para", "c": [string("丙")]}]},
        {"t": "HorizontalRule"},
    ]
    assert "Div" not in seen
