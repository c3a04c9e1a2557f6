"""Phrases of a region: where in a text each stands for itself, by word boundaries and by what stands around it.

A phrase is one of four kinds. One with a single sense (鼠标) is taken wherever it stands. One that also arises at the
border of two words (导出, in 推导出版) is taken where the segmenter sees that word. A foreign name (索马里) must be a
word, too, and not a part of a longer name (索马里兰). One that has another sense as well (程序, in 法律程序) is taken
where the evidence for its sense outweighs that against it: its neighbours, the cue words of its sentence, and, where
the sentence says nothing, those of the block.

All phrases are looked for at once, by an Aho-Corasick automaton, and so are all cue words. The words, neighbours and
cues of a text in Traditional characters are those of the same text in Simplified ones.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, deque
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick, MatchKind

from publish.convert.choice import Choice
from publish.convert.native import native
from publish.convert.words import known_words, segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

ALWAYS = "always"
WORD = "word"
NAME = "name"
NEVER = "never"
KINDS = (ALWAYS, WORD, NAME, NEVER)

# Code points; few sentences are longer.
_LONGEST = 300
_SENTENCE_END = re.compile("[。！？；!?;\n]")
_LATIN_OR_CODE = "[0-9A-Za-z_+#)\ufffc]"
_SURROGATE = re.compile("[\ud800-\udfff]")

# What stands for the phrase itself while its surroundings are looked at.
_HERE = "\x01"

# Weights of evidence: a neighbour decides against cues, and one that speaks for another sense decides against all.
_NEIGHBOUR, _CONTRARY_NEIGHBOUR, _MOST_CUES = 3, 6, 2
_SURE = 3

# The name of cue words that speak against one sense, and for none: "not computing".
AGAINST = "not "

# A text is about a sense if it has a cue word of it for every so many characters, and more than of all others.
_SPARSE = 120
_BOOK = "what the book is about"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as the source writes it, what it becomes, and when.

    `when` is `ALWAYS`, `WORD`, `NAME`, `NEVER` (it shields what is in it) or the name of a set of cue words, whose
    sense it must have. `near` and `contrary` speak for and against that; `~` in them is the phrase itself, `@` a Latin
    word or code, so that `~名` must follow it at once; one without `~` stands anywhere in the sentence. Where nothing
    tells, `lean` takes the form. `pack` is the term pack that has it, "" where it is a style's own.
    """

    text: str
    form: str = ""
    when: str = ALWAYS
    near: tuple[str, ...] = ()
    contrary: tuple[str, ...] = ()
    why: str = ""
    lean: bool = False
    pack: str = ""

    @property
    def ambiguous(self) -> bool:
        """Whether the phrase has another sense as well."""
        return self.when not in KINDS


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found at code points `start` to `end`; `taken` says whether it becomes its form."""

    start: int
    end: int
    phrase: Phrase
    taken: bool = True
    score: float = _SURE
    why: str = ""


@dataclass(frozen=True)
class Phrases:
    """The phrases of a style, and the cue words of each sense.

    `simplified_by` is OpenCC's configuration that simplifies a text in Traditional characters, one code point for one,
    before the phrases, which are in Simplified ones too, are looked for; "" where the text is in Simplified ones.
    """

    table: Mapping[str, Phrase]
    cues: Mapping[str, tuple[str, ...]]
    simplified_by: str = ""

    def __reduce__(self) -> tuple[type[Phrases], tuple[object, ...]]:
        """Pickle without the automata, which are made again where they are needed."""
        return Phrases, (self.table, self.cues, self.simplified_by)

    def under(self, other: Phrases) -> Phrases:
        """These phrases with others laid over them, which win; cue words are joined."""
        if not other:
            return self
        cues = {name: tuple(dict.fromkeys((*self.cues.get(name, ()), *words))) for name, words in other.cues.items()}
        return Phrases({**self.table, **other.table}, {**self.cues, **cues}, self.simplified_by or other.simplified_by)

    def spelled(self, spell: Callable[[str], str]) -> Phrases:
        """The phrases with their forms in a house's spellings."""
        table = {text: replace(phrase, form=spell(phrase.form)) for text, phrase in self.table.items()}
        return Phrases(table, self.cues, self.simplified_by)

    def subject(self, text: str) -> str:
        """The sense whose cue words a long text is full of, beyond those of all others together; "" where none is."""
        counts = Counter(
            name
            for word in self._cue_words(self._plain(text))
            for name in self._senses[word]
            if not name.startswith(AGAINST)
        )
        for name, count in counts.items():
            if count * _SPARSE >= len(text) and count > counts.total() - count:
                return name
        return ""

    def __bool__(self) -> bool:
        """Whether there is any phrase."""
        return bool(self.table)

    def find(self, text: str, ranges: Iterable[tuple[int, int]], subject: str = "") -> list[Found]:
        """The phrases in the given ranges of the text of one block, in order; `NEVER` ones are not among them.

        `subject` is the sense that the book as a whole is about, for what its own block tells nothing of.
        """
        text = self._plain(text)
        words = _Words(text)
        found = _leftmost_longest(one for one in self._candidates(text, ranges) if words.has(one))
        if any(one.phrase.ambiguous for one in found):
            found = list(self._judged(text, found, subject))
        return [one for one in found if one.phrase.when != NEVER]

    def _plain(self, text: str) -> str:
        """The text as all is looked for in it: in Simplified characters, and without lone surrogates."""
        if not text.isascii():
            text = _SURROGATE.sub("\ufffd", text)
        return native(self.simplified_by)(text) if self.simplified_by else text

    def _candidates(self, text: str, ranges: Iterable[tuple[int, int]]) -> Iterator[Found]:
        """All phrases that lie in a range, in the order of text, longest first at each place."""
        hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        if not hits:
            return
        hits.sort(key=lambda hit: (hit[1], -hit[2]))
        rest = iter(ranges)
        start, end = next(rest, (0, 0))
        for index, first, last in hits:
            while first >= end and end:
                start, end = next(rest, (0, 0))
            if start <= first and last <= end:
                yield Found(first, last, self._listed[index])

    @cached_property
    def _listed(self) -> list[Phrase]:
        return list(self.table.values())

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick(list(self.table), store_patterns=False)

    def _judged(self, text: str, found: Sequence[Found], subject: str) -> Iterator[Found]:
        whole: dict[str, set[str]] | None = None
        rest = deque(found)
        for start, end in _sentences(text):
            inside: list[Found] = []
            while rest and rest[0].start < end:
                inside.append(rest.popleft())
            if not any(one.phrase.ambiguous for one in inside):
                yield from inside
                continue
            cues = self._cues_in(text[start:end])
            weighed = [self._weigh(text, one, (start, end), cues) if one.phrase.ambiguous else one for one in inside]
            senses = {one.phrase.when: one for one in weighed if _tells(one, subject)}
            for one in weighed:
                if not one.phrase.ambiguous or one.score:
                    yield one
                    continue
                whole = self._cues_in(text) if whole is None else whole
                yield _settle(one, senses.get(one.phrase.when), whole, subject)

    def _weigh(self, text: str, one: Found, span: tuple[int, int], cues: Mapping[str, set[str]]) -> Found:
        """What the sentence says for (above zero) and against the phrase's sense, and by which words."""
        phrase = one.phrase
        score, reasons = _balance(phrase, cues)
        for patterns, neighbour, word in (
            (phrase.near, _NEIGHBOUR, 1),
            (phrase.contrary, -_CONTRARY_NEIGHBOUR, -2),
        ):
            adjoining, anywhere = _patterns(patterns)
            if adjoining and (hit := _around(adjoining, text, one, span)):
                score += neighbour
                reasons.insert(0, hit)
            if anywhere and (hits := sorted(set(anywhere.findall(_without(text, one, span))))):
                score += word * min(len(hits), _MOST_CUES)
                reasons += hits[:_MOST_CUES]
        return replace(one, taken=score > 0, score=score, why="、".join(dict.fromkeys(reasons)))

    def _cues_in(self, text: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {name: set() for name in self.cues}
        for word in self._cue_words(text):
            for name in self._senses[word]:
                found[name].add(word)
        return found

    def _cue_words(self, text: str) -> Iterator[str]:
        """The cue words in a text, leftmost first, longest wins; those in Latin letters stand alone."""
        for index, start, end in self._cue_automaton.find_matches_as_indexes(text):
            word = self._cue_list[index]
            if not _latin(word) or not (_in_latin(text, start - 1) or _in_latin(text, end)):
                yield word

    @cached_property
    def _senses(self) -> dict[str, tuple[str, ...]]:
        """Of each cue word, the senses that it speaks for; code, `@` in a style, is one character in a text."""
        senses: dict[str, tuple[str, ...]] = {}
        for name, words in sorted(self.cues.items()):
            for word in words:
                key = "\ufffc" if word == "@" else word
                senses[key] = tuple(dict.fromkeys((*senses.get(key, ()), name)))
        return senses

    @cached_property
    def _cue_list(self) -> list[str]:
        return list(self._senses)

    @cached_property
    def _cue_automaton(self) -> AhoCorasick:
        return AhoCorasick(self._cue_list, matchkind=MatchKind.LeftmostLongest, store_patterns=False)


def _tells(one: Found, subject: str) -> bool:
    """Whether a phrase's own sense says what the others in its sentence mean."""
    mostly = not one.score and one.phrase.lean and subject in ("", one.phrase.when)
    return one.phrase.ambiguous and (one.score > 0 or mostly)


def _settle(one: Found, companion: Found | None, cues: Mapping[str, set[str]], subject: str) -> Found:
    """A phrase of which its sentence tells nothing: the sense of another in it, else that of the block, the book."""
    if companion and companion.phrase.text != one.phrase.text:
        return replace(one, taken=True, score=1, why=companion.phrase.text)
    score, reasons = _balance(one.phrase, cues)
    if not score and subject:
        score, reasons = (1 if subject == one.phrase.when else -1), [_BOOK]
    taken = score > 0 or (not score and one.phrase.lean)
    return replace(one, taken=taken, score=score / 4, why="、".join(reasons))


def _balance(phrase: Phrase, cues: Mapping[str, set[str]]) -> tuple[float, list[str]]:
    """The cue words of the phrase's sense against those of all others, each word counted once, itself not at all."""
    own: list[str] = []
    other: list[str] = []
    for name, words in cues.items():
        if not words or (name.startswith(AGAINST) and name != AGAINST + phrase.when):
            continue
        (own if name == phrase.when else other).extend(
            word for word in sorted(words) if word not in phrase.text and phrase.text not in word
        )
    score = min(len(own), _MOST_CUES) - min(len(other), _MOST_CUES)
    return score, (own if score > 0 else other if score < 0 else [])[:_MOST_CUES]


def choices(text: str, found: Iterable[Found], plain: Callable[[str], str]) -> list[Choice]:
    """The phrases of a text that have another sense, as choices for the review; `plain` converts one by characters.

    The doubt is small where neighbours or several cue words agree, and greatest where nothing tells the sense.
    """
    rows = []
    for one in found:
        if not one.phrase.ambiguous:
            continue
        term = text[one.start : one.end]
        ordinary = plain(term)
        if ordinary == one.phrase.form:
            continue
        chosen, other = (one.phrase.form, ordinary) if one.taken else (ordinary, one.phrase.form)
        why = f"{one.phrase.when}: {one.why}" if one.why else f"{one.phrase.when}: nothing around it tells"
        rows.append(
            Choice(
                one.start,
                one.end,
                term,
                chosen,
                (other,),
                "phrase",
                _doubt(one.score),
                why,
                (("phrase", one.phrase.form), ("plain", ordinary)),
            )
        )
    return rows


def _doubt(score: float) -> float:
    strength = abs(score)
    return 0.05 if strength >= _SURE else 0.2 if strength > 1 else 0.35 if strength else 0.5


class _Words:
    """The word boundaries of a block."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        """Where the words begin, and the end of the text."""
        return list(accumulate(map(len, segment(self._text)), initial=0))

    @cached_property
    def _borders(self) -> frozenset[int]:
        return frozenset(self._starts)

    @cached_property
    def _known_starts(self) -> list[int]:
        """The same of the words that are in the segmenter's dictionary; all other text is single characters."""
        return list(accumulate(map(len, known_words(self._text)), initial=0))

    @cached_property
    def _known_borders(self) -> frozenset[int]:
        return frozenset(self._known_starts)

    def has(self, one: Found) -> bool:
        """Whether words tile the range, or a compound is made of the phrase and of words (项目 in 项目经理).

        A phrase that is taken wherever it stands must only not lend its last character to a word (信息素 in 信息素养).
        """
        start, end, phrase = one.start, one.end, one.phrase
        if phrase.when == ALWAYS:
            return not self._lends(start, end)
        if phrase.when in (WORD, NAME) and phrase.contrary:
            adjoining, _ = _patterns(phrase.contrary)
            if adjoining and _around(adjoining, self._text, one, (0, len(self._text))):
                return False
        if phrase.when == NEVER:
            return True
        if self._borders >= {start, end} or (self._outweighs(start, end) and self._known_borders >= {start, end}):
            return phrase.when != NAME or not self._goes_on(start, end)
        before = self._starts[bisect_right(self._starts, start) - 1]
        after = self._starts[bisect_left(self._starts, end)]
        inner = bisect_right(self._starts, start) == bisect_left(self._starts, end)
        if inner and before == start and after - before >= _GUESSED:
            return True  # no word of the dictionary, but a guess: 菜单中选择
        last = self._starts[bisect_left(self._starts, end) - 1]
        if before == start < last and end - start >= _LONG and last <= end - _SHARED:
            return True  # its last word is the first half of another: 应用|程序代码
        head, tail = self._text[before:start], self._text[end:after]
        if phrase.when == NAME:
            return inner and (not head or head in _BEFORE_NAMES) and (not tail or tail in _AFTER_NAMES)
        return inner and (head in _PREFIXES or _is_word(head)) and (tail in _SUFFIXES or _is_word(tail))

    def _outweighs(self, start: int, end: int) -> bool:
        """Whether the segmenter's guess says nothing against a term: a long one, or one that its dictionary has not."""
        return end - start >= _LONG or not _is_known(self._text[start:end])

    def _lends(self, start: int, end: int) -> bool:
        """Whether the last character of the range is the first of a word that goes on behind it: 素养, 机构, 屏幕."""
        if end - start < _SHARED or not _is_known(self._text[end - 1 : end + 1]) or end in self._known_borders:
            return False
        border = bisect_left(self._known_starts, end)
        word = self._text[self._known_starts[border - 1] : self._known_starts[border]]
        return self._known_starts[border - 1] == end - 1 and word[1:] not in _PARTICLES

    def _goes_on(self, start: int, end: int) -> bool:
        """Whether the word before or behind looks like more of the same foreign name: 索马里|兰, 阿|里根."""
        before = self._text[self._starts[max(0, bisect_left(self._starts, start) - 1)] : start]
        after = self._text[end : self._starts[min(len(self._starts) - 1, bisect_right(self._starts, end))]]
        return _transcribes(before) or _transcribes(after)


# From this length on, a term outweighs the segmenter's guesses at words that it does not know: 充电宝 in 充电|宝用.
_LONG = 3

# A term may share so many characters or more with the word behind it; one alone is that word's: 操作|数据库.
_SHARED = 2

# From this length on, what the segmenter calls a word is mostly its guess at words that it does not know.
_GUESSED = 5

# What is no word with the character before it, whatever the dictionary has: 移动端|的, not 端的.
_PARTICLES = frozenset("的了着过")

# What compounds begin and end with: 高|性能, 坐|地铁, 数据|量, 公车|上, but not 安|全局.
_PREFIXES = frozenset("高低多各新旧子父双非超死坐乘搭吃喝买发")
_SUFFIXES = frozenset("量库包类名性化器员者号码车表层端页版集流区图组上里中下内外前后旁")

# What words made from names begin and end with, where the segmenter takes such a word for one: 驻|悉尼, 索马里|人.
_BEFORE_NAMES = frozenset("驻在赴抵访原前旧古老东西南北大小")
_AFTER_NAMES = frozenset("人语文国籍省州市县区镇村河江湖海湾岛港山城郡街队军族系裔产式货派党版站之")

# Characters that write the sounds of foreign names and seldom anything else.
_SOUNDS = frozenset("尔斯克亚尼兰娜莎姆恩伦顿纳迪萨洛茨夫诺娃耶维奇伊莱玛蒂丝罗普坦谢弗昂埃朗雷阿巴卡")


def _transcribes(word: str) -> bool:
    return bool(word) and all(character in _SOUNDS for character in word)


@lru_cache(maxsize=4096)
def _is_word(text: str) -> bool:
    """Whether the rest of a compound is nothing, or a word of two characters or more."""
    return not text or (len(text) > 1 and len(segment(text)) == 1)


@lru_cache(maxsize=1 << 14)
def _is_known(text: str) -> bool:
    """Whether a text of several characters is a word of the segmenter's dictionary."""
    return len(text) > 1 and not text.isascii() and len(known_words(text)) == 1


def _leftmost_longest(found: Iterable[Found]) -> list[Found]:
    """Of candidates in the order of text, longest first at each place, those that do not overlap one before."""
    kept: list[Found] = []
    position = 0
    for one in found:
        if one.start >= position:
            kept.append(one)
            position = one.end
    return kept


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Sentences as ranges; what runs on without an end is cut, so that the time grows with the length only."""
    start = 0
    for stop in (*(found.end() for found in _SENTENCE_END.finditer(text)), len(text)):
        yield from ((at, min(at + _LONGEST, stop)) for at in range(start, stop, _LONGEST))
        start = stop


def _around(pattern: re.Pattern[str], text: str, one: Found, span: tuple[int, int]) -> str:
    """The neighbours that match, with the phrase; nothing where none does. The phrase itself reads as `~`."""
    first, last = max(span[0], one.start - 12), min(span[1], one.end + 12)
    hit = pattern.search(f"{text[first : one.start]}{_HERE}{text[one.end : last]}")
    return hit.group().replace(_HERE, one.phrase.text) if hit else ""


def _without(text: str, one: Found, span: tuple[int, int]) -> str:
    """The sentence with all that reads like the phrase masked, so that 菜 in 菜单 speaks neither for nor against it."""
    return text[span[0] : span[1]].replace(one.phrase.text, _HERE)


@lru_cache(maxsize=4096)
def _patterns(patterns: tuple[str, ...]) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """What must adjoin the phrase, and what may stand anywhere, as expressions."""
    adjoining = [_adjoining(one) for one in patterns if "~" in one]
    anywhere = [one for one in patterns if "~" not in one]
    return (
        re.compile("|".join(adjoining)) if adjoining else None,
        re.compile(_alternation(anywhere)) if anywhere else None,
    )


def _adjoining(pattern: str) -> str:
    escaped = re.escape(pattern).replace(re.escape("~"), "~").replace(re.escape("@"), "@")
    return escaped.replace("@~", f"{_LATIN_OR_CODE} ?~").replace("~@", f"~ ?{_LATIN_OR_CODE}").replace("~", _HERE)


def _alternation(words: Iterable[str]) -> str:
    """Any of the words, longest first; those in Latin letters stand alone."""
    parts = []
    for word in sorted(words, key=lambda one: (-len(one), one)):
        escaped = "\ufffc" if word == "@" else re.escape(word)
        parts.append(f"(?<![0-9A-Za-z]){escaped}(?![0-9A-Za-z])" if _latin(word) else escaped)
    return "|".join(parts)


def _latin(word: str) -> bool:
    return word.isascii() and word[0].isalnum()


def _in_latin(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isascii() and text[at].isalnum()
