"""The code blocks of documentation: what a page says to type is what its test runs."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_BLOCK = re.compile(r"^```(\w+) *(?:\n# (\S+)\n|\n)(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> dict[str, str]:
    """The blocks of a page of docs/ by the file that their first line names: `# publish_outline.py`."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return {name: code for _, name, code in _BLOCK.findall(text) if name}
