"""Characters whose form depends on the sense: what their neighbours say of it, by the rules of data/hard.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NOT_FORMS = ("source", "keep", "defer")


@dataclass(frozen=True, slots=True)
class Rule:
    """Where `pattern` matches, its group is to have `form`; a hint only weighs as much as one opinion."""

    form: str
    pattern: re.Pattern[str]
    hint: bool


@dataclass(frozen=True, slots=True)
class Hard:
    """One character: its rules, and the dictionary's headwords that tell its senses apart.

    `keep` marks a character that is right in every sense, beside narrower forms or variants; `defer` one of which both
    spellings are in use.
    """

    character: str
    rules: tuple[Rule, ...]
    source: str
    keep: bool
    defer: bool


@dataclass(frozen=True, slots=True)
class Vote:
    """What a rule says of the character at an index."""

    index: int
    form: str
    hint: bool


def votes(text: str) -> Iterator[Vote]:
    """What the rules say of the hard characters in a Simplified text, in no particular order."""
    table = characters()
    for character in set(text) & table.keys():
        for rule in table[character].rules:
            for match in rule.pattern.finditer(text):
                yield Vote(match.start(match.lastindex or 0), rule.form, rule.hint)


@cache
def characters() -> Mapping[str, Hard]:
    """The table, read once per process."""
    data = yaml.load(_data("hard.yaml"), yaml.CSafeLoader)
    return {
        character: Hard(
            character,
            tuple(_rules(entry, data["classes"])),
            entry["source"],
            bool(entry.get("keep")),
            bool(entry.get("defer")),
        )
        for character, entry in data["characters"].items()
    }


def _rules(entry: Mapping[str, Any], classes: Mapping[str, str]) -> Iterator[Rule]:
    for form, patterns in entry.items():
        if form not in _NOT_FORMS:
            for pattern in patterns:
                yield Rule(form.removesuffix("?"), re.compile(_expanded(pattern, classes)), form.endswith("?"))


def _expanded(pattern: str, classes: Mapping[str, str]) -> str:
    for name, members in classes.items():
        pattern = pattern.replace(f"{{{name}}}", members)
    return pattern


def _data(name: str) -> str:
    return resources.files("publish.convert").joinpath("data", name).read_text("utf-8")
