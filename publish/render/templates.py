"""A theme's templates and style sheets, filled."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import jinja2

from publish.edition.publication import Publication
from publish.render.cover_face import cover_face
from publish.render.titles import by_words, unbroken_words
from publish.themes import THEMES, read_theme


@cache
def _environment(theme: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([*read_theme(theme).folders, THEMES]),
        autoescape=jinja2.select_autoescape(disabled_extensions=("css",), default=True),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
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


def families_css(families: Sequence[str]) -> str:
    """Font families as CSS has them."""
    return ", ".join(f'"{name}"' for name in families)
