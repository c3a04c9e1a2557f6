"""The builder: one thread that builds what is looked at, again after each save, in a process whose modules are loaded.

Builds come one after another. What takes long waits until the rest is done, and is given up where a newer save makes
it void; what is short is given up once at most, so that someone who saves all the time sees something too. A build that
fails leaves the last good one where it stands.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from publish import formats
from publish.build.progress import Event
from publish.build.record import BuiltUnit, read_record
from publish.build.targets import choose_targets
from publish.errors import Place, PublishError
from publish.findings import Finding, line
from publish.pipeline import Report, Request, build
from publish.source.project import Project, read_project
from publish.source.settings.editions import EditionSettings

log = logging.getLogger("publish")

Say = Callable[[str], None]


class SupersededError(Exception):
    """A build is given up: the book has been saved again."""


@dataclass(frozen=True, order=True)
class PreviewTarget:
    """An edition in a format."""

    edition: str
    format: str

    def __str__(self) -> str:
        return f"{self.edition} {self.format}"


@dataclass(frozen=True)
class Moved:
    """The first text that a save changed: its chapter and its id."""

    chapter: str
    id: str


@dataclass(frozen=True)
class Standing:
    """What stands of a target: the last good build, and what came of the last attempt.

    `version` is that of the book which was tried last; `number` counts the builds that brought something new;
    `changed` are the paths in which the last of them differs from the one before.
    """

    version: int = 0
    number: int = 0
    files: Mapping[str, str] = field(default_factory=dict)
    home: str = ""
    changed: tuple[str, ...] = ()
    moved: Moved | None = None
    findings: tuple[Finding, ...] = ()
    failure: Finding | None = None
    seconds: float = 0.0
    rows: tuple[BuiltUnit, ...] = ()


class Builder:
    """Builds a source into a scratch folder, each target that someone watches. Methods may be called from any thread.

    Editions and formats named are those that the book is offered in; none: all that it wants.
    """

    def __init__(
        self, source: Path, scratch: Path, editions: Sequence[str] = (), names: Sequence[str] = (), say: Say = log.info
    ) -> None:
        self.source = source
        self.project: Project | None = None
        self.output = scratch
        self.now: PreviewTarget | None = None
        self.left = 0.0
        self.read: frozenset[Path] = frozenset()  # the files that the last good build read
        self.failure: Finding | None = None
        self.dismissed = False
        self._scratch, self._editions, self._names, self._say = scratch, tuple(editions), tuple(names), say
        self._version = 1
        self._standing: dict[PreviewTarget, Standing] = {}
        self._wanted: Counter[PreviewTarget] = Counter()
        self._listeners: list[Callable[[], None]] = []
        self._work = threading.Condition()
        self._closed = False
        self._spared = False
        self._thread = threading.Thread(target=self._run, name="builder", daemon=True)

    # --- what others ask ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Read the book, and begin to build."""
        with suppress(PublishError):
            self._refresh()
        self._thread.start()

    def close(self) -> None:
        """Give up what is being built, and end."""
        with self._work:
            self._closed = True
            self._work.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def dismiss(self) -> None:
        """Tell those who watch that nothing more will come."""
        self.dismissed = True
        self._tell()

    def touch(self) -> None:
        """A file of the book has changed."""
        with self._work:
            self._version += 1
            self._work.notify_all()

    @contextmanager
    def watching(self, targets: Sequence[PreviewTarget], heard: Callable[[], None]) -> Iterator[None]:
        """Have these targets built as long as the context lasts; `heard` is called after each change of any of them."""
        with self._work:
            self._wanted.update(targets)
            self._listeners.append(heard)
            self._work.notify_all()
        try:
            yield
        finally:
            with self._work:
                self._wanted.subtract(targets)
                self._wanted += Counter()
                self._listeners.remove(heard)

    def standing(self, target: PreviewTarget) -> Standing:
        """What stands of a target."""
        with self._work:
            return self._standing.get(target, Standing())

    def is_stale(self, target: PreviewTarget) -> bool:
        """Whether a target is yet to be built from the book as it is."""
        with self._work:
            return self._standing.get(target, Standing()).version < self._version

    def editions(self) -> list[EditionSettings]:
        """The editions that are offered."""
        if self.project is None:
            return []
        return [one for one in self.project.editions if not self._editions or one.key in self._editions]

    def formats(self, edition: EditionSettings) -> list[str]:
        """The names of the formats that an edition is offered in, in the order of lists."""
        wanted = self._names or edition.formats
        return [
            one.name for one in formats.installed() if one.name in wanted and not (edition.vertical and one.horizontal)
        ]

    def first(self) -> PreviewTarget | None:
        """The target that is built where nobody asks for another."""
        for edition in self.editions():
            for name in self.formats(edition):
                return PreviewTarget(edition.key, name)
        return None

    # --- building -----------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._work:
                while not self._closed and self._next() is None:
                    self._work.wait()
                target = self._next()
                if self._closed or target is None:
                    return
                version, self.now, self.left = self._version, target, 0.0
            self._tell()
            self._build(target, version)
            with self._work:
                self.now = None
            self._tell()

    def _next(self) -> PreviewTarget | None:
        """The target to build now: what is short first."""
        first = self.first() if not self._wanted else None
        wanted = [*self._wanted, *([first] if first else [])]
        waiting = [one for one in wanted if self._standing.get(one, Standing()).version < self._version]
        return min(waiting, key=_is_long, default=None)

    def _build(self, target: PreviewTarget, version: int) -> None:
        began = time.monotonic()
        try:
            self._refresh()
            report = self._made(target, version)
        except SupersededError:
            self._spared = True
            return
        except PublishError as error:
            self._fail(target, version, _finding(error))
        except RecursionError:
            problem, remedy = "the text nests too deeply", "Nest lists, quotations and divisions less"
            self._fail(target, version, Finding("error", "error", Place(""), problem, remedy))
        except Exception as error:  # noqa: BLE001  # a fault of ours: it is told, and the server goes on
            log.error("%s", traceback.format_exc())  # noqa: TRY400  # told as Python tells it
            problem = f"publish failed: {type(error).__name__}: {error}"
            self._fail(target, version, Finding("bug", "error", Place(""), problem, "Its terminal shows where"))
        else:
            self._succeed(target, version, report, time.monotonic() - began)
        self._spared = False

    def _refresh(self) -> None:
        """Read the settings of the book. Raises `PublishError` where they cannot be read; those of before stay."""
        try:
            project = read_project(self.source)
        except PublishError as error:
            self.failure = _finding(error)
            raise
        self.project, self.failure = project, None
        self.output = self._scratch / project.slug

    def _made(self, target: PreviewTarget, version: int) -> Report:
        def check() -> None:
            newer = self._version > version and (_is_long(target) or not self._spared)
            if self._closed or newer:
                raise SupersededError

        def heard(event: Event) -> None:
            check()
            self.left = event.left
            self._tell()

        jobs = None if _is_long(target) else 1
        # The scratch folder goes when the server ends: what is noted of it would help no one.
        request = Request(self.source, self.output, (target.edition,), (target.format,), jobs, noted=False)
        return build(request, heard, check)

    def _succeed(self, target: PreviewTarget, version: int, report: Report, seconds: float) -> None:
        self.read = frozenset(path.resolve() for path in report.read)
        files = {
            one.path: one.sha256
            for one in report.artifacts
            if (one.edition, one.format) == (target.edition, target.format)
        }
        rows = tuple(read_record(self.output, target.edition))
        [chosen] = choose_targets(report.project, Request(Path(), Path(), (target.edition,), (target.format,))).values()
        home = f"{target.edition}/{chosen.formats[0].home}"
        before = self._standing.get(target, Standing())
        changed = tuple(sorted(path for path in {*files, *before.files} if files.get(path) != before.files.get(path)))
        made = Standing(
            version=version,
            number=before.number + bool(changed),
            files=files,
            home=home if home in files else min(files, default=""),
            changed=changed or before.changed,
            moved=_moved(before.rows, rows) or before.moved,
            findings=tuple(report.findings),
            seconds=seconds,
            rows=rows,
        )
        with self._work:
            self._standing[target] = made
        count = len(report.findings)
        self._say(f"{target} ({seconds:.1f} s){f', {count} finding' + 's' * (count > 1) if count else ''}")

    def _fail(self, target: PreviewTarget, version: int, failure: Finding) -> None:
        with self._work:
            before = self._standing.get(target, Standing())
            self._standing[target] = replace(before, version=version, failure=failure)
        self._say(f"{target}: {line(failure.severity, failure.place, failure.problem, failure.remedy)}")

    def _tell(self) -> None:
        with self._work:
            listeners = list(self._listeners)
        for heard in listeners:
            heard()


def _is_long(target: PreviewTarget) -> bool:
    return target.format in formats.registered() and formats.find(target.format).long


def _finding(error: PublishError) -> Finding:
    return Finding("error", "error", error.place or Place(""), error.problem, error.remedy)


def _moved(before: Sequence[BuiltUnit], after: Sequence[BuiltUnit]) -> Moved | None:
    """The first text that is new; nothing where all is, as before the first build."""
    known = {(one.chapter, one.id, one.text) for one in before}
    found = next((one for one in after if one.chapter and (one.chapter, one.id, one.text) not in known), None)
    return Moved(found.chapter, found.id) if before and found else None
