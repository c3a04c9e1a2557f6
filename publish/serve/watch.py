"""Watching a book's files: what was changed since the last look, without what builds and editors leave there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from watchfiles import Change, watch

from publish.build.artifact import MANIFEST
from publish.build.inputs import SUFFIXES
from publish.build.manifest import source_files
from publish.errors import PublishError
from publish.source.project import Project, read_project

SETTINGS = (".yaml", ".yml")  # of a folder only these can name other files to watch
STEP = 30  # milliseconds of silence after which a save is whole
LONGEST = 300  # milliseconds that a burst of saves is waited for


@dataclass(frozen=True)
class Watched:
    """What is watched: folders, with all below them or without, and the files that count besides known kinds."""

    folders: frozenset[Path]
    files: frozenset[Path]
    root: Path
    deep: bool

    def wants(self, _change: Change, name: str) -> bool:
        """Whether a file that has changed is one of the book's."""
        path = Path(name)
        if path in self.files:
            return True
        if path.suffix.lower() not in SUFFIXES or not path.is_relative_to(self.root):
            return False
        below = path.relative_to(self.root)
        if any(part.startswith(".") for part in below.parts):
            return False
        return not any((self.root / parent / MANIFEST).is_file() for parent in below.parents[:-1])


def watched(source: Path) -> Watched:
    """What to watch of a source, as far as its settings can be read."""
    source = source.resolve()
    try:
        project: Project | None = read_project(source)
        files = frozenset(path.resolve() for path in source_files(project)) if project else frozenset()
    except PublishError:
        project, files = None, frozenset()
    files |= {source} if source.is_file() else {source / "book.yaml"}
    root = source if source.is_dir() else source.parent
    if source.is_dir():
        outside = {path.parent for path in files if not path.is_relative_to(root)}
        return Watched(frozenset({root, *outside}), files, root, deep=True)
    return Watched(frozenset({root, *(path.parent for path in files)}), files, root, deep=False)


def watch_book(source: Path, changed: Callable[[], None], stop: threading.Event) -> None:
    """Call `changed` after each save of one of the book's files, until `stop`."""
    now = watched(source)
    while not stop.is_set():
        for saved in _saves(now, stop):
            changed()
            if now.deep and not any(Path(name).suffix.lower() in SETTINGS for _, name in saved):
                continue
            before, now = now, watched(source)
            if now != before:
                break  # other files are named now
        else:
            return
        if now.folders != before.folders:
            changed()  # what was saved meanwhile in a folder that is new here


def _saves(what: Watched, stop: threading.Event) -> Iterator[set[tuple[Change, str]]]:
    # Deep, folders outside of the root are taken deep as well, which `wants` then narrows down.
    yield from watch(
        *what.folders,
        watch_filter=what.wants,
        debounce=LONGEST,
        step=STEP,
        stop_event=stop,
        rust_timeout=500,
        raise_interrupt=False,
        recursive=what.deep,
    )
