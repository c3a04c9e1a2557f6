"""What brings publish to others: the pre-commit hook, the GitHub Action and the image's steps, each run for real."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import yaml

from publish.starter import start_book
from tests.tiny import ROOT

pytestmark = pytest.mark.verify


def run(*command, cwd, env=None, expected=0):
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False
    )
    assert done.returncode == expected, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """The repository as others get it: what is committed, and nothing besides."""
    folder = tmp_path_factory.mktemp("clone") / "publish"
    run("git", "clone", "--quiet", "--no-local", "--depth", 1, f"file://{ROOT}", folder, cwd=ROOT)
    return folder


@pytest.fixture
def book(tmp_path):
    """A git repository with a book in it."""
    start_book(tmp_path / "mine/book", "essays")
    run("git", "init", "--quiet", cwd=tmp_path / "mine")
    return tmp_path / "mine"


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    """pre-commit from the index, in an environment of its own."""
    folder = tmp_path_factory.mktemp("pre-commit")
    venv.create(folder, with_pip=True)
    done = subprocess.run([folder / "bin/pip", "install", "--quiet", "pre-commit"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("pre-commit cannot be installed here")
    return folder / "bin"


@pytest.fixture
def shims(tmp_path):
    """A `sudo` and an `apt-get` that only note what they are asked for."""
    folder = tmp_path / "shims"
    folder.mkdir()
    for name in ("sudo", "apt-get"):
        (folder / name).write_text(f'#!/bin/sh\necho "{name} $*" >> "{folder}/asked"\n', encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


def test_the_hook_passes_a_sound_book_and_stops_a_broken_one(tools, clone, book, tmp_path):
    revision = run("git", "rev-parse", "HEAD", cwd=clone).strip()
    hook = {"id": "publish-check", "args": ["book"]}
    settings = {"repos": [{"repo": str(clone), "rev": revision, "hooks": [hook]}]}
    (book / ".pre-commit-config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    run("git", "add", ".", cwd=book)
    own = {"PRE_COMMIT_HOME": str(tmp_path / "home"), "PATH": f"{tools}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    assert "Passed" in run(tools / "pre-commit", "run", "--all-files", cwd=book, env=own)
    chapter = next((book / "book").glob("*.md"))
    chapter.write_text(chapter.read_text("utf-8") + "\n![图](none.png)\n", encoding="utf-8")
    assert 'image "none.png" not found' in run(
        tools / "pre-commit", "run", "--all-files", cwd=book, env=own, expected=1
    )


def test_the_action_builds_and_checks(clone, book, shims, tmp_path):
    action = yaml.safe_load((clone / "action.yml").read_text("utf-8"))
    around = {"RUNNER_TEMP": str(tmp_path / "runner"), "GITHUB_ACTION_PATH": str(clone)}
    around["PATH"] = f"{shims}:{os.environ['PATH']}"
    (tmp_path / "runner").mkdir()

    def run_steps(steps, **inputs):
        given = {name: inputs.get(name, one["default"]) for name, one in action["inputs"].items()}
        for step in steps:
            words = [step["run"], *step.get("env", {}).values()]
            script, *values = (
                re.sub(r"\$\{\{ *inputs\.([\w-]+) *\}\}", lambda one: given[one[1]], one) for one in words
            )
            env = dict(zip(step.get("env", {}), values, strict=True))
            run("bash", "-e", "-o", "pipefail", "-c", script, cwd=book, env={**around, **env})

    *install, last = action["runs"]["steps"]
    assert "inputs." not in str(install), "what is installed is the same for both"
    run_steps(install)
    assert "fonts-noto-cjk" in (shims / "asked").read_text("utf-8")
    run_steps([last], book="book", command="check")
    assert not (book / "out").exists()
    run_steps([last], book="book", output="out", arguments="--format html")
    assert (book / "out/zh-CN/html").is_dir()


def test_the_steps_of_the_image_lead_to_a_command_that_builds(clone, book, shims, tmp_path):
    root = tmp_path / "image"
    for name in ("src", "opt"):
        (root / name).mkdir(parents=True)
    own = {"PATH": f"{shims}:{Path(sys.executable).parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    first, last = re.split(r"(?m)^FROM .*\n", (clone / "Containerfile").read_text("utf-8").replace("\\\n", ""))[1:]
    for word, rest in re.findall(r"(?m)^(RUN|COPY) (.*)$", first):
        if word == "COPY":
            *sources, target = rest.split()
            for source in sources:
                copy = shutil.copytree if (clone / source).is_dir() else shutil.copy
                copy(clone / source, root / "src" / (source if target in (".", "./") else target))
        else:
            command = rest.replace("/opt/", f"{root}/opt/").replace("rm -rf /var/lib/apt/lists/*", "true")
            run("sh", "-e", "-c", command, cwd=root / "src", env=own)
    assert "COPY --from=wheel /opt/publish /opt/publish" in last
    assert re.search(r'(?m)^USER \d+\n.*ENTRYPOINT \["publish"\]', last)
    assert "fonts-noto-cjk" in last
    publish = root / "opt/publish/bin/publish"
    run(publish, "build", "book", "--format", "html", "--output", "out", cwd=book, env={"LC_ALL": "C.UTF-8"})
    assert (book / "out/zh-CN/html/book.html").is_file()
