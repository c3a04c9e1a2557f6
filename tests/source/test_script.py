"""The script a book is written in, found by its text."""

from __future__ import annotations

import pytest

from publish.errors import Place
from publish.regions import region
from publish.source.script import check_script, sample_of, script_of

TRADITIONAL = "這個軟體的說明書是用繁體字寫成的，請從檔案選單裡開啟設定，讓電腦記住您的選擇。頭髮長了，還沒有剪。"
SIMPLIFIED = "这个软件的说明书是用简体字写成的，请从文件菜单里打开设置，让电脑记住您的选择。头发长了，还没有剪。"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        (TRADITIONAL, "Hant"),
        (SIMPLIFIED, "Hans"),
        (f"{TRADITIONAL}{SIMPLIFIED}", None),
        (f"{SIMPLIFIED * 20}书名原作「{TRADITIONAL}」", "Hans"),
        ("山水之中，人在天地。" * 30, None),
        ("Nothing Chinese at all. " * 30, None),
        (TRADITIONAL[:20], None),
    ],
)
def test_a_script_is_named_where_the_text_is_plainly_of_it(text, script):
    assert script_of(sample_of([text])) == script


@pytest.mark.parametrize(
    ("text", "said", "remedy"),
    [
        (TRADITIONAL, "zh-CN", "Write lang: zh-TW, or zh-HK"),
        (SIMPLIFIED, "zh-HK", "Write lang: zh-CN"),
        (TRADITIONAL, "zh-TW", None),
        (SIMPLIFIED, "zh-SG", None),
    ],
)
def test_a_book_in_the_other_script_than_its_lang_is_told(text, said, remedy):
    found = check_script([text], region(said), Place("book.yaml"))
    assert [one.remedy for one in found] == ([remedy] if remedy else [])


def test_a_short_sample_of_a_long_book_decides():
    assert script_of(sample_of([SIMPLIFIED * 2_000, TRADITIONAL * 20_000])) == "Hans"


def test_a_build_says_so(make_book):
    book = make_book({"book.yaml": "title: 書\n", "a.md": f"# 資料\n\n{TRADITIONAL}\n"}, ("zh-CN",))
    assert "lang-script" in [one.code for one in book.manuscript.findings]
