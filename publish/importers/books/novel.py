"""A plain text with chapters recognized by their words alone (第三章, 楔子): a novel as it is passed around."""

from __future__ import annotations

import html
import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from publish.errors import Place, PublishError
from publish.importers.books import inset
from publish.importers.books.novel_lines import RULE, SENTENCE_END, NovelLine, is_wrapped, novel_lines
from publish.importers.encoding import NAMED, decode
from publish.importers.escaping import escape, protect_start
from publish.importers.protocol import LIKELY, POSSIBLE, Claim, File, ImportChoice, Imported, ImportedChapter
from publish.importers.report import Ledger
from publish.importers.shared import (
    CHAPTER,
    LONGEST_TITLE,
    NUMERALS,
    PART,
    SECTION,
    Names,
    heading_level,
    letters,
    tree_text,
)
from publish.source import pandoc
from publish.source.document import is_wide
from publish.source.order import number_of
from publish.source.slugs import slugify

_ENCODINGS = ("auto", "utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_HEAD = re.compile(r"\s*(?:书名|書名|作者|文\s*/|著者)\s*[:：]?\s*(?P<value>\S.*)$")
_TITLE = re.compile(
    r"\s*(?:书名\s*[:：]\s*|書名\s*[:：]\s*)?《(?P<title>[^《》]{1,40})》\s*(?:作者\s*[:：]\s*(?P<author>\S.*))?$"
)
_NAMED = re.compile(r"\s*(?P<key>书名|書名|作者|著者)\s*[:：]\s*(?P<value>\S.*)$")
# Lines that sites put between chapters. They are only reported, never removed.
_ADVERTISEMENT = re.compile(
    r"https?://|www\.|\.(?:com|net|org|cc|cn)\b|[wｗ][wｗ][wｗ][.．]|最新章节|最新章節|手机用户|手機用戶|手机阅读|请记住本|請記住本|本书来自|本書來自|"
    r"全文阅读|txt\s*下载|TXT\s*下載|电子书下载|更多精彩|加入书签|加入書籤|求(?:推荐|月|订阅|收藏|推薦)|求票|首发|首發|转载请|小说网|小說網|书友群|讀者群|读者群|笔趣"
)
_BODY_ALONE = re.compile(r"[【\[（(《]?\s*正\s*文\s*[】\]）)》]?[\s：:]*")
_BODY = re.compile(r"^正文[\s：:]+")
_NUMBERED = re.compile(
    r"(?P<number>\d{1,4}|[一二两三四五六七八九十百零〇]{1,6})(?:[、．.：:\s]\s*(?P<title>[^。，！？；]{1,30})?)?"
    r"|[（(【〔](?P<inner>\d{1,4}|[一二两三四五六七八九十百零〇]{1,6})[)）】〕]\s*(?P<rest>[^。，！？；]{1,30})?"
)
_BRACKETED = re.compile(
    rf"[【\[（(〔「]\s*(?P<number>第\s*[{NUMERALS}]{{1,9}}\s*[章回折节節卷部])\s*[】\]）)〕」]\s*(?P<title>.*)$"
)
_PAGED = re.compile(r"(?P<title>\S.*?)\s*[（(]\s*(?P<at>\d{1,2})\s*/\s*\d{1,2}\s*[)）]$")
_PREFIXED = re.compile(rf"(?P<prefix>\S.{{0,23}}?[ \u3000]*)(?P<title>第\s*[{NUMERALS}]{{1,9}}\s*[章回折].*)$")
# Where the text of a chapter begins that stands in one line with its title.
_TEXT_BEGINS = re.compile(r"(?=诗曰|詩曰|词曰|詞曰|诗云|詩云|有诗为证|话说|話說|却说|卻說|且说|且說|话表|話表)")
_PLAIN_DIGITS = str.maketrans("０１２３４５６７８９廿卅", "0123456789二三")
FEWEST_NUMBERED, SHORTEST_NUMBERED = 3, 100  # chapters told by numbers alone, and characters of one on the average
LONGEST_ADVERTISEMENT = 80
LONGEST_NAME = 20
FIRST_LINES = 12  # where title and author stand
SHARE_INDENTED = 0.9  # of the lines of a text in which a line at the margin is a title
_BREAK = "* * *"  # between scenes
SHARE_WIDE = 0.5  # of a text whose name says that it is something else
# Names that tell another kind, and the bytes by which files that are no texts begin.
_OTHERS = (".md", ".markdown", ".html", ".htm", ".xhtml", ".xml", ".json", ".yaml", ".yml", ".csv", ".tsv", ".tex")
_NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


class NovelImporter:
    """A text file with Chinese chapter headings."""

    name = "text"
    about = "a plain text, such as a novel (第三章 …)"
    choices: tuple[ImportChoice, ...] = (
        ImportChoice("encoding", _ENCODINGS, "the file's encoding"),
        ImportChoice("lines", ("auto", "paragraphs", "wrapped"), "whether a line is a paragraph or part of one"),
        ImportChoice("advertisements", ("keep", "drop"), "lines that sites put between paragraphs, each told"),
    )

    def matches(self, source: Path) -> Claim | None:
        """A file *.txt, or one whose name does not tell that it is Chinese text; surer with headings of chapters."""
        if not source.is_file() or source.suffix.lower() in _OTHERS:
            return None
        named = source.suffix.lower() in (".txt", ".text")
        with source.open("rb") as file:
            start = file.read(100_000)
        if not named and (start.startswith(_NO_TEXT) or b"\0\0" in start or not start):
            return None
        try:
            text = decode(start, source.name, Ledger()).text
        except PublishError:
            return Claim(POSSIBLE, source.suffix) if named else None
        if not named and sum(map(is_wide, text)) < SHARE_WIDE * len("".join(text.split())):
            return None
        found = [line.strip() for line in text.split("\n") if heading_level(line) in (0, 1)]
        return Claim(LIKELY, found[0]) if len(found) > 1 else Claim(POSSIBLE, source.suffix)

    def read(self, source: Path, ledger: Ledger, choices: Mapping[str, str]) -> Imported:
        """Read the text. Raises `PublishError` for an unknown encoding, and for text that would be lost."""
        try:
            data = source.read_bytes()
        except OSError as error:
            raise PublishError(
                f"cannot read this file: {error.strerror}", "Check its permissions", Place(source.name)
            ) from error
        whole = decode(data, source.name, ledger, choices["encoding"], NAMED).text
        whole = _without_html(whole, ledger)
        reading = _Reading(novel_lines(whole, ledger), ledger, source.stem, drops=choices["advertisements"] == "drop")
        reading.bare_headings()
        metadata = reading.head()
        reading.contents()
        pieces = reading.pieces(wrapped=is_wrapped(reading.lines, choices["lines"], ledger))
        if not any(piece.paragraphs or piece.title for piece in pieces):
            raise PublishError("the file is empty", "Choose another file", Place(source.name))
        slug = slugify(source.stem)
        chapters = _written(pieces, slug, reading.left_out, ledger)
        _require_whole(whole, chapters, reading.left_out, source.name)
        metadata.setdefault("title", source.stem)
        return Imported(metadata, chapters, (), (File(source.name, source),), slug)


# What is left of a web page in a text that was copied out of one.
_TAG = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|h[1-6]|font|a|span|div|center|hr|sup|sub|li|ul|ol)\b[^<>\n]*>", re.IGNORECASE
)
_LINE_TAG = re.compile(r"<br\s*/?>|</(?:p|div|li|h[1-6])>", re.IGNORECASE)  # where a line ends
_NAMED_CHARACTER = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6});")


