"""A theme: a folder of style sheets and templates, with what has to be known of it before a page is laid out.

A folder has `theme.yaml`; a file that it does not have is taken from the theme that it extends. Style sheets and
templates may also name a theme's file outright, `{% include "book/web.css" %}`, and add to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from math import ceil, floor
from pathlib import Path
from typing import Literal

from publish.yamlfile import read_yaml

THEMES = Path(__file__).parent

_SHORTEST, _LONGEST = 20, 40  # characters of a line
_STEP = 1.5  # points: what a size may give or take

_FOR_NOTES = 0.27  # of the page's width, the outer margin that notes stand in


@dataclass(frozen=True)
class Margins:
    """The margins as shares of the page's height and width."""

    top: float
    bottom: float
    inner: float
    outer: float


@dataclass(frozen=True, kw_only=True)
class Theme:
    """How a theme sets a page: body size in points, the distance of lines in sizes, margins, where chapters begin.

    `text` is the role of the face that running text has on screens, `accent` the theme's colour there and in print,
    `dark_accent` the same on a dark screen (CSS colours).
    """

    name: str
    extends: str | None = None
    body_size: float
    leading: float
    margins: Margins
    sides: Literal["one", "two"] = "two"
    chapters: Literal["recto", "page"] = "recto"
    text: Literal["body", "heading"] = "body"
    notes_in_margin: bool = False
    accent: str
    dark_accent: str

    def size_for(self, measure: float) -> float:
        """The body size in points on a measure of so many: another where a line would have too much or too little.

        clreq §2.3: a line of a book has some twenty to forty characters. The theme's own size stands in between.
        """
        if measure / self.body_size > _LONGEST:
            return min(ceil(measure / _LONGEST * 2) / 2, self.body_size + _STEP)
        if measure / self.body_size < _SHORTEST:
            return max(floor(measure / _SHORTEST * 2) / 2, self.body_size - _STEP)
        return self.body_size

    def with_notes_in_margin(self) -> Theme:
        """The theme with an outer margin that is wide enough for notes."""
        wider = replace(self.margins, outer=max(self.margins.outer, _FOR_NOTES))
        return replace(self, margins=wider, notes_in_margin=True)

    @property
    def folders(self) -> list[Path]:
        """Where its files are looked for: its own folder, then those that it extends."""
        own = THEMES / self.name
        return [own, *read_theme(self.extends).folders] if self.extends else [own]


def theme_names() -> list[str]:
    """The themes that there are."""
    return sorted(path.parent.name for path in THEMES.glob("*/theme.yaml"))


@cache
def read_theme(name: str) -> Theme:
    """A theme by name. Raises `FileNotFoundError` for a name that is not among `theme_names`."""
    file = THEMES / name / "theme.yaml"
    said = read_yaml(file.read_text(encoding="utf-8"), str(file)).data
    fields = {key.replace("-", "_"): value for key, value in said.items()}
    numbers = {key: float(fields[key]) for key in ("body_size", "leading")}
    margins = Margins(**{side: float(share) for side, share in fields["margins"].items()})
    return Theme(name=name, **fields | numbers | {"margins": margins})
