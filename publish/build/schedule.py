"""The schedule: steps go to the workers as soon as those before them are done; what one plans joins the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, cast

from publish.build.workers import Workers, uncollected
from publish.findings import Finding
from publish.source import pandoc
from publish.steps import Key, Outcome, Plan, Reporting, Step

R = TypeVar("R")
Accept = Callable[[Key, Outcome[object]], None]


class Watcher(Protocol):
    """Who hears of steps that are parted into others, and of each of these; it may raise to stop the rest."""

    def planned(self, key: Key, parts: int) -> None:
        """A step is parted into so many."""

    def part(self, key: Key, seconds: float) -> None:
        """One of the parts is done."""


@dataclass(frozen=True)
class Outcomes:
    """What came of a schedule's steps."""

    by_key: Mapping[Key, Outcome[object]]

    def result(self, step: Step[R]) -> R:
        """The result of one of the steps that were scheduled."""
        return cast("R", self.by_key[step.key].result)  # `Step.function` has made it

    @property
    def starts(self) -> int:
        """How often pandoc was started."""
        return sum(one.starts for one in self.by_key.values())


def perform(step: Step[R], before: Sequence[object]) -> Outcome[R | Plan[R]]:
    """Do a step, in whichever process this is; `before` has the results of the steps after which it comes."""
    began, starts = time.monotonic(), pandoc.starts.count
    with uncollected():
        result = step.function(*step.arguments, *([list(before)] if step.after else []))
    findings = result.findings if isinstance(result, Reporting) else ()
    return Outcome(result, time.monotonic() - began, tuple(findings), pandoc.starts.count - starts)


def is_done(step: Step[Any], before: Sequence[object]) -> bool:
    """Whether a step was done in an earlier build: to know it takes less than a process of its own."""
    return step.already is not None and step.already(*step.arguments, *([list(before)] if step.after else []))


def run(steps: Sequence[Step[Any]], workers: Workers[Key], accept: Accept, watcher: Watcher | None = None) -> Outcomes:
    """Do all steps and those that they plan. `accept` hears of each as it is done and may raise to stop the rest.

    The first step is done in this process, while the workers still load what they need.
    """
    run = _Run(workers, accept, watcher)
    waiting = list(steps)
    if workers.jobs > 1 and waiting and not waiting[0].after:
        begun = waiting.pop(0)
        run.take(begun.key, perform(begun, ()))
        followers = [one for one in waiting if begun.key in one.after]
        waiting = followers + [one for one in waiting if one not in followers]
    run.add(waiting)
    for key, outcome in workers.results():
        run.take(key, outcome)
    return Outcomes(run.done)


@dataclass
class _Planned:
    """A step that gave a plan in place of a result: what its steps have taken and told so far."""

    key: Key
    last: Key
    seconds: float
    starts: int
    findings: list[Finding]

    def count(self, outcome: Outcome[object]) -> None:
        self.seconds += outcome.seconds
        self.starts += outcome.starts
        self.findings += outcome.findings

    def ended(self, outcome: Outcome[object]) -> Outcome[object]:
        return Outcome(outcome.result, self.seconds, tuple(self.findings), self.starts)


@dataclass
class _Run:
    """A schedule under way."""

    workers: Workers[Key]
    accept: Accept
    watcher: Watcher | None = None
    waiting: list[Step[Any]] = field(default_factory=list)
    results: dict[Key, object] = field(default_factory=dict)
    planned: dict[Key, _Planned] = field(default_factory=dict)
    done: dict[Key, Outcome[object]] = field(default_factory=dict)

    def add(self, steps: Iterable[Step[Any]]) -> None:
        """Hand the workers what can be done now, but for what is done already; the rest waits."""
        done: list[Key] = []
        for step in steps:
            if not all(key in self.results for key in step.after):
                self.waiting.append(step)
                continue
            before = [self.results[key] for key in step.after]
            if self.workers.jobs > 1 and is_done(step, before):
                done.append(step.key)
            else:
                self.workers.submit(step.key, perform, step, before, priority=step.priority)
        for key in done:
            self.take(key, Outcome(None, 0.0))

    def take(self, key: Key, outcome: Outcome[Any]) -> None:
        """Take what came of a step, and go on with those that waited for it."""
        parent = self.planned.pop(key, None)
        if parent:
            parent.count(outcome)
        if isinstance(outcome.result, Plan):
            plan = outcome.result
            mine = parent or _Planned(key, plan.last.key, outcome.seconds, outcome.starts, list(outcome.findings))
            self.planned |= {one.key: mine for one in (*plan.steps, plan.last)}
            if self.watcher:
                self.watcher.planned(mine.key, len(plan.steps) + 1)
            self.add((*plan.steps, plan.last))
            return
        self.results[key] = outcome.result
        if parent and self.watcher:
            self.watcher.part(key, outcome.seconds)
        if parent is None:
            self._finish(key, outcome)
        elif key == parent.last:
            self._finish(parent.key, parent.ended(outcome))
        self._go_on()

    def _finish(self, key: Key, outcome: Outcome[object]) -> None:
        self.results[key] = outcome.result
        self.done[key] = outcome
        self.accept(key, outcome)

    def _go_on(self) -> None:
        waiting, self.waiting = self.waiting, []
        self.add(waiting)
