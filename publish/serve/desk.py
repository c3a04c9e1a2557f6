"""The review's desk: what its page asks of a session, and what an editor decides there."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib import resources
from typing import Any, cast

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publish.errors import PublishError
from publish.review.session import Scope, Session
from publish.serve.editor import Editor
from publish.serve.guard import RefusedError, read_body
from publish.serve.wording import answer, book_for, page_in

HOME = "/desk/"
_FILES = {"review.css": "text/css", "review.js": "text/javascript"}


@dataclass
class Desk:
    """A session that is opened when its page first asks for something: that takes as long as reading the book."""

    open: Callable[[], Session]
    editor: Editor | None = None
    _session: Session | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def session(self) -> Session:
        """The session. Raises `PublishError` where the book cannot be read."""
        with self._lock:
            self._session = self._session or self.open()
            return self._session

    def routes(self) -> list[Route]:
        """The desk's page and what it asks, all below `HOME`."""
        pages = [Route(HOME, _page), *(Route(HOME + name, _file(name, kind)) for name, kind in _FILES.items())]
        asks = {"state": self._state, "chapter": self._chapter, "revision": self._revision}
        acts = {
            "decide": (_decide, ("edition", "place")),
            "glossary": (_glossary, ("edition", "place")),
            "settle": (_settle, ("edition", "chapter")),
            "undo": (_undo, ()),
            "redo": (_redo, ()),
        }
        return [
            *pages,
            *(Route(f"{HOME}api/{name}", _answering(ask), methods=["GET"]) for name, ask in asks.items()),
            *(Route(f"{HOME}api/{name}", self._act(*act), methods=["POST"]) for name, act in acts.items()),
            Route(f"{HOME}api/ask", self._ask, methods=["POST"]),
            Route(f"{HOME}api/open", self._editor, methods=["POST"]),
        ]

    def _state(self, query: dict[str, str]) -> Any:
        session = self.session()
        if opening := session.opening():
            return opening
        session.refresh()
        return session.state(query.get("edition", ""))

    def _chapter(self, query: dict[str, str]) -> Any:
        return self.session().chapter(query.get("edition", ""), query.get("chapter", ""))

    def _revision(self, _query: dict[str, str]) -> Any:
        session = self.session()
        changed = session.refresh()
        return {"revision": session.revision, "notice": session.notice if changed else ""}

    async def _ask(self, request: Request) -> Response:
        """The place of a word that was pointed at."""
        body = await read_body(request, ("edition",))
        unit, start, end = (_number(body, name) for name in ("unit", "start", "end"))
        return answer(request, await run_in_threadpool(self.session().ask, body["edition"], unit, start, end))

    async def _editor(self, request: Request) -> Response:
        """Open a place's line in the editor: an address for the page to follow, or done already."""
        body = await read_body(request, ("edition", "place"))
        file, line = await run_in_threadpool(self.session().place, body["edition"], body["place"])
        if self.editor is None:
            raise PublishError("no editor is known here", "Set EDITOR, or name one: publish serve --editor")
        address = self.editor.address(file.resolve(), line)
        if not address:
            await run_in_threadpool(self.editor.start, file.resolve(), line)
        return answer(request, {"href": address})

    def _act(
        self, act: Callable[[Session, dict[str, Any]], dict[str, Any]], needed: tuple[str, ...]
    ) -> Callable[[Request], Awaitable[Response]]:
        def acted(body: dict[str, Any]) -> dict[str, Any]:
            session = self.session()
            before = session.revision
            done = act(session, body)
            reread = session.revision > before + 1
            return {**done, "notice": session.notice if reread else "", "reload": reread or "reload" in done}

        async def endpoint(request: Request) -> Response:
            body = await read_body(request, needed)
            return answer(request, await run_in_threadpool(acted, body))

        return endpoint


def _answering(ask: Callable[[dict[str, str]], Any]) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        return answer(request, ask(dict(request.query_params)))

    return endpoint


def _page(request: Request) -> Response:
    page = page_in("publish.review", "review.html", "review.js", book_for(request).language)
    return Response(page, media_type="text/html")


def _file(name: str, kind: str) -> Callable[[Request], Response]:
    def endpoint(_request: Request) -> Response:
        return Response(resources.files("publish.review").joinpath("page", name).read_bytes(), media_type=kind)

    return endpoint


def _decide(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    shared = body.get("shared") is True
    note = body.get("note", "")
    if not isinstance(note, str) or "\n" in note:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "a note must be text on one line")
    return session.decide(body["edition"], body["place"], _form(body), _scope(body), shared=shared, note=note.strip())


def _settle(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    return session.settle(body["edition"], body["chapter"], shared=body.get("shared") is True)


def _glossary(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    return session.add_term(body["edition"], body["place"], _form(body))


def _undo(session: Session, _body: dict[str, Any]) -> dict[str, Any]:
    return session.undo()


def _redo(session: Session, _body: dict[str, Any]) -> dict[str, Any]:
    return session.redo()


def _number(body: dict[str, Any], name: str) -> int:
    number = body.get(name)
    if not isinstance(number, int) or isinstance(number, bool):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "a word is a text and two places in it")
    return number


def _form(body: dict[str, Any]) -> str | None:
    """The chosen form; None: the source's own stays."""
    if body.get("keep") is True:
        return None
    form = body.get("form")
    if not isinstance(form, str) or not form.strip() or "\n" in form:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "the form must be text")
    return form


def _scope(body: dict[str, Any]) -> Scope:
    scope = body.get("scope", "place")
    if scope not in ("place", "like", "everywhere"):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "the scope must be place, like or everywhere")
    return cast("Scope", scope)
