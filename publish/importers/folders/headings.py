"""One title a chapter: headings of level 1 found, and the rest of a file put below it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from publish.importers.folders.masked import Masked
from publish.source.titles import SHORT_LEAD

_ATX = re.compile(r"^ {0,3}(#{1,6})[ \t]+(?P<title>\S.*?)[ \t]*$|^ {0,3}(#{1,6})(?P<tight>[^#\s{].*?)[ \t]*$")
_HTML_TITLE = re.compile(r"^[ \t]*<h1\b[^<>]*>(?P<words>.*?)</h1>[ \t]*$", re.IGNORECASE | re.DOTALL | re.MULTILINE)
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")
_NO_PARAGRAPH = re.compile(r"^ {0,3}(?:#{1,6}[ \t]|>|[-*+][ \t]|\d+[.)][ \t]|\||:::|<)|^\s*$|[\ue000\ue001]")
_DEEPEST = 6


@dataclass(frozen=True)
class FoundHeading:
    """A heading of a text: its first line's index, the number of its lines, its level, its text as written."""

    at: int
    lines: int
    level: int
    title: str


def headings(masked: str) -> list[FoundHeading]:
    """The headings of a masked text, ATX and setext; `#标题` without a space is not one, as in CommonMark."""
    lines = masked.split("\n")
    found: list[FoundHeading] = []
    for at, line in enumerate(lines):
        if (match := _ATX.match(line)) and match[1]:
            found.append(FoundHeading(at, 1, len(match[1]), re.sub(r"[ \t]+#+$", "", match["title"])))
        elif (match := _UNDERLINE.match(line)) and at and not _NO_PARAGRAPH.match(lines[at - 1]):
            alone = at < 2 or not lines[at - 2].strip() or bool(_UNDERLINE.match(lines[at - 2]))  # noqa: PLR2004
            if alone:
                found.append(FoundHeading(at - 1, 2, 1 if match[1][0] == "=" else 2, lines[at - 1].strip()))
    return found


def plain(title: str) -> str:
    """A heading's text as two are compared: without marks, attributes and spaces."""
    text = re.sub(r"\{[^{}]*\}\s*$|<[^>]*>", "", title)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"[\W_]+", "", text).lower()


def with_one_title(text: str, title: str, *, wins: bool) -> tuple[str, str]:
    """A chapter's text with one heading of level 1 at its top, and what was done ("": nothing).

    `title` is what the original calls the chapter elsewhere. Where it `wins`, headings of the first level are sections
    of it; else the text's own first one is the title, and `title` is set only where there is none.
    """
    masked = Masked(text, spans=False)
    masked.text, done = _uncovered(masked)
    found = headings(masked.text)
    firsts = [one for one in found if one.level == 1]
    lines = masked.text.split("\n")
    leads = bool(found) and not _text_before(lines, found[0].at)
    if leads and firsts and found[0].level > 1 and not title:
        _lower(lines, found[1:])
        _write(lines, found[0], 1)
        done.append("its first heading made the chapter's")
    elif firsts and (not title or (found[0].level == 1 and (not wins or plain(firsts[0].title) == plain(title)))):
        if len(firsts) > 1:
            _lower(lines, [one for one in found if one.at >= firsts[1].at])
            done.append("headings from the second # on are one level lower")
    elif leads and found[0].level > 1 and _alone(found) and (not wins or plain(found[0].title) == plain(title)):
        _raise(lines, found, found[0].level - 1)
        done.append("headings raised, so that the first is the chapter's")
    elif leads and found[0].level > 1 and title and plain(found[0].title) == plain(title):
        _lower(lines, found[1:] if firsts else [])
        _write(lines, found[0], 1)
        done.append("its first heading made the chapter's")
    elif title:
        if firsts:
            _lower(lines, found)
            done.append("headings one level lower, below the title")
        lines = [f"# {title}", "", *lines]
        done.append("its title set as a heading")
    return masked.unmask("\n".join(lines)), "; ".join(done)


def _uncovered(masked: Masked) -> tuple[str, list[str]]:
    """The text with its title at its head, where badges, a logo or a short lead stand before it; what was done."""
    text = _HTML_TITLE.sub(_written_title, masked.text, count=1)
    found = headings(text)
    first = next((one for one in found if one.level == 1), None)
    lines = text.split("\n")
    if not first or not _text_before(lines, first.at):
        return text, []
    lead, below = (masked.unmask("\n".join(part)) for part in (lines[: first.at], lines[first.at + first.lines :]))
    if not (_is_furniture(lead) or (first is found[0] and len(lead) * SHORT_LEAD <= len(below))):
        return text, []
    rest = [*lines[: first.at], *lines[first.at + first.lines :]]
    return "\n".join([f"# {first.title}", "", *rest]), ["its title set before what stood above it"]


def _written_title(match: re.Match[str]) -> str:
    words = " ".join(re.sub(r"<[^<>]*>", "", match["words"]).split())
    return f"\n\n# {words}\n\n" if re.search(r"\w", words) else match[0]


def _is_furniture(text: str) -> bool:
    """Whether a text has no words of its own: tags, comments, pictures, links with nothing but pictures in them."""
    bare = re.sub(r"<!--.*?-->|<(style|script)\b.*?</\1>|<[^<>]*>|\[\]\{[^{}]*\}", "", text, flags=re.DOTALL)
    bare = re.sub(r"!\[[^\[\]]*\](?:\([^()]*\)|\[[^\[\]]*\])", "", bare)
    return not re.search(r"\w", re.sub(r"\[\s*\](?:\([^()]*\)|\[[^\[\]]*\])", "", bare))


def _text_before(lines: list[str], at: int) -> bool:
    return any(line.strip() for line in lines[:at])


def _alone(found: list[FoundHeading]) -> bool:
    """Whether no later heading is as high as the first."""
    return all(one.level > found[0].level for one in found[1:])


def _lower(lines: list[str], found: list[FoundHeading]) -> None:
    for one in found:
        _write(lines, one, min(one.level + 1, _DEEPEST))


def _raise(lines: list[str], found: list[FoundHeading], by: int) -> None:
    for one in found:
        _write(lines, one, one.level - by)


def _write(lines: list[str], one: FoundHeading, level: int) -> None:
    lines[one.at] = f"{'#' * level} {lines[one.at].strip().lstrip('#').strip() if one.lines == 1 else one.title}"
    if one.lines == 2:  # noqa: PLR2004  # its underline
        lines[one.at + 1] = ""
