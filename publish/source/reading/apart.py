"""Lines that their author set apart without a blank line between them: verse, items, speakers, fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import dropwhile, pairwise, takewhile
from unicodedata import east_asian_width

from publish.han import ENDED, IDEOGRAPH, IDEOGRAPHS, PAUSED
from publish.source.reading.elements import KNOWN

# An entry of a word list: word /wɜːd/ n., U.S. abbr.
ENTRY = (
    r"(?:\*\*)?[A-Za-z][A-Za-z.'’-]*(?: [A-Za-z'’-]+){0,3}(?:\*\*)?"
    r"(?:[ \t]*(?:/[^/\s]{2,24}/|\[[^\[\]\s()]{2,24}\](?!\())"
    r"|[ \t]+(?:n|v|vi|vt|adj|adv|ad|prep|conj|pron|abbr|num|int|art|aux)\.)(?=[ \t&/]*\S)"
)
# A line of a chat, who says it before it: <张三> 在吗
SAYS = rf"<(?!/?(?:{'|'.join(sorted(KNOWN))})\b)[^<>\s/!:@]{{1,16}}>[ \t]+(?=\S)"
_NUMERALS = "一二三四五六七八九十"
# What begins a line that is an item of its own. A paragraph is apart where its lines but the first begin in one way.
ITEMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:\d{{1,3}}|[{_NUMERALS}]{{1,3}})[、．。]",
        r"(?:周|星期|礼拜|禮拜)[一二三四五六日天]",
        r"[－–—]\s",
        r"\[?(?:INFO|WARN(?:ING)?|ERROR|DEBUG|FATAL|TRACE)\b\]?[:\s]",  # of a program's journal
        r"[\d#*]\ufe0f?\u20e3",  # 1️⃣
        r"[-*+](?=[^\s*+=>-])",
        "[\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]",
        r"\d{1,2}\.(?=[^\d\s])",
        r"\d{1,2}\.(?!0[ \u3000])\d{1,2}(?:\.\d{1,2})?[ \u3000](?=\S)",
        rf"\[[{IDEOGRAPHS}][^\[\]\n]{{0,7}}\][ ]?(?=[^\s(:：\[])",  # [选项A] 接受
        r"[（(][^（）()\n]{0,8}[云唱白念诗詩词詞曰科介][）)]",  # （旦云）红娘，你看那人。
        r"\[[^\]\n]+\]\([^()\s]+\)$",  # links below each other
        rf"[（(](?:\d{{1,3}}|[{_NUMERALS}]{{1,3}}|[A-Za-z])[)）]",
        r"[\u2160-\u216b][.．、]|[甲乙丙丁戊己庚辛壬癸][、．]",
        rf"第[{_NUMERALS}]{{1,2}}[，、：]",
        r"[\u2460-\u249b\u3220-\u3229]",  # ①, ⑴, ⒈, ㈠
        r"[•·●○◦▪■□◆◇★☆※►▶✓✔☑✅❌➤]",
        r"——(?=\S)",
        r"\|(?=[^|]+\|)",
        r"[A-H][.．、]",
        r"(?:\[\d{1,3}\]|【\d{1,3}】|〔\d{1,3}〕)(?![(:（：])",
        r"\d{1,2}）",
        rf"第(?:\d{{1,3}}|[{_NUMERALS}百]{{1,5}})[条條款項项]",
        r"[\[【(（]?\d{4}[年.\-/]\d{1,2}(?:[月.\-/]|\b)",
        r"[\[【(（]?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?![\d%])",
        r"\[[A-G](?:[#b♯♭]|maj|min|m|sus|add|dim|aug|\d|/[A-G])*\](?=[^(\[:])",  # [C]让我们[G]荡起双[Am]桨
        r"\[[a-z]{2,6}:[^\]\n]*\]$",  # of a song's file: [ti:月亮之上]
        rf"[{IDEOGRAPHS}]{{1,6}}[ \t\u3000]*[|｜丨][ \t\u3000]*[^|｜\s][^|｜]{{0,19}}$",  # 作者 | 王小二
        ENTRY,
        r"\\?[<>=≤≥＜＞]=?[ ]?\d",  # >60分及格, a line each
        rf"[A-Za-z][A-Za-z'’() /-]{{0,30}} (?:–|—|--?) (?=[{IDEOGRAPHS}])",  # abstain (from) – 戒
        r"#[^\s#!\[{(\d\-][^\s#]{0,19}(?:[ ]|$)",  # each line with its tag: #摘抄 苟利国家
        SAYS,
        rf"[{IDEOGRAPHS}]{{1,4}}[/／][{IDEOGRAPHS}][^/／。，]{{0,11}}$",  # 文/张三
    )
)
# A speaker or a field: **老舍**：您来啦, Q：什么, 时间：三月.
LABEL = re.compile(r"(?:\*\*)?[^\W_](?:[^\s：:*，。、,.!?！？；;“”]|\u3000){0,7}(?:\*\*)?[：:](?:\*\*)?(?!//)(?=.)")
_STAGE = re.compile(r"[（(][^（）()]*[）)]$")
# Who wrote and when, above what was written: 小明 10:05, 张三 2024/3/5 10:05:33
SENT = re.compile(
    r"\S{1,16}[ \t\u3000]+(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ \t]+)?(?:[上下]午[ \t]*)?\d{1,2}:\d{2}(?::\d{2})?$"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[ \t]+\d{1,2}:\d{2}(?::\d{2})?[ \t]+[^\s，。；：]{1,24}$"  # as QQ exports it
)
# Who said it, below what was said; the words of a letter that stand by themselves.
_SOURCE = re.compile(r"(?:——|—|--)[ \t]*[^\s—-].{0,40}$")
_CLOSES = re.compile(r"(?:[。！？…；”’」』)）]|——)$")
# What begins a line of its own wherever it stands: a choice to tick, a step of a proof, a time in brackets.
_BEGINS_ALONE = re.compile(
    r"[□■○●☐☑◯◻][ \u3000]?[^\s□■○●☐☑◯◻]|[∵∴⇒⟹⟺]|[\[【]\d{4}[-/.年]\d{1,2}[-/.月]\d"
    rf"|![ ](?=\S)|\[[ xX√✓]?\][ ]?[^\s(\[:]|[-=]{{1,3}}>(?=[ ]?\w)|[→⇒➜➔↳↪](?=[^，。；、])|~[ ]\S"
    r"|\\[-*+>#](?=\s)|\d{1,3}\\[.)]|#\d+[ ]|//@|#\+[A-Za-z_]+|:[A-Z_]+:(?:[ ]|$)|\*{1,3} (?:TODO|DONE) "
    rf"|[\w{IDEOGRAPHS}-]{{1,20}}::[ ]\S|(?:SCHEDULED|DEADLINE): <"
    r"|[▲△▼★☆◆◇■※◎►▶✓✔✅❌➤][ \u3000]?\S|[•·][ \t\u3000]+\S|[(（][ \u3000]*[)）][ ]*\d|-{4,}[^-].*[^-]-{4,}$"
)
# A part of a song, the line above who signs a message.
_ENDS_ALONE = re.compile(
    r"(?:前奏|主歌|副歌|间奏|間奏|尾奏|桥段|橋段|念白|合唱"
    r"|[Vv]erse|[Cc]horus|[Bb]ridge|[Ii]ntro|[Oo]utro|[Hh]ook)[ ]?[\dA-D]?[:：]?"
    r"|--|-{4,}[^-].*[^-]-{4,}|\[[A-Z][\w ]{1,19}\]|#\+[A-Za-z_]+.*|:[A-Z_]+:"
)
_IN_BRACKETS = re.compile(r"【[^【】]{1,12}】")
_BARS = re.compile(r"(?<=[^\s|])[ \t]*[|｜][ \t]*(?=[^\s|｜])")
# From when to when a subtitle is shown.
_SHOWN = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?[,.]\d{3} --?> \d{1,2}:\d{2}")
# Columns that were typed with spaces, none of which a sentence ends before: 2019—2023    某某大学    本科
_GAP = re.compile(r"(?<=[\w：:=＝）)\]】」”%+★☆|*/—-])(?: {3,}|\t+)[ \t]*(?=\S)")
# Between two words of Latin two spaces are none: Mon May  6
_WIDENED = re.compile(
    r"(?<=[^\s>])(?: {3,}|\t+|(?<![!-~])  |  (?![!-~])|  (?=[^\W_][^\s：:，。]{0,7}[：:]))[ \t]*(?=\S)"
)
_EQUALS = re.compile(r"[=＝](?= {3,}| *$)")
_OF_SENTENCE = re.compile(r"[，。；！？]")
# Two spaces are columns where several of them stand, or before a field: 姓名：李四  性别：女. Between a letter and Han
# two are one typed twice, 初步声明一下 m-list  组件, and a line with a mark of ASCII's is a sentence, too.
_NARROW = re.compile(
    rf"(?<=[^\s>])(?!(?<=[A-Za-z])  [{IDEOGRAPHS}]|(?<=[{IDEOGRAPHS}])  [A-Za-z]|  [,;?!]) {{2,}}(?=\S)"
)
_OF_ASCII_SENTENCE = re.compile(r"[,;?!][ ]")
_FIELD_BEHIND = re.compile(r"(?<=[^\s>]) {2,}(?=[^\W_][^\s：:，。]{0,7}[：:](?!//)|\d{1,2}[.、．]\D)")
_NO_COLUMNS = re.compile(
    r"[`<$]|\]\(|[，。、；！？](?: {3,}|\t)|(?: {3,}|\t)[ \t]*[，。、；！？]"
    r"|^[ \t>]*(?:#{1,6}|[-*+:~]|\d{1,9}[.)])[ \t]+|^[ \t]*\|"
)
_REMARK = re.compile(rf"\*[{IDEOGRAPHS}][^*]*")  # *注：不含税, below what it is of: 80元*
_HEAD_WORD = re.compile(r"【[^【】]{1,8}】[^。；！？]{0,16}")  # 【打】dǎ, above its meanings
_GREETING = re.compile(r"(?:谨?此致|专此|[顺即敬恭谨此并][颂祝请]|祝)$")
# The head of a clause, and the day below who signs.
_HEADING = re.compile(
    rf"(?:[{_NUMERALS}]{{1,3}}、|[（(][{_NUMERALS}]{{1,3}}[)）]|第[{_NUMERALS}百\d]{{1,5}}[章节節条條])\S"
)
_DAY = re.compile(r"(?:(?:\d{4}|[〇○零一二三四五六七八九]{4})年.{1,3}月.{1,3}日|\d{4}([-/.])\d{1,2}\1\d{1,2})$")
# What is to be looked at, above what is said of it: **注意**
_IN_BOLD_ALONE = re.compile(r"(\*\*|__)(?=[^\s*_])[^*_，。；]{1,20}\1[：:]?")
_CLAUSE = re.compile(r"[，。；！？、：…—”’」』]$")
_LONGEST_VERSE = 18
# Short lines without markup: a line of its own ends without a mark, or is one of four and more that are not sentences.
SHORT = 30  # columns; two for each Han
_MARKUP = re.compile(r"[*_`$<>|\\{}]|\]\(|!\[|://")
_BEGINS = re.compile(rf"[{IDEOGRAPHS}\d]")
GOES_ON = re.compile(r"[的地得于和与或及是在把被将对为从向到式第]$")  # a word that asks for another
_SHORT_VERSES = 4
LEAST = 3  # characters of a line that says something
EASY = 44  # columns: a line that an editor has wrapped is longer


def are_apart(lines: Sequence[str]) -> bool:
    """Whether each of a paragraph's lines is one for its readers too.

    Text that an editor has wrapped yields none of these: items that all begin in one way, speakers and what they say,
    verses of one length that each end with a mark.
    """
    texts = [line.strip() for line in lines]
    if len(texts) < 2:  # noqa: PLR2004  # nothing to part
        return False
    if any(all(item.match(text) for text in texts[1:]) for item in ITEMS):
        return len(texts) > 2 or any(item.match(texts[0]) for item in ITEMS)  # noqa: PLR2004  # one item may be chance
    if all(any(item.match(text) for item in ITEMS) for text in texts):  # items within items: 1、 （1） 2、
        return True
    if LABEL.match(texts[0]) and all(LABEL.match(text) or _STAGE.match(text) for text in texts):
        return True
    return _is_even(texts) or _are_short(texts) or _are_cells(texts)


def breaks(lines: Sequence[str]) -> list[int]:
    """The places of lines that end where they end, although the paragraph is none of lines.

    A message's sender, the words of a letter that stand by themselves, the head of a clause; what stands above who said
    it, and who signs above the day.
    """
    texts = [line.strip() for line in lines]
    found = {at for at, (text, after) in enumerate(pairwise(texts)) if _ends_here(text, after)}
    if len(texts) > 1 and _IN_BOLD_ALONE.fullmatch(texts[0]) and _BEGINS.match(texts[1]):
        found.add(0)
    found |= set(_fields(texts))
    if SENT.match(texts[0]) and all(columns(text) <= EASY for text in texts):  # a message of lines
        found |= {*range(len(texts) - 1)}
    for at, text in enumerate(texts[1:-1], 1):
        if _SECTION.fullmatch(text):
            found |= {at - 1, at}
    if len(texts) > 1 and _SOURCE.match(texts[-1]) and _CLOSES.search(texts[-2]):
        found.add(len(texts) - 2)
    return sorted(found)


def _are_barred(text: str, after: str) -> bool:
    """Whether one of two lines is of words between bars: 首页 | 关于 | 联系."""
    return any(
        len(_BARS.findall(one)) > 1 and IDEOGRAPH.search(one) and not _NO_COLUMNS.search(one) for one in (text, after)
    )


def is_columned(line: str) -> bool:
    """Whether a line of Chinese has columns, which were typed with spaces; in a sentence one gap is a slip."""
    if not ("  " in line.strip() or "\t" in line) or _NO_COLUMNS.search(line):
        return False
    if not IDEOGRAPH.search(line):  # sums with room for their answers
        return bool(_GAP.search(line)) and len(_EQUALS.findall(line)) > 1
    sentence = bool(_OF_SENTENCE.search(line))
    if LABEL.match(line.strip()) and _FIELD_BEHIND.search(line):
        return True
    if len(_GAP.findall(line)) > sentence:
        return True
    return not (sentence or _OF_ASCII_SENTENCE.search(line)) and len(_NARROW.findall(line.rstrip())) > 1


def with_columns(line: str) -> str:
    """A line with its gaps as wide as they were typed, one wide space for two."""
    return _WIDENED.sub(lambda found: "\u3000" * max(len(found[0].expandtabs(4)) // 2, 1), line)


def _fields(texts: Sequence[str]) -> list[int]:
    """The places of fields at a paragraph's head, three at least (作者：甲, 链接：…, 来源：乙)."""
    many = len([*takewhile(_FIELD.match, texts)])
    return [*range(min(many, len(texts) - 1))] if many >= _STEPS else []


