"""The command line: arguments in, exit code out. Progress and messages go to stderr, results to stdout."""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from publish.arguments import plain
from publish.errors import GatheredError, Place, PublishError, UsageError
from publish.findings import Finding, as_lines, line
from publish.language import ENGLISH, asked, of_locale, phrasebook, spoken, taken, tell, tell_sentences

if TYPE_CHECKING:
    from rich.console import Console

    from publish.build.progress import Event
    from publish.build.request import Report, Request
    from publish.trail import Reason

app = typer.Typer(
    name="publish",
    help="One Markdown source, every Chinese edition: web pages, EPUB and PDF for each region.",
    epilog="Examples:  publish build  ·  publish build --format epub  ·  publish build --edition zh-TW  "
    "·  publish init my-book",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class _Stderr:
    """Standard error: plain lines, and rich's where something moves on a terminal, between which they have to go."""

    @cached_property
    def console(self) -> Console:
        """Rich's own."""
        from rich.console import Console  # noqa: PLC0415  # slow to load

        return Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

    def print(self, message: str) -> None:
        """Write a line."""
        if "console" in vars(self):
            self.console.print(message, markup=False)
        else:
            print(message, file=sys.stderr, flush=True)


err = _Stderr()

Source = Annotated[
    Path | None, typer.Argument(help="A folder with book.yaml, or one Markdown file.", show_default="source")
]
Output = Annotated[Path, typer.Option("--output", "-o", help="The folder to write to.")]


def _each(values: list[str] | None) -> list[str] | None:
    """The names given, several of which may stand behind one option with commas between them."""
    return [name for value in values for one in value.split(",") if (name := one.strip())] if values else values


def _editions(incomplete: str) -> list[str]:
    """The regions that a shell completes; a book's own editions it does not know."""
    from publish.regions import REGIONS  # noqa: PLC0415  # asked by a shell only

    return _behind_comma(incomplete, REGIONS)


def _formats(incomplete: str) -> list[str]:
    """The formats that a shell completes."""
    from publish import formats  # noqa: PLC0415  # asked by a shell only

    return _behind_comma(incomplete, formats.names())


def _templates(incomplete: str) -> list[str]:
    from publish.starter import template_names  # noqa: PLC0415  # asked by a shell only

    return [name for name in template_names() if name.startswith(incomplete)]


def _kinds(incomplete: str) -> list[str]:
    from publish.importers import registered  # noqa: PLC0415  # asked by a shell only

    return [name for name in registered() if name.startswith(incomplete)]


def _behind_comma(incomplete: str, names: Iterable[str]) -> list[str]:
    before, comma, begun = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in names if name.startswith(begun)]


Editions = Annotated[
    list[str] | None,
    typer.Option(
        "--edition",
        "-e",
        callback=_each,
        autocompletion=_editions,
        help="Only these editions: zh-CN, zh-TW, zh-HK … With commas, or repeated.",
    ),
]
Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        "-f",
        callback=_each,
        autocompletion=_formats,
        help="Only these formats: html, epub, pdf. With commas, or repeated.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON to standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print warnings and errors only.")]
Strict = Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")]


SharedCache = Annotated[
    str,
    typer.Option(
        "--shared-cache",
        envvar="PUBLISH_SHARED_CACHE",
        help="Share what builds keep with other machines: a folder, or an address such as s3://bucket/folder.",
        show_default=False,
    ),
]


