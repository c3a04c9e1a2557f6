"""Images as reading devices take them: no larger than their screens, in formats that all of them decode."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from PIL import Image, ImageOps

from publish.source.assets import Asset

LONGEST = 2560  # pixels: the long side of the largest screens of e-ink and of tablets
MOST_PIXELS = 5_600_000  # what Apple Books takes
QUALITY = 88
_ORIENTATION = 0x0112  # EXIF's tag for how the camera was held
_UPRIGHT = (None, 1)
_LOSSLESS = b"VP8L"


@dataclass(frozen=True)
class Fitted:
    """An image for the package: its asset (another address where its format has changed) and its bytes."""

    asset: Asset
    data: bytes


def fit(asset: Asset) -> Fitted:
    """An image as it goes into the package.

    Still WebP becomes PNG or JPEG, which every device decodes; CMYK becomes RGB; a picture that was turned by EXIF is
    turned; one larger than the screens is made smaller. All others, SVG and GIF stay byte for byte.
    """
    data = asset.path.read_bytes()
    if asset.media_type not in ("image/png", "image/jpeg", "image/webp"):
        return Fitted(asset, data)
    with Image.open(io.BytesIO(data)) as opened:
        if getattr(opened, "is_animated", False) and asset.media_type != "image/jpeg":
            return Fitted(asset, data)
        kind = _kind(asset, data, opened)
        scale = min(1.0, LONGEST / max(opened.size), (MOST_PIXELS / (opened.width * opened.height)) ** 0.5)
        turned = asset.media_type == "image/jpeg" and opened.getexif().get(_ORIENTATION) not in _UPRIGHT
        sound = kind == asset.media_type and scale == 1.0 and not turned and opened.mode != "CMYK"
        if sound:
            return Fitted(asset, data)
        image = ImageOps.exif_transpose(opened)
        size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
        profile = None if opened.mode == "CMYK" else opened.info.get("icc_profile")
        made = _encoded(_resized(image, size), kind, profile)
    suffix = ".png" if kind == "image/png" else ".jpg"
    href = str(PurePosixPath(asset.href).with_suffix(suffix))
    return Fitted(replace(asset, href=href, media_type=kind, width=size[0], height=size[1]), made)


def _kind(asset: Asset, data: bytes, image: Image.Image) -> str:
    """The media type to write: a drawing in WebP becomes PNG, a photograph JPEG."""
    if asset.media_type != "image/webp":
        return asset.media_type
    drawn = _LOSSLESS in data[:64] or image.mode == "RGBA"
    return "image/png" if drawn else "image/jpeg"


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.mode in ("P", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode in ("CMYK", "YCbCr", "HSV", "LAB", "1"):
        image = image.convert("RGB")
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)


def _encoded(image: Image.Image, kind: str, profile: bytes | None) -> bytes:
    out = io.BytesIO()
    keep = {"icc_profile": profile} if profile and image.mode in ("RGB", "RGBA", "L") else {}
    if kind == "image/png":
        image.save(out, "PNG", optimize=True, **keep)
    else:
        image.convert("RGB" if image.mode != "L" else "L").save(out, "JPEG", quality=QUALITY, optimize=True, **keep)
    return out.getvalue()