# The head of a section amid a paragraph, 三、结果: who wraps text has longer lines.
_SECTION = re.compile(rf"[{_NUMERALS}]{{1,3}}、[^，。；！？：]{{1,12}}")
_FIELD = re.compile(rf"[{IDEOGRAPHS}]{{1,6}}[：:](?!$)[^。；！？]{{1,100}}$")


def _ends_here(text: str, after: str) -> bool:
    if SENT.match(text) or SENT.match(after) or _GREETING.match(text):
        return True
    if (
        _BEGINS_ALONE.match(after)
        or _ENDS_ALONE.fullmatch(text)
        or _IN_BRACKETS.fullmatch(text)
        or _are_barred(text, after)
    ):
        return True
    if after.startswith(": ") and (text.startswith(": ") or text.endswith(("：", ":", "】"))):  # quoted on a board
        return True
    if _SHOWN.match(text) or _SHOWN.match(after) or is_columned(text) or is_columned(after):
        return True
    if text.count("*") == 1 and text.endswith("*") and _REMARK.fullmatch(after):
        return True
    if _HEAD_WORD.fullmatch(text) and any(item.match(after) for item in ITEMS):
        return True
    short = _is_plain(text, SHORT) and not PAUSED.search(text) and not GOES_ON.search(text)
    return short and bool(_HEADING.match(text) or _DAY.fullmatch(after))


