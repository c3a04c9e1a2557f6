"""The checks of the gate: what a chapter of an edition and the manuscript differ in, each a function of both."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from publish.convert.native import PRESERVES_LENGTH, native
from publish.convert.punctuation import FULL_WIDTH_STOP
from publish.convert.scripts import Script, crossing, foreign, strangers
from publish.errors import Place
from publish.findings import Severity
from publish.han import IDEOGRAPH
from publish.parity.outline import Fixed, Item, Kind, Outline, TextLine, joined
from publish.source.settings.editions import EditionSettings

REPORT = "This is a bug in publish: please report it with this place. Until it is fixed, write the passage more simply"
_SHOWN = 24  # characters of a text in a message


@dataclass(frozen=True)
class ParityFault:
    """A difference: the source's line, what is wrong, what to do, and the words by which the line is found.

    Of a `group` only one is reported, with the number of the others.
    """

    line: int
    problem: str
    remedy: str = REPORT
    needle: str = ""
    group: str = ""


@dataclass(frozen=True)
class Aligned:
    """A line as the source has it and as the edition has it; `exact` where they correspond character by character."""

    source: TextLine
    text: str
    exact: bool


@dataclass(frozen=True)
class Comparison:
    """One chapter, or the metadata, of an edition beside what the manuscript says that it must be.

    `excused`: raw HTML was taken out of it, which was reported and may have taken along what stood in it.
    """

    edition: EditionSettings
    expected: Outline
    actual: Outline
    place: Callable[[int, str], Place]
    excused: bool = False

    @property
    def raw(self) -> bool:
        """Whether raw HTML may have added elements, or moved them."""
        return bool(self.expected.raw)

    @cached_property
    def wanted(self) -> list[Item]:
        """What must have an id here."""
        return [item for item in self.expected.marked if not item.optional]

    @cached_property
    def found(self) -> list[Item]:
        """What has an id here."""
        return [item for item in self.actual.marked if item.value not in self.expected.optional]

    @cached_property
    def intact(self) -> bool:
        """Whether the ids are those of the manuscript, so that texts can be compared one by one."""
        return [item.value for item in self.wanted] == [item.value for item in self.found]

    @cached_property
    def lines(self) -> list[Aligned]:
        """The texts side by side: line by line, or a stretch between two ids as a whole where the lines differ."""
        ours, theirs = self.expected.lines, self.actual.lines
        names = [name for name in ours if name not in self.expected.loose and (self.intact or name in theirs)]
        pairs = [one for name in names for one in _beside(ours[name], theirs.get(name, []))]
        stray = [one for name in self.expected.loose for one in theirs.get(name, [])]
        if len(self.expected.said) == len(self.actual.said):
            pairs += _beside(self.expected.said, self.actual.said)
        else:  # an image is lost, which is reported, or raw HTML has added one
            stray += self.actual.said
        pairs += [(TextLine(""), one.text) for one in stray]
        return [Aligned(one, text, self._exact(one.text, text)) for one, text in pairs]

    @cached_property
    def preserves(self) -> bool:
        """Whether this edition's conversion keeps the length of every text."""
        style = self.edition.style
        return not (style.phrases or style.mend) and all(
            PRESERVES_LENGTH.get(name, False) for name in self.edition.configurations
        )

    def _exact(self, source: str, text: str) -> bool:
        """Where changes of length cancel out, characters other than Han have moved, and nothing corresponds."""
        return len(source) == len(text) and (
            self.preserves or all(one == other or _alike(one, other) for one, other in zip(source, text, strict=True))
        )

    @cached_property
    def excuses(self) -> str:
        """All that this chapter keeps as its author wrote it; used where a text cannot be aligned."""
        fixed = [one.text[each.start : each.end] for one in self._all() for each in one.fixed]
        return "\n".join([*fixed, *self.expected.raw])

    def _all(self) -> Iterator[TextLine]:
        for lines in self.expected.lines.values():
            yield from lines
        yield from self.expected.said


