"""The web edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publish.compiled import loading
from publish.formats import Format
from publish.render.protocol import RenderContext, Rendering

if TYPE_CHECKING:
    from publish.edition.publication import Publication

WRITER = "publish.render.html.renderer"


class HtmlRenderer:
    """Writes `html/index.html`, a page for each chapter beside it, what they load, and `html/<slug>.html`."""

    name = "html"
    format = Format(
        "html", "HTML", order=0, home="html/index.html", modules=(WRITER,), faces=("regular", "bold", "heading")
    )

    def render(self, publication: Publication, context: RenderContext) -> Rendering:
        """Write the web edition into the context's folder."""
        with loading(WRITER):
            from publish.render.html.renderer import write_site  # noqa: PLC0415  # not needed for `format`

        return write_site(publication, context)
