"""`.keep`, other languages and words by hand: what is not converted."""

from __future__ import annotations

from publish.edition.context import Context
from publish.edition.only import known_editions
from publish.errors import UsageError
from publish.regions import Region, region
from publish.source.document import (
    Attr,
    Block,
    Inline,
    attr,
    children,
    key_values,
    map_inlines,
    rewrite,
    string,
    text,
    with_attr,
)
from publish.source.raw import KEEP, keep

_NONE: Attr = ["", [], []]


def is_kept(source: Region, node: Block | Inline) -> bool:
    """Whether a node's text stays as it is: class keep, or a language that is not the book's own."""
    attributes = attr(node)
    if attributes is None:
        return False
    language = key_values(attributes).get("lang", "")
    if node["t"] == "Link" and {"uri", "email"} & set(attributes[1]):
        return True  # an address shown as its own text
    return KEEP in attributes[1] or (bool(language) and not _is_own_language(source, language))


def keep_block(source: Region, block: Block) -> list[Block] | None:
    """A block that is not converted, with all its texts inside spans of the class keep; None for other blocks."""
    if block["t"] not in ("Div", "Header") or not is_kept(source, block):
        return None

    return rewrite([with_attr(block, _plain_attr(source, attr(block) or _NONE))], None, keep)


def unwrap_kept(source: Region, inlines: list[Inline]) -> list[Inline]:
    """Spans that only said keep, or named the book's own language, are unwrapped; others lose these marks."""

    def change(inline: Inline) -> list[Inline] | None:
        plain = _plain_attr(source, inline["c"][0]) if inline["t"] == "Span" else None
        if plain is None or plain == inline["c"][0]:
            return None
        inner = map_inlines(children(inline), change)
        return [{"t": "Span", "c": [plain, inner]}] if any(plain) else inner

    return map_inlines(inlines, change)


def choose_words(context: Context, inlines: list[Inline]) -> tuple[list[Inline], set[tuple[str, str]]]:
    """Spans with a word for this edition, `[干]{zh-TW="乾"}`, take it; attributes for editions are removed.

    Returns also the words of the other editions, each with this edition's own.
    """
    known = known_editions(context.project)
    elsewhere: set[tuple[str, str]] = set()

    def change(inline: Inline) -> list[Inline] | None:
        if inline["t"] != "Span":
            return None
        identifier, classes, pairs = inline["c"][0]
        words = {key: value for key, value in pairs if key in known}
        if not words:
            return None
        rest = [pair for pair in pairs if pair[0] not in known]
        word = next((words[key] for key in context.edition.keys if key in words), None)
        said = text(children(inline))
        own = said if word is None else word
        elsewhere.update((other, own) for other in (said, *words.values()) if other != own)
        if word is not None:
            return [{"t": "Span", "c": [[identifier, [*classes, KEEP], rest], [string(word)] if word else []]}]
        inner = map_inlines(children(inline), change)
        return [{"t": "Span", "c": [[identifier, classes, rest], inner]}] if identifier or classes or rest else inner

    return map_inlines(inlines, change), elsewhere


def _is_own_language(source: Region, tag: str) -> bool:
    try:
        return region(tag).variety == source.variety
    except UsageError:
        return False


def _plain_attr(source: Region, attributes: Attr) -> Attr:
    """Attributes without those that only control conversion: the class keep, and the book's own language."""
    identifier, classes, pairs = attributes
    return [
        identifier,
        [name for name in classes if name != KEEP],
        [[key, value] for key, value in pairs if key != "lang" or not _is_own_language(source, value)],
    ]