def _beside(ours: Sequence[TextLine], theirs: Sequence[TextLine]) -> list[tuple[TextLine, str]]:
    if len(ours) == len(theirs):
        return [(one, other.text) for one, other in zip(ours, theirs, strict=True)]
    return [(joined(ours), "".join(one.text for one in theirs))]


# --- what every edition has -------------------------------------------------------------------------------------------


def ids(pair: Comparison, *, kinds: frozenset[Kind]) -> Iterator[ParityFault]:
    """Headings, paragraphs, notes, figures and tables that are missing, extra, moved, or of another kind."""
    if pair.excused or (pair.raw and "paragraph" in kinds):
        return  # raw HTML gives a paragraph's place to elements of its own; editions are still compared
    if not pair.intact:
        yield from _sequence(
            [item for item in pair.wanted if item.kind in kinds],
            [item for item in pair.found if _kind_of(pair, item) in kinds],
            pair,
        )
    if pair.raw:
        return
    made = {item.value: item for item in pair.found}
    for item in pair.wanted:
        other = made.get(item.value)
        if item.kind not in kinds or other is None:
            continue
        if other.kind != item.kind and item.kind in ("heading", "note", "figure", "table"):
            yield ParityFault(item.at, f"{_named(pair, item)} is no longer a {item.kind}")
        elif other.detail != item.detail:
            what = "level {}" if item.kind == "heading" else "{}"
            problem = f"{_named(pair, item)} should have {what.format(item.detail)}"
            yield ParityFault(item.at, f"{problem} and has {what.format(other.detail)}")


def _kind_of(pair: Comparison, item: Item) -> Kind:
    """An id's kind, which the manuscript knows better than the element that has it."""
    return next((one.kind for one in pair.expected.marked if one.value == item.value), item.kind)


def content(pair: Comparison, *, kind: Kind) -> Iterator[ParityFault]:
    """Links, code, images, formulas and calls of notes, which have no id and are known by what they say."""
    ours, theirs = pair.expected.of(kind), pair.actual.of(kind)
    if kind == "image":  # an edition has its own files, and numbers are all that can be compared
        ours, theirs = [replace(item, value="") for item in ours], [replace(item, value="") for item in theirs]
    required = [item for item in ours if not item.optional]
    if len(required) < len(ours):
        theirs = _without(theirs, Counter(item.value for item in ours if item.optional), required)
    if not pair.excused and (pair.intact or pair.raw):  # what is lost with a paragraph is not reported again
        yield from _sequence(required, theirs, pair)


def _without(items: Sequence[Item], optional: Counter[str], required: Sequence[Item]) -> list[Item]:
    """The items without those that may be there beside the required ones."""
    surplus = (Counter(item.value for item in items) - Counter(item.value for item in required)) & optional
    left = []
    for item in items:
        if surplus[item.value] > 0:
            surplus[item.value] -= 1
        else:
            left.append(item)
    return left


def _sequence(ours: Sequence[Item], theirs: Sequence[Item], pair: Comparison) -> Iterator[ParityFault]:
    """How a sequence differs from what it should be, apart from what raw HTML may add or move."""
    here, there = [item.value for item in ours], [item.value for item in theirs]
    if here == there:
        return
    missing, extra = Counter(here) - Counter(there), Counter(there) - Counter(here)
    left = missing.copy()
    for item in reversed(ours):
        if left[item.value] > 0:
            left[item.value] -= 1
            yield ParityFault(item.at, f"{_named(pair, item)} is missing", needle=_needle(item))
    if pair.raw or +missing:
        return
    last = ours[0].at if ours else 0
    lines = {item.value: item.at for item in ours}
    for item in theirs:
        last = lines.get(item.value, last)
        if extra[item.value] > 0:
            extra[item.value] -= 1
            yield ParityFault(last, f"{_named(pair, item)} appears once too often")
    if Counter(here) == Counter(there):
        moved = next(item for item, value in zip(ours, there, strict=True) if item.value != value)
        yield ParityFault(moved.at, f"{_named(pair, moved)} is in another place than in the source")


