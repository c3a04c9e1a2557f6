"""What other programs leave in a text: marks of a chat's sources, ids of headings, properties, rows of their tables.

Passes over all lines that stand in no code. What is taken out is named; what says something is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from publish.source.reading.apart import SENT
from publish.source.reading.rows import ReadingNotes, Row, stretches

# Of ChatGPT: where it found what it says, which its own page makes a number of.
_SOURCES = re.compile(
    r":contentReference\[oaicite:\d+\]\{index=\d+\}|【\d+(?::\d+)?†[^】\n]{0,80}】|\ue200[^\ue200-\ue202\n]*(?:\ue202[^\ue200-\ue202\n]*)*\ue201"
    r"|\[cite_start\]|[ ]?\[cite: ?\d+(?:, ?\d+)*\]"
    r"|(?<![A-Za-z])cite(?:turn\d+(?:search|view|news|image|file|academia)\d+)+"
)
_CODE_OR_SOURCES = re.compile(rf"(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))|{_SOURCES.pattern}")
# Of Google Docs: ## 一、烫伤 {#一、烫伤}, which is its own words and no name that pandoc takes.
_ID = re.compile(r"^(?P<heading> {0,3}#{1,6}[ \t].*?)[ \t]*\{#(?=[^\s{}]*[^\w:.\s{}-])[^\s{}]+\}[ \t]*$")
# Of Logseq: what it notes for itself below a block.
_PROPERTY = re.compile(
    r"^[ \t]+(?:id|collapsed|heading|background-color|created-at|updated-at|logseq\.[\w.-]+)::(?:[ \t].*)?$"
)
_OTHER_PROPERTY = re.compile(
    r"^[ \t]*(?:[-*+][ \t]+)?(?!\d)[\w-]{1,20}::[ \t]+\S"
    r"|^[ \t]*(?:SCHEDULED|DEADLINE): <\d{4}-\d\d-\d\d[^<>\n]*>[ \t]*$"
)
# The line of dashes below a table's head as Org has it; as an input method types it.
_ORG = re.compile(r"^[ \t]*\|-+(?:\+-+)*\|[ \t]*$")
_TYPED = re.compile(r"^[ \t]*\|?[ \t]*:?[—–－─]+:?[ \t]*(?:[|｜][ \t]*:?[—–－─]+:?[ \t]*)+[|｜]?[ \t]*$")
_EITHER = re.compile(r"^[ \t]*\|-+\+|[—–－─][ \t]*[|｜]", re.MULTILINE)
_GLUED = re.compile(r"\|[^\n]*\n[^\n|]*\|[^\n]*\n[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*\|")
_OWN_WORDS = re.compile(r"\{#[\w:.-]*[^\w:.\s{}-]")
_NAMED = re.compile(r"[\w-]::(?:[ \t]|$)", re.MULTILINE)
_DEEPER = re.compile(r"^ {0,3}>[ ]?>", re.MULTILINE)
_DELIMITERS = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$")
_RULED = re.compile(r"^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)+\|?[ \t]*$")
_QUOTED = re.compile(r"^ {0,3}(?P<marks>>(?:[ ]?>)*)(?P<said>[^\n]*)")
_LISTED = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_SENT_BELOW = re.compile(r"^ {0,3}>[^\n]*\n(?:[^\n>]*\d:\d\d|[\U0001f300-\U0001faff])", re.MULTILINE)
_REACTION = re.compile(r"[\U0001f300-\U0001faff]\ufe0f?[\U0001f3fb-\U0001f3ff]?[ ]?\d+\b")  # 👍 3, below a message
_CHOICE = re.compile(r"^ {0,3}>>[ ](?=[^\s>])[^。！？，：]{1,10}$")


def without_leavings(rows: list[Row], ledger: ReadingNotes) -> list[Row]:
    """The rows as their author would have written them."""
    whole = "\n".join(row.text for row in rows)
    notes = _Leavings(ledger)
    wanted = (
        (notes.sources, any(one in whole for one in ("oaicite", "†", "\ue200", "citeturn", "[cite"))),
        (notes.identified, "{#" in whole and bool(_OWN_WORDS.search(whole))),
        (notes.properties, bool("::" in whole and _NAMED.search(whole)) or ": <2" in whole),
        (notes.tables, "|" in whole and bool(_EITHER.search(whole) or _GLUED.search(whole))),
        (notes.quotations, ">" in whole and bool(_SENT_BELOW.search(whole) or _DEEPER.search(whole))),
    )
    passes: list[Callable[[Sequence[Row], Row, list[Row]], list[Row]]] = [one for one, is_wanted in wanted if is_wanted]
    if not passes:
        return rows
    out: list[Row] = []
    for at, end, code in stretches(rows):
        if code:
            out += rows[at:end]
            continue
        below = rows[at + 1 : at + 3]
        here = [rows[at]]
        for one in passes:
            here = [*here[:-1], *one(below, here[-1], out)] if here else here
        out += here
    return out


class _Leavings:
    """The passes: each gives rows for a row, with the two below it and those above."""

    def __init__(self, ledger: ReadingNotes) -> None:
        self.ledger = ledger

    def sources(self, _below: Sequence[Row], row: Row, _above: list[Row]) -> list[Row]:
        """Without the marks of where a chat found what it says."""

        def gone(found: re.Match[str]) -> str:
            if found["code"]:
                return found[0]
            self.ledger.name("a mark of a chat's sources", row.line, found[0])
            self.ledger.tell("sources", row.line, found[0])
            return ""

        return [row.with_text(_CODE_OR_SOURCES.sub(gone, row.text))]

    def identified(self, _below: Sequence[Row], row: Row, _above: list[Row]) -> list[Row]:
        """A heading without an id that is its own words."""
        found = _ID.match(row.text)
        if not found:
            return [row]
        self.ledger.name("a heading's id", row.line, row.text[found.end("heading") :])
        return [row.with_text(found["heading"])]

    def properties(self, _below: Sequence[Row], row: Row, above: list[Row]) -> list[Row]:
        """Without what a program notes for itself below an item; what else stands so is told."""
        if above and above[-1].text.strip() and _PROPERTY.match(row.text):
            self.ledger.name("a property of Logseq", row.line, row.text)
            return []
        if _OTHER_PROPERTY.match(row.text):
            self.ledger.leave("a property of another tool", row.line, row.text.strip())
        return [row]

    def tables(self, below: Sequence[Row], row: Row, above: list[Row]) -> list[Row]:
        """The line below a table's head with dashes and bars, and a table right below another behind a blank line."""
        over = above[-1].text if above else ""
        if "|" in over and _ORG.match(row.text):
            return [row.with_text(row.text.replace("+", "|"))]
        if ("|" in over or "｜" in over) and _TYPED.match(row.text) and not _TYPED.match(over):
            self.ledger.name("a table's line of dashes", row.line, row.text)
            return [row.with_text(re.sub(r"[—–－─]+", "---", row.text).replace("｜", "|"))]
        if "|" in over and _is_second(row.text, [one.text for one in below]) and _has_head(above):
            return [row.with_text(""), row]
        return [row]

    def quotations(self, below: Sequence[Row], row: Row, above: list[Row]) -> list[Row]:
        """What is quoted less deep than the line above, as in letters, and who says what below a quotation, apart."""
        quoted = (one.text.lstrip().startswith(">") for one in (*above[-1:], *below[:1]))
        if (
            _CHOICE.match(row.text) and above and above[-1].text.strip() and not any(quoted)
        ):  # a choice in a game: nobody quotes a single line so deep
            return [row.with_text("\\>\\" + row.text.lstrip()[1:])]
        over = _QUOTED.match(above[-1].text) if above else None
        if not over or not over["said"].strip() or _LISTED.match(over["said"]):
            return [row]
        here = _QUOTED.match(row.text)
        depth = here["marks"].count(">") if here else 0
        if (here and here["said"].strip() and depth < over["marks"].count(">")) or (
            not here and (SENT.match(row.text.strip()) or _REACTION.match(row.text))
        ):
            return [row.with_text(">" * depth), row]
        return [row]


def _is_second(head: str, below: Sequence[str]) -> bool:
    """Whether a row begins a table: below it are three dashes a cell, as many cells as it has, and a row."""
    many = head.strip().strip("|").count("|")
    rows = len(below) > 1 and many and "|" in below[1] and not _DELIMITERS.match(head)
    return bool(rows and _RULED.match(below[0]) and below[0].strip().strip("|").count("|") == many)


def _has_head(above: Sequence[Row]) -> bool:
    """Whether the rows above, up to a blank line, are a table already."""
    begun = next((at for at in range(len(above) - 1, -1, -1) if not above[at].text.strip()), -1) + 1
    return any(_DELIMITERS.match(one.text) for one in above[begun:])
