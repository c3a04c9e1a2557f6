"""The block of settings that a Markdown text begins with, in YAML or TOML."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from typing import Any

from publish.errors import Place, PublishError
from publish.yamlfile import KeyPath, YamlDocument, read_yaml


def front_matter(text: str, file: str) -> tuple[YamlDocument, int]:
    """The YAML block that a Markdown text begins with, and the number of lines that it takes.

    Raises `PublishError` for a block that is never closed or is not a mapping.
    """
    lines = text.split("\n")
    if lines[0].rstrip() == "+++":
        return _toml(lines, file)
    if lines[0].rstrip() != "---" or len(lines) == 1 or not lines[1].strip():
        return YamlDocument({}, file), 0
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            document = read_yaml("\n".join(lines[1:number]), file, first_line=2)
            if document.data is None:
                return YamlDocument({}, file), number + 1
            if not isinstance(document.data, dict):
                raise PublishError(
                    "the front matter is not made of keys and values",
                    'Write "key: value" lines between the --- lines',
                    Place(file, 2),
                )
            return document, number + 1
    raise PublishError("the front matter is never closed", "Put a line of --- after its last key", Place(file, 1))


def _toml(lines: list[str], file: str) -> tuple[YamlDocument, int]:
    """Front matter in TOML, between lines of +++, as Hugo has it."""
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == "+++"), 0)
    if not end:
        raise PublishError("the front matter is never closed", "Put a line of +++ after its last key", Place(file, 1))
    try:
        data = tomllib.loads("\n".join(lines[1:end]))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise PublishError(
            f"this is not TOML: {str(error).partition(' (')[0]}",
            "Check the quotation marks and brackets there",
            Place(file, int(line[1]) + 1 if line else 1),
        ) from error
    rows: dict[KeyPath, int] = {(): 1}
    for number, row in enumerate(lines[1:end], start=2):
        key = re.match(r"^([\w-]+)\s*=", row)
        if key:
            rows.setdefault((key[1],), number)
    plain = {key: _plain(value) for key, value in data.items()}
    return YamlDocument(plain, file, rows), end + 1


def _plain(value: Any) -> Any:
    """A value of TOML as YAML would give it: dates are text."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value
