"""Every expected failure: its place, its problem, its remedy, its exit code."""

from __future__ import annotations

from dataclasses import dataclass, field


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

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        text = f"{where}{sentence(self.problem)}"
        return f"{text} {sentence(self.remedy)}" if self.remedy else text

    def __reduce__(self) -> tuple[type[PublishError], tuple[str, str, Place | None]]:
        return (type(self), (self.problem, self.remedy, self.place))


class UsageError(PublishError):
    """The command line asks for what does not exist: an edition, a format, an option."""

    exit_code = 2


class MissingToolError(PublishError):
    """A program, library or font that the work needs is not installed."""

    exit_code = 2
