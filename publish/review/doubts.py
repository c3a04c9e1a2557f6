"""Doubts besides the converter's own: joins and cuts across markup, unpaired quotation marks, terms in other words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from publish.convert import Choice, Converter
from publish.convert.choice import REASONS as CHOICES
from publish.edition.units import Unit
from publish.source.manuscript import Manuscript
from publish.source.project import Project
from publish.source.settings.editions import EditionSettings

# Reasons to ask, in words; the converter's first.
REASONS: dict[str, str] = {
    **{str(reason): words for reason, words in CHOICES.items()},
    "quote": "an unpaired quotation mark",
    "spelling": "the same word is spelled in two ways in this book",
    "name": "a glossary term where another word may be meant",
    "asked": "asked about by an editor",
    "decided": "decided by an editor, and not doubtful otherwise",
}

# A word's forms in the target's writing, each with the logarithm of its probability; none if it is not a word.
Forms = Callable[[str], Sequence[tuple[str, float]]]

_QUOTE, _JOIN, _STRADDLE, _CUT, _INSIDE = 0.7, 0.55, 0.6, 0.4, 0.3  # doubt, from 0 to 1
_LONGEST = 6  # characters of a word
_UNKNOWN = -17.0  # a character that is not a word by itself: one in thirty million
_REACH = 8  # how far from a join across markup a character may change, in characters
_OPPOSITE = {"“": "「『", "”": "」』", "‘": "『「", "’": "』」", "「": "“‘", "」": "”’", "『": "‘“", "』": "’”"}


@dataclass(frozen=True)
class Doubt:
    """A choice, and why it is asked; `reason` is a key of `REASONS`."""

    start: int
    end: int
    term: str
    chosen: str
    others: tuple[str, ...]
    reason: str
    doubt: float
    why: str = ""
    said: tuple[tuple[str, str], ...] = ()


class Asker:
    """Finds what to ask about one edition's texts, as if nothing had been decided."""

    def __init__(
        self,
        project: Project,
        edition: EditionSettings,
        forms: Forms | None = None,
        manuscript: Manuscript | None = None,
    ) -> None:
        self._converter = undecided(project, edition, manuscript)
        self._plain = Converter(
            project.source,
            edition.region,
            configurations=edition.configurations,
            quotes="keep",
            register=project.register,
            book=self._converter.book,
        )
        self._glossary = bool(project.glossary.terms)
        self._forms = forms

    def doubts(self, unit: Unit) -> list[Doubt]:
        """The doubts of a text, in order; of those that overlap, only the gravest."""
        text, opaque = unit.text, unit.opaque
        found = [_of(choice) for choice in self._converter.choices(text, opaque)]
        found += self._lone_quotes(unit)
        if unit.borders:
            found += self._joins(unit)
            found += self._cuts(unit)
        if self._glossary and self._forms:
            found += self._terms(text, opaque, self._forms)
        return _gravest(found)

    def _lone_quotes(self, unit: Unit) -> Iterator[Doubt]:
        for issue in self._converter.issues(unit.text, unit.opaque, unit.running):
            if issue.code == "quote-unmatched":
                others = tuple(_OPPOSITE.get(issue.text, ""))
                yield Doubt(issue.index, issue.index + 1, issue.text, issue.text, others, "quote", _QUOTE)

    def _joins(self, unit: Unit) -> Iterator[Doubt]:
        """Where the text of a node changed because of its neighbour across markup."""
        text, cuts = unit.text, unit.borders
        joined = self._plain.pieces(text, cuts, unit.opaque)
        for (start, end), piece in zip(_spans(cuts, len(text)), joined, strict=True):
            inside = [(max(a, start) - start, min(b, end) - start) for a, b in unit.opaque if a < end and b > start]
            alone = self._plain.pieces(text[start:end], (), inside)[0]
            if alone != piece and len(alone) == len(piece) == end - start:
                yield from self._changed(text, cuts, start, (piece, alone))

    def _changed(self, text: str, cuts: Sequence[int], start: int, forms: tuple[str, str]) -> Iterator[Doubt]:
        joined, alone = forms
        for index, (one, other) in enumerate(zip(joined, alone, strict=True), start):
            if one == other:
                continue
            cut = min(cuts, key=lambda at: min(abs(at - index), abs(at - index - 1)))
            first, last = min(index, cut - 1), max(index + 1, cut + 1)
            if last - first > _REACH:
                first, last = index, index + 1
            term = text[first:last]
            whole = self._plain.pieces(text, (first, last))[1]
            apart = whole[: index - first] + other + whole[index - first + 1 :]
            if len(whole) == len(term):
                said = (("joined", whole), ("apart", apart))
                yield Doubt(first, last, term, whole, (apart,), "join", _JOIN, "", said)

    def _cuts(self, unit: Unit) -> Iterator[Doubt]:
        """Phrases whose length changed and that have a markup border inside."""
        for run in self._converter.runs(unit.text, unit.opaque):
            if not run.aligned and any(run.start < cut < run.end for cut in unit.borders):
                term = unit.text[run.start : run.end]
                yield Doubt(run.start, run.end, term, run.text, (), "cut", _CUT)

    def _terms(self, text: str, opaque: Sequence[tuple[int, int]], forms: Forms) -> Iterator[Doubt]:
        """Glossary terms and protected names where the text reads better as other words."""
        kept = set(opaque)
        for run in self._converter.runs(text, opaque):
            if run.origin not in ("glossary", "keep") or (run.start, run.end) in kept:
                continue
            word = crossing(text, run.start, run.end, forms)
            if word is None:
                continue
            start, end = word
            plain = self._plain.pieces(text, (run.start, run.end), opaque)[1]
            inside = start <= run.start and run.end <= end
            # A term of several characters within a longer word is mostly that term: 文件夹里, 打印出来.
            if plain != run.text and not (inside and run.end - run.start > 1):
                why = f"it may be part of {text[start:end]}"
                doubt = _INSIDE if inside else _STRADDLE
                term = text[run.start : run.end]
                yield Doubt(run.start, run.end, term, run.text, (plain,), "name", doubt, why)