def _are_cells(texts: Sequence[str]) -> bool:
    """Whether each line has as many cells, parted by tabs, as the others: a table that was pasted."""
    cells = {text.count("\t") for text in texts}
    return len(cells) == 1 and min(cells) > 0


def joined(lines: Sequence[str]) -> list[int]:
    """The places of lines that end without a mark, short of where an editor wraps, and are one with the next."""
    texts = [line.strip() for line in lines]
    return [
        at
        for at, (text, after) in enumerate(pairwise(texts))
        if len(text) >= LEAST
        and IDEOGRAPH.search(text)
        and _BEGINS.match(after)
        and not PAUSED.search(text)
        and not GOES_ON.search(text)
        and _is_plain(text, EASY)
    ]


def _are_short(texts: Sequence[str]) -> bool:
    """Addresses, ingredients, verses of any length: what nobody wraps."""
    if len(texts) < 3:  # noqa: PLR2004  # two may be chance
        return False
    if not all(_is_plain(text.replace("**", ""), SHORT) for text in texts) or not any(map(IDEOGRAPH.search, texts)):
        return False
    if any(GOES_ON.search(text) for text in texts[:-1]):
        return False
    if not any(PAUSED.search(text) for text in texts[:-1]):
        return True
    stops = sum(1 for text in texts if ENDED.search(text))
    return len(texts) >= _SHORT_VERSES and stops * 2 <= len(texts)


