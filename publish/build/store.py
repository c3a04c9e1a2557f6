"""The store: the only writer to build/. What a build makes is staged beside it and swapped in at the end."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from publish.build.artifact import INDEX, MANIFEST, Artifact
from publish.build.inputs import Row, is_settled
from publish.errors import DiskError, Place, PublishError
from publish.textfile import shown, write_whole

STAGING = ".staging-"
LOCK = ".publish.lock"


class Store:
    """An output folder. A context manager: what was staged and not published is removed.

    `standing` has the rows of files that a build has left there: one that is as its row says is not read.
    """

    def __init__(self, output: Path, standing: Mapping[str, Row | None] | None = None) -> None:
        self._standing = standing or {}
        self.output = output.absolute()
        if self.output.exists() and not self.output.is_dir():
            raise PublishError(
                "the output is a file, not a folder", "Choose another --output", Place(shown(self.output))
            )
        self._made = _missing_folders(self.output)
        self._read: tuple[list[int], dict[str, Any]] = [], {}  # the signs of the manifest that was read, and that
        self._staging: Path | None = None

    def __enter__(self) -> Store:
        with written(self.output):
            self.output.mkdir(parents=True, exist_ok=True)
            _remove_stale(self.output)
            self._staging = Path(tempfile.mkdtemp(prefix=f"{STAGING}{os.getpid()}-", dir=self.output))
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if self._staging is not None:
            shutil.rmtree(self._staging, ignore_errors=True)
        for folder in self._made:
            with suppress(OSError):
                folder.rmdir()
        if isinstance(error, DiskError) and error.place is None:  # a full disk does not say which
            error.place = Place(shown(self.output))

    @property
    def staging(self) -> Path:
        """The scratch folder of this build."""
        if self._staging is None:
            raise RuntimeError("the store is not open")
        return self._staging

    def stage(self, edition: str, format_name: str) -> Path:
        """A scratch folder for the files of one target; their paths below it are those below build/<edition>/."""
        folder = self.staging / edition / format_name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def manifest(self) -> dict[str, Any]:
        """The manifest of what stands in the output folder; empty where there is none."""
        try:
            found = (self.output / MANIFEST).stat()
        except OSError:
            return read_manifest(self.output)
        signs = [found.st_size, found.st_mtime_ns, found.st_ino]
        if signs != self._read[0]:
            self._read = signs, read_manifest(self.output)
        return dict(self._read[1])

    def refuse_another_book(self, slug: str, wrote: Callable[[Path], bool]) -> None:
        """Raise `PublishError` where the folder holds another book: its index can lead to one book only.

        One of another name is this book, renamed, where it `wrote` the folder's manifest.
        """
        before = self.manifest()
        if before.get("slug", slug) != slug and not wrote(self.output):
            raise PublishError(
                f'this folder holds another book, "{before.get("title") or before["slug"]}" ({before["slug"]})',
                f"Choose another --output, or empty it first: publish clean --output {shown(self.output)}",
                Place(shown(self.output)),
            )

    def refuse_own_folder(self, files: Iterable[Path]) -> None:
        """Raise `PublishError` where files of the book lie in the output folder: pages would lie among them."""
        output = self.output.resolve()
        for file in files:
            if file.parent.resolve() == output:
                raise PublishError(
                    "the book itself lies in this output folder",
                    f"Choose another --output: {shown(self.output / 'build')}",
                    Place(shown(self.output)),
                )

    def publish(
        self,
        staged: Mapping[tuple[str, str], Sequence[str]],
        manifest: dict[str, Any],
        index: Callable[[Sequence[Artifact]], str],
    ) -> list[Artifact]:
        """Swap the staged files in, drop what earlier builds made of the same targets, and write manifest and index.

        `manifest` is written with the artifacts of all targets; `index(artifacts)` gives the text of the index page.
        Raises `PublishError` where a file that no manifest lists is in the way; then nothing is changed.
        """
        with written(self.output), held(self.output), _undisturbed():
            return self._publish(staged, manifest, index)

    def _publish(
        self,
        staged: Mapping[tuple[str, str], Sequence[str]],
        manifest: dict[str, Any],
        index: Callable[[Sequence[Artifact]], str],
    ) -> list[Artifact]:
        before = self.manifest()
        old = [Artifact(**row) for row in before.get("artifacts", ())]
        new = [
            self._artifact(edition, name, path) for (edition, name), paths in sorted(staged.items()) for path in paths
        ]
        kept = [one for one in old if (one.edition, one.format) not in staged and (self.output / one.path).is_file()]
        self._refuse_strangers(new, before)
        artifacts = sorted([*kept, *new])
        page = index(artifacts)
        pending = {**before, "artifacts": [asdict(one) for one in sorted({*old, *artifacts})], "index": INDEX}
        _write_json(self.output / MANIFEST, pending)
        for one in new:
            target = self.output / one.path
            target.parent.mkdir(parents=True, exist_ok=True)
            source = self.staging / one.edition / one.format / Path(one.path).relative_to(one.edition)
            if not self._holds(target, one):  # what is the same keeps its time, for those that copy what is new
                source.replace(target)
        fresh = {one.path for one in artifacts}
        for gone in (one for one in old if one.path not in fresh):
            _delete(self.output, gone.path)
        write_whole(self.output / INDEX, page)
        _write_json(
            self.output / MANIFEST,
            {**_merged(before, manifest, kept), "artifacts": [asdict(one) for one in artifacts], "index": INDEX},
        )
        self._made = []
        return artifacts

    def _artifact(self, edition: str, format_name: str, path: str) -> Artifact:
        data = (self.staging / edition / format_name / path).read_bytes()
        return Artifact(edition, format_name, f"{edition}/{path}", len(data), hashlib.sha256(data).hexdigest())

    def _holds(self, file: Path, one: Artifact) -> bool:
        """Whether a file has the bytes of an artifact."""
        if file.is_symlink() or not file.is_file() or file.stat().st_size != one.bytes:
            return False
        row = self._standing.get(str(file))
        if row and row[4] and is_settled(str(file), row):
            return bool(row[4] == one.sha256)
        return hashlib.sha256(file.read_bytes()).hexdigest() == one.sha256

    def _refuse_strangers(self, new: Iterable[Artifact], before: Mapping[str, Any]) -> None:
        listed = {row["path"] for row in before.get("artifacts", ())} | {before.get("index", "")}
        paths = dict.fromkeys((*(one.path for one in new), INDEX, *(() if before else (MANIFEST,))))
        seen = set[str]()
        for path in paths:
            above = [parent.as_posix() for parent in Path(path).parents[:-1]]
            for name in (one for one in (path, *above) if one not in seen):
                seen.add(name)
                file = self.output / name
                if (name not in listed and file.exists()) if name == path else file.is_file():
                    raise PublishError(
                        "this file is in the way and no build made it",
                        "Move it, or choose another --output",
                        Place(shown(file)),
                    )


def _merged(before: Mapping[str, Any], manifest: dict[str, Any], kept: Sequence[Artifact]) -> dict[str, Any]:
    """The new manifest with what it says nothing of: other editions, and the pages of a PDF that was not built now."""
    editions = {key: row for key, row in before.get("editions", {}).items() if any(one.edition == key for one in kept)}
    for key, row in manifest.get("editions", {}).items():
        editions[key] = {**editions.get(key, {}), **row}
    return {**manifest, "editions": dict(sorted(editions.items()))}


def read_manifest(output: Path) -> dict[str, Any]:
    """The manifest in an output folder; empty where there is none.

    Raises `PublishError` for one that is damaged or lists files outside the folder.
    """
    file = output / MANIFEST
    if not file.is_file():
        return {}
    place = Place(shown(file))
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        paths = [Artifact(**row).path for row in data["artifacts"]]
        known = {key: (row["tag"], row["name"]) for key, row in data.get("editions", {}).items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise PublishError(
            "this manifest is damaged or not ours", "Choose another --output, or remove it", place
        ) from error
    root = output.resolve()
    if not all(isinstance(text, str) for row in known.values() for text in row):
        raise PublishError("this manifest is damaged or not ours", "Choose another --output, or remove it", place)
    for path in [*paths, data.get("index", INDEX)]:
        if not isinstance(path, str) or Path(path).is_absolute() or not (root / path).resolve().is_relative_to(root):
            raise PublishError(f'this manifest lists a file outside its folder: "{path}"', "Remove the manifest", place)
    return dict(data)


def differences(output: Path) -> list[tuple[str, str]]:
    """(path, what is wrong) of each file of an output folder that is not as its manifest says, in order.

    Raises `PublishError` where the folder has no manifest.
    """
    manifest = read_manifest(output)
    if not manifest:
        raise PublishError(
            "this folder has no manifest", "Name a folder that publish build wrote", Place(shown(output))
        )
    found = []
    for one in (Artifact(**row) for row in manifest["artifacts"]):
        file = output / one.path
        if not file.is_file():
            found.append((one.path, "is missing"))
        elif hashlib.sha256(file.read_bytes()).hexdigest() != one.sha256:
            found.append((one.path, "has been changed"))
    return found


def clean(output: Path) -> list[str]:
    """Delete what the manifest of an output folder lists, and the manifest; the paths that were deleted."""
    output = output.absolute()
    manifest = read_manifest(output)
    if not manifest:
        return []
    with written(output), held(output):
        paths = [row["path"] for row in manifest["artifacts"]] + [manifest.get("index", INDEX), MANIFEST]
        deleted = [path for path in paths if _delete(output, path)]
        _remove_stale(output)
    with suppress(OSError):
        output.rmdir()
    return deleted


@contextmanager
def written(output: Path) -> Iterator[None]:
    """Tell what the disk refuses in this block, which writes into an output folder."""
    try:
        yield
    except _timeout():
        raise
    except OSError as error:
        place = Place(shown(Path(str(error.filename or output))))
        raise PublishError(f"cannot write here: {error.strerror}", "Choose another --output", place) from error


def _timeout() -> type[Exception]:
    from filelock import Timeout  # noqa: PLC0415  # as in `held`

    return Timeout


@contextmanager
def held(folder: Path, name: str = LOCK, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock of a folder, a file that is there only so long. Raises `Timeout` where another has it.

    It is removed while it is held: whoever has waited for it finds that what it holds has no name any more, and begins
    anew (filelock looks). What a killed process leaves is taken by the next.
    """
    from filelock import FileLock  # noqa: PLC0415  # loaded while pandoc works, where it does

    with FileLock(folder / name).acquire(blocking=wait):
        try:
            yield
        finally:
            with suppress(OSError):  # Windows removes what is released, and nothing that is held
                (folder / name).unlink()


