"""A better choice than OpenCC's alone among the Traditional forms of a character: what its neighbours tell, learnt.

OpenCC's choice is one of the things that the table of contexts weighs (`contexts`); where the neighbours speak more
strongly for another form than native text showed to be needed, that one is taken. Everything is decided in OpenCC's
standard spelling, s2t; what a region writes for it comes after.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from math import exp
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
    shares,
    table,
    window,
)
from publish.convert.native import native
from publish.convert.replay import description_sequences, lines_with
from publish.convert.words import of_word, segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from publish.convert.choice import Reason
    from publish.convert.contexts import Character, Near, Shares

STANDARD = "s2t"

# The configurations that the opinions can amend, and the one that spells OpenCC's standard forms as they do.
REGIONAL = {"s2t": "", "s2tw": "t2tw", "s2twp": "t2tw", "s2hk": "t2hk", "s2hkp": "t2hk"}

# A place is shown to an editor where the form that was taken is less probable than this, by layer.
SURE = (0.88, 0.956, 0.956)
# What speaks for it that a doubled character has one form (一隻隻, 捲一捲), in hundredths of the logarithm of odds.
AGREE = 250
# What a form must lead by beyond that, in modern text, where OpenCC's rests on a phrase: of no, of two, three, four
# characters or more. Of old text the table has learnt what a phrase is worth, from too few of the long ones.
PHRASE, OLD_PHRASE = (0, 40, 150, 400), (0, 0, 150, 300)
# Whatever native modern text showed, a lead of this is enough.
MOST = 120
# The same for old text, but for what is never overruled there. Its references spell as they like, so that a form must
# lead by more than their blocks of validation said: one error in ten mended was the aim, on the half developed with.
MOST_OLD, NEVER = 260, 9900
MORE_IN_OLD = 15
# What it must lead by beyond that in other text where no Han stands beside the place, but some near it (葱、姜、蒜).
BARE = 200
_LONGEST_PHRASE = 6
_SHOWN = 4  # pieces of evidence
SOFT = 60  # hundredths that make one form as much likelier again
# A form is favoured by a half that leads OpenCC's by just as much as it has to; where registers are asked that may say
# different things, it needs a little more.
ENOUGH = 0.55


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
    """A character that leaves a choice: what is known of it, OpenCC's form, what stands around it, the form to take.

    `shares` are the registers that ask about it, with their probabilities.
    """

    def __init__(self, text: str, index: int, opencc: str, words: _Words, shares: Shares) -> None:
        self.index, self.opencc, self.shares = index, opencc, shares
        self.known = table()[text[index]]
        self.stock = self.form = self.known.number[opencc]
        self._text, self._words = text, words
        self._around = window(text, index)
        # Whether a Han character stands beside the place.
        self._has_neighbours = _is_han(self._around[REACH - 1]) or _is_han(self._around[REACH + 1])
        self._scores: dict[int, tuple[int, ...]] = {}

    @cached_property
    def phrase(self) -> int:
        """The length of OpenCC's phrase."""
        return phrase(self._text, self.index, self.opencc)

    @cached_property
    def _beside(self) -> Near:
        return near(self._text, self.index)

    def _seen(self, register: int) -> tuple[int, Near]:
        """What counts of the text beyond the window: the length of the phrase, and what stands near."""
        if register in OLD:
            return self.phrase, self._beside
        return 1, self._beside if self.known.heeds_near else ALONE

    def scores(self, register: int) -> tuple[int, ...]:
        """What speaks for each form in a register, the word included."""
        found = self._scores.get(register)
        if found is None:
            phrase, beside = self._seen(register)
            plain = scores(self._around, register, self.stock, phrase, beside)
            added = (0, *self._words.added(self.index, self.known, self.stock))
            found = self._scores[register] = tuple(map(add, plain, added))
        return found

    def odds(self) -> list[float]:
        """The forms' probabilities, over all registers."""
        found = self._over(lambda register: chances(self.scores(register)))
        return [one / sum(found) for one in found]

    def chance(self) -> float:
        """How probable it is that the form that was taken is right, measured on text never learnt from."""
        told = [(share, calibrated(chances(self.scores(one))[self.form], one)) for one, share in self.shares]
        return sum(share * chance for share, chance in told) / sum(share for share, _ in told)

    def best(self) -> int:
        """The form to take: OpenCC's, or another that leads it by enough over all registers."""
        if len(self.shares) == 1:
            found = self._certain(self.shares[0][0])
            if found is not None:
                return found
        favour = [0.0] * len(self.known.forms)
        possible = sum(share for _, share in self.shares)
        for register, share in self.shares:
            if self._certain(register) == self.stock:
                possible -= share
                if possible <= ENOUGH:
                    return self.stock
            else:
                favour = [*map(add, favour, (share * one for one in self._favour(register)))]
        favour[self.stock] = ENOUGH
        return favour.index(max(favour))

    def _favour(self, register: int) -> list[float]:
        """By form, how much speaks in a register for taking it."""
        found, least = self.scores(register), self._margin(register)
        return [1 / (1 + exp(min((found[self.stock] + least - one) / SOFT, _BEYOND))) for one in found]

    def _over(self, told: Callable[[int], list[float]]) -> list[float]:
        """What is told of each form, over all registers."""
        rows = [[share * one for one in told(register)] for register, share in self.shares]
        return rows[0] if len(rows) == 1 else [*map(sum, zip(*rows, strict=True))]

    def _certain(self, register: int) -> int | None:
        """The form that is taken in a register, whatever the word; None where the word decides.

        With no Han near it there is nothing to overrule OpenCC by, but for what old text says of marks (》云：「).
        """
        if register not in OLD and not (self._has_neighbours or any(map(_is_han, "".join(self._beside)))):
            return self.stock
        seen = self._seen(register)
        if certain(self._around, register, self.stock, self._least(register), *seen) == self.stock:
            return self.stock
        return certain(self._around, register, self.stock, self._margin(register), *seen)

    def _least(self, register: int) -> int:
        """What another form must lead by where OpenCC's rests on no phrase."""
        margin = self.known.trust[LAYERS[register]][self.stock]
        if register in OLD:
            return margin if margin >= NEVER else min(margin, MOST_OLD) + MORE_IN_OLD
        return min(margin, MOST) + (0 if self._has_neighbours else BARE)

    def _margin(self, register: int) -> int:
        """The same with the phrase that it rests on."""
        return self._least(register) + (OLD_PHRASE if register in OLD else PHRASE)[min(self.phrase, len(PHRASE)) - 1]