def _is_plain(text: str, most: int) -> bool:
    return len(text) <= most and columns(text) <= most and not _MARKUP.search(text)


def columns(text: str) -> int:
    """How wide a text is: two columns for each character as wide as Han, one for each other."""
    return sum(map(_WIDTHS.__getitem__, text))


class _Widths(dict[str, int]):
    """The columns of each character that was met."""

    def __missing__(self, char: str) -> int:
        self[char] = width = 2 if east_asian_width(char) in "WF" else 1
        return width


_WIDTHS = _Widths()


def are_verse(lines: Sequence[str], *, quoted: bool) -> bool:
    """Whether lines that are apart are verse: of one length, each with its mark; outside a quotation four at least."""
    texts = [line.strip() for line in lines]
    if texts[0].startswith("| "):  # it has been written as such
        return False
    if len(texts) < (2 if quoted else 4) or any(item.match(texts[0]) for item in ITEMS) or LABEL.match(texts[0]):
        return False
    return _is_even(texts)


def _is_even(texts: Sequence[str]) -> bool:
    same = len({len(text) for text in texts}) == 1
    return same and len(texts[0]) <= _LONGEST_VERSE and all(_CLAUSE.search(text) for text in texts)


# A line of ornaments: of one sign between two scenes, or of marks on both sides of few words: —— 完 ——, - END -.
_SIGNS = re.compile(
    r"\*|[◇◆○●□■△▲☆★※＊·•❖✦✧♦✿❀♡♥♪❦⁂](?:[ \u3000]*[◇◆○●□■△▲☆★※＊·•❖✦✧♦✿❀♡♥♪❦⁂])*|(?P<line>[—―─━═＝=～])(?P=line){2,39}"
)
_FRAMED = re.compile(
    r"(?P<left>[-–—―─━~～=＝·•*＊◇◆○●★☆※]+)(?P<gap>\s*)(?P<words>\S.*?)\s*(?P<right>[-–—―─━~～=＝·•*＊◇◆○●★☆※]+)"
)
_ORNAMENTS = frozenset("◇◆○●□■△▲☆★※＊·•❖✦✧♦✿❀♡♥♪❦⁂-–—―─━═~～=＝*")
IN_BOLD = re.compile(r"\*\*(?=[^\s*])[^*]+(?<=[^\s*])\*\*")
_STOP = re.compile(r"[，。；！？、：,;!?]")
_THE_END = re.compile(
    r"[全本正上下]?[文书書篇章集部卷剧劇]?(?:完|终|終|结束|結束)|未完待[续續]|(?:the\s+)?end|fin", re.IGNORECASE
)
_FRAME = 20  # columns of the words in it at most
_LONG_FRAME = 4  # signs on each side that need no space behind them: ====正文====
_DRAWN = frozenset("-–—―─━~～=＝")  # those of which a line is drawn


