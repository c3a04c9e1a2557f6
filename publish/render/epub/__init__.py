"""The EPUB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publish.compiled import loading
from publish.formats import Format
from publish.render.protocol import RenderContext, Rendering

if TYPE_CHECKING:
    from publish.edition.publication import Publication

WRITER = "publish.render.epub.renderer"


class EpubRenderer:
    """Writes `<slug>.epub`."""

    name = "epub"
    format = Format(
        "epub",
        "EPUB",
        order=1,
        ending=".epub",
        takes_pages=True,
        modules=(WRITER,),
        faces=("regular", "bold"),
        faces_unless_said=True,
    )

    def render(self, publication: Publication, context: RenderContext) -> Rendering:
        """Write the EPUB into the context's folder."""
        with loading(WRITER):
            from publish.render.epub.renderer import write_epub  # noqa: PLC0415  # not needed for `format`

        return write_epub(publication, context)
