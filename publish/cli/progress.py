"""How far a long command has come."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from publish.cli.said import err, print_line
from publish.language import duration, tell

if TYPE_CHECKING:
    from publish.build.progress import Event


_STEPS = {"read": lambda: tell("read"), "convert": lambda: tell("convert")}  # formats are called alike in all languages


class Progress:
    """Says what is done: a line that changes on a terminal, plain lines in a pipe, JSON if asked, nothing if quiet."""

    def __init__(self, *, quiet: bool, as_json: bool) -> None:
        self._quiet, self._json = quiet, as_json
        self._live = sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not (quiet or as_json)
        self._status = err.console.status(tell("reading …")) if self._live else None
        self._began = time.monotonic()

    def __enter__(self) -> Progress:
        if self._status:
            self._status.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._status:
            self._status.stop()

    def __call__(self, event: Event) -> None:
        """Say that a step, or a part of one, is done."""
        if self._json:
            if not self._quiet:
                print_line(event.as_dict())
            return
        if self._status:
            left = f", about {duration(event.left)} left" if event.left >= 1 else ""
            self._status.update(tell(f"{event.done} of {event.total}{left} …"))
        if not (self._quiet or event.part):
            when = time.monotonic() - self._began
            edition, _, step = event.step.rpartition(" ")
            named = " ".join(filter(None, (edition, _STEPS.get(step, lambda: step)())))
            err.print(f"{when:6.1f} s  {named} ({event.seconds:.1f} s)")
