"""The dialogue of an article: who speaks, found by labels, and set apart as what each said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from publish.importers.clips.html2text import (
    Block,
    Group,
    Headline,
    Paragraph,
    Rule,
    begins,
    is_running,
    words,
)
from publish.importers.clips.sentences import ends_sentence
from publish.importers.clips.spans import plain, split_at
from publish.importers.report import Ledger

LONGEST_HEADING = 40
LONGEST_PROMOTION = 160
LONGEST_LABEL = 16
LONGEST_ANSWER = 20  # paragraphs between two labels that are still one conversation
BYLINE_LABEL = re.compile(
    r"(?:编辑|編輯|责编|責編|作者|文|来源|來源|校对|校對|翻译|翻譯|译者|譯者|整理|排版|记者|記者|出品)\s*[:：|｜丨/]"
)
_LABEL = re.compile(
    rf"(?P<label>[^，。！？；：:\s“”「」（）()]{{1,{LONGEST_LABEL}}}"
    rf"(?: [^，。！？；：:\s]{{1,{LONGEST_LABEL}}})?)\s*[:：]"
)
_ASKING = re.compile(
    r"(?:提问者?|提問者?|问|問|答|回答|追问|追問|主持人?|观众|觀眾|记者|記者|听众|聽眾|采访者|採訪者|Q|A)\s?[0-9A-Z一二三四五六七八九十]?$"
)
_NO_SPEAKER = re.compile(
    r"编辑|編輯|作者|来源|來源|参考|參考|链接|連結|鏈接|论文|論文|地址|标题|標題|责编|責編|校对|排版|时间|時間|地点|地點|项目|專案|代码|摘要|结论|"
    r"图|圖|表|注|备注|說明|说明|https?|优点|缺点|博客|原文|文|第|转载|转自|整理|公众号|步骤|方法|问题|答案|总结|其中|比如|例如|如下"
)
_NARRATION = re.compile(
    r"(?:接下来|接下來|下面|随后|隨後|然后|最后|最後).{0,8}(?:提问|提問|问题|問題|观众|觀眾|嘉宾|嘉賓)|掌声|掌聲|^（.*）$"
)


def split_labels(blocks: list[Block], ledger: Ledger) -> list[Block]:
    """Labels glued to the text before them begin a paragraph: 机器之心报道**编辑：蛋酱**, 。提问：, 。© THE END."""
    result: list[Block] = []
    for index, block in enumerate(blocks):
        pieces = [block]
        while isinstance(last := pieces[-1], Paragraph) and (found := _glued(last, first=index < 6)):  # noqa: PLR2004  # where bylines stand
            offset, code, reason = found
            head, tail = split_at(last.spans, offset)
            ledger.decide(code, begins(block), f"{plain(head)[-12:]}⏎{plain(tail)[:16]}", "a new paragraph", reason)
            pieces[-1:] = [Paragraph(tuple(head)), Paragraph(tuple(tail))]
        result += pieces
    return result


def _glued(paragraph: Paragraph, *, first: bool) -> tuple[int, str, str] | None:
    text = plain(paragraph.spans)
    if first and len(text) <= LONGEST_PROMOTION:
        for offset in _bold_starts(paragraph):
            before = text[:offset].rstrip()
            if before and not before.endswith(("：", ":")) and BYLINE_LABEL.match(text[offset:]):
                return offset, "byline", "a label in bold was glued to the line before it"
    for label in re.finditer(r"(?<=[。？！”])\s*(?=(?:提问者?|提問者?|追问|追問)[:：])", text):
        if ends_sentence(text[: label.start()]):
            return label.end(), "speaker", "a speaker's label follows a sentence's end"
    if footer := re.search(r"(?<=\S)\s*(?=©\s*THE\s*END)", text):
        return footer.end(), "break-kept", "the footer was glued to the text"
    return None


def _bold_starts(paragraph: Paragraph) -> Iterator[int]:
    offset, bold = 0, False
    for span in paragraph.spans:
        if span.kind == "text" and "strong" in span.styles and not bold:
            yield offset
        if span.kind == "text" and span.text:
            bold = "strong" in span.styles
        offset += len(plain([span]))


@dataclass(frozen=True)
class _Label:
    name: str
    end: int  # offset in the paragraph's plain text after the colon


def _label(block: Block) -> _Label | None:
    """The speaker's label at a paragraph's beginning: bold up to its colon, or a word that asks or answers."""
    if not isinstance(block, Paragraph):
        return None
    text = plain(block.spans)
    match = _LABEL.match(text.lstrip())
    if not match or _NO_SPEAKER.match(match["label"]):
        return None
    end = match.end() + len(text) - len(text.lstrip())
    bold = [span for span in split_at(block.spans, end)[0] if span.kind == "text" and span.text.strip(" :：")]
    if _ASKING.match(match["label"]) or (bold and all("strong" in span.styles for span in bold)):
        return _Label(match["label"].strip(), end)
    return None


def set_dialogue_apart(blocks: list[Block], ledger: Ledger) -> list[Block]:
    """Runs of labelled paragraphs become dialogues, each label a speaker; narration between them is left outside."""
    labels = {index: label for index, block in enumerate(blocks) if (label := _label(block))}
    times = Counter(label.name for label in labels.values())
    asking = any(_ASKING.match(name) for name in times)
    if len(labels) < 2 or (max(times.values()) < 2 and not asking):  # noqa: PLR2004  # two labels make a conversation
        return blocks
    result: list[Block] = []
    at = 0
    for run in _runs(blocks, sorted(labels), ledger):
        result += blocks[at : run.start]
        spoken = [_spoken(blocks[index], labels.get(index), ledger) for index in run]
        result.append(Group("dialogue", tuple(spoken)))
        at = run.stop
    return result + blocks[at:]


def _runs(blocks: Sequence[Block], labelled: Sequence[int], ledger: Ledger) -> Iterator[range]:
    """Ranges from a labelled paragraph to the last before narration, a heading, or a long stretch without labels."""
    start = previous = labelled[0]
    for index in [*labelled[1:], None]:
        barrier = _barrier(blocks, previous, index, ledger)
        if barrier is not None:
            yield range(start, barrier)
        if index is not None:
            start = index if barrier is not None else start
            previous = index


def _barrier(blocks: Sequence[Block], previous: int, index: int | None, ledger: Ledger) -> int | None:
    """Where the dialogue that `previous` belongs to ends before the label at `index`; None where it continues."""
    if index is None:
        after = blocks[previous + 1] if previous + 1 < len(blocks) else None
        if after and is_running(after):
            reason = "nothing says who speaks after the last label"
            ledger.decide("speaker", begins(after), words(after), "outside the dialogue", reason)
        return previous + 1
    for between in range(previous + 1, index):
        block = blocks[between]
        if isinstance(block, Headline | Rule | Group):
            return between
        if _NARRATION.search(words(block)) and len(words(block)) <= LONGEST_HEADING:
            choice = "narration, outside the dialogue"
            ledger.decide("speaker", begins(block), words(block), choice, "it tells of the conversation")
            return between
    if index - previous > LONGEST_ANSWER:
        after = blocks[previous + 1]
        ledger.decide("speaker", begins(after), words(after), "outside the dialogue", "no label for a long stretch")
        return previous + 1
    for block in blocks[previous + 1 : index]:
        if is_running(block):
            reason = "a paragraph without a label between two that have one"
            ledger.decide("speaker", begins(block), words(block), "the speaker before goes on", reason)
    return None


def _spoken(block: Block, label: _Label | None, ledger: Ledger) -> Block:
    if not label or not isinstance(block, Paragraph):
        return block
    head, tail = split_at(block.spans, label.end)
    ledger.decide(
        "speaker",
        begins(block),
        f"{label.name}：{plain(tail)[:20]}",
        "a speaker's label",
        "it introduces what is said",
    )
    marked = [replace(span, styles=frozenset({"speaker"})) if span.kind == "text" else span for span in head]
    return Paragraph((*marked, *tail))
