"""The arguments of a command that is run often, read without the parser's own set-up, which takes longer than its work.

What the options of a command are called and take is read from what it declares, as Typer does it. Where the arguments
are anything but known options with their values, Typer has them: it knows the help, and what to say of a mistake.
"""

from __future__ import annotations

import inspect
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from publish.cli.declared import Declared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@dataclass(frozen=True)
class _Parameter:
    """A parameter of a command: how it is typed on the command line, and what is made of a word."""

    name: str
    kind: Any
    said: Declared
    options: dict[str, bool]  # as they are written, and what a flag is then; none for what has no name
    least: int | None

    @property
    def repeats(self) -> bool:
        """Whether it may be given more than once."""
        return list in map(_origin, (self.kind, *get_args(self.kind)))

    def read(self, word: str) -> Any:
        """What a word means; None where it can't be that."""
        kinds = (self.kind, *get_args(self.kind))
        if int in kinds:
            return int(word) if word.isascii() and word.isdigit() and int(word) >= (self.least or 0) else None
        return Path(word) if Path in kinds else word


def plain(command: Callable[..., None], arguments: Iterable[str]) -> dict[str, Any] | None:
    """The keyword arguments of a command; None where Typer has to read them."""
    parameters = list(_parameters(command))
    options = {option: one for one in parameters for option in one.options}
    unnamed = [one for one in parameters if not one.options]
    found: dict[str, Any] = {}
    rest = iter(arguments)
    for word in rest:
        if word not in options and (word.startswith("-") or not unnamed):
            return None
        one = options[word] if word in options else unnamed.pop(0)
        value = _value(one, word, rest)
        if value is None:
            return None
        found[one.name] = [*found.get(one.name, []), value] if one.repeats else value
    if any((one.said.settings.get("envvar") or "") in os.environ for one in parameters if one.name not in found):
        return None
    found |= {one.name: one.said.settings["callback"](found[one.name]) for one in parameters if _is_altered(one, found)}
    return found if _required(command) <= found.keys() else None


def _value(one: _Parameter, word: str, rest: Iterator[str]) -> Any:
    """What is given to a parameter by a word, or by the one behind it; None where that is nothing for it."""
    if one.kind is bool:
        return one.options[word]
    value = next(rest, "-") if one.options else word
    return None if value.startswith("-") else one.read(value)


def _is_altered(one: _Parameter, found: dict[str, Any]) -> bool:
    return one.name in found and "callback" in one.said.settings


def _parameters(command: Callable[..., None]) -> Iterator[_Parameter]:
    hints = get_type_hints(command, include_extras=True)
    for name, hint in hints.items():
        if name != "return":
            kind, said = get_args(hint)
            yield _Parameter(name, kind, said, dict(_flags(said.names)), said.settings.get("min"))


def _flags(written: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The names of an option, those that say no included: --cache/--no-cache."""
    for names in written:
        yes, _, no = names.partition("/")
        yield yes, True
        if no:
            yield no, False


def _origin(kind: Any) -> Any:
    return getattr(kind, "__origin__", kind)


def _required(command: Callable[..., None]) -> set[str]:
    parameters = inspect.signature(command).parameters.values()
    return {one.name for one in parameters if one.default is one.empty}
