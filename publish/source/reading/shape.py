"""The shape of a reading: blocks that hold what nobody puts there, prose in code, commands below headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it.token import Token

from publish.errors import Place
from publish.findings import Finding
from publish.han import CLOSERS, IDEOGRAPH, IDEOGRAPHS
from publish.source.document import Block
from publish.source.reading import Reading

_ENDS = re.compile(rf"[。！？…][{CLOSERS}]*\s*$")
_BEGINS = re.compile(rf"[{IDEOGRAPHS}“‘「『《（(\d]")
_SENTENCE = 10  # Han of a line that is a sentence
# Of which fenced code that begins with no Chinese has none, unless it was opened where it should have been closed.
_HEADING = re.compile(r"^#{2,6} \S", re.MULTILINE)
_COMMAND = re.compile(
    r"[ ]{0,3}(?:(?:export )?[A-Za-z_][\w.-]*=[^\s=]|\$ \S"
    r"|(?:sudo|npm|yarn|pnpm|pip3?|git|docker|apt(?:-get)?|yum|brew|conda|curl|wget|mkdir|kubectl|go|cargo) [a-z-]"
    r"|(?:cd|ls|rm|cp|mv|cat|chmod|tar|ssh) [^\s，。]+$)"
)


def misshapen(file: str, reading: Reading, blocks: Sequence[Block]) -> Iterator[Finding]:
    """What two readers agree on and no author means: a construct that holds another one's text."""
    kept: set[str] | None = None
    for number, token in enumerate(reading.tokens):
        if not token.map:
            continue
        if token.type in ("fence", "code_block"):
            words = _prose_in(token, reading)
            if words:
                kept = kept if kept is not None else set(_codes(blocks))
                if token.content.strip() in kept:
                    yield _prose(file, reading, token, words)
        elif token.type == "heading_open" and token.markup.startswith("#"):
            yield from _above_command(file, reading, token, reading.tokens[number + 1].content)


def _prose_in(token: Token, reading: Reading) -> str:
    """The first sentence of prose in code that nobody has opened as code; empty for what may be meant."""
    if not IDEOGRAPH.search(token.content) or token.info.strip():
        return ""
    if token.type == "fence":
        row = reading.shown[token.map[0]].text if token.map else ""
        first = token.content.lstrip().partition("\n")[0]
        swallowed = "\n\n" in token.content and _HEADING.search(token.content) and not IDEOGRAPH.search(first)
        if "$$" in row or not (token.markup[0] == "~" or swallowed):
            return ""
    texts = [text for text in token.content.split("\n") if text.strip()]
    han = sum(len(IDEOGRAPH.findall(text)) for text in texts)
    if 2 * han < sum(len("".join(text.split())) for text in texts):
        return ""
    return next((text.strip() for text in texts if _is_sentence(text.strip())), "")


def _is_sentence(text: str) -> bool:
    return len(IDEOGRAPH.findall(text)) >= _SENTENCE and bool(_BEGINS.match(text) and _ENDS.search(text))


def _prose(file: str, reading: Reading, token: Token, words: str) -> Finding:
    line = reading.shown[token.map[0]].line if token.map else 0
    if token.type == "code_block":
        return Finding(
            "prose-in-code",
            "warning",
            Place(file, line),
            f"a paragraph that stands four blanks in is code, as everywhere in Markdown: {_short(words)}",
            "Take the blanks before it away; where it is meant as code, put it between lines of ```",
        )
    return Finding(
        "prose-in-code",
        "warning",
        Place(file, line),
        f"sentences stand in fenced code: {_short(words)}",
        "Look whether the code above is closed; where the sentences are meant as code, write ```text",
    )


def _above_command(file: str, reading: Reading, token: Token, title: str) -> Iterator[Finding]:
    """A remark of a program that was typed without a fence: # 端口, and right below it PORT=8080."""
    end = token.map[1] if token.map else 0
    if token.markup == "#" and end < len(reading.shown) and _COMMAND.match(reading.shown[end].text):
        yield Finding(
            "heading-of-code",
            "warning",
            Place(file, reading.shown[end - 1].line),
            f"a remark of a program is a heading, as everywhere in Markdown: # {_short(title)}",
            "Put the program between lines of ```",
        )


def _short(words: str) -> str:
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"


_SHOWN = 30


def _codes(node: Any) -> Iterator[str]:
    """The text of each block of code."""
    waiting: list[Any] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            if one["t"] == "CodeBlock":
                yield one["c"][1].strip()
            else:
                waiting.append(one.get("c"))