def _print_version(value: bool) -> None:  # Typer's form of a callback
    if value:
        from publish import __version__  # noqa: PLC0415  # slow to look up

        print(f"publish {__version__}")
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,  # handled by its callback
    _lang: Annotated[
        str,
        typer.Option(
            "--lang",
            metavar="LANGUAGE",
            help="Speak this language: en, zh-CN, zh-TW. May stand anywhere.",
            show_default="the locale's",
        ),
    ] = "",  # taken out of the arguments before they are read
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log what is done, pandoc's starts included.")
    ] = False,  # Typer's form of a flag
) -> None:
    """Set up what all commands share."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(name)s: %(message)s")
    logging.getLogger("fontTools").setLevel(logging.ERROR)


@app.command(
    epilog="Examples:  publish build  ·  publish build my-book --edition zh-TW --format pdf  "
    "·  publish build article.md --output out"
)
def build(
    source: Source = None,
    output: Output = Path("build"),
    edition: Editions = None,
    format: Formats = None,  # noqa: A002  # the option's name
    jobs: Annotated[
        int | None,
        typer.Option(
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
    cache: Annotated[
        bool, typer.Option("--cache/--no-cache", help="Use what earlier builds made of what has not changed.")
    ] = True,
    shared: SharedCache = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of each part and file why it was made again, or was not.")
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
        _source(source), output, tuple(edition or ()), tuple(format or ()), jobs, strict, cache, shared=shared
    )
    try:
        told, because = recall(request)
        report = told or _build(request, quiet=quiet, as_json=as_json)
    except PublishError as error:
        if as_json:
            _print_line({"event": "failed", "findings": _rows(_of_failure(error))})
        raise
    _print_findings(report.findings, quiet=quiet)
    if as_json:
        why = {"because": because, "reasons": [one.as_dict() for one in report.reasons]} if explain else {}
        _print_line(
            {
                "event": "built",
                "artifacts": [vars_of(one) for one in report.artifacts],
                "findings": _rows(report.findings),
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


def _of_failure(error: PublishError) -> list[Finding]:
    """What was found until a book could not be built, and why it could not, as findings."""
    before = error.findings if isinstance(error, GatheredError) else ()
    return [*before, *(Finding("error", "error", one.place or Place(""), one.problem, one.remedy) for one in error.all)]


_COLLECTED = 50_000  # objects more than there were, after which cycles are looked for; of these a build makes few


def _build(request: Request, *, quiet: bool, as_json: bool) -> Report:
    """Build what was not built before, or has changed."""
    gc.disable()  # modules are no garbage
    from publish.build.workers import prepare  # noqa: PLC0415  # needed here only

    if request.jobs != 1:
        prepare()  # the workers' server loads while the pipeline does
    from publish.pipeline import build as run  # noqa: PLC0415  # loads the whole pipeline

    gc.freeze()
    gc.set_threshold(_COLLECTED)
    gc.enable()
    with _Progress(quiet=quiet, as_json=as_json) as progress:
        return run(request, progress)


@app.command(
    epilog="Examples:  publish serve  ·  publish serve my-book --edition zh-TW --format pdf  "
    "·  publish serve --editor 'subl {file}:{line}'"
)
def serve(
    source: Source = None,
    edition: Editions = None,
    format: Formats = None,  # noqa: A002  # the option's name
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The page's port.", show_default="a free one")
    ] = 0,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
    editor: Annotated[
        str,
        typer.Option(
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
    wish = command.PreviewWish(_source(source), tuple(edition or ()), _known(formats), port, chosen)

    def log(line: str) -> None:
        if not quiet:
            err.print(f"{datetime.now().astimezone():%H:%M:%S}  {tell(line)}")

    try:
        command.serve_book(wish, show=open_page, say=lambda line: print(tell(line), flush=True), tell=log)
    except Stopped:
        err.print(tell("preview ended"))


@app.command(
    epilog="Examples:  publish check  ·  publish check my-book --json  ·  publish check --format pdf book.pdf  "
    "·  publish check my-book --format pdf --for press"
)
def check(
    source: Source = None,
    edition: Editions = None,
    file_format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            help="Check a finished file, ours or anyone's, or what a book was built into: epub, pdf.",
        ),
    ] = "",
    output: Annotated[
        Path, typer.Option("--output", "-o", help="With --format: where the book was built.", show_default="build")
    ] = Path("build"),
    purpose: Annotated[
        str, typer.Option("--for", help="With --format pdf: check it for a printing press, too: press.")
    ] = "",
    ink_limit: Annotated[
        int | None,
        typer.Option("--ink-limit", help="With --for press: the most of all inks together, in percent; 300."),
    ] = None,
    pictures: Annotated[
        Path | None, typer.Option("--pictures", help="Draw each finding in a finished file into this folder.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail on notes too, so that nothing is left to say.")
    ] = False,  # Typer's form of a flag
    as_json: Json = False,  # Typer's form of a flag
) -> None:
    """Check a book without building it, or a finished file; exit code 1 for an error or a warning.

    Editions are compared with the source: nothing may be lost, doubled or left in the other script.
    """
    from publish.check.files import INK_LIMIT  # noqa: PLC0415  # needed here only

    file_format = file_format or _format_of(source)
    if pictures and not file_format:
        raise UsageError("--pictures draws findings in a finished file", "Write: publish check --format pdf FILE")
    if purpose and (purpose != "press" or not file_format):
        raise UsageError("--for press checks a finished file", "Write: publish check --format pdf --for press FILE")
    files = _files_to_check(source, file_format, output, edition or (), purpose) if file_format else []
    if edition and files == [source]:
        raise UsageError("--edition chooses an edition of a book, not of a file", "Leave it out")
    try:
        limit = (ink_limit or INK_LIMIT) if purpose else 0
        name, findings = _check_files(files, file_format, limit) if file_format else _check_source(source, edition)
    except UsageError:
        raise
    except PublishError as error:
        if not as_json:
            raise
        _print_json({"findings": _rows(_of_failure(error))})
        raise typer.Exit(1) from error
    failing = [one for one in findings if strict or one.severity != "note"]
    if pictures:
        for file in files:
            _draw_findings(file, file_format, findings, pictures / file.parent.name if len(files) > 1 else pictures)
    if as_json:
        _print_json({"findings": _rows(findings)})
    else:
        lines = _report(findings) if file_format else as_lines(findings)
        print(*lines, sep="\n", end="\n" if findings else "")
        count = len(failing)
        print(tell(f"{name}: {count} finding{'' if count == 1 else 's'}"))
    if failing:
        raise typer.Exit(1)


@app.command(
    epilog="Examples:  publish review  ·  publish review my-book --edition zh-TW --limit 20  "
    "·  publish review --serve  ·  publish review --diff build"
)
def review(
    source: Source = None,
    edition: Editions = None,
    reason: Annotated[
        list[str] | None, typer.Option("--reason", help="Only places asked for this reason. May be repeated.")
    ] = None,
    chapter: Annotated[
        list[str] | None, typer.Option("--chapter", help="Only this chapter: its key or its file. May be repeated.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only the first so many questions.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what is decided already.")
    ] = False,  # Typer's form of a flag
    as_json: Json = False,  # Typer's form of a flag
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown, for reading.")
    ] = False,  # Typer's form of a flag
    serve: Annotated[
        bool, typer.Option("--serve", help="Decide in a browser, on a page that only this machine can open.")
    ] = False,  # Typer's form of a flag
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The page's port.", show_default="a free one")
    ] = 0,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
    diff: Annotated[
        Path | None,
        typer.Option("--diff", help="List the sentences that an earlier build has otherwise.", metavar="OLD_BUILD"),
    ] = None,
) -> None:
    """List the doubtful choices of a book's conversion, the most doubtful first, each in its sentence.

    What an editor decides stands in decisions.yaml and is not asked again.
    """
    from publish.review import command  # noqa: PLC0415  # loads the whole pipeline
    from publish.review.questions import Filter  # noqa: PLC0415  # the same

    wanted = Filter(tuple(reason or ()), tuple(chapter or ()), everything)
    if serve:
        _serve_review(_source(source), tuple(edition or ()), port, show=open_page)
        return
    form: command.Form = "json" if as_json else "markdown" if as_markdown else "text"
    if diff is not None:
        command.print_difference(_source(source), diff, tuple(edition or ()), wanted, limit, form)
    else:
        command.print_list(_source(source), tuple(edition or ()), wanted, limit, form)


@app.command(
    epilog="Examples:  publish diff build-2025 build  ·  publish diff old-book my-book --edition zh-TW --html diff.html"
)
def diff(
    old: Annotated[Path, typer.Argument(help="What it was: a folder that publish build wrote, or a book.")],
    new: Annotated[Path, typer.Argument(help="What it is now: the same.")],
    edition: Editions = None,
    page: Annotated[
        Path | None, typer.Option("--html", help="Write the redline into this file, a page that needs no other.")
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


def _check_source(source: Path | None, editions: Sequence[str] | None) -> tuple[str, Sequence[Finding]]:
    from publish.build.last import check_request, recall  # noqa: PLC0415  # needed here only

    told, _ = recall(check_request(_source(source), editions or ()))
    if told:
        return told.title, told.findings
    from publish.pipeline import check as run  # noqa: PLC0415  # loads the whole pipeline

    project, findings = run(_source(source), tuple(editions or ()))
    return project.metadata.title or project.slug, findings


def _format_of(source: Path | None) -> str:
    """The format of a finished file, by its name; "" for what is a book."""
    from publish.check.files import CHECKERS  # noqa: PLC0415  # needed here only

    ending = source.suffix.lower().lstrip(".") if source and source.is_file() else ""
    return ending if ending in CHECKERS else ""


def _files_to_check(
    source: Path | None, format_name: str, output: Path, editions: Sequence[str], purpose: str
) -> list[Path]:
    """The file that was named, or those that the book that was named has been built into; for a press its cover too."""
    from publish.build.built import built_files  # noqa: PLC0415  # needed here only
    from publish.check.files import CHECKERS  # noqa: PLC0415  # needed here only
    from publish.source.chapters import MARKDOWN  # noqa: PLC0415  # needed here only

    book = source is None or source.is_dir() or source.suffix.lower() in (*MARKDOWN, ".yaml")
    if format_name not in CHECKERS or not book:
        return [] if source is None else [source]
    if source is None and not Path("source").exists() and not Path("book.yaml").is_file():
        return []
    return built_files(_source(source), output, format_name, editions, whole=bool(purpose))


def _check_files(files: Sequence[Path], format_name: str, ink_limit: int = 0) -> tuple[str, Sequence[Finding]]:
    from publish.check.files import check_file  # noqa: PLC0415  # needed here only

    if not files:
        raise UsageError("no file was named", f"Write: publish check --format {format_name} FILE")
    findings = [finding for file in files for finding in check_file(file, format_name, ink_limit)]
    return files[0].name if len(files) == 1 else tell(f"{len(files)} files"), findings


def _draw_findings(file: Path, format_name: str, findings: Sequence[Finding], folder: Path) -> None:
    from publish.check.files import draw_file  # noqa: PLC0415  # needed here only

    own = [one for one in findings if one.place.file == str(file)]
    err.print(tell(f"{len(draw_file(file, format_name, own, folder))} pictures in {folder}"))


def _report(findings: Sequence[Finding]) -> list[str]:
    from publish.check.files import as_report  # noqa: PLC0415  # needed here only

    return as_report(findings)


@app.command(epilog="Examples:  publish init my-book && publish build my-book  ·  publish init story --template novel")
def init(
    directory: Annotated[Path, typer.Argument(help="The folder to make.", metavar="DIR")],
    template: Annotated[
        str,
        typer.Option(
            "--template",
            "-t",
            autocompletion=_templates,
            help="What it begins as: book, essays, manual, novel, report, thesis.",
        ),
    ] = "book",
) -> None:
    """Start a book: a small, complete one that builds at once."""
    from publish.starter import SCHEMA, start_book  # noqa: PLC0415  # needed here only
    from publish.textfile import write_whole  # noqa: PLC0415  # the same

    made = start_book(directory, template)
    write_whole(directory / SCHEMA, json.dumps(_book_schema(tell), ensure_ascii=False, indent=1) + "\n")
    print(*made, sep="\n")
    err.print(tell(f"Now try: publish build {directory}"))


@app.command(
    "import",
    epilog="Examples:  publish import my-mdbook -o book && publish build book  ·  publish import a.md -o article  "
    "·  publish import --list",
)
def import_(
    source: Annotated[
        Path | None, typer.Argument(help="A folder or a file: a book of another tool, a blog, a vault, a document.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The folder to make or to bring up.")] = None,
    kind: Annotated[
        str, typer.Option("--from", autocompletion=_kinds, help="What it is: mdbook, hugo …", show_default="found out")
    ] = "",
    choices: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="NAME=VALUE", help="A choice of this kind of source. May be repeated."),
    ] = None,
    language: Annotated[
        str, typer.Option("--language", metavar="TAG", help="Of a source in several languages, the one to take: zh-TW.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only report; write nothing.")
    ] = False,  # Typer's form of a flag
    listed: Annotated[
        bool, typer.Option("--list", help="List the kinds of source and their choices.")
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
        _print_json(report.as_dict())
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


@app.command(epilog="Examples:  publish fetch  ·  publish fetch article.md  ·  publish fetch --check")
def fetch(
    source: Source = None,
    check: Annotated[
        bool, typer.Option("--check", help="Ask for all again and say what has changed; write nothing.")
    ] = False,  # Typer's form of a flag
    update: Annotated[
        bool, typer.Option("--update", help="Ask for all again, and take what has changed.")
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
    outcomes = fetching.fetch_pictures(read_project(_source(source)), today, check=check, update=update, say=say)
    if as_json:
        _print_json([vars_of(one) for one in outcomes])
    else:
        print("\n".join(fetching.report(outcomes)))
    if remedy := fetching.remedy(outcomes):
        err.print(tell_sentences(remedy))
        raise typer.Exit(1)


@app.command(epilog="Example:  publish credits > source/credits.md")
def credits(source: Source = None, as_json: Json = False) -> None:  # noqa: A001  # the command's name
    """Print where each picture of a book comes from, by whom and under which licence, as a page in Markdown."""
    from publish.fetch.credits import as_page, read_credits  # noqa: PLC0415  # needed here only
    from publish.source.project import read_project  # noqa: PLC0415  # needed here only

    project = read_project(_source(source))
    rows = read_credits(project)
    if as_json:
        _print_json([vars_of(one) for one in rows])
    else:
        print(as_page(rows, project.source), end="")


@app.command(epilog="Example:  publish convert --edition zh-TW < article.txt > article.zh-TW.txt")
def convert(
    edition: Annotated[
        str, typer.Option("--edition", "-e", autocompletion=_editions, help="The region to convert to.")
    ],
    source: Annotated[str, typer.Option("--from", help="The region that the text is written for.")] = "zh-CN",
    glossary: Annotated[Path | None, typer.Option("--glossary", "-g", help="A glossary file.")] = None,
    opencc: Annotated[
        list[str] | None, typer.Option("--opencc", help="OpenCC configurations in place of the region's own.")
    ] = None,
    style: Annotated[
        str, typer.Option("--style", help="A style: zh-TW-phrases, zh-HK-common … or a file of your own.")
    ] = "",
    pack: Annotated[
        list[str] | None,
        typer.Option("--terms", "-t", help="A term pack: computing, food … or a file of your own. May be repeated."),
    ] = None,
    quotes: Annotated[
        str,
        typer.Option(
            "--quotes", help="keep, straight or region.", show_default="region, straight in the text's own region"
        ),
    ] = "",
    register: Annotated[
        str,
        typer.Option(
            "--register",
            help="modern, official, literary, classical or cantonese.",
            show_default="what each line seems to be",
        ),
    ] = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Instead of the text, say of each character with a choice what decided.")
    ] = False,  # Typer's form of a flag
) -> None:
    """Convert plain text from standard input, each line a block of its own, as many lines out as in."""
    from publish.convert import PLAIN, REGISTERS, Converter, Glossary, convert_lines  # noqa: PLC0415  # needed here only
    from publish.convert.lines import explain_lines  # noqa: PLC0415  # needed here only
    from publish.convert.quotes import MODES  # noqa: PLC0415  # needed here only
    from publish.regions import region  # noqa: PLC0415  # needed here only

    if quotes and quotes not in MODES:
        raise UsageError(f'unknown choice "{quotes}" for --quotes', f"Choose one of {', '.join(MODES)}")
    if register and register not in REGISTERS:
        raise UsageError(f'unknown choice "{register}" for --register', f"Choose one of {', '.join(REGISTERS)}")
    start, target = region(source), region(edition)
    mode = quotes or ("straight" if start.key == target.key else "region")
    chosen, terms = PLAIN, Glossary()
    if style:
        from publish.convert.styles import read_style  # noqa: PLC0415  # reads YAML

        chosen = read_style(style, Path())
    if glossary:
        from publish.source.beside import read_glossary  # noqa: PLC0415  # reads YAML

        terms = read_glossary(glossary)
    chosen.configurations(start, target)
    if pack:
        from publish.convert.terms import joined, read_pack  # noqa: PLC0415  # reads YAML

        chosen = chosen.with_phrases(joined([read_pack(name, Path()) for name in pack], start, target))
    try:
        text = sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise PublishError(f"the text is not UTF-8 (byte {error.start})", "Convert it to UTF-8 first") from error
    converter = Converter(
        start,
        target,
        configurations=tuple(opencc) if opencc else None,
        quotes=next(one for one in MODES if one == mode),
        glossary=terms,
        style=chosen,
        subject=chosen.phrases.subject(text) if chosen.phrases else "",
        register=register,
    )
    write = explain_lines if explain else convert_lines
    sys.stdout.buffer.write(write(text, converter).encode("utf-8"))


@app.command(epilog="Example:  publish styles --json")
def styles(as_json: Json = False) -> None:  # Typer's form of a flag
    """List the styles that an edition may name: whose spellings and words each one has."""
    from publish.convert.styles import describe  # noqa: PLC0415  # needed here only

    rows = describe()
    if as_json:
        _print_json(rows)
        return
    for row in rows:
        print(f"{row['name']:<16} {row['description']}")


@app.command(
    epilog="Examples:  publish terms  ·  publish terms 公交车  ·  publish terms --pack food  "
    "·  publish terms --check my-book"
)
def terms(
    query: Annotated[str, typer.Argument(help="A word to look for, in any region's form.", show_default=False)] = "",
    pack: Annotated[
        list[str] | None, typer.Option("--pack", "-p", help="Only this pack, or a file. May be repeated.")
    ] = None,
    book: Annotated[
        Path | None, typer.Option("--check", help="Check the packs that a book takes.", metavar="SOURCE")
    ] = None,
    strict: Strict = False,  # Typer's form of a flag
    as_json: Json = False,  # Typer's form of a flag
) -> None:
    """List the term packs, search them for a word, or check those that a book takes.

    A check tells of a term that the book never has, of two packs that disagree and of a term that the glossary
    overrides. It exits with code 1 for a warning.
    """
    from publish.review import terms as command  # noqa: PLC0415  # needed here only

    if book is not None and (query or pack):
        raise UsageError("--check checks the packs that the book itself names", "Leave the rest out")
    if book is not None:
        report = command.check(book)
        if as_json:
            _print_json(report.as_dict())
        else:
            print(*report.lines(), sep="\n")
        if any(strict or one.severity != "note" for one in report.findings):
            raise typer.Exit(1)
        return
    packs = command.packs(pack or ())
    if as_json:
        _print_json(command.as_rows(query, packs, entries=bool(query or pack)))
        return
    print(*command.as_lines(query, packs, entries=bool(query or pack)), sep="\n")


@app.command(epilog="Example:  publish doctor --json")
def doctor(as_json: Json = False) -> None:  # Typer's form of a flag
    """Say what is installed, what is missing, and how to get it."""
    from publish import doctor as doctors  # noqa: PLC0415  # imports everything that it examines

    rows = doctors.examine()
    print(doctors.to_json(rows) if as_json else doctors.report(rows))
    raise typer.Exit(doctors.exit_code(rows))


@app.command(epilog="Examples:  publish clean --output build  ·  publish clean --cache my-book")
def clean(
    source: Source = None,
    output: Output = Path("build"),
    cache: Annotated[
        bool, typer.Option("--cache", help="Delete what builds keep beside the book instead, .publish-cache.")
    ] = False,  # Typer's form of a flag
    quiet: Quiet = False,  # Typer's form of a flag
) -> None:
    """Delete what builds made in the output folder: what its manifest lists, and nothing else."""
    if source is not None and not cache:
        raise UsageError("a book is named, and no book is deleted", "Write: publish clean --output FOLDER, or --cache")
    if cache:
        said = _clean_cache(_source(source))
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


@app.command(epilog="Examples:  publish verify  ·  publish verify out --json")
def verify(
    output: Annotated[Path, typer.Argument(help="A folder that publish build wrote.")] = Path("build"),
    as_json: Json = False,  # Typer's form of a flag
) -> None:
    """Compare every file of an output folder with the hash in its manifest; exit code 1 where one differs."""
    from publish.build import store  # noqa: PLC0415  # needed here only

    found = store.differences(output)
    count = len(store.read_manifest(output)["artifacts"])
    if as_json:
        _print_json({"files": count, "differences": [{"path": path, "problem": asked(what)} for path, what in found]})
    else:
        print(*(f"{output / path} {tell(what)}" for path, what in found), sep="\n", end="\n" if found else "")
        as_built = (
            f"{count} files, {len(found)} not as they were built" if found else f"{count} files, all as they were built"
        )
        print(tell(as_built))
    if found:
        raise typer.Exit(1)


library = typer.Typer(help="Build many books in one run, each by itself, on one machine or several.")
app.add_typer(library, name="library", no_args_is_help=True)


@library.command(
    "build",
    epilog="Examples:  publish library build library.yaml  ·  publish library build library.yaml --workers 4  "
    "·  publish library build library.yaml --scheduler tcp://10.0.0.2:8786 --shared-cache s3://books/cache",
)
def build_books(
    catalog: Annotated[Path, typer.Argument(help="The list of books, a YAML file.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="The folder to write to, one folder in it for each book.", show_default="as it says"
        ),
    ] = None,
    executor: Annotated[
        str, typer.Option("--executor", help="Where books are built: here, processes, dask.", show_default="as it says")
    ] = "",
    scheduler: Annotated[
        str, typer.Option("--scheduler", help="The address of a Dask scheduler, tcp://…", show_default="as it says")
    ] = "",
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, help="So many books at once.", show_default="as it says")
    ] = None,
    strict: Strict = False,  # Typer's form of a flag
    as_json: Json = False,  # Typer's form of a flag
    quiet: Quiet = False,  # Typer's form of a flag
    cache: Annotated[
        bool, typer.Option("--cache/--no-cache", help="Use what earlier builds made of what has not changed.")
    ] = True,
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

    if not command.build(catalog, wish, tell, print_line=_print_line if as_json else None):
        raise typer.Exit(1)


@app.command(epilog="Example:  publish schema > book.schema.json")
def schema() -> None:
    """Print the JSON Schema of book.yaml."""
    _print_json(_book_schema(asked))


def _book_schema(say: Callable[[str], str]) -> dict[str, Any]:
    """The JSON Schema of book.yaml, what it says to people told."""
    from publish.source.schema import book_model  # noqa: PLC0415  # needed here only

    def told(value: Any) -> Any:
        if isinstance(value, dict):
            words = {"description": say(value["description"])} if isinstance(value.get("description"), str) else {}
            return {key: told(one) for key, one in value.items()} | words
        return [told(one) for one in value] if isinstance(value, list) else value

    model = book_model().model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **told(model)}


def _serve_review(source: Path, editions: tuple[str, ...], port: int, *, show: bool) -> None:
    """The review's page, until Ctrl-C, which is how it ends."""
    from publish.serve import command  # noqa: PLC0415  # needed here only

    try:
        command.serve_review(source, editions, port, show=show, say=lambda line: print(tell(line), flush=True))
    except Stopped:
        err.print(tell("review ended; every decision is written"))


