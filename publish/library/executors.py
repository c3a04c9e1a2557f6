"""Where the books of a library are built: in this process, in processes of this machine, or by Dask on others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from publish.build.workers import Failure, Workers
from publish.errors import MissingToolError, PublishError
from publish.library.catalog import ExecutorName
from publish.library.work import Done, Work, build_book, lost

TRIES = 2  # of a book whose worker is lost: a second loss is the book's own doing
_CONNECT = 10  # seconds in which a scheduler has to answer


class Executor(Protocol):
    """Builds books in whatever order it likes, and gives what came of each."""

    def run(self, works: Sequence[Work]) -> Iterator[Done]:
        """What came of each piece of work, as it ends; one for each."""
        ...


@dataclass(frozen=True)
class Here:
    """One book after another in this process: slow, and easy to follow in a debugger."""

    def run(self, works: Sequence[Work]) -> Iterator[Done]:
        """What came of each piece of work, in order."""
        return map(build_book, works)


@dataclass(frozen=True)
class Processes:
    """A process for each book, so many at once; one that dies, for want of memory perhaps, takes one book with it."""

    workers: int

    def run(self, works: Sequence[Work]) -> Iterator[Done]:
        """What came of each piece of work, as it ends."""
        tries = dict.fromkeys((work.key for work in works), 1)
        named = {work.key: work for work in works}
        with Workers[str](self.workers, apart=True) as processes:
            for work in works:
                processes.submit(work.key, build_book, work)
            for key, result in processes.settled():
                if not isinstance(result, Failure):
                    yield result
                elif tries[key] < TRIES:
                    tries[key] += 1
                    processes.submit(key, build_book, named[key])
                else:
                    yield lost(named[key], str(result.error))


@dataclass(frozen=True)
class Dask:
    """Workers of a Dask cluster: one that listens at an address, or else so many processes of this machine.

    Books are on a file system that all of them share. A lost worker's book goes to another one.
    """

    scheduler: str = ""
    workers: int = 2

    def run(self, works: Sequence[Work]) -> Iterator[Done]:
        """What came of each piece of work, as it ends."""
        distributed = _distributed()
        with self._client(distributed) as client:
            named = {f"{work.run}/{work.key}": work for work in works}
            waited = distributed.as_completed(
                client.submit(build_book, work, key=key, retries=TRIES - 1, pure=False) for key, work in named.items()
            )
            for future in waited:
                work, error = named[future.key], future.exception()
                done = future.result() if error is None else lost(work, f"its worker was lost: {error}")
                future.release()  # else it is made again where its worker is lost later
                yield done

    @contextmanager
    def _client(self, distributed: Any) -> Iterator[Any]:
        if self.scheduler:
            with _connected(distributed, self.scheduler) as client:
                yield client
            return
        with (
            distributed.LocalCluster(
                n_workers=self.workers, threads_per_worker=1, scheduler_kwargs={"dashboard": False}
            ) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield client


@contextmanager
def _connected(distributed: Any, address: str) -> Iterator[Any]:
    """A client of a scheduler. Raises `PublishError` where none answers."""
    try:
        client = distributed.Client(address, timeout=_CONNECT)
    except (OSError, ValueError, ImportError) as error:
        raise PublishError(
            f"no Dask scheduler answers at {address}", "Start one with: dask scheduler, and name the address it prints"
        ) from error
    with client:
        yield client


def _distributed() -> Any:
    """Dask's distributed, which is an extra. Raises `MissingToolError` where it is not installed."""
    try:
        import distributed  # noqa: PLC0415  # an extra, slow to load
    except ImportError as error:
        raise MissingToolError(
            "Dask's distributed is not installed", "Install it: pip install 'publish[cluster]'"
        ) from error
    # Of the cluster's life nothing is told: what it means for a book stands in the ledger.
    for name in (
        "distributed",
        "distributed.scheduler",
        "distributed.nanny",
        "distributed.core",
        "distributed.batched",
    ):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return distributed


EXECUTORS: dict[ExecutorName, Callable[[str, int], Executor]] = {
    "here": lambda _scheduler, _workers: Here(),
    "processes": lambda _scheduler, workers: Processes(workers),
    "dask": Dask,
}
