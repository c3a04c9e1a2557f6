"""Notion's exports: pages named with ids, those below a page in a folder of its name, databases as CSV."""

from __future__ import annotations

import csv
import io
import posixpath
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from publish.importers.folders.engine import FolderImporter, masked_sub
from publish.importers.folders.masked import Masked
from publish.importers.folders.outline import ContentsEntry, FolderOutline, FolderPage, FolderReading
from publish.importers.folders.tree import Tree
from publish.importers.protocol import LIKELY, Claim
from publish.importers.report import Ledger
from publish.source.order import natural

_ID = re.compile(r"(?:^|[ _-])[0-9a-f]{32}(?=$|\.|_all\.csv$)")
_LINK = re.compile(r"\[[^\]\n]*\]\((?P<url>[^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)")
_DATABASE = re.compile(r"(?m)^[ \t]*\[(?P<title>[^\]\n]*)\]\((?P<url>[^()\n]+\.csv)\)[ \t]*$")
_ASIDE = re.compile(r"(?ms)^(?P<indent>[ \t]*)<aside>[ \t]*\n(?P<body>.*?)^[ \t]*</aside>[ \t]*$")
_PROPERTIES = re.compile(r"\A(?P<title>#[ \t][^\n]*\n\n?)(?P<lines>(?:[^\n:]+:[ \t][^\n]*\n)+)(?=\n|\Z)")
DEEPEST = 3
_SHARE = 0.5  # of the pages whose names have ids


class NotionImporter(FolderImporter):
    """Folders that Notion has exported as Markdown and CSV."""

    name = "notion"
    about = "an export of Notion (Markdown & CSV; its ZIP file too)"

    def sign(self, folder: Path) -> Claim | None:
        """Pages whose names end in ids."""
        for depth in range(DEEPEST):
            pages = [one.name for one in folder.glob("/".join(["*"] * (depth + 1))) if one.suffix == ".md"]
            named = [one for one in pages if _ID.search(one)]
            if pages:
                return Claim(LIKELY, min(named)) if len(named) > _SHARE * len(pages) else None
        return None

    def contents(self, tree: Tree, ledger: Ledger) -> FolderOutline:
        """The pages below each page in the order in which it links to them."""
        _tell_unlinked(tree, ledger)
        entries = tuple(_below("", tree, ""))
        title = ""
        if len(entries) == 1 and entries[0].file:  # the page that was exported, and all below it
            root = entries[0]
            title = _title(tree.text(root.file)) or _plain(posixpath.basename(root.file))
            entries = (ContentsEntry("", root.file), *root.children)
        ledger.decide(
            "contents", 0, f"{len(tree.files)} files", "pages as they link to each other", "as Notion shows them"
        )
        return FolderOutline({"title": title}, entries)

    def named(self, file: str) -> str:
        """A file's path without ids."""
        steps = [_ID.sub("", posixpath.splitext(step)[0]) or step for step in file.split("/")]
        return "/".join(steps) + posixpath.splitext(file)[1]

    def translate(self, page: FolderPage, reading: FolderReading) -> str:
        """Callouts become boxes, databases tables, a row's values a line below its title."""
        text = _with_values(page.text, page.file, reading.tree, reading.ledger)
        text = masked_sub(text, _ASIDE, _box)
        return masked_sub(text, _DATABASE, lambda match: _table(match, page, reading))


def _plain(name: str) -> str:
    return _ID.sub("", posixpath.splitext(name)[0]).strip()


def _title(text: str) -> str:
    return text[2:].partition("\n")[0].strip() if text.startswith("# ") else ""


def _below(folder: str, tree: Tree, parent: str) -> Iterator[ContentsEntry]:
    """The pages in a folder, each with those in the folder of its name; folders without a page are titles."""
    prefix = f"{folder}/" if folder else ""
    inside = [file for file in tree.files if file.startswith(prefix)]
    pages = [file for file in inside if "/" not in file[len(prefix) :] and file.endswith(".md")]
    folders = {file[len(prefix) :].partition("/")[0]: None for file in inside if "/" in file[len(prefix) :]}
    order = _order(parent, tree)
    taken: set[str] = set()
    for file in sorted(pages, key=lambda one: (order.get(one, len(order)), natural(one))):
        stem = posixpath.splitext(posixpath.basename(file))[0]
        own = [one for one in dict.fromkeys((stem, _plain(f"{stem}.md"))) if one in folders and one not in taken]
        taken.update(own)
        children = [entry for one in own for entry in _below(f"{prefix}{one}", tree, file)]
        yield ContentsEntry("", file, tuple(children))
    for one in folders:
        if one not in taken and (children := list(_below(f"{prefix}{one}", tree, f"{prefix}{one}.csv"))):
            yield ContentsEntry(_plain(f"{one}.md") or one, "", tuple(children))


