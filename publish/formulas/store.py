"""Formulas that were set once, kept for all editions and for the next build: a file in the user's cache."""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

_log = logging.getLogger("publish.formulas")
_LARGEST = 256 << 20  # bytes: a file that has grown larger is begun anew
_PATIENCE = 20  # seconds that one process waits for another
_TABLE = "CREATE TABLE IF NOT EXISTS formulas (key TEXT PRIMARY KEY, setting TEXT NOT NULL) WITHOUT ROWID"
_MANY = 500  # keys of one question


def file() -> Path:
    """Where formulas are kept: `PUBLISH_CACHE`, or the place for caches of the system."""
    own = os.environ.get("PUBLISH_CACHE")
    if own:
        return Path(own) / "formulas.sqlite"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "publish" / "formulas.sqlite"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "publish" / "formulas.sqlite"


class FormulaStore:
    """What is kept; without a connection, nothing is: then each formula is set again."""

    def __init__(self, connection: sqlite3.Connection | None) -> None:
        self._connection = connection

    def read(self, keys: Iterable[str]) -> dict[str, str]:
        """What is kept of so many keys."""
        found: dict[str, str] = {}
        wanted = list(keys)
        for start in range(0, len(wanted), _MANY):
            part = wanted[start : start + _MANY]
            places = ",".join("?" * len(part))
            found.update(self._ask(f"SELECT key, setting FROM formulas WHERE key IN ({places})", part))  # noqa: S608  # only ?
        return found

    def write(self, settings: Mapping[str, str]) -> None:
        """Keep settings by their keys."""
        if self._connection is not None and settings:
            with _forgiven(), self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO formulas VALUES (?, ?)", settings.items())

    def _ask(self, question: str, values: list[str]) -> list[tuple[str, str]]:
        if self._connection is not None:
            with _forgiven():
                return self._connection.execute(question, values).fetchall()
        return []


@contextmanager
def opened() -> Iterator[FormulaStore]:
    """The store, for a while. One that is damaged is begun anew; where none can be, nothing is kept."""
    connection = _connected(file())
    try:
        yield FormulaStore(connection)
    finally:
        if connection is not None:
            connection.close()


def _connected(path: Path) -> sqlite3.Connection | None:
    for last in (False, True):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_file() and path.stat().st_size > _LARGEST:
                path.unlink()
            connection = sqlite3.connect(path, timeout=_PATIENCE)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute(_TABLE)
        except (OSError, sqlite3.Error) as error:
            _log.debug("formulas are not kept in %s: %s", path, error)
            if last or not isinstance(error, sqlite3.DatabaseError) or isinstance(error, sqlite3.OperationalError):
                return None
            with suppress(OSError):
                path.unlink()
        else:
            return connection
    return None


@contextmanager
def _forgiven() -> Iterator[None]:
    """What cannot be kept, or be found, is set again."""
    try:
        yield
    except sqlite3.Error as error:
        _log.debug("the formulas that are kept: %s", error)