_NAMES: Mapping[Kind, str] = {"call": "the call of a note", "formula": "a formula", "image": "an image"}


def _named(pair: Comparison, item: Item) -> str:
    """An item as a message names it: by its words, its address, its id."""
    if item.kind in _NAMES:
        return _NAMES[item.kind]
    if item.kind in ("link", "code"):
        first = item.value.partition("\n")[0]
        return f"the {'link to' if item.kind == 'link' else 'code'} {shortened(first)}"
    lines = pair.expected.lines.get(item.value) or pair.actual.lines.get(item.value)
    return f"the {item.kind} {shortened(lines[0].text)}" if lines else f"the {item.kind} #{item.value}"


def shortened(text: str) -> str:
    """A text in quotation marks, as far as a message has room for it."""
    return f'"{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"}"'


def _needle(item: Item) -> str:
    return item.value if item.kind in ("link", "code") and "\n" not in item.value else ""


# --- the text ---------------------------------------------------------------------------------------------------------

_QUOTES = frozenset("“”‘’「」『』")
_STRAIGHT = frozenset("\"'")
_FIRST_IDEOGRAPH = "\u2e80"
_SIGNS = re.compile(r"""[\w“”‘’「」『』"']+""")


def texts(pair: Comparison) -> Iterator[ParityFault]:
    """Text that is lost, doubled or moved: conversion changes Han into Han, and quotation marks, and nothing else."""
    for one in pair.lines:
        if one.exact:
            yield from _changes(one)
        elif one.source.text and not pair.raw and pair.intact and not any(_unapplied(one)):
            same = not pair.preserves and _marks(one.source.text) == _marks(one.text)
            if not same or not one.text:
                problem = f"{shortened(one.source.text)} has {len(one.source.text)} characters in the source and"
                yield ParityFault(one.source.at, f"{problem} {len(one.text)} in the edition")


def _marks(text: str) -> str:
    """The marks of a text, which conversion leaves as they are, but for the full-width stop behind a number."""
    return _SIGNS.sub("", text).replace(FULL_WIDTH_STOP, ".")


def _changes(one: Aligned) -> Iterator[ParityFault]:
    if one.source.text == one.text:
        return
    for index, (before, after) in enumerate(zip(one.source.text, one.text, strict=True)):
        if before != after and not _alike(before, after) and not one.source.holds(index):
            problem = f"{_around(one.source.text, index)} became {_around(one.text, index)}"
            yield ParityFault(one.source.at, problem, needle=_window(one.source, index))
            return


def _alike(before: str, after: str) -> bool:
    """Whether a conversion may make one of the other: a Han of a Han, a quotation mark of another, 1. of 1．."""
    if before in _QUOTES or before in _STRAIGHT:
        return after in _QUOTES
    if before == FULL_WIDTH_STOP:
        return after == "."
    return min(before, after) > _FIRST_IDEOGRAPH and before.isalpha() and after.isalpha()


def _around(text: str, index: int) -> str:
    return f'"{text[max(0, index - 4) : index + 5]}"'


def _free(line: TextLine, index: int) -> tuple[int, int]:
    """The stretch around an index that a message shows, without what is fixed beside it."""
    start = max([index - 4, *(one.end for one in line.fixed if one.end <= index)])
    end = min([index + 5, *(one.start for one in line.fixed if one.start > index)])
    return max(start, 0), end


def _window(line: TextLine, index: int) -> str:
    """A few characters of the source, from an index on, by which their line can be found."""
    end = next((one.start for one in line.fixed if one.start > index), len(line.text))
    return line.text[index : min(index + 3, end)]


