"""Measures publish against the script that it replaces, on the handbook and on a book of 200,000 characters.

Each round runs the script, the script with two commands at a time, and publish, in turn, and ratios are taken within a
round. Other work on the machine weighs most on what uses all processors, so the load before each run is noted. Every
run makes its nine files anew, and they are checked.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf
from book import chapter_files, enlarge
from script import write_script
from watch import BUSY, MEGABYTE, Subject, machine, measure_once

SOURCE = Path(__file__).parent.parent / "source"
CHARACTERS = 200_000
ALONE, PAIRED, PUBLISH = "script, one after another", "script, two at a time", "publish build"
LIMITS = {ALONE: 0.55, PAIRED: 1.0}


def main() -> int:
    """Measure, print a table; 1 where a limit is not kept."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="publish-bench-") as scratch:
        folder = Path(scratch)
        books = {"handbook": (SOURCE, 1 if arguments.quick else 3)}
        if not arguments.quick:
            enlarge(SOURCE, folder / "big", CHARACTERS)
            books["big book"] = (folder / "big", 2)
        results = [measure(name, source, arguments.runs or runs, folder) for name, (source, runs) in books.items()]
    for result in results:
        _print(result)
    if arguments.json:
        text = json.dumps({"machine": machine(), "books": results}, ensure_ascii=False, indent=1)
        arguments.json.write_text(text + "\n", encoding="utf-8")
    return 0 if all(result["kept"] for result in results) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the handbook only, once")
    parser.add_argument("--runs", type=int, help="rounds for each book (3 for the handbook, 2 for the big book)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file, too")
    return parser.parse_args()


def measure(name: str, source: Path, runs: int, folder: Path) -> dict[str, Any]:
    """The figures of one book."""
    characters = sum(len(path.read_text(encoding="utf-8")) for path in chapter_files(source))
    script = write_script(source, folder / f"script-{name.replace(' ', '-')}")
    output = folder / f"build-{name.replace(' ', '-')}"
    command = [sys.executable, "-m", "publish", "build", str(source), "--output", str(output)]
    subjects = [
        Subject(ALONE, ["sh", str(script.one_after_another)], lambda: script.products),
        Subject(PAIRED, ["sh", str(script.two_at_a_time)], lambda: script.products),
        Subject(PUBLISH, command, lambda: _built(output)),
    ]
    for number in range(runs):
        for subject in subjects if number % 2 == 0 else reversed(subjects):
            print(f"{name}, round {number + 1} of {runs}: {subject.name} …", file=sys.stderr, flush=True)
            _run(subject, output)
            print(f"  {subject.seconds[-1]:.1f} s", file=sys.stderr, flush=True)
    own = subjects[-1].seconds
    ratios = {
        one.name: statistics.median(mine / theirs for mine, theirs in zip(own, one.seconds, strict=True))
        for one in subjects[:-1]
    }
    return {
        "book": name,
        "characters": characters,
        "subjects": [
            {
                "name": one.name,
                "seconds": [round(seconds, 2) for seconds in one.seconds],
                "median": round(statistics.median(one.seconds), 2),
                "others": [round(load, 2) for load in one.others],
                "largest-process-mb": one.memory.largest // MEGABYTE,
                "together-mb": one.memory.together // MEGABYTE,
            }
            for one in subjects
        ],
        "ratios": {subject: round(ratio, 3) for subject, ratio in ratios.items()},
        "limits": LIMITS,
        "kept": all(ratios[subject] <= limit for subject, limit in LIMITS.items()),
    }


def _run(subject: Subject, output: Path) -> None:
    """Run a command once from nothing, and check what it made."""
    shutil.rmtree(output, ignore_errors=True)
    measure_once(subject)
    _check(subject.products())


def _built(output: Path) -> list[Path]:
    """The nine things that publish made: for each edition an EPUB, a PDF and the whole book as one web page."""
    return sorted(path for name in ("*/*.epub", "*/*.pdf", "*/html/index.html") for path in output.glob(name))


def _check(products: Sequence[Path]) -> None:
    """Refuse a run that did not make its nine files whole."""
    if len(products) != 9:  # noqa: PLR2004  # three editions in three formats
        raise SystemExit(f"nine files expected, found {len(products)}")
    for path in products:
        if path.suffix == ".pdf":
            with pikepdf.open(path) as pdf:
                whole = len(pdf.pages) > 50 and "/StructTreeRoot" in pdf.Root  # noqa: PLR2004  # a book, tagged
        elif path.suffix == ".epub":
            whole = zipfile.ZipFile(path).testzip() is None
        else:
            whole = "</html>" in path.read_text(encoding="utf-8")
        if not whole:
            raise SystemExit(f"{path} is not whole")


def _print(result: dict[str, Any]) -> None:
    """A book's figures as a table in Markdown."""
    print(f"\n{result['book']}, {result['characters']:,} characters\n")
    print("| | seconds (median) | all runs | largest process | all together | publish takes |")
    print("|--|--:|--|--:|--:|--:|")
    for row in result["subjects"]:
        ratio = result["ratios"].get(row["name"])
        runs = ", ".join(f"{seconds:.1f}" for seconds in row["seconds"])
        share = f"{ratio:.2f} of it (limit {LIMITS[row['name']]:.2f})" if ratio else ""
        memory = f"{row['largest-process-mb']} MB | {row['together-mb']} MB"
        print(f"| {row['name']} | {row['median']:.1f} | {runs} | {memory} | {share} |")
    load = max(load for row in result["subjects"] for load in row["others"])
    if load > BUSY:
        print(f"\nOther work took up to {load:.1f} processors: measure again when the machine is idle.")


if __name__ == "__main__":
    sys.exit(main())
