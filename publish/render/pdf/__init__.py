"""The printed page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publish.compiled import loading
from publish.formats import Format
from publish.render.protocol import RenderContext, Rendering
from publish.steps import Plan, carry_out

if TYPE_CHECKING:
    from publish.edition.publication import Publication

WRITER = "publish.render.pdf.renderer"
PRELOAD = "publish.render.pdf.preload"


class PdfRenderer:
    """Writes `<slug>.pdf`: long books in parts, a process each (`parts`), joined at the end (`join`)."""

    name = "pdf"
    format = Format(
        "pdf",
        "PDF",
        order=2,
        ending=".pdf",
        paged=True,
        horizontal="pages are set in horizontal lines only",
        long=True,
        modules=(WRITER, PRELOAD),
    )

    def render(self, publication: Publication, context: RenderContext) -> Rendering:
        """Write the PDF into the context's folder."""
        return carry_out(self.plan(publication, context))

    def plan(self, publication: Publication, context: RenderContext) -> Rendering | Plan[Rendering]:
        """Write a short book at once; plan the parts of a long one."""
        with loading(WRITER):
            from publish.render.pdf.renderer import plan_pages  # noqa: PLC0415  # not needed for `format`

        return plan_pages(publication, context)