def _without_html(text: str, ledger: Ledger) -> str:
    """A text without the tags of a web page, its named characters as such; untouched where there are none."""
    lines, breaks = _LINE_TAG.subn("\n", text)
    plain, tags = _TAG.subn("", lines)
    tags += breaks
    plain, names = _NAMED_CHARACTER.subn(lambda match: html.unescape(match[0]), plain)
    if tags or names:
        what = next(one[0] for one in (_TAG.search(text), _NAMED_CHARACTER.search(text)) if one)
        ledger.decide("html-dropped", 0, what, f"{tags} tags left out, {names} characters read", "left of a web page")
    return plain


@dataclass
class _Piece:
    """A part (level 0) or a chapter (1): its title and paragraphs; a paragraph of `## ` is a section's heading."""

    level: int
    title: str
    line: int
    paragraphs: list[str] = field(default_factory=list)


@dataclass
class _Reading:
    """The lines as they are read, and what is left out of the text, to account for it."""

    lines: list[NovelLine]
    ledger: Ledger
    name: str = ""  # the file's, without its suffix
    drops: bool = False  # lines that read like advertisements
    left_out: list[str] = field(default_factory=list)

    def head(self) -> dict[str, str]:
        """Title and author, where the first lines state them; these lines are left out of the text."""
        metadata: dict[str, str] = {}
        kept: list[NovelLine] = []
        seen = 0
        for at, line in enumerate(self.lines):
            if seen >= FIRST_LINES or heading_level(line.text) is not None:
                kept += self.lines[at:]
                break
            seen += not line.blank
            found = self._said(line.text, metadata)
            if "title" in found and seen > 2 and "书名" not in line.text and "書名" not in line.text:  # noqa: PLR2004  # first lines
                found = found if found["title"] in self.name or "author" in found else {}
            if found:
                metadata |= found
                self.left_out.append(line.text)
                for key, value in found.items():
                    self.ledger.decide("metadata-found", line.number, value, key, "a line at the top says so")
            else:
                kept.append(line)
        self.lines = kept
        return metadata if "title" in metadata else metadata | self._first_line()

    def _first_line(self) -> dict[str, str]:
        """The title where it stands alone in the first line, with a blank line or a chapter's heading behind it."""
        full = [at for at, one in enumerate(self.lines) if not one.blank]
        if len(full) < 2 or heading_level(self.lines[full[0]].text) is not None:  # noqa: PLR2004  # a title and a text
            return {}
        line, behind = self.lines[full[0]], self.lines[full[0] + 1]
        if full[0] in _Reading(self.lines, Ledger()).unindented():  # the first of several essays
            return {}
        alone = behind.blank or heading_level(behind.text) is not None
        if not alone or len(line.text) > LONGEST_NAME or re.search(r"[。，！？；：“”「」…]", line.text):
            return {}
        if any(one.match(line.text) for one in (_BODY, RULE)) or _NUMBERED.fullmatch(line.text):
            return {}
        if _ADVERTISEMENT.search(line.text):
            return {}
        self.left_out.append(line.text)
        named = re.fullmatch(r"《(?P<title>[^《》]+)》(?:全集|全文|全本|全書|全书|完本|完整版|作品集)?", line.text)
        title = named["title"] if named else line.text
        title = self.name if re.fullmatch(rf"{re.escape(self.name)}\d+", title) else title
        self.ledger.decide("metadata-found", line.number, title, "title", "it stands alone in the first line")
        self.lines = self.lines[full[0] + 1 :]
        return {"title": title}

    def bare_headings(self) -> None:
        """Headings of chapters freed of what a site puts before each, and of a text that follows in their line."""
        self.lines = [
            replace(one, text=f"{match['number']} {match['title']}".strip())
            if (match := _BRACKETED.match(one.text))
            and heading_level(f"{match['number']} {match['title']}") is not None
            else one
            for one in self._unprefixed()
        ]
        chapters = [one for one in self.lines if heading_level(one.text) == 1]
        glued = [one for one in self.lines if heading_level(one.text) is None and CHAPTER.match(one.text)]
        numbers = [number for one in glued if (number := _number(one.text)) is not None]
        follow = sum(after == before + 1 for before, after in itertools.pairwise(numbers))
        if len(glued) <= len(chapters) or follow < FEWEST_NUMBERED:
            return
        self.ledger.decide(
            "heading-found", glued[0].number, glued[0].text, "cut off as a heading", "the text goes on in its line"
        )
        cut = {one.number for one in glued}
        self.lines = [part for one in self.lines for part in (_cut(one) if one.number in cut else [one])]

    def _unprefixed(self) -> list[NovelLine]:
        found = [
            (one, match)
            for one in self.lines
            if not _BRACKETED.match(one.text)
            and (match := _PREFIXED.match(one.text))
            and heading_level(match["title"]) == 1
        ]
        common = Counter(match["prefix"].strip() for _, match in found)
        prefixes = {prefix for prefix, number in common.items() if number >= FEWEST_NUMBERED and prefix != "正文"}
        titles = {one.number: match for one, match in found if match["prefix"].strip() in prefixes}
        for prefix in sorted(prefixes):
            self.ledger.decide("prefix-dropped", 0, prefix, "left out", f"it stands before {common[prefix]} chapters")
        self.left_out += [match["prefix"] for match in titles.values()]
        return [replace(one, text=titles[one.number]["title"]) if one.number in titles else one for one in self.lines]

    @staticmethod
    def _said(text: str, known: Mapping[str, str]) -> dict[str, str]:
        if (titled := _TITLE.match(text)) and "title" not in known:
            return {key: value.strip() for key, value in titled.groupdict().items() if value}
        named = _NAMED.match(text)
        if not named or len(named["value"]) > 40:  # noqa: PLR2004  # a name, no sentence
            return {}
        key = "title" if named["key"] in ("书名", "書名") else "author"
        return {} if key in known else {key: named["value"].strip("《》 \u3000")}

    def contents(self) -> None:
        """A list of headings without text between them, whose titles recur below, is left out of the text."""
        heads = [at for at, one in enumerate(self.lines) if heading_level(one.text) is not None]
        run: list[int] = []
        for at in heads:
            if run and any(not one.blank for one in self.lines[run[-1] + 1 : at]):
                break
            run.append(at)
        last = {_key(self.lines[at].text): at for at in heads}
        again = [at for at in run if last[_key(self.lines[at].text)] > at]
        if len(again) < 3 or len(again) < 0.5 * len(run):  # noqa: PLR2004  # two may be chance
            return
        gone = {*again}
        self.left_out += [self.lines[at].text for at in again]
        first = self.lines[again[0]]
        before = next((at for at in range(again[0] - 1, -1, -1) if not self.lines[at].blank), None)
        if before is not None and re.fullmatch(r"目\s*[录錄次]", self.lines[before].text):
            gone.add(before)
            self.left_out.append(self.lines[before].text)
        reason = f"a table of contents of {len(again)} lines: publish makes its own"
        self.ledger.decide("contents-left-out", first.number, first.text, "not in the book", reason)
        self.lines = [one for at, one in enumerate(self.lines) if at not in gone]

    def pieces(self, *, wrapped: bool) -> list[_Piece]:
        """The text cut at its headings."""
        levels = {at: level for at, one in enumerate(self.lines) if (level := heading_level(one.text)) is not None}
        levels = self._bodied() | levels
        levels |= self._numbered()
        levels = levels or self.unindented()
        if levels and 1 not in levels.values():  # sections alone are chapters
            levels = {at: min(level, 1) if level != 2 else 1 for at, level in levels.items()}  # noqa: PLR2004  # 2: a section
        pieces = [_Piece(1, "", 1)]
        current: list[NovelLine] = []
        for at, line in enumerate(self.lines):
            if at not in levels:
                current.append(line)
                continue
            pieces[-1].paragraphs += self._paragraphs(self._without_word(current), wrapped=wrapped)
            current = []
            title = re.sub(r"[\s\u3000]+", " ", line.text).rstrip("：: ")
            if bare := _BODY.sub("", title):
                self.left_out.append(title[: len(title) - len(bare)])
                title = bare
            last = pieces[-1]
            if (paged := _PAGED.match(title)) and (paged["at"] == "1" or last.title == paged["title"]):
                self.left_out.append(title[len(paged["title"]) :])
                title = paged["title"]
                if paged["at"] != "1":  # a site's next page of the same chapter
                    self._repeated(replace(line, text=title))
                    continue
            if not last.paragraphs and last.title and _squeezed(last.title).endswith(_squeezed(title)):
                self._repeated(line)
            elif levels[at] == 2:  # noqa: PLR2004  # a section
                last.paragraphs.append(f"## {title}")
            else:
                for level, words in _parted(title, levels[at]):
                    pieces.append(_Piece(level, words, line.number))
        pieces[-1].paragraphs += self._paragraphs(current, wrapped=wrapped)
        read = [_trimmed(self._without_echo(piece)) for piece in pieces]
        return [piece for piece in read if piece.title or piece.paragraphs]

    def _without_word(self, lines: Sequence[NovelLine]) -> Sequence[NovelLine]:
        """The lines above a chapter's title without the word 正文, which says that the chapters begin."""
        at = next((at for at in range(len(lines) - 1, -1, -1) if not lines[at].blank), -1)
        if at < 0 or not _BODY_ALONE.fullmatch(lines[at].text):
            return lines
        self.left_out.append(lines[at].text)
        self.ledger.decide(
            "title-left-out", lines[at].number, lines[at].text, "left out", "the chapters begin below it"
        )
        return lines[:at]

    def _bodied(self) -> dict[int, int]:
        """Lines that begin with 正文, as a site names its chapters: 正文 1.1 何时."""
        found = [
            at
            for at, one in enumerate(self.lines)
            if _BODY.match(one.text) and len(one.text) <= LONGEST_TITLE and not one.text.endswith(("。", "，", "；"))
        ]
        return dict.fromkeys(found, 1) if len(found) >= FEWEST_NUMBERED else {}

    def _numbered(self) -> dict[int, int]:
        """Lines of a number and a title (`3、无店`, `三`) as chapters, where there is no 第三章: each one more."""
        if any(CHAPTER.match(one.text) or SECTION.match(one.text) for one in self.lines):
            return {}
        found: list[int] = []
        for at, line in enumerate(self.lines):
            match = _NUMBERED.fullmatch(line.text)
            if match and number_of(match["number"] or match["inner"]) == len(found) + 1:
                found.append(at)
        borders = [*found, len(self.lines)]
        sizes = [sum(len(one.text) for one in self.lines[a + 1 : b]) for a, b in itertools.pairwise(borders)]
        long = sum(size >= SHORTEST_NUMBERED for size in sizes)
        if len(found) < FEWEST_NUMBERED or 3 * long < 2 * len(found):  # rows of a table are close together
            return {}
        words = ", ".join(self.lines[at].text for at in found[:3])
        self.ledger.decide("heading-found", self.lines[found[0]].number, words, "chapters", "numbers that follow on")
        return dict.fromkeys(found, 1)

    def unindented(self) -> dict[int, int]:
        """Short lines at the margin, alone, above a text whose paragraphs are all indented: titles of essays."""
        text = [one for one in self.lines if len(one.text) > LONGEST_NAME or SENTENCE_END.search(one.text)]
        if sum(one.indented for one in text) < SHARE_INDENTED * len(text):
            return {}
        found: list[int] = []
        for at, one in enumerate(self.lines[:-1]):
            apart = at == 0 or self.lines[at - 1].blank
            below = next((other for other in self.lines[at + 1 :] if not other.blank), None)
            is_title = 0 < len(one.text) <= LONGEST_NAME and not SENTENCE_END.search(one.text)
            if is_title and apart and not one.indented and below is not None and below.indented:
                found.append(at)
        borders = [*found, len(self.lines)]
        sizes = [sum(len(one.text) for one in self.lines[a + 1 : b]) for a, b in itertools.pairwise(borders)]
        if len(found) < FEWEST_NUMBERED or min(sizes) < SHORTEST_NUMBERED:
            return {}
        words = ", ".join(self.lines[at].text for at in found[:3])
        reason = "short lines at the margin of an indented text"
        self.ledger.decide("heading-found", self.lines[found[0]].number, words, "chapters", reason)
        return dict.fromkeys(found, 1)

    def _repeated(self, line: NovelLine) -> None:
        self.left_out.append(line.text)
        self.ledger.decide("title-repeated", line.number, line.text, "once", "the chapter's title appears twice")

    def _without_echo(self, piece: _Piece) -> _Piece:
        """A chapter without a first paragraph that repeats its title."""
        bare = re.sub(r"^第[^\s章回节節卷部]{1,9}[章回节節折幕话話卷部]", "", _squeezed(piece.title))
        if piece.paragraphs and piece.title and _squeezed(piece.paragraphs[0]) in {_squeezed(piece.title), bare} - {""}:
            words = piece.paragraphs.pop(0)
            self.left_out.append(words)
            self.ledger.decide("title-repeated", piece.line, words, "once", "the chapter's title appears twice")
        return piece

    def _paragraphs(self, lines: Sequence[NovelLine], *, wrapped: bool) -> list[str]:
        indents = sum(one.indented for one in lines) * 4 > sum(not one.blank for one in lines)
        deep = inset.deep_from(one.depth for one in self.lines if not one.blank)
        out: list[str] = []
        fresh = True
        for line in lines:
            if line.blank:
                fresh = True
                continue
            if _ADVERTISEMENT.search(line.text) and len(line.text) <= LONGEST_ADVERTISEMENT:
                choice = "left out" if self.drops else "left in the text"
                reason = "it reads like an advertisement: remove it if it is one, or --with advertisements=drop"
                self.ledger.decide("advertisement-proposed", line.number, line.text, choice, reason)
                if self.drops:
                    self.left_out.append(line.text)
                    continue
            if RULE.match(line.text):
                out.append(_BREAK)
                self.left_out.append(line.text)
                fresh = True
                continue
            if deep and line.depth >= deep:
                inset.added(out, line.depth, line.text, apart=fresh)
                fresh = False
                continue
            goes_on = wrapped and out and not fresh and not inset.is_inset(out[-1]) and not (indents and line.indented)
            if goes_on:
                out[-1] += _joint(out[-1], line.text) + line.text
            else:
                out.append(line.text)
            fresh = wrapped and not indents and line.width < 24 and bool(SENTENCE_END.search(line.text))  # noqa: PLR2004  # a short last line
        return out


