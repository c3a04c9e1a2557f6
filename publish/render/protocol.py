"""The protocol of renderers: what one is given, and what it gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from publish.cache import NONE, Cache
from publish.findings import Finding
from publish.formats import load
from publish.steps import Plan
from publish.trail import Reason

if TYPE_CHECKING:
    from publish.edition.publication import Publication

ZIP_EPOCH = 1980  # the first year that a ZIP archive can state


@dataclass(frozen=True)
class EditionLink:
    """Another edition of the book that web pages may lead to."""

    key: str
    tag: str
    name: str


@dataclass(frozen=True)
class Download:
    """A file of the edition that readers may take away: its format's label, its path below the edition's folder."""

    label: str
    path: str


@dataclass(frozen=True)
class Folio:
    """A page of the printed book: the number on it, and ids of what begins there, the first one first."""

    label: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class RenderContext:
    """What a renderer may know beside the publication: where to write, what stands by, the date to state.

    `cache` is for parts of its work; its keys know of our code, of tools and of fonts.
    """

    folder: Path
    editions: tuple[EditionLink, ...] = ()
    downloads: tuple[Download, ...] = ()
    folios: tuple[Folio, ...] = ()
    modified: dt.datetime = dt.datetime(ZIP_EPOCH, 1, 1, tzinfo=dt.UTC)
    cache: Cache = NONE


@dataclass(frozen=True)
class Rendering:
    """What a renderer made: files, by their paths below the context's folder, and findings.

    `fonts` are the names of the fonts that it took, `missing` the code points that none of them has; `facts` go into
    the edition's row of the manifest. `folios` are the pages of the text, where it has such; `reasons` tell why parts
    of it were made, or not.
    """

    files: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    fonts: tuple[str, ...] = ()
    missing: tuple[int, ...] = ()
    facts: Mapping[str, int | str] = field(default_factory=dict)
    folios: tuple[Folio, ...] = ()
    reasons: tuple[Reason, ...] = field(default=(), compare=False)


class Renderer(Protocol):
    """A format: a name, and how a publication becomes files in the context's folder: same inputs, same bytes."""

    name: str

    def render(self, publication: Publication, context: RenderContext) -> Rendering:
        """Write the publication; raise `PublishError` where it cannot be written."""


class PlanningRenderer(Renderer, Protocol):
    """A renderer that can share its work out over several processes."""

    def plan(self, publication: Publication, context: RenderContext) -> Rendering | Plan[Rendering]:
        """Do what is best done at once, and plan the rest."""


def renderer(name: str) -> Renderer:
    """The renderer of a format. Raises `UsageError` for an unknown name, listing those that are registered."""
    made: Renderer = load(name)
    return made
