"""A tree rebuilt around blocks that stay as they are."""

from __future__ import annotations

from collections.abc import Callable

from publish.source.document import Block, Inline, rewrite

_HELD = "held"  # what stands for such a block meanwhile


def rewrite_around(
    blocks: list[Block],
    is_kept: Callable[[Block], bool],
    block: Callable[[Block], list[Block] | None],
    unit: Callable[[list[Inline], int], list[Inline]],
) -> list[Block]:
    """`rewrite`, but of what `is_kept` nothing is seen, neither by `block` nor by `unit`."""
    held: list[Block] = []

    def hold(one: Block) -> list[Block] | None:
        if not is_kept(one):
            return block(one)
        held.append(one)
        return [{"t": "RawBlock", "c": [_HELD, str(len(held) - 1)]}]

    def back(one: Block) -> list[Block] | None:
        return [held[int(one["c"][1])]] if one["t"] == "RawBlock" and one["c"][0] == _HELD else None

    changed = rewrite(blocks, hold, unit)
    return rewrite(changed, back) if held else changed
