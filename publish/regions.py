"""The table of regions: how each is tagged, quotes and is set, and its words for the parts of a book."""

from __future__ import annotations

from dataclasses import dataclass, replace

from publish.errors import UsageError


@dataclass(frozen=True)
class Quotes:
    """A region's quotation marks, outer pair and inner pair (GB/T 15834-2011 §4.8; Taiwan MOE 2008; clreq §3.1.3)."""

    outer: tuple[str, str]
    inner: tuple[str, str]
    by_depth: bool = False  # marks follow their depth alone, even where the source has this region's marks already


CURLY = Quotes(outer=("“", "”"), inner=("‘", "’"))
CORNER = Quotes(outer=("「", "」"), inner=("『", "』"))
# Vertical lines of the Mainland: ﹃﹄ outside, ﹁﹂ inside (GB/T 15834-2011 §5.2); fonts turn these marks themselves.
MAINLAND_VERTICAL = Quotes(outer=("『", "』"), inner=("「", "」"), by_depth=True)


# What a boxed aside is called that has no title of its own: kind, Mainland, Taiwan, Hong Kong.
_BOXES = """
note 说明 說明 說明
tip 提示 提示 提示
important 重要 重要 重要
warning 警告 警告 警告
caution 注意 注意 注意
info 信息 資訊 資訊
danger 危险 危險 危險
details 详情 詳細資訊 詳情
success 成功 成功 成功
question 问题 問題 問題
example 示例 範例 例子
quote 引文 引文 引文
bug 缺陷 錯誤 錯誤
failure 失败 失敗 失敗
abstract 摘要 摘要 摘要
todo 待办 待辦 待辦
"""
BOXES: dict[str, tuple[str, str, str]] = {
    kind: (mainland, taiwan, hong_kong)
    for kind, mainland, taiwan, hong_kong in (row.split() for row in _BOXES.strip().splitlines())
}


# What is stated: kind, Mainland, Taiwan, Hong Kong.
_STATEMENTS = """
theorem 定理 定理 定理
lemma 引理 引理 引理
corollary 推论 推論 推論
proposition 命题 命題 命題
conjecture 猜想 猜想 猜想
definition 定义 定義 定義
example 例 例 例
exercise 练习 習題 練習
hypothesis 假设 假設 假設
algorithm 算法 演算法 演算法
axiom 公理 公理 公理
property 性质 性質 性質
criterion 准则 準則 準則
observation 观察 觀察 觀察
solution 解 解 解
remark 注 註 註
proof 证明 證明 證明
"""
STATEMENTS: dict[str, tuple[str, str, str]] = {
    kind: (mainland, taiwan, hong_kong)
    for kind, mainland, taiwan, hong_kong in (row.split() for row in _STATEMENTS.strip().splitlines())
}


def box_word(kind: str, tag: str) -> str:
    """What a region, by its tag, calls a box of a kind; empty for a kind that none has."""
    return _word_of(BOXES, kind, tag)


def statement_word(kind: str, tag: str) -> str:
    """What a region, by its tag, calls a theorem and its kin; empty for a kind that none has."""
    return _word_of(STATEMENTS, kind, tag)


def _word_of(table: dict[str, tuple[str, str, str]], kind: str, tag: str) -> str:
    words = table.get(kind)
    if words is None:
        return ""
    return words[0] if "Hant" not in tag and tag not in _TRADITIONAL else words[2 if tag.endswith(("HK", "MO")) else 1]


_TRADITIONAL = frozenset(["zh-TW", "zh-HK", "zh-MO"])


