"""Every expected failure: its place, its problem, its remedy, its exit code."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from publish.findings import Finding

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: a file as the user names it, a line from 1 (0: the whole file), a key."""

    file: str
    line: int = 0
    key: str = field(default="")

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.key}" if self.key else where


def sentence(text: str) -> str:
    """A text with one mark at its end."""
    return text if text.endswith(("?", "!")) else f"{text.rstrip('.')}."


class PublishError(Exception):
    """A failure that the user can mend. The command prints it on one line and exits with `exit_code`."""

    exit_code = 1

    def __init__(self, problem: str, remedy: str = "", place: Place | None = None) -> None:
        self.problem = problem
        self.remedy = remedy
        self.place = place
        super().__init__(str(self))

    @property
    def all(self) -> tuple[PublishError, ...]:
        """Each failure by itself."""
        return (self,)

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        text = f"{where}{sentence(self.problem)}"
        return f"{text} {sentence(self.remedy)}" if self.remedy else text

    def __reduce__(self) -> tuple[type[PublishError], tuple[str, str, Place | None]]:
        return (type(self), (self.problem, self.remedy, self.place))


# What a disk or a system refuses; any other fault of a file is a bug, and keeps its traceback.
_REFUSED = frozenset(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EROFS", "EIO", "EFBIG", "EMFILE", "ENFILE", "EACCES", "EPERM")
    if hasattr(errno, name)
)


class DiskError(PublishError):
    """The disk or the system refuses to write or read a file."""


def disk_error(error: OSError) -> DiskError:
    """What a user is told of a file that could not be written or read."""
    name = str(error.filename or "")
    place = Place(name) if name and not name.startswith("<") else None  # "<_io.BufferedWriter …>"
    problem = f"cannot write or read a file: {error.strerror or error}"
    return DiskError(problem, "Check the disk's space and permissions", place)


@contextmanager
def disk_told() -> Iterator[None]:
    """Tell what the disk refuses in this block as a failure that the user can mend."""
    try:
        yield
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        raise disk_error(error) from error


class UsageError(PublishError):
    """The command line asks for what does not exist: an edition, a format, an option."""

    exit_code = 2


class MissingToolError(PublishError):
    """A program, library or font that the work needs is not installed."""

    exit_code = 2


class GatheredError(PublishError):
    """Several failures that one run found, in the order of their places, and what was found beside them."""

    def __init__(self, errors: Sequence[PublishError], findings: Sequence[Finding] = ()) -> None:
        found = {str(one): one for error in errors for one in error.all}
        self._all = tuple(sorted(found.values(), key=lambda one: one.place or Place("")))
        self.findings = tuple(findings)
        self.exit_code = max(one.exit_code for one in self._all)
        super().__init__(self._all[0].problem, self._all[0].remedy, self._all[0].place)

    @property
    def all(self) -> tuple[PublishError, ...]:
        """Each failure by itself."""
        return self._all

    def __str__(self) -> str:
        return "\n".join(str(one) for one in self._all)

    def __reduce__(self) -> tuple[type[GatheredError], tuple[Sequence[PublishError], Sequence[Finding]]]:  # type: ignore[override]  # its own arguments
        return (type(self), (self._all, self.findings))


class Faults:
    """Failures of steps that do not need each other, kept until all have been tried: one run tells everything."""

    def __init__(self) -> None:
        self._found: list[PublishError] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, error: PublishError) -> None:
        """Keep a failure."""
        self._found.append(error)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep what fails in this block; what it should have set stays as it was before."""
        try:
            yield
        except PublishError as error:
            self.add(error)

    def tried(self, read: Callable[P, T], otherwise: T, *arguments: P.args, **options: P.kwargs) -> T:
        """What `read` gives; where it fails, which is kept, `otherwise`."""
        with self.kept():
            return read(*arguments, **options)
        return otherwise

    def tell(self, findings: Sequence[Finding] = ()) -> None:
        """Raise what was kept, if there is anything: one failure as itself, several as `GatheredError`."""
        if len(self._found) == 1 and not findings:
            raise self._found[0]
        if self._found:
            raise GatheredError(self._found, findings)
