"""Images: the only door to the files of the book. Each is located, checked, made harmless and named in ASCII."""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from lxml import etree
from PIL import Image, ImageFile, UnidentifiedImageError

from publish.cache import NONE, Cache
from publish.errors import PublishError
from publish.han import IDEOGRAPH
from publish.source.pictures.locked import is_remote
from publish.source.pictures.svg import make_harmless
from publish.source.slugs import slugify
from publish.textfile import shown, shown_folder

MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
}
# A picture of more pixels than this (some 700 MB of memory) is an accident or an attack.
MOST_PIXELS = 178_000_000
LARGEST_SVG = 10_000_000
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
_LENGTH = re.compile(r"^\s*([0-9.]+)\s*(px)?\s*$")


@dataclass(frozen=True)
class Asset:
    """An image of an edition: its address in every format, media type, the file that holds it, its size in pixels."""

    href: str
    media_type: str
    path: Path
    width: int
    height: int


# What files are that are often saved in the place of an image, by how they begin.
_SIGNS = (
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"version https://git-lfs", "a pointer of Git LFS"),
    (b"%pdf", "a PDF"),
    (b"{", "a JSON text"),
    (b"<?xml", "an XML text"),
    (b"pk\x03\x04", "a ZIP archive"),
)
_FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="120" viewBox="0 0 320 120">'
    '<rect x="1" y="1" width="318" height="118" fill="#f4f4f4" stroke="#888" stroke-dasharray="6 4"/>'
    '<text x="160" y="66" font-family="sans-serif" font-size="15" fill="#555" text-anchor="middle">{}</text></svg>'
)


_FRAMED = 36  # Western letters, of which a Han character is two, that fit into it


def _wide(name: str) -> int:
    return len(name) + len(IDEOGRAPH.findall(name))


class AssetError(Exception):
    """An image cannot be used; `problem` and `remedy` are for the message, the place is the caller's."""

    def __init__(self, problem: str, remedy: str, code: str = "img-damaged") -> None:
        self.problem, self.remedy, self.code = problem, remedy, code
        super().__init__(problem)


class Assets:
    """The images of one edition, gathered in a scratch folder. `keys` name the edition for variants: map.zh-TW.png."""

    def __init__(self, root: Path, scratch: Path, keys: Sequence[str], cache: Cache = NONE) -> None:
        self._cache = cache
        self._root = root.resolve()
        self._scratch = scratch
        self._keys = keys
        self._by_reference: dict[tuple[str, Path], Asset] = {}
        self.used: dict[str, Asset] = {}
        self.asked: dict[str, list[Any]] = {}  # by how it is named: address, type and size, or None and what is wrong
        self.probed: set[Path] = set()  # where images were looked for, found or not
        self.opened: set[Path] = set()  # where they were found

    def add(self, url: str, folder: Path) -> Asset:
        """The image that `url`, written in a file of `folder`, names in this edition.

        Raises `AssetError` for one that is missing, outside the book, damaged or of an unknown kind.
        """
        try:
            asset = self._by_reference.get((url, folder)) or self._add(url, folder)
        except AssetError as error:
            self.asked[url] = [None, error.problem, error.remedy, error.code]
            raise
        self.used.setdefault(asset.href, asset)
        self.asked[url] = [asset.href, asset.media_type, asset.width, asset.height]
        return asset

    def apart(self) -> Assets:
        """The same images for one chapter: what it asks for and uses is noted apart, the files looked at are not."""
        own = copy(self)
        own.used, own.asked = {}, {}
        return own

    def join(self, own: Assets) -> None:
        """Add what a chapter has used."""
        self.used.update(own.used)

    def _add(self, url: str, folder: Path) -> Asset:
        if url.lower().startswith("data:"):
            asset = self._keep(_data_uri(url), "inline")
        else:
            path = self._find(url, folder)
            asset = self._keep(_read(path), path.stem, shown(path))
        self._by_reference[url, folder] = asset
        return asset

    def _find(self, url: str, folder: Path) -> Path:
        if is_remote(url):
            raise AssetError(f'image "{url[:80]}" is on another host', "Run publish fetch, or save it into the book")
        name = unquote(url)
        scheme = urlsplit(url).scheme
        candidates = [folder / name, self._root / name.lstrip("/")]
        self.probed.update(candidates)
        if not scheme or len(scheme) == 1 or any(_is_file(path) for path in candidates):
            name_only = unquote(url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0])
            candidates += [folder / name_only, self._root / name_only]
        elif scheme:
            raise AssetError(
                f'image "{url[:80]}" is not a file of the book',
                "Put the file into the book and name it by its path there",
            )
        for path in candidates:
            for variant in self._variants(path):
                self.probed.add(variant)
                if _is_file(variant):
                    if not variant.resolve().is_relative_to(self._root):
                        raise AssetError(
                            f'image "{url[:80]}" lies outside the book',
                            f"Copy it into {shown(self._root)}",
                            "img-outside",
                        )
                    self.opened.add(variant)
                    return variant
        remedy = f"Add it to {shown_folder(folder / Path(name).parent)}"
        if "\\" in name and any(_is_file(path) for path in (folder / name.replace("\\", "/"),)):
            remedy = f"Write / and not \\ in its path: {name.replace(chr(92), '/')}"
        raise AssetError(f'image "{name[:80]}" not found', remedy, "img-missing")

    def _variants(self, path: Path) -> list[Path]:
        return [path.with_name(f"{path.stem}.{key}{path.suffix}") for key in self._keys if path.suffix] + [path]

    def _examined(self, data: bytes, name: str) -> tuple[str, int, int, bytes]:
        """What `examine` says of an image, once for each that is sound."""
        key = self._cache.key("image", data)
        known = self._cache.get_json(key) if key else None
        if known is None:
            media_type, width, height, sound = examine(data, name)
            known = [media_type, width, height, None if sound == data else sound.decode()]
            self._cache.put_json(key, known)
        media_type, width, height, text = known
        return media_type, width, height, data if text is None else text.encode()

    def placeholder(self, url: str) -> Asset:
        """A frame with a file's name, for an image that is missing or broken."""
        name = re.split(r"[/\\]", unquote(url).split("?", maxsplit=1)[0])[-1] or "image"
        shown = name if _wide(name) <= _FRAMED else f"…{name[-_FRAMED // 2 :]}"  # of a long name the end tells most
        return self._keep(_FRAME.format(html.escape(shown)).encode(), f"missing-{Path(name[:60]).stem}")

    def keep(self, data: bytes, stem: str) -> Asset:
        """A picture that was made for the book, as if it were one of its files. Raises `AssetError`."""
        return self._keep(data, stem)

    def _keep(self, data: bytes, stem: str, name: str = "") -> Asset:
        name = name or stem
        if not data:
            raise AssetError(f'image "{name}" is empty', "Save it again")
        media_type, width, height, sound = self._examined(data, name)
        digest = hashlib.sha256(sound).hexdigest()[:10]
        href = f"images/{slugify(stem)[:40].strip('-._') or 'image'}-{digest}{SUFFIXES[media_type]}"
        if href not in self.used:
            path = self._scratch / href
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(sound)
            self.used[href] = Asset(href, media_type, path, width, height)
        return self.used[href]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PublishError(f"cannot read {shown(path)}: {error.strerror}", "Check its permissions") from error


