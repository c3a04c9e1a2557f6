"""The editor that a finding's line is opened in: how it is chosen, and what it is told."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from publish.errors import PublishError, UsageError
from publish.serve.editor import EDITORS, Editor, choose_editor

FILE = Path("/书 稿/01.md")


@pytest.fixture
def install(tmp_path, monkeypatch):
    """`install("code")` puts programs of these names, and no others, on the PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def put(*names: str) -> None:
        for name in names:
            (tmp_path / name).write_text("#!/bin/sh\n", encoding="utf-8")
            (tmp_path / name).chmod(0o755)

    return put


def test_a_known_editor_is_started_and_where_its_program_is_missing_its_address_is_used(install):
    found = choose_editor("vscode", {})
    assert found.command == ()
    assert found.address(FILE, 7) == "vscode://file/%E4%B9%A6%20%E7%A8%BF/01.md:7"
    install("code")
    assert choose_editor("vscode", {}).command == ("code", "--goto", "{file}:{line}")


def test_visual_comes_before_editor_and_what_draws_in_the_terminal_is_passed_over(install):
    install("subl", "code", "vim")
    assert choose_editor("", {"VISUAL": "code --wait", "EDITOR": "subl"}).name == "code"
    assert choose_editor("", {"VISUAL": "vim", "EDITOR": "/usr/bin/subl -w"}).name == "subl"
    assert choose_editor("", {"VISUAL": "", "EDITOR": "'"}).name == "code"


def test_nothing_is_chosen_where_nothing_is_installed(install):
    del install
    assert choose_editor("", {"EDITOR": "vim"}) is None


def test_a_command_or_an_address_of_ones_own(install):
    install("ed-it")
    assert choose_editor("ed-it -l {line} '{file}'", {}).command == ("ed-it", "-l", "{line}", "{file}")
    assert choose_editor("ed-it", {}).command == ("ed-it", "{file}")
    assert (
        choose_editor("mine://open?f={file}&l={line}", {}).address(Path("/a&b.md"), 0) == "mine://open?f=/a%26b.md&l=1"
    )


@pytest.mark.parametrize(
    "wanted", ["vim", "/usr/bin/nvim", "nothing-of-this-name", "x {file} {column}", "x {file", "subl"]
)
def test_an_editor_that_cannot_be_used_is_an_error_before_the_server_begins(install, wanted):
    del install
    with pytest.raises(UsageError):
        choose_editor(wanted, {})


def test_every_editor_is_told_the_file_and_all_but_one_the_line():
    for one in EDITORS.values():
        told = " ".join(one.command)
        assert "{file}" in told
        assert "{line}" in told or one.name == "typora"
        assert not one.url or ("{file}" in one.url and "{line}" in one.url)


def test_starting_passes_the_file_as_one_word_whatever_is_in_its_name(tmp_path):
    out = tmp_path / "out"
    code = "import sys; open(sys.argv[1], 'w', encoding='utf-8').write(repr(sys.argv[2:]))"
    name = tmp_path / "a; rm -rf $(x) {y}.md"
    Editor("python", (sys.executable, "-c", code, str(out), "{file}", "+{line}")).start(name, 3)
    for _ in range(100):
        if out.exists() and out.read_text("utf-8"):
            break
        time.sleep(0.05)
    assert out.read_text("utf-8") == repr([str(name), "+3"])


def test_an_editor_that_does_not_start_is_told():
    with pytest.raises(PublishError, match="cannot start no-such-program"):
        Editor("x", ("no-such-program", "{file}")).start(FILE, 1)
