"""Measures publish's PDFs against pandoc with WeasyPrint: the same book, style sheet, fonts and tags, from Markdown.

Books of 50,000, 200,000 and a million characters, made of the handbook. Each round runs every command in turn, and
ratios are taken within a round. typst and Chromium stand beside them where they are installed: the first has no part
of the style sheet, the second neither notes at the foot of a page nor numbers in the contents.
"""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from book import enlarge
from script import pdf_alone, write_script
from watch import BUSY, MEGABYTE, Subject, machine, measure_once

SOURCE = Path(__file__).parent.parent / "source"
PANDOC, ONE, THREE = "pandoc, WeasyPrint", "publish, one PDF", "publish, three PDFs"


@dataclass(frozen=True)
class Size:
    """A book's size in characters; how often it is measured; the limits of publish's share of pandoc's time, memory."""

    characters: int
    runs: int
    one: float
    three: float | None = None
    memory: float | None = None
    peers: bool = True


SIZES = (Size(50_000, 3, 0.6), Size(200_000, 2, 0.36, three=1.7), Size(1_000_000, 1, 0.3, memory=1 / 4, peers=False))


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print a table for each book; 1 where a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--characters", type=int, nargs="+", help="only books of these sizes (50000 200000 1000000)")
    parser.add_argument("--runs", type=int, help="rounds for each book (3, 2, 1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file, too")
    arguments = parser.parse_args(words)
    results = []
    for size in SIZES:
        if not arguments.characters or size.characters in arguments.characters:
            with tempfile.TemporaryDirectory(prefix="publish-bench-") as scratch:
                results.append(measure(size, arguments.runs or size.runs, Path(scratch)))
            _print(results[-1])
    if arguments.json:
        text = json.dumps({"machine": machine(), "books": results}, ensure_ascii=False, indent=1)
        arguments.json.write_text(text + "\n", encoding="utf-8")
    return 0 if all(limit["kept"] for result in results for limit in result["limits"]) else 1


def measure(size: Size, runs: int, folder: Path) -> dict[str, Any]:
    """The figures of one book."""
    characters = enlarge(SOURCE, folder / "book", size.characters)
    write_script(folder / "book", folder / "script")
    subjects = [*_ours(folder, size), *(_peers(folder / "script") if size.peers else ())]
    for number in range(runs):
        for subject in subjects if number % 2 == 0 else reversed(subjects):
            print(f"{characters:,}, round {number + 1} of {runs}: {subject.name} …", file=sys.stderr, flush=True)
            shutil.rmtree(folder / "out", ignore_errors=True)
            measure_once(subject)
            pages = [_pages(path) for path in subject.products()]
            print(f"  {subject.seconds[-1]:.1f} s, pages: {pages}", file=sys.stderr, flush=True)
    by_name = {subject.name: subject for subject in subjects}
    return {
        "characters": characters,
        "subjects": [_figures(subject, by_name[PANDOC]) for subject in subjects],
        "limits": list(_limits(size, by_name)),
    }


def _ours(folder: Path, size: Size) -> list[Subject]:
    """Pandoc with WeasyPrint, and publish for one edition and, where there is a limit for it, for all three."""
    script, out = folder / "script", folder / "out"
    build = [sys.executable, "-m", "publish", "build", str(folder / "book"), "--output", str(out), "--format", "pdf"]
    found = [
        Subject(PANDOC, pdf_alone(script), lambda: [script / "zh-CN.pdf"]),
        Subject(ONE, [*build, "--edition", "zh-CN"], _all(out, 1)),
    ]
    return [*found, Subject(THREE, build, _all(out, 3))] if size.three else found


def _all(out: Path, count: int) -> Callable[[], Sequence[Path]]:
    """The PDFs of a build; names that nothing has where some are missing."""

    def products() -> Sequence[Path]:
        found = sorted(out.glob("*/*.pdf"))
        return found if len(found) in (0, count) else [out / "missing.pdf"]

    return products


