"""The arguments of a filter: what is read at once, and what Typer has to read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from publish.arguments import plain
from publish.cli import convert

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
        ["-e", "zh-TW", "file.txt"],
        ["-x"],
    ],
)
def test_anything_else_is_left_to_typer(arguments):
    assert plain(convert, arguments) is None


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
