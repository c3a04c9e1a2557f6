"""What a character's neighbours tell of its Traditional form: a table of weights, learnt from native text.

For each character that may have become several, the table (data/contexts.tsv, made by scripts/contexts.py) has the
weight of neighbours for each form against the first: of strings around the place (公司成立后), of the classes that the
neighbours belong to (characters of foreign names, of places, of food), of OpenCC's own choice, and of the register.
The weights add up; the best form is taken, if it leads OpenCC's by the margin that native text showed to be needed.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources
from math import exp, log
from operator import add
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Register = Literal["modern", "official", "literary", "classical", "cantonese"]
REGISTERS: tuple[Register, ...] = get_args(Register)
OLD = frozenset([2, 3])
SCALE = 100  # the weights are logarithms of odds, in hundredths

# Strings around a place, as where they begin and end beside it: (-1, 2) is a neighbour on either side.
GRAMS = ((-1, 1), (0, 2), (-2, 1), (0, 3), (-1, 2), (-3, 1), (0, 4), (-2, 2), (-1, 3), (-2, 3))
CLASS_GRAMS = ((-1, 1), (0, 2), (-2, 1), (0, 3), (-1, 2), (-2, 3), (-3, 1), (0, 4))
PAD = 4  # margins, so that every gram lies within the text

_ALIKE = {
    "0": string.digits + "０１２３４５６７８９",
    "a": string.ascii_letters + "\ufffc`",
    "。": "，。；：！？…—―,;:!?/|\\\n\t〕",
    "「": "“‘「『《〈（(【[{\"'",
    "」": "”’」』》〉）)】]}",
    "_": " \u3000",
    "·": "・‧•",
}
_NORMAL = str.maketrans({character: sign for sign, characters in _ALIKE.items() for character in characters})


def normal(text: str) -> str:
    """The text as the table has it: figures, Latin letters and marks of one kind are one sign each."""
    return text.translate(_NORMAL)


_ENOUGH = 300  # characters that tell the register
_IN_ADVANCE = (300, 0, 0, 0, -300)  # modern is the rule, Cantonese has to make up for it
_BITS, _MIDDLE = 24, 1 << 12  # sums of all registers are kept in one number


class Registers:
    """By character, what it tells of the register: the logarithm of how much oftener each register has it."""

    def __init__(self, rows: Mapping[str, Sequence[int]]) -> None:
        self._rows = {character: _packed(row) for character, row in rows.items()}
        self._pattern = re.compile(f"[{''.join(rows)}]") if rows else re.compile("(?!)")

    def of(self, text: str) -> int:
        """The likeliest register of a text, as an index into REGISTERS; modern where little speaks against it."""
        total = sum(map(self._rows.__getitem__, self._pattern.findall(text[:_ENOUGH])), _packed(_IN_ADVANCE))
        sums = [(total >> (_BITS * place)) & ((1 << _BITS) - 1) for place in range(len(REGISTERS))]
        return sums.index(max(sums))


def _packed(row: Sequence[int]) -> int:
    return sum((value + _MIDDLE) << (_BITS * place) for place, value in enumerate(row))


def register_of(text: str) -> int:
    """The likeliest register of a text by the table."""
    return table().registers.of(text)


# Where a place lies in its word, as a segmenter has it: the word is that character alone, or it begins, ends, goes on.
STATES = "SBEM"


# The weights of the strings around a place, by how far before it they begin.
Grams = tuple[dict[str, int], dict[str, int], dict[str, int], dict[str, int]]


@dataclass(frozen=True, slots=True)
class Character:
    """What is known of one character: its forms in OpenCC's standard spelling, and what speaks for each.

    `number` tells which form a character of OpenCC's is: some are spelled in two ways. `trust` is by how much another
    form must lead OpenCC's, in modern and in old text.

    `prior` is, by register and by OpenCC's choice, what each form but the first has in advance; `words` the same by
    OpenCC's choice for the word alone, and by the place in the word; `layers` are the
    neighbours' weights, by layer (modern; older text on top of it), by form but the first, as text and as classes.
    """

    forms: tuple[str, ...]
    number: Mapping[str, int]
    trust: tuple[int, int]
    prior: tuple[tuple[tuple[int, ...], ...], ...]
    words: tuple[tuple[tuple[int, ...], ...], ...]
    layers: tuple[tuple[tuple[Grams, Grams], ...], ...]


class ContextTable:
    """The whole table; a character's line is read when the character is first met.

    `unreached` are phrases of OpenCC's of which it has learnt nothing true, for converting back does not lead to them.
    `asked` finds, in OpenCC's standard conversion of a modern and of an old text, what is not settled by it.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines: dict[str, str] = {}
        for line in lines:
            key, _, rest = line.partition("\t")
            self._lines[key] = rest
        self._read: dict[str, Character] = {}
        self.calibration = tuple(map(float, self._lines.pop("calibration").split(" ")))
        self.version = int(self._lines.pop("version"))
        self.unreached = tuple(filter(None, self._lines.pop("unreached").split(" ")))
        self._registers, self._classes = self._lines.pop("registers"), self._lines.pop("classes")
        settled = self._lines.pop("asked").split(" ")
        self.asked = tuple(re.compile(f"[{characters}]") for characters in settled)

    @cached_property
    def registers(self) -> Registers:
        """What tells the register."""
        fields = self._registers.split(" ")
        width = len(REGISTERS) + 1
        rows = (fields[at : at + width] for at in range(0, len(fields), width))
        return Registers({row[0]: tuple(map(int, row[1:])) for row in rows})

    @cached_property
    def classes(self) -> dict[int, str]:
        """By character, the letter of its class."""
        return _Classes({ord(member): group[0] for group in self._classes.split(" ") for member in group[1:]})

    def __contains__(self, character: str) -> bool:
        return character in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __getitem__(self, character: str) -> Character:
        found = self._read.get(character)
        if found is None:
            found = self._read[character] = _parsed(self._lines[character].split("\t"))
        return found


