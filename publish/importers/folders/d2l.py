"""Books in d2lbook's form: contents in index.md, labels and references, tabs for frameworks."""

from __future__ import annotations

import configparser
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from publish.errors import Place, PublishError
from publish.importers.folders.addresses import find_page
from publish.importers.folders.engine import FolderImporter
from publish.importers.folders.literature import cited
from publish.importers.folders.masked import Masked
from publish.importers.folders.outline import ContentsEntry, FolderOutline, FolderPage, FolderReading
from publish.importers.folders.tree import Tree
from publish.importers.protocol import SURE, Claim, ImportChoice, Imported
from publish.importers.report import Ledger
from publish.importers.settings import lang_of
from publish.textfile import shown

_TOC = re.compile(r"(?m)^```toc[ \t]*\n(?P<body>.*?)^```[ \t]*$", re.DOTALL)
_TAB_FENCE = re.compile(
    r"(?m)^(?P<fence>```)\{\.(?P<language>[\w.]+)(?P<rest>[^}\n]*)\}[ \t]*\n(?P<body>.*?)^```[ \t]*$", re.DOTALL
)
_FENCE = re.compile(r"(?m)^```(?P<language>[\w.+-]+)[ \t]*\n(?P<body>.*?)^```[ \t]*$", re.DOTALL)
_TAB = re.compile(r"(?m)^#@tab[ \t]+(?P<tabs>.+?)[ \t]*\n")
_BLOCK = re.compile(r"(?m)^:begin_tab:`(?P<tabs>[^`]*)`[ \t]*\n(?P<body>.*?)^:end_tab:[ \t]*$", re.DOTALL)
_LABELLED = re.compile(r"(?m)^(?P<hashes>#{1,6})[ \t]+(?P<title>[^\n]+?)[ \t]*\n+:label:`(?P<name>[^`]+)`[ \t]*$")
_CAPTIONED = re.compile(r"(?m)^(?P<caption>:[^:`\n][^\n]*?)[ \t]*\n+:label:`(?P<name>[^`]+)`[ \t]*$")
_EQUATION = re.compile(r"\$\$[ \t]*\n?[ \t]*:eqlabel:`(?P<name>[^`]+)`")
_FIGURE = re.compile(
    r"(?P<before>(?<=[^\s>]))?(?P<image>!\[(?:[^\[\]]|\[[^\]]*\])*\]\([^()\n]*\))"
    r"(?P<marks>(?:[ \t]*\n\s*:(?:label|width|height):`[^`]+`)+)(?P<behind>(?=[ \t]*\n[^\s:]))?"
)
_PEOPLE = re.compile(r"\s*[,，、]\s*(?:and\s+)?|\s+and\s+")
_MARK = re.compile(
    r":(?P<name>label|numref|eqref|eqlabel|cite|citet|citep|width|height|bibliography|ref):`(?P<text>[^`]+)`"
)


class D2lImporter(FolderImporter):
    """Folders of d2lbook."""

    name = "d2l"
    about = "a book in d2lbook's form (config.ini, index.md with toc)"
    choices = (ImportChoice("tab", ("pytorch", "mxnet", "tensorflow", "paddle", "all"), "whose code and text to take"),)

    def sign(self, folder: Path) -> Claim | None:
        """config.ini beside an index.md with a toc."""
        index = folder / "index.md"
        if (
            (folder / "config.ini").is_file()
            and index.is_file()
            and "```toc" in index.read_text(encoding="utf-8", errors="ignore")
        ):
            return Claim(SURE, "config.ini, index.md")
        return None

    def read(self, source: Path, ledger: Ledger, choices: Mapping[str, str]) -> Imported:
        """Read the book for one framework."""
        self._tab = choices["tab"]
        return super().read(source, ledger, choices)

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The toc of index.md and of every chapter's index."""
        settings = configparser.ConfigParser(interpolation=None, strict=False)
        if not tree.find("config.ini"):
            raise PublishError("config.ini is not found", "Name the folder that holds it", Place(shown(tree.root)))
        settings.read_string(tree.text("config.ini"))
        project = dict(settings["project"]) if settings.has_section("project") else {}
        metadata: dict[str, Any] = {
            "title": project.get("title", ""),
            "author": _PEOPLE.split(project["author"].strip()) if project.get("author") else "",
            "lang": lang_of(project.get("lang", "")),
        }
        seen: set[str] = set()
        entries = tuple(_entries("index.md", tree, ledger, seen))
        self._names = {old: new for file in sorted(seen) for old, new in _names(tree.text(file))}
        metadata["bibliography"] = list(_literature(settings, sorted(seen), tree))
        return FolderOutline(metadata, entries)

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """The chosen tab, labels as ids, references as links."""
        text = _TOC.sub("", page.text)
        left_out = 0

        def chosen(tabs: str) -> bool:
            names = re.split(r"[,\s]+", tabs.strip())
            return self._tab == "all" or "all" in names or self._tab in names

        def code(match: re.Match[str]) -> str:
            nonlocal left_out
            tab = _TAB.search(match["body"])
            if not (chosen(tab["tabs"]) if tab else _is_first(match, self._tab)):
                left_out += 1
                return ""
            return f"```{match['language']}\n{_TAB.sub('', match['body'])}```"

        def block(match: re.Match[str]) -> str:
            nonlocal left_out
            if chosen(match["tabs"]):
                return match["body"]
            left_out += 1
            return ""

        text = _TAB_FENCE.sub(code, text)
        text = _FENCE.sub(code, text)
        text = _BLOCK.sub(block, text)
        if left_out:
            reading.ledger.decide(
                "tab-left-out", 0, f"{left_out} blocks", "left out", f"the book is imported for {self._tab}"
            )
        masked = Masked(text, spans=False)
        current = _LABELLED.sub(
            lambda one: f"{one['hashes']} {one['title']} {{#{_name('sec', one['name'])}}}", masked.text
        )
        current = _FIGURE.sub(_figure, current)
        current = _CAPTIONED.sub(lambda one: f"{one['caption']} {{#{_name('tbl', one['name'])}}}", current)
        current = _EQUATION.sub(lambda one: f"$$ {{#{_name('eq', one['name'])}}}", current)
        cites = bool(reading.literature)
        current = _MARK.sub(lambda match: masked.keep(_mark(match, self._names, cites=cites)), current)
        return masked.unmask(
            re.sub(r"\[\*\*(.*?)\*\*\]|\(\*\*(.*?)\*\*\)", lambda m: f"**{m[1] or m[2]}**", current, flags=re.DOTALL)
        )


