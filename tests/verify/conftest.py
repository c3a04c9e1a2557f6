"""The publications that the validators look at, and what to do where a validator is missing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.verify import validators
from tests.verify.sites import DESKTOP, Reader, serving
from tests.verify.validators import REPOSITORY, MissingValidatorError, NoDriverError

FEATURES = REPOSITORY / "tests/verify/features"
CLIPS = sorted((REPOSITORY.parent / "shared/inputs").glob("*.md"))


@dataclass(frozen=True)
class Build:
    """A folder that `publish build` filled."""

    folder: Path

    @property
    def epubs(self) -> list[Path]:
        return sorted(self.folder.glob("*/*.epub"))

    @property
    def pdfs(self) -> list[Path]:
        return sorted(self.folder.glob("*/*.pdf"))

    @property
    def pages(self) -> list[Path]:
        return sorted(self.folder.rglob("*.html"))


def publish(*arguments: str | Path) -> None:
    """Run this environment's own `publish`; what it says is shown if it fails."""
    command = shutil.which("publish", path=str(Path(sys.executable).parent))
    assert command, "publish is not installed in this environment: run make verify"
    done = subprocess.run([command, *map(str, arguments)], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"publish {arguments} exited with {done.returncode}:\n{done.stdout}{done.stderr}"


def publish_all(folder: Path, books: Sequence[Mapping[str, Any]]) -> None:
    """Build many books in one process, as a library: rows of its catalog in, a folder named as each row in `build/`."""
    catalog = {"books": books, "executor": "here", "output": "build"}
    (folder / "library.yaml").write_text(json.dumps(catalog, ensure_ascii=False), encoding="utf-8")
    publish("library", "build", folder / "library.yaml", "--quiet")


@pytest.fixture(scope="session")
def chromium():
    """The browser, one for all tests: its driver can be started only once in a process."""
    with validators.chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def site(handbook) -> Path:
    """The handbook's web editions on disk."""
    return handbook.folder


@pytest.fixture(scope="session")
def server(site):
    """The address of a plain static server of them."""
    with serving(site) as address:
        yield address


@pytest.fixture(scope="session", params=["server", "disk"])
def place(request, site, server):
    """Where the pages are: on a server, or opened from disk."""
    return server if request.param == "server" else site.as_uri()


@pytest.fixture
def window(chromium):
    """Opens windows: `window(own, **options)`, where `own` begins the addresses that pages may ask for."""
    readers: list[Reader] = []

    def opened(own: str, **options: Any) -> Reader:
        reader = Reader(chromium.new_context(**{**DESKTOP, **options}), own)
        reader.context.set_default_timeout(10_000)
        readers.append(reader)
        return reader

    yield opened
    for reader in readers:
        reader.context.close()
    assert not [fault for reader in readers for fault in reader.faults]
    assert not [url for reader in readers for url in reader.strangers]


@pytest.fixture(scope="session")
def handbook(once) -> Build:
    """The handbook in source/; PUBLISH_BUILD names a finished build to look at instead."""
    if finished := os.environ.get("PUBLISH_BUILD"):
        return Build((REPOSITORY / finished).resolve())
    return Build(once("handbook", lambda folder: publish("build", "source", "--output", folder, "--quiet")))


@pytest.fixture(scope="session")
def features(once) -> Build:
    """A book that uses every feature once, in horizontal and vertical editions."""
    return Build(once("features", lambda folder: publish("build", FEATURES, "-o", folder, "--quiet", "--strict")))


@pytest.fixture(scope="session")
def built_clip(once) -> Callable[[Path], Build]:
    """A clipped article, imported and built once: its folder has `source` and `build`."""

    def make(path: Path, folder: Path) -> None:
        publish("import", path, "-o", folder / "source")
        publish("build", folder / "source", "--output", folder / "build", "--quiet")

    return lambda path: Build(once(path.stem, lambda folder: make(path, folder)) / "build")


@pytest.fixture(scope="session", params=CLIPS or [None], ids=lambda clip: clip.stem if clip else "none")
def clip(request, built_clip) -> Build:
    """Each clipped article of ../shared/inputs."""
    if request.param is None:
        pytest.skip("no clipped article in ../shared/inputs")
    return built_clip(request.param)


@pytest.fixture(scope="session")
def epubs(handbook, features, built_clip) -> list[Path]:
    """The EPUBs of all books in all editions, so that one JVM checks them."""
    builds = (handbook, features, *(built_clip(path) for path in CLIPS))
    return [epub for build in builds for epub in build.epubs]


# The files that take longest, in this order, begin first, so that processes that share the files out end together.
LONGEST = (
    "test_printed_pages.py",
    "test_site_access.py",
    "test_publications.py",
    "test_proof.py",
    "test_site.py",
    "test_join.py",
    "test_warm.py",
    "test_delivery.py",
)


def pytest_collection_modifyitems(config, items):
    if config.option.markexpr == "verify":
        items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call():
    """A validator that is missing skips its tests; in CI, where `make verify` has installed it, it fails them."""
    try:
        return (yield)
    except NoDriverError as error:
        pytest.skip(str(error))
    except MissingValidatorError as error:
        if os.environ.get("CI"):
            pytest.fail(f"{error}, and CI must have it", pytrace=False)
        pytest.skip(str(error))
