"""The blocks of html2text's Markdown: its wrapping undone, its quotations, lists, tables and code found again.

Rules from html2text's own source: lines wrap by `textwrap` at 78 code points, at spaces and ASCII hyphens; two spaces
end a line that a <br> ended; code is indented by four columns; lists, tables and code are not wrapped.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from typing import Literal, TypeAlias

from publish.importers.clips.sentences import ends_sentence, inside, split_sentences
from publish.importers.clips.spans import Span, line_of, plain
from publish.importers.clips.tokens import LineMap, plain_text, read_spans
from publish.importers.report import Ledger
from publish.source.document import AMBIGUOUS_MARKS, is_wide

WRAP_WIDTH = 78


@dataclass(frozen=True)
class ClipLine:
    """A line of the clip: its number from 1, its text without a quotation's mark, its whole width in code points."""

    number: int
    text: str
    width: int

    @property
    def hard(self) -> bool:
        """Whether the line ends its paragraph: it has html2text's two spaces for <br>."""
        return self.text.endswith("  ")

    @property
    def blank(self) -> bool:
        """Whether the line is empty or only spaces."""
        return not self.text.strip()


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text."""

    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Figure:
    """An image alone. `spans` holds it, with the marks that stood around it."""

    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Headline:
    """A heading of `level` 1 to 6."""

    level: int
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Code:
    """A code block, its lines as they stand in the clip, with fences or the indentation."""

    lines: tuple[str, ...]
    line: int
    fenced: bool


@dataclass(frozen=True)
class Quote:
    """A quotation."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Listing:
    """A list; `start` is the first number of an ordered one."""

    start: int | None
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True)
class Table:
    """A pipe table: rows of cells, the first the head; `rule` holds the alignment (`:--`) of each column."""

    rows: tuple[tuple[tuple[Span, ...], ...], ...]
    rule: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A thematic break."""

    line: int


@dataclass(frozen=True)
class Gap:
    """A line of spaces only: the author's blank line."""

    line: int


@dataclass(frozen=True)
class Group:
    """Blocks kept together under a class: a dialogue, or boilerplate that is left out of the text."""

    name: Literal["dialogue", "boilerplate"]
    blocks: tuple[Block, ...]


Block: TypeAlias = Paragraph | Figure | Headline | Code | Quote | Listing | Table | Rule | Gap | Group

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*(?:[\w+#.-]+|\{[^{}`]*\})?\s*$")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(?=\S)")
_EMPTY_HEADING = re.compile(r" {0,3}#{1,6}\s*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_QUOTE = re.compile(r" {0,3}>[ \t]?")
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?P<marker>[*+-]|\d{1,9}[.)])(?P<space>[ \t]+)(?=\S)")
_INDENT = re.compile(r"(?: {4}|\t)")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)*\|?\s*$")
_OPEN_ADDRESS = re.compile(r"\]\((?:[^()\s\\]|\\.|\([^()\s]*\))*$")


def read_blocks(lines: Sequence[ClipLine], ledger: Ledger) -> list[Block]:
    """The blocks of a clip's body."""
    wrapped = _is_wrapped(lines)
    if not wrapped:
        reason = f"lines end in the middle of sentences where there was room within {WRAP_WIDTH} columns"
        ledger.decide("wrap-width", lines[0].number, "", "single line ends read as wraps", reason)
    return _Scanner(lines, ledger, wrapped=wrapped).blocks()


def numbered(text: str, first: int) -> list[ClipLine]:
    """The lines of a text whose first line is line `first` of the clip."""
    return [ClipLine(number, line, len(line.rstrip())) for number, line in enumerate(text.split("\n"), first)]


