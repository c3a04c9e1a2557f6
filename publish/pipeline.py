"""The pipeline, on one screen: a source is read once, each edition is derived once, each format rendered from it.

source (Markdown, YAML) -> Project -> Manuscript -> one Publication per edition -> HTML, EPUB, PDF -> build/
"""

from __future__ import annotations

import gc
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from publish.build.index import index_page
from publish.build.manifest import describe
from publish.build.record import RECORD, write_record
from publish.build.store import Artifact, Store
from publish.build.workers import Workers
from publish.edition.derive import derive
from publish.edition.publication import Publication
from publish.errors import PublishError, UsageError
from publish.findings import REMOTE, Finding, remote_images
from publish.parity.gate import compare, refuse
from publish.render import Call, EditionLink, RenderContext, Rendering, Work, call, modified_date, renderer
from publish.render.pdf.glyphs import missing_glyphs
from publish.source import pandoc
from publish.source.manuscript import Manuscript, read_manuscript
from publish.source.project import EditionSettings, Project, read_project, renderer_names

log = logging.getLogger("publish")

# PDFs take the longest: each starts as soon as it can, and the rest fills the gaps that they leave. What joins the
# parts of one comes before the parts of the next: its files and their memory are free then.
PRIORITY = {"convert": 0, "pdf": 0}
LAST = 1
JOINING = -1
Progress = Callable[[str, float], None]


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


@dataclass
class Report:
    """What a build did."""

    project: Project
    artifacts: list[Artifact] = field(default_factory=list)
    targets: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    pandoc_starts: int = 0
    seconds: float = 0.0


def build(request: Request, progress: Progress = lambda *_: None) -> Report:
    """Build a book and swap the result into the output folder; an error leaves that folder as it was.

    Raises `PublishError` for bad input (and, where `strict`, for the first warning), `UsageError` for an edition or a
    format that is not known.
    """
    began = time.monotonic()
    project = read_project(request.source)
    targets = choose_targets(project, request)
    with Store(request.output) as store, Workers(_places(request.jobs, targets)) as workers:
        before = pandoc.starts.count
        manuscript = read_manuscript(project)
        read_starts = pandoc.starts.count - before
        progress("read", time.monotonic() - began)
        findings = [*manuscript.findings, *_left_out(project, targets, request.formats)]
        if request.strict:
            refuse_warnings(findings)
        links = _links(store, targets)
        publications, renderings, starts = _run(project, manuscript, targets, links, store, workers, request, progress)
        for publication in publications.values():
            findings += publication.findings
        for rendering in renderings.values():
            findings += rendering.findings
        findings += missing_glyphs(
            manuscript, {target: one.notes.get("missing", ()) for target, one in renderings.items()}
        )
        findings = list(dict.fromkeys(findings))
        if request.strict:
            refuse_warnings(findings)
        starts += read_starts
        log.info("pandoc was started %d times", starts)
        manifest = describe(project, publications, renderings, starts)
        staged = {target: rendering.files for target, rendering in renderings.items()}
        for key, publication in publications.items():
            staged[key, RECORD] = write_record(publication.units, store.stage(key, RECORD))
        artifacts = store.publish(
            staged, manifest, lambda all_artifacts: index_page(project, manuscript, publications, store, all_artifacts)
        )
    return Report(
        project,
        artifacts,
        list(renderings),
        sorted(findings, key=lambda one: one.place),
        starts,
        time.monotonic() - began,
    )


def choose_targets(project: Project, request: Request) -> dict[str, tuple[EditionSettings, tuple[str, ...]]]:
    """The editions to build and the formats of each. Raises `UsageError` for a name that does not exist."""
    known = renderer_names()
    for name in request.formats:
        if name not in known:
            raise UsageError(f'unknown format "{name}"', f"Choose from {', '.join(known)}")
    editions = [project.edition(key) for key in request.editions] or list(project.editions)
    chosen = {edition.key: (edition, _formats(edition, request.formats or edition.formats)) for edition in editions}
    if request.formats and not any(formats for _, formats in chosen.values()):
        raise UsageError("a vertical edition has no PDF", "Build its EPUB, or the PDF of another edition")
    built = {key: (edition, formats) for key, (edition, formats) in chosen.items() if formats}
    if not built:
        raise UsageError("nothing to build", "Name an edition and a format")
    return built


