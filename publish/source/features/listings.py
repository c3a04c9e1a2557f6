"""Listings: code with its title, with numbers of lines, or taken from a file of the book by a range of lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from publish.errors import Place, PublishError
from publish.source.document import Block, key_values, rewrite, string, with_attr
from publish.source.sheets import SourceFile
from publish.textfile import read_text

NUMBERED, FIRST = "numbered", "first"  # the class of code whose lines have numbers; the attribute with the first
NUMBERS = frozenset(["numberLines", "number-lines", "line-numbers", "linenos"])
_FIRST = ("startFrom", "startfrom", "start-from", "linenums", "lineno-start")
_FILE = ("include", "file-path")
_EMPTY = "file"  # says the same of code without a line of its own (knitr)
_OTHERS = frozenset(["title", "info", *_FIRST])
_RANGE = re.compile(r"^\s*(?P<first>\d+)\s*(?:[-:]\s*(?P<last>\d*))?\s*$")


def titled(blocks: list[Block]) -> list[Block]:
    """Code with a title made a listing of both; the other words behind its fence are no one's but its author's."""

    def block(one: Block) -> list[Block] | None:
        if one["t"] != "CodeBlock":
            return None
        pairs, classes = key_values(one["c"][0]), one["c"][0][1]
        if not pairs.keys() & _OTHERS and not NUMBERS & {*classes}:
            return None
        code = _numbered(one, pairs)
        if "title" not in pairs:
            return [code]
        kept = {"t": "Span", "c": [["", ["keep"], []], [string(pairs["title"])]]}  # a file's name, as the code is
        title = {"t": "Para", "c": [kept], "line": one.get("line", 0)}
        return [
            {**one, "t": "Div", "c": [["", ["listing"], []], [{"t": "Div", "c": [["", ["title"], []], [title]]}, code]]}
        ]

    return rewrite(blocks, block)


def _numbered(one: Block, pairs: dict[str, str]) -> Block:
    """Code without the words that only its author needs; one class and one attribute for all spellings of numbers."""
    identifier, classes, own = one["c"][0]
    first = next((pairs[name] for name in _FIRST if name in pairs), "")
    wanted = bool(NUMBERS & {*classes}) or first.isdigit()
    left = [name for name in classes if name not in NUMBERS]
    rest = [pair for pair in own if pair[0] not in _OTHERS]
    if wanted:
        rest += [[FIRST, first]] if first.isdigit() else []
        left = [*left, NUMBERED]
    return with_attr(one, [identifier, left, rest])


def includes(lines: Sequence[str]) -> bool:
    """Whether a file may have code from others in it."""
    return any("include=" in line or "file=" in line for line in lines)


def included(file: SourceFile, root: Path) -> SourceFile:
    """A file with code from other files of the book in its place: `{.python include="code/a.py" lines="3-10"}`.

    Raises `PublishError` with the line for a file that is missing or outside the book, and lines that it has not.
    """

    def block(one: Block) -> list[Block] | None:
        pairs = key_values(one["c"][0]) if one["t"] == "CodeBlock" else {}
        name = next((pairs[key] for key in _FILE if key in pairs), "")
        if not name and _EMPTY in pairs and not one["c"][1].strip() and (file.path.parent / pairs[_EMPTY]).is_file():
            name = pairs[_EMPTY]
        if not name:
            return None
        read.append(file.path.parent / name)
        return [_from_file(one, pairs, name, file, root)]

    read: list[Path] = []
    return replace(file, blocks=rewrite(file.blocks, block), beside=tuple(read))


def _from_file(one: Block, pairs: dict[str, str], name: str, file: SourceFile, root: Path) -> Block:
    line = one.get("line", 0)  # of the code's first line, mostly: what names the file stands above it
    at = next((at for at in (line, line - 1) if 0 < at <= len(file.lines) and name in file.lines[at - 1]), line)
    place = Place(file.name, at)
    path = (file.path.parent / name).resolve()
    if not path.is_relative_to(root.resolve()):
        raise PublishError(f'the code "{name}" lies outside the book', f"Put it into {root.name}/", place)
    if not path.is_file():
        raise PublishError(
            f'the code "{name}" is not found', "Check its name, which is relative to this chapter", place
        )
    lines = read_text(path).removesuffix("\n").split("\n")
    first, last = _range(pairs.get("lines", ""), len(lines), name, place)
    if "snippet" in pairs:
        first, last = _snippet(lines, pairs["snippet"], name, place)
    identifier, classes, own = one["c"][0]
    rest = [pair for pair in own if pair[0] not in (*_FILE, _EMPTY, "lines", "snippet")]
    if NUMBERED in classes and FIRST not in pairs and "snippet" not in pairs:  # whose author knows no lines of the file
        rest.append([FIRST, str(first)])
    return {**one, "c": [[identifier, classes, rest], _dedented(lines[first - 1 : last])]}


def _range(wanted: str, count: int, name: str, place: Place) -> tuple[int, int]:
    """The first and the last line of a range: 3-10, 3-, 3."""
    if not wanted:
        return 1, count
    found = _RANGE.match(wanted)
    if not found:
        raise PublishError(f'lines="{wanted}" is not a range', 'Write lines="3-10"', place)
    first = int(found["first"])
    last = int(found["last"]) if found["last"] else count if found["last"] == "" else first
    if not 1 <= first <= last <= count:
        raise PublishError(f'"{name}" has {count} lines, not {wanted}', 'Correct lines="…"', place)
    return first, last


def _snippet(lines: Sequence[str], wanted: str, name: str, place: Place) -> tuple[int, int]:
    """The lines between those that say where a part of this name begins and ends, in any of the usual ways."""
    own = rf"[ \t]*{re.escape(wanted)}\b"
    begins = re.compile(rf"(?:\[start:|ANCHOR:|#?\bregion\b|start snippet|tag::){own}")
    ends = re.compile(rf"(?:\[end:|ANCHOR_END:|end snippet|end::){own}|#?\bendregion\b(?:{own}|[ \t]*\W*$)")
    first = next((at for at, line in enumerate(lines) if begins.search(line)), -1)
    last = next((at for at in range(first + 1, len(lines)) if ends.search(lines[at])), -1) if first >= 0 else -1
    if last <= first + 1:
        raise PublishError(
            f'"{name}" has no part "{wanted}"', f"Mark it in the file: [start:{wanted}] … [end:{wanted}]", place
        )
    return first + 2, last


def _dedented(lines: list[str]) -> str:
    """Lines without the indent that all have."""
    indents = [len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()]
    cut = min(indents, default=0)
    return "\n".join(line[cut:] if line.strip() else "" for line in lines)
