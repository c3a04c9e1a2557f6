"""The commands of those who write and edit: serve, review, diff."""

from __future__ import annotations

import os
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated

from publish.cli.app import WRITE, app
from publish.cli.declared import argument, option
from publish.cli.given import Editions, Formats, Json, Quiet, Source, known_formats, source_of
from publish.cli.said import Stopped, err
from publish.errors import UsageError
from publish.language import tell


@app.command(
    rich_help_panel=WRITE,
    epilog="Examples:  publish serve  ·  publish serve my-book --edition zh-TW --format pdf  "
    "·  publish serve --editor 'subl {file}:{line}'",
)
def serve(
    source: Source = None,
    edition: Editions = None,
    format: Formats = None,  # noqa: A002  # the option's name
    port: Annotated[int, option("--port", min=0, max=65535, help="The page's port.", show_default="a free one")] = 0,
    open_page: Annotated[bool, option("--open/--no-open", help="Open the page in the browser.")] = True,
    editor: Annotated[
        str,
        option(
            "--editor",
            help="What opens a finding's line: code, subl, zed …, a command or an address with {file} and {line}.",
            show_default="VISUAL, EDITOR, or what is installed",
        ),
    ] = "",
    quiet: Quiet = False,  # Typer's form of a flag
) -> None:
    """Show a book in the browser while it is written: each save is built, and the page follows where you read.

    Only this machine can open the page. What is built goes into a scratch folder, and your build/ is left alone.
    """
    from publish.serve import command  # noqa: PLC0415  # loads the whole pipeline
    from publish.serve.editor import choose_editor  # noqa: PLC0415  # the same

    formats = tuple(format or ())
    chosen = choose_editor(editor, os.environ)
    wish = command.PreviewWish(source_of(source), tuple(edition or ()), known_formats(formats), port, chosen)

    def log(line: str) -> None:
        if not quiet:
            err.print(f"{datetime.now().astimezone():%H:%M:%S}  {tell(line)}")

    try:
        command.serve_book(wish, show=open_page, say=lambda line: print(tell(line), flush=True), tell=log)
    except Stopped:
        err.print(tell("preview ended"))


@app.command(
    rich_help_panel=WRITE,
    epilog="Examples:  publish review  ·  publish review my-book --edition zh-TW --limit 20  "
    "·  publish review --serve  ·  publish review --diff build",
)
def review(
    source: Source = None,
    edition: Editions = None,
    reason: Annotated[
        list[str] | None, option("--reason", help="Only places asked for this reason. May be repeated.")
    ] = None,
    chapter: Annotated[
        list[str] | None, option("--chapter", help="Only this chapter: its key or its file. May be repeated.")
    ] = None,
    limit: Annotated[int | None, option("--limit", min=1, help="Only the first so many questions.")] = None,
    everything: Annotated[
        bool, option("--all", help="Also what is decided already.")
    ] = False,  # Typer's form of a flag
    as_json: Json = False,  # Typer's form of a flag
    as_markdown: Annotated[
        bool, option("--markdown", help="Print Markdown, for reading.")
    ] = False,  # Typer's form of a flag
    serve: Annotated[
        bool, option("--serve", help="Decide in a browser, on a page that only this machine can open.")
    ] = False,  # Typer's form of a flag
    port: Annotated[int, option("--port", min=0, max=65535, help="The page's port.", show_default="a free one")] = 0,
    open_page: Annotated[bool, option("--open/--no-open", help="Open the page in the browser.")] = True,
    diff: Annotated[
        Path | None,
        option("--diff", help="List the sentences that an earlier build has otherwise.", metavar="OLD_BUILD"),
    ] = None,
) -> None:
    """List the doubtful choices of a book's conversion, the most doubtful first, each in its sentence.

    What an editor decides stands in decisions.yaml and is not asked again.
    """
    from publish.review import command  # noqa: PLC0415  # loads the whole pipeline
    from publish.review.questions import Filter  # noqa: PLC0415  # the same

    wanted = Filter(tuple(reason or ()), tuple(chapter or ()), everything)
    if serve:
        _serve_review(source_of(source), tuple(edition or ()), port, show=open_page)
        return
    form: command.Form = "json" if as_json else "markdown" if as_markdown else "text"
    if diff is not None:
        command.print_difference(source_of(source), diff, tuple(edition or ()), wanted, limit, form)
    else:
        command.print_list(source_of(source), tuple(edition or ()), wanted, limit, form)


def _serve_review(source: Path, editions: tuple[str, ...], port: int, *, show: bool) -> None:
    """The review's page, until Ctrl-C, which is how it ends."""
    from publish.serve import command  # noqa: PLC0415  # needed here only

    try:
        command.serve_review(source, editions, port, show=show, say=lambda line: print(tell(line), flush=True))
    except Stopped:
        err.print(tell("review ended"))


@app.command(
    rich_help_panel=WRITE,
    epilog="Examples:  publish diff build-2025 build  "
    "·  publish diff old-book my-book --edition zh-TW --html diff.html",
)
def diff(
    old: Annotated[Path, argument(help="What it was: a folder that publish build wrote, or a book.")],
    new: Annotated[Path, argument(help="What it is now: the same.")],
    edition: Editions = None,
    page: Annotated[
        Path | None, option("--html", help="Write the redline into this file, a page that needs no other.")
    ] = None,
    as_json: Json = False,  # Typer's form of a flag
    quiet: Quiet = False,  # Typer's form of a flag
) -> None:
    """Show what differs between two states of a book, passage by passage, in each edition that both have.

    What has gone stands in [-…-], what is new in {+…+}; a passage that only changed its place is told as moved. Books
    are built for this, into a folder of their own; to see code, formulas and pictures compared, builds need web pages.
    """
    from publish.redline import command, report  # noqa: PLC0415  # loads the whole pipeline
    from publish.textfile import write_whole  # noqa: PLC0415  # needed here only

    def log(message: str) -> None:
        if not (quiet or as_json):
            err.print(tell(message))

    if page is not None and not page.parent.is_dir():
        raise UsageError(f"there is no folder {page.parent}", "Choose another --html")
    found = command.compare(old, new, tuple(edition or ()), log)
    if page is not None:
        write_whole(page, report.as_page(found, str(old), str(new)))
    if as_json:
        print(report.as_json(found))
    elif page is None:
        out = import_module("rich.console").Console(highlight=False, soft_wrap=True)  # slow to load
        for one in report.as_text(found):
            out.print(one)
    else:
        print(*(report.summary_line(one) for one in found), page, sep="\n")