def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of formats, each of which is installed."""
    from publish import formats  # noqa: PLC0415  # needed here only

    return tuple(formats.find(name).name for name in names)


def _source(source: Path | None) -> Path:
    """The source that was named, or `source`, or the current folder where it is a book."""
    if source is not None:
        return source
    default = Path("source")
    if not default.exists():
        if Path("book.yaml").is_file():
            return Path()
        raise PublishError(
            "there is no folder source/ and no book.yaml here", "Name a book, or start one with: publish init DIR"
        )
    return default


def _rows(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as JSON has them: in English, unless the command line asks for another language."""
    book = phrasebook(spoken.language if spoken.asked else ENGLISH)
    return [one.told(book).as_dict() for one in findings]


def vars_of(one: Any) -> dict[str, Any]:
    """A frozen record's fields."""
    from dataclasses import asdict  # noqa: PLC0415  # needed here only

    return asdict(one)


class _Progress:
    """Says what is done: a line that changes on a terminal, plain lines in a pipe, JSON if asked, nothing if quiet."""

    def __init__(self, *, quiet: bool, as_json: bool) -> None:
        self._quiet, self._json = quiet, as_json
        self._live = sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not (quiet or as_json)
        self._status = err.console.status(tell("reading …")) if self._live else None
        self._began = time.monotonic()

    def __enter__(self) -> _Progress:
        if self._status:
            self._status.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._status:
            self._status.stop()

    def __call__(self, event: Event) -> None:
        if self._json:
            if not self._quiet:
                _print_line(event.as_dict())
            return
        if self._status:
            left = f", about {_duration(event.left)} left" if event.left >= 1 else ""
            self._status.update(tell(f"{event.done} of {event.total}{left} …"))
        if not (self._quiet or event.part):
            when = time.monotonic() - self._began
            err.print(f"{when:6.1f} s  {event.step} ({event.seconds:.1f} s)")


