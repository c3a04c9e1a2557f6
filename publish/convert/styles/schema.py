"""The typed schema of a style's file."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from publish.convert.punctuation import Kind


class _StrictStyle(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class TermModel(_StrictStyle):
    """A phrase's form, and what speaks for its sense (`with`) and against it (`not`)."""

    form: str = Field(min_length=1)
    near: list[str] = Field(default=[], alias="with")
    contrary: list[str] = Field(default=[], alias="not")


class StyleGroupModel(_StrictStyle):
    """Phrases of one kind, and why they are of it."""

    when: str
    why: str = ""
    near: list[str] = Field(default=[], alias="with")
    contrary: list[str] = Field(default=[], alias="not")
    otherwise: Literal["plain", "regional"] = "plain"
    cue: str = ""
    terms: dict[str, str | TermModel] | list[str]


class StyleModel(_StrictStyle):
    """A style file."""

    description: str = Field(min_length=1)
    extends: str | None = None
    region: str | None = None
    source: str | None = None
    opencc: str | list[str] | None = None
    characters: dict[str, str] = {}
    excepted: list[str] = Field(default=[], alias="except")
    terms: list[str] = []
    phrases: dict[str, str | TermModel] | list[StyleGroupModel] = {}
    cues: dict[str, list[str]] = {}
    mend: list[Kind] = []