@dataclass(frozen=True)
class Words:
    """The words that the interface and the parts of a book need, as one region writes them."""

    name: str
    contents: str
    chapter: str
    part: str
    figure: str
    table: str
    continued: str
    equation: str
    listing: str
    section: str
    page: str
    index: str
    index_of_names: str
    glossary: str
    see: str
    see_also: str
    strokes: str
    notes: str
    references: str
    cited_at: str
    note: str
    translator_note: str
    editor_note: str
    author_note: str
    cover: str
    inside_cover: str
    title_page: str
    colophon: str
    author: str
    translator: str
    editor: str
    contributor: str
    publisher: str
    date: str
    identifier: str
    source: str
    rights: str
    edition: str
    description: str
    previous: str
    next: str
    other_editions: str
    back_to_text: str
    whole_book: str
    single_file: str
    start: str
    made_with: str
    typeface: str
    remote_image: str
    skip: str
    accessibility: str
    accessible_notes: str
    accessible_images: str
    inaccessible_images: str
    accessible_math: str
    menu: str
    begin: str
    resume: str
    link_here: str
    editions: str
    display: str
    colours: str
    automatic: str
    light: str
    sepia: str
    dark: str
    text_size: str
    smaller: str
    larger: str
    face: str
    serif: str
    sans: str
    line_height: str
    close_lines: str
    open_lines: str
    line_length: str
    narrow: str
    wide: str
    usual: str
    readings: str
    shown: str
    hidden: str
    copy: str
    copied: str
    enlarge: str
    close: str
    search: str
    search_in_book: str
    headings: str
    hits: str
    more_hits: str
    first_hits: str
    no_hits: str
    search_failed: str
    beside: str
    shelf: str
    download: str
    suggest: str
    pages: str
    see_source: str


SIMPLIFIED = Words(
    name="简体中文版",
    contents="目录",
    chapter="第{}章",
    part="第{}部",
    figure="图",
    table="表",
    continued="（续）",
    equation="式",
    listing="代码",
    section="第 {} 节",
    page="第 {} 页",
    index="索引",
    index_of_names="人名索引",
    glossary="词汇表",
    see="见",
    see_also="参见",
    strokes="{}画",
    notes="注释",
    references="参考文献",
    cited_at="返回引用处",
    note="注",
    translator_note="译注",
    editor_note="编者注",
    author_note="原注",
    cover="封面",
    inside_cover="封二",
    title_page="书名页",
    colophon="版权页",
    author="作者",
    translator="译者",
    editor="编者",
    contributor="参与者",
    publisher="出版",
    date="日期",
    identifier="标识",
    source="原文",
    rights="版权",
    edition="版本",
    description="简介",
    previous="上一章",
    next="下一章",
    other_editions="其他版本",
    back_to_text="返回正文",
    whole_book="全书（单一文件）",
    single_file="单一文件",
    start="正文",
    made_with="排版：publish",
    typeface="字体",
    remote_image="图片未随书收录，见",
    skip="跳到正文",
    accessibility="全书文字可重排，可调字号与配色；目录可直达各章节",
    accessible_notes="注释可往返",
    accessible_images="图片都有替代文字",
    inaccessible_images="有的图片没有替代文字",
    accessible_math="公式为 MathML",
    menu="目录",
    begin="开始阅读",
    resume="继续阅读",
    link_here="本节链接",
    editions="版本",
    display="版面",
    colours="配色",
    automatic="自动",
    light="浅色",
    sepia="米色",
    dark="深色",
    text_size="字号",
    smaller="小一号",
    larger="大一号",
    face="字体",
    serif="宋体",
    sans="黑体",
    line_height="行距",
    close_lines="紧",
    open_lines="松",
    line_length="行长",
    narrow="短",
    wide="长",
    usual="适中",
    readings="注音",
    shown="显示",
    hidden="隐藏",
    copy="复制",
    copied="已复制",
    enlarge="放大",
    close="关闭",
    search="搜索",
    search_in_book="搜索全书",
    headings="标题",
    hits="{} 处",
    more_hits="再列出 {} 处",
    first_hits="只列出前 {} 处，请把词写得长一些",
    no_hits="没有找到“{}”",
    search_failed="索引没有读到，请再试一次",
    beside="对照",
    shelf="全部版本",
    download="下载",
    suggest="改正这一章",
    pages="印本的页码",
    see_source="看源文件",
)

