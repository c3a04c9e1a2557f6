"""What `publish serve` and `publish review --serve` run, until they are told to stop."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from os import environ
from pathlib import Path

from publish.errors import PublishError
from publish.review.journal import Journal
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

        resume(desk, wish.source)

        def end() -> None:
            builder.dismiss()
            desk.close()

        with Server(routes, wish.port, keys=keys, ending=end) as server:
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


def resume(desk: Desk, source: Path) -> None:
    """Have the desk do what was pressed before an earlier end that came too soon, where there is such a thing."""
    with suppress(PublishError):  # a book that cannot be read is told on the page
        if Journal(read_project(source).decisions_file).path.exists():
            desk.scribe()


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
    desk = Desk(lambda: session, choose_editor("", environ))
    with _desk_server(desk, port, session.project.decisions_file, say) as server:
        say(f"Review at {server.address}")
        say("Decisions go to " + shown(session.project.decisions_file) + "; Ctrl-C ends.")
        if left := desk.scribe().waiting:
            say(f"Pressed last time and not written yet: {left}; written now")
        if show:
            open_page(server.address)
        server.serve_forever()


def _desk_server(desk: Desk, port: int, decisions: Path, say: Say) -> Server:
    """The server at a port (0: the book's usual one where it is free: pages keep what they could not send by port)."""

    def listening(at: int) -> Server:
        return Server(desk.routes(), at, HOME, ending=lambda: _leave(desk, say))

    if port:
        return listening(port)
    with suppress(PublishError):
        return listening(_FIRST + int(sha256(str(decisions.resolve()).encode()).hexdigest(), 16) % _PORTS)
    return listening(0)


_FIRST, _PORTS = 20_000, 12_000  # below those that systems hand out


def _leave(desk: Desk, say: Say) -> None:
    """Do what has been pressed before the end, and tell of what would take too long."""
    if left := desk.close():
        say(f"Pressed and not written yet: {left}; the desk writes them when it opens again")


def review(session: Session, port: int = 0) -> Server:
    """The server of a session's desk alone."""
    desk = Desk(lambda: session, choose_editor("", environ))
    return Server(desk.routes(), port, HOME, ending=lambda: _leave(desk, print))
