"""A redline for a terminal, as one page that needs no other file, and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment
from rich.text import Text

from publish.language import tell
from publish.redline.align import NEW, OLD, SAME, Kind, RedlineRow, count
from publish.redline.passages import State

CONTEXT = 1  # passages that stay as they were and are shown beside each change
KINDS: tuple[Kind, ...] = ("changed", "added", "removed", "moved", "same")
_SIGNS = {"added": NEW, "removed": OLD, "changed": "~", "moved": ">"}
_MARKS = {SAME: ("", ""), OLD: ("[-", "-]"), NEW: ("{+", "+}")}
_STYLES = {SAME: "", OLD: "red strike", NEW: "green underline"}
PARTLY = "its web pages are not in both builds, so code, formulas and pictures are not compared"

# What the page says, by the script of the edition that it shows.
WORDS = {
    "Hans": {
        "title": "修订对照",
        "old": "原来",
        "new": "现在",
        "editions": "版本",
        "changed": "改动",
        "added": "新增",
        "removed": "删去",
        "moved": "移位",
        "same": "未变",
        "none": "没有不同。",
        "front": "书名与说明",
        "gap": "略去 {} 段未变",
        "partly": "两边不都有网页，所以代码、公式和图片没有比较。",
    },
    "Hant": {
        "title": "修訂對照",
        "old": "原來",
        "new": "現在",
        "editions": "版本",
        "changed": "改動",
        "added": "新增",
        "removed": "刪去",
        "moved": "移位",
        "same": "未變",
        "none": "沒有不同。",
        "front": "書名與說明",
        "gap": "略去 {} 段未變",
        "partly": "兩邊不都有網頁，所以程式碼、公式和圖片沒有比較。",
    },
}


@dataclass(frozen=True)
class EditionRedline:
    """Two states of an edition and what differs."""

    old: State
    new: State
    rows: tuple[RedlineRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many passages are of which kind."""
        counted = count(self.rows)
        return {kind: counted[kind] for kind in KINDS}

    @property
    def differs(self) -> bool:
        """Whether anything is other than it was."""
        return any(row.kind != "same" for row in self.rows)

    def titles(self) -> dict[str, str]:
        """The titles of chapters by their keys: the first heading of each."""
        found: dict[str, str] = {}
        for one in (*self.new.passages, *self.old.passages):
            if one.chapter and one.chapter not in found:
                found[one.chapter] = one.text
        return found


def as_text(found: Sequence[EditionRedline]) -> list[Text]:
    """The changes for a terminal, a passage a line: what has gone in `[-…-]`, what is new in `{+…+}`."""
    return [line for one in found for line in _lines(one)]


def _lines(one: EditionRedline) -> Iterator[Text]:
    titles, chapter = one.titles(), None
    for row in one.rows:
        if row.kind == "same":
            continue
        if row.passage.chapter != chapter:
            chapter = row.passage.chapter
            title = f"{chapter}  {titles.get(chapter, '')}" if chapter else tell("(metadata)")
            yield Text(f"{one.new.edition}  {title}", style="dim")
        line = Text(f"{_SIGNS[row.kind]} ")
        for kind, text in row.pieces:
            before, after = _MARKS[kind] if row.kind == "changed" else _MARKS[SAME]
            line.append(f"{before}{text}{after}".replace("\n", "⏎ "), _STYLES[kind])
        yield line
    yield Text(summary_line(one), style="bold")
    yield Text()


def summary_line(one: EditionRedline) -> str:
    """An edition's figures as a sentence."""
    if not one.differs:
        return tell(f"{one.new.edition}: no difference in {len(one.rows)} passages")
    told = ", ".join(tell(f"{number} {kind}") for kind, number in one.counts.items() if number)
    partly = "" if one.new.whole else f"; {tell(PARTLY)}"
    return f"{one.new.edition}: {told}{partly}"


def as_json(found: Sequence[EditionRedline]) -> str:
    """The changes for programs."""
    data = [
        {
            "edition": one.new.edition,
            "whole": one.new.whole,
            "counts": one.counts,
            "changes": [_change(row) for row in one.rows if row.kind != "same"],
        }
        for one in found
    ]
    return json.dumps({"editions": data}, ensure_ascii=False, indent=1)


def _change(row: RedlineRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "chapter": row.passage.chapter,
        "id": row.passage.id,
        "from": row.old.chapter if row.kind == "moved" and row.old else "",
        "old": row.old.text if row.old else "",
        "new": row.new.text if row.new else "",
        "pieces": [list(piece) for piece in row.pieces],
    }


def as_page(found: Sequence[EditionRedline], old: str, new: str) -> str:
    """The changes as one HTML page that needs no other file and no script; `old` and `new` name the two states."""
    editions = [
        {
            "state": one.new,
            "counts": one.counts,
            "differs": one.differs,
            "chapters": _chapters(one),
            "words": WORDS[_script(one)],
        }
        for one in found
    ]
    first = found[0]
    values = {"editions": editions, "old": old, "new": new, "title": first.new.title, "words": WORDS[_script(first)]}
    return str(_template().render(values))


def _script(one: EditionRedline) -> str:
    return "Hans" if "Hans" in one.new.tag else "Hant"


def _chapters(one: EditionRedline) -> list[dict[str, Any]]:
    """The chapters in which something differs: each change with what stands around it, and how much is left out."""
    titles = one.titles()
    chapters: list[dict[str, Any]] = []
    for key in dict.fromkeys(row.passage.chapter for row in one.rows):
        rows = [row for row in one.rows if row.passage.chapter == key]
        near = {
            number + step
            for number, row in enumerate(rows)
            if row.kind != "same"
            for step in range(-CONTEXT, CONTEXT + 1)
        }
        if near:
            chapters.append({"title": titles.get(key, ""), "rows": _shown(rows, near, titles)})
    return chapters


def _shown(rows: Sequence[RedlineRow], near: set[int], titles: dict[str, str]) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    left_out = 0
    for number, row in enumerate(rows):
        if number not in near:
            left_out += 1
            continue
        moved = row.kind == "moved" and row.old
        out.append(
            {
                "left_out": left_out,
                "kind": row.kind,
                "is": row.passage.kind,
                "pieces": row.pieces,
                "from": titles.get(row.old.chapter, "") if moved and row.old else "",
            }
        )
        left_out = 0
    return [*out, {"left_out": left_out, "kind": ""}] if left_out else out


@cache
def _template() -> Any:
    text = resources.files("publish.redline").joinpath("page", "redline.html").read_text(encoding="utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)
