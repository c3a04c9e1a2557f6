"""VuePress and VitePress: the sidebar of their settings read as data, snippets and includes resolved."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from publish.errors import Place, PublishError
from publish.han import IDEOGRAPH
from publish.importers.folders.addresses import find_page
from publish.importers.folders.components import without_components
from publish.importers.folders.engine import FolderImporter, masked_sub, walk
from publish.importers.folders.front import read_front
from publish.importers.folders.jsdata import UNKNOWN, JsFile, modules
from publish.importers.folders.languages import leave_languages
from publish.importers.folders.masked import Masked, fenced
from publish.importers.folders.outline import ContentsEntry, FolderOutline, FolderPage, FolderReading
from publish.importers.folders.tree import Tree
from publish.importers.protocol import SURE, Claim
from publish.importers.report import Ledger
from publish.importers.settings import lang_of
from publish.textfile import shown

SETTINGS = tuple(
    f"{stem}.{suffix}"
    for stem in ("config", "config/index")
    for suffix in ("ts", "mts", "js", "mjs", "cjs", "json", "toml", "yml")
)
_SCRIPT = re.compile(r"<(script|style)\b[^>]*>.*?</\1>[ \t]*\n?", re.DOTALL | re.IGNORECASE)
_SNIPPET = re.compile(
    r"(?m)^(?P<indent>[ \t]*)(?:<<<[ \t]*(?P<path>\S[^\n{\[#]*?)(?P<region>#[\w-]+)?[ \t]*(?P<info>(?:\{[^}\n]*\})?[ \t]*(?:\[[^\]\n]*\])?)[ \t]*|@\[code(?P<lines>\{[^}\n]*\})?(?P<lang>[^\]\n]*)\]\((?P<target>[^)\n]+)\))$"  # noqa: E501  # one pattern or row on one line
)
_INCLUDE = re.compile(
    r"<!--\s*@include:\s*(?P<path>[^\s{#]+)(?P<region>#[^\s{]+)?\s*(?P<lines>\{[^}]*\})?\s*-->|@include\((?P<old>[^)\s]+)\)"
)
_TWOSLASH = re.compile(
    r"(?m)^(?P<head>[ \t]*(?P<fence>`{3,})[^\n`]*\btwoslash\b[^\n]*)\n(?P<code>.*?)^(?P<tail>[ \t]*(?P=fence)[ \t]*)$",
    re.DOTALL,
)
_GROUPED = re.compile(
    r"(?m)^(?P<opening>[ \t]*:{3,}[ \t]*[\w-]+)#[\w-]+(?=[ \t]|$)"
)  # ::: tabs#shell, ::: playground#ts
_OF_FILE = re.compile(
    r"(?m)^@file[ \t]+(?P<name>[^\s\"]+)[ \t]*\n(?:[ \t]*\n)*(?P<fence>(?:`{3,}|~{3,})[\w+#-]+)(?=[ \t]*$)"
)
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
        if found is None:
            raise PublishError(
                "the settings of VuePress or VitePress are not found",
                "Name the folder that holds .vuepress or .vitepress",
                Place(shown(tree.root)),
            )
        here = found.relative_to(tree.root).as_posix()
        root = posixpath.dirname(here)
        settings = _read_settings(tree, here)
        base = (
            posixpath.normpath(posixpath.join(root, _text(settings.key("srcDir")) or ".")).removeprefix(".").strip("/")
        )
        title, sidebar, locale = _chosen(settings, ledger)
        if not sidebar:
            sidebar, locale = _of_a_folder(tree, base) or (sidebar, locale)
        if locale and (tree.root / base / locale).is_dir():
            leave_languages(tree, base, locale, ledger)
            base = posixpath.join(base, locale)
        site = base.removesuffix(locale).strip("/") if locale else base
        entries = tuple(_entries(sidebar, "/", tree, site, ledger, settings))
        if not entries:
            ledger.decide("contents", 0, here, "pages in natural order", "no sidebar that can be read as data")
            entries = tuple(_with_text(walk(tree, base, ledger), tree, ledger))
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
        """Includes, snippets of code, scripts and styles, values of the front matter, components."""
        text = _INCLUDE.sub(lambda match: _included(match, page, reading), page.text)
        text = masked_sub(text, _SNIPPET, lambda match: _snippet(match, page, reading))
        text = _TWOSLASH.sub(lambda match: _cut(match, page, reading), text)
        text = _without_scripts(text, page, reading)
        text = masked_sub(text, _MUSTACHE, lambda match: _mustache(match, page))
        text = masked_sub(_OF_FILE.sub(r'\g<fence> title="\g<name>"', text), _GROUPED, r"\g<opening>")
        return without_components(text, page, reading)


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
    return JsFile(tree.text(path), modules(tree, folder))


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


def _of_a_folder(tree: Tree, base: str) -> tuple[Any, str] | None:
    """The sidebar and the folder of the Chinese pages, where that folder has settings of its own (VitePress 2)."""
    found = [
        file
        for file in tree.files
        if posixpath.basename(file) in SETTINGS
        and (folder := posixpath.dirname(file)) != base
        and posixpath.dirname(folder) == base
    ]
    chinese = [file for file in found if lang_of(posixpath.basename(posixpath.dirname(file)))]
    for file in sorted(chinese, key=lambda one: lang_of(posixpath.basename(posixpath.dirname(one))) != "zh-CN"):
        sidebar = JsFile(tree.text(file)).key("sidebar")
        if sidebar:
            return sidebar, posixpath.basename(posixpath.dirname(file))
    return None


def _with_text(entries: tuple[ContentsEntry, ...], tree: Tree, ledger: Ledger) -> Iterator[ContentsEntry]:
    """The entries without pages that a theme fills: archives, categories, tags."""
    for one in entries:
        children = tuple(_with_text(one.children, tree, ledger))
        body = _SCRIPT.sub("", read_front(tree.text(one.file))[1]) if one.file else ""
        if one.file and not body.strip():
            ledger.decide("page-empty", 0, one.file, "left out", "it holds no text of its own")
            one = replace(one, file="")  # noqa: PLW2901  # its children stay
        if one.file or children:
            yield replace(one, children=children)


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
            bare = link.partition("#")[0]
            paths = (posixpath.join(prefix, bare), prefix + bare, bare)  # VitePress puts `base` before a link as it is
            places = [posixpath.normpath(posixpath.join(base, path.lstrip("/"))) for path in paths]
            file = next((found for one in places if (found := find_page(tree, "" if one == "." else one))), "")
            if not file:
                ledger.unread("chapter-missing", 0, f"{title} ({link})", "there is no such file")
    if file or (children and title):
        yield ContentsEntry(title, file, children)
    else:  # a group without a name is none
        yield from children


def _all(entries: tuple[ContentsEntry, ...]) -> set[str]:
    return {one.file for one in entries} | {file for one in entries for file in _all(one.children)}


def _is_landing(tree: Tree, file: str) -> bool:
    """Whether a page is a landing page, all buttons and no text."""
    front, body = read_front(tree.path(file).read_text(encoding="utf-8", errors="ignore"))
    return ("home" in front.keys or front.text("layout") in ("home", "Layout", "page")) and not IDEOGRAPH.search(
        _SCRIPT.sub("", body)
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


def _cut(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    """A listing without the lines above its mark, which are for the compiler alone."""
    hidden, mark, shown = match["code"].rpartition("// ---cut---\n")
    if not mark:
        return match[0]
    count = f"{len(hidden.splitlines())} lines left out"
    reading.ledger.decide("hidden-lines", page.line(match["head"]), hidden, count, "the site hides them from readers")
    return f"{match['head']}\n{shown}{match['tail']}"


def _mustache(match: re.Match[str], page: FolderPage) -> str:
    value = re.fullmatch(r"\s*\$?(?:page\.)?frontmatter\.(\w+)\s*", match["inner"])
    literal = re.fullmatch(r"\s*(['\"`])(.*)\1\s*", match["inner"])
    if value and page.front.text(value[1]):
        return page.front.text(value[1])
    return literal[2] if literal else match[0]
