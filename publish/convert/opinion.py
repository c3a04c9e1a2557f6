"""A better choice than OpenCC's alone among the Traditional forms of a character: what its neighbours tell, learnt.

OpenCC's choice is one of the things that the table of contexts weighs (`contexts`); where the neighbours speak more
strongly for another form than native text showed to be needed, that one is taken. Everything is decided in OpenCC's
standard spelling, s2t; what a region writes for it comes after.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from operator import add
from typing import TYPE_CHECKING

from publish.convert.contexts import (
    ALONE,
    LAYERS,
    OLD,
    REACH,
    STATES,
    calibrated,
    certain,
    chances,
    near,
    reasons,
    scores,
    table,
    told,
    window,
)
from publish.convert.native import native
from publish.convert.replay import description_sequences, lines_with
from publish.convert.words import of_word, segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publish.convert.choice import Reason
    from publish.convert.contexts import Character

STANDARD = "s2t"

# The configurations that the opinions can amend, and the one that spells OpenCC's standard forms as they do.
REGIONAL = {"s2t": "", "s2tw": "t2tw", "s2twp": "t2tw", "s2hk": "t2hk", "s2hkp": "t2hk"}

# A place is shown to an editor where the form that was taken is less probable than this, by layer.
SURE = (0.88, 0.956, 0.956)
# What speaks for it that a doubled character has one form (一隻隻, 捲一捲), in hundredths of the logarithm of odds.
AGREE = 250
# What a form must lead by beyond that, in modern text, where OpenCC's rests on a phrase: of no, of two, three, four
# characters or more. Of old text the table has learnt what a phrase is worth, from too few of the long ones.
PHRASE, OLD_PHRASE = (0, 40, 250, 500), (0, 0, 150, 300)
# Whatever native modern text showed, a lead of this is enough.
MOST = 160
# Where a text may be modern or old, such a lead in the likelier of the two is enough, whatever the other says.
WITHOUT_RIVAL = 300
# The same for old text, but for what is never overruled there.
MOST_OLD, NEVER = 260, 9900
_LONGEST_PHRASE = 6
_SHOWN = 4  # pieces of evidence
_MARGIN = "\n" * REACH


class _States(dict[int, str]):
    """For a word's length, the states of its characters."""

    def __missing__(self, length: int) -> str:
        found = self[length] = f"B{'M' * (length - 2)}E"
        return found


_STATES = _States({0: "", 1: "S"})
_SEPARATE = "于后发"  # what is never doubled: two of them are the ends of two words (由于于女士, 皇后后悔, 头发发黄)
_DOUBLING = "一了不"  # what may stand within: 捲一捲, 捲了捲, 乾不乾


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided of one character.

    `forms` are its forms with their probabilities, the one that was taken first; `opencc` is OpenCC's choice; `chance`
    how probable it is that the first is right, measured on text that nothing was learnt from; `reason` why a person
    should look at it, None where nobody need; `why` the evidence in words.
    """

    index: int
    character: str
    forms: tuple[tuple[str, float], ...]
    opencc: str
    chance: float
    reason: Reason | None
    why: str = ""

    @property
    def chosen(self) -> str:
        """The form that was taken."""
        return self.forms[0][0]

    @property
    def doubt(self) -> float:
        """From 0, sure, to 1, wrong: how probable it is that the form is wrong."""
        return round(1 - self.chance, 3)


@lru_cache(maxsize=16)
def standard_of(text: str) -> str:
    """OpenCC's standard conversion, kept for a moment: the region's own is made of it."""
    return native(STANDARD)(text)


class _Words:
    """The words of a text, and what each adds to the scores of its characters; segmented when first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _states(self) -> str:
        return "".join(map(_STATES.__getitem__, map(len, segment(self._text))))

    def added(self, index: int, known: Character, stock: int) -> tuple[int, ...]:
        """What the word around the index adds to each form but the first."""
        state = self._states[index]
        if state == "S":
            start, end = index, index + 1
        else:
            start, end = self._states.rindex("B", 0, index + 1), self._states.index("E", index) + 1
        worded = of_word(STANDARD)(self._text[start:end])[index - start]
        return known.words[known.number.get(worded, stock)][STATES.index(state)]


