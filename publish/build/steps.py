"""The steps of a build: each edition is derived once, and rendered in each of its formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from publish.build.progress import DERIVE
from publish.build.record import RECORD, write_record
from publish.build.store import Store
from publish.build.targets import Target, downloads
from publish.cache import NONE, Cache
from publish.edition.derive import derive
from publish.edition.publication import Publication
from publish.parity.gate import refuse
from publish.render import EditionLink, RenderContext, Rendering, modified_date, renderer
from publish.render.titles import titles_remembered
from publish.source.manuscript import Manuscript
from publish.source.project import Project
from publish.source.settings.editions import EditionSettings
from publish.steps import Key, Plan, Step, first, then

LONG, SHORT = 0, 1  # priorities: what takes longest starts as soon as it can, the rest fills the gaps


@dataclass(frozen=True)
class BuildSteps:
    """All steps of a build: how each edition is derived, and each target, an edition and a format, rendered."""

    derived: Mapping[str, Step[Publication]]
    rendered: Mapping[tuple[str, str], Step[Rendering]]

    @property
    def all(self) -> list[Step[Publication] | Step[Rendering]]:
        """The steps in the order in which they are best begun."""
        return [*self.derived.values(), *self.rendered.values()]


def build_steps(
    project: Project,
    manuscript: Manuscript,
    targets: Mapping[str, Target],
    links: Sequence[EditionLink],
    store: Store,
    cache: Cache = NONE,
    pages: Cache = NONE,
) -> BuildSteps:
    """The steps that make all targets of a book; `cache` keeps texts, `pages` what shows fonts."""
    derived = {key: _derived(project, manuscript, target, store, cache) for key, target in targets.items()}
    rendered: dict[tuple[str, str], Step[Rendering]] = {}
    for key, target in targets.items():
        paged = [Key(key, one.name) for one in target.formats if one.paged]
        beside = downloads(project.slug, key, target, store.manifest())
        for one in target.formats:
            step = then(
                Key(key, one.name),
                render,
                one.name,
                RenderContext(store.stage(key, one.name), tuple(links), beside, cache=pages),
                after=[derived[key]],
                priority=LONG if one.long else SHORT,
            )
            rendered[key, one.name] = replace(step, after=(*step.after, *paged)) if one.takes_pages else step
    return BuildSteps(derived, rendered)


def _derived(project: Project, manuscript: Manuscript, target: Target, store: Store, cache: Cache) -> Step[Publication]:
    key = target.edition.key
    folders = store.staging / "assets" / key, store.stage(key, RECORD)
    return first(Key(key, DERIVE), derive_edition, project, manuscript, target.edition, *folders, cache, priority=LONG)


def derive_edition(
    project: Project, manuscript: Manuscript, edition: EditionSettings, scratch: Path, record: Path, cache: Cache
) -> Publication:
    """Derive an edition and write its record, whose units no renderer needs.

    Held against the manuscript first: an edition that has lost a part of the book is not rendered.
    """
    publication = derive(project, manuscript, edition, scratch, cache=cache)
    refuse(project, manuscript, publication, cache)
    write_record(publication.record, record)
    return replace(publication, units=(), record=())


def render(
    format_name: str, context: RenderContext, before: Sequence[Publication | Rendering]
) -> Rendering | Plan[Rendering]:
    """Render a publication into the context's folder, or plan how, where its renderer shares the work out.

    The date to state is the publication's, the folios are those of what was rendered before.
    """
    [publication] = (one for one in before if isinstance(one, Publication))
    folios = tuple(folio for one in before if isinstance(one, Rendering) for folio in one.folios)
    context = replace(context, folios=folios, modified=modified_date(publication.metadata))
    one = renderer(format_name)
    plan = getattr(one, "plan", one.render)  # which a plug-in need not have
    with titles_remembered(context.cache, f"{publication.slug} {publication.edition.key} {format_name}"):
        made: Rendering | Plan[Rendering] = plan(publication, context)
    return made