class _Scanner:
    """Reads blocks from the first line to the last."""

    def __init__(self, lines: Sequence[ClipLine], ledger: Ledger, *, wrapped: bool) -> None:
        self.lines = lines
        self.ledger = ledger
        self.wrapped = wrapped
        self.at = 0

    def blocks(self) -> list[Block]:
        result: list[Block] = []
        while self.at < len(self.lines):
            result += self._block(result)
        return result

    def _block(self, before: Sequence[Block]) -> list[Block]:  # one flat table of shapes
        line = self.lines[self.at]
        if line.blank:
            self.at += 1
            return [Gap(line.number)] if len(line.text) > 1 or line.text.strip(" ") else []
        if self._fence_end(self.at):
            return [self._fenced()]
        if _INDENT.match(line.text) and self._starts() and not self._nested_item():
            return self._indented(before)
        if _EMPTY_HEADING.match(line.text):
            self.ledger.mark(line.number, line.text)
            self.at += 1
            return []
        if _HEADING.match(line.text):
            return self._heading()
        if _RULE.match(line.text):
            self.ledger.mark(line.number, line.text)
            self.at += 1
            return [Rule(line.number)]
        if _QUOTE.match(line.text):
            return [Quote(tuple(self._quote()))]
        if _ITEM.match(line.text):
            return self._list()
        if self._is_table():
            return [self._table()] if "|" in self.lines[self.at + 1].text else self._box()
        return self._text(self._text_lines())

    def _starts(self) -> bool:
        return self.at == 0 or self.lines[self.at - 1].blank or self.lines[self.at - 1].hard

    def _nested_item(self) -> bool:
        return bool(_ITEM.match(self.lines[self.at].text)) and not re.match(
            r"\s*(?:[-+]\w|\d+\.\d)", self.lines[self.at].text
        )

    # Code

    def _fenced(self) -> Code:
        opening, end = self.lines[self.at], self._fence_end(self.at)
        closing = self.lines[end]
        texts = tuple(line.text for line in self.lines[self.at : end + 1])
        self.at = end + 1
        self.ledger.mark(opening.number, opening.text)
        self.ledger.mark(closing.number, closing.text)
        return Code(texts, opening.number, fenced=True)

    def _fence_end(self, at: int) -> int:
        """The index of the line that closes the fence at `at`; 0 where none opens there or none closes it."""
        opening = _FENCE.match(self.lines[at].text)
        if not opening:
            return 0
        closing = re.compile(rf" {{0,3}}{re.escape(opening[1][0])}{{{len(opening[1])},}}\s*$")
        return next((i for i in range(at + 1, len(self.lines)) if closing.match(self.lines[i].text)), 0)

    def _indented(self, before: Sequence[Block]) -> list[Block]:
        end = last = self.at
        while end < len(self.lines) and (self.lines[end].blank or _INDENT.match(self.lines[end].text)):
            if not self.lines[end].blank:
                last = end
            end += 1
        taken = self.lines[self.at : last + 1]
        if _is_prose(taken):
            count = next((index for index, line in enumerate(taken) if line.blank), len(taken))
            reason = "indented by hand: no code, but running text"
            self.ledger.decide("indent-dropped", taken[0].number, taken[0].text, "a paragraph", reason)
            self.at += count
            return self._text([replace(line, text=line.text.strip() + "  ") for line in taken[:count]])
        self.at = last + 1
        texts = tuple(line.text for line in taken)
        last_block = next((block for block in reversed(before) if not isinstance(block, Gap)), None)
        if isinstance(last_block, Listing | Code):  # pandoc would take the indented lines into it
            width = 1 if all(not text or text.startswith("\t") for text in texts) else 4
            return [Code(("```", *(text[width:] for text in texts), "```"), taken[0].number, fenced=True)]
        return [Code(texts, taken[0].number, fenced=False)]

    # Headings and quotations

    def _heading(self) -> list[Block]:
        first = self.lines[self.at]
        mark = _HEADING.match(first.text)
        level = len(mark[1]) if mark else 1
        start = mark.end() if mark else 0
        self.ledger.mark(first.number, first.text[:start])
        taken = [replace(first, text=first.text[start:])]
        self.at += 1
        while not taken[-1].hard and self.at < len(self.lines) and _is_wrap(taken[-1], self.lines[self.at]):
            taken.append(self.lines[self.at])
            self.at += 1
        closing = re.search(r"(?:^|\s)(#+)\s*$", taken[-1].text)
        spans = _read(taken, self.ledger, wrapped=self.wrapped)
        if closing and spans and spans[-1].text.rstrip().endswith(closing[1]):
            tail = spans[-1]
            kept = tail.text.rstrip()[: -len(closing[1])]
            spans[-1:] = [replace(tail, text=kept, raw=kept), Span("mark", "", closing[1], tail.line)]
        blocks = paragraphs(spans, self.ledger)
        return [Headline(level, block.spans) if isinstance(block, Paragraph) else block for block in blocks]

    def _quote(self) -> list[Block]:
        taken: list[ClipLine] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            mark = _QUOTE.match(line.text)
            if mark:
                self.ledger.mark(line.number, mark[0])
                taken.append(replace(line, text=line.text[mark.end() :]))
            elif line.blank or taken[-1].hard or taken[-1].blank or not _is_wrap(taken[-1], line):
                break
            else:
                taken.append(line)
            self.at += 1
        return _Scanner(taken, self.ledger, wrapped=self.wrapped).blocks()

    # Lists

    def _list(self) -> list[Block]:
        entries: list[tuple[int, str, list[ClipLine]]] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            item = _ITEM.match(line.text)
            if line.blank:
                following = next((one for one in self.lines[self.at :] if not one.blank), None)
                if not following or not (_ITEM.match(following.text) or self._continues(following)):
                    break
                entries[-1][2].append(replace(line, text=""))
            elif item and not _RULE.match(line.text) and self._is_item(item, entries):
                self.ledger.mark(line.number, item["marker"])
                entries.append(
                    (len(item["indent"].expandtabs(4)), item["marker"], [replace(line, text=line.text[item.end() :])])
                )
            elif (
                _QUOTE.match(line.text)
                or _HEADING.match(line.text)
                or _RULE.match(line.text)
                or self._fence_end(self.at)
            ):
                break
            else:
                entries[-1][2].append(replace(line, text=line.text.lstrip()))
            self.at += 1
        return list(self._nest(entries))

    def _is_item(self, item: re.Match[str], entries: Sequence[tuple[int, str, list[ClipLine]]]) -> bool:
        """Whether a marker begins an item; at the margin of an indented list it may be there by a wrap."""
        return not entries or bool(item["indent"]) or not entries[0][0] or self._starts()

    @staticmethod
    def _continues(line: ClipLine) -> bool:
        """Whether a line after a blank one is a further paragraph of the item: indented, and running text."""
        return bool(_INDENT.match(line.text)) and _is_prose([line])

    def _nest(self, entries: Sequence[tuple[int, str, list[ClipLine]]]) -> Iterator[Listing]:
        """Lists from flat entries: a deeper indentation is a list within the item above it."""
        at = 0
        while at < len(entries):
            indent, marker, _ = entries[at]
            ordered = marker[0].isdigit()
            items: list[tuple[Block, ...]] = []
            while at < len(entries) and entries[at][1][0].isdigit() == ordered and entries[at][0] <= indent + 1:
                content = _Items(entries[at][2], self.ledger, wrapped=self.wrapped).blocks()
                end = at + 1
                while end < len(entries) and entries[end][0] > indent + 1:
                    end += 1
                items.append((*content, *self._nest(entries[at + 1 : end])))
                at = end
            yield Listing(int(re.sub(r"\D", "", marker)) if ordered else None, tuple(items))

    # Tables

    def _is_table(self) -> bool:
        if self.at + 1 >= len(self.lines):
            return False
        head, rule = self.lines[self.at].text, self.lines[self.at + 1].text
        if not _TABLE_RULE.match(rule):
            return False
        return "|" in head or ("|" not in rule and not _RULE.match(head))

    def _table(self) -> Table:
        head, rule = self.lines[self.at], self.lines[self.at + 1]
        self.ledger.mark(rule.number, rule.text)
        alignments = tuple(cell.strip() for cell in rule.text.strip().strip("|").split("|"))
        rows = [self._row(head)]
        self.at += 2
        while self.at < len(self.lines) and not self.lines[self.at].blank:
            if self._is_table():
                break
            line = self.lines[self.at]
            if "|" in line.text:
                rows.append(self._row(line))
            else:  # a <br> within a cell: html2text ends the line there
                reason = "a line of a table without a column"
                self.ledger.decide("table-joined", line.number, line.text, "joined to the cell before", reason)
                tail = Span("text", " ", " ", line.number)
                rows[-1] = (*rows[-1][:-1], (*rows[-1][-1], tail, *_cell(line.text, line.number, self.ledger)))
            self.at += 1
        width = max(len(alignments), *(len(row) for row in rows))
        filled = tuple((*row, *(() for _ in range(width - len(row)))) for row in rows)
        return Table(filled, (*alignments, *("---" for _ in range(width - len(alignments)))))

    def _box(self) -> list[Block]:
        """A table of one column, which only frames text, as paragraphs."""
        head, rule = self.lines[self.at], self.lines[self.at + 1]
        self.ledger.mark(rule.number, rule.text)
        self.ledger.decide(
            "table-opened", head.number, head.text, "paragraphs", "a table of one column is a frame around text"
        )
        self.at += 2
        taken = [replace(head, text=head.text.rstrip() + "  ")]
        if self.at < len(self.lines) and not self._interrupts():
            taken += self._text_lines()
        return self._text(taken)

    def _row(self, line: ClipLine) -> tuple[tuple[Span, ...], ...]:
        pieces = re.split(r"((?<!\\)\|)", line.text.rstrip())
        cells: list[tuple[Span, ...]] = []
        pending: tuple[Span, ...] = ()
        if len(pieces) > 1 and not pieces[0].strip():
            pending = (Span("mark", "", "|", line.number),)
            pieces = pieces[2:]
        closing = len(pieces) > 1 and not pieces[-1].strip() and line.text.lstrip().startswith("|")
        if closing:
            pieces = pieces[:-2]
        for piece in pieces[::2]:
            cells.append((*pending, *_cell(piece, line.number, self.ledger)))
            pending = (Span("mark", "", "|", line.number),)
        if closing:
            cells[-1] = (*cells[-1], Span("mark", "", "|", line.number))
        return tuple(cells)

    # Running text

    def _text_lines(self) -> list[ClipLine]:
        taken = [self.lines[self.at]]
        self.at += 1
        while self.at < len(self.lines) and not self._interrupts():
            taken.append(self.lines[self.at])
            self.at += 1
        return taken

    def _interrupts(self) -> bool:
        """Whether a line begins a new block without a blank line before it."""
        line, after_end = self.lines[self.at], self.lines[self.at - 1].hard
        if line.blank or self._fence_end(self.at) or self._is_table():
            return True
        if re.match(r" {2,}(?:[*+-]|\d+\.)[ \t]+\S", line.text):
            return True
        return after_end and any(shape.match(line.text) for shape in (_HEADING, _QUOTE, _ITEM, _RULE))

    def _text(self, taken: Sequence[ClipLine]) -> list[Block]:
        return list(paragraphs(_read(taken, self.ledger, wrapped=self.wrapped), self.ledger))


