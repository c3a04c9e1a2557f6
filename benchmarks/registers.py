"""Measures the choice among a character's forms on native Traditional text of many registers, converted back.

    python benchmarks/registers.py TEXT... [--tool variant_accuracy.py] [--han 200000] [--held] [--json] [--plot FILE]
                                   [--variants dypytz-variants.txt] [--alone]

TEXT is a file of lines (.txt, .txt.xz) or of pairs (.jsonl, as pairs_from_native.py writes them). Of files that
scripts/contexts.py learns from, only the blocks of forty lines are read that it never looks at. What a text is of is
told by the block, as by a chapter of a book, or by all pairs (--alone: by each sentence alone). The tool levels what is
only spelling or house style; by default it is ../shared/tools/variant_accuracy.py beside the repository. Places of
choice are grouped by how sure the converter is. With --variants (github.com/cjkvi/cjkvi-variants:
《第一批异体字整理表》, 1955) no error is counted between characters that this list has as two spellings of one word
(閑 閒, 於 于, 杯 盃).
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

import opencc

sys.path.insert(0, str(Path(__file__).resolve().parent))

from accuracy import HAN, TOOL, errors, load

from publish.convert import Converter
from publish.convert.contexts import book_of
from publish.convert.native import native
from publish.convert.registers import Book
from publish.regions import REGIONS

LEARNT = (
    "docs-tw wiki-tw drcd-dev drcd-test ud-gsd-all moztw-all law-tw archive-all taiwan-md gutenberg "
    "poems-tang-song chinese-poetry chinesenotes ud-yue ctcpc hkcancor"
).split(" ")
BLOCK, PARTS, TEST = 40, 10, 0  # as in scripts/contexts.py
NONE: frozenset[str] = frozenset()
EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 1.0)


def blocks(path: Path) -> Iterator[list[str]]:
    """The blocks of lines of a text from which no weights were learnt."""
    archive = path.suffix == ".xz"
    opened = lzma.open(path, "rt", encoding="utf-8") if archive else path.open(encoding="utf-8")  # noqa: SIM115  # closed
    with opened as file:
        found = [line for line in dict.fromkeys(line.strip() for line in file) if line]
    learnt = path.name.split(".")[0] in LEARNT
    for number, at in enumerate(range(0, len(found), BLOCK)):
        if not learnt or number % PARTS == TEST:
            yield found[at : at + BLOCK]


def pairs(path: Path, tool: Any, han: int, *, held: bool = False) -> Iterator[tuple[dict[str, str], Book]]:
    """Sentences and what they were converted back to, as pairs_from_native.py makes them, and what their book is of."""
    if path.suffix == ".jsonl":
        rows = list(map(json.loads, path.read_text("utf-8").splitlines()))
        book = book_of([row["src"] for row in rows])
        yield from ((row, book) for row in rows if not held or is_held(row["src"]))
        return
    back = opencc.OpenCC("tw2s", include_tofu_risk_dictionaries=False).convert
    forms = {form for forms in tool.ST.values() for form in forms}
    only = frozenset(character for character in tool.ST if character not in forms)
    block_of: dict[str, list[str]] = {}
    for block in blocks(path):
        for part in (part for line in block for part in re.findall("[^。！？；]+[。！？；」』]*", line)):
            block_of.setdefault(part, block)
    parts = list(block_of)
    random.Random(1).shuffle(parts)  # noqa: S311  # a sample that is the same each time
    books: dict[int, Book] = {}
    count = 0
    for part in parts:
        number = len(HAN.findall(part))
        source = back(part)
        if held and not is_held(source):
            continue
        if number >= 6 and only.isdisjoint(part) and len(source) == len(part):  # noqa: PLR2004  # as the tool has it
            block = block_of[part]
            if id(block) not in books:
                books[id(block)] = book_of(back("\n".join(block)).split("\n"))
            yield {"src": source, "ref": part}, books[id(block)]
            count += number
            if count >= han:
                return


def is_held(source: str) -> bool:
    """Whether a sentence is of the half with which no margin was chosen and no phrase of ours found."""
    return crc32(source.encode()) % 2 == 1


def groups(path: Path) -> dict[str, set[str]]:
    """By character, the regular ones that it is, or is a variant of, in a list of variants."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in path.read_text("utf-8").splitlines():
        regular, kind, *variants = line.split(",")[:3] if line.count(",") > 1 else ("", "")
        if kind.startswith("dypytz/variant") and len(regular) == 1:
            for one in (regular, variants[0][:1]):
                found[one].add(regular)
    return found


Groups = Mapping[str, AbstractSet[str]]


