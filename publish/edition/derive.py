"""Editions: a manuscript converted for one region, once, and written to XHTML, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from publish.convert import Converter
from publish.edition.context import Context, converter_for
from publish.edition.description import convert_metadata, describe, in_other_script, words_elsewhere
from publish.edition.images import place_images
from publish.edition.literature import sort_literature
from publish.edition.only import is_gone, select
from publish.edition.publication import Publication
from publish.edition.text import Gathered, convert_blocks, convert_string
from publish.edition.units import Unit, in_reading_order
from publish.edition.write import Text, write
from publish.errors import PublishError
from publish.findings import Finding
from publish.source.assets import Assets
from publish.source.document import nesting
from publish.source.editions import EditionSettings
from publish.source.manuscript import Chapter, Manuscript
from publish.source.project import Project


def derive(
    project: Project,
    manuscript: Manuscript,
    edition: EditionSettings,
    scratch: Path,
    *,
    checking: bool = False,
) -> Publication:
    """Convert the manuscript for an edition and write its chapters to XHTML; images go to `scratch`.

    Raises `PublishError` with file and line for an image that is missing, damaged or outside the book; `checking` turns
    these into findings, so that one run reports all.
    """
    converter = converter_for(project, edition, manuscript)
    context = Context(project, manuscript, edition, converter, Assets(project.root, scratch, edition.keys), checking)
    gathered = Gathered()
    texts = [_with_images(context, _converted(context, chapter, gathered), gathered) for chapter in manuscript.chapters]
    kept = [text for text in texts if not is_gone(text.blocks)]
    if not kept:
        raise PublishError(f"no content is left in the edition {edition.key}", "Check the .only blocks")
    chapters, found = write(context, kept)
    converted, units = convert_metadata(context)
    metadata, format_metadata, told = describe(context, converted)
    return Publication(
        edition=edition,
        slug=project.slug,
        metadata=metadata,
        format_metadata=format_metadata,
        chapters=chapters,
        assets=dict(sorted(context.assets.used.items())),
        page=edition.page or project.page,
        theme=project.theme,
        css="\n".join(path.read_text(encoding="utf-8") for path in project.css),
        toc=project.toc,
        toc_depth=project.toc_depth,
        numbered=project.number_sections,
        findings=tuple(dict.fromkeys([*gathered.findings, *found, *told, *_unused_decisions(context)])),
        glossary={f"{term} → {form}": count for (term, form), count in sorted(converter.tally.items())},
        url=project.url,
        offline=project.offline,
        elsewhere=tuple(sorted(gathered.elsewhere | set(words_elsewhere(project, edition)))),
        other_script=in_other_script(project, manuscript, edition),
        decisions=dict(Counter(f"{one.term} → {one.form}" for one in sorted(converter.decided))),
        probed=tuple(sorted(context.assets.probed)),
        opened=tuple(sorted(context.assets.opened)),
        units=in_reading_order([*gathered.units, *units]),
        original_images=project.original_images,
        notes=project.notes,
    )


def convert_units(
    project: Project, manuscript: Manuscript, edition: EditionSettings, converter: Converter | None = None
) -> tuple[Unit, ...]:
    """Every text of an edition as `derive` converts it, in reading order; nothing is written."""
    used = converter or converter_for(project, edition, manuscript)
    context = Context(project, manuscript, edition, used, Assets(project.root, Path(), edition.keys), checking=True)
    gathered = Gathered()
    for chapter in manuscript.chapters:
        _converted(context, chapter, gathered)
    return in_reading_order([*gathered.units, *convert_metadata(context)[1]])


def _converted(context: Context, chapter: Chapter, gathered: Gathered) -> Text:
    """What an edition has of a chapter, converted; what was found on the way is added to `gathered`."""
    part = ""
    if chapter.part:
        part, units = convert_string(context, chapter.part, chapter, 0, "heading")
        gathered.units.extend(units)
    with nesting(chapter.file):
        selected, findings = select(context, chapter)
        gathered.findings.extend(findings)
        blocks, found = convert_blocks(context, chapter, selected)
        if context.manuscript.cites:
            blocks = sort_literature(context, blocks)
    gathered.add(found)
    return Text(chapter, blocks, part)


def _with_images(context: Context, text: Text, gathered: Gathered) -> Text:
    """The text with its images placed."""
    with nesting(text.chapter.file):
        blocks, findings = place_images(context, text.chapter, text.blocks)
    gathered.findings.extend(findings)
    return replace(text, blocks=blocks)


def _unused_decisions(context: Context) -> Iterator[Finding]:
    """Decisions of this edition that matched nothing; those of its base if the book does not build the base itself."""
    edition, decisions = context.edition, context.project.decisions
    built = {one.key for one in context.project.editions}
    for one in decisions.of(edition.key, edition.region.key):
        if one not in context.converter.decided and (one.edition == edition.key or one.edition not in built):
            problem = f'the decision on "{one.term}" matches no place in the edition {edition.key}'
            yield Finding(
                "decision-unused", "warning", decisions.place(one), problem, "Correct its context, or delete it"
            )
