"""The formats that are installed, and all that the rest of the program may ask about one of them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

from publish.compiled import loading
from publish.errors import UsageError

GROUP = "publish.renderers"


@dataclass(frozen=True)
class Format:
    """What a renderer says of its format. One that says nothing has these defaults.

    `order` is its place in lists, lower first. `home` makes it a site: the page that opens it, below the edition's
    folder. `ending` is that of the one file that readers take away, which is named for the book; empty: there is none.
    `paged`: its rendering tells what begins on which page; `takes_pages`: it is made after such a format, and is told.
    `horizontal` says why it sets no vertical lines; empty: it sets them. `long` marks work that takes a
    processor longer than all else of an edition: such steps start first. `modules` are what a worker loads for it.
    `faces` are the faces of type that a book may send along with it (`fonts:` under the format's name in book.yaml),
    the regular one first; where `faces_unless_said`, the renderer decides for a book that says nothing.
    """

    name: str
    label: str = ""
    order: int = 9
    home: str = ""
    ending: str = ""
    paged: bool = False
    takes_pages: bool = False
    horizontal: str = ""
    long: bool = False
    modules: tuple[str, ...] = ()
    faces: tuple[str, ...] = ()
    faces_unless_said: bool = False


@dataclass(frozen=True)
class Point:
    """Where a renderer is: an entry point's name and its value, `module:attribute`."""

    name: str
    value: str

    @property
    def module(self) -> str:
        """The name of the module."""
        return self.value.partition(":")[0].strip()

    def load(self) -> Any:
        """What the value names."""
        found: Any = import_module(self.module)
        for name in self.value.partition(":")[2].partition("[")[0].strip().split("."):
            found = getattr(found, name)
        return found


@cache
def registered() -> dict[str, Point]:
    """The renderers' entry points by name: ours and those of plug-ins register in the same group."""
    listed = _listed()
    if listed is None:
        from importlib.metadata import entry_points  # noqa: PLC0415  # takes longer to load than to look

        listed = [(point.name, point.value) for point in entry_points(group=GROUP)]
    return {name: Point(name, value) for name, value in listed}


def _listed() -> list[tuple[str, str]] | None:
    """The entry points of our group in the folders of installed packages, as `importlib.metadata` finds them.

    None where packages lie elsewhere than in folders: it finds those.
    """
    if any(hasattr(one, "find_distributions") and one is not PathFinder for one in sys.meta_path):
        return None
    found: list[tuple[str, str]] = []
    met = set[str]()
    for folder in sys.path:
        try:
            names = [path.name for path in Path(folder or ".").iterdir()]
        except FileNotFoundError:
            continue
        except OSError:  # an archive
            return None
        for name in names:
            stem, _, kind = name.rpartition(".")
            package = re.sub("[-_.]+", "-", stem.partition("-")[0]).lower()
            if kind == "egg" or name == "EGG-INFO":
                return None
            if kind in ("dist-info", "egg-info") and package not in met:  # the first on the path is the one
                met.add(package)
                found += _own_group(Path(folder, name, "entry_points.txt"))
    return found


def _own_group(file: Path) -> Iterator[tuple[str, str]]:
    """The rows of our group in a file of entry points; none where there is no such file."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError:
        return
    section = ""
    for line in map(str.strip, text.splitlines() if GROUP in text else ()):
        if line.startswith("["):
            section = line.strip("[]")
        elif section == GROUP and "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield name.strip(), value.strip()


def load(name: str) -> Any:
    """A new renderer of a format. Raises `UsageError` for an unknown name, listing those that are registered."""
    if name not in registered():
        raise unknown(name)
    with loading():
        return registered()[name].load()()


def unknown(name: str) -> UsageError:
    """The error for a format that is not installed."""
    return UsageError(f'unknown format "{name}"', f"Choose from {', '.join(names())}")


@cache
def _read(point: Point) -> Format:
    try:
        stated = getattr(point.load(), "format", None)  # which a plug-in need not have
    except Exception:  # noqa: BLE001  # a plug-in that does not load is told of when a book asks for its format
        stated = None
    return stated if isinstance(stated, Format) else Format(point.name)


def find(name: str) -> Format:
    """What is known of a format. Raises `UsageError` for an unknown name."""
    if name not in registered():
        raise unknown(name)
    return _read(registered()[name])


def opening(name: str, files: Sequence[str]) -> str:
    """Which of the files of a format a reader opens: the first page of a site, else the first; empty without files."""
    home = find(name).home
    return home if home in files else next(iter(files), "")


def installed() -> tuple[Format, ...]:
    """All formats, in the order of lists."""
    return tuple(sorted(map(_read, registered().values()), key=lambda one: (one.order, one.name)))


def names() -> tuple[str, ...]:
    """The names of all formats, in the order of lists."""
    return tuple(one.name for one in installed())


def label(name: str) -> str:
    """A format as people call it, installed or not."""
    return (find(name).label if name in registered() else "") or name.upper()
