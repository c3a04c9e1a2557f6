"""Steps: what a build is made of. A step has a key, a function, its arguments, and the steps that come before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, TypeVarTuple, runtime_checkable

from publish.findings import Finding

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")
B = TypeVar("B")
A = TypeVarTuple("A")


@dataclass(frozen=True, order=True)
class Key:
    """Which step: its edition; `convert` (deriving it) or the name of a format; which part of that, or all of it."""

    edition: str
    step: str
    part: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.edition, self.step, self.part)))


@dataclass(frozen=True)
class Step(Generic[R_co]):
    """A call of a module's function in a process of its own.

    With steps `after` which it comes, the function gets their results, in order, as its last argument. Lower
    `priority` first. `already`, with the same arguments, says whether nothing is left to do, for it was done in an
    earlier build: then the result is None. Make one with `first` or `then`, which let mypy compare arguments with the
    function's.
    """

    key: Key
    function: Callable[..., R_co | Plan[R_co]]
    arguments: tuple[Any, ...]
    after: tuple[Key, ...] = ()
    priority: int = 0
    already: Callable[..., bool] | None = None


@dataclass(frozen=True)
class Plan(Generic[R_co]):
    """Steps that a step gives in place of its result; the result of `last` is then the result of that step."""

    steps: tuple[Step[object], ...]
    last: Step[R_co]


@dataclass(frozen=True)
class Outcome(Generic[R_co]):
    """What came of a step: its result, its time in seconds, what it found, and how often it started pandoc."""

    result: R_co
    seconds: float
    findings: tuple[Finding, ...] = ()
    starts: int = 0


@runtime_checkable
class Reporting(Protocol):
    """A result that tells what was found on the way to it."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a person should look at."""


def first(
    key: Key,
    function: Callable[[*A], R | Plan[R]],
    *arguments: *A,
    priority: int = 0,
    already: Callable[[*A], bool] | None = None,
) -> Step[R]:
    """A step that waits for no other."""
    return Step(key, function, arguments, (), priority, already)


def then(
    key: Key,
    function: Callable[[*A, Sequence[B]], R | Plan[R]],
    *arguments: *A,
    after: Sequence[Step[B]],
    priority: int = 0,
    already: Callable[[*A, Sequence[B]], bool] | None = None,
) -> Step[R]:
    """A step whose function gets, as its last argument, the results of the steps `after` which it comes."""
    return Step(key, function, arguments, tuple(one.key for one in after), priority, already)


def carry_out(made: R | Plan[R]) -> R:
    """The result of a plan, its steps done one after another in this process; a result is given back as it is."""
    if not isinstance(made, Plan):
        return made
    results: dict[Key, Any] = {}
    for step in (*made.steps, made.last):
        before = [[results[key] for key in step.after]] if step.after else []
        results[step.key] = carry_out(step.function(*step.arguments, *before))
    result: R = results[made.last.key]
    return result
