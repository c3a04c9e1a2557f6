"""Docsify: _sidebar.md, or pages in natural order."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from publish.importers.folders.addresses import find_page, join, without_site
from publish.importers.folders.engine import FolderImporter, masked_sub, walk, without_named
from publish.importers.folders.outline import (
    ContentsEntry,
    FolderOutline,
    FolderPage,
    FolderReading,
    files_of,
    is_within,
)
from publish.importers.folders.summary import read_summary
from publish.importers.folders.tree import Tree
from publish.importers.protocol import LIKELY, SURE, Claim
from publish.importers.report import Ledger

_CALLOUT = re.compile(r"(?m)^(?P<mark>[!?])>[ \t]+(?P<text>.*(?:\n(?!\s*$).*)*)")
_IGNORED = re.compile(r"(?m)(?<=\S)[ \t]*\{docsify-ignore(?:-all)?\}[ \t]*$")
_NAMED = re.compile(r"(?m)^(?P<heading>#{1,6}[ \t].*?)[ \t]+:id=(?P<id>[\w-]+)[ \t]*$")
FOLDERS = ("", "docs")
_FURNITURE = ("_coverpage.md", "_navbar.md", "_footer.md", "_404.md")


class DocsifyImporter(FolderImporter):
    """Folders of Docsify."""

    name = "docsify"
    about = "Docsify (_sidebar.md, index.html)"

    def sign(self, folder: Path) -> Claim | None:
        """_sidebar.md, or an index.html that loads docsify."""
        for base in FOLDERS:
            here = folder / base
            index = here / "index.html"
            loads = index.is_file() and "docsify" in index.read_text(encoding="utf-8", errors="ignore").lower()
            sidebar = (here / "_sidebar.md").is_file()
            if loads or sidebar:
                return Claim(SURE if loads else LIKELY, str(Path(base) / ("index.html" if loads else "_sidebar.md")))
        return None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The entries of _sidebar.md after the README; the name from index.html."""
        signed = (one for one in FOLDERS if (self.sign(tree.root / one) if one else _is_here(tree.root)))
        base = next(signed, "")
        sidebar = tree.find(posixpath.join(base, "_sidebar.md"))
        home = tree.find(posixpath.join(base, "README.md"))
        if sidebar:
            entries = _read_sidebar(tree, base, sidebar, ledger)
            for inner in _inner_sidebars(tree, base):
                entries = _with_inner(entries, inner, tree, base, ledger)
            if not entries:
                ledger.decide("contents", 0, "", "pages in natural order", "_sidebar.md names no page")
                entries = _all(tree, base, ledger)
            if home and home not in files_of(entries):
                entries = (ContentsEntry("", home), *entries)
        else:
            ledger.decide("contents", 0, "", "pages in natural order", "there is no _sidebar.md")
            entries = _all(tree, base, ledger)
        _leave_furniture(tree, base, ledger)
        return FolderOutline({"title": _name(tree, base)}, entries, base)

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """`!>` and `?>` are alerts; `:include` is code or a link; `':ignore'` after a link or a heading is dropped."""
        text = masked_sub(page.text, _CALLOUT, _callout)
        text = masked_sub(text, _IGNORED, "")
        text = masked_sub(text, _NAMED, r"\g<heading> {#\g<id>}")
        text = masked_sub(
            text,
            r"\[[^\[\]\n]*\]\(([^\s()]+)[ \t]+['\"]:include([^'\"]*)['\"]\)",
            lambda match: _include(match, page, reading),
        )
        return masked_sub(text, r"(\]\([^\s()]+)[ \t]+(['\"]):[^'\"]*\2\)", r"\1)")


def _all(tree: Tree, base: str, ledger: Ledger) -> tuple[ContentsEntry, ...]:
    """All pages in natural order, without the site's covers and menus."""
    return tuple(without_named(walk(tree, base, ledger), set()))


