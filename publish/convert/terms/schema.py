"""The typed schema of a term pack's file."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from publish.convert.phrases import WORD


class _StrictPack(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class EntryModel(BaseModel):
    """A term's forms by region (`zh-TW`, `zh-HK`), its evidence, and whether a form leads back to the term."""

    model_config = ConfigDict(extra="allow", defer_build=True)
    __pydantic_extra__: dict[str, str]

    near: list[str] = Field(default=[], alias="with")
    contrary: list[str] = Field(default=[], alias="not")
    back: bool | str | None = None


class PackGroupModel(_StrictPack):
    """Terms of one kind, and why they are of it."""

    when: str = WORD
    why: str = ""
    near: list[str] = Field(default=[], alias="with")
    contrary: list[str] = Field(default=[], alias="not")
    otherwise: Literal["plain", "regional"] = "plain"
    cue: str = ""
    back: bool | str = True
    terms: dict[str, EntryModel] | list[str]


class PackModel(_StrictPack):
    """A pack: what it is about, where its terms come from, under which licence they may be shared."""

    description: str = Field(min_length=1)
    source: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    cues: dict[str, list[str]] = {}
    terms: dict[str, EntryModel] | list[PackGroupModel]
