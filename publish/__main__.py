"""`python -m publish` is the command `publish`."""

from __future__ import annotations

from publish.cli import process

if __name__ == "__main__":
    process()
