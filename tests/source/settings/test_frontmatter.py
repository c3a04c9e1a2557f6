"""The settings that a text begins with, also where no marks stand around them."""

import pytest

from publish.source.settings.frontmatter import front_matter, metadata_lines

HEAD = "Title: 我的文章\nAuthors: 张三, 李四\nDate: 2010-12-3 10:20\nTags: 甲, 乙\nSummary: 说明\n  又一行\n\n正文。\n"


def test_lines_of_metadata_at_the_head_are_settings():
    document, lines = front_matter(HEAD, "a.md")
    assert document.data == {
        "title": "我的文章",
        "author": ["张三", "李四"],
        "date": "2010-12-03",
        "description": "说明 又一行",
    }
    assert HEAD.split("\n")[lines:] == ["", "正文。", ""]
    assert document.line(("date",)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "Title: 只有一行\n\n正文。\n",
        "甲：你好\n乙：你好\n\n正文。\n",
        "Name: Zhang\nPhone: 123\n\n正文。\n",
        "Title: 甲\nDate: 2020-01-01\n接着是一段话。\n",
        "Tags: a\nSlug: b\n\n没有题目也没有日期。\n",
        "Title: 甲\nDate: 2020\nA: 1\nB-c: 2\nD e: 3\nFf: 4\n\n多半是别的。\n",
    ],
)
def test_lines_that_only_look_like_it_are_text(text):
    assert metadata_lines(text) == {}
    assert front_matter(text, "a.md")[1] == 0


def test_an_article_of_pelican_is_published_with_its_title(make_book):
    book = make_book({"a.md": HEAD}, ("zh-CN",))
    assert "Title" not in book.page("zh-CN")
    assert "正文。" in book.page("zh-CN")


@pytest.mark.parametrize(
    ("text", "data", "lines"),
    [
        ('{\n  "title": "题",\n  "tags": ["甲"]\n}\n\n文', {"title": "题", "tags": ["甲"]}, 4),
        ("---\n\ntitle: 题\n\n---\n\n文", {"title": "题"}, 5),
        ("title: 题\ndate: 2020-01-01\ntags:\n- 甲\n---\n文", {"title": "题", "date": "2020-01-01", "tags": ["甲"]}, 5),
    ],
)
def test_settings_in_json_and_without_their_first_rule_are_read(text, data, lines):
    document, taken = front_matter(text, "a.md")
    assert ({key: str(value) if key == "date" else value for key, value in document.data.items()}, taken) == (
        data,
        lines,
    )
    assert document.line(("title",)) in (1, 2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "{\n  文\n}\n",
        "{\n  [1]\n",
        "---\n\n文\n\n---\n",
        "---\n\n甲: 乙\n\n---\n",
        "标题\n---\n文",
        "title: 题\n---\n文",
        "title: 题\n\ndate: 1\n---\n",
        "甲: 乙\n丙: 丁\n---\n",
    ],
)
def test_what_only_looks_like_settings_is_text(text):
    assert front_matter(text, "a.md")[1] == 0
