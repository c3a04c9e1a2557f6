"""Lines by themselves: what begins a line as a mark of Markdown and was not meant so, gaps, indents typed by hand."""

from __future__ import annotations

import re

from publish.han import CLOSERS, FULL_STOPS, IDEOGRAPHS
from publish.source.reading.apart import (
    is_columned,
    with_columns,
)
from publish.source.reading.commonmark import LABEL
from publish.source.reading.edits import Edits
from publish.source.reading.lines import is_of_chords
from publish.source.reading.rows import Row
from publish.source.reading.tables import DELIMITERS

_WIDE = r"\u3000|&emsp;|&ensp;|&nbsp;|\u2003"
_INDENT = re.compile(
    rf"^(?P<before>(?:> ?)*(?:[ \t]*<p(?:\s[^<>]*)?>)?)(?:{_WIDE}|\u00a0(?=[\u00a0 ]))(?:{_WIDE}|\u00a0)*[ \t]*"
)
_PARTS = re.compile(r"[> ]*(?:\u3000{2}|(?:&emsp;){2}|(?:&nbsp;){4}|\u00a0{4}|\u2003{2})")
# An item's number in brackets, of which pandoc would make a list that is numbered without them.
_BRACKETED = re.compile(
    r"^(?P<before>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?=\((?:\d{1,3}|[A-Za-z]|[ivxlcdm]{2,5})\)[ \t])"
)
# A letter behind an item's mark, 2. a. 丙: to pandoc an item in the item.
_LETTERED = re.compile(r"^(?P<before>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+(?:[A-Za-z]|[ivx]{2,4}))(?=[.)][ \t])")
_TARGET = re.compile(r"^\((?P<name>[^()\s=]+)\)=[ \t]*$")
_NO_NAME = re.compile(rf"[^\w:.-]|^(?=[^A-Za-z{IDEOGRAPHS}])")  # what pandoc has in no id
_NO_SPACE = re.compile(r"^(?:#[^\s#!{\[(0-9-][^#\n]*$|#{2,6}[^\s#!{\[(0-9-])")
_SEVEN = re.compile(r"^(?P<before> {0,3})#(?=#{6})")
_NUMBER = re.compile(r"^[ \t]*\d{1,9}[.)][ \t]+\S")
DEFINED = re.compile(r"^ {0,3}[:~][ \t]+\S")
_NAMED_IN_ITEM = re.compile(
    r"^(?P<before>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+)(?P<mark>:{3,})(?=[ \t]*[^\x00-\x7f])"
)
TITLE = re.compile(r"^#{1,6}[ \t]+(?P<text>.*?)[ \t]*(?:#+[ \t]*)?(?:\{[^{}]*\}[ \t]*)?$")
# A numbered example of pandoc's, whose name is not one that a program would have: (@张三) is somebody.
_SOMEBODY = re.compile(r"^(?P<before>[ \t>]*\(?)@(?=[\w-]*[^\x00-\x7f][^\s)]*[.)])")
_DASHED = re.compile(r"^[ \t>]*-{3,}(?:[ \t]+-+)*[ \t]*$")


# A blank to be filled in, （    ）; the gap between two choices, A. 天    B. 地.
_GAP = re.compile(r"(?<=[（(]) {2,}(?=[）)])|(?<=\S)(?:\t+|[ ]{2,})[ \t]*(?=[(（]?[B-HＢ-Ｈ][)）.．、])")


