"""Notes of notes, and whose a note is.

pandoc reads a call within a note as text, so what it calls is read beside the text and put in. A translator's note is
told by `[^1]{.translator}`, or by its own first word: 译注：.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from publish.source.document import CONTAINERS, Block, Inline, children, map_inlines, rewrite, string, with_children

Extent = Literal["page", "chapter", "book"]
Stand = Literal["page", "margin", "chapter", "book"]


@dataclass(frozen=True)
class NoteSettings:
    """Where notes begin with 1, and where they stand in print."""

    numbered: Extent = "chapter"
    place: Stand = "page"


_ID = "publish-notes-of-notes"
_DEFINITION = re.compile(r"^ {0,3}\[\^(?P<label>[^\]\s]+)\]:(?P<text>.*)$", re.MULTILINE)
_CALL = re.compile(r"\[\^([^\]\s]+)\](?!:)")


def with_called(text: str) -> str:
    """A text with the notes that notes call put before it, for pandoc to read; most have none."""
    called = list(dict.fromkeys([*_called(text), *_repeated(text)])) if "[^" in text else []
    if not called:
        return text
    again = set(_repeated(text))
    calls = " ".join(
        f'[[^{label}]]{{.{_ID} label="{label}" again="{"yes" if label in again else ""}"}}' for label in called
    )
    return f"::: {{#{_ID}}}\n{calls}\n:::\n\n{text}"


def _called(text: str) -> Iterator[str]:
    """The labels that are called within definitions of notes, and defined."""
    found = list(_DEFINITION.finditer(text))
    defined = {one["label"] for one in found}
    for one in found:
        lines = text[one.end() + 1 :].split("\n")
        more = next((number for number, line in enumerate(lines) if _ends(line)), len(lines))
        words = "\n".join([one["text"], *lines[:more]])
        yield from (label for label in _CALL.findall(words) if label in defined)


def _repeated(text: str) -> list[str]:
    """The labels that are called more than once, each of a note that no other is like.

    None where a text has parts for some editions or formats, in which alone the first call may stand.
    """
    times = Counter(_CALL.findall(text))
    several = {label for label, number in times.items() if number > 1}
    if not several or ".only" in text:
        return []
    words = Counter(one["text"].strip() for one in _DEFINITION.finditer(text))
    alone = {one["label"]: one["text"].strip() for one in _DEFINITION.finditer(text) if words[one["text"].strip()] == 1}
    return [label for label in times if label in several and alone.get(label) and f"^[{alone[label]}]" not in text]


def _ends(line: str) -> bool:
    """Whether a line is none of a definition's: the next one, or one that is neither blank nor indented."""
    return bool(line.strip()) and not line.startswith((" " * 4, "\t"))


def with_nested(blocks: list[Block]) -> list[Block]:
    """The blocks that pandoc has read of such a text, each note with the notes that it calls."""
    if not blocks or blocks[0]["t"] != "Div" or blocks[0]["c"][0][0] != _ID:
        return blocks
    notes: dict[str, list[Block]] = {}
    again: dict[str, list[Block]] = {}
    for paragraph in blocks[0]["c"][1]:
        for span in paragraph["c"]:
            if span["t"] == "Span" and span["c"][1] and span["c"][1][0]["t"] == "Note":
                said = dict(span["c"][0][2])
                notes[said["label"]] = span["c"][1][0]["c"]
                if said["again"]:
                    again[said["label"]] = span["c"][1][0]["c"]
    return _filled(_labelled(blocks[1:], again), notes, (), inside=False)


LABEL = "label"  # what a note that is called more than once is called by


def _labelled(blocks: list[Block], again: Mapping[str, list[Block]]) -> list[Block]:
    """Blocks in which each note that the text calls more than once says by which label."""
    if not again:
        return blocks

    def change(one: Inline) -> list[Inline] | None:
        label = next((name for name, note in again.items() if note == one["c"]), "") if one["t"] == "Note" else ""
        return [{**one, LABEL: label}] if label else None

    return rewrite(blocks, None, lambda inlines, _line: map_inlines(inlines, change))


def _filled(
    blocks: list[Block], notes: Mapping[str, list[Block]], above: tuple[str, ...], *, inside: bool
) -> list[Block]:
    """Blocks with the notes in them filled; `inside` a note its calls are made notes, but for those `above` it."""

    def change(one: Inline) -> list[Inline] | None:
        if one["t"] == "Note":
            return [{**one, "c": _filled(one["c"], notes, above, inside=True)}]
        return list(_parted(one["c"])) if inside and one["t"] == "Str" and "[^" in one["c"] else None

    def _parted(text: str) -> Iterator[Inline]:
        at = 0
        for call in _CALL.finditer(text):
            label = call[1]
            if label in notes and label not in above:
                yield from [string(text[at : call.start()])] if call.start() > at else []
                yield {"t": "Note", "c": _filled(notes[label], notes, (*above, label), inside=True)}
                at = call.end()
        yield from [string(text[at:])] if at < len(text) else []

    return rewrite(blocks, None, lambda inlines, _line: map_inlines(inlines, change))


