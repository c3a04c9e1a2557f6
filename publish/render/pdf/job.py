"""What the processes that make one PDF are told, and where each finds what the others wrote.

The command itself hands jobs from process to process and lays nothing out, so nothing here needs WeasyPrint.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publish.edition.publication import Publication
from publish.findings import Finding
from publish.render import RenderContext
from publish.render.pdf.records import PartRecord, Piece
from publish.weasy.records import PageRecord

if TYPE_CHECKING:
    from publish.weasy.layout import Log


@dataclass(frozen=True)
class Job:
    """What the processes that make a PDF are told: the book without its text, where to write, what is known already."""

    publication: Publication
    context: RenderContext
    findings: tuple[Finding, ...]
    absent: tuple[int, ...]

    @property
    def folder(self) -> Path:
        """Where the parts are kept until they are joined."""
        return self.context.folder / ".parts"

    @property
    def files(self) -> dict[str, Path]:
        """The book's images by address."""
        return {asset.href: asset.path for asset in self.publication.assets.values()}

    def html(self, name: int | str) -> str:
        """The HTML of a part."""
        return (self.folder / f"{name}.html").read_text(encoding="utf-8")

    def write(self, name: int | str, whole: Any, pages: tuple[PageRecord, ...], variant: str | None) -> None:
        """Write a part's PDF, and what the others should know of it."""
        from publish.weasy import embedding  # noqa: PLC0415  # needs Pango

        fonts = embedding.write_part(whole, self.folder / f"{name}.pdf", variant, str(name))
        (self.folder / f"{name}.part").write_bytes(pickle.dumps(PartRecord(pages, fonts)))

    def piece(self, name: int | str) -> Piece:
        """What was written of a part."""
        part: PartRecord = pickle.loads((self.folder / f"{name}.part").read_bytes())  # noqa: S301  # our own, of this build
        return Piece(self.folder / f"{name}.pdf", part)

    def log(self, name: int | str) -> Log:
        """What WeasyPrint said while it made a part."""
        log: Log = pickle.loads((self.folder / f"{name}.log").read_bytes())  # noqa: S301  # as above
        return log

    def pages(self, count: int) -> list[PageRecord]:
        """The pages of the text, in order."""
        return [page for number in range(count) for page in self.piece(number).part.pages]
