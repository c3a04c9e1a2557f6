"""A release is cut from the changelog, and refused where something is not as it says."""

from __future__ import annotations

import datetime as dt
import re
import sys

import pytest

from scripts import release
from scripts.release import NotReadyError
from tests.tiny import ROOT

SETTINGS = '[project]\nname = "x"\nversion = "0.1.0"\ndependencies = ["y==0.1.0"]\n'
CHANGES = "# Changelog\n\n## [Unreleased]\n\n### New\n- One.\n\n## [0.1.0] - 2026-01-02\n\n- Zero.\n"
DAY = dt.date(2026, 3, 4)


def test_a_version_is_set_in_its_one_place():
    assert release.with_version(SETTINGS, "0.2.0rc1") == SETTINGS.replace('version = "0.1.0"', 'version = "0.2.0rc1"')
    with pytest.raises(NotReadyError, match="no version"):
        release.with_version(SETTINGS, "v2")


def test_cutting_gives_what_was_unreleased_a_number_and_a_day():
    text = release.cut(CHANGES, "0.2.0", DAY)
    assert release.notes(text, "Unreleased") == ""
    assert release.notes(text, "0.2.0") == "### New\n- One."
    assert release.notes(text, "0.1.0") == "- Zero."
    assert "## [0.2.0] - 2026-03-04\n" in text
    release.ready(text, "0.2.0")


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        (CHANGES, "0.1.0", "already has a section 0.1.0"),
        (CHANGES.replace("### New\n- One.\n\n", ""), "0.2.0", "nothing under Unreleased"),
    ],
)
def test_what_cannot_be_cut_is_refused(text, number, words):
    with pytest.raises(NotReadyError, match=words):
        release.cut(text, number, DAY)


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        (CHANGES, "0.1.0", "has changes under Unreleased"),
        (CHANGES, "0.2.0", "no section 0.2.0"),
        (release.cut(CHANGES, "0.2.0", DAY).replace(" - 2026-03-04", ""), "0.2.0", "with a date"),
        (release.cut(CHANGES, "0.2.0", DAY).replace("### New\n- One.\n\n", ""), "0.2.0", "says nothing of 0.2.0"),
    ],
)
def test_a_changelog_that_is_not_of_this_version_is_refused(text, number, words):
    with pytest.raises(NotReadyError, match=words):
        release.ready(text, number)


def test_a_program_that_fails_is_told_with_its_errors():
    with pytest.raises(NotReadyError, match=r"(?s)git nonsense failed:.*nonsense"):
        release.git("nonsense")


def test_the_version_stands_in_one_place_and_in_the_changelog():
    number = release.version((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert release.notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), number)
    stated = [
        path
        for path in (ROOT / "publish").rglob("*.py")
        if re.search(r"__version__ = [\"']", path.read_text(encoding="utf-8"))
    ]
    assert stated == []


def test_a_program_that_does_not_run_is_no_python(tmp_path, monkeypatch):
    minor = next(number for number in range(11, 15) if number != sys.version_info.minor)
    for name, text in {"broken": "exit 1", "other": "echo 2", "sound": f"echo {minor}"}.items():
        program = tmp_path / f"versions/3.{minor}.{name}/bin/python3"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "sh").symlink_to("/bin/sh")
    assert release.other_pythons() == [tmp_path / f"versions/3.{minor}.sound/bin/python3"]


@pytest.mark.verify
def test_a_wheel_in_a_bare_environment_makes_the_first_book(tmp_path):
    wheel = release.build_wheel(tmp_path)
    output = release.smoke(wheel, tmp_path)
    assert (output / "manifest.json").is_file()


@pytest.mark.verify
def test_the_newest_python_here_makes_the_first_book(tmp_path):
    pythons = release.other_pythons()
    if not pythons:
        pytest.skip("no other Python from 3.11 on is here")
    output = release.smoke(release.build_wheel(tmp_path), tmp_path, pythons[-1])
    assert (output / "manifest.json").is_file()