def _delete(output: Path, path: str) -> bool:
    """Delete a file below the output folder, and the folders that it leaves empty."""
    file = output / path
    try:
        file.unlink()
    except OSError:
        return False
    folder = file.parent
    while folder != output:
        try:
            folder.rmdir()
        except OSError:
            break
        folder = folder.parent
    return True


def source_hash(root: Path, files: Iterable[Path]) -> str:
    """The SHA-256 of a book's files, with their paths from its folder."""
    digest = hashlib.sha256()
    for file in sorted(set(files)):
        digest.update(Path(os.path.relpath(file, root)).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold Ctrl-C and the signals to end back: the swap takes milliseconds and must not stop half-way."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _missing_folders(path: Path) -> list[Path]:
    missing = []
    while not path.exists():
        missing.append(path)
        path = path.parent
    return missing


def _remove_stale(output: Path) -> None:
    """Remove the staging folders of builds that were killed."""
    for folder in output.glob(f"{STAGING}*"):
        number = folder.name.removeprefix(STAGING).partition("-")[0]
        if number.isdigit() and not _is_alive(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process: int) -> bool:
    if os.name == "nt" or process == os.getpid():
        return process != os.getpid()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=1).replace("<", "\\u003c")  # safe inside a page's script too
    write_whole(path, text + "\n")
