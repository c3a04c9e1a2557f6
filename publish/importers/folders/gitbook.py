"""GitBook, old and new, and HonKit: SUMMARY.md with book.json or .gitbook.yaml, hints, tabs and variables."""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path
from typing import Any

import yaml

from publish.errors import Place, PublishError
from publish.importers.folders.addresses import find_page
from publish.importers.folders.engine import FolderImporter, masked_sub
from publish.importers.folders.outline import ContentsEntry, FolderOutline, FolderPage, FolderReading, files_of
from publish.importers.folders.summary import read_summary
from publish.importers.folders.tags import Tag, Write, rewrite_tags
from publish.importers.folders.tree import Tree
from publish.importers.protocol import LIKELY, SURE, Claim
from publish.importers.report import Ledger
from publish.importers.settings import lang_of
from publish.textfile import shown

HINTS = {"info": "info", "success": "tip", "tip": "tip", "warning": "warning", "danger": "danger", "working": "info"}
_INLINE_MATH = re.compile(r"(?P<before>^|[^\n$])\$\$(?!\$)(?P<formula>[^\n$]+?)\$\$(?P<after>[^\n$]|$)", re.MULTILINE)


class GitBookImporter(FolderImporter):
    """Folders of GitBook and HonKit."""

    name = "gitbook"
    about = "GitBook and HonKit (SUMMARY.md, book.json, .gitbook.yaml)"
    tight_headings = True

    def sign(self, folder: Path) -> Claim | None:
        """SUMMARY.md, and book.json beside it; with book.toml, book.json is what GitBook left behind."""
        if (folder / "book.toml").is_file():
            return None
        settings = [name for name in ("book.json", ".gitbook.yaml", "honkit.json") if (folder / name).is_file()]
        listed = [name for name in ("SUMMARY.md", "LANGS.md") if (folder / name).is_file()]
        if settings and (listed or settings == [".gitbook.yaml"] or _root(folder)):
            return Claim(SURE, ", ".join([*settings, *listed]))
        return Claim(LIKELY, listed[0]) if listed else None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The settings and the entries of SUMMARY.md, after the README."""
        settings = _settings(tree, ledger)
        base = _base(str(settings.get("root", "")), tree, ledger)
        structure = settings.get("structure") or {}
        file = tree.find(posixpath.join(base, structure.get("summary", "SUMMARY.md")))
        if not file:
            raise PublishError("GitBook's SUMMARY.md is not found", "Add it", Place(shown(tree.path(base))))
        ledger.file = file
        text = tree.text(file)
        here = posixpath.dirname(file)
        entries = read_summary(
            text, lambda address: find_page(tree, posixpath.normpath(posixpath.join(here, address.lstrip("/")))), ledger
        )
        ledger.file = ""
        readme = tree.find(posixpath.join(base, structure.get("readme", "README.md")))
        if readme and readme not in files_of(entries):
            entries = (ContentsEntry("", readme), *entries)
        language = str(settings.get("language", ""))
        authors = settings.get("author", "")
        metadata = {
            "title": settings.get("title", ""),
            "author": authors
            if isinstance(authors, list)
            else re.split(r"\s*[,，、]\s*", str(authors))
            if authors
            else "",
            "lang": lang_of(language),
            "description": settings.get("description") or "",
        }
        variables = settings.get("variables")
        self._variables: dict[str, Any] = variables if isinstance(variables, dict) else {}
        return FolderOutline(metadata, entries, base, _repository(settings))

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Hints, tabs, code with titles, variables, formulas."""
        text = rewrite_tags(page.text, _writers(page, reading), page, reading)
        text = masked_sub(
            text, r"\{\{\s*book\.(\w+)\s*\}\}", lambda match: str(self._variables.get(match[1], match[0]))
        )
        return masked_sub(text, _INLINE_MATH, _inline_math)