def with_calls(blocks: list[Block], lines: Sequence[str]) -> list[Block]:
    """Blocks whose notes have ids, with each further call of one in a chapter no note but a call.

    It is what `lift_notes` makes of every call.
    """
    text = "\n".join(lines)
    if "[^" not in text or not _repeated(text):
        return blocks
    noted: dict[str, str] = {}

    def block(one: Block) -> None:
        if one["t"] == "Header" and one["c"][0] == 1:
            noted.clear()

    def change(one: Inline) -> list[Inline] | None:
        if one["t"] != "Note" or LABEL not in one:
            return None
        if one[LABEL] in noted:
            return [{"t": "Span", "c": [["", ["noteref"], [["note", noted[one[LABEL]]]]], []]}]
        noted[one[LABEL]] = one["id"]
        return None

    return rewrite(blocks, block, lambda inlines, _line: map_inlines(inlines, change))


def is_repeated_call(one: Inline) -> bool:
    """Whether an inline is such a call."""
    return one["t"] == "Span" and "noteref" in one["c"][0][1] and not one["c"][1]


KIND, SAID = "kind", "note-said"  # what a note says of whose it is; the class of the word by which its author says so
KINDS = ("translator", "editor", "author")
MARGIN = "margin"  # the class of a note that is to stand beside the text, in a book whose notes do not
_CLASSES = (*KINDS, MARGIN)
_CLASS = rf"\.(?:{'|'.join(_CLASSES)})"
SAYS_WHOSE = re.compile(rf"\{{{_CLASS}[ }}]")
_MARKED = re.compile(rf"^\{{({_CLASS}(?: {_CLASS})*)\}}")
_SAYING = re.compile(r"^[【［\[（(]?((?:译|譯|编|編|作)者?[注註]|原[注註])(?:[】］\])）]|[:：])+")
_MAY_SAY = re.compile(rf"\]\{{{_CLASS}[ }}]|[译譯编編作]者?[注註][:：】］\])）]|原[注註][:：】］\])）]")


def with_kinds(blocks: list[Block], lines: Sequence[str]) -> list[Block]:
    """The blocks with notes that know whose they are, the translator's or the editor's, where that is written."""
    if not any(_MAY_SAY.search(line) for line in lines):
        return blocks

    def unit(inlines: list[Inline], _line: int) -> list[Inline]:
        return _each_kind(inlines)

    return rewrite(blocks, None, unit)


def _each_kind(inlines: list[Inline]) -> list[Inline]:
    out: list[Inline] = []
    waiting = list(inlines)
    while waiting:
        one = waiting.pop(0)
        marked, behind = _marked(one, waiting) if out and out[-1]["t"] == "Note" else ([], [])
        if marked:
            out[-1] = _with_classes(out[-1], marked)
            waiting = behind
        elif one["t"] == "Note":
            out.append(_saying(one))
        elif (classes := _classes_at_place(one)) and out and out[-1]["t"] == "Str" and out[-1]["c"].endswith("^"):
            out[-1:] = [string(out[-1]["c"][:-1])] if out[-1]["c"] != "^" else []
            out.append(_with_classes({"t": "Note", "c": [{"t": "Para", "c": children(one)}]}, classes))
        else:
            out.append(with_children(one, _each_kind(children(one))) if one["t"] in CONTAINERS else one)
    return out


def _marked(one: Inline, behind: list[Inline]) -> tuple[list[str], list[Inline]]:
    """The classes that stand behind a note's call, which pandoc reads as text, and what stands behind them."""
    if one["t"] != "Str" or not one["c"].startswith("{."):
        return [], []
    words, taken = one["c"], 0
    while "}" not in words and [each["t"] for each in behind[taken : taken + 2]] == ["Space", "Str"]:
        words, taken = f"{words} {behind[taken + 1]['c']}", taken + 2
    found = _MARKED.match(words)
    if not found:
        return [], []
    rest = [string(words[found.end() :])] if words[found.end() :] else []
    return found[1].replace(".", "").split(), [*rest, *behind[taken:]]


def _with_classes(note: Inline, classes: list[str]) -> Inline:
    """A note that knows whose it is, and whether it stands beside the text."""
    kind = next((name for name in classes if name in KINDS), "")
    return {**note, **({KIND: kind} if kind else {}), **({MARGIN: True} if MARGIN in classes else {})}


def _classes_at_place(one: Inline) -> list[str]:
    """What `^[…]{.editor}` says of its note, which pandoc reads as a span."""
    return [name for name in one["c"][0][1] if name in _CLASSES] if one["t"] == "Span" else []


def _saying(note: Inline) -> Inline:
    """A note that begins with a word that says whose it is, with that word in a span."""
    first: Block = note["c"][0] if note["c"] else {"t": ""}
    text: Inline = first["c"][0] if first["t"] in ("Para", "Plain") and first["c"] else {"t": ""}
    found = _SAYING.match(text["c"]) if text["t"] == "Str" else None
    if not found:
        return note
    rest = [string(text["c"][found.end() :])] if text["c"][found.end() :] else []
    said = {"t": "Span", "c": [["", [SAID], []], [string(found[0])]]}
    return {**note, "c": [{**first, "c": [said, *rest, *first["c"][1:]]}, *note["c"][1:]]}
