"""The commands that make files and look after them: build, verify, clean."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from publish.cli.app import PUBLISH, app
from publish.cli.declared import argument, option
from publish.cli.given import Editions, Formats, Json, Kept, Output, Quiet, SharedCache, Source, Strict, source_of
from publish.cli.progress import Progress
from publish.cli.said import as_rows, of_failure, print_findings, print_json, print_line, vars_of
from publish.compiled import loading
from publish.errors import PublishError, UsageError
from publish.language import asked, tell

if TYPE_CHECKING:
    from publish.build.request import Report, Request
    from publish.trail import Reason


@app.command(
    rich_help_panel=PUBLISH,
    epilog="Examples:  publish build  ·  publish build my-book --edition zh-TW --format pdf  "
    "·  publish build article.md --output out",
)
def build(
    source: Source = None,
    output: Output = Path("build"),
    edition: Editions = None,
    format: Formats = None,  # noqa: A002  # the option's name
    jobs: Annotated[
        int | None,
        option(
            "--jobs",
            "-j",
            min=1,
            help="At most so many processes at once.",
            show_default="as keeps the processors busy",
        ),
    ] = None,
    strict: Strict = False,  # Typer's form of a flag
    as_json: Json = False,  # Typer's form of a flag
    quiet: Quiet = False,  # Typer's form of a flag
    cache: Kept = True,  # Typer's form of a flag
    shared: SharedCache = "",
    explain: Annotated[
        bool, option("--explain", help="Say of each part and file why it was made again, or was not.")
    ] = False,  # Typer's form of a flag
) -> None:
    """Build a book: every edition and format that it wants, or those named.

    Files appear whole or not at all. A build of some editions or formats leaves the others as they stand.
    Where nothing has changed since the last such build, it is told again and not made: .publish-cache, beside the
    book, has a note of it.
    """
    from publish.build.last import recall  # noqa: PLC0415  # needed here only
    from publish.build.request import Request  # noqa: PLC0415  # the same

    request = Request(
        source_of(source), output, tuple(edition or ()), tuple(format or ()), jobs, strict, cache, shared=shared
    )
    try:
        told, because = recall(request)
        report = told or _build(request, quiet=quiet, as_json=as_json)
    except PublishError as error:
        if as_json:
            print_line({"event": "failed", "findings": as_rows(of_failure(error))})
        raise
    print_findings(report.findings, quiet=quiet)
    if as_json:
        why = {"because": because, "reasons": [one.as_dict() for one in report.reasons]} if explain else {}
        print_line(
            {
                "event": "built",
                "artifacts": [vars_of(one) for one in report.artifacts],
                "findings": as_rows(report.findings),
                "pandoc-starts": report.pandoc_starts,
                "seconds": round(report.seconds, 2),
                **why,
            }
        )
        return
    if explain:
        print(*_explained(report.reasons, because), sep="\n")
    if not quiet:
        _print_targets(report, output)


def _explained(reasons: Sequence[Reason], because: str) -> Iterator[str]:
    """Why a build was made, and each part and file of it, a line each; those that were not made, counted by why."""
    if because:
        yield tell(f"built: {because}")
    for step, group in groupby(reasons, key=lambda one: one.step):
        listed = list(group)
        yield step
        yield from (f"  {one.part}: {tell(one.why)}" for one in listed if one.made)
        counts = Counter(one.why for one in listed if not one.made)
        yield from (tell(f"  {count} not made again: {why}") for why, count in counts.items())


def _build(request: Request, *, quiet: bool, as_json: bool) -> Report:
    """Build what was not built before, or has changed."""
    from publish.build.last import was_built  # noqa: PLC0415  # needed here only
    from publish.build.workers import prepare  # noqa: PLC0415  # needed here only

    if request.jobs != 1 and not was_built(request):
        prepare()  # the workers' server loads while the pipeline does
    with loading():
        from publish.pipeline import build as run  # noqa: PLC0415  # loads the whole pipeline
    with Progress(quiet=quiet, as_json=as_json) as progress:
        return run(request, progress)


def _print_targets(report: Any, output: Path) -> None:
    """What was built, one line a thing that a reader may open."""
    from publish.formats import opening  # noqa: PLC0415  # needed here only

    for edition, format_name in report.targets:
        made = [one.path for one in report.artifacts if (one.edition, one.format) == (edition, format_name)]
        print(output / edition / opening(format_name, [path.removeprefix(f"{edition}/") for path in made]))
    print(output / "index.html")


@app.command(rich_help_panel=PUBLISH, epilog="Examples:  publish verify  ·  publish verify out --json")
def verify(
    output: Annotated[Path, argument(help="A folder that publish build wrote.")] = Path("build"),
    as_json: Json = False,  # Typer's form of a flag
) -> None:
    """Compare every file of an output folder with the hash in its manifest; exit code 1 where one differs."""
    from publish.build import store  # noqa: PLC0415  # needed here only

    found = store.differences(output)
    count = len(store.read_manifest(output)["artifacts"])
    if as_json:
        print_json({"files": count, "differences": [{"path": path, "problem": asked(what)} for path, what in found]})
    else:
        print(*(f"{output / path} {tell(what)}" for path, what in found), sep="\n", end="\n" if found else "")
        as_built = (
            f"{count} files, {len(found)} not as they were built" if found else f"{count} files, all as they were built"
        )
        print(tell(as_built))
    if found:
        sys.exit(1)


@app.command(
    rich_help_panel=PUBLISH, epilog="Examples:  publish clean --output build  ·  publish clean --cache my-book"
)
def clean(
    source: Source = None,
    output: Output = Path("build"),
    cache: Annotated[
        bool, option("--cache", help="Delete what builds keep beside the book instead, .publish-cache.")
    ] = False,  # Typer's form of a flag
    quiet: Quiet = False,  # Typer's form of a flag
) -> None:
    """Delete what builds made in the output folder: what its manifest lists, and nothing else."""
    if source is not None and not cache:
        raise UsageError("a book is named, and no book is deleted", "Write: publish clean --output FOLDER, or --cache")
    if cache:
        said = _clean_cache(source_of(source))
    else:
        from publish.build import store  # noqa: PLC0415  # needed here only

        deleted = store.clean(output)
        said = f"{len(deleted)} files deleted" if deleted else f"nothing to delete: {output} has no manifest"
    if not quiet:
        print(tell(said))


def _clean_cache(source: Path) -> str:
    from publish.build.last import root_of  # noqa: PLC0415  # needed here only
    from publish.cache import FOLDER, delete  # noqa: PLC0415  # the same

    size = delete(root_of(source))
    return f"{size / 1e6:.1f} MB deleted" if size else f"nothing to delete: the book has no {FOLDER}"
