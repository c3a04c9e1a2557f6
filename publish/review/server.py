"""The review page on loopback: no other page, machine or user's program can write through it.

Any web page in a browser could send requests to 127.0.0.1. So each request must name this very
host (else a name of the attacker's may be rebound to 127.0.0.1), each that writes must come from this very page
(`Origin`, `Sec-Fetch-Site`), and each that reads or writes the book must carry the token of this run, which is only in
the address that the terminal shows, after its `#`, so that it is never sent by a browser itself.
"""

from __future__ import annotations

import json
import secrets
import sys
import webbrowser
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from os import environ
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from publish.errors import Place, PublishError
from publish.review.session import GoneError, Scope, Session

LOOPBACK = "127.0.0.1"
TOKEN = "X-Publish-Token"  # noqa: S105  # the name of a header
LARGEST = 64 * 1024  # bytes in a request

_FILES = {
    "/": ("review.html", "text/html; charset=utf-8"),
    "/review.css": ("review.css", "text/css; charset=utf-8"),
    "/review.js": ("review.js", "text/javascript; charset=utf-8"),
}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class ReviewServer(ThreadingHTTPServer):
    """Serves one session on 127.0.0.1; `address` is what to open."""

    daemon_threads = True

    def __init__(self, session: Session, port: int = 0) -> None:
        self.session = session
        self.token = secrets.token_urlsafe(32)
        try:
            super().__init__((LOOPBACK, port), _Handler)
        except OSError as error:
            raise PublishError(
                f"cannot listen on port {port}: {error.strerror}", "Choose another --port", Place(LOOPBACK)
            ) from error

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is not an error; a bug of ours shows its traceback."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    @property
    def hosts(self) -> tuple[str, str]:
        """The host names by which a browser may address this server."""
        return f"{LOOPBACK}:{self.server_port}", f"localhost:{self.server_port}"

    @property
    def address(self) -> str:
        """The page's address with this run's token."""
        return f"http://{self.hosts[0]}/#{self.token}"


class _RefusedError(Exception):
    """A request that is not answered."""

    def __init__(self, status: HTTPStatus, problem: str) -> None:
        self.status = status
        super().__init__(problem)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "publish"
    sys_version = ""
    timeout = 60  # seconds for a silent connection

    @property
    def _review(self) -> ReviewServer:
        return cast("ReviewServer", self.server)

    def do_GET(self) -> None:  # the base class's name
        """Serve the page's files and its data."""
        self._answer(self._get)

    def do_POST(self) -> None:  # the base class's name
        """Take the page's decisions."""
        self._answer(self._post)

    def log_message(self, *_: object) -> None:
        """Log nothing: the terminal belongs to the editor."""

    def _answer(self, act: Callable[[], tuple[bytes, str]]) -> None:
        try:
            self._check_host()
            data, kind = act()
            status = HTTPStatus.OK
        except _RefusedError as error:
            status, (data, kind) = error.status, _json({"problem": str(error)})
            self.close_connection = True
        except GoneError as error:
            status, (data, kind) = HTTPStatus.CONFLICT, _json({"problem": str(error), "gone": True})
        except PublishError as error:
            status, (data, kind) = HTTPStatus.UNPROCESSABLE_ENTITY, _json({"problem": str(error)})
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    # --- who may ask --------------------------------------------------------------------------------------------------

    def _check_host(self) -> None:
        named = self.headers.get_all("Host") or []
        if len(named) != 1 or named[0] not in self._review.hosts:
            raise _RefusedError(HTTPStatus.FORBIDDEN, "this server answers only to its own address")

    def _check_page(self, *, writes: bool) -> None:
        """Check that the request comes from the page of this run."""
        origin = self.headers.get("Origin")
        own = [f"http://{name}" for name in self._review.hosts]
        if origin not in own and (writes or origin is not None):
            raise _RefusedError(HTTPStatus.FORBIDDEN, "this request comes from another page")
        if self.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise _RefusedError(HTTPStatus.FORBIDDEN, "this request comes from another page")
        token = self.headers.get(TOKEN, "")
        if not secrets.compare_digest(token.encode("utf-8", "replace"), self._review.token.encode()):
            raise _RefusedError(HTTPStatus.FORBIDDEN, "this page belongs to another run of publish review")

    # --- what it asks -------------------------------------------------------------------------------------------------

    def _get(self) -> tuple[bytes, str]:
        address = urlsplit(self.path)
        if address.path in _FILES:
            name, kind = _FILES[address.path]
            return resources.files("publish.review").joinpath("page", name).read_bytes(), kind
        self._check_page(writes=False)
        query = {key: values[-1] for key, values in parse_qs(address.query).items()}
        session, key = self._review.session, query.get("edition", "")
        if address.path == "/api/state":
            session.refresh()
            return _json(session.state(key))
        if address.path == "/api/chapter":
            return _json(session.chapter(key, query.get("chapter", "")))
        if address.path == "/api/revision":
            changed = session.refresh()
            return _json({"revision": session.revision, "notice": session.notice if changed else ""})
        raise _RefusedError(HTTPStatus.NOT_FOUND, "there is no such page")

    def _post(self) -> tuple[bytes, str]:
        self._check_page(writes=True)
        body = self._body()
        session = self._review.session
        before = session.revision
        if self.path == "/api/decide":
            done = session.decide(body["edition"], body["place"], _form(body), _scope(body))
        elif self.path == "/api/glossary":
            done = session.add_term(body["edition"], body["place"], _form(body))
        elif self.path == "/api/undo":
            done = session.undo()
        else:
            raise _RefusedError(HTTPStatus.NOT_FOUND, "there is no such page")
        reread = session.revision > before + 1
        return _json({**done, "notice": session.notice if reread else "", "reload": reread or "reload" in done})

    def _body(self) -> dict[str, Any]:
        if self.headers.get_content_type() != "application/json" or "Transfer-Encoding" in self.headers:
            raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a request must be JSON")
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the request is too long")
        try:
            body = json.loads(self.rfile.read(int(length)))
        except ValueError as error:
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "this is not JSON") from error
        needed = () if self.path == "/api/undo" else ("edition", "place")
        if not isinstance(body, dict) or not all(isinstance(body.get(name), str) for name in needed):
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "the request lacks an edition or a place")
        return body


def _form(body: dict[str, Any]) -> str | None:
    """The chosen form; None: the source's own stays."""
    if body.get("keep") is True:
        return None
    form = body.get("form")
    if not isinstance(form, str) or not form.strip() or "\n" in form:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, "the form must be text")
    return form


def _scope(body: dict[str, Any]) -> Scope:
    scope = body.get("scope", "place")
    if scope not in ("place", "like", "everywhere"):
        raise _RefusedError(HTTPStatus.BAD_REQUEST, "the scope must be place, like or everywhere")
    return cast("Scope", scope)


def _json(data: Any) -> tuple[bytes, str]:
    text = json.dumps(data, ensure_ascii=False)
    return text.encode("utf-8", "replace"), "application/json; charset=utf-8"


def serve(session: Session, port: int, *, show: bool, say: Callable[[str], None]) -> None:
    """Serve the page until the process is stopped; `show` opens it in the editor's browser."""
    with ReviewServer(session, port) as server:
        say(f"Review at {server.address}")
        say("Decisions go to " + session.state()["file"] + "; Ctrl-C ends.")
        if show and has_display():
            webbrowser.open(server.address)
        server.serve_forever()


def has_display() -> bool:
    """Whether there is a screen for a browser; one in the terminal would take the terminal over."""
    return sys.platform in ("darwin", "win32") or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
