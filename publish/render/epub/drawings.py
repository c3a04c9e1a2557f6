"""Drawings with words in them as pictures, for devices that have not their fonts or set their words otherwise."""

from __future__ import annotations

import hashlib
import io
from html import escape
from pathlib import PurePosixPath

from publish.cache import Cache
from publish.source.assets import Asset

_WORDS = (b"<text", b":text", b"<foreignObject")
_ACROSS, _DOWN = 1600, 2560  # pixels: as sharp as any device shows a page
_FINEST = 4.0  # pixels for one of the drawing's own


def as_picture(drawing: Asset, lang: str, cache: Cache) -> Asset:
    """A drawing (SVG) as PNG on white paper, beside it; one without words as it is.

    Raises `MissingToolError` where Pango is not installed.
    """
    data = drawing.path.read_bytes()
    if not any(sign in data for sign in _WORDS) or not drawing.width or not drawing.height:
        return drawing
    scale = min(_ACROSS / drawing.width, _DOWN / drawing.height, _FINEST)
    size = round(drawing.width * scale), round(drawing.height * scale)
    key = cache.key("epub-drawing", hashlib.sha256(data).hexdigest(), lang, size)
    made = cache.get(key) if key else None
    if made is None:
        made = _drawn(drawing, lang, size)
        cache.put(key, made)
    path = drawing.path.with_suffix(f".{lang}.png")
    path.write_bytes(made)
    return Asset(str(PurePosixPath(drawing.href).with_suffix(".png")), "image/png", path, *size)


def _drawn(drawing: Asset, lang: str, size: tuple[int, int]) -> bytes:
    import pypdfium2  # noqa: PLC0415  # with WeasyPrint it takes longer to load than all else of an EPUB to make

    from publish.weasy.layout import lay_out  # noqa: PLC0415  # as above

    style = (
        f"@page{{size:{drawing.width}px {drawing.height}px;margin:0}}body{{margin:0}}img{{display:block;width:100%}}"
    )
    html = f'<html lang="{lang}"><style>{style}</style><body><img src="{escape(drawing.href)}" alt=""></body></html>'
    document = pypdfium2.PdfDocument(lay_out(html, {drawing.href: drawing.path}).write_pdf())
    try:
        page = document[0]
        image = page.render(scale=size[0] / page.get_width()).to_pil().convert("RGB")
    finally:
        document.close()
    out = io.BytesIO()
    (image if image.size == size else image.resize(size)).save(out, "PNG", optimize=True)
    return out.getvalue()
