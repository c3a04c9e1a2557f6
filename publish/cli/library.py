"""The commands of many books: library build."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from publish.cli.app import PUBLISH, app
from publish.cli.declared import Commands, argument, option
from publish.cli.given import Json, Kept, Quiet, SharedCache, Strict
from publish.cli.said import err, print_line

library = Commands({"help": "Build many books in one run, each by itself, on one machine or several."})

app.add(library, name="library", no_args_is_help=True, rich_help_panel=PUBLISH)


@library.command(
    "build",
    epilog="Examples:  publish library build library.yaml  ·  publish library build library.yaml --workers 4  "
    "·  publish library build library.yaml --scheduler tcp://10.0.0.2:8786 --shared-cache s3://books/cache",
)
def build_books(
    catalog: Annotated[Path, argument(help="The list of books, a YAML file.")],
    output: Annotated[
        Path | None,
        option(
            "--output",
            "-o",
            help="The folder to write to, one folder in it for each book.",
            show_default="as the list says",
        ),
    ] = None,
    executor: Annotated[
        str,
        option("--executor", help="Where books are built: here, processes, dask.", show_default="as the list says"),
    ] = "",
    scheduler: Annotated[
        str,
        option("--scheduler", help="The address of a Dask scheduler, tcp://…", show_default="as the list says"),
    ] = "",
    workers: Annotated[
        int | None,
        option("--workers", "-w", min=1, help="So many books at once.", show_default="as the list says"),
    ] = None,
    strict: Strict = False,  # Typer's form of a flag
    as_json: Json = False,  # Typer's form of a flag
    quiet: Quiet = False,  # Typer's form of a flag
    cache: Kept = True,  # Typer's form of a flag
    shared: SharedCache = "",
) -> None:
    """Build the books of a catalog; exit code 1 where one failed, which stops none of the others.

    The output folder's library.jsonl is the ledger: a line for what was begun and one for what came of it. After a
    kill, the same command goes on where the run was ended.
    """
    from publish.library import command  # noqa: PLC0415  # needed here only
    from publish.library.run import LibraryWish  # noqa: PLC0415  # the same

    wish = LibraryWish(output, executor, scheduler, workers, shared, strict, afresh=not cache)

    def tell(line: str) -> None:
        if not quiet:
            err.print(line)

    if not command.build(catalog, wish, tell, print_line=print_line if as_json else None):
        sys.exit(1)
