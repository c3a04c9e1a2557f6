"""The converter of one edition: a block's text in, the region's text out, in one string, in runs or in pieces."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from publish.convert import opinion, phrases, punctuation
from publish.convert import quotes as quotation
from publish.convert.choice import Choice
from publish.convert.decisions import Decision, Decisions
from publish.convert.glossary import Glossary
from publish.convert.japanese import japanese
from publish.convert.native import PRESERVES_LENGTH, TO_SIMPLIFIED, known, native
from publish.convert.opinion import REGIONAL, Verdict
from publish.convert.registers import REGISTERS
from publish.convert.replay import Unit, amended, compose, patched, replay, respelled
from publish.convert.runs import Issue, Origin, Run, distribute, opencc_run, runs_of
from publish.convert.style import PLAIN, Style
from publish.convert.words import of_word, segment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from publish.convert.glossary import Matcher
    from publish.convert.registers import Book
    from publish.regions import Region

# OpenCC loses the text after NUL and cannot take a lone surrogate; both are copied and part the text around them.
# So is ⿻, which OpenCC takes for a description of a character together with the two that follow.
_UNSAFE = re.compile("[\0\ud800-\udfff⿻]+")

# A word in quotation marks, which may be spoken of as it is written.
_QUOTED = re.compile("[“‘「『\"']([^“”‘’「」『』\"']{1,4})(?=[”’」』\"'])")

# Where a phrase configuration gives the same text as this plain one, no phrase has changed the length.
_PLAIN = {"s2twp": "s2tw", "s2hkp": "s2hk", "tw2sp": "tw2s", "hk2sp": "hk2s"}

# These are the standard conversion and a respelling, which takes less time where the first is needed anyway.
_AFTER_STANDARD = {"s2tw": "t2tw", "s2hk": "t2hk"}

# A form that is less probable than this is not worth a reader's time.
_UNLIKELY = 0.002

# The configurations that have to choose, and for which there are second opinions.
_DOUBTFUL = REGIONAL.keys() | TO_SIMPLIFIED


@dataclass(frozen=True, slots=True)
class _Fixed:
    """A stretch that OpenCC never sees, and what stands there in the output."""

    start: int
    end: int
    text: str
    origin: Origin
    term: str = ""


@dataclass(frozen=True)
class Memory:
    """What stretches of text became, each in one piece, and aligned: the lengths and outputs of its units."""

    texts: dict[str, str] = field(default_factory=dict)
    units: dict[str, Sequence[Unit]] = field(default_factory=dict)


class Converter:
    """Converts text from `source`'s writing to `target`'s, as one edition wants it.

    `configurations` are OpenCC's, applied in order (default: the style's, or those that lead from region to region;
    none within one variety); `quotes="keep"` leaves quotation marks alone, `"straight"` all but straight ones;
    `edition` and `base` choose the glossary's forms. Where a second opinion overrules OpenCC, it wins, unless
    `second_opinion=False`. The `style` respells what comes of this and has phrases of its own, below the glossary in
    rank; `subject` is the sense that the book is about (`style.phrases.subject`). `register` (`contexts.REGISTERS`) is
    that of all its text; "" to tell it block by block, and by what the whole `book` is of (`contexts.book_of`).
    A converter is cheap and pickles: OpenCC's own converters and the dictionaries are loaded once per process, when
    first needed. `tally` counts (term, form) for each glossary term that `convert` and `pieces` have met; `decided`
    gathers the decisions that were met. A decision goes before the glossary.

    Texts are one block each: OpenCC's phrases and pairs of quotation marks reach across all of it, but not beyond.
    `opaque` ranges (start and end in code points, sorted, disjoint) stay as they are and part the phrases.
    Conversion is not idempotent: give it the source, never its own output.
    """

    def __init__(
        self,
        source: Region,
        target: Region,
        *,
        configurations: tuple[str, ...] | None = None,
        quotes: quotation.Mode = "region",
        glossary: Glossary = Glossary.empty,
        decisions: Decisions = Decisions.empty,
        edition: str | None = None,
        base: str | None = None,
        style: Style = PLAIN,
        subject: str = "",
        second_opinion: bool = True,
        register: str = "",
        book: Book = (),
    ) -> None:
        names = style.configurations(source, target) if configurations is None else configurations
        self.configurations = known(names)
        self.quotes = None if quotes == "keep" else target.quotes
        self._straight_only = quotes == "straight"
        # Fonts for Traditional Chinese have the full-width stop (1．) in the middle of the line, where it is no stop.
        self._points = (source.script, target.script) == ("Hans", "Hant")
        self.tally: Counter[tuple[str, str]] = Counter()
        key = target.key if edition is None else edition
        self._matcher = glossary.matcher(key, base)
        self._decisions = decisions.matcher(key, base)
        self.decided: set[Decision] = set()
        self._style = style.in_region(target)
        self.subject = subject
        self._second_opinion = second_opinion and bool({*self.configurations[:1]} & _DOUBTFUL)
        self._register = REGISTERS.index(register) if register else None
        self.book = book
        self._preserves_length = all(PRESERVES_LENGTH[name] for name in self.configurations)
        self._unretraced: set[str] = set()
        self.memory: Memory | None = None
        self._before = Memory()

    def fresh(self, before: Memory | None = None) -> Converter:
        """The same converter that has met nothing yet.

        With `before`, the memory of one like it, it has a memory: what it remembers needs no dictionaries.
        """
        other = copy(self)
        memory = None if before is None else Memory()
        vars(other).update(tally=Counter(), decided=set(), _unretraced=set(), memory=memory, _before=before or Memory())
        return other

    def still(self) -> Converter:
        """The same converter without its dictionaries: for whoever asks what is converted, and not into what."""
        other = self.fresh()
        vars(other).update(configurations=(), _second_opinion=False)
        return other

    def convert(self, text: str, running: Collection[int] = ()) -> str:
        """The whole text, converted. The fastest of the three, as nothing need be aligned.

        `running`, here and below, are opening quotation marks that a later paragraph closes (`quotes.running_on`).
        """
        fixed = self._fixed(text, ())
        self._count(fixed)
        return self._output(self._requoted(text, fixed, running), fixed)

    def runs(self, text: str, opaque: Sequence[tuple[int, int]] = ()) -> tuple[Run, ...]:
        """What each stretch of the text became, and why. An opaque range is a run of origin "keep"."""
        fixed = self._fixed(text, opaque)
        marks = self._marks(text, fixed)
        prepared = quotation.apply(text, marks) if marks else text
        found: list[Run] = []
        for start, end, kept in _stretches(len(text), fixed):
            if kept:
                found.append(Run(start, end, kept.text, kept.origin))
            else:
                found.extend(runs_of(text, start, self._spelled_units(prepared[start:end]), marks))
        return tuple(found)

    def pieces(
        self,
        text: str,
        cuts: Sequence[int],
        opaque: Sequence[tuple[int, int]] = (),
        running: Collection[int] = (),
    ) -> list[str]:
        """The converted text cut at the sorted source indices `cuts`: `len(cuts) + 1` strings.

        Where OpenCC changed a phrase's length and a cut falls into it, it stays whole in the piece where it begins.
        """
        fixed = self._fixed(text, opaque)
        self._count(fixed)
        prepared = self._requoted(text, fixed, running)
        if not cuts:
            return [self._output(prepared, fixed)]
        if self._preserves_length and all(len(kept.text) == kept.end - kept.start for kept in fixed):
            output = self._output(prepared, fixed)
            if len(output) == len(text):
                return [output[start:end] for start, end in zip((0, *cuts), (*cuts, len(text)), strict=True)]
        return distribute(self._runs_between(prepared, fixed, cuts), cuts)

    def issues(self, text: str, opaque: Sequence[tuple[int, int]] = (), running: Collection[int] = ()) -> list[Issue]:
        """What a person should look at, in the order of the text.

        `quote-unmatched`: a quotation mark without a partner, left as it is (only with `quotes="region"`).
        `quote-straight`: a straight quotation mark that can be read in two ways, left as it is (none with "keep").
        `punct-ellipsis`, `punct-dash`: one typed with the wrong keys, which the style does not mend.
        `opencc-replay`: `runs` or `pieces` could not retrace how OpenCC converted a stretch of this text, and so
        aligned it roughly; known only after either has met the text.
        """
        marked = self.quotes is not None and quotation.has_marks(text)
        if not (marked or self._unretraced or punctuation.may_have_faults(text)):
            return []
        found: list[Issue] = []
        fixed = self._fixed(text, opaque)
        if self.quotes and quotation.has_marks(text):
            reading = quotation.read(text, _ranges(fixed))
            found += (Issue("quote-straight", index, text[index]) for index in reading.doubtful[:1])
            if not self._straight_only:
                unmatched = quotation.pair(reading.text, _ranges(fixed), running).unmatched
                found += (Issue("quote-unmatched", index, text[index]) for index in unmatched)
        free = ((start, end) for start, end, kept in _stretches(len(text), fixed) if not kept)
        for fault in punctuation.faults(text, free):
            found.append(Issue(f"punct-{fault.kind}", fault.start, text[fault.start : fault.end]))
        if self._unretraced:
            prepared = self._requoted(text, fixed)
            for start, end, kept in _stretches(len(text), fixed):
                if not kept and prepared[start:end] in self._unretraced:
                    found.append(Issue("opencc-replay", start, text[start:end]))
        return sorted(found, key=lambda issue: issue.index)

    def choices(self, text: str, opaque: Sequence[tuple[int, int]] = ()) -> list[Choice]:
        """Where the conversion had to choose, in the order of the text: for the review, and not free of cost.

        A term is the word around the character in question.
        """
        fixed = self._fixed(text, opaque)
        prepared = self._requoted(text, fixed)
        found = [
            choice
            for start, end, kept in _stretches(len(text), fixed)
            if not kept
            for choice in self._choices(prepared[start:end], start)
        ]
        found += self._phrase_choices(text, fixed)
        return sorted(found, key=lambda choice: choice.start)

    def explained(self, text: str) -> list[Verdict]:
        """Every character that left a choice, with its forms and what decided; forms as the target spells them."""
        found = []
        for start, end, kept in _stretches(len(text), self._fixed(text, ())):
            for verdict in () if kept else self._verdicts(text[start:end], settled=True):
                forms = tuple((self._style.spell(self._spelled(form)), chance) for form, chance in verdict.forms)
                opencc = self._style.spell(self._spelled(verdict.opencc))
                found.append(replace(verdict, index=verdict.index + start, forms=forms, opencc=opencc))
        return found

    def spellings(self, text: str, opaque: Sequence[tuple[int, int]] = ()) -> list[tuple[int, str, str]]:
        """The words of several characters that have one with a choice: where each begins, the word, what it became."""
        found = []
        for start, end, kept in _stretches(len(text), self._fixed(text, opaque)):
            verdicts = [] if kept else list(self._verdicts(text[start:end], settled=True))
            if not verdicts:
                continue
            output = self._style.spell(self._converted(text[start:end]))
            borders = list(accumulate(map(len, segment(text[start:end])), initial=0))
            for at in sorted({bisect(borders, verdict.index) for verdict in verdicts}):
                first, last = borders[at - 1], borders[at]
                if last - first > 1 and len(output) == end - start:
                    found.append((start + first, text[start + first : start + last], output[first:last]))
        return found

    def expected(self, text: str, opaque: Sequence[tuple[int, int]] = ()) -> tuple[float, float]:
        """How many characters are probably wrong in the text's conversion, and the variance of that number."""
        chances = [
            verdict.chance
            for start, end, kept in _stretches(len(text), self._fixed(text, opaque))
            if not kept
            for verdict in self._verdicts(text[start:end], settled=True)
        ]
        return sum(1 - chance for chance in chances), sum(chance * (1 - chance) for chance in chances)

    def worded(self, text: str) -> list[phrases.Found]:
        """The style's phrases in a text, those that are not taken as well, in order."""
        return self._phrases(text, self._fixed(text, ()))

    def _phrases(self, text: str, fixed: Sequence[_Fixed]) -> list[phrases.Found]:
        if not self._style.phrases:
            return []
        others = [kept for kept in fixed if kept.origin != "phrase"]
        free = [(start, end) for start, end, kept in _stretches(len(text), others) if not kept]
        return self._style.phrases.find(text, free, self.subject)

    def _phrase_choices(self, text: str, fixed: Sequence[_Fixed]) -> list[Choice]:
        """The style's phrases that have another sense as well, taken or not."""
        found = self._phrases(text, fixed)
        return phrases.choices(text, found, lambda term: self._style.spell(self._converted(term)))

    def _choices(self, text: str, offset: int) -> Iterator[Choice]:
        """The choices in a stretch that begins at `offset` of the block's text."""
        found = [verdict for verdict in self._verdicts(text) if verdict.reason]
        if not found:
            return
        units = self._units(text)
        output = "".join(output for _, output in units)
        simplified_text = text if self.configurations[0] in REGIONAL or len(output) != len(text) else output
        borders = list(accumulate(map(len, segment(simplified_text)), initial=0))
        for verdict in found:
            word = bisect(borders, verdict.index)
            start, end = borders[word - 1], borders[word]
            output = distribute(runs_of(text, 0, units, {}), (start, end))[1]
            choice = self._choice(verdict, start, text[start:end], output)
            if choice:
                yield replace(choice, start=start + offset, end=end + offset)

    def _choice(self, verdict: Verdict, start: int, term: str, output: str) -> Choice | None:
        """A verdict as an editor meets it; None where the region spells all forms alike, or a phrase took the place."""
        at = verdict.index - start
        chosen = self._spelled(verdict.chosen)
        if len(output) != len(term) or output[at] != chosen:
            return None

        def whole(form: str) -> str:
            return f"{output[:at]}{self._spelled(form)}{output[at + 1 :]}"

        likely = [form for form, chance in verdict.forms if chance > _UNLIKELY]
        others = dict.fromkeys(whole(form) for form in (*likely, verdict.opencc))
        spelled = dict.fromkeys(self._style.spell(other) for other in others)
        final = self._style.spell(output)
        spelled.pop(final, None)
        if not spelled or verdict.reason is None:
            return None
        return Choice(
            start,
            start + len(term),
            term,
            final,
            tuple(spelled),
            verdict.reason,
            verdict.doubt,
            verdict.why,
            (("opencc", self._style.spell(whole(verdict.opencc))), ("neighbours", final)),
        )

    def settled(self, text: str, opaque: Sequence[tuple[int, int]] = ()) -> tuple[Run, ...]:
        """The stretches that are not left to OpenCC, in order, and what stands there: kept, decided, the glossary's."""
        return tuple(Run(kept.start, kept.end, kept.text, kept.origin) for kept in self._fixed(text, opaque))

    def _fixed(self, text: str, opaque: Sequence[tuple[int, int]]) -> list[_Fixed]:
        """Opaque ranges, unsafe characters, Japanese, decided and glossary terms, in order."""
        fixed = [_Fixed(start, end, text[start:end], "keep") for start, end in opaque if start < end]
        if self.configurations and ("\0" in text or "⿻" in text or not _encodes(text)):
            for start, end, kept in list(_stretches(len(text), fixed)):
                if not kept:
                    fixed += (_Fixed(*m.span(), m.group(), "copy") for m in _UNSAFE.finditer(text, start, end))
            fixed.sort(key=lambda kept: kept.start)
        foreign = japanese(text) if self.configurations else []
        if foreign:
            free = [(start, end) for start, end, kept in _stretches(len(text), fixed) if not kept]
            shared = ((max(start, first), min(end, last)) for first, last in foreign for start, end in free)
            fixed += (_Fixed(start, end, text[start:end], "copy") for start, end in shared if start < end)
            fixed.sort(key=lambda kept: kept.start)
        mentions = self._mentions(text) if self._points and self.configurations else ()
        if mentions:
            free = [(start, end) for start, end, kept in _stretches(len(text), fixed) if not kept]
            inside = (span for span in mentions if any(start <= span[0] and span[1] <= end for start, end in free))
            fixed += (_Fixed(start, end, text[start:end], "keep") for start, end in inside)
            fixed.sort(key=lambda kept: kept.start)
        if self._decisions:
            fixed = sorted([*fixed, *self._settled(text, fixed)], key=lambda kept: kept.start)
        if self._matcher:
            fixed = self._with_terms(self._matcher, text, fixed)
        return self._with_phrases(text, fixed) if self._style.phrases or self._style.mend else fixed

    def _mentions(self, text: str) -> list[tuple[int, int]]:
        """Words in quotation marks that are spoken of as they are written: two unlike ones would become the same.

        “烟”，宋本作“煙”: one of the two is Traditional already, and the text tells them apart.
        """
        spans = [found.span(1) for found in _QUOTED.finditer(text)]
        if len(spans) < 2:  # noqa: PLR2004  # one alone is like nothing
            return []
        alike: dict[str, set[str]] = {}
        for start, end in spans:
            alike.setdefault(of_word(self.configurations[0])(text[start:end]), set()).add(text[start:end])
        unlike = {word for words in alike.values() if len(words) > 1 for word in words}
        return [(start, end) for start, end in spans if text[start:end] in unlike]

    def _with_terms(self, matcher: Matcher, text: str, fixed: list[_Fixed]) -> list[_Fixed]:
        terms = [
            _Fixed(match.start, match.end, match.form, "keep" if match.keep else "glossary", match.term)
            for start, end, kept in _stretches(len(text), fixed)
            if not kept
            for match in matcher.matches(text, start, end)
        ]
        return sorted([*fixed, *terms], key=lambda kept: kept.start) if fixed else terms

    def _settled(self, text: str, fixed: Sequence[_Fixed]) -> Iterator[_Fixed]:
        """The decided terms that lie in no fixed stretch."""
        for match in self._decisions.matches(text) if self._decisions else ():
            if not any(kept.start < match.end and match.start < kept.end for kept in fixed):
                self.decided.add(match.decision)
                yield _Fixed(match.start, match.end, match.form, "decision")

    def _with_phrases(self, text: str, fixed: list[_Fixed]) -> list[_Fixed]:
        """The style's phrases and its punctuation as well, in what the glossary leaves; no terms, and not counted."""
        free = [(start, end) for start, end, kept in _stretches(len(text), fixed) if not kept]
        taken = [
            _Fixed(fault.start, fault.end, fault.mended, "phrase")
            for fault in (punctuation.faults(text, free) if self._style.mend else ())
            if fault.kind in self._style.mend
        ]
        if self._style.phrases:
            found = self._style.phrases.find(text, free, self.subject)
            taken += (_Fixed(one.start, one.end, one.phrase.form, "phrase") for one in found if one.taken)
        return sorted([*fixed, *taken], key=lambda kept: kept.start) if taken else fixed

    def _count(self, fixed: Sequence[_Fixed]) -> None:
        for kept in fixed:
            if kept.term:
                self.tally[kept.term, kept.text] += 1

    def _marks(self, text: str, fixed: Sequence[_Fixed], running: Collection[int] = ()) -> Mapping[int, str]:
        """By index, the target's quotation marks and full stops."""
        marks = self._quotation_marks(text, fixed, running)
        if self._points and punctuation.FULL_WIDTH_STOP in text:
            return {**marks, **punctuation.stops(text, _ranges(fixed))}
        return marks

    def _quotation_marks(self, text: str, fixed: Sequence[_Fixed], running: Collection[int]) -> Mapping[int, str]:
        if not self.quotes or not quotation.has_marks(text):
            return {}
        opaque = _ranges(kept for kept in fixed if not kept.term)
        reading = quotation.read(text, _ranges(fixed))
        if self._straight_only and not reading.straight:
            return {}
        pairing = quotation.pair(reading.text, _ranges(fixed), running)
        marks = quotation.replacements(reading.text, pairing, self.quotes, opaque, reading.straight)
        curled = {index: marks.get(index, reading.text[index]) for index in reading.straight}
        return curled if self._straight_only else {**marks, **curled}

    def _requoted(self, text: str, fixed: Sequence[_Fixed], running: Collection[int] = ()) -> str:
        """The source with the target's quotation marks and stops. No dictionary has any: to OpenCC it matters not."""
        marks = self._marks(text, fixed, running)
        return quotation.apply(text, marks) if marks else text

    def _output(self, prepared: str, fixed: Sequence[_Fixed]) -> str:
        if not fixed:
            return self._style.spell(self._converted(prepared))
        return "".join(
            kept.text if kept else self._style.spell(self._converted(prepared[start:end]))
            for start, end, kept in _stretches(len(prepared), fixed)
        )

    def _converted(self, text: str) -> str:
        """A stretch as the edition has it."""
        made = self._before.texts.get(text)
        if made is None:
            made, overruled = self._native(text), self._overruled(text)
            if overruled and not (self._preserves_length and len(made) == len(text)):
                return "".join(output for _, output in self._units(text))  # which notes what it cannot retrace
            characters = list(made)
            for index, (opencc, chosen) in overruled.items():
                if characters[index] == opencc:
                    characters[index] = chosen
            made = "".join(characters)
        if self.memory is not None:
            self.memory.texts[text] = made
        return made

    def _overruled(self, text: str) -> dict[int, tuple[str, str]]:
        """By index, OpenCC's form in the target's spelling, and the one to have instead."""
        return {
            index: (self._spelled(opencc), self._spelled(chosen)) for index, opencc, chosen in self._overrules(text)
        }

    def _overrules(self, text: str) -> Iterable[tuple[int, str, str]]:
        """Where OpenCC is overruled: the index, OpenCC's form and the one to have, in OpenCC's standard spelling."""
        if self._second_opinion and self.configurations[0] in REGIONAL:
            return opinion.overrules(text, self._register, self.book)
        return (
            (verdict.index, verdict.opencc, verdict.chosen)
            for verdict in self._verdicts(text)
            if verdict.chosen != verdict.opencc
        )

    def _verdicts(self, text: str, *, settled: bool = False) -> Iterator[Verdict]:
        """What the opinions say of a stretch of text, in OpenCC's standard spelling; `settled` ones as well, or not."""
        if not self._second_opinion:
            return iter(())
        first = self.configurations[0]
        if first in REGIONAL:
            return opinion.verdicts(text, self._register, self.book, settled=settled)
        from publish.convert import simplified  # noqa: PLC0415  # which reads YAML, and is seldom needed

        return simplified.verdicts(text, native(_PLAIN.get(first, first))(text))

    def _spelled(self, standard: str) -> str:
        """A form in OpenCC's standard spelling as the target writes it."""
        for name in (REGIONAL.get(self.configurations[0]), *self.configurations[1:]):
            standard = of_word(name)(standard) if name else standard
        return standard

    def _native(self, text: str) -> str:
        for name in self.configurations:
            after = _AFTER_STANDARD.get(name) if self._second_opinion else None
            text = native(after)(opinion.standard_of(text)) if after else native(name)(text)
        return text

    def _runs_between(self, prepared: str, fixed: Sequence[_Fixed], cuts: Sequence[int]) -> Iterator[Run]:
        """Runs good enough to be cut at `cuts`: what no cut falls into need not be aligned."""
        remaining = iter(cuts)
        cut = next(remaining, len(prepared))
        for start, end, kept in _stretches(len(prepared), fixed):
            while cut <= start and cut < len(prepared):
                cut = next(remaining, len(prepared))
            if kept:
                yield Run(start, end, kept.text, kept.origin)
            elif cut >= end:
                yield opencc_run(start, end, self._style.spell(self._converted(prepared[start:end])))
            else:
                yield from runs_of(prepared, start, self._spelled_units(prepared[start:end]), {})

    def _units(self, text: str) -> list[Unit]:
        """OpenCC's output aligned with the text; the units' texts together are always what OpenCC itself gives."""
        known = self._before.units.get(text)
        units: list[Unit] = [(len(text), text)] if known is None else [(length, output) for length, output in known]
        if known is None:
            for name in self.configurations:
                units = compose(units, self._pass(name, "".join(output for _, output in units), text))
            units = amended(units, self._overruled(text))
        if self.memory is not None and text not in self._unretraced:
            self.memory.units[text] = units
        return units

    def _spelled_units(self, text: str) -> list[Unit]:
        """The units in the style's spellings."""
        return respelled(self._units(text), self._style.spell)

    def _pass(self, name: str, text: str, source: str) -> list[Unit]:
        output = native(name)(text)
        plain = name if PRESERVES_LENGTH[name] else _PLAIN[name]
        if len(output) == len(text) and (plain == name or native(plain)(text) == output):
            return [(len(text), output)]
        units = replay(name).units(text)
        if "".join(text for _, text in units) == output:
            return units
        self._unretraced.add(source)
        return patched(units, output)


def _stretches(length: int, fixed: Sequence[_Fixed]) -> Iterator[tuple[int, int, _Fixed | None]]:
    """The whole text in order: the fixed stretches and, without one, what lies between them."""
    position = 0
    for kept in fixed:
        if position < kept.start:
            yield position, kept.start, None
        yield kept.start, kept.end, kept
        position = kept.end
    if position < length:
        yield position, length, None


def _ranges(fixed: Iterable[_Fixed]) -> list[tuple[int, int]]:
    return [(kept.start, kept.end) for kept in fixed]


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
