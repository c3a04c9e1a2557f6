"""A cover made from the metadata, set as the title page is, for books that bring none."""

from __future__ import annotations

import io

from publish.cache import NONE, Cache
from publish.edition.publication import Publication
from publish.render import fill, stylesheet
from publish.source.settings.metadata import Metadata

WIDTH, HEIGHT = 1600, 2560  # pixels: what shops ask for
QUALITY = 88


def cover_jpeg(publication: Publication, metadata: Metadata, width: int = WIDTH, cache: Cache = NONE) -> bytes:
    """A cover as JPEG, so many pixels wide and 1.6 times as high, in the glyphs of the edition's region.

    Raises `MissingToolError` where Pango is not installed.
    """
    html = fill(
        publication.theme,
        "cover.html",
        publication=publication,
        metadata=metadata,
        words=publication.edition.region.words,
        css=stylesheet(publication, "cover.css", width="100mm", height="160mm"),
    )
    key = cache.key("cover", html, width)
    data = cache.get(key) if key else None
    if data is None:
        data = _drawn(html, width)
        cache.put(key, data)
    return data


def _drawn(html: str, width: int) -> bytes:
    import pypdfium2  # noqa: PLC0415  # with WeasyPrint it takes longer to load than all else of an EPUB to make
    from PIL import Image  # noqa: PLC0415  # as above

    from publish.weasy.layout import lay_out  # noqa: PLC0415  # as above

    pdf = lay_out(html, {}).write_pdf()
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        image = page.render(scale=width / page.get_width()).to_pil().convert("RGB")
    finally:
        document.close()
    size = width, width * HEIGHT // WIDTH
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
