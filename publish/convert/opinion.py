"""A better choice than OpenCC's alone among the Traditional forms of a character: what its neighbours tell, learnt.

OpenCC's choice is one of the things that the table of contexts weighs (`contexts`); where the neighbours speak more
strongly for another form than native text showed to be needed, that one is taken. Everything is decided in OpenCC's
standard spelling, s2t; what a region writes for it comes after.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import repeat
from math import exp
from operator import add
from typing import TYPE_CHECKING

from publish.convert.contexts import (
    ALONE,
    LAYERS,
    REACH,
    STATES,
    calibrated,
    certain,
    keeps,
    near,
    reasons,
    scores,
    shares,
    table,
    window,
)
from publish.convert.native import native
from publish.convert.registers import CANTONESE, CLASSICAL, MODERN, OLD, VERSE, chances
from publish.convert.replay import description_sequences, lines_with
from publish.convert.words import of_word, segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publish.convert.choice import Reason
    from publish.convert.contexts import Character, Near, Verse
    from publish.convert.registers import Book, Shares

STANDARD = "s2t"

# The configurations that the opinions can amend, and the one that spells OpenCC's standard forms as they do.
REGIONAL = {"s2t": "", "s2tw": "t2tw", "s2twp": "t2tw", "s2hk": "t2hk", "s2hkp": "t2hk"}

# A place is shown to an editor where the form that was taken is less probable than this, by layer.
SURE = (0.88, 0.956, 0.956, 0.956)
# What speaks for it that a doubled character has one form (一隻隻, 捲一捲), in hundredths of the logarithm of odds.
AGREE = 250
# What a form must lead by beyond that, in modern text, where OpenCC's rests on a phrase: of no, of two, three, four
# characters or more. Of old text the table has learnt what a phrase is worth, from too few of the long ones.
PHRASE, OLD_PHRASE = (0, 40, 150, 400), (0, 0, 150, 300)
# And in text of today where that phrase is a word of the segmenter's, and the other lists of words have its form alone.
LISTED = 260
# Whatever native modern text showed, a lead of this is enough.
MOST = 120
# In Cantonese a smaller one: OpenCC knows nothing of it (呢个系 is 係).
IN_CANTONESE = 40
# The same for old text, but for what is never overruled there. Its references spell as they like, so that a form must
# lead by more than their blocks of validation said: one error in ten mended was the aim, on the half developed with.
MOST_OLD, NEVER = 260, 9900
MORE_IN_OLD = 15
# What a form must lead by in verse, where the table knows what verse makes of the character.
IN_VERSE = 110
# What it must lead by beyond that in other text where no Han stands beside the place, but some near it (葱、姜、蒜).
BARE = 200
# In text of today a word of one character has one form where it is led by no more than the second, if elsewhere in the
# text it leads by the first.
SURELY, ELSEWHERE = 300, 250
_THINGS = "面钟谷姜余范个折霉"  # things and names, that a text speaks of again (but 只有一只, 于词卒于, 签上签名)
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
# What is never doubled: two of them are the ends of two words (由于于女士, 皇后后悔, 头发发黄, 宿舍舍不得).
_SEPARATE = "于后发舍"
_DOUBLING = tuple("一了不")  # what may stand within: 捲一捲, 捲了捲, 乾不乾
_REPEATING = ("比一", "又一", "接一", "挨一", "叠一")  # and behind 一: 一齣比一齣好, 一捲又一捲
_STEPS = (1, 2, 3)  # from one to the other


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
        start, end = self.span(index)
        worded = of_word(STANDARD)(self._text[start:end])[index - start]
        return known.words[known.number.get(worded, stock)][STATES.index(self._states[index])]

    def span(self, index: int) -> tuple[int, int]:
        """Where the word around the index begins and ends."""
        if self._states[index] == "S":
            return index, index + 1
        return self._states.rindex("B", 0, index + 1), self._states.index("E", index) + 1


class _Place:
    """A character that leaves a choice: what is known of it, OpenCC's form, what stands around it, the form to take.

    `shares` are the registers that ask about it, with their probabilities, the likeliest first.
    """

    __slots__ = (
        "_around",
        "_beside",
        "_has_neighbours",
        "_phrase",
        "_plains",
        "_scores",
        "_text",
        "_words",
        "form",
        "index",
        "known",
        "opencc",
        "shares",
        "stock",
    )

    def __init__(
        self, text: str, index: int, known: Character, opencc: tuple[str, int], words: _Words, shares: Shares
    ) -> None:
        self.index, self.known, self.shares = index, known, shares
        self.opencc, self.stock = opencc
        self.form = self.stock
        self._text, self._words = text, words
        self._around = around = window(text, index)
        # Whether a Han character stands beside the place.
        self._has_neighbours = (
            _FIRST_HAN <= around[REACH - 1] <= _LAST_HAN or _FIRST_HAN <= around[REACH + 1] <= _LAST_HAN
        )
        self._beside: Near | None = None
        self._phrase = 0
        self._plains: dict[int, tuple[int, ...]] = {}
        self._scores: dict[int, tuple[int, ...]] = {}

    @property
    def phrase(self) -> int:
        """The length of OpenCC's phrase."""
        self._phrase = self._phrase or phrase(self._text, self.index, self.opencc)
        return self._phrase

    def _near(self) -> Near:
        if self._beside is None:
            self._beside = near(self._text, self.index)
        return self._beside

    def _plain(self, register: int) -> tuple[int, ...]:
        """What speaks for each form in a register, but for the word."""
        found = self._plains.get(register)
        if found is None:
            old = register in OLD
            length, beside = self.phrase if old else 1, self._near() if old or self.known.heeds_near else ALONE
            found = self._plains[register] = scores(self._around, register, self.stock, length, beside)
        return found

    def scores(self, register: int) -> tuple[int, ...]:
        """What speaks for each form in a register, the word included."""
        found = self._scores.get(register)
        if found is None:
            added = (0, *self._words.added(self.index, self.known, self.stock))
            found = tuple(map(add, self._plain(register), added))
            if verse := self._verse(register):
                found = verse.scores(found, self.stock, self.phrase)
            self._scores[register] = found
        return found

    def _judge(self, register: int) -> int:
        """Whose margins and calibration a register's scores have: where the table knows no verse, those of prose."""
        return CLASSICAL if register == VERSE and not self._verse(register) else register

    def _verse(self, register: int) -> Verse | None:
        """What verse makes of the scores, if it is verse."""
        return table().verse.get(self.character) if register == VERSE else None

    def odds(self) -> list[float]:
        """The forms' probabilities, over all registers."""
        rows = [[share * one for one in chances(self.scores(kind))] for kind, share in self.shares]
        found = [*map(sum, zip(*rows, strict=True))]
        return [one / sum(found) for one in found]

    def chance(self) -> float:
        """How probable it is that the form that was taken is right, measured on text never learnt from."""
        told = [
            (share, calibrated(chances(self.scores(one))[self.form], self._judge(one))) for one, share in self.shares
        ]
        return sum(share * chance for share, chance in told) / sum(share for share, _ in told)

    def best(self) -> int:
        """The form to take: OpenCC's, or another that leads it by enough over all registers.

        In a text that is likelier of today than of old the registers of old say what they hold probable, without the
        margins that their own texts need: 我困得睁不开眼 is no novel's for being short.
        """
        worded = self._worded()
        if worded is not None:
            return worded
        of_today = self.shares[0][0] not in OLD
        possible = sum(share for _, share in self.shares)
        favour = [0.0] * len(self.known.forms)
        for register, share in self.shares:
            if of_today and register in OLD:
                favour = [*map(add, favour, (share * one for one in chances(self.scores(register))))]
                continue
            sure = self._certain(register)
            if sure == self.stock:
                possible -= share
                if possible <= ENOUGH:
                    return self.stock
            elif sure is not None and len(self.shares) == 1:
                return sure
            else:
                favour = [*map(add, favour, (share * one for one in self._favour(register)))]
        favour[self.stock] = ENOUGH
        return favour.index(max(favour))

    @property
    def character(self) -> str:
        """The character itself."""
        return self._around[REACH]

    def word(self) -> tuple[str, int]:
        """The segmenter's word around the place, and where in it the place is."""
        start, end = self._words.span(self.index)
        return self._text[start:end], self.index - start

    def likeliest(self) -> int:
        """The form that leads all others, by whatever, in the likeliest register."""
        found = self.scores(self.shares[0][0])
        return found.index(max(found))

    def lead(self, other: int | None = None) -> int:
        """By how much the form that was taken leads all others, or one other, in the likeliest register."""
        found = self.scores(self.shares[0][0])
        others = [one for form, one in enumerate(found) if form != self.form] if other is None else [found[other]]
        return found[self.form] - max(others)

    def _favour(self, register: int) -> list[float]:
        """By form, how much speaks in a register for taking it."""
        found, least = self.scores(register), self._margin(register)
        return [1 / (1 + exp(min((found[self.stock] + least - one) / SOFT, _BEYOND))) for one in found]

    def _certain(self, register: int) -> int | None:
        """The form that is taken in a register, whatever the word; None where the word decides.

        With no Han near it there is nothing to overrule OpenCC by, but for what old text says of marks (》云：「).
        """
        if register not in OLD and not (self._has_neighbours or any(map(_is_han, "".join(self._near())))):
            return self.stock
        if self._verse(register):
            return None
        found = self._plain(register)
        if keeps(self.known, found, self.stock, self._least(register)):
            return self.stock
        return certain(self.known, found, self.stock, self._margin(register))

    def _least(self, register: int) -> int:
        """What another form must lead by where OpenCC's rests on no phrase."""
        margin = self.known.trust[LAYERS[self._judge(register)]][self.stock]
        if register in OLD:
            return margin if margin >= NEVER else min(margin, MOST_OLD) + MORE_IN_OLD
        most = IN_CANTONESE if register == CANTONESE else MOST
        return min(margin, most) + (0 if self._has_neighbours else BARE)

    def _margin(self, register: int) -> int:
        """The same with the phrase that it rests on."""
        if self._verse(register):
            return IN_VERSE
        found = self._least(register) + (OLD_PHRASE if register in OLD else PHRASE)[min(self.phrase, len(PHRASE)) - 1]
        return max(found, LISTED) if register == MODERN and self._is_listed() else found

    def _worded(self) -> int | None:
        """The form of the segmenter's word where OpenCC's phrase cuts through it (的历|法), in text of today.

        It must be a word that all lists have in one form, and OpenCC's form that of no such word beside (管制|品).
        """
        if self.shares[0][0] != MODERN:
            return None
        forms = {pair: self.known.number.get(of_word(STANDARD)(pair)[at]) for pair, at in self._pairs()}
        if not forms or self.stock in forms.values() or self.phrase != 2:  # noqa: PLR2004  # characters
            return None
        form = forms.get(self.word()[0])
        found = self.scores(MODERN)
        return form if form is not None and found[form] + LISTED > max(found) else None

    def _pairs(self) -> Iterator[tuple[str, int]]:
        """The words of two characters beside the place that all lists have in one form, and where in them it is."""
        for at in (1, 0):
            pair = self._around[REACH - at : REACH - at + 2]
            if pair in table().listed:
                yield pair, at

    def _is_listed(self) -> bool:
        """Whether the segmenter's word is one whose form other lists have as OpenCC does."""
        if self.phrase != 2:  # noqa: PLR2004  # characters
            return False
        word, at = self.word()
        return word in table().listed and of_word(STANDARD)(word)[at] == self.opencc


