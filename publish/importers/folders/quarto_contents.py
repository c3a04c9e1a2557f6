"""The contents of Quarto and bookdown: what their settings list, or the files in their order."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from publish.importers.folders.addresses import find_page
from publish.importers.folders.engine import walk
from publish.importers.folders.front import read_front
from publish.importers.folders.hexo import read_config
from publish.importers.folders.literature import cited_in
from publish.importers.folders.masked import Masked
from publish.importers.folders.outline import ContentsEntry, FolderOutline
from publish.importers.folders.posts import people
from publish.importers.folders.tree import Tree
from publish.importers.report import Ledger
from publish.importers.settings import lang_of
from publish.source.order import natural

PART = re.compile(r"(?m)^#[ \t]+\((?P<kind>PART|APPENDIX)\\?\*?\)[ \t]*(?P<title>.*?)[ \t]*(?:\{[^{}]*\})?[ \t]*\n?$")
_SECTION_REFERENCE = re.compile(r"\\@ref\([\w.-]+\)|(?<!\w)@sec-\w")


def quarto_outline(settings: dict[str, Any], tree: Tree, ledger: Ledger) -> FolderOutline:
    """The chapters of a book, or the pages in the sidebars of a website, as _quarto.yml has them."""
    book = settings.get("book") if isinstance(settings.get("book"), dict) else {}
    site = settings.get("website") if isinstance(settings.get("website"), dict) else {}
    about: dict[str, Any] = book or site or {}
    entries = tuple(_entries(about.get("chapters"), tree, ledger) or _sidebars(about.get("sidebar"), tree, ledger))
    appendices = tuple(_entries(about.get("appendices"), tree, ledger))
    if appendices:
        title = "附录" if lang_of(str(settings.get("lang") or "")) else "Appendices"
        entries = (*entries, ContentsEntry(title, "", appendices))
    if not entries:
        ledger.decide("contents", 0, "_quarto.yml", "pages in natural order", "the settings list no chapters")
        entries = walk(tree, "", ledger)
    metadata = {
        "title": str(about.get("title") or settings.get("title") or ""),
        "subtitle": str(about.get("subtitle") or ""),
        "author": people(about.get("author") or settings.get("author")),
        "date": str(about.get("date") or "") if str(about.get("date") or "")[:1].isdigit() else "",
        "description": str(about.get("description") or ""),
        "lang": lang_of(str(settings.get("lang") or "")),
        "number-sections": bool(book) and _numbered(settings, list(_listed(entries)), tree),
        **cited_in(settings),
    }
    repository = str(about.get("repo-url") or "").rstrip("/")
    return FolderOutline(
        metadata,
        entries,
        "",
        f"{repository}/blob/HEAD" if "github.com" in repository else "",
        str(about.get("site-url") or ""),
    )


def _sidebars(sidebars: Any, tree: Tree, ledger: Ledger) -> list[ContentsEntry]:
    """The pages of a website's sidebars: each a part with its title where there are several; a page is taken once."""
    found: list[ContentsEntry] = []
    every = [one for one in (sidebars if isinstance(sidebars, list) else [sidebars]) if isinstance(one, dict)]
    for one in every:
        entries = tuple(_once(_entries(one.get("contents"), tree, ledger), set(_listed(found))))
        alone = len(every) == 1 or (len(entries) == 1 and entries[0].children)
        title = str(one.get("title") or one.get("id") or "")
        found += entries if alone or not title else [ContentsEntry(title, "", entries)] if entries else []
    return found


def _once(entries: Iterable[ContentsEntry], known: set[str]) -> Iterator[ContentsEntry]:
    """The entries without pages that were listed before; what has no page left is none."""
    for one in entries:
        file = "" if one.file in known else one.file
        known |= {file} - {""}
        children = tuple(_once(one.children, known))
        if file or children:
            yield replace(one, file=file, children=children)


def _listed(entries: Iterable[ContentsEntry]) -> Iterator[str]:
    for one in entries:
        yield from [one.file] if one.file else []
        yield from _listed(one.children)


def _numbered(settings: Any, files: Iterable[str], tree: Tree) -> bool:
    """Whether headings are to be numbered: the settings say it, or do not deny it and the texts refer to numbers."""
    said = re.search(r"number[-_]sections['\"]?: *(\w+)", str(settings))
    if said:
        return said[1] == "True"
    return any(_SECTION_REFERENCE.search(tree.text(file)) for file in files)


def _entries(listed: Any, tree: Tree, ledger: Ledger) -> list[ContentsEntry]:
    if isinstance(listed, str):  # contents: auto, or a folder whose pages are meant
        listed = [{"auto": listed if listed != "auto" else ""}]
    return [entry for one in (listed if isinstance(listed, list) else []) for entry in _of_row(one, tree, ledger)]


