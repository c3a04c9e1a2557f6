"""Front matter as other tools write it: YAML, TOML or JSON, with or without its opening line."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

import yaml

from publish.source.settings.frontmatter import metadata_lines

_YAML = re.compile(r"\A---[ \t]*\n(?P<data>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
# Keys alone, and a closing line with text behind it, as editors that take it for one leave it.
_YAML_RUN_ON = re.compile(r"\A---[ \t]*\n(?P<data>(?:[A-Za-z][\w-]*:.*\n(?:(?!---)[ \t-].*\n)*)+)---[ \t]+(?=\S)")
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(?P<data>.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_JSON_SEMICOLONS = re.compile(r"\A(?:;;;[ \t]*\n)?(?P<data>.*?)^;;;[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_BARE_YAML = re.compile(r"\A(?P<data>(?:[A-Za-z][\w-]*:.*\n(?:[ \t-].*\n)*)+)---[ \t]*(?:\n|\Z)")


@dataclass(frozen=True)
class Front:
    """The keys of a file's front matter, the number of lines that it takes, and what is wrong with it."""

    keys: dict[str, Any] = field(default_factory=dict)
    lines: int = 0
    fault: str = ""

    def text(self, *names: str) -> str:
        """The first of these keys that holds text or a number, as text."""
        for name in names:
            value = self.keys.get(name)
            if isinstance(value, str | int | float | dt.date) and not isinstance(value, bool) and str(value).strip():
                return str(value).strip()
        return ""


def read_front(text: str, *, bare: bool = False) -> tuple[Front, str]:
    """The front matter of a text, and the text after it; with `bare` also Hexo's, which has no opening line.

    Front matter that cannot be read is left out too, and its fault returned.
    """
    text = text.removeprefix("\ufeff")
    shapes: list[tuple[re.Pattern[str], Any]] = [(_YAML_RUN_ON, _yaml), (_YAML, _yaml), (_TOML, tomllib.loads)]
    shapes += [(_JSON_SEMICOLONS, _braced), (_BARE_YAML, _yaml)] if bare else []
    for pattern, load in shapes:
        match = pattern.match(text)
        if match and (pattern is not _YAML or _is_mapping(match["data"])):
            return _loaded(match["data"], load, match[0].count("\n")), text[match.end() :]
    if text.startswith("{\n") and (found := _leading_json(text)):
        return found
    if head := metadata_lines(text):
        lines = max(line for _, line in head.values())
        return Front({key: value for key, (value, _) in head.items()}, lines), "\n".join(text.split("\n")[lines:])
    return Front(), text


def _is_mapping(data: str) -> bool:
    """Whether the text between two rules is front matter, not a paragraph."""
    first = next((line for line in data.split("\n") if line.strip() and not line.lstrip().startswith("#")), "")
    return not first or bool(re.match(r"""["']?[\w.@$ -]+["']?\s*:""", first)) or first.startswith("{")


def _loaded(data: str, load: Any, lines: int) -> Front:
    try:
        keys = load(data)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError) as error:
        return Front(_guessed(data), lines, " ".join(str(error).split())[:120])
    return Front({str(key): value for key, value in keys.items()} if isinstance(keys, dict) else {}, lines)


def _guessed(data: str) -> dict[str, Any]:
    """The plain `key: value` lines of front matter that is not YAML (a title with a colon, an unclosed quote)."""
    found = re.findall(r"(?m)^([A-Za-z][\w-]*)\s*[:=][ \t]*(\S.*)$", data)
    return {key: value.strip().strip("\"'") for key, value in found}


def _yaml(data: str) -> Any:
    """YAML, in which a tab may indent and may stand behind a key's colon."""
    data = re.sub(r"(?m)^\t+", lambda match: "  " * len(match[0]), data)
    return yaml.safe_load(re.sub(r"(?m)^([ -]*[\w-]+:)[ ]*\t[ \t]*", r"\1 ", data))


def _braced(data: str) -> Any:
    text = data.strip()
    return json.loads(text if text.startswith("{") else f"{{{text}}}")


def _leading_json(text: str) -> tuple[Front, str] | None:
    try:
        keys, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return None
    return Front(keys, text.count("\n", 0, end) + 1), text[end:].lstrip("\n")
