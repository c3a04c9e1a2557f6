"""The blocks of a text, as a CommonMark reader sees them, and the rows that pandoc reads as the same blocks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise, takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token

from publish.source.reading.apart import are_apart, are_verse, breaks, is_prose, joined, signs
from publish.source.reading.elements import BLOCKS, EMPTY, OPEN_ENDED
from publish.source.reading.info import read_info
from publish.source.reading.rows import FENCE, ReadingNotes, Row, fenced
from publish.source.reading.spans import Spans

_COLONS = re.compile(r"^[ \t>]*:{3,}.*$")
_LABEL = re.compile(r"^(?P<before>[ \t>]*)\[\^(?P<label>[^\]\s]+)\]:")
_QUOTED = re.compile(r"^(?:[ \t]*>[ \t]?)+")
_MARK = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<mark>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)$")
_DOLLARS = re.compile(r"^[ \t>]*\$\$[ \t]*(?:\{#eq[:-][^\s{}]+\}[ \t]*)?$")  # the name of a formula stands behind it
_INDENT = re.compile(r"^(?:\u3000|&emsp;|&ensp;|&nbsp;|\u2003)+[ \t]*")
_RULE = re.compile(r"^(?P<before>[ \t>]*)(?P<rule>[-*_=][-*_= \t]*)$")
_ATX = re.compile(
    r"^(?P<before>[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?#{1,6}[ \t]+.*?[^\s#\\])"
    r"(?P<sharps>#+)(?P<after>[ \t]*(?:\{[^{}]*\})?[ \t]*)$"
)
_NO_SPACE = re.compile(r"^(?:#[^\s#!{\[(0-9-][^#\n]*$|#{2,6}[^\s#!{\[(0-9-])")
_SEVEN = re.compile(r"^(?P<before> {0,3})#(?=#{6})")
_NUMBER = re.compile(r"^[ \t]*\d{1,9}[.)][ \t]+\S")
_REFERENCE = re.compile(r"^ {0,3}\[(?P<label>[^\]\n^]+)\]:[ \t]*(?P<url>\S*)(?P<rest>.*)$")
_DEFINED = re.compile(r"^ {0,3}[:~][ \t]+\S")
_NAMED_IN_ITEM = re.compile(
    r"^(?P<before>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+)(?P<mark>:{3,})(?=[ \t]*[^\x00-\x7f])"
)
_ORDERED = re.compile(r"^(?P<before>[ \t>]*)\d{1,9}[.)]")
# Between two items whose numbers do not follow each other; taken out again behind pandoc.
APART = "<!-- apart -->"
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w-]*)(?:\s[^<>]*?)?(?P<empty>/?)>")
_BEGIN = re.compile(r"^[ \t>]*\\begin\{(?P<name>[A-Za-z]+\*?)\}")
# Environments of amsmath, which every page that shows mathematics reads.
_FORMULAS = frozenset("equation align gather multline eqnarray alignat displaymath math".split())
_TITLE = re.compile(r"^#{1,6}[ \t]+(?P<text>.*?)[ \t]*(?:#+[ \t]*)?(?:\{[^{}]*\}[ \t]*)?$")
# A numbered example of pandoc's, whose name is not one that a program would have: (@张三) is somebody.
_SOMEBODY = re.compile(r"^(?P<before>[ \t>]*\(?)@(?=[\w-]*[^\x00-\x7f][^\s)]*[.)])")
_GRID = re.compile(r"^[ \t>]*\+(?:[-=:]+\+)+[ \t]*$")
_DASHES = re.compile(r"^[ \t>]*-+(?:[ \t]+-+)+[ \t]*$")
_LINES = re.compile(r"^\| ")


@dataclass
class Blocks:
    """Makes rows that pandoc reads as a CommonMark reader reads the text."""

    ledger: ReadingNotes
    rows: list[Row]
    tokens: list[Token] = field(default_factory=list)
    shown: list[Row] = field(default_factory=list)
    _before: set[int] = field(default_factory=set)
    _leaps: dict[int, str] = field(default_factory=dict)
    _tabled: set[int] = field(default_factory=set)
    _behind: set[int] = field(default_factory=set)
    _gone: set[int] = field(default_factory=set)
    _opaque: set[int] = field(default_factory=set)
    _texts: list[tuple[int, int, bool]] = field(default_factory=list)
    _append: list[Row] = field(default_factory=list)
    _signed: list[tuple[int, int]] = field(default_factory=list)

    def read(self) -> list[Row]:
        """The rows for pandoc."""
        plain = _in_their_items(_with_plain_spaces(self.rows))
        self.rows = _wide_enough(_environments(_dedented(plain), self.ledger))
        notes = frozenset(found["label"] for row in self.rows if (found := _LABEL.match(row.text)))
        source = "\n".join(row.text for row in self.rows)
        self.shown = list(self.rows)
        self.tokens = parse(masked([row.text for row in self.rows]))
        self._grids()
        for index, token in enumerate(self.tokens):
            if token.map:
                self._token(index, token, *token.map)
        self._lines_of_their_own()
        headings = frozenset(found["text"] for row in self.rows if (found := _TITLE.match(row.text)))
        names = (_REFERENCE.match(row.text) for row in self.rows if "]:" in row.text)
        addresses = frozenset(" ".join(found["label"].split()).lower() for found in names if found)
        self._narrow(Spans(self.ledger, notes, self._closed(), headings, addresses))
        self._references(source)
        for start, end in self._signed:
            self._sign(start, end)
        return self._spaced()

    def _closed(self) -> frozenset[str]:
        """The elements that the text closes somewhere, but in code."""
        prose = "\n".join(row.text for at, row in enumerate(self.rows) if at not in self._opaque)
        return frozenset(found["name"].lower() for found in _TAG.finditer(_SPAN.sub("", prose)) if found["end"])

    def _grids(self) -> None:
        """Pandoc's grid tables stay as they are: their cells are told by columns, which an escape would move."""
        start = None
        for at, row in enumerate([*self.rows, Row("", 0)]):
            if start is not None and not row.text.lstrip(" \t>").startswith(("|", "+")):
                self._opaque.update(range(start, at))
                start = None
            elif start is None and _GRID.match(row.text):
                start = at

    # --- what each block needs ---

    def _token(self, index: int, token: Token, start: int, end: int) -> None:
        kind = token.type
        if kind == "fence":
            self._opaque.update(range(start, end))
            if token.markup in self.rows[start].text:  # and is not a formula that was masked as code
                self._fence(token, start, end)
            else:
                self._formula(start, end)
            self._part(start)
        elif kind == "code_block":
            if self._is_inside_note(start):
                self._texts.append((start, end, False))
            elif self._is_outer(index) and is_prose(
                [row.text for row in self.rows[start:end]], self._above_line(start)
            ):
                self._prose(start, end)
            else:
                self._opaque.update(range(start, end))
        elif kind == "hr":
            self._rule(start)
        elif kind == "heading_open":
            if self._is_outer(index):
                self._part(start)
            self._heading(token, start, end)
        elif kind == "table_open":
            self._before.add(start)
            self._tabled.update(range(start, end))
            self._texts += [(line, line + 1, True) for line in range(start, end)]
            self._opaque.add(start + 1)
        elif kind == "paragraph_open":
            self._set_apart(index, start, end)
        elif kind in ("bullet_list_open", "ordered_list_open", "blockquote_open"):
            if self._is_outer(index):
                self._part(start)
            if kind == "ordered_list_open":
                self._numbers(index)
        elif kind == "html_block":
            if self._is_outer(index) and self.rows[start].text.lstrip(" ").startswith("<!--"):
                self._part(start)  # a comment ends a paragraph (CommonMark 4.6)
                self._behind.add(end - 1)
            self._texts.append((start, end, False))
        elif kind == "inline" and not self._in_table(index):
            self._texts.append((start, end, False))

    def _numbers(self, index: int) -> None:
        """Items have the numbers that were typed, 2023 behind 3 too; where one is typed twice, they are counted."""
        level = self.tokens[index].level
        inner = takewhile(lambda one: one.level > level, self.tokens[index + 1 :])
        items = [one for one in inner if one.type == "list_item_open" and one.level == level + 1]
        typed = [int(one.info) for one in items]
        steps = {after - before for before, after in pairwise(typed)}
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
                self._leaps[one.map[0]] = found["before"]

    def _above_line(self, start: int) -> str:
        return next((row.text for row in reversed(self.rows[:start]) if row.text.strip()), "")

    def _sign(self, start: int, end: int) -> None:
        """Who signs a letter, and the day, stand at the right."""
        last = max(at for at in range(start, end) if self.rows[at].text.strip())
        self._set(start, "::: {.signature}\n" + self.rows[start].text)
        self._set(last, self.rows[last].text.rstrip() + "\n:::")
        self._before.add(start)
        self._behind.add(last)

    def _prose(self, start: int, end: int) -> None:
        """Paragraphs that were indented by hand: each line is one, or a line of its own in one."""
        far = signs([row.text for row in self.rows[start:end]])
        for at in range(start, end):
            beside = at + 1 < end and self.rows[at].text.strip() and self.rows[at + 1].text.strip()
            self._set(at, self.rows[at].text.strip() + ("  " if beside else ""))
        if far:
            self._signed.append((start, end))
        self._texts.append((start, end, False))

    def _set_apart(self, index: int, start: int, end: int) -> None:
        """Set verse as verse, and keep other lines that are apart."""
        lines = [_QUOTED.sub("", row.text) for row in self.rows[start:end]]
        quoted = any(token.type == "blockquote_open" for token in self._above(index))
        if self._is_outer(index) and are_verse(lines, quoted=quoted):
            mark = _QUOTED.match(self.rows[start].text)
            for at, words in zip(range(start, end), lines, strict=True):  # a quotation may go on without its mark
                self._set(at, f"{mark[0] if mark else ''}| {words.strip()}")
        elif self._is_outer(index) and not quoted and signs(lines):
            self._signed.append((start, end))
            self._keep(range(start, end - 1))
        elif end - start == 1 and _SCENE.match(lines[0]) and self._is_outer(index):
            self._scene(start)
        else:
            self._keep_lines(start, end)

    def _scene(self, at: int) -> None:
        """A line of ornaments between two scenes: ◇◇◇, ＊＊＊, ※."""
        self.ledger.name("an ornament between scenes", self.rows[at].line, "")
        self._set(at, f"::: {{.scene-break}}\n{self.rows[at].text.strip()}\n:::")
        self._opaque.add(at)

    def _keep_lines(self, start: int, end: int) -> None:
        """Lines stay lines where their author meant them so."""
        lines = [_QUOTED.sub("", row.text) for row in self.rows[start:end]]
        if are_apart(lines):
            self._keep(range(start, end - 1))
            return
        ended = breaks(lines)
        self._keep(start + at for at in ended)
        for at in set(joined(lines)) - set(ended):
            if not lines[at].endswith(("  ", "\\")):
                self.ledger.join(self.rows[start + at].line, lines[at].strip())

    def _keep(self, places: Iterable[int]) -> None:
        """Lines that end where they end."""
        for at in places:
            self._set(at, self.rows[at].text.rstrip() + "  ")

    def _part(self, start: int) -> None:
        """Set a block apart from the paragraph above it."""
        if start and self.rows[start - 1].text.strip():
            self._before.add(start)

    def _is_outer(self, index: int) -> bool:
        """Whether a block stands in no list; there pandoc needs no blank line, and one would loosen the list."""
        return not any(token.type == "list_item_open" for token in self._above(index))

    def _above(self, index: int) -> Iterator[Token]:
        level = self.tokens[index].level
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
                return bool(_LABEL.match(text) or _DEFINED.match(text))
        return False

    def _set(self, at: int, text: str) -> None:
        self.rows[at] = self.rows[at].with_text(text)

    def _rule(self, at: int) -> None:
        found = _RULE.match(self.rows[at].text)
        text = self.rows[at].text
        if found and not _DASHES.match(text):
            self._set(at, f"{found['before']}* * *")
            self._before.add(at)
            self._behind.add(at)
            self._opaque.add(at)

    def _heading(self, token: Token, start: int, end: int) -> None:
        if token.markup.startswith("#"):
            found = _ATX.match(self.rows[start].text)
            if found:
                self._set(start, found["before"] + found["sharps"].replace("#", "\\#") + found["after"])
            if end < len(self.rows) and self.rows[end].text.strip():
                self._behind.add(start)
            return
        under = end - 1
        if token.markup == "-" and _SENTENCE.search(self.rows[under - 1].text):  # a rule below what somebody says
            self._before.add(under)
            self._rule(under)
            return
        if end - start > 2 and token.markup == "-":  # noqa: PLR2004  # more than a line and its underline
            self._keep_lines(start, under)
            self._rule(under)
            return
        if end - start == 2:  # noqa: PLR2004
            before = _QUOTED.match(self.rows[start].text)
            self._set(under, (before[0] if before else "") + token.markup * 3)
            self._opaque.add(under)
            self._part(start)

    def _fence(self, token: Token, start: int, end: int) -> None:
        row, mark = self.rows[start], token.markup
        at = row.text.find(mark)
        last = self.rows[end - 1].text
        closed = end - start > 1 and re.match(rf"^[\s>]*{re.escape(mark[0])}{{{len(mark)},}}\s*$", last)
        if not closed:
            self.ledger.leave("fenced code that is never closed", row.line, row.text.strip())
            quoted = _QUOTED.match(row.text)
            prefix = quoted[0] if quoted else " " * at
            self._append_behind(end - 1, prefix + mark)
        info = row.text[at + len(mark) :].strip()
        if info == "math" and closed and end - start > 2:  # noqa: PLR2004  # GitHub's and GitLab's formula
            self._set(start, row.text[:at] + "$$")
            self._set(end - 1, re.sub(rf"{re.escape(mark[0])}{{3,}}\s*$", "$$", last))
            self._formula(start, end)
            return
        opening = read_info(info)
        self._set(start, row.text[:at] + mark + opening)

    def _formula(self, start: int, end: int) -> None:
        """A formula between lines of $$: a blank line in it, which pandoc would end it at, goes."""
        for at in range(start + 1, end - 1):
            if not self.rows[at].text.strip():
                self._gone.add(at)

    def _append_behind(self, at: int, text: str) -> None:
        self.rows[at] = self.rows[at].with_text(self.rows[at].text + "\n" + text)

    def _lines_of_their_own(self) -> None:
        """Notes begin behind a blank line, and an indent typed by hand is none."""
        for at, row in enumerate(self.rows):
            if at in self._opaque:
                continue
            if (
                _LABEL.match(row.text)
                and at
                and self.rows[at - 1].text.strip()
                and not _LABEL.match(self.rows[at - 1].text)
            ):
                self._before.add(at)
            if _INDENT.match(row.text):
                if row.text.startswith("\u3000\u3000"):  # how a paragraph begins where no blank lines part them
                    self._part(at)
                self._set(at, _INDENT.sub("", row.text))
            if row.text.lstrip(" ")[:1] in (":", "~") and _DEFINED.match(row.text) and self._is_no_definition(at):
                self._set(at, re.sub(r"[:~]", r"\\\g<0>", row.text, count=1))
            if ":::" in row.text and (named := _NAMED_IN_ITEM.match(row.text)):  # - ::: 注意 opens no division
                self._set(at, named["before"] + named["mark"].replace(":", "\\:") + row.text[named.end() :])
            if "@" in row.text and _SOMEBODY.match(row.text):
                self._set(at, _SOMEBODY.sub(r"\g<before>\\@", row.text))
            self._sharps(at, row)
            if _BARS.match(row.text) and at not in self._tabled:
                self.ledger.leave("a table without a line of dashes", row.line, row.text)
                self._set(at, self.rows[at].text.replace("|", "\\|", 1))
            elif (kind := _unread_line(row.text)) is not None:
                self.ledger.leave(kind, row.line, row.text)
            if _FULL_WIDTH.match(row.text):
                self.ledger.leave("a full-width mark where # or * is meant", row.line, row.text)
            if at and _NUMBER.match(row.text) and self.rows[at - 1].text.rstrip().endswith(("：", ":")):
                self._before.add(at)

    def _sharps(self, at: int, row: Row) -> None:
        """What begins with # and is no heading: tags (#读书 #周末), a space left out, more than six."""
        if _SEVEN.match(row.text):
            self.ledger.leave("more # than the six of a heading", row.line, row.text)
            self._set(at, _SEVEN.sub(r"\g<before>\#", row.text))
        elif _NO_SPACE.match(row.text):
            above = self.rows[at - 1].text if at else ""
            if not above.strip() or _TITLE.match(above) or row.text.startswith("##"):
                self.ledger.leave("a # without a space behind it", row.line, row.text)
            self._set(at, "\\" + self.rows[at].text)

    def _is_no_definition(self, at: int) -> bool:
        """Whether a line that begins with a colon explains nothing: what stands above it is no word, but a sentence."""
        above = next((one for one in range(at - 1, -1, -1) if self.rows[one].text.strip()), -1)
        if above < 0 or above in self._tabled or _DEFINED.match(self.rows[above].text):
            return False
        return self.rows[at].text.lstrip().startswith("~") or bool(_SENTENCE.search(self.rows[above].text))

    # --- text ---

    def _narrow(self, spans: Spans) -> None:
        done: set[int] = set()
        for start, end, table in self._texts:
            wanted = [at for at in range(start, min(end, len(self.rows))) if at not in done and at not in self._opaque]
            done.update(wanted)
            for run in _runs(wanted):
                texts = [self.rows[at].text for at in run]
                starts = [0]
                for text in texts:
                    starts.append(starts[-1] + len(text) + 1)
                lines = [self.rows[at].line for at in run]
                made = spans.narrow("\n".join(texts), partial(_line_at, starts, lines), table=table)
                for at, text in zip(run, made.split("\n"), strict=True):
                    self._set(at, text)

    def _references(self, source: str) -> None:
        """Lines like `[甲]: 好` are addresses only where something is linked to them."""
        for at, row in enumerate(self.rows):
            found = _REFERENCE.match(row.text)
            if not found or at in self._opaque:
                continue
            if found["url"] in ("#", "<>") and found["rest"].strip() and f"[{found['label']}][" not in source:
                self.ledger.name("a comment", row.line, row.text)  # [//]: # (as no reader shows it)
                self._set(at, "")
                continue
            if found["url"].startswith("<"):
                continue
            url = found["url"]
            like = re.search(r"[/.#:]|^$", url) and not re.search(r"[\u3001-\u3003\uff01-\uff1f]", url)
            if like or f"[{found['label']}]" in source.replace(row.text, "", 1):
                self.ledger.name("an address by its name", row.line, row.text)
            else:
                self._set(at, row.text.replace("[", "\\[", 1))

    def _spaced(self) -> list[Row]:
        out: list[Row] = []
        for at, row in enumerate(self.rows):
            if at in self._gone:
                continue
            quoted = _QUOTED.match(row.text)
            blank = row.with_text(quoted[0].rstrip() if quoted else "")
            if at in self._leaps:
                edge = self._leaps[at]
                out += [row.with_text(text) for text in (edge.rstrip(), edge + APART, edge.rstrip())]
            if at in self._before and out and out[-1].text.strip(" \t>"):
                before = _QUOTED.match(out[-1].text)
                out.append(blank if before or not quoted else row.with_text(""))
            out += [row.with_text(text) for text in row.text.split("\n")]
            if at in self._behind:
                out.append(blank)
        return out


