"""A clipped article from any clipper: its head (front matter, lines, a table, a byline) is read, its body kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from publish.errors import Place, PublishError
from publish.importers.clips.beside import is_of_literature
from publish.importers.origin import plain_source, read_date, read_identifier, read_language
from publish.importers.report import Ledger
from publish.importers.shared import letters

MOST_HEAD = 16  # lines at the top that may describe the article
LONGEST_NAME = 24
NOTICE = "转载许可未知，发布前须取得权利人授权。"

# Clippers' names for each key, in lower case. Of two names for the same key the first in this order is taken.
FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("title", "标题", "標題", "文章标题", "文章標題", "name"),
    "author": ("author", "authors", "作者", "文章作者", "byline", "creator", "原作者"),
    "publisher": (
        "公众号", "公眾號", "publisher", "account", "site", "site_name", "sitename", "website",
        "发布者", "來源", "来源",
    ),
    "date": (
        "published", "publish_date", "publish-date", "publish time", "发布时间", "發布時間", "发布日期", "發布日期",
        "发表时间",
        "pubdate", "date", "时间", "日期", "created", "created_at", "clipped", "saved", "剪藏时间", "收藏时间",
    ),
    "source": (
        "source", "url", "link", "原文链接", "原文連結", "原文地址", "原文", "链接", "連結", "source_url",
        "source-url", "original",
        "permalink", "网址", "来源链接",
    ),
    "cover-image": ("cover", "封面", "封面图", "封面图链接", "image", "thumbnail", "banner"),
    "description": ("description", "excerpt", "summary", "abstract", "摘要", "简介", "digest"),
    "keywords": ("tags", "tag", "keywords", "标签", "標籤", "关键词"),
    "coverage": ("发布地", "發布地", "发布地点", "location"),
}  # fmt: skip
_KEYS = {name: key for key, names in FIELDS.items() for name in names}
_OF_CLIPPING = ("created", "created_at", "clipped", "saved", "剪藏时间", "收藏时间")
_FRONT = re.compile(r"---[ \t]*\n(?P<inner>.*?\n)---[ \t]*(?:\n|$)", re.DOTALL)
_ATX = re.compile(r" {0,3}(?P<marks>#{1,6})[ \t]+(?P<words>\S.*?)[ \t]*(?:[ \t]#+[ \t]*)?$")
_SETEXT = re.compile(r" {0,3}(?P<mark>=+|-{2,})[ \t]*$")
_FIELD = re.compile(
    r"\s*(?:[-*+>]\s+)?(?:\*\*|__)?(?P<key>[A-Za-z⺀-鿿][\w⺀-鿿 -]{0,19}?)(?:\*\*|__)?"
    r"\s*[:：]\s*(?:\*\*|__)?\s*(?P<value>\S.*)$"
)
_ROW = re.compile(r"\s*\|\s*(?P<key>[^|]{1,20}?)\s*\|\s*(?P<value>[^|]*?)\s*\|\s*$")
_ROW_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|){2,}\s*$|\s*\|(?:\s*\|){2,}\s*$")
_LINK = r"\[(?P<text>[^\]]*)\]\(<?(?P<url>https?://[^\s)>]+)>?[^)]*\)"
_HOST_LINE = re.compile(rf"\s*(?:>\s*)?{_LINK}(?P<rest>.*)$")
# 简悦's first line, on which the text may begin; Cubox's links to its own copy, and to the page.
_SIMPREAD = re.compile(
    rf"\s*>?\s*本文由\s*\[简悦[^\]]*\]\([^)]*\)\s*转码.*?原文地址\s*(?:{_LINK}|(?P<bare>https?://\S+))\s*(?P<rest>.*)$"
)
_CUBOX = re.compile(
    r"\s*\[(?:Read in Cubox|在 ?Cubox ?中(?:阅读|閱讀|查看))\]\(https?://cubox\.[^\s)]*\)\s*$"
    r"|\s*\[(?:Read Original|阅读原文|查看原文)\]\((?P<url>https?://[^\s)]*)\)\s*$"
)
# A first heading that is the name of a section of any article, where others of its level follow.
_SECTION = re.compile(
    r"(?:[前引]言|序言?|导[读语言]|導[讀語言]|背景|简介|簡介|概述|概要|摘要|介绍|介紹|写在前面|寫在前面|目[录錄]|introduction|abstract|overview|background|preface)[\s:：]*$"
    r"|第?[一1][章节節部]?\s*[、.．:：)）]|0?[01][.、\s](?!\d)|第一[章节節部]",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"(?<!!)\[(?P<words>(?:\\.|[^\[\]\\])*)\]\(\s*<?javascript:[^\n]*?\)(?:;?\))?")
_IN_BOOK = ("in book.yaml only", "a line about the article")
_RULE = re.compile(r"\s*(?:-{3,}|\*{3,}|(?:\*\s*){3,}|_{3,})\s*$")
_DAY = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:[T\s]*\d{1,2}:\d{2}(?::\d{2})?)?")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass
class Head:
    """What the head says, by key of book.yaml, and the name of each there."""

    said: dict[str, Any] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    named: bool = True  # whether the file has a name that can be the title

    def take(self, name: str, value: Any) -> bool:
        """Take a field by a clipper's name for it; return whether it is known. A better name for the same key wins."""
        key = _KEYS.get(" ".join(name.lower().split()))
        value = _plain(value)
        if not key or not value:
            return key is not None
        if key == "source" and not re.match(r"https?://", str(value)):
            key = "publisher"
        if key == "publisher" and re.match(r"https?://", str(value)):
            key = "source"
        rank = FIELDS[key].index
        known = self.called.get(key)
        if known is None or (name.lower() in FIELDS[key] and known in FIELDS[key] and rank(name.lower()) < rank(known)):
            self.said[key], self.called[key] = value, name.lower()
        return True

    def give(self, key: str, value: str, called: str) -> None:
        """Take what a byline says, unless a field has said it."""
        if value and key not in self.said:
            self.said[key], self.called[key] = value, called


