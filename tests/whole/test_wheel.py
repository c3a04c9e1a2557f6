"""A wheel carries all that a build needs."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile

import pytest

from tests.tiny import ROOT, command


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    arguments = [
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--disable-pip-version-check",
        "-w",
        folder,
        ROOT,
    ]
    made = subprocess.run(
        [sys.executable, "-m", "pip", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    if made.returncode and "No module named" in made.stderr:
        pytest.skip("pip or hatchling is not installed here")
    assert made.returncode == 0, made.stderr
    [file] = folder.glob("*.whl")
    return file


def test_a_wheel_has_every_file_of_the_package(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    here = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "publish").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here <= names
    for name in (
        "themes/book/print.css",
        "themes/book/epub.ncx",
        "source/lua/read.lua",
        "starter/book/book.yaml",
        "starter/novel/book.yaml",
        "py.typed",
    ):
        assert f"publish/{name}" in names
    assert not any(name.startswith(("tests/", "build/", "source/", "docs/")) for name in names)


def test_a_wheel_registers_the_command_and_the_renderers(wheel):
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        points = archive.read(name).decode()
    assert "publish = publish.cli:process" in points
    assert all(f"{name} = publish.render.{name}:" in points for name in ("html", "epub", "pdf"))


def test_who_imports_the_package_gets_its_types(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    (tmp_path / "mine.py").write_text(
        "from pathlib import Path\n\nfrom publish.steps import Key\n\n"
        "reveal_type(Key('zh-TW', 'pdf').edition)\nKey(1, 'pdf')\n",
    )
    told = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-incremental", "--config-file=", "mine.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site"), "MYPYPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert 'Revealed type is "' in told
    assert "str" in told
    assert 'incompatible type "int"' in told
    assert "py.typed" not in told


def test_the_command_says_where_it_is_when_asked_wrongly():
    result = command("bild")
    assert result.returncode == 2
    assert "No such command" in result.stderr
