"""First books: small, complete ones that build at once, a folder each."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from publish.errors import Place, PublishError, UsageError
from publish.textfile import shown

TEMPLATES = Path(__file__).parent
SCHEMA = ".book.schema.json"  # what the first line of each book.yaml names, for editors that complete keys
FIRST = "book"  # what a book begins as that names no other


def template_names() -> tuple[str, ...]:
    """The names of all templates, the usual one first."""
    found = sorted(file.parent.name for file in TEMPLATES.glob("*/book.yaml"))
    return (FIRST, *(name for name in found if name != FIRST))


def start_book(directory: Path, template: str = FIRST) -> list[str]:
    """Make a folder with a small book, or fill an empty one; the files that were made.

    Raises `PublishError` for a folder that holds something already, `UsageError` for a template that is not there.
    """
    if template not in template_names():
        raise UsageError(f'unknown template "{template}"', f"Choose from {', '.join(template_names())}")
    book = TEMPLATES / template
    place = Place(shown(directory.absolute()))
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise PublishError("this folder is not empty", "Name a new one", place)
    there = directory.is_dir()
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory if there else directory.parent, prefix=".init-") as scratch:
            made = Path(scratch) / "book"
            shutil.copytree(book, made, ignore=shutil.ignore_patterns("__pycache__", ".publish-cache"))
            if there:
                for path in made.iterdir():
                    path.rename(directory / path.name)
            else:
                made.rename(directory)
    except OSError as error:
        raise PublishError(f"cannot write here: {error.strerror}", "Choose another folder", place) from error
    return [str(path) for path in sorted(directory.rglob("*")) if path.is_file()]
