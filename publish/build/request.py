"""What is asked of a build, and what it reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from publish.build.store import Artifact
from publish.findings import Finding
from publish.source.project import Project


@dataclass(frozen=True)
class Request:
    """What to build: a source, an output folder, which editions and formats (none named: all that the book wants).

    At most `jobs` processes work at once; None: as many as keep the processors busy.
    """

    source: Path
    output: Path
    editions: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    jobs: int | None = None
    strict: bool = False


@dataclass(frozen=True)
class Report:
    """What a build did; `targets` are its editions and formats, `seconds` its time by the clock."""

    project: Project
    artifacts: list[Artifact] = field(default_factory=list)
    targets: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    pandoc_starts: int = 0
    seconds: float = 0.0