def parse(source: str) -> list[Token]:
    """The tokens of CommonMark with GitHub's tables and strikeouts."""
    return _PARSER.parse(source)


_DEEPEST = 100  # blocks within blocks; a list is one, and each of its items
_PARSER = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])


_BARRED = re.compile(r"(?<!`)`[^`\n]*\|[^`\n]*`(?!`)")


def _with_bars(found: re.Match[str]) -> str:
    """Code whose bars part no cells: GitHub wants a backslash before them, people forget it."""
    return re.sub(r"(?<!\\)\|", r"\\|", found[0])


def masked(texts: Sequence[str]) -> str:
    """The text as CommonMark can read it: no lines of divisions, labels of notes disguised, formulas as code."""
    out: list[str] = []
    formula = 0
    pairs = dict(_displays(texts))
    ends = set(pairs.values())
    fence = ""
    for at, text in enumerate(texts):
        fence = _fence_behind(text, fence)
        if at in pairs or at in ends:
            formula += 1
            out.append(text.partition("{#")[0].replace("$$", "```"))
        elif ":::" in text and not fence and _COLONS.match(text):
            out.append("")
        else:
            bare = _LABEL.sub(lambda found: f"{found['before']}(^{found['label']}]:", text) if "[^" in text else text
            out.append(_BARRED.sub(_with_bars, bare) if "`" in bare and "|" in bare and not fence else bare)
    return "\n".join(out) + "\n"


