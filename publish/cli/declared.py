"""What commands say that they are given. Typer, of which `parser.py` makes a parser of it, is slow to load."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., None])


@dataclass(frozen=True)
class Declared:
    """An option by its names as they are written, or an argument, which has none; the rest is as Typer calls it."""

    names: tuple[str, ...]
    settings: dict[str, Any]


def option(*names: str, **settings: Any) -> Declared:
    """What an annotation says of an option, by the names of which it has one or several."""
    return Declared(names, settings)


def argument(**settings: Any) -> Declared:
    """An argument, for an annotation."""
    return Declared((), settings)


@dataclass(frozen=True)
class Commands:
    """Commands under one name, in the order in which they were added, and groups of others below them."""

    settings: dict[str, Any]
    common: list[Callable[..., None]] = field(default_factory=list)  # the one with the options of all, if there is one
    members: list[tuple[Callable[..., None] | Commands, dict[str, Any]]] = field(default_factory=list)

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Function], Function]:
        """Add a function as a command."""

        def add(function: Function) -> Function:
            self.members.append((function, {"name": name, **settings}))
            return function

        return add

    def options(self, function: Function) -> Function:
        """What all commands share is given to this function, before any of them runs."""
        self.common[:] = [function]
        return function

    def add(self, group: Commands, **settings: Any) -> None:
        """Add a group of commands."""
        self.members.append((group, settings))
