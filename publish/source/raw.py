"""Raw HTML in the text: what in it is not the book's language, and readings that stand above a word and not in it."""

from __future__ import annotations

import re
from collections.abc import Callable

from publish.han import IDEOGRAPH
from publish.source.document import CONTAINERS, Block, Inline, children, rewrite, with_children

KEEP = "keep"
_OPEN = re.compile(r"^<(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<attributes>(?:\s[^<>]*)?)>$")
_CODE = frozenset(["code", "samp", "kbd", "tt"])
_LANG = re.compile(r"""\s(?:xml:)?lang\s*=\s*["']?([A-Za-z0-9-]+)""", re.IGNORECASE)
_UNTRANSLATED = re.compile(
    r"""\stranslate\s*=\s*["']?no\b|\sclass\s*=\s*["'][^"']*\b(?:notranslate|keep)\b""", re.IGNORECASE
)


def keep_raw(blocks: list[Block], is_foreign: Callable[[str], bool]) -> list[Block]:
    """The blocks with spans of the class keep in raw code and in raw HTML of another language, by `is_foreign`."""

    def kept(attributes: str, name: str) -> bool:
        language = _LANG.search(attributes)
        return bool(name in _CODE or _UNTRANSLATED.search(attributes) or (language and is_foreign(language[1])))

    def unit(inlines: list[Inline], _line: int) -> list[Inline]:
        return _readings(_inlines(inlines, kept)) if _has_raw(inlines) else inlines

    return rewrite(_blocks(blocks, kept), _division, unit)


def _division(block: Block) -> list[Block] | None:
    return [_untranslated(block)] if block["t"] == "Div" and _says_no(block) else None


def _says_no(node: Inline | Block) -> bool:
    attributes = node["c"][0]
    return ["translate", "no"] in attributes[2] and KEEP not in attributes[1]


def _untranslated(node: Inline | Block) -> Inline | Block:
    """A division or span that says translate="no", of the class keep too."""
    identifier, classes, pairs = node["c"][0]
    return {**node, "c": [[identifier, [*classes, KEEP], pairs], *node["c"][1:]]}


def _has_raw(inlines: list[Inline]) -> bool:
    return any(
        one["t"] == "RawInline"
        or (one["t"] == "Span" and _says_no(one))
        or (one["t"] in CONTAINERS and _has_raw(children(one)))
        for one in inlines
    )


def _opens(node: Inline | Block) -> re.Match[str] | None:
    return _OPEN.match(str(node["c"][1]).strip()) if node["t"] in ("RawInline", "RawBlock") else None


def _closes(node: Inline | Block, name: str) -> bool:
    return node["t"] in ("RawInline", "RawBlock") and str(node["c"][1]).strip().lower() == f"</{name}>"


def _end(nodes: list[Inline], start: int, name: str) -> int:
    """The index of the tag that closes the one at `start`; 0 where none does."""
    depth = 0
    for at in range(start, len(nodes)):
        opened = _opens(nodes[at])
        if opened and opened["name"].lower() == name:
            depth += 1
        elif _closes(nodes[at], name):
            depth -= 1
            if not depth:
                return at
    return 0


def _inlines(inlines: list[Inline], kept: Callable[[str, str], bool]) -> list[Inline]:
    out: list[Inline] = []
    at = 0
    while at < len(inlines):
        one = _untranslated(inlines[at]) if inlines[at]["t"] == "Span" and _says_no(inlines[at]) else inlines[at]
        opened = _opens(one)
        name = opened["name"].lower() if opened else ""
        end = _end(inlines, at, name) if opened and kept(opened["attributes"], name) else 0
        if end:
            out += [one, {"t": "Span", "c": [["", [KEEP], []], inlines[at + 1 : end]]}, inlines[end]]
            at = end
        else:
            out.append(with_children(one, _inlines(children(one), kept)) if one["t"] in CONTAINERS else one)
        at += 1
    return out


def _readings(inlines: list[Inline]) -> list[Inline]:
    """Each reading of a ruby, with its tags, as one piece of raw HTML that parts no word."""
    out: list[Inline] = []
    at = 0
    while at < len(inlines):
        one = inlines[at]
        opened = _opens(one)
        name = opened["name"].lower() if opened else ""
        end = _end(inlines, at, name) if name in ("rt", "rp") else 0
        words = _plain(inlines[at + 1 : end]) if end else None
        if words is not None and not IDEOGRAPH.search(words):
            out.append({**one, "c": ["html", f"{one['c'][1]}{_escaped(words)}</{name}>"]})
            at = end
        else:
            out.append(with_children(one, _readings(children(one))) if one["t"] in CONTAINERS else one)
        at += 1
    return out


def _plain(inlines: list[Inline]) -> str | None:
    """The words of inlines that are nothing but words; None for others."""
    if any(one["t"] not in ("Str", "Space", "SoftBreak") for one in inlines):
        return None
    return "".join(one["c"] if one["t"] == "Str" else " " for one in inlines)


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;")


def _blocks(blocks: list[Block], kept: Callable[[str, str], bool]) -> list[Block]:
    """The blocks with all text between raw tags of another language kept."""
    out: list[Block] = []
    at = 0
    while at < len(blocks):
        opened = _opens(blocks[at])
        name = opened["name"].lower() if opened else ""
        end = _end(blocks, at, name) if opened and name not in _CODE and kept(opened["attributes"], name) else 0
        out.append(blocks[at])
        if end:
            out += rewrite(blocks[at + 1 : end], None, keep)
            out.append(blocks[end])
            at = end
        at += 1
    return out


def keep(inlines: list[Inline], _line: int) -> list[Inline]:
    """Inlines in a span of the class keep."""
    return [{"t": "Span", "c": [["", [KEEP], []], inlines]}]
