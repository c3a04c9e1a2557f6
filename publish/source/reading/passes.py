"""Passes over all lines before their blocks are told: spaces, items, HTML, TeX and tables as a reader wants them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token

from publish.han import IDEOGRAPH, IDEOGRAPHS
from publish.source.features.pseudocode import ENVIRONMENT, PSEUDOCODE
from publish.source.reading.apart import are_hanging, are_outlined, are_stepped, is_columned, signs, spread
from publish.source.reading.elements import BLOCKS, EMPTY, OPEN_ENDED
from publish.source.reading.rows import DECORATED, FENCE, ReadingNotes, Row, fenced, stretches

_COLONS = re.compile(r"^[ \t>]*:{3,}.*$")
LABEL = re.compile(r"^(?P<before>[ \t>]*)\[\^(?P<label>[^\]\s]+)\]:")
_WIDE_LABEL = re.compile(r"^(?P<label> {0,3}\[\^[^\]\s]+\])：[ \t\u3000]*(?=\S)")
_MARK = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<mark>`{3,}(?=[^`]*$)|~{3,}(?!~*[^~]*[^~\s]~{3,}[ \t]*$))(?P<info>.*)$"
)
_DOLLARS = re.compile(r"^[ \t>]*\$\$[ \t]*(?:\{#eq[:-][^\s{}]+\}[ \t]*)?$")  # the name of a formula stands behind it
TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w-]*)(?:\s[^<>]*?)?(?P<empty>/?)>")
_BEGIN = re.compile(r"^[ \t>]*\\begin\{(?P<name>[A-Za-z]+\*?)\}")
# Environments of amsmath, which every page that shows mathematics reads, those too that belong into another.
_FORMULAS = frozenset(
    "equation align gather multline eqnarray alignat flalign displaymath math aligned alignedat gathered split cases"
    " array matrix pmatrix bmatrix vmatrix Bmatrix Vmatrix smallmatrix".split()
)
_EDGE = re.compile(r"[ \t>]*")
_LABELLED = re.compile(r"^(?P<before>.*)\$\$[ \t]*\((?P<name>[A-Za-z][\w:.-]*)\)[ \t]*$")
_EQUATION = re.compile(r"eq[:-]")
_HARD = re.compile(r"^(?P<mark>[ \t>]*(?:[-*+]|\d{1,9}[.)]|#{1,6}))[ \t]*[\u00a0\u3000][ \t\u00a0\u3000]*(?=\S)")
_WIDE_RULE = re.compile(r"^[ \t\u3000]*(?P<sign>[*_-])(?:[ \t\u00a0\u3000]*(?P=sign)){2,}[ \t\u00a0\u3000]*$")
_ITEM = re.compile(r"^(?P<before> {0,8})(?P<mark>[-*+]|(?P<number>\d{1,9})(?P<behind>[.)]))(?P<gap>[ \t]+)(?=\S)")
_LEADS = re.compile(r"^(?:\*\*)?[^\s\d>#|`~*+-][^。！？]{0,30}[：:](?:\*\*)?[ \t]*$")
_WIDE = re.compile(r"^[ \t]*\u3000{2,}(?=\S)")
SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\n).)+?(?<!`)\1(?!`)", re.DOTALL)
DELIMITERS = re.compile(r"^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_IN_ITEM = re.compile(r"^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?=\|)")
_NO_BAR = re.compile(r"`[^`]*`|\\\||\$[^$|]*\$")
_WITH_BARS = re.compile(r"\$(?![\s$])([^$\n]*?\|[^$\n]*?)(?<![\s\\])\$")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(?P<inner>.+?)(?<!`)\1(?!`)")
_DATED = re.compile(r"^(\d{4})\.(?=[ ]\d{1,2}\.[ ]?\d{1,2}(?!\d))")
_TABBED = re.compile(r"^(?![ \t]*(?:[-*+>#|]|\d{1,9}[.)])[ \t])[^\t]*\t[^\t]*\t")
_STEP = re.compile(
    rf"(?:> ?)*[ \t\u3000]+(?:[{IDEOGRAPHS}“‘「『《（—…][^`*_$<>|\\{{}}]{{0,30}}"
    r"|[A-Za-z_][\w.-]*:(?: .*)?|at \S+\(.*|File \".*)$"
    r"|(?:> ?)*[├└│]"
)
_QUOTES = re.compile(r"(?:> ?)+")
_BLANK = " \t>\u3000"
_DEEPEST = 100  # blocks within blocks; a list is one, and each of its items
_PARSER = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
_PARSER.validateLink = lambda _url: True  # type: ignore[assignment,method-assign]  # file: is an address, if one to nowhere


def parse(source: str) -> list[Token]:
    """The tokens of CommonMark with GitHub's tables and strikeouts."""
    return _PARSER.parse(source)


