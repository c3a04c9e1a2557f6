"""mdBook: book.toml and SUMMARY.md, with its includes, listings, hidden lines and formulas."""

from __future__ import annotations

import posixpath
import re
import tomllib
from pathlib import Path
from typing import Any

from publish.importers.folders.addresses import find_page
from publish.importers.folders.engine import FolderImporter, masked_sub, walk
from publish.importers.folders.outline import FolderOutline, FolderPage, FolderReading
from publish.importers.folders.summary import read_summary
from publish.importers.folders.tree import Tree
from publish.importers.protocol import LIKELY, SURE, Claim
from publish.importers.report import Ledger
from publish.importers.settings import lang_of

DEEPEST_INCLUDE = 10
_DIRECTIVE = re.compile(r"(?P<escape>\\)?\{\{\s*#(?P<name>[a-z_-]+)\s*(?P<argument>[^{}]*?)\s*\}\}")
_ANCHOR = re.compile(r"ANCHOR(?P<end>_END)?:\s*(?P<name>[\w-]+)")
_RUST = re.compile(
    r"(?m)^(?P<open>(?P<indent>[ \t>]*)(?P<fence>`{3,}|~{3,})[ \t]*rust\b[^\n]*)\n(?P<code>.*?)^(?P<close>[ \t>]*(?P=fence)[ \t]*)$",  # noqa: E501  # one pattern or row on one line
    re.DOTALL,
)
_HIDDEN = re.compile(r"[ \t>]*#(?:[ \t].*)?$")
_IN_PARAGRAPH = r"(?:(?!\n[ \t]*\n).)+?"
_INLINE = re.compile(rf"\\\\\(({_IN_PARAGRAPH})\\\\\)", re.DOTALL)
_DISPLAY = re.compile(r"\\\\\[\s*(.+?)\s*\\\\\]", re.DOTALL)
_DOLLARS = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
_LISTING = re.compile(
    r"<Listing\b(?P<attributes>(?:[^>\"]|\"[^\"]*\")*)>[ \t]*\n(?P<body>.*?)\n[ \t]*</Listing>", re.DOTALL
)


class MdBookImporter(FolderImporter):
    """mdBook's folders."""

    name = "mdbook"
    _escaped = False  # whether TeX is written with the backslashes that Markdown takes
    about = "mdBook (book.toml, SUMMARY.md)"

    def sign(self, folder: Path) -> Claim | None:
        """book.toml, with the folder of its pages: a program may make that one of notes that stand elsewhere."""
        if not (folder / "book.toml").is_file():
            return None
        source = str(_settings(folder / "book.toml").get("book", {}).get("src", "src"))
        if (folder / source / "SUMMARY.md").is_file():
            return Claim(SURE, f"book.toml, {source}/SUMMARY.md")
        return Claim(LIKELY, "book.toml") if next((folder / source).rglob("*.md"), None) else None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The settings of book.toml and the entries of SUMMARY.md."""
        settings = _settings(tree.path("book.toml"), ledger)
        tree.used["book.toml"] = None
        book = settings.get("book", {})
        base = posixpath.normpath(str(book.get("src", "src"))).removeprefix(".").strip("/")
        file = tree.find(posixpath.join(base, "SUMMARY.md"))
        ledger.file = file
        if file:
            entries = read_summary(
                tree.text(file), lambda address: find_page(tree, posixpath.join(base, address)), ledger
            )
        else:
            entries = walk(tree, base, ledger)
            ledger.decide("contents", 0, base or ".", "pages in natural order", "mdBook's SUMMARY.md is not found")
        ledger.file = ""
        html = settings.get("output", {}).get("html", {})
        self._escaped = bool(html.get("mathjax-support"))
        return FolderOutline(_metadata(book), entries, base, _repository(html), str(html.get("cname", "")))

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Includes, titles, listings, hidden lines and formulas."""
        text = expand(page.text, page.file, page, reading)
        text = _RUST.sub(lambda match: _shown(match, page, reading), text)
        text = _LISTING.sub(lambda match: _listing(match, reading), text)
        tex = _unescaped if self._escaped else _same
        text = masked_sub(text, _INLINE, lambda match: f"${tex(' '.join(match[1].split()))}$")
        text = masked_sub(text, _DISPLAY, lambda match: f"$${tex(match[1])}$$")
        return masked_sub(text, _DOLLARS, lambda match: f"$${tex(match[1])}$$") if self._escaped else text


def _same(tex: str) -> str:
    return tex


def _unescaped(tex: str) -> str:
    """TeX as MathJax gets it from mdBook, whose Markdown takes one of two backslashes first."""
    return re.sub(r"\\\\(?=[{}|,;:!_%&#$]|\\\\)(\\\\)?", lambda match: "\\\\" if match[1] else "\\", tex)


