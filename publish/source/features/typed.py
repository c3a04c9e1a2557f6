"""Numbers that an author typed where the book counts by itself: both would stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from publish.errors import Place
from publish.findings import Finding
from publish.source.document import Block, block_text, rewrite, text
from publish.source.sheets import Gists, Sheet

Typed = Sequence[tuple[str, int, str]]  # heading or caption, its line, its text

_COUNT = "〇零一二三四五六七八九十百千两兩"
_HEADING = re.compile(
    rf"第[{_COUNT}\d]{{1,6}}[章节節回卷部篇讲講课課](?=[\s:：、]|$)|[{_COUNT}]{{1,3}}、|[（(][{_COUNT}\d]{{1,3}}[)）]"
    r"|\d{1,2}[.、．](?!\d)|\d{1,2}(?:\.\d{1,2}){1,4}[.、]?(?=\s+(?!版)\S)"
)
_CAPTION = re.compile(
    r"(?:图|圖|表|代码|代碼|清单|清單|Figure|Fig\.|Table)\s?\d{1,3}(?:[-–.．]\d{1,3}){0,2}(?=[\s:：、.．]|$)"
)
_KINDS = {"heading": _HEADING, "caption": _CAPTION}
_ENOUGH = 2  # headings that begin with a number: one may be about a version, 2.0


def typed_numbers(sheets: Sequence[Sheet], gists: Gists, *, sections: bool, refers: bool) -> Iterator[Finding]:
    """A warning where headings, and one where captions, have numbers that the book gives them as well.

    `sections`: it numbers its sections; `refers`: something in it is referred to by name, so captions have numbers.
    """
    if not (sections or refers):
        return
    found = [(sheet.file.name, *one) for sheet in sheets for one in _typed(sheet, gists)]
    headings = [one for one in found if one[1] == "heading"] if sections else []
    captions = [one for one in found if one[1] == "caption"]
    if len(headings) >= _ENOUGH:
        problem = f'numbers typed in headings stand beside the book\'s own: "{headings[0][3]}", {len(headings)} in all'
        yield _finding(headings[0], problem, "Take the typed ones out, or number-sections out of the settings")
    if captions:
        problem = f'numbers typed in captions stand beside the book\'s own: "{captions[0][3]}", {len(captions)} in all'
        yield _finding(captions[0], problem, "Take the typed ones out; [@fig:name] refers to a figure by its number")


def _finding(one: tuple[str, str, int, str], problem: str, remedy: str) -> Finding:
    file, _, line, _ = one
    return Finding("number-typed", "warning", Place(file, line), problem, remedy)


def _typed(sheet: Sheet, gists: Gists) -> Typed:
    key = gists.key(sheet, "typed")
    gist = gists.known(key)
    found: Typed = gists.keep(key, _in(sheet.whole.blocks)) if gist is None else gist
    return found


def _in(blocks: list[Block]) -> list[tuple[str, int, str]]:
    """The headings and captions of a file that begin with a number."""
    found: list[tuple[str, int, str]] = []
    line = 0

    def look(block: Block) -> None:
        nonlocal line
        line = block.get("line", line)
        kind, said = _said(block)
        if kind and _KINDS[kind].match(said):
            found.append((kind, line, said[:40]))

    rewrite(blocks, block=look)
    return found


def _said(block: Block) -> tuple[str, str]:
    """What a heading or a caption says; nothing of other blocks."""
    if block["t"] == "Header" and "unnumbered" not in block["c"][1][1]:
        return "heading", text(block["c"][2]).strip()
    if block["t"] in ("Figure", "Table"):
        return "caption", block_text(block["c"][1][1]).strip()
    return "", ""
