"""The command `publish` itself, to which each module of commands adds its own."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

from publish.cli.declared import Commands, option

# The headings under which the help lists the commands.
BEGIN = "Begin a book"
WRITE = "Write and edit"
PUBLISH = "Publish it"
WORDS = "Words and spellings"
SETUP = "This machine"


app = Commands(
    {
        "name": "publish",
        "help": "One Markdown source, every Chinese edition: web pages, EPUB and PDF for each region.",
        "epilog": "Examples:  publish build  ·  publish build --format epub  ·  publish build --edition zh-TW  "
        "·  publish init my-book",
        "no_args_is_help": True,
        "rich_markup_mode": "rich",
        "pretty_exceptions_enable": False,
        "context_settings": {"help_option_names": ["-h", "--help"]},
    }
)


def _print_version(value: bool) -> None:  # Typer's form of a callback
    if value:
        from publish import __version__  # noqa: PLC0415  # slow to look up

        print(f"publish {__version__}")
        sys.exit()


@app.options
def options(
    _version: Annotated[
        bool, option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,  # handled by its callback
    _lang: Annotated[
        str,
        option(
            "--lang",
            metavar="LANGUAGE",
            help="Speak this language: en, zh-CN, zh-TW. May stand anywhere.",
            show_default="the locale's",
        ),
    ] = "",  # taken out of the arguments before they are read
    verbose: Annotated[
        bool, option("--verbose", "-v", help="Log what is done, pandoc's starts included.")
    ] = False,  # Typer's form of a flag
) -> None:
    """Set up what all commands share."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(name)s: %(message)s")
    logging.getLogger("fontTools").setLevel(logging.ERROR)
