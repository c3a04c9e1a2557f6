"""Measures how many of the words that others list as differing by region the packs know: MediaWiki's, 兩岸詞典's.

    python benchmarks/vocabulary.py [--mediawiki zhcdict.json] [--csld FOLDER] [--missed]

`zhcdict.json` is MediaWiki's tables as the package zhconv carries them; FOLDER holds the lists of
g0v/moedict-data-csld: 兩岸同實異名.csv, and 兩岸三地生活差異詞語彙編-同實異名.csv of three places. Nothing of them is
kept. A word counts where it differs in more than characters, that is, where it is another word in Simplified ones too;
it is converted where it does not stay as it is, and to the same form where that is the list's. `--missed` prints those
that stay.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from publish.convert import Converter
from publish.convert.native import native
from publish.convert.styles import built_in
from publish.regions import region

Table = Mapping[str, frozenset[str]]

# Spellings of one word: 跟著 is 跟着, 枱 is 台.
SPELLINGS = str.maketrans("著枱", "着台")


def plain(text: str) -> str:
    """A word in Simplified characters, without what is only spelling."""
    return native("t2s")(text).translate(SPELLINGS)


def differing(pairs: Iterable[tuple[str, str]]) -> Table:
    """The Mainland's words, in Simplified characters, with the other region's: those that have none alike."""
    found: dict[str, set[str]] = defaultdict(set)
    for here, there in pairs:
        if here and there:
            found[plain(here)].add(plain(there))
    return {word: frozenset(forms) for word, forms in found.items() if word not in forms}


def mediawiki(path: Path) -> dict[str, Table]:
    """Of MediaWiki's tables the words that are written in Simplified characters; for Hong Kong not Taiwan's words."""
    tables = json.loads(path.read_text("utf-8"))
    taiwan, hong_kong = tables["zh2TW"], tables["zh2HK"]
    of_taiwan = {plain(form) for form in taiwan.values()}
    mainland = {word: form for word, form in hong_kong.items() if plain(word) == word}
    return {
        "MediaWiki, Taiwan": differing((word, form) for word, form in taiwan.items() if plain(word) == word),
        "MediaWiki, Hong Kong": differing((word, form) for word, form in mainland.items() if word not in of_taiwan),
    }


def csld(folder: Path) -> dict[str, Table]:
    """兩岸詞典's list of one thing with two names, and that of the daily words of three places."""
    with (folder / "兩岸同實異名.csv").open(encoding="utf-8", newline="") as file:
        taiwan = [(row[3], row[0]) for row in list(csv.reader(file))[1:]]
    hong_kong = []
    with (folder / "兩岸三地生活差異詞語彙編-同實異名.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words = {place: [row[f"{place}{number}"] for number in (1, 2, 3)] for place in "臺陸香"}
            taiwan += [(here, there) for here in words["陸"] for there in words["臺"]]
            hong_kong += [(here, there) for here in words["陸"] for there in words["香"]]
    return {"兩岸詞典, Taiwan": differing(taiwan), "兩岸詞典, Hong Kong": differing(hong_kong)}


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mediawiki", type=Path)
    parser.add_argument("--csld", type=Path)
    parser.add_argument("--missed", action="store_true")
    given = parser.parse_args()
    tables = {**(mediawiki(given.mediawiki) if given.mediawiki else {}), **(csld(given.csld) if given.csld else {})}
    for name, table in tables.items():
        key = "zh-TW" if name.endswith("Taiwan") else "zh-HK"
        converter = Converter(region("zh-CN"), region(key), style=built_in(f"{key}-phrases"))
        made = {word: plain(converter.convert(word)) for word in table}
        missed = [word for word in table if made[word] == word]
        same = sum(made[word] in forms for word, forms in table.items())
        count = len(table)
        share = f"{count - len(missed):5} converted ({1 - len(missed) / count:.1%}), {same} to its form"
        print(f"{name:22} {count:5} words, {share}")
        if given.missed:
            print(*(f"    {word}  {'、'.join(sorted(table[word]))}" for word in missed), sep="\n")


if __name__ == "__main__":
    main()
