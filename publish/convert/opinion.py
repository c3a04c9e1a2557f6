"""A better choice than OpenCC's alone among the forms of a character: opinions that are weighed, and rules.

OpenCC says one thing (`native`), a segmenter with OpenCC's dictionaries another (`words`), a lexicon with frequencies a
third (`lexicon`), and rules know what the neighbours of the hardest characters tell of their sense (`hard`). Where the
first two agree and no rule speaks up, that is the answer. Elsewhere the forms are scored, and the best one is taken.
Everything is decided in OpenCC's standard spelling, s2t; what a region writes for it comes after.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import exp
from typing import TYPE_CHECKING

from publish.convert.hard import characters, votes
from publish.convert.lexicon import lexicon
from publish.convert.native import native
from publish.convert.replay import description_sequences, dictionary
from publish.convert.words import of_word, segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from publish.convert.choice import Reason

STANDARD = "s2t"

# The configurations that the opinions can amend, and the one that spells OpenCC's standard forms as they do.
REGIONAL = {"s2t": "", "s2tw": "t2tw", "s2twp": "t2tw", "s2hk": "t2hk", "s2hkp": "t2hk"}

# Weights, in the unit of natural logarithms of probability. The lexicon's is bounded: it knows nothing of syntax.
OPINION = 2.0
PHRASE = (1.0, 2.0, 5.5)  # OpenCC's opinion, by the phrase it rests on: none, of two characters, of more
HINT = 2.0
RULE = 12.0
LEXICON_BOUND = 3.0
UNANIMOUS = 3.0  # more for a form that all have from a longer phrase: an idiom stands against a rule
KEEP = 6.0  # for a character that is right in every sense, where the opinions are not of one mind

# A hard character is settled where the best form leads by so much, with the lexicon or against it.
SETTLED = 3.2
SETTLED_AGAINST_THE_LEXICON = 4.5
# How doubtful a choice is where its forms draw, by reason.
DOUBT: dict[Reason, float] = {"opinions": 1.0, "hard": 0.8, "rule": 0.6}
# Forms of a word that are less than this apart, in logarithms, are both in use.
CLOSE = 1.5

# Characters on either side that the lexicon reads along, at most: two or three words.
BEFORE, AFTER = 6, 7
_LONGEST_PHRASE = 6
NOT_HAN = re.compile("[^\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided of one character.

    `forms` are its forms with their scores, the best first; `opencc`, `words` and `lexicon` what each opinion took;
    `ruled` whether a rule decided; `settled` that nobody need look at it; `overruled`
    that a rule wanted another form.
    """

    index: int
    character: str
    forms: tuple[tuple[str, float], ...]
    opencc: str
    words: str
    lexicon: str
    ruled: bool
    settled: bool = False
    overruled: bool = False

    @property
    def chosen(self) -> str:
        """The form that was taken."""
        return self.forms[0][0]

    @property
    def reason(self) -> Reason | None:
        """Why a person should look at it; None where it is settled."""
        if self.settled:
            return None
        if self.chosen != self.opencc and self.ruled:
            return "rule"
        if self.chosen != self.opencc or self.opencc != self.words:
            return "opinions"
        if self.overruled:
            return "hard"
        enough = SETTLED if self.lexicon == self.opencc else SETTLED_AGAINST_THE_LEXICON
        return "hard" if not self.ruled and self.margin < enough else None

    @property
    def doubt(self) -> float:
        """From 0, sure, to 1, a guess."""
        return round(DOUBT[self.reason] * exp(-max(self.margin, 0.0) / 6), 2) if self.reason else 0.0

    @property
    def margin(self) -> float:
        """By how much the best form leads: 0 is a draw."""
        return self.forms[0][1] - self.forms[1][1] if len(self.forms) > 1 else RULE


def overrules(text: str) -> list[Verdict]:
    """The verdicts that differ from OpenCC's choice, in the order of the text."""
    return [verdict for verdict in verdicts(text) if verdict.chosen != verdict.opencc]


