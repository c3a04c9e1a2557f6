"""Names and titles in the forms by which catalogues sort them."""

from __future__ import annotations

import pytest

from publish.edition.features import sorting

NAMES = {
    "王小波": ("Wang Xiaobo", "ㄨㄤˊ ㄒㄧㄠˇ ㄅㄛ"),
    "鲁迅": ("Lu Xun", "ㄌㄨˇ ㄒㄩㄣˋ"),
    "欧阳修": ("Ouyang Xiu", "ㄡ ㄧㄤˊ ㄒㄧㄡ"),
    "歐陽脩": ("Ouyang Xiu", "ㄡ ㄧㄤˊ ㄒㄧㄡ"),
    "单雄信": ("Shan Xiongxin", None),
    "任溶溶": ("Ren Rongrong", None),
    "加西亚·马尔克斯": ("Jiaxiya · Maerkesi", None),
    "南窗编辑部": ("Nanchuangbianjibu", None),
    "publish 编写组": ("publish Bianxiezu", None),
    "Ursula K. Le Guin": ("", ""),
    "": ("", ""),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_sorted_surname_first(name):
    pinyin, zhuyin = NAMES[name]
    assert sorting.person(name, "pinyin") == pinyin
    if zhuyin is not None:
        assert sorting.person(name, "zhuyin") == zhuyin


@pytest.mark.parametrize(
    ("title", "method", "form"),
    [
        ("一稿多版", "pinyin", "Yi gao duo ban"),
        ("重庆的银行", "pinyin", "Chong qing de yin hang"),
        ("三体II：黑暗森林", "pinyin", "San ti II: hei an sen lin"),
        ("读《红楼梦》", "pinyin", "Du hong lou meng"),
        ("EPUB 制作", "pinyin", "EPUB zhi zuo"),
        ("紅樓夢", "zhuyin", "ㄏㄨㄥˊ ㄌㄡˊ ㄇㄥˋ"),
        ("紅樓夢", "stroke", "09紅15樓14夢"),
        ("讀《紅樓夢》", "stroke", "22讀09紅15樓14夢"),
        ("EPUB 3 製作", "stroke", "EPUB 3 14製07作"),
        ("红楼梦", "none", ""),
        ("Moby-Dick", "pinyin", ""),
    ],
)
def test_a_title_is_sorted_by_its_syllables(title, method, form):
    assert sorting.title(title, method) == form


def test_names_by_strokes_stand_as_in_a_list_of_names():
    names = ["龔自珍", "王小波", "方文山", "丁玲", "張愛玲", "王文興", "陳映真", "歐陽脩"]
    assert sorted(names, key=lambda name: sorting.person(name, "stroke")) == [
        "丁玲", "方文山", "王小波", "王文興", "張愛玲", "陳映真", "歐陽脩", "龔自珍",
    ]  # fmt: skip
    assert sorting.person("王小波", "stroke") == "04王03小08波"
    assert sorting.person("Ursula K. Le Guin", "stroke") == ""


def test_characters_are_counted_in_their_traditional_forms_and_a_strange_one_stands_last():
    assert sorting.title("花草臺黃", "stroke") == "08花10草14臺12黃"
    assert sorting.title("\U000323af", "stroke") == "99\U000323af"


WORDS = "重庆 长江 成都 Python AI 爱情 3D打印 行列式 银行 曾侯乙墓 曾经 女娲 努力 重构 《红楼梦》 α粒子".split()


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (
            "pinyin",
            "# 3D打印 α粒子 A AI 爱情"  # noqa: ISC004
            " C 曾经 长江 成都 重构 重庆 H 行列式 《红楼梦》 N 努力 女娲 P Python Y 银行 Z 曾侯乙墓",
        ),
        (
            "zhuyin",
            "# 3D打印 α粒子 A–Z AI Python ㄋ 努力 女娲 ㄏ 行列式 《红楼梦》 ㄔ 长江 成都 重构 重庆 ㄗ 曾侯乙墓 ㄘ 曾经"  # noqa: ISC004
            " ㄞ 爱情 ㄧ 银行",
        ),
    ],
)
def test_an_index_is_sorted_by_readings_in_their_words(method, expected):
    assert sorted_index(WORDS, method) == expected


def sorted_index(words, method, **how):
    said, head = [], None
    for place, word in sorted(
        ((sorting.index_place(word, method, **how), word) for word in words), key=lambda row: row[0].order
    ):
        said += [word] if place.head == head else [place.head, word]
        head = place.head
    return " ".join(said)


def test_an_index_by_strokes_counts_them_and_then_asks_the_radical():
    assert sorted_index(["重慶", "一", "二", "十", "丁", "AI"], "stroke", strokes="{}畫") == (
        "A–Z AI 一畫 一 二畫 丁 二 十 九畫 重慶"
    )


@pytest.mark.parametrize("written", ["重庆", "重慶"])
def test_words_are_looked_up_in_whatever_script(written):
    assert sorting.index_place(written, "pinyin").head == "C"


@pytest.mark.parametrize(
    ("name", "head"), [("单雄信", "S"), ("任正非", "R"), ("解缙", "X"), ("欧阳修", "O"), ("尉迟恭", "Y")]
)
def test_names_are_sorted_by_their_surnames(name, head):
    assert sorting.index_place(name, "pinyin", is_name=True).head == head


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("C", "长治 长尾理论 长江 藏书 重刊 重耳 曾经 仇恨 单于"),
        ("D", "都护府 都灵 都柏林 单位"),
        ("J", "给事中 校雠 降落"),
        ("L", "乐陵 乐观"),
        ("S", "召南 单县 参横"),
        ("T", "弹压"),
        ("X", "浚县 解州"),
        ("Y", "乐经 阏氏"),
        ("Z", "长官 长史 长孙无忌 藏文 藏经洞 朝花夕拾 重力"),
    ],
)
def test_a_term_begins_with_the_letter_of_its_word(head, words):
    found = {word: sorting.index_place(word, "pinyin").head for word in words.split()}
    assert found == dict.fromkeys(words.split(), head)


@pytest.mark.parametrize("reading", ["zhong qing", "zhòng qìng", "zhong4 qing4"])
def test_an_author_may_say_the_reading(reading):
    assert sorting.index_place("重庆", "pinyin", reading=reading).head == "Z"
    assert sorting.index_place("重庆", "zhuyin", reading=reading).head == "ㄓ"


@pytest.mark.parametrize(
    ("text", "zhuyin"),
    [
        ("垃圾", "ㄌㄜˋ ㄙㄜˋ"),
        ("企業", "ㄑㄧˋ ㄧㄝˋ"),
        ("危險", "ㄨㄟˊ ㄒㄧㄢˇ"),
        ("究竟", "ㄐㄧㄡˋ ㄐㄧㄥˋ"),
        ("知識", "ㄓ ㄕˋ"),
        ("標識", "ㄅㄧㄠ ㄓˋ"),
        ("品質", "ㄆㄧㄣˇ ㄓˊ"),
        ("人質", "ㄖㄣˊ ㄓˋ"),
        ("髮法國", "ㄈㄚˇ ㄈㄚˋ ㄍㄨㄛˊ"),
    ],
)
def test_zhuyin_are_taiwans_readings(text, zhuyin):
    assert sorting.title(text, "zhuyin") == zhuyin


def test_pinyin_are_the_mainlands():
    assert sorting.title("垃圾企業危險", "pinyin") == "La ji qi ye wei xian"
