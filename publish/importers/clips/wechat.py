"""An article of a WeChat account, clipped with html2text: its metadata, its dialogue, its headings, its boilerplate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from publish.errors import Place, PublishError
from publish.importers.clips.dialogue import (
    LONGEST_HEADING,
    LONGEST_PROMOTION,
    set_dialogue_apart,
    split_labels,
)
from publish.importers.clips.html2text import (
    Block,
    ClipLine,
    Code,
    Figure,
    Gap,
    Group,
    Headline,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Table,
    begins,
    is_running,
    numbered,
    read_blocks,
    words,
)
from publish.importers.clips.sentences import ends_sentence, tidy_spaces, writes_han_latin_spaces
from publish.importers.clips.spans import Span, plain, separate_styles
from publish.importers.clips.tokens import read_spans
from publish.importers.clips.writing import write
from publish.importers.origin import plain_source, read_date, read_identifier, read_language, to_simplified
from publish.importers.report import Ledger

# The clipper's lines, in Simplified Chinese; a Traditional clip's are converted before they are looked up.
KEYS = {
    "文章标题": "title",
    "文章作者": "author",
    "作者": "author",
    "公众号": "publisher",
    "发布者": "publisher",
    "发布时间": "date",
    "发布日期": "date",
    "发布地": "coverage",
    "发布地点": "coverage",
    "原文链接": "source",
    "原文连结": "source",
    "原文地址": "source",
    "封面图链接": "cover-image",
    "封面图连结": "cover-image",
    "封面图": "cover-image",
    "封面链接": "cover-image",
}
EXPECTED = {
    "author": "文章作者",
    "date": "发布时间",
    "coverage": "发布地",
    "source": "原文链接",
    "cover-image": "封面图链接",
}
LONGEST_TAIL = 16  # blocks after an end mark

_H1 = re.compile(r" {0,3}#[ \t]+(?P<title>\S.*?)(?:[ \t]+#+)?[ \t]*$")
_FIELD = re.compile(r"\s*\**(?P<key>[⺀-鿿]{2,6})\**\s*[:：]\**(?P<value>.*)$")


@dataclass(frozen=True)
class Counts:
    """How many of each the chapter holds; `paragraphs` is running text outside lists, quotations, tables and dialogues.

    `spoken` are the paragraphs of dialogues, `speakers` those of them that begin with a speaker's label, `wraps` the
    line ends of html2text that were joined.
    """

    paragraphs: int = 0
    figures: int = 0
    headings: int = 0
    lists: int = 0
    list_items: int = 0
    quotes: int = 0
    tables: int = 0
    code_blocks: int = 0
    dialogues: int = 0
    spoken: int = 0
    speakers: int = 0
    wraps: int = 0


@dataclass(frozen=True)
class Clip:
    """A clip taken apart: its head by key, and the lines of its body."""

    name: str
    head: dict[str, str]
    body: tuple[ClipLine, ...]


@dataclass(frozen=True)
class Article:
    """An imported article: book.yaml's keys but chapters, the blocks (boilerplate among them), their Markdown."""

    metadata: dict[str, Any]
    blocks: tuple[Block, ...]
    markdown: str
    counts: Counts


