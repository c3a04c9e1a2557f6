"""What was drawn, what a machine reads or says, typed as text: code without a fence, of which every space is shown.

Each kind is told by what every line of it has; a line of Chinese among them, and the block is text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, pairwise, takewhile

from publish.han import IDEOGRAPH, IDEOGRAPHS
from publish.source.reading.elements import KNOWN
from publish.source.reading.lines import is_of_chords
from publish.source.reading.programs import HINT, indent, is_foreign, programs
from publish.source.reading.rows import ReadingNotes, Row, fenced, opening_fence

# An edge of a box with a corner at both its ends: of signs of ASCII, of those that are made for it.
_EDGE = re.compile(r"\+(?:-{2,}|={2,})\+|[┌╔╭][^\n]*[┐╗╮]|[└╚╰][^\n]*[┘╝╯]")
# Where a line forks amid a row of names, and what stands below it: ─┬─ 光祖
_FORK = re.compile(r"\S[ \u3000]*(?:[─━][┬┐┤┼]|[┤├][ \u3000])")
_BELOW = re.compile(r"[ \u3000]{2,}[│├└┌┤┘]")
# Sums in columns: figures, signs, the line below them.
_SUM = re.compile(r"[ ]+[-+×÷*/=]?[ ]*[\d., ]+|[ ]+[-─—_=]{2,}[ ]*")
_SUM_LINE = re.compile(r"[ ]*[-─—_=]{2,}[ ]*")
# A board of figures, the strings of a guitar.
_BOARD = re.compile(r"[ ]*(?:[\d.xXoO_*?#-]{1,2}(?:[ ]*\|[ ]*|[ ]+|$)){3,}\|?[ ]*")
_BOARD_LINE = re.compile(r"[ ]*[-=+|]*(?:-{2,}|={2,})[+|][-=+|]*[ ]*")
_STRING = re.compile(r"[A-Ga-g][#b]?[ ]?\|[-\dhpbrxstv/\\~|()^. ]*-{2}[-\dhpbrxstv/\\~|()^. ]*")
_SLANTS = re.compile(r"[ \u3000]*[／/][ \u3000]*[＼\\][ \u3000]*")
# A table of pandoc's, whose cells may span rows.
_GRID_EDGE = re.compile(r"[ \t]*\+(?:[-=:]+\+)+[ \t]*")
_GRID = re.compile(r"[ \t]*[+|].*[+|][ \t]*")
_SECTION = re.compile(r"\[[A-Za-z][\w .:/-]*\][ \t]*")
_STEP = re.compile(
    r"(?:FROM|RUN|CMD|COPY|ADD|WORKDIR|ENV|EXPOSE|ENTRYPOINT|ARG|LABEL|USER|VOLUME|HEALTHCHECK|SHELL)[ \t]+\S"
)
# A linguist's example with its number, and what stands below a word of it: 1SG, PL.NOM.
_EXAMPLE = re.compile(r"[ ]*(?:[(（]?\d{1,3}[)）.][ ]*)?(?:[a-z][.)][ ]*)?[*?]?(?=[^\W\d_])")
_GLOSS = re.compile(r"(?:\w+[.=-]+)*(?:[123](?:SG|PL|DU)?|[A-Z]{2,5})(?:[.=-]+\w+)*[.,]?")
_SURE_GLOSS = re.compile(r"[123](?:SG|PL)|\b(?:NOM|ACC|DAT|GEN|NEG|PFV|PERF|PROG|CLF?|ASP|REL|COMP|TOP|PST|PRS)\b")
_LONGEST_EXAMPLE = 16  # words
_OF_PROGRAM = re.compile(r"[=(){}<>]|[A-Za-z]:")
_KEY = re.compile(r"[ ]*(?:- )?[a-z_][\w.-]*:(?P<value>[ ]+\S.*)?[ ]*$")
_ENTRY = re.compile(r"---[ ]*|[ ]+- \S.*|[ ]*- [^\s*+-].*|[ ]*#.*")
# A whole page of HTML.
_PAGE = re.compile(r"[ ]{0,3}<(?:!DOCTYPE html|html)\b[^<>]*>", re.IGNORECASE)
_PAGE_ENDS = re.compile(r"</html>[ \t]*$", re.IGNORECASE)
_COLUMN = re.compile(r"(?<=[^\s.!?,;:=*_])  +(?=[^\s*_])")  # what parts two columns
_BOOKED = re.compile(r"\d{4}[-/]\d{2}[-/]\d{2}[ ]+(?:[*!]|txn|open|balance)[ ]")
_POSTING = re.compile(r"[ \t]+[A-Z][\w-]*(?::[\w-]+)+(?:[ \t]+-?[\d,.]+[ ]?[A-Z]{2,10}.*)?[ \t]*|[ \t]+;.*")
_VALUE = re.compile(r"[A-Za-z][\w.-]*[ \t]*=(?!=)[ \t]*\S.*")
_REMARK = re.compile(r"(?:#+|;)[ \t]*\S.*")
# A command behind what a shell shows before it; a formula, $ x $, has a dollar at its end.
_PROMPT = re.compile(
    rf"[ ]{{0,3}}(?:\$[ ](?=[a-z./~][^{IDEOGRAPHS}]*)(?!.*[^\s]?\$(?![A-Za-z_({{?]))"
    r"|[A-Z]:\\[^<>\n]*>|PS [A-Z]:\\[^<>\n]*>|\[\w+@[\w.-]+ [^\]\n]*\][#$] |\w+@[\w.-]+:[~/][^\s#$]*[#$] "
    r"|mysql> |>>> (?=(?:import|from|print|def|for|with) ?[A-Za-z(]|[a-z_][a-z0-9_.]*(?: = |\()"
    rf"|[\d(\[\"'][^{IDEOGRAPHS}<>]*$))[ ]?\S"
)
_FILE = re.compile(r"[-dlbcps][rwxsStT-]{9}[+@.]?[ ]+\d+[ ]|total \d+$|总用量 \d+$")
_VERSION = re.compile(r"[*|\\/_ ]+(?:[ ][0-9a-f]{6,40}\b.*)?")
_TAG = re.compile(r"</?(?P<name>[A-Za-z][\w:.-]*)")
_ELEMENT = re.compile(r"[ \t]*<(?:[?!/]?[a-z][\w:.-]*(?:\s[^<>]*)?|!--.*--)>(?:[^<>]*</[\w:.-]+>)?[ \t]*")
_WORD_SET_IN = re.compile(r"(?: {4,}|[ ]*\t[ \t]*)[A-Za-z./~\"]")
_SENTENCE = re.compile(r"[a-z]+ [a-z]+ [a-z]+ [a-z]+|\$\$|\\[a-z]")
_GOES_ON = re.compile(r"^[ \t]*[\w./\"'|&-].*[ ]\\$")
_OPTION = re.compile(r"[ \t]*(?:-|\||&&|>|[\"']|https?:)")
_TRACE = re.compile(r"Traceback \(most recent call last\):[ \t]*|Exception in thread \".*")
_CALLED = re.compile(r"[ \t]+at [\w.$<>/]+\(.*\)[ \t]*")
_OTHERS_OWN = re.compile(r"(?:import|export)\b|\{[%{<]|@\w|:::")
_PROSE = re.compile(rf"[{IDEOGRAPHS}“「《（]")
_LEADS = re.compile(r"[：:][ \t]*$")
_RAW = re.compile(r"<(?P<end>/?)(?:pre|script|style|textarea|code)\b|<%|(?P<close>%>)", re.IGNORECASE)
# A formula of lines, a tag of lines.
_OTHERS_LINES = re.compile(r"\$\$|<[A-Za-z][\w-]*(?:[ \t][^<>]*)?\n[^<>]*>")
_CODE = re.compile(r" {4}| {0,3}\t")
_ITEM = re.compile(r"[ ]*(?:[-*+]|\d{1,9}[.)])[ ]+")
_BLANKS = " \u3000"
_CODES_INDENT = 4
_LEAST = 3  # lines of a drawing, of settings
# What one line at least of each kind has: looked for first, in all lines at once.
_HINT = re.compile(  # as a line begins
    r" {0,3}(?:<(?:!DOCTYPE|html)|\$ |PS |[A-Z]:\\|mysql>|>>> |\[[A-Za-z]|Traceback|Exception)|[a-z_][\w.-]*:[ ]*$"
    r"|[ ]*[-=+|]*(?:--|==)[+|]|[A-Ga-g][#b]?[ ]?\||(?:RUN|CMD|FROM|COPY) |\d{4}[-/]\d\d[-/]\d\d [*!] "
    r"|[ ]+[-─—_=]{2,}[ ]*$|[ \t]+at |[ ]*</[a-z]|[-d][rwx-]{9}|\|[\\ ]|(?: {4}|\t)[A-Za-z./$~\"]|[ ]*[123](?:SG|PL)\b"
)
_HINT_WITHIN = re.compile(r"[┬┐┤┼┘╝╯╗╮／]|\+--|\+==|@[\w.-]+(?::| [^\]\n]*\])")
_APART = re.compile(r"[\w)%]  +[\w(]")


def unfenced(rows: list[Row], ledger: ReadingNotes) -> list[Row]:
    """The rows with a fence around each drawing, each program and its settings, each command and what it reports."""
    hinted = _hinted(rows)
    if not hinted and not HINT.search("\n".join(row.text for row in rows)):
        return rows
    out: list[Row] = []
    text: list[Row] = []  # in which a program is looked for, its blank lines with it
    at, raw, formula = 0, False, False
    while at < len(rows):
        end = fenced(rows, at)
        if end == at and not rows[at].text.strip():
            text.append(rows[at])
            at += 1
            continue
        if end == at and opening_fence(rows[at].text):  # code to the end, as nothing closes it
            break
        if end == at and not raw and (page := _page(rows, at)):
            out += [*_with_programs(text, out, ledger), *_in_fence(rows[at:page], ledger, "html")]
            text = []
            at = page
            continue
        run = rows[at:end] or [rows[at], *takewhile(_goes_on, islice(rows, at + 1, None))]
        said = "" if end > at else "\n".join(row.text for row in run)
        tags = [*_RAW.finditer(said)] if "<" in said or "%>" in said else []
        dollars = said.count("$$") % 2 == 1
        plain = end == at and not (raw or formula or tags or dollars)
        framed = _framed(run, ledger) if plain and not hinted.isdisjoint(range(at, at + len(run))) else None
        if plain and framed is None and not (("$$" in said or "<" in said) and _OTHERS_LINES.search(said)):
            text += run
        else:
            out += _with_programs(text, out, ledger)
            text = []
            out += framed or run
        raw = not (tags[-1]["end"] or tags[-1]["close"]) if tags else raw
        formula ^= dollars
        at += len(run)
    return [*out, *_with_programs(text, out, ledger), *rows[at:]]


def _page(rows: Sequence[Row], at: int) -> int:
    """The index behind a whole page of HTML that stands below text, which shows it; 0 where none begins here."""
    if not _PAGE.match(rows[at].text) or not any(row.text.strip() for row in rows[:at]):
        return 0
    return next((end + 1 for end in range(at, len(rows)) if _PAGE_ENDS.search(rows[end].text)), 0)


def _goes_on(row: Row) -> bool:
    """Whether a line below another is of the same block: not blank, no fence."""
    return bool(row.text.strip()) and not opening_fence(row.text)


def _with_programs(rows: Sequence[Row], above: Sequence[Row], ledger: ReadingNotes) -> list[Row]:
    """The rows with a fence around each program; `above` is what stands before them."""
    texts = [row.text for row in rows]
    out: list[Row] = []
    done = 0
    for begun, end in programs(texts):
        inside = _item_around(rows[begun].text, [*above, *rows[:begun]])
        paragraph = [*takewhile(str.strip, texts[begun::-1]), *takewhile(str.strip, texts[begun:end])]
        if min(map(indent, paragraph)) >= inside + _CODES_INDENT:
            continue  # it is code already
        out += [*rows[done:begun], *_in_fence(_moved(rows[begun:end], inside), ledger)]
        done = end
    return [*out, *rows[done:]]


def _item_around(text: str, above: Sequence[Row]) -> int:
    """How far in the text of the item begins in which a line stands; 0 where it stands in none."""
    edge = indent(text)
    for row in reversed(above):
        here = indent(row.text)
        if row.text.strip() and here < edge:
            found = _ITEM.match(row.text.expandtabs(4))
            if found and len(found[0]) <= indent(text):
                return len(found[0])
            edge = here
        if row.text.strip() and not here:
            break
    return 0


def _moved(rows: Sequence[Row], edge: int) -> list[Row]:
    """Rows, the leftmost of them as far in as `edge`."""
    texts = [row.text.expandtabs(4) for row in rows]
    least = min(indent(text) for text in texts if text.strip())
    if least == edge:
        return list(rows)
    return [row.with_text(" " * edge + text[least:]) for row, text in zip(rows, texts, strict=True)]


def _in_fence(inner: Sequence[Row], ledger: ReadingNotes, kind: str = "") -> list[Row]:
    """Rows between the marks of code, as far in as they are."""
    ledger.name("code without a fence", inner[0].line, "")
    edge = " " * min(len(row.text) - len(row.text.lstrip(" ")) for row in inner if row.text.strip())
    mark = f"{edge}{'`' * 3}"
    return [inner[0].with_text(mark + kind), *inner, inner[-1].with_text(mark)]


def _hinted(rows: Sequence[Row]) -> set[int]:
    """The places of the rows of which code could be told."""
    begins, within = _HINT.match, _HINT_WITHIN.search
    some = bool(within("\n".join(row.text for row in rows)))
    return {
        at
        for at, row in enumerate(rows)
        if begins(row.text)
        or (some and within(row.text))
        or row.text.endswith(" \\")
        or ("  " in row.text and _APART.search(row.text))
    }


def _framed(run: Sequence[Row], ledger: ReadingNotes) -> list[Row] | None:
    """The lines of a block, those that are code in a fence; the line above them may say what they are.

    None where it is none of the kinds.
    """
    texts = [row.text for row in run]
    if all(_CODE.match(text) for text in texts):  # it is code already
        return None
    led = int(len(run) > 1 and bool(_LEADS.search(texts[0]) or _is_above(texts)) and not _TRACE.match(texts[0]))
    for kind, tell in (*_KINDS, ("", _set_in)) if led else _KINDS:
        if count := tell(texts[led:]):
            inner = run[led : led + count]
            before = [*run[:led], inner[0].with_text("")] if led else []
            rest = run[led + count :]
            behind = [inner[-1].with_text(""), *(_framed(rest, ledger) or rest)] if rest else []
            item = _ITEM.match(texts[0])
            edge = len(item[0]) if item else indent(texts[0]) * led
            deep = min(indent(row.text) for row in inner) >= edge + _CODES_INDENT  # where a fence would be code
            return [*before, *_in_fence(_moved(inner, edge) if deep else inner, ledger, kind), *behind]
    first = next((at for at, text in enumerate(texts) if at and _PROMPT.match(text)), 0)
    if first and all(map(_PROSE.match, texts[:first])):  # what they are for stands above the commands
        rest = run[first:]
        return [*run[:first], run[first].with_text(""), *(_framed(rest, ledger) or rest)]
    return None


def _is_above(texts: Sequence[str]) -> bool:
    """Whether the first of a block's lines is a title above what is drawn: it stands at the edge, all others do not."""
    return texts[0][0] not in _BLANKS and all(text[0] in _BLANKS for text in texts[1:]) and bool(_drawn(texts[1:]))


