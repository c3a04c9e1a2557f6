"""Tables from files, and what is typed around tables: captions above, 表 2-1 …, and notes below, 注：….

`![标题](data.csv)` is a table.

A file of values parted by commas (.csv), semicolons or tabs (.tsv) stands where a picture could; code of the class
`csv-table` is read the same. UTF-8, UTF-16, GB18030 and Big5 are told apart, as spreadsheets write them.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from publish.errors import Place, PublishError
from publish.regions import Region
from publish.source.document import Attr, Block, Inline, key_values, rewrite, text
from publish.source.features.rawtables import has_raw_tables, with_tables
from publish.source.phrase import phrase
from publish.source.sheets import SourceFile
from publish.textfile import shown

CODE = "csv-table"  # the class of code that is a table
NOTES = "table-notes"  # the class of a division of notes below a table
_SUFFIXES = (".csv", ".tsv")
_OPTIONS = frozenset(["header", "align", "delimiter", "encoding", "file", "caption"])
_EVEN, _SAME = 2, 0.001  # columns; of the measure
_MAY_HAVE = re.compile(rf"\.(?:csv|tsv)\b|\.{CODE}\b", re.IGNORECASE)
_NOTE = re.compile(r"^(?:注|註|附注|附註|说明|說明|(?:资料|資料|数据|數據)?(?:来源|來源)|Notes?|Sources?)[：:]")
# What says above a table that it is its caption: 表 2-1 各地人口, and no sentence about it.
_CAPTION = re.compile(
    r"[\s*_]*[续續附]?表[ \u3000]?(?:\d+|[A-Z]\d*)(?:[-.\u2013\u2014\uff0d．·]\d+)*(?=[\s\u3000:：、.．]|\**$)"
    r"(?!.*[。！？；：:;]\**\s*$)"
)
_LONGEST = 60  # characters of such a caption
# A number as cells have them, $1,234.5, 12%, −0.35***, (0.05), <0.001; `part` is what is behind its point.
NUMBER = re.compile(
    r"(?P<open>[(（\[])?(?:[<>≤≥＜＞≈~～]\s?)?[-−–+±]?\s?(?:[¥￥$€£]\s?)?"
    r"(?=[\d.])(?:\d[\d,\u2009\u202f]*(?: \d{3})*)?(?:\.(?P<part>\d+))?"
    r"(?P<unit>[^\d.()（）\[\]]{0,3}(?(open)[)）\]])[*†‡§]{0,4})"
)
# What stands in a cell of numbers that has none.
_NOTHING = frozenset(
    " - – — —— -- … …… ... / n/a na n.a. nan null 无 無 缺 暂无 暫無 不适用 不適用 未知 不详 不詳".split(" ")
)
_ALIGNMENTS = {"l": "AlignLeft", "r": "AlignRight", "c": "AlignCenter", "d": "AlignDefault"}
_LOOKED_AT = 20  # lines
_NO = frozenset(["0", "no", "false", "none"])
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Chinese encodings, with the first bytes of the characters that are common in texts (GB 2312 level 1, Big5 level 1).
_CHINESE = {"Hans": ("gb18030", "big5hkscs"), "Hant": ("big5hkscs", "gb18030")}
_COMMON = {"gb18030": ("gb2312", 0xB0, 0xD7), "big5hkscs": ("big5", 0xA4, 0xC6)}


def is_nothing(text: str) -> bool:
    """Whether a cell says that it has no number: —, n/a, 不适用, or nothing at all."""
    return text.strip().lower() in _NOTHING


def without_even_widths(blocks: list[Block]) -> list[Block]:
    """The blocks, tables whose columns are all said to be equally wide with widths by what is in them.

    Where a line of it is long, pandoc takes a table's dashes for widths. Those who write `|---|---|---|`, as most do,
    mean nothing by it.
    """

    def block(one: Block) -> list[Block] | None:
        if one["t"] != "Table":
            return None
        columns = one["c"][2]
        widths = [width.get("c", 0.0) for _, width in columns]
        if len(widths) < _EVEN or not min(widths) or max(widths) - min(widths) > _SAME:
            return None
        content = [*one["c"]]
        content[2] = [[kind, {"t": "ColWidthDefault"}] for kind, _ in columns]
        return [{**one, "c": content}]

    return rewrite(blocks, block)


def tabulates(lines: Sequence[str]) -> bool:
    """Whether a file may have tables from others in it, or notes below tables."""
    return any(_MAY_HAVE.search(line) or has_raw_tables(line) for line in lines) or _notes(lines)


def _notes(lines: Sequence[str]) -> bool:
    return any(_NOTE.match(line.strip()) or _CAPTION.match(line) for line in lines)


def tabulated(file: SourceFile, root: Path, region: Region) -> SourceFile:
    """A file with its tables from other files of the book read, and the notes below tables with them.

    Raises `PublishError` for a file that is missing, outside the book or no table, with the line in either.
    """
    having = any(_MAY_HAVE.search(line) for line in file.lines)
    noted = _notes(file.lines)
    reader = _Reader(file, root, region, [])
    blocks = rewrite(file.blocks, reader.block) if having else file.blocks
    blocks = with_tables(blocks) if any(map(has_raw_tables, file.lines)) else blocks
    return replace(file, blocks=_noted(blocks) if noted else blocks, beside=(*file.beside, *reader.read))


@dataclass(frozen=True)
class _Reader:
    """What reads the tables of one chapter's file; `read` are the files that they are taken from."""

    file: SourceFile
    root: Path
    region: Region
    read: list[Path]

    def block(self, one: Block) -> list[Block] | None:
        found = _pictured(one)
        if found:
            attributes, name, caption = found
            return [self._from_file(one, attributes, name, caption)]
        if one["t"] == "CodeBlock" and CODE in one["c"][0][1]:
            return [self._from_code(one)]
        return None

    def _from_code(self, one: Block) -> Block:
        attributes, text = one["c"]
        pairs = key_values(attributes)
        caption = phrase(pairs.get("caption", ""))
        if "file" in pairs:
            return self._from_file(one, attributes, pairs["file"], caption)
        line = one.get("line", 0)
        # A fence stands above its first line; what is indented has none.
        start = line if 0 < line <= len(self.file.lines) and CODE not in self.file.lines[line - 1] else line + 1
        rows = _rows(text, pairs, Place(self.file.name, start))
        return _table(one, attributes, caption, rows, pairs)

    def _from_file(self, one: Block, attributes: Attr, name: str, caption: list[Inline]) -> Block:
        line = one.get("line", 0)
        place = Place(self.file.name, self._line_of(name, line))
        path = (self.file.path.parent / unquote(name)).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise PublishError(f'the table "{name}" lies outside the book', f"Put it into {self.root.name}/", place)
        if not path.is_file():
            raise PublishError(
                f'the table "{name}" is not found', "Check its name, which is relative to this chapter", place
            )
        self.read.append(path)
        pairs = key_values(attributes)
        tabs = {"delimiter": "\t"} if path.suffix.lower() == ".tsv" else {}
        text = _decoded(path, pairs.get("encoding", ""), self.region, place)
        return _table(one, attributes, caption, _rows(text, tabs | pairs, Place(shown(path), 1)), pairs)

    def _line_of(self, name: str, line: int) -> int:
        near = range(max(line - 2, 0), min(line + 2, len(self.file.lines)))
        return next((at + 1 for at in near if name in self.file.lines[at]), line)


