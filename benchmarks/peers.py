"""What else makes a book's pages, for `engine.py`: pandoc with WeasyPrint, and Typst from the same text."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from script import pdf_alone, write_script

_HERE = Path(__file__).parent
TYPST = "0.15"  # the version that the limit speaks of
_COMPILE = "import typst; typst.compile('book.typ', output='typst.pdf', root='.')"


def weasyprint_command(book: Path, folder: Path) -> list[str]:
    """The command that makes the book's PDF as the script of the benchmarks does: pandoc with WeasyPrint."""
    write_script(book, folder)
    return pdf_alone(folder)


def typst_command(book: Path, folder: Path) -> list[str] | str:
    """The command that compiles the book's text, written for Typst into the folder; or why there is none.

    Contents, headings and their numbers, notes, tables and the page's size are those of the other PDFs.
    """
    if find_spec("typst") is None:
        return f"typst is not installed: pip install typst~={TYPST}.0"
    joining, pandoc = pdf_alone(folder)[-1].splitlines()[-2:]
    dropped = ("--pdf-engine", "--css", "--output", "--lua", "--mathml", "--section", "--metadata=lang")
    kept = [word for word in shlex.split(pandoc) if not word.startswith(dropped)]
    page = ["--variable=papersize:a5", "--variable=mainfont:Noto Serif CJK SC", "--variable=fontsize:10.5pt"]
    written = shlex.join([*kept, *page, f"--lua-filter={_HERE / 'typst.lua'}", "--quiet", "--output=book.typ"])
    shutil.copytree(book / "images", folder / "images", dirs_exist_ok=True)
    written = f"set -e\ncd {shlex.quote(str(folder))}\n{joining}\n{written}"
    subprocess.run(["sh", "-c", written], check=True)  # noqa: S607  # any POSIX shell
    return ["sh", "-c", f"cd {shlex.quote(str(folder))} && {shlex.quote(sys.executable)} -c {shlex.quote(_COMPILE)}"]
