"""Imports: an article's clip in, a canonical source folder out, with a report of each decision."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import yaml

from publish.errors import Place, PublishError
from publish.importers.proof import prove_read, prove_written
from publish.importers.report import Counts, Decision, ImportReport, Ledger
from publish.importers.wechat import Article, read_article, read_clip
from publish.source.project import slugify

__all__ = ["Counts", "Decision", "ImportReport", "import_clip"]


def import_clip(clip: Path, destination: Path, *, dry_run: bool = False) -> ImportReport:
    """Import a clip that html2text made (a WeChat article) into the folder `destination`, whole or not at all.

    The folder holds book.yaml, the chapter `<slug>.md`, `raw/<the clip>` unchanged and import-report.json; the same
    clip gives the same bytes. With `dry_run` nothing is written. Raises `PublishError` for a clip that is missing, not
    UTF-8 or no clip, for a destination that is not empty, and for any character of the body that would be lost.
    """
    raw = _read(clip)
    if not dry_run:
        _require_free(destination)
    ledger = Ledger()
    text = _decoded(raw, clip, ledger)
    parts = read_clip(text, clip.name, ledger)
    article = read_article(parts, clip.stem, ledger)
    prove_read(parts.body, article.blocks, ledger, clip.name)
    prove_written(article.markdown, article.blocks, clip.name)
    return _deliver(clip.name, raw, article, ledger, None if dry_run else destination)


def _deliver(name: str, raw: bytes, article: Article, ledger: Ledger, destination: Path | None) -> ImportReport:
    slug = slugify(Path(name).stem)
    book = {**article.metadata, "slug": slug, "chapters": [f"{slug}.md"]}
    files = {
        "book.yaml": yaml.safe_dump(book, allow_unicode=True, sort_keys=False, width=1_000_000).encode(),
        f"{slug}.md": article.markdown.encode(),
        f"raw/{name}": raw,
    }
    report = ImportReport(
        clip=name,
        raw_sha256=hashlib.sha256(raw).hexdigest(),
        metadata=book,
        counts=article.counts,
        decisions=ledger.sorted(),
        files=tuple(sorted([*files, "import-report.json"])),
    )
    if destination:
        _write_folder(destination, {**files, "import-report.json": report.to_json().encode()})
    return report


def _read(clip: Path) -> bytes:
    try:
        return clip.read_bytes()
    except FileNotFoundError as error:
        raise PublishError("the clip is not found", "Check its name", Place(str(clip))) from error
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
        if hidden := sorted({f"U+{ord(char):04X}" for char in line if _is_hidden(char)}):
            ledger.decide("invisible-dropped", number, ", ".join(hidden), "dropped", "characters that nobody sees")
    return "".join(char for char in text if not _is_hidden(char)).replace("\xa0", " ")


def _is_hidden(char: str) -> bool:
    """Control characters that no XML may hold, zero-width spaces, byte order marks; not what joins emoji."""
    return (
        (char < " " and char not in "\t\n\r")
        or "\x7f" <= char <= "\x9f"
        or char in "\u200b\u2060\ufeff\u00ad\ufffe\uffff"
    )


def _require_free(destination: Path) -> None:
    if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
        raise PublishError(
            "the destination is not empty", "Name a new folder, or empty this one", Place(str(destination))
        )


def _write_folder(destination: Path, files: dict[str, bytes]) -> None:
    """Write the files into a folder beside `destination` and rename it: whole or not at all."""
    staged = destination.absolute().with_name(f".{destination.absolute().name}.{os.getpid()}.partial")
    try:
        for name, content in files.items():
            path = staged / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if destination.exists():
            destination.rmdir()
        staged.rename(destination)
    except OSError as error:
        raise PublishError(
            f"cannot write: {error.strerror}", "Choose another folder", Place(str(destination))
        ) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
