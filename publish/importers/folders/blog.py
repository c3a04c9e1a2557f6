"""What blogs share: posts with dates and authors, in the order in which they were written."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from publish.importers.folders.engine import FolderImporter
from publish.importers.folders.front import Front, read_front
from publish.importers.folders.outline import ContentsEntry, FolderPage, FolderReading
from publish.importers.folders.posts import by_year, byline, date_of, people
from publish.importers.folders.tree import Tree
from publish.importers.report import Ledger

_MORE = re.compile(r"(?m)^[ \t]*<!--\s*more\s*-->[ \t]*\n?")


class BlogImporter(FolderImporter):
    """A blog: its posts become a collection, each with its date and author."""

    title_wins = True
    permalink = ""
    authors: tuple[str, ...] = ()

    def byline(self, front: Front, file: str) -> str:
        """The date of a post, and its author where the post names one."""
        return byline(
            date_of(front, file), people(front.keys.get("author") or front.keys.get("authors") or list(self.authors))
        )

    def routes(self, page: FolderPage, reading: FolderReading) -> Iterable[str]:
        """The post's permalink, as its front matter or the blog's settings have it."""
        del reading
        date = date_of(page.front, page.file)
        name = posixpath.splitext(posixpath.basename(page.file))[0]
        slug = re.sub(r"^\d{4}-\d{1,2}-\d{1,2}-", "", name)
        year, month, day = ([*date.split("-"), "", "", ""])[:3]
        fields = {"year": year, "month": month, "day": day, "i_month": month.lstrip("0"), "i_day": day.lstrip("0")}
        categories = page.front.keys.get("categories") or page.front.keys.get("category") or []
        category = categories if isinstance(categories, str) else "/".join(str(one) for one in _flat(categories))
        fields |= {
            "title": slug,
            "name": slug,
            "slug": slug,
            "post_title": slug,
            "category": category,
            "categories": category,
        }
        written = page.front.text("permalink", "url", "slug") or self.permalink
        inner = posixpath.splitext(page.file.partition("_posts/")[2])[0] or slug  # Hexo's :title has folders
        for title in dict.fromkeys((slug, inner)):
            yield re.sub(r":(\w+)", lambda match: (fields | {"title": title}).get(match[1], match[0]), written)  # noqa: B023
        yield from (f"{year}/{month}/{day}/{slug}", f"post/{slug}", f"posts/{slug}", f"p/{slug}", slug, inner)

    def posts(self, files: Sequence[str], tree: Tree, ledger: Ledger) -> tuple[ContentsEntry, ...]:
        """The posts among files, the oldest first; drafts and pages without text are left out and reported."""
        found: list[tuple[str, ContentsEntry]] = []
        for file in files:
            front, body = read_front(tree.text(file), bare=self.bare_front)
            ledger.file = file
            draft = front.keys.get("draft") is True or front.keys.get("published") is False
            if draft or front.text("status").lower() in ("draft", "hidden"):
                ledger.decide("draft", 0, front.text("title"), "left out", "it is a draft")
            elif not _MORE.sub("", body).strip():
                ledger.decide("page-empty", 0, front.text("title"), "left out", "it holds no text")
            else:
                found.append((date_of(front, file), ContentsEntry(front.text("title"), file)))
            ledger.file = ""
        return by_year(found)

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """The mark that ends a post's excerpt is dropped."""
        del reading
        return _MORE.sub("", page.text)


def _flat(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, list):
            yield from _flat(one)
        elif isinstance(one, str | int | dt.date):
            yield str(one)


def link_to(file: str, title: str, reading: FolderReading, page: FolderPage) -> str:
    """A link to a post by its file: with the title given, else with its own."""
    target = reading.pages.get(file)
    text = title or (target.title if target else posixpath.splitext(posixpath.basename(file))[0])
    address = posixpath.relpath(file, posixpath.dirname(page.file) or ".")
    return f"[{text}](<{address}>)"


def post_named(name: str, tree: Tree) -> str:
    """The file of a post by its name, with or without date and ending."""
    for suffix in ("", ".md", ".markdown"):
        for file in tree.named(posixpath.basename(f"{name}{suffix}")):
            if file.lower().endswith((".md", ".markdown")):
                return file
    plain = re.compile(
        rf"(?:^|/)(?:\d{{4}}-\d\d-\d\d-)?{re.escape(posixpath.basename(name))}\.(?:md|markdown)$", re.IGNORECASE
    )
    return next((file for file in tree.files if plain.search(file)), "")
