"""The text of an edition: each unit converted as a whole and cut back to its nodes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate

from publish.convert.quotes import running_on
from publish.edition import keep
from publish.edition.context import Context
from publish.edition.features.formulas import convert_formula
from publish.edition.units import Kind, Unit, borders, mark_of
from publish.findings import Finding
from publish.regions import Region
from publish.source.document import (
    CONTAINERS,
    Block,
    Inline,
    children,
    inline_nodes,
    map_inlines,
    neighbours,
    rewrite,
    with_attr,
    with_children,
)
from publish.source.features.indexing import INDEX, LEVELS
from publish.source.leaves import OBJECT, Leaf, leaves, rebuild
from publish.source.manuscript import Chapter

# By an issue's code: what is wrong, and what to do.
_ISSUES = {
    "quote-unmatched": ("an unpaired quotation mark: {}", ""),
    "quote-straight": (
        "a straight quotation mark can be read in two ways: {}",
        "Write “ and ”, or set code in backquotes",
    ),
    "punct-ellipsis": ("an ellipsis is not written ……: {}", "Write ……, or let a style correct it"),
    "punct-dash": ("a dash is not written ——: {}", "Write ——, or let a style correct it"),
    "opencc-replay": ("a phrase whose length changes crosses markup: {}", ""),
}
# Issues about custom only.
_NOTES = frozenset(["punct-ellipsis", "punct-dash"])
# Attributes that are entries of an index; their levels are texts of their own.
_ENTRIES = frozenset(["key", "see", "seealso"])
# Attributes that people read or hear.
_SAID = frozenset(["alt", "title", "aria-label"])


@dataclass(frozen=True)
class Gathered:
    """What a conversion finds: its units, faults, and words of other editions with this edition's own."""

    units: list[Unit] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    elsewhere: set[tuple[str, str]] = field(default_factory=set)

    def add(self, other: Gathered) -> None:
        """Add what another conversion found."""
        self.units.extend(other.units)
        self.findings.extend(other.findings)
        self.elsewhere.update(other.elsewhere)


@dataclass(frozen=True)
class Joined:
    """A unit's leaves as one text, the indices at which they end, and the ranges that are opaque, in code points."""

    parts: list[Leaf]
    text: str
    cuts: tuple[int, ...]
    opaque: tuple[tuple[int, int], ...]


def convert_blocks(context: Context, chapter: Chapter, blocks: list[Block]) -> tuple[list[Block], Gathered]:
    """The blocks of a chapter, converted; the units in the order met, a note before its call."""
    source = context.project.source
    blocks = rewrite(blocks, lambda block: keep.keep_block(source, block))
    running = dict(_running(context, blocks))
    gathered = Gathered()
    notes: set[str] = set()
    heading = ("", 0)

    def block(one: Block) -> list[Block] | None:
        """Remember the heading whose text comes next, its id and level; convert raw HTML's attributes."""
        nonlocal heading
        if one["t"] == "Header":
            heading = one["c"][1][0], one["c"][0]
        return [_said_in_raw(one, aside(one.get("line", 0)))] if one["t"] == "RawBlock" else None

    def unit(inlines: list[Inline], line: int) -> list[Inline]:
        nonlocal heading
        inlines, words = keep.choose_words(context, inlines)
        gathered.elsewhere.update(words)
        notes.update(_note_ids(inlines))
        joined = join(inlines, source)
        if joined.text.strip():
            own = mark_of(inlines)
            name, level = (own, 0) if own else heading
            heading = (name, 0) if level else heading
            opening = running.get(joined.text, frozenset())
            pieces = context.converter.pieces(joined.text, joined.cuts, joined.opaque, opening)
            gathered.findings.extend(_issues(context, chapter, line, joined, opening))
            gathered.units.append(_unit(chapter, line, (name, level), joined, "".join(pieces), opening))
            inlines = rebuild(inlines, pieces)
        if context.manuscript.indexes:
            inlines = _with_entries(inlines, aside(line), entries)
        return keep.unwrap_kept(source, _beside(source, inlines, lambda alt: unit(alt, line), aside(line)))

    entries: dict[str, str] = {}  # of an index: said again and again

    def aside(line: int) -> Callable[[str], str]:
        def convert(said: str) -> str:
            output, units = convert_string(context, said, chapter, line, "aside")
            gathered.units.extend(units)
            return output

        return convert

    converted = rewrite(blocks, block, unit)
    units = [replace(one, kind="note") if one.kind == "text" and one.id in notes else one for one in gathered.units]
    return converted, replace(gathered, units=units)


def convert_string(
    context: Context, source: str, chapter: Chapter | None, line: int, kind: Kind
) -> tuple[str, list[Unit]]:
    """A text that is one node, converted; its unit, unless it is empty. Without a chapter it is metadata."""
    output = context.converter.convert(source)
    if not source.strip():
        return output, []
    key, file = (chapter.key, chapter.file) if chapter else ("", context.project.place().file)
    return output, [Unit(key, file, line, "", kind, source, output)]


def join(inlines: list[Inline], source: Region) -> Joined:
    """A unit's text joined; what is kept is opaque."""
    parts = leaves(inlines, lambda node: keep.is_kept(source, node))
    ends = tuple(accumulate(len(part.text) for part in parts))
    spans = ((end - len(part.text), end) for part, end in zip(parts, ends, strict=True) if part.opaque and part.text)
    return Joined(parts, "".join(part.text for part in parts), ends[:-1], tuple(spans))