class _Classes(dict[int, str]):
    """What has no class, has one sign."""

    def __missing__(self, key: int) -> str:
        return NO_CLASS


NO_CLASS = "\u00bf"


def _parsed(fields: Sequence[str]) -> Character:
    forms = fields[0].split(" ")
    trust, prior = tuple(map(int, fields[1].split(" "))), tuple(map(int, fields[2].split(" ")))
    others = len(forms) - 1
    grams = [_grams(field) for field in fields[4:]]
    pairs = [(grams[at], grams[at + 1]) for at in range(0, len(grams), 2)]
    return Character(
        tuple(spellings[0] for spellings in forms),
        {spelling: number for number, spellings in enumerate(forms) for spelling in spellings},
        (trust[0], trust[1]),
        _cube(prior, len(forms), others),
        _cube(tuple(map(int, fields[3].split(" "))), len(STATES), others),
        (tuple(pairs[:others]), tuple(pairs[others:])),
    )


def _cube(values: Sequence[int], middle: int, inner: int) -> tuple[tuple[tuple[int, ...], ...], ...]:
    rows = [tuple(values[at : at + inner]) for at in range(0, len(values), inner)]
    return tuple(tuple(rows[at : at + middle]) for at in range(0, len(rows), middle))


_PART = " / "


def _grams(field: str) -> Grams:
    zero, one, two, three = (part.split(" ") for part in field.split(_PART))
    return _weights(zero), _weights(one), _weights(two), _weights(three)


def _weights(fields: Sequence[str]) -> dict[str, int]:
    return dict(zip(fields[::2], map(int, fields[1::2]), strict=True)) if len(fields) > 1 else {}


@cache
def table() -> ContextTable:
    """The table, opened once per process."""
    data = resources.files("publish.convert").joinpath("data/contexts.tsv").read_text("utf-8")
    return ContextTable(data.splitlines())


REACH = 3  # characters on either side that count