def _trimmed(piece: _Piece) -> _Piece:
    """A chapter without rules at its ends, which are lines around its title."""
    paragraphs = piece.paragraphs
    while paragraphs and paragraphs[0] == _BREAK:
        paragraphs = paragraphs[1:]
    while paragraphs and paragraphs[-1] == _BREAK:
        paragraphs = paragraphs[:-1]
    return replace(piece, paragraphs=paragraphs)


def _number(text: str) -> int | None:
    """The number of a chapter's heading."""
    found = re.match(rf"第\s*(?P<number>[{NUMERALS}]+)", text)
    return number_of(found["number"].translate(_PLAIN_DIGITS)) if found else None


def _cut(line: NovelLine) -> list[NovelLine]:
    """A line that is a heading and the beginning of its text, as two."""
    head = CHAPTER.match(line.text)
    begins = _TEXT_BEGINS.search(line.text)
    end = head.end() if head else 0
    at = begins.start() if begins and end < begins.start() <= LONGEST_TITLE else end
    title, rest = line.text[:at].rstrip(" \u3000：:、"), line.text[at:].lstrip(" \u3000：:、")
    return [replace(line, text=one) for one in (title, rest) if one]


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u3000：:、．.·]+", "", text)


def _key(line: str) -> str:
    """A heading as a table of contents and the text below have it: the one may name the part, the other not."""
    words = _BODY.sub("", re.sub(r"[\s\u3000]+", " ", line.strip()))
    return _squeezed(_parted(words, 0 if PART.match(words) else 1)[-1][1])