def _wide(found: re.Match[str]) -> str:
    """A gap of spaces as wide as it was typed."""
    width = len(found[0].expandtabs(4))
    return "\u3000" * max(width // 2, 1)


BARS = re.compile(r"^ {0,3}\|[^|\n]+\|.*\|[ \t]*$")
_UNREAD_LINES = (
    (
        "an import or export of MDX",
        re.compile(r"^(?:import\s+[\w{*][^;'\"]*\sfrom\s+['\"][^'\"]+['\"]|export\s+(?:const|default|let)\s)"),
    ),
    ("a keyword of Org", re.compile(r"^[ \t]*#\+[A-Za-z_]+(?::|$|[ ])|^[ \t]*:(?:PROPERTIES|END|LOGBOOK):[ \t]*$")),
    ("a directive of reStructuredText", re.compile(r"^[ \t]*\.\. (?:[\w-]+::|_[^:\n]+:)")),
    ("an abbreviation's explanation", re.compile(r"^\*\[[^\]\n]+\]:[ \t]+\S")),
)


def _unread_line(text: str) -> str | None:
    """The kind of a line that is markup of another tool as a whole."""
    return next((kind for kind, pattern in _UNREAD_LINES if pattern.match(text)), None)


SENTENCE = re.compile(rf"[{FULL_STOPS}][{CLOSERS}]*\s*$")


_FULL_WIDTH = re.compile(r"^\s*(?:＃{1,6}|＊|＞)[ \u3000]\S")


def settle_lines(edits: Edits) -> None:
    """Notes begin behind a blank line, and an indent typed by hand is none."""
    for at, row in enumerate(edits.rows):
        if at in edits.opaque:
            continue
        if (
            LABEL.match(row.text)
            and at
            and edits.rows[at - 1].text.strip()
            and not LABEL.match(edits.rows[at - 1].text)
        ):
            edits.before.add(at)
        if at not in edits.hung and _INDENT.match(row.text) and not _is_placed(edits, at):
            above = edits.rows[at - 1].text.rstrip() if at else ""
            if _PARTS.match(row.text) and not above.endswith("、"):  # so begins one without a blank line
                edits.part(at)
                if _is_headed(edits, at):
                    edits.part(at - 1)
            edits.set(at, _INDENT.sub(r"\g<before>", row.text))
        if row.text.lstrip(" ")[:1] in (":", "~") and DEFINED.match(row.text) and _is_no_definition(edits, at):
            edits.set(at, re.sub(r"[:~]", r"\\\g<0>", row.text, count=1))
        if ":::" in row.text and (named := _NAMED_IN_ITEM.match(row.text)):  # - ::: 注意 opens no division
            edits.set(at, named["before"] + named["mark"].replace(":", "\\:") + row.text[named.end() :])
        if "(" in row.text and _BRACKETED.match(row.text):
            edits.set(at, _BRACKETED.sub(r"\g<before>\\", row.text))
        if _LETTERED.match(row.text):
            edits.set(at, _LETTERED.sub(r"\g<before>\\", row.text))
        if "  " in row.text or "\t" in row.text:
            edits.set(at, _GAP.sub(_wide, edits.rows[at].text))
            columned = at not in edits.tabled and (is_columned(row.text) or is_of_chords(row.text))
            if columned and not _is_of_table(edits, at):
                edits.set(at, with_columns(edits.rows[at].text))
        if "@" in row.text and _SOMEBODY.match(row.text):
            edits.set(at, _SOMEBODY.sub(r"\g<before>\\@", row.text))
        if row.text.startswith("(") and (label := _TARGET.match(row.text)):
            _target(edits, at, label["name"])
        _sharps(edits, at, row)
        if BARS.match(row.text) and at not in edits.tabled and not _has_dashes(edits, at):
            edits.ledger.leave("a table without a line of dashes", row.line, row.text)
            edits.set(at, edits.rows[at].text.replace("|", "\\|", 1))
        elif (kind := _unread_line(row.text)) is not None:
            edits.ledger.leave(kind, row.line, row.text)
        if _FULL_WIDTH.match(row.text):
            edits.ledger.leave("a full-width mark where # or * is meant", row.line, row.text)
        if at and _NUMBER.match(row.text) and edits.rows[at - 1].text.rstrip().endswith(("：", ":")):
            edits.before.add(at)


def _is_placed(edits: Edits, at: int) -> bool:
    """Whether the wide blanks before a line put it where it is to stand: a sign below a sign, columns among columns."""
    text = edits.rows[at].text
    beside = [edits.rows[one].text for one in (at - 1, at + 1) if 0 <= one < len(edits.rows)]
    if _SIGN_SET_IN.match(text):
        return any(_SIGN.match(one) for one in beside)
    if _ONE_BLANK.match(text):  # the second half of a verse, below the first
        return at > 0 and edits.rows[at - 1].text.endswith("  ")
    return bool(_WIDE_COLUMNS.match(text)) and any(map(_WIDE_COLUMNS.match, beside))


_ONE_BLANK = re.compile(r"\u3000(?=\S)")
_SIGN = re.compile(r"\u3000{0,3}[●•◆■★▲►▶○◦▪◇□·–]")
_SIGN_SET_IN = re.compile(r"\u3000{1,3}[●•◆■★▲►▶○◦▪◇□·–]")
_WIDE_COLUMNS = re.compile(r"(?!\u3000{2}\S)\u3000*[^\s。！？]{1,8}(?:\u3000+[^\s。！？]{1,8}){3,}\s*$")


def _is_headed(edits: Edits, at: int) -> bool:
    """Whether the line above an indented paragraph is a title at the edge, right below the end of another paragraph."""
    if at < 2:  # noqa: PLR2004  # nothing stands above it
        return False
    before, title = edits.rows[at - 2].text.rstrip(), edits.rows[at - 1].text.rstrip(" \\")
    plain = bool(title) and not title[0].isspace() and not _BLOCK.match(title) and not SENTENCE.search(title)
    return plain and bool(_ENDS.search(before)) and len(title) <= _TITLE


_BLOCK = re.compile(r"[-*+>|:~<`$]|#{1,6}[ \t]|\d{1,9}[.)][ \t]")
_ENDS = re.compile(rf"[{FULL_STOPS}…][{CLOSERS}]*$|[{CLOSERS}]$")
_TITLE = 22  # characters


def _target(edits: Edits, at: int, name: str) -> None:
    """MyST's (name)= above a heading is its id."""
    below = next((one for one in range(at + 1, len(edits.rows)) if edits.rows[one].text.strip()), -1)
    if below < 0 or not TITLE.match(edits.rows[below].text) or edits.rows[below].text.rstrip().endswith("}"):
        edits.ledger.leave("a label of another tool", edits.rows[at].line, edits.rows[at].text)
        return
    edits.ledger.name("a block's name", edits.rows[at].line, edits.rows[at].text)
    edits.set(at, "")
    edits.set(below, f"{edits.rows[below].text.rstrip()} {{#{_NO_NAME.sub('-', name)}}}")


def _has_dashes(edits: Edits, at: int) -> bool:
    """Whether a row of cells stands in a block with a line of dashes: a table to pandoc, if to no other reader."""
    return any("|" in row.text and DELIMITERS.match(row.text) for row in edits.block(at))


def _is_of_table(edits: Edits, at: int) -> bool:
    """Whether a line's columns are those of a table of pandoc's, with a line of dashes below its head."""
    return any(_DASHED.match(row.text) for row in edits.block(at))


def _sharps(edits: Edits, at: int, row: Row) -> None:
    """What begins with # and is no heading: tags (#读书 #周末), a space left out, more than six."""
    if _SEVEN.match(row.text):
        edits.ledger.leave("more # than the six of a heading", row.line, row.text)
        edits.set(at, _SEVEN.sub(r"\g<before>\#", row.text))
    elif _NO_SPACE.match(row.text):
        above = edits.rows[at - 1].text if at else ""
        if re.fullmatch(r"#[^\s#/]+/\S+[ \t]*", row.text):  # a tag of Obsidian's: #生物/人体
            pass
        elif not above.strip() or TITLE.match(above) or row.text.startswith("##"):
            edits.ledger.leave("a # without a space behind it", row.line, row.text)
        edits.set(at, "\\" + edits.rows[at].text)


_LEADS = ("：", ":", "】")  # 【 在 xiaohe 的大作中提到: 】, above what a bulletin board quotes


def _is_no_definition(edits: Edits, at: int) -> bool:
    """Whether a line that begins with a colon explains nothing: what stands above it is no word, but a sentence."""
    above = next((one for one in range(at - 1, -1, -1) if edits.rows[one].text.strip()), -1)
    if above < 0 or above in edits.tabled or DEFINED.match(edits.rows[above].text):
        return False
    over = edits.rows[above].text.rstrip()
    return edits.rows[at].text.lstrip().startswith("~") or bool(SENTENCE.search(over)) or over.endswith(_LEADS)
