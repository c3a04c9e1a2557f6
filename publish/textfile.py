"""Files on the disk: text read as UTF-8, other encodings called by their names, files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from publish.encoding import called, find_encoding
from publish.errors import Place, PublishError

MARKDOWN = (".md", ".markdown")  # how the names of Markdown files end


def shown(path: Path) -> str:
    """The path as the user would name it: relative to the current folder where it lies in it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def shown_folder(path: Path) -> str:
    """The folder as the user would name it: the one that commands are run in by its own name."""
    return path.resolve().name if shown(path) == "." else shown(path)


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, without a byte order mark, its lines ended by line feeds.

    Raises `PublishError` for other encodings.
    """
    data = _bytes(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf_8(path, data, error) from error
    if "\0" in text and (encoding := find_encoding(data)) != "utf-8" and encoding:
        raise _in_another(path, encoding, 1)
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise PublishError("this file holds a NUL character", "Save it as UTF-8 text", Place(shown(path), line))
    return _unix(text)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PublishError(
            f"cannot read this file: {error.strerror}", "Check that it exists and may be read", Place(shown(path))
        ) from error


def _not_utf_8(path: Path, data: bytes, error: UnicodeDecodeError) -> PublishError:
    line = data[: error.start].count(b"\n") + 1
    encoding = find_encoding(data)
    if encoding in ("", "utf-8"):
        problem = f"this file is not UTF-8 (byte {data[error.start]:#04x})"
        return PublishError(problem, "Save it as UTF-8", Place(shown(path), line))
    return _in_another(path, encoding, line)


def _in_another(path: Path, encoding: str, line: int) -> PublishError:
    name = called(encoding)
    command = f'iconv -f {name} -t UTF-8 "{shown(path)}" > utf-8{path.suffix}'
    return PublishError(
        f"this file is not UTF-8: it looks like {name}",
        f"Save it as UTF-8 in an editor, or with: {command}",
        Place(shown(path), line),
    )


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def write_whole(path: Path, content: str | bytes) -> None:
    """Write bytes, or a text as UTF-8, whole or not at all; a file that is replaced hands on its permissions.

    A device or a pipe is written to: put in its place, a file would take `/dev/null` from everybody. Raises `OSError`.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    if path.exists() and not path.is_file() and not path.is_dir():
        path.write_bytes(data)
        return
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file as `write_whole` does, in a folder that is made where it is missing. Raises `PublishError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise PublishError(
            f"cannot write this file: {error.strerror}", "Check its permissions and the disk", Place(shown(path))
        ) from error