def window(text: str, index: int) -> str:
    """The place with its neighbours, as long everywhere; line ends stand for what lies beyond the text."""
    if index < REACH:
        text, index = "\n" * REACH + text, index + REACH
    found = text[index - REACH : index + REACH + 1]
    return found if len(found) == _WIDTH else found.ljust(_WIDTH, "\n")


_WIDTH = 2 * REACH + 1
_MAX_CACHED = 1 << 16


@lru_cache(maxsize=_MAX_CACHED)
def scores(window: str, register: int, stock: int, worded: int, state: int) -> tuple[int, ...]:
    """What speaks for each form of the character in a window's middle, in hundredths.

    `stock` is OpenCC's choice, `worded` its choice for the word alone, `state` the place in the word.
    """
    known = table()[window[REACH]]
    text = window.translate(_NORMAL)
    classes = text.translate(table().classes)
    found = [0, *map(add, known.prior[register][stock], known.words[worded][state])]
    for form, (grams, kinds) in enumerate(known.layers[0], 1):
        found[form] += _sum(grams, text, REACH) + _sum(kinds, classes, REACH)
    if register in OLD:
        for form, (grams, _) in enumerate(known.layers[1], 1):
            found[form] += _sum(grams, text, REACH)
    return tuple(found)


def reasons(window: str, register: int, form: int, other: int) -> list[tuple[str, float]]:
    """Which neighbours speak for one form against another, the heaviest first, in logarithms of odds."""
    known = table()[window[REACH]]
    text = window.translate(_NORMAL)
    classes = text.translate(table().classes)
    weights: dict[str, int] = {}
    for layer in known.layers[: 2 if register in OLD else 1]:
        for sign, which in ((1, form), (-1, other)):
            for place, spelled in enumerate((text, classes) if which and layer else ()):
                for start, end, value in _found(layer[which - 1][place], spelled):
                    shown = window[start:end] if place == 0 else _alike(window, start, end)
                    weights[shown] = weights.get(shown, 0) + sign * value
    found = [(shown.replace("\n", "¶"), value / SCALE) for shown, value in weights.items() if value]
    return sorted(found, key=lambda pair: -abs(pair[1]))


def _alike(window: str, start: int, end: int) -> str:
    """A string whose neighbours stand for others of their kind: 埃~里克~."""
    return "".join(one if at == REACH else f"{one}~" for at, one in enumerate(window[start:end], start))


def _sum(grams: Grams, text: str, at: int) -> int:
    """The weights of all strings around a place. Written out, as it runs for one character in fifteen."""
    zero, one, two, three = grams
    found = zero.get(text[at : at + 2], 0) + zero.get(text[at : at + 3], 0) + zero.get(text[at : at + 4], 0)
    before = text[at - 1 : at + 3]
    found += one.get(before[:2], 0) + one.get(before[:3], 0) + one.get(before, 0)
    before = text[at - 2 : at + 3]
    found += two.get(before[:3], 0) + two.get(before[:4], 0) + two.get(before, 0)
    return found + three.get(text[at - 3 : at + 1], 0)


def _found(grams: Grams, text: str) -> Iterator[tuple[int, int, int]]:
    """The strings around a window's middle that have a weight: where each begins and ends, and the weight."""
    for before, weights in enumerate(grams):
        for end in range(REACH + 1, _WIDTH + 1):
            value = weights.get(text[REACH - before : end])
            if value:
                yield REACH - before, end, value


def chances(scores: Sequence[int]) -> list[float]:
    """The forms' probabilities, as the table itself has them."""
    top = max(scores)
    raised = [exp((score - top) / SCALE) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]


def calibrated(chance: float, register: int) -> float:
    """How probable it is that a form which the table gives this chance is right, measured on text never learnt from."""
    slope, shift = table().calibration[2 * (register in OLD) :][:2]
    bounded = min(max(chance, 1e-6), 1 - 1e-6)
    return 1 / (1 + exp(-(slope * log(bounded / (1 - bounded)) + shift)))
