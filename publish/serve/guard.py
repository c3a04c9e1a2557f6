"""Who may ask: no other page, no other machine and no other user's program reads or writes through this server.

A web page that a browser shows could ask any server on 127.0.0.1 for something. So each request must name this very
host (else a name of the attacker's may be rebound to 127.0.0.1), and each that asks or changes something (`/api/`) must
come from this very page (`Origin`, `Sec-Fetch-Site`) with the token of this run, which is only in the address that the
terminal shows, behind its `#`, so that a browser never sends it by itself. Frames and pictures cannot carry a token:
what they show stands below `/read/` and a second key, which the page gets for its token and which only reads.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = "127.0.0.1"
TOKEN = "X-Publish-Token"  # noqa: S105  # the name of a header
READ = "/read/"  # what stands below it is asked for with the key to read, not with the token
LARGEST = 64 * 1024  # bytes in a request

_EVERYWHERE = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
# Our own pages show themselves, and the book in a frame.
_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# A book's pages bring styles of their own, and run no script but the theme's.
_BOOK = (
    "default-src 'self' data:; script-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)


class RefusedError(Exception):
    """A request that is not answered."""

    def __init__(self, status: HTTPStatus, problem: str) -> None:
        self.status = status
        super().__init__(problem)


@dataclass(frozen=True)
class Keys:
    """What a run of the server asks of its own page: the token, and the key to read."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    reading: str = field(default_factory=lambda: secrets.token_urlsafe(32))


@dataclass(frozen=True)
class Guard:
    """An application behind the door: `port` is where it listens."""

    app: ASGIApp
    keys: Keys
    port: int

    @property
    def hosts(self) -> tuple[str, str]:
        """The host names by which a browser may address this server."""
        return f"{LOOPBACK}:{self.port}", f"localhost:{self.port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that may be answered; refuse the others, and whatever is not HTTP."""
        if scope["type"] != "http":
            return
        reads = str(scope["path"]).startswith(READ)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _EVERYWHERE.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = _BOOK if reads else _PAGE
            await send(message)

        try:
            self._check(scope["method"], scope["path"], Headers(scope=scope))
        except RefusedError as error:
            await refused(error, close=True)(scope, receive, answer)
            return
        await self.app(scope, receive, answer)

    def _check(self, method: str, path: str, headers: Headers) -> None:
        named = headers.getlist("Host")
        if len(named) != 1 or named[0] not in self.hosts:
            raise RefusedError(HTTPStatus.FORBIDDEN, "this server answers only to its own address")
        if path.startswith(READ):
            self._check_reader(path, headers)
        elif "/api/" in path:
            self._check_page(headers, writes=method not in ("GET", "HEAD"))

    def _check_reader(self, path: str, headers: Headers) -> None:
        """That what is read is asked for by someone who has the key, and by no page of another server."""
        if headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise RefusedError(HTTPStatus.FORBIDDEN, "this request comes from another page")
        if not _same(path.removeprefix(READ).partition("/")[0], self.keys.reading):
            raise RefusedError(HTTPStatus.FORBIDDEN, "this address belongs to another run of publish")

    def _check_page(self, headers: Headers, *, writes: bool) -> None:
        """That the request comes from the page of this run."""
        origin = headers.get("Origin")
        own = [f"http://{name}" for name in self.hosts]
        if origin not in own and (writes or origin is not None):
            raise RefusedError(HTTPStatus.FORBIDDEN, "this request comes from another page")
        if headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise RefusedError(HTTPStatus.FORBIDDEN, "this request comes from another page")
        if not _same(headers.get(TOKEN, ""), self.keys.token):
            raise RefusedError(HTTPStatus.FORBIDDEN, "this page belongs to another run of publish")


def _same(given: str, expected: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def refused(error: RefusedError, *, close: bool = False) -> JSONResponse:
    """The answer to a request that is refused."""
    return JSONResponse({"problem": str(error)}, error.status, {"Connection": "close"} if close else None)


async def read_body(request: Request, needed: Sequence[str]) -> dict[str, Any]:
    """The JSON object of a request, with texts under the names that are needed. Raises `RefusedError`."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json" or "Transfer-Encoding" in request.headers:
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a request must be JSON")
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) > LARGEST:
        raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the request is too long")
    try:
        body = json.loads(await request.body())
    except ValueError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "this is not JSON") from error
    if not isinstance(body, dict) or not all(isinstance(body.get(name), str) for name in needed):
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"the request must have {' and '.join(needed)} as texts")
    return body
