"""Pelican: posts below content/, lines of metadata at their heads, {filename} and {static} in addresses."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from publish.importers.folders.blog import BlogImporter
from publish.importers.folders.engine import masked_sub
from publish.importers.folders.outline import PAGES, FolderOutline, FolderPage, FolderReading
from publish.importers.folders.tree import Tree
from publish.importers.protocol import SURE, Claim
from publish.importers.report import Ledger
from publish.importers.settings import lang_of

SETTINGS = ("pelicanconf.py", "publishconf.py")
_SETTING = re.compile(
    r"(?m)^(?P<key>SITENAME|SITESUBTITLE|AUTHOR|DEFAULT_LANG|PATH|SITEURL)\s*=\s*u?(?P<quote>[\"'])(?P<value>.*?)(?P=quote)"
)
_ADDRESS = re.compile(
    r"(?<=[(<\"'])(?:\{(?P<kind>filename|static|attach)\}|\|(?P<old>filename|static|attach)\|)(?P<slash>/?)"
)


class PelicanImporter(BlogImporter):
    """Folders of Pelican."""

    name = "pelican"
    about = "Pelican (pelicanconf.py, content)"
    statics = ("images", "static", "extra")
    tight_headings = True

    def sign(self, folder: Path) -> Claim | None:
        """pelicanconf.py."""
        found = next((name for name in SETTINGS if (folder / name).is_file()), "")
        return Claim(SURE, found) if found else None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The posts by date, then the pages."""
        found = [one for name in SETTINGS if tree.find(name) for one in _SETTING.finditer(tree.text(name))]
        settings = {one["key"]: one["value"] for one in reversed(found)}
        base = posixpath.normpath(settings.get("PATH") or "content")
        base = "" if base == "." else base
        self.authors = (settings["AUTHOR"],) if settings.get("AUTHOR") else ()
        prefix = f"{base}/" if base else ""
        files = [file for file in tree.files if file.startswith(prefix) and file.lower().endswith(PAGES)]
        pages = [file for file in files if file.startswith(f"{prefix}pages/")]
        posts = [file for file in files if file not in pages]
        metadata = {
            "title": settings.get("SITENAME", ""),
            "subtitle": settings.get("SITESUBTITLE", ""),
            "author": list(self.authors),
            "lang": lang_of(settings.get("DEFAULT_LANG", "")),
        }
        entries = (*self.posts(posts, tree, ledger), *self.posts(pages, tree, ledger))
        return FolderOutline(metadata, entries, base, "", settings.get("SITEURL", ""))

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Addresses by file: from the content's root, or from the post."""
        del reading
        return masked_sub(page.text, _ADDRESS, lambda found: found["slash"])
