"""Typer's parser, made of what commands declare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer.testing import CliRunner

from publish.cli.declared import Commands, argument, option
from publish.cli.parser import parser

Loud = Annotated[bool, option("--loud/--quiet", help="How it is said.")]
GIVEN: list[object] = []
commands, group = Commands({"name": "say"}), Commands({"help": "Several."})


@commands.options
def shared(lang: Annotated[str, option("--lang", help="In which language.")] = "en") -> None:
    GIVEN.append(lang)


@commands.command(epilog="Example: say one")
def one(
    file: Annotated[Path, argument(help="What is said.", metavar="FILE")],
    loud: Loud = False,
    times: Annotated[list[int] | None, option("--times", "-t", min=1)] = None,
) -> None:
    """Say a file."""
    GIVEN.extend([file, loud, times])


@group.command("all")
def every(loud: Loud = True) -> None:
    """Say all."""
    GIVEN.append(loud)


commands.add(group, name="many")


def run(*arguments: str) -> tuple[int, list[object], str]:
    GIVEN.clear()
    result = CliRunner().invoke(parser(commands), arguments)
    return result.exit_code, [*GIVEN], result.output


def test_options_arguments_and_groups_are_read_as_declared():
    assert run("--lang", "zh", "one", "a.md", "--loud", "-t", "2", "-t", "3")[:2] == (
        0,
        ["zh", Path("a.md"), True, [2, 3]],
    )
    assert run("one", "a.md")[:2] == (0, ["en", Path("a.md"), False, None])
    assert run("many", "all", "--quiet")[:2] == (0, ["en", False])


def test_what_is_not_declared_is_refused_and_what_is_is_explained():
    assert run("one")[0] == 2
    assert run("one", "a.md", "-t", "0")[0] == 2
    code, _, said = run("one", "--help")
    assert code == 0
    assert all(word in said for word in ("Say a file.", "What is said.", "--loud", "How it is said."))
