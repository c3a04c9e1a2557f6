"""The command line: arguments in, exit code out."""

from __future__ import annotations

import atexit
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from publish.cli.app import app, options
from publish.cli.arguments import plain
from publish.cli.said import Stopped, err, print_findings
from publish.errors import GatheredError, PublishError
from publish.findings import line
from publish.language import of_locale, spoken, taken, tell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    import typer


_stops: list[int] = []  # the signals to end that have come


def _stop(number: int, _frame: object) -> None:
    _stops.append(number)
    raise Stopped


# Where the commands are, in the order in which the help lists them.
_MODULES = ("beginning", "editing", "mending", "checking", "building", "library", "converting", "machine")
# What is run again and again, by a script or after each save: such a command waits for no other, nor for Typer.
_OFTEN = {"build": "building", "check": "checking", "convert": "converting"}


def whole() -> typer.Typer:
    """The command with all that it can do."""
    from publish.cli.parser import parser  # noqa: PLC0415  # loads Typer

    for name in _MODULES:
        _module(name)
    return parser(app)


def _module(name: str) -> ModuleType:
    return import_module(f"publish.cli.{name}")


def _run(arguments: Sequence[str]) -> None:
    """Run the command, where it can without Typer, which takes longer to get ready than some of them take."""
    if not _run_often(arguments):
        from publish.cli.help import run_told  # noqa: PLC0415  # loads Typer

        run_told(whole(), "publish", arguments)


def _run_or_stop(arguments: Sequence[str]) -> None:
    """Run the command; whatever fails once a signal to end has come is `Stopped`.

    A signal that comes while a module is loaded leaves it half there, and what asks for it next fails in its own way.
    """
    try:
        _run(arguments)
    except Exception:
        if _stops:
            raise Stopped from None
        raise


def _run_often(arguments: Sequence[str]) -> bool:
    """Run a command that is run often; False where it is none, or where its arguments are for Typer to read."""
    name = arguments[0] if arguments else ""
    if name not in _OFTEN:
        return False
    command = getattr(_module(_OFTEN[name]), name)
    given = plain(command, arguments[1:])
    if given is None:
        return False
    options()
    command(**given)
    return True


def _speak(arguments: Sequence[str]) -> list[str]:
    """Choose the language to speak; the arguments without `--lang`. Raises `UsageError` for one that is unknown."""
    spoken.language, spoken.asked = of_locale(os.environ), False
    rest, wanted = taken(arguments)
    if wanted:
        spoken.language, spoken.asked = wanted, True
    return rest


def main() -> None:
    """Run the command; expected failures are one line on standard error and their own exit code."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)
    try:
        _run_or_stop(_speak(sys.argv[1:]))
        sys.stdout.flush()
    except PublishError as error:
        if isinstance(error, GatheredError):
            print_findings(error.findings, quiet=True)
        for one in error.all:
            err.print(line("error", one.place, one.problem, one.remedy))
        sys.exit(error.exit_code)
    except Stopped:
        err.print(tell("stopped"))
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except RecursionError:
        err.print(tell("error: the text nests too deeply. Nest lists, quotations and divisions less."))
        sys.exit(1)


def process() -> None:
    """Run the command in a process of its own, which ends with its exit code.

    What is run often ends it at once: to take apart all that was loaded takes Python longer than some commands take.
    """
    code: int | str = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code or 0
    if not isinstance(code, int) or not _OFTEN.keys() & sys.argv[1:2]:
        sys.exit(code)
    atexit._run_exitfuncs()  # noqa: SLF001  # as multiprocessing ends its own processes
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads it any more
            stream.flush()
    os._exit(code)
