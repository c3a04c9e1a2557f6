"""Captions of code in paragraphs of their own, as pandoc-crossref has them: `Listing: 标题 {#lst:a}` above or below."""

from __future__ import annotations

import re

from publish.source.document import Attr, Block, Inline, string
from publish.source.features.listings import NUMBERED, NUMBERS

SAID = "said"  # the key of a block of code with the inlines that caption it
_NAME = re.compile(r"^\{#(?P<name>lst[:-][^\s{}]+)(?P<more>[^{}]*)\}$")
_WORD = re.compile(
    r"^(?:Listing|代[码碼](?:清[单單])?|程式碼(?:清單)?|(?:程序)?清[单單]|程[序式])?[:：]", re.IGNORECASE
)


def with_captions(blocks: list[Block]) -> list[Block]:
    """The blocks with each such paragraph, and the code next to it, made one: code with a name and its caption."""
    out: list[Block] = []
    waiting = [*blocks]
    while waiting:
        one = waiting.pop(0)
        found = _caption(one)
        if found and waiting and _is_bare(waiting[0]):
            out.append(_named(waiting.pop(0), *found))
        elif found and out and _is_bare(out[-1]):
            out[-1] = _named(out[-1], *found)
        else:
            out.append(_inside(one))
    return out


def _inside(one: Block) -> Block:
    if one["t"] == "Div":
        return {**one, "c": [one["c"][0], with_captions(one["c"][1])]}
    if one["t"] == "BulletList":
        return {**one, "c": [with_captions(item) for item in one["c"]]}
    if one["t"] == "OrderedList":
        return {**one, "c": [one["c"][0], [with_captions(item) for item in one["c"][1]]]}
    return one


def _is_bare(one: Block) -> bool:
    """Whether a block is code without a name."""
    return bool(one["t"] == "CodeBlock" and not one["c"][0][0])


def _caption(one: Block) -> tuple[str, list[str], list[Inline]] | None:
    """The name, the classes and the words of a paragraph that captions code; None for any other."""
    if one["t"] not in ("Para", "Plain"):
        return None
    inlines: list[Inline] = one["c"]
    at = next((n for n, each in enumerate(inlines) if each["t"] == "Str" and each["c"].startswith("{#lst")), 0)
    rest = inlines[at:]
    if not at or any(each["t"] not in ("Str", "Space") for each in rest):
        return None
    found = _NAME.match("".join(each["c"] if each["t"] == "Str" else " " for each in rest))
    if not found:
        return None
    words = [*inlines[:at]]
    while words and words[-1]["t"] in ("Space", "SoftBreak"):
        words.pop()
    if words and words[0]["t"] == "Str" and (word := _WORD.match(words[0]["c"])):
        own = words[0]["c"][word.end() :]
        words[:1] = [string(own)] if own else []
    while words and words[0]["t"] == "Space":
        words.pop(0)
    classes = [each[1:] for each in found["more"].split() if each.startswith(".")]
    classes = [NUMBERED if each in NUMBERS else each for each in classes]
    return (found["name"], classes, words) if words else None


def _named(code: Block, name: str, classes: list[str], words: list[Inline]) -> Block:
    (_, own, pairs), text = code["c"]
    attributes: Attr = [name, list(dict.fromkeys([*own, *classes])), pairs]
    return {**code, "c": [attributes, text], SAID: words}
