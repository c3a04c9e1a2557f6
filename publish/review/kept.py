"""Where places of doubt found before are kept: a chapter's, with the decisions that each of its texts then met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from publish.cache import Cache, digest
from publish.convert.converter import Converter
from publish.convert.decisions import DecisionMatch, DecisionMatcher
from publish.edition.kept import book_digest
from publish.edition.units import Unit
from publish.source.manuscript import Manuscript
from publish.source.project import Project
from publish.source.settings.editions import EditionSettings


@dataclass(frozen=True)
class Shelf:
    """Where what chapters of an edition were asked is kept; decisions count in the texts that meet them."""

    cache: Cache
    book: str
    decisions: DecisionMatcher | None
    lines: Mapping[str, str]

    def slot(self, units: Sequence[Unit]) -> str:
        """The hash of all that asking a chapter reads but decisions; "" where nothing is kept."""
        texts = [values_of(replace(one, output="")) for one in units] if self.cache.folder else []
        lines = sorted({(one.file, self.lines.get(one.file, "")) for one in units})
        return self.cache.key("doubts", self.book, texts, lines)

    def met(self, unit: Unit) -> str:
        """The hash of the decisions that a text meets; "" for none."""
        found = {one.decision.key: one.decision for one in self._matches(unit.text)}
        return digest([values_of(found[key]) for key in sorted(found)]) if found else ""

    def _matches(self, text: str) -> Iterator[DecisionMatch]:
        return self.decisions.matches(text) if self.decisions else iter(())


def shelf(
    cache: Cache, project: Project, manuscript: Manuscript, edition: EditionSettings, converter: Converter
) -> Shelf:
    """The shelf of an edition."""
    book = (
        digest(edition.key, project.glossary, book_digest(project, edition, manuscript, converter))
        if cache.folder
        else ""
    )
    lines = {name: digest(rows) for name, rows in manuscript.lines.items()} if cache.folder else {}
    return Shelf(cache, book, project.decisions.matcher(edition.key, edition.region.key), lines)


def values_of(record: Any) -> list[Any]:
    """The fields of a record, in their order."""
    return [getattr(record, one.name) for one in fields(record)]