_BEYOND = 50.0  # logarithms of odds, beyond which nothing is left to tell


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
    for place in _decided(text, register):
        kind = place.shares[0][0]
        odds, chance = place.odds(), place.chance()
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
    kinds = sorted(shares(text) if register is None else ((register, 1.0),), key=_share, reverse=True)
    asked = {old: _asked(text, standard, old=old) for old in {kind in OLD for kind, _ in kinds}}
    places = list(_places(text, standard, kinds, asked))
    for place in places:
        _decide(place, text)
    for one, other in pairwise(places):
        if one.known is other.known and one.form != other.form and _doubled(text, one.index, other.index):
            _agree(one, other)
    return places


def _share(kind: tuple[int, float]) -> float:
    return kind[1]


def _asked(text: str, standard: str, *, old: bool) -> set[int]:
    """Where OpenCC's conversion has what may be wrong in old or in other text, and where the same stands beside it."""
    asked = [found.start() for found in table().asked[old].finditer(standard)]
    return {*asked, *(twin for index in asked for twin in _twins(text, index))}


def _decide(place: _Place, text: str) -> None:
    """Take another form than OpenCC's where one leads it by enough and something true was learnt of the phrase."""
    best = place.best()
    if best != place.stock and not _is_unreached(text, place.index):
        place.form = best


def _is_unreached(text: str, index: int) -> bool:
    """Whether the place lies in a phrase of which the table has learnt nothing true (`Table.unreached`)."""
    return any(
        text.startswith(one, max(index - at, 0))
        for one in table().unreached
        for at, character in enumerate(one)
        if character == text[index] and at <= index
    )


def _is_han(character: str) -> bool:
    return _FIRST_HAN <= character <= _LAST_HAN


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


def _places(
    text: str, standard: str, kinds: Sequence[tuple[int, float]], asked: Mapping[bool, set[int]]
) -> Iterator[_Place]:
    """The places that the table knows, each with the registers in which it is asked for."""
    known = table()
    words = _Words(text)
    copied = {at for start, end in description_sequences(text) for at in range(start, end)}
    for index in sorted(set().union(*asked.values())):
        character = text[index]
        if character in known and index not in copied and standard[index] in known[character].number:
            mine = tuple((kind, share) for kind, share in kinds if index in asked[kind in OLD])
            yield _Place(text, index, standard[index], words, mine)


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
    ones, others = one.scores(one.shares[0][0]), other.scores(other.shares[0][0])
    together = [first + second for first, second in zip(ones, others, strict=True)]
    apart = ones[one.form] + others[other.form]
    if max(together) + AGREE > apart:
        one.form = other.form = together.index(max(together))