def masked(texts: Sequence[str]) -> str:
    """The text as CommonMark can read it: no lines of divisions, labels of notes disguised, formulas as code."""
    out: list[str] = []
    within = {at: texts[begun] for begun, end in _displays(texts) for at in range(begun, end + 1)}
    fence = ""
    for at, text in enumerate(texts):
        fence = _fence_behind(text, fence)
        if at in within:
            out.append(_as_code(text, within[at]))
        elif ":::" in text and not fence and _COLONS.match(text):
            out.append("")
        elif "~~~" in text and not fence and DECORATED.match(text):
            out.append(text.replace("~", "="))
        else:
            bare = LABEL.sub(lambda found: f"{found['before']}(^{found['label']}]:", text) if "[^" in text else text
            out.append(_CODE.sub(_with_bars, bare) if "`" in bare and "|" in bare and not fence else bare)
    return "\n".join(out) + "\n"


def _as_code(text: str, first: str) -> str:
    """A line of a formula as one of code that begins as the `first` does, wherever its dollars or lazy lines stand."""
    edge = _EDGE.match(first)
    before = edge[0] if edge else ""
    if _DOLLARS.match(text):
        return f"{before}```"
    return text if text.startswith(before) or text.lstrip().startswith(">") else before + text.lstrip()


def _with_bars(found: re.Match[str]) -> str:
    """Code whose bars part no cells: GitHub wants a backslash before them, people forget it.

    What begins and ends with a space is no code, but what stands between two of it in cells of their own.
    """
    inner = found["inner"]
    if inner[0].isspace() and inner[-1].isspace():
        return found[0]
    return re.sub(r"(?<!\\)\|", r"\\|", found[0])


# The tags of blogs around code: Hexo's and Jekyll's of Liquid, Hugo's; what is before the code names it.
_CODE_TAG = re.compile(
    r"^[ \t]*(?:\{%-?[ \t]*(?P<liquid>codeblock|code|highlight)\b(?P<words>[^%]*?)-?%\}"
    r"|\{\{[<%][ \t]*(?P<hugo>highlight)\b(?P<said>[^%>]*?)[>%]\}\})[ \t]*$"
)
_CODE_TAG_ENDS = r"^[ \t]*(?:\{{%-?[ \t]*end{0}[ \t]*-?%\}}|\{{\{{[<%][ \t]*/[ \t]*{0}[ \t]*[>%]\}}\}})[ \t]*$"
_KEYED = re.compile(r"https?://\S+(?:\s+[^\s:]+)?(?=\s|$)|\b(?!title=)\w+[:=]\S+|\btitle=")


def tagged(rows: list[Row], ledger: ReadingNotes) -> list[Row]:
    """What stands between a blog's tags of code, as fenced code; in such tags around a fence the fence is enough."""
    if not any("{%" in row.text or "{{" in row.text for row in rows):
        return rows
    out: list[Row] = []
    while len(out) < len(rows):
        at = len(out)
        end = fenced(rows, at)
        out += rows[at:end]
        found = _CODE_TAG.match(rows[at].text) if end == at else None
        last = _end_of_tag(rows, at, found["liquid"] or found["hugo"]) if found else at
        if found and last > at:
            out += _as_fence(rows[at : last + 1], found, ledger)
        elif end == at:
            out.append(rows[at])
    return out


