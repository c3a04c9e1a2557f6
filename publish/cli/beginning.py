"""The commands that a book begins with: init, import, fetch, credits."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from publish.cli.app import BEGIN, app
from publish.cli.declared import argument, option
from publish.cli.given import Json, Quiet, Source, complete_kinds, complete_templates, source_of
from publish.cli.said import err, print_json, vars_of
from publish.errors import UsageError
from publish.language import tell, tell_sentences


@app.command(
    rich_help_panel=BEGIN,
    epilog="Examples:  publish init my-book && publish build my-book  ·  publish init story --template novel",
)
def init(
    directory: Annotated[Path, argument(help="The folder to make.", metavar="DIR")],
    template: Annotated[
        str,
        option(
            "--template",
            "-t",
            autocompletion=complete_templates,
            help="What it begins as: book, essays, manual, novel, report, thesis.",
        ),
    ] = "book",
) -> None:
    """Start a book: a small, complete one that builds at once."""
    from publish.source.settings.described import book_schema  # noqa: PLC0415  # loads pydantic
    from publish.starter import SCHEMA, start_book  # noqa: PLC0415  # needed here only
    from publish.textfile import write_whole  # noqa: PLC0415  # the same

    made = start_book(directory, template)
    write_whole(directory / SCHEMA, json.dumps(book_schema(tell), ensure_ascii=False, indent=1) + "\n")
    print(*made, sep="\n")
    err.print(tell(f"Now try: publish build {directory}"))


@app.command(
    "import",
    rich_help_panel=BEGIN,
    epilog="Examples:  publish import my-mdbook -o book && publish build book  ·  publish import a.md -o article  "
    "·  publish import --list",
)
def import_(
    source: Annotated[
        Path | None,
        argument(help="A folder, a file or a ZIP file: a book of another tool, a blog, a vault, a document."),
    ] = None,
    output: Annotated[Path | None, option("--output", "-o", help="The folder to make or to bring up.")] = None,
    kind: Annotated[
        str,
        option("--from", autocompletion=complete_kinds, help="What it is: mdbook, hugo …", show_default="found out"),
    ] = "",
    choices: Annotated[
        list[str] | None,
        option("--with", metavar="NAME=VALUE", help="A choice of this kind of source. May be repeated."),
    ] = None,
    language: Annotated[
        str, option("--language", metavar="TAG", help="Of a source in several languages, the one to take: zh-TW.")
    ] = "",
    dry_run: Annotated[bool, option("--dry-run", help="Only report; write nothing.")] = False,  # Typer's form of a flag
    listed: Annotated[
        bool, option("--list", help="List the kinds of source and their choices.")
    ] = False,  # Typer's form of a flag
    as_json: Json = False,  # Typer's form of a flag
) -> None:
    """Turn what was written for another tool into a source that builds, with a report of every decision.

    Run it again when the original has changed: the difference is shown, and what you changed stays as you have it.
    """
    from publish.importers import import_source  # noqa: PLC0415  # needed here only

    if listed:
        print("\n".join(_importers()))
        return
    if source is None:
        raise UsageError("nothing is named to import", "Write: publish import FROM -o DIR")
    if output is None and not dry_run:
        raise UsageError("no folder is named", "Write: publish import FROM -o DIR, or --dry-run to look first")
    chosen = dict(_choice(one) for one in choices or ())
    chosen |= {"language": language} if language else {}
    report = import_source(source, output, name=kind, choices=chosen, dry_run=dry_run)
    if as_json:
        print_json(report.as_dict())
    else:
        print(report.text(), end="")


def _choice(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f'"--with {text}" has no value', "Write: --with NAME=VALUE")
    return name, value


def _importers() -> list[str]:
    """A line for each kind of source that can be imported, and one for each of its choices."""
    from publish.importers import importer, registered  # noqa: PLC0415  # needed here only

    lines: list[str] = []
    for one in map(importer, registered()):
        lines.append(f"{one.name:<12} {tell(one.about)}")
        lines += [
            f"{'':<14} --with {each.name}={'|'.join(each.values) or '…'}: {tell(each.about)}" for each in one.choices
        ]
    return lines


@app.command(
    rich_help_panel=BEGIN, epilog="Examples:  publish fetch  ·  publish fetch article.md  ·  publish fetch --check"
)
def fetch(
    source: Source = None,
    check: Annotated[
        bool, option("--check", help="Ask for all again and say what has changed; write nothing.")
    ] = False,  # Typer's form of a flag
    update: Annotated[
        bool, option("--update", help="Ask for all again, and take what has changed.")
    ] = False,  # Typer's form of a flag
    as_json: Json = False,  # Typer's form of a flag
    quiet: Quiet = False,  # Typer's form of a flag
) -> None:
    """Fetch the pictures that a book shows from other hosts, and lock them: builds use these copies, without a network.

    They go into fetched/ beside the book, their addresses and hashes into images.lock.yaml. Only https is asked, and
    only hosts of the public internet.
    """
    from publish import fetch as fetching  # noqa: PLC0415  # needed here only
    from publish.source.project import read_project  # noqa: PLC0415  # needed here only

    def say(outcome: fetching.Fetched) -> None:
        if not quiet:
            err.print(f"{outcome.state:<8} {outcome.wanted.url}")

    today = datetime.now(UTC).date().isoformat()
    outcomes = fetching.fetch_pictures(read_project(source_of(source)), today, check=check, update=update, say=say)
    if as_json:
        print_json([vars_of(one) for one in outcomes])
    else:
        print("\n".join(fetching.report(outcomes)))
    if remedy := fetching.remedy(outcomes):
        err.print(tell_sentences(remedy))
        sys.exit(1)


@app.command(rich_help_panel=BEGIN, epilog="Example:  publish credits > source/credits.md")
def credits(source: Source = None, as_json: Json = False) -> None:  # noqa: A001  # the command's name
    """Print where each picture of a book comes from, by whom and under which licence, as a page in Markdown."""
    from publish.fetch.credits import as_page, read_credits  # noqa: PLC0415  # needed here only
    from publish.source.project import read_project  # noqa: PLC0415  # needed here only

    project = read_project(source_of(source))
    rows = read_credits(project)
    if as_json:
        print_json([vars_of(one) for one in rows])
    else:
        print(as_page(rows, project.source), end="")
