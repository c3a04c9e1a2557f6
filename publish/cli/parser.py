"""The parser of the command line, Typer's: made of what the commands declare."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer

from publish.cli.declared import Commands, Declared


def parser(commands: Commands) -> typer.Typer:
    """Typer's own form of commands."""
    made = typer.Typer(**commands.settings)
    for function in commands.common:
        made.callback()(_typed(function))
    for member, settings in commands.members:
        if isinstance(member, Commands):
            made.add_typer(parser(member), **settings)
        else:
            made.command(**settings)(_typed(member))
    return made


def _typed(function: Callable[..., None]) -> Callable[..., None]:
    """A command whose parameters are annotated as Typer reads them."""

    @wraps(function)
    def command(*given: Any, **named: Any) -> None:
        function(*given, **named)

    hints = {name: _hint(one) for name, one in get_type_hints(function, include_extras=True).items()}
    signature = inspect.signature(function)
    parameters = [one.replace(annotation=hints[name]) for name, one in signature.parameters.items()]
    command.__annotations__, vars(command)["__signature__"] = hints, signature.replace(parameters=parameters)
    return command


def _hint(hint: Any) -> Any:
    if get_origin(hint) is not Annotated:
        return hint
    kind, said = get_args(hint)
    return Annotated[kind, _info(said)] if isinstance(said, Declared) else hint


def _info(said: Declared) -> Any:
    return typer.Option(*said.names, **said.settings) if said.names else typer.Argument(**said.settings)