def _drawn(texts: Sequence[str]) -> int:
    """How many lines are boxes, and what leads from one to another; a table of + and | is pandoc's to read."""
    if any("```" in text or text.lstrip().startswith((">", "#")) for text in texts) or len(texts) < 2:  # noqa: PLR2004
        return 0
    forked = all(_FORK.search(text) or _BELOW.match(text) for text in texts)
    if forked and any(map(_BELOW.match, texts)) and any(map(_FORK.search, texts)):
        return len(texts)
    if len(texts) >= _LEAST and all(map(_SUM.fullmatch, texts)) and any(map(_SUM_LINE.fullmatch, texts[1:])):
        return len(texts)
    board = all(_BOARD.fullmatch(text) or _BOARD_LINE.fullmatch(text) for text in texts)
    if len(texts) >= _LEAST and (
        all(map(_STRING.fullmatch, texts)) or (board and any(map(_BOARD_LINE.fullmatch, texts)))
    ):
        return len(texts)
    if any(map(_SLANTS.fullmatch, texts)) and all(text[0] in _BLANKS for text in texts):
        return len(texts)
    boxed = len(texts) >= _LEAST and sum(1 for text in texts if _EDGE.search(text)) > 1
    grid = _GRID_EDGE.fullmatch(texts[0]) and all(map(_GRID.fullmatch, texts))
    return len(texts) if boxed and not grid else 0