def _data_uri(url: str) -> bytes:
    head, _, body = url.partition(",")
    try:
        return (
            base64.b64decode(unquote_to_bytes(body), validate=False)
            if ";base64" in head.lower()
            else unquote_to_bytes(body)
        )
    except (binascii.Error, ValueError) as error:
        raise AssetError("a data: image cannot be decoded", "Save it as a file") from error


def examine(data: bytes, stem: str) -> tuple[str, int, int, bytes]:
    """Media type, width and height in pixels, and the bytes to publish. Raises `AssetError` for a damaged file."""
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<") and b"<svg" in data[:20_000]:
        return _examine_svg(data, stem)
    try:
        with warnings.catch_warnings(), _to_its_end():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                kind, (width, height) = image.format or "", image.size
                if width * height > MOST_PIXELS:
                    raise AssetError(f'image "{stem}" has {width} × {height} pixels', "Make it smaller")
                image.load()
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        kind = next((name for sign, name in _SIGNS if start.lower().startswith(sign)), "")
        problem = f"is {kind} and not an image" if kind else "is not an image that can be read"
        raise AssetError(f'image "{stem}" {problem}', "Save it as PNG, JPEG, GIF, WebP or SVG") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise AssetError(f'image "{stem}" is damaged ({error})', "Save it again") from error
    if kind not in MEDIA_TYPES:
        raise AssetError(
            f'image "{stem}" is a {kind} file, which cannot be used', "Save it as PNG, JPEG, GIF, WebP or SVG"
        )
    return MEDIA_TYPES[kind], width, height, data


@contextmanager
def _to_its_end() -> Iterator[None]:
    """Read no picture that breaks off: WeasyPrint has Pillow do so in each process in which it is loaded."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _examine_svg(data: bytes, stem: str) -> tuple[str, int, int, bytes]:
    if len(data) > LARGEST_SVG:
        raise AssetError(f'image "{stem}" has {len(data):,} bytes of SVG', "Make it simpler")
    if re.search(rb"<!ENTITY", data):
        raise AssetError(f'image "{stem}" defines entities', "Save it as plain SVG")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise AssetError(f'image "{stem}" is not well-formed SVG: {error.msg}', "Save it again") from error
    if etree.QName(root).localname != "svg":
        raise AssetError(f'image "{stem}" is not an SVG', "Save it as SVG")
    make_harmless(root)
    width, height = _svg_size(root)
    return "image/svg+xml", width, height, etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _svg_size(root: etree._Element) -> tuple[int, int]:
    width, height = _LENGTH.match(str(root.get("width") or "")), _LENGTH.match(str(root.get("height") or ""))
    if width and height:
        return round(float(width[1])), round(float(height[1]))
    box = re.split(r"[\s,]+", str(root.get("viewBox") or "").strip())
    try:
        return round(float(box[2])), round(float(box[3]))
    except (IndexError, ValueError):
        return 0, 0
