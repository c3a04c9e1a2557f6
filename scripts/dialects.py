"""docs/dialects.md: what of whose Markdown is read, made from the tables of the code."""

from __future__ import annotations

import sys
from pathlib import Path

from publish.source.pandoc import EXTENSIONS
from publish.source.reading.kinds import KINDS
from publish.source.reading.unread import UNREAD

DIALECTS = Path(__file__).parents[1] / "docs" / "dialects.md"


def table() -> str:
    """The page."""
    switches = "\n".join(f"| `{name}` | {'on' if on else 'off'} |" for name, on in EXTENSIONS.items())
    kinds: dict[str, list[str]] = {}
    for name, kind in KINDS.items():
        kinds.setdefault(kind, []).append(f"`{name}`")
    boxes = "\n".join(f"| {kind} | {', '.join(names)} |" for kind, names in kinds.items())
    unread = "\n".join(f"- {kind}" for kind in dict.fromkeys(kind for kind, _ in UNREAD))
    return f"""# What is read

Made by `python -m scripts.dialects`. The reader is pandoc's Markdown, and before it `publish/source/reading`, which
narrows it to what people mean and reads what other tools have added.

## Pandoc's extensions that are not as pandoc has them

| Extension | Here |
|:--|:--|
{switches}

## Boxes

`> [!NAME]`, `::: name`, `!!! name` and `??? name`, with a title or without; without one the edition's region names it.

| Kind | Names |
|:--|:--|
{boxes}

## What stands as it was typed

Each is told once (`markup-unread`), with its first line and how often it is met:

{unread}
"""


def main() -> int:
    """Write the page."""
    DIALECTS.write_text(table(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