def _elements(texts: Sequence[str]) -> int:
    """How many lines are a document of XML, whose elements are not those of HTML, and say something."""
    tags = [found["name"] for text in texts for found in _TAG.finditer(text)]
    if len(texts) < _LEAST or not all(map(_ELEMENT.fullmatch, texts)) or any(tag.lower() in KNOWN for tag in tags):
        return 0
    opened = sum(1 if text.lstrip()[1] not in "/?!" else 0 for text in texts)
    return len(texts) if any("</" in text.strip()[1:] for text in texts) and opened > 1 and tags else 0


def _settings(texts: Sequence[str]) -> int:
    """How many lines are a program's settings: names of sections, values, remarks."""
    sections, values = (sum(1 for text in texts if one.fullmatch(text)) for one in (_SECTION, _VALUE))
    known = all(_SECTION.fullmatch(text) or _VALUE.fullmatch(text) or _REMARK.fullmatch(text) for text in texts)
    least = _LEAST - bool(texts and _SECTION.fullmatch(texts[0]))
    return len(texts) if len(texts) >= least and sections and values and known else 0


def _glossed(texts: Sequence[str]) -> int:
    """How many lines are an example of linguists, words with their glosses below them: Wo bu chi. / 1SG NEG eat."""
    found = _EXAMPLE.match(texts[0]) if len(texts) > 1 and not any(map(IDEOGRAPH.search, texts[:2])) else None
    if not found:
        return 0
    words, glosses = texts[0][found.end() :].split(), texts[1].split()
    known = sum(1 + bool(_SURE_GLOSS.search(one)) for one in glosses if _GLOSS.fullmatch(one))
    return 2 * (
        1 < len(words) == len(glosses) <= _LONGEST_EXAMPLE
        and known > 1
        and not _OF_PROGRAM.search(texts[0], found.end())
    )