TAIWAN = Words(
    name="臺灣正體版",
    contents="目錄",
    chapter="第{}章",
    part="第{}部",
    figure="圖",
    table="表",
    continued="（續）",
    equation="式",
    listing="程式碼",
    section="第 {} 節",
    page="第 {} 頁",
    index="索引",
    index_of_names="人名索引",
    glossary="詞彙表",
    see="見",
    see_also="參見",
    strokes="{}畫",
    notes="註釋",
    references="參考文獻",
    cited_at="返回引用處",
    note="註",
    translator_note="譯註",
    editor_note="編者註",
    author_note="原註",
    cover="封面",
    inside_cover="封二",
    title_page="書名頁",
    colophon="版權頁",
    author="作者",
    translator="譯者",
    editor="編者",
    contributor="參與者",
    publisher="出版",
    date="日期",
    identifier="識別碼",
    source="原文",
    rights="版權",
    edition="版本",
    description="簡介",
    previous="上一章",
    next="下一章",
    other_editions="其他版本",
    back_to_text="返回正文",
    whole_book="全書（單一檔案）",
    single_file="單一檔案",
    start="正文",
    made_with="排版：publish",
    typeface="字型",
    remote_image="圖片未隨書收錄，見",
    skip="跳到正文",
    accessibility="全書文字可重排，可調字級與配色；目錄可直達各章節",
    accessible_notes="註釋可往返",
    accessible_images="圖片都有替代文字",
    inaccessible_images="有的圖片沒有替代文字",
    accessible_math="公式為 MathML",
    menu="目錄",
    begin="開始閱讀",
    resume="繼續閱讀",
    link_here="本節連結",
    editions="版本",
    display="版面",
    colours="配色",
    automatic="自動",
    light="淺色",
    sepia="米色",
    dark="深色",
    text_size="字級",
    smaller="小一級",
    larger="大一級",
    face="字型",
    serif="明體",
    sans="黑體",
    line_height="行距",
    close_lines="緊",
    open_lines="鬆",
    line_length="行長",
    narrow="短",
    wide="長",
    usual="適中",
    readings="注音",
    shown="顯示",
    hidden="隱藏",
    copy="複製",
    copied="已複製",
    enlarge="放大",
    close="關閉",
    search="搜尋",
    search_in_book="搜尋全書",
    headings="標題",
    hits="{} 處",
    more_hits="再列出 {} 處",
    first_hits="只列出前 {} 處，請把詞寫得長一些",
    no_hits="沒有找到「{}」",
    search_failed="索引沒有讀到，請再試一次",
    beside="對照",
    shelf="全部版本",
    download="下載",
    suggest="修正這一章",
    pages="印本的頁碼",
    see_source="看原始檔",
)

HONG_KONG = replace(
    TAIWAN,
    name="香港繁體版",
    typeface="字體",
    accessibility="全書文字可重排，可調字體大小與配色；目錄可直達各章節",
    text_size="字體大小",
    smaller="小一號",
    larger="大一號",
    face="字體",
)


# Of these, pages take the Han and nothing else (`weasy/faces.py`); screens, which cannot, do without them.
HAN_ONLY = ("AR PL UKai CN", "AR PL UKai TW", "AR PL UKai HK")


# Signs and emoji in one ink, for pages: behind the other families, before whatever the system would choose in colour.
SYMBOLS = ("Noto Emoji", "Symbola", "Segoe UI Symbol", "Apple Symbols", "Noto Sans Symbols 2", "Noto Sans Symbols")


@dataclass(frozen=True)
class Fonts:
    """Font families by role, in order of preference over the platforms: Debian, Source Han, macOS, Windows.

    `latin` sets the Western words and numbers of body text in print; without it they are set in the body face's own,
    which go with its Han. `latin_size` is how large these are beside Han, in percent.
    """

    body: tuple[str, ...]
    heading: tuple[str, ...]
    quote: tuple[str, ...]
    mono: tuple[str, ...]
    latin: tuple[str, ...] = ()
    latin_size: int = 100

    @property
    def for_pages(self) -> Fonts:
        """The families with those for signs behind them; code keeps to fonts whose characters are all as wide."""
        return replace(
            self,
            body=(*self.body, *SYMBOLS),
            heading=(*self.heading, *SYMBOLS),
            quote=(*self.quote, *SYMBOLS),
        )

    @property
    def for_screens(self) -> Fonts:
        """The families without those of which only the Han are of use."""
        return replace(self, quote=tuple(family for family in self.quote if family not in HAN_ONLY))


def _fonts(glyphs: str, source_han: str, mac: str, mac_sans: str, windows: tuple[str, str, str], kai_han: str) -> Fonts:
    serif, sans, kai = windows
    body = (
        f"Noto Serif CJK {glyphs}",
        f"Noto Serif {glyphs}",
        f"Source Han Serif {source_han}",
        f"Songti {mac}",
        serif,
    )
    heading = (
        f"Noto Sans CJK {glyphs}",
        f"Noto Sans {glyphs}",
        f"Source Han Sans {source_han}",
        mac_sans,
        f"Heiti {mac}",
        sans,
    )
    return Fonts(
        body=body,
        heading=heading,
        quote=(f"Kaiti {mac}", kai, kai_han, *body),
        mono=(f"Noto Sans Mono CJK {glyphs}", "Menlo", "Consolas", *heading),
    )


