"""A better choice than OpenCC's alone, from Traditional to Simplified: fewer characters leave a choice, but they do.

Most Traditional characters become one Simplified character; 著 becomes 着 or 著, 乾 干 or 乾, 畫 画 or 划, by the word.
OpenCC's phrase tables find most, and are wrong where a phrase lies across the border of two words: 看著名單. The
lexicon's likeliest reading is the second opinion, and data/simplified.yaml has the rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp
from typing import TYPE_CHECKING

import yaml

from publish.convert.lexicon import lexicon
from publish.convert.native import native
from publish.convert.opinion import SURE, Verdict
from publish.convert.replay import dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from publish.convert.choice import Reason

# The lexicon is the only other opinion here, and its words are common ones: it may overrule a phrase of OpenCC's.
LEXICON_BOUND = 6.0
OPENCC = 2.5
LONG_PHRASE = 4.0
RULE = 12.0
_LONGEST_PHRASE = 6
_NEVER = -99.0

# Characters on either side that the lexicon reads along, at most: two or three words.
BEFORE, AFTER = 6, 7
NOT_HAN = re.compile("[^\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Simplification:
    """A Traditional character's Simplified forms, the usual one first, and the rules for them.

    `weighed` says that the lexicon is asked as well; of the others the rules know all there is.
    """

    forms: str
    weighed: bool
    rules: tuple[tuple[str, re.Pattern[str]], ...]


@dataclass(frozen=True, slots=True)
class SimplifiedTable:
    """The characters that leave a choice, the variants that become one character, and where those stay."""

    choices: Mapping[str, Simplification]
    variants: Mapping[str, str]
    exceptions: Mapping[str, re.Pattern[str]]


def verdicts(text: str, output: str) -> Iterator[Verdict]:
    """The verdicts on the characters that leave a choice; `output` is OpenCC's conversion, as long as the text."""
    table = _table()
    if (table.choices.keys() | table.variants.keys()).isdisjoint(text):
        return
    votes = _votes(text, table)
    for index, character in enumerate(text):
        choice = table.choices.get(character)
        if choice is not None and (choice.weighed or index in votes):
            yield _judge(text, index, output, votes.get(index, frozenset()))
        elif character in table.variants and output[index] == character and not _excepted(text, index, table):
            yield Verdict(index, character, ((table.variants[character], 1.0), (character, 0.0)), character, 1.0, None)


def _votes(text: str, table: SimplifiedTable) -> dict[int, set[str]]:
    """By index, the forms that rules want."""
    votes: dict[int, set[str]] = {}
    for character in set(text) & table.choices.keys():
        for form, pattern in table.choices[character].rules:
            for found in pattern.finditer(text):
                votes.setdefault(found.start(found.lastindex or 0), set()).add(form)
    return votes


def _judge(text: str, index: int, output: str, ruled: AbstractSet[str]) -> Verdict:
    choice = _table().choices[text[index]]
    readings = _readings(text, index, output)
    best = max(choice.forms, key=lambda form: (readings.get(form, _NEVER), form == output[index]))
    scores = {
        form: max(readings.get(form, _NEVER) - readings.get(best, 0.0), -LEXICON_BOUND)
        for form in {*choice.forms, output[index]}
    }
    scores[output[index]] += OPENCC + (LONG_PHRASE if _in_long_phrase(text, index, output) else 0.0)
    for form in ruled:
        scores[form] = scores.get(form, 0.0) + RULE
    ranked = sorted(scores, key=lambda form: (-scores[form], form != output[index], form))
    return _verdict(text, index, {form: scores[form] for form in ranked}, output[index], best, ruled)


def _verdict(
    text: str, index: int, scores: Mapping[str, float], opencc: str, lexicon: str, ruled: AbstractSet[str]
) -> Verdict:
    """The verdict on a character of which the forms are scored, the best first."""
    raised = {form: exp(score - max(scores.values())) for form, score in scores.items()}
    forms = tuple((form, value / sum(raised.values())) for form, value in raised.items())
    chosen, chance = forms[0]
    reason: Reason | None = None
    if chosen != opencc:
        reason = "rule" if chosen in ruled else "opinions"
    elif lexicon != opencc or chance < SURE[0]:
        reason = "opinions" if lexicon != opencc else "hard"
    return Verdict(index, text[index], forms, opencc, chance, reason)


def _in_long_phrase(text: str, index: int, output: str) -> bool:
    """Whether one of OpenCC's phrases of three characters or more gives what stands at the index."""
    phrases = dictionary("TSPhrases.txt")
    for length in range(3, _LONGEST_PHRASE + 1):
        for start in range(max(0, index - length + 1), min(index, len(text) - length) + 1):
            found = phrases.get(text[start : start + length])
            if found is not None and found[index - start] == output[index]:
                return True
    return False


def _readings(text: str, index: int, output: str) -> dict[str, float]:
    choices = _table().choices
    start, end = max(0, index - BEFORE), min(len(text), index + AFTER)
    for found in NOT_HAN.finditer(text, start, end):
        if found.start() < index:
            start = found.end()
        else:
            end = found.start()
            break
    options = [choices[text[at]].forms if text[at] in choices else _plain(output[at]) for at in range(start, end)]
    return lexicon().simplified_readings(options, index - start)


def _plain(character: str) -> str:
    return native("t2s")(character)


def _excepted(text: str, index: int, table: SimplifiedTable) -> bool:
    pattern = table.exceptions.get(text[index])
    return pattern is not None and any(found.start() <= index < found.end() for found in pattern.finditer(text))


@cache
def _table() -> SimplifiedTable:
    data = yaml.load(
        resources.files("publish.convert").joinpath("data/simplified.yaml").read_text("utf-8"), yaml.CSafeLoader
    )
    choices = {
        character: Simplification(
            entry["forms"],
            bool(entry.get("weighed")),
            tuple((form, re.compile(one)) for form in entry["forms"] for one in entry.get(form, ())),
        )
        for character, entry in data["characters"].items()
    }
    exceptions = {character: re.compile(pattern) for character, pattern in data["except"].items()}
    return SimplifiedTable(choices, data["variants"], exceptions)
