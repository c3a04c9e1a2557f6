"""One book's build as a piece of work: plain data in, plain data out, wherever it is done; its failure is its own."""

from __future__ import annotations

import os
import socket
import threading
import time
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from publish.build.last import recall
from publish.build.request import Report, Request, Told
from publish.errors import PublishError
from publish.findings import Finding
from publish.library.ledger import LibraryLedger

State = Literal["built", "unchanged", "failed"]

# Setting text patches its library while it works, so one process builds one book at a time.
_ALONE = threading.Lock()


@dataclass(frozen=True)
class Work:
    """A book to build: all paths are absolute, and the same on every machine. `key` is the book's name."""

    key: str
    source: str
    output: str
    ledger: str
    run: str
    editions: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    strict: bool = False
    cache: bool = True
    shared: str = ""

    @property
    def request(self) -> Request:
        """What is asked of the build: one process, for others build other books."""
        return Request(
            Path(self.source),
            Path(self.output),
            self.editions,
            self.formats,
            1,
            self.strict,
            self.cache,
            shared=self.shared,
        )


@dataclass(frozen=True)
class Done:
    """What came of a piece of work: how it ended, how long it took in seconds, where, and what was said."""

    key: str
    state: State
    seconds: float
    worker: str
    files: int = 0
    bytes: int = 0
    errors: tuple[str, ...] = ()
    findings: tuple[dict[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it, under the names that the ledger has."""
        said = {**asdict(self), "errors": list(self.errors), "findings": list(self.findings)}
        return {"event": said.pop("state"), "book": said.pop("key"), **said}


def build_book(work: Work) -> Done:
    """Build a book, unless nothing of it has changed. Never raises: a failure is what came of it."""
    with _ALONE:
        began = time.monotonic()
        worker = f"{socket.gethostname()}:{os.getpid()}"
        LibraryLedger(Path(work.ledger)).note({"event": "begun", "run": work.run, "book": work.key, "worker": worker})
        told, _ = _recall(work)
        try:
            return _done(work, "unchanged" if told else "built", told or _build(work), began, worker)
        except PublishError as error:
            errors = tuple(str(one) for one in error.all)
        except RecursionError:
            errors = ("the text nests too deeply. Nest lists, quotations and divisions less.",)
        except MemoryError:
            errors = ("there is not enough memory for this book. Use fewer workers, or split it.",)
        except Exception:  # noqa: BLE001  # a fault of ours: the other books are built, and this one's report has it
            errors = (f"publish itself failed; please report this:\n{traceback.format_exc()}",)
        return Done(work.key, "failed", _since(began), worker, errors=errors)


def lost(work: Work, problem: str) -> Done:
    """What came of work whose worker was lost."""
    return Done(work.key, "failed", 0.0, "", errors=(problem,))


def _recall(work: Work) -> tuple[Told | None, str]:
    return recall(work.request)


def _build(work: Work) -> Report:
    from publish.pipeline import build  # noqa: PLC0415  # loads the whole pipeline

    return build(work.request)


def _done(work: Work, state: State, told: Told, began: float, worker: str) -> Done:
    findings = tuple(one.as_dict() for one in told.findings if _matters(one))
    size = sum(one.bytes for one in told.artifacts)
    return Done(work.key, state, _since(began), worker, len(told.artifacts), size, (), findings)


def _matters(finding: Finding) -> bool:
    return finding.severity != "note"


def _since(began: float) -> float:
    return round(time.monotonic() - began, 2)
