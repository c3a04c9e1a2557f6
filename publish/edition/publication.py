"""The publication: one edition's chapters as XHTML, its metadata and images; what every renderer receives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from publish.edition.units import Unit
from publish.findings import Finding
from publish.source.features.notes import NoteSettings
from publish.source.pictures.assets import Asset
from publish.source.settings.editions import EditionSettings
from publish.source.settings.metadata import Metadata
from publish.source.settings.page import Page
from publish.trail import Reason


@dataclass(frozen=True)
class Formula:
    """A formula as it is set, TeX with the macros that it needs, and the line of the block that it stands in."""

    tex: str
    line: int = 0


@dataclass(frozen=True)
class PublishedChapter:
    """One chapter of an edition. `xhtml` is a `div` in XHTML's namespace with the text and, last, the chapter's notes.

    `label` is 第三章 or empty; `file` is the source's name in messages; `part` is the title of the part that the
    chapter opens, `part_label` its number; `level` counts the chapters that it stands under. `read_at` and `edit_at`
    are the addresses of its file in the book's repository, or empty. `formulas` are known by
    the TeX beside their MathML, as `formulas.tex.key` has it; `tables` are the lines of tables by their first words.
    """

    key: str
    id: str
    title: str
    label: str
    xhtml: str
    file: str = ""
    part: str = ""
    inside: bool = False
    part_label: str = ""
    level: int = 0
    read_at: str = ""
    edit_at: str = ""
    formulas: Mapping[str, Formula] = field(default_factory=dict)
    tables: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Publication:
    """An edition, converted and written to XHTML once; renderers prune it for their format and package it.

    `url` is where the output folder will stand on the web, or empty. `elsewhere` pairs words of other editions with
    this edition's own: (软件, 軟體).
    """

    edition: EditionSettings
    slug: str
    metadata: Metadata
    format_metadata: Mapping[str, Metadata]
    chapters: tuple[PublishedChapter, ...]
    assets: Mapping[str, Asset]
    page: Page
    theme: str
    css: str
    toc: bool
    toc_depth: int
    numbered: bool
    findings: tuple[Finding, ...] = ()
    glossary: Mapping[str, int] | None = None
    url: str = ""
    offline: bool = False  # whether readers' devices may keep the web edition
    elsewhere: tuple[tuple[str, str], ...] = ()
    other_script: tuple[str, Metadata] | None = None  # BCP 47 tag and metadata of the book in its other script
    decisions: Mapping[str, int] | None = None
    units: Iterable[Unit] = ()
    record: tuple[str, ...] = ()  # of its chapters, as `units.rows` has them
    original_images: bool = False  # whether pictures larger than pages and screens stay so
    flat_drawings: bool = False  # whether drawings with words go to reading devices as pictures of pixels
    notes: NoteSettings = field(default_factory=NoteSettings)
    form: Literal["book", "article"] | None = None
    probed: tuple[Path, ...] = ()  # where images were looked for, found or not
    opened: tuple[Path, ...] = ()  # where they were found
    origins: Mapping[str, str] = field(default_factory=dict)  # by chapter, the hash of all that it was derived from
    reasons: tuple[Reason, ...] = field(default=(), compare=False)  # why each chapter was derived, or not

    def metadata_for(self, format_name: str) -> Metadata:
        """The metadata of this edition in one format: an ISBN of its own, for example."""
        return self.format_metadata.get(format_name, self.metadata)