def _parted(title: str, level: int) -> list[tuple[int, str]]:
    """`第一卷 风起 第三章 夜` is a part's title and a chapter's."""
    if (
        level == 0
        and (match := re.search(r"\s(?=第[^\s]{1,9}[章回])", title))
        and heading_level(title[match.end() :]) == 1
    ):
        return [(0, title[: match.start()]), (1, title[match.end() :])]
    return [(level, title)]


def _joint(before: str, after: str) -> str:
    return "" if is_wide(before[-1:]) or is_wide(after[:1]) else " "


# Writing -------------------------------------------------------------------------------------------------------------


def _written(pieces: Sequence[_Piece], slug: str, left_out: list[str], ledger: Ledger) -> tuple[ImportedChapter, ...]:
    """The chapters, those of a part under it; the same part's title before each chapter is one part."""
    files = [piece for piece in pieces if piece.level or piece.paragraphs]
    names = Names(len(files))
    top: list[ImportedChapter] = []
    part: tuple[str, list[ImportedChapter]] | None = None
    last = _last_of_parts(pieces)
    for at, piece in enumerate(pieces):
        if at == last:
            top += _closed(part)
            part = None
        if piece.level == 0:
            if part is None or part[0] != piece.title:
                top += _closed(part)
                part = (piece.title, [])
            else:
                left_out.append(piece.title)
                ledger.decide("title-repeated", piece.line, piece.title, "once", "the part's title stands twice")
            if not piece.paragraphs:
                continue
        path = names.next(piece.title) if len(files) > 1 else f"{slug}.md"
        chapter = ImportedChapter(path, _markdown(piece), piece.title)
        (part[1] if part else top).append(chapter)
    top += _closed(part)
    ledger.count("chapters", len(files))
    ledger.count("paragraphs", sum(len(piece.paragraphs) for piece in pieces))
    return tuple(top)


