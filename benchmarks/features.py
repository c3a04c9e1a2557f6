"""What the learned book's features cost a book that uses none: the time of their passes; and many formulas.

    python benchmarks/features.py              # the passes, processor seconds in one process
    python benchmarks/features.py --formulas   # 9,000 formulas set, none of them known before

The book is the handbook's own paragraphs that use no feature, to 200,000 characters, read and made into two editions.
pandoc is another process, and is not counted, nor are the formats.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from publish.edition.derive import derive
from publish.source import manuscript
from publish.source.project import read_project

SOURCE = Path(__file__).parent.parent / "source"
CHARACTERS, CHAPTERS, ROUNDS, FORMULAS = 200_000, 20, 7, 9_000
_USES = re.compile(r"[@{}\[\]$`<>|]|^\s|:::|^#")
# The passes that look for a feature in every book.
PASSES = ("arranged", "figured", "_with_code", "_with_tables", "refer", "define", "mark_words")


def paragraphs() -> Iterator[str]:
    """The handbook's paragraphs that use no feature, again and again."""
    files = sorted(SOURCE.glob("*.md"))
    found = [line for file in files for line in file.read_text("utf-8").splitlines() if len(line) > 1]
    plain = [line for line in found if not _USES.search(line)]
    while True:
        yield from plain


def write_plain(folder: Path) -> int:
    """Write the book into a folder; its characters."""
    lines, count = paragraphs(), 0
    names = [f"{number:02d}.md" for number in range(1, CHAPTERS + 1)]
    for number, name in enumerate(names, 1):
        text = [f"# 第 {number} 篇"]
        while sum(map(len, text)) < CHARACTERS // CHAPTERS:
            text.append(next(lines))
        count += sum(map(len, text))
        (folder / name).write_text("\n\n".join(text) + "\n", "utf-8")
    listed = ", ".join(names)
    settings = f"title: 书\nauthor: 甲\nlang: zh-CN\nchapters: [{listed}]\neditions: [zh-CN, zh-TW]\n"
    (folder / "book.yaml").write_text(settings, "utf-8")
    return count


@dataclass
class Clock:
    """The processor seconds that the passes have taken."""

    taken: float = 0.0

    def timed(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same work, its time counted."""

        def measured(*arguments: Any) -> Any:
            began = time.process_time()
            try:
                return work(*arguments)
            finally:
                self.taken += time.process_time() - began

        return measured


def seconds(folder: Path) -> tuple[float, float]:
    """Processor seconds of this process for the book read and two editions made of it, and of the passes therein."""
    clock = Clock()
    with ExitStack() as stack, tempfile.TemporaryDirectory() as scratch:
        for name in PASSES:
            stack.enter_context(patch.object(manuscript, name, clock.timed(getattr(manuscript, name))))
        began = time.process_time()
        project = read_project(folder)
        book = manuscript.read_manuscript(project)
        for edition in project.editions:
            derive(project, book, edition, Path(scratch) / edition.key)
        return time.process_time() - began, clock.taken


def measure_passes() -> None:
    """Print what the passes cost."""
    with tempfile.TemporaryDirectory() as name:
        count = write_plain(Path(name))
        seconds(Path(name))  # what is loaded once is loaded
        rounds = [seconds(Path(name)) for _ in range(ROUNDS)]
    whole, passes = median(one for one, _ in rounds), median(one for _, one in rounds)
    share = median(taken / (one - taken) for one, taken in rounds)
    print(f"{count:,} characters: {passes * 1000:.0f} ms of {whole:.2f} s, {1 + share:.3f} × without them (limit 1.03)")


def formulas() -> list[str]:
    """Formulas of many shapes, no two alike."""
    shapes = (
        r"x_{%d} = \frac{a_{%d} + b}{c^{%d}}", r"\sum_{i=1}^{%d} \mathbf{w}_{%d}^\top x_i + b_{%d}",
        r"\int_0^{%d} e^{-%d t^2}\,dt \le \sqrt{%d}", r"P(A_{%d} \mid B_{%d}) = \text{第 %d 次}",
        r"\begin{pmatrix} %d & 1 \\ %d & %d \end{pmatrix}", r"O(n^{%d} \log n) + \alpha_{%d} \beta_{%d}",
    )  # fmt: skip
    return [shapes[number % len(shapes)] % (number, number + 1, number + 2) for number in range(FORMULAS)]


def measure_formulas() -> None:
    """Print what setting the formulas takes, from an empty store."""
    with tempfile.TemporaryDirectory() as name:
        os.environ["XDG_CACHE_HOME"] = name
        from publish.formulas.engine import Wish, typeset  # noqa: PLC0415  # reads where the store is

        wishes = [Wish(one, number % 4 == 0) for number, one in enumerate(formulas())]
        began = time.process_time()
        made = typeset(wishes)
        took = time.process_time() - began
        began = time.process_time()
        typeset(wishes)
        again = time.process_time() - began
    wrong = sum(bool(one.error) for one in made.values())
    print(f"{len(made):,} formulas: {took:.1f} s (limit 60), {again:.1f} s once they are kept, {wrong} not set")


if __name__ == "__main__":
    measure_formulas() if "--formulas" in sys.argv else measure_passes()