MAINLAND_FONTS = _fonts("SC", "SC", "SC", "PingFang SC", ("SimSun", "Microsoft YaHei", "KaiTi"), HAN_ONLY[0])
TAIWAN_FONTS = _fonts("TC", "TC", "TC", "PingFang TC", ("PMingLiU", "Microsoft JhengHei", "DFKai-SB"), HAN_ONLY[1])
HONG_KONG_FONTS = _fonts(
    "HK", "HC", "TC", "PingFang HK", ("MingLiU_HKSCS", "Microsoft JhengHei", "DFKai-SB"), HAN_ONLY[2]
)


@dataclass(frozen=True)
class Region:
    """One region: `key` as users write it, `tag` for HTML and EPUB, `layout_tag` for WeasyPrint and fontconfig.

    `variety` names the region's writing for OpenCC: s (Simplified), tw, hk, or t (OpenCC's own Traditional).
    """

    key: str
    tag: str
    layout_tag: str
    script: str
    variety: str
    quotes: Quotes
    words: Words
    fonts: Fonts
    vertical_quotes: Quotes = CORNER
    sort_by: str = "pinyin"  # how its catalogues sort names and titles: pinyin, zhuyin or stroke
    indexed_by: str = ""  # how the index of a book is sorted there, where that is not the same


REGIONS: dict[str, Region] = {
    region.key: region
    for region in (
        Region("zh-CN", "zh-Hans-CN", "zh-CN", "Hans", "s", CURLY, SIMPLIFIED, MAINLAND_FONTS, MAINLAND_VERTICAL),
        Region("zh-TW", "zh-Hant-TW", "zh-TW", "Hant", "tw", CORNER, TAIWAN, TAIWAN_FONTS, sort_by="zhuyin"),
        Region("zh-HK", "zh-Hant-HK", "zh-HK", "Hant", "hk", CORNER, HONG_KONG, HONG_KONG_FONTS, indexed_by="stroke"),
        Region("zh-SG", "zh-Hans-SG", "zh-CN", "Hans", "s", CURLY, SIMPLIFIED, MAINLAND_FONTS, MAINLAND_VERTICAL),
        Region("zh-MO", "zh-Hant-MO", "zh-HK", "Hant", "hk", CORNER, HONG_KONG, HONG_KONG_FONTS, indexed_by="stroke"),
    )
}

# What people write for `lang` in pandoc metadata, beside the keys themselves.
ALIASES: dict[str, str] = {
    "zh": "zh-CN",
    "zh-hans": "zh-CN",
    "zh-hant": "zh-TW",
    "cmn": "zh-CN",
    "cmn-hans": "zh-CN",
    "cmn-hant": "zh-TW",
}

# OpenCC configurations from one variety of writing to another; two names are two passes, in order.
CONFIGURATIONS: dict[tuple[str, str], tuple[str, ...]] = {
    ("s", "tw"): ("s2tw",),
    ("s", "hk"): ("s2hk",),
    ("s", "t"): ("s2t",),
    ("tw", "s"): ("tw2s",),
    ("hk", "s"): ("hk2s",),
    ("t", "s"): ("t2s",),
    ("tw", "hk"): ("tw2t", "t2hk"),
    ("hk", "tw"): ("hk2t", "t2tw"),
    ("t", "tw"): ("t2tw",),
    ("t", "hk"): ("t2hk",),
    ("tw", "t"): ("tw2t",),
    ("hk", "t"): ("hk2t",),
}


def region(tag: str) -> Region:
    """The region for a key or BCP 47 tag (`zh-TW`, `zh-Hant-TW`, `zh-Hant`, any case).

    Raises `UsageError` for a tag that names no region, listing those that do.
    """
    wanted = tag.strip().replace("_", "-").lower()
    for row in REGIONS.values():
        if wanted in (row.key.lower(), row.tag.lower()):
            return row
    if wanted in ALIASES:
        return REGIONS[ALIASES[wanted]]
    raise UsageError(f'unknown region "{tag}"', f"Choose one of {', '.join(REGIONS)}")


def configurations(source: Region, target: Region) -> tuple[str, ...]:
    """The OpenCC configurations that lead from `source` to `target`; none where both write alike."""
    if source.variety == target.variety:
        return ()
    return CONFIGURATIONS[source.variety, target.variety]
