"""Measures the review's page as an editor has it: until it can be worked with, and from one place to the next.

    python benchmarks/desk.py [--characters 400000] [--chapters 30] [--steps 40] [--editions zh-TW,zh-HK]

The book is prose of our own with something to decide in one sentence of ten, so that 400,000 characters have some
4,400 places. `publish review` serves its page from a process of its own, Chromium opens it. Told are the seconds until
the page shows how far it has come, to the first place that can be decided and to the last chapter read, and the
processor seconds of the process by then; for steps forward (`j`) and decisions (`1`), the milliseconds from the key to
the next place on the screen. 1 where a limit is not kept (of the process's own seconds, so that a busy machine says the
same). Needs playwright and Chromium.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from prose import write_novel
from watch import machine

ROOT = Path(__file__).parent.parent
OPENED, STEP = 3.0, 50.0  # processor seconds until the page shows how far it is, milliseconds to the next
_LONGEST = 600_000  # milliseconds
# Presses a key and waits for another place, as the page itself sees it: from the event to the frame that shows it.
_PRESS = """(key) => new Promise((done) => {
    const place = () => document.getElementById("source").textContent + document.getElementById("number").textContent;
    const before = place();
    const start = performance.now();
    const look = () => {
        const passed = performance.now() - start;
        if (place() !== before || passed > 10000) done(passed); else requestAnimationFrame(look);
    };
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    look();
})"""
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Make the book, open its page, press keys, and say how long each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--characters", type=int, default=400_000)
    parser.add_argument("--chapters", type=int, default=30)
    parser.add_argument("--steps", type=int, default=40, help="keys of each kind")
    parser.add_argument("--editions", default="zh-TW,zh-HK")
    arguments = parser.parse_args()
    wheels = ROOT / ".tools/wheels"
    if wheels.is_dir():
        sys.path.append(str(wheels))
    with tempfile.TemporaryDirectory(prefix="publish-desk-") as scratch:
        book = Path(scratch) / "book"
        characters = write_novel(book, arguments.characters, arguments.chapters, arguments.editions)
        print(f"{characters:,} characters, {arguments.chapters} chapters, {arguments.editions}", machine(), flush=True)
        kept = [_measure(book, arguments.editions, 0 if again else arguments.steps, again) for again in (False, True)]
    return 0 if all(kept) else 1


def _measure(book: Path, editions: str, steps: int, again: bool) -> bool:
    """Open the page of a book once, and say how it went; whether the limits were kept."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # beside the other validators

    command = [sys.executable, "-m", "publish", "review", str(book), "-e", editions, "--serve", "--no-open"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "LC_ALL": "C.UTF-8"}
    begun = time.perf_counter()
    serving = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    try:
        address = _address(serving)
        with sync_playwright() as player:
            browser = player.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
            kept = _work(page, address, begun, serving.pid, steps, again)
            browser.close()
            return kept
    finally:
        serving.terminate()
        serving.wait()


def _work(page: Any, address: str, begun: float, process: int, steps: int, again: bool) -> bool:
    asked = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("#opening, #options button", state="visible", timeout=_LONGEST)
    shown, shown_by = time.perf_counter(), _spent(process)
    page.wait_for_selector("#options button", timeout=_LONGEST)
    first, spent = time.perf_counter(), _spent(process)
    page.wait_for_selector("#opening", state="hidden", timeout=_LONGEST)
    whole = time.perf_counter()
    count = page.text_content("#count")
    print(f"{'opened again' if again else 'opened'}: {count}")
    for name, moment, seconds in (
        ("the page with its progress", shown, shown_by),
        ("first place", first, spent),
        ("all chapters", whole, _spent(process)),
    ):
        after = f"{moment - asked:.1f} s after the page was asked for, {moment - begun:.1f} s after the command"
        print(f"  {name}: {after}; {seconds:.1f} processor seconds", flush=True)
    medians = []
    for name, key in (("next", "j"), ("decide", "1")) if steps else ():
        row = sorted(page.evaluate(_PRESS, key) for _ in range(steps))
        medians.append(statistics.median(row))
        print(f"  {name}: median {medians[-1]:.0f} ms, worst of {steps} {row[-1]:.0f} ms", flush=True)
    page.wait_for_function("() => steps.length === 0")  # what was decided is written behind
    return shown_by <= OPENED and all(one <= STEP for one in medians)


def _spent(process: int) -> float:
    """The processor seconds of a process so far; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _address(serving: subprocess.Popen[str]) -> str:
    for line in serving.stdout or ():
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise SystemExit("publish review gave no address")


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        raise SystemExit("Chromium is not installed")
    return found


if __name__ == "__main__":
    sys.exit(main())
