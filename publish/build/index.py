"""The index of the output folder: a plain page that leads to every edition and format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from publish import formats
from publish.build.artifact import Artifact
from publish.build.record import RECORD
from publish.build.store import Store
from publish.edition.publication import Publication
from publish.render import fill
from publish.source.manuscript import Manuscript
from publish.source.project import Project


def index_page(
    project: Project,
    manuscript: Manuscript,
    publications: Mapping[str, Publication],
    store: Store,
    artifacts: Sequence[Artifact],
) -> str:
    """The text of build/index.html: the editions of this build and those that earlier builds left."""
    before: dict[str, Any] = store.manifest().get("editions", {})
    rows = []
    for key in dict.fromkeys(artifact.edition for artifact in artifacts):
        publication = publications.get(key)
        known = before.get(key, {})
        mine = [artifact for artifact in artifacts if artifact.edition == key]
        homes = {f"{key}/{one.home}" for one in formats.installed() if one.home}
        rows.append(
            {
                "key": key,
                "tag": publication.edition.region.tag if publication else known.get("tag", key),
                "name": publication.edition.name if publication else known.get("name", key),
                "title": publication.metadata.title if publication else known.get("title", ""),
                "links": _links(key, mine),
                "pages": next((one.path for one in mine if one.path in homes), ""),
            }
        )
    order = {edition.key: number for number, edition in enumerate(project.editions)}
    rows.sort(key=lambda row: (order.get(str(row["key"]), len(order)), str(row["key"])))
    values = {"title": manuscript.metadata.title, "lang": project.source.tag, "url": project.url, "rows": rows}
    return fill(project.theme, "build-index.html", **values)


def _links(edition: str, artifacts: Sequence[Artifact]) -> list[tuple[str, str, str]]:
    """(what, address, size) of each thing that a reader may open, a site by its first page."""
    links = []
    for name in sorted({one.format for one in artifacts} - {RECORD}, key=_order):
        mine = [one for one in artifacts if one.format == name]
        home = formats.find(name).home if name in formats.registered() else ""
        if home:
            links += [(formats.label(name), one.path, "") for one in mine if one.path == f"{edition}/{home}"]
        else:
            links += sorted((formats.label(name), one.path, size(one.bytes)) for one in mine)
    return links


def _order(name: str) -> tuple[int, str]:
    known = formats.names()
    return (known.index(name) if name in known else len(known), name)


def size(count: int) -> str:
    """A number of bytes as people read it."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(count // 1000, 1)} kB"  # noqa: PLR2004  # a megabyte
