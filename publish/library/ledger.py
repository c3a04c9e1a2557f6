"""The ledger of a library: JSON Lines in its output folder, what was begun and what came of it, never rewritten."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILE = "library.jsonl"


@dataclass(frozen=True)
class LibraryLedger:
    """A file to which every process of a run adds lines; a line that a kill cut short is passed over."""

    file: Path

    def note(self, line: Mapping[str, Any]) -> dict[str, Any]:
        """Add a line, with the time, in one write; the line as it stands there. Raises `OSError`."""
        whole = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **line}
        text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
        self.file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(handle, f"{self._gap()}{text}\n".encode("utf-8", "surrogatepass"))
        finally:
            os.close(handle)
        return whole

    def lines(self) -> Iterator[dict[str, Any]]:
        """All lines, in the order in which they were added; none where there is no ledger."""
        if not self.file.is_file():
            return
        for line in self.file.read_bytes().split(b"\n"):
            with suppress(ValueError):
                said = json.loads(line)
                if isinstance(said, dict):
                    yield said

    def _gap(self) -> str:
        """A line feed where the last line was cut short, so that the next one is not lost with it."""
        with suppress(OSError), self.file.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return "" if file.read(1) == b"\n" else "\n"
        return ""