def _end_of_tag(rows: Sequence[Row], at: int, name: str) -> int:
    closing = re.compile(_CODE_TAG_ENDS.format(name))
    return next((number for number in range(at + 1, len(rows)) if closing.match(rows[number].text)), at)


def _as_fence(rows: Sequence[Row], found: re.Match[str], ledger: ReadingNotes) -> list[Row]:
    """The rows of a tag, its code and its end, as many rows of fenced code."""
    inner = rows[1:-1]
    for row in (rows[0], rows[-1]):
        ledger.name("a tag around code", row.line, row.text)
    words = (found["words"] or found["said"] or "").strip()
    if any(FENCE.match(row.text) for row in inner):
        return [rows[0].with_text(""), *_with_title(inner, words), rows[-1].with_text("")]
    mark = "`" * 3
    opening = rows[0].with_text(mark + _info(words, titled=found["liquid"] in ("code", "codeblock")))
    return [opening, *inner, rows[-1].with_text(mark)]


def _with_title(rows: Sequence[Row], words: str) -> list[Row]:
    """Fenced code with the title that a tag around it gives it, where it has none: {% code title="a.js" %}."""
    title = re.search(r"\btitle=\"([^\"]+)\"", words)
    at = next(number for number, row in enumerate(rows) if FENCE.match(row.text))
    if not title or "title" in rows[at].text:
        return list(rows)
    bare = rows[at].text.rstrip()
    opening = bare + ("text" if bare.endswith(("`", "~")) else "") + f" {title[0]}"
    return [*rows[:at], rows[at].with_text(opening), *rows[at + 1 :]]


def _info(words: str, *, titled: bool) -> str:
    """What is said behind a fence: Hexo begins with a title and has lang:x; the others begin with the language."""
    if not titled:
        return words
    keyed = re.search(r"\blang(?:uage)?[:=][\"']?([\w+#.-]+)", words)
    title = " ".join(_KEYED.sub("", words).replace('"', "").split())
    language = keyed[1] if keyed else ""
    return f'{language or "text"} title="{title}"' if title else language


def with_plain_marks(rows: Sequence[Row], ledger: ReadingNotes) -> list[Row]:
    """The lines with a plain space behind the mark of a heading or an item, rules without wide ones; not in code.

    A note's label has a plain colon.
    """
    out: list[Row] = []
    fence = ""
    for at, row in enumerate(rows):
        if not fence and row.text.startswith("~~~~") and not row.text.strip(" \t~") and fenced([*rows], at) == at:
            row = row.with_text("* * *")  # noqa: PLW2901  # a rule to its author: no code is closed behind it
        fence = _fence_behind(row.text, fence)
        text = row.text
        if not fence and text[:4].isdigit() and _DATED.match(text):  # 2024. 5. 6　晴 is no list in a list
            text = _DATED.sub(r"\1\\.", text)
        if not fence and "]：" in text:  # the colon of an input method behind a note's label
            text = _WIDE_LABEL.sub(r"\g<label>: ", text)
            if text != row.text:
                ledger.name("a full-width colon of a note", row.line, "：")
        if not fence and "$$" in text and (labelled := _LABELLED.match(text)):  # MyST's name of a formula
            name = labelled["name"]
            ledger.name("a block's name", row.line, name)
            text = f"{labelled['before']}$$ {{#{name if _EQUATION.match(name) else 'eq:' + name}}}"
        if not fence and ("\u00a0" in text or "\u3000" in text):
            rule = _WIDE_RULE.match(text)
            text = " ".join(rule["sign"] * 3) if rule else _HARD.sub(r"\g<mark> ", text)
        out.append(row if text == row.text else row.with_text(text))
    return out


def in_their_items(rows: list[Row]) -> list[Row]:
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


