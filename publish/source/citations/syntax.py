"""Citations in a text: `[@key, 第 3 页]`, `@key`, `[-@key; 见 @other]` made pandoc's own nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from publish.han import IDEOGRAPHS
from publish.source.document import CONTAINERS, Inline, children, string, text, with_children
from publish.source.features.latex import KINDS
from publish.source.leaves import OBJECT

_KEY = r"@(?:\{[^{}\s]+\}|\w[\w:.#$%&+?<>~/-]*)"
FULL_SIGN = "＠"  # what an input method for Chinese makes of it
SIGNS = ("@", FULL_SIGN)
_STARTS = r"(?<![A-Za-z0-9_.+%@/\\-])"  # before an address or in one there is no citation
# What stands before the first @ has no brackets; behind it they may hold anything but another source.
_BRACKET = re.compile(r"\[(?P<inner>(?=[^\[\]]*@)[^\[\]]*(?:\[[^\[\]@]*\][^\[\]]*)*)\]")
_ITEM = re.compile(rf"(?:(?<!\w)(?P<minus>-)|{_STARTS})(?P<key>{_KEY})")
_ANY = re.compile(rf"{_BRACKET.pattern}|{_STARTS}(?P<outer>{_KEY})")
_ASCII_KEY = re.compile(r"[A-Za-z0-9_:.#$%&+?<>~/-]")
_ENDS = ":.#$%&+?<>~/-"  # a key does not end in these
_LABEL = re.compile(rf"(?:{'|'.join(KINDS)})[:-]", re.IGNORECASE)
# What begins with @ and is no source that was forgotten: what stands behind the @ of an address, a package, a path.
_HANDLE = re.compile(r"^(?:[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,6}|[\w.-]+/.*)$")
_NUMBERS = r"[0-9ivxlcIVXLC]+(?:\s*(?:--?|[\u2013\u2014~～、,，至])\s*[0-9ivxlc]+)*"
_UNITS = "章节節卷编編段行条條款图圖表版册冊篇注註"
_PAGES = (
    re.compile(rf"第?\s*(?P<n>{_NUMBERS})\s*[页頁](?!\w)"),
    re.compile(rf"(?:pp?\.?|pages?|[页頁])\s*(?P<n>{_NUMBERS})(?!\w)"),
    re.compile(rf"(?P<n>{_NUMBERS})\s*(?=$|[,，;；。])"),
)
_PLACES = (
    re.compile(rf"第?\s*[0-9〇一二三四五六七八九十百]+(?:[-\u2013至][0-9]+)?\s*[{_UNITS}](?!\w)"),
    re.compile(rf"[{_UNITS}式]\s*[0-9]+(?:[-\u2013.][0-9]+)*(?!\w)"),
    re.compile(r"(?:chap|sec|vol|fig|ch|no|col|para|bk)s?\.\s*[0-9]+(?:[-\u2013.][0-9]+)*", re.IGNORECASE),
    re.compile(r"[§¶]\s*[0-9.]+"),
)
_LEADS = re.compile(r"\s*(?:[另详詳参參]?[见見阅閱]\s*)?")  # what may stand before the first source in full brackets
_FULL_BRACKETS = re.compile(r"[【［〔](?P<inner>[^【［〔】］〕\[\]]*@[^【［〔】］〕\[\]]*)[】］〕]")
_LOCATED = re.compile(r"\s?\[(?P<inner>[^\[\]@]*)\]")

_CITED_ALONE = re.compile(r"\s*-?[@＠][^\[\]]*$")  # in brackets whose marks say how it stands: [@key]{.baseline}
_LOWERED = "baseline"
_NEARLY_ALL = 0.7  # of a book's keys


def is_lowered(node: Inline) -> bool:
    """Whether a node says of the citations in it that their numbers stand on the line, not above it: 见文献[1]."""
    return node.get("t") == "Span" and _LOWERED in node["c"][0][1]


@dataclass(frozen=True)
class Known:
    """The keys of a book's literature."""

    keys: Collection[str]
    han: bool  # whether any begins with a Han character

    def meant(self, written: str) -> str:
        """The key that a text begins with; empty for none. Han may follow a key without a space."""
        for end in range(len(written), 0, -1):
            whole = end == len(written) or not _ASCII_KEY.match(written[end]) or not written[end:].strip(_ENDS)
            if whole and written[:end] in self.keys:
                return written[:end]
        return ""

    def may_be(self, name: str) -> bool:
        """Whether a name is written as the keys are: where nearly all have a digit, one without greets somebody."""
        dated = sum(any(map(str.isdecimal, key)) for key in self.keys)
        return any(map(str.isdecimal, name)) or dated < _NEARLY_ALL * len(self.keys)


def known(keys: Collection[str]) -> Known:
    """The keys of a book's literature."""
    return Known(keys, any(re.match(f"[{IDEOGRAPHS}]", key) for key in keys))