class _Items(_Scanner):
    """Reads the text of one list item: paragraphs, quotations, fenced code, no lists."""

    def _block(self, before: Sequence[Block]) -> list[Block]:  # noqa: ARG002  # irrelevant in an item
        line = self.lines[self.at]
        if line.blank:
            self.at += 1
            return []
        if self._fence_end(self.at):
            return [self._fenced()]
        taken = [line]
        self.at += 1
        while self.at < len(self.lines) and not self.lines[self.at].blank and not self._fence_end(self.at):
            taken.append(self.lines[self.at])
            self.at += 1
        return self._text(taken)


def _is_prose(lines: Sequence[ClipLine]) -> bool:
    """Whether indented lines are running text: more than half wide characters, with Chinese punctuation, no comment."""
    text = "".join(line.text for line in lines)
    visible = [char for char in text if not char.isspace()]
    wide = sum(is_wide(char) for char in visible)
    code = re.search(
        r"(?m)^\s*(?:#|//|/\*|--|;|<!--)|[{};=]\s*$|\w\(.*\)\s*[:;]?\s*$", "\n".join(line.text for line in lines)
    )
    return wide * 2 > len(visible) and not code


def _cell(text: str, line: int, ledger: Ledger) -> tuple[Span, ...]:
    return tuple(read_spans(text.strip(), lambda _: line, ledger))


