"""A theme's templates and style sheets, filled."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from publish.edition.markup.xhtml import HEADINGS
from publish.edition.publication import Publication
from publish.render.cover_face import cover_face
from publish.render.titles import by_words, unbroken_words
from publish.themes import THEMES, read_theme


class _Compiled(jinja2.FileSystemBytecodeCache):
    """Our own templates as code, kept where Python keeps its modules' and by whom Python lets; it fails nobody."""

    def __init__(self) -> None:
        made_by = hashlib.sha256(f"{jinja2.__version__} {Path(__file__).read_text('utf-8')}".encode()).hexdigest()
        super().__init__(str(_CODE), f"{made_by[:10]}-%s.jinja")

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The key of a template; that of one that is not ours tells so."""
        key = super().get_cache_key(name, filename)
        return key if filename and Path(filename).is_relative_to(THEMES) else f"{_OTHERS}{key}"

    def load_bytecode(self, bucket: Any) -> None:
        """Load the code of a template, if it is kept."""
        if not bucket.key.startswith(_OTHERS):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Any) -> None:
        """Keep the code of a template."""
        if not bucket.key.startswith(_OTHERS) and not sys.dont_write_bytecode and os.access(_CODE, os.W_OK):
            with suppress(OSError):
                super().dump_bytecode(bucket)


_CODE = Path(__file__).parent / "__pycache__"
_OTHERS = "other-"
_WORD = re.compile(r"[A-Za-z_][\w-]*")


@cache
def _environment(theme: str) -> jinja2.Environment:
    environment = jinja2.Environment(  # as autoescape says
        loader=jinja2.FileSystemLoader([*read_theme(theme).folders, THEMES]),
        autoescape=jinja2.select_autoescape(disabled_extensions=("css",), default=True),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_Compiled(),
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    environment.filters |= {"cover_face": cover_face, "by_words": by_words, "unbroken_words": unbroken_words}
    return environment


def fill(theme: str, template: str, /, **values: Any) -> str:
    """A theme's template filled; every value is escaped but for `Markup`."""
    return _environment(theme).get_template(template).render(**values)


def stylesheet(publication: Publication, name: str, **values: Any) -> str:
    """A theme's stylesheet for an edition, with the book's own style behind it; `values` go before the usual ones."""
    faces = publication.edition.region.fonts
    faces = faces.for_pages if name.startswith("print") else faces.for_screens
    usual = {
        "fonts": {role: families_css(getattr(faces, role)) for role in ("body", "heading", "quote", "mono")},
        "region": publication.edition.region,
        "page": publication.page,
        "theme": read_theme(publication.theme),
    }
    sheet = fill(publication.theme, name, **usual | values)
    return f"{sheet}\n{publication.css}" if publication.css else sheet


@cache
def words_of(theme: str, *patterns: str) -> frozenset[str]:
    """All words of a theme's files whose names match: among them the elements and classes that these make."""
    folders = dict.fromkeys((*read_theme(theme).folders, THEMES / "book"))
    files = [file for folder in folders for pattern in patterns for file in folder.glob(pattern)]
    return frozenset(word for file in files for word in _WORD.findall(file.read_text(encoding="utf-8"))) | HEADINGS


def families_css(families: Sequence[str]) -> str:
    """Font families as CSS has them."""
    return ", ".join(f'"{name}"' for name in families)
