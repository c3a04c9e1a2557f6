"""Measures what a build costs again: nothing changed, one paragraph changed, beside the same build from nothing.

    python benchmarks/engine.py [--characters 300000] [--chapters 30] [--runs 3] [--only WORD]… [--cold] [--processor]

The book is made of the handbook: as many characters in as many chapters as asked, one edition. Each round builds it
from nothing, again, and with a paragraph of one chapter changed, once for each format; ratios are taken within a round,
and their median counts. The check is made before and after a build has kept something, and with a paragraph changed;
the preview's build is that of a process which has built before. A PDF with one paragraph changed stands beside what
pandoc with WeasyPrint takes for the book, and Typst for the same text from nothing, where it is installed. The PDFs
from nothing beside pandoc's are in `pdf.py`, which `--cold` runs too. 1 where a limit is not kept. On a machine that
others use, `--processor` counts processor seconds of builds in one process.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
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

import pdf
from peers import typst_command, weasyprint_command
from volume import write_volume
from watch import machine

SOURCE = Path(__file__).parent.parent / "source"
EDITION = "zh-TW"
OWN = "这一段只在这一章里有，量的时候改它一个字：{}。"
# Seconds that a build, or a check, of what has not changed may take.
UNCHANGED, CHECKED, SAVED = 0.5, 1.0, 1.0
NOTHING = 0.03  # and its share of the build from nothing
PARAGRAPH = {"html": 0.06, "epub": 0.06, "pdf": 0.12}
OF_PANDOC, OF_TYPST = 0.10, 1.0  # of the time that these take for all pages, what a changed paragraph may take
CHECK = 33.5  # processor seconds for a million characters, half of what a check took that made all anew
WORDS = (*PARAGRAPH, "check", "preview", "command")
VERSION, LINE = 0.24, 0.6  # seconds of `publish --version`, and of `publish convert` for a line


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
    parser.add_argument("--only", nargs="+", choices=WORDS, metavar="WORD", help=f"only {', '.join(WORDS)}")
    parser.add_argument("--cold", action="store_true", help="measure pdf.py's books from nothing as well")
    parser.add_argument("--processor", action="store_true", help="count processor seconds, with one job")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file, too")
    arguments = parser.parse_args()
    _as_installed()
    with tempfile.TemporaryDirectory(prefix="publish-bench-") as scratch:
        book = Path(scratch) / "book"
        count = write_volume(SOURCE, book, arguments.characters, arguments.chapters)
        print(f"{count:,} characters in {arguments.chapters} chapters, {EDITION}; {machine()}")
        print(f"{'':<28} {'from nothing':>10} {'again':>10} {'share':>7}")
        found = []
        bench = Bench(book, Path(scratch), count, arguments.runs, processor=arguments.processor)
        for one in bench.measure(arguments.only or WORDS):
            print(one, flush=True)
            found += [one] if isinstance(one, Measured) else []
    if arguments.json:
        rows = [{**asdict(one), "ratio": one.ratio, "kept": one.kept} for one in found]
        arguments.json.write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1), encoding="utf-8")
    cold = pdf.main([]) if arguments.cold else 0
    return cold or (0 if all(one.kept for one in found) else 1)


def _as_installed() -> None:
    """Compile our modules, as pip does when it installs them; the environment may keep Python from doing so."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(str(SOURCE.parent / "publish"), quiet=1)


