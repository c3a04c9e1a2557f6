"""The last build of each request: where nothing that it read has changed, it is told again and nothing is done.

This runs before anything is imported that a build needs.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from publish.build import inputs
from publish.build.artifact import Artifact
from publish.build.request import Request, Told
from publish.cache import FOLDER, digest, open_cache
from publish.findings import Finding
from publish.trail import Reason

BOOK_FILE = "book.yaml"
UNCHANGED = "nothing that it is made from has changed"


def slot(request: Request) -> str:
    """The name under which the build of a request is noted; where it was asked for is part of what it tells."""
    paths = [str(path.absolute()) for path in (request.source, request.output)]
    return digest("check" if request.checking else "build", paths, request.editions, request.formats, str(Path.cwd()))


def is_single(source: Path) -> bool:
    """Whether a source is a text that is a book by itself, beside which others may lie."""
    return source.is_file() and source.name != BOOK_FILE


def root_of(source: Path) -> Path:
    """The folder of the book that a source names."""
    return source.absolute() if source.is_dir() else source.absolute().parent


def check_request(source: Path, editions: Sequence[str]) -> Request:
    """The request of a check, which uses and notes nothing where no build of its source has kept anything."""
    kept = (root_of(source) / FOLDER).is_dir()
    return Request(source, Path(), tuple(editions), cache=kept, checking=True)


def own_files(source: Path) -> list[str]:
    """The files of a book as far as one can tell without reading it: all in its folder, or the one that it is."""
    if is_single(source):
        return [str(source.absolute())]
    return inputs.book_files(root_of(source))


def was_built(request: Request) -> bool:
    """Whether the same was built before: then there is probably little to do, for which no workers are wanted yet."""
    return request.cache and open_cache(root_of(request.source)).is_noted(slot(request))


def recall(request: Request) -> tuple[Told | None, str]:
    """The report of a build of which nothing has changed since; None and the reason where it has to be made."""
    began = time.monotonic()
    if not request.cache:
        return None, "the cache is not used"
    cache = open_cache(root_of(request.source))
    noted = cache.recall(slot(request))
    if noted is None:
        return None, "it was not built before"
    try:
        return _told(request, noted, began)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None, "another version of publish noted it"


def _told(request: Request, noted: Mapping[str, Any], began: float) -> tuple[Told | None, str]:
    """What a note tells; None and the reason where it is not true any more."""
    reason = _difference(request, noted)
    if reason:
        return None, reason
    findings = [Finding.from_dict(one) for one in noted["findings"]]
    if request.strict and any(one.severity != "note" for one in findings):
        return None, "warnings are refused"
    artifacts = [Artifact(*one) for one in noted["artifacts"]]
    targets = [(edition, name) for edition, name in noted["targets"]]
    reasons = [Reason("files", one.path, made=False, why=UNCHANGED) for one in artifacts]
    return Told(artifacts, targets, findings, 0, time.monotonic() - began, reasons, noted["title"]), ""


def _difference(request: Request, noted: Mapping[str, Any]) -> str:
    """Why the build that was noted is not the one that is asked for; "" where it is."""
    around = noted["around"]
    if around["packages"] != inputs.packages():
        return "other versions of packages"
    if around["environment"] != inputs.environment():
        return "another environment"
    fonts = inputs.font_files()
    if fonts is None:
        return "fonts are not known"
    plug_ins = noted["plug-ins"]
    for what, before, paths in (
        ("publish itself", around["program"], inputs.program_files(plug_ins)),
        ("a tool", around["tools"], [*noted["programs"], *inputs.libraries()]),
        ("a font", around["fonts"], fonts),
        ("the book", noted["book"], own_files(request.source)),
        ("the book", noted["beside"], None),
        ("the output", noted["output"], None),
    ):
        path = inputs.changed(before, paths)
        if path:
            return f"{what} has changed: {_shown(path)}"
    return ""


def _shown(path: str) -> str:
    return os.path.relpath(path) if Path(path).is_relative_to(Path.cwd()) else path
