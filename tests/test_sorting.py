"""Names and titles in the forms by which catalogues sort them."""

from __future__ import annotations

import pytest

from publish import sorting

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
        ("红楼梦", "none", ""),
        ("Moby-Dick", "pinyin", ""),
    ],
)
def test_a_title_is_sorted_by_its_syllables(title, method, form):
    assert sorting.title(title, method) == form
