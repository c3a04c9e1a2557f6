"""Lines that their author set apart without a blank line between them: verse, items, speakers, fields."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMERALS = "一二三四五六七八九十"
# What begins a line that is an item of its own. A paragraph is apart where its lines but the first begin in one way.
_ITEMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:\d{{1,3}}|[{_NUMERALS}]{{1,3}})[、．。]",
        r"(?:周|星期|礼拜|禮拜)[一二三四五六日天]",
        r"\d{1,2}\.(?=[^\d\s])",
        rf"[（(](?:\d{{1,3}}|[{_NUMERALS}]{{1,3}}|[A-Za-z])[)）]",
        r"[\u2460-\u249b\u3220-\u3229]",  # ①, ⑴, ⒈, ㈠
        r"[•·●○◦▪■□◆◇★☆※►▶✓✔☑✅❌➤]",
        r"——(?=\S)",
        r"[－–—]\s",
        r"[A-H][.．、]",
        r"(?:\[\d{1,3}\]|【\d{1,3}】|〔\d{1,3}〕)(?![(:（：])",
        r"[-*+](?=[^\s*+=>-])",
        "[\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]",
        r"\d{1,2}）",
        rf"第(?:\d{{1,3}}|[{_NUMERALS}百]{{1,5}})[条條款項项]",
        r"[\[【(（]?\d{4}[年.\-/]\d{1,2}(?:[月.\-/]|\b)",
        r"[\[【(（]?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?![\d%])",
    )
)
# A speaker or a field: **老舍**：您来啦, Q：什么, 时间：三月.
_LABEL = re.compile(r"(?:\*\*)?[^\W_][^\s：:*，。、,.!?！？；;“”]{0,7}(?:\*\*)?[：:](?:\*\*)?(?!//)(?=.)")
_STAGE = re.compile(r"[（(][^（）()]*[）)]$")
# Who wrote and when, above what was written: 小明 10:05, 张三 2024/3/5 10:05:33
_SENT = re.compile(
    r"\S{1,16}[ \t\u3000]+(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ \t]+)?(?:[上下]午[ \t]*)?\d{1,2}:\d{2}(?::\d{2})?$"
)
# Who said it, below what was said; the words of a letter that stand by themselves.
_SOURCE = re.compile(r"(?:——|—|--)[ \t]*[^\s—-].{0,40}$")
_CLOSES = re.compile(r"[。！？…；”’」』)）]$")
_GREETING = re.compile(r"(?:谨?此致|专此|顺颂|即颂|敬颂|顺祝|恭祝|祝|此颂|此祝)$")
_CLAUSE = re.compile(r"[，。；！？、：…—”’」』]$")
_LONGEST_VERSE = 18
_LONGEST_SONG = 16
_ENDS = re.compile(r"[，,、；;（(：:\\]$|[ \t]{2}$")  # behind which a sentence goes on
_HAN = re.compile(r"[\u3400-\u9fff]")


def are_apart(lines: Sequence[str]) -> bool:
    """Whether each of a paragraph's lines is one for its readers too.

    Text that an editor has wrapped yields none of these: items that all begin in one way, speakers and what they say,
    rows of cells, a message below its sender, who said it below what was said, verses of one length that each end with
    a mark.
    """
    texts = [line.strip() for line in lines]
    if len(texts) < 2:  # noqa: PLR2004  # nothing to part
        return False
    if _SENT.match(texts[0]) or _are_cells(lines) or any(map(_GREETING.match, texts[:-1])):
        return True
    if _SOURCE.match(texts[-1]) and _CLOSES.search(texts[-2]):
        return True
    if any(all(item.match(text) for text in texts[1:]) for item in _ITEMS):
        return len(texts) > 2 or any(item.match(texts[0]) for item in _ITEMS)  # noqa: PLR2004  # one item may be chance
    if all(any(item.match(text) for item in _ITEMS) for text in texts):  # items within items: 1、 （1） 2、
        return True
    if _LABEL.match(texts[0]) and all(_LABEL.match(text) or _STAGE.match(text) for text in texts):
        return True
    return _is_even(texts) or _are_short(texts)


def _are_short(texts: Sequence[str]) -> bool:
    """Whether three lines or more are short and end without a mark: nobody wraps text so early."""
    if len(texts) < 3 or any(map(_ENDS.search, texts[:-1])):  # noqa: PLR2004  # two may be chance
        return False
    return all(len(text) <= _LONGEST_SONG for text in texts) and all(map(_HAN.search, texts))


def _are_cells(lines: Sequence[str]) -> bool:
    """Whether each line has as many cells, parted by tabs, as the others: a table that was pasted."""
    cells = {line.strip().count("\t") for line in lines}
    return len(cells) == 1 and min(cells) > 0


def are_verse(lines: Sequence[str], *, quoted: bool) -> bool:
    """Whether lines that are apart are verse: of one length, each with its mark; outside a quotation four at least."""
    texts = [line.strip() for line in lines]
    if len(texts) < (2 if quoted else 4) or any(item.match(texts[0]) for item in _ITEMS) or _LABEL.match(texts[0]):
        return False
    return _is_even(texts)


def _is_even(texts: Sequence[str]) -> bool:
    same = len({len(text) for text in texts}) == 1
    return same and len(texts[0]) <= _LONGEST_VERSE and all(_CLAUSE.search(text) for text in texts)


_PROSE = re.compile(r"[“‘「『（《\u3400-\u9fff].*[。！？…”’」』；，：]$")


def is_prose(lines: Sequence[str]) -> bool:
    """Whether indented lines are paragraphs whose author indented them, and no code."""
    texts = [line.strip() for line in lines if line.strip()]
    return bool(texts) and all(_PROSE.match(text) for text in texts)