def addressed(rows: list[Row]) -> list[Row]:
    """Addresses by their names, [1]: https://…, right below a line of text as a block of their own."""
    if not any("]: " in row.text and _ADDRESS.match(row.text) for row in rows):
        return rows
    out: list[Row] = []
    fence = ""
    for row in rows:
        fence = _fence_behind(row.text, fence)
        above = out[-1].text if out else ""
        if not fence and above.strip() and "]: " in row.text and _ADDRESS.match(row.text) and "]: " not in above:
            out.append(row.with_text(""))
        out.append(row)
    return out


_ADDRESS = re.compile(r"^ {0,3}\[[^\]\n^]+\]:[ \t]+<?https?://\S+[ \t]*(?:[\"'(].*)?$")


def leading(rows: list[Row]) -> list[Row]:
    """A line that leads to the next list, right below an item of the last, 做法：, as a paragraph between the two.

    So is one of columns or in brackets, 【缺点】: no item goes on with one.
    """
    out: list[Row] = []
    fence = ""
    for at, row in enumerate(rows):
        fence = _fence_behind(row.text, fence)
        if at and not fence and _LEADS.match(row.text) and at + 1 < len(rows):
            above, below = rows[at - 1].text, rows[at + 1].text
            if _ITEM.match(below) and not below.startswith(" ") and (_ITEM.match(above) or above.startswith("  ")):
                out.append(row.with_text(""))
        elif at and not fence and _stands_alone(row.text) and _ITEM.match(rows[at - 1].text):
            out.append(row.with_text(""))
        out.append(row)
    return out


def _stands_alone(text: str) -> bool:
    if text.startswith("**"):  # **某公司**　　2019—2020, in a résumé
        return bool(_HEADED.match(text))
    if not text.startswith("【"):
        return ("   " in text or "\t" in text) and not text[0].isspace() and is_columned(text)
    return bool(_IN_BRACKETS.fullmatch(text.rstrip())) or is_columned(text)


_IN_BRACKETS = re.compile(r"【[^【】]{1,12}】")
_HEADED = re.compile(r"\*\*(?=[^\s*])[^*\n]{1,40}\*\*(?:[：:]?[ \t]*$|(?:&emsp;|&nbsp;|\u3000|\t|  )[^。；！？]*$)")


def _goes_on(item: re.Match[str], rows: Sequence[Row], at: int) -> bool:
    """Whether the list of an item goes on behind the indented lines from `at`."""
    behind = (row.text for row in rows[at:] if row.text.strip() and not row.text.startswith(("  ", "\t", "\u3000")))
    other = _ITEM.match(next(behind, ""))
    if not other or other["before"] != item["before"]:
        return False
    if item["number"]:
        return other["behind"] == item["behind"] and int(other["number"]) == int(item["number"]) + 1
    return other["mark"] == item["mark"]


def stepped(rows: list[Row]) -> list[Row]:
    """Verse whose lines stand further and further to the right, as lines of verse with their indents."""
    if not any(_STEP.match(row.text) for row in rows):
        return rows
    out: list[Row] = []
    fence, begins = "", True
    while len(out) < len(rows):
        row = rows[len(out)]
        fence = _fence_behind(row.text, fence)
        run = [*takewhile(lambda one: one.text.strip(_BLANK), rows[len(out) :])] if begins and not fence else []
        made = _stepped(run, out) if any(_STEP.match(one.text) for one in run) else []
        out += made or [row]
        begins = bool(made) or not row.text.strip(_BLANK) or row.text.startswith("#")
    return out


def _stepped(run: Sequence[Row], above: Sequence[Row]) -> list[Row]:
    """The lines of a run as verse; none where it is not verse, or goes on in a list's item."""
    found = _QUOTES.match(run[0].text)
    mark = found[0] if found else ""
    texts = [row.text.removeprefix(mark) for row in run]
    item = next((row.text for row in reversed(above) if row.text.strip()), "")
    if texts[0].startswith(" ") and (_ITEM.match(item) or item.startswith(" ")):
        return []
    outlined = are_outlined(texts)
    if are_hanging(texts) or (outlined and _is_letter(texts)):
        return []
    if not all(row.text.startswith(mark) for row in run) or not (outlined or are_stepped(texts)):
        return []
    if outlined:
        return [row.with_text(f"{mark}| {_apart(spread(text))}") for row, text in zip(run, texts, strict=True)]
    return [row.with_text(f"{mark}| {spread(text)}") for row, text in zip(run, texts, strict=True)]