# A mark at a line's start with a space behind it that is none to a reader of Markdown: a hard one, a wide one.
_SCENE = re.compile(r"^[ \t\u3000>]*(?:(?P<sign>[◇◆○●□■△▲☆★※＊·•❖✦✧♦])(?:[ \u3000]*(?P=sign))*)[ \t\u3000]*$")
_BARS = re.compile(r"^ {0,3}\|[^|\n]+\|.*\|[ \t]*$")
_UNREAD_LINES = (
    (
        "an import or export of MDX",
        re.compile(r"^(?:import\s+[\w{*][^;'\"]*\sfrom\s+['\"][^'\"]+['\"]|export\s+(?:const|default|let)\s)"),
    ),
    ("an abbreviation's explanation", re.compile(r"^\*\[[^\]\n]+\]:[ \t]+\S")),
)


def _unread_line(text: str) -> str | None:
    """The kind of a line that is markup of another tool as a whole."""
    return next((kind for kind, pattern in _UNREAD_LINES if pattern.match(text)), None)


_SENTENCE = re.compile(r"[。！？…][”’」』）)]*\s*$")
_HARD = re.compile(r"^(?P<mark>[ \t>]*(?:[-*+]|\d{1,9}[.)]|#{1,6}))[ \t]*[\u00a0\u3000][ \t\u00a0\u3000]*(?=\S)")
_WIDE_RULE = re.compile(r"^[ \t\u3000]*(?P<sign>[*_-])(?:[ \t\u00a0\u3000]*(?P=sign)){2,}[ \t\u00a0\u3000]*$")


