"""The styled spans of which a clip's text is made: joined, cut, set apart, and written as Pandoc's Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Literal

from publish.importers.escaping import escape, protect_start
from publish.importers.report import Ledger

Kind = Literal["text", "mark", "delimiter", "break", "code", "link", "image"]

PLAIN: frozenset[str] = frozenset()
# How Pandoc's Markdown opens and closes each style, the outermost first.
STYLES: dict[str, tuple[str, str]] = {
    "speaker": ("[", "]{.speaker}"),
    "strong": ("**", "**"),
    "em": ("*", "*"),
    "strike": ("~~", "~~"),
    "sup": ("^", "^"),
    "sub": ("~", "~"),
}


@dataclass(frozen=True)
class Span:
    """A piece of a clip's text. `text` is what a reader sees, `raw` what the clip holds; a mark has no text.

    A delimiter is a mark not yet paired: `text` names its style. `read_spans` gives none.
    A link keeps its label in `label`; an image's alt is `text`, its link (where it is one) `target`.
    """

    kind: Kind
    text: str
    raw: str
    line: int
    styles: frozenset[str] = PLAIN
    url: str = ""
    title: str = ""
    label: tuple[Span, ...] = ()
    target: str = ""


def text_span(text: str, line: int) -> Span:
    """A span of plain text."""
    return Span("text", text, text, line)


def plain(spans: Iterable[Span]) -> str:
    """What a reader sees of the spans: text, code, the labels of links, addresses that stand as text."""
    return "".join(
        (plain(span.label) or span.url) if span.kind == "link" else "\n" if span.kind == "break" else span.text
        for span in spans
        if span.kind not in ("image", "delimiter")
    )


def raw(spans: Iterable[Span]) -> Iterator[tuple[str, int]]:
    """Each character but spaces that the clip holds, with its line."""
    return ((char, span.line) for span in spans for char in span.raw if not char.isspace())


def line_of(spans: Sequence[Span]) -> int:
    """The clip's line in which the spans begin."""
    return next((span.line for span in spans if span.kind != "break"), spans[0].line if spans else 0)


# Reading ----------------------------------------------------------------------------------------------------------


# Emphasis ---------------------------------------------------------------------------------------------------------


# Mending ----------------------------------------------------------------------------------------------------------


def split_at(spans: Sequence[Span], offset: int) -> tuple[list[Span], list[Span]]:
    """The spans before and after the character `offset` of their `plain` text; a link or code is never cut."""
    for index, span in enumerate(spans):
        length = len(plain([span]))
        if offset <= 0:
            return list(spans[:index]), list(spans[index:])
        if offset < length:
            if span.kind != "text" or span.text != span.raw:
                return list(spans[: index + 1]), list(spans[index + 1 :])
            head = replace(span, text=span.text[:offset], raw=span.raw[:offset])
            tail = replace(span, text=span.text[offset:], raw=span.raw[offset:])
            return [*spans[:index], head], [tail, *spans[index + 1 :]]
        offset -= length
    return list(spans), []


def merge(spans: list[Span]) -> list[Span]:
    """Like text joined, so that a style spans the seam between two pairs of marks; code likewise."""
    result: list[Span] = []
    for span in spans:
        last = result[-1] if result else None
        if last and last.kind == span.kind == "code" and last.styles == span.styles:
            result[-1] = replace(last, text=last.text + span.text, raw=last.raw + span.raw)
            continue
        alike = last and last.kind == span.kind == "text" and last.styles == span.styles and last.line == span.line
        if last and alike and last.text == last.raw and span.text == span.raw:
            result[-1] = replace(last, text=last.text + span.text, raw=last.raw + span.raw)
            continue
        result.append(span)
    return result


def separate_styles(spans: list[Span], ledger: Ledger) -> list[Span]:
    """Where two styles touch without a space, their marks would run together in Markdown: the weaker one is dropped."""
    result = list(spans)
    texts = [index for index, span in enumerate(spans) if span.kind in ("text", "code", "link") and plain([span])]
    for left, right in pairwise(texts):
        one, other = result[left].styles, result[right].styles
        if not one or not other or one == other or _apart(result[left], result[right]):
            continue
        kept = frozenset({next(style for style in STYLES if style in one | other)})
        excerpt = plain([result[left], result[right]])
        ledger.decide("emphasis-dropped", result[right].line, excerpt, f"only {min(kept)} kept", "two styles touch")
        result[left] = replace(result[left], styles=one & kept)
        result[right] = replace(result[right], styles=other & kept)
    return result


def _apart(left: Span, right: Span) -> bool:
    return "speaker" in left.styles or left.text.endswith(" ") or right.text.startswith(" ")


# Writing ----------------------------------------------------------------------------------------------------------


def write_spans(spans: Sequence[Span]) -> str:
    """The spans as one line of Pandoc's Markdown, which pandoc reads as the same text, styles and links."""
    return protect_start(_write(_unmarked(spans), tuple(STYLES)).strip(" "))


def _unmarked(spans: Iterable[Span]) -> list[Span]:
    """The spans to write; like neighbours are joined, lest their marks or escapes run together."""
    return merge([replace(span, raw=span.text, line=0) for span in spans if span.kind != "mark"])


def _write(spans: list[Span], styles: tuple[str, ...]) -> str:
    if not styles:
        return "".join(_write_plain(span) for span in spans)
    style, rest = styles[0], styles[1:]
    opening, closing = STYLES[style]
    parts: list[str] = []
    for styled, group in groupby(spans, key=lambda span: style in span.styles):
        inner = _write(list(group), rest)
        stripped = inner.strip(" ")
        if styled and stripped:
            start = inner.index(stripped)
            inner = f"{inner[:start]}{opening}{stripped}{closing}{inner[start + len(stripped) :]}"
        parts.append(inner)
    return "".join(parts)


def _write_plain(span: Span) -> str:
    if span.kind == "code":
        fence = "`" * (max((len(run) for run in re.findall(r"`+", span.text)), default=0) + 1)
        pad = " " if "`" in span.text else ""
        return f"{fence}{pad}{span.text}{pad}{fence}"
    if span.kind == "link" and not span.label:
        return f"<{span.url}>"
    if span.kind == "link":
        return f"[{_write(_unmarked(span.label), tuple(STYLES)).strip()}]({_target(span)})"
    if span.kind == "image":
        image = f"![{escape(span.text)}]({_target(span)})"
        return f"[{image}]({_target(replace(span, url=span.target, title=''))})" if span.target else image
    return escape(span.text)


def _target(span: Span) -> str:
    url = f"<{span.url}>" if re.search(r"[()]", span.url) else span.url
    title = re.sub(r"([\\\"])", r"\\\1", span.title)
    return f'{url} "{title}"' if title else url
