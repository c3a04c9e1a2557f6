"""The command's help and its parser's complaints in the language that is spoken and in words for people.

Typer has them in English, and names what an option takes by its type in Python.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from publish import formats
from publish.language import tell
from publish.regions import REGIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_KINDS = {"path": "path", "int": "number", "float": "number"}


def run_told(app: typer.Typer, name: str, arguments: Sequence[str]) -> None:
    """Run the command with its help and complaints told; leaves with an exit code, as Typer does."""
    from typer import rich_utils  # noqa: PLC0415  # loads rich

    for key in filter(str.isupper, vars(rich_utils)):
        if isinstance(value := getattr(rich_utils, key), str):
            setattr(rich_utils, key, tell(value))
    for made in ("_make_rich_text", "_get_parameter_help"):
        setattr(rich_utils, made, _folded(getattr(rich_utils, made)))
    command: Any = typer.main.get_command(app)
    for one in _commands(command):
        _translate(one)
    try:
        sys.exit(command(list(arguments), prog_name=name, standalone_mode=False) or 0)
    except typer.Abort:
        rich_utils.rich_abort_error()
        sys.exit(1)
    except Exception as error:
        wrong: Any = error
        if not hasattr(error, "format_message"):
            raise
        wrong.format_message = _advised(wrong, wrong.format_message)
        rich_utils.rich_format_error(wrong)
        sys.exit(wrong.exit_code)


def _commands(command: TyperGroup | TyperCommand) -> Iterator[TyperGroup | TyperCommand]:
    yield command
    for one in getattr(command, "commands", {}).values():
        yield from _commands(one)


def _translate(command: Any) -> None:
    """Tell a command's help, that of its options included."""
    command.help = _paragraphs(command.help)
    command.epilog = _example(command.epilog)
    if isinstance(panel := getattr(command, "rich_help_panel", None), str):
        command.rich_help_panel = tell(panel)
    command.get_usage = _unbraced(_told(command.get_usage, "Usage: ", "[OPTIONS]", "COMMAND [ARGS]..."))
    helped = command.get_help_option(typer.Context(command))
    for one in [*command.params, *([helped] if helped else [])]:
        if isinstance(one, (TyperArgument, TyperOption)):
            one.help = _paragraphs(one.help)
            setattr(one, "display_type", _named(one.display_type))  # noqa: B010  # a method of Typer's
            named = one.metavar or (one.name.upper() if isinstance(one, TyperArgument) and one.name else "")
            one.metavar = one.metavar if tell(named) == named else tell(named)
            if isinstance(one.show_default, str):
                one.show_default = tell(one.show_default)


def _advised(wrong: Any, say: Callable[[], str]) -> Callable[[], str]:
    """What the parser complains of, told; of a word too many, the option that it belongs behind."""
    extra = re.fullmatch(r"Got unexpected extra argument(?:s|\(s\))? \((\S+)\)", say())
    options = {name for one in wrong.ctx.command.params for name in one.opts} if extra and wrong.ctx else set()
    kinds = {"--edition": set(REGIONS), "--format": set(formats.names())}
    option = next((name for name, known in kinds.items() if extra and extra[1] in known), "--output")
    if not extra or option not in options:
        return _told(say)
    return lambda: f"{tell(say())}\n{tell(f'Say it with its option: {option} {extra[1]}')}"


def _kind(said: str) -> str:
    """What an option or an argument takes, for people; nothing for what is only there or not."""
    name = re.sub(r"[^a-z ].*", "", said.strip("<>")).partition(" ")[0]
    return "" if name == "bool" else f"<{tell(_KINDS.get(name, 'text'))}>"


def _named(say: Callable[..., str]) -> Callable[..., str]:
    return lambda ctx: _kind(say(ctx))


def _unbraced(say: Callable[..., str]) -> Callable[..., str]:
    """A function that says how a command is used, without Typer's braces around what must be given."""
    return lambda ctx: re.sub(r"\{(\w+)\}", r"\1", say(ctx))


def _paragraphs(text: str | None) -> str | None:
    return text and "\n\n".join(tell(" ".join(one.split())) for one in text.split("\n\n"))


def _example(text: str | None) -> str | None:
    first, colon, rest = (text or "").partition(":")
    return tell(first + colon) + rest if colon else text


def _told(say: Callable[..., str], *parts: str) -> Callable[..., str]:
    """A function that says something, told: the whole of it, or these parts."""

    def told(*arguments: Any) -> str:
        text = say(*arguments)
        for part in parts:
            text = text.replace(part, tell(part))
        return text if parts else tell(text)

    return told


def _folded(make: Callable[..., Any]) -> Callable[..., Any]:
    """A function that makes rich's text, or columns of it: lines may break anywhere, as Chinese ones without spaces."""

    def made(**options: Any) -> Any:
        whole = make(**options)
        for text in getattr(whole, "renderables", [whole]):
            text.overflow = "fold"
        return whole

    return made
