"""A tree of Markdown files with no tool's settings: its pages in natural order."""

from __future__ import annotations

from pathlib import Path

from publish.importers.folders.engine import FolderImporter, FolderOutline, walk
from publish.importers.folders.tree import Tree
from publish.importers.protocol import POSSIBLE, Claim
from publish.importers.report import Ledger

ENDINGS = (".md", ".markdown", ".mkd", ".rmd", ".qmd", ".ipynb", ".mdx")
DEEPEST = 4


class PlainImporter(FolderImporter):
    """Folders of Markdown files."""

    name = "folder"
    about = "a folder of Markdown files and notebooks"

    def sign(self, folder: Path) -> Claim | None:
        """Any page, down to four folders deep."""
        for depth in range(DEEPEST + 1):
            pattern = "/".join(["*"] * (depth + 1))
            found = next((one for one in folder.glob(pattern) if one.suffix.lower() in ENDINGS and one.is_file()), None)
            if found:
                return Claim(POSSIBLE, found.relative_to(folder).as_posix())
        return None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """All pages, `第2章` before `第10章`, a README or index first in its folder."""
        entries = walk(tree, "", ledger)
        ledger.decide(
            "contents", 0, f"{len(tree.files)} files", "pages in natural order", "no tool's settings were found"
        )
        return FolderOutline({"title": tree.root.absolute().name}, entries)