def _mapping(texts: Sequence[str]) -> int:
    """How many lines are keys of YAML and their values, some of them lists set in below a key."""
    keys = sum(1 for text in texts if _KEY.match(text))
    if texts[-1].strip() == "---":  # where the properties of a page end
        return 0
    if keys < 2 or not _KEY.match(texts[0]) or not all(_KEY.match(text) or _ENTRY.match(text) for text in texts):  # noqa: PLR2004
        return 0
    valued = any((found := _KEY.match(text)) and found["value"] for text in texts)
    lists = any(
        before.rstrip().endswith(":") and (_ENTRY.match(after) or indent(after) > indent(before))
        for before, after in pairwise(texts)
    )
    return len(texts) if valued and lists else 0


def _printed(texts: Sequence[str]) -> int:
    """How many lines a program has printed in columns, without any Chinese."""
    columned = [*takewhile(lambda text: len(_COLUMN.findall(text.strip())) > 1, texts)]
    if len(columned) < 2 or any(map(IDEOGRAPH.search, texts)) or any(map(_ITEM.match, columned)):  # noqa: PLR2004  # one
        return 0
    others = all(map(is_of_chords, columned)) or any("|" in text or "$" in text or "&" in text for text in columned)
    return 0 if others or not any(map(_OUTPUT.search, columned)) else len(columned)


