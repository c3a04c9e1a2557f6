"""The typed schema of a term pack's file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from publish.convert.phrases import WORD

# A list, which may be written as the one word that it has.
Several = Annotated[list[str], BeforeValidator(lambda given: [given] if isinstance(given, str) else given)]


class _StrictPack(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class EntryModel(BaseModel):
    """A term's forms by region (`zh-TW`, `zh-HK`), its evidence, and whether a form leads back to the term.

    `also` are a region's other words for it, which are nobody's form and only lead back (筆電 to 笔记本电脑).
    """

    model_config = ConfigDict(extra="allow", defer_build=True)
    __pydantic_extra__: dict[str, str]

    near: Several = Field(default=[], alias="with")
    contrary: Several = Field(default=[], alias="not")
    back: bool | str | None = None
    also: dict[str, Several] | None = None


class PackGroupModel(_StrictPack):
    """Terms of one kind, and why they are of it."""

    when: str = WORD
    why: str = ""
    near: Several = Field(default=[], alias="with")
    contrary: Several = Field(default=[], alias="not")
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
