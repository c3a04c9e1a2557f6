"""An EPUB's archive: the bytes that the standard library would have written, deflated once."""

from __future__ import annotations

import zipfile
import zlib

from publish.cache import Cache
from publish.render.epub.archive import BookArchive

MEMBERS = {"mimetype": "application/epub+zip", "a.xhtml": "字" * 4_000, "b.bin": bytes(range(256)) * 300}
MEMBERS |= {"empty": "", "short": "短"}


def as_zipfile_writes(file):
    """The same members as they were written before anything was kept."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in MEMBERS.items():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return file.read_bytes()


def written(file, cache):
    with BookArchive(file, cache) as archive:
        for name, data in MEMBERS.items():
            archive.writestr(name, data)
    return file.read_bytes()


def test_what_was_deflated_before_is_not_deflated_again_and_the_bytes_are_those_of_zipfile(tmp_path, monkeypatch):
    (tmp_path / "cache").mkdir()
    cache, deflated, compressor = Cache(tmp_path / "cache", "this program"), [], zlib.compressobj
    expected = as_zipfile_writes(tmp_path / "plain.epub")
    monkeypatch.setattr(zlib, "compressobj", lambda *given: deflated.append(1) or compressor(*given))
    assert written(tmp_path / "cold.epub", cache) == expected
    assert len(deflated) == len(MEMBERS) - 1
    deflated.clear()
    assert written(tmp_path / "warm.epub", cache) == expected
    assert len(deflated) == 2, "only what is very short"
    with zipfile.ZipFile(tmp_path / "warm.epub") as archive:
        assert archive.testzip() is None


def test_a_damaged_entry_is_deflated_again(tmp_path):
    (tmp_path / "cache").mkdir()
    cache = Cache(tmp_path / "cache", "this program")
    expected = written(tmp_path / "cold.epub", cache)
    for entry in (tmp_path / "cache").rglob("entries/*/*"):
        entry.write_bytes(entry.read_bytes()[:-1] + b"?")
    assert written(tmp_path / "warm.epub", cache) == expected