def _plain(value: Any) -> Any:
    """A field's value without its tool's markup: `[[名]]`, `[名](…)`, quotation marks, lists of one."""
    if isinstance(value, list):
        found = [one for one in map(_plain, value) if one]
        return found[0] if len(found) == 1 else found
    text = str(value if value is not None else "").strip()
    text = re.sub(r"^\[\[(?:[^\]|]*\|)?([^\]]*)\]\]$", r"\1", text)
    if link := re.fullmatch(r"\[([^\]]*)\]\(<?([^)\s>]*)>?\)", text):
        text = (
            link[2]
            if re.match(r"https?://", link[2]) and re.match(r"https?://|[\w.-]+\.\w+$", link[1])
            else link[1] or link[2]
        )
    return text.strip("<>\"' *_") if re.match(r"[<\"'*_]", text) else text


def read_article(text: str, stem: str, name: str, ledger: Ledger) -> tuple[dict[str, Any], str]:
    """The keys of book.yaml and the chapter's Markdown of a clip of any kind.

    The body is the clipper's own Markdown; only headings move below the title, and links that ran a script on
    the page become their words. Raises `PublishError` for an empty clip.
    """
    head = Head(named=stem.lower() not in ("readme", "index"))
    lines, first = _front_matter(text, head, ledger)
    lines = _without_clippers(lines, first, head, ledger)
    at = _read_head(lines, first, head, ledger)
    body = _body(lines[at:], first + at, ledger)
    if not body.strip() and "title" not in head.said:
        raise PublishError("the file is empty", "Save the article again, or choose another file", Place(name, 1))
    _account(lines[at:], body, name)
    return _metadata(
        head, stem, body, ledger, clipped=is_clip(head.said, text[:LONGEST_PEEK]) or "publisher" in head.said
    ), body


# The head ------------------------------------------------------------------------------------------------------------


def _front_matter(text: str, head: Head, ledger: Ledger) -> tuple[list[str], int]:
    """The lines after the front matter, and how many precede them. What it says goes into `head`."""
    match = _FRONT.match(text)
    if not match:
        return text.split("\n"), 0
    try:
        data = yaml.load(match["inner"], Loader=yaml.BaseLoader)  # noqa: S506  # texts alone: no tag makes an object
    except yaml.YAMLError:
        data = None
    if not isinstance(data, dict):
        rows = (_FIELD.match(line) for line in match["inner"].split("\n"))
        data = {row["key"].strip(): row["value"] for row in rows if row}
        ledger.decide("front-matter", 1, match["inner"], "read line by line", "it is no YAML")
    for key, value in data.items():
        if not head.take(str(key), value) and _plain(value) and key != "lang" and not is_of_literature(str(key)):
            ledger.decide("metadata-unknown", 1, f"{key}: {value}", "left out of book.yaml", "an unknown key")
    return text[match.end() :].split("\n"), match[0].count("\n")


