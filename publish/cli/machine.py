"""The commands for machines: doctor, schema."""

from __future__ import annotations

import typer

from publish.cli.app import SETUP, app
from publish.cli.given import Json
from publish.cli.said import print_json
from publish.language import asked


@app.command(rich_help_panel=SETUP, epilog="Example:  publish doctor --json")
def doctor(as_json: Json = False) -> None:  # Typer's form of a flag
    """Say what is installed, what is missing, and how to get it."""
    from publish import doctor as doctors  # noqa: PLC0415  # imports everything that it examines

    rows = doctors.examine()
    print(doctors.to_json(rows) if as_json else doctors.report(rows))
    raise typer.Exit(doctors.exit_code(rows))


@app.command(rich_help_panel=SETUP, epilog="Example:  publish schema > book.schema.json")
def schema() -> None:
    """Print the JSON Schema of book.yaml."""
    from publish.source.settings.schema import book_schema  # noqa: PLC0415  # loads pydantic

    print_json(book_schema(asked))
