"""The account of a reading: what stands in the source and not in the book, and where two readers differ."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import unquote

from publish.errors import Place
from publish.findings import Finding
from publish.source.document import Block
from publish.source.reading import Reading
from publish.source.reading.rows import FENCE, Met

_SHOWN = 30
# A token of the account: a word of Latin letters and digits, or one character of any other writing, mark or sign.
_TOKEN = re.compile(r"[A-Za-z0-9]+|[^\x00-\x7f\s]")
_NUMBERED = re.compile(r"^([\s>]*)(?:[-*+][ \t]+)*\(?(?:\d{1,9}|[A-Za-z]|[ivxlcdmIVXLCDM]+|#)[.)][ \t]+")
_MARKER = re.compile(r"^[\s>]*\(?(?P<mark>\d{1,9}|[A-Za-z]{1,8})[.)](?=\s)")
_CALL = re.compile(r"\[\^([^\]\s]+)\]")
# The name of an address, and the word before a table's caption.
_LABEL = re.compile(r"^[\s>]*(?:\[(?P<name>[^\]\n]+)\]:|(?P<word>Table):)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")


def account(file: str, reading: Reading, blocks: list[Block]) -> list[Finding]:
    """The findings of a reading: what it did not understand, what is lost, what two readers see differently."""
    return [
        *_unread(file, reading.unread),
        *_radicals(file, reading.radicals),
        *_lost(file, reading, blocks),
    ]


def _unread(file: str, met: Sequence[Met]) -> Iterator[Finding]:
    """One warning for each kind, with its first line and how often it is met."""
    kinds: dict[str, list[Met]] = {}
    for one in met:
        kinds.setdefault(one.kind, []).append(one)
    for kind, found in kinds.items():
        first = min(found, key=lambda one: one.line)
        times = f" ({len(found)} times in this file, first here)" if len(found) > 1 else ""
        yield Finding(
            "markup-unread",
            "warning",
            Place(file, first.line),
            f"{kind} is not read and stands as it was typed{times}: {_short(first.words)}",
            "Write it in Markdown, or take it out",
        )


def _radicals(file: str, met: Sequence[Met]) -> Iterator[Finding]:
    if met:
        times = f" ({len(met)} lines, first here)" if len(met) > 1 else ""
        yield Finding(
            "radical",
            "note",
            Place(file, met[0].line),
            f"radicals, as a PDF's text has them, are read as the characters that they show{times}",
        )


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"


# --- the account ------------------------------------------------------------------------------------------------------


def _lost(file: str, reading: Reading, blocks: list[Block]) -> Iterator[Finding]:
    """What stands in the source, in no syntax that is named, and nowhere in what pandoc has read."""
    missing = _tokens_of(row.text for row in reading.sources)
    missing.subtract(_tokens(" ".join(_strings(blocks))))
    if not +missing:
        return
    missing.subtract(_tokens_of(one.words for one in reading.named))
    missing.subtract(_tokens_of(_syntax(reading)))
    lost = +missing
    if not lost:
        return
    line = next((row.line for row in reading.sources if set(_tokens(row.text)) & set(lost)), 0)
    words = " ".join(list(lost)[:6])
    yield Finding(
        "text-lost",
        "warning",
        Place(file, line),
        f"{sum(lost.values())} words or signs of the source are not in the book: {_short(words)}",
        "Write the passage more simply, and report it: publish should have read it or said why not",
    )


def _tokens(text: str) -> Counter[str]:
    return Counter(_TOKEN.findall(text))


def _tokens_of(texts: Iterable[str]) -> Counter[str]:
    return _tokens("\n".join(texts))


def _strings(node: Any) -> Iterator[str]:
    """All texts in a tree, whatever they are: words, code, formulas, addresses, attributes, raw markup."""
    waiting: list[Any] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
            if "%" in one:
                yield unquote(one)
            if "&" in one:
                yield html.unescape(one)
        elif isinstance(one, dict):
            waiting.append(one.get("c"))
        elif isinstance(one, list):
            waiting.extend(reversed(one))


# Classes of spans that pandoc reads as nodes of their own.
_NODE_CLASS = re.compile(r"(?<=\.)(?:underline|ul|smallcaps|mark)\b")


def _syntax(reading: Reading) -> Iterator[str]:
    """The letters of Markdown's own syntax: list markers, labels of notes, entities, names of emoji, tags."""
    yield from _COMMENT.findall("\n".join(row.text for row in reading.shown))
    for row in reading.shown:
        text = row.text
        if found := _MARKER.match(text):
            yield found["mark"]
        if found := FENCE.match(text):
            yield found["info"]
        if found := _LABEL.match(text):
            yield found["name"] or found["word"]
        yield from _CALL.findall(text)
        yield from _ENTITY.findall(text)
        yield from re.findall(r"^\s*(?:[-*+]|\d+[.)])\s+\[([xX])\]", text)
        yield from re.findall(r"</?[A-Za-z][^<>]*>", text)
        if "{" in text:
            attributes = " ".join(re.findall(r"\{[^{}]*\}", text))
            yield from re.findall(r"[\w-]+(?==)", attributes)
            yield from _NODE_CLASS.findall(attributes)
