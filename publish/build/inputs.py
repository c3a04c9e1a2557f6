"""What a build reads besides its request, as rows that tell later whether a file is still the same.

A row is [size, time of change, time of the inode's change, inode, SHA-256]. A file whose first four are as they were is
the same, as Git has it; else its hash decides. Large files have no hash, but for those that were changed just before:
they are the same by the first four only.
Nothing here imports what a build needs: this is all that runs where nothing has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from publish.build.artifact import MANIFEST

Row = list[Any]
Rows = dict[str, Row | None]  # by path; None: there is no such file, and one was looked for

LARGEST = 4_000_000  # bytes of a file that is hashed
_UNSETTLED = 2_000_000_000  # nanoseconds: a file changed as shortly before it was looked at may change again unseen
# What the names of a book's own files end in; of others it knows by being told of them.
SUFFIXES = frozenset(
    ".md .markdown .yaml .yml .css .png .jpg .jpeg .gif .webp .svg .bib .bibtex .ris .csl .icc .icm".split()
)
# What else may change a page: where programs and fonts are found, and what Pango and fontconfig ask.
_NAMED = ("SOURCE_DATE_EPOCH", "PATH", "HOME", "LANG", "LANGUAGE")
_PREFIXES = ("PYPANDOC_", "FONTCONFIG_", "FC_", "PANGO", "HB_", "XDG_CONFIG", "XDG_DATA", "LC_")
_LIBRARIES = (
    "libpango",
    "libharfbuzz",
    "libfontconfig",
    "libfreetype",
    "libfribidi",
    "libthai",
    "libglib-2",
    "libgobject-2",
)
_PACKAGE = Path(__file__).resolve().parent.parent


def row(path: str, before: Row | None = None, sha: str = "") -> Row | None:
    """The row of a file as it is now; None where there is none.

    Where it is as `before`, nothing is hashed; nor where its `sha` was found out just now.
    """
    try:
        found = os.stat(path)
        signs = [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
        if before and before[:4] == signs:
            return before
        unsettled = max(signs[1:3]) > time.time_ns() - _UNSETTLED
        sha = (sha or _hash(path)) if unsettled or found.st_size <= LARGEST else ""
    except OSError:
        return None
    if unsettled:
        signs[3] = 0
    return [*signs, sha]


def is_settled(path: str, before: Row) -> bool:
    """Whether a file is what it was by its size and times alone."""
    try:
        found = os.stat(path)
    except OSError:
        return False
    return before[:4] == [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def is_same(path: str, before: Row | None) -> bool:
    """Whether a file is what it was."""
    try:
        found = os.stat(path)
        if before is None:
            return False
        if before[:4] == [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]:
            return True
        return bool(before[4]) and before[0] == found.st_size and before[4] == _hash(path)
    except OSError:
        return before is None


def rows(
    paths: Iterable[str], before: Mapping[str, Row | None] | None = None, hashes: Mapping[str, str] | None = None
) -> Rows:
    """The rows of files, in order."""
    known, found = before or {}, hashes or {}
    return {path: row(path, known.get(path), found.get(path, "")) for path in sorted(set(paths))}


def changed(before: Rows, paths: Iterable[str] | None = None) -> str:
    """The first file that is not as its row says; of `paths` too, where these are all that there should be. Else ""."""
    wanted = set(before) if paths is None else set(paths)
    for path in sorted(wanted ^ set(before)):
        return path
    return next((path for path in sorted(before) if not is_same(path, before[path])), "")


def _hash(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def book_files(root: Path) -> list[str]:
    """The files in a book's folder that may be part of it, but for what builds made and what is hidden."""
    found: list[str] = []
    made: set[str] = set()
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        if MANIFEST in names:
            made.update(os.path.join(folder, path) for path in _listed(folder))
        own = (name for name in names if os.path.splitext(name)[1].lower() in SUFFIXES and not name.startswith("."))
        found += [os.path.join(folder, name) for name in own]
    return [path for path in found if path not in made]


def _listed(folder: str) -> Iterator[str]:
    """What the manifest in a folder lists, where it is one of ours."""
    try:
        data = json.loads(Path(folder, MANIFEST).read_bytes())
        yield from (str(one["path"]) for one in data["artifacts"])
        yield str(data["index"])
    except (OSError, ValueError, KeyError, TypeError):
        return


def program_files(plug_ins: Iterable[str] = ()) -> list[str]:
    """Our own code and data, and that of the folders of plug-ins."""
    found = []
    for top in (str(_PACKAGE), *plug_ins):
        found += [top] if os.path.isfile(top) else []
        for folder, folders, names in os.walk(top):
            folders[:] = [name for name in folders if name != "__pycache__"]
            found += [os.path.join(folder, name) for name in names if not name.endswith(".pyc")]
    return found


def packages() -> list[str]:
    """The interpreter, and the names and versions of all packages installed beside it."""
    found = {
        name
        for folder in sys.path
        if folder and os.path.isdir(folder)
        for name in os.listdir(folder)
        if name.endswith((".dist-info", ".egg-info"))
    }
    return [sys.version, sys.platform, *sorted(found)]


def environment() -> dict[str, str]:
    """What of the environment may change a page."""
    return {name: value for name, value in sorted(os.environ.items()) if name in _NAMED or name.startswith(_PREFIXES)}


def libraries() -> list[str]:
    """The libraries that set text, wherever the system, Python's own folder or the user keeps them."""
    said = os.environ.get("LD_LIBRARY_PATH", "") + os.pathsep + os.environ.get("DYLD_FALLBACK_LIBRARY_PATH", "")
    multiarch = getattr(sys.implementation, "_multiarch", "")
    usual = (f"/usr/lib/{multiarch}", f"/lib/{multiarch}", "/usr/lib", "/usr/lib64", "/usr/local/lib")
    folders = {
        os.path.realpath(one) for one in (*said.split(os.pathsep), *usual, os.path.join(sys.prefix, "lib")) if one
    }
    return [
        os.path.join(folder, name)
        for folder in sorted(folders)
        if os.path.isdir(folder)
        for name in os.listdir(folder)
        if name.startswith(_LIBRARIES)
    ]


def font_files() -> list[str] | None:
    """The files of all installed fonts, and those that say how they are chosen; None where fontconfig cannot tell.

    A build asks twice: whether there is anything to do, and what it is done with.
    """
    now, around = time.monotonic(), environment()
    if not _fonts or now - _fonts[0][0] > _ASKED or _fonts[0][1] != around:
        _fonts[:] = [(now, around, _listed_fonts())]
    return _fonts[0][2]


_ASKED = 1.0  # seconds for which an answer of fontconfig's holds
_fonts: list[tuple[float, dict[str, str], list[str] | None]] = []


def _listed_fonts() -> list[str] | None:
    programs = [shutil.which("fc-list"), shutil.which("fc-conflist")]
    if not all(programs):
        return None
    commands = ([programs[0], "--format", "%{file}\n"], [programs[1]])
    try:
        asked = [
            subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            for command in commands
        ]
        listed, configured = (one.communicate(timeout=30)[0].decode("utf-8", "replace") for one in asked)
    except (OSError, subprocess.SubprocessError):
        return None
    if any(one.returncode for one in asked):
        return None
    # A line of fc-conflist: "+ /etc/fonts/conf.d/10-hinting.conf: what it does".
    return [*listed.splitlines(), *(line[2:].partition(": ")[0] for line in configured.splitlines())]
