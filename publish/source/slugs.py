"""The ASCII names of books, pages and files."""

from __future__ import annotations

import re
import unicodedata

LONGEST_SLUG = 60


def slugify(name: str) -> str:
    """An ASCII name for files and addresses: pinyin for Han, hyphens between words, at most 60 characters."""
    if not name.isascii():
        from pypinyin import lazy_pinyin  # noqa: PLC0415  # a large table, loaded only for Han names

        name = "-".join(lazy_pinyin(name))
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9._]+", "-", plain).strip("-._").lower()
    return slug[:LONGEST_SLUG].rstrip("-._") or "book"
