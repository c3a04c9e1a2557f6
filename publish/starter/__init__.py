"""A first book: small, complete, and one that builds at once."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from publish.errors import Place, PublishError
from publish.textfile import shown

BOOK = Path(__file__).parent / "book"


def start_book(directory: Path) -> list[str]:
    """Make a folder with a small book, or fill an empty one; the files that were made.

    Raises `PublishError` for a folder that holds something already.
    """
    place = Place(shown(directory.absolute()))
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise PublishError("this folder is not empty", "Name a new one", place)
    there = directory.is_dir()
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory if there else directory.parent, prefix=".init-") as scratch:
            made = Path(scratch) / "book"
            shutil.copytree(BOOK, made, ignore=shutil.ignore_patterns("__pycache__"))
            if there:
                for path in made.iterdir():
                    path.rename(directory / path.name)
            else:
                made.rename(directory)
    except OSError as error:
        raise PublishError(f"cannot write here: {error.strerror}", "Choose another folder", place) from error
    return [str(directory / path.relative_to(BOOK)) for path in sorted(BOOK.rglob("*")) if path.is_file()]