def _pictured(one: Block) -> tuple[Attr, str, list[Inline]] | None:
    """The attributes, file and caption of a table that stands as a picture by itself; None for all else."""
    if one["t"] == "Figure":
        (name, classes, pairs), (_, caption), content = one["c"]
    elif one["t"] in ("Para", "Plain"):
        (name, classes, pairs), caption, content = ["", [], []], [], [one]
    else:
        return None
    inlines = content[0]["c"] if len(content) == 1 and content[0]["t"] in ("Para", "Plain") else []
    if len(inlines) != 1 or inlines[0]["t"] != "Image":
        return None
    (own, more, others), alt, (url, _) = inlines[0]["c"]
    if not url.lower().endswith(_SUFFIXES) or "://" in url:
        return None
    words = caption[0]["c"] if caption else alt
    return [name or own, [*classes, *more], [*pairs, *others]], url, words


def _table(one: Block, attributes: Attr, caption: list[Inline], rows: list[list[str]], pairs: dict[str, str]) -> Block:
    """A table of rows, the first of them its head unless that is said otherwise."""
    name, classes, own = attributes
    heads = 0 if pairs.get("header", "").lower() in _NO else 1
    head, body = rows[:heads], rows[heads:]
    aligned = [[{"t": kind}, {"t": "ColWidthDefault"}] for kind in _aligned(body, len(rows[0]), pairs.get("align", ""))]
    line = one.get("line", 0)
    said = [{"t": "Plain", "c": caption, "line": line}] if caption else []
    left: Attr = [name, [each for each in classes if each != CODE], [pair for pair in own if pair[0] not in _OPTIONS]]
    none: Attr = ["", [], []]
    made = [[none, 0, [], [_row(each, line) for each in body]]]
    content = [left, [None, said], aligned, [none, [_row(each, line) for each in head]], made, [none, []]]
    return {"t": "Table", "c": content, "line": line}


