"""The arguments of what is run often: what is read at once, and what Typer has to read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from publish.cli.arguments import plain
from publish.cli.building import build
from publish.cli.checking import check
from publish.cli.converting import convert

LINE = "公司成立后，他退休了。"


@pytest.mark.parametrize(
    ("arguments", "read"),
    [
        (["-e", "zh-TW"], {"edition": "zh-TW"}),
        (["--terms", "food", "-t", "law", "--edition", "zh-HK"], {"pack": ["food", "law"], "edition": "zh-HK"}),
        (
            ["-e", "zh-TW", "-g", "a.yaml", "--explain"],
            {"edition": "zh-TW", "glossary": Path("a.yaml"), "explain": True},
        ),
        (["-e", "zh-TW", "-e", "zh-HK"], {"edition": "zh-HK"}),
    ],
)
def test_known_options_are_read(arguments, read):
    assert plain(convert, arguments) == read


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        [],
        ["-e"],
        ["-e", "--explain"],
        ["-ezh-TW"],
        ["--edition=zh-TW"],
        ["-e", "zh-TW", "file.txt", "another.txt"],
        ["-x"],
    ],
)
def test_anything_else_is_left_to_typer(arguments):
    assert plain(convert, arguments) is None


@pytest.mark.parametrize(
    ("command", "arguments", "read"),
    [
        (build, [], {}),
        (build, ["book", "-q", "-o", "out"], {"source": Path("book"), "quiet": True, "output": Path("out")}),
        (build, ["-e", "zh-TW,zh-HK", "--edition", "zh-CN"], {"edition": ["zh-TW", "zh-HK", "zh-CN"]}),
        (build, ["-j", "2", "--no-cache"], {"jobs": 2, "cache": False}),
        (build, ["--cache", "--shared-cache", "there"], {"cache": True, "shared": "there"}),
        (check, ["book", "--json"], {"source": Path("book"), "as_json": True}),
    ],
)
def test_a_build_s_arguments_are_read(command, arguments, read):
    assert plain(command, arguments) == read


@pytest.mark.parametrize("arguments", [["a", "b"], ["-j", "0"], ["-j", "two"], ["-qj2"], ["--", "-a"], ["-h"], ["-o"]])
def test_what_is_wrong_or_rare_in_a_build_s_arguments_is_left_to_typer(arguments):
    assert plain(build, arguments) is None


def test_an_option_that_the_environment_sets_is_left_to_typer(monkeypatch):
    monkeypatch.setenv("PUBLISH_SHARED_CACHE", "there")
    assert plain(build, []) is None


PROGRAM = """
import sys
from publish.cli import main
sys.argv = ["publish", "convert", "-e", "zh-TW"]
main()
print(sorted({"pydantic", "rich.console", "rjieba", "yaml", "weasyprint"} & sys.modules.keys()))
"""


def test_one_line_is_converted_without_loading_what_it_does_not_need():
    run = subprocess.run([sys.executable, "-c", PROGRAM], input=LINE, capture_output=True, text=True, check=True)
    assert run.stdout == "公司成立後，他退休了。[]\n"


AGAIN = """
import sys
from publish.cli import main
sys.argv = ["publish", "build", sys.argv[1], "-o", sys.argv[2], "-f", "html", "-e", "zh-TW", "-q", "-j", "1"]
main()
print(sorted({"pydantic", "rich.console", "rjieba", "typer", "publish.pipeline"} & sys.modules.keys()))
"""
TEXT = "---\ntitle: 干净的书\n---\n\n# 一个很长很长的标题在后面这里\n\n正文。\n"


def test_what_has_not_changed_loads_nothing_that_a_build_needs_and_a_paragraph_no_dictionary(tmp_path):
    book = tmp_path / "book.md"
    book.write_text(TEXT, encoding="utf-8")
    command = [sys.executable, "-c", AGAIN, str(book), str(tmp_path / "out")]
    assert "rjieba" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"
    book.write_text(TEXT.replace("正文", "别的正文"), encoding="utf-8")  # whose titles the last build has met
    made = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "publish.pipeline" in made
    assert not [name for name in ("rjieba", "pydantic", "typer") if name in made]