_BEYOND = 50.0  # logarithms of odds, beyond which nothing is left to tell


def overrules(text: str, register: int | None = None, book: Book = ()) -> list[tuple[int, str, str]]:
    """Where another form than OpenCC's is taken, in order: the index, OpenCC's form, and the one to have.

    The text is of the `register`; without one, of those that it shows itself, weighed by what the `book` is of.
    """
    return [
        (place.index, place.opencc, place.known.forms[place.form])
        for place in _decided(text, register, book, idle=False)
        if place.form != place.stock
    ]


def scored(text: str, register: int) -> Iterator[tuple[int, int, int, tuple[int, ...]]]:
    """All characters that leave a choice: the index, OpenCC's form, the length of its phrase, the scores of the forms.

    For the script that learns what verse makes of the scores in classical text.
    """
    standard = standard_of(text)
    if len(standard) == len(text):
        for place in _places(text, standard, ((register, 1.0),), idle=True):
            yield place.index, place.stock, place.phrase, place.scores(register)


def verdicts(text: str, register: int | None = None, book: Book = (), *, settled: bool = False) -> Iterator[Verdict]:
    """The verdicts on all characters that an editor should see, or on which OpenCC is overruled, in order.

    With `settled`, on all the others as well that leave a choice.
    """
    for place in _decided(text, register, book, idle=True):
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