def _without_clippers(lines: Sequence[str], first: int, head: Head, ledger: Ledger) -> list[str]:
    """The lines without what 简悦 and Cubox write of themselves; the address of the page is taken."""
    of_cubox = any("](https://cubox." in line for line in lines)
    out: list[str] = []
    cut = False
    for at, (line, prose) in enumerate(_prose(lines)):
        new = line
        if prose and (simpread := _SIMPREAD.match(line)) and not any(map(str.strip, out)):
            head.give("source", simpread["url"] or simpread["bare"], "simpread")
            new = re.sub(r"<(?:link|meta)\b[^>]*>", "", simpread["rest"]).strip()
        elif prose and of_cubox and (cubox := _CUBOX.match(line)):
            head.give("source", cubox["url"] or "", "cubox")
            new, cut = "", True
        elif prose and cut and _RULE.match(line):
            new, cut = "", False
        elif line.strip():
            cut = False
        if new != line and not _RULE.match(line):
            own = bool(_CUBOX.match(line)) and not _CUBOX.sub(r"\g<url>", line).strip()
            choice, reason = ("left out", "a link to the clipper's copy") if own else _IN_BOOK
            ledger.decide("head-read", first + at + 1, line, choice, reason)
        out.append(new)
    return out


def _read_head(lines: Sequence[str], first: int, head: Head, ledger: Ledger) -> int:
    """How many lines belong to the head; their fields are taken."""
    at = end = 0
    titled = False
    while at < min(len(lines), MOST_HEAD * 3):
        line = lines[at]
        taken = 0
        if not line.strip():
            at += 1
            continue
        if (title := _title(lines, at)) and not titled and _is_own(title[0], lines[at + title[1] :], head):
            words, taken = title
            titled = True
            head.give("title", _plain(_unmarked(words)), "the first heading")
        elif title and titled and _alike(title[0], str(head.said["title"])):
            taken = title[1]
            ledger.decide("title-repeated", first + at + 1, title[0], "set once", "the title stands there twice")
        elif _says(line, head):
            taken = 1
            ledger.decide("head-read", first + at + 1, line, *_IN_BOOK)
        elif end and (_RULE.match(line) or (_ROW_RULE.match(line) and lines[at - 1].lstrip().startswith("|"))):
            taken = 1
        if not taken:
            break
        at += taken
        end = at
    return end


def _title(lines: Sequence[str], at: int) -> tuple[str, int] | None:
    """A heading of level 1 at a line, and how many lines it takes."""
    if (atx := _ATX.match(lines[at])) and len(atx["marks"]) == 1:
        return atx["words"], 1
    under = _SETEXT.match(lines[at + 1]) if at + 1 < len(lines) else None
    if under and under["mark"].startswith("=") and not _ATX.match(lines[at]):
        return lines[at].strip(), 2
    return None


def _is_own(words: str, after: Sequence[str], head: Head) -> bool:
    """Whether a first heading of level 1 is the article's title, and none of its sections'.

    It is none where the title is known and another, nor where others of its level follow and it names what any article
    begins with, or 简悦 wrote the text, which puts no title into it.
    """
    title = head.said.get("title")
    if title and not _alike(words, str(title)):
        return False
    if title or not (head.called.get("source") == "simpread" or (head.named and _SECTION.match(_unmarked(words)))):
        return True
    return not _has_tops(list(_prose(after)))


def _alike(heading: str, title: str) -> bool:
    words = re.sub(r"</?[a-z][^<>]*>", "", _unmarked(heading))
    return letters(words.casefold()) == letters(title.casefold())


def _says(line: str, head: Head) -> bool:
    """Whether a line of the head is about the article; its fields are taken."""
    if (row := _ROW.match(line)) and " ".join(row["key"].strip("* ").lower().split()) in _KEYS:
        return head.take(row["key"].strip("* "), row["value"])
    if (entry := _FIELD.match(line)) and " ".join(entry["key"].lower().split()) in _KEYS:
        return head.take(entry["key"].strip(), entry["value"].strip().removesuffix("**"))
    if (link := _HOST_LINE.match(line)) and _is_host(link["text"], link["url"]):
        head.give("source", link["url"], "a link")
        return _byline(link["rest"], head) or not link["rest"].strip()
    return _is_byline(line) and _byline(line, head)