class _Place:
    """A character that leaves a choice: what is known of it, OpenCC's form, the window around it, the form to take."""

    def __init__(self, index: int, known: Character, opencc: str, around: str, words: _Words, register: int) -> None:
        self.index, self.known, self.opencc, self.around = index, known, opencc, around
        self.stock = self.form = known.number[opencc]
        self._words, self.register = words, register
        self.phrase = 1  # the length of OpenCC's phrase
        self.near = ALONE  # what stands near it in old text

    @cached_property
    def scores(self) -> tuple[int, ...]:
        """What speaks for each form, its word included."""
        found = scores(self.around, self.register, self.stock, self.phrase, self.near)
        return tuple(map(add, found, (0, *self._words.added(self.index, self.known, self.stock))))

    @property
    def leaning(self) -> int:
        """The form that leads, be it by ever so little."""
        return self.scores.index(max(self.scores))

    @property
    def lead(self) -> int:
        """By how much the form that was taken leads OpenCC's."""
        return self.scores[self.form] - self.scores[self.stock]

    def as_in(self, register: int) -> _Place:
        """The same place in text of another register."""
        return _Place(self.index, self.known, self.opencc, self.around, self._words, register)

    def best(self, margin: int) -> int:
        """The form that leads all others, OpenCC's by more than the margin."""
        found = certain(self.around, self.register, self.stock, margin, self.phrase, self.near)
        if found is not None:
            return found
        best = max(self.scores)
        return self.scores.index(best) if best - self.scores[self.stock] > margin else self.stock


def overrules(text: str, register: int | None = None) -> list[tuple[int, str, str]]:
    """Where another form than OpenCC's is taken, in order: the index, OpenCC's form, and the one to have."""
    return [
        (place.index, place.opencc, place.known.forms[place.form])
        for place in _decided(text, register)
        if place.form != place.stock
    ]


def verdicts(text: str, register: int | None = None, *, settled: bool = False) -> Iterator[Verdict]:
    """The verdicts on all characters that an editor should see, or on which OpenCC is overruled, in order.

    With `settled`, on all the others as well that leave a choice.
    """
    kind = told(text)[0] if register is None else register
    for place in _decided(text, register):
        odds = chances(place.scores)
        chance = calibrated(odds[place.form], kind)
        overruled = place.form != place.stock
        sure = not overruled and chance >= SURE[LAYERS[kind]]
        if sure and not settled:
            continue
        ranked = sorted(range(len(odds)), key=lambda one: (one != place.form, -odds[one]))
        other = place.stock if overruled else ranked[1]
        yield Verdict(
            place.index,
            text[place.index],
            tuple((place.opencc if one == place.stock else place.known.forms[one], odds[one]) for one in ranked),
            place.opencc,
            chance,
            None if sure else "opinions" if overruled else "hard",
            evidence(text, place.index, kind, place.form, other),
        )


def evidence(text: str, index: int, register: int, form: int, other: int) -> str:
    """The neighbours that speak most for one form against another (+) or the other way (-), in words."""
    found = reasons(window(text, index), register, form, other, near(text, index))
    return "; ".join(f"{shown} {value:+.1f}" for shown, value in found[:_SHOWN])


def _decided(text: str, register: int | None) -> list[_Place]:
    """All places of a text that leave a choice, decided, in order."""
    if text.isascii():
        return []
    standard = standard_of(text)
    if len(standard) != len(text):
        return []
    kind, rival = told(text) if register is None else (register, None)
    old = kind in OLD
    asked = [found.start() for found in table().asked[old].finditer(standard)]
    asked = sorted({*asked, *(twin for index in asked for twin in _twins(text, index))})
    places = list(_places(text, standard, kind, asked)) if asked else []
    for place in places:
        (_decide_old if old else _decide)(place, text)
        if rival is not None:
            _ask_rival(place, place.as_in(rival), text)
    for one, other in pairwise(places):
        if one.known is other.known and one.form != other.form and _doubled(text, one.index, other.index):
            _agree(one, other)
    return places


