"""The arguments of a filter, read without the parser's own set-up, which takes longer than a line to convert.

What the options of a command are called and take is read from its signature, as Typer does it. Where the arguments are
anything but known options with their values, Typer has them: it knows the help, and what to say of a mistake.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def plain(command: Callable[..., None], arguments: Iterable[str]) -> dict[str, Any] | None:
    """The keyword arguments of a command with options only; None where Typer has to read them."""
    options = _options(command)
    found: dict[str, Any] = {}
    rest = iter(arguments)
    for one in rest:
        if one not in options:
            return None
        name, kind = options[one]
        value = "" if kind is bool else next(rest, "-")
        if value.startswith("-"):
            return None
        if list in map(_origin, (kind, *get_args(kind))):
            found.setdefault(name, []).append(value)
        else:
            found[name] = True if kind is bool else value if kind is str else Path(value)
    return found if _required(command) <= found.keys() else None


def _options(command: Callable[..., None]) -> dict[str, tuple[str, Any]]:
    """By option as it is written, the parameter and its type."""
    hints = get_type_hints(command, include_extras=True)
    rows = ((name, *get_args(hint)) for name, hint in hints.items() if name != "return")
    # Typer keeps the first name where a default stands that is no annotation's.
    return {option: (name, kind) for name, kind, info in rows for option in (info.default, *info.param_decls)}


def _origin(kind: Any) -> Any:
    return getattr(kind, "__origin__", kind)


def _required(command: Callable[..., None]) -> set[str]:
    parameters = inspect.signature(command).parameters.values()
    return {one.name for one in parameters if one.default is one.empty}
