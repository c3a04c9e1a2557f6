"""Running heads: a title in one line above the text, in short where the whole of it is too long for that."""

from __future__ import annotations

import re
import unicodedata

from publish.render.pdf.tables import Area

SIZE = 8.0  # points: the largest type of running heads in the themes
_WESTERN = 0.58  # em, in a face without serifs, on an average
_SHARE = 0.45  # of the measure, for the first of two titles in one line
_APART = 2  # em between them
_LEAST = 4  # em: what is shorter does not say what a chapter is
# What a title's second part begins with: 书名：副题, 题（又题）, Title: subtitle.
_SECOND = re.compile(r"\s*(?:[：（【]|——|—(?!—)|[:|｜]\s|\s[(\u2013-]|(?<=\S)\s{2,})")
_GAP = re.compile(r"[\s，、,;；·-]+$")


def running_head(title: str, area: Area, *, two_sided: bool, beside: str = "") -> str:
    """What stands of a title in the running head: all, its first part, or as much as there is room for and ….

    Where pages are not in pairs, two titles share the line: the chapter's has what the book's (`beside`) leaves.
    """
    room = area.width / SIZE
    if not two_sided:
        room = room - _width(beside) - _APART if beside else room * _SHARE
    if _width(title) <= room:
        return title
    first = next(
        (title[: one.start()] for one in _SECOND.finditer(title) if _width(title[: one.start()]) >= _LEAST), ""
    )
    if first and _width(first) <= room:
        return first
    end = len(title)
    while end and _width(title[:end]) > room - 1:
        end -= 1
    if title[end : end + 1].isascii() and title[end : end + 1].isalnum() and " " in title[:end]:  # not within a word
        end = title.rfind(" ", 0, end)
    return _GAP.sub("", title[:end]) + "…"


def _width(text: str) -> float:
    return sum(1 if unicodedata.east_asian_width(char) in "WF" else _WESTERN for char in text)
