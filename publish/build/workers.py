"""Worker processes: one for each task, at most so many at once, none left behind."""

from __future__ import annotations

import gc
import heapq
import os
import pickle
import signal
import sys
import threading
import traceback
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from publish.errors import PublishError, disk_error

# A server that has imported the renderers forks workers in milliseconds; plain fork is unsafe beside Pango and threads.
PRELOAD = ["publish.build.preload"]
BEAT = 0.2  # seconds between two looks at whether a build is still wanted
FEW = 4  # tasks that wait at once: fewer are done before a process has loaded what it needs

N = TypeVar("N")


@dataclass(order=True)
class Task(Generic[N]):
    """A function to run in a process of its own; lower `priority` first, then in the order given."""

    priority: int
    number: int
    name: N = field(compare=False)
    function: Callable[..., Any] = field(compare=False)
    arguments: tuple[Any, ...] = field(compare=False)


@dataclass
class _Running(Generic[N]):
    task: Task[N]
    process: Any
    pipe: Any


@dataclass(frozen=True)
class Failure:
    """What came of a task that failed, or whose process was ended."""

    error: Exception


class Workers(Generic[N]):
    """Runs tasks in at most `jobs` processes; one job runs them here. Leaving it as a context kills what still runs.

    `beat` is called while processes are waited for, and may raise to give up. Where tasks are to be `apart`, one job
    has a process of its own for each, too. Where there may be `little` to do, few tasks are done here, and no process
    is started before more wait: the first takes longer to load than they do.
    """

    def __init__(
        self, jobs: int, beat: Callable[[], None] = lambda: None, *, apart: bool = False, little: bool = False
    ) -> None:
        self.jobs = jobs
        self._here = jobs == 1 and not apart
        self._little = little
        self._beat = beat
        self._waiting: list[Task[N]] = []
        self._running: dict[Any, _Running[N]] = {}
        self._count = 0
        if not self._here and not little:
            prepare()

    def __enter__(self) -> Workers[N]:
        return self

    def __exit__(self, *_exception: object) -> None:
        for running in self._running.values():
            _kill(running.process)
        for running in self._running.values():
            running.pipe.close()
            if running.process.pid is not None:
                running.process.join(timeout=5)
        self._running.clear()

    def submit(self, name: N, function: Callable[..., Any], *arguments: Any, priority: int = 0) -> None:
        """Add a task; more may be added while results are read."""
        self._count += 1
        heapq.heappush(self._waiting, Task(priority, self._count, name, function, arguments))

    def results(self) -> Iterator[tuple[N, Any]]:
        """(name, result) of each task as it ends. Raises the first `PublishError` of a task."""
        for name, result in self.settled():
            if isinstance(result, Failure):
                raise result.error
            yield name, result

    def settled(self) -> Iterator[tuple[N, Any]]:
        """(name, result) of each task as it ends; the result of one that failed in its process is a `Failure`."""
        while self._waiting or self._running:
            if self._here or self._are_few():
                self._beat()
                task = heapq.heappop(self._waiting)
                yield task.name, task.function(*task.arguments)
                continue
            while self._waiting and len(self._running) < self.jobs:
                self._start(heapq.heappop(self._waiting))
            self._beat()
            for pipe in _wait(list(self._running), BEAT):
                running = self._running.pop(pipe)
                try:
                    result = _received(running)
                except (PublishError, RuntimeError) as error:
                    result = Failure(error)
                yield running.task.name, result

    def _are_few(self) -> bool:
        """Whether so little is to be done that it is done here; once there is more, it never is again."""
        if self._little and len(self._waiting) >= FEW:
            self._little = False
            prepare()
        return self._little

    def _start(self, task: Task[N]) -> None:
        from multiprocessing import get_context  # noqa: PLC0415  # as in `prepare`

        context: Any = get_context("spawn" if sys.platform == "win32" else "forkserver")
        here, there = context.Pipe()
        process = context.Process(target=_work, args=(there,), daemon=True)
        self._running[here] = _Running(task, process, here)
        with _hidden_main():
            process.start()
        there.close()
        with suppress(BrokenPipeError):  # it has ended already; its answer, or the lack of one, tells why
            here.send((task.function, task.arguments))


def prepare() -> None:
    """Start the server that workers come from; a command that calls this first has it ready when the book is read."""
    if sys.platform == "win32":
        return
    # What makes processes is not loaded for a build that makes none; two of the names are not on Windows.
    from multiprocessing import forkserver, get_context, resource_tracker  # noqa: PLC0415

    get_context("forkserver").set_forkserver_preload(PRELOAD)
    resource_tracker.ensure_running()  # which the server would start otherwise, and let Ctrl-C through again
    with _without_interrupts():
        forkserver.ensure_running()


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """What is started here never sees Ctrl-C, which a terminal sends to all: this process ends the others."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _hidden_main() -> Iterator[None]:
    """Keep from a new worker what this command was started as: it would import all of the command line for nothing."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _work(pipe: Any) -> None:
    """In the worker: a process group of its own, so that it and what it starts can be ended together.

    It ends with its one task, so it collects no garbage: that would take a fifth of its time.
    """
    gc.disable()
    if hasattr(os, "setpgid"):
        with suppress(OSError):
            os.setpgid(0, 0)
    try:
        function, arguments = pipe.recv()
    except (EOFError, OSError, pickle.UnpicklingError):
        return  # the build was stopped before its task was here
    done = threading.Event()
    threading.Thread(target=_end_with_the_build, args=(pipe, done), daemon=True).start()
    try:
        answer: tuple[str, Any] = ("ok", function(*arguments))
    except PublishError as error:
        answer = ("error", error)
    except RecursionError:
        answer = ("error", PublishError("the text nests too deeply", "Nest lists, quotations and divisions less"))
    except MemoryError:
        answer = ("error", PublishError("there is not enough memory for this book", "Use --jobs 1, or split the book"))
    except OSError as error:
        answer = ("error", disk_error(error))
    except BaseException:  # noqa: BLE001  # a bug: its traceback goes to the parent, which shows it
        answer = ("bug", traceback.format_exc())
    done.set()
    pipe.send(answer)
    pipe.close()


def _end_with_the_build(pipe: Any, done: threading.Event) -> None:
    """End this worker and what it started when the other end of its pipe closes: the build is gone, perhaps killed."""
    with suppress(OSError, ValueError):
        _wait([pipe])
    if done.is_set():
        return
    if hasattr(os, "killpg") and os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)  # no clean-up: it belongs to the build


def _wait(pipes: Sequence[Any], seconds: float | None = None) -> list[Any]:
    """Those of some pipes in which something has come, when the first has, or the seconds are over."""
    from multiprocessing import connection  # noqa: PLC0415  # as in `prepare`

    return connection.wait(pipes, seconds)


def _received(running: _Running[Any]) -> Any:
    """A worker's answer, or the error that it ended with."""
    try:
        kind, value = running.pipe.recv()
    except EOFError:
        running.process.join()
        raise PublishError(
            f"{running.task.name}: the worker was ended (exit code {running.process.exitcode})",
            "Free some memory, or use --jobs 1",
        ) from None
    finally:
        running.pipe.close()
    running.process.join()
    if kind == "error":
        raise value
    if kind == "bug":
        raise RuntimeError(f"{running.task.name} failed:\n{value}")
    return value


def _kill(process: Any) -> None:
    """End a worker and all that it started."""
    if process.pid is None:
        return
    if hasattr(os, "killpg"):
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(OSError, ValueError):
        process.kill()


@contextmanager
def uncollected() -> Iterator[None]:
    """Without Python's collector, which would look through all of a book again and again and find no cycles in it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
