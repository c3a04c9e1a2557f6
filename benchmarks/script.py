"""The shell script that publish replaces: OpenCC on the text, then pandoc to HTML, EPUB and, with WeasyPrint, PDF.

Written as a careful user would: one text for each edition, the links between chapters mended, contents, numbered
sections, formulas as MathML, notes at the foot of the printed page, tagged PDF, and the same stylesheets as publish.
"""

from __future__ import annotations

import shlex
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import opencc
import pypandoc
import yaml
from book import chapter_files

from publish.edition.derive import derive
from publish.render import stylesheet
from publish.render.html.fonts import web_fonts
from publish.render.pdf.document import print_css
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

EDITIONS = {"zh-CN": "", "zh-TW": "s2tw.json", "zh-HK": "s2hk.json"}
TAGS = {"zh-CN": "zh-Hans-CN", "zh-TW": "zh-Hant-TW", "zh-HK": "zh-Hant-HK"}
_HERE = Path(__file__).parent
# Links to other chapters lead to places in the one text; chapters are parted by an empty line.
_JOIN = r"""awk 'FNR == 1 { print "" } { gsub(/\]\([a-z0-9-]+\.md#/, "](#"); print }'"""


@dataclass(frozen=True)
class Script:
    """The script in its two forms, and the nine files that each must make."""

    one_after_another: Path
    two_at_a_time: Path
    products: tuple[Path, ...]


def write_script(source: Path, folder: Path) -> Script:
    """Write the script for a book, with all that it needs, into a folder."""
    folder.mkdir(parents=True)
    _write_stylesheets(source, folder)
    settings = yaml.safe_load((source / "book.yaml").read_text(encoding="utf-8"))
    kept = {key: settings[key] for key in ("title", "subtitle", "author", "date", "identifier", "publisher", "rights")}
    front = folder / "front.md"
    front.write_text(f"---\n{yaml.safe_dump(kept, allow_unicode=True)}---\n", encoding="utf-8")
    chapters = shlex.join(str(path.resolve()) for path in [front, *chapter_files(source)])
    first = [f"{_JOIN} {chapters} > book.zh-CN.md"]
    first += [
        shlex.join([*_opencc(configuration), "-i", "book.zh-CN.md", "-o", f"book.{edition}.md"])
        for edition, configuration in EDITIONS.items()
        if configuration
    ]
    nine = [shlex.join(command) for edition in EDITIONS for command in _commands(edition, source.resolve())]
    products = tuple(folder / f"{edition}.{name}" for edition in EDITIONS for name in ("html", "epub", "pdf"))
    head = ["#!/bin/sh", "set -e", f"cd {shlex.quote(str(folder.resolve()))}", *first]
    alone, paired = folder / "one-after-another.sh", folder / "two-at-a-time.sh"
    alone.write_text("\n".join([*head, *nine]) + "\n", encoding="utf-8")
    (folder / "nine.txt").write_text("\n".join(nine) + "\n", encoding="utf-8")
    pair = "tr '\\n' '\\0' < nine.txt | xargs -0 -n 1 -P 2 sh -c"
    paired.write_text("\n".join([*head, pair]) + "\n", encoding="utf-8")
    return Script(alone, paired, products)


def pdf_alone(folder: Path) -> list[str]:
    """Of a script written into a folder, the command for the source edition's PDF alone."""
    lines = (folder / "one-after-another.sh").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line.startswith("awk") or "--output=zh-CN.pdf" in line]
    return ["sh", "-c", "\n".join(["set -e", f"cd {shlex.quote(str(folder.resolve()))}", *wanted])]


def _commands(edition: str, source: Path) -> list[list[str]]:
    """The three commands of an edition."""
    pandoc = [
        pypandoc.get_pandoc_path(),
        f"book.{edition}.md",
        f"--metadata=lang:{TAGS[edition]}",
        f"--resource-path={source}",
        "--standalone",
        "--toc",
        "--toc-depth=2",
        "--number-sections",
        "--syntax-highlighting=none",
        "--mathml",
    ]
    weasyprint = str(Path(sys.executable).parent / "weasyprint")
    return [
        [*pandoc, f"--css=web.{edition}.css", f"--output={edition}.html"],
        [*pandoc, f"--css=epub.{edition}.css", f"--output={edition}.epub"],
        [
            *pandoc,
            "--section-divs",
            f"--lua-filter={_HERE / 'print.lua'}",
            f"--css=print.{edition}.css",
            f"--pdf-engine={weasyprint}",
            "--pdf-engine-opt=--pdf-variant=pdf/ua-1",
            f"--output={edition}.pdf",
        ],
    ]


def _opencc(configuration: str) -> list[str]:
    """OpenCC's own command with a configuration: the native program that its wheel brings, else the wheel's command."""
    library = Path(opencc.__file__).parent / "clib"
    native = library / "bin" / "opencc"
    if native.is_file():
        return [str(native), "-c", str(next(library.rglob(configuration)))]
    return [str(Path(sys.executable).parent / "opencc"), "-c", configuration]


def _write_stylesheets(source: Path, folder: Path) -> None:
    """The stylesheets of publish's own editions; the one for print with the names of pandoc's HTML added."""
    project = read_project(source)
    manuscript = read_manuscript(project)
    adapter = (_HERE / "print.css").read_text(encoding="utf-8")
    for edition in EDITIONS:
        with tempfile.TemporaryDirectory() as scratch:
            publication = derive(project, manuscript, project.edition(edition), Path(scratch))
        families = web_fonts(publication)[0].families(publication)
        sheets = {
            "web": stylesheet(publication, "web.css", fonts=families),
            "epub": stylesheet(publication, "epub.css", fonts=families, vertical=False, carried=False),
            "print": f"{print_css(publication)}\n{adapter}",
        }
        for name, css in sheets.items():
            (folder / f"{name}.{edition}.css").write_text(css, encoding="utf-8")
