"""The values of settings as authors write them (a number for a text, one for a list), and how each is read."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from publish.regions import REGIONS
from publish.source.settings.repository import read_repository


def _text(value: Any) -> Any:
    """A number where a text is due is that text: `title: 1984`."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def listed(value: Any) -> Any:
    """One value where a list is due is a list of one."""
    return value if isinstance(value, list) or value is None else [value]


def site_address(value: str) -> str:
    """The address of a site: what stands behind it is the name of a page."""
    if not re.match(r"https?://[^\s?#]+$", value):
        raise ValueError("this must be an address that begins with https:// and has neither ? nor #")
    return value


def repository_address(value: str) -> str:
    """The address of the book's folder in its repository."""
    read_repository(value)
    return value


def lowered(value: Any) -> Any:
    """`formats: PDF` is pdf."""
    return value.lower() if isinstance(value, str) else value


def _hyphened(value: Any) -> Any:
    """`zh_HK`, as locales are written, is zh-HK, and so is `zh-hk`."""
    if not isinstance(value, str):
        return value
    key = value.replace("_", "-")
    return next((one for one in REGIONS if one.lower() == key.lower()), key)


# What JSON Schema says of these is what an author may write, before it is read.
Text = Annotated[str, BeforeValidator(_text, json_schema_input_type=str | int)]
Texts = Annotated[list[Text], BeforeValidator(listed, json_schema_input_type=Text | list[Text])]
SortBy = Literal["pinyin", "zhuyin", "stroke", "none"]
FormatName = Annotated[str, BeforeValidator(lowered), Field(pattern=r"^[a-z][a-z0-9-]*$")]
FormatNames = Annotated[list[FormatName], BeforeValidator(listed, json_schema_input_type=FormatName | list[FormatName])]
EditionKey = Annotated[str, BeforeValidator(_hyphened), Field(pattern=r"^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$")]


def _macro(value: Any) -> Any:
    """MathJax writes a macro's body and the number of its arguments, which the body tells by itself."""
    if isinstance(value, list) and len(value) == 2 and isinstance(value[1], int):  # noqa: PLR2004  # body and number
        return value[0]
    return value


Macro = Annotated[Text, BeforeValidator(_macro, json_schema_input_type=Text | tuple[str, int])]
MacroName = Annotated[str, BeforeValidator(lambda value: str(value).lstrip("\\")), Field(pattern=r"^[A-Za-z]+$")]


class StrictModel(BaseModel):
    """A map of settings, in which no other keys may stand."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        alias_generator=lambda name: name.replace("_", "-"),
        defer_build=True,  # of most models only their fields are asked for
    )
