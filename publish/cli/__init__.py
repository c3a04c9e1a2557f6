"""The command line: arguments in, exit code out. Progress and messages go to stderr, results to stdout."""

from __future__ import annotations

from publish.cli.run import main, process

__all__ = ["main", "process"]
