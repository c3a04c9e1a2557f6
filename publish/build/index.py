"""The index of the output folder: a plain page that leads to every edition and format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from publish.build.record import RECORD
from publish.build.store import Artifact, Store
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
        rows.append(
            {
                "key": key,
                "tag": publication.edition.region.tag if publication else known.get("tag", key),
                "name": publication.edition.name if publication else known.get("name", key),
                "title": publication.metadata.title if publication else known.get("title", ""),
                "links": _links(mine),
                "pages": next((one.path for one in mine if one.path == f"{key}/html/index.html"), ""),
            }
        )
    order = {edition.key: number for number, edition in enumerate(project.editions)}
    rows.sort(key=lambda row: (order.get(str(row["key"]), len(order)), str(row["key"])))
    values = {"title": manuscript.metadata.title, "lang": project.source.tag, "url": project.url, "rows": rows}
    return fill(project.theme, "build-index.html", **values)


def _links(artifacts: Sequence[Artifact]) -> list[tuple[str, str, str]]:
    """(what, address, size) of each thing that a reader may open."""
    links = []
    for artifact in artifacts:
        name = artifact.path.rpartition("/")[2]
        if artifact.format == RECORD or (artifact.format == "html" and not name.endswith(".html")):
            continue
        if artifact.format == "html" and name == "index.html":
            links.append(("HTML", artifact.path, ""))
        elif artifact.format != "html":
            links.append((artifact.format.upper(), artifact.path, size(artifact.bytes)))
    return sorted(
        links, key=lambda link: ("HTML", "EPUB", "PDF").index(link[0]) if link[0] in ("HTML", "EPUB", "PDF") else 9
    )


def size(count: int) -> str:
    """A number of bytes as people read it."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(count // 1000, 1)} kB"  # noqa: PLR2004  # a megabyte