def _decided(text: str, register: int | None, book: Book, *, idle: bool) -> list[_Place]:
    """All places of a text that leave a choice, decided, in order; `idle` ones too, where nothing can be overruled."""
    if text.isascii():
        return []
    standard = standard_of(text)
    if len(standard) != len(text) or not table().either.search(standard):
        return []
    kinds = sorted(shares(text, book) if register is None else ((register, 1.0),), key=_share, reverse=True)
    places = list(_places(text, standard, tuple(kinds), idle=idle))
    for place in places:
        _decide(place, text)
    by_index = {place.index: place for place in places}
    for one in places:
        for other in filter(None, (by_index.get(one.index + step) for step in _STEPS)):
            if one.known is other.known and one.form != other.form and _doubled(text, one.index, other.index):
                _agree(one, other)
    _spell_alike(places)
    _mean_alike(places)
    return places


def _spell_alike(places: Sequence[_Place]) -> None:
    """Give a word that a text has several times one spelling (高並發 and 並發量), where its neighbours do not say two.

    What led by too little takes no margin beside a place where it was taken. Not in old text, whose words the segmenter
    does not know (王后生四男 is no 后生).
    """
    places = [place for place in places if place.shares[0][0] not in OLD]
    forms: dict[str, int] = {}
    differ = {place.character for place in places if forms.setdefault(place.character, place.form) != place.form}
    words: dict[tuple[str, int], list[_Place]] = {}
    for place in places:
        if place.character in differ:
            word, at = place.word()
            if len(word) > 1:
                words.setdefault((word, at), []).append(place)
    for alike in words.values():
        taken = {place.form for place in alike}
        for place in alike if len(taken) > 1 else ():
            likeliest = place.likeliest()
            if likeliest in taken:
                place.form = likeliest


