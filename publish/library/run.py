"""A library's run: every book of a catalog is built, each by itself; what came of it stands in the ledger."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from filelock import Timeout

from publish.build.shared import open_shared
from publish.build.store import held, written
from publish.build.targets import processors
from publish.errors import Place, PublishError, UsageError
from publish.library.catalog import Catalog, read_catalog
from publish.library.executors import EXECUTORS
from publish.library.ledger import FILE, LibraryLedger
from publish.library.work import Done, Work
from publish.textfile import shown

Tell = Callable[[Mapping[str, Any]], None]  # a line of the ledger, as it is written


@dataclass(frozen=True)
class LibraryWish:
    """What the command says beyond the catalog, or against it; "" and None: as the catalog says."""

    output: Path | None = None
    executor: str = ""
    scheduler: str = ""
    workers: int | None = None
    cache: str = ""
    strict: bool = False
    afresh: bool = False  # nothing kept is used


@dataclass(frozen=True)
class LibraryReport:
    """What came of each book, in the order of the catalog."""

    output: Path
    ledger: Path
    books: tuple[Done, ...]

    def of(self, state: str) -> tuple[Done, ...]:
        """The books that ended in a state."""
        return tuple(one for one in self.books if one.state == state)


def build_library(file: Path, wish: LibraryWish, tell: Tell = lambda _: None) -> LibraryReport:
    """Build the books of a catalog. A book that fails does not stop the others; one that has not changed is not built.

    A run that was killed is gone on with by the next one, for what it finished has not changed. Raises `PublishError`
    for a catalog that is wrong, and where another run writes into the folder.
    """
    catalog = wanted(read_catalog(file), wish)
    ledger = LibraryLedger(catalog.output / FILE)
    run = uuid.uuid4().hex[:12]
    works = [_work(catalog, index, run, wish) for index in range(len(catalog.books))]
    with _alone(catalog.output):
        tell(ledger.note({"event": "run", "run": run, "catalog": str(catalog.file), "books": len(works)}))
        done = {}
        executor = EXECUTORS[catalog.executor](catalog.scheduler, catalog.workers or processors())
        for one in executor.run(works):
            done[one.key] = one
            tell(ledger.note({"run": run, **one.as_dict()}))
        report = LibraryReport(catalog.output, ledger.file, tuple(done[work.key] for work in works))
        counts = {state: len(report.of(state)) for state in ("built", "unchanged", "failed")}
        tell(ledger.note({"event": "ended", "run": run, **counts}))
    return report


def wanted(catalog: Catalog, wish: LibraryWish) -> Catalog:
    """The catalog with what the command says in its place. Raises `UsageError` for what does not go together."""
    executor = wish.executor or ("dask" if wish.scheduler else catalog.executor)
    if executor not in EXECUTORS:
        raise UsageError(f'there is no executor "{executor}"', f"Choose one of {', '.join(EXECUTORS)}")
    scheduler = wish.scheduler or catalog.scheduler
    if scheduler and executor != "dask":
        raise UsageError("a scheduler is named, but Dask is not the executor", "Write: --executor dask")
    cache = wish.cache or catalog.cache
    open_shared(cache)
    return replace(
        catalog,
        output=wish.output.absolute() if wish.output else catalog.output,
        executor=next(name for name in EXECUTORS if name == executor),
        scheduler=scheduler,
        workers=wish.workers or catalog.workers,
        cache=cache,
        strict=wish.strict or catalog.strict,
    )


def _work(catalog: Catalog, index: int, run: str, wish: LibraryWish) -> Work:
    book = catalog.books[index]
    return Work(
        key=book.name,
        source=str(book.source),
        output=str(catalog.output / book.name),
        ledger=str(catalog.output / FILE),
        run=run,
        editions=book.editions,
        formats=book.formats,
        strict=catalog.strict,
        cache=not wish.afresh,
        shared=catalog.cache,
    )


@contextmanager
def _alone(output: Path) -> Iterator[None]:
    """One run at a time in an output folder. Raises `PublishError` where there is another, or no folder can be."""
    with ExitStack() as alone:
        try:
            with written(output):
                output.mkdir(parents=True, exist_ok=True)
                alone.enter_context(held(output, f".{FILE}.lock", wait=False))
        except Timeout:
            raise PublishError(
                "another run of the library writes here",
                "Wait for it, or choose another --output",
                Place(shown(output)),
            ) from None
        yield