def _formats(edition: EditionSettings, wanted: Sequence[str]) -> tuple[str, ...]:
    """The formats of an edition: WeasyPrint sets no vertical lines, so a vertical one has no PDF."""
    return tuple(dict.fromkeys(name for name in wanted if not (edition.vertical and name == "pdf")))


def _left_out(
    project: Project, targets: Mapping[str, tuple[EditionSettings, tuple[str, ...]]], wanted: Sequence[str]
) -> list[Finding]:
    """A note for each vertical edition whose PDF was wanted."""
    return [
        Finding(
            "pdf-vertical",
            "note",
            project.place("editions", key, "writing"),
            f"the vertical edition {key} has no PDF: pages are set in horizontal lines only",
        )
        for key, (edition, _) in targets.items()
        if edition.vertical and "pdf" in (wanted or edition.formats)
    ]


def _places(jobs: int | None, targets: Mapping[str, tuple[EditionSettings, tuple[str, ...]]]) -> int:
    """How many workers to have at once: `jobs`, else one a processor and a few more for the last PDFs.

    Three PDFs on two processors take the time of two, one after another; sharing the processors they take that of one
    and a half.
    """
    if jobs is not None:
        return jobs
    processors = _processors()
    pdfs = sum("pdf" in formats for _, formats in targets.values())
    left = pdfs % processors
    return processors + left if pdfs > processors > 1 and 2 * left <= processors else processors


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(len(os.sched_getaffinity(0)), 1)
    return os.cpu_count() or 1


def _links(store: Store, targets: Mapping[str, tuple[EditionSettings, tuple[str, ...]]]) -> tuple[EditionLink, ...]:
    """The editions whose web pages will stand side by side: those of this build and those that earlier builds left."""
    before = store.manifest()
    links = {
        key: EditionLink(key, edition.region.tag, edition.name)
        for key, (edition, formats) in targets.items()
        if "html" in formats
    }
    built = {row["edition"] for row in before.get("artifacts", ()) if row["format"] == "html"}
    for key, row in before.get("editions", {}).items():
        if key in built:
            links.setdefault(key, EditionLink(key, row["tag"], row["name"]))
    return tuple(links.values())


def _run(
    project: Project,
    manuscript: Manuscript,
    targets: Mapping[str, tuple[EditionSettings, tuple[str, ...]]],
    links: Sequence[EditionLink],
    store: Store,
    workers: Workers,
    request: Request,
    progress: Progress,
) -> tuple[dict[str, Publication], dict[tuple[str, str], Rendering], int]:
    """Derive every edition, and render each as soon as it is derived; the last value counts pandoc's starts."""
    starts = 0
    publications: dict[str, Publication] = {}
    renderings: dict[tuple[str, str], Rendering] = {}

    def render(key: str, publication: Publication) -> None:
        publications[key] = publication
        if request.strict:
            refuse_warnings(publication.findings)
        text = replace(publication, units=())  # which no renderer needs
        for name in targets[key][1]:
            context = RenderContext(store.stage(key, name), tuple(links), modified_date(publication.metadata))
            workers.submit(f"{key} {name}", _render, name, text, context, priority=PRIORITY.get(name, LAST))

    for key, (edition, _) in targets.items():
        arguments = (project, manuscript, edition, store.staging / "assets" / key)
        if publications:
            workers.submit(f"{key} convert", _derive, *arguments, priority=PRIORITY["convert"])
        else:  # here, while the workers still load the renderers
            done = _derive(*arguments)
            starts += done.starts
            progress(f"{key} convert", done.seconds)
            render(key, done.result)
    shared: dict[tuple[str, str], _Shared] = {}

    def next_stage(key: str, name: str) -> None:
        work = shared[key, name]
        priority = JOINING if work.stage else PRIORITY.get(name, LAST)
        for number, each in work.calls():
            workers.submit(f"{key} {name} {number}", _call, name, each, work.before, priority=priority)

    for task, done in workers.results():
        starts += done.starts
        key, step, number = (*task.split(" "), "")[:3]
        if step == "convert":
            progress(task, done.seconds)
            render(key, done.result)
            continue
        if isinstance(done.result, Work):
            shared[key, step] = _Shared(done.result, done.seconds)
        elif number and not shared[key, step].take(int(number), done):
            continue
        work = shared.get((key, step))
        if work and work.stage < len(work.work.stages):
            next_stage(key, step)
        else:
            progress(f"{key} {step}", work.seconds if work else done.seconds)
            renderings[key, step] = done.result
    order = [(key, format_name) for key, (_, formats) in targets.items() for format_name in formats]
    return {key: publications[key] for key in targets}, {target: renderings[target] for target in order}, starts