def _literature(settings: configparser.ConfigParser, pages: Sequence[str], tree: Tree) -> Iterator[str]:
    """The files of literature that config.ini and the pages name; all of the folder where pages cite and none is named.

    d2lbook hands its list to LaTeX alone, where a book may have named nothing for its web pages.
    """
    texts = {file: tree.text(file) for file in pages}
    named = [settings.get(part, "bibfile", fallback="") for part in settings.sections()]
    for file, text in texts.items():
        said = (one["text"] for one in _MARK.finditer(text) if one["name"] == "bibliography")
        named += [posixpath.normpath(posixpath.join(posixpath.dirname(file), one.strip())) for one in said]
    found = [file for one in named if one and (file := tree.find(posixpath.normpath(one.strip())))]
    if any(":cite" in text for text in texts.values()):
        # What one chapter names is not all that the others cite.
        found += [file for file in tree.files if file.endswith(".bib")]
    yield from dict.fromkeys(found)


def _is_first(match: re.Match[str], tab: str) -> bool:
    """A block without a tab is for all; with `.input` it is for the first framework."""
    rest = match.groupdict().get("rest") or ""
    return ".input" not in rest or tab in ("mxnet", "all")


def _entries(file: str, tree: Tree, ledger: Ledger, seen: set[str]) -> Iterator[ContentsEntry]:
    """The pages in a page's toc, with those in their own."""
    seen.add(file)
    for match in _TOC.finditer(tree.text(file)):
        for line in match["body"].split("\n"):
            name = line.strip()
            if not name or name.startswith(":"):
                continue
            found = find_page(tree, posixpath.normpath(posixpath.join(posixpath.dirname(file), name)))
            if not found:
                ledger.unread("chapter-missing", 0, name, "there is no such file")
            elif found not in seen:
                yield ContentsEntry("", found, tuple(_entries(found, tree, ledger, seen)))


def _figure(match: re.Match[str]) -> str:
    marks = dict(re.findall(r":(label|width|height):`([^`]+)`", match["marks"]))
    attributes = " ".join(
        filter(
            None,
            [
                f"#{_name('fig', marks['label'])}" if "label" in marks else "",
                f"width={marks['width'].strip()}" if marks.get("width", "").strip() else "",
            ],
        )
    )
    # What has a name is a figure, and stands by itself.
    before, behind = ("\n\n" if match["before"] is not None else ""), ("\n" if match["behind"] is not None else "")
    return f"{before}{match['image']}{{{attributes}}}{behind}"


def _name(kind: str, label: str) -> str:
    """A label as references have it: fig_map, a figure's, is fig:map."""
    first = {"tbl": "tab"}.get(kind, kind)
    own = label.replace("\\_", "_").removeprefix(f"{first}_")
    own = re.sub(r"[^\w.-]+", "-", own).strip("-.")
    return f"{kind}:{own}"


def _names(text: str) -> Iterator[tuple[str, str]]:
    """The labels of a page, each with what it is called now."""
    for pattern, kind in ((_LABELLED, "sec"), (_CAPTIONED, "tbl"), (_EQUATION, "eq")):
        yield from ((one["name"], _name(kind, one["name"])) for one in pattern.finditer(text))
    for one in _FIGURE.finditer(text):
        yield from ((label, _name("fig", label)) for label in re.findall(r":label:`([^`]+)`", one["marks"]))


def _mark(match: re.Match[str], names: Mapping[str, str], *, cites: bool) -> str:
    name, text = match["name"], match["text"]
    if name in ("label", "eqlabel"):
        return f"[]{{#{text}}}"
    if name in ("numref", "ref", "eqref"):
        return f"[@{names[text]}]" if text in names else f"[{text}](#{text})"
    if name.startswith("cite"):
        return cited(text, in_text=name == "citet") if cites else f"[{text}]"
    return ""
