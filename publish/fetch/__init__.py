"""Pictures from other hosts: found in the manuscript, fetched once, locked, looked at again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from publish.errors import Place, PublishError
from publish.fetch.network import FetchError, Limits, get
from publish.language import tell
from publish.source.manuscript import read_manuscript
from publish.source.pictures.assets import SUFFIXES, AssetError, examine
from publish.source.pictures.locked import FOLDER, LOCK_FILE, Lock, Picture, is_remote, normal, pictures, write_lock
from publish.source.pictures.rights import read_rights
from publish.source.project import Project
from publish.source.slugs import slugify
from publish.textfile import write_file

MOST_PICTURES = 2_000
MOST_BYTES = 1_000_000_000  # of all pictures of one run
AT_ONCE = 4

State = Literal["kept", "fetched", "same", "changed", "updated", "failed"]


@dataclass(frozen=True)
class Wanted:
    """A picture on another host that the book shows, and where it shows it first."""

    url: str
    place: Place


@dataclass(frozen=True)
class Fetched:
    """What became of a picture: kept from the lock, fetched, the same or changed at the far end, or why it failed."""

    wanted: Wanted
    state: State
    problem: str = ""
    picture: Picture | None = None


def wanted_pictures(project: Project) -> list[Wanted]:
    """The pictures on other hosts that a book shows, covers included, each once."""
    bare = replace(project, locked=Lock(project.root))
    manuscript = read_manuscript(bare)
    covers = [project.metadata.cover_image, *_edition_covers(project)]
    found = [Wanted(url, project.place("cover-image")) for url in covers if is_remote(url)]
    for chapter in manuscript.chapters:
        found += [
            Wanted(url, manuscript.place(chapter, line, url.rpartition("/")[2] or url))
            for url, _, line in pictures(chapter.blocks)
            if is_remote(url)
        ]
    once: dict[str, Wanted] = {}
    for one in found:
        once.setdefault(normal(one.url), one)
    return list(once.values())


def _edition_covers(project: Project) -> list[str]:
    settings = [one for edition in project.editions for one in (edition.overrides, *edition.format_overrides.values())]
    return [one["cover_image"] for one in settings if "cover_image" in one]


def fetch_pictures(
    project: Project,
    today: str,
    *,
    check: bool = False,
    update: bool = False,
    limits: Limits | None = None,
    say: Callable[[Fetched], None] = lambda _: None,
) -> list[Fetched]:
    """Fetch what the book lacks, and lock it; what is locked and there is not asked for again.

    With `check` everything is asked for again and compared, and nothing is written; with `update` it is asked for again
    and a changed picture takes the place of the locked one. A picture that cannot be had is an outcome, not an error.
    """
    wanted = wanted_pictures(project)
    if len(wanted) > MOST_PICTURES:
        raise PublishError(
            f"the book shows {len(wanted):,} pictures on other hosts, more than {MOST_PICTURES:,}",
            "Save the pictures of some chapters into the book",
        )
    run = _FetchRun(project.locked, today, limits or Limits(), again=check or update, update=update, write=not check)
    outcomes: list[Fetched] = []
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for outcome in pool.map(run.obtain, wanted):
                outcomes.append(run.keep(outcome))
                say(outcomes[-1])
    finally:
        run.close()
    return outcomes


@dataclass
class _FetchRun:
    """One run: the lock as it grows, and what may still be taken."""

    lock: Lock
    today: str
    limits: Limits
    again: bool
    update: bool
    write: bool
    left: int = MOST_BYTES
    grown: bool = False

    def obtain(self, wanted: Wanted) -> tuple[Wanted, bytes | str | None]:
        """The bytes of a picture, or why they cannot be had; None: it is locked and there."""
        known = self.lock.find(wanted.url)
        if known and not self.again and self.lock.has_copy(known):
            return wanted, None
        if self.left <= 0:
            return wanted, f"the pictures take more than {MOST_BYTES:,} bytes"
        try:
            data = get(normal(wanted.url) if not self._is_trusted(wanted.url) else wanted.url, self.limits)
        except FetchError as error:
            return wanted, str(error)
        self.left -= len(data)
        return wanted, data

    def _is_trusted(self, url: str) -> bool:
        parts = urlsplit(url)
        return (parts.hostname, parts.port) in self.limits.trusted

    def keep(self, obtained: tuple[Wanted, bytes | str | None]) -> Fetched:
        """What became of it; a new picture is written and locked."""
        wanted, data = obtained
        known = self.lock.find(wanted.url)
        if data is None:
            return Fetched(wanted, "kept", picture=known)
        if isinstance(data, str):
            return Fetched(wanted, "failed", data, known)
        digest = hashlib.sha256(data).hexdigest()
        if known and digest == known.sha256:
            if self.write and not (self.lock.root / known.file).is_file():
                write_file(self.lock.root / known.file, data)
                return Fetched(wanted, "fetched", picture=known)
            return Fetched(wanted, "same", picture=known)
        if known and not self.update:
            return Fetched(wanted, "changed", "it is another picture now than the locked one", known)
        try:
            picture = self._described(wanted.url, data, digest)
        except AssetError as error:
            return Fetched(wanted, "failed", error.problem, known)
        if known:  # what somebody wrote by hand stays
            picture = replace(
                picture, creator=known.creator or picture.creator, licence=known.licence or picture.licence
            )
        if self.write:
            write_file(self.lock.root / picture.file, data)
            self.lock, self.grown = self.lock.with_picture(picture), True
        return Fetched(wanted, "updated" if known else "fetched", picture=picture)

    def _described(self, url: str, data: bytes, digest: str) -> Picture:
        """The picture by what it holds, whatever its address and the host call it. Raises `AssetError`."""
        media_type, width, height, _ = examine(data, _stem(url))
        rights = read_rights(data)
        return Picture(
            url=url,
            file=f"{FOLDER}/{_stem(url)}-{digest[:12]}{SUFFIXES[media_type]}",
            sha256=digest,
            type=media_type,
            size=len(data),
            width=width,
            height=height,
            date=self.today,
            creator=rights.creator,
            licence=rights.licence,
        )

    def close(self) -> None:
        """Write the lock, where it has grown."""
        if self.grown:
            write_lock(self.lock)


def _stem(url: str) -> str:
    name = Path(unquote(urlsplit(url).path)).stem
    return re.sub(r"[^0-9A-Za-z_-]+", "-", slugify(name))[:40].strip("-_") or "image"


def report(outcomes: Sequence[Fetched]) -> list[str]:
    """The outcome of a run as lines: what failed or changed with its place, and a summary."""
    lines = [f'{one.wanted.place}: "{one.wanted.url[:100]}": {tell(one.problem)}' for one in outcomes if one.problem]
    counts = {state: sum(one.state == state for one in outcomes) for state in dict.fromkeys(o.state for o in outcomes)}
    said = ", ".join(tell(f"{number} {state}") for state, number in counts.items())
    if not outcomes:
        return [tell("no pictures on other hosts")]
    return [*lines, tell(f"{len(outcomes)} pictures on other hosts: {said}")]


def remedy(outcomes: Sequence[Fetched]) -> str:
    """What to do about pictures that failed or changed; empty where there are none."""
    states = {one.state for one in outcomes}
    if "failed" in states:
        return "Save them into the book by hand, or leave them: they are set as captions with their links"
    return (
        f"Keep the locked ones as they are, or take the new ones with: publish fetch --update ({LOCK_FILE})"
        if ("changed" in states)
        else ""
    )