def _is_letter(texts: Sequence[str]) -> bool:
    """Whether lines have indents that differ only because the last of them stand at the right: a letter's."""
    signed = [*takewhile(lambda count: signs(texts[-count:], ""), range(1, len(texts)))]
    body = texts[: -signed[-1]] if signed else texts
    return bool(signed) and not (are_outlined(body) or are_stepped(texts))


def _apart(text: str) -> str:
    """A line with its runs of spaces as wide as they are."""
    return re.sub(r"(?<=[│├└─|]) +", lambda found: "\u00a0" * len(found[0]), text)


def dedented(rows: list[Row]) -> list[Row]:
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
        stripped = text.lstrip()
        above = out[-1].text.strip() if out else ""
        inside = depth and "pre" not in depth and not code and text.startswith(("    ", "\t"))
        if inside and (TAG.match(stripped) or stripped.startswith("<!--") or _is_tag(above)):
            out.append(row.with_text(stripped))
        else:
            out.append(row)
        if code or "<" not in text:
            continue
        for found in TAG.finditer(text) if depth or stripped.startswith("<") else ():
            name = found["name"].lower()
            if name not in BLOCKS or name in EMPTY | OPEN_ENDED - {"td", "th", "tr"} or found["empty"]:
                continue
            if not found["end"]:
                depth.append(name)
            elif name in depth:
                del depth[len(depth) - 1 - depth[::-1].index(name) :]
    return out


def _is_tag(text: str) -> bool:
    """Whether a line is no more than tags, at whose foot indented text is text."""
    return text.startswith("<") and not TAG.sub("", text).strip() and TAG.match(text) is not None


def environments(rows: list[Row], ledger: ReadingNotes) -> list[Row]:
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
        if not formula and at not in inside and (behind := _over_lines(rows, at)):
            out.append(_in_one_line(rows[at:behind]))
            at = behind
            continue
        if not formula and at not in inside and (behind := _begun_beside(rows, at)):
            out += _by_itself(rows[at:behind])
            at = behind
            continue
        if at not in inside and "$$" in text:
            formula ^= SPAN.sub("", text).count("$$") % 2 == 1
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
        elif ENVIRONMENT.fullmatch(found["name"]):
            marks = f"```{PSEUDOCODE}", "```"
        else:
            ledger.leave("an environment of TeX", row.line, text.strip())
            marks = "```tex", "```"
            while out and _PREAMBLE.match(out[-1].text):  # what stands above a whole document of TeX
                inner = [out.pop(), *inner]
        out += [
            row.with_text(""),
            row.with_text(marks[0]),
            *inner,
            rows[end].with_text(marks[1]),
            rows[end].with_text(""),
        ]
        at = end + 1
    return out


_PREAMBLE = re.compile(r"\\(?:documentclass|usepackage|title|author|date|newcommand|set\w+)\b")


def _over_lines(rows: list[Row], at: int) -> int:
    """The index behind a formula between single dollars that goes over lines for an environment in it; 0 for none."""
    text = SPAN.sub("", rows[at].text)
    if text.count("$") % 2 == 0 or "$$" in text or text.lstrip().startswith((">", "|")):
        return 0
    begun = "\\begin{" in text.rpartition("$")[2]
    for end in range(at + 1, min(at + 60, len(rows))):
        text = rows[end].text
        if not text.strip() or "$$" in text:
            return 0
        begun = begun or "\\begin{" in text.partition("$")[0]
        if "$" in text:
            return end + 1 if begun else 0
    return 0