def _root(folder: Path) -> str:
    try:
        root = json.loads((folder / "book.json").read_text(encoding="utf-8-sig")).get("root", "")
    except (OSError, ValueError, AttributeError):
        return ""
    return str(root) if (folder / str(root) / "SUMMARY.md").is_file() else ""


def _settings(tree: Tree, ledger: Ledger) -> dict[str, Any]:
    for name, load in (("book.json", json.loads), ("honkit.json", json.loads), (".gitbook.yaml", yaml.safe_load)):
        if not (tree.root / name).is_file():
            continue
        try:
            read = load((tree.root / name).read_text(encoding="utf-8-sig"))
        except (ValueError, yaml.YAMLError) as error:
            ledger.unread("settings", 0, f"{name}: {error}", "the settings cannot be read")
            continue
        if tree.find(name):
            tree.used[name] = None
        if isinstance(read, dict):
            return read
    return {}


def _base(root: str, tree: Tree, ledger: Ledger) -> str:
    """The folder of the pages; of several languages the first Chinese one."""
    base = posixpath.normpath(root).removeprefix(".").strip("/")
    langs = tree.find(posixpath.join(base, "LANGS.md"))
    if not langs or tree.find(posixpath.join(base, "SUMMARY.md")):
        return base
    folders = [folder.strip("/") for folder in re.findall(r"\]\(\.?/?([^)#]+?)/?\)", tree.text(langs))]
    chosen = next((one for one in folders if lang_of(one)), folders[0] if folders else "")
    ledger.decide("language", 0, ", ".join(folders), chosen, "one language is one book")
    return posixpath.join(base, chosen)


def _repository(settings: dict[str, Any]) -> str:
    plugins = settings.get("pluginsConfig")
    plugins = plugins if isinstance(plugins, dict) else {}
    for plugin, key in (("edit-link", "base"), ("editlink", "base"), ("github", "url")):
        address = (plugins.get(plugin) or {}).get(key, "") if isinstance(plugins.get(plugin), dict) else ""
        if address:
            return str(address).rstrip("/").replace("/edit/", "/blob/") + ("/blob/HEAD" if key == "url" else "")
    return ""


def _writers(page: FolderPage, reading: FolderReading) -> dict[str, Write]:
    def include(tag: Tag) -> str | None:
        file = reading.tree.find(posixpath.join(posixpath.dirname(page.file), tag.word(0)))
        return reading.tree.text(file).strip("\n") if file else None

    def hint(tag: Tag) -> str:
        return f"\n::: {HINTS.get(tag.get('style', 'info'), 'info')}\n"

    def closing(_tag: Tag) -> str:
        return "\n:::\n"

    def nothing(_tag: Tag) -> str:
        return ""

    def titled(tag: Tag) -> str:
        return f"\n**{tag.get('title')}**\n" if tag.get("title") else ""

    return {
        "hint": hint,
        "endhint": closing,
        **dict.fromkeys(
            ("tabs", "endtabs", "endtab", "endcode", "content-ref", "endcontent-ref", "raw", "endraw"), nothing
        ),
        **dict.fromkeys(
            ("endstepper", "stepper", "step", "endstep", "columns", "endcolumns", "column", "endcolumn"), nothing
        ),
        "tab": titled,
        "code": titled,
        "embed": lambda tag: f"\n<{tag.get('url')}>\n",
        "endembed": nothing,
        "file": lambda tag: f"[{tag.get('caption') or posixpath.basename(tag.get('src'))}]({tag.get('src')})",
        "endfile": nothing,
        "include": include,
        "math": lambda _tag: "$",
        "endmath": lambda _tag: "$",
    }


def _inline_math(match: re.Match[str]) -> str:
    """`$$x$$` inside a line is a formula in the line; alone on its line it stays a display."""
    if not match["before"].strip() and not match["after"].strip():
        return match[0]
    return f"{match['before']}${match['formula'].strip()}${match['after']}"
