"""Docusaurus: sidebars or folders with positions, MDX's imports, partials and tabs."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from publish.importers.folders.components import without_components
from publish.importers.folders.engine import FolderImporter, masked_sub
from publish.importers.folders.front import Front, read_front
from publish.importers.folders.jsdata import UNKNOWN, JsFile, modules
from publish.importers.folders.outline import PAGES, ContentsEntry, FolderOutline, FolderPage, FolderReading
from publish.importers.folders.tree import Tree
from publish.importers.protocol import Claim
from publish.importers.report import Ledger
from publish.importers.settings import lang_of, settings_file, settled
from publish.source.order import natural

SETTINGS = tuple(f"docusaurus.config.{suffix}" for suffix in ("js", "ts", "mjs", "cjs"))
_IMPORT = re.compile(
    r"(?m)^import[ \t]+(?P<what>[\w{}\s,*$]+?)[ \t]+from[ \t]+['\"](?P<path>[^'\"]+)['\"];?[ \t]*$|^import[ \t]+['\"][^'\"]+['\"];?[ \t]*$"  # noqa: E501  # one pattern or row on one line
)
_EXPORT = re.compile(r"(?m)^export[ \t]+(?:const|let|default|function)\b.*?(?=\n[ \t]*\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"\{/\*.*?\*/\}", re.DOTALL)
_PREFIX = re.compile(r"^\d+(?:\s*[-_.]+\s*)(?=[^\d\s.-])")
_SOURCE = re.compile(
    r"=\{\s*(?:require\(\s*|useBaseUrl\(\s*)['\"](?P<path>[^'\"]+)['\"]\s*\)(?:\.default)?\s*\}|=\{\s*['\"`](?P<plain>[^'\"`{}]+)['\"`]\s*\}"
)
_TAB = re.compile(r"[ \t]*<TabItem\b(?P<attributes>[^>]*)>")
_TABS = re.compile(r"[ \t]*</?(?:Tabs|TabItem)\b[^>]*>")


class DocusaurusImporter(FolderImporter):
    """Folders of Docusaurus."""

    name = "docusaurus"
    about = "Docusaurus (docusaurus.config.js, docs, sidebars.js)"
    statics = ("static", "website/static")

    def sign(self, folder: Path) -> Claim | None:
        """docusaurus.config.*, here or in a folder of it."""
        return settled(folder, SETTINGS)

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The sidebars in their order; where they are made from folders, by position, number and name."""
        found = settings_file(tree.root, SETTINGS)
        home = posixpath.dirname(found.relative_to(tree.root).as_posix()) if found else ""
        settings = JsFile(tree.text(posixpath.join(home, found.name)) if found else "")
        base = _docs(settings, tree, home, ledger)
        newest = _newest(tree, home, base)
        sidebars = _json(tree, posixpath.join(home, f"versioned_sidebars/{newest}-sidebars.json")) if newest else None
        if newest:
            base = posixpath.join(home, "versioned_docs", newest)
            ledger.decide("contents", 0, newest, "the pages of this version", "the folder of the next one has few")
        docs = _Docs(tree, base, ledger)
        sidebars = sidebars or _sidebars(tree, home)
        entries: tuple[ContentsEntry, ...] = ()
        if isinstance(sidebars, dict):
            several = [tuple(docs.items(value)) for value in sidebars.values()]
            labels = _labels(settings)
            names = [labels.get(str(name), str(name)) for name in sidebars]
            entries = (
                several[0]
                if len(several) == 1
                else tuple(ContentsEntry(n, "", e) for n, e in zip(names, several, strict=True) if e)
            )
        if not entries:
            if sidebars is not None:
                ledger.decide(
                    "contents", 0, "sidebars", "pages in the order of folders", "the sidebar is a program, not data"
                )
            entries = tuple(docs.generated(base))
        title = settings.key("title")
        metadata = {
            "title": title if isinstance(title, str) else "",
            "lang": "zh-CN" if "zh" in base else _lang(settings),
        }
        home = "".join(part for name in ("url", "baseUrl") if isinstance(part := settings.key(name), str))
        return FolderOutline(metadata, entries, base, "", home if home.startswith("http") else "")

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """MDX: imports and exports are dropped, partials included, tabs become bold titles, addresses plain."""
        partials: dict[str, str] = {}

        def imported(match: re.Match[str]) -> str:
            path = match["path"] or ""
            file = reading.tree.find(_imported(path, page.file))
            if file and file.lower().endswith((".md", ".mdx")):
                partials[match["what"].strip()] = read_front(reading.tree.text(file))[1].strip("\n")
            else:
                reading.ledger.decide("mdx-import", page.line(match[0]), match[0], "left out", "a program in the page")
            return ""

        text = masked_sub(page.text, _IMPORT, imported)
        text = masked_sub(text, _EXPORT, lambda match: _exported(match, page, reading))
        text = masked_sub(text, _COMMENT, "")
        for name, partial in partials.items():
            text = masked_sub(
                text,
                rf"<{re.escape(name)}\b[^<>]*/>|<{re.escape(name)}>\s*</{re.escape(name)}>",
                lambda _match, partial=partial: partial,
            )
            reading.ledger.count("includes")
        text = masked_sub(
            text,
            _SOURCE,
            lambda match: (
                f'="{(match["path"] or match["plain"]).replace("@site/static/", "/").replace("@site/", "/")}"'
            ),
        )
        text = masked_sub(text, _TAB, _tab)
        text = masked_sub(text, _TABS, "")
        return without_components(text, page, reading)

    def routes(self, page: FolderPage, reading: FolderReading) -> Iterable[str]:
        """Slugs, and paths without the numbers that order them."""
        inner = page.file.removeprefix(f"{reading.outline.base}/") if reading.outline.base else page.file
        plain = "/".join(_PREFIX.sub("", step) for step in posixpath.splitext(inner)[0].split("/"))
        slug = page.front.text("slug")
        yield from (plain, f"docs/{plain}")
        if slug:
            yield from (
                slug,
                f"docs{slug}" if slug.startswith("/") else posixpath.join("docs", posixpath.dirname(plain), slug),
            )