def is_ornament(line: str) -> bool:
    """Whether a line that is a paragraph of its own is an ornament: it stands in the middle."""
    text = line.strip(" \t\u3000")
    if text[:1] not in _ORNAMENTS:
        return False
    text = text[2:-2] if IN_BOLD.fullmatch(text) else text
    if _SIGNS.fullmatch(text):
        return True
    found = _FRAMED.fullmatch(text)
    if not found or found["left"] != found["right"][::-1] or not _is_plain(found["words"], _FRAME):
        return False
    if not any(map(str.isalnum, found["words"])) or _STOP.search(found["words"]):
        return False
    left = found["left"]
    if found["gap"] or (len(left) >= _LONG_FRAME and set(left) <= _DRAWN):
        return True
    return left[0] not in "*=" and bool(_THE_END.fullmatch(found["words"]))


def standing(lines: Sequence[str]) -> list[int]:
    """The places of lines in a paragraph that stand for themselves: ornaments, heads in bold above indented lines."""
    if len(lines) < 2 or not any(line.lstrip(" \t\u3000")[:1] in _ORNAMENTS for line in lines):  # noqa: PLR2004  # none can
        return []
    indented = any(line.startswith("\u3000\u3000") for line in lines)
    return [
        at
        for at, line in enumerate(lines)
        if (not at or _CLOSES.search(lines[at - 1].rstrip()) or (indented and IN_BOLD.fullmatch(lines[at - 1].strip())))
        and (is_ornament(line) or (indented and IN_BOLD.fullmatch(line.strip())))
    ]