# What lines of a program have and lists of names have not: a head in capitals, values, parts of wholes, paths, rights.
_OUTPUT = re.compile(r"\b[A-Z]{3,} {2,}[A-Z]{3,}\b|\w[:=] ?\S|\d[/%]|[~./]/\w|\d\.\d|\b0x|^[-dl][r-][w-]")


def _steps(texts: Sequence[str]) -> int:
    """How many lines say how a container is made."""
    many = sum(1 for text in texts if _STEP.match(text))
    known = all(_STEP.match(text) or text[0] in _BLANKS or _REMARK.match(text) for text in texts)
    return len(texts) if many > 1 and _STEP.match(texts[0]) and known else 0


def _bookings(texts: Sequence[str]) -> int:
    """How many lines are a booking of plain-text accounting: its day and what it was, accounts and sums below."""
    booked = len(texts) > 1 and _BOOKED.match(texts[0]) and all(map(_POSTING.fullmatch, texts[1:]))
    return len(texts) if booked else 0


def _commands(texts: Sequence[str]) -> int:
    """How many lines from the first on are commands, and what is no Chinese below them."""
    if not texts or not _PROMPT.match(texts[0]):
        return 0
    return len([*takewhile(lambda text: _PROMPT.match(text) or not IDEOGRAPH.search(text), texts)])


