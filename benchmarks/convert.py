"""Measures the conversion of text, block by block on one core, against plain OpenCC on the same blocks."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import opencc

from publish.convert import Converter
from publish.regions import region
from publish.source.beside import read_glossary

SOURCE = Path(__file__).parent.parent / "source"
CHARACTERS, BLOCK, ROUNDS = 200_000, 100, 3


def blocks() -> list[str]:
    """The handbook's text, repeated to the length wanted, in blocks of a hundred characters."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(SOURCE.glob("*.md"))).replace("\n", "")
    text = (text * (CHARACTERS // len(text) + 1))[:CHARACTERS]
    return [text[start : start + BLOCK] for start in range(0, len(text), BLOCK)]


def speed(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """Million characters a second, the best of some rounds, after a call that loads the dictionaries."""
    work(texts[0])
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for text in texts:
            work(text)
        best = min(best, time.perf_counter() - began)
    return CHARACTERS / best / 1e6


def main() -> None:
    """Print a table."""
    texts = blocks()
    mainland, taiwan = region("zh-CN"), region("zh-TW")
    glossary = read_glossary(SOURCE / "glossary.yaml")
    plain = Converter(mainland, taiwan, second_opinion=False)
    phrases = Converter(mainland, taiwan, configurations=("s2twp",), second_opinion=False)
    rows: list[tuple[str, Callable[[str], object]]] = [
        ("OpenCC s2tw alone", opencc.OpenCC("s2tw").convert),
        ("zh-CN to zh-TW, quotation marks paired", plain.convert),
        (
            "the same with the handbook's glossary",
            Converter(mainland, taiwan, glossary=glossary, second_opinion=False).convert,
        ),
        ("cut at three borders of markup", lambda text: plain.pieces(text, (25, 50, 75))),
        ("s2twp, which changes lengths, cut at three borders", lambda text: phrases.pieces(text, (25, 50, 75))),
    ]
    base = 0.0
    for name, work in rows:
        found = speed(work, texts)
        base = base or found
        print(f"{name:52} {found:6.2f} Mchar/s  {found / base:5.2f}")


if __name__ == "__main__":
    main()