def undecided(project: Project, edition: EditionSettings, manuscript: Manuscript | None = None) -> Converter:
    """The converter of an edition without any decision."""
    from publish.edition.context import converter_for  # noqa: PLC0415  # which imports much

    return converter_for(replace(project, decisions=type(project.decisions)()), edition, manuscript)


def crossing(text: str, start: int, end: int, forms: Forms) -> tuple[int, int] | None:
    """The word across an edge of `text[start:end]` in the likeliest reading of the characters around it.

    None where the words of that reading keep to both edges.
    """
    first, last = max(0, start - _LONGEST), min(len(text), end + _LONGEST)
    words = reading(text[first:last], forms)
    for begin, finish in words:
        begin, finish = begin + first, finish + first  # noqa: PLW2901  # in the whole text
        if begin < start < finish or begin < end < finish:
            return begin, finish
    return None


def reading(text: str, forms: Forms) -> list[tuple[int, int]]:
    """The likeliest division of a short text into words, as ranges that tile it."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        starts = range(max(0, end - _LONGEST), end)
        best.append(max((best[start][0] + _weight(text[start:end], forms), start) for start in starts))
    found: list[tuple[int, int]] = []
    end = len(text)
    while end:
        start = best[end][1]
        found.append((start, end))
        end = start
    return found[::-1]


def _weight(word: str, forms: Forms) -> float:
    return max((weight for _, weight in forms(word)), default=_UNKNOWN if len(word) == 1 else float("-inf"))


def _of(choice: Choice) -> Doubt:
    return Doubt(
        choice.start,
        choice.end,
        choice.term,
        choice.chosen,
        choice.others,
        choice.reason,
        choice.doubt,
        choice.why,
        choice.said,
    )


def _spans(cuts: Sequence[int], length: int) -> list[tuple[int, int]]:
    return list(zip((0, *cuts), (*cuts, length), strict=True))


def _gravest(doubts: Sequence[Doubt]) -> list[Doubt]:
    """The doubts in text order, without those that overlap a graver one."""
    kept: list[Doubt] = []
    for one in sorted(doubts, key=lambda one: (-one.doubt, one.start, one.end)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