def _duration(seconds: float) -> str:
    """A time as people say it: 40 s, 3 min."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"  # noqa: PLR2004  # the longest in seconds


def _print_findings(findings: Sequence[Finding], *, quiet: bool) -> None:
    for one in as_lines([one for one in findings if not (quiet and one.severity == "note")]):
        err.print(one)


def _print_targets(report: Any, output: Path) -> None:
    """What was built, one line a thing that a reader may open."""
    from publish.formats import opening  # noqa: PLC0415  # needed here only

    for edition, format_name in report.targets:
        made = [one.path for one in report.artifacts if (one.edition, one.format) == (edition, format_name)]
        print(output / edition / opening(format_name, [path.removeprefix(f"{edition}/") for path in made]))
    print(output / "index.html")


def _print_line(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False), flush=True)


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=1))


class Stopped(BaseException):
    """Ctrl-C, or a signal to end. No KeyboardInterrupt: Typer would answer that one itself."""


def _stop(_signal: int, _frame: object) -> None:
    raise Stopped


# What is run again and again, by a script or after each save: such a command waits for no set-up of Typer's.
_OFTEN: dict[str, Callable[..., None]] = {"build": build, "check": check, "convert": convert}


def _run(arguments: Sequence[str]) -> None:
    """Run the command, where it can without Typer, which takes longer to get ready than some of them take."""
    command = _OFTEN.get(arguments[0]) if arguments else None
    if command and (given := plain(command, arguments[1:])) is not None:
        options()
        try:
            command(**given)
        except typer.Exit as ended:
            sys.exit(ended.exit_code)
    elif spoken.language == ENGLISH:
        app(arguments, prog_name="publish")
    else:
        from publish.help import run_told  # noqa: PLC0415  # needed for other languages only

        run_told(app, "publish", arguments)


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
        _run(_speak(sys.argv[1:]))
    except PublishError as error:
        if isinstance(error, GatheredError):
            _print_findings(error.findings, quiet=True)
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


if __name__ == "__main__":
    main()
