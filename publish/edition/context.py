"""What every step of a derivation knows: the book, the edition, its converter and its images."""

from __future__ import annotations

from dataclasses import dataclass

from publish.cache import NONE, Cache
from publish.convert import Converter
from publish.convert.contexts import book_of
from publish.convert.registers import Book, sampled
from publish.findings import Finding, Severity
from publish.source.document import block_text
from publish.source.manuscript import Chapter, Manuscript
from publish.source.pictures.assets import Assets
from publish.source.project import Project
from publish.source.settings.editions import EditionSettings


@dataclass(frozen=True)
class Context:
    """The book and the edition that is derived from it.

    `checking` turns faults of images into findings; otherwise they end the derivation. `cache` keeps what takes long.
    """

    project: Project
    manuscript: Manuscript
    edition: EditionSettings
    converter: Converter
    assets: Assets
    checking: bool = False
    cache: Cache = NONE

    def finding(  # a finding's own fields and its place
        self,
        code: str,
        chapter: Chapter,
        line: int,
        problem: str,
        remedy: str = "",
        needle: str = "",
        severity: Severity = "warning",
    ) -> Finding:
        """A finding at a line of a chapter; without a line, where `needle` is in the chapter's source."""
        return Finding(code, severity, self.manuscript.place(chapter, line, needle), problem, remedy)


def converter_for(
    project: Project, edition: EditionSettings, manuscript: Manuscript | None = None, cache: Cache = NONE
) -> Converter:
    """The converter from the book's region to an edition's; the manuscript shows what the book is about."""
    return Converter(
        project.source,
        edition.region,
        configurations=edition.configurations,
        quotes=edition.quotes,
        glossary=project.glossary,
        decisions=project.decisions,
        edition=edition.key,
        base=edition.region.key,
        style=edition.style,
        subject=_subject(manuscript, edition) if manuscript else "",
        register=project.register,
        book=_writing(project, edition, manuscript, cache) if manuscript else (),
    )


def _writing(project: Project, edition: EditionSettings, manuscript: Manuscript, cache: Cache) -> Book:
    """How much of the book is of today, of novels, classical, where its characters leave a choice that this decides."""
    if project.register or (project.source.script, edition.region.script) != ("Hans", "Hant"):
        return ()
    lines = [line for own in manuscript.lines.values() for line in own]
    told = sampled(lines)
    return cache.made(cache.key("registers of a book", told), lambda: book_of(lines), list, tuple) if told else ()


def _subject(manuscript: Manuscript, edition: EditionSettings) -> str:
    """What the book is about, as far as the edition's style needs to know."""
    if not edition.style.phrases:
        return ""
    return edition.style.phrases.subject("\n".join(block_text(chapter.blocks) for chapter in manuscript.chapters))
