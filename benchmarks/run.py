"""Measures publish against the script that it replaces, on the handbook and on a book of 200,000 characters.

Each round runs the script, the script with two commands at a time, and publish, in turn, and ratios are taken within a
round. Other work on the machine weighs most on what uses all processors, so the load before each run is noted. Every
run makes its nine files anew, and they are checked.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
from book import chapter_files, enlarge
from script import write_script

SOURCE = Path(__file__).parent.parent / "source"
CHARACTERS = 200_000
ALONE, PAIRED, PUBLISH = "script, one after another", "script, two at a time", "publish build"
LIMITS = {ALONE: 0.55, PAIRED: 1.0}
MEGABYTE = 1024 * 1024
BUSY = 0.5  # processes of others that run: more makes the figures doubtful


@dataclass
class Memory:
    """The memory of a command and all that it starts, in bytes: the largest process, and all of them at one time."""

    largest: int = 0
    together: int = 0


@dataclass
class Subject:
    """A command that is measured: seconds of each run, the most memory of any, and what it must make."""

    name: str
    command: Sequence[str]
    products: Callable[[], Sequence[Path]]
    seconds: list[float] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    others: list[float] = field(default_factory=list)


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
        text = json.dumps({"machine": _machine(), "books": results}, ensure_ascii=False, indent=1)
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
    subject.others.append(_others())
    shutil.rmtree(output, ignore_errors=True)
    for path in subject.products():
        path.unlink(missing_ok=True)
    began = time.monotonic()
    process = subprocess.Popen(
        subject.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    watch = threading.Thread(target=_watch, args=(process, subject.memory))
    watch.start()
    _, messages = process.communicate()
    subject.seconds.append(time.monotonic() - began)
    watch.join()
    if process.returncode:
        raise SystemExit(f"{subject.name} failed:\n{messages[-2000:]}")
    _check(subject.products())


def _others(seconds: float = 2.0) -> float:
    """How many processors other work takes while this one waits (proc(5); zero where the system does not tell)."""
    file = Path("/proc/stat")
    if not file.is_file():
        return 0.0
    before = _busy(file)
    time.sleep(seconds)
    return (_busy(file) - before) / seconds


def _busy(file: Path) -> float:
    user, nice, system = map(int, file.read_text().split(maxsplit=4)[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def _watch(process: subprocess.Popen[str], memory: Memory) -> None:
    """Sample the memory of a command's session twice a second, where the system tells it as Linux does."""
    page = os.sysconf("SC_PAGE_SIZE")
    while process.poll() is None and Path("/proc/self/stat").is_file():
        sizes = [resident * page for session, resident in _processes() if session == process.pid]
        memory.largest = max(memory.largest, *sizes, 0)
        memory.together = max(memory.together, sum(sizes))
        time.sleep(0.5)


def _processes() -> list[tuple[int, int]]:
    """The session and the resident pages of each process (proc(5))."""
    rows = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        rows.append((int(fields[3]), int(fields[21])))
    return rows


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


def _machine() -> dict[str, Any]:
    return {
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": platform.system(),
        "machine": platform.machine(),
        "python": platform.python_version(),
    }


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
