"""What surrounds a build, and the note of it that is kept: what `last.recall` compares with what is there later."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from publish import formats
from publish.build import inputs
from publish.build.artifact import INDEX, MANIFEST
from publish.build.inputs import Rows
from publish.build.last import is_single, own_files, root_of, slot
from publish.build.request import Request, Told
from publish.build.shared import open_shared
from publish.cache import NONE, Cache, digest, most_bytes, open_cache
from publish.errors import MissingToolError
from publish.source import pandoc

_AROUND = "around"  # where what surrounds a build is noted that is not itself


@dataclass(frozen=True)
class Surroundings:
    """All that a build depends on beside the book: our own code, packages, programs, fonts, the environment.

    `fonts` is None where nobody can tell which there are; then no build is like another.
    """

    packages: list[str]
    environment: dict[str, str]
    program: Rows
    tools: Rows
    fonts: Rows | None

    @property
    def code(self) -> str:
        """The hash of all that works on the book: our code, packages, programs, libraries."""
        hashes = [[path, row and (row[4] or row[:2])] for path, row in (*self.program.items(), *self.tools.items())]
        return digest(self.packages, hashes)

    @property
    def faces(self) -> str | None:
        """The hash of what chooses and draws glyphs; None where it is not known."""
        if self.fonts is None:
            return None
        return digest([[path, row and row[:2]] for path, row in self.fonts.items()], self.environment)


def look_around(before: Mapping[str, Any] | None, plug_ins: Iterable[str], programs: Iterable[str]) -> Surroundings:
    """What surrounds a build now. Hashes of `before`, as the last build noted them, are not computed again."""
    known = before or {}
    faces = inputs.font_files()
    return Surroundings(
        inputs.packages(),
        inputs.environment(),
        inputs.rows(inputs.program_files(plug_ins), known.get("program")),
        inputs.rows([*programs, *inputs.libraries()], known.get("tools")),
        None if faces is None else inputs.rows(faces, known.get("fonts")),
    )


@dataclass(frozen=True)
class Notebook:
    """What is noted of a build: what surrounds it, its book's files as they were before any was read, and the time.

    `began` is in nanoseconds since 1970; `source` is the book's folder or file. `new`: what surrounds it was not noted
    like this before; `again`: the same was built before. `standing` are the files that it left.
    """

    cache: Cache
    slot: str
    around: Surroundings
    plug_ins: tuple[str, ...] | None
    programs: tuple[str, ...]
    book: Rows
    began: int
    source: str = ""
    new: bool = True
    again: bool = False
    standing: Rows = field(default_factory=dict)
    _trimmed: list[bool] = field(default_factory=list)

    @property
    def is_warm(self) -> bool:
        """Whether most of what is asked for was probably made before."""
        return self.again and not self.new

    @property
    def pages(self) -> Cache:
        """The cache for what fonts have a part in; one that keeps nothing where nobody knows the fonts."""
        faces = self.around.faces
        return NONE if faces is None else replace(self.cache, program=digest(self.cache.program, faces))

    def close(self, request: Request, told: Told, beside: Iterable[Path], taken: Iterable[Path]) -> None:
        """Note a build that is done, and keep the cache within its bounds.

        `beside` are files that the build read or looked for; of a build that took what is gone by now nothing is noted.
        """
        if self.cache.folder and request.noted and all(path.exists() for path in taken):
            self._note(request, told, beside)
        if self.cache.folder and self.new:
            self.cache.note(_AROUND, self._rows())
        if self.cache.folder and request.noted and not request.checking:
            self.cache.note(self._written(request.output), {"manifest": _hash_of(request.output / MANIFEST)})
        if not self._trimmed:
            self.trim()

    def wrote(self, output: Path) -> bool:
        """Whether it was a build of this very book that wrote the manifest in a folder."""
        noted = self.cache.recall(self._written(output))
        return noted is not None and noted["manifest"] == _hash_of(output / MANIFEST)

    def _written(self, output: Path) -> str:
        return digest("written", self.source, str(output.absolute()))

    def trim(self) -> None:
        """Keep the cache within its bounds, once; what this build puts there later counts in the next."""
        self._trimmed.append(True)
        self.cache.trim(most_bytes())

    def _rows(self) -> dict[str, Any]:
        return {field.name: getattr(self.around, field.name) for field in fields(self.around)}

    def _note(self, request: Request, told: Told, beside: Iterable[Path]) -> None:
        """Note a build that is done, unless something has changed under its hands.

        The files `beside` need not lie in the book's folder, nor be there: what was looked for in vain may come.
        """
        others = inputs.rows(str(path.absolute()) for path in beside)
        late = any(row and max(row[1:3]) >= self.began for row in others.values())
        unknown = self.plug_ins is None or self.around.fonts is None
        if unknown or late or inputs.changed(self.book, own_files(request.source)):
            return
        made = () if request.checking else (MANIFEST, INDEX, *(one.path for one in told.artifacts))
        output = {str((request.output / name).absolute()): "" for name in made}
        output |= {str((request.output / one.path).absolute()): one.sha256 for one in told.artifacts if made}
        self.cache.note(
            self.slot,
            {
                "around": self._rows(),
                "plug-ins": self.plug_ins,
                "programs": self.programs,
                "book": self.book,
                "beside": others,
                "output": inputs.rows(output, self.standing, output),
                "artifacts": [list(vars(one).values()) for one in told.artifacts],
                "targets": told.targets,
                "findings": [one.as_dict() for one in told.findings],
                "title": told.title,
            },
        )


def open_notebook(request: Request) -> Notebook:
    """A notebook for a build, opened before any of its book is read."""
    if not request.cache:
        return Notebook(NONE, "", Surroundings([], {}, {}, {}, None), None, (), {}, 0)
    began, name = time.time_ns(), slot(request)
    cache = open_cache(root_of(request.source), shared=open_shared(request.shared))
    noted = cache.recall(name) if request.noted else None
    before = noted or {"around": cache.recall(_AROUND)}
    plug_ins, programs = _plug_ins(), _programs()
    around = look_around(before.get("around"), plug_ins or (), programs)
    book = inputs.rows(own_files(request.source), before.get("book")) if request.noted else {}
    new = before.get("around") != {field.name: getattr(around, field.name) for field in fields(around)}
    return Notebook(
        replace(cache, program=around.code),
        name,
        around,
        plug_ins,
        programs,
        book,
        began,
        str(request.source.absolute() if is_single(request.source) else root_of(request.source)),
        new,
        noted is not None,
        (noted or {}).get("output", {}),
    )


def _hash_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _plug_ins() -> tuple[str, ...] | None:
    """The files and folders of renderers that are not ours; None where one cannot be found."""
    found: list[str] = []
    for point in formats.registered().values():
        top = point.module.partition(".")[0]
        if top == __name__.partition(".")[0]:
            continue
        try:
            spec = find_spec(top)
        except (ImportError, ValueError):
            return None
        places = list(spec.submodule_search_locations or [spec.origin or ""]) if spec else []
        if not all(places) or not places:
            return None
        found += places
    return tuple(sorted(set(found)))


def _programs() -> tuple[str, ...]:
    """The programs that a build starts; none where pandoc is missing, of which the build tells."""
    with suppress(MissingToolError):
        return (pandoc.path(),)
    return ()
