"""A list of literature by names, put into an edition's order: Chinese sources first, by pinyin, zhuyin or strokes."""

from __future__ import annotations

import re

from publish.edition.context import Context
from publish.edition.features import sorting
from publish.source.citations.names import NATION
from publish.source.document import Block, block_text, key_values, rewrite, with_attr
from publish.source.settings.literature import BY_NAME, SCRIPT

_NAME = re.compile(r"[^，,.：:]+")


def sort_literature(context: Context, blocks: list[Block]) -> list[Block]:
    """The blocks with each list by names in the edition's order (GB/T 7714-2025, 著者-出版年制)."""

    def block(one: Block) -> list[Block] | None:
        if one["t"] != "Div" or BY_NAME not in one["c"][0][1]:
            return None
        entries = sorted(one["c"][1], key=lambda entry: _key(entry, context.edition.sort_by))
        return [{**one, "c": [one["c"][0], [_bare(entry) for entry in entries]]}]

    return rewrite(blocks, block)


def _key(entry: Block, method: str) -> tuple[str, str, str]:
    """What an entry stands by: its script, its first author's name, the rest of its text."""
    text = NATION.sub("", block_text([entry]).strip(), count=1)
    found = _NAME.match(text)
    name = found[0] if found else text
    rest = (sorting.title(text[len(name) :], method) or text).replace(", ", ",")  # 李四，1999 before 李四，王五，1999
    script = key_values(entry["c"][0]).get(SCRIPT, "9") if entry["t"] == "Div" else "9"
    return script, (sorting.person(name, method) or name).lower(), rest


def _bare(entry: Block) -> Block:
    identifier, classes, pairs = entry["c"][0]
    return with_attr(entry, [identifier, classes, [pair for pair in pairs if pair[0] != SCRIPT]])
