"""Questions: the doubts of a book, each place with its sentence, grouped so that like cases are decided together."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any

from publish.cache import NONE, Cache
from publish.convert import Converter, Decision
from publish.convert.decisions import context
from publish.edition.context import converter_for
from publish.edition.derive import convert_units
from publish.edition.units import Unit
from publish.errors import UsageError
from publish.han import IDEOGRAPH
from publish.review.doubts import REASONS, Asker, Doubt, Forms
from publish.review.kept import Shelf, shelf, values_of
from publish.source.manuscript import Manuscript
from publish.source.project import Project
from publish.source.settings.editions import EditionSettings

_STOP = re.compile("[。！？!?；\n][”’」』）)]*")
_AROUND = 36  # characters of a sentence on each side of the term, at most
_MARKUP = re.compile(r"[\s*_`~^\[\](){}|>\\]")
# How many letters of the source a text may cover, addresses and code included.
_MARKED, _MARKED_MORE = 2, 200


@dataclass(frozen=True)
class Sentence:
    """A sentence with the doubtful term in the middle; `…` where it is cut short."""

    before: str
    term: str
    after: str

    @property
    def text(self) -> str:
        """The whole sentence."""
        return self.before + self.term + self.after


@dataclass(frozen=True)
class Occurrence:
    """One place of doubt: its unit in the edition, the sentence in both scripts, what it could be instead.

    `options` are the forms to choose from, the converter's first. `decision` is the one that applies.
    """

    id: str
    edition: str
    unit: int
    chapter: str
    anchor: str
    file: str
    line: int
    doubt: Doubt
    options: tuple[str, ...]
    source: Sentence
    target: Sentence
    context: tuple[str, str]
    decision: Decision | None = None

    @property
    def place(self) -> str:
        """`file:line`, or the file alone where no line is known."""
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def now(self) -> str:
        """What the term becomes now."""
        return self.decision.form if self.decision else self.doubt.chosen

    def decided(self, form: str, around: tuple[str, str] | None = None, *, keep: bool = False) -> Decision:
        """A decision on this place, or on every place with the context `around`."""
        before, after = self.context if around is None else around
        return Decision(self.edition, self.doubt.term, before, after, self.doubt.term if keep else form, keep)


@dataclass(frozen=True)
class Question:
    """Places with the same term, the same forms and like neighbours.

    `like` is their common context, which a decision on all of them requires; None where each is its own case.
    """

    id: str
    edition: str
    term: str
    options: tuple[str, ...]
    reason: str
    occurrences: tuple[Occurrence, ...]
    like: tuple[str, str] | None

    @property
    def doubt(self) -> float:
        """How doubtful the most doubtful place is, from 0 to 1."""
        return max(one.doubt.doubt for one in self.occurrences)

    @property
    def open(self) -> tuple[Occurrence, ...]:
        """The places that are not decided yet."""
        return tuple(one for one in self.occurrences if one.decision is None)


@dataclass(frozen=True)
class EditionReview:
    """One edition's texts, and the places of doubt in them, in reading order; decided ones too."""

    edition: EditionSettings
    units: tuple[Unit, ...]
    occurrences: tuple[Occurrence, ...]
    expected: tuple[float, float] = (0.0, 0.0)  # characters that are probably wrong, and the variance of that number

    @property
    def han(self) -> int:
        """How many Han characters the source of this edition has."""
        return sum(len(IDEOGRAPH.findall(unit.text)) for unit in self.units)

    @property
    def open(self) -> tuple[Occurrence, ...]:
        """The places that are not decided yet."""
        return tuple(one for one in self.occurrences if one.decision is None)


@dataclass(frozen=True)
class Filter:
    """Which questions to show: these reasons, these chapters (keys or files), with or without decided ones."""

    reasons: tuple[str, ...] = ()
    chapters: tuple[str, ...] = ()
    decided: bool = False

    def check(self, manuscript: Manuscript) -> None:
        """Raise `UsageError` for a reason or a chapter that does not exist."""
        for name in self.reasons:
            if name not in REASONS:
                raise UsageError(f'unknown reason "{name}"', f"Choose from {', '.join(REASONS)}")
        for name in self.chapters:
            if not any(_is_chapter(name, one.key, one.file) for one in manuscript.chapters):
                known = ", ".join(one.key for one in manuscript.chapters)
                raise UsageError(f'unknown chapter "{name}"', f"Choose from {known}")

    def wants(self, one: Occurrence) -> bool:
        """Whether a place is to be shown."""
        return (
            (self.decided or one.decision is None)
            and (not self.reasons or one.doubt.reason in self.reasons)
            and (not self.chapters or any(_is_chapter(name, one.chapter, one.file) for name in self.chapters))
        )


