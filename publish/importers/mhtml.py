"""A web page saved with all its parts in one file (MHTML): the page, and its pictures by their addresses."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

ENDINGS = (".mhtml", ".mht")
# How such a file begins: the headers of a message whose parts belong together.
HEAD = re.compile(rb"\A(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?Content-Type:\s*multipart/related", re.IGNORECASE)


@dataclass(frozen=True)
class SavedPage:
    """A page's bytes, the encoding that its part states, and its parts by the addresses under which it names them.

    `frames` are other pages that stood within it.
    """

    data: bytes
    charset: str = ""
    address: str = ""
    parts: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    frames: tuple[str, ...] = ()


def is_mhtml(source: Path) -> bool:
    """Whether a file is such a page, by what its first lines say."""
    with source.open("rb") as opened:
        return bool(HEAD.match(opened.read(8192).replace(b"\r\n", b"\n")))


def read_mhtml(data: bytes) -> SavedPage:
    """The page that is the root of the parts: the first that is HTML, or the one that the head names."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    leaves = [one for one in message.walk() if not one.is_multipart()]
    start = str(message.get_param("start", "") or "").strip("<>")
    pages = [one for one in leaves if one.get_content_type() in ("text/html", "application/xhtml+xml")]
    root = next((one for one in pages if _id(one) == start and start), pages[0] if pages else None)
    if root is None:
        return SavedPage(b"")
    parts = {
        name: (one.get_content_type(), _content(one))
        for one in leaves
        if one is not root
        for name in (f"cid:{_id(one)}", str(one["Content-Location"] or ""))
        if name not in ("", "cid:")
    }
    return SavedPage(
        data=_content(root),
        charset=str(root.get_content_charset() or ""),
        address=str(root["Content-Location"] or message["Snapshot-Content-Location"] or ""),
        parts=parts,
        frames=tuple(str(one["Content-Location"] or _id(one)) for one in pages if one is not root),
    )


def _id(part: EmailMessage) -> str:
    return str(part["Content-ID"] or "").strip().strip("<>")


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
