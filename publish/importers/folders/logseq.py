"""Logseq's graphs: outlines of blocks, their properties, references to blocks, journals by their dates."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from publish.importers.folders.engine import FolderImporter, masked_sub
from publish.importers.folders.obsidian import by_name
from publish.importers.folders.outline import ContentsEntry, FolderOutline, FolderPage, FolderReading
from publish.importers.folders.tree import Tree
from publish.importers.protocol import SURE, Claim
from publish.importers.report import Ledger
from publish.source.order import natural

_PROPERTY = re.compile(r"^(?P<key>[^\W\d_][\w./-]*)::(?:[ \t]+(?P<value>.*))?$")
# What the program notes for itself: no words of the author's.
_OWN = re.compile(
    r"id|title|collapsed|background-color|heading|icon|template(?:-including-parent)?|created-at|updated-at|public"
    r"|filters|file|file-path|exclude-from-graph-view|card-[\w-]+|hl-[\w-]+|ls-type|query-[\w-]+|(?:logseq|todo)\.[\w.-]+",
    re.IGNORECASE,
)
# When a task is due, and when somebody worked on it.
_CLOCK = re.compile(r"^(?:SCHEDULED|DEADLINE): <[^<>\n]+>$|^CLOCK: \[.*$|^:(?:LOGBOOK|END):$")
_TASK = re.compile(r"^(?P<state>TODO|LATER|NOW|DOING|WAITING|WAIT|IN-PROGRESS|DONE)[ \t]+(?:\[#[ABC]\][ \t]*)?")
_BLOCK = re.compile(r"^(?P<indent>[ \t]*)-(?:[ \t](?P<text>.*)|$)")
_HEADING = re.compile(r"^(?P<marks>#{1,6})[ \t]+\S")
_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_REFERENCE = re.compile(
    rf"\[(?P<label>[^\[\]\n]*)\]\(\(\((?P<named>{_ID})\)\)\)"
    rf"|\{{\{{embed[ \t]*\(\((?P<embedded>{_ID})\)\)[ \t]*\}}\}}|\(\((?P<bare>{_ID})\)\)"
)
_EMBED_PAGE = re.compile(r"\{\{embed[ \t]*(?P<link>\[\[[^\[\]\n]+\]\])[ \t]*\}\}")
_QUERY = re.compile(
    r"\{\{(?:query|renderer|cloze|namespace)\b[^{}]*\}\}|^#\+BEGIN_QUERY.*?^#\+END_QUERY", re.DOTALL | re.MULTILINE
)
_TAG = re.compile(r"(?<![\w#])#\[\[(?P<name>[^\[\]\n]+)\]\]")
_PAGE = re.compile(r"\[\[(?P<name>[^\[\]|\n#]+)\]\]")
_SIZE = re.compile(r"(?<=\))\{:[^{}\n]*?:width[ \t]+(?P<width>\d+)[^{}\n]*\}|(?<=\))\{:height[ \t]+\d+\}")
_DAY = re.compile(r"(\d{4})[-_](\d\d)[-_](\d\d)$")
_DONE = "DONE"


@dataclass
class _Bullet:
    """A block: how deep it stands, its lines."""

    depth: int
    lines: list[str] = field(default_factory=list)


class LogseqImporter(FolderImporter):
    """Folders of Logseq."""

    name = "logseq"
    about = "a graph of Logseq (logseq/config.edn, pages, journals)"

    def sign(self, folder: Path) -> Claim | None:
        """logseq/config.edn beside pages or journals."""
        there = (folder / "logseq" / "config.edn").is_file()
        return Claim(SURE, "logseq/config.edn") if there else None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The pages, those that the page called contents names first, then the journals by date."""
        tree.leave(file for file in tree.files if not file.startswith(("pages/", "journals/", "assets/")))
        pages = [file for file in tree.files if file.startswith("pages/") and file.endswith(".md")]
        first = tree.find("pages/contents.md")
        named = [_file(match["name"], tree) for match in _PAGE.finditer(tree.text(first) if first else "")]
        order = {file: at for at, file in reversed(list(enumerate(named))) if file}
        pages.sort(key=lambda file: (order.get(file, len(order)), natural(_name(file))))
        entries = [ContentsEntry(_name(file), file) for file in pages if file != first and _has_text(tree.text(file))]
        empty = [file for file in pages if file != first and not _has_text(tree.text(file))]
        tree.leave([*empty, *([first] if first else [])])
        if first:
            ledger.file = first
            ledger.decide("page-aside", 0, first, "left out", "the order of the pages is taken from it")
            ledger.file = ""
        if empty:
            ledger.decide(
                "page-empty", 0, ", ".join(map(_name, empty)), "left out", "pages that hold no text of their own"
            )
        days = sorted(file for file in tree.files if file.startswith("journals/") and file.endswith(".md"))
        written = [ContentsEntry(_name(file), file) for file in days if _has_text(tree.text(file))]
        tree.leave(file for file in days if not _has_text(tree.text(file)))
        if written:
            entries.append(ContentsEntry("日记", "", tuple(written)))
        ledger.decide("contents", 0, f"{len(pages)} pages", "pages in natural order", "a graph has no order of its own")
        return FolderOutline({"title": tree.root.absolute().name}, tuple(entries))

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Blocks as lists below the headings among them; tasks as boxes, references to blocks as what these say."""
        text, left = _outline(page.text)
        for key, number in left.items():
            why = f"a property of a block, {number} times in this file" if number > 1 else "a property of a block"
            reading.ledger.decide("property-left-out", 0, key, "not in the book", why)
        blocks = _blocks(reading)
        text = masked_sub(text, _REFERENCE, lambda match: _referred(match, blocks, page, reading))
        text = masked_sub(text, _EMBED_PAGE, r"\g<link>")
        text = masked_sub(text, _TAG, r"#\g<name>")
        text = masked_sub(text, _SIZE, lambda match: f"{{width={match['width']}px}}" if match["width"] else "")
        text = masked_sub(text, _PAGE, lambda match: _linked(match, reading.tree))
        for match in _QUERY.finditer(text):
            reading.ledger.unread("query-unread", page.line(match[0]), match[0], "Logseq shows what this asks for")
        return f"# {_title(page)}\n\n{by_name(text, page, reading)}"


def _name(file: str) -> str:
    """What a page is called: its file's name, with the signs that no file may have."""
    stem = unquote(posixpath.splitext(posixpath.basename(file))[0].replace("___", "/"))
    return _DAY.sub(r"\1-\2-\3", stem)