# Whom a letter or a speech speaks to, on a line of its own; a name alone only before a greeting.
_DEAR = re.compile(
    r"(?:最?亲爱的|最?敬爱的|尊敬的|各位|诸位|親愛的|敬愛的|諸位|Dear\b)[^，。；！？,;!?]{1,20}[：:，,！!]"
)
_TO = re.compile(
    r"[^\s：:，。；！？“”「」]{1,12}(?:台鉴|台鑒|钧鉴|鈞鑒|大鉴|大鑒|惠鉴|惠鑒|尊鉴|尊鑒|如晤|如面|足下|膝下)[：:]"
)
_NAME = re.compile(r"[^\s：:，。；！？“”「」\x00-\x7f]{1,10}(?<![说道问答喊叫写想曰云下說問寫])[：:]")
_INDENTED = 4  # columns
_CALLS = frozenset("：:，,！!")
_HELLO = re.compile(
    r"(?:[你您](?:们|們)?|大家|各位|(?:早上|上午|中午|下午|晚上|新年|节日|節日))好(?=[，。！!,~～\s]|$)"
    r"|见字如|見字如|展信|见信|見信|来信|來信|来函|來函|惠书|惠書|手书|久未|久违|久違|别来|別來|好久不[见見]|近来|近來"
)


def greets(lines: Sequence[str], behind: str) -> bool:
    """Whether a paragraph begins with a line that speaks to somebody, as a letter does: such a line has no indent.

    `behind` is the next line behind the paragraph.
    """
    first, after = lines[0].strip(" \t\u3000"), (lines[1] if len(lines) > 1 else behind).strip(" \t\u3000>")
    if len(first) > EASY or first[-1:] not in _CALLS or not _is_plain(first, EASY):
        return False
    if _DEAR.fullmatch(first) or _TO.fullmatch(first):
        indented = len(lines) > 1 and _indent(lines[1]) >= _INDENTED
        return len(lines) == 1 or indented or first[-1] in "：:" or bool(_HELLO.match(after))
    return bool(_NAME.fullmatch(first) and _HELLO.match(after))


_CLOSED = re.compile(r"[。！？…：；!?.:;][”’」』）)\"']*$")
_PICTURE = re.compile(r"!\[[^\[\]]*\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)(?:\{[^{}\n]*\})?")
_PART = re.compile(r"[，。；！？、：…—,.;!?:]+")
_VERSES = 9  # characters between two marks: verse has fewer


def parted(lines: Sequence[str]) -> bool:
    """Whether a paragraph's lines are paragraphs that only hard breaks part, as clips of pages have them.

    Most are long, and all end as sentences do; verse, addresses and what two people say are no such lines.
    """
    if len(lines) < 2 or not all(_is_hard(line) for line in lines[:-1]):  # noqa: PLR2004  # nothing to part
        return False
    texts = [line.strip(" \t\u3000\\") for line in lines]
    texts = [text for text in texts if not _PICTURE.fullmatch(text)]
    if not texts or not all(map(_CLOSED.search, texts)) or any(item.match(text) for item in ITEMS for text in texts):
        return False
    return 2 * sum(map(_is_long, texts)) >= len(texts)


def _is_hard(line: str) -> bool:
    return line.endswith("  ") or (line.endswith("\\") and not line.endswith("\\\\"))


def _is_long(text: str) -> bool:
    return bool(IDEOGRAPH.search(text)) and columns(text) > EASY and max(map(len, _PART.split(text))) >= _VERSES


_STEPS = 3  # levels of indents that nobody has who only indents paragraphs
_VERSE_BEGINS = re.compile(rf"[{IDEOGRAPHS}“‘「『《（—…]")


def are_stepped(lines: Sequence[str]) -> bool:
    """Whether lines are verse whose author set each as far to the right as it stands."""
    texts = [line.strip(" \t\u3000") for line in lines]
    steps = [_indent(line) for line in lines]
    if len(lines) < _STEPS or min(steps) or len(set(steps)) == 1:
        return False
    stairs = len(set(steps)) >= _STEPS
    if not all(_is_plain(text, EASY if stairs else SHORT) and _VERSE_BEGINS.match(text) for text in texts):
        return False
    if all(map(LABEL.match, texts)):
        return False
    if stairs:
        return True
    if 2 * sum(1 for text in texts if ENDED.search(text)) > len(texts):
        return False
    paragraphs = any(line.startswith("\u3000\u3000") for line in lines)
    return not paragraphs and len(lines) >= _SHORT_VERSES and sum(map(bool, steps)) > 1


# Lines that nobody wraps, and that say by their indents what belongs to what: a tree, settings.
_BRANCH = re.compile(r"(?:[│├└┌┬|] *|[ \u00a0\u3000])*[├└](?:[─━—-]|(?=[^\W_]))")
_SETTING = re.compile(r"(?:- )?[A-Za-z_][\w.-]*:(?: \S.*)?$")


