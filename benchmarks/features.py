"""What the learned book's features cost: a book that uses none, read with their passes and without; many formulas.

    python benchmarks/features.py              # the passes, processor seconds in one process
    python benchmarks/features.py --formulas   # 9,000 formulas set, none of them known before

The book is the handbook's own paragraphs that use no feature, to 200,000 characters. Without means that each pass is
put aside: the files go through as they are. pandoc is another process, and is not counted.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from publish.edition.derive import derive
from publish.source.manuscript import read_manuscript
from publish.source.project import read_project

SOURCE = Path(__file__).parent.parent / "source"
CHARACTERS, CHAPTERS, ROUNDS, FORMULAS = 200_000, 20, 7, 9_000
_USES = re.compile(r"[@{}\[\]$`<>|]|^\s|:::|^#")
# The passes that look for a feature in every book, and what takes their place.
PASSES: dict[str, Any] = {
    "arranged": lambda blocks, _lines: blocks,
    "figured": lambda blocks, _lines: blocks,
    "_with_code": lambda sheet, _project, _gists: sheet,
    "_with_tables": lambda sheet, _project, _gists: sheet,
    "refer": lambda sheets, _gists: (list(sheets), False, []),
    "define": lambda sheets, _words, _gists: (list(sheets), False, []),
    "mark_words": lambda sheets, _terms, _gists: (list(sheets), False, []),
}


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


def seconds(folder: Path, *, passes: bool) -> float:
    """Processor seconds of this process for the book read, and two editions made of it."""
    with ExitStack() as stack, tempfile.TemporaryDirectory() as scratch:
        for name, instead in {} if passes else PASSES.items():
            stack.enter_context(patch(f"publish.source.manuscript.{name}", instead))
        began = time.process_time()
        project = read_project(folder)
        manuscript = read_manuscript(project)
        for edition in project.editions:
            derive(project, manuscript, edition, Path(scratch) / edition.key)
        return time.process_time() - began


def measure_passes() -> None:
    """Print what the passes cost, rounds with and without in turn."""
    with tempfile.TemporaryDirectory() as name:
        count = write_plain(Path(name))
        seconds(Path(name), passes=True)  # what is loaded once is loaded
        rounds = [(seconds(Path(name), passes=True), seconds(Path(name), passes=False)) for _ in range(ROUNDS)]
    ratio = median(one / two for one, two in rounds)
    with_, without = median(one for one, _ in rounds), median(two for _, two in rounds)
    print(f"{count:,} characters: {with_:.2f} s with the passes, {without:.2f} s without, {ratio:.3f} × (limit 1.03)")


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
