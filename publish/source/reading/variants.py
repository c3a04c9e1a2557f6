"""What people type in a way of their own: notes like [1]: 张三…, lines that begin with >100, ends of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publish.han import IDEOGRAPH, IDEOGRAPHS
from publish.source.reading.apart import SAYS
from publish.source.reading.rows import ReadingNotes, Row, stretches

_NOTE = re.compile(r"^(?P<edge> {0,3})\[(?P<number>\d{1,3})\][:：][ \t]*(?P<said>\S.*)$")
# A call, but in code, in a[1] and before an address.
_CALL = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)|(?<![\]\\!A-Za-z0-9_])\[(?P<number>\d{1,3})\](?![\[(:：])")
# An address, with a title or without: a word that names a scheme, a path, a place or a file, or that is all there is.
_ADDRESS = re.compile(
    r"<|[\w.+-]+:(?://|\S+@)|[^\s，。、；：《“「（]*[/#]|[^\s，。、；：]+\.\w{1,5}(?:[ \t]|$)"
    r"|[^\s，。、；：！？《“「（]+[ \t]*(?:[\"'(].*[\"')])?$"
)
_PAGE = re.compile(r"\\(?:newpage|pagebreak|clear(?:double)?page)[ \t]*$")
_CENTRED = re.compile(
    r"(?P<sharps>#{1,6})[ \t]*<center>[ \t]*(?P<title>.*?)[ \t]*</center>[ \t]*#*[ \t]*$", re.IGNORECASE
)
# More than one # is no tag's (#读书); what begins with a bracket or a sign is a program's.
_SHARPS = re.compile(r"^ {0,3}#")
_SEVERAL = re.compile(r"^ {0,3}(?P<mark>#{2,6})(?P<words>(?:[^\W_]|[“‘「『《【（])[^#\n]*(?:#+[ \t]*)?)$")
_ONE = re.compile(r"^ {0,3}(?P<mark>#)(?P<words>(?:[^\W\d_]|[“‘「『《【（])[^#\n]*)$")
_ABOVE = re.compile(r"^ {0,3}(?:#{1,6}(?:[ \t]|$)|(?:[-*_=][ \t]*){3,}$)")
_CLIPPING = re.compile(r"^- (?:您在|您的|你在|Your ).*\|.*(?:添加于|新增於|新增时间|Added on)")
_BETWEEN = re.compile(r"^={5,}[ \t]*$")
_SAYS = re.compile(SAYS)
_SCALE = re.compile(r"[<=≤]=?\d")  # >60分及格, below it <60分不及格
_EYES = re.compile(r"^ {0,3}>(?=[_.﹏ω皿︿]\s?<)")  # >_< begins a line
_FRAMED = re.compile(r"^ {0,3}>{2,}[^<>]+<{2,}[ \t]*$")  # >>> 重要通知 <<<
_MARKED = re.compile(r"[>#|<`~:]|[-*+](?=\s|[-*+]*$)")  # what is no line of text
_OTHER_SIGN = re.compile(r"(?:\*\* |[†‡§¶][ ]?|\*\*(?=[^*\n]+$))[^\s*]")
_BOX = re.compile(r"^ {0,3}\[[ xX]\][ \t]+[^\s(\[]")
_TEX = re.compile(r"\\[A-Za-z]{2}|[\^_]\{?\w")
_NO_TEX = re.compile(r"[$`#\[]|[，。；：！？]")
_ROUND = re.compile(
    rf"(?:(?<=[{IDEOGRAPHS}，。；：、！？])|(?<=[{IDEOGRAPHS}，。；：、！？] )|^)"
    r"\( (?=[^()\n$`]*\\[A-Za-z]{2})(?P<inner>(?:[^()\n$`]|\([^()\n$`]*\))*?) \)"
)
_LONGEST = 20  # lines of a formula
_COMPARED = re.compile(r"^(?P<edge> {0,3})>(?=(?P<equal>=)?[ \t]*\d)(?![ \t])")


def with_signs(rows: list[Row], ledger: ReadingNotes) -> list[Row]:
    """The rows with what is typed in another way as Markdown has it."""
    whole = "\n".join(["", *(row.text for row in rows)])
    rows = _chatted(rows) if "\n* " in whole else rows
    rows = _clipped(rows) if "\n=====" in whole else rows
    rows = _glued(_broken(rows, ledger), ledger) if "\\" in whole or "##" in whole else rows
    rows = _unbracketed(rows) if "\\" in whole and ("\n[\n" in whole or "( " in whole) else rows
    rows = _footed(rows) if "\n* " in whole else rows
    rows = _ticked(rows) if "\n[" in whole else rows
    return _noted(_compared(_titled(rows, ledger)), ledger)


def _prose(rows: list[Row]) -> Iterator[int]:
    """The places of rows that are in no fenced code."""
    return (at for at, _, code in stretches(rows) if not code)


def _footed(rows: list[Row]) -> list[Row]:
    """Notes that begin with a sign each, * 作者简介 beside ** 通讯作者 or † 共同第一作者, as lines and no items."""
    out = list(rows)
    for at in _prose(rows):
        beside = (rows[one].text for one in (at - 1, at + 1) if 0 <= one < len(rows))
        if rows[at].text.startswith("* ") and any(map(_OTHER_SIGN.match, beside)):
            out[at] = rows[at].with_text("\\" + rows[at].text + ("" if rows[at].text.endswith("  ") else "  "))
    return out


def _ticked(rows: list[Row]) -> list[Row]:
    """Lines of tasks without a list's mark, [ ] 牛奶 and below it [x] 面包, as items of a list."""
    boxed = [bool(_BOX.match(row.text)) for row in rows]
    if sum(boxed) < 2:  # noqa: PLR2004  # one may be anything
        return rows
    out = list(rows)
    for at in _prose(rows):
        if boxed[at] and any(boxed[max(at - 1, 0) : at] + boxed[at + 1 : at + 2]):
            out[at] = rows[at].with_text(f"- {rows[at].text.strip()}")
    return out