@dataclass(frozen=True)
class _Done:
    """What a step made, its time in seconds, and how often it started pandoc."""

    result: Any
    seconds: float
    starts: int


@dataclass
class _Shared:
    """A rendering whose work is shared out: how far it is, and what the calls of the stage that runs have given."""

    work: Work
    seconds: float
    stage: int = 0
    before: list[Any] | None = None
    results: dict[int, Any] = field(default_factory=dict)

    def calls(self) -> Iterator[tuple[int, Call]]:
        """The calls of the next stage, by their numbers."""
        yield from enumerate(self.work.stages[self.stage])

    def take(self, number: int, done: _Done) -> bool:
        """Take what a call has given; whether its stage is done."""
        self.results[number] = done.result
        self.seconds += done.seconds
        if len(self.results) < len(self.work.stages[self.stage]):
            return False
        self.before = [result for _, result in sorted(self.results.items())]
        self.stage, self.results = self.stage + 1, {}
        return True


def _derive(project: Project, manuscript: Manuscript, edition: EditionSettings, scratch: Path) -> _Done:
    """Derive an edition and hold it against the manuscript: one that has lost a part of the book is not rendered."""
    began, before = time.monotonic(), pandoc.starts.count
    publication = derive(project, manuscript, edition, scratch)
    refuse(project, manuscript, publication)
    return _Done(publication, time.monotonic() - began, pandoc.starts.count - before)


def _render(format_name: str, publication: Publication, context: RenderContext) -> _Done:
    began, before = time.monotonic(), pandoc.starts.count
    one = renderer(format_name)
    made = getattr(one, "begin", one.render)(publication, context)
    return _Done(made, time.monotonic() - began, pandoc.starts.count - before)


def _call(format_name: str, each: Call, results: Sequence[Any] | None) -> _Done:
    began, before = time.monotonic(), pandoc.starts.count
    result = call(renderer(format_name), each, results)
    return _Done(result, time.monotonic() - began, pandoc.starts.count - before)


def refuse_warnings(findings: Sequence[Finding]) -> None:
    """Raise the first warning as an error, with the number of the others; images on other hosts are one warning."""
    warnings = [one for one in findings if one.severity != "note"]
    if not warnings:
        return
    first = warnings[0]
    alike = [one for one in warnings if one.code == REMOTE] if first.code == REMOTE else [first]
    problem = remote_images(len(alike)) if len(alike) > 1 else first.problem
    more = f" ({len(warnings) - len(alike)} more)" if len(warnings) > len(alike) else ""
    raise PublishError(
        f"{problem}{more}", first.remedy or "See: publish check", first.place if first.place.file else None
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's collector, which would look through all of a book again and again and find no cycles in it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def check(source: Path, editions: Sequence[str] = ()) -> tuple[Project, list[Finding]]:
    """The findings of a book's source and settings and of its editions, compared, without rendering anything."""
    import tempfile  # noqa: PLC0415  # checks only

    project = read_project(source)
    chosen = [project.edition(key) for key in editions] or list(project.editions)
    manuscript = read_manuscript(project)
    findings = list(manuscript.findings)
    with tempfile.TemporaryDirectory() as scratch, _uncollected():
        publications = [derive(project, manuscript, one, Path(scratch) / one.key, checking=True) for one in chosen]
        for publication in publications:
            findings += publication.findings
        findings += compare(project, manuscript, publications)
    return project, sorted(dict.fromkeys(findings), key=lambda one: (one.place, one.code))


__all__ = ["Report", "Request", "build", "check", "choose_targets", "refuse_warnings"]
