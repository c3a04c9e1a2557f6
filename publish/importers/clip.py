"""The importer of an article's clip: one Markdown file that html2text made, such as a WeChat article."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from publish.errors import Place, PublishError
from publish.importers.proof import prove_read, prove_written
from publish.importers.protocol import SURE, Chapter, Choice, File, Imported, Match
from publish.importers.report import Ledger
from publish.importers.wechat import KEYS, read_article, read_clip
from publish.source.project import slugify

LONGEST_HEAD = 4096  # bytes


class ClipImporter:
    """A clipped article becomes a book of one chapter; every character of its body is accounted for."""

    name = "wechat"
    about = "a clipped WeChat article (Markdown by html2text)"
    choices: tuple[Choice, ...] = ()

    def matches(self, source: Path) -> Match | None:
        """A Markdown file whose head has one of the clipper's lines (文章作者:)."""
        if source.suffix.lower() not in (".md", ".markdown", ".txt") or not source.is_file():
            return None
        with source.open("rb") as file:
            head = file.read(LONGEST_HEAD).decode("utf-8", "ignore")
        found = [key for key in KEYS if len(key) > 2 and re.search(rf"(?m)^\s*\**{key}\**\s*[:：]", head)]  # noqa: PLR2004  # 作者 alone is anybody's
        return Match(SURE, "、".join(found)) if found else None

    def read(self, source: Path, ledger: Ledger, choices: Mapping[str, str]) -> Imported:
        """Read a clip. Raises `PublishError` where it is none, or where a character of its body would be lost."""
        del choices
        raw = _read(source)
        parts = read_clip(_decoded(raw, source, ledger), source.name, ledger)
        article = read_article(parts, source.stem, ledger)
        prove_read(parts.body, article.blocks, ledger, source.name)
        prove_written(article.markdown, article.blocks, source.name)
        ledger.counts.update(asdict(article.counts))
        slug = slugify(source.stem)
        return Imported(
            metadata=article.metadata,
            chapters=(Chapter(f"{slug}.md", article.markdown),),
            originals=(File(source.name, raw),),
            slug=slug,
        )


def _read(clip: Path) -> bytes:
    try:
        return clip.read_bytes()
    except OSError as error:
        raise PublishError(
            f"the clip cannot be read: {error.strerror}", "Name a Markdown file", Place(str(clip))
        ) from error


def _decoded(raw: bytes, clip: Path, ledger: Ledger) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(str(clip), raw.count(b"\n", 0, error.start) + 1)
        raise PublishError("the clip is not UTF-8", "Save it as UTF-8", place) from error
    for number, line in enumerate(text.split("\n"), 1):
        if hidden := sorted({f"U+{ord(char):04X}" for char in line if is_hidden(char)}):
            ledger.decide("invisible-dropped", number, ", ".join(hidden), "dropped", "characters that nobody sees")
    return "".join(char for char in text if not is_hidden(char)).replace("\xa0", " ")


def is_hidden(char: str) -> bool:
    """Control characters that no XML may hold, zero-width spaces, byte order marks; not what joins emoji."""
    return (
        (char < " " and char not in "\t\n\r")
        or "\x7f" <= char <= "\x9f"
        or char in "\u200b\u2060\ufeff\u00ad\ufffe\uffff"
    )