def _unbracketed(rows: list[Row]) -> list[Row]:
    """Formulas whose brackets a chat's page has lost its backslashes of: [ and ] on lines of their own, ( x^2 )."""
    out = list(rows)
    begun = -1
    for at in _prose(rows):
        text = rows[at].text.strip()
        if text == "[":
            begun = at
        elif text == "]" and 0 <= begun < at - 1 and _is_tex([row.text for row in rows[begun + 1 : at]]):
            out[begun], out[at] = (rows[one].with_text("$$") for one in (begun, at))
            begun = -1
        elif not text:
            begun = -1
        elif "( " in text and IDEOGRAPH.search(text):
            out[at] = rows[at].with_text(_ROUND.sub(r"\\(\g<inner>\\)", rows[at].text))
    return out


def _is_tex(texts: list[str]) -> bool:
    return len(texts) <= _LONGEST and any(map(_TEX.search, texts)) and not any(map(_NO_TEX.search, texts))


def _chatted(rows: list[Row]) -> list[Row]:
    """What somebody does in a chat, * lisi 离开了频道, among the lines of what people say: no item of a list."""
    if not any(_SAYS.match(row.text) for row in rows):
        return rows
    out = list(rows)
    for at in _prose(rows):
        if at and rows[at].text.startswith("* ") and (_SAYS.match(rows[at - 1].text) or out[at - 1].text[:1] == "\\"):
            out[at] = rows[at].with_text("\\" + rows[at].text)
    return out


def _clipped(rows: list[Row]) -> list[Row]:
    """Kindle's clippings: the line of ========== between two of them is a rule, and underlines no heading."""
    if not any(_CLIPPING.match(row.text) for row in rows):
        return rows
    out: list[Row] = []
    for row in rows:
        out += [row.with_text(text) for text in ("", "* * *", "")] if _BETWEEN.match(row.text) else [row]
    return out


def _glued(rows: list[Row], ledger: ReadingNotes) -> list[Row]:
    """Headings without a space behind their mark, ##一、概念, as most readers took them before 2017.

    One # alone may be a tag's: it is a heading's only in a file that writes its other headings so.
    """
    if not any("##" in row.text and _SEVERAL.match(row.text) for row in rows):
        return rows
    places = [at for at in _prose(rows) if _SHARPS.match(rows[at].text) and _begins_block(rows, at)]
    if not any(_SEVERAL.match(rows[at].text) for at in places):
        return rows
    out = list(rows)
    for at in places:
        if found := _SEVERAL.match(rows[at].text) or _ONE.match(rows[at].text):
            ledger.name("a heading's mark without a space", rows[at].line, found["mark"])
            out[at] = rows[at].with_text(f"{found['mark']} {found['words']}")
    return out


