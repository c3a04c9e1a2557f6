"""Pictures as a format needs them: no larger than its pages or screens show, in kinds that its readers decode."""

from __future__ import annotations

import io
import json
import math
import os
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from PIL import Image, ImageChops, ImageOps

from publish.cache import NONE, Cache, as_json
from publish.edition.publication import Publication
from publish.source.pictures.assets import Asset

UNLIMITED = 1 << 30
_ORIENTATION = 0x0112  # EXIF's tag for how the camera was held
_UPRIGHT = (None, 1)
_LOSSLESS = b"VP8L"
_SAMPLES = 32
# Of the pixels of a photograph, fewer than this share are what their neighbours are; of drawings and screens most are.
_FLAT = 0.35
_RESIZED = frozenset(["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK"])
_DEEP = frozenset(["I", "I;16", "I;16B", "I;16L"])  # greys of sixteen bits, which WeasyPrint takes for colours
_COLOURS = 256  # what a palette holds
_GREYS = 16  # as many as the edge of a line needs
_WRITTEN = {"image/png": ".png", "image/jpeg": ".jpg"}
_WORTH = 0.9  # a picture that loses less of its sides than this stays, unless its file becomes smaller too


@dataclass(frozen=True)
class Measure:
    """The most pixels that a picture of a format may have. `sharper` is how many times finer line art may be.

    `plain` formats are read by what decodes no WebP and no turned photographs, and without `cmyk` no CMYK either.
    """

    name: str
    width: int
    height: int = UNLIMITED
    pixels: int = UNLIMITED
    sharper: int = 1
    quality: int = 88
    plain: bool = False
    cmyk: bool = True


def fitted(
    publication: Publication, ladder: Sequence[Measure], budget: int = 0, cache: Cache = NONE
) -> dict[str, Asset]:
    """The pictures of a publication by their addresses in its chapters, each as a format takes it.

    The first measure of the `ladder` is taken with which all together have no more than `budget` bytes, as far as a
    sample tells; else the last. With `images: original` none is made smaller.
    """
    assets = publication.assets
    if publication.original_images:
        whole = replace(ladder[0], name=f"{ladder[0].name}-whole", width=UNLIMITED, height=UNLIMITED, pixels=UNLIMITED)
        return {href: fit(asset, whole, cache) for href, asset in assets.items()}
    measure = _affordable(list(assets.values()), ladder, budget, cache)
    # Editions that are rendered side by side begin at different pictures, so that each finds what another has made.
    names = list(assets)
    start = zlib.crc32(publication.edition.key.encode()) % max(len(names), 1)
    made = {href: fit(assets[href], measure, cache) for href in [*names[start:], *names[:start]]}
    return {href: made[href] for href in names}