@dataclass(frozen=True)
class CitationReader:
    """Reads the citations in runs of text.

    `missing` hears of keys that no source has, `greeted` of those that look as if they named somebody: @editor.
    """

    known: Known
    missing: Callable[[str], None]
    greeted: Callable[[str], None]

    def read(self, inlines: list[Inline]) -> list[Inline]:
        """The inlines with their citations as nodes of the kind Cite."""
        text, nodes = "", list[Inline]()
        for one in inlines:
            if one["t"] == "Str":
                text += one["c"].replace(OBJECT, "")
            elif one["t"] in ("Space", "SoftBreak"):
                text += " "
            else:
                text += OBJECT
                nodes.append(self._inside(one))
        text = self._narrow(text)
        if "@" not in text:
            return _restored(text, nodes) if nodes != _objects(inlines) else inlines
        return self._text(_Run(text, nodes))

    def _narrow(self, text: str) -> str:
        """A text, as long, with the full-width signs of its citations as they are meant: ＠key, 【@key】, ［@key］."""
        if FULL_SIGN in text:
            text = re.sub(f"{FULL_SIGN}(?=(.*))", lambda m: "@" if self.known.meant(m[1]) else m[0], text)
        return _FULL_BRACKETS.sub(self._bracketed, text)

    def _bracketed(self, found: re.Match[str]) -> str:
        """Brackets that hold a citation, and no remark that has one in it."""
        inner = found["inner"]
        first = _ITEM.search(inner)
        length = self._key(first["key"])[1] if first and self._key(first["key"])[0] else 0
        if not first or not length or not _LEADS.fullmatch(inner, 0, first.start()):
            return found[0]
        behind = inner[first.start("key") + length :].lstrip()
        return f"[{inner}]" if not behind or behind[0] in ",，;；" else found[0]

    def _inside(self, one: Inline) -> Inline:
        if one["t"] == "Image":
            return {**one, "c": [one["c"][0], self._silent(one["c"][1]), one["c"][2]]}
        if one["t"] not in CONTAINERS or one["t"] == "Link":
            return one
        inner = children(one)
        if is_lowered(one) and _CITED_ALONE.match(text(inner)):
            inner = [string("["), *inner, string("]")]
        return with_children(one, self.read(inner))

    def _silent(self, inlines: list[Inline]) -> list[Inline]:
        """An alternative text without its citations: nobody can follow them there."""
        return [one for one in CitationReader(self.known, _unheard, _unheard).read(inlines) if one["t"] != "Cite"]

    def _text(self, run: _Run) -> list[Inline]:
        out: list[Inline] = []
        at = 0
        while found := _ANY.search(run.text, at):
            made, end = self._bracket(run, found) if found["inner"] else self._outer(run, found)
            if not made:
                # What is no citation as a whole may hold one.
                end = found.start() + 1
            out += [*run.cut(at, found.start()), *(made or run.cut(found.start(), end))]
            at = end
        return out + run.cut(at, len(run.text))

    def _bracket(self, run: _Run, found: re.Match[str]) -> tuple[list[Inline], int]:
        """A citation in brackets, as text where a source is missing; none where it names no source."""
        start, end = found.span("inner")
        items, misses = list[dict[str, Any]](), list[str]()
        for first, last in _segments(run.text, start, end):
            match = _ITEM.search(run.text, first, last)
            if match is None:
                return [], 0
            key, length = self._key(match["key"])
            if not key:
                if _LABEL.match(match["key"][1:]):
                    return [], 0
                misses.append(_written(match["key"]))
                continue
            behind = match.start("key") + length
            mode = "SuppressAuthor" if match["minus"] else "NormalCitation"
            items.append(_item(key, run.cut(first, match.start()), run.cut(behind, last), mode, run.text[behind:last]))
        for one in misses:
            self.missing(one)
        return (run.cut(*found.span()) if misses else [_cite(items)]), found.end()

    def _outer(self, run: _Run, found: re.Match[str]) -> tuple[list[Inline], int]:
        """A citation whose author is part of the sentence: @key, @key [第 3 页]."""
        key, length = self._key(found["outer"])
        if not key:
            self._miss(found["outer"])
            return [], 0
        end = found.start() + length
        located = _LOCATED.match(run.text, end)
        if located and locator(located["inner"])[0]:
            first, last = located.span("inner")
            return [_cite([_item(key, [], run.cut(first, last), "AuthorInText", located["inner"])])], located.end()
        return [_cite([_item(key, [], [], "AuthorInText", "")])], end

    def _key(self, written: str) -> tuple[str, int]:
        """The key that a text means, and how much of the text it takes; empty for none."""
        return _key_in(written, self.known)

    def _miss(self, written: str) -> None:
        """Tell of a key that is missing, unless it is a name of another kind."""
        name = _written(written)
        if not _LABEL.match(written[1:]) and _is_meant(name, self.known):
            (self.missing if self.known.may_be(name) else self.greeted)(name)


