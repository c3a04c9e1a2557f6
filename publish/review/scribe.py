"""The scribe: does what is pressed on the desk's pages, in order, and keeps it on disk until it is done."""

from __future__ import annotations

import math
import threading
import time
import traceback
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from publish.errors import PublishError
from publish.review.journal import Body, Journal, Pressed
from publish.review.session import Session

_QUIET = 0.3  # seconds in which a page that was answered sends what it has left

Act = Callable[[Session, Body], dict[str, Any]]


@dataclass(frozen=True)
class Handled:
    """What came of a step: an answer for its page, or why nothing was done."""

    number: int
    answer: Mapping[str, Any]
    problem: PublishError | None = None


@dataclass
class Scribe:
    """Takes steps from pages and does them in a thread of its own; `acts` says what each kind of step does.

    What `take` has returned for is on the disk: neither the end of a page nor that of this process can lose it.
    """

    session: Callable[[], Session]
    journal: Journal
    acts: Mapping[str, Act]
    _queue: deque[Pressed] = field(default_factory=deque)
    _kept: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _done: dict[str, list[Handled]] = field(default_factory=lambda: defaultdict(list))
    _moved: float = -math.inf  # when steps were taken or done last, by the clock that only goes on
    _ending: bool = False
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        for one in self.journal.left():
            self._queue.append(one)
            self._kept[one.tab] = max(self._kept[one.tab], one.number)
        if self._queue:
            self._start()

    @property
    def waiting(self) -> int:
        """How many steps are kept and not done."""
        return len(self._queue)

    def take(self, tab: str, steps: Sequence[Pressed], seen: int = 0, patience: float | None = None) -> list[Handled]:
        """Keep a tab's steps, each once however often it comes, and do them; what came of those behind `seen`.

        What takes longer than `patience` in seconds (None: whatever it takes) is told another time. Raises
        `PublishError` where nothing was kept.
        """
        with self._changed:
            new = [one for one in steps if one.number > self._kept[tab]]
            if new:
                self.journal.keep(new)
                self._kept[tab] = new[-1].number
                self._queue.extend(new)
                self._moved = time.monotonic()
                self._start()
                self._changed.notify_all()
            self._done[tab] = [one for one in self._done[tab] if one.number > seen]
            self._changed.wait_for(lambda: self._told(tab), patience)
            return list(self._done[tab])

    def _told(self, tab: str) -> bool:
        """Whether all of a tab's steps are done."""
        return all(one.tab != tab for one in self._queue)

    def close(self, patience: float) -> int:
        """Do what is left, for so many seconds at most; how many steps stay in the journal for the next time.

        A page that has just been answered may have more to send: it is waited for until it is quiet.
        """
        until = time.monotonic() + patience
        with self._changed:
            while (left := until - time.monotonic()) > 0 and (self._queue or not self._is_quiet()):
                self._changed.wait(min(left, _QUIET))
            self._ending = True
            self._changed.notify_all()
            return len(self._queue)

    def _is_quiet(self) -> bool:
        return time.monotonic() - self._moved >= _QUIET

    # --- the thread ---------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="scribe", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        done = 0  # steps of the journal, since it was begun
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queue or self._ending)
                if self._ending:
                    return
                steps = list(self._queue)
            told = self._do(steps, done + len(steps))
            done += len(steps)
            with self._changed:
                for step, one in zip(steps, told, strict=True):
                    self._queue.popleft()
                    self._done[step.tab].append(one)
                self._moved = time.monotonic()
                if not self._queue:
                    self.journal.clear()
                    done = 0
                self._changed.notify_all()

    def _do(self, steps: Sequence[Pressed], done: int) -> list[Handled]:
        """Do steps, written as one; where that cannot be written, one by one, so that each is told its own problem."""
        try:
            session = self.session()
            session.before_writing = lambda text: self.journal.about_to_write(text, done)
            revision = session.revision
            with session.together():
                first = self._one(session, steps[0], revision)
                return [first, *(self._one(session, step, session.revision) for step in steps[1:])]
        except PublishError as problem:
            if len(steps) == 1:
                return [Handled(steps[0].number, {}, problem)]
            return [one for at, step in enumerate(steps) for one in self._do([step], done - len(steps) + at + 1)]

    def _one(self, session: Session, step: Pressed, before: int) -> Handled:
        """Do a step; `before` is the revision that its page may have seen."""
        try:
            done = self.acts[step.act](session, step.body)
        except PublishError as problem:
            return Handled(step.number, {}, problem)
        except Exception as fault:  # noqa: BLE001  # the thread must go on: other steps wait
            traceback.print_exc()
            return Handled(step.number, {}, PublishError(f"a fault of publish: {fault!r}", "Please report it"))
        reread = session.revision > before + 1
        return Handled(
            step.number,
            {**done, "notice": session.notice if reread else "", "reload": reread or "reload" in done},
        )
