"""The contents of MyST's books: _toc.yml, myst.yml, and the toctrees of Sphinx's pages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from publish.importers.documents.markup import title_alone, toctrees
from publish.importers.folders.addresses import find_page
from publish.importers.folders.myst_directives import take_options
from publish.importers.folders.outline import ContentsEntry
from publish.importers.folders.tree import Tree
from publish.importers.report import Ledger

_TOCTREE = re.compile(r"(?m)^(?P<fence>`{3,}|:{3,})\{toctree\}[^\n]*\n(?P<body>.*?)^(?P=fence)[ \t]*$", re.DOTALL)


def contents_of(text: str) -> Iterator[tuple[str, bool, list[str]]]:
    """Each contents in a page: its caption, whether its names are patterns, the names; in both ways of writing."""
    for found in _TOCTREE.finditer(text):
        options, body = take_options(found["body"])
        lines = [re.sub(r"^.*<([^<>]+)>$", r"\1", line.strip()) for line in body.split("\n")]
        yield options.get("caption", ""), "glob" in options, [one for one in lines if one]
    yield from toctrees(text)


def listed_pages(file: str, tree: Tree, ledger: Ledger, seen: set[str]) -> ContentsEntry:
    """A page with what its contents name; one with nothing else is no page, but their title."""
    below = tuple(_toctrees(file, tree, ledger, seen))
    title = title_alone(tree.text(file)) if below and file.endswith(".rst") else ""
    return ContentsEntry(title, "" if title else file, below)


def _toctrees(file: str, tree: Tree, ledger: Ledger, seen: set[str]) -> Iterator[ContentsEntry]:
    """The pages in a page's contents, with those in their own; contents with a caption are a part."""
    seen.add(file)
    for caption, patterns, names in contents_of(tree.text(file)):
        pages: list[ContentsEntry] = []
        for name in names:
            if name in ("self", "genindex", "modindex", "search") or "://" in name:
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(file), name.lstrip("/")))
            listed = [one.file for one in _globbed(path, tree, "")] if patterns else [_page_of(tree, path)]
            if not any(listed):
                ledger.unread("chapter-missing", 0, name, "there is no such file")
            pages += [listed_pages(one, tree, ledger, seen) for one in listed if one and one not in seen]
        yield from [ContentsEntry(caption, "", tuple(pages))] if caption and pages else pages


def _page_of(tree: Tree, path: str) -> str:
    """The page that a path without its ending means, in Markdown or in reStructuredText; "" for none."""
    return find_page(tree, path) or tree.find(f"{path}.rst")


def read_toc(tree: Tree, base: str, ledger: Ledger) -> Any:
    """What _toc.yml says; nothing where it is missing or no YAML, which is told."""
    import yaml  # noqa: PLC0415  # needed here only

    file = tree.find(posixpath.join(base, "_toc.yml"))
    if not file:
        return None
    try:
        return yaml.safe_load(tree.text(file))
    except yaml.YAMLError as error:
        ledger.unread("settings", 0, " ".join(str(error).split()), "the contents cannot be read")
        return None


def toc_entries(value: Any, tree: Tree, base: str, ledger: Ledger) -> Iterator[ContentsEntry]:
    """The entries of _toc.yml or of myst.yml's toc, with those below them."""
    if isinstance(value, list):
        for one in value:
            yield from toc_entries(one, tree, base, ledger)
        return
    if not isinstance(value, dict):
        return
    inside = [
        value[key] for key in ("parts", "chapters", "sections", "subtrees", "entries", "children") if key in value
    ]
    children = tuple(entry for one in inside for entry in toc_entries(one, tree, base, ledger))
    title = str(value.get("caption") or value.get("title") or (value.get("part") or "")).strip()
    name = str(value.get("root") or value.get("file") or "").strip()
    if value.get("glob") or value.get("pattern"):
        yield from _globbed(str(value.get("glob") or value["pattern"]), tree, base)
    elif value.get("url") and not name:
        ledger.decide("chapter-elsewhere", 0, f"{title} {value['url']}", "left out", "it is on the web")
    elif name:
        file = find_page(tree, posixpath.normpath(posixpath.join(base, name)))
        if not file:
            ledger.unread("chapter-missing", 0, name, "there is no such file")
        if "root" in value or ("file" in value and "part" in value):
            yield from ([ContentsEntry(title, file)] if file else [])
            yield from children
        elif file or children:
            yield ContentsEntry(title, file, children)
    elif title and children:
        yield ContentsEntry(title, "", children)
    else:
        yield from children


def _globbed(pattern: str, tree: Tree, base: str) -> Iterator[ContentsEntry]:
    matcher = re.compile(
        re.escape(posixpath.join(base, pattern)).replace(r"\*\*", ".*").replace(r"\*", "[^/]*") + r"(?:\.\w+)?"
    )
    yield from (
        ContentsEntry("", file)
        for file in tree.files
        if matcher.fullmatch(file) and file.endswith((".md", ".ipynb", ".rst"))
    )