def _is_chapter(name: str, key: str, file: str) -> bool:
    return name in (key, file) or file.endswith(f"/{name}")


Heard = Callable[[Sequence[Occurrence], int, int], None]  # the places found, and of how many chapters of how many


def review_edition(
    project: Project,
    manuscript: Manuscript,
    edition: EditionSettings,
    forms: Forms | None = None,
    cache: Cache = NONE,
    heard: Heard = lambda *_: None,
    *,
    whole: bool = True,
) -> EditionReview:
    """Convert an edition's texts and find every place of doubt in them; `heard` is told of each chapter.

    What was found before is read from the cache. `whole`: units have their output, and how much is probably wrong is
    reckoned; nothing else needs every text to be converted.
    """
    converter = converter_for(project, edition, manuscript)
    units = convert_units(project, manuscript, edition, converter if whole else converter.still())
    asker = Asker(project, edition, forms, manuscript)
    lines = LineFinder(manuscript, units)
    kept = shelf(cache, project, manuscript, edition, converter)
    chapters = [list(group) for _, group in groupby(range(len(units)), lambda number: units[number].chapter)]
    found: list[Occurrence] = []
    spelled: list[tuple[int, int, str, str]] = []
    for done, numbers in enumerate(chapters, 1):
        ask = partial(_asked, project, edition, converter, asker, lines, units, numbers[0])
        asked = _known_or_asked(kept, [units[number] for number in numbers], ask)
        found += [replace(one, unit=one.unit + numbers[0]) for one in asked.places]
        spelled += [(number + numbers[0], at, term, form) for number, at, term, form in asked.spellings]
        heard(found, done, len(chapters))
    found = with_spellings(edition, converter, lines, units, found, spelled)
    wrong = [converter.expected(unit.text, unit.opaque) for unit in units] if whole else []
    expected = sum(mean for mean, _ in wrong), sum(variance for _, variance in wrong)
    return EditionReview(edition, units, tuple(named(found)), expected)


Spelling = tuple[int, int, str, str]  # a text's number, where a word begins in it, the word, what it became


@dataclass(frozen=True)
class Asked:
    """What a chapter is asked: its places of doubt, and words that have a choice; its texts are numbered from 0."""

    places: tuple[Occurrence, ...]
    spellings: tuple[Spelling, ...]


def _asked(
    project: Project,
    edition: EditionSettings,
    converter: Converter,
    asker: Asker,
    lines: LineFinder,
    units: Sequence[Unit],
    first: int,
    wanted: Iterable[int],
) -> Asked:
    """What some texts of a chapter are asked; their numbers count from its first."""
    places: list[Occurrence] = []
    spelled: list[Spelling] = []
    for at in wanted:
        unit = units[first + at]
        found = occurrences(project, edition, converter, asker, lines, first + at, unit)
        places += [replace(one, unit=at) for one in found]
        spelled += [(at, *one) for one in converter.spellings(unit.text, unit.opaque)]
    return Asked(tuple(places), tuple(spelled))


def _known_or_asked(kept: Shelf, units: Sequence[Unit], ask: Callable[[Sequence[int]], Asked]) -> Asked:
    """What a chapter is asked: as it is kept, but for the texts that meet other decisions now."""
    slot, met = kept.slot(units), [kept.met(unit) for unit in units]
    noted = kept.cache.recall(slot) if slot else None
    stale = [at for at in range(len(units)) if noted is None or noted["met"][at] != met[at]]
    known = _from_record(noted["asked"]) if noted else Asked((), ())
    if not stale:
        return known
    fresh, again = ask(stale), frozenset(stale)
    places = [*(one for one in known.places if one.unit not in again), *fresh.places]
    spelled = [*(one for one in known.spellings if one[0] not in again), *fresh.spellings]
    asked = Asked(tuple(sorted(places, key=lambda one: one.unit)), tuple(sorted(spelled, key=lambda one: one[0])))
    if slot:
        kept.cache.note(slot, {"met": met, "asked": _as_record(asked)})
    return asked


_PLAIN = ("id", "edition", "unit", "chapter", "anchor", "file", "line")  # what JSON says as it is


def _as_record(asked: Asked) -> dict[str, Any]:
    """What was asked as JSON."""
    places = [
        [
            [getattr(one, name) for name in _PLAIN],
            *map(values_of, (one.doubt, one.source, one.target)),
            one.context,
            one.options,
            one.decision and values_of(one.decision),
        ]
        for one in asked.places
    ]
    return {"places": places, "spellings": asked.spellings}