def _decide(place: _Place, text: str) -> None:
    """Take the form that leads OpenCC's by enough, the more where OpenCC's rests on a long phrase."""
    margin = min(place.known.trust[0][place.stock], MOST)
    if place.best(margin) == place.stock or _is_unreached(text, place.index):
        return
    if _has_neighbours(text, place.index):
        length = phrase(text, place.index, place.opencc)
        place.form = place.best(margin + PHRASE[min(length, len(PHRASE)) - 1])


def _decide_old(place: _Place, text: str) -> None:
    """The same in old text, for which the phrase is evidence like any other, and a mark too (》云：「)."""
    place.phrase = phrase(text, place.index, place.opencc)
    place.near = near(text, place.index)
    margin = place.known.trust[LAYERS[place.register]][place.stock]
    margin = min(margin, MOST_OLD) if margin < NEVER else margin
    best = place.best(margin + OLD_PHRASE[min(place.phrase, len(PHRASE)) - 1])
    if best != place.stock and not _is_unreached(text, place.index):
        place.form = best


def _ask_rival(place: _Place, rival: _Place, text: str) -> None:
    """Where a text may be modern or old: another form than OpenCC's if one is sure of it and the other leans to it."""
    (_decide_old if rival.register in OLD else _decide)(rival, text)
    if place.form == rival.form:
        return
    sure, other = (place, rival) if rival.form == place.stock else (rival, place)
    agreed = other.form == place.stock and other.leaning == sure.form
    convinced = sure is place and place.lead >= WITHOUT_RIVAL
    place.form = sure.form if agreed or convinced else place.stock


def _is_unreached(text: str, index: int) -> bool:
    """Whether the place lies in a phrase of which the table has learnt nothing true (`Table.unreached`)."""
    return any(
        text.startswith(one, max(index - at, 0))
        for one in table().unreached
        for at, character in enumerate(one)
        if character == text[index] and at <= index
    )


def _has_neighbours(text: str, index: int) -> bool:
    """Whether a Han character stands beside the place: where none does, there is nothing to overrule OpenCC by."""
    return any(
        _FIRST_HAN <= beside <= _LAST_HAN for beside in text[max(0, index - 1) : index] + text[index + 1 : index + 2]
    )


_FIRST_HAN, _LAST_HAN = "\u3400", "\u9fff"


def phrase(text: str, index: int, form: str) -> int:
    """The length of the longest of OpenCC's phrases around the index that gives the form; 1 if there is none."""
    phrases = _phrases(text[index])
    for length in range(_LONGEST_PHRASE, 1, -1):
        for start in range(max(0, index - length + 1), min(index, len(text) - length) + 1):
            found = phrases.get(text[start : start + length])
            if found is not None and found[index - start] == form:
                return length
    return 1


@cache
def _phrases(character: str) -> dict[str, str]:
    """OpenCC's phrases that have a character: all of them take longer to read than a short text to convert."""
    return lines_with("STPhrases.txt", character)


def _places(text: str, standard: str, register: int, asked: Sequence[int]) -> Iterator[_Place]:
    """The places at the indices asked for that the table knows."""
    known = table()
    words = _Words(text)
    copied = {at for start, end in description_sequences(text) for at in range(start, end)}
    padded = f"{_MARGIN}{text}{_MARGIN}"
    for index in asked:
        character = text[index]
        if character in known and index not in copied and standard[index] in known[character].number:
            around = padded[index : index + 2 * REACH + 1]
            yield _Place(index, known[character], standard[index], around, words, register)


def _twins(text: str, index: int) -> Iterator[int]:
    """Where the same character stands beside that at the index, or once more with 一 between."""
    for step in (-2, -1, 1, 2):
        twin = index + step
        if 0 <= twin < len(text) and text[twin] == text[index] and _doubled(text, *sorted((index, twin))):
            yield twin


def _doubled(text: str, first: int, second: int) -> bool:
    if text[first] in _SEPARATE:
        return False
    return second == first + 1 or (second == first + 2 and text[first + 1] in _DOUBLING)


def _agree(one: _Place, other: _Place) -> None:
    """A doubled character has one form, unless the neighbours speak strongly for two."""
    together = [first + second for first, second in zip(one.scores, other.scores, strict=True)]
    apart = one.scores[one.form] + other.scores[other.form]
    if max(together) + AGREE > apart:
        one.form = other.form = together.index(max(together))