def _with_plain_spaces(rows: Sequence[Row]) -> list[Row]:
    """The lines with a plain space behind the mark of a heading or an item, rules without wide ones; not in code."""
    out: list[Row] = []
    fence = ""
    for row in rows:
        fence = _fence_behind(row.text, fence)
        text = row.text
        if not fence and ("\u00a0" in text or "\u3000" in text):
            rule = _WIDE_RULE.match(text)
            text = " ".join(rule["sign"] * 3) if rule else _HARD.sub(r"\g<mark> ", text)
        out.append(row if text == row.text else row.with_text(text))
    return out


_ITEM = re.compile(r"^(?P<before> {0,8})(?P<mark>[-*+]|(?P<number>\d{1,9})(?P<behind>[.)]))(?P<gap>[ \t]+)(?=\S)")
_WIDE = re.compile(r"^[ \t]*\u3000{2,}(?=\S)")


def _in_their_items(rows: list[Row]) -> list[Row]:
    """Paragraphs that wide spaces indent, between two items of one list, indented as paragraphs of the first are."""
    if not any(_WIDE.match(row.text) for row in rows):
        return rows
    out: list[Row] = []
    item: re.Match[str] | None = None
    for at, row in enumerate(rows):
        found = _ITEM.match(row.text)
        if found:
            item = found
        elif item and _WIDE.match(row.text) and _goes_on(item, rows, at):
            if out[-1].text.strip():
                out.append(row.with_text(""))
            out.append(row.with_text(" " * len(item[0].expandtabs(4)) + _WIDE.sub("", row.text)))
            continue
        elif row.text.strip() and not row.text.startswith((" ", "\t", "\u3000")) and not rows[at - 1].text.strip():
            item = None  # a paragraph that ends the list
        out.append(row)
    return out