def _settings(file: Path, ledger: Ledger | None = None) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        if ledger is not None:
            ledger.file = file.name
            ledger.unread("settings", 0, str(error), "the settings are not TOML")
            ledger.file = ""
        return {}


def _metadata(book: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": book.get("title", ""),
        "author": book.get("authors", []),
        "translator": book.get("translator") or book.get("translators", ""),
        "lang": lang_of(str(book.get("language", ""))),
        "description": book.get("description", ""),
    }


def _repository(html: dict[str, Any]) -> str:
    """The web address of the folder, to which a file's path is added."""
    template = str(html.get("edit-url-template", ""))
    if template.endswith("{path}"):
        return template.removesuffix("/{path}").replace("/edit/", "/blob/", 1)
    address = str(html.get("git-repository-url", "")).rstrip("/")
    return f"{address}/blob/{html.get('git-repository-branch', 'HEAD')}" if "github.com" in address else ""


def expand(text: str, file: str, page: FolderPage, reading: FolderReading, depth: int = 0) -> str:
    """A text of `file` with mdBook's directives resolved, in code too, as mdBook does."""

    def directive(match: re.Match[str]) -> str:
        if match["escape"]:
            return match[0][1:]
        name, argument = match["name"], match["argument"]
        if name == "title":
            page.title = argument or page.title
            reading.ledger.decide("title-directive", page.line(match[0]), match[0], "the chapter's title", "{{#title}}")
            return ""
        if name not in ("include", "rustdoc_include", "playground", "playpen"):
            reading.ledger.unread("directive", page.line(match[0]), match[0], "an unknown directive")
            return match[0]
        found = _included(argument.split()[0] if argument else "", file, reading)
        if found is None or depth >= DEEPEST_INCLUDE:
            reading.ledger.unread("include-missing", page.line(match[0]), match[0], "no such file, lines or anchor")
            return match[0]
        reading.ledger.count("includes")
        other, part = found
        part = expand(part, other, page, reading, depth + 1)
        return f"```rust\n{part}\n```" if name in ("playground", "playpen") else part

    return _DIRECTIVE.sub(directive, text)


def _included(argument: str, file: str, reading: FolderReading) -> tuple[str, str] | None:
    """The file that an include names and the part of it that is meant; None where there is none."""
    path, _, part = argument.partition(":")
    if len(path) == 1:  # a drive letter is not part of an include
        return None
    found = reading.tree.find(posixpath.join(posixpath.dirname(file), path))
    if not found:
        return None
    chosen = choose_lines(reading.tree.text(found).removesuffix("\n").split("\n"), part)
    return None if chosen is None else (found, "\n".join(line for line in chosen if not _ANCHOR.search(line)))


def choose_lines(lines: list[str], part: str) -> list[str] | None:
    """The lines that `2`, `2:`, `:10`, `2:10` or the name of an anchor mean; None for a missing anchor."""
    if not part or part == ":":
        return lines
    if match := re.fullmatch(r"(\d*)(:?)(\d*)", part):
        first = int(match[1] or 1)
        last = int(match[3]) if match[3] else len(lines) if match[2] else first
        return lines[max(first - 1, 0) : last]
    chosen: list[str] = []
    inside = found = False
    for line in lines:
        anchor = _ANCHOR.search(line)
        if anchor and anchor["name"] == part:
            inside, found = not anchor["end"], True
        elif inside:
            chosen.append(line)
    return chosen if found else None


def _shown(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    """Rust code without the lines that mdBook hides (`# use …`); `##` stands for a hash."""
    lines = match["code"].split("\n")
    kept = [re.sub(r"^([ \t>]*)##", r"\1#", line) for line in lines if not _HIDDEN.match(line)]
    if len(kept) < len(lines):
        hidden = next(line for line in lines if _HIDDEN.match(line))
        count = len(lines) - len(kept)
        reading.ledger.decide(
            "hidden-lines", page.line(hidden), hidden, f"{count} lines left out", "mdBook hides them from readers"
        )
    code = "\n".join(kept)
    return f"{match['open']}\n{code}{match['close']}"


def _listing(match: re.Match[str], reading: FolderReading) -> str:
    attributes = dict(re.findall(r"([\w-]+)=\"([^\"]*)\"", match["attributes"]))
    chinese = bool(reading.outline.metadata.get("lang"))
    file, number, caption = (attributes.get(name, "") for name in ("file-name", "number", "caption"))
    head = f"{'文件名：' if chinese else 'Filename: '}{file}\n\n" if file else ""
    label = " ".join(filter(None, [("示例" if chinese else "Listing") if number else "", number]))
    foot = ("：" if chinese else ": ").join(filter(None, [label, caption]))
    return f"{head}{match['body'].strip()}\n" + (f"\n{foot}\n" if foot else "")


__all__ = ["MdBookImporter", "choose_lines", "expand"]
