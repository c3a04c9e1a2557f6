"""MyST, Jupyter Book and Sphinx with MyST: _toc.yml, myst.yml or toctrees, notebooks, directives and roles."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from publish.importers.documents.markup import as_markdown, lists_markdown, sphinx_pages
from publish.importers.folders.engine import FolderImporter, walk
from publish.importers.folders.hexo import read_config
from publish.importers.folders.masked import Masked
from publish.importers.folders.myst_contents import contents_of, listed_pages, read_toc, toc_entries
from publish.importers.folders.myst_directives import translate_directives
from publish.importers.folders.myst_labels import (
    FORMULA_LABEL,
    LINK,
    ROLE,
    TARGET,
    known_labels,
    labelled,
    led_by_label,
    numbered_name,
    numbered_names,
    translate_role,
)
from publish.importers.folders.outline import FolderOutline, FolderPage, FolderReading
from publish.importers.folders.posts import people
from publish.importers.folders.tree import Tree
from publish.importers.protocol import SURE, Claim
from publish.importers.report import Ledger
from publish.importers.settings import lang_of

SIGNS = ("myst.yml", "_toc.yml")
FOLDERS = ("", "book", "doc", "docs", "lectures", "source", "content", "src")
# A directive that its author has taken out: its end would begin code.
_COMMENTED = re.compile(r"(?m)^[ \t]*<!--(?:(?!-->).)*?`{3}(?:(?!-->).)*-->[ \t]*$", re.DOTALL)


class MystImporter(FolderImporter):
    """Folders of MyST and Jupyter Book."""

    name = "jupyter-book"
    about = "MyST and Jupyter Book (_toc.yml, myst.yml, Sphinx's conf.py, notebooks)"

    def sign(self, folder: Path) -> Claim | None:
        """_toc.yml, myst.yml, or conf.py beside a page with a toctree, here or in the usual folders."""
        found = _settings(folder)
        return Claim(SURE, found.relative_to(folder).as_posix()) if found else None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The entries of the contents, the metadata of _config.yml or myst.yml."""
        found = _settings(tree.root)
        base = posixpath.dirname(found.relative_to(tree.root).as_posix()) if found else ""
        toc = read_toc(tree, base, ledger)
        project = read_config(tree, (posixpath.join(base, "myst.yml"),), ledger).get("project")
        project = project if isinstance(project, dict) else {}
        config = read_config(tree, (posixpath.join(base, "_config.yml"),), ledger)
        entries = tuple(toc_entries(project.get("toc") or toc, tree, base, ledger))
        if not entries and found and found.stem == "index":  # Sphinx's
            first = listed_pages(found.relative_to(tree.root).as_posix(), tree, ledger, set())
            entries = (*([replace(first, children=())] if first.file else []), *first.children)
        entries = entries or walk(tree, base, ledger)
        metadata = {
            "title": str(project.get("title") or config.get("title") or _said(tree, base, "project")),
            "author": people(project.get("authors") or config.get("author") or _said(tree, base, "author")),
            "description": str(project.get("description") or config.get("description") or ""),
            "lang": lang_of(
                str(
                    (config.get("sphinx") or {}).get("config", {}).get("language", "")
                    if isinstance(config.get("sphinx"), dict)
                    else ""
                )
                or _said(tree, base, "language").replace("_", "-")
            ),
        }
        metadata["bibliography"] = _literature(project, config, base, tree)
        repository = str(project.get("github") or (config.get("repository") or {}).get("url") or "").rstrip("/")
        return FolderOutline(metadata, entries, base, f"{repository}/blob/HEAD" if "github.com" in repository else "")

    def plain(self, source: str, file: str, reading: FolderReading) -> str:
        """A page's file as Markdown; one in reStructuredText through pandoc."""
        if file.endswith(".rst"):
            return as_markdown(source, reading.tree.path(file), reading.tree.root, reading.ledger)
        return super().plain(source, file, reading)

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Directives, roles and targets."""
        numbered_names(reading)  # while all pages are as they were written
        known_labels(reading)
        text = translate_directives(_COMMENTED.sub("", page.text), page, reading, 0)
        masked = Masked(text, spans=False)
        masked.text = FORMULA_LABEL.sub(lambda found: f"$$ {{#{numbered_name('eq', found['label'])}}}", masked.text)
        current = ROLE.sub(lambda match: masked.keep(translate_role(match, page, reading)), masked.text)
        current = LINK.sub(lambda match: led_by_label(match, page, reading), current)
        current = TARGET.sub(labelled, current)
        current = re.sub(r"(?m)^%[^\n]*\n?", "", current)
        current = re.sub(r"(?m)^\+\+\+[^\n]*$", "", current)
        return masked.unmask(current)


def _literature(project: dict[str, Any], config: dict[str, Any], base: str, tree: Tree) -> list[str]:
    """The files of literature that myst.yml, _config.yml or conf.py name; MyST takes those of its folder too."""
    sphinx = config.get("sphinx")
    inner = sphinx.get("config") if isinstance(sphinx, dict) else None
    said = project.get("bibliography") or config.get("bibtex_bibfiles")
    said = said or (inner.get("bibtex_bibfiles") if isinstance(inner, dict) else None)
    if not said and (file := tree.find(posixpath.join(base, "conf.py"))):
        listed = re.search(r"(?m)^bibtex_bibfiles\s*=\s*\[([^\]]*)\]", tree.text(file))
        said = re.findall(r"[\"']([^\"']+)[\"']", listed[1]) if listed else None
    if not said and project:
        said = [one for one in tree.files if one.endswith(".bib") and posixpath.dirname(one) == base]
    elif not said and tree.find(posixpath.join(base, "conf.py")):  # its list is made by a program there
        said = [posixpath.relpath(one, base or ".") for one in tree.files if one.endswith(".bib")]
    return [str(one) for one in said] if isinstance(said, list) else [str(said)] if said else []


def _settings(root: Path) -> Path | None:
    found = (root / folder / name for folder in FOLDERS for name in SIGNS)
    return next((one for one in found if one.is_file()), None) or _sphinx(root)


def _sphinx(root: Path) -> Path | None:
    """Sphinx's first page beside its conf.py: in Markdown with contents, or one whose contents name such pages."""
    listing = (one for one in sphinx_pages(root, "index.md") if any(contents_of(one.read_text("utf-8", "ignore"))))
    return next(listing, None) or next(filter(lists_markdown, sphinx_pages(root, "index.rst")), None)


def _said(tree: Tree, base: str, name: str) -> str:
    """A text that conf.py gives a name to."""
    file = tree.find(posixpath.join(base, "conf.py"))
    found = re.search(rf"(?m)^{name}\s*=\s*u?([\"'])(?P<said>.*?)\1", tree.text(file)) if file else None
    return found["said"].strip() if found else ""
