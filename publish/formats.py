"""The formats that are installed, and all that the rest of the program may ask about one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
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


@cache
def registered() -> dict[str, EntryPoint]:
    """The renderers' entry points by name: ours and those of plug-ins register in the same group."""
    return {point.name: point for point in entry_points(group=GROUP)}


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
def _read(point: EntryPoint) -> Format:
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
