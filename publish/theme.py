"""A theme: a folder of style sheets and templates, with what has to be known of it before a page is laid out.

A folder has `theme.yaml`; a file that it does not have is taken from the theme that it extends. Style sheets and
templates may also name a theme's file outright, `{% include "book/web.css" %}`, and add to it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from publish.yamlfile import read_yaml

THEMES = Path(__file__).parent / "themes"

Share = Annotated[float, Field(gt=0, lt=0.5)]


class _Frozen(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, alias_generator=lambda name: name.replace("_", "-")
    )


class Margins(_Frozen):
    """The margins as shares of the page's height and width."""

    top: Share
    bottom: Share
    inner: Share
    outer: Share


class Theme(_Frozen):
    """How a theme sets a page: body size in points, the distance of lines in sizes, margins, where chapters begin.

    `text` is the role of the face that running text has on screens, `accent` the theme's colour there and in print,
    `dark_accent` the same on a dark screen (CSS colours).
    """

    name: str
    extends: str | None = None
    body_size: Annotated[float, Field(ge=6, le=24)]
    leading: Annotated[float, Field(ge=1.2, le=2.5)]
    margins: Margins
    sides: Literal["one", "two"] = "two"
    chapters: Literal["recto", "page"] = "recto"
    text: Literal["body", "heading"] = "body"
    accent: str
    dark_accent: str

    @property
    def line(self) -> float:
        """The distance of the lines of body text, in points."""
        return round(self.body_size * self.leading, 3)

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
    return Theme.model_validate({"name": name, **read_yaml(file.read_text(encoding="utf-8"), str(file)).data})