# Wrapping ---------------------------------------------------------------------------------------------------------


def _is_wrapped(lines: Sequence[ClipLine]) -> bool:
    """Whether lines that end in mid-sentence end where html2text wraps; a few exceptions prove nothing."""
    bare = [replace(line, text=_QUOTE.sub("", line.text)) for line in lines]
    shapes = (_ITEM, _INDENT, _TABLE_RULE, _HEADING, _FENCE)
    broken = [
        _fits(one, other)
        for one, other in pairwise(bare)
        if not (one.blank or other.blank or one.hard or "![" in one.text + other.text or ends_sentence(one.text))
        and not any(shape.match(line.text) for line in (one, other) for shape in shapes)
    ]
    return len(broken) < 3 or sum(broken) * 2 <= len(broken)  # noqa: PLR2004  # one or two lines prove nothing


def _first_token(text: str) -> str:
    tokens = textwrap.wrap(text, 1, break_long_words=False)
    return tokens[0] if tokens else ""


def _fits(line: ClipLine, following: ClipLine) -> bool:
    """Whether the next token had room on the line: then html2text did not wrap here."""
    gap = 0 if re.search(r"[^\s-]-$", line.text) else 1
    return line.width + gap + len(_first_token(following.text)) <= WRAP_WIDTH


def _is_wrap(line: ClipLine, following: ClipLine) -> bool:
    return not following.blank and not _fits(line, following)