def protected(pair: Comparison) -> Iterator[ParityFault]:
    """Text that its author protected, wrote by hand or marked as another language, and that has changed."""
    for one in pair.lines:
        for fixed in one.source.fixed:
            words = one.source.text[fixed.start : fixed.end]
            if fixed.why in ("keep", "hand", "words") and not _stands(one, fixed, words) and not pair.excused:
                yield ParityFault(one.source.at, f'"{words}" should be unchanged but is not', needle=words)


def terms(pair: Comparison) -> Iterator[ParityFault]:
    """Glossary terms that were not applied."""
    if pair.excused:
        return
    for one in pair.lines:
        for fixed in _unapplied(one):
            form = one.source.text[fixed.start : fixed.end]
            problem = f'the glossary has "{form}" for "{fixed.term}", which was not applied'
            yield ParityFault(one.source.at, problem, needle=fixed.term)


def _unapplied(one: Aligned) -> Iterator[Fixed]:
    found: Counter[str] = Counter()
    for fixed in one.source.fixed:
        if fixed.why == "term":
            form = one.source.text[fixed.start : fixed.end]
            found[form] += 1
            if not (_stands(one, fixed, form) if one.exact else one.text.count(form) >= found[form]):
                yield fixed


def _stands(one: Aligned, fixed: Fixed, words: str) -> bool:
    return one.text[fixed.start : fixed.end] == words if one.exact else words in one.text


def script(pair: Comparison) -> Iterator[ParityFault]:
    """Characters of the script that the edition was converted from."""
    target = crossing(pair.edition.configurations)
    for one in pair.lines if target else ():
        wrong = list(dict.fromkeys(_strangers(pair, one, target)))  # type: ignore[arg-type]  # a Script within the loop
        if wrong:
            said = {"Hant": "Simplified", "Hans": "Traditional"}[str(target)]
            marks = "".join(dict.fromkeys(one.text[index] for index in wrong))
            problem = f'"{marks}" is only {said}: {_around(one.text, wrong[0])}'
            needle = _window(one.source, wrong[0]) if one.exact else marks[0]
            yield ParityFault(
                one.source.at, problem, "Protect it with {.keep}, or give the word in glossary.yaml", needle
            )


def _strangers(pair: Comparison, one: Aligned, target: Script) -> Iterator[int]:
    house = pair.edition.style.characters.values()  # the style asks for these spellings
    for index in strangers(one.text, target):
        if one.text[index] in house:
            continue
        if one.source.holds(index) if one.exact else one.text[index] in pair.excuses:
            continue
        yield index


# ’ after a Latin letter may be an apostrophe, and closes nothing for certain.
_CURLY = (re.compile("“([^“”]*)”"), re.compile("‘([^‘’]*)(?<![0-9A-Za-z])’"))
_CORNER = (re.compile("「([^「」]*)」"), re.compile("『([^『』]*)』"))
_DECADE = re.compile("[0-9]0s")


def quotes(pair: Comparison) -> Iterator[ParityFault]:
    """Quotation marks of another region around Chinese words; all-Latin quotations and apostrophes do not count."""
    if pair.edition.quotes != "region":
        return
    patterns = _CURLY if pair.edition.region.quotes.outer[0] in "「『" else _CORNER
    for one in pair.lines:
        if patterns[0].pattern[0] in one.text or patterns[1].pattern[0] in one.text:
            for match in (match for pattern in patterns for match in pattern.finditer(one.text)):
                if _is_quotation(match[1]) and not _is_as_written(pair, one, match):
                    problem = f"{shortened(match[0])} has the quotation marks of another region"
                    needle = one.source.text[match.start() : match.start() + 3] if one.exact else ""
                    yield ParityFault(one.source.at, problem, needle=needle)
                    break


