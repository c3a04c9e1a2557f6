"""VuePress and VitePress: the sidebar of their settings read as data, snippets and includes resolved."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from publish.importers.folders.engine import (
    ContentsEntry,
    FolderImporter,
    FolderOutline,
    FolderPage,
    FolderReading,
    find_page,
    lang_of,
    masked_sub,
    walk,
)
from publish.importers.folders.front import read_front
from publish.importers.folders.jsdata import UNKNOWN, JsFile
from publish.importers.folders.masked import Masked, fenced
from publish.importers.folders.tree import Tree
from publish.importers.protocol import SURE, Claim
from publish.importers.report import Ledger

SETTINGS = tuple(f"config.{suffix}" for suffix in ("ts", "mts", "js", "mjs", "cjs", "json", "toml", "yml"))
_SCRIPT = re.compile(r"<(script|style)\b[^>]*>.*?</\1>[ \t]*\n?", re.DOTALL | re.IGNORECASE)
_SNIPPET = re.compile(
    r"(?m)^(?P<indent>[ \t]*)(?:<<<[ \t]*(?P<path>\S[^\n{\[#]*?)(?P<region>#[\w-]+)?[ \t]*(?P<info>(?:\{[^}\n]*\})?[ \t]*(?:\[[^\]\n]*\])?)[ \t]*|@\[code(?P<lines>\{[^}\n]*\})?(?P<lang>[^\]\n]*)\]\((?P<target>[^)\n]+)\))$"  # noqa: E501  # one pattern or row on one line
)
_INCLUDE = re.compile(
    r"<!--\s*@include:\s*(?P<path>[^\s{#]+)(?P<region>#[^\s{]+)?\s*(?P<lines>\{[^}]*\})?\s*-->|@include\((?P<old>[^)\s]+)\)"
)
_COMPONENT = re.compile(r"</?(?P<name>[A-Z][\w.]*|[a-z]+-[a-z-]+)\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_MUSTACHE = re.compile(r"\{\{(?P<inner>[^{}\n]+)\}\}")


class VuePressImporter(FolderImporter):
    """Folders of VuePress and VitePress."""

    name = "vuepress"
    about = "VuePress and VitePress (.vuepress/config, .vitepress/config)"
    statics = ("public", ".vuepress/public", ".vitepress/public")

    def sign(self, folder: Path) -> Claim | None:
        """A settings file in .vuepress or .vitepress, down to two folders deep."""
        found = _settings_folder(folder)
        return Claim(SURE, found.relative_to(folder).as_posix()) if found else None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The title and the sidebar of the settings; pages in natural order where the sidebar is not data."""
        found = _settings_folder(tree.root)
        here = found.relative_to(tree.root).as_posix() if found else ""
        root = posixpath.dirname(here)
        settings = _read_settings(tree, here)
        base = (
            posixpath.normpath(posixpath.join(root, _text(settings.key("srcDir")) or ".")).removeprefix(".").strip("/")
        )
        title, sidebar, locale = _chosen(settings, ledger)
        base = posixpath.join(base, locale) if locale and (tree.root / base / locale).is_dir() else base
        site = base.removesuffix(locale).strip("/") if locale else base
        entries = tuple(_entries(sidebar, "/", tree, site, ledger, settings))
        if not entries:
            ledger.decide("contents", 0, here, "pages in natural order", "no sidebar that can be read as data")
            entries = walk(tree, base, ledger)
        else:
            home = find_page(tree, posixpath.join(base, "index.md")) or find_page(
                tree, posixpath.join(base, "README.md")
            )
            if home and home not in _all(entries) and not _is_landing(tree, home):
                entries = (ContentsEntry("", home), *entries)
        lang = lang_of(_text(settings.key("lang")))
        metadata = {"title": title, "description": _text(settings.key("description")), "lang": lang}
        return FolderOutline(metadata, entries, site, _repository(settings), "")

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Includes, snippets of code, scripts and styles, values of the front matter; components are reported."""
        text = _INCLUDE.sub(lambda match: _included(match, page, reading), page.text)
        text = masked_sub(text, _SNIPPET, lambda match: _snippet(match, page, reading))
        text = _without_scripts(text, page, reading)
        text = masked_sub(text, _MUSTACHE, lambda match: _mustache(match, page))
        _note_components(text, page, reading)
        return text


def _settings_folder(root: Path) -> Path | None:
    for pattern in ("", "*/", "*/*/"):
        for tool in (".vitepress", ".vuepress"):
            for found in sorted(root.glob(f"{pattern}{tool}")):
                if "node_modules" not in found.parts and any((found / name).is_file() for name in SETTINGS):
                    return found
    return None


def _read_settings(tree: Tree, folder: str) -> JsFile:
    file = next(name for name in SETTINGS if tree.find(f"{folder}/{name}"))
    path = f"{folder}/{file}"

    def load(name: str) -> str:
        if not name.startswith("."):
            return ""
        for start in (folder, *sorted({posixpath.dirname(one) for one in tree.files if one.startswith(f"{folder}/")})):
            target = posixpath.normpath(posixpath.join(start, name))
            stem = re.sub(r"\.(?:m?[jt]s|json)$", "", target)
            for ending in ("", ".ts", ".js", ".mts", ".mjs", ".json", "/index.ts", "/index.js"):
                if found := tree.find(f"{stem}{ending}") or (tree.find(target) if not ending else ""):
                    text = tree.text(found)
                    return f"export default {text}" if found.endswith(".json") else text
        return ""

    return JsFile(tree.text(path), load)


def _chosen(settings: JsFile, ledger: Ledger) -> tuple[str, Any, str]:
    """Title, sidebar and folder of the Chinese locale; of the site where there are no locales."""
    locales = settings.key("locales")
    if isinstance(locales, dict):
        for key, one in locales.items():
            known = one if isinstance(one, dict) else {}
            if lang_of(_text(known.get("lang")) or key.strip("/")):
                theme = known.get("themeConfig") if isinstance(known.get("themeConfig"), dict) else {}
                sidebar = next(
                    (x for x in ((theme or {}).get("sidebar"), known.get("sidebar")) if x), settings.key("sidebar")
                )
                folder = key.strip("/") if key != "root" else ""
                ledger.decide("language", 0, ", ".join(map(str, locales)), key, "one language is one book")
                return _text(known.get("title")) or _text(settings.key("title")), sidebar, folder
    return _text(settings.key("title")), settings.key("sidebar"), ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _entries(
    value: Any, prefix: str, tree: Tree, base: str, ledger: Ledger, settings: JsFile | None = None
) -> Iterator[ContentsEntry]:
    """The entries of a sidebar in any of its forms; what is not data is reported."""
    if isinstance(value, dict) and not {"text", "title", "items", "children", "link", "path"} & value.keys():
        several = len(value) > 1
        for key, inside in value.items():
            found = tuple(_entries(inside, posixpath.join(prefix, key), tree, base, ledger))
            if several and len(found) > 1 and not found[0].file:
                yield ContentsEntry(_section(key, settings), "", found)
            else:
                yield from found
    elif isinstance(value, list):
        for one in value:
            yield from _entry(one, prefix, tree, base, ledger)
    elif isinstance(value, dict):
        yield from _entry(value, prefix, tree, base, ledger)
    elif value in ("structure", "auto", "heading"):
        folder = posixpath.join(base, prefix.strip("/"))
        yield from walk(tree, folder, ledger)
    elif value is UNKNOWN:
        ledger.unread("sidebar", 0, prefix, "part of the sidebar is made by a program")


def _section(key: str, settings: JsFile | None) -> str:
    """The menu's name for a part of the site, else its folder's."""
    menu = settings.key("nav") if settings else None
    if not isinstance(menu, list) and settings:
        menu = settings.key("navbar")
    found = next(
        (text for text, link in _menu(menu) if link.strip("/") and link.startswith(key) and key.strip("/")), ""
    )
    return found or key.strip("/") or "/"


def _menu(value: Any) -> Iterator[tuple[str, str]]:
    for one in value if isinstance(value, list) else []:
        if isinstance(one, dict):
            own = _text(one.get("activeMatch")).lstrip("^") or _text(one.get("link"))
            yield _text(one.get("text")), own
            yield from _menu(one.get("items"))


def _entry(one: Any, prefix: str, tree: Tree, base: str, ledger: Ledger) -> Iterator[ContentsEntry]:
    if isinstance(one, str):
        yield from _page("", one, (), prefix, tree, base, ledger)
    elif isinstance(one, list) and one and isinstance(one[0], str):
        yield from _page(_text(one[1]) if len(one) > 1 else "", one[0], (), prefix, tree, base, ledger)
    elif isinstance(one, dict):
        inner = posixpath.join(prefix, _text(one.get("prefix")) or _text(one.get("base")))
        inside: Any = next((one[name] for name in ("items", "children") if name in one), [])
        children = tuple(_entries(inside, inner, tree, base, ledger)) if inside is not UNKNOWN or "items" in one else ()
        title = re.sub(r"<[^<>]*>", "", _text(one.get("text")) or _text(one.get("title"))).strip()
        link = next((one[name] for name in ("link", "path") if isinstance(one.get(name), str)), None)
        yield from _page(title, link, children, inner if one.get("base") else prefix, tree, base, ledger)
    elif one is UNKNOWN:
        ledger.unread("sidebar", 0, prefix, "part of the sidebar is made by a program")


def _page(
    title: str,
    link: str | None,
    children: tuple[ContentsEntry, ...],
    prefix: str,
    tree: Tree,
    base: str,
    ledger: Ledger,
) -> Iterator[ContentsEntry]:
    file = ""
    if link is not None:
        if re.match(r"[a-z]+:|//", link):
            ledger.decide("chapter-elsewhere", 0, f"{title} {link}", "left out", "it is on the web")
        else:
            path = posixpath.join(prefix, link.partition("#")[0]).lstrip("/")
            plain = posixpath.normpath(posixpath.join(base, path))
            bare = posixpath.normpath(posixpath.join(base, link.partition("#")[0].lstrip("/")))
            file = find_page(tree, "" if plain == "." else plain) or find_page(tree, "" if bare == "." else bare)
            if not file:
                ledger.unread("chapter-missing", 0, f"{title} ({link})", "there is no such file")
    if file or children:
        yield ContentsEntry(title, file, children)


def _all(entries: tuple[ContentsEntry, ...]) -> set[str]:
    return {one.file for one in entries} | {file for one in entries for file in _all(one.children)}


def _is_landing(tree: Tree, file: str) -> bool:
    """Whether a page is a landing page, all buttons and no text."""
    front, body = read_front(tree.path(file).read_text(encoding="utf-8", errors="ignore"))
    return ("home" in front.keys or front.text("layout") in ("home", "Layout", "page")) and not re.search(
        r"[\u3400-\u9fff]", _SCRIPT.sub("", body)
    )


def _repository(settings: JsFile) -> str:
    repo = _text(settings.key("repo"))
    if re.fullmatch(r"[\w.-]+/[\w.-]+", repo):
        repo = f"https://github.com/{repo}"
    return f"{repo.rstrip('/')}/blob/HEAD" if "github.com" in repo else ""


def _source(path: str, page: FolderPage, reading: FolderReading) -> str:
    """The file that a snippet or an include names: beside the page, or below the root where it begins with @."""
    base = reading.outline.base
    path = path.strip()
    if path.startswith(("@/", "@src/", "/", "@")):
        return reading.tree.find(posixpath.join(base, re.sub(r"^@?(?:src)?/?", "", path))) or reading.tree.find(
            re.sub(r"^@?/?", "", path)
        )
    return reading.tree.find(posixpath.join(posixpath.dirname(page.file), path))


def _included(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    file = _source(match["path"] or match["old"], page, reading)
    if not file:
        reading.ledger.unread("include-missing", page.line(match[0]), match[0], "no such file")
        return match[0]
    reading.ledger.count("includes")
    body = read_front(reading.tree.text(file))[1]
    return "\n".join(_part(body.strip("\n").split("\n"), match["region"], match["lines"]))


def _snippet(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    path = (match["path"] or match["target"]).strip()
    file = _source(path, page, reading)
    if not file:
        reading.ledger.unread("include-missing", page.line(match[0]), match[0], "no such file")
        return match[0]
    reading.ledger.count("includes")
    lines = _part(reading.tree.text(file).strip("\n").split("\n"), match["region"], match["lines"])
    language = (match["lang"] or "").strip() or posixpath.splitext(file)[1].lstrip(".")
    return fenced("\n".join(lines), f"{language} {match['info'] or ''}".strip(), match["indent"])


def _part(lines: list[str], region: str | None, span: str | None) -> list[str]:
    if region:
        name = re.escape(region[1:])
        start = next((n for n, line in enumerate(lines) if re.search(rf"#(?:pragma )?region\s+{name}\b", line)), None)
        end = next(
            (
                n
                for n, line in enumerate(lines)
                if re.search(rf"#(?:pragma )?endregion\b(?:\s+{name}\b)?", line) and n > (start or 0)
            ),
            None,
        )
        if start is not None:
            lines = lines[start + 1 : end]
    if span and (match := re.fullmatch(r"\{\s*(\d*)\s*([,-]?)\s*(\d*)\s*\}", span)):
        first = int(match[1] or 1)
        last = int(match[3]) if match[3] else len(lines) if match[2] else first
        lines = lines[first - 1 : last]
    return lines


def _without_scripts(text: str, page: FolderPage, reading: FolderReading) -> str:
    """The text without scripts and styles on lines of their own."""
    masked = Masked(text)
    for number, kept in enumerate(masked.kept):
        if _SCRIPT.match(kept):
            reading.ledger.decide(
                "script-dropped", page.line(kept[:60]), kept, "left out", "a program in the site's page"
            )
            masked.kept[number] = ""
    return masked.unmask(masked.text)


def _mustache(match: re.Match[str], page: FolderPage) -> str:
    value = re.fullmatch(r"\s*\$?(?:page\.)?frontmatter\.(\w+)\s*", match["inner"])
    literal = re.fullmatch(r"\s*(['\"`])(.*)\1\s*", match["inner"])
    if value and page.front.text(value[1]):
        return page.front.text(value[1])
    return literal[2] if literal else match[0]


def _note_components(text: str, page: FolderPage, reading: FolderReading) -> None:
    names: dict[str, list[str]] = {}

    def note(match: re.Match[str]) -> str:
        names.setdefault(match["name"], []).append(match[0])
        return match[0]

    masked_sub(text, _COMPONENT, note)
    for name, found in names.items():
        reading.ledger.unread(
            "component-unread", page.line(found[0]), found[0], f"the component {name}, {len(found)} times in this file"
        )