def _unit(  # what a unit is made of
    chapter: Chapter, line: int, anchor: tuple[str, int], joined: Joined, output: str, opening: frozenset[int]
) -> Unit:
    """The unit of a converted text; `anchor` is the id before it and, for a heading's text, its level."""
    name, level = anchor
    return Unit(
        chapter.key,
        chapter.file,
        line,
        name,
        "heading" if level else "text",
        joined.text,
        output,
        joined.cuts,
        joined.opaque,
        borders(joined.parts),
        level,
        tuple(sorted(opening)),
    )


def _issues(
    context: Context, chapter: Chapter, line: int, joined: Joined, opening: frozenset[int]
) -> Iterator[Finding]:
    """What is doubtful in a unit's quotation marks and punctuation."""
    for issue in context.converter.issues(joined.text, joined.opaque, opening):
        near = joined.text[max(0, issue.index - 6) : issue.index + 7].replace(OBJECT, "").strip()
        problem, remedy = _ISSUES.get(issue.code, ("{}", ""))
        yield context.finding(
            issue.code,
            chapter,
            line,
            problem.format(f"「{near}」"),  # an ellipsis at its ends would look like one of the text
            remedy,
            _needle(joined.text, issue.index),
            "note" if issue.code in _NOTES else "warning",
        )


def _needle(joined: str, index: int) -> str:
    """A few characters around a fault to find its line by; empty where markup or an end is too near."""
    after = joined[index : index + 5].partition(OBJECT)[0]
    return after if len(after) > 2 else joined[max(0, index - 4) : index + 1]  # noqa: PLR2004  # too few to find a line by


def _running(context: Context, blocks: list[Block]) -> Iterator[tuple[str, frozenset[int]]]:
    """The paragraphs, by text, whose quotation runs on into the next, with its marks."""
    for paragraphs in neighbours(blocks):
        units = [join(keep.choose_words(context, one["c"])[0], context.project.source) for one in paragraphs]
        marks = running_on([(one.text, one.opaque) for one in units])
        yield from ((one.text, found) for one, found in zip(units, marks, strict=True) if found)


def _note_ids(inlines: list[Inline]) -> set[str]:
    """The ids of the paragraphs in the notes of a run, which are converted before the run itself."""
    found: set[str] = set()

    def unit(content: list[Inline], _line: int) -> list[Inline]:
        found.add(mark_of(content))
        return content

    for node in inline_nodes(inlines):
        if node["t"] == "Note":
            rewrite(node["c"], None, unit)
    return found - {""}


def _beside(
    source: Region,
    inlines: list[Inline],
    unit: Callable[[list[Inline]], list[Inline]],
    aside: Callable[[str], str],
) -> list[Inline]:
    """The texts beside the text, outside what is kept: alternative texts as units, titles and what is read aloud."""
    out: list[Inline] = []
    for one in inlines:
        if keep.is_kept(source, one):
            out.append(one)
            continue
        kind = one["t"]
        changed = one
        if kind in CONTAINERS:
            changed = with_children(one, _beside(source, children(one), unit, aside))
        if kind in ("Link", "Image"):
            attributes, inner, (url, title) = changed["c"]
            changed = {**changed, "c": [attributes, unit(inner) if kind == "Image" else inner, [url, aside(title)]]}
        if kind == "RawInline":
            changed = _said_in_raw(changed, aside)
        if kind == "Math":
            changed = convert_formula(changed, aside)
        if kind in ("Link", "Image", "Span"):
            identifier, classes, pairs = changed["c"][0]
            said = [[key, aside(value) if key in _SAID else value] for key, value in pairs]
            changed = with_attr(changed, [identifier, classes, said])
        out.append(changed)
    return out


def _with_entries(inlines: list[Inline], aside: Callable[[str], str], known: dict[str, str]) -> list[Inline]:
    """The inlines with the entries of an index, which their marks name, converted; `known` are those met before."""

    def entry(key: str) -> str:
        for level in key.split(LEVELS):
            if level not in known:
                known[level] = aside(level)
        return LEVELS.join(known[level] for level in key.split(LEVELS))

    def change(inline: Inline) -> list[Inline] | None:
        if inline["t"] != "Span" or INDEX not in inline["c"][0][1]:
            return None
        (identifier, classes, pairs), inner = inline["c"]
        said = [[key, entry(value) if key in _ENTRIES else value] for key, value in pairs]
        return [{**inline, "c": [[identifier, classes, said], map_inlines(inner, change)]}]

    return map_inlines(inlines, change)


_RAW_SAID = re.compile(
    r"""(?P<before><[A-Za-z][^<>]*?\s(?:alt|title|aria-label|summary)\s*=\s*)(?:"(?P<double>[^"<>]*)"|'(?P<single>[^'<>]*)')""",
    re.IGNORECASE,
)


def _said_in_raw(node: Inline | Block, aside: Callable[[str], str]) -> Inline | Block:
    """Raw HTML with the texts of its attributes converted."""

    def convert(found: re.Match[str]) -> str:
        words = html.unescape(found["double"] if found["double"] is not None else found["single"])
        return f'{found["before"]}"{html.escape(aside(words))}"'

    form, markup = node["c"]
    return {**node, "c": [form, _RAW_SAID.sub(convert, markup)]}