def _of_row(one: Any, tree: Tree, ledger: Ledger) -> Iterator[ContentsEntry]:
    if isinstance(one, str):
        yield from _entry("", one, (), tree, ledger) if one.strip("-") else ()  # a line between two groups
    elif isinstance(one, dict) and "auto" in one:
        for path in one["auto"] if isinstance(one["auto"], list) else [one["auto"]]:
            folder = str(path).strip("/") if path not in (True, None) else ""
            yield from _entry("", folder, (), tree, ledger) if "*" in folder else walk(tree, folder, ledger)
    elif isinstance(one, dict):
        children = tuple(_entries(one.get("chapters") or one.get("contents"), tree, ledger))
        title = str(one.get("text") or one.get("section") or one.get("part") or "")
        file = one.get("href") or one.get("file") or (title if _is_file(title) else "")
        if "://" in str(file):
            ledger.decide("chapter-elsewhere", 0, f"{title} {file}", "left out", "it is on the web")
            return
        yield from _entry("" if _is_file(title) else title, str(file or ""), children, tree, ledger)


def _is_file(value: Any) -> bool:
    return isinstance(value, str) and bool(re.search(r"\.(?:qmd|rmd|md|ipynb)$", value, re.IGNORECASE))


def _entry(
    title: str, path: str, children: tuple[ContentsEntry, ...], tree: Tree, ledger: Ledger
) -> Iterator[ContentsEntry]:
    if "*" in path:
        pattern = re.compile(re.escape(path).replace(r"\*\*", ".*").replace(r"\*", "[^/]*"))
        yield from (ContentsEntry("", file) for file in tree.files if pattern.fullmatch(file) and _is_file(file))
        return
    path = path.partition("#")[0]
    file = find_page(tree, path.strip("/")) if path else ""
    if path and not file:
        ledger.unread("chapter-missing", 0, path, "there is no such file")
    if file or children:
        yield ContentsEntry(title, file, children)


def bookdown_outline(tree: Tree, ledger: Ledger) -> FolderOutline:
    """The .Rmd files that _bookdown.yml lists, else those there are in their order; metadata of index.Rmd too."""
    bookdown = read_config(tree, ("_bookdown.yml",), ledger)
    if not bookdown and not tree.find("index.Rmd"):
        ledger.decide("contents", 0, "no _quarto.yml", "pages in natural order", "no settings were found")
        return FolderOutline({}, walk(tree, "", ledger))
    files = _bookdown_files(bookdown, tree, ledger)
    index = tree.find("index.Rmd") or (files[0] if files else "")
    front = read_front(tree.text(index))[0] if index else None
    keys = front.keys if front else {}
    title = re.sub(r"<[^<>]*>", "", str(keys.get("title") or ""))
    metadata = {
        "title": title,
        "subtitle": str(keys.get("subtitle") or ""),
        "author": people(keys.get("author")),
        "date": "" if "`" in str(keys.get("date") or "") else str(keys.get("date") or ""),
        "description": str(keys.get("description") or "").strip(),
        "lang": lang_of(str(keys.get("lang") or "")),
        "number-sections": _numbered(read_config(tree, ("_output.yml",), ledger), files, tree),
        **cited_in(keys),
    }
    return FolderOutline(metadata, tuple(_parted(files, tree)), "", _repository(str(keys.get("github-repo") or "")))


def _bookdown_files(settings: dict[str, Any], tree: Tree, ledger: Ledger) -> list[str]:
    listed = settings.get("rmd_files")
    if isinstance(listed, dict):
        listed = listed.get("html") or next(iter(listed.values()), [])
    if isinstance(listed, list):
        for one in listed:
            if not tree.find(str(one)):
                ledger.unread("chapter-missing", 0, str(one), "there is no such file")
        return [file for one in listed if (file := tree.find(str(one)))]
    folders = settings.get("rmd_subdir")
    chosen = [str(one) for one in folders] if isinstance(folders, list) else []
    return [
        file
        for file in sorted(tree.files, key=lambda file: (posixpath.dirname(file) != "", natural(file)))
        if file.lower().endswith(".rmd")
        and not posixpath.basename(file).startswith("_")
        and ("/" not in file or folders is True or posixpath.dirname(file) in chosen)
    ]


def _parted(files: list[str], tree: Tree) -> Iterator[ContentsEntry]:
    """Chapters under the parts whose headings open them."""
    part = ""
    inside: list[ContentsEntry] = []
    for file in files:
        masked = Masked(read_front(tree.text(file))[1])
        if found := PART.search(masked.text):
            if inside:
                yield from _part(part, inside)
            part, inside = found["title"] or ("附录" if found["kind"] == "APPENDIX" else ""), []
        inside.append(ContentsEntry("", file))
    yield from _part(part, inside)


def _part(title: str, inside: list[ContentsEntry]) -> Iterator[ContentsEntry]:
    if title:
        yield ContentsEntry(title, "", tuple(inside))
    else:
        yield from inside


def _repository(name: str) -> str:
    return f"https://github.com/{name}/blob/HEAD" if re.fullmatch(r"[\w.-]+/[\w.-]+", name) else ""
