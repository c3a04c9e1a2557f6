"""The targets of a build: which editions, each in which formats."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from publish import formats
from publish.build.request import Request
from publish.compiled import loading
from publish.errors import UsageError
from publish.findings import Finding
from publish.formats import Format
from publish.render import Download, EditionLink
from publish.source.project import Project
from publish.source.settings.editions import EditionSettings


@dataclass(frozen=True)
class Target:
    """An edition with the formats that it is built in, and those that were wanted but that it cannot have."""

    edition: EditionSettings
    formats: tuple[Format, ...]
    unfit: tuple[Format, ...] = ()


def choose_targets(project: Project, request: Request) -> dict[str, Target]:
    """The editions to build, by their keys. Raises `UsageError` for a name that does not exist."""
    for name in request.formats:
        formats.find(name)
    editions = [project.edition(key) for key in request.editions] or list(project.editions)
    chosen = {one.key: _target(one, request.formats or one.formats) for one in editions}
    built = {key: target for key, target in chosen.items() if target.formats}
    if built:
        return built
    unfit = [one for target in chosen.values() for one in target.unfit]
    if request.formats and unfit:
        raise UsageError(
            f"a vertical edition has no {unfit[0].label}",
            f"Build another format of it, or the {unfit[0].label} of another edition",
        )
    raise UsageError("nothing to build", "Name an edition and a format")


def load_renderers(targets: Mapping[str, Target]) -> None:
    """Load what renders the targets; of what is long, and has processes of its own, what plans these."""
    wanted = dict.fromkeys(one for target in targets.values() for one in target.formats)
    with loading():
        for module in dict.fromkeys(name for one in wanted for name in one.modules[: 1 if one.long else None]):
            with suppress(ImportError):  # of which the step tells
                import_module(module)


def _target(edition: EditionSettings, wanted: Iterable[str]) -> Target:
    asked = [formats.find(name) for name in dict.fromkeys(wanted)]
    unfit = tuple(one for one in asked if edition.vertical and one.horizontal)
    return Target(edition, tuple(one for one in asked if one not in unfit), unfit)


def left_out(project: Project, targets: Mapping[str, Target]) -> Iterator[Finding]:
    """A note for each format that was wanted of an edition which cannot have it."""
    for key, target in targets.items():
        for one in target.unfit:
            yield Finding(
                f"{one.name}-vertical",
                "note",
                project.place("editions", key, "writing"),
                f"the vertical edition {key} has no {one.label}: {one.horizontal}",
            )


def links(targets: Mapping[str, Target], before: Mapping[str, Any]) -> tuple[EditionLink, ...]:
    """The editions whose sites will stand side by side: of this build, and what the manifest `before` it lists."""
    found = {
        key: EditionLink(key, target.edition.region.tag, target.edition.name)
        for key, target in targets.items()
        if any(one.home for one in target.formats)
    }
    sites = {one.name for one in formats.installed() if one.home}
    built = {row["edition"] for row in before.get("artifacts", ()) if row["format"] in sites}
    for key, row in before.get("editions", {}).items():
        if key in built:
            found.setdefault(key, EditionLink(key, row["tag"], row["name"]))
    return tuple(found.values())


def downloads(slug: str, key: str, target: Target, before: Mapping[str, Any]) -> tuple[Download, ...]:
    """The files of an edition that readers take away: of this build, and what the manifest `before` it lists."""
    found = []
    for one in formats.installed():
        rows = [row for row in before.get("artifacts", ()) if (row["edition"], row["format"]) == (key, one.name)]
        paths = [row["path"].removeprefix(f"{key}/") for row in rows if row["path"].endswith(one.ending)]
        # A book may have been renamed since; beside its file, `name.pdf`, there may be others of the format.
        if one.ending and (one in target.formats or paths):
            path = f"{slug}{one.ending}" if one in target.formats else min(paths, key=len)
            found.append(Download(one.label or one.name.upper(), path))
    return tuple(found)


def workers_for(jobs: int | None, targets: Mapping[str, Target]) -> int:
    """How many workers to have at once: `jobs`, else one a processor and a few more for the last of the long steps.

    Three PDFs on two processors take the time of two, one after another; sharing the processors they take that of one
    and a half.
    """
    if jobs is not None:
        return jobs
    count = processors()
    long = sum(one.long for target in targets.values() for one in target.formats)
    left = long % count
    return count + left if long > count > 1 and 2 * left <= count else count


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(len(os.sched_getaffinity(0)), 1)
    return os.cpu_count() or 1


def names(targets: Mapping[str, Target]) -> Sequence[tuple[str, str]]:
    """The edition and format of each target, in order."""
    return [(key, one.name) for key, target in targets.items() for one in target.formats]