def _is_here(folder: Path) -> bool:
    index = folder / "index.html"
    return (folder / "_sidebar.md").is_file() or (
        index.is_file() and "docsify" in index.read_text(encoding="utf-8", errors="ignore").lower()
    )


def _leave_furniture(tree: Tree, base: str, ledger: Ledger) -> None:
    """Leave out covers and menus, which are no pages."""
    found = [file for name in _FURNITURE for file in tree.named(name) if is_within(file, base)]
    if found:
        ledger.decide("page-site", 0, ", ".join(found), "left out", "the site's covers and menus")
        tree.leave(found)


def _read_sidebar(tree: Tree, base: str, sidebar: str, ledger: Ledger) -> tuple[ContentsEntry, ...]:
    """The entries of a sidebar; its addresses begin at the site's root, or at its own folder."""
    folders = dict.fromkeys([base, posixpath.dirname(sidebar)])

    def find(address: str) -> str:
        return next((file for folder in folders if (file := _page(tree, folder, address))), "")

    ledger.file = sidebar
    entries = read_summary(tree.text(sidebar), find, ledger)
    ledger.file = ""
    return entries


def _page(tree: Tree, base: str, address: str) -> str:
    path = address.lstrip("#").lstrip("/")
    places = (path, without_site(path, base, tree)) if path else ("README.md",)
    return next((file for one in places if one and (file := find_page(tree, join(base, one)))), "")


def _inner_sidebars(tree: Tree, base: str) -> list[str]:
    """The sidebars of folders: Docsify shows the one that is nearest to a page."""
    return [file for file in tree.named("_sidebar.md") if posixpath.dirname(file) != base and is_within(file, base)]


def _with_inner(
    entries: tuple[ContentsEntry, ...], sidebar: str, tree: Tree, base: str, ledger: Ledger
) -> tuple[ContentsEntry, ...]:
    """The contents with the pages that a folder's own sidebar has more: below the entry that leads into that folder."""
    folder = posixpath.dirname(sidebar)
    more = tuple(_unnamed(_read_sidebar(tree, base, sidebar, ledger), set(files_of(entries))))
    if not more:
        return entries
    for number, one in enumerate(entries):
        if any(is_within(file, folder) for file in files_of((one,)) if file):
            return (*entries[:number], replace(one, children=(*one.children, *more)), *entries[number + 1 :])
    return (*entries, ContentsEntry(posixpath.basename(folder), "", more))


def _unnamed(entries: tuple[ContentsEntry, ...], known: set[str]) -> Iterator[ContentsEntry]:
    """The entries whose files are not among those that are known."""
    for one in entries:
        children = tuple(_unnamed(one.children, known))
        is_new = one.file not in known if one.file else bool(children)
        if is_new:
            yield replace(one, children=children)
        else:
            yield from children


def _name(tree: Tree, base: str) -> str:
    index = tree.path(posixpath.join(base, "index.html"))
    text = index.read_text(encoding="utf-8", errors="ignore") if index.is_file() else ""
    found = re.search(r"\bname\s*:\s*(['\"])(?P<name>[^'\"<>]+)\1", text) or re.search(
        r"<title>(?P<name>[^<]+)</title>", text
    )
    return found["name"].strip() if found else ""


def _callout(match: re.Match[str]) -> str:
    kind = "WARNING" if match["mark"] == "!" else "TIP"
    return f"> [!{kind}]\n" + "\n".join(f"> {line}" for line in match["text"].split("\n"))


def _include(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    file = reading.tree.find(posixpath.join(posixpath.dirname(page.file), match[1]))
    if not file:
        return match[0]
    reading.ledger.count("includes")
    text = reading.tree.text(file).strip("\n")
    kind = re.search(r":type=code\s+(\w+)|:type=code", match[2])
    if file.lower().endswith((".md", ".markdown")) and not kind:
        return text
    language = (kind[1] if kind else "") or posixpath.splitext(file)[1].lstrip(".")
    return f"\n```{language or ''}\n{text}\n```\n"
