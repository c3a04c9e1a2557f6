"""The list of words that a book defines, put into an edition's order, and into one list."""

from __future__ import annotations

from publish.edition.context import Context
from publish.edition.features.sorting import index_place
from publish.edition.markup.xhtml import Element, H, local
from publish.source.document import Block, block_text, key_values, rewrite, text, with_attr
from publish.source.features.defined import DEFINED, GLOSSARY, READING
from publish.source.settings.literature import BY_NAME


def sort_definitions(context: Context, blocks: list[Block]) -> list[Block]:
    """The blocks with the list of definitions in the order in which the edition sorts an index."""

    def block(one: Block) -> list[Block] | None:
        if one["t"] != "Div" or one["c"][0][1] != [BY_NAME] or not all(map(_is_entry, one["c"][1])):
            return None
        entries = sorted(one["c"][1], key=lambda entry: _key(entry, context.edition.indexed_by))
        return [{**one, "c": [one["c"][0], [_bare(entry) for entry in entries]]}]

    return rewrite(blocks, block)


def _is_entry(one: Block) -> bool:
    return bool(one["t"] == "Div" and DEFINED in one["c"][0][1])


def _key(entry: Block, method: str) -> tuple[object, str]:
    listed = entry["c"][1][0]
    word = text(listed["c"][0][0]) if listed["t"] == "DefinitionList" else block_text([listed])
    reading = key_values(entry["c"][0]).get(READING, "")
    return index_place(word.strip(), method, reading=reading).order, word


def _bare(entry: Block) -> Block:
    return with_attr(entry, [entry["c"][0][0], [DEFINED], []])


def join_definitions(root: Element) -> None:
    """Make the entries of a list one list, each in a group of its own that has its id (HTML §4.4.9)."""
    for division in root.iter(f"{H}div"):
        if BY_NAME not in str(division.get("class") or "").split():
            continue
        entries = [one for one in division if one.get("class") == DEFINED]
        if not entries or len(entries) != len(division):
            continue
        division.tag = f"{H}dl"
        division.set("class", f"{GLOSSARY} {BY_NAME}")
        for entry in entries:
            for listed in [one for one in entry if local(one) == "dl"]:
                entry[:] = list(listed)