def _read(lines: Sequence[ClipLine], ledger: Ledger, *, wrapped: bool) -> list[Span]:
    """The spans of lines of running text, each paragraph end a break."""
    text = ""
    starts: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        starts.append((len(text), line.number))
        text += line.text.strip() if index else line.text.rstrip()
        if index + 1 < len(lines):
            text += _joint(text, line, lines[index + 1], ledger, wrapped=wrapped)
    return split_sentences(read_spans(text, LineMap(starts), ledger), ledger)


def _joint(  # one rule after another
    text: str, line: ClipLine, following: ClipLine, ledger: Ledger, *, wrapped: bool
) -> str:
    """What comes between a line and the next: nothing, a space, or a paragraph's end."""
    if line.hard:
        return "\n"
    paragraph = text.rpartition("\n")[2]
    before, after = _visible_end(paragraph), _visible_start(following.text)
    excerpt = f"{plain_text(paragraph)[-14:]}⏎{plain_text(following.text)[:14]}"
    if _OPEN_ADDRESS.search(paragraph) or re.search(r"https?://[!-~]*-$", paragraph):
        ledger.wraps += 1
        address = f"{paragraph[-20:]}⏎{following.text[:14]}"
        ledger.decide("url-joined", line.number, address, "joined", "the wrap stands inside an address")
        return " " if following.text.startswith('"') else ""
    if following.text.startswith("![") or re.search(r"!\[[^\]]*\]\([^)]*\)$", paragraph):
        return " "
    if _fits(line, following) and (wrapped or ends_sentence(paragraph)):
        reason = f"the next word had room within {WRAP_WIDTH} columns: no wrap"
        ledger.decide("break-kept", line.number, excerpt, "a new paragraph", reason)
        return "\n"
    if ends_sentence(paragraph):
        if reason := inside(plain_text(paragraph), plain_text(following.text)):
            ledger.wraps += 1
            ledger.decide("wrap-joined", line.number, excerpt, "joined", reason)
            return _gap(before, after)
        reason = "a sentence ends here, and Chinese sets no space after it"
        ledger.decide("break-kept", line.number, excerpt, "a new paragraph", reason)
        return "\n"
    ledger.wraps += 1
    if before in "”’":
        ledger.decide("wrap-joined", line.number, excerpt, "joined", "a closing quotation mark alone ends no sentence")
    return _gap(before, after) if not re.search(r"[^\s-]-$", paragraph) else ""


