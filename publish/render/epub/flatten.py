"""Drawings with words made pictures of pixels, where a book asks for it: not every reading device has their fonts."""

from __future__ import annotations

import io
import re
from html import escape

from publish.cache import Cache
from publish.edition.publication import Publication
from publish.render import families_css
from publish.source.pictures.assets import Asset

LEAST, MOST = 1200, 2400  # pixels across
_WORDS = re.compile(rb"<(?:\w+:)?text[\s>]")
_MARGIN = 0.02  # CSS pixels, that a rounding may add


def is_flattened(publication: Publication, asset: Asset) -> bool:
    """Whether a picture of a publication is a drawing that is to be made pixels."""
    drawn = asset.media_type == "image/svg+xml" and asset.width > 0 and asset.height > 0
    return publication.flat_drawings and drawn and _WORDS.search(asset.path.read_bytes()) is not None


def flattened(publication: Publication, asset: Asset, cache: Cache) -> bytes:
    """A drawing as PNG on paper, twice as many pixels across as it is wide, 1,200 to 2,400.

    Raises `MissingToolError` where Pango is not installed.
    """
    region = publication.edition.region
    across = min(max(2 * asset.width, LEAST), MOST)
    html = (
        f'<html lang="{region.layout_tag}"><meta charset="utf-8"><title>{escape(asset.href)}</title><style>'
        f"@page {{ size: {asset.width}px {asset.height + _MARGIN}px; margin: 0 }}"
        f"html {{ font-family: {families_css(region.fonts.heading)}, sans-serif }} body {{ margin: 0 }}"
        f'img {{ display: block; width: {asset.width}px; height: {asset.height}px }}</style><img src="a.svg"></html>'
    )
    key = cache.key("drawing", html, asset.path.read_bytes().decode("utf-8", "replace"), across)
    data = cache.get(key) if key else None
    if data is None:
        data = _pixels(html, asset, across)
        cache.put(key, data)
    return data


def _pixels(html: str, asset: Asset, across: int) -> bytes:
    import pypdfium2  # noqa: PLC0415  # with WeasyPrint it takes longer to load than all else of an EPUB to make

    from publish.weasy.layout import lay_out  # noqa: PLC0415  # as above

    document = pypdfium2.PdfDocument(lay_out(html, {"a.svg": asset.path}).write_pdf())
    try:
        page = document[0]
        image = page.render(scale=across / page.get_width()).to_pil().convert("RGB")
        image = image.crop((0, 0, across, round(across * asset.height / asset.width)))
    finally:
        document.close()
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
