"""A review session: the book as it is on disk, with decisions written one by one and undoable."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate, islice
from pathlib import Path
from typing import Any, Literal

from publish.build.manifest import source_files
from publish.build.notebook import open_notebook
from publish.build.request import Request, Told
from publish.cache import Cache
from publish.convert import Converter, Decision
from publish.edition.context import converter_for
from publish.edition.units import Unit
from publish.errors import PublishError
from publish.review import ledger
from publish.review.command import converts, words
from publish.review.doubts import Asker, Doubt
from publish.review.listing import occurrence_dict
from publish.review.opened import Open
from publish.review.opening import Opening, asked, book_dict, figures
from publish.review.questions import (
    LineFinder,
    Occurrence,
    occurrence,
    occurrences,
    question_of,
    review_edition,
)
from publish.source.manuscript import Manuscript, read_manuscript
from publish.source.project import Project, read_project
from publish.source.settings.editions import EditionSettings
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


def _unheard(_places: Sequence[Occurrence], _done: int, _total: int) -> None:
    """Tell nobody."""


def _unheard_text(_text: str) -> None:
    """Tell nobody."""


@dataclass
class Session:
    """The state behind the page. Every method may be called from any thread."""

    source: Path
    keys: tuple[str, ...] = ()
    lazy: bool = False
    revision: int = 0
    notice: str = ""
    undos: list[Undo] = field(default_factory=list)
    redos: list[Undo] = field(default_factory=list)
    before_writing: Callable[[str], None] = _unheard_text  # is told what decisions.yaml is about to say

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._together = False
        self._unsaved: dict[tuple[str, str, str, str], Decision | None] = {}
        self._opening: Opening | None = None
        if not self.lazy:
            self._load()
            return
        self.project = read_project(self.source)
        self._seen: dict[Path, Stamp] = {}
        self._opening = Opening(self.project)
        begun = threading.Event()
        threading.Thread(target=self._begin, args=(begun,), name="review", daemon=True).start()
        begun.wait()

    # --- opening ------------------------------------------------------------------------------------------------------

    def _begin(self, begun: threading.Event) -> None:
        """Read the book in a thread; whoever decides meanwhile waits for its end, whoever looks sees how far it is."""
        with self._lock:
            begun.set()
            try:
                self._load()
            except PublishError as error:
                if self._opening:
                    self._opening.failure = error
            else:
                self._opening = None

    def opening(self, cursor: str = "") -> dict[str, Any] | None:
        """What the page shows of a book that is still being read, behind its cursor; None where it has been read.

        Raises `PublishError` where it cannot be read; the next look reads it again.
        """
        one = self._opening
        if one is None or one.failure is None:
            return one.state(cursor) if one else None
        with self._lock:
            self._load()
            self._opening = None
            return None

    # --- reading ------------------------------------------------------------------------------------------------------

    def refresh(self) -> bool:
        """Read the book again if one of its files has changed; return whether it has.

        Raises `PublishError` where the book cannot be read; what was read before stays.
        """
        with self._lock:
            if self._together:
                return False  # it was looked for at the beginning
            stamps = _stamps(self.project)
            if stamps == self._seen:
                return False
            changed = [path for path in {*stamps, *self._seen} if stamps.get(path) != self._seen.get(path)]
            self._load()
            names = ", ".join(sorted(path.name for path in changed)[:3])
            self.notice = f"{names} changed elsewhere, and was read again."
            return True

    def _load(self) -> None:
        project = read_project(self.source)
        stamps = _stamps(project)
        notebook = open_notebook(Request(self.source, Path(), noted=False))
        editions = [project.edition(key) for key in self.keys] or [one for one in project.editions if converts(one)]
        if self._opening and editions:
            self._peep(self._opening, project, editions)
        manuscript = read_manuscript(project, notebook.cache)
        if self._opening:
            self._opening.begin(project, manuscript, editions)
        opened = {one.key: self._opened(project, manuscript, one, notebook.cache) for one in editions}
        notebook.close(Request(self.source, Path(), noted=False), Told(), (), ())
        self.project, self.manuscript, self._open, self._seen = project, manuscript, opened, stamps
        self.revision += 1

    def _peep(self, opening: Opening, project: Project, editions: Sequence[EditionSettings]) -> None:
        """Find the places of a long book's first chapter before anything else, so that there is something to decide."""
        sizes = [one.path.stat().st_size for one in project.chapters]
        if sum(sizes) < _LONG or len(sizes) == 1:
            return
        first = replace(project, chapters=project.chapters[:1])
        with suppress(PublishError):  # which the whole book tells
            manuscript = read_manuscript(first)
            opening.begin(project, manuscript, editions)
            review_edition(
                first, manuscript, editions[0], words(), heard=partial(self._heard_first, opening), whole=False
            )

    @staticmethod
    def _heard_first(opening: Opening, places: Sequence[Occurrence], done: int, _total: int) -> None:
        opening.hear(opening.editions[0], places, done, len(opening.project.chapters))

    def _opened(self, project: Project, manuscript: Manuscript, edition: EditionSettings, cache: Cache) -> Open:
        forms = words()
        heard = partial(self._opening.hear, edition) if self._opening else _unheard
        review = review_edition(project, manuscript, edition, forms, cache, heard, whole=False)
        places: list[list[Occurrence]] = [[] for _ in review.units]
        for one in review.occurrences:
            places[one.unit].append(one)
        units, asker = list(review.units), Asker(project, edition, forms, manuscript)
        return Open(edition, units, places, asker, LineFinder(manuscript, units))

    def state(self, key: str = "") -> dict[str, Any]:
        """All that the page shows of one edition (the first where none is named)."""
        with self._lock:
            one = self._edition(key)
            return {
                **book_dict(self.project, self.manuscript),
                "revision": self.revision,
                "undo": len(self.undos),
                "redo": len(self.redos),
                "edition": one.edition.key if one else "",
                "editions": [figures(each.edition, each.all()) for each in self._open.values()],
                **asked(one.all() if one else []),
            }

    def chapter(self, key: str, chapter: str) -> list[dict[str, Any]]:
        """A chapter of an edition as it reads now: its texts in pieces, each with the id of a place or a mark."""
        with self._lock:
            one = self._edition(key)
            if one is None:
                return []
            converter = converter_for(self.project, one.edition, self.manuscript)
            names = iter(one.of(chapter))
            rows: list[dict[str, Any]] = []
            for number in one.chapters.get(chapter, ()):
                unit, places = one.units[number], list(islice(names, len(one.places[number])))
                cuts = [edge for place in places for edge in (place.doubt.start, place.doubt.end)]
                pieces = converter.pieces(unit.text, cuts, unit.opaque, unit.running)
                parts = list(_pieces(pieces, places))
                rows.append({"unit": number, "kind": unit.kind, "level": unit.level, "pieces": parts})
            return rows

    def _edition(self, key: str) -> Open | None:
        return self._open.get(key) or next(iter(self._open.values()), None)

    # --- deciding -----------------------------------------------------------------------------------------------------

    def decide(
        self, key: str, place: str, form: str | None, scope: Scope = "place", *, shared: bool = False, note: str = ""
    ) -> dict[str, Any]:
        """Decide that a place, or all like it, becomes `form` (None: stays as the source has it), and write it.

        `shared`: in every other edition too that has the same doubt, with the same forms to choose from. `note` is
        written beside the decision.
        Raises `GoneError` where the place is gone, `PublishError` where nothing can be written.
        """
        with self._lock:
            self.refresh()
            one, found, like = self._find(key, place)
            around = one.apart(found) if scope == "place" else like if scope == "like" else ("", "")
            decision = replace(found.decided(form or "", around, keep=form is None), note=note)
            return self._decided(one, [decision, *(self._shared(decision, found.options) if shared else ())])

    def settle(self, key: str, chapter: str, *, shared: bool = False) -> dict[str, Any]:
        """Decide that all that is open in a chapter of an edition stays as it was converted; one step to undo."""
        with self._lock:
            self.refresh()
            one = self._open.get(key)
            left = [each for each in one.all() if each.chapter == chapter and not each.decision] if one else []
            if one is None or not left:
                raise GoneError("this chapter has nothing left to decide", "Nothing was written")
            decisions: dict[tuple[str, ...], Decision] = {}
            for each in left:
                own = each.decided(each.doubt.chosen, one.apart(each))
                for made in (own, *(self._shared(own, each.options) if shared else ())):
                    decisions.setdefault(made.key, made)
            return self._decided(one, list(decisions.values()))

    def ask(self, key: str, unit: int, start: int, end: int) -> dict[str, Any]:
        """Ask about a word that nobody doubts: characters `start` to `end` of a text as the edition reads.

        Its place, and the id of it; that of a place of doubt which it touches, where it touches one. Raises `GoneError`
        where there is no such text.
        """
        with self._lock:
            self.refresh()
            one = self._open.get(key)
            if one is None or not 0 <= unit < len(one.units):
                raise GoneError("this text is not in the book any more", "Nothing was written")
            converter = converter_for(self.project, one.edition, self.manuscript)
            doubt = _word(converter, one.units[unit], start, end)
            if doubt is None:
                raise GoneError("there is no word here", "Choose other characters")
            met = [each for each in one.places[unit] if each.doubt.start < doubt.end and doubt.start < each.doubt.end]
            if not met:
                made = occurrence(one.edition, converter, one.lines, unit, one.units[unit], doubt, None)
                one.set(unit, sorted([*one.places[unit], made], key=lambda each: each.doubt.start))
            self.revision += not met
            wanted = (unit, (met[0].doubt if met else doubt).start)
            found = next(each for each in one.all() if (each.unit, each.doubt.start) == wanted)
            return {"place": found.id, "reload": True, "revision": self.revision}

    def _decided(self, one: Open, decisions: Sequence[Decision]) -> dict[str, Any]:
        """Write decisions as one step that can be undone."""
        replaced = self._write(decisions)
        self.undos.append(Undo(tuple(zip(decisions, replaced, strict=True))))
        self.redos.clear()
        return self._changed(one, decisions)

    def _shared(self, decision: Decision, options: Sequence[str]) -> Iterator[Decision]:
        """The same decision for each other edition that leaves open what it settles, among the same forms alone."""
        taken = {decision.edition}
        for one in sorted(self._open.values(), key=lambda one: one.edition.key != one.edition.region.key):
            if taken.isdisjoint((one.edition.key, one.edition.region.key)):
                met = list(one.settled(decision))
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
            self.redos.append(self.undos.pop())
            made = [one for one, _ in last.decisions]
            return self._changed(self._open.get(made[0].edition), made)

    def redo(self) -> dict[str, Any]:
        """Do again what was undone last, if nothing else was decided since. Raises `PublishError` where nothing was."""
        with self._lock:
            self.refresh()
            if not self.redos:
                raise PublishError("nothing to do again", "Only what was undone just now can be done again")
            last = self.redos[-1]
            made = [one for one, _ in last.decisions]
            self._write(made)
            self.undos.append(self.redos.pop())
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
            self.redos.clear()
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

    def place(self, key: str, place: str) -> tuple[Path, int]:
        """The file and the line of a place. Raises `GoneError` where it is gone."""
        with self._lock:
            _, found, _ = self._find(key, place)
            return Path(found.file), found.line

    def _find(self, key: str, place: str) -> tuple[Open, Occurrence, tuple[str, str]]:
        one = self._open.get(key)
        found = one.find(place) if one else None
        if one is None or found is None:
            raise GoneError("this place is not in the text any more", "Nothing was written")
        like = question_of(found, one.all()).like
        return one, found, like if like is not None else found.context

    def _write(self, decisions: Sequence[Decision], removed: Sequence[Decision] = ()) -> list[Decision | None]:
        """Take decisions into the book and others out of it; return for each what it replaces.

        They are written into their file now, or at the end of the steps that are taken `together`.
        """
        before = {one.key: one for one in self.project.decisions.all}
        after = dict(before)
        for one in decisions:
            note = one.note or (before[one.key].note if one.key in before else "")
            after[one.key] = self._unsaved[one.key] = replace(one, note=note)
        for one in removed:
            after.pop(one.key, None)
            self._unsaved[one.key] = None
        self.project = replace(self.project, decisions=replace(self.project.decisions, all=tuple(after.values())))
        self.revision += 1
        if not self._together:
            self._save()
        return [before.get(one.key) for one in decisions]

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write what is decided meanwhile as one, at the end. Raises `PublishError` where nothing can be written."""
        with self._lock:
            self.refresh()
            steps = list(self.undos), list(self.redos)
            self._together = True
            try:
                yield
                self._save()
            except PublishError:
                self.undos[:], self.redos[:] = steps
                raise
            finally:
                self._together = False

    def _save(self) -> None:
        """Write what is decided and not yet written. Raises `PublishError`, and knows only what the file says then."""
        if not self._unsaved:
            return
        path = self.project.decisions_file
        made = [one for one in self._unsaved.values() if one]
        gone = [Decision(*key) for key, one in self._unsaved.items() if one is None]
        self._unsaved.clear()
        try:
            text = ledger.text_of(path)
            new, decisions = ledger.with_changes(text, shown(path), made, gone)
            if new != text:
                self.before_writing(new)
                ledger.write(path, new)
        except PublishError:
            self._load()
            raise
        self.project = replace(self.project, decisions=decisions)
        self._seen = _stamps(self.project)

    def _changed(self, one: Open | None, decisions: Sequence[Decision]) -> dict[str, Any]:
        """Convert the texts with a decided term again; return what changes on the page, which shows `one`."""
        changed: set[str] = set()
        first, keys = decisions[0], {each.edition for each in decisions}
        settled = {each.key for each in decisions if each.edition == first.edition}
        for each in self._open.values():
            if not keys.isdisjoint((each.edition.key, each.edition.region.key)):
                indices = each.touched(decisions)
                _again(self.project, self.manuscript, each, indices)
                if each is one:
                    touched = set(indices)
                    changed = {place.id for place in each.all() if place.unit in touched}
        places = [place for place in one.all() if place.id in changed] if one else []
        return {
            "revision": self.revision,
            "undo": len(self.undos),
            "redo": len(self.redos),
            "editions": [figures(each.edition, each.all()) for each in self._open.values()],
            "places": {place.id: occurrence_dict(place) for place in places},
            "row": f"{first.term}: {ledger.row(first)}",
            "settled": sum(place.decision is not None and place.decision.key in settled for place in places),
            "shared": [each.edition.name for each in self._open.values() if each.edition.key in keys - {first.edition}],
        }


def _again(project: Project, manuscript: Manuscript, one: Open, indices: Sequence[int]) -> None:
    """Find the places of doubt in some texts of an edition again."""
    converter = converter_for(project, one.edition, manuscript)
    for number in indices:
        unit = one.units[number]
        places = occurrences(project, one.edition, converter, one.asker, one.lines, number, unit)
        taken = [(each.doubt.start, each.doubt.end) for each in places]
        # How a word is spelled elsewhere is the whole book's question, and stays where it is not decided.
        places += [each for each in one.places[number] if each.doubt.reason == "spelling" and _is_free(each, taken)]
        one.set(number, sorted(places, key=lambda each: each.doubt.start))


def _word(converter: Converter, unit: Unit, start: int, end: int) -> Doubt | None:
    """The source of characters of a text as it reads, as a place to be asked about; None where there is no word."""
    pieces = converter.pieces(unit.text, range(1, len(unit.text)), unit.opaque, unit.running)
    ends = list(accumulate(map(len, pieces)))
    first, last = bisect_right(ends, start), bisect_left(ends, end)
    # A phrase that changed its length is one piece, and the characters behind its first are empty.
    while last + 1 < len(pieces) and not pieces[last + 1]:
        last += 1
    first, last = min(first, last), last + 1
    term, output = unit.text[first:last], "".join(pieces[first:last])
    opaque = any(one < last and first < other for one, other in unit.opaque)
    if opaque or not term.strip() or "\n" in term or last - first > _LONGEST:
        return None
    return Doubt(first, last, term, output, (term,) if term != output else (), "asked", 0.0)


_LONG = 200_000  # bytes of text from which on a book's first chapter is looked at first
_LONGEST = 40  # characters that may be asked about at once


def _is_free(one: Occurrence, taken: Sequence[tuple[int, int]]) -> bool:
    return all(end <= one.doubt.start or one.doubt.end <= start for start, end in taken)


def _pieces(pieces: Sequence[str], places: Sequence[Occurrence]) -> Iterator[dict[str, str | bool]]:
    """A text's pieces: between two places, and each place."""
    for number, piece in enumerate(pieces):
        text = piece.replace("\ufffc", "▢")
        if number % 2 == 0:
            if text:
                yield {"text": text}
        else:
            place = places[number // 2]
            yield {"text": text, "place": place.id, "decided": place.decision is not None}


def _stamps(project: Project) -> dict[Path, Stamp]:
    """When each text of the book was last written, and its size."""
    found: dict[Path, Stamp] = {}
    for path in {*source_files(project), project.decisions_file, project.glossary_file}:
        if path.suffix.lower() in _TEXTS and path.is_file():
            state = path.stat()
            found[path] = (state.st_mtime_ns, state.st_size)
    return found
