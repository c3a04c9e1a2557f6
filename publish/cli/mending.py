"""The command that mends a manuscript: mend."""

from __future__ import annotations

from typing import Annotated

from publish.cli.app import WRITE, app
from publish.cli.declared import option
from publish.cli.given import Json, Source, source_of
from publish.cli.said import err, print_json
from publish.language import tell


@app.command(rich_help_panel=WRITE, epilog="Examples:  publish mend  ·  publish mend my-book --write")
def mend(
    source: Source = None,
    write: Annotated[
        bool, option("--write", help="Write the files; without it the difference is shown.")
    ] = False,  # Typer's form of a flag
    as_json: Json = False,  # Typer's form of a flag
) -> None:
    """Show full-width marks in the place of half-width ones between Chinese words, and write them when asked.

    Numbers, Western words, code, formulas, addresses and lists of literature stay as they are.
    """
    from publish.source import mend as mending  # noqa: PLC0415  # loads the reading
    from publish.source.project import read_project  # noqa: PLC0415  # loads YAML

    made = mending.mend(read_project(source_of(source)))
    for one in made if write else ():
        one.write()
    count = sum(one.count for one in made)
    if as_json:
        print_json({"files": [{"file": one.name, "marks": one.count} for one in made], "written": write})
    elif write:
        err.print(tell(f"{count} marks in {len(made)} files were mended"))
    elif made:
        print("".join(one.diff() for one in made), end="")
        err.print(tell(f"{count} marks in {len(made)} files can be mended: publish mend --write"))
    else:
        err.print(tell("there is nothing to mend"))
