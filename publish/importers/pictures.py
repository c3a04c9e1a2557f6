"""What a picture file really is, whatever its suffix says."""

from __future__ import annotations

import posixpath
from pathlib import Path

_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"BM", ".bmp"),
    (b"II*\0", ".tif"),
    (b"MM\0*", ".tif"),
)
_SAME = {".jpeg": ".jpg", ".tiff": ".tif", ".jfif": ".jpg"}
_HEAD = 1024


def sound_name(name: str, path: Path) -> tuple[str, str]:
    """A picture's name with its true suffix, and what is wrong with it ("": nothing)."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    kind = picture_kind(head)
    if not kind:
        return name, _fault(head)
    stem, suffix = posixpath.splitext(name)
    said = suffix.lower()
    return (name if _SAME.get(said, said) == kind else f"{stem}{kind}"), ""


def picture_kind(head: bytes) -> str:
    """The suffix of what a file's first bytes are; empty where they are no picture's."""
    for sign, suffix in _SIGNS:
        if head.startswith(sign):
            return suffix
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ".webp"
    if head[4:12] in (b"ftypavif", b"ftypavis"):
        return ".avif"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if (text.startswith((b"<svg", b"<?xml", b"<!--", b"<!doctype svg")) and b"<svg" in text) or text.startswith(
        b"<svg"
    ):
        return ".svg"
    return ""


def _fault(head: bytes) -> str:
    text = head.lstrip().lower()
    if not head:
        return "the file is empty"
    if text.startswith((b"<!doctype html", b"<html")):
        return "it is a web page, not a picture"
    if text.startswith(b"version https://git-lfs"):
        return "it is a pointer of Git LFS; fetch the picture with git lfs pull"
    if text.startswith(b"<"):
        return ""
    return "it is in an unknown picture format"