def _affordable(assets: Sequence[Asset], ladder: Sequence[Measure], budget: int, cache: Cache) -> Measure:
    for measure in ladder[:-1]:
        if not budget or _size(assets) <= budget:
            return measure
        sample = assets[:: -(-len(assets) // _SAMPLES)]
        made = _size(fit(one, measure, cache) for one in sample)
        if made * len(assets) <= budget * len(sample):
            return measure
    return ladder[-1]


def _size(assets: Iterable[Asset]) -> int:
    return sum(asset.path.stat().st_size for asset in assets)


def fit(asset: Asset, measure: Measure, cache: Cache = NONE) -> Asset:
    """A picture within a measure, in a file beside the book's own; the same bytes each time.

    One larger than the measure is made smaller: a photograph becomes JPEG, a drawing stays PNG. Moving pictures and SVG
    stay byte for byte, and so does what fits. What was made of the same bytes before is taken from the cache.
    """
    if asset.media_type not in ("image/png", "image/jpeg", "image/webp"):
        return asset
    for kind, suffix in _WRITTEN.items():
        path = _beside(asset, measure.name, suffix)
        if path.exists():  # another edition has made it: the name tells the content
            with Image.open(path) as known:
                return _kept(asset, kind, path, known.size)
    data = asset.path.read_bytes()
    made = _once(asset, measure, data, cache)
    if made is None:
        return asset
    kind, size, content = made
    path = _beside(asset, measure.name, _WRITTEN[kind])
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(f"{path.name}.{os.getpid()}")
    written.write_bytes(content)
    written.replace(path)
    return _kept(asset, kind, path, size)


Made = tuple[str, tuple[int, int], bytes]  # media type, size and bytes of a picture


def _once(asset: Asset, measure: Measure, data: bytes, cache: Cache) -> Made | None:
    """A picture made anew, or taken from the cache: it takes seconds. None where it stays as it is."""
    key = cache.key("fitted", asset.media_type, data, measure)
    whole = cache.get(key) if key else None
    if whole is not None:
        said, _, content = whole.partition(b"\n")
        kind, width, height = json.loads(said)
        return (kind, (width, height), content) if kind else None
    made = _anew(asset, measure, data)
    kind, size, content = made or ("", (0, 0), b"")
    cache.put(key, as_json([kind, *size]) + b"\n" + content)
    return made


def _anew(asset: Asset, measure: Measure, data: bytes) -> Made | None:
    with Image.open(io.BytesIO(data)) as opened:
        if getattr(opened, "is_animated", False) and asset.media_type != "image/jpeg":
            return None
        return _made(asset, measure, data, opened)


def _kept(asset: Asset, kind: str, path: Path, size: tuple[int, int]) -> Asset:
    href = str(PurePosixPath(asset.href).with_suffix(_WRITTEN[kind]))
    return Asset(href, kind, path, *size)


def _beside(asset: Asset, measure: str, suffix: str) -> Path:
    """Where a picture that was made is kept: beside the folders of all editions, whose pictures are often the same."""
    return asset.path.parents[2] / ".fitted" / measure / PurePosixPath(asset.href).with_suffix(suffix).name


def _made(asset: Asset, measure: Measure, data: bytes, opened: Image.Image) -> Made | None:
    """Media type, size and bytes of a picture made anew; None where it stays as it is."""
    turned = asset.media_type == "image/jpeg" and opened.getexif().get(_ORIENTATION) not in _UPRIGHT
    mended = measure.plain and (asset.media_type == "image/webp" or turned)
    mended = mended or (opened.mode == "CMYK" and not measure.cmyk) or (measure.plain and opened.mode in _DEEP)
    if (opened.mode not in _RESIZED or not _is_larger(opened, measure)) and not mended:
        return None
    photograph = asset.media_type == "image/jpeg" or _is_photograph(opened)
    upright = ImageOps.exif_transpose(opened) if photograph and turned else None
    width, height = (upright or opened).size
    scale = _scale(width, height, measure, 1 if photograph else measure.sharper)
    if scale == 1.0 and not mended:
        return None
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    kind = _kind(asset, data, opened, photograph=photograph and scale < 1.0)
    profile = None if opened.mode == "CMYK" and not measure.cmyk else opened.info.get("icc_profile")
    small = _resized(upright or opened, size, cmyk=measure.cmyk)
    made = _encoded(small, kind, profile, measure.quality)
    if kind == "image/png" and small.mode in ("RGB", "L") and len(made) > len(data):
        made = _encoded(_with_palette(small), kind, profile, measure.quality)
    return (kind, size, made) if mended or scale < _WORTH or len(made) < len(data) else None


def _is_larger(image: Image.Image, measure: Measure) -> bool:
    """Whether a picture, however it is turned, may be larger than a measure."""
    return min(_scale(*size, measure, 1) for size in (image.size, image.size[::-1])) < 1.0


def _scale(width: int, height: int, measure: Measure, sharper: int) -> float:
    """By how much a picture is made smaller: 1.0 where it fits."""
    sides = (measure.width * sharper / width, measure.height * sharper / height)
    return min(1.0, *sides, math.sqrt(measure.pixels * sharper**2 / (width * height)))


def _is_photograph(image: Image.Image) -> bool:
    """Whether hardly a pixel is what its neighbour is: light and grain, no lines, letters and flat colours."""
    if image.mode not in ("RGB", "L"):
        return False
    rows = image.resize((image.width, max(image.height // 8, 1)), Image.Resampling.NEAREST).convert("L")
    same = ImageChops.difference(rows, ImageChops.offset(rows, 1, 0)).histogram()[0]
    return same < _FLAT * rows.width * rows.height


def _kind(asset: Asset, data: bytes, image: Image.Image, *, photograph: bool) -> str:
    """The media type to write: a photograph that is made smaller becomes JPEG, and so does WebP with loss."""
    if asset.media_type == "image/webp":
        drawn = _LOSSLESS in data[:64] or image.mode == "RGBA"
        return "image/png" if drawn else "image/jpeg"
    return "image/jpeg" if photograph else asset.media_type


def _resized(image: Image.Image, size: tuple[int, int], *, cmyk: bool) -> Image.Image:
    palette = image.mode == "P"
    if image.mode in _DEEP:
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("P", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode == "CMYK" and not cmyk:
        image = image.convert("RGB")
    if image.size == size:
        return image
    if image.format == "JPEG" and hasattr(image, "draft"):
        image.draft(image.mode, size)  # decodes no more than is needed
    made = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _with_palette(made) if palette else made


def _with_palette(image: Image.Image) -> Image.Image:
    """A drawing in as many colours as its own and their shades along lines need."""
    method = Image.Quantize.FASTOCTREE if image.mode == "RGBA" else Image.Quantize.MEDIANCUT
    return image.quantize(_GREYS if image.mode == "L" else _COLOURS, method, dither=Image.Dither.NONE)


def _encoded(image: Image.Image, kind: str, profile: bytes | None, quality: int) -> bytes:
    out = io.BytesIO()
    keep = {"icc_profile": profile} if profile and image.mode in ("RGB", "RGBA", "L", "CMYK") else {}
    if kind == "image/png":
        image.save(out, "PNG", compress_level=6, **keep)
    else:
        written = image if image.mode in ("L", "CMYK") else image.convert("RGB")
        written.save(out, "JPEG", quality=quality, optimize=True, **keep)
    return out.getvalue()