def _row(cells: Sequence[str], line: int) -> list[Any]:
    return [["", [], []], [[["", [], []], {"t": "AlignDefault"}, 1, 1, _cell(cell, line)] for cell in cells]]


def _cell(text: str, line: int) -> list[Block]:
    """A cell's text, whose own line ends stay."""
    inlines: list[Inline] = []
    for number, part in enumerate(text.strip().split("\n")):
        inlines += [{"t": "LineBreak"}] if number else []
        inlines += phrase(part)
    return [{"t": "Plain", "c": inlines, "line": line}] if inlines else []


def _aligned(body: Sequence[Sequence[str]], count: int, wanted: str) -> list[str]:
    """How each column stands: as `align="lrc"` says, else numbers to the right."""
    own = [_ALIGNMENTS[letter] for letter in wanted.lower() if letter in _ALIGNMENTS]
    out = []
    for at in range(count):
        cells = [row[at].strip() for row in body if not is_nothing(row[at])]
        numbers = bool(cells) and all(NUMBER.fullmatch(cell) for cell in cells)
        out.append(own[at] if at < len(own) else "AlignRight" if numbers else "AlignDefault")
    return out


def _rows(text: str, pairs: dict[str, str], place: Place) -> list[list[str]]:
    """The rows of values, all as long as the first. Raises `PublishError` with the line of one that is longer."""
    delimiter = {"tab": "\t", "\\t": "\t"}.get(pairs.get("delimiter", ""), pairs.get("delimiter", ""))
    if len(delimiter) > 1:
        raise PublishError(f'delimiter="{delimiter}" is not one character', 'Write delimiter=";" or "tab"', place)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter(text), strict=True)
    rows: list[list[str]] = []
    width = 0
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            while len(row) > max(width, 1) and rows and not row[-1].strip():
                row.pop()
            width = width or len(row)
            if len(row) > width:
                raise PublishError(
                    f"this row has {len(row)} cells, the first has {width}",
                    "Put a cell that holds the delimiter between quotation marks",
                    replace(place, line=place.line + reader.line_num - 1),
                )
            rows.append(row + [""] * (width - len(row)))
    except csv.Error as error:
        problem = f"this row of the table cannot be read: {error}"
        at = replace(place, line=place.line + max(reader.line_num, 1) - 1)
        raise PublishError(problem, "Close its quotation marks, and double those inside", at) from error
    if not rows:
        raise PublishError("this table is empty", "Write something in it, or take it out", place)
    return rows


