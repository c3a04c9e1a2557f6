"""The journal: each step of an editor kept on disk before it is answered, until what it decided is written."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publish.cache import text_hash
from publish.errors import Place, PublishError
from publish.review import ledger
from publish.textfile import shown

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Pressed:
    """What was pressed on a page: `number` counts the steps of a tab from 1, `act` and `body` say what to do."""

    tab: str
    number: int
    act: str
    body: Body


@dataclass(frozen=True)
class Journal:
    """The file beside decisions.yaml that has the steps not done yet, a line of JSON for each.

    A line `{"done": 3, "file": …}` stands before each writing: where decisions.yaml has that hash, the first three
    steps of the journal are in it.
    """

    decisions: Path

    @property
    def path(self) -> Path:
        """Where the journal is."""
        return self.decisions.with_name(f".{self.decisions.name}.journal")

    def keep(self, steps: Sequence[Pressed]) -> None:
        """Keep steps so that no end of this process can lose them. Raises `PublishError` where it cannot be done."""
        self._append([{"tab": one.tab, "number": one.number, "act": one.act, "body": one.body} for one in steps])

    def about_to_write(self, text: str, done: int) -> None:
        """Note that decisions.yaml is about to say `text`, which has the first `done` steps."""
        self._append([{"done": done, "file": text_hash(text)}])

    def _append(self, rows: Sequence[Mapping[str, Any]]) -> None:
        lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                os.write(handle, lines.encode())  # in one piece, whoever else writes
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise PublishError(
                f"cannot write this file: {error.strerror}",
                "Check its permissions and the disk",
                Place(shown(self.path)),
            ) from error

    def left(self) -> list[Pressed]:
        """The steps that are not in decisions.yaml yet."""
        steps: list[Pressed] = []
        done, now = 0, text_hash(ledger.text_of(self.decisions))
        for row in self._rows():
            if "done" in row:
                done = max(done, row["done"]) if row.get("file") == now else done
            else:
                steps.append(Pressed(row["tab"], row["number"], row["act"], row["body"]))
        return steps[done:]

    def _rows(self) -> list[dict[str, Any]]:
        """The lines of the file; one that was broken off was never answered."""
        rows: list[dict[str, Any]] = []
        if self.path.is_file():
            for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
                with suppress(ValueError):
                    rows.append(json.loads(line))
        return rows

    def clear(self) -> None:
        """Forget the steps: all are done."""
        self.path.unlink(missing_ok=True)
