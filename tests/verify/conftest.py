"""The publications that the validators look at, and what to do where a validator is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.verify import validators
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


@pytest.fixture(scope="session")
def chromium():
    """The browser, one for all tests: its driver can be started only once in a process."""
    with validators.chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def handbook(tmp_path_factory) -> Build:
    """The handbook in source/; PUBLISH_BUILD names a finished build to look at instead."""
    if finished := os.environ.get("PUBLISH_BUILD"):
        return Build((REPOSITORY / finished).resolve())
    folder = tmp_path_factory.mktemp("handbook")
    publish("build", "source", "--output", folder, "--quiet")
    return Build(folder)


@pytest.fixture(scope="session")
def features(tmp_path_factory) -> Build:
    """A book that uses every feature once, in horizontal and vertical editions."""
    folder = tmp_path_factory.mktemp("features")
    publish("build", FEATURES, "--output", folder, "--quiet", "--strict")
    return Build(folder)


@pytest.fixture(scope="session")
def built_clip(tmp_path_factory) -> Callable[[Path], Build]:
    """A clipped article, imported and built once."""

    @cache
    def built(path: Path) -> Build:
        folder = tmp_path_factory.mktemp(path.stem)
        publish("import", path, "-o", folder / "source")
        publish("build", folder / "source", "--output", folder / "build", "--quiet")
        return Build(folder / "build")

    return built


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
