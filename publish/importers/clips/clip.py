"""The importer of an article's clip: one Markdown file that a clipper made, such as a WeChat article."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from publish.encoding import find_encoding
from publish.errors import Place, PublishError
from publish.importers.clips import article
from publish.importers.clips.beside import literature_beside, pictures_beside
from publish.importers.clips.complete import require_read, require_written
from publish.importers.clips.wechat import KEYS, read_article, read_clip
from publish.importers.encoding import decode
from publish.importers.escaping import is_hidden
from publish.importers.origin import to_simplified
from publish.importers.protocol import LIKELY, POSSIBLE, SURE, Claim, File, ImportChoice, Imported, ImportedChapter
from publish.importers.report import Ledger
from publish.source.slugs import slugify
from publish.textfile import shown

LONGEST_HEAD = 4096  # bytes
OWN_FIELDS = frozenset({"文章作者", "发布地", "封面图链接"})  # that no other clipper writes


class ClipImporter:
    """A clipped article becomes a book of one chapter; every character of its body is accounted for."""

    name = "wechat"
    about = "a clipped article, such as one of WeChat, or any single Markdown file"
    choices: tuple[ImportChoice, ...] = ()

    def matches(self, source: Path) -> Claim | None:
        """A Markdown file; surer where its head tells where it was clipped."""
        if not source.is_file() or source.suffix.lower() not in (".md", ".markdown", ".txt"):
            return None
        with source.open("rb") as file:
            start = file.read(LONGEST_HEAD)
        head = start.decode(find_encoding(start[:-4]) or "utf-8", "ignore").removeprefix("\ufeff").replace("\r\n", "\n")
        if found := _fields(head):
            return Claim(SURE, "、".join(found))
        said = article.peek(head)
        if article.is_clip(said, head):
            return Claim(LIKELY, str(said.get("source") or "mp.weixin.qq.com"))
        return Claim(POSSIBLE, source.suffix) if source.suffix.lower() != ".txt" else None

    def read(self, source: Path, ledger: Ledger, choices: Mapping[str, str]) -> Imported:
        """Read a clip. Raises `PublishError` for an empty one, or where a character of its body would be lost."""
        del choices
        raw = _read(source)
        text = _decoded(raw, source, ledger)
        slug = slugify(source.stem)
        wrapped = _is_wrapped(text)
        metadata, markdown = (_wrapped if wrapped else _other)(text, source, ledger)
        pictures = () if wrapped else pictures_beside(text, source, ledger)
        literature, files = ({}, ()) if wrapped else literature_beside(text, source, ledger)
        return Imported(
            metadata={**metadata, **literature},
            chapters=(ImportedChapter(f"{slug}.md", markdown),),
            assets=(*pictures, *files),
            originals=(File(source.name, raw),),
            slug=slug,
        )


def _fields(head: str) -> list[str]:
    """The lines of html2text's clipper that a head has: 文章作者:, 发布时间:."""
    return [key for key in KEYS if len(key) > 2 and re.search(rf"(?m)^\s*\**{key}\**\s*[:：]", to_simplified(head))]  # noqa: PLR2004  # 作者 alone is anybody's


def _is_wrapped(text: str) -> bool:
    """Whether html2text's clipper made it: a line only it writes, or one of its lines and two-space line ends."""
    found = set(_fields(text[:LONGEST_HEAD]))
    return not text.startswith("---\n") and bool(found & OWN_FIELDS or (found and re.search(r"(?m)\S {2}$", text)))


def _wrapped(text: str, source: Path, ledger: Ledger) -> tuple[dict[str, Any], str]:
    """A clip by html2text: its wraps undone, its dialogue, headings and boilerplate told apart."""
    parts = read_clip(text, source.name, ledger)
    read = read_article(parts, source.stem, ledger)
    require_read(parts.body, read.blocks, ledger, source.name)
    require_written(read.markdown, read.blocks, source.name)
    ledger.counts.update(asdict(read.counts))
    return read.metadata, read.markdown


def _other(text: str, source: Path, ledger: Ledger) -> tuple[dict[str, Any], str]:
    """A clip by any other clipper: its head read, its body kept."""
    return article.read_article(text.replace("\r\n", "\n").replace("\r", "\n"), source.stem, source.name, ledger)


def _read(clip: Path) -> bytes:
    try:
        return clip.read_bytes()
    except OSError as error:
        raise PublishError(
            f"cannot read this clip: {error.strerror}", "Name a Markdown file", Place(str(clip))
        ) from error


def _decoded(raw: bytes, clip: Path, ledger: Ledger) -> str:
    text = decode(raw, shown(clip), ledger).text
    for number, line in enumerate(text.split("\n"), 1):
        if hidden := sorted({f"U+{ord(char):04X}" for char in line if is_hidden(char)}):
            ledger.decide("invisible-dropped", number, ", ".join(hidden), "dropped", "invisible characters")
    return "".join(char for char in text if not is_hidden(char)).replace("\xa0", " ")
