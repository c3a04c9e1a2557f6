"""The blocks of a text, as a CommonMark reader sees them, and the rows that pandoc reads as the same blocks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise, takewhile
from typing import Literal

from markdown_it.token import Token

from publish.han import IDEOGRAPH
from publish.source.reading.apart import (
    IN_BOLD,
    are_centred,
    are_hanging,
    are_verse,
    greets,
    hung,
    is_ornament,
    is_prose,
    joined,
    parted,
    pieces,
    signs,
)
from publish.source.reading.commonmark import LABEL, SPAN, masked, parse
from publish.source.reading.edits import QUOTED, Edits
from publish.source.reading.environments import environments
from publish.source.reading.formulas import Dollars
from publish.source.reading.info import read_info
from publish.source.reading.items import listed
from publish.source.reading.lines import Habit, habit_of, has_long_part, line_ends, unexplained, unwrapped
from publish.source.reading.passes import TAG, addressed, dedented, in_their_items, leading, stepped, with_plain_marks
from publish.source.reading.rows import Row
from publish.source.reading.singles import BARS, DEFINED, SENTENCE, TITLE, settle_lines
from publish.source.reading.spans import Spans
from publish.source.reading.tables import pasted, wide_enough
from publish.source.reading.unread import escaped
from publish.source.reading.variants import with_signs

_RULE = re.compile(r"^(?P<before>[ \t>]*)(?P<rule>[-*_=][-*_= \t]*)$")
_ATX = re.compile(
    r"^(?P<before>[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?#{1,6}[ \t]+.*?[^\s#\\])"
    r"(?P<sharps>#+)(?P<after>[ \t]*(?:\{[^{}]*\})?[ \t]*)$"
)
_SPACED_SHARPS = re.compile(r"^(?P<before>(?: {0,3}>[ \t]?)*+) {1,3}(?=#)")
_CODE_MARK = re.compile(r"[ \t]*(?://|#|<!--|/\*|--)[ \t]*\[!code [^\]\n]*\][ \t]*(?:-->|\*/)?[ \t]*$")
_EMPTY_ITEM = re.compile(r"^(?P<before>[ \t>]*\d{1,9})(?P<mark>[.)])[ \t]*$")
_PROGRAM = re.compile(r"^ {0,3}<(?:script|style)\b", re.IGNORECASE)
_LED_TO = re.compile(r"\[\[[^\[\]\n|]*#\^([A-Za-z0-9-]+)")
# An address, cells, a field: **来源：** https://…
_NO_TITLE = re.compile(r"^(?:https?://|\||\*\*[^*]+(?:：\*\*|:\*\*|\*\*[：:]))")
_REFERENCE = re.compile(r"^ {0,3}\[(?P<label>[^\]\n^]+)\]:[ \t]*(?P<url>\S*)(?P<rest>.*)$")
_ORDERED = re.compile(r"^(?P<before>[ \t>]*)\d{1,9}[.)]")
_SIGNATURE, _CENTRED = ".signature", 'style="text-align: center"'
_GRID = re.compile(r"^[ \t>]*\+(?:[-=:]+\+)+[ \t]*$")
_MANY_DASHES = re.compile(r"^[ \t>]*-(?:[ ]-){4,}[ \t]*$")  # more than a table would have columns of one sign
_DASHES = re.compile(r"^[ \t>]*-+(?:[ \t]+-+)+[ \t]*$")


_LINE_OF_BLOCK = re.compile(r" {0,3}\|(?: |$)")


@dataclass
class Blocks(Edits):
    """Makes rows that pandoc reads as a CommonMark reader reads the text."""

    ends: Literal["keep", "join"] | None = None  # what becomes of lines within paragraphs
    tokens: list[Token] = field(default_factory=list)
    shown: list[Row] = field(default_factory=list)
    _texts: list[tuple[int, int, bool]] = field(default_factory=list)
    _divisions: list[tuple[str, int, int]] = field(default_factory=list)
    _habit: Habit = field(default_factory=Habit)

    def read(self) -> list[Row]:
        """The rows for pandoc."""
        plain = leading(
            addressed(listed(in_their_items(with_plain_marks(with_signs(self.rows, self.ledger), self.ledger))))
        )
        self.rows = wide_enough(environments(dedented(stepped(pasted(plain, self.ledger))), self.ledger))
        notes = frozenset(found["label"] for row in self.rows if (found := LABEL.match(row.text)))
        source = "\n".join(row.text for row in self.rows)
        self.shown = list(self.rows)
        self.tokens = parse(masked([row.text for row in self.rows]))
        self._grids()
        self._habit = habit_of(self._paragraphs())
        for index, token in enumerate(self.tokens):
            if token.map:
                self._token(index, token, *token.map)
        settle_lines(self)
        headings = frozenset(found["text"] for row in self.rows if (found := TITLE.match(row.text)))
        names = (_REFERENCE.match(row.text) for row in self.rows if "]:" in row.text)
        addresses = frozenset(" ".join(found["label"].split()).lower() for found in names if found)
        named = frozenset(_LED_TO.findall(source))
        prose = "\n".join(row.text for at, row in enumerate(self.rows) if at not in self.opaque)
        dollars = Dollars.of(prose)
        spans = Spans(self.ledger, notes, self._closed(prose), headings, addresses, named, dollars=dollars)
        self._narrow(spans)
        self._references(source)
        for attributes, start, end in self._divisions:
            self._divide(attributes, start, end)
        return self.spaced()

    def _paragraphs(self) -> Iterator[list[str]]:
        """The lines of each paragraph, without the marks of quotations."""
        for token in self.tokens:
            if token.type == "paragraph_open" and token.map:
                start, end = token.map
                yield [QUOTED.sub("", row.text) for row in self.rows[start:end]]

    def _closed(self, prose: str) -> frozenset[str]:
        """The elements that the text closes somewhere, but in code."""
        return frozenset(found["name"].lower() for found in TAG.finditer(SPAN.sub("", prose)) if found["end"])

    def _grids(self) -> None:
        """Pandoc's grid tables stay as they are: their cells are told by columns, which an escape would move."""
        start = None
        for at, row in enumerate([*self.rows, Row("", 0)]):
            if start is not None and not row.text.lstrip(" \t>").startswith(("|", "+")):
                self.opaque.update(range(start, at))
                start = None
            elif start is None and _GRID.match(row.text):
                start = at

    # --- what each block needs ---

    def _token(self, index: int, token: Token, start: int, end: int) -> None:
        kind = token.type
        if kind == "fence":
            self.opaque.update(range(start, end))
            if token.markup in self.rows[start].text:  # and is not a formula that was masked as code
                if self._is_outer(index):
                    self._to_the_edge(start, end)
                self._fence(token, start, end)
            else:
                self._formula(start, end)
            self.part(start)
        elif kind == "code_block":
            if self._is_inside_note(start):
                self._texts.append((start, end, False))
            elif self._is_outer(index) and is_prose(self.lines(start, end), *self.beside(start, end)):
                self._prose(start, end)
            else:
                self.opaque.update(range(start, end))
        elif kind == "hr":
            self._rule(start)
        elif kind == "heading_open":
            if self._is_outer(index):
                self.part(start)
            self._heading(index, start, end)
        elif kind == "table_open":
            self.before.add(start)
            self.tabled.update(range(start, end))
            self._texts += [(line, line + 1, True) for line in range(start, end)]
            self.opaque.add(start + 1)
        elif kind == "paragraph_open":
            self._set_apart(index, start, end)
        elif kind in ("bullet_list_open", "ordered_list_open", "blockquote_open"):
            if kind == "bullet_list_open" and self._is_ornament(index, start, end):
                self._ornament(start)
            elif self._is_outer(index):
                self.part(start)
            if kind == "ordered_list_open":
                self._numbers(index)
                self._year(start, end)
        elif kind == "html_block":
            if self._is_outer(index) and self.rows[start].text.lstrip(" ").startswith("<!--"):
                self.part(start)  # a comment ends a paragraph (CommonMark 4.6)
                self.behind.add(end - 1)
            if _PROGRAM.match(self.rows[start].text) and "</" in self.rows[end - 1].text:
                self.opaque.update(range(start, end))
            self._items_in_element(start, end)
            self._texts.append((start, end, False))
        elif kind == "inline" and not self._in_table(index):
            self._texts.append((start, end, False))

    def _items_in_element(self, start: int, end: int) -> None:
        """Items right below a sentence are a list within an element, too, whose text CommonMark does not look at."""
        if not _HOLDS_TEXT.match(self.rows[start].text) or any(_VERBATIM.search(one) for one in self.lines(start, end)):
            return
        for at in range(start + 1, end):
            above = self.rows[at - 1].text.lstrip()
            below_text = above and above[0] not in "<|" and not _ITEM_IN_ELEMENT.match(above)
            if below_text and _ITEM_IN_ELEMENT.match(self.rows[at].text):
                self.before.add(at)

    def _numbers(self, index: int) -> None:
        """Items have the numbers that were typed, 2023 behind 3 too; where one is typed twice, they are counted."""
        level = self.tokens[index].level
        inner = takewhile(lambda one: one.level > level, self.tokens[index + 1 :])
        items = [one for one in inner if one.type == "list_item_open" and one.level == level + 1]
        typed = [int(one.info) for one in items]
        steps = {after - before for before, after in pairwise(typed)}
        if items and items[0].info[:1] == "0" < items[0].info[1:]:
            self._padded(items)
            return
        if steps <= {1} or steps == {0}:  # 1. 1. 1. asks for counting
            return
        if 0 in steps:
            row = self.rows[items[0].map[0]] if items[0].map else self.rows[0]
            said = ", ".join(map(str, typed[:8]))
            self.ledger.tell("numbers", row.line, said)
            return
        for one, before, after in zip(items[1:], typed, typed[1:], strict=False):
            found = _ORDERED.match(self.rows[one.map[0]].text) if one.map else None
            if one.map and found and after != before + 1:
                self.leaps[one.map[0]] = found["before"]

    def _padded(self, items: Sequence[Token]) -> None:
        """Numbers with zeros before them, 01. and 02., which no list has: lines, where each item is one."""
        padded = takewhile(lambda one: len(one.info) == len(items[0].info), items)
        spans = [one.map for one in padded if one.map]
        if all(not "".join(self.lines(start + 1, end)).strip(" \t>") for start, end in spans):
            for start, _ in spans:
                self.set(start, re.sub(r"(?<=\d)(?=[.)])", r"\\", self.rows[start].text, count=1))
            self.keep(start for start, _ in spans[:-1])
            return
        row = self.rows[spans[0][0]]
        self.ledger.tell("numbers", row.line, ", ".join(one.info for one in items[:8]))

    def _year(self, start: int, end: int) -> None:
        """A number with a dot that is all there is, 2020., is no list."""
        found = _EMPTY_ITEM.match(self.rows[start].text)
        if found and not any(row.text.strip(" \t>") for row in self.rows[start + 1 : end]):
            self.set(start, f"{found['before']}\\{found['mark']}")

    def _divide(self, attributes: str, start: int, end: int) -> None:
        """Make lines a division: a signature stands at the right, what is continued has no indent."""
        last = max(at for at in range(start, end) if self.rows[at].text.strip(" \t>"))
        mark = QUOTED.match(self.rows[start].text)
        edge = mark[0] if mark else ""
        self.set(start, f"{edge}::: {{{attributes}}}\n" + self.rows[start].text)
        self.set(last, self.rows[last].text.rstrip() + f"\n{edge}:::")
        self.before.add(start)
        self.behind.add(last)

    def _prose(self, start: int, end: int) -> None:
        """Paragraphs that were indented by hand: each line is one, or a line of its own in one."""
        lines = self.lines(start, end)
        far = signs(lines, self.beside(start, end)[1])
        for at in range(start, end):
            beside = at + 1 < end and self.rows[at].text.strip() and self.rows[at + 1].text.strip()
            self.set(at, self.rows[at].text.strip() + ("  " if beside else ""))
        if far or are_centred(lines):
            self._divisions.append((_SIGNATURE if far else _CENTRED, start, end))
        self._texts.append((start, end, False))

    def _set_apart(self, index: int, start: int, end: int) -> None:
        """Set verse as verse, keep other lines that are apart; what stands for itself parts what is around it."""
        lines = [QUOTED.sub("", row.text) for row in self.rows[start:end]]
        quoted = any(token.type == "blockquote_open" for token in self._above(index))
        if all(_LINE_OF_BLOCK.match(line) and not BARS.match(line) for line in lines):
            return  # pandoc's own lines of verse
        outer = self._is_outer(index)
        if quoted and outer and not are_verse(lines, quoted=True):
            self._tell_lazy(start, end)
        several = outer and not quoted and len(lines) > 1
        parts = pieces(lines, self.beside(start, end)[1]) if several else [(0, end - start)]
        for begun, ended in parts:
            if begun:
                self.before.add(start + begun)
            self._apart(start + begun, start + ended, outer=outer, quoted=quoted)

    def _tell_lazy(self, start: int, end: int) -> None:
        """A line of Chinese right below a quotation belongs to it, and few who type it so mean that."""
        bare = [row.text.lstrip(" \t") for row in self.rows[start:end]]
        for at, (above, line) in enumerate(pairwise(bare), start + 1):
            if above.startswith(">") and not line.startswith(">") and IDEOGRAPH.search(line):
                self.ledger.tell("lazy", self.rows[at].line, line)

    def _apart(self, start: int, end: int, *, outer: bool, quoted: bool) -> None:
        """What the lines of a paragraph, or of a part of one, are."""
        lines = [QUOTED.sub("", row.text) for row in self.rows[start:end]]
        beside = self.beside(start, end)[1]
        if outer and are_verse(lines, quoted=quoted):
            mark = QUOTED.match(self.rows[start].text)
            for at, words in zip(range(start, end), lines, strict=True):  # a quotation may go on without its mark
                self.set(at, f"{mark[0] if mark else ''}| {words.strip()}")
        elif not quoted and outer and (signs(lines, beside) or are_centred(lines)):
            self._divisions.append((_SIGNATURE if signs(lines, beside) else _CENTRED, start, end))
            for at in range(start, end):  # which an editor's spaces have put where they are to stand
                self.set(at, self.rows[at].text.lstrip(" \t"))
            self.keep(range(start, end - 1))
        elif outer and not quoted and len(lines) > 1 and are_hanging(lines):
            self._hang(start, end, lines)
        elif end - start == 1 and not quoted and is_ornament(lines[0]) and outer:
            self._ornament(start)
        elif outer and greets(lines, beside):
            self._divisions.append((".continued", start, start + 1))
            if end - start > 1 and all(line.startswith(("    ", "\t")) for line in lines[1:]):  # each a paragraph
                for at in range(start + 1, end):
                    self.set(at, self.rows[at].text.lstrip(" \t"))
                self.part_at(range(start + 1, end - 1))
            else:
                self._keep_lines(start + 1, end, outer=outer)
        elif outer and parted(lines):
            self._part_lines(start, end)
        else:
            self._keep_lines(start, end, outer=outer)

    def _hang(self, start: int, end: int, lines: Sequence[str]) -> None:
        """Lines some of which stand below what another says behind its name."""
        for at, text in zip(range(start, end), hung(lines), strict=True):
            self.set(at, text)
        self.keep(range(start, end - 1))
        self.hung.update(range(start, end))

    def _part_lines(self, start: int, end: int) -> None:
        """Lines that are paragraphs."""
        self.part_at(range(start, end - 1))

    def _is_ornament(self, index: int, start: int, end: int) -> bool:
        """Whether a list is none, but a line with a mark on both sides: - END -."""
        alone = not any(row.text.strip() for row in self.rows[start + 1 : end])
        return alone and not self.tokens[index].level and is_ornament(self.rows[start].text)

    def _ornament(self, at: int) -> None:
        """A line of ornaments between two scenes, or at the end of all: it stands in the middle."""
        self.ledger.name("an ornament between scenes", self.rows[at].line, "")
        words = self.rows[at].text.strip()
        self.set(at, f"::: {{.scene-break}}\n{words if IN_BOLD.fullmatch(words) else escaped(words)}\n:::")
        self.opaque.add(at)
        self.before.add(at)
        self.behind.add(at)

    def _keep_lines(self, start: int, end: int, *, outer: bool = False) -> None:
        """Lines stay lines where their author meant them so."""
        lines = [QUOTED.sub("", row.text) for row in self.rows[start:end]]
        if len(lines) < 2 or (start and _DASHES.match(self.rows[start - 1].text)):  # noqa: PLR2004  # a table's rows
            return
        if self.ends == "join":
            return
        ends = line_ends(lines, self._habit, every=self.ends == "keep")
        if ends.paragraphs and outer:
            self._part_lines(start, end)
            return
        quoted = [bool(QUOTED.sub("", row.text) != row.text) for row in self.rows[start:end]]
        lazy = {at for at in ends.kept if quoted[at] and not quoted[at + 1]}  # which Markdown lets go on without its >
        kept = [at for at in ends.kept if at not in lazy]
        if outer and self.ends is None and has_long_part(lines, kept):
            self.part_at(start + at for at in kept)
        else:
            self.keep(start + at for at in kept)
        told = {*joined(lines), *unwrapped(lines), *unexplained(lines, self._habit), *ends.doubtful}
        for at in sorted(told.difference(ends.kept)):
            if not lines[at].endswith(("  ", "\\")):
                self.ledger.join(self.rows[start + at].line, lines[at].strip())

    def _is_outer(self, index: int) -> bool:
        """Whether a block stands in no list; there pandoc needs no blank line, and one would loosen the list."""
        return not any(token.type == "list_item_open" for token in self._above(index))

    def _above(self, index: int) -> Iterator[Token]:
        level = self.tokens[index].level
        if not level:
            return
        for token in reversed(self.tokens[:index]):
            if token.level < level and token.nesting == 1:
                level = token.level
                yield token
            if not level:
                return

    def _in_table(self, index: int) -> bool:
        return index > 0 and self.tokens[index - 1].type in ("td_open", "th_open")

    def _is_inside_note(self, start: int) -> bool:
        """Whether what is indented here belongs to a note or a definition that begins above."""
        for at in range(start - 1, -1, -1):
            text = self.rows[at].text
            if text.strip() and not text.startswith(("    ", "\t")):
                return bool(LABEL.match(text) or DEFINED.match(text))
        return False

    def _rule(self, at: int) -> None:
        found = _RULE.match(self.rows[at].text)
        text = self.rows[at].text
        if found and (not _DASHES.match(text) or _MANY_DASHES.match(text)):
            self.set(at, f"{found['before']}* * *")
            self.before.add(at)
            self.behind.add(at)
            self.opaque.add(at)

    def _heading(self, index: int, start: int, end: int) -> None:
        token = self.tokens[index]
        if token.markup.startswith("#"):
            if self.rows[start].text.strip() == "#" and self._is_between(start):
                self._ornament(start)
                return
            if self._is_outer(index):  # up to three spaces before it are nothing (CommonMark 4.2)
                self.set(start, _SPACED_SHARPS.sub(r"\g<before>", self.rows[start].text))
            found = _ATX.match(self.rows[start].text)
            if found:
                self.set(start, found["before"] + found["sharps"].replace("#", "\\#") + found["after"])
            if end < len(self.rows) and self.rows[end].text.strip():
                self.behind.add(start)
            return
        under = end - 1
        first = self.rows[start].text.strip()
        if token.markup == "=" and end - start > 2 and len(first) > 3 and set(first) == {"="}:  # noqa: PLR2004
            self._framed(start, under)
            return
        close = end < len(self.rows) and bool(self.rows[end].text.strip())
        several = end - start > 2  # noqa: PLR2004  # more than a line and its underline
        if token.markup == "-" and (
            several or self._is_no_title(self.rows[under - 1].text, self.rows[under].text, close=close)
        ):
            if several:
                self._keep_lines(start, under, outer=self._is_outer(index))
            self.before.add(under)
            self._rule(under)
            return
        if end - start == 2:  # noqa: PLR2004
            before = QUOTED.match(self.rows[start].text)
            self.set(under, (before[0] if before else "") + token.markup * 3)
            self.opaque.add(under)
            self.part(start)

    def _is_no_title(self, text: str, under: str, *, close: bool) -> bool:
        """Whether a line above one of dashes is a sentence, a field, a row, and its author meant a rule.

        A half of a sentence, too, in a file whose headings begin with #, or that has no other; and any line in one that
        has more rules and no other headings, where text follows right below (`close`).
        """
        plain = QUOTED.sub("", text).strip()
        if SENTENCE.search(plain) or _NO_TITLE.search(plain):
            return True
        marks = self._marks_of_titles
        if (
            close and under.strip(" \t>") == "--" and marks["-"] == 1 and not marks["="] and not marks["#"]
        ):  # who signs stands below
            return True
        if close and marks["-"] <= marks["rule"] and not marks["="] and not marks["#"]:
            return True
        return "，" in plain and bool(marks["#"] or not (marks["="] or marks["-"] > 1))

    @cached_property
    def _marks_of_titles(self) -> Counter[str]:
        """How often each mark makes a title, and how many rules there are, those below what is no title among them."""
        found: Counter[str] = Counter()
        for token, inside in pairwise(self.tokens):
            if token.type == "heading_open":
                sure = token.markup == "-" and (SENTENCE.search(inside.content) or _NO_TITLE.search(inside.content))
                found["rule" if sure else token.markup[0]] += 1
            found["rule"] += token.type == "hr"
        return found

    def _framed(self, start: int, under: int) -> None:
        """Words between two drawn lines, ===== above them and below: both lines and words stand in the middle."""
        for at in (start, under):
            self._ornament(at)
        self._divisions.append((_CENTRED, start + 1, under))
        for at in range(start + 1, under):
            self.set(at, self.rows[at].text.strip())
        self.keep(range(start + 1, under - 1))

    def _is_between(self, at: int) -> bool:
        """Whether a line stands between two scenes: lines of text, no headings."""
        beside = self.beside(at, at + 1)
        return all(text and not text.lstrip().startswith(("#", "<", "|", ":::")) for text in beside)

    def _to_the_edge(self, start: int, end: int) -> None:
        """Fenced code that stands some spaces in: as many are none of its lines' own (CommonMark 4.5)."""
        text = self.rows[start].text
        inset = len(text) - len(text.lstrip(" "))
        for at in range(start, end) if inset else ():
            line = self.rows[at].text
            self.set(at, line[min(inset, len(line) - len(line.lstrip(" "))) :])

    def _fence(self, token: Token, start: int, end: int) -> None:
        row, mark = self.rows[start], token.markup
        at = row.text.find(mark)
        last = self.rows[end - 1].text
        closed = end - start > 1 and re.match(rf"^[\s>]*{re.escape(mark[0])}{{{len(mark)},}}\s*$", last)
        if not closed:
            self.ledger.leave("fenced code that is never closed", row.line, row.text.strip())
            quoted = QUOTED.match(row.text)
            prefix = quoted[0] if quoted else " " * at
            self.append_behind(end - 1, prefix + mark)
        info = row.text[at + len(mark) :].strip()
        if info == "math" and closed and end - start > 2:  # noqa: PLR2004  # GitHub's and GitLab's formula
            self.set(start, row.text[:at] + "$$")
            self.set(end - 1, re.sub(rf"{re.escape(mark[0])}{{3,}}\s*$", "$$", last))
            self._formula(start, end)
            return
        opening = read_info(info)
        for line in range(start + 1, end - 1):
            if "[!code" in self.rows[line].text and (found := _CODE_MARK.search(self.rows[line].text)):
                self.ledger.name("a mark of VitePress in code", self.rows[line].line, found[0])
                self.set(line, self.rows[line].text[: found.start()])
        self.set(start, row.text[:at] + mark + opening)

    def _formula(self, start: int, end: int) -> None:
        """A formula between lines of $$: a blank line in it, which pandoc would end it at, goes."""
        for at in range(start + 1, end - 1):
            if not self.rows[at].text.strip():
                self.gone.add(at)

    # --- text ---

    def _narrow(self, spans: Spans) -> None:
        done: set[int] = set()
        for start, end, table in self._texts:
            wanted = [at for at in range(start, min(end, len(self.rows))) if at not in done and at not in self.opaque]
            done.update(wanted)
            for run in _runs(wanted):
                texts = [self.rows[at].text for at in run]
                starts = [0]
                for text in texts:
                    starts.append(starts[-1] + len(text) + 1)
                lines = [self.rows[at].line for at in run]
                made = spans.narrow("\n".join(texts), partial(_line_at, starts, lines), table=table)
                for at, text in zip(run, made.split("\n"), strict=True):
                    self.set(at, text)

    def _references(self, source: str) -> None:
        """Lines like `[甲]: 好` are addresses only where something is linked to them."""
        for at, row in enumerate(self.rows):
            found = _REFERENCE.match(row.text)
            if not found or at in self.opaque:
                continue
            if found["url"] in ("#", "<>") and found["rest"].strip() and f"[{found['label']}][" not in source:
                self.ledger.name("a comment", row.line, row.text)  # [//]: # (as no reader shows it)
                self.set(at, "")
                continue
            if found["url"].startswith("<"):
                continue
            url = found["url"]
            like = re.search(r"[/.#:]|^$", url) and not re.search(r"[\u3001-\u3003\uff01-\uff1f]", url)
            if like or f"[{found['label']}]" in source.replace(row.text, "", 1):
                self.ledger.name("an address by its name", row.line, row.text)
            else:
                self.set(at, row.text.replace("[", "\\[", 1))


_HOLDS_TEXT = re.compile(
    r"^ {0,3}<(?:div|section|article|aside|center|details|blockquote|main|header|footer)\b", re.IGNORECASE
)
_VERBATIM = re.compile(r"<(?:pre|script|style|textarea|code|table|[uo]l|p)\b", re.IGNORECASE)
_ITEM_IN_ELEMENT = re.compile(r"^ {0,3}(?:[-*+]|1[.)])[ \t]+(?=\S)")


def _line_at(starts: Sequence[int], lines: Sequence[int], index: int) -> int:
    """The line of an index in lines that begin at `starts`."""
    return lines[min(bisect_right(starts, index) - 1, len(lines) - 1)]


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Numbers in runs that follow each other."""
    run: list[int] = []
    for number in numbers:
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run
