"""Makes the texts that scripts/contexts.py learns from beside ../shared/corpora, from clones of public repositories.

    python scripts/corpora.py CLONES OUTPUT

CLONES holds a clone of each repository of SOURCES under its own name; OUTPUT gets a text file each, a line a line.
"""
# a script, not a package

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

HAN = re.compile("[\u4e00-\u9fff]")
FEWEST = 6  # Han characters of a line that is worth having

# Text file: the repository, and a pattern of the files in it.
SOURCES = {
    "archive-all": ("archive.tw", r".*(\.an\.xml|\.md|\.txt)"),
    "moztw-all": ("cc0-sentences", r"zh-TW/.*\.txt"),
    "taiwan-md": ("taiwan-md", r"knowledge/(?!(en|ja|ko|es|fr|de|vi|zh-CN|_)).*\.md"),
    "drcd-dev": ("DRCD", r"DRCD_dev\.json"),
    "drcd-test": ("DRCD", r"DRCD_test\.json"),
    "ud-gsd-all": ("UD_Chinese-GSD", r".*\.conllu"),
    "ud-yue": ("UD_Cantonese-HK", r".*\.conllu"),
}


def lines(path: Path) -> Iterator[str]:
    """The lines of a file without its markup."""
    text = path.read_text("utf-8", errors="replace")
    if path.suffix == ".conllu":
        yield from re.findall("(?m)^# text = (.*)$", text)
        return
    if path.suffix == ".json":
        yield from (one["context"].strip() for article in json.loads(text)["data"] for one in article["paragraphs"])
        return
    for pattern, instead in (
        (r"(?s)\A---.*?\n---\n", ""),
        (r"(?s)```.*?```", ""),
        (r"<[^>]*>", ""),
        (r"!?\[([^\]]*)\]\([^)]*\)", r"\1"),
        (r"[*_`#>|]", ""),
    ):
        text = re.sub(pattern, instead, text)
    yield from (line.strip() for line in text.splitlines() if len(HAN.findall(line)) >= FEWEST)


def main() -> None:
    """Write the text files."""
    clones, output = map(Path, sys.argv[1:])
    for name, (repository, pattern) in SOURCES.items():
        root = clones / repository
        files = sorted(path for path in root.rglob("*") if re.fullmatch(pattern, path.relative_to(root).as_posix()))
        found = dict.fromkeys(line for path in files for line in lines(path))
        (output / f"{name}.txt").write_text("".join(f"{line}\n" for line in found), encoding="utf-8")
        print(f"{name}: {len(found)} lines")


if __name__ == "__main__":
    main()
