"""Titles: the heading that a file begins with, found or made, and what stands above it put below."""

from __future__ import annotations

import difflib
import re
from itertools import pairwise, takewhile

from publish.source.document import (
    Block,
    Inline,
    block_text,
    string,
    text,
)

PART = "part"  # the class of a heading that opens a part, and is no chapter
_OPENS = re.compile(r"\((?P<kind>PART|APPENDIX)\*?\)")


def opening_parts(blocks: list[Block]) -> list[Block]:
    """The blocks with bookdown's headings of parts, # (PART) 甲 {-}, as headings that open one; an appendix is one."""
    return [_opening(one) if one["t"] == "Header" and one["c"][0] == 1 else one for one in blocks]


def _opening(heading: Block) -> Block:
    level, (identifier, classes, pairs), words = heading["c"]
    found = _OPENS.fullmatch(words[0]["c"]) if words and words[0]["t"] == "Str" else None
    if not found or (found["kind"] == "PART" and not words[2:]):
        return heading
    return {**heading, "c": [level, [identifier, [*classes, PART], pairs], words[2:] or [string("附录")]]}


def led(blocks: list[Block], title: str = "") -> list[Block]:
    """The blocks of a file with its title at their head, where a short lead stands before it.

    Badges, a quotation, a note on where the text is from: a reader meets them below the title. The title is the first
    of all headings and the only one of the first level; it is none where the file's own `title` is another.
    """
    at = next((number for number, block in enumerate(blocks) if block["t"] == "Header"), 0)
    if not at or [one["c"][0] for one in blocks if one["t"] == "Header"].count(1) != 1 or blocks[at]["c"][0] != 1:
        return blocks
    if title and not _is_same(text(blocks[at]["c"][2]).strip(), title):
        return blocks
    lead, rest = blocks[:at], blocks[at + 1 :]
    short = all(map(_is_beside, lead)) or len(block_text(lead)) * SHORT_LEAD <= len(block_text(rest))
    return [blocks[at], *lead, *rest] if short else blocks


def title_over(blocks: list[Block], title: str) -> str:
    """The title of a book in one file where text begins it and one # follows, which is a section of it; "" if not."""
    heads = [one for one in blocks if one["t"] == "Header" and one["c"][0] == 1]
    if len(heads) != 1 or all(_is_comment(one) for one in takewhile(lambda one: one is not heads[0], blocks)):
        return ""
    return "" if _is_same(text(heads[0]["c"][2]).strip(), title) else title


SHORT_LEAD = 4  # of what stands below a title, what stands before it is a fourth at most


def _is_beside(block: Block) -> bool:
    """Whether a block above a title is none of the text: pictures, links from chapter to chapter, a motto, a rule.

    Or what MDX imports.
    """
    if block["t"] in ("Figure", "BlockQuote", "HorizontalRule", "RawBlock"):
        return True
    if block["t"] not in ("Para", "Plain"):
        return False
    kinds = {one["t"] for one in block["c"]}
    words = "".join(one["c"] for one in block["c"] if one["t"] == "Str")
    if words.startswith("import") and _IMPORTS.fullmatch(block_text([block]).strip()):
        return True
    return bool(kinds & {"Link", "Image"}) and not any(map(str.isalnum, words))


_IMPORTS = re.compile(r"(?:import\s+[\w{*][^;'\"‘“]*\sfrom\s+['\"‘“][^'\"’”]+['\"’”];?\s*)+")