def are_outlined(lines: Sequence[str]) -> bool:
    """Whether lines that are no code to Markdown have indents that mean something: a tree, a genealogy, settings."""
    texts = [line.strip(" \t\u3000") for line in lines]
    steps = [_indent(line) for line in lines]
    if len(lines) < 2 or min(steps) or any(map(_OTHER.match, texts)):  # noqa: PLR2004  # nothing stands below another
        return False
    if sum(1 for line in lines if _BRANCH.match(line)) > 1:
        return True
    if len(set(steps)) == 1:
        return False
    if len(lines) >= _STEPS and all(map(_SETTING.match, texts)):
        return True
    ladder = sorted(set(steps))
    if len(ladder) >= _STEPS and ladder == [*range(0, 2 * len(ladder), 2)] and sum(map(bool, steps)) > 1:
        return all(line[0] == "\u3000" for line in lines if _indent(line))  # each generation a blank further in
    deep = len(ladder) >= _STEPS and any(line.startswith("\u3000\u3000\u3000\u3000") for line in lines)
    return deep and all(_is_plain(text, EASY) for text in texts)


_HANGS = 5  # columns: what is indented by four is a paragraph, but below what two say who have names of one character
_STARTS = re.compile(r"(?<=\S)(?:\u3000+| {2,}|\t)[ \u3000]*(?=\S)|(?<=[：:】〕])(?=\S)|(?<=\S)[ ](?=\d{1,2}:\d)")
_NEAR = 2  # columns: a wide space more or less, where it is far
_OF_ONE = re.compile(rf"[ \t\u3000]*[{IDEOGRAPHS}][：:\u3000]\S")


def are_hanging(lines: Sequence[str]) -> bool:
    """Whether lines stand below what another begins with behind a gap or a colon: 出席：张三、, below it 　　　李四."""
    if not any(line.startswith((" ", "\t", "\u3000")) for line in lines[1:]) or any(map(_OTHER.match, lines)):
        return False
    steps = [_indent(line) for line in lines]
    if _are_under(lines, steps):
        return True
    least = _HANGS - (sum(1 for line in lines if _OF_ONE.match(line)) > 1)
    hanging = [at for at, step in enumerate(steps) if step >= least and step > steps[0]]
    return bool(hanging) and all(
        _hangs(lines, steps, at) if at in hanging else step in (0, steps[0]) for at, step in enumerate(steps)
    )


def _are_under(lines: Sequence[str], steps: Sequence[int]) -> bool:
    """Whether short lines stand under others by wide spaces: 　　车站……3, a title below it, a line of the same again.

    Where all but the first are indented and are sentences, they are paragraphs.
    """
    under = [at for at, line in enumerate(lines) if line.startswith("\u3000\u3000")]
    if steps[0] or not under or any(columns(line.strip(" \t\u3000")) > EASY for line in lines):
        return False
    return any(not step for step in steps[under[0] :]) and all(step in (0, *_UNDER) for step in steps)


_UNDER = (4, 6, 8)  # columns


def _hangs(lines: Sequence[str], steps: Sequence[int], at: int) -> bool:
    """Whether a line begins where some text begins in the next line above that is not as far to the right."""
    above = next(text for text, step in zip(lines[at - 1 :: -1], steps[at - 1 :: -1], strict=True) if step < steps[at])
    text = above.expandtabs(4)
    starts = (columns(text[: found.end()]) for found in _STARTS.finditer(text))
    return any(abs(steps[at] - start) <= (_NEAR if start >= _MIDDLE else 0) for start in starts)