# What stands behind a whole book.
_BACK = re.compile(
    r"(?:后记|後記|尾声|尾聲|跋|附录|附錄|[致鸣鳴][谢謝]|作者的?[话話]|(?:完本|完结|完結|写在最后)感?言?)(?!\w)"
)


def _last_of_parts(pieces: Sequence[_Piece]) -> int:
    """Where what belongs to no part begins: the last pieces, called 后记 and the like, as none before them is."""
    at = len(pieces)
    while at and pieces[at - 1].level and _BACK.match(pieces[at - 1].title):
        at -= 1
    before = {one.title for one in pieces[:at]}
    return at if not any(one.title in before for one in pieces[at:]) else len(pieces)


def _closed(part: tuple[str, list[ImportedChapter]] | None) -> list[ImportedChapter]:
    return [ImportedChapter("", "", part[0], tuple(part[1]))] if part else []


def _markdown(piece: _Piece) -> str:
    blocks = [f"# {escape(piece.title)}"] if piece.title else []
    for one in piece.paragraphs:
        if one == _BREAK:
            blocks.append(one)
        elif one.startswith("## "):
            blocks.append(f"## {escape(one[3:])}")
        elif inset.is_inset(one):
            blocks.append(inset.set_in(one))
        else:
            blocks.append(protect_start(escape(one)))
    return "\n\n".join(blocks) + "\n"


def _require_whole(original: str, chapters: Sequence[ImportedChapter], left_out: Sequence[str], name: str) -> None:
    """Raise `PublishError` unless every letter, digit and Han of the file is in a chapter or in what was left out."""
    flat = [one for chapter in chapters for one in (chapter, *chapter.children)]
    read, _ = pandoc.read([(one.path, one.text) for one in flat if one.path])
    found = letters("".join(tree_text(blocks) for blocks in read)) + letters("".join(left_out))
    found += letters("".join(one.title for one in flat if not one.path))
    lost = letters(original) - found
    if lost:
        some = "".join(list(lost.elements())[:20])
        raise PublishError(
            f'{sum(lost.values())} characters would be lost, among them "{some}"',
            "This is a bug in the importer: please report it with the file, which is unchanged",
            Place(name),
        )
