"""MkDocs: nav of mkdocs.yml, snippets, tabs, and awesome-pages' .pages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from publish.importers.folders.addresses import find_page
from publish.importers.folders.engine import FolderImporter, walk
from publish.importers.folders.obsidian import by_name
from publish.importers.folders.outline import ContentsEntry, FolderOutline, FolderPage, FolderReading, files_of
from publish.importers.folders.posts import people
from publish.importers.folders.spelled import with_attributes, without_icons
from publish.importers.folders.tree import Tree
from publish.importers.protocol import Claim
from publish.importers.report import Ledger
from publish.importers.settings import lang_of, settings_file, settled

SETTINGS = ("mkdocs.yml", "mkdocs.yaml")
_SNIPPET = re.compile(
    r"(?m)^(?P<indent>[ \t]*)(?P<escape>;)?-{1,}8<-{1,}[ \t]+(?P<quote>[\"'])(?P<path>[^\"'\n]+)(?P=quote)[ \t]*$"
)
_SNIPPETS = re.compile(
    r"(?m)^(?P<indent>[ \t]*)-{1,}8<-{1,}[ \t]*\n(?P<paths>(?:(?!^[ \t]*-+8<-+).*\n)*?)[ \t]*-{1,}8<-{1,}[ \t]*$"
)
_TAB = re.compile(r"^(?P<indent>[ \t]*)===[!+]?[ \t]+\"(?P<title>[^\"\n]*)\"[ \t]*$")
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})")


class _Loader(yaml.SafeLoader):
    """The safe loader, which ignores tags for programs."""


_Loader.add_multi_constructor("", lambda _loader, _suffix, _node: None)


class MkDocsImporter(FolderImporter):
    """Folders of MkDocs."""

    name = "mkdocs"
    about = "MkDocs (mkdocs.yml)"
    tight_headings = True

    def sign(self, folder: Path) -> Claim | None:
        """mkdocs.yml, here or in a folder of it."""
        return settled(folder, SETTINGS)

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The entries of nav; the pages in natural order where there is none."""
        found = settings_file(tree.root, SETTINGS)
        file = found.relative_to(tree.root).as_posix() if found else ""
        settings = _read(tree.text(file) if file else "", file, ledger)
        base = posixpath.normpath(posixpath.join(posixpath.dirname(file), str(settings.get("docs_dir") or "docs")))
        nav = settings.get("nav") or settings.get("pages")
        entries = tuple(_entries(nav, tree, base, ledger)) if nav else tuple(_folder(tree, base, ledger))
        home = find_page(tree, posixpath.join(base, "index.md"))
        if home and home not in files_of(entries):
            entries = (ContentsEntry("", home), *entries)
        theme = settings.get("theme")
        language = theme.get("language", "") if isinstance(theme, dict) else ""
        metadata = {
            "title": str(settings.get("site_name") or ""),
            "author": people(settings.get("site_author")),
            "description": str(settings.get("site_description") or ""),
            "lang": lang_of(str(language)),
        }
        return FolderOutline(metadata, entries, base, _repository(settings, base), str(settings.get("site_url") or ""))

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Snippets, in code too, tabs, attribute lists, icons."""
        text = _SNIPPETS.sub(lambda match: _snippets(match, page, reading), page.text)
        text = _SNIPPET.sub(lambda match: _snippet(match, page, reading), text)
        text = with_attributes(without_icons(text, page, reading))
        return "\n".join(_without_tabs(by_name(text, page, reading).split("\n")))


def _read(text: str, file: str, ledger: Ledger) -> dict[str, Any]:
    try:
        read = yaml.load(text, Loader=_Loader)  # noqa: S506  # a safe loader that ignores tags
    except yaml.YAMLError as error:
        ledger.unread("settings", 0, f"{file}: {' '.join(str(error).split())}", "the settings cannot be read")
        return {}
    return read if isinstance(read, dict) else {}


def _entries(nav: Any, tree: Tree, folder: str, ledger: Ledger) -> Iterator[ContentsEntry]:
    for one in nav if isinstance(nav, list) else [nav]:
        rows = one.items() if isinstance(one, dict) else [("", one)]
        for title, value in rows:
            if isinstance(value, list | dict):
                yield ContentsEntry(str(title), "", tuple(_entries(value, tree, folder, ledger)))
            elif isinstance(value, str):
                yield from _line(str(title), value, tree, folder, ledger)


def _line(title: str, value: str, tree: Tree, folder: str, ledger: Ledger) -> Iterator[ContentsEntry]:
    if re.match(r"[a-z]+:|//", value):
        ledger.decide("chapter-elsewhere", 0, f"{title} {value}", "left out", "it is on the web")
        return
    if value in ("...", "*") or value.startswith("... "):
        yield from _folder(tree, folder, ledger)
        return
    path = posixpath.normpath(posixpath.join(folder, value.lstrip("/")))
    file = tree.find(path)
    inside = any(one.startswith(f"{path}/") for one in tree.files)
    if not file and inside:
        found = tuple(_folder(tree, path, ledger))
        yield ContentsEntry(title or posixpath.basename(path), "", found)
    elif not file:
        ledger.unread("chapter-missing", 0, f"{title} ({value})", "there is no such file")
    else:
        yield ContentsEntry(title, file)


def _folder(tree: Tree, folder: str, ledger: Ledger) -> Iterator[ContentsEntry]:
    """The pages below a folder: as its .pages has them, else in natural order."""
    pages = tree.find(f"{folder}/.pages")
    settings = _read(tree.text(pages), pages, ledger) if pages else {}
    order = settings.get("nav") or settings.get("arrange")
    if order:
        yield from _entries([one for one in order if one not in ("...", "| ...")], tree, folder, ledger)
        return
    for entry in walk(tree, folder, ledger):
        inner = f"{folder}/{entry.title}"
        if not entry.file and entry.title and tree.find(f"{inner}/.pages"):
            own = _read(tree.text(f"{inner}/.pages"), f"{inner}/.pages", ledger)
            yield ContentsEntry(str(own.get("title") or entry.title), "", tuple(_folder(tree, inner, ledger)))
        else:
            yield entry


def _repository(settings: dict[str, Any], base: str) -> str:
    address = str(settings.get("repo_url") or "").rstrip("/")
    return f"{address}/blob/HEAD" if "github.com" in address and base else ""


def _snippets(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    paths = [line.strip() for line in match["paths"].split("\n") if line.strip() and not line.strip().startswith(";")]
    return "\n".join(_inserted(path, match["indent"], match[0], page, reading) for path in paths)


def _snippet(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    if match["escape"]:
        return match[0].replace(";", "", 1)
    return _inserted(match["path"], match["indent"], match[0], page, reading)


def _inserted(written: str, indent: str, whole: str, page: FolderPage, reading: FolderReading) -> str:
    path, _, part = written.partition(":")
    places = ("", "docs", "includes", "snippets", reading.outline.base, posixpath.dirname(page.file))
    file = next((found for place in places if (found := reading.tree.find(posixpath.join(place, path)))), "")
    if not file or written.startswith(("http:", "https:")):
        reading.ledger.unread("include-missing", page.line(whole), written, "no such file")
        return whole
    reading.ledger.count("includes")
    lines = reading.tree.text(file).removesuffix("\n").split("\n")
    return "\n".join(f"{indent}{line}" if line else "" for line in _part(lines, part))


def _part(lines: list[str], part: str) -> list[str]:
    """The lines that `3:5`, `3`, `:5` or the name of a section mean."""
    if match := re.fullmatch(r"(\d*):?(\d*)", part) if part else None:
        first, last = (
            int(match[1] or 1),
            int(match[2] or 0) or (len(lines) if ":" in part else int(match[1] or len(lines))),
        )
        return lines[first - 1 : last]
    marks = (
        [n for n, line in enumerate(lines) if re.search(rf"-+8<-+\s*\[(?:start|end):{re.escape(part)}\]", line)]
        if part
        else []
    )
    inner = lines[marks[0] + 1 : marks[1]] if len(marks) > 1 else lines
    return [line for line in inner if not re.search(r"-+8<-+\s*\[(?:start|end):", line)]


def _without_tabs(lines: list[str]) -> Iterator[str]:
    """Content in tabs (`=== "C++"`) set under a bold title, without its indentation."""
    at = 0
    fence = ""
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        fence = (
            "" if opening and fence and opening[1].startswith(fence) else opening[1] if opening and not fence else fence
        )
        tab = None if fence else _TAB.match(lines[at])
        if not tab:
            yield lines[at]
            at += 1
            continue
        indent = tab["indent"]
        width = len(indent.expandtabs(4)) + 4
        body: list[str] = []
        at += 1
        while at < len(lines) and (
            not lines[at].strip() or len(lines[at].expandtabs(4)) - len(lines[at].expandtabs(4).lstrip()) >= width
        ):
            body.append(lines[at].expandtabs(4)[width:] if lines[at].strip() else "")
            at += 1
        yield from (f"{indent}**{tab['title']}**", "")
        yield from (f"{indent}{line}" if line else "" for line in _without_tabs(body))