def _order(parent: str, tree: Tree) -> dict[str, int]:
    """Which files a page links to, a database names in its rows, and in what order."""
    if parent.endswith(".csv"):
        rows = _rows(tree, tree.find(parent))[1:]
        names = {_plain(posixpath.basename(file)): file for file in tree.files if file.startswith(f"{parent[:-4]}/")}
        return {names[row[0]]: at for at, row in enumerate(rows) if row and row[0] in names}
    text = Masked(tree.text(parent)).text if parent else ""
    found = [_file(match["url"], parent, tree) for match in _LINK.finditer(text)]
    return {file: at for at, file in reversed(list(enumerate(found))) if file}


def _file(url: str, page: str, tree: Tree) -> str:
    path = unquote(url.partition("#")[0])
    return "" if ":" in path.partition("/")[0] else tree.find(posixpath.join(posixpath.dirname(page), path))


def _rows(tree: Tree, file: str) -> list[list[str]]:
    return [row for row in csv.reader(io.StringIO(tree.text(file))) if any(row)] if file else []


def _tell_unlinked(tree: Tree, ledger: Ledger) -> None:
    """Tell of databases that no page shows."""
    pages = [file for file in tree.files if file.endswith(".md")]
    linked = {_file(match["url"], page, tree) for page in pages for match in _LINK.finditer(tree.text(page))}
    for file in tree.files:
        if file.endswith(".csv") and not {file, file.replace("_all.csv", ".csv")} & linked:
            ledger.file = file
            ledger.decide("page-other", 0, posixpath.basename(file), "not taken", "a database that no page shows")
    ledger.file = ""


def _box(match: re.Match[str]) -> str:
    lines = match["body"].strip("\n").split("\n")
    return "\n".join(f"{match['indent']}{one}".rstrip() for one in ("::: note", *lines, ":::"))


def _table(match: re.Match[str], page: FolderPage, reading: FolderReading) -> str:
    """A database as a table, its rows linked to their pages."""
    file = _file(match["url"], page.file, reading.tree)
    whole = reading.tree.find(re.sub(r"\.csv$", "_all.csv", file)) if file else ""
    rows = _rows(reading.tree, whole or file)
    if not rows:
        return match[0]
    reading.ledger.count("tables")
    pages = {_plain(posixpath.basename(one)): one for one in reading.pages if one.startswith(f"{file[:-4]}/")}
    pages |= {_plain(posixpath.basename(one)): one for one in reading.pages if one.startswith(f"{_named(file)}/")}
    here = posixpath.dirname(page.file) or "."
    lines = [_row(row, len(rows[0])) for row in rows]
    for at, row in enumerate(rows[1:], 1):
        if there := pages.get(row[0].strip()):
            words, _, rest = lines[at][2:].partition(" |")
            lines[at] = f"| [{words}](<{posixpath.relpath(there, here)}>) |{rest}"
    lines.insert(1, "|" + "---|" * len(rows[0]))
    return "\n".join(["", f"**{match['title']}**", "", *lines, ""])


def _named(csv_file: str) -> str:
    """The folder of a database's rows, where it is named without its id."""
    return posixpath.join(posixpath.dirname(csv_file), _plain(posixpath.basename(csv_file)))


def _row(cells: Sequence[str], width: int) -> str:
    cells = [*cells, *[""] * width][:width]
    return "| " + " | ".join(" ".join(one.split()).replace("|", "\\|") for one in cells) + " |"


def _with_values(text: str, file: str, tree: Tree, ledger: Ledger) -> str:
    """A page with what Notion says of it, in lines below its title, as one line: a row's values are its database's."""
    found = _PROPERTIES.match(text)
    if not found:
        return text
    folder = posixpath.dirname(file)
    database = tree.find(f"{folder}.csv") or next(
        (one for one in tree.files if one.endswith(".csv") and _named(one) == folder), ""
    )
    lines = found["lines"].strip("\n").split("\n")
    names = [line.partition(":")[0].strip() for line in lines]
    head = _rows(tree, database)[:1]
    known = all(one in head[0] for one in names) if head else len(names) > 1 and len({*names}) == len(names)
    if not known:
        return text
    ledger.count("values", len(lines))
    return f"{found['title'].rstrip()}\n\n::: {{.byline}}\n{' · '.join(lines)}\n:::\n{text[found.end() :]}"
