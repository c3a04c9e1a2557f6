"""One edition of a book under review: its texts, the places of doubt in each, and what a decision meets there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, islice

from publish.convert import Decision
from publish.convert.decisions import context as context_of
from publish.convert.decisions import shown as in_context
from publish.edition.units import Unit
from publish.review.doubts import Asker
from publish.review.questions import (
    LineFinder,
    Occurrence,
    named,
)
from publish.source.settings.editions import EditionSettings


@dataclass
class Open:
    """One edition in a session: its texts, and the places of doubt in each."""

    edition: EditionSettings
    units: list[Unit]
    places: list[list[Occurrence]]
    asker: Asker
    lines: LineFinder
    _named: dict[str, list[Occurrence]] = field(default_factory=dict)
    _having: dict[str, list[int]] = field(default_factory=dict)

    @cached_property
    def chapters(self) -> dict[str, range]:
        """The texts of each chapter, which stand together."""
        found: dict[str, range] = {}
        for key, numbers in groupby(range(len(self.units)), lambda number: self.units[number].chapter):
            first, *rest = numbers
            found[key] = range(first, (rest or [first])[-1] + 1)
        return found

    def all(self) -> list[Occurrence]:
        """All places in reading order, with their ids."""
        return [place for key in self.chapters for place in self.of(key)]

    def of(self, chapter: str) -> list[Occurrence]:
        """The places of a chapter, with their ids, which no other chapter has a part in."""
        if chapter not in self._named:
            numbers = self.chapters.get(chapter, range(0))
            self._named[chapter] = list(named(place for number in numbers for place in self.places[number]))
        return self._named[chapter]

    def find(self, place: str) -> Occurrence | None:
        """The place with an id."""
        return next((one for key in self.chapters for one in self.of(key) if one.id == place), None)

    @cached_property
    def shown(self) -> list[str]:
        """The texts as contexts have them."""
        return [in_context(unit.text) for unit in self.units]

    def having(self, term: str) -> list[int]:
        """The numbers of the texts that have a term."""
        if term not in self._having:
            self._having[term] = [number for number, unit in enumerate(self.units) if term in unit.text]
        return self._having[term]

    def apart(self, place: Occurrence) -> tuple[str, str]:
        """The least context that no other place of the edition has; that of the whole text where several are alike."""
        doubt, text = place.doubt, self.units[place.unit].text
        around = place.context
        for reach in (12, 24, 48, len(text)):
            if len(list(islice(self._fitting(place.decided("", around)), 2))) < 2:  # noqa: PLR2004  # it and another
                break
            around = context_of(text, doubt.start, doubt.end, reach)
        return around

    def _fitting(self, decision: Decision) -> Iterator[int]:
        """The number of a text for each place in it that a decision fits."""
        pattern = re.compile(f"(?={re.escape(decision.term)})")
        for number in self.having(decision.term):
            seen = self.shown[number]
            yield from (number for one in pattern.finditer(seen) if decision.fits(seen, one.start()))

    def touched(self, decisions: Iterable[Decision]) -> list[int]:
        """The numbers of the texts that decisions have a part in."""
        return sorted({number for one in decisions for number in self._fitting(one)})

    def settled(self, decision: Decision) -> Iterator[Occurrence]:
        """The open places that a decision on some edition would settle here."""
        for number in dict.fromkeys(self._fitting(decision)):
            for place in self.places[number]:
                doubt = place.doubt
                open_here = place.decision is None and doubt.term == decision.term
                if open_here and decision.fits(self.shown[number], doubt.start):
                    yield place

    def set(self, number: int, places: list[Occurrence]) -> None:
        """Replace a text's places."""
        self.places[number] = places
        self._named.pop(self.units[number].chapter, None)