def hung(lines: Sequence[str]) -> list[str]:
    """Lines that hang, each as far in as it stands to the right of the first."""
    first = _indent(lines[0])
    return ["\u3000" * (max(_indent(line) - first, 0) // 2) + line.strip(" \t\u3000\\") for line in lines]


_OTHER = re.compile(r"(?:[-*+:~]|\d{1,9}[.)])[ \t]|#{1,6} |>|`{3}|~{3}|:::|<")  # what begins another block


def spread(line: str) -> str:
    """A line with its indent of any spaces made one of wide ones, and a hard one for what is left."""
    wide, left = divmod(_indent(line), 2)
    return "\u3000" * wide + "\u00a0" * left + line.strip(" \t\u3000\\")


_PROSE = re.compile(rf"[“‘「『（《{IDEOGRAPHS}].*[。！？…”’」』；，：]$")
# Verse, who signs and when: nothing but Han, figures and the marks of sentences.
_WORDS = re.compile(rf"[{IDEOGRAPHS}\d（《“「『【—][{IDEOGRAPHS}\d\s，。；：！？、（）《》“”「」『』【】·—…/:.-]*")
_SAYS = 12  # Han of a line that says something
_FAR = 12  # columns: what is indented as far as this stands in the middle, or at the right
_MIDDLE = 8
_RIGHT = 28  # columns, behind which nothing is in the middle
_MIDDLES = re.compile(
    rf"[{IDEOGRAPHS}（《“「『【★☆◆◇※◎●○·—～~-][{IDEOGRAPHS}\d\s，。；：！？、（）《》“”「」『』【】★☆◆◇※◎●○·—…～~-]*"
)
_SIGNERS = 3  # lines at most; twice as many with a day
_OVER = re.compile(r"^[（(【\[].*[)）】\]]$|[完终終续續]$|\bEND\b", re.IGNORECASE)
_NEXT = re.compile(r" {0,3}(?:#{1,6} |([-*_])(?: *\1){2,} *$)")  # a heading, a rule


def is_prose(lines: Sequence[str], above: str, behind: str) -> bool:
    """Whether indented lines are paragraphs whose author indented them, and no code.

    `above` and `behind` are the lines that stand before and after them.
    """
    headed = [*dropwhile(_is_far, (line for line in lines if line.strip()))]  # what an editor's spaces have centred
    headed = [*dropwhile(_is_far, headed[::-1])][::-1] or headed  # or set at the right
    texts = [line.strip() for line in lines if line.strip()]
    if not texts or (headed and all(_PROSE.match(line.strip()) for line in headed)):
        return bool(texts)
    if are_centred(lines):
        return True
    shown = above.rstrip().endswith(("：", ":", "```", "~~~"))  # what a program writes
    if len(texts) == 1 and _IN_BRACKETS.fullmatch(texts[0]) and not shown:
        return True
    if shown:
        return False
    if len(texts) == 1 and not signs(lines, behind):
        return bool(_WORDS.fullmatch(texts[0]) and "，" in texts[0][:-1] and len(IDEOGRAPH.findall(texts[0])) >= _SAYS)
    return all(_WORDS.fullmatch(text) and IDEOGRAPH.search(text) for text in texts)


def signs(lines: Sequence[str], behind: str) -> bool:
    """Whether lines are far to the right as those of who signs, with the day or at the end: `behind` is the next line.

    A title, verse, the word that all is over, set into the middle with spaces, are none.
    """
    texts = [line for line in lines if line.strip()]
    dated = any(_DAY.search(text.strip()) for text in texts)
    most = _SIGNERS * (1 + dated)
    if not 0 < len(texts) <= most or not all(map(_is_far, texts)) or _OVER.search(texts[-1].strip()):
        return False
    if all(map(_SOURCE.match, map(str.strip, texts))) or all(_indent(text) >= _RIGHT for text in texts):
        return True
    return dated or not behind.strip() or bool(_NEXT.match(behind)) or (_is_far(behind) and bool(_DAY.search(behind)))


def are_centred(lines: Sequence[str]) -> bool:
    """Whether lines of nothing but Chinese words and ornaments stand so far in that they are in the middle."""
    texts = [line for line in lines if line.strip()]
    return (
        bool(texts)
        and all(
            _indent(text) >= _MIDDLE
            and _is_plain(text.strip(" \t\u3000"), SHORT)
            and _MIDDLES.fullmatch(text.strip(" \t\u3000"))
            for text in texts
        )
        and any(map(IDEOGRAPH.search, texts))
    )


def pieces(lines: Sequence[str], behind: str) -> list[tuple[int, int]]:
    """The parts of a paragraph that stand for themselves, from which place to which, and what is between them."""
    alone = {at: at + 1 for at in standing(lines)}
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and _is_far(lines[end]):
            end += 1
        far = lines[at:end]
        if (
            far
            and len(far) < len(lines)
            and signs(far, [*lines, behind][end])
            and (any(map(IDEOGRAPH.search, far)) or _DEAR.match(lines[0]))
        ):
            alone[at] = end
        at = max(end, at + 1)
    out: list[tuple[int, int]] = []
    begun = 0
    for start, end in sorted(alone.items()):
        out += [(begun, start)] if start > begun else []
        out.append((start, end))
        begun = end
    return [*out, (begun, len(lines))] if begun < len(lines) else out


def _is_far(text: str) -> bool:
    return _indent(text) >= (_MIDDLE if text.lstrip().startswith("——") else _FAR) and _is_plain(text.strip(), SHORT)


def _indent(text: str) -> int:
    blank = text[: len(text) - len(text.lstrip())]
    return sum(2 if char == "\u3000" else 4 if char == "\t" else 1 for char in blank)