def _begins_block(rows: list[Row], at: int) -> bool:
    """Whether nothing, a heading or a rule stands above a line."""
    above = rows[at - 1].text if at else ""
    return not above.strip() or bool(_ABOVE.match(above) or _SEVERAL.match(above))


def _broken(rows: list[Row], ledger: ReadingNotes) -> list[Row]:
    """TeX's command for the next page, alone between blank lines, as what begins one in print."""
    if not any(row.text.startswith("\\") and _PAGE.match(row.text) for row in rows):
        return rows
    out = list(rows)
    for at in _prose(rows):
        alone = not any(row.text.strip() for row in (*rows[max(at - 1, 0) : at], *rows[at + 1 : at + 2]))
        if alone and _PAGE.match(rows[at].text):
            ledger.name("the end of a page", rows[at].line, rows[at].text)
            out[at] = rows[at].with_text('<div style="break-after: page"></div>')
    return out


def _titled(rows: list[Row], ledger: ReadingNotes) -> list[Row]:
    """Headings whose words stand within <center>, which would be no headings: # <center>题</center>."""
    if not any(row.text.startswith("#") and "<center>" in row.text for row in rows):
        return rows
    out = list(rows)
    for at in _prose(rows):
        if found := _CENTRED.match(rows[at].text):
            ledger.name("the place of a heading", rows[at].line, "<center></center>")
            out[at] = rows[at].with_text(f"{found['sharps']} {found['title']}")
    return out


def _compared(rows: list[Row]) -> list[Row]:
    """Lines that begin with more than a number (>=500人, and >100人 below a line of text) as text and no quotation.

    So are words that somebody has set between such signs, >>> 重要通知 <<<.
    """
    if not any(
        ">" in row.text and (_COMPARED.match(row.text) or _FRAMED.match(row.text) or _EYES.match(row.text))
        for row in rows
    ):
        return rows
    out = list(rows)
    for at in _prose(rows):
        if _EYES.match(rows[at].text):
            out[at] = rows[at].with_text(rows[at].text.replace(">", "\\>", 1))
            continue
        if _FRAMED.match(rows[at].text):
            out[at] = rows[at].with_text(rows[at].text.replace(">", "\\>").replace("<", "\\<"))
            continue
        found = _COMPARED.match(rows[at].text)
        above = out[at - 1].text.strip() if at else ""
        below = (row.text for row in rows[at + 1 : at + 5])
        if found and (
            found["equal"] or (above and not _MARKED.match(above)) or (not above and any(map(_SCALE.match, below)))
        ):
            out[at] = rows[at].with_text(_COMPARED.sub(r"\g<edge>\\>", rows[at].text))
            if above:
                out[at - 1] = out[at - 1].with_text(out[at - 1].text.rstrip() + "  ")  # whose line ends here
    return out


def _noted(rows: list[Row], ledger: ReadingNotes) -> list[Row]:
    """Notes that are called by [1] and stand in lines [1]: 张三…, which no address is, as notes."""
    if not any("]" in row.text and _NOTE.match(row.text) for row in rows):
        return rows
    prose = [*_prose(rows)]
    notes = {found["number"]: at for at in prose if (found := _NOTE.match(rows[at].text)) and _is_note(found["said"])}
    calls = {one for at in prose if at not in notes.values() for one in _called(rows[at].text)}
    meant = notes.keys() & calls
    if not meant or any("[^" in rows[at].text for at in prose):  # who knows the sign for a note means none without it
        return rows
    places = set(prose)
    out: list[Row] = []
    for at, row in enumerate(rows):
        note = _NOTE.match(row.text) if at in places else None
        if note and note["number"] in meant and notes[note["number"]] == at:
            ledger.name("a note's number", row.line, note["number"])
            out += [row.with_text(f"{note['edge']}[^{note['number']}]: {note['said']}"), row.with_text("")]
        elif at in places and "[" in row.text and not note:
            out.append(row.with_text(_CALL.sub(lambda found: _as_call(found, meant), row.text)))
        else:
            out.append(row)
    return out


def _is_note(said: str) -> bool:
    """Whether what stands behind [1]: is words and no address."""
    return not _ADDRESS.match(said)


def _called(text: str) -> Iterator[str]:
    for found in _CALL.finditer(text):
        if found["number"]:
            yield found["number"]


def _as_call(found: re.Match[str], meant: set[str]) -> str:
    return f"[^{found['number']}]" if found["number"] in meant else found[0]