def _begun_beside(rows: list[Row], at: int) -> int:
    """The index behind a formula between double dollars that begins beside text or its own, over lines; 0 for none.

    Its lines are none of a list, a table or a poem, however they begin.
    """
    text = SPAN.sub("", rows[at].text)
    if text.count("$$") % 2 == 0 or text.lstrip().startswith((">", "|")):
        return 0
    words, alone = text.rpartition("$$")[2], bool(_DOLLARS.match(text))
    for end in range(at + 1, min(at + 60, len(rows))):
        text = rows[end].text
        if not text.strip() or "%" in text or "`" in text:
            return 0
        words += text.partition("$$")[0]
        if "$$" in text:
            behind = text.partition("$$")[2]
            apart = alone and (_DOLLARS.match(text) or _MARK_ALONE.fullmatch(behind))
            return end + 1 if "$" not in words and "$$" not in behind and _TEX_SIGN.search(words) and not apart else 0
    return 0


_TEX_SIGN = re.compile(r"\\[A-Za-z]{2}|[\^_]\{")


def _by_itself(rows: list[Row]) -> Iterator[Row]:
    """The rows of such a formula with its dollars on lines of their own, and the text beside them on others."""
    before, _, begun = rows[0].text.rpartition("$$")
    ended, _, behind = rows[-1].text.partition("$$")
    indent = _INDENT.match(rows[0 if not _ITEM_MARK.match(before) else 1].text)
    margin = indent[0] if indent else ""
    if re.search(r"[^\W\d_]", before):
        yield rows[0].with_text(before.rstrip())
        before = margin
    yield rows[0].with_text(f"{before}$$")
    if begun.strip():
        yield rows[0].with_text(margin + begun.strip())
    yield from rows[1:-1]
    mark = _MARK_ALONE.fullmatch(behind) if not _OWN_END.search(ended) else None  # which ends by itself
    if ended.strip() or mark:
        yield rows[-1].with_text(ended.rstrip() + (mark[1] if mark else ""))
    label = _LABEL_BEHIND.match(behind)
    yield rows[-1].with_text(f"{margin}$${label[0] if label else ''}")
    rest = "" if mark else behind[label.end() if label else 0 :].strip()
    if rest:
        yield rows[-1].with_text(margin + rest)


_INDENT = re.compile(r"[ \t]*")
_ITEM_MARK = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_OWN_END = re.compile(r"\\end\{(?:align|alignat|flalign|gather|multline|equation|eqnarray)\*?\}\s*\Z")
_MARK_ALONE = re.compile(r"[ \t]*([，。；、,.;])[ \t]*")
_LABEL_BEHIND = re.compile(r"[ \t]*\{#eq[:-][^\s{}]+\}")


def _in_one_line(rows: list[Row]) -> Row:
    """The rows from the one with a formula's first dollar to that with its last in one, no space beside the dollars."""
    before, _, begun = rows[0].text.rpartition("$")
    ended, _, behind = rows[-1].text.partition("$")
    inner = " ".join(one.strip() for one in (begun, *(row.text for row in rows[1:-1]), ended))
    return rows[0].with_text(f"{before}${inner.strip()}${behind}")


def pasted(rows: list[Row], ledger: ReadingNotes) -> list[Row]:
    """Rows of a table that was pasted, as many tabs in each, and a table that stands set in by four, as tables."""
    if not any("\t" in row.text or "    |" in row.text for row in rows):
        return rows
    out: list[Row] = []
    fence = ""
    while len(out) < len(rows):
        at = len(out)
        begins = not fence and (not at or not rows[at - 1].text.strip())
        fence = _fence_behind(rows[at].text, fence)
        may = begins and _MAY_PASTE.match(rows[at].text)
        run = [*takewhile(lambda row: row.text.strip(), rows[at:])] if may else []
        above = next((row.text for row in reversed(rows[:at]) if row.text.strip()), "")
        if run and _is_pasted(run):
            ledger.name("a table that was pasted", rows[at].line, "")
            cells = [[cell.strip().replace("|", "\\|") for cell in row.text.split("\t")] for row in run]
            made = [row.with_text(f"| {' | '.join(one)} |") for row, one in zip(run, cells, strict=True)]
            dashes = "|" + "---|" * len(cells[0])
            out += [made[0].with_text(f"{made[0].text}\n{dashes}"), *made[1:]]
        elif run and _is_set_in(run) and not (_ITEM.match(above) or above[:1].isspace()):
            out += [row.with_text(row.text.strip()) for row in run]
        else:
            out.append(rows[at])
    return [Row(text, row.line) for row in out for text in row.text.split("\n")]


