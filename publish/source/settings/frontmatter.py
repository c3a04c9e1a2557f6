"""The block of settings that a Markdown text begins with, in YAML, TOML or JSON."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from typing import Any

from publish.errors import Place, PublishError
from publish.yamlfile import KeyPath, YamlDocument, read_yaml


def front_matter(text: str, file: str) -> tuple[YamlDocument, int]:
    """The block of settings that a Markdown text begins with, and the number of lines that it takes.

    Raises `PublishError` for a block that is never closed or is not a mapping.
    """
    lines = text.split("\n")
    if lines[0].rstrip() == "+++":
        return _toml(lines, file)
    if lines[0].rstrip() == "{" and (found := _json(lines, file)):
        return found
    if bare := _headless(lines):
        return read_yaml("\n".join(lines[:bare]), file), bare + 1
    if head := metadata_lines(text):
        return _of_lines(head, file), max(line for _, line in head.values())
    if lines[0].rstrip() != "---" or len(lines) == 1 or not (lines[1].strip() or _opens(lines)):
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


def _json(lines: list[str], file: str) -> tuple[YamlDocument, int] | None:
    """Front matter in JSON, as Hugo has it, from a line of { to one of }; None for other text."""
    end = next((number for number, line in enumerate(lines, 1) if line.rstrip() == "}"), 0)
    try:
        data = json.loads("\n".join(lines[:end]))
    except ValueError:
        return None
    rows: dict[KeyPath, int] = {(): 1}
    for number, row in enumerate(lines[:end], 1):
        if key := re.match(r"\s*\"([^\"]+)\"\s*:", row):
            rows.setdefault((key[1],), number)
    return (YamlDocument(data, file, rows), end) if isinstance(data, dict) else None


def _opens(lines: list[str]) -> bool:
    """Whether a rule with a blank line below it opens settings."""
    behind = [line for line in lines[1:] if line.strip()]
    end = next((number for number, line in enumerate(behind) if line.rstrip() == "---"), 0)
    return _says(behind[:end], least=1)


def _headless(lines: list[str]) -> int:
    """How many lines of YAML stand before a line of ---, where the first such line was left out, as in old Hexo; or 0.

    Two keys at least that are usual, a title or date among them, and no blank line between.
    """
    end = next((number for number, line in enumerate(lines) if not line.strip() or line.rstrip() == "---"), 0)
    return end if end < len(lines) and lines[end].rstrip() == "---" and _says(lines[:end], least=2) else 0


def _says(lines: list[str], *, least: int) -> bool:
    """Whether lines are settings: keys and what belongs to them, so many of them usual, a title or date among these."""
    keys = {one["key"].lower() for line in lines if (one := _LINE.match(line))}
    rest = [line for line in lines if not (_LINE.match(line) or re.match(r"\s+\S|\s*- ", line))]
    return not rest and len(_USUAL & keys) >= least and bool(_TITLED & keys)


# Lines of metadata at a text's head without marks around them, as MultiMarkdown and Pelican have them.
_LINE = re.compile(r"(?P<key>[A-Za-z][A-Za-z_ -]{1,20}?)[ \t]*:(?:[ \t]+(?P<value>\S.*?))?[ \t]*$")
_MORE = re.compile(r"[ \t]+(?P<value>\S.*?)[ \t]*$")
_TITLED = frozenset(["title", "date"])
_USUAL = frozenset(
    "title subtitle author authors date modified category categories tags tag keywords slug summary description lang"
    " language status translation template save_as url copyright email affiliation comments css series".split()
)


def metadata_lines(text: str) -> dict[str, tuple[str, int]]:
    """The lines `Title: …`, `Date: …` that a text begins with: keys in lower case, their values and lines (from 1).

    Two at least that are usual, a title or date among them, and a blank line or the end behind them; else none.
    """
    found: dict[str, tuple[str, int]] = {}
    key = ""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if not line.strip():
            break
        if one := _LINE.match(line):
            key = one["key"].lower().replace(" ", "_")
            found[key] = (one["value"] or "", number)
        elif (more := _MORE.match(line)) and key:
            found[key] = (f"{found[key][0]} {more['value']}".strip(), number)
        else:
            return {}
    usual = _USUAL & found.keys()
    return found if len(usual) > 1 and 2 * len(usual) > len(found) and _TITLED & usual else {}


def _of_lines(head: dict[str, tuple[str, int]], file: str) -> YamlDocument:
    """Such lines as settings: what publish has a key for."""
    names = {"summary": "description", "authors": "author", "language": "lang", "copyright": "rights"}
    names |= {name: name for name in ("title", "subtitle", "author", "date", "description", "lang", "keywords")}
    data: dict[str, Any] = {}
    rows: dict[KeyPath, int] = {(): 1}
    for key, (value, line) in head.items():
        if key in names and value:
            data[names[key]] = _setting(names[key], value)
            rows[(names[key],)] = line
    return YamlDocument({key: value for key, value in data.items() if value}, file, rows)


def _setting(name: str, value: str) -> Any:
    if name in ("author", "keywords"):
        parts = [one.strip() for one in re.split("[;；]" if re.search("[;；]", value) else "[,，、]", value)]
        return [one for one in parts if one]
    if name == "date":
        day = re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", value)
        return f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}" if day else ""
    return value


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
