"""The command that judges a book or a finished file: check."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from publish.cli.app import WRITE, app
from publish.cli.declared import option
from publish.cli.given import Editions, Json, Source, source_of
from publish.cli.said import as_rows, err, of_failure, print_json
from publish.compiled import loading
from publish.errors import PublishError, UsageError
from publish.findings import as_lines
from publish.language import tell

if TYPE_CHECKING:
    from publish.findings import Finding


@app.command(
    rich_help_panel=WRITE,
    epilog="Examples:  publish check  ·  publish check my-book --json  ·  publish check --format pdf book.pdf  "
    "·  publish check my-book --format pdf --for press",
)
def check(
    source: Source = None,
    edition: Editions = None,
    file_format: Annotated[
        str,
        option(
            "--format",
            "-f",
            help="Check a finished file, ours or anyone's, or what a book was built into: epub, pdf.",
        ),
    ] = "",
    output: Annotated[
        Path, option("--output", "-o", help="With --format: where the book was built.", show_default="build")
    ] = Path("build"),
    purpose: Annotated[str, option("--for", help="With --format pdf: check it for a printing press, too: press.")] = "",
    ink_limit: Annotated[
        int | None,
        option("--ink-limit", help="With --for press: the most of all inks together, in percent; 300."),
    ] = None,
    pictures: Annotated[
        Path | None, option("--pictures", help="Draw each finding in a finished file into this folder.")
    ] = None,
    strict: Annotated[
        bool, option("--strict", help="Fail on notes too, so that nothing is left to say.")
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
        print_json({"findings": as_rows(of_failure(error))})
        sys.exit(1)
    failing = [one for one in findings if strict or one.severity != "note"]
    if pictures:
        for file in files:
            _draw_findings(file, file_format, findings, pictures / file.parent.name if len(files) > 1 else pictures)
    if as_json:
        print_json({"findings": as_rows(findings)})
    else:
        lines = _report(findings) if file_format else as_lines(findings)
        print(*lines, sep="\n", end="\n" if findings else "")
        count = len(failing)
        print(tell(f"{name}: {count} finding{'' if count == 1 else 's'}"))
    if failing:
        sys.exit(1)


def _check_source(source: Path | None, editions: Sequence[str] | None) -> tuple[str, Sequence[Finding]]:
    from publish.build.last import check_request, recall  # noqa: PLC0415  # needed here only

    told, _ = recall(check_request(source_of(source), editions or ()))
    if told:
        return told.title, told.findings
    with loading():
        from publish.pipeline import check as run  # noqa: PLC0415  # loads the whole pipeline

    project, findings = run(source_of(source), tuple(editions or ()))
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
    from publish.textfile import MARKDOWN  # noqa: PLC0415  # needed here only

    book = source is None or source.is_dir() or source.suffix.lower() in (*MARKDOWN, ".yaml")
    if format_name not in CHECKERS or not book:
        return [] if source is None else [source]
    if source is None and not Path("source").exists() and not Path("book.yaml").is_file():
        return []
    return built_files(source_of(source), output, format_name, editions, whole=bool(purpose))


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