def _from_record(record: Mapping[str, Any]) -> Asked:
    """What JSON says was asked."""
    places = tuple(
        Occurrence(
            **dict(zip(_PLAIN, plain, strict=True)),
            doubt=_doubt(doubt),
            options=tuple(options),
            source=Sentence(*source),
            target=Sentence(*target),
            context=(context[0], context[1]),
            decision=Decision(*decision) if decision else None,
        )
        for plain, doubt, source, target, context, options, decision in record["places"]
    )
    return Asked(places, tuple((number, at, term, form) for number, at, term, form in record["spellings"]))


def _doubt(values: Sequence[Any]) -> Doubt:
    start, end, term, chosen, others, reason, doubt, why, said = values
    told = tuple((who, form) for who, form in said)
    return Doubt(start, end, term, chosen, tuple(others), reason, doubt, why, told)


def with_spellings(
    edition: EditionSettings,
    converter: Converter,
    lines: LineFinder,
    units: Sequence[Unit],
    found: Sequence[Occurrence],
    spelled: Sequence[Spelling],
) -> list[Occurrence]:
    """The places of doubt, and those where a word of several characters is spelled differently elsewhere."""
    met: dict[str, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for number, start, term, form in spelled:
        met[term][form].append((number, start))
    taken = {(one.unit, at) for one in found for at in range(*_span(one))}
    out = list(found)
    for term, forms in met.items():
        usual, *rarer = sorted(forms, key=lambda form: -len(forms[form]))
        for form in rarer:
            doubt = len(forms[form]) / (len(forms[form]) + len(forms[usual]))
            for number, start in forms[form]:
                if taken.isdisjoint((number, at) for at in range(start, start + len(term))):
                    one = Doubt(start, start + len(term), term, form, (usual,), "spelling", max(doubt, _SPELLING))
                    out.append(occurrence(edition, converter, lines, number, units[number], one, None))
    return sorted(out, key=lambda one: (one.unit, _span(one)))


_SPELLING = 0.3  # the least doubt of a word that is spelled in two ways


def _span(one: Occurrence) -> tuple[int, int]:
    return one.doubt.start, one.doubt.end


def occurrences(
    project: Project,
    edition: EditionSettings,
    converter: Converter,
    asker: Asker,
    lines: LineFinder,
    number: int,
    unit: Unit,
) -> list[Occurrence]:
    """The places of doubt in one text, without ids; each with the decision that applies."""
    matcher = project.decisions.matcher(edition.key, edition.region.key)
    applied = [
        match
        for match in (matcher.matches(unit.text) if matcher else ())
        if not any(start < match.end and match.start < end for start, end in unit.opaque)
    ]
    out: list[Occurrence] = []
    met: set[int] = set()
    for doubt in asker.doubts(unit):
        over = [match for match in applied if match.start < doubt.end and doubt.start < match.end]
        met |= {match.start for match in over}
        by = over[0] if over else None
        out.append(occurrence(edition, converter, lines, number, unit, doubt, by.decision if by else None))
    for match in applied:
        if match.start not in met:
            doubt = Doubt(match.start, match.end, match.term, match.form, (), "decided", 0.0)
            out.append(occurrence(edition, converter, lines, number, unit, doubt, match.decision))
    return sorted(out, key=lambda one: one.doubt.start)


def occurrence(
    edition: EditionSettings,
    converter: Converter,
    lines: LineFinder,
    number: int,
    unit: Unit,
    doubt: Doubt,
    decision: Decision | None,
) -> Occurrence:
    """A doubt in its text, without an id."""
    start, end = sentence_bounds(unit.text, doubt.start, doubt.end)
    cuts = (start, doubt.start, doubt.end, end)
    pieces = converter.pieces(unit.text, cuts, unit.opaque, unit.running)
    source = unit.text[start : doubt.start], doubt.term, unit.text[doubt.end : end]
    return Occurrence(
        id="",
        edition=edition.key,
        unit=number,
        chapter=unit.chapter,
        anchor=unit.id,
        file=unit.file,
        line=lines.of(number, doubt.start, doubt.end),
        doubt=doubt,
        options=tuple(dict.fromkeys((doubt.chosen, *doubt.others))),
        source=_sentence(source, cut=(start > 0, end < len(unit.text))),
        target=_sentence((pieces[1], pieces[2], pieces[3]), cut=(start > 0, end < len(unit.text))),
        context=context(unit.text, doubt.start, doubt.end),
        decision=decision,
    )


def _sentence(parts: tuple[str, str, str], *, cut: tuple[bool, bool]) -> Sentence:
    before, term, after = (part.replace("\ufffc", "▢").replace("\n", " ") for part in parts)
    begun = not cut[0] or not before or len(before) < _AROUND
    ended = not cut[1] or not after or len(after) < _AROUND
    return Sentence(before if begun else f"…{before}", term, after if ended else f"{after}…")


def sentence_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around `text[start:end]` begins and ends, at most some forty characters away."""
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    for stop in _STOP.finditer(text, first, start):
        first = stop.end()
    ending = _STOP.search(text, end, last)
    first = min(first, start)
    blank = len(text[first:start]) - len(text[first:start].lstrip())
    return first + blank, ending.end() if ending else last


def named(found: Iterable[Occurrence]) -> Iterator[Occurrence]:
    """The places with ids that are stable as long as their contexts are."""
    equals: Counter[str] = Counter()
    for one in found:
        words = "\0".join((one.edition, one.doubt.term, *one.context, one.chapter))
        name = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        equals[name] += 1
        yield replace(one, id=name if equals[name] == 1 else f"{name}-{equals[name]}")


def questions(found: Iterable[Occurrence]) -> list[Question]:
    """The places grouped by term, forms, reason and neighbourhood, the most doubtful group first."""
    groups: dict[_Kind, list[Occurrence]] = defaultdict(list)
    for one in found:
        groups[_kind(one)].append(one)
    made = [
        Question(_group_id(key, like), key[0], key[1], key[2], key[3], tuple(members), like)
        for key, places in groups.items()
        for like, members in _neighbourhoods(places)
    ]
    order = {one.edition: number for number, one in enumerate(made)}
    return sorted(made, key=lambda one: (-one.doubt, -len(one.occurrences), one.term, order[one.edition], one.id))


def question_of(place: Occurrence, found: Iterable[Occurrence]) -> Question:
    """The question that a place belongs to, among all places of its edition."""
    kind = _kind(place)
    made = questions(one for one in found if one.doubt.term == place.doubt.term and _kind(one) == kind)
    return next(one for one in made if any(each.id == place.id for each in one.occurrences))


_Kind = tuple[str, str, tuple[str, ...], str]


def _kind(one: Occurrence) -> _Kind:
    """What the places of one question have in common, besides a neighbour."""
    return one.edition, one.doubt.term, one.options, one.doubt.reason


def _group_id(key: tuple[object, ...], like: tuple[str, str] | None) -> str:
    return hashlib.sha256(repr((key, like)).encode()).hexdigest()[:12]


def _neighbourhoods(places: Sequence[Occurrence]) -> list[tuple[tuple[str, str] | None, list[Occurrence]]]:
    """Places of one term that share a neighbour; a term of several characters is its own neighbourhood.

    The neighbour that more of them share decides; the one after the term in a tie (只读, 干净).
    """
    term = places[0].doubt.term
    if places[0].doubt.reason == "quote":
        return [(None, [one]) for one in places]
    if len(IDEOGRAPH.findall(term)) != 1:
        return [(("", ""), list(places))]
    behind, front = Counter(_next(one) for one in places), Counter(_previous(one) for one in places)
    found: dict[tuple[str, str], list[Occurrence]] = defaultdict(list)
    for one in places:
        after, before = _next(one), _previous(one)
        if after and (not before or behind[after] >= front[before]):
            found["", after].append(one)
        elif before:
            found[before, ""].append(one)
        else:
            found[one.context].append(one)
    return list(found.items())


def _next(one: Occurrence) -> str:
    found = one.context[1][:1]
    return found if IDEOGRAPH.match(found) else ""


def _previous(one: Occurrence) -> str:
    found = one.context[0][-1:]
    return found if IDEOGRAPH.match(found) else ""


class LineFinder:
    """Finds the source line of a term in a unit of text, ignoring markup and line ends."""

    def __init__(self, manuscript: Manuscript, units: Sequence[Unit]) -> None:
        self._lines: Mapping[str, tuple[str, ...]] = manuscript.lines
        self._units = units

    def of(self, number: int, start: int, end: int) -> int:
        """The line on which the term begins; its block's where that is unknown."""
        unit = self._units[number]
        if unit.line == 0 or unit.file not in self._lines:
            return unit.line
        letters, lines = self._block(unit)
        for reach in (8, 4, 2, 0):
            first = max(0, start - reach)
            head = _MARKUP.sub("", unit.text[first:start].rpartition("\ufffc")[2])
            tail = unit.text[start : min(len(unit.text), end + reach)].partition("\ufffc")[0]
            at = letters.find(head + _MARKUP.sub("", tail))
            if at >= 0:
                return lines[at + len(head)] if at + len(head) < len(lines) else unit.line
        return unit.line

    def _block(self, unit: Unit) -> tuple[str, list[int]]:
        """The letters of a block in the source without markup, and the line of each."""
        rows = self._lines[unit.file]
        letters: list[str] = []
        lines: list[int] = []
        for line in range(unit.line, len(rows) + 1):
            kept = _MARKUP.sub("", rows[line - 1])
            letters.append(kept)
            lines += [line] * len(kept)
            if len(lines) > _MARKED * len(unit.text) + _MARKED_MORE:
                break
        return "".join(letters), lines
