"""CommonMark's reading of a text: its tokens, and the text as that reader can read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from publish.source.reading.rows import DECORATED

_COLONS = re.compile(r"^[ \t>]*:{3,}.*$")
LABEL = re.compile(r"^(?P<before>[ \t>]*)\[\^(?P<label>[^\]\s]+)\]:")
MARK = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<mark>`{3,}(?=[^`]*$)|~{3,}(?!~*[^~]*[^~\s]~{3,}[ \t]*$))(?P<info>.*)$"
)
DOLLARS = re.compile(r"^[ \t>]*\$\$[ \t]*(?:\{#eq[:-][^\s{}]+\}[ \t]*)?$")  # the name of a formula stands behind it
_EDGE = re.compile(r"[ \t>]*")
SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\n).)+?(?<!`)\1(?!`)", re.DOTALL)
_CODE = re.compile(r"(?<!`)(`+)(?!`)(?P<inner>.+?)(?<!`)\1(?!`)")
_DEEPEST = 100  # blocks within blocks; a list is one, and each of its items
_PARSER = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
_PARSER.validateLink = lambda _url: True  # type: ignore[assignment,method-assign]  # file: is an address, if one to nowhere


def parse(source: str) -> list[Token]:
    """The tokens of CommonMark with GitHub's tables and strikeouts."""
    return _PARSER.parse(source)


def masked(texts: Sequence[str]) -> str:
    """The text as CommonMark can read it: no lines of divisions, labels of notes disguised, formulas as code."""
    out: list[str] = []
    within = {at: texts[begun] for begun, end in displays(texts) for at in range(begun, end + 1)}
    fence = ""
    for at, text in enumerate(texts):
        fence = fence_behind(text, fence)
        if at in within:
            out.append(_as_code(text, within[at]))
        elif ":::" in text and not fence and _COLONS.match(text):
            out.append("")
        elif "~~~" in text and not fence and DECORATED.match(text):
            out.append(text.replace("~", "="))
        else:
            bare = LABEL.sub(lambda found: f"{found['before']}(^{found['label']}]:", text) if "[^" in text else text
            out.append(_CODE.sub(_with_bars, bare) if "`" in bare and "|" in bare and not fence else bare)
    return "\n".join(out) + "\n"


def _as_code(text: str, first: str) -> str:
    """A line of a formula as one of code that begins as the `first` does, wherever its dollars or lazy lines stand."""
    edge = _EDGE.match(first)
    before = edge[0] if edge else ""
    if DOLLARS.match(text):
        return f"{before}```"
    return text if text.startswith(before) or text.lstrip().startswith(">") else before + text.lstrip()


def _with_bars(found: re.Match[str]) -> str:
    """Code whose bars part no cells: GitHub wants a backslash before them, people forget it.

    What begins and ends with a space is no code, but what stands between two of it in cells of their own.
    """
    inner = found["inner"]
    if inner[0].isspace() and inner[-1].isspace():
        return found[0]
    return re.sub(r"(?<!\\)\|", r"\\|", found[0])


def fence_behind(text: str, fence: str) -> str:
    """The mark of the fenced code that is open behind a line, where `fence` is open before it; "" for none."""
    mark = MARK.match(text) if "```" in text or "~~~" in text else None
    if mark and not fence:
        return mark["mark"]
    return "" if mark and mark["mark"].startswith(fence) and not mark["info"].strip() else fence


def displays(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The lines of $$ alone between which a formula stands: none in fenced code, and no fence in a formula.

    A formula that only begins or only ends on such a line is none of these. A blank line ends one that began beside
    other text, as it does for pandoc.
    """
    begun, alone, fence = -1, False, ""
    for at, text in enumerate(texts):
        mark = MARK.match(text) if begun < 0 and ("```" in text or "~~~" in text) else None
        if mark and not fence:
            fence = mark["mark"]
        elif mark and mark["mark"].startswith(fence) and not mark["info"].strip():
            fence = ""
            continue
        if fence:
            continue
        if begun >= 0 and not alone and not text.strip():
            begun = -1
        if text.count("$$") % 2 == 0:
            continue
        whole = DOLLARS.match(text) is not None
        if begun < 0:
            begun, alone = at, whole
            continue
        if alone and whole:
            yield begun, at
        begun = -1
