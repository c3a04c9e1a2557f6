"""Watching a book's files: what was changed since the last look, without what builds and editors leave there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from watchfiles import Change, watch

from publish.build.artifact import MANIFEST
from publish.build.inputs import SUFFIXES, book_files
from publish.build.manifest import source_files
from publish.errors import PublishError
from publish.source.project import Project, read_project

SETTINGS = (".yaml", ".yml")  # of a folder only these can name other files to watch
STEP = 30  # milliseconds of silence after which a save is whole
LONGEST = 300  # milliseconds that a burst of saves is waited for
TURN = 500  # milliseconds after which the system is asked anew, and a watch that is to end ends


Stamps = dict[str, tuple[int, int]]  # by path: the time of change in nanoseconds, and the size in bytes


@dataclass(frozen=True)
class Watched:
    """What is watched: folders, with all below them or without, and the files that count besides known kinds."""

    folders: frozenset[Path]
    files: frozenset[Path]
    root: Path
    deep: bool

    def stamps(self) -> Stamps:
        """How the files of the book stand now; of others than known kinds only those that are named."""
        names = {*map(str, self.files), *(book_files(self.root) if self.deep else ())}
        return {name: stamp for name in names if (stamp := _stamp(name))}

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


class Watch:
    """Watches a book from the moment on that it is made: what is saved before the system listens is found when it does.

    `changed` is called after each save of one of the book's files; `read` gives other files that it was made from.
    """

    def __init__(
        self, source: Path, changed: Callable[[], None], read: Callable[[], Collection[Path]] = frozenset
    ) -> None:
        self._source, self._changed, self._read = source, changed, read
        self._look()

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop`."""
        while not stop.is_set():
            now = self._now
            for saved in self._saves(stop):
                if not now.deep or any(Path(name).suffix.lower() in SETTINGS for _, name in saved):
                    self._look()  # before the book is read again, so that no save falls in between
                self._changed()
                if self._now != now:
                    break  # other files are named now
            else:
                return

    def _look(self) -> None:
        self._now = watched(self._source)
        self._stamps = self._now.stamps()

    def _saves(self, stop: threading.Event) -> Iterator[set[tuple[Change, str]]]:
        """What is saved, at once after each save; first what was saved before the system listened."""
        listening = False
        # Deep, folders outside of the root are taken deep as well, which `wants` then narrows down.
        for saved in watch(
            *self._now.folders,
            watch_filter=self._wants,
            debounce=LONGEST,
            step=STEP,
            stop_event=stop,
            rust_timeout=TURN,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=self._now.deep,
        ):
            missed = set() if listening else self._missed()
            listening = True
            if saved or missed:
                yield saved | missed

    def _wants(self, change: Change, name: str) -> bool:
        return self._now.wants(change, name) or Path(name) in self._read()

    def _missed(self) -> set[tuple[Change, str]]:
        now = self._now.stamps()
        return {(Change.modified, name) for name in {*now, *self._stamps} if now.get(name) != self._stamps.get(name)}


def _stamp(name: str) -> tuple[int, int] | None:
    try:
        found = Path(name).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
