"""What `publish serve` and `publish review --serve` run, until they are told to stop."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import environ
from pathlib import Path

from publish.errors import PublishError
from publish.review.session import Session
from publish.serve.builder import Builder
from publish.serve.desk import HOME, Desk
from publish.serve.editor import Editor, choose_editor
from publish.serve.guard import Keys
from publish.serve.preview import Preview
from publish.serve.server import Server, open_page
from publish.serve.watch import Watch
from publish.source.project import read_project
from publish.textfile import shown

Say = Callable[[str], None]


@dataclass(frozen=True)
class PreviewWish:
    """What `publish serve` is asked for: a source, what of it to offer, a port (0: a free one), the editor."""

    source: Path
    editions: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    port: int = 0
    editor: Editor | None = None


def serve_book(wish: PreviewWish, *, show: bool, say: Say, tell: Say) -> None:
    """Serve a book's preview; `say` gets the address, `tell` what is built. Raises `PublishError` before it begins."""
    with preview(wish, tell) as server:
        say(f"Preview at {server.address}")
        if show:
            open_page(server.address)
        server.serve_forever()


@contextmanager
def preview(wish: PreviewWish, tell: Say) -> Iterator[Server]:
    """The server of a book's preview, its builder at work and its files watched as long as the context lasts."""
    if not wish.source.exists():
        raise PublishError(f'"{wish.source}" does not exist', "Name a folder with book.yaml, or one Markdown file")
    _refuse_unknown(wish)
    stop = threading.Event()
    with tempfile.TemporaryDirectory(prefix="publish-serve-") as scratch:
        builder = Builder(wish.source, Path(scratch), wish.editions, wish.formats, tell)
        keys = Keys()
        desk = Desk(lambda: Session(wish.source, wish.editions, lazy=True), wish.editor)
        routes = [*Preview(builder, keys, wish.editor).routes(), *desk.routes()]
        with Server(routes, wish.port, keys=keys, ending=builder.dismiss) as server:
            watch = Watch(wish.source, builder.touch, lambda: builder.read)
            watching = threading.Thread(target=watch.run, args=(stop,), daemon=True)
            watching.start()
            builder.start()
            try:
                yield server
            finally:
                stop.set()
                builder.close()
                watching.join(timeout=5)


def _refuse_unknown(wish: PreviewWish) -> None:
    """Raise `UsageError` for an edition that the book has not; a book that cannot be read is told on the page."""
    try:
        project = read_project(wish.source)
    except PublishError:
        return
    for key in wish.editions:
        project.edition(key)


def serve_review(source: Path, editions: Sequence[str], port: int, *, show: bool, say: Say) -> None:
    """Serve the review's desk alone. Raises `PublishError` where the book cannot be read."""
    session = Session(source, tuple(editions), lazy=True)
    with review(session, port) as server:
        say(f"Review at {server.address}")
        say("Decisions go to " + shown(read_project(source).decisions_file) + "; Ctrl-C ends.")
        if show:
            open_page(server.address)
        server.serve_forever()


def review(session: Session, port: int = 0) -> Server:
    """The server of a session's desk alone."""
    return Server(Desk(lambda: session, choose_editor("", environ)).routes(), port, HOME)