def _is_host(text: str, url: str) -> bool:
    return bool(
        re.fullmatch(
            r"(?:https?://)?[\w.-]+\.[a-z]{2,}(?:/\S*)?|原文(?:链接|地址)?|查看原文|阅读原文|Original|Source|Link",
            text.strip(),
        )
    ) and bool(url)


def _is_byline(line: str) -> bool:
    """A page's own line: 原创 作者 公众号 2024年12月14日 11:45 北京, with the links that run its scripts."""
    words = _unmarked(line)
    return len(words) < 80 and bool(_DAY.search(words)) and ("javascript:" in line or words.startswith("原创"))  # noqa: PLR2004  # not a sentence


def _byline(line: str, head: Head) -> bool:
    """Take names, date and place from a byline; False where it reads as a sentence."""
    words = _unmarked(line)
    day = _DAY.search(words)
    place = words[day.end() :].strip(" 。，|·") if day else ""
    names = re.split(r"[\s|｜·丨]+", (words[: day.start()] if day else words).strip(" |｜·丨"))
    names = [
        re.sub(r"^(?:作者|文|公众号)[:：/]", "", one)
        for one in names
        if one and one not in ("原创", "转载", "发表于", "发布于", "收录于")
    ]
    if len(words) > 80 or any(len(one) > LONGEST_NAME or re.search(r"[。！？，；]", one) for one in names):  # noqa: PLR2004  # a sentence
        return False
    unlike = list(dict.fromkeys(names))
    head.give("publisher", unlike[-1] if unlike else "", "the byline")
    head.give("author", " ".join(unlike[:-1]) if len(unlike) > 1 else "".join(unlike), "the byline")
    head.give("date", day[0] if day else "", "the byline")
    head.give("coverage", place if len(place) < 8 else "", "the byline")  # noqa: PLR2004  # 内蒙古, 中国香港
    return True


