"""YAML as authors write it: PyYAML's safe loader, duplicate keys refused, a line number for every key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from publish.errors import Faults, Place, PublishError
from publish.yamlfaults import explained, wide_colon

KeyPath = tuple[str | int, ...]

# Beyond this many values, aliases are an attack or an accident: the longest real glossary has fewer.
MOST_VALUES = 200_000


class _Scalars(yaml.resolver.BaseResolver):
    """YAML 1.2's scalars: `no`, `on`, `2024-05-01`, `0123`, `1:30` stay text, as in pandoc."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  # PyYAML's own shape


_Scalars.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Scalars.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(?:0|-?[1-9][0-9]*)$"), list("-0123456789"))
_Scalars.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])


class _Loader(_Scalars, yaml.SafeLoader):
    """The safe loader with these scalars."""


if TYPE_CHECKING:
    from yaml import SafeLoader as _Built
else:
    _Built = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _QuickLoader(_Scalars, _Built):
    """The same, seven times as quick where PyYAML was built with LibYAML. What is wrong with a text the other tells."""


# What LibYAML reads otherwise: it takes tabs for spaces, byte order marks for letters, and counts lines behind a `?`.
_READ_OTHERWISE = re.compile(r"[\t\ufeff]|\?(?:\s|$)")


def _composed(text: str) -> tuple[yaml.SafeLoader, yaml.Node | None]:
    """A loader for a text, and the node that it has read. Raises PyYAML's errors."""
    if not _READ_OTHERWISE.search(text):
        with suppress(yaml.YAMLError):
            quick = _QuickLoader(text)
            return quick, quick.get_single_node()
    loader = _Loader(text)
    return loader, loader.get_single_node()


@dataclass(frozen=True)
class YamlDocument:
    """What a YAML text holds, with the line of each key: `lines[("editions", "zh-TW")]`, counted from 1."""

    data: Any
    file: str
    lines: Mapping[KeyPath, int] = field(default_factory=dict)

    def line(self, path: KeyPath) -> int:
        """The line of the key at `path`, or of the nearest key above it that is written; 0 where there is none."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return self.lines.get((), 0)

    def place(self, path: KeyPath) -> Place:
        """The place of the key at `path`, with the key's name."""
        return Place(self.file, self.line(path), _dotted(path))


def read_yaml(text: str, file: str, first_line: int = 1) -> YamlDocument:
    """Read one YAML document of `file`, which begins at `first_line` of it.

    Raises `PublishError` with file, line and key for text that is no YAML, holds a key twice or a tag of a program;
    of several keys of which each is wrong, every error.
    """
    try:
        return _read(text, file, first_line)
    except PublishError as error:
        faults = Faults()
        for part, line in _parts(text, first_line):
            try:
                _read(part, file, line)
            except PublishError as one:
                if not re.search("undefined alias", str(one.__cause__)):  # its anchor is in another part
                    faults.add(one)
        faults.tell()
        raise error from None


_KEY = re.compile(r"[^\W\d][\w -]*[:：]|[\"'][^\"'\n]*[\"']\s*[:：]")


def _parts(text: str, first_line: int) -> list[tuple[str, int]]:
    """The text cut before each key that stands at the beginning of its line, with the line of each piece."""
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if _KEY.match(line)]
    return [
        ("\n".join(lines[start:end]).rstrip("\n"), start + first_line)
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=False)
    ]


def _read(text: str, file: str, first_line: int) -> YamlDocument:
    try:
        loader, node = _composed(text)
        if node is None:
            return YamlDocument(None, file, {(): first_line})
        lines: dict[KeyPath, int] = {}
        _survey(node, (), lines, file, first_line, {}, ())
        data = loader.construct_document(node)
    except (yaml.YAMLError, ValueError) as error:
        raise explained(error, text, file, first_line) from error
    if isinstance(data, str):
        wide = wide_colon(text, file, first_line)
        if wide is not None:
            raise wide
    return YamlDocument(data, file, lines)


def _dotted(path: KeyPath) -> str:
    return ".".join(str(step) for step in path)


def _survey(
    node: yaml.Node,
    path: KeyPath,
    lines: dict[KeyPath, int],
    file: str,
    first_line: int,
    sizes: dict[int, int],
    above: tuple[int, ...],
) -> int:
    """Note the line of every key below `node`, refuse duplicate keys, and return how many values it expands to."""
    line = node.start_mark.line + first_line
    if id(node) in above:
        raise PublishError("an alias refers to itself", "Write the value out", Place(file, line, _dotted(path)))
    if id(node) in sizes:
        return sizes[id(node)]
    lines.setdefault(path, line)
    size = 1
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name, key_line = str(key.value), key.start_mark.line + first_line
            if name in seen:
                raise PublishError(
                    f'the key "{name}" is set twice, first in line {seen[name]}',
                    "Keep one of the two",
                    Place(file, key_line, _dotted((*path, name))),
                )
            seen[name] = key_line
            lines[(*path, name)] = key_line
            size += _survey(value, (*path, name), lines, file, first_line, sizes, (*above, id(node)))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            size += _survey(value, (*path, index), lines, file, first_line, sizes, (*above, id(node)))
    if size > MOST_VALUES:
        raise PublishError(
            f"aliases expand to more than {MOST_VALUES:,} values",
            "Write the values out",
            Place(file, line, _dotted(path)),
        )
    sizes[id(node)] = size
    return size
