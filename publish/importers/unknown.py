"""A source that no importer knows: what it is, and what its owner can do about it."""

from __future__ import annotations

import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from publish.errors import Place, PublishError
from publish.textfile import shown

SAVE_AS_DOCX = "Open it in Word, WPS or LibreOffice and save it as DOCX"
START = 4096  # bytes that tell a kind
MOST_KINDS = 4  # kinds of files in a folder that are named
_FROM_YUQUE = "Export it as Markdown or Word, and import that"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class _Kind:
    """A kind of file: how its bytes begin (at an offset), what it is called, and the remedy."""

    begins: bytes
    problem: str
    remedy: str
    offset: int = 0


_KINDS = (
    _Kind(b"%PDF-", "this is a PDF, which has lines and no paragraphs", "Import what it was made from: DOCX, Markdown"),
    _Kind(b"{\\rtf", "this is an RTF document", SAVE_AS_DOCX),
    _Kind(b"BOOKMOBI", "this is a Kindle book", "Make an EPUB of it, with calibre", 60),
    _Kind(b"TPZ", "this is a Kindle book", "Make an EPUB of it, with calibre"),
    _Kind(b"AT&TFORM", "this is a DjVu scan", "Import its text: DOCX, TXT, Markdown"),
    _Kind(b"ITSF", "this is a compiled help file (CHM)", "Unpack it, and import the folder of its pages"),
    _Kind(b"\x1f\x8b", "this is an archive", "Unpack it, and import the folder"),
    _Kind(b"7z\xbc\xaf\x27\x1c", "this is an archive", "Unpack it, and import the folder"),
    _Kind(b"Rar!", "this is an archive", "Unpack it, and import the folder"),
    _Kind(b"BZh", "this is an archive", "Unpack it, and import the folder"),
    _Kind(b"<!doctype lake>", "this is a document of Yuque (语雀)", _FROM_YUQUE),
    _Kind(b"\x89PNG", "this is a picture", "Name the text that shows it"),
    _Kind(b"\xff\xd8\xff", "this is a picture", "Name the text that shows it"),
    _Kind(b"GIF8", "this is a picture", "Name the text that shows it"),
)
# What a ZIP file is by the parts that it holds.
_ZIPS = (
    ("xl/", "this is a workbook", "Save its tables as DOCX or Markdown"),
    ("ppt/", "these are slides", "Save their text as DOCX or Markdown"),
    ("Index/", "this is a document of Apple's iWork", "Export it as DOCX or EPUB"),
)


def refusal(source: Path, names: list[str]) -> PublishError:
    """The error for a source that no importer knows, one of `names` being wanted; nothing is raised here."""
    problem, remedy = _of_a_folder(source) if source.is_dir() else _of_a_file(source)
    remedy = remedy or "Name what it is with --from: " + ", ".join(f'"{one}"' for one in names)
    return PublishError(problem or "nothing here that can be imported", remedy, Place(shown(source)))


def _of_a_folder(folder: Path) -> tuple[str, str]:
    suffixes: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_file() and not any(one.startswith(".") for one in path.relative_to(folder).parts):
            suffixes[path.suffix.lower() or path.name] += 1
    if not suffixes:
        return "the folder is empty", "Name the folder that holds the text"
    if any(one.name == "$meta.json" for one in folder.rglob("*.json")):
        return (
            "this is a knowledge base of Yuque (语雀)",
            "Export its documents as Markdown or Word, and import their folder",
        )
    listed = ", ".join(f"{count} {suffix}" for suffix, count in suffixes.most_common(MOST_KINDS))
    return f"no text that can be imported in this folder: {listed}", "Name the folder or the file that holds the text"


def _of_a_file(file: Path) -> tuple[str, str]:
    with file.open("rb") as opened:
        start = opened.read(START)
    if not start.strip():
        return "the file is empty", "Choose another file"
    if start.startswith(_OLE):
        return _old_office(file)
    if start.startswith(b"PK"):
        return _zip(file)
    if b"opendocument:xmlns:office" in start and start.lstrip().startswith(b"<"):
        return "this is a flat OpenDocument text (.fodt)", "Open it in LibreOffice and save it as ODT"
    known = next((one for one in _KINDS if start[one.offset :].startswith(one.begins)), None)
    if known is None and file.suffix.lower() in (".docx", ".odt", ".epub"):
        return "the file is damaged: it does not begin as a document does", "Get it again, or save it again"
    return (known.problem, known.remedy) if known else ("", "")


def _old_office(file: Path) -> tuple[str, str]:
    """A file of Office before 2007, and a newer one that a password locks: the names of its parts are in UTF-16."""
    data = file.read_bytes()
    if "EncryptionInfo".encode("utf-16-le") in data:
        return "a password locks this document", "Open it, take the password away, and save it again"
    if "WordDocument".encode("utf-16-le") in data:
        return "this is a document of old Word (.doc), whatever its name ends in", SAVE_AS_DOCX
    return "this is a file of old Office or WPS", SAVE_AS_DOCX


def _zip(file: Path) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(file) as opened:
            names = opened.namelist()
    except (OSError, zipfile.BadZipFile, NotImplementedError):
        return "the file is damaged: it ends too early", "Get it again, or save it again"
    for part, problem, remedy in _ZIPS:
        if any(name.startswith(part) for name in names):
            return problem, remedy
    return "this is a ZIP archive, and no document", "Unpack it, and import the folder"


def require_document(source: Path) -> None:
    """Raise `PublishError` for what is no ZIP file, as DOCX, ODT and EPUB are, saying what it is."""
    if source.is_dir():
        raise PublishError(
            "this is a folder, and no document", "Leave --from out, or name the file", Place(shown(source))
        )
    if not zipfile.is_zipfile(source):
        problem, remedy = _of_a_file(source)
        raise PublishError(
            problem or "this is no document",
            remedy or "Leave --from out: what it is, is found out",
            Place(shown(source)),
        )


MOST_TIMES, LARGE = 200, 50_000_000  # how often larger a document's part may be than what it is packed in; bytes


def require_sound(parts: list[zipfile.ZipInfo], source: Path) -> None:
    """Raise `PublishError` for parts of a document that unpack to far more than any text does, before one is read."""
    for one in parts:
        if one.file_size > LARGE and one.file_size > MOST_TIMES * max(one.compress_size, 1):
            raise PublishError(
                f"{one.filename} in it unpacks to {one.file_size // max(one.compress_size, 1)} times its size,"
                " as no text does",
                "Get it again from where it is from",
                Place(shown(source)),
            )