def _newest(tree: Tree, home: str, base: str) -> str:
    """The folder of the newest version, where most pages are in it, and not where the next one is written; else ""."""
    versions = _json(tree, posixpath.join(home, "versions.json"))
    newest = f"version-{versions[0]}" if isinstance(versions, list) and versions else ""
    pages = [file for file in tree.files if file.lower().endswith((".md", ".mdx"))]
    there = sum(file.startswith(posixpath.join(home, "versioned_docs", newest, "")) for file in pages)
    here = sum(file.startswith(f"{base}/") for file in pages)
    return newest if newest and there > 2 * here else ""


def _json(tree: Tree, path: str) -> Any:
    """What a file of data holds; None for none, and for one that cannot be read."""
    file = tree.find(path)
    try:
        return json.loads(tree.text(file)) if file else None
    except ValueError:
        return None


def _lang(settings: JsFile) -> str:
    locale = settings.key("defaultLocale")
    return lang_of(locale) if isinstance(locale, str) else ""


def _docs(settings: JsFile, tree: Tree, home: str, ledger: Ledger) -> str:
    """The folder of the pages: a Chinese translation's where there is one."""
    docs = settings.key("docs")
    own = docs.get("path") if isinstance(docs, dict) else None
    folders = [
        posixpath.normpath(posixpath.join(home, str(own or "docs"))),
        posixpath.normpath(posixpath.join(home, "../docs")) if home else "docs",
        *(posixpath.normpath(posixpath.join(home, one)) for one in settings.strings("path")),
    ]
    for locale in ("zh-CN", "zh-Hans", "zh", "zh-cn", "zh-TW", "zh-Hant"):
        here = posixpath.join(home, "i18n", locale, "docusaurus-plugin-content-docs", "current")
        if (tree.root / here).is_dir():
            ledger.decide("language", 0, locale, here, "one language is one book")
            return here
    return next((one for one in folders if not one.startswith("..") and (tree.root / one).is_dir()), home)


def _labels(settings: JsFile) -> dict[str, str]:
    """What the site's menu calls its sidebars."""
    found: dict[str, str] = {}
    navbar = settings.key("navbar")
    items = (navbar.get("items") if isinstance(navbar, dict) else None) or settings.key("items")
    for one in items if isinstance(items, list) else []:
        label = one.get("label") if isinstance(one, dict) else ""
        for key in ("sidebarId", "category") if isinstance(label, str) and label else ():
            if isinstance(name := one.get(key), str):
                found.setdefault(name, str(label))
    return found


def _sidebars(tree: Tree, home: str) -> Any:
    for name in ("sidebars.js", "sidebars.ts", "sidebars.json", "sidebars.mjs", "sidebars.cjs"):
        if file := tree.find(posixpath.join(home, name)):
            text = tree.text(file)
            if name.endswith("json"):
                return json.loads(text)
            value = JsFile(text, modules(tree, home)).exported()
            return value if isinstance(value, dict) and value else UNKNOWN
    return None


