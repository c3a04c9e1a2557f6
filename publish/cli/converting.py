"""The commands of words: convert, styles, terms."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from publish.cli.app import WORDS, app
from publish.cli.declared import argument, option
from publish.cli.given import Json, Strict, complete_editions
from publish.cli.said import err, print_json
from publish.compiled import loading
from publish.errors import Place, PublishError, UsageError
from publish.language import tell


@app.command(
    rich_help_panel=WORDS,
    epilog="Examples:  publish convert --edition zh-TW article.txt  ·  echo 头发 | publish convert --edition zh-TW",
)
def convert(
    edition: Annotated[
        str, option("--edition", "-e", autocompletion=complete_editions, help="The region to convert to.")
    ],
    source: Annotated[str, option("--from", help="The region that the text is written for.")] = "zh-CN",
    glossary: Annotated[Path | None, option("--glossary", "-g", help="A glossary file.")] = None,
    opencc: Annotated[
        list[str] | None, option("--opencc", help="OpenCC configurations in place of the region's own.")
    ] = None,
    style: Annotated[str, option("--style", help="A style: zh-TW-phrases, zh-HK-common … or a file of your own.")] = "",
    pack: Annotated[
        list[str] | None,
        option("--terms", "-t", help="A term pack: computing, food … or a file of your own. May be repeated."),
    ] = None,
    quotes: Annotated[
        str,
        option(
            "--quotes",
            help="Quotation marks: keep, straight, or region for the region's own.",
            show_default="region, straight in the text's own region",
        ),
    ] = "",
    register: Annotated[
        str,
        option(
            "--register",
            help="What kind of writing it is: modern, official, literary, classical, verse or cantonese.",
            show_default="what each line seems to be",
        ),
    ] = "",
    explain: Annotated[
        bool, option("--explain", help="Instead of the text, say of each character with a choice what decided.")
    ] = False,  # Typer's form of a flag
    file: Annotated[
        Path | None, argument(help="A file with plain text.", metavar="FILE", show_default="standard input")
    ] = None,
) -> None:
    """Convert plain text, of a file or from standard input: each line a block of its own, as many lines out as in."""
    with loading():  # as little as is needed
        from publish.convert import PLAIN, REGISTERS, Converter, Glossary, convert_lines  # noqa: PLC0415
        from publish.convert.contexts import book_of  # noqa: PLC0415
        from publish.convert.lines import explain_lines  # noqa: PLC0415
        from publish.convert.quotes import MODES  # noqa: PLC0415
        from publish.regions import region  # noqa: PLC0415

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
    chosen = chosen.for_text(start, target)
    if pack:
        from publish.convert.terms import joined, read_pack  # noqa: PLC0415  # reads YAML

        chosen = chosen.with_phrases(joined([read_pack(name, Path()) for name in pack], start, target))
    text = _read(file)
    converter = Converter(
        start,
        target,
        configurations=tuple(opencc) if opencc else None,
        quotes=next(one for one in MODES if one == mode),
        glossary=terms,
        style=chosen,
        subject=chosen.phrases.subject(text) if chosen.phrases else "",
        register=register,
        book=book_of(text.splitlines()) if (start.script, target.script) == ("Hans", "Hant") else (),
    )
    if explain:
        rows = (line.split(": ", 1) for line in explain_lines(text, converter).splitlines())
        made = "".join(f"{place}: {tell(said)}\n" for place, said in rows)
    else:
        made = convert_lines(text, converter)
    sys.stdout.buffer.write(made.encode("utf-8"))


def _read(file: Path | None) -> str:
    """The text of a file, or of standard input. Raises `PublishError` where there is none."""
    place = Place(str(file)) if file else None
    if file is not None and not file.is_file():
        raise PublishError(
            "this is a folder, not a text" if file.is_dir() else "there is no such file",
            "Give a file with plain text; a book is made with publish build",
            place,
        )
    if file is None and sys.stdin.isatty():
        err.print(tell("Type or paste the text; Ctrl-D on a line of its own ends it."))
    try:
        return (file.read_bytes() if file else sys.stdin.buffer.read()).decode("utf-8")
    except UnicodeDecodeError as error:
        problem = f"the text is not UTF-8 (byte {error.start})"
        raise PublishError(problem, "Convert it to UTF-8 first", place) from error


@app.command(rich_help_panel=WORDS, epilog="Example:  publish styles --json")
def styles(as_json: Json = False) -> None:  # Typer's form of a flag
    """List the styles that an edition may name: whose spellings and words each one has."""
    from publish.convert.styles import describe  # noqa: PLC0415  # needed here only

    rows = describe()
    if as_json:
        print_json(rows)
        return
    for row in rows:
        print(f"{row['name']:<16} {tell(row['description'])}")


@app.command(
    rich_help_panel=WORDS,
    epilog="Examples:  publish terms  ·  publish terms 公交车  ·  publish terms --pack food  "
    "·  publish terms --check my-book",
)
def terms(
    query: Annotated[str, argument(help="A word to look for, in any region's form.", show_default=False)] = "",
    pack: Annotated[
        list[str] | None, option("--pack", "-p", help="Only this pack, or a file. May be repeated.")
    ] = None,
    book: Annotated[Path | None, option("--check", help="Check the packs that a book takes.", metavar="SOURCE")] = None,
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
            print_json(report.as_dict())
        else:
            print(*report.lines(), sep="\n")
        if any(strict or one.severity != "note" for one in report.findings):
            sys.exit(1)
        return
    packs = command.packs(pack or ())
    if as_json:
        print_json(command.as_rows(query, packs, entries=bool(query or pack)))
        return
    print(*command.as_lines(query, packs, entries=bool(query or pack)), sep="\n")
