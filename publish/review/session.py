"""A review session: the book as it is on disk, with decisions written one by one and undoable."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from publish.build.manifest import source_files
from publish.convert import Decision
from publish.convert.decisions import shown as in_context
from publish.edition.context import converter_for
from publish.edition.units import Unit
from publish.errors import PublishError
from publish.review import ledger
from publish.review.command import converts, words
from publish.review.doubts import Asker
from publish.review.listing import occurrence_dict
from publish.review.questions import (
    LineFinder,
    Occurrence,
    named,
    occurrences,
    questions,
    review_edition,
)
from publish.source.beside import read_decisions
from publish.source.editions import EditionSettings
from publish.source.manuscript import Manuscript, read_manuscript
from publish.source.project import Project, read_project
from publish.textfile import shown

Scope = Literal["place", "like", "everywhere"]
Stamp = tuple[int, int]

_TEXTS = (".md", ".markdown", ".yaml", ".yml")


class GoneError(PublishError):
    """The place to be decided is no longer in the text."""


@dataclass(frozen=True)
class Undo:
    """How to undo the last step: decisions, each with the one that it replaced, or a text of the glossary."""

    decisions: tuple[tuple[Decision, Decision | None], ...] = ()
    glossary: tuple[str, str] = ("", "")


@dataclass
class Open:
    """One edition in a session: its texts, and the places of doubt in each."""

    edition: EditionSettings
    units: list[Unit]
    places: list[list[Occurrence]]
    asker: Asker
    lines: LineFinder
    han: int
    _all: list[Occurrence] = field(default_factory=list)

    def all(self) -> list[Occurrence]:
        """All places in reading order, with their ids."""
        self._all = self._all or list(named(place for unit in self.places for place in unit))
        return self._all

    def met(self, decision: Decision, place: Occurrence) -> bool:
        """Whether a decision on some edition would settle a place here."""
        text = self.units[place.unit].text
        return place.doubt.term == decision.term and decision.fits(in_context(text), place.doubt.start)

    def set(self, number: int, unit: Unit, places: list[Occurrence]) -> None:
        """Replace a text and its places."""
        self.units[number], self.places[number], self._all = unit, places, []


@dataclass
class Session:
    """The state behind the page. Every method may be called from any thread."""

    source: Path
    keys: tuple[str, ...] = ()
    revision: int = 0
    notice: str = ""
    undos: list[Undo] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._load()

    # --- reading ------------------------------------------------------------------------------------------------------

    def refresh(self) -> bool:
        """Read the book again if one of its files has changed; return whether it has.

        Raises `PublishError` where the book cannot be read; what was read before stays.
        """
        with self._lock:
            stamps = _stamps(self.project)
            if stamps == self._seen:
                return False
            changed = [path for path in {*stamps, *self._seen} if stamps.get(path) != self._seen.get(path)]
            self._load()
            names = "、".join(sorted(path.name for path in changed)[:3])
            self.notice = f"{names} 在别处改过，已经重新读入。"
            return True

    def _load(self) -> None:
        project = read_project(self.source)
        stamps = _stamps(project)
        manuscript = read_manuscript(project)
        editions = [project.edition(key) for key in self.keys] or [one for one in project.editions if converts(one)]
        opened = {one.key: _opened(project, manuscript, one) for one in editions}
        self.project, self.manuscript, self._open, self._seen = project, manuscript, opened, stamps
        self.revision += 1

    def state(self, key: str = "") -> dict[str, Any]:
        """All that the page shows of one edition (the first where none is named)."""
        with self._lock:
            one = self._edition(key)
            places = one.all() if one else []
            return {
                "title": self.manuscript.metadata.title,
                "source": self.project.source.tag,
                "revision": self.revision,
                "undo": len(self.undos),
                "file": shown(self.project.decisions_file),
                "glossary": shown(self.project.glossary_file),
                "edition": one.edition.key if one else "",
                "editions": [self._figures(each) for each in self._open.values()],
                "chapters": [{"key": each.key, "title": each.title} for each in self.manuscript.chapters],
                "questions": [
                    {
                        "id": each.id,
                        "term": each.term,
                        "options": list(each.options),
                        "reason": each.reason,
                        "like": each.like,
                        "places": [place.id for place in each.occurrences],
                    }
                    for each in questions(places)
                ],
                "places": {place.id: occurrence_dict(place) for place in places},
            }

    def _figures(self, one: Open) -> dict[str, Any]:
        places = one.all()
        decided = sum(place.decision is not None for place in places)
        return {
            "key": one.edition.key,
            "name": one.edition.name,
            "tag": one.edition.region.tag,
            "open": len(places) - decided,
            "decided": decided,
            "rate": round(1000 * (len(places) - decided) / one.han, 1) if one.han else 0,
        }

    def chapter(self, key: str, chapter: str) -> list[dict[str, Any]]:
        """A chapter of an edition as it reads now: its texts in pieces, each with the id of a place or a mark."""
        with self._lock:
            one = self._edition(key)
            if one is None:
                return []
            converter = converter_for(self.project, one.edition, self.manuscript)
            ids = {id(place): name.id for place, name in zip(_flat(one.places), one.all(), strict=True)}
            rows: list[dict[str, Any]] = []
            for unit, places in zip(one.units, one.places, strict=True):
                if unit.chapter == chapter:
                    cuts = [edge for place in places for edge in (place.doubt.start, place.doubt.end)]
                    pieces = converter.pieces(unit.text, cuts, unit.opaque, unit.running)
                    rows.append({"kind": unit.kind, "level": unit.level, "pieces": list(_pieces(pieces, places, ids))})
            return rows

    def _edition(self, key: str) -> Open | None:
        return self._open.get(key) or next(iter(self._open.values()), None)

    # --- deciding -----------------------------------------------------------------------------------------------------

    def decide(
        self, key: str, place: str, form: str | None, scope: Scope = "place", *, shared: bool = False
    ) -> dict[str, Any]:
        """Decide that a place, or all like it, becomes `form` (None: stays as the source has it), and write it.

        `shared`: in every other edition too that has the same doubt, with the same forms to choose from.
        Raises `GoneError` where the place is gone, `PublishError` where nothing can be written.
        """
        with self._lock:
            self.refresh()
            one, found, like = self._find(key, place)
            around = None if scope == "place" else like if scope == "like" else ("", "")
            decision = found.decided(form or "", around, keep=form is None)
            decisions = [decision, *(self._shared(decision, found.options) if shared else ())]
            replaced = self._write(decisions)
            self.undos.append(Undo(tuple(zip(decisions, replaced, strict=True))))
            return self._changed(one, decisions)

    def _shared(self, decision: Decision, options: Sequence[str]) -> Iterator[Decision]:
        """The same decision for each other edition that leaves open what it settles, among the same forms alone."""
        taken = {decision.edition}
        for one in sorted(self._open.values(), key=lambda one: one.edition.key != one.edition.region.key):
            if taken.isdisjoint((one.edition.key, one.edition.region.key)):
                met = [place for place in one.all() if place.decision is None and one.met(decision, place)]
                if met and all(set(place.options) == set(options) for place in met):
                    taken.add(one.edition.key)
                    yield replace(decision, edition=one.edition.key)

    def undo(self) -> dict[str, Any]:
        """Undo the last step.

        Raises `PublishError` where there is nothing to undo, or the file has been edited since.
        """
        with self._lock:
            self.refresh()
            if not self.undos:
                raise PublishError(
                    "nothing to undo", "Decisions of earlier sessions are lines in the file: edit them there"
                )
            last = self.undos[-1]
            if not last.decisions:
                return self._undo_glossary(last)
            self._write(
                [before for _, before in last.decisions if before],
                [made for made, before in last.decisions if before is None],
            )
            self.undos.pop()
            made = [one for one, _ in last.decisions]
            return self._changed(self._open.get(made[0].edition), made)

    def add_term(self, key: str, place: str, form: str | None) -> dict[str, Any]:
        """Add a place's term to the glossary, with this form in this edition, or as a name to keep there (None)."""
        with self._lock:
            self.refresh()
            _, found, _ = self._find(key, place)
            path = self.project.glossary_file
            before = ledger.text_of(path)
            after = ledger.with_term(before, shown(path), found.doubt.term, key, form)
            ledger.write(path, after)
            self.undos.append(Undo(glossary=(before, after)))
            self._load()
            return {"revision": self.revision, "undo": len(self.undos), "reload": True}

    def _undo_glossary(self, last: Undo) -> dict[str, Any]:
        path = self.project.glossary_file
        if ledger.text_of(path) != last.glossary[1]:
            self.undos.pop()
            raise PublishError(f"{shown(path)} has been changed since", "Remove the term by hand")
        ledger.write(path, last.glossary[0])
        self.undos.pop()
        self._load()
        return {"revision": self.revision, "undo": len(self.undos), "reload": True}

    def _find(self, key: str, place: str) -> tuple[Open, Occurrence, tuple[str, str]]:
        one = self._open.get(key)
        places = one.all() if one else []
        question = next((each for each in questions(places) if any(p.id == place for p in each.occurrences)), None)
        if one is None or question is None:
            raise GoneError("this place is not in the text any more", "Nothing was written")
        found = next(each for each in question.occurrences if each.id == place)
        return one, found, question.like if question.like is not None else found.context

    def _write(self, decisions: Sequence[Decision], removed: Sequence[Decision] = ()) -> list[Decision | None]:
        """Write decisions into their file and remove others; return for each written one what it replaces."""
        path = self.project.decisions_file
        text = new = ledger.text_of(path)
        before = {one.key: one for one in read_decisions(path).all}
        for one in decisions:
            new = ledger.with_decision(new, shown(path), one)
        for one in removed:
            new = ledger.without_decision(new, shown(path), one)
        if new != text:
            ledger.write(path, new)
        self.project = replace(self.project, decisions=read_decisions(path))
        self._seen = _stamps(self.project)
        self.revision += 1
        return [before.get(one.key) for one in decisions]

    def _changed(self, one: Open | None, decisions: Sequence[Decision]) -> dict[str, Any]:
        """Convert the texts with a decided term again; return what changes on the page, which shows `one`."""
        changed: set[str] = set()
        first, keys = decisions[0], {each.edition for each in decisions}
        for each in self._open.values():
            if not keys.isdisjoint((each.edition.key, each.edition.region.key)):
                indices = [number for number, unit in enumerate(each.units) if first.met(unit.text)]
                _again(self.project, self.manuscript, each, indices)
                if each is one:
                    touched = set(indices)
                    changed = {place.id for place in each.all() if place.unit in touched}
        places = [place for place in one.all() if place.id in changed] if one else []
        return {
            "revision": self.revision,
            "undo": len(self.undos),
            "editions": [self._figures(each) for each in self._open.values()],
            "places": {place.id: occurrence_dict(place) for place in places},
            "row": f"{first.term}: {ledger.row(first)}",
            "settled": sum(place.decision is not None and place.decision.key == first.key for place in places),
            "shared": [each.edition.name for each in self._open.values() if each.edition.key in keys - {first.edition}],
        }


