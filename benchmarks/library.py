"""Measures a library of small books on a Dask cluster of this machine: books an hour with one worker and with two.

    python benchmarks/library.py [--books 200] [--folder DIR]

Each run builds all books from nothing: two editions, web pages and EPUB. In the last one a worker is killed half way;
then the ledger is read: every book has to be there, and nothing made twice but what that worker held. 1 where it is not
so. Where Dask is not installed that is said, and nothing measured.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from publish.library.ledger import FILE, LibraryLedger

DASK = str(Path(sys.executable).parent / "dask")
PARAGRAPH = "软件里的头发，第{}段。他在网络上看了一会儿书，后来去了里屋，把灯关上。"


def main() -> int:
    """Build the books with one worker, with two, and with two of which one is killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--books", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if importlib.util.find_spec("distributed") is None:
        print("Dask is not installed: pip install 'publish[cluster]'. Nothing was measured.")
        return 0
    folder = Path(tempfile.mkdtemp(dir=options.folder))
    write_library(folder, options.books)
    try:
        for workers in (1, 2):
            seconds = run(folder, workers)
            print(f"{workers} worker{'s'[: workers > 1]}: {options.books / seconds * 3600:,.0f} books an hour")
        run(folder, 2, kill_at=options.books // 2)
        return tell_of_the_kill(folder, options.books)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_library(folder: Path, count: int) -> None:
    """So many small books of some 2,500 characters, each its own, and the catalog of all."""
    for number in range(count):
        book = folder / f"books/{number:04}"
        book.mkdir(parents=True)
        settings = f"title: 书{number}\nslug: book-{number}\neditions: [zh-CN, zh-TW]\nformats: [html, epub]\n"
        (book / "book.yaml").write_text(settings, encoding="utf-8")
        for chapter in range(3):
            text = "\n\n".join(PARAGRAPH.format(f"{number}之{chapter}之{one}") for one in range(20))
            (book / f"{chapter + 1:02}.md").write_text(f"# 第{chapter + 1}章\n\n{text}\n", encoding="utf-8")
    (folder / "library.yaml").write_text("books: [books/*]\nexecutor: dask\n", encoding="utf-8")


def run(folder: Path, workers: int, kill_at: int = 0) -> float:
    """Build all from nothing with so many workers; the seconds that it takes. One is killed after `kill_at` books."""
    shutil.rmtree(folder / "build", ignore_errors=True)
    for cache in folder.glob("books/*/.publish-cache"):
        shutil.rmtree(cache)
    with ExitStack() as stack:
        _, line = stack.enter_context(started("scheduler", "--host", "127.0.0.1", "--port", "0", ready="Scheduler at:"))
        address = line.split()[-1]
        at_work = [
            stack.enter_context(started("worker", address, "--nthreads", "1", "--no-nanny", ready="Starting establ"))
            for _ in range(workers)
        ]
        began = time.monotonic()
        command = [sys.executable, "-m", "publish", "library", "build", "library.yaml", "--quiet"]
        process = subprocess.Popen([*command, "--scheduler", address], cwd=folder, stdout=subprocess.DEVNULL)
        while kill_at and process.poll() is None and len(_ended(folder)) < kill_at:
            time.sleep(0.1)
        if kill_at:
            os.killpg(at_work[-1][0].pid, signal.SIGKILL)
        process.wait()
        return time.monotonic() - began


def tell_of_the_kill(folder: Path, count: int) -> int:
    """Hold the ledger against what must be true.

    What the worker had built when it was killed, and had not told of, is found unchanged by the other.
    """
    built = Counter(_ended(folder))
    begun = Counter(str(line["book"]) for line in _lines(folder) if line["event"] == "begun")
    twice = [book for book, times in begun.items() if times > 1]
    print(f"one of two workers killed half way: {len(built)} of {count} books built, {len(twice)} begun twice")
    sound = len(built) == count and set(built.values()) == {1} and len(twice) <= 1
    print("nothing lost, nothing made twice but what it held" if sound else "THIS IS NOT AS IT HAS TO BE")
    return 0 if sound else 1


@contextmanager
def started(*arguments: str, ready: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """One of Dask's programs, in a group of its own, from the moment when it says that it is ready."""
    process = subprocess.Popen(
        [DASK, *arguments, "--no-dashboard"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        if process.stdout is None:
            raise RuntimeError("its output is read")
        line = next(line for line in process.stdout if ready in line)
        drain = threading.Thread(target=process.stdout.read, daemon=True)  # a full pipe would stop it
        drain.start()
        yield process, line
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _ended(folder: Path) -> list[str]:
    return [str(line["book"]) for line in _lines(folder) if line["event"] in ("built", "unchanged")]


def _lines(folder: Path) -> list[dict[str, object]]:
    return list(LibraryLedger(folder / "build" / FILE).lines())


if __name__ == "__main__":
    sys.exit(main())