def _title(page: FolderPage) -> str:
    for line in page.text.split("\n"):
        found = _PROPERTY.match(line.removeprefix("- "))
        if not found:
            break
        if found["key"].lower() == "title" and found["value"]:
            return str(found["value"]).strip()
    return _name(page.file)


def _file(name: str, tree: Tree) -> str:
    """The file of a page by its name; "" for none."""
    day = _DAY.match(name.strip())
    stems = [name.strip().replace("/", "___"), name.strip().replace("/", "%2F")]
    paths = [f"journals/{'_'.join(day.groups())}.md"] if day else [f"pages/{stem}.md" for stem in stems]
    return next((file for path in paths if (file := tree.find(path))), "")


def _linked(match: re.Match[str], tree: Tree) -> str:
    """A link to a page, by its file where the name is no file's."""
    file = _file(match["name"], tree)
    return f"[[{file}|{match['name']}]]" if file else match[0]


def _has_text(text: str) -> bool:
    return bool(re.search(r"\w", _outline(text)[0]))


def _blocks(reading: FolderReading) -> dict[str, str]:
    """What each block that has a name says, in all pages: its first line."""
    if "blocks" not in reading.shared:
        named: dict[str, str] = {}
        for file in reading.tree.files:
            if file.startswith(("pages/", "journals/")) and file.endswith(".md"):
                for one in _bullets(reading.tree.text(file).split("\n")):
                    names = [
                        found["value"]
                        for line in one.lines
                        if (found := _PROPERTY.match(line)) and found["key"] == "id"
                    ]
                    words = [line for line in one.lines if not _PROPERTY.match(line) and not _CLOCK.match(line)]
                    named |= {str(name).strip(): _TASK.sub("", " ".join(words).strip()) for name in names if words}
        reading.shared["blocks"] = named
    found_: dict[str, str] = reading.shared["blocks"]
    return found_