_MAY_PASTE = re.compile(r"[^\t]*\t[^\t]*\t|(?: {4}|\t)[ \t]*\|")
_MANY = 3  # rows and columns of what is surely a table


def _is_pasted(run: Sequence[Row]) -> bool:
    """Whether rows have as many tabs each, two at least, and cells that are no sentences."""
    tabs = {row.text.count("\t") for row in run}
    if (
        len(run) < _MANY
        or run[0].text.startswith("\t")
        or len(tabs) != 1
        or min(tabs) < _MANY - 1
        or not all(_TABBED.match(row.text) for row in run)
    ):
        return False
    cells = [cell.strip() for row in run for cell in row.text.split("\t")]
    return all(not re.search(r"[。！？{};]$", cell) for cell in cells) and 2 * sum(map(bool, cells)) > len(cells)


def _is_set_in(run: Sequence[Row]) -> bool:
    """Whether rows are a table of Chinese words that stands where code would."""
    texts = [row.text.strip() for row in run]
    barred = len(run) > 2 and all(text.startswith("|") and text.endswith("|") for text in texts)  # noqa: PLR2004
    return barred and bool(DELIMITERS.match(texts[1])) and any(map(IDEOGRAPH.search, texts))


def wide_enough(rows: list[Row]) -> list[Row]:
    """Tables whose head or line of dashes has fewer cells than their rows, made as wide as these: none is lost."""
    if not any("|" in row.text and DELIMITERS.match(row.text) for row in rows):
        return rows
    out: list[Row] = []
    for at, end, code in stretches(rows):
        out += rows[at:end]
        dashes = "" if code else rows[at].text
        if at and "|" in dashes and DELIMITERS.match(dashes) and "|" in rows[at - 1].text:
            head = _cells(rows[at - 1].text)
            body = [_barred(row, head) for row in takewhile(lambda row: "|" in row.text, rows[at + 1 :])]
            rows = [*rows[: at + 1], *body, *rows[at + 1 + len(body) :]]
            most = max(_cells(row.text) for row in [rows[at - 1], *body])
            out[-1] = rows[at].with_text(_widened(dashes, most - _cells(dashes), "---"))
            out[-2] = rows[at - 1].with_text(_widened(out[-2].text, most - _cells(rows[at - 1].text), " "))
    return out


def _barred(row: Row, cells: int) -> Row:
    """A table's row that has more cells than its head only by the bars of its formulas: $|x|$ is one."""
    if "$" not in row.text or _cells(row.text) <= cells:
        return row
    made = _WITH_BARS.sub(lambda found: "$" + re.sub(r"(?<!\\)\|", r"\\vert ", found[1]) + "$", row.text)
    return row.with_text(made) if _cells(made) == cells else row


def _cells(text: str) -> int:
    """How many cells a table's row has."""
    return _IN_ITEM.sub("", _NO_BAR.sub("", text)).strip(" \t>").removeprefix("|").removesuffix("|").count("|") + 1


def _widened(text: str, by: int, cell: str) -> str:
    bare = text.rstrip()
    return text if by <= 0 else bare + ("" if bare.endswith("|") else "|") + f"{cell}|" * by


def _fence_behind(text: str, fence: str) -> str:
    """The mark of the fenced code that is open behind a line, where `fence` is open before it; "" for none."""
    mark = _MARK.match(text) if "```" in text or "~~~" in text else None
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
        mark = _MARK.match(text) if begun < 0 and ("```" in text or "~~~" in text) else None
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