def _goes_on(item: re.Match[str], rows: Sequence[Row], at: int) -> bool:
    """Whether the list of an item goes on behind the indented lines from `at`."""
    behind = (row.text for row in rows[at:] if row.text.strip() and not row.text.startswith(("  ", "\t", "\u3000")))
    other = _ITEM.match(next(behind, ""))
    if not other or other["before"] != item["before"]:
        return False
    if item["number"]:
        return other["behind"] == item["behind"] and int(other["number"]) == int(item["number"]) + 1
    return other["mark"] == item["mark"]


def _fence_behind(text: str, fence: str) -> str:
    """The mark of the fenced code that is open behind a line, where `fence` is open before it; "" for none."""
    mark = _MARK.match(text)
    if mark and not fence:
        return mark["mark"]
    return "" if mark and mark["mark"].startswith(fence) and not mark["info"].strip() else fence


def _displays(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The lines of $$ alone between which a formula stands: none in fenced code, and no fence in a formula.

    A formula that only begins or only ends on such a line is none of these. A blank line ends one that began beside
    other text, as it does for pandoc.
    """
    begun, alone, fence = -1, False, ""
    for at, text in enumerate(texts):
        mark = _MARK.match(text) if begun < 0 else None
        if mark and not fence:
            fence = mark["mark"]
        elif mark and mark["mark"].startswith(fence) and not mark["info"].strip():
            fence = ""
            continue
        if fence:
            continue
        if begun >= 0 and not alone and not text.strip():
            begun = -1
        if text.count("$$") % 2 == 0:
            continue
        whole = _DOLLARS.match(text) is not None
        if begun < 0:
            begun, alone = at, whole
            continue
        if alone and whole:
            yield begun, at
        begun = -1


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


def _dedented(rows: list[Row]) -> list[Row]:
    """HTML that is indented inside HTML is HTML and not code."""
    if not any("<" in row.text for row in rows):
        return rows
    out: list[Row] = []
    depth: list[str] = []
    code = ""
    for row in rows:
        text = row.text
        mark = re.match(r"^\s*(`{3,}|~{3,})", text)
        if mark and (not code or mark[1].startswith(code)):
            code = "" if code else mark[1]
        if code or "<" not in text:
            out.append(row)
            continue
        stripped = text.lstrip()
        if depth and "pre" not in depth and text.startswith(("    ", "\t")) and _TAG.match(stripped):
            out.append(row.with_text(stripped))
        else:
            out.append(row)
        for found in _TAG.finditer(text) if depth or stripped.startswith("<") else ():
            name = found["name"].lower()
            if name not in BLOCKS or name in EMPTY | OPEN_ENDED - {"td", "th", "tr"} or found["empty"]:
                continue
            if not found["end"]:
                depth.append(name)
            elif name in depth:
                del depth[len(depth) - 1 - depth[::-1].index(name) :]
    return out


def _environments(rows: list[Row], ledger: ReadingNotes) -> list[Row]:
    """Environments of TeX: formulas are formulas, all others stay as code and are told."""
    if not any("\\begin{" in row.text for row in rows):
        return rows
    out: list[Row] = []
    inside = {line for begun, end in _displays([row.text for row in rows]) for line in range(begun, end + 1)}
    at = 0
    formula = False  # one that begins beside other text
    while at < len(rows):
        row = rows[at]
        text = row.text
        if _MARK.match(text) and FENCE.match(text):
            behind = fenced(rows, at)
            behind = behind if behind > at else len(rows)  # code that is never closed
            out += rows[at:behind]
            at = behind
            continue
        if at not in inside and "$$" in text:
            formula ^= _SPAN.sub("", text).count("$$") % 2 == 1
        formula = formula and bool(text.strip())
        found = _BEGIN.match(text) if not formula and at not in inside and "$" not in text else None
        closing = "\\end{" + found["name"] + "}" if found else ""
        end = next((n for n in range(at, min(at + 400, len(rows))) if closing in rows[n].text), None) if found else None
        if found is None or end is None:
            out.append(row)
            at += 1
            continue
        inner = rows[at : end + 1]
        if found["name"].rstrip("*") in _FORMULAS:
            inner = [one for one in inner if one.text.strip()]
            marks = "$$", "$$"
        else:
            ledger.leave("an environment of TeX", row.line, text.strip())
            marks = "```tex", "```"
        out += [
            row.with_text(""),
            row.with_text(marks[0]),
            *inner,
            rows[end].with_text(marks[1]),
            rows[end].with_text(""),
        ]
        at = end + 1
    return out


_FULL_WIDTH = re.compile(r"^\s*(?:＃{1,6}|＊|＞)[ \u3000]\S")
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\n).)+?(?<!`)\1(?!`)", re.DOTALL)
_DELIMITERS = re.compile(r"^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_NO_BAR = re.compile(r"`[^`]*`|\\\||\$[^$|]*\$")


def _wide_enough(rows: list[Row]) -> list[Row]:
    """Tables whose head or line of dashes has fewer cells than their rows, made as wide as these: none is lost."""
    if not any("|" in row.text and _DELIMITERS.match(row.text) for row in rows):
        return rows
    out: list[Row] = []
    while len(out) < len(rows):
        at = len(out)
        end = fenced(rows, at)
        out += rows[at:end]
        if end > at:
            continue
        out.append(rows[at])
        dashes = rows[at].text
        if at and "|" in dashes and _DELIMITERS.match(dashes) and "|" in rows[at - 1].text:
            head = _cells(rows[at - 1].text)
            body = [_barred(row, head) for row in takewhile(lambda row: "|" in row.text, rows[at + 1 :])]
            rows = [*rows[: at + 1], *body, *rows[at + 1 + len(body) :]]
            most = max(_cells(row.text) for row in [rows[at - 1], *body])
            out[-1] = rows[at].with_text(_widened(dashes, most - _cells(dashes), "---"))
            out[-2] = rows[at - 1].with_text(_widened(out[-2].text, most - _cells(rows[at - 1].text), " "))
    return out


_WITH_BARS = re.compile(r"\$(?![\s$])([^$\n]*?\|[^$\n]*?)(?<![\s\\])\$")


def _barred(row: Row, cells: int) -> Row:
    """A table's row that has more cells than its head only by the bars of its formulas: $|x|$ is one."""
    if "$" not in row.text or _cells(row.text) <= cells:
        return row
    made = _WITH_BARS.sub(lambda found: "$" + re.sub(r"(?<!\\)\|", r"\\vert ", found[1]) + "$", row.text)
    return row.with_text(made) if _cells(made) == cells else row


def _cells(text: str) -> int:
    """How many cells a table's row has."""
    return _NO_BAR.sub("", text).strip(" \t>").removeprefix("|").removesuffix("|").count("|") + 1


def _widened(text: str, by: int, cell: str) -> str:
    bare = text.rstrip()
    return text if by <= 0 else bare + ("" if bare.endswith("|") else "|") + f"{cell}|" * by


__all__ = ["Blocks", "masked", "parse"]
