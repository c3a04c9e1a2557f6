"""A command measured: its seconds, the memory of what it starts, and how busy the machine was before it began."""

from __future__ import annotations

import os
import platform
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
BUSY = 0.5  # processes of others that run: more makes the figures doubtful


@dataclass
class Memory:
    """What a command and all that it starts take: bytes of the largest process and of all at one time; processor time.

    `processor` is the seconds of the run that goes on, or went last.
    """

    largest: int = 0
    together: int = 0
    processor: float = 0.0


@dataclass
class Subject:
    """A command that is measured: seconds of each run, the most memory of any, and what it must make."""

    name: str
    command: Sequence[str]
    products: Callable[[], Sequence[Path]]
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    others: list[float] = field(default_factory=list)


def measure_once(subject: Subject) -> None:
    """Run a command once, without the files that it made before."""
    subject.others.append(_others())
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
    subject.processor.append(subject.memory.processor)
    if process.returncode:
        raise SystemExit(f"{subject.name} failed:\n{messages[-2000:]}")


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
    """Sample what a command's session takes, five times a second, where the system tells it as Linux does."""
    page, tick = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")
    memory.processor = 0.0
    while process.poll() is None and Path("/proc/self/stat").is_file():
        rows = [row for row in _processes() if row[0] == process.pid]
        sizes = [resident * page for _, resident, _ in rows]
        memory.largest = max(memory.largest, *sizes, 0)
        memory.together = max(memory.together, sum(sizes))
        memory.processor = max(memory.processor, sum(ticks for _, _, ticks in rows) / tick)
        time.sleep(0.2)


def _processes() -> list[tuple[int, int, int]]:
    """Of each process the session, the resident pages, its ticks and those of children that it waited for (proc(5))."""
    rows = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        rows.append((int(fields[3]), int(fields[21]), sum(map(int, fields[11:15]))))
    return rows


def machine() -> dict[str, Any]:
    """What a figure depends on."""
    return {
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": platform.system(),
        "machine": platform.machine(),
        "python": platform.python_version(),
    }