def measure(
    path: Path, tool: Any, han: int, alike: Groups, *, held: bool = False, alone: bool = False
) -> dict[str, Any]:
    """One file's figures."""
    converters: dict[Book, Converter] = {}
    stock = native("s2tw")
    row: Counter[str] = Counter()
    left: Counter[str] = Counter()
    sure: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for pair, book in pairs(path, tool, han, held=held):
        known = () if alone else book
        if known not in converters:
            converters[known] = Converter(REGIONS["zh-CN"], REGIONS["zh-TW"], quotes="keep", book=known)
        made, source = converters[known], pair["src"]
        row["han"] += len(HAN.findall(source))
        choices = made.choices(source)
        before, after = (
            {
                at: (character, output, form)
                for at, character, output, form in errors(tool, pair, convert)
                if alike.get(output, NONE).isdisjoint(alike.get(form, NONE))
            }
            for convert in (stock, made.convert)
        )
        row["OpenCC"] += len(before)
        row["ours"] += len(after)
        row["mended"] += len(before.keys() - after.keys())
        row["added"] += len(after.keys() - before.keys())
        row["flags"] += len(choices)
        row["flagged"] += sum(any(one.start <= at < one.end for one in choices) for at in after)
        for at, (character, output, form) in after.items():
            left[f"{character}:{output}→{form} {source[max(0, at - 5) : at + 6]}"] += 1
        row["expected"] += round(1000 * made.expected(source)[0])
        wrong = after.keys()
        for one in made.explained(source):
            group = max(edge for edge in EDGES if edge <= one.chance)
            sure[group][0] += 1
            sure[group][1] += one.index not in wrong
    return {"file": path.name.split(".")[0], **row, "left": left, "sure": dict(sure)}


def main() -> None:
    """Print the figures of each file and of all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--tool", type=Path, default=TOOL)
    parser.add_argument("--han", type=int, default=200_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--held", action="store_true", help="only the half that was never looked at")
    parser.add_argument("--plot", type=Path, help="draw how sure it was against how often it was right, as SVG")
    parser.add_argument("--variants", type=Path, help="a list of characters that are two spellings of one word")
    parser.add_argument("--alone", action="store_true", help="each sentence without what its book is of")
    parser.add_argument("--left", type=int, default=0, help="show so many of the errors that are left")
    arguments = parser.parse_args()
    tool = load(arguments.tool)
    alike = groups(arguments.variants) if arguments.variants else {}
    rows = [
        measure(path, tool, arguments.han, alike, held=arguments.held, alone=arguments.alone)
        for path in arguments.texts
    ]
    if arguments.plot:
        arguments.plot.write_text(plot(rows), encoding="utf-8")
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    print("text | Han | OpenCC | ours | ratio | mended | added | flagged | flags per 1,000 Han | expected")
    whole: Counter[str] = Counter()
    for row in rows:
        whole.update({key: value for key, value in row.items() if isinstance(value, int)})
        print(line_of(row))
        for place, count in row["left"].most_common(arguments.left):
            print(f"    {count} × {place}")
    print(line_of({"file": "all", **whole}))
    print("sure of | places | right")
    for edge in EDGES:
        counts = [row["sure"].get(edge, [0, 0]) for row in rows]
        total, right = sum(one for one, _ in counts), sum(one for _, one in counts)
        if total:
            print(f"from {edge:.1%} | {total} | {right / total:.2%}")


def plot(rows: list[dict[str, Any]]) -> str:
    """Of each group of places how sure the converter was (across) and how many were right (up), in a square."""
    dots = []
    for edge, beyond in pairwise(EDGES):
        counts = [row["sure"].get(edge, [0, 0]) for row in rows]
        total, right = sum(one for one, _ in counts), sum(one for _, one in counts)
        if total:
            sure = max((edge + beyond) / 2, 0.45)  # few are below that
            across, up = 30 + 190 * sure, 210 - 190 * right / total
            dots.append(f'<circle cx="{across:.1f}" cy="{up:.1f}" r="3" fill="#b22"/>\n')
    return PLOT.format("".join(dots))


PLOT = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240" role="img" \
aria-label="How often the form was right, by how sure the converter was">
<rect width="240" height="240" fill="#fff"/>
<path d="M30 210H220M30 210V20" stroke="#555" fill="none"/>
<path d="M30 210L220 20" stroke="#bbb" stroke-dasharray="4 3"/>
{}<text x="125" y="232" font-size="10" text-anchor="middle">sure</text>
<text x="12" y="115" font-size="10" text-anchor="middle" transform="rotate(-90 12 115)">right</text>
</svg>
"""


def line_of(row: dict[str, Any]) -> str:
    """A file's figures in a line."""
    get = Counter({key: value for key, value in row.items() if isinstance(value, int)})
    ratio = get["ours"] / max(get["OpenCC"], 1)
    flags = 1000 * get["flags"] / max(get["han"], 1)
    return (
        f"{row['file']} | {get['han']} | {get['OpenCC']} | {get['ours']} | {ratio:.2f} | {get['mended']} "
        f"| {get['added']} | {get['flagged']} | {flags:.2f} | {get['expected'] / 1000:.0f}"
    )


if __name__ == "__main__":
    main()