def _referred(match: re.Match[str], blocks: dict[str, str], page: FolderPage, reading: FolderReading) -> str:
    name = match["named"] or match["embedded"] or match["bare"]
    words = blocks.get(name, "")
    if not words:
        reading.ledger.unread("reference-broken", page.line(match[0]), match[0], "no block of this name")
        return match[0]
    reading.ledger.count("references")
    return match["label"] or re.sub(r"^#+[ \t]+", "", words)


def _bullets(lines: list[str]) -> Iterator[_Bullet]:
    """The blocks of a page, each with its lines below it; what stands above the first has the depth -1."""
    current = _Bullet(-1)
    fenced = ""
    steps: list[int] = []
    for line in lines:
        mark = re.match(r"[ \t]*(?:-[ \t]+)?(`{3,}|~{3,})", line)
        found = None if fenced else _BLOCK.match(line)
        if mark:
            fenced = "" if fenced and mark[1].startswith(fenced) else fenced or mark[1]
        if not found:
            current.lines.append(_less(line, current.depth))
            continue
        yield current
        width = len(found["indent"].expandtabs(4))
        steps = [*(step for step in steps if step < width), width]
        current = _Bullet(len(steps) - 1, [found["text"] or ""])
    yield current


def _less(line: str, depth: int) -> str:
    """A line below a block without the indent that says so: a tab for each level, two spaces for its mark."""
    for _ in range(max(0, depth)):
        line = re.sub(r"^(?:\t| {1,4})", "", line)
    return line.removeprefix("  ") if depth >= 0 else line


def _outline(text: str) -> tuple[str, Counter[str]]:
    """A page as lists and headings, and the properties that were left out, with how often each stood."""
    out: list[str] = []
    left: Counter[str] = Counter()
    above: list[int] = []  # the depths of the headings that a block stands below
    in_list = False
    for one in _bullets(text.split("\n")):
        lines, values = _parted(one.lines, left)
        alone = not any(line.strip() for line in lines)
        if alone:
            lines, values = values[:1], values[1:]
        if not lines:
            continue
        above = [depth for depth in above if depth < one.depth]
        deep = max(0, one.depth - len(above))
        is_item = one.depth >= 0 and not _HEADING.match(lines[0])
        out += [""] if out and out[-1] and not (is_item and in_list) else []
        if is_item:
            indent = "    " * deep
            out += [f"{indent}- {_tasked(lines[0])}", *(f"{indent}  {line}".rstrip() for line in lines[1:])]
            out += [f"{indent}{'' if alone else '    '}- {value}" for value in values]
        else:
            above += [one.depth] if one.depth >= 0 else []
            out += [f"- {lines[0]}"] if alone else [*lines, ""]
            out += [f"- {value}" for value in values]
        in_list = is_item
    return "\n".join(out).strip("\n") + "\n", left


def _parted(lines: list[str], left: Counter[str]) -> tuple[list[str], list[str]]:
    """The lines of a block without its properties, and those that its author has given it; Logseq's own are counted."""
    kept: list[str] = []
    values: list[str] = []
    fenced = False
    for line in lines:
        fenced ^= bool(re.match(r"[ \t]*(?:`{3,}|~{3,})", line))
        found = None if fenced else _PROPERTY.match(line.strip())
        clock = None if fenced else _CLOCK.match(line.strip())
        if found and not _OWN.fullmatch(found["key"]) and found["value"]:
            values.append(f"{found['key']}：{found['value']}")
        elif found and found["key"].lower() == "title":
            pass  # the page is called so
        elif found:
            left[f"{found['key']}::"] += 1
        elif clock:
            left[clock[0].partition(" ")[0]] += 1
        else:
            kept.append(line)
    return kept, values


def _tasked(line: str) -> str:
    found = _TASK.match(line)
    return f"[{'x' if found['state'] == _DONE else ' '}] {line[found.end() :]}" if found else line