def _is_quotation(inner: str) -> bool:
    """Whether two marks are a pair around Chinese text; an unpaired mark between them means that they are not."""
    balanced = all(inner.count(pair[0]) == inner.count(pair[1]) for pair in ("“”", "‘’", "「」", "『』"))
    return balanced and bool(IDEOGRAPH.search(inner)) and not _DECADE.match(inner)


def _is_as_written(pair: Comparison, one: Aligned, match: re.Match[str]) -> bool:
    if one.exact:
        return one.source.holds(match.start()) or one.source.holds(match.end() - 1)
    return match[0][0] in pair.excuses or match[0][-1] in pair.excuses


# --- the way back -----------------------------------------------------------------------------------------------------

_BACK: Mapping[tuple[str, ...], str] = {("s2tw",): "tw2s", ("s2hk",): "hk2s", ("s2t",): "t2s"}


def round_trip(pair: Comparison) -> Iterator[ParityFault]:
    """Words that lead elsewhere when the edition is converted to the source's writing, and from there again."""
    back = _BACK.get(pair.edition.configurations)
    if back is None or pair.edition.style.phrases:
        return
    lines = [one for one in pair.lines if one.exact and one.source.text != one.text]
    returned = native(back)("\n".join(one.text for one in lines)).split("\n")
    if len(returned) != len(lines):
        return
    forth = native(pair.edition.configurations[0])("\n".join(returned)).split("\n")
    traditional = foreign("Hans")
    for one, text, again in zip(lines, returned, forth, strict=len(forth) == len(lines)):
        source = one.source.text
        if text == source or len(text) != len(source) or len(again) != len(text):
            continue
        for index, (before, after) in enumerate(zip(source, text, strict=True)):
            chosen = one.text[index]
            if (
                before in (after, chosen)
                or again[index] == chosen  # 想象 and 想像 are both 想像 there: two spellings of one word
                or not IDEOGRAPH.match(before)
                or before in traditional
                or one.source.holds(index)
            ):
                continue  # as it was, or as the author wrote it, in either script
            start, end = _free(one.source, index)
            words = [f'"{each[start:end]}"' for each in (source, one.text, text)]
            problem = f"{words[0]} became {words[1]}, which comes back as {words[2]}"
            remedy = f'Check it; if it is wrong, write [{before}]{{{pair.edition.key}="…"}}'
            yield ParityFault(one.source.at, problem, remedy, _window(one.source, index), group=before + chosen + after)


# --- the table --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """One check: its code, its severity, what finds the faults; `ours` where the source cannot be to blame.

    Those also stop a build.
    """

    code: str
    severity: Severity
    find: Callable[[Comparison], Iterator[ParityFault]]
    ours: bool = True


CHECKS: tuple[Check, ...] = (
    Check("parity-heading", "error", partial(ids, kinds=frozenset({"heading"}))),
    Check("parity-paragraph", "error", partial(ids, kinds=frozenset({"paragraph"}))),
    Check("parity-note", "error", partial(ids, kinds=frozenset({"note"}))),
    Check("parity-note", "error", partial(content, kind="call")),
    Check("parity-figure", "error", partial(ids, kinds=frozenset({"figure"}))),
    Check("parity-figure", "error", partial(content, kind="image")),
    Check("parity-table", "error", partial(ids, kinds=frozenset({"table"}))),
    Check("parity-link", "error", partial(content, kind="link")),
    Check("parity-id", "error", partial(ids, kinds=frozenset({"id"}))),
    Check("parity-code", "error", partial(content, kind="code")),
    Check("parity-math", "error", partial(content, kind="formula")),
    Check("parity-text", "error", texts),
    Check("parity-keep", "error", protected),
    Check("parity-term", "error", terms),
    Check("parity-script", "error", script, ours=False),
    Check("parity-quote", "error", quotes, ours=False),
    Check("parity-round-trip", "note", round_trip, ours=False),
)


__all__ = ["CHECKS", "REPORT", "Check", "Comparison", "ParityFault", "shortened"]