def _unheard(_name: str) -> None:
    """Nobody is told of a name."""


def missing_keys(text: str, known: Known) -> Iterator[tuple[int, str]]:
    """Where Markdown without code names a source that is not known (the index of its @), and how it is written."""
    for found in _ITEM.finditer(text):
        if not _key_in(found["key"], known)[0] and not _LABEL.match(found["key"][1:]):
            name = _written(found["key"])
            if name and (_is_meant(name, known) or _is_in_brackets(text, found.start("key"))):
                yield found.start("key"), name


def _is_in_brackets(text: str, at: int) -> bool:
    return text.rfind("[", 0, at) > text.rfind("]", 0, at)


def _key_in(written: str, known: Known) -> tuple[str, int]:
    if written.startswith("@{"):
        key = written[2:-1]
        return (key, len(written)) if key in known.keys else ("", 0)
    key = known.meant(written[1:])
    return key, len(key) + 1


def _is_meant(name: str, known: Known) -> bool:
    """Whether a key that no source has is one that was forgotten, and no name of another kind."""
    if name.isdecimal() and not any(key.isdecimal() for key in known.keys):
        return False  # a price: @12
    han = re.match(f"[{IDEOGRAPHS}]", name)
    return not _LABEL.match(name) and not _HANDLE.match(name) and (known.han or not han)


@dataclass(frozen=True)
class _Run:
    """A run of inlines as a text in which an OBJECT stands for each that is no text."""

    text: str
    nodes: list[Inline]

    def cut(self, start: int, end: int) -> list[Inline]:
        """The inlines of a stretch."""
        before = self.text.count(OBJECT, 0, start)
        return _restored(self.text[start:end], self.nodes[before:])


def _objects(inlines: list[Inline]) -> list[Inline]:
    return [one for one in inlines if one["t"] not in ("Str", "Space", "SoftBreak")]


def _restored(text: str, nodes: list[Inline]) -> list[Inline]:
    """A text with its nodes as inlines."""
    out: list[Inline] = []
    rest = iter(nodes)
    for piece in re.split(rf"( +|{OBJECT})", text):
        if piece == OBJECT:
            out.append(next(rest))
        elif piece:
            out.append({"t": "Space"} if not piece.strip(" ") else string(piece))
    return out


def _segments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sources of a citation in brackets: parted by semicolons, of which one without a key belongs to the former."""
    first = start
    for mark in re.finditer("[;；]", text[start:end]):
        at = start + mark.start()
        if _ITEM.search(text, first, at) and _ITEM.search(text, at + 1, end):
            yield first, at
            first = at + 1
    yield first, end


def _written(key: str) -> str:
    """A key as it is told: without its mark, its brackets and the sentence behind it."""
    if key.startswith("@{"):
        return key[2:-1]
    plain = key.removeprefix("@")
    ascii_part = re.match(r"[\x21-\x7e]+", plain)
    return (ascii_part[0] if ascii_part else plain).rstrip(_ENDS)


def _item(key: str, prefix: list[Inline], suffix: list[Inline], mode: str, behind: str) -> dict[str, Any]:
    """One source of a citation, in pandoc's form; with what `behind` says of the place in it."""
    return {
        "citationId": key,
        "citationPrefix": _stripped(prefix),
        "citationSuffix": suffix,
        "citationMode": {"t": mode},
        "citationNoteNum": 0,
        "citationHash": 0,
        "located": behind if OBJECT not in behind else "",
    }


def _stripped(inlines: list[Inline]) -> list[Inline]:
    while inlines and inlines[0]["t"] == "Space":
        inlines = inlines[1:]
    while inlines and inlines[-1]["t"] == "Space":
        inlines = inlines[:-1]
    return inlines


def _cite(items: list[dict[str, Any]]) -> Inline:
    return {"t": "Cite", "c": [items, []]}


def locator(suffix: str) -> tuple[str, bool, str]:
    """The place that a suffix names, whether it is one of pages, and what follows: `, 第 3 页，下同` is 3."""
    bare = suffix.strip().lstrip(",，、 ").strip()
    inner = re.match(r"\{(?P<inner>[^{}]*)\}\s*", bare)
    said, behind = (inner["inner"].strip(), bare[inner.end() :]) if inner else (bare, "")
    for pattern in _PAGES:
        if found := pattern.match(said):
            numbers = re.sub(r"\s*(?:--?|[\u2013\u2014~～至])\s*", "-", found["n"])
            return re.sub(r"\s*[,，、]\s*", ",", numbers), True, said[found.end() :] + behind
    for pattern in _PLACES:
        if found := pattern.match(said):
            return found[0], False, said[found.end() :] + behind
    return ("", False, suffix)
