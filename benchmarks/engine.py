"""Measures what a build costs again: nothing changed, one paragraph changed, beside the same build from nothing.

    python benchmarks/engine.py [--characters 300000] [--chapters 30] [--runs 3] [--processor] [--json FILE]

The book is made of the handbook: as many characters in as many chapters as asked, one edition. Each round builds it
from nothing, again, and with a paragraph of one chapter changed, once for each format; ratios are taken within a round,
and their median counts. The check is made before and after a build has kept something; the preview's build is that of
a process which has built before. 1 where a limit is not kept. On a machine that others use, `--processor` counts
processor seconds of builds in one process.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from volume import write_volume
from watch import machine

SOURCE = Path(__file__).parent.parent / "source"
EDITION = "zh-TW"
OWN = "这一段只在这一章里有，量的时候改它一个字：{}。"
# Seconds that a build, or a check, of what has not changed may take.
UNCHANGED, CHECKED, SAVED = 0.5, 1.0, 1.0
NOTHING = 0.03  # and its share of the build from nothing
PARAGRAPH = {"html": 0.06, "epub": 0.06, "pdf": 0.12}


@dataclass(frozen=True)
class Measured:
    """What was measured: seconds from nothing and of the same again, by round; what may not be passed."""

    what: str
    cold: list[float]
    warm: list[float]
    share: float | None = None
    seconds: float | None = None

    @property
    def ratio(self) -> float:
        """The share of the time from nothing."""
        return statistics.median(warm / cold for warm, cold in zip(self.warm, self.cold, strict=True))

    @property
    def kept(self) -> bool:
        """Whether the limits are kept."""
        quick = self.seconds is None or statistics.median(self.warm) <= self.seconds
        return quick and (self.share is None or self.ratio <= self.share)

    def __str__(self) -> str:
        limits = [f"{self.share:.0%}" if self.share else "", f"{self.seconds} s" if self.seconds else ""]
        cold, warm = statistics.median(self.cold), statistics.median(self.warm)
        said = f"limit {', '.join(filter(None, limits))}{'' if self.kept else '  NOT KEPT'}"
        return f"{self.what:<28} {cold:8.2f} s {warm:8.2f} s {self.ratio:7.1%}  {said}"


def main() -> int:
    """Measure and print a table; 1 where a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--characters", type=int, default=300_000)
    parser.add_argument("--chapters", type=int, default=30)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--processor", action="store_true", help="count processor seconds, with one job")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file, too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="publish-bench-") as scratch:
        book = Path(scratch) / "book"
        count = write_volume(SOURCE, book, arguments.characters, arguments.chapters)
        print(f"{count:,} characters in {arguments.chapters} chapters, {EDITION}; {machine()}")
        print(f"{'':<28} {'from nothing':>10} {'again':>10} {'share':>7}")
        found = []
        for one in measure(book, Path(scratch) / "out", arguments.runs, processor=arguments.processor):
            print(one, flush=True)
            found.append(one)
    if arguments.json:
        rows = [{**asdict(one), "ratio": one.ratio, "kept": one.kept} for one in found]
        arguments.json.write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1), encoding="utf-8")
    return 0 if all(one.kept for one in found) else 1


def measure(book: Path, output: Path, runs: int, *, processor: bool) -> Iterator[Measured]:
    """Measure all formats, and the check."""
    texts = sorted(book.glob("[0-9]*.md"))
    file = texts[len(texts) // 2]
    before = file.read_text(encoding="utf-8")

    def edit(number: int) -> None:
        file.write_text(f"{before}\n\n{OWN.format(number)}\n", encoding="utf-8")

    for name, share in PARAGRAPH.items():
        command = [
            "build",
            str(book),
            "-o",
            str(output / name),
            "-e",
            EDITION,
            "-f",
            name,
            "-q",
            *(["-j", "1"] if processor else []),
        ]
        cold, same, changed = _rounds(book, command, edit, runs, _busy if processor else time.monotonic)
        yield Measured(f"{name}: nothing changed", cold, same, NOTHING, UNCHANGED)
        yield Measured(f"{name}: one paragraph", cold, changed, share)
    clock = _busy if processor else time.monotonic
    shutil.rmtree(book / ".publish-cache", ignore_errors=True)
    cold = [_timed(["check", str(book), "-e", EDITION], clock) for _ in range(runs)]
    _timed(["build", str(book), "-o", str(output / "check"), "-e", EDITION, "-f", "html", "-q"], clock)
    same = [_timed(["check", str(book), "-e", EDITION], clock) for _ in range(runs)]
    yield Measured("check: nothing changed", cold, same, seconds=CHECKED)
    cold, saved = _preview(book, output / "preview", edit, runs, time.process_time if processor else time.monotonic)
    yield Measured("preview: one paragraph", cold, saved, seconds=SAVED)


def _preview(
    book: Path, output: Path, edit: Callable[[int], None], runs: int, clock: Callable[[], float]
) -> tuple[list[float], list[float]]:
    """Seconds of the preview's first build of a site, and of those after a save; pandoc's own are not counted."""
    from publish.build.request import Request  # noqa: PLC0415  # the other figures are those of processes of their own
    from publish.pipeline import build  # noqa: PLC0415  # the same

    shutil.rmtree(book / ".publish-cache", ignore_errors=True)
    found = []
    for number in range(runs + 1):
        edit(number)
        began = clock()
        build(Request(book, output, (EDITION,), ("html",), 1, noted=False))
        found.append(clock() - began)
    return found[:1] * runs, found[1:]


def _rounds(
    book: Path, command: Sequence[str], edit: Callable[[int], None], runs: int, clock: Callable[[], float]
) -> tuple[list[float], list[float], list[float]]:
    """Seconds from nothing, with nothing changed, and with a paragraph changed."""
    cold, same, changed = [], [], []
    for number in range(runs):
        shutil.rmtree(book / ".publish-cache", ignore_errors=True)
        edit(0)
        cold.append(_timed(command, clock))
        same.append(_timed(command, clock))
        edit(number + 1)
        changed.append(_timed(command, clock))
    return cold, same, changed


def _busy() -> float:
    """The processor seconds of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _timed(command: Sequence[str], clock: Callable[[], float]) -> float:
    """The seconds of a command."""
    began = clock()
    done = subprocess.run([sys.executable, "-m", "publish", *command], capture_output=True, check=False)
    if done.returncode and command[0] != "check":  # a check of a book with findings is none that fails
        raise SystemExit(done.stderr.decode())
    return clock() - began


if __name__ == "__main__":
    sys.exit(main())
