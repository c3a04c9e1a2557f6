"""The review's desk: what its page asks of a session, and what an editor decides there."""

from __future__ import annotations

import secrets
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
from publish.review.journal import Body, Journal, Pressed
from publish.review.scribe import Act, Handled, Scribe
from publish.review.session import GoneError, Scope, Session
from publish.serve.editor import Editor
from publish.serve.guard import RefusedError, read_body
from publish.serve.wording import answer, book_for, page_in, problem_in

HOME = "/desk/"
_FILES = {"review.css": "text/css", "review.js": "text/javascript"}


@dataclass
class Desk:
    """A session that is opened when its page first asks for something: that takes as long as reading the book."""

    open: Callable[[], Session]
    editor: Editor | None = None
    _session: Session | None = None
    _scribe: Scribe | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def session(self) -> Session:
        """The session. Raises `PublishError` where the book cannot be read."""
        with self._lock:
            self._session = self._session or self.open()
            return self._session

    def scribe(self) -> Scribe:
        """Who does what is pressed; what an earlier run had no time for is done first."""
        session = self.session()
        with self._lock:
            self._scribe = self._scribe or Scribe(
                lambda: session, Journal(session.project.decisions_file), {key: act for key, (act, _) in _ACTS.items()}
            )
            return self._scribe

    def close(self) -> int:
        """Do what has been pressed; how many steps are kept for the next time, where that takes too long."""
        return self._scribe.close(_LEAVE) if self._scribe else 0

    def routes(self) -> list[Route]:
        """The desk's page and what it asks, all below `HOME`."""
        pages = [Route(HOME, _page), *(Route(HOME + name, _file(name, kind)) for name, kind in _FILES.items())]
        asks = {"state": self._state, "chapter": self._chapter, "revision": self._revision}
        return [
            *pages,
            *(Route(f"{HOME}api/{name}", _answering(ask), methods=["GET"]) for name, ask in asks.items()),
            *(Route(f"{HOME}api/{name}", self._act(name), methods=["POST"]) for name in _ACTS),
            Route(f"{HOME}api/steps", self._steps, methods=["POST"]),
            Route(f"{HOME}api/ask", self._ask, methods=["POST"]),
            Route(f"{HOME}api/open", self._editor, methods=["POST"]),
        ]

    def _state(self, query: dict[str, str]) -> Any:
        session = self.session()
        if opening := session.opening(query.get("cursor", "")):
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

    def _act(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        """One step, answered when it is done."""

        async def endpoint(request: Request) -> Response:
            step = _step(secrets.token_hex(8), 1, name, await read_body(request, ()))
            [done] = await run_in_threadpool(lambda: self.scribe().take(step.tab, [step]))
            if done.problem:
                raise done.problem
            return answer(request, done.answer)

        return endpoint

    async def _steps(self, request: Request) -> Response:
        """Steps of a tab, answered as soon as they are kept; without any, what has come of the earlier ones."""
        body = await read_body(request, ("tab",))
        tab, rows, seen = body["tab"], body.get("steps"), _number(body, "seen")
        if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
            raise RefusedError(HTTPStatus.BAD_REQUEST, "the steps must be a list")
        steps = [_step(tab, _number(one, "number"), one.get("act"), one.get("body")) for one in rows]
        patience = 0.0 if steps else _PATIENCE
        done = await run_in_threadpool(lambda: self.scribe().take(tab, steps, seen, patience))
        return answer(request, {"done": [_row(request, one) for one in done]})


_PATIENCE, _LEAVE = 1.0, 60.0  # seconds that an answer waits for what comes of steps, and the end for all that is left


def _row(request: Request, done: Handled) -> dict[str, Any]:
    """What came of a step, for its page."""
    if done.problem is None:
        return {"number": done.number, **done.answer}
    told = {"problem": problem_in(done.problem, book_for(request)), "gone": isinstance(done.problem, GoneError)}
    return {"number": done.number, **told}


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


# --- the steps --------------------------------------------------------------------------------------------------------


def _decide(session: Session, body: Body) -> dict[str, Any]:
    edition, place = body["edition"], body["place"]
    return session.decide(edition, place, _form(body), _scope(body), shared=_shared(body), note=_note(body))


def _settle(session: Session, body: Body) -> dict[str, Any]:
    return session.settle(body["edition"], body["chapter"], shared=_shared(body))


def _glossary(session: Session, body: Body) -> dict[str, Any]:
    return session.add_term(body["edition"], body["place"], _form(body))


# What a step does, and what its body must have.
_ACTS: dict[str, tuple[Act, tuple[str | Callable[[Body], object], ...]]] = {}


def _step(tab: str, number: int, act: object, body: object) -> Pressed:
    """A step that can be kept: all that it needs is there. Raises `RefusedError`."""
    if not isinstance(act, str) or act not in _ACTS or not isinstance(body, dict):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "there is no such step")
    for need in _ACTS[act][1]:
        if callable(need):
            need(body)
        elif not isinstance(body.get(need), str):
            raise RefusedError(HTTPStatus.BAD_REQUEST, f"the request must have {need} as text")
    return Pressed(tab, number, act, body)


def _shared(body: Body) -> bool:
    return body.get("shared") is True


def _note(body: Body) -> str:
    note = body.get("note", "")
    if not isinstance(note, str) or "\n" in note:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "a note must be text on one line")
    return note.strip()


def _number(body: Body, name: str) -> int:
    number = body.get(name)
    if not isinstance(number, int) or isinstance(number, bool):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "a word is a text and two places in it")
    return number


def _form(body: Body) -> str | None:
    """The chosen form; None: the source's own stays."""
    if body.get("keep") is True:
        return None
    form = body.get("form")
    if not isinstance(form, str) or not form.strip() or "\n" in form:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "the form must be text")
    return form


def _scope(body: Body) -> Scope:
    scope = body.get("scope", "place")
    if scope not in ("place", "like", "everywhere"):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "the scope must be place, like or everywhere")
    return cast("Scope", scope)


_ACTS |= {
    "decide": (_decide, ("edition", "place", _form, _scope, _note)),
    "glossary": (_glossary, ("edition", "place", _form)),
    "settle": (_settle, ("edition", "chapter")),
    "undo": (lambda session, _: session.undo(), ()),
    "redo": (lambda session, _: session.redo(), ()),
}
