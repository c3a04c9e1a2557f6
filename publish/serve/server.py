"""Listening on 127.0.0.1: an application served until the process is told to stop, and its page opened."""

from __future__ import annotations

import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Sequence
from os import environ

import uvicorn
from sse_starlette.sse import AppStatus
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from publish.errors import Place, PublishError
from publish.review.session import GoneError
from publish.serve.guard import LOOPBACK, Guard, Keys, RefusedError
from publish.serve.wording import answer, book_for, problem_in


class Server:
    """Routes behind the guard on a port of 127.0.0.1 (0: a free one); `address` is what to open.

    `ending` has answers that go on and on come to their end. A context manager: leaving it closes the port. Raises
    `PublishError` where the port is taken.
    """

    def __init__(
        self,
        routes: Sequence[BaseRoute],
        port: int = 0,
        page: str = "/",
        keys: Keys | None = None,
        ending: Callable[[], None] = lambda: None,
    ) -> None:
        self.keys = keys or Keys()
        self._page = page
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self.app = guarded(routes, self.keys, self.port)
        config = uvicorn.Config(
            self.app,
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=1,
        )
        self._server = _Uvicorn(config, ending)
        self._idle = threading.Event()
        self._idle.set()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.shutdown()
        self._socket.close()

    @property
    def address(self) -> str:
        """The page's address with this run's token."""
        return f"http://{LOOPBACK}:{self.port}{self._page}#{self.keys.token}"

    def serve_forever(self) -> None:
        """Answer requests until `shutdown`, or until a signal ends the process."""
        self._idle.clear()
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._idle.set()

    def shutdown(self) -> None:
        """Have `serve_forever`, where it runs in another thread, come to its end, and wait for that."""
        self._server.should_exit = True
        self._idle.wait(timeout=10)


class _Uvicorn(uvicorn.Server):
    """A server that has streams of events end before it waits for what it still answers."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending
        AppStatus.enable_automatic_graceful_drain = False  # which would break them off

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await run_in_threadpool(self._ending)
        await super().shutdown(sockets)


def guarded(routes: Sequence[BaseRoute], keys: Keys, port: int) -> Guard:
    """An application of routes, its errors told as JSON, behind the guard."""
    app = Starlette(
        routes=routes,
        exception_handlers={RefusedError: _refused, GoneError: _gone, PublishError: _told, 404: _missing},
    )
    return Guard(app, keys, port)


async def _refused(request: Request, error: Exception) -> Response:
    return answer(request, {"problem": str(error)}, error.status if isinstance(error, RefusedError) else 400)


async def _gone(request: Request, error: Exception) -> Response:
    return answer(request, {"problem": str(error), "gone": True}, 409)


async def _told(request: Request, error: Exception) -> Response:
    if not isinstance(error, PublishError):
        return answer(request, {"problem": str(error)}, 422)
    return JSONResponse({"problem": problem_in(error, book_for(request))}, 422)


async def _missing(request: Request, _error: Exception) -> Response:
    return answer(request, {"problem": "there is no such page"}, 404)


def _listen(port: int) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # where it would let two programs share the port
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((LOOPBACK, port))
        found.listen(128)
    except OSError as error:
        found.close()
        raise PublishError(
            f"cannot listen on port {port}: {error.strerror}", "Choose another --port", Place(LOOPBACK)
        ) from error
    return found


def open_page(address: str) -> None:
    """Open an address in the browser, where there is a screen: one in the terminal would take that away."""
    if sys.platform in ("darwin", "win32") or environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(address)
