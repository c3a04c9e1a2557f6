"""A book of a wanted length in a wanted number of chapters, made of another's: what the engine is measured with."""

from __future__ import annotations

import re
import shutil
import tempfile
from itertools import accumulate
from pathlib import Path

import yaml
from book import chapter_files, enlarge

_HEADING = re.compile(r"^#(?=#* )", re.MULTILINE)
_FENCED = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([\w.-]+\.md)#")


def write_volume(source: Path, target: Path, characters: int, chapters: int) -> int:
    """Write a book of at least so many characters of Markdown in so many chapters of about one length; their number.

    Each chapter is several of the source's, one behind the other, all but the first a level lower.
    """
    with tempfile.TemporaryDirectory() as folder:
        long = Path(folder) / "book"
        count = enlarge(source, long, characters)
        files = chapter_files(long)
        homes = _homes(files, chapters)
        texts: dict[str, list[str]] = {}
        for file in files:
            text = _LINK.sub(lambda link: f"]({homes.get(link[1], link[1])}#", file.read_text(encoding="utf-8"))
            before = texts.setdefault(homes[file.name], [])
            before.append(_lowered(text) if before else text)
            file.unlink()
        shutil.copytree(long, target)
    for name, parts in texts.items():
        (target / name).write_text("\n\n".join(parts), encoding="utf-8")
    settings = yaml.safe_load((target / "book.yaml").read_text(encoding="utf-8"))
    settings["chapters"] = list(texts)
    (target / "book.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return count


def _homes(files: list[Path], chapters: int) -> dict[str, str]:
    """The new file of each old one, so that all new ones are of about one length."""
    sizes = [len(file.read_text(encoding="utf-8")) for file in files]
    ends = accumulate(sizes)
    whole = sum(sizes)
    middles = [end - size / 2 for end, size in zip(ends, sizes, strict=True)]
    return {
        file.name: f"{int(middle * chapters / whole) + 1:02d}.md" for file, middle in zip(files, middles, strict=True)
    }


def _lowered(text: str) -> str:
    """A chapter's text with its headings a level lower; what stands in code stays."""
    out, at = [], 0
    for code in _FENCED.finditer(text):
        out += [_HEADING.sub("##", text[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*out, _HEADING.sub("##", text[at:])])
