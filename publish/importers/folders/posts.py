"""What posts of a blog share: dates, authors, lines with both, parts by years, names for addresses."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from typing import Any

from publish.importers.folders.front import Front
from publish.importers.folders.outline import ContentsEntry

MOST_POSTS = 13  # from here on years are parts
_DATE = re.compile(r"(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})(?!\d)")


def date_of(front: Front, file: str) -> str:
    """A post's date, from its front matter or its file's name; empty if neither has one."""
    match = _DATE.match(front.text("date", "publishDate", "created", "createTime", "pubDate"))
    match = match or _DATE.match(posixpath.basename(file))
    return "-".join(step.zfill(2) for step in match.groups()) if match else ""


def people(value: Any) -> list[str]:
    """Names: of a text, a list, or of maps with `name`."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, dict):
        return people(value.get("name") or value.get("title") or "")
    return [name for one in value for name in people(one)] if isinstance(value, list) else []


def byline(date: str, names: Sequence[str]) -> str:
    """The line below a post's title."""
    text = " · ".join(filter(None, [date, "、".join(names)]))
    return f"::: {{.byline}}\n{text}\n:::" if text else ""


def by_year(posts: Sequence[tuple[str, ContentsEntry]]) -> tuple[ContentsEntry, ...]:
    """Posts with their dates, the oldest first; where there are many years, a part for each."""
    ordered = sorted(posts, key=lambda one: one[0])
    years = list(dict.fromkeys(date[:4] for date, _ in ordered))
    if len(years) < 2 or len(ordered) < MOST_POSTS:  # noqa: PLR2004
        return tuple(entry for _, entry in ordered)
    return tuple(
        ContentsEntry(year or "…", "", tuple(one for date, one in ordered if date[:4] == year)) for year in years
    )


def slug_of(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    text = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return text.replace(" ", "-")