def _continued(texts: Sequence[str]) -> int:
    """How many lines are a command that goes on behind backslashes."""
    many = len([*takewhile(lambda text: _GOES_ON.search(text) and not IDEOGRAPH.search(text), texts)])
    return many + 1 if 0 < many < len(texts) and _OPTION.match(texts[1]) else 0


def _set_in(texts: Sequence[str]) -> int:
    """How many lines a program's words are that stand set in below a line that announces them."""
    told = all(_WORD_SET_IN.match(text) and not (is_foreign(text) or _SENTENCE.search(text)) for text in texts)
    return len(texts) if texts and told else 0


def _report(texts: Sequence[str]) -> int:
    """How many lines tell where a program has failed, what files there are, how one version follows another."""
    if len(texts) > 1 and (all(map(_FILE.match, texts)) or all(map(_VERSION.fullmatch, texts))):
        return len(texts) if _FILE.match(texts[0]) or any(text.startswith("|") for text in texts) else 0
    if len(texts) > 1 and (_TRACE.match(texts[0]) or _CALLED.match(texts[1])) and not _OTHERS_OWN.match(texts[0]):
        return len(texts)
    return 0


_KINDS = (
    ("", _drawn),
    ("xml", _elements),
    ("ini", _settings),
    ("", _steps),
    ("", _bookings),
    ("", _glossed),
    ("yaml", _mapping),
    ("", _printed),
    ("", _commands),
    ("", _continued),
    ("", _report),
)
