"""A long book made of a shorter one: its chapters over and over, each copy with ids, notes and links of its own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^(#{1,6} .*?)( \{#.*)?$")
_ID = re.compile(r"(\{[^{}]*?#)([A-Za-z][\w:.-]*)")
_LINK = re.compile(r"\]\(([\w.-]+\.md)?#([^)\s]+)\)")
_NOTE = re.compile(r"\[\^([^\]]+)\]")


def enlarge(source: Path, target: Path, characters: int) -> int:
    """Write a book of at least so many characters of Markdown into the folder `target`; their true number.

    The same source gives the same book. Tables, code, pictures and settings are the source's own.
    """
    shutil.copytree(source, target)
    settings = yaml.safe_load((source / "book.yaml").read_text(encoding="utf-8"))
    names = list(_files(settings["chapters"]))
    texts = {name: (source / name).read_text(encoding="utf-8") for name in names}
    copies, count = [(name, 1) for name in names], sum(map(len, texts.values()))
    for copy in range(2, characters // count + 2):
        for name in names:
            if count < characters:
                copies.append((name, copy))
                count += len(texts[name])
    for name, copy in copies[len(names) :]:
        text = _copied(texts[name], copy, {one for one, number in copies if number == copy})
        (target / _name(name, copy)).write_text(text, encoding="utf-8")
    settings["chapters"] += [_name(name, copy) for name, copy in copies[len(names) :]]
    (target / "book.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return count


def chapter_files(source: Path) -> list[Path]:
    """A book's chapters in order."""
    settings = yaml.safe_load((source / "book.yaml").read_text(encoding="utf-8"))
    return [source / name for name in _files(settings["chapters"])]


def _files(chapters: list[Any]) -> Iterator[str]:
    for one in chapters:
        if isinstance(one, dict):
            yield from _files(one["chapters"])
        else:
            yield one


def _name(name: str, copy: int) -> str:
    return name if copy == 1 else f"{name.removesuffix('.md')}-{copy}.md"


def _copied(text: str, copy: int, present: set[str]) -> str:
    """A chapter's text as its copy of a number; a link to a chapter that this round lacks leads to the first copy's."""

    def link(match: re.Match[str]) -> str:
        page, name = match[1], match[2]
        if page and page not in present:
            return match[0]
        return f"]({_name(page, copy) if page else ''}#{name}-{copy})"

    lines, fence = [], ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence:
            line = _HEADING.sub(rf"\1（{copy}）\2", line)  # noqa: PLW2901  # a line, and that line changed
            line = _ID.sub(rf"\1\2-{copy}", line)  # noqa: PLW2901
            line = _NOTE.sub(rf"[^\1-{copy}]", _LINK.sub(link, line))  # noqa: PLW2901
        lines.append(line)
    return "\n".join(lines)
