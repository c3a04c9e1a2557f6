"""An EPUB's archive, whose bytes depend on its content only; what was deflated before is taken as it was."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

from publish.cache import NONE, Cache

_FEW = 512  # bytes that are deflated faster than they are looked for


class BookArchive(zipfile.ZipFile):
    """A ZIP whose bytes depend on its content only (OCF §4.2 wants `mimetype` first and stored)."""

    def __init__(self, file: Path, cache: Cache = NONE) -> None:
        super().__init__(file, "w", zipfile.ZIP_DEFLATED)
        self._cache = cache

    def writestr(
        self, name: Any, data: Any, compress_type: int | None = None, compresslevel: int | None = None
    ) -> None:
        """Write a member of a fixed date and mode; only `mimetype` is stored, whatever EbookLib asks for."""
        del compress_type, compresslevel
        whole = data.encode() if isinstance(data, str) else bytes(data)
        info = zipfile.ZipInfo(str(name), date_time=(1980, 1, 1, 0, 0, 0))
        info.create_system = 3
        info.external_attr = 0o644 << 16
        info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
        self._write_made(info, whole, self._deflated(whole) if name != "mimetype" else whole)

    def _deflated(self, data: bytes) -> bytes:
        """Bytes deflated as `zipfile` does; taken from the cache where they were deflated before."""
        key = self._cache.key("deflated", zlib.ZLIB_RUNTIME_VERSION, data) if len(data) > _FEW else ""
        made = self._cache.get(key) if key else None
        if made is None:
            compressor = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
            made = compressor.compress(data) + compressor.flush()
            self._cache.put(key, made)
        return made

    def _write_made(self, info: zipfile.ZipInfo, data: bytes, made: bytes) -> None:
        """Write a member whose bytes in the archive are there already, as `ZipFile.writestr` would."""
        file: Any = self.fp
        own: Any = self  # the library names where its next member goes, and its list of members, for nobody's use
        file.seek(own.start_dir)
        info.header_offset, info.file_size, info.compress_size = file.tell(), len(data), len(made)
        info.CRC = zlib.crc32(data)
        file.write(info.FileHeader(zip64=False))
        file.write(made)
        self.filelist.append(info)
        self.NameToInfo[info.filename] = info
        own.start_dir, own._didModify = file.tell(), True  # noqa: SLF001  # as above
