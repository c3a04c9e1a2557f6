"""Measures the second opinion on a book of a million characters, one core: speed as a ratio to plain OpenCC, memory.

    python benchmarks/opinion.py [--cpu]

The text is the handbook's, repeated and cut into its own paragraphs. `--cpu` counts the processor's seconds, which
other work on the machine changes less.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from publish.convert import Converter
from publish.convert.native import native
from publish.convert.styles import built_in
from publish.regions import region

SOURCE = Path(__file__).parent.parent / "source"
CHARACTERS, ROUNDS = 1_000_000, 3


def paragraphs() -> Iterator[str]:
    """The handbook's paragraphs, again and again, until there are enough characters."""
    found = [
        line for path in sorted(SOURCE.glob("*.md")) for line in path.read_text("utf-8").splitlines() if len(line) > 1
    ]
    length = 0
    while length < CHARACTERS:
        for line in found:
            yield line
            length += len(line)


def seconds(work: Callable[[str], object], texts: Sequence[str], clock: Callable[[], float]) -> float:
    """The best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = clock()
        for text in texts:
            work(text)
        best = min(best, clock() - began)
    return best


def main() -> None:
    """Print a table."""
    clock = time.process_time if "--cpu" in sys.argv else time.perf_counter
    texts = list(paragraphs())
    total = sum(map(len, texts))
    mainland, taiwan = region("zh-CN"), region("zh-TW")
    without, made = Converter(mainland, taiwan, second_opinion=False), Converter(mainland, taiwan)
    phrases = built_in("zh-TW-phrases")
    packed = Converter(mainland, taiwan, style=phrases)
    packs_alone = Converter(mainland, taiwan, style=phrases, second_opinion=False)
    back = Converter(taiwan, mainland)
    rows: list[tuple[str, Callable[[str], object]]] = [
        ("OpenCC s2tw alone", native("s2tw")),
        ("with quotation marks", without.convert),
        ("with the second opinion", made.convert),
        ("with all term packs as well", packed.convert),
        ("the packs alone, without opinions", packs_alone.convert),
        ("the doubts for the review as well", made.choices),
        ("tw2s with the second opinion", back.convert),
    ]
    base = 0.0
    for name, work in rows:
        work(texts[0])
        took = seconds(work, texts, clock)
        base = base or took
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{name:36} {total / took / 1e6:6.2f} Mchar/s  {took / base:6.2f} × OpenCC's time  {memory} MB so far")


if __name__ == "__main__":
    main()