def _visible_end(text: str) -> str:
    return re.sub(r"[*_~`]+$", "", text.rstrip())[-1:] or " "


def _visible_start(text: str) -> str:
    return re.sub(r"^[*_~`\[]+", "", text.lstrip())[:1] or " "


def _gap(before: str, after: str) -> str:
    """What a wrap between two characters stood for: nothing between wide ones, else a space."""
    wide = (is_wide(before) or before in AMBIGUOUS_MARKS) and (is_wide(after) or after in AMBIGUOUS_MARKS)
    return "" if wide else " "


# Paragraphs -------------------------------------------------------------------------------------------------------


def paragraphs(spans: Sequence[Span], ledger: Ledger) -> Iterator[Paragraph | Figure]:
    """Spans cut at their breaks, each image a figure of its own; lone marks go with what follows."""
    current: list[Span] = []
    for index, span in enumerate(spans):
        if span.kind == "image":
            _note_split(current, span, spans[index + 1 :], ledger)
            if plain(current).strip():
                yield Paragraph(tuple(current))
                current = []
            yield Figure((*current, span))
            current = []
            continue
        current.append(replace(span, kind="mark") if span.kind == "break" else span)
        if span.kind == "break" and plain(current).strip():
            yield Paragraph(tuple(current))
            current = []
    if any(not char.isspace() for span in current for char in span.raw):
        yield Paragraph(tuple(current))


def _note_split(before: Sequence[Span], image: Span, after: Sequence[Span], ledger: Ledger) -> None:
    """Note an image that was glued to text, and whether it tears a sentence."""
    left = plain(before).strip()
    right = plain(takewhile(lambda span: span.kind not in ("break", "image"), after)).strip()
    if left or right:
        torn = left and right and not ends_sentence(left)
        reason = (
            "it was in the middle of a sentence: check that the text goes on" if torn else "it was glued to a paragraph"
        )
        ledger.decide("image-split", image.line, f"{left[-12:]}▢{right[:12]}", "a block of its own", reason)


def begins(block: Block) -> int:
    """The clip's line in which a block begins; 0 where it holds nothing."""
    if isinstance(block, Paragraph | Figure | Headline):
        return line_of(block.spans)
    if isinstance(block, Code | Rule | Gap):
        return block.line
    if isinstance(block, Quote | Group):
        return next((begins(one) for one in block.blocks), 0)
    if isinstance(block, Listing):
        return next((begins(one) for item in block.items for one in item), 0)
    return next((line_of(cell) for row in block.rows for cell in row if cell), 0)


def words(block: Block) -> str:
    """What a reader sees of a paragraph or a heading; empty for other blocks."""
    return plain(block.spans).strip() if isinstance(block, Paragraph | Headline) else ""


def is_running(block: Block | None) -> bool:
    """Whether a block is running text: a paragraph with words."""
    return isinstance(block, Paragraph) and bool(words(block))
