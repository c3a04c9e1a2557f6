"""What is asked of a build, and what it reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from publish.build.artifact import Artifact
from publish.findings import Finding
from publish.trail import Reason

if TYPE_CHECKING:
    from publish.source.project import Project


@dataclass(frozen=True)
class Request:
    """What to build: a source, an output folder, which editions and formats (none named: all that the book wants).

    At most `jobs` processes work at once; None: as many as keep the processors busy. Without `cache` everything is made
    anew, and nothing kept. One that is not `noted` is never told again: its output does not last. One that is
    `checking` wants the findings alone, and has no output. What is kept is shared with other machines at the address
    `shared`, if there is one.
    """

    source: Path
    output: Path
    editions: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    jobs: int | None = None
    strict: bool = False
    cache: bool = True
    noted: bool = True
    checking: bool = False
    shared: str = ""


@dataclass(frozen=True)
class Told:
    """What a build tells of itself: files, editions and formats, findings; `seconds` is its time by the clock.

    `title` is the book's. `pandoc_starts` and `reasons`, why each part and file was made or not, depend on what was
    made before.
    """

    artifacts: list[Artifact] = field(default_factory=list)
    targets: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    pandoc_starts: int = 0
    seconds: float = 0.0
    reasons: list[Reason] = field(default_factory=list)
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Report(Told):
    """What a build did, the book that it read, and all files that were read or looked for in vain."""

    project: Project
    read: frozenset[Path] = frozenset()