def _peers(script: Path) -> list[Subject]:
    """What else makes pages of the same text, where it is installed."""
    pandoc = pdf_alone(script)[-1].splitlines()
    plain = next(line for line in pandoc if "--output=zh-CN.pdf" in line)
    kept = [word for word in shlex.split(plain) if not word.startswith(("--pdf-engine", "--css", "--output", "--lua"))]
    start = "\n".join(pandoc[:-1])
    found = []
    if shutil.which("typst"):
        fonts = ["--pdf-engine=typst", "--variable=mainfont:Noto Serif CJK SC", "--variable=papersize:a5"]
        line = shlex.join([*kept, *fonts, "--output=typst.pdf"])
        found.append(Subject("pandoc, typst", ["sh", "-c", f"{start}\n{line}"], lambda: [script / "typst.pdf"]))
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium:
        css = next(word for word in shlex.split(plain) if word.startswith("--css"))
        page = shlex.join([*kept, css, "--embed-resources", "--output=chromium.html"])
        options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={script / 'chromium'}"]
        options += ["--no-first-run", "--disable-background-networking", "--print-to-pdf=chromium.pdf"]
        line = shlex.join([chromium, *options, (script / "chromium.html").as_uri()])
        command = ["sh", "-c", f"{start}\n{page}\n{line}"]
        found.append(Subject("pandoc, Chromium", command, lambda: [script / "chromium.pdf"]))
    return found


def _pages(path: Path) -> int:
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def _figures(subject: Subject, pandoc: Subject) -> dict[str, Any]:
    shares = [mine / theirs for mine, theirs in zip(subject.seconds, pandoc.seconds, strict=True)]
    return {
        "name": subject.name,
        "seconds": [round(seconds, 2) for seconds in subject.seconds],
        "share": round(statistics.median(shares), 3),
        "processor": [round(seconds, 2) for seconds in subject.processor],
        "others": [round(load, 2) for load in subject.others],
        "largest-process-mb": subject.memory.largest // MEGABYTE,
        "together-mb": subject.memory.together // MEGABYTE,
    }


def _limits(size: Size, subjects: dict[str, Subject]) -> Any:
    """Each limit with what was measured."""
    pandoc = subjects[PANDOC]
    rows = [(ONE, "time", size.one), (THREE, "time", size.three), (ONE, "memory", size.memory)]
    for name, what, limit in rows:
        if limit is not None:
            mine = subjects[name]
            share = (
                mine.memory.largest / max(pandoc.memory.largest, 1)
                if what == "memory"
                else statistics.median(one / other for one, other in zip(mine.seconds, pandoc.seconds, strict=True))
            )
            yield {"name": name, "of": what, "share": round(share, 3), "limit": limit, "kept": share <= limit}


def _print(result: dict[str, Any]) -> None:
    """A book's figures as a table in Markdown."""
    print(f"\n{result['characters']:,} characters\n")
    print("| | seconds | of pandoc's time | processor seconds | largest process | all together |")
    print("|--|--:|--:|--:|--:|--:|")
    for row in result["subjects"]:
        seconds = ", ".join(f"{each:.1f}" for each in row["seconds"])
        memory = f"{row['largest-process-mb']:,} MB | {row['together-mb']:,} MB"
        processor = ", ".join(f"{each:.1f}" for each in row["processor"])
        print(f"| {row['name']} | {seconds} | {row['share']:.2f} | {processor} | {memory} |")
    for limit in result["limits"]:
        kept = "kept" if limit["kept"] else "NOT KEPT"
        print(f"\n{limit['name']}: {limit['share']:.2f} of pandoc's {limit['of']}, limit {limit['limit']:.2f}: {kept}")
    load = max(load for row in result["subjects"] for load in row["others"])
    if load > BUSY:
        print(f"\nOther work took up to {load:.1f} processors: measure again when the machine is idle.")


if __name__ == "__main__":
    sys.exit(main())
