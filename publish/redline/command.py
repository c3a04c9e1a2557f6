"""What `publish diff` compares: two builds, two sources, or one of each, in the editions that both have."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from publish import formats
from publish.build.artifact import MANIFEST
from publish.build.request import Request
from publish.errors import Place, PublishError, UsageError
from publish.pipeline import build
from publish.redline.align import align
from publish.redline.passages import editions_of, has_pages, read_state
from publish.redline.report import EditionRedline
from publish.source.project import Project, read_project
from publish.textfile import shown

Tell = Callable[[str], None]


def compare(old: Path, new: Path, editions: Sequence[str], tell: Tell = lambda _: None) -> list[EditionRedline]:
    """The redline of each edition that both states have, or of those named.

    A folder with a manifest is a build; anything else is a source, which is built for this and left as it is. `tell`
    hears of that. Raises `PublishError` where one of them is neither, `UsageError` for an edition that is not in both.
    """
    with _built(old, editions, tell) as before, _built(new, editions, tell) as after:
        left, right = editions_of(before), editions_of(after)
        for key in editions:
            if key not in left or key not in right:
                missing = shown(old) if key not in left else shown(new)
                raise UsageError(f'{missing} has no edition "{key}"', f"Choose from {', '.join(left.keys() & right)}")
        chosen = [key for key in right if key in left and (not editions or key in editions)]
        if not chosen:
            raise PublishError("the two have no edition in common", "Name two states of one book", Place(shown(new)))
        return [_edition(before, after, key) for key in chosen]


def _edition(before: Path, after: Path, key: str) -> EditionRedline:
    whole = has_pages(before, key) and has_pages(after, key)
    old, new = read_state(before, key, whole=whole), read_state(after, key, whole=whole)
    return EditionRedline(old, new, tuple(align(old.passages, new.passages)))


@contextmanager
def _built(path: Path, editions: Sequence[str], tell: Tell) -> Iterator[Path]:
    """The output folder of a state: the one that is named, or one that its source is built into for now."""
    if (path / MANIFEST).is_file():
        yield path
        return
    if not path.exists():
        remedy = "Name a book, or a folder that publish build wrote"
        raise PublishError("this does not exist", remedy, Place(shown(path)))
    with tempfile.TemporaryDirectory(prefix="publish-diff-") as folder:
        output = Path(folder)
        for keys, name in _wanted(read_project(path), editions):
            tell(f"building {', '.join(keys)} of {shown(path)}")
            build(Request(path, output, keys, (name,), cache=False))
        yield output


def _wanted(project: Project, editions: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Which editions to build in which format: a site where they can have one, else what is made soonest."""
    short = [one for one in formats.installed() if not one.long]
    chosen = [one for one in project.editions if not editions or one.key in editions]
    for vertical in (False, True):
        keys = tuple(one.key for one in chosen if one.vertical is vertical)
        fit = [one for one in short if not (vertical and one.horizontal)]
        if keys:
            yield keys, next((one.name for one in fit if one.home), fit[0].name)
