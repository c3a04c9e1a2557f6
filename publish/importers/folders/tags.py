"""Tags of templates, `{% name argument %}`: their arguments read, their pairs rewritten, others reported."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from publish.importers.folders.engine import FolderPage, FolderReading
from publish.importers.folders.masked import Masked

TAG = re.compile(r"\{%-?[ \t]*(?P<name>[\w-]+)(?P<argument>(?:[^%\"']|\"[^\"]*\"|'[^']*'|%(?!\})|[\"'])*?)-?%\}")
_WORD = re.compile(r"(?:([\w-]+)[=:])?(?:\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)'|([^\s,\"']+))")


@dataclass(frozen=True)
class Tag:
    """A tag: its name, its words in order, its named words, and the whole as written."""

    name: str
    words: tuple[str, ...]
    named: Mapping[str, str]
    written: str

    def get(self, name: str, default: str = "") -> str:
        """A named word."""
        return self.named.get(name, default)

    def word(self, index: int) -> str:
        """A word by its number from 0; "" where there are fewer."""
        return self.words[index] if index < len(self.words) else ""


Write = Callable[[Tag], str | None]


def read_tag(name: str, argument: str, written: str = "") -> Tag:
    """The words of a tag's argument: `lang:js "a title" width=300`."""
    words: list[str] = []
    named: dict[str, str] = {}
    for key, double, single, bare in _WORD.findall(argument):
        value = re.sub(r"\\(.)", r"\1", double or single) or bare
        if key:
            named[key] = value
        else:
            words.append(value)
    return Tag(name, tuple(words), named, written)


def rewrite_tags(
    text: str, writers: Mapping[str, Write], page: FolderPage, reading: FolderReading, *, code: str = ""
) -> str:
    """A text with the tags that `writers` know rewritten in its prose, and the others counted as not understood.

    A writer that returns None leaves its tag as written. `code` names tags whose bodies are code, and are left alone.
    """
    masked = Masked(text)
    current = masked.text
    for name in code.split():
        current = re.sub(
            rf"\{{%-?\s*{name}\b.*?%\}}.*?\{{%-?\s*end{name}\s*-?%\}}",
            partial(_kept_code, masked, name, writers),
            current,
            flags=re.DOTALL,
        )
    unknown: Counter[str] = Counter()
    first: dict[str, str] = {}

    def one(match: re.Match[str]) -> str:
        tag = read_tag(match["name"], match["argument"], match[0])
        written = writers[tag.name](tag) if tag.name in writers else None
        if written is None:
            unknown[tag.name] += 1
            first.setdefault(tag.name, match[0])
            return match[0]
        reading.ledger.count("tags")
        return written

    current = TAG.sub(one, current)
    for name, number in unknown.items():
        reading.ledger.unread(
            "tag-unread", page.line(first[name]), first[name], f"an unknown tag, {number} times in this file"
        )
    return masked.unmask(current)


def _kept_code(masked: Masked, name: str, writers: Mapping[str, Write], match: re.Match[str]) -> str:
    return masked.keep(_code(match[0], name, writers))


def _code(text: str, name: str, writers: Mapping[str, Write]) -> str:
    opening = TAG.match(text)
    if not opening or name not in writers:
        return text
    body = re.sub(rf"\{{%-?\s*end{name}\s*-?%\}}$", "", text[opening.end() :])
    tag = read_tag(name, opening["argument"], opening[0])
    made = writers[name](Tag(tag.name, (*tag.words, body), tag.named, text))
    return text if made is None else made
