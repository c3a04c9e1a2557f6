"""The preview: what its page asks, the events that tell it what stands, the book's files and the pages of its PDFs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from importlib import resources
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from publish import formats
from publish.errors import PublishError
from publish.findings import Finding
from publish.language import Phrasebook
from publish.serve.builder import Builder, PreviewTarget
from publish.serve.ebook import INSIDE, read_member, read_spine
from publish.serve.editor import Editor
from publish.serve.guard import READ, Keys, RefusedError, read_body
from publish.serve.paper import draw, read_paper
from publish.serve.wording import book_for, page_in, told

MOST_FINDINGS = 400  # that a page lists
PING = 15  # seconds
_FILES = {"serve.css": "text/css", "serve.js": "text/javascript"}


@dataclass(frozen=True)
class Preview:
    """What a page of the preview may ask of a builder, and the editor that places are opened in."""

    builder: Builder
    keys: Keys
    editor: Editor | None = None
    wanted: PreviewTarget | None = None

    def routes(self) -> list[BaseRoute]:
        """The page, what it asks with its token, and what it reads with its key."""
        read = f"{READ}{{key}}/"
        return [
            Route("/", _page),
            *(Route(f"/{name}", _page_file(name, kind)) for name, kind in _FILES.items()),
            Route("/api/start", self._start, methods=["GET"]),
            Route("/api/paper", self._paper, methods=["GET"]),
            Route("/api/open", self._open, methods=["POST"]),
            Route(f"{read}events", self._events),
            Route(f"{read}book/{{path:path}}", self._book),
            Route(f"{read}sheet/{{edition}}/{{format}}/{{number:int}}.png", self._sheet),
        ]

    # --- what the page asks -------------------------------------------------------------------------------------------

    def _start(self, _request: Request) -> Response:
        """The key to read with, and what to show first."""
        wanted = self.wanted or self.builder.first()
        return JSONResponse(
            {
                "key": self.keys.reading,
                "edition": wanted.edition if wanted else "",
                "format": wanted.format if wanted else "",
            }
        )

    def _paper(self, request: Request) -> Response:
        """The sizes of a PDF's pages; where on them each id stands, and in which of the `chapters` (-1: in none)."""
        target = PreviewTarget(request.query_params.get("edition", ""), request.query_params.get("format", ""))
        paper = read_paper(self._file(target))
        # A text without an id of its own has that of the one before it: the first is the true one.
        chapters = {row.id: row.chapter for row in reversed(self.builder.standing(target).rows) if row.chapter}
        keys = sorted({*chapters.values()})
        numbers = {key: number for number, key in enumerate(keys)}
        places = {name: (*place, numbers.get(chapters.get(name, ""), -1)) for name, place in paper.places.items()}
        return JSONResponse({"sheets": paper.sheets, "places": places, "chapters": keys})

    async def _open(self, request: Request) -> Response:
        """Start the editor on a file of the book."""
        body = await read_body(request, ["file"])
        line = body.get("line", 0)
        if not isinstance(line, int) or isinstance(line, bool):
            raise RefusedError(HTTPStatus.BAD_REQUEST, "the line must be a number")
        if self.editor is None or not self.editor.command:
            raise PublishError("no editor is known here", "Start publish serve with --editor")
        await run_in_threadpool(self._start_editor, self.editor, body["file"], line)
        return JSONResponse({"opened": True})

    def _start_editor(self, editor: Editor, name: str, line: int) -> None:
        file = Path(name).resolve()
        if not self._is_ours(file):
            raise RefusedError(HTTPStatus.NOT_FOUND, "the book has no such file")
        editor.start(file, line)

    def _is_ours(self, file: Path) -> bool:
        """Whether a file belongs to the book: it lies in its folder, or is one of its chapters."""
        project = self.builder.project
        root = project.root.resolve() if project else self.builder.source.resolve()
        chapters = [one.path.resolve() for one in project.chapters] if project else []
        return file.is_file() and (file in chapters or file.is_relative_to(root))

    # --- what it reads ------------------------------------------------------------------------------------------------

    async def _events(self, request: Request) -> Response:
        edition = request.query_params.get("edition", "")
        targets = [PreviewTarget(edition, name) for name in dict.fromkeys(request.query_params.getlist("format"))]
        return EventSourceResponse(self._states(targets, book_for(request)), ping=PING)

    async def _states(self, targets: Sequence[PreviewTarget], book: Phrasebook) -> AsyncIterator[dict[str, str]]:
        """What stands of these targets, at once and after each change."""
        loop, changed = asyncio.get_running_loop(), asyncio.Event()

        def heard() -> None:
            with suppress(RuntimeError):  # the server has ended meanwhile
                loop.call_soon_threadsafe(changed.set)

        with self.builder.watching(targets, heard):
            while not self.builder.dismissed:
                yield {"data": json.dumps(told(self.state(targets), book), ensure_ascii=False)}
                await changed.wait()
                changed.clear()

    def state(self, targets: Sequence[PreviewTarget]) -> dict[str, Any]:
        """All that the page shows of these targets besides the book itself."""
        builder = self.builder
        project = builder.project
        return {
            "title": (project.metadata.title or project.slug) if project else builder.source.name,
            "editions": [
                {
                    "key": one.key,
                    "name": one.name,
                    "tag": one.region.tag,
                    "formats": [_format_row(name) for name in builder.formats(one)],
                }
                for one in builder.editions()
            ],
            "now": self._named(builder.now) if builder.now else "",
            "left": round(builder.left),
            "failure": self._finding(builder.failure) if builder.failure else None,
            "targets": {one.format: self._target(one) for one in targets},
        }

    def _named(self, target: PreviewTarget) -> str:
        """A target as people call it."""
        names = {one.key: one.name for one in self.builder.editions()}
        return f"{names.get(target.edition, target.edition)} {formats.label(target.format)}"

    def _target(self, target: PreviewTarget) -> dict[str, Any]:
        standing = self.builder.standing(target)
        return {
            "number": standing.number,
            "home": standing.home,
            "spine": self._spine(standing.home),
            "stale": self.builder.is_stale(target),
            "seconds": round(standing.seconds, 2),
            "changed": list(standing.changed),
            "moved": {"chapter": standing.moved.chapter, "id": standing.moved.id} if standing.moved else None,
            "failure": self._finding(standing.failure) if standing.failure else None,
            "findings": [self._finding(one) for one in standing.findings[:MOST_FINDINGS]],
            "count": len(standing.findings),
        }

    def _spine(self, home: str) -> list[str]:
        """The addresses of an EPUB's documents; empty for anything else."""
        file = self.builder.output / home
        if file.suffix != ".epub" or not file.is_file():
            return []
        return [f"{home}{INSIDE}{path}" for path in read_spine(file)]

    def _finding(self, finding: Finding) -> dict[str, Any]:
        """A finding with the way to its place: an address, or that it can be opened from here."""
        row = finding.as_dict() | {"href": "", "opens": False}
        file = Path(finding.place.file)
        if not finding.place.file or self.editor is None or not file.is_file():
            return row
        address = self.editor.address(file.resolve(), finding.place.line)
        return row | {"href": address, "opens": not address and bool(self.editor.command)}

    def _book(self, request: Request) -> Response:
        """A file of the last good build, or a member of an EPUB of it."""
        root = self.builder.output.resolve()
        path, inside, member = request.path_params["path"].partition(INSIDE)
        file = (root / path).resolve()
        if not file.is_relative_to(root) or not file.is_file():
            raise RefusedError(HTTPStatus.NOT_FOUND, "the build has no such page")
        if not inside:
            return FileResponse(file)
        try:
            data, kind = read_member(file, member)
        except (KeyError, BadZipFile):
            raise RefusedError(HTTPStatus.NOT_FOUND, "the EPUB has no such page") from None
        return Response(data, media_type=kind)

    def _sheet(self, request: Request) -> Response:
        """A page of a PDF as a picture."""
        given = request.path_params
        width = request.query_params.get("width", "")
        file = self._file(PreviewTarget(given["edition"], given["format"]))
        try:
            data = draw(file, given["number"], int(width) if width.isdecimal() else 800)
        except IndexError:
            raise RefusedError(HTTPStatus.NOT_FOUND, "the PDF has no such page") from None
        return Response(data, media_type="image/png")

    def _file(self, target: PreviewTarget) -> Path:
        """The PDF of a target, as it was built last."""
        home = self.builder.standing(target).home
        file = self.builder.output / home
        if not home.endswith(".pdf") or not file.is_file():
            raise RefusedError(HTTPStatus.NOT_FOUND, "there is no PDF of this edition yet")
        return file


def _format_row(name: str) -> dict[str, str]:
    return {"name": name, "label": formats.label(name), "kind": "site" if formats.find(name).home else "file"}


def _page(request: Request) -> Response:
    page = page_in("publish.serve", "serve.html", "serve.js", book_for(request).language)
    return Response(page, media_type="text/html")


def _page_file(name: str, kind: str) -> Any:
    def endpoint(_request: Request) -> Response:
        return Response(resources.files("publish.serve").joinpath("page", name).read_bytes(), media_type=kind)

    return endpoint
