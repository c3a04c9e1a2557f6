"""A site kept on the reader's device: one small service worker, a manifest, an icon; only where asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from publish.edition.publication import Publication
from publish.render.templates import fill, stylesheet
from publish.themes import read_theme

WORKER, MANIFEST, ICON = "sw.js", "site.webmanifest", "icon.svg"
_AT_ONCE = (".html", ".css", ".js", ".woff2")  # pictures are kept as they are seen
PAPER = "#fdfcf9"  # as in web.css


def offline_files(publication: Publication, folder: Path, written: Sequence[Path]) -> dict[str, str]:
    """The files that keep a site, by name, from those that were written into its folder.

    The name under which a browser keeps them depends on their content, so that it fetches them again when any changes.
    """
    kept = sorted(path for path in written if path.suffix in _AT_ONCE and path.stem != publication.slug)
    files = ["./", MANIFEST, ICON, *(path.relative_to(folder).as_posix() for path in kept)]
    content = hashlib.sha256()
    for path in kept:
        content.update(path.read_bytes())
    worker = fill(publication.theme, WORKER, publication=publication, files=files, version=content.hexdigest()[:12])
    letter = next((char for char in publication.metadata.title if char.isalnum()), "书")
    icon = stylesheet(publication, ICON, letter=letter).removesuffix(f"\n{publication.css}")
    return {WORKER: worker, MANIFEST: _manifest(publication), ICON: icon}


def _manifest(publication: Publication) -> str:
    """What a browser asks of a site that is to be installed (W3C Web Application Manifest)."""
    said = {
        "name": publication.metadata.title,
        "short_name": publication.metadata.title[:12],
        "lang": publication.edition.region.tag,
        "start_url": "index.html",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": read_theme(publication.theme).accent,
        "icons": [{"src": ICON, "sizes": "any", "type": "image/svg+xml"}],
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"
