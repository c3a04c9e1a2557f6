"""Editions: a manuscript converted for one region, once, and written to XHTML, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from publish.cache import NONE, Cache
from publish.convert import Converter
from publish.edition.context import Context, converter_for
from publish.edition.description import convert_metadata, convert_page, describe, in_other_script, words_elsewhere
from publish.edition.features.defined import sort_definitions
from publish.edition.features.formulas import known_macros
from publish.edition.features.literature import sort_literature
from publish.edition.images import place_images
from publish.edition.kept import (
    SETTINGS,
    Derived,
    Wordlist,
    apart,
    apart_again,
    chapter_reads,
    keep,
    note,
    note_memory,
    recall,
    remembered,
    wordlist,
)
from publish.edition.numbered import number_chapters
from publish.edition.only import is_gone, select
from publish.edition.publication import Publication
from publish.edition.text import Gathered, convert_blocks, convert_string
from publish.edition.units import Unit, Units, in_reading_order, rows
from publish.edition.write import Text, write
from publish.errors import PublishError
from publish.findings import Finding
from publish.formulas.tex import Macros
from publish.source.document import Block, nesting
from publish.source.manuscript import Chapter, Manuscript
from publish.source.pictures.assets import Assets
from publish.source.project import Project
from publish.source.settings.editions import EditionSettings
from publish.trail import Reason, Trail


def derive(
    project: Project,
    manuscript: Manuscript,
    edition: EditionSettings,
    scratch: Path,
    *,
    checking: bool = False,
    cache: Cache = NONE,
) -> Publication:
    """Convert the manuscript for an edition and write its chapters to XHTML; images go to `scratch`.

    A chapter that was derived before, of all the same, is taken from the cache.

    Raises `PublishError` with file and line for an image that is missing, damaged or outside the book; `checking` turns
    these into findings, so that one run reports all.
    """
    converter = converter_for(project, edition, manuscript, cache)
    assets = Assets(project.root, scratch, edition.keys, cache)
    context = Context(project, manuscript, edition, converter, assets, checking, cache)
    derived, said, reasons = _derive_chapters(context, cache)
    gathered = Gathered()
    for one in derived:
        gathered.add(one.gathered)
    kept = [(chapter, one) for chapter, one in zip(manuscript.chapters, derived, strict=True) if not one.gone]
    if not kept:
        raise PublishError(f"no content is left in the edition {edition.key}", "Check the .only blocks")
    chapters, found = number_chapters(context, kept)
    written = [finding for _, one in kept for finding in one.written]
    with remembered(context, "the metadata") as own:
        converted, units = convert_metadata(own)
        page, on_cover = convert_page(own)
    metadata, format_metadata, told = describe(context, converted)
    return Publication(
        edition=edition,
        slug=project.slug,
        metadata=metadata,
        format_metadata=format_metadata,
        chapters=chapters,
        assets=dict(sorted(context.assets.used.items())),
        page=page,
        theme=project.theme,
        css="\n".join(path.read_text(encoding="utf-8") for path in project.css),
        toc=project.toc,
        toc_depth=project.toc_depth,
        numbered=project.number_sections,
        findings=tuple(
            dict.fromkeys([*gathered.findings, *said, *written, *found, *told, *_unused_decisions(context)])
        ),
        glossary={f"{term} → {form}": count for (term, form), count in sorted(converter.tally.items())},
        url=project.url,
        offline=project.offline,
        elsewhere=tuple(sorted(gathered.elsewhere | set(words_elsewhere(project, edition)))),
        other_script=in_other_script(context),
        decisions=dict(Counter(f"{one.term} → {one.form}" for one in sorted(converter.decided))),
        probed=tuple(sorted(context.assets.probed)),
        opened=tuple(sorted(context.assets.opened)),
        units=Units((*(partial(getattr, one, "units") for one in derived), lambda: [*units, *on_cover])),
        record=(*(one.record for one in derived), rows([*units, *on_cover])),
        original_images=project.original_images,
        flat_drawings=project.flat_drawings,
        notes=project.notes,
        form=project.form,
        origins={chapter.key: one.origin for chapter, one in kept if one.key},
        reasons=reasons,
    )


def _derive_chapters(context: Context, cache: Cache) -> tuple[list[Derived], list[Finding], tuple[Reason, ...]]:
    """What an edition has of each chapter by itself, from the cache or converted now; what pandoc says; and why.

    Of chapters that pandoc warns about, it does not say of which, nothing is kept.
    """
    words, macros = wordlist(context), known_macros(context)
    trail = Trail(cache, context.project.slug, f"{context.edition.key} convert")
    derived: list[Derived] = []
    new: list[tuple[Derived, Text]] = []
    for chapter, reads in zip(context.manuscript.chapters, chapter_reads(context, macros), strict=True):
        key = cache.key("chapter", reads) if reads else ""
        one, own = recall(key, context, chapter, words, cache) or (Derived(key, reads=reads), None)
        if own is None:
            text = _text(context, chapter, one, macros[chapter.key])
            new.append((one, text))
            own = text.context
        derived.append(one)
        context.assets.join(own.assets)
    said = _write_new(context, new, words, cache)
    for chapter, one in zip(context.manuscript.chapters, derived, strict=True):
        context.converter.tally.update(one.tally)
        context.converter.decided.update(one.decided)
        trail.tell(chapter.key, one.reads, made=not one.known)
    return derived, said, trail.close()


def _text(context: Context, chapter: Chapter, one: Derived, macros: Macros) -> Text:
    """A chapter converted, its images placed; what was found on the way goes to `one`."""
    settings = one.reads.get(SETTINGS, "")
    own = apart_again(context, chapter, settings) if settings else apart(context)
    blocks, one.part = _converted(own, chapter, one.gathered)
    with nesting(chapter.file):
        blocks, findings = place_images(own, chapter, blocks)
    one.gathered.findings.extend(findings)
    one.gone = is_gone(blocks)
    if settings:
        note_memory(own, chapter, settings)
    return Text(own, chapter, blocks, macros)


def _write_new(context: Context, new: Sequence[tuple[Derived, Text]], words: Wordlist, cache: Cache) -> list[Finding]:
    """Write the chapters that are new, and keep them; what pandoc says of them."""
    pages, said = write([text for one, text in new if not one.gone])
    rest = iter(pages)
    for one, text in new:
        if not one.gone:
            page = next(rest)
            one.page, one.formulas, one.written = page.xhtml, page.formulas, page.findings
        note(one, text.context, words)
        context.assets.join(text.context.assets)
        if not said:
            keep(one, words, cache)
    return said


def convert_units(
    project: Project, manuscript: Manuscript, edition: EditionSettings, converter: Converter | None = None
) -> tuple[Unit, ...]:
    """Every text of an edition as `derive` converts it, in reading order; nothing is written."""
    used = converter or converter_for(project, edition, manuscript)
    context = Context(project, manuscript, edition, used, Assets(project.root, Path(), edition.keys), checking=True)
    found: list[Unit] = []
    for chapter in manuscript.chapters:
        gathered = Gathered()
        _converted(context, chapter, gathered)
        found += in_reading_order(gathered.units)
    return (*found, *convert_metadata(context)[1], *convert_page(context)[1])


def _converted(context: Context, chapter: Chapter, gathered: Gathered) -> tuple[list[Block], str]:
    """What an edition has of a chapter, converted, and the title of its part; what was found goes to `gathered`."""
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
        if context.manuscript.defines:
            blocks = sort_definitions(context, blocks)
    gathered.add(found)
    return blocks, part


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
