"""`.only`: which parts of the text an edition has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publish.edition.context import Context
from publish.findings import Finding
from publish.formats import names as format_names
from publish.regions import REGIONS
from publish.source.document import (
    CONTAINERS,
    Attr,
    Block,
    Inline,
    attr,
    children,
    key_values,
    map_inlines,
    rewrite,
    with_attr,
    with_children,
)
from publish.source.manuscript import Chapter
from publish.source.places import first_line
from publish.source.project import Project

ONLY = "only"

# Left in place of a part only for other editions; what held nothing else goes with it when the XHTML is written.
_GONE: Attr = ["", [ONLY], [["format", ""]]]
_GONE_BLOCK: Block = {"t": "Div", "c": [_GONE, []]}
_GONE_INLINE: Inline = {"t": "Span", "c": [_GONE, []]}


def select(context: Context, chapter: Chapter) -> tuple[list[Block], list[Finding]]:
    """A chapter's blocks without what is only for other editions; what is only for some formats keeps its mark."""
    findings: list[Finding] = []

    def stays(node: Block | Inline, line: int) -> bool | None:
        """Whether an .only node is kept; None for other nodes."""
        attributes = attr(node)
        if attributes is None or ONLY not in attributes[1]:
            return None
        keys = key_values(attributes)
        findings.extend(_misnamed(context, chapter, keys, line))
        return "edition" not in keys or bool(set(_names(keys["edition"])) & set(context.edition.keys))

    def block(one: Block) -> list[Block] | None:
        line = first_line([one])
        wanted = stays(one, line)
        if wanted is None:
            return None
        if one is chapter.blocks[0] and chapter.headed:
            findings.append(_only_heading(context, chapter, one.get("line", 0)))
            return [_without_only(one)]
        if not wanted:
            return [_GONE_BLOCK]
        inner: list[Block] = [_without_only(one)]
        if one["t"] == "Div":
            inner = [{**one, "c": [attr(inner[0]), rewrite(one["c"][1], block, unit)]}]
            inner = inner if any(attr(inner[0]) or ()) else inner[0]["c"][1]
        return _for_formats("Div", one, inner)

    def unit(inlines: list[Inline], line: int) -> list[Inline]:
        def change(inline: Inline) -> list[Inline] | None:
            wanted = stays(inline, line)
            if wanted is None:
                return None
            if not wanted:
                return [_GONE_INLINE]
            one = _without_only(inline)
            if one["t"] in CONTAINERS:
                one = with_children(one, map_inlines(children(one), change))
            inner = children(one) if one["t"] == "Span" and attr(one) == ["", [], []] else [one]
            return _for_formats("Span", inline, inner)

        return map_inlines(inlines, change)

    return rewrite(chapter.blocks, block, unit), findings


def is_gone(blocks: list[Block]) -> bool:
    """Whether nothing is left of a chapter in the edition."""
    return all(block == _GONE_BLOCK for block in blocks)


def known_editions(project: Project) -> set[str]:
    """The names that a text may give an edition: those that are built, and all regions."""
    return {*(edition.key for edition in project.editions), *REGIONS}


def _misnamed(context: Context, chapter: Chapter, keys: dict[str, str], line: int) -> Iterator[Finding]:
    """What an .only names that does not exist."""
    code = "only-unknown"
    if not keys.keys() & {"edition", "format"}:
        problem = ".only does not say for which edition or format"
        yield context.finding(code, chapter, line, problem, 'Write edition="…" or format="…"')
    for name in _names(keys.get("edition")):
        if name not in known_editions(context.project):
            problem = f'.only names the edition "{name}", which does not exist'
            yield context.finding(code, chapter, line, problem, needle=name)
    for name in _names(keys.get("format")):
        if name not in format_names():
            problem = f'.only names the format "{name}", which does not exist'
            yield context.finding(code, chapter, line, problem, needle=name)


def _only_heading(context: Context, chapter: Chapter, line: int) -> Finding:
    problem = "the heading of a chapter cannot be limited with .only; it stays in all editions"
    return context.finding("only-heading", chapter, line, problem, "Write [word]{zh-TW=…} in it instead")


def _for_formats(kind: str, node: Block | Inline, inner: list[Inline]) -> list[Inline]:
    """The content of an .only node, in a mark for the formats that it names; a block's mark keeps its line."""
    formats = key_values(attr(node) or _GONE).get("format")
    if formats is None:
        return inner
    kept = node if kind == "Div" else {}
    return [{**kept, "t": kind, "c": [["", [ONLY], [["format", formats]]], inner]}]


def _names(value: str | None) -> list[str]:
    return [name for name in re.split(r"[\s,;]+", value or "") if name]


def _without_only(node: Block | Inline) -> Block | Inline:
    identifier, classes, pairs = attr(node) or _GONE
    rest = [pair for pair in pairs if pair[0] not in ("edition", "format")]
    return with_attr(node, [identifier, [name for name in classes if name != ONLY], rest])