def _mean_alike(places: Sequence[_Place]) -> None:
    """Give a thing whose name is one character the form that it surely has as such elsewhere in the text.

    放着一碗面，面已经凉了: of the second its neighbours tell little. Not in old text, nor where it is not sure.
    """
    differ: dict[str, list[_Place]] = {}
    for place in places:
        if place.character in _THINGS:
            differ.setdefault(place.character, []).append(place)
    for alike in differ.values():
        if len({place.form for place in alike}) == 1:
            continue
        alone = [place for place in alike if place.shares[0][0] not in OLD and len(place.word()[0]) == 1]
        together = [*map(sum, zip(*(place.scores(place.shares[0][0]) for place in alone), strict=True))]
        form = together.index(max(together)) if together else -1
        if any(place.form == form and place.lead() >= SURELY for place in alone):
            for place in alone:
                if place.lead(form) <= ELSEWHERE:
                    place.form = form


def _share(kind: tuple[int, float]) -> float:
    return kind[1]


def _asked(text: str, standard: str, *, old: bool) -> list[int]:
    """Where OpenCC's conversion has what may be wrong in old or in other text, and where the same stands beside it."""
    asked = [found.start() for found in table().asked[old].finditer(standard)]
    twins = [twin for index in asked for twin in _twins(text, index)]
    return sorted({*asked, *twins}) if twins else asked


def _decide(place: _Place, text: str) -> None:
    """Take another form than OpenCC's where one leads it by enough and something true was learnt of the phrase."""
    best = place.best()
    if best != place.stock and not _is_unreached(text, place.index):
        place.form = best


def _is_unreached(text: str, index: int) -> bool:
    """Whether the place lies in a phrase of which the table has learnt nothing true (`ContextTable.unreached`)."""
    return any(
        at <= index and text.startswith(one, index - at) for at, one in table().unreached_at.get(text[index], ())
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


def _places(text: str, standard: str, kinds: Shares, *, idle: bool) -> Iterator[_Place]:
    """The places that the table knows, each with the registers in which it is asked for.

    Not those (unless `idle`) where these are together too improbable for their word to be taken.
    """
    known, words = table(), _Words(text)
    copied = {at for start, end in description_sequences(text) for at in range(start, end)}
    for index, mine in _asking(text, standard, kinds):
        if not (idle or mine is kinds) and sum(share for _, share in mine) <= ENOUGH:
            continue
        character, form = text[index], standard[index]
        if character not in known or index in copied:
            continue
        told = known[character]
        number = told.number.get(form)
        if number is not None:
            yield _Place(text, index, told, (form, number), words, mine)


def _asking(text: str, standard: str, kinds: Shares) -> Iterator[tuple[int, Shares]]:
    """The indices that are asked about, in order, each with the registers that ask."""
    asked = {old: _asked(text, standard, old=old) for old in {kind in OLD for kind, _ in kinds}}
    if len(asked) == 1:
        for indices in asked.values():
            yield from zip(indices, repeat(kinds))
        return
    by_layer = {old: tuple(kind for kind in kinds if (kind[0] in OLD) == old) for old in asked}
    modern, ancient = map(frozenset, (asked[False], asked[True]))
    for index in sorted(modern | ancient):
        yield index, by_layer[index in ancient] if (index in modern) != (index in ancient) else kinds


def _twins(text: str, index: int) -> Iterator[int]:
    """Where the same character stands beside that at the index, or once more with 一 between, or 比一."""
    character = text[index]
    if text.count(character, max(index - _STEPS[-1], 0), index + _STEPS[-1] + 1) == 1:
        return
    for step in (*(-step for step in _STEPS), *_STEPS):
        twin = index + step
        if 0 <= twin < len(text) and text[twin] == character and _doubled(text, *sorted((index, twin))):
            yield twin


def _doubled(text: str, first: int, second: int) -> bool:
    if text[first] in _SEPARATE:
        return False
    between = text[first + 1 : second]
    return not between or between in _DOUBLING or (between in _REPEATING and text[first - 1 : first] == "一")


def _agree(one: _Place, other: _Place) -> None:
    """A doubled character has one form, unless the neighbours speak strongly for two."""
    ones, others = one.scores(one.shares[0][0]), other.scores(other.shares[0][0])
    together = [first + second for first, second in zip(ones, others, strict=True)]
    apart = ones[one.form] + others[other.form]
    if max(together) + AGREE > apart:
        one.form = other.form = together.index(max(together))
