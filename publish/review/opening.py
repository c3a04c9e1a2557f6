"""A book that is still being read for its review: what the page shows of it meanwhile, and of any book."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from publish.errors import PublishError
from publish.review.listing import occurrence_dict
from publish.review.questions import Occurrence, named, questions
from publish.source.manuscript import Manuscript
from publish.source.project import Project
from publish.source.settings.editions import EditionSettings
from publish.textfile import shown


@dataclass
class Opening:
    """A book that is being read: the places found so far in the edition that is read first, and how far it all is.

    `run` counts how often they were found from the beginning: first in the first chapter alone, which is soon read.
    """

    project: Project
    manuscript: Manuscript | None = None
    editions: tuple[EditionSettings, ...] = ()
    done: int = 0
    total: int = 0
    run: int = 0
    failure: PublishError | None = None
    found: list[Occurrence] = field(default_factory=list)

    def begin(self, project: Project, manuscript: Manuscript, editions: Sequence[EditionSettings]) -> None:
        """A text is read, and is about to be converted."""
        self.project, self.manuscript, self.editions = project, manuscript, tuple(editions)

    def hear(self, edition: EditionSettings, places: Sequence[Occurrence], done: int, total: int) -> None:
        """A chapter of an edition has been gone through."""
        number = self.editions.index(edition)
        self.done, self.total = number * total + done, len(self.editions) * total
        if number:
            return
        kept = self.found if done > 1 else []
        found = [*kept, *named(places[len(kept) :])]  # no id reaches beyond its chapter
        if done == 1 and [one.id for one in found] != [one.id for one in self.found[: len(found)]]:
            self.run += 1
        self.found = found

    def state(self, cursor: str) -> dict[str, Any]:
        """What the page shows meanwhile: of the places only those behind its cursor, each time with a new cursor."""
        run, places, edition = self.run, self.found, self.editions[0] if self.editions else None
        before, _, known = cursor.partition(".")
        fresh = places[int(known) :] if before == str(run) and known.isdecimal() else places
        return {
            **book_dict(self.project, self.manuscript),
            "opening": {"done": self.done, "total": self.total},
            "cursor": f"{run}.{len(places)}",
            "more": fresh is not places,
            "revision": 0,
            "undo": 0,
            "edition": edition.key if edition else "",
            "editions": [figures(edition, places)] if edition else [],
            **asked(fresh),
        }


def book_dict(project: Project, manuscript: Manuscript | None) -> dict[str, Any]:
    """What the page says of a book: its title, its files, its chapters."""
    return {
        "title": manuscript.metadata.title if manuscript else project.metadata.title or project.slug,
        "source": project.source.tag,
        "file": shown(project.decisions_file),
        "id": hashlib.sha256(str(project.decisions_file.resolve()).encode()).hexdigest()[:16],
        "glossary": shown(project.glossary_file),
        "chapters": [{"key": one.key, "title": one.title} for one in (manuscript.chapters if manuscript else ())],
    }


def figures(edition: EditionSettings, places: Sequence[Occurrence]) -> dict[str, Any]:
    """An edition as the page lists it, with how much is decided."""
    decided = sum(place.decision is not None for place in places)
    return {
        "key": edition.key,
        "name": edition.name,
        "tag": edition.region.tag,
        "open": len(places) - decided,
        "decided": decided,
    }


def asked(places: Sequence[Occurrence]) -> dict[str, Any]:
    """Places, and the questions that they make."""
    return {
        "questions": [
            {
                "id": one.id,
                "term": one.term,
                "options": list(one.options),
                "reason": one.reason,
                "like": one.like,
                "places": [place.id for place in one.occurrences],
            }
            for one in questions(places)
        ],
        "places": {place.id: occurrence_dict(place) for place in places},
    }