def _unmarked(line: str) -> str:
    """A line without emphasis, links and escapes."""
    text = _SCRIPT.sub(lambda match: match["words"], line)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", re.sub(r"(?<!\\)[*_`]+", " ", text)).strip()


# The body ------------------------------------------------------------------------------------------------------------


def _body(lines: Sequence[str], first: int, ledger: Ledger) -> str:
    """The body: headings below the title, links to scripts as words; nothing in code is touched."""
    read = list(_prose(lines))
    tops = _has_tops(read)
    out: list[str] = []
    skip = False
    for at, (line, prose) in enumerate(read):
        if skip:
            skip = False
            continue
        new = line
        if prose:
            new = _SCRIPT.sub(lambda match: match["words"], line)
            if new != line:
                ledger.decide("link-dropped", first + at + 1, line, "its words are kept", "it ran a script of the page")
            if level := _setext_level(read, at):
                new, skip = f"{'#' * min(6, level + tops)} {new.strip()}", True
                ledger.count("headings")
            elif atx := _ATX.match(new):
                ledger.count("headings")
                if tops:
                    new = f"{'#' * min(6, len(atx['marks']) + 1)} {atx['words']}"
        out.append(new)
    if tops:
        ledger.decide("heading-shifted", 0, "#", "##", "a heading of level 1 in the text makes room for the title")
    ledger.count("images", len(re.findall(r"!\[[^\]]*\]\(", "\n".join(out))))
    return "\n".join(out).strip("\n") + "\n"


def _has_tops(read: Sequence[tuple[str, bool]]) -> bool:
    """Whether a heading of level 1 is among lines."""
    return any(prose and (one := _ATX.match(line)) and len(one["marks"]) == 1 for line, prose in read) or any(
        prose and _is_setext(read, at, "=") for at, (_, prose) in enumerate(read)
    )


def _prose(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it stands outside of code in fences."""
    fence = ""
    for line in lines:
        opening = _FENCE.match(line)
        if fence:
            yield line, False
            if opening and opening[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        else:
            fence = opening[1] if opening else ""
            yield line, not opening


def _setext_level(read: Sequence[tuple[str, bool]], at: int) -> int:
    return 1 if _is_setext(read, at, "=") else 2 if _is_setext(read, at, "-") else 0


def _is_setext(read: Sequence[tuple[str, bool]], at: int, mark: str) -> bool:
    """Whether a single line is underlined; longer paragraphs, lists and quotations above a rule do not count."""
    if at + 1 >= len(read) or not read[at + 1][1]:
        return False
    line, under = read[at][0], _SETEXT.match(read[at + 1][0])
    alone = at == 0 or not read[at - 1][0].strip()
    text = bool(line.strip()) and not re.match(r"\s*(?:[>#|]|[-*+]\s|\d+[.)]\s)|!\[| {4}", line)
    return bool(under and under["mark"][0] == mark and alone and text and len(line) <= 100)  # noqa: PLR2004  # a title


def _account(lines: Sequence[str], body: str, name: str) -> None:
    """Raise `PublishError` unless each letter of the body is there, apart from scripts' addresses."""
    before = letters(_SCRIPT.sub(lambda match: match["words"], "\n".join(line for line in lines)))
    if lost := before - letters(body):
        some = "".join(list(lost.elements())[:20])
        raise PublishError(
            f'"{some}" would be lost', "This is a bug in the importer: please report it with the clip", Place(name)
        )


# Metadata ------------------------------------------------------------------------------------------------------------


LONGEST_PEEK = 10_000  # characters of a text in which a clip names where it is from


def _metadata(head: Head, stem: str, body: str, ledger: Ledger, *, clipped: bool) -> dict[str, Any]:
    """The keys of book.yaml; what is no clip is its author's own, whose publisher and rights nobody may say."""
    said = head.said
    for key in ("title", "author", "date", "source"):
        if key == "source" and not clipped:
            continue
        if not said.get(key):
            ledger.decide(
                "metadata-missing",
                0,
                key,
                "the file's name" if key == "title" else f"no {key}",
                "the clip does not say",
            )
    title, source = str(said.get("title") or stem), str(said.get("source", ""))
    if head.called.get("date") in _OF_CLIPPING:
        ledger.decide(
            "date-doubtful",
            0,
            str(said["date"]),
            "the date",
            f'it is called "{head.called["date"]}": perhaps the day of clipping',
        )
    if clipped:
        ledger.decide("permission-unknown", 0, "", "noted in rights: ask before you publish", "the clip grants none")
    metadata = {
        "title": title,
        "author": said.get("author"),
        "publisher": said.get("publisher") or (said.get("author") if clipped else None),
        "date": read_date(_tidy_date(str(said.get("date", ""))), ledger),
        "lang": read_language(title, body, str(said.get("coverage", "")), ledger),
        "coverage": said.get("coverage"),
        "description": said.get("description"),
        "keywords": _listed(said.get("keywords")),
        "source": plain_source(source),
        "identifier": read_identifier(source, ledger),
        "cover-image": said.get("cover-image") if re.match(r"https?://", str(said.get("cover-image", ""))) else None,
        "rights": NOTICE if clipped else None,
    }
    return {key: value for key, value in metadata.items() if value}


def _listed(value: Any) -> list[str]:
    return (
        [str(one) for one in value] if isinstance(value, list) else re.split(r"[,，、\s]+", str(value)) if value else []
    )


def _tidy_date(text: str) -> str:
    """A date as programs write it, as people do: 2024-12-14T11:45:00Z, Sat Dec 14 2024 11:45:00 GMT+0800."""
    if program := re.match(r"(?:\w{3},? )?(?:(\w{3}) (\d{1,2})|(\d{1,2}) (\w{3})) (\d{4})", text):
        month = program[1] or program[4]
        if month in _MONTHS:
            return f"{program[5]}-{_MONTHS.index(month) + 1:02d}-{int(program[2] or program[3]):02d}"
    iso = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$", text)
    if iso:
        return iso[1] if iso[3] or iso[4] else text
    day = _DAY.search(text)
    return day[0].replace("T", " ") if day else text


def is_clip(head: Mapping[str, Any], text: str) -> bool:
    """Whether a file's beginning shows that it was clipped: an address of its source, or WeChat's."""
    return "source" in head or "mp.weixin.qq.com" in text


def peek(text: str) -> Mapping[str, Any]:
    """What the head of a text says, to find out what it is."""
    head = Head()
    ledger = Ledger()
    lines, first = _front_matter(text, head, ledger)
    _read_head(_without_clippers(lines, first, head, ledger), first, head, ledger)
    return head.said