def _delimiter(text: str) -> str:
    """What parts the values of a text: of comma, semicolon and tab the one that is as often in every line.

    A semicolon that is parts values with commas for their points, as spreadsheets of many countries write them.
    """
    lines = [line for line in re.sub(r'"[^"]*"', "", text).split("\n") if line.strip()][:_LOOKED_AT]
    counts = {one: [line.count(one) for line in lines] or [0] for one in "\t;,"}

    def fitness(one: str) -> tuple[bool, bool, int, bool]:
        least, most = min(counts[one]), max(counts[one])
        return least == most > 0, one != "," and least > 0, counts[one][0], one == ","

    return max(counts, key=fitness)


def _decoded(path: Path, wanted: str, region: Region, place: Place) -> str:
    """The text of a file in whichever encoding a Chinese spreadsheet writes."""
    data = path.read_bytes()
    try:
        text = data.decode(wanted or _encoding(data, region))
    except LookupError as error:
        raise PublishError(
            f'there is no encoding "{wanted}"', 'Write encoding="gb18030", "big5" or "utf-8"', place
        ) from error
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problem = f"this file is not {wanted}" if wanted else "the encoding of this file is unknown"
        raise PublishError(problem, 'Save it as UTF-8, or write encoding="…"', Place(shown(path), line)) from error
    if "\0" in text:
        raise PublishError("this file is not text", "Save the table as CSV in UTF-8", Place(shown(path)))
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _encoding(data: bytes, region: Region) -> str:
    """The encoding that a file is in: what its mark says, UTF-8 where it can be, else the Chinese one likelier."""
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    if marked or _is(data, "utf-8"):
        return marked or "utf-8"
    able = [one for one in _CHINESE[region.script] if _is(data, one)]
    return max(able, key=lambda one: _commonness(data.decode(one), one), default="utf-8")


def _is(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _commonness(text: str, encoding: str) -> float:
    """The share of a text's characters, other than ASCII, that are common ones in an encoding's own standard."""
    name, first, last = _COMMON[encoding]
    wide = [char for char in text if char > "\x7f"]
    return sum(first <= char.encode(name, "replace")[0] <= last for char in wide) / max(len(wide), 1)


# --- notes below ------------------------------------------------------------------------------------------------------


def _noted(blocks: list[Block]) -> list[Block]:
    """The blocks with what stands above a table as its caption, and what begins as notes do below it in a division."""
    out: list[Block] = []
    for one in blocks:
        inner = {**one, "c": [one["c"][0], _noted(one["c"][1])]} if one["t"] == "Div" else one
        if out and one["t"] == "Table" and not one["c"][1][1] and (said := _caption(out[-1])):
            content = [*one["c"]]
            content[1] = [None, [{**out.pop(), "t": "Plain", "c": said}]]
            inner = {**one, "c": content}
        last = out[-1] if out else {"t": ""}
        below = last["t"] == "Div" and last["c"][0][1] == [NOTES]
        if one["t"] == "Para" and _is_note(one) and (last["t"] == "Table" or below):
            if below:
                out[-1] = {**last, "c": [last["c"][0], [*last["c"][1], one]]}
            else:
                out.append({"t": "Div", "c": [["", [NOTES], []], [one]], "line": one.get("line", 0)})
        else:
            out.append(inner)
    return out


def _caption(one: Block) -> list[Inline]:
    """The words of a paragraph that is the caption of the table below it, without emphasis; none of all others."""
    if one["t"] != "Para":
        return []
    said: list[Inline] = one["c"]
    while len(said) == 1 and said[0]["t"] in ("Emph", "Strong"):
        said = said[0]["c"]
    typed = text(said)
    broken = any(part["t"] == "LineBreak" for part in said)
    return said if len(typed) <= _LONGEST and not broken and _CAPTION.match(typed) else []


def _is_note(one: Block) -> bool:
    first = one["c"][0] if one["c"] else {"t": ""}
    return bool(first["t"] == "Str" and _NOTE.match(first["c"]))
