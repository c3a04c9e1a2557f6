"""The process of the command: what it leaves behind, and with what it ends."""

from __future__ import annotations

import subprocess
import sys

import pytest

# A thing that would write as Python takes it apart, and one that is written at a process's end.
PROGRAM = """
import atexit, sys
from publish import cli
class Late:
    def __del__(self):
        print("taken apart", flush=True)
cli.late = Late()
atexit.register(print, "at the end")
sys.argv = ["publish", *sys.argv[1:]]
cli.process()
"""


def run(*arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, input="头发\n", capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_what_is_run_often_ends_without_taking_apart_what_it_loaded():
    assert run("convert", "--from", "zh-CN", "-e", "zh-TW") == (0, "頭髮\nat the end\n")
    assert run("--version")[1].endswith("at the end\ntaken apart\n")


@pytest.mark.parametrize(("arguments", "code"), [(["convert", "-e", "nowhere"], 2), (["build", "no-such-book"], 1)])
def test_a_failure_keeps_its_exit_code(arguments, code):
    assert run(*arguments) == (code, "at the end\n")