def verdicts(text: str, *, doubts: bool = False) -> Iterator[Verdict]:
    """The verdicts on all characters where the opinions differ or a rule says otherwise, in order.

    With `doubts`, also on the hard characters that stand alone as a word, for only custom decides those, and on
    words of which two forms are in use.
    """
    if text.isascii():
        return
    words = segment(text)
    standard, worded = native(STANDARD)(text), "".join(map(of_word(STANDARD), words))
    if not len(standard) == len(worded) == len(text):
        return
    ruled: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    for vote in votes(text):
        ruled[vote.index].append((vote.form, vote.hint))
    asked = {index for index, found in ruled.items() if any(form != standard[index] for form, _ in found)}
    if standard != worded:
        asked |= {index for index, form in enumerate(standard) if form != worded[index]}
    asked |= {index for index in _kept(text) if standard[index] != text[index]}
    if doubts:
        asked |= set(_doubtful(words)) | ruled.keys()
    for start, end in description_sequences(text):
        asked -= set(range(start, end))
    borders = list(accumulate(map(len, words), initial=0))
    for index in sorted(asked):
        at = bisect(borders, index) - 1
        word = words[at], index - borders[at]
        yield _judge(text, index, standard, worded, ruled.get(index, ()), word)


def _judge(
    text: str, index: int, standard: str, worded: str, ruled: Iterable[tuple[str, bool]], word: tuple[str, int]
) -> Verdict:
    """Weigh what is said of one character; `word` is the one that it stands in, and its place in it."""
    readings = _readings(text, index, standard)
    best = max(readings, key=lambda form: (readings[form], form == standard[index]))
    scores = {
        form: max(readings[form] - readings[best], -LEXICON_BOUND) if form in readings else -LEXICON_BOUND
        for form in {*readings, standard[index], worded[index], *(form for form, _ in ruled)}
    }
    phrase = min(_phrase(text, index, standard[index]), len(PHRASE))
    scores[standard[index]] += PHRASE[phrase - 1]
    scores[worded[index]] += OPINION
    if phrase == len(PHRASE) and standard[index] == worded[index] == best:
        scores[best] += UNANIMOUS
    known = phrase > 1 and standard[index] == worded[index] == best == _only_form(*word)
    for form, hint in set(ruled):
        scores[form] += HINT if hint or known else RULE
    hard = characters().get(text[index])
    if hard and hard.keep and text[index] in scores and len({standard[index], worded[index], best}) > 1:
        scores[text[index]] += KEEP
    if hard and hard.defer:
        scores[standard[index]] += KEEP
    forms = sorted(scores.items(), key=lambda item: (-item[1], item[0] != standard[index], item[0]))
    return Verdict(
        index,
        text[index],
        tuple(forms),
        standard[index],
        worded[index],
        best,
        any(form == forms[0][0] and not hint for form, hint in ruled),
        overruled=any(form != forms[0][0] and not hint for form, hint in ruled),
    )


def _only_form(word: str, at: int) -> str:
    """The character that a word of several has at a place, if the lexicon gives the word but one form; else none."""
    forms = lexicon().forms(word) if len(word) > 1 else ()
    return forms[0][0][at] if len(forms) == 1 else ""


def _readings(text: str, index: int, standard: str) -> Mapping[str, float]:
    start, end = max(0, index - BEFORE), min(len(text), index + AFTER)
    for found in NOT_HAN.finditer(text, start, end):
        if found.start() < index:
            start = found.end()
        elif found.start() > index:
            end = found.start()
            break
    return lexicon().readings(text[start:end], index - start, standard[start:end])


def _phrase(text: str, index: int, form: str) -> int:
    """The length of the longest of OpenCC's phrases around the index that gives the form; 1 if there is none."""
    phrases = dictionary("STPhrases.txt")
    for length in range(_LONGEST_PHRASE, 1, -1):
        for start in range(max(0, index - length + 1), min(index, len(text) - length) + 1):
            found = phrases.get(text[start : start + length])
            if found is not None and found[index - start] == form:
                return length
    return 1


def _kept(text: str) -> Iterator[int]:
    keepers = _keepers()
    if not keepers.isdisjoint(text):
        yield from (index for index, character in enumerate(text) if character in keepers)


def _doubtful(words: Iterable[str]) -> Iterator[int]:
    """The hard characters that are words by themselves, or in words of which two forms are in use."""
    table = characters()
    at = 0
    for word in words:
        if len(word) == 1:
            if word in table:
                yield at
        elif not table.keys().isdisjoint(word):
            forms = lexicon().forms(word)
            close = [form for form, weight in forms if weight > forms[0][1] - CLOSE]
            yield from (at + index for index in range(len(word)) if len({form[index] for form in close}) > 1)
        at += len(word)


@cache
def _keepers() -> frozenset[str]:
    return frozenset(character for character, hard in characters().items() if hard.keep)