def headed(blocks: list[Block], title: str, listed: str) -> list[Block]:
    """The blocks of a file under one heading of the first level, as far as it names itself.

    A `title` of its own is the chapter's, and `#` are its sections; without one, a heading of a lower level that begins
    the file is, and what is below it moves up with it; `listed`, the contents' name for it or that of the book that it
    is, where it has none, or several of one level (## and ## again).
    """
    blocks = _with_title_first(blocks)
    levels = [one["c"][0] for one in blocks if one["t"] == "Header"]
    first = blocks[0] if blocks and blocks[0]["t"] == "Header" else None
    if title and first is not None and levels.count(first["c"][0]) == 1 and first["c"][0] == min(levels):
        title = "" if _is_same(text(first["c"][2]).strip(), title) else title  # said twice
    if title:
        return [_heading(title), *_shifted(blocks, 1 if 1 in levels else 0)]
    if 1 in levels:
        return blocks
    if first is not None and "only" not in first["c"][1][1]:
        alone = levels.count(first["c"][0]) == 1 and min(levels) == first["c"][0]
        if listed and not alone and not _is_same(text(first["c"][2]).strip(), listed):
            return [_heading(listed), *_shifted(blocks, 2 - min(levels))]
        lifted = [{**first, "c": [1, *first["c"][1:]]}]
        return lifted + _shifted(blocks[1:], 1 - first["c"][0] if alone else 0)
    return [_heading(listed), *blocks] if listed else blocks


def _is_same(heading: str, title: str) -> bool:
    """Whether a heading says what a title in the front matter does, if in more or in other words."""
    shorter, longer = sorted((heading, title), key=len)
    return shorter in longer or difflib.SequenceMatcher(None, heading, title).ratio() >= _ALIKE


_ALIKE = 0.5


def _with_title_first(blocks: list[Block]) -> list[Block]:
    """The blocks with the heading that begins the text before comments that stand above it."""
    at = next((number for number, one in enumerate(blocks) if not _is_comment(one)), len(blocks))
    blocks = _with_chapters_named(blocks, at)
    titled = at < len(blocks) and blocks[at]["t"] == "Header"
    return [blocks[at], *blocks[:at], *blocks[at + 1 :]] if titled else blocks


def _with_chapters_named(blocks: list[Block], first: int) -> list[Block]:
    """The blocks with lines like 第一章　出门 as headings, in a text that begins with one and has no headings."""
    named = [number for number, one in enumerate(blocks) if _names_chapter(one)]
    close = any(after == before + 1 for before, after in pairwise(named))  # a list of contents
    if first not in named or close or any(one["t"] == "Header" for one in blocks):
        return blocks
    return [
        {**one, "t": "Header", "c": [1, ["", [], []], _plain(one["c"])]} if number in named else one
        for number, one in enumerate(blocks)
    ]


def _names_chapter(block: Block) -> bool:
    if block["t"] != "Para":
        return False
    words = _plain(block["c"])
    return all(one["t"] in ("Str", "Space") for one in words) and bool(_CHAPTER.fullmatch(text(words).strip()))


def _plain(words: list[Inline]) -> list[Inline]:
    bold: list[Inline] = words[0]["c"] if len(words) == 1 and words[0]["t"] == "Strong" else words
    return bold


def _is_comment(block: Block) -> bool:
    return block["t"] == "RawBlock" and bool(re.fullmatch(r"(?s)\s*<!--.*-->\s*", block["c"][1]))


# 第一节课上，老师说： and 第一回合结束 begin a text and are no titles of chapters.
_CHAPTER = re.compile(
    r"第[\d〇零一二三四五六七八九十百千]+(?:[章卷]|回(?!合)|[节節篇部集](?=[\s:：、]|$))(?:[^。！？；]{0,29}[^。！？；，、：:])?"
    r"|序言?|[前引]言|楔子|尾声|尾聲|后记|後記|番外.{0,20}"
)


def _heading(title: str) -> Block:
    return {"t": "Header", "c": [1, ["", [], []], [string(title)]], "line": 1}


def _shifted(blocks: list[Block], by: int) -> list[Block]:
    """The blocks with the level of each heading changed; none is of the first level afterwards, or below the sixth."""
    return [
        {**one, "c": [min(max(one["c"][0] + by, 2), 6), *one["c"][1:]]} if one["t"] == "Header" else one
        for one in blocks
    ]