class _Docs:
    """The pages by their ids, and entries made of them."""

    def __init__(self, tree: Tree, base: str, ledger: Ledger) -> None:
        self._tree, self._base, self._ledger = tree, base, ledger
        self._fronts: dict[str, Front] = {}
        self._ids: dict[str, str] = {}
        for file in self._pages(base):
            front = self._front(file)
            inner = posixpath.splitext(file[len(base) + 1 :] if base else file)[0]
            folder, _, name = inner.rpartition("/")
            plain = [_PREFIX.sub("", step) for step in folder.split("/") if step]
            for steps in (plain, [step for step in folder.split("/") if step]):
                for last in (front.text("id"), _PREFIX.sub("", name), name):
                    self._ids.setdefault("/".join([*steps, last]), file) if last else None

    def _pages(self, folder: str) -> list[str]:
        return [
            file
            for file in self._tree.files
            if file.startswith(f"{folder}/" if folder else "")
            and file.lower().endswith(PAGES)
            and not any(step.startswith("_") for step in file.split("/"))
        ]

    def _front(self, file: str) -> Front:
        if file not in self._fronts:
            text = self._tree.path(file).read_text(encoding="utf-8", errors="ignore")
            self._fronts[file] = read_front(text)[0]
        return self._fronts[file]

    def items(self, value: Any) -> Iterator[ContentsEntry]:
        """The entries of a sidebar or of one of its items."""
        if isinstance(value, list):
            for one in value:
                yield from self.items(one)
        elif isinstance(value, str):
            yield from self._page(value, "")
        elif isinstance(value, dict) and "type" not in value:
            for label, inside in value.items():
                yield ContentsEntry(label, "", tuple(self.items(inside)))
        elif isinstance(value, dict):
            yield from self._item(value)
        else:
            self._ledger.unread("sidebar", 0, "", "part of the sidebar is made by a program")

    def _item(self, item: dict[str, Any]) -> Iterator[ContentsEntry]:
        kind, label = item["type"], item.get("label") or ""
        if kind in ("doc", "ref"):
            yield from self._page(str(item.get("id", "")), str(label))
        elif kind == "autogenerated":
            yield from self.generated(posixpath.normpath(posixpath.join(self._base, str(item.get("dirName", ".")))))
        elif kind == "category":
            link = item.get("link")
            identifier = str(link.get("id", "")) if isinstance(link, dict) else ""
            yield ContentsEntry(str(label), self._ids.get(identifier, ""), tuple(self.items(item.get("items", []))))
        else:
            self._ledger.decide(
                "chapter-elsewhere", 0, f"{label} {item.get('href', '')}", "left out", "it is not a page"
            )

    def _page(self, identifier: str, label: str) -> Iterator[ContentsEntry]:
        file = self._ids.get(identifier.strip("/"), "")
        if file:
            yield ContentsEntry(label or self._front(file).text("sidebar_label"), file)
        else:
            self._ledger.unread("chapter-missing", 0, identifier, "no page has this id")

    def generated(self, folder: str) -> Iterator[ContentsEntry]:
        """The pages below a folder, by position, number and name, as Docusaurus has them."""
        prefix = f"{folder}/" if folder and folder != "." else ""
        rows: list[tuple[float, Any, ContentsEntry]] = []
        folders: dict[str, None] = {}
        for file in self._pages(folder if prefix else ""):
            step, slash, _ = file[len(prefix) :].partition("/")
            if slash:
                folders[step] = None
            elif not _is_index(file, folder) or folder == self._base:
                front = self._front(file)
                rows.append(
                    (
                        _position(front.keys.get("sidebar_position"), step),
                        natural(step),
                        ContentsEntry(front.text("sidebar_label"), file),
                    )
                )
        for step in folders:
            here = f"{prefix}{step}"
            category = self._category(here)
            index = next(
                (file for file in self._pages(here) if posixpath.dirname(file) == here and _is_index(file, here)), ""
            )
            front = self._front(index) if index else Front()
            position = category.get("position", front.keys.get("sidebar_position"))
            title = str(category.get("label") or front.text("sidebar_label", "title") or _PREFIX.sub("", step))
            rows.append(
                (_position(position, step), natural(step), ContentsEntry(title, index, tuple(self.generated(here))))
            )
        yield from (entry for _, _, entry in sorted(rows, key=lambda row: (row[0], row[1])))

    def _category(self, folder: str) -> dict[str, Any]:
        for name in ("_category_.json", "_category_.yml", "_category_.yaml"):
            if file := self._tree.find(f"{folder}/{name}"):
                read = yaml.safe_load(self._tree.text(file))
                return read if isinstance(read, dict) else {}
        return {}


def _position(value: Any, name: str) -> float:
    """The position of a page or folder: as stated, else by the number before its name, else after those."""
    if isinstance(value, int | float):
        return float(value)
    numbered = re.match(r"\d+", name) if _PREFIX.match(name) else None
    return float(numbered[0]) if numbered else float("inf")


def _is_index(file: str, folder: str) -> bool:
    stem = posixpath.splitext(posixpath.basename(file))[0].lower()
    return stem in ("index", "readme") or stem == posixpath.basename(folder).lower()


def _imported(path: str, file: str) -> str:
    if path.startswith("@site/"):
        return path.removeprefix("@site/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path.startswith(".") else ""


def _exported(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    reading.ledger.decide("mdx-export", page.line(match[0][:40]), match[0], "left out", "a program in the page")
    return ""


def _tab(match: re.Match[str]) -> str:
    attributes = dict(re.findall(r"(\w+)=[{]?[\"']([^\"']*)[\"']", match["attributes"]))
    title = attributes.get("label") or attributes.get("value", "")
    return f"\n**{title}**\n" if title else ""
