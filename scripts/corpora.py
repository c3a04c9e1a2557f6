"""Makes the texts that scripts/contexts.py learns from beside ../shared/corpora, from clones of public repositories.

    python scripts/corpora.py CLONES OUTPUT [--without TEXT...]

CLONES holds a clone of each repository of SOURCES under its own name; OUTPUT gets a text file each, a line a line.
Lines with a sentence of the blocks of TEXT that benchmarks/registers.py measures on are left out: two collections may
have one poem.
"""
# a script, not a package

from __future__ import annotations

import argparse
import json
import lzma
import re
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
    "ctcpc": ("pycantonese", r"src/pycantonese/data/ctcpc/sents\.json"),
    "hkcancor": ("pycantonese", r"src/pycantonese/data/hkcancor/.*\.cha"),
    "chinese-poetry": ("chinese-poetry", r"全唐诗/poet\.(song|tang)\.\d+\.json"),
    # Without 遼史, 周書, 文選, 管子, 說苑, 鹽鐵論 and 越絕書, on which old text is measured.
    "chinesenotes": (
        "chinesenotes.com",
        r"corpus/(?!images|articles|shuowen|liaoshi|zhoushu|wenxuan|guanzi|shuoyuan|yantielun|yuejueshu)[^/]+/.*\.txt",
    ),
}
BLOCK, PARTS, TEST = 40, 10, 0  # as in scripts/contexts.py


def lines(path: Path) -> Iterator[str]:
    """The lines of a file without its markup."""
    text = path.read_text("utf-8", errors="replace")
    if path.suffix == ".conllu":
        yield from re.findall("(?m)^# text = (.*)$", text)
        return
    if path.suffix == ".cha":
        yield from filter(is_worth_having, map(without_spaces, re.findall(r"(?m)^\*\w+:\t(.*)$", text)))
        return
    if path.suffix == ".json":
        read = json.loads(text)
        if isinstance(read, list) and isinstance(read[0], str):
            yield from filter(is_worth_having, map(without_spaces, read))
        elif isinstance(read, list):  # poems
            yield from ("".join(poem["paragraphs"]) for poem in read)
        else:
            yield from (one["context"].strip() for article in read["data"] for one in article["paragraphs"])
        return
    for pattern, instead in (
        (r"(?s)\A---.*?\n---\n", ""),
        (r"(?s)```.*?```", ""),
        (r"<[^>]*>", ""),
        (r"!?\[([^\]]*)\]\([^)]*\)", r"\1"),
        (r"[*_`#>|]", ""),
    ):
        text = re.sub(pattern, instead, text)
    yield from filter(is_worth_having, map(str.strip, text.splitlines()))


def is_worth_having(line: str) -> bool:
    """Whether a line has a few Han characters."""
    return len(HAN.findall(line)) >= FEWEST


def without_spaces(line: str) -> str:
    """A line without the spaces that part its words, but for those between Latin words."""
    return re.sub(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])", "", line.strip())


def sentences(line: str) -> Iterator[str]:
    """The Han of each sentence of a line."""
    for part in re.findall("[^。！？；]+", line):
        found = "".join(HAN.findall(part))
        if len(found) >= FEWEST:
            yield found


def measured(path: Path) -> Iterator[str]:
    """The sentences of a text on which benchmarks/registers.py measures."""
    opened = lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")  # noqa: SIM115  # closed
    with opened as file:
        found = [line for line in dict.fromkeys(line.strip() for line in file) if line]
    for number, line in enumerate(found):
        if number // BLOCK % PARTS == TEST:
            yield from sentences(line)


def main() -> None:
    """Write the text files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("clones", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--without", nargs="*", type=Path, default=[])
    arguments = parser.parse_args()
    kept_out = {sentence for path in arguments.without for sentence in measured(path)}
    for name, (repository, pattern) in SOURCES.items():
        root = arguments.clones / repository
        files = sorted(path for path in root.rglob("*") if re.fullmatch(pattern, path.relative_to(root).as_posix()))
        found = dict.fromkeys(line for path in files for line in lines(path))
        rows = [line for line in found if kept_out.isdisjoint(sentences(line))]
        (arguments.output / f"{name}.txt").write_text("".join(f"{line}\n" for line in rows), encoding="utf-8")
        print(f"{name}: {len(rows)} lines")


if __name__ == "__main__":
    main()
