"""The pipeline, on one screen: a source is read once, each edition is derived once, each format rendered from it.

source (Markdown, YAML) -> Project -> Manuscript -> one Publication per edition -> HTML, EPUB, PDF -> build/
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from publish.build import schedule
from publish.build.last import check_request
from publish.build.notebook import Notebook, open_notebook
from publish.build.progress import DERIVE, Progress, Tally
from publish.build.reasons import gathered
from publish.build.record import FILE, RECORD
from publish.build.request import Report, Request, Told
from publish.build.store import Store
from publish.build.targets import Target, choose_targets, left_out, links, load_renderers, names, workers_for
from publish.build.workers import Workers, uncollected
from publish.compiled import loading
from publish.errors import disk_told
from publish.findings import Finding, placed, refuse_errors, refuse_warnings
from publish.formats import opening
from publish.source import pandoc
from publish.source.manuscript import Manuscript, read_manuscript
from publish.source.project import Project, read_project
from publish.steps import Key, Outcome
from publish.textfile import shown

if TYPE_CHECKING:
    from publish.edition.publication import Publication

log = logging.getLogger("publish")


@disk_told()
def build(request: Request, progress: Progress = lambda *_: None, beat: Callable[[], None] = lambda: None) -> Report:
    """Build a book and swap the result into the output folder; an error leaves that folder as it was.

    `progress` hears of what is done; `beat` is called again and again while worker processes are waited for. Either may
    raise to give the build up.

    Raises `PublishError` for bad input (and, where `strict`, for the first warning), `UsageError` for an edition or a
    format that is not known.
    """
    began, starts = time.monotonic(), pandoc.starts.count
    notebook = open_notebook(request)
    project = read_project(request.source, notebook.cache)
    targets = choose_targets(project, request)
    tally = Tally(progress, targets, began)

    def accept(key: Key, outcome: Outcome[object]) -> None:
        tally.finished(str(key), outcome.seconds)
        if request.strict and key.step == DERIVE:
            refuse_warnings(outcome.findings)

    jobs = workers_for(request.jobs, targets)
    with (
        Store(request.output, notebook.standing) as store,
        disk_told(),
        Workers[Key](jobs, beat, little=notebook.is_warm) as workers,
    ):
        store.refuse_another_book(project.slug, notebook.wrote)
        store.refuse_own_folder([project.file, *(one.path for one in project.chapters)])
        pandoc.meanwhile(partial(_load, notebook, targets))
        with uncollected():
            manuscript = read_manuscript(project, notebook.cache)
        starts = pandoc.starts.count - starts
        tally.finished("read", time.monotonic() - began)
        refuse_errors(manuscript.findings)
        findings = placed([*manuscript.findings, *left_out(project, targets)], shown(project.file))
        if request.strict:
            refuse_warnings(findings)

        _load(notebook, targets)
        from publish.build.index import index_page  # noqa: PLC0415  # pandoc reads while these are loaded
        from publish.build.manifest import describe, read_files  # noqa: PLC0415  # as above
        from publish.build.steps import build_steps  # noqa: PLC0415  # as above
        from publish.render.glyphs import missing_glyphs  # noqa: PLC0415  # as above

        steps = build_steps(
            project, manuscript, targets, links(targets, store.manifest()), store, notebook.cache, notebook.pages
        )
        outcomes = schedule.run(steps.all, workers, accept, tally)
        publications = {key: outcomes.result(step) for key, step in steps.derived.items()}
        renderings = {target: outcomes.result(step) for target, step in steps.rendered.items()}
        starts += outcomes.starts
        log.info("pandoc was started %d times", starts)

        for publication in publications.values():
            findings += placed(publication.findings, shown(project.file))
        for (edition, name), one in renderings.items():
            findings += placed(one.findings, shown(request.output / edition / opening(name, one.files)), project.place)
        findings += missing_glyphs(manuscript, {target: one.missing for target, one in renderings.items()})
        findings = list(dict.fromkeys(findings))
        if request.strict:
            refuse_warnings(findings)

        before = store.manifest()
        staged = {target: rendering.files for target, rendering in renderings.items()}
        artifacts = store.publish(
            staged | {(key, RECORD): (FILE,) for key in publications},
            describe(project, publications, renderings, notebook.cache),
            lambda all_artifacts: index_page(project, manuscript, publications, store, all_artifacts),
        )
    found = sorted(findings, key=lambda one: one.place)
    seconds = time.monotonic() - began
    read = frozenset(read_files(project, manuscript, publications.values()))
    reasons = gathered(manuscript, publications, renderings, before, artifacts)
    report = Report(artifacts, [*names(targets)], found, starts, seconds, reasons, project=project, read=read)
    notebook.close(request, report, read, _taken(manuscript, publications.values()))
    return report


def _load(notebook: Notebook, targets: Mapping[str, Target]) -> None:
    """Load what comes after reading; where little is to be done, what renders is loaded while a chapter is written."""
    with loading("publish.build.index"):
        for name in ("build.steps", "build.manifest", "render.glyphs", "build.index"):
            import_module(f"publish.{name}")
    if notebook.is_warm:
        pandoc.meanwhile(partial(load_renderers, targets))
        pandoc.meanwhile(partial(import_module, "filelock"))
        pandoc.meanwhile(notebook.trim)


def _taken(manuscript: Manuscript, publications: Iterable[Publication]) -> list[Path]:
    """The files that something was taken from, beside the chapters."""
    return [*manuscript.beside, *(path for one in publications for path in one.opened)]


@disk_told()
def check(source: Path, editions: Sequence[str] = ()) -> tuple[Project, list[Finding]]:
    """The findings of a book's source and settings and of its editions, compared, without rendering anything.

    What builds have kept is used; where no build has kept anything, nothing is.
    """
    with loading("publish.parity.gate"):
        from publish.build.manifest import read_files  # noqa: PLC0415  # as in `build`
        from publish.edition.derive import derive  # noqa: PLC0415  # the same
        from publish.parity.gate import compare  # noqa: PLC0415  # the same

    request = check_request(source, editions)
    notebook = open_notebook(request)
    project = read_project(source, notebook.cache)
    chosen = [project.edition(key) for key in editions] or list(project.editions)
    with tempfile.TemporaryDirectory() as scratch, uncollected():
        manuscript = read_manuscript(project, notebook.cache)
        findings = placed(manuscript.findings, shown(project.file))
        publications = [
            derive(project, manuscript, one, Path(scratch) / one.key, checking=True, cache=notebook.cache)
            for one in chosen
        ]
        for publication in publications:
            findings += placed(publication.findings, shown(project.file))
        findings += compare(project, manuscript, publications, notebook.cache)
    found = sorted(dict.fromkeys(findings), key=lambda one: (one.place, one.code))
    told = Told(findings=found, title=project.metadata.title or project.slug)
    notebook.close(request, told, read_files(project, manuscript, publications), _taken(manuscript, publications))
    return project, found


__all__ = ["Report", "Request", "build", "check", "refuse_warnings"]