def read_clip(text: str, name: str, ledger: Ledger) -> Clip:
    """The head and the body of a clip's text. Raises `PublishError` where neither title nor metadata is found."""
    lines = numbered(re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff")).removesuffix("\n"), 1)
    head: dict[str, str] = {}
    at = known = 0
    while at < len(lines):
        line = lines[at]
        title, entry = _H1.match(line.text), _FIELD.match(line.text)
        key = KEYS.get(to_simplified(entry["key"])) if entry else None
        if line.blank:
            pass
        elif title and "title" not in head:
            head["title"] = _title(title["title"], line.number, ledger)
        elif entry and key and key not in head:
            head[key] = _value(entry["value"])
            known += 1
        elif entry and _followed_by_field(lines, at):
            ledger.decide(
                "metadata-unknown",
                line.number,
                line.text,
                "left out of book.yaml",
                "an unknown line in the head",
            )
        else:
            break
        at += 1
    if not head.get("title") and not known:
        raise PublishError(
            "no title (# …) and none of the lines 文章作者:, 发布时间:, 原文链接: that begin a clip",
            "Give it a first line of # and the title, or write the book by hand: publish init",
            Place(name, 1),
        )
    return Clip(name, head, tuple(lines[at:]))


def _title(text: str, line: int, ledger: Ledger) -> str:
    return plain(read_spans(text, lambda _: line, ledger)).strip()


def _value(text: str) -> str:
    link = re.search(r"https?://[^\s<>)]+", text)
    return link[0] if link else text.strip().strip("*").strip()


def _followed_by_field(lines: Sequence[ClipLine], at: int) -> bool:
    """Whether the next line, without a blank one between, belongs to the head: then this one does too."""
    following = lines[at + 1] if at + 1 < len(lines) else None
    entry = _FIELD.match(following.text) if following else None
    return bool(entry and to_simplified(entry["key"]) in KEYS)


def read_article(clip: Clip, stem: str, ledger: Ledger) -> Article:
    """The article in a clip, ready to be checked and written. `stem` names it where it has no title."""
    blocks = read_blocks(clip.body, ledger) if clip.body else []
    blocks = _lift_headings(blocks, ledger)
    blocks = split_labels(blocks, ledger)
    text = "\n".join(_all_words(blocks))
    spaced = writes_han_latin_spaces("\n".join(line.text for line in clip.body))
    blocks = _set_boilerplate_apart(blocks, ledger)
    blocks = _keep_gaps(blocks, ledger)
    blocks = _propose_headings(blocks, ledger)
    blocks = set_dialogue_apart(blocks, ledger)
    blocks = [_mended(block, spaced=spaced, ledger=Ledger() if _is_boilerplate(block) else ledger) for block in blocks]
    _note_what_to_add(blocks, ledger)
    metadata = _metadata(clip, stem, text, blocks, ledger)
    markdown = "\n\n".join(filter(None, (write(block) for block in blocks)))
    return Article(metadata, tuple(blocks), f"{markdown}\n" if markdown else "", _counts(blocks, ledger))


def _mended(block: Block, *, spaced: bool, ledger: Ledger) -> Block:
    """The block with the spaces and styles of its text mended."""

    def mend(spans: Sequence[Span]) -> tuple[Span, ...]:
        return tuple(separate_styles(tidy_spaces(list(spans), ledger, han_latin_spaces=spaced), ledger))

    if isinstance(block, Paragraph | Headline | Figure):
        return replace(block, spans=mend(block.spans))
    if isinstance(block, Quote | Group):
        return replace(block, blocks=tuple(_mended(one, spaced=spaced, ledger=ledger) for one in block.blocks))
    if isinstance(block, Listing):
        items = tuple(tuple(_mended(one, spaced=spaced, ledger=ledger) for one in item) for item in block.items)
        return replace(block, items=items)
    if isinstance(block, Table):
        return replace(block, rows=tuple(tuple(mend(cell) for cell in row) for row in block.rows))
    return block


def _is_boilerplate(block: Block) -> bool:
    return isinstance(block, Group) and block.name == "boilerplate"


_CAPTION = re.compile(r"[▲△▴↑]|(?:图|圖|Fig(?:ure)?\.?)\s*[0-9一二三四五六七八九十]+")


def _note_what_to_add(blocks: Sequence[Block], ledger: Ledger) -> None:
    """Ask for what an importer cannot know: alternative texts, and whether neighbouring quotations are one."""
    flat = list(_flat(blocks))
    for block in flat:
        for image in (span for span in getattr(block, "spans", ()) if span.kind == "image" and not span.text):
            shape = re.search(r"wx_fmt=(\w+)", image.url)
            name = "/".join(image.url.partition("?")[0].split("/")[-2:])
            excerpt = f"…{name[-24:]}" + (f" ({shape[1]})" if shape else "")
            reason = "the clip has no alternative text"
            ledger.decide("alt-missing", image.line, excerpt, "left empty: describe the picture", reason)
    for one, other in pairwise(block for block in blocks if not isinstance(block, Gap)):
        if isinstance(one, Figure) and _CAPTION.match(words(other)):
            reason = "it stands under a figure and reads as its caption: put it into the brackets if it is"
            ledger.decide("caption-proposed", begins(other), words(other), "left a paragraph", reason)
        if isinstance(one, Quote) and isinstance(other, Quote):
            excerpt = next(_all_words(other.blocks), "")
            reason = "they stand next to each other: join them if they are one"
            ledger.decide("quote-apart", begins(other), excerpt, "two quotations", reason)


def _all_words(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Quote | Group):
            yield from _all_words(block.blocks)
        elif isinstance(block, Listing):
            yield from (text for item in block.items for text in _all_words(item))
        else:
            yield words(block)


# Metadata ---------------------------------------------------------------------------------------------------------


def _metadata(clip: Clip, stem: str, text: str, blocks: Sequence[Block], ledger: Ledger) -> dict[str, Any]:
    head = clip.head
    for key, label in EXPECTED.items():
        if not head.get(key):
            ledger.decide("metadata-missing", 1, f"{label}:", f"no {key}", "the clip does not say")
    if not head.get("title"):
        ledger.decide(
            "metadata-missing", 1, "# …", f"the file's name as title: {stem}", "the clip has no heading of level 1"
        )
    title, source = head.get("title") or stem, head.get("source", "")
    metadata = {
        "title": title,
        "author": head.get("author"),
        "publisher": head.get("publisher") or head.get("author"),
        "date": read_date(head.get("date", ""), ledger),
        "lang": read_language(title, text, head.get("coverage", ""), ledger),
        "coverage": head.get("coverage"),
        "source": plain_source(source),
        "identifier": read_identifier(source, ledger),
        "cover-image": head.get("cover-image"),
        "rights": _rights(blocks, ledger),
    }
    return {key: value for key, value in metadata.items() if value}


def _rights(blocks: Sequence[Block], ledger: Ledger) -> str:
    """A notice that permission is unknown, with the article's own boilerplate."""
    groups = [block for block in blocks if isinstance(block, Group) and block.name == "boilerplate"]
    footer = [text for group in groups for text in _all_words(group.blocks) if text]
    asking = next((text for text in footer if re.search(r"授权|授權|转载|轉載|©|版权|版權", text)), "")
    line = begins(groups[0]) if groups else 1
    reason = "its footer asks for permission" if asking else "the clip grants none"
    ledger.decide("permission-unknown", line, asking, "noted in rights: ask before you publish", reason)
    notice = "转载许可未知，发布前须取得权利人授权。"
    return f"{notice}原文末尾：{' / '.join(footer)}" if footer else notice


# Headings, labels, gaps -------------------------------------------------------------------------------------------

_BYLINE = re.compile(
    r"发自|發自|报道|報道|報導|编辑|編輯|作者|记者|記者|出品|来源|來源|撰文|编译|編譯|翻译|翻譯|整理|公众号|公眾號|^文\s*[|｜丨/]|[|｜丨]"
)


def _lift_headings(blocks: list[Block], ledger: Ledger) -> list[Block]:
    """Bylines set as headings become paragraphs, and headings leave level 1 to the article's title."""
    result: list[Block] = []
    started = False
    for block in blocks:
        text = words(block)
        if isinstance(block, Headline) and not text:
            result.append(Paragraph(block.spans))
        elif isinstance(block, Headline) and block.level > 4 and not started and _BYLINE.search(text):  # noqa: PLR2004  # h5, h6
            ledger.decide("byline", begins(block), text, "a paragraph", "it names who made the article: no heading")
            result.append(Paragraph(block.spans))
        else:
            result.append(block)
            started = started or isinstance(block, Headline) or len(text) > LONGEST_HEADING
    if any(isinstance(block, Headline) and block.level == 1 for block in result):
        for block in result:
            if isinstance(block, Headline):
                level = f"level {min(6, block.level + 1)}"
                ledger.decide("heading-shifted", begins(block), words(block), level, "level 1 is the title's")
        return [
            replace(block, level=min(6, block.level + 1)) if isinstance(block, Headline) else block for block in result
        ]
    return result


def _propose_headings(blocks: list[Block], ledger: Ledger) -> list[Block]:
    """List each paragraph that is set in bold alone: it may be a heading. Bold is dropped from headings as needless."""
    sentences = (index for index, block in enumerate(blocks) if is_running(block) and ends_sentence(words(block)))
    running = next(sentences, len(blocks))
    result: list[Block] = []
    for index, block in enumerate(blocks):
        if isinstance(block, Headline) and _is_bold(block):
            ledger.decide("emphasis-dropped", begins(block), words(block), "dropped", "a heading is bold by itself")
            block = replace(block, spans=tuple(replace(span, styles=span.styles - {"strong"}) for span in block.spans))  # noqa: PLW2901
        elif isinstance(block, Paragraph) and _is_bold(block) and len(words(block)) <= LONGEST_HEADING:
            if index < running and _BYLINE.search(words(block)):
                ledger.decide(
                    "byline", begins(block), words(block), "a paragraph", "bold, but it names who made the article"
                )
            else:
                reason = "in bold alone: make it a heading (## …) if it is one"
                ledger.decide("heading-proposed", begins(block), words(block), "left in bold", reason)
        result.append(block)
    return result


def _is_bold(block: Paragraph | Headline) -> bool:
    texts = [span for span in block.spans if span.kind in ("text", "code", "link") and plain([span]).strip()]
    return bool(texts) and all("strong" in span.styles or _bold_label(span) for span in texts)


def _bold_label(span: Span) -> bool:
    return bool(span.label) and all("strong" in one.styles for one in span.label if one.kind == "text")


def _keep_gaps(blocks: list[Block], ledger: Ledger) -> list[Block]:
    """The author's blank lines between paragraphs become rules, unless they are everywhere and so separate nothing."""
    runs = _gap_runs(blocks)
    parting = {end for _, end, before, after in runs if is_running(before) and is_running(after)}
    paragraphs = sum(isinstance(block, Paragraph) for block in blocks)
    everywhere = len(parting) * 3 > paragraphs
    if everywhere and parting:
        reason = f"{len(parting)} blank lines among {paragraphs} paragraphs are the page's spacing, not the text's"
        ledger.decide("section-gap", begins(blocks[min(parting)]), "", "dropped, all", reason)
    dropped: set[int] = set()
    for start, end, before, after in runs:
        last = blocks[end]
        dropped.update(range(start, end))
        if everywhere and end in parting:
            dropped.add(end)
        elif end in parting and isinstance(last, Gap):
            ledger.decide(
                "section-gap",
                last.line,
                words_after(blocks, end),
                "a rule (* * *)",
                "a blank line parts two paragraphs",
            )
        else:
            dropped.add(end)
            where = "the text's beginning or end" if before is None or after is None else "what stands apart already"
            ledger.decide(
                "section-gap", begins(last), words_after(blocks, end), "dropped", f"a blank line beside {where}"
            )
    kept = (block for index, block in enumerate(blocks) if index not in dropped)
    return [Rule(block.line) if isinstance(block, Gap) else block for block in kept]


def words_after(blocks: Sequence[Block], index: int) -> str:
    """The beginning of the next paragraph after block `index`, for the report."""
    return next((words(block) for block in blocks[index + 1 :] if words(block)), "")


def _gap_runs(blocks: Sequence[Block]) -> list[tuple[int, int, Block | None, Block | None]]:
    """Runs of gaps as (first, last, block before, block after)."""
    runs: list[tuple[int, int, Block | None, Block | None]] = []
    at = 0
    while at < len(blocks):
        end = at
        while isinstance(blocks[at], Gap) and end + 1 < len(blocks) and isinstance(blocks[end + 1], Gap):
            end += 1
        if isinstance(blocks[at], Gap):
            runs.append((at, end, blocks[at - 1] if at else None, blocks[end + 1] if end + 1 < len(blocks) else None))
        at = end + 1
    return runs


# Boilerplate ------------------------------------------------------------------------------------------------------

_END_MARK = re.compile(
    r"[\s—\-–_=*·.。\[【（(/｜|]*(?:完|全文完|正文完|END|The End|THE END|EOF|Fin)[\s—\-–_=*·.。\]】）)/｜|]*$"
)
_PROMOTION = re.compile(
    r"©|THE END|转载(?:请|须|需|自|本)|轉載(?:請|須|需)|未经授权|未經授權|获得授权|獲得授權|"
    r"寻求报道|尋求報導|投稿(?:请|或|邮箱|专题)|欢迎投稿|歡迎投稿|"
    r"点(?:击|擊)?(?:这里|這裡|上方|下方|蓝字|关注|阅读原文|文末|个?在看|赞)|點(?:擊|這裡|讚)|关注(?:我们|我|公众号|本公众号|本号|👇|↓)|關注(?:我們|我|公眾號)|"
    r"标星|星标|標星|設為星標|一键三连|一鍵三連|「?在看」?|点亮|扫码|扫描|掃碼|掃描|二维码|二維碼|长按|長按|识别|添加.{0,6}微信|加入.{0,8}(?:群|社群|社区)|进群|入群|"
    r"商务合作|商務合作|合作请|广告合作|往期(?:回顾|精彩|推荐|文章)|推荐阅读|推薦閱讀|相关阅读|延伸阅读|精彩回顾|版权(?:归|声明|所有)|版權(?:歸|聲明|所有)|"
    r"免责声明|免責聲明|侵权|侵權|喜欢.{0,8}(?:转发|分享)|分享到?朋友圈|求?点赞|留言区|评论区|联系(?:我们|邮箱|小编)|👇|↓{2,}|阅读原文|閱讀原文"
)
_REFERENCE = re.compile(r"参考|參考|References?|链接|鏈接|連結|论文|論文|^\[\d+\]|https?://(?!mp\.weixin)")


def _set_boilerplate_apart(blocks: list[Block], ledger: Ledger) -> list[Block]:
    """What an account puts under every article leaves the text, group by group, and is listed in full in the report."""
    start = _boilerplate_start(blocks)
    result: list[Block] = list(blocks[:start])
    for block in blocks[start:]:
        if isinstance(block, Gap):
            result.append(block)
        elif _stays(block):
            result.append(block)
            reason = "it is among the boilerplate but reads as text"
            ledger.decide("boilerplate", begins(block), words(block), "kept in the text", reason)
        else:
            if result and isinstance(last := result[-1], Group):
                result[-1] = replace(last, blocks=(*last.blocks, block))
            else:
                result.append(Group("boilerplate", (block,)))
            text = words(block) or " ".join(span.url for span in getattr(block, "spans", ()) if span.url) or "* * *"
            choice = "moved to rights" if words(block) else "taken out of the text"
            ledger.decide("boilerplate", begins(block), text, choice, "what the account sets under every article")
    return result


def _boilerplate_start(blocks: Sequence[Block]) -> int:
    """The index of the first block of the boilerplate at the end; the number of blocks where there is none."""
    tail = max(1, len(blocks) - LONGEST_TAIL)
    for index in range(tail, len(blocks)):
        if isinstance(blocks[index], Paragraph) and _END_MARK.match(words(blocks[index])):
            return index
    start = len(blocks)
    for index in range(len(blocks) - 1, 0, -1):
        block = blocks[index]
        if _is_promotion(block):
            start = index
        elif not isinstance(block, Figure | Gap | Rule):
            break
    return start


def _is_promotion(block: Block) -> bool:
    text = words(block)
    return 0 < len(text) <= LONGEST_PROMOTION and bool(_PROMOTION.search(text)) and not _REFERENCE.match(text)


def _stays(block: Block) -> bool:
    """Whether a block after the end mark is still text: references, lists, long paragraphs."""
    text = words(block)
    if isinstance(block, Paragraph):
        return (
            bool(text)
            and not _is_promotion(block)
            and (len(text) > LONGEST_HEADING * 2 or bool(_REFERENCE.search(text)))
        )
    return not isinstance(block, Figure | Rule | Gap)


def _counts(blocks: Sequence[Block], ledger: Ledger) -> Counts:
    flat = list(_flat(blocks))
    listings = [block for block in flat if isinstance(block, Listing)]
    return Counts(
        paragraphs=sum(is_running(block) for block in blocks),
        figures=sum(isinstance(block, Figure) for block in flat),
        headings=sum(isinstance(block, Headline) for block in flat),
        lists=len(listings),
        list_items=sum(len(block.items) for block in listings),
        quotes=sum(isinstance(block, Quote) for block in flat),
        tables=sum(isinstance(block, Table) for block in flat),
        code_blocks=sum(isinstance(block, Code) for block in flat),
        dialogues=sum(isinstance(block, Group) for block in flat),
        spoken=sum(is_running(one) for block in flat if isinstance(block, Group) for one in block.blocks),
        speakers=sum(_is_labelled(block) for block in flat),
        wraps=ledger.wraps,
    )


def _is_labelled(block: Block) -> bool:
    return isinstance(block, Paragraph) and any("speaker" in span.styles for span in block.spans)


def _flat(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        if _is_boilerplate(block):
            continue
        yield block
        if isinstance(block, Quote | Group):
            yield from _flat(block.blocks)
        elif isinstance(block, Listing):
            yield from (inner for item in block.items for inner in _flat(item))
