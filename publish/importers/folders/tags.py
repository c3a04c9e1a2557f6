"""Tags of templates, `{% name argument %}`: their arguments read, their pairs rewritten, others reported."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from publish.han import IDEOGRAPH
from publish.importers.folders.masked import Masked
from publish.importers.folders.outline import FolderPage, FolderReading
from publish.source.reading.kinds import kind_of

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

# What a program decides: nothing that can be read as text.
_PROGRAM = frozenset(
    "for if unless case when else elsif assign capture include increment decrement cycle render".split()
)
_DATA = r"\{%-?[ \t]*(?P<name>[\w-]+)[^%{}]*%\}\s*(?P<data>\[.*?\]|\{.*?\})\s*\{%-?[ \t]*end(?P=name)[ \t]*-?%\}"
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif)$", re.IGNORECASE)


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
    current = re.sub(_DATA, partial(_tabled, writers, page, reading), current, flags=re.DOTALL)
    strange = Strange({match["name"] for match in TAG.finditer(current)} - writers.keys(), page, reading)

    def one(match: re.Match[str]) -> str:
        tag = read_tag(match["name"], match["argument"], match[0])
        written = writers[tag.name](tag) if tag.name in writers else strange.written(tag)
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


class Strange:
    """Tags that only the site's own theme knows: what stands between two stays, a picture or a link is one."""

    def __init__(self, names: set[str], page: FolderPage, reading: FolderReading) -> None:
        self._paired = {name for name in names if f"end{name}" in names}
        self._page, self._reading = page, reading
        self._told: set[str] = set()
        self._ends: dict[str, list[str]] = {}

    def written(self, tag: Tag) -> str | None:
        """A tag as Markdown; None where nothing of it can be read."""
        name = tag.name.removeprefix("end")
        if name in _PROGRAM:
            return None
        if name != tag.name and name in self._paired:
            ends = self._ends.get(name)
            return ends.pop() if ends else ""
        made = self._opened(tag) if tag.name in self._paired else _single(tag)
        if made is not None and tag.name not in self._told:
            self._told.add(tag.name)
            self._reading.ledger.decide(
                "tag-plain", self._page.line(tag.written), tag.written, "its words are kept", "a tag of the site's own"
            )
        return made

    def _opened(self, tag: Tag) -> str:
        words = list(tag.words)
        kinds = [tag.get("type"), tag.get("style"), tag.get("color"), *words[:1]]
        kind = next((found for one in kinds if one and (found := kind_of(one))), "") or kind_of(tag.name)
        title = tag.get("title") or " ".join(word for word in words if not kind_of(word))
        self._ends.setdefault(tag.name, []).append("\n:::\n" if kind else "")
        if kind:
            return f"\n::: {kind} {title}".rstrip() + "\n"
        return f"\n**{tag.get('title')}**\n" if tag.get("title") else ""


def _single(tag: Tag) -> str | None:
    words = [word for word in (*tag.words, *tag.named.values()) if word]
    picture = next((word for word in words if _PICTURE.search(word)), "")
    address = tag.get("url") or tag.get("href") or tag.get("link")
    title = tag.get("title") or tag.get("text") or tag.get("name")
    if picture and not address:
        alt = tag.get("alt") or next((word for word in tag.words if IDEOGRAPH.search(word)), "")
        return f"![{alt}](<{picture}>)"
    return f"[{title}](<{address}>)" if address and title else None


def _tabled(writers: Mapping[str, Write], page: FolderPage, reading: FolderReading, match: re.Match[str]) -> str:
    """Data between two tags as a table: a program of the site would draw it."""
    if match["name"] in writers:
        return match[0]
    try:
        read = json.loads(match["data"])
    except ValueError:
        return match[0]
    rows = [one for one in (read if isinstance(read, list) else [read]) if isinstance(one, dict)]
    columns = list(dict.fromkeys(str(key) for row in rows for key in row))
    if not columns or len(rows) != len(read if isinstance(read, list) else [read]):
        return match[0]
    reading.ledger.decide(
        "tag-plain", page.line(match[0][:40]), match[0], "a table", "data that a program of the site draws"
    )
    lines = [columns, ["---"] * len(columns), *([str(row.get(key, "")) for key in columns] for row in rows)]
    return "\n" + "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


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
