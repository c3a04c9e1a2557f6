"""The commands for machines: doctor, schema."""

from __future__ import annotations

import sys
from typing import Annotated

from publish.cli.app import SETUP, app
from publish.cli.declared import option
from publish.cli.given import Json
from publish.cli.said import print_json
from publish.language import asked, tell


@app.command(rich_help_panel=SETUP, epilog="Example:  publish doctor --json")
def doctor(as_json: Json = False) -> None:  # Typer's form of a flag
    """Say what is installed, what is missing, and how to get it."""
    from publish import doctor as doctors  # noqa: PLC0415  # imports everything that it examines

    rows = doctors.examine()
    print(doctors.to_json(rows) if as_json else doctors.report(rows))
    sys.exit(doctors.exit_code(rows))


@app.command(rich_help_panel=SETUP, epilog="Examples:  publish schema --keys  ·  publish schema > book.schema.json")
def schema(
    keys: Annotated[
        bool, option("--keys", help="List the keys, each with what it means.")
    ] = False,  # Typer's form of a flag
) -> None:
    """Print the JSON Schema of book.yaml, for editors, or a list of its keys, for people."""
    from publish.source.settings.described import book_schema, described_keys  # noqa: PLC0415  # loads pydantic

    if not keys:
        print_json(book_schema(asked))
        return
    rows = list(described_keys(tell))
    width = max(len(name) for name, _ in rows)
    for name, meaning in rows:
        print(f"{name:<{width}}  {meaning}".rstrip())
