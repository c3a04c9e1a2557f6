"""Leaves: the pieces of text in a run of inlines, in order, and the run rebuilt around other pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from publish.source.document import CONTAINERS, Inline, children, string, with_children

# Raw HTML tags that only dress a word and do not part it: 计算<b>机程</b>序 is one word.
_DRESS = re.compile(
    r"^</?(?:ruby|rb|a|abbr|b|bdi|bdo|big|cite|data|del|dfn|em|font|i|ins|mark|q|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var)(?=[\s/>])",
    re.IGNORECASE,
)
# A reading above a word, with its tags: it is beside the text and not in it.
_READING = re.compile(r"^<(rt|rp)\b[^<>]*>[^<>]*</\1>$", re.IGNORECASE)
# What stands in a joined text for something that is not text: code, mathematics, an image, a line break.
OBJECT = "\ufffc"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A piece of text: `opaque` pieces are not converted, `space` is a space, and `soft` one that was a line's end.

    `path` tells the containers that it stands in: two pieces with the same have the same markup.
    """

    text: str
    opaque: bool = False
    space: bool = False
    soft: bool = False
    path: tuple[int, ...] = field(default=(), compare=False)


def _leaf(inline: Inline) -> Leaf | None:
    """The leaf that a node is; None for containers, and for what is zero wide (a note's call, a tag that dresses)."""
    kind = inline["t"]
    if kind == "Str":
        return Leaf(inline["c"])
    if kind in ("Space", "SoftBreak"):
        return Leaf(" ", space=True, soft=kind == "SoftBreak")
    if kind == "LineBreak":
        return Leaf("\n", opaque=True)
    if kind in ("Code", "Math", "Image") or (kind == "RawInline" and not _is_beside(inline["c"][1])):
        return Leaf(OBJECT, opaque=True)
    return None


def _is_beside(tag: str) -> bool:
    return bool(_DRESS.match(tag) or _READING.match(tag) or tag.startswith("<!--"))


def leaves(inlines: list[Inline], opaque: Callable[[Inline], bool] = lambda _: False) -> list[Leaf]:
    """The leaves of a run in order; all text inside a container for which `opaque` is true is opaque."""
    return list(_leaves(inlines, opaque, (), inside=False))


def _leaves(
    inlines: list[Inline], opaque: Callable[[Inline], bool], path: tuple[int, ...], *, inside: bool
) -> Iterator[Leaf]:
    for index, inline in enumerate(inlines):
        if inline["t"] in CONTAINERS:
            yield from _leaves(children(inline), opaque, (*path, index), inside=inside or opaque(inline))
            continue
        leaf = _leaf(inline)
        if leaf is not None:
            yield Leaf(leaf.text, leaf.opaque or inside, leaf.space, leaf.soft, path)


def rebuild(inlines: list[Inline], texts: Sequence[str]) -> list[Inline]:
    """The run with its leaves' texts replaced, one for each leaf in order; a text that became empty goes."""
    return _rebuild(inlines, iter(texts))


def _rebuild(inlines: list[Inline], texts: Iterator[str]) -> list[Inline]:
    out: list[Inline] = []
    for inline in inlines:
        kind = inline["t"]
        if kind in CONTAINERS:
            out.append(with_children(inline, _rebuild(children(inline), texts)))
        elif kind in ("Str", "Space", "SoftBreak"):
            out.extend(_text_nodes(next(texts)))
        else:
            if _leaf(inline) is not None:
                next(texts)
            out.append(inline)
    return out


def _text_nodes(text: str) -> list[Inline]:
    if text == " ":
        return [{"t": "Space"}]
    return [string(text)] if text else []