def _opened(project: Project, manuscript: Manuscript, edition: EditionSettings) -> Open:
    forms = words()
    review = review_edition(project, manuscript, edition, forms)
    places: list[list[Occurrence]] = [[] for _ in review.units]
    for one in review.occurrences:
        places[one.unit].append(one)
    units = list(review.units)
    return Open(
        edition, units, places, Asker(project, edition, forms, manuscript), LineFinder(manuscript, units), review.han
    )


def _again(project: Project, manuscript: Manuscript, one: Open, indices: Sequence[int]) -> None:
    """Convert some texts of an edition again and find their places of doubt."""
    converter = converter_for(project, one.edition, manuscript)
    for number in indices:
        before = one.units[number]
        unit = replace(before, output=converter.pieces(before.text, (), before.opaque, before.running)[0])
        places = occurrences(project, one.edition, converter, one.asker, one.lines, number, unit)
        one.set(number, unit, places)


def _flat(places: Sequence[Sequence[Occurrence]]) -> Iterator[Occurrence]:
    return (place for unit in places for place in unit)


def _pieces(
    pieces: Sequence[str], places: Sequence[Occurrence], ids: Mapping[int, str]
) -> Iterator[dict[str, str | bool]]:
    """A text's pieces: between two places, and each place."""
    for number, piece in enumerate(pieces):
        text = piece.replace("\ufffc", "▢")
        if number % 2 == 0:
            if text:
                yield {"text": text}
        else:
            place = places[number // 2]
            yield {"text": text, "place": ids[id(place)], "decided": place.decision is not None}


def _stamps(project: Project) -> dict[Path, Stamp]:
    """When each text of the book was last written, and its size."""
    found: dict[Path, Stamp] = {}
    for path in {*source_files(project), project.decisions_file, project.glossary_file}:
        if path.suffix.lower() in _TEXTS and path.is_file():
            state = path.stat()
            found[path] = (state.st_mtime_ns, state.st_size)
    return found