@dataclass(frozen=True)
class Bench:
    """A book of so many characters to be measured, and how."""

    book: Path
    folder: Path
    characters: int
    runs: int
    processor: bool

    @property
    def file(self) -> Path:
        """The chapter in which a paragraph is changed."""
        texts = sorted(self.book.glob("[0-9]*.md"))
        return texts[len(texts) // 2]

    def measure(self, wanted: Sequence[str]) -> Iterator[Measured | str]:
        """Measure what is wanted; a word where something cannot be measured."""
        before = self.file.read_text(encoding="utf-8")

        def edit(number: int) -> None:
            self.file.write_text(f"{before}\n\n{OWN.format(number)}\n", encoding="utf-8")

        for name in (one for one in PARAGRAPH if one in wanted):
            cold, same, changed = self._rounds(name, edit)
            yield Measured(f"{name}: nothing changed", cold, same, NOTHING, UNCHANGED)
            yield Measured(f"{name}: one paragraph", cold, changed, PARAGRAPH[name])
            if name == "pdf":
                yield from self._beside_others(changed)
        if "check" in wanted:
            yield from self._checks(edit)
        if "preview" in wanted:
            clock = time.process_time if self.processor else time.monotonic
            cold, saved = _preview(self.book, self.folder / "preview", edit, self.runs, clock)
            yield Measured("preview: one paragraph", cold, saved, seconds=SAVED)
        if "command" in wanted:
            yield from self._commands()

    def _rounds(self, name: str, edit: Callable[[int], None]) -> tuple[list[float], list[float], list[float]]:
        """Seconds of a format from nothing, with nothing changed, and with a paragraph changed."""
        command = ["build", str(self.book), "-o", str(self.folder / name), "-e", EDITION, "-f", name, "-q"]
        command += ["-j", "1"] if self.processor else []
        cold, same, changed = [], [], []
        for number in range(self.runs):
            self._forget()
            edit(0)
            cold.append(self._publish(command))
            same.append(self._publish(command))
            edit(number + 1)
            changed.append(self._publish(command))
        return cold, same, changed

    def _beside_others(self, changed: list[float]) -> Iterator[Measured | str]:
        """A PDF with a paragraph changed, beside what others take for all pages."""
        script = self.folder / "script"
        pandoc = [self._timed(weasyprint_command(self.book, script))] * len(changed)
        yield Measured("pdf: paragraph, of pandoc's", pandoc, changed, OF_PANDOC)
        typst = typst_command(self.book, script)
        if isinstance(typst, str):
            yield f"{'pdf: paragraph, of Typst':<28} not measured: {typst}"
        else:
            yield Measured("pdf: paragraph, of Typst", [self._timed(typst) for _ in changed], changed, OF_TYPST)

    def _checks(self, edit: Callable[[int], None]) -> Iterator[Measured]:
        command = ["check", str(self.book), "-e", EDITION]
        self._forget()
        edit(0)
        cold = [self._publish(command) for _ in range(self.runs)]
        yield Measured("check: from nothing", cold, cold, seconds=CHECK * self.characters / 1_000_000)
        self._publish(["build", str(self.book), "-o", str(self.folder / "check"), "-e", EDITION, "-f", "html", "-q"])
        self._publish(command)
        yield Measured("check: nothing changed", cold, [self._publish(command) for _ in cold], seconds=CHECKED)
        changed = []
        for number in range(self.runs):
            edit(number + 1)
            changed.append(self._publish(command))
        yield Measured("check: one paragraph", cold, changed)

    def _commands(self) -> Iterator[Measured]:
        """What is asked of the command again and again, which must not wait for all that a build needs."""
        bare = [self._timed([sys.executable, "-c", "pass"])] * self.runs
        version = [self._publish(["--version"]) for _ in bare]
        yield Measured("command: publish --version", bare, version, seconds=VERSION)
        line = [self._publish(["convert", "--from", "zh-CN", "-e", "zh-TW"], "头发\n") for _ in bare]
        yield Measured("command: convert a line", bare, line, seconds=LINE)

    def _forget(self) -> None:
        shutil.rmtree(self.book / ".publish-cache", ignore_errors=True)

    def _publish(self, command: Sequence[str], text: str = "") -> float:
        """The seconds of a command of ours; a check of a book with findings is none that fails."""
        return self._timed([sys.executable, "-m", "publish", *command], text, fails=command[0] == "check")

    def _timed(self, command: Sequence[str], text: str = "", *, fails: bool = False) -> float:
        clock = _busy if self.processor else time.monotonic
        began = clock()
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
        if done.returncode and not fails:
            raise SystemExit(done.stderr.decode())
        return clock() - began


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


def _busy() -> float:
    """The processor seconds of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
