"""A wheel carries all that a build needs."""

from __future__ import annotations

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
    for name in ("themes/book/print.css", "themes/book/epub.ncx", "source/lua/read.lua", "starter/book/book.yaml"):
        assert f"publish/{name}" in names
    assert not any(name.startswith(("tests/", "build/", "source/", "docs/")) for name in names)


def test_a_wheel_registers_the_command_and_the_renderers(wheel):
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        points = archive.read(name).decode()
    assert "publish = publish.cli:main" in points
    assert all(f"{name} = publish.render.{name}:" in points for name in ("html", "epub", "pdf"))


@pytest.mark.verify
def test_a_book_is_built_by_what_was_installed_from_a_wheel(wheel, tmp_path):
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--system-site-packages", environment], check=True)
    python = environment / "bin/python"
    site = subprocess.run(
        [sys.executable, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    own = next((environment / "lib").glob("python*/site-packages"))
    (own / "host.pth").write_text(f"{site}\n")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall", wheel], check=True)
    for arguments in (["init", "book"], ["build", "book"]):
        made = subprocess.run(
            [python, "-m", "publish", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, made.stderr
    told = subprocess.run(
        [python, "-c", "import publish; print(publish.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(environment) in told.stdout
    assert len(list((tmp_path / "build").glob("*/book.pdf"))) == 3


def test_the_command_says_where_it_is_when_asked_wrongly():
    result = command("bild")
    assert result.returncode == 2
    assert "No such command" in result.stderr
