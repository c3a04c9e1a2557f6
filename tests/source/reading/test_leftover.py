"""Leftovers: a reader who would see our own marks in the text is told of them, and nobody who means them is."""

from __future__ import annotations

import pytest

from publish.source import pandoc
from publish.source.reading import read_dialects
from publish.source.reading.account import left, unread


def told(source):
    """(kind, line) of the markup of a text that nobody understands."""
    reading = read_dialects(source.split("\n"))
    (blocks,), _ = pandoc.read([("a.md", reading.text)])
    return [(one.kind, one.line) for one in left(reading, blocks)]


@pytest.mark.parametrize(
    ("source", "kind", "line"),
    [
        ("甲乙。\n\n一段话。{.red}", "attributes of nothing", 3),
        ("甲乙。\n\n一段话。{#here}", "attributes of nothing", 3),
        ("甲 **乙", "stars that emphasise nothing", 1),
        ("** 一、开头**\n\n甲", "stars that emphasise nothing", 1),
        ("叫做节奏**。", "stars that emphasise nothing", 1),
        ("同理`product 表也是一对多的关系。", "a backtick without its other", 1),
        ("实现在 `#foo` 和 `#bar 之间的导航链接", "a backtick without its other", 1),
        ("第3行：1$\\sim$9 改为 2", "a formula that is not read", 1),
        ("笑 :bowtie: 笑", "an emoji's name that nobody knows", 1),
        ("这些词在书里出现的次数很多，读者要一个一个地记住，次序是\n2. 乙 和丙", "a list's item within a paragraph", 2),
        ('说明\n{% articleCard\nurl="a"\n%}', "a Liquid tag", 2),
    ],
)
def test_markup_that_stands_as_text_is_told_with_its_line(source, kind, line):
    assert (kind, line) in told(source)


@pytest.mark.parametrize(
    "source",
    [
        "写成 \\*\\*粗体\\*\\* 或 \\`代码\\`，\\[[链接]] 与 \\==高亮==",
        "函数 f(*args, **kwargs)，2**10，E**c，****depends",
        "键是 <code>`</code>，按 <kbd>```</kbd>",
        "代码 `**` 与 `{.red}` 与 `:::` 与 `[[a]]`",
        "比例 1:2:3，地址 a:b:c，时间 10:30:45，std::string::npos",
        "若 a==b 且 c==d，x = {a: 1}，${HOME}，f({x: 1})",
        '他用 &lt;div class="a"&gt; 包起来',
        "转义写 \\&lt; 与 \\&amp;",
        "餐厅 $$$ 算贵，$ 算便宜",
        "标题用<title>标签，段落用<p>。",
        'a[[1]]、x[["name"]] 与 [[1, 2], [3, 4]]',
        "$$a+b$$ {#eq:one}\n\n甲^[旁注]{.margin}乙",
        "一、二\n\n3\\. 不是列表",
        "```\n:::\n**甲\n{.red}\n```",
    ],
)
def test_what_is_meant_as_it_stands_is_not_told(source):
    assert told(source) == []


def test_a_mark_that_was_told_is_not_told_twice():
    assert [kind for kind, _ in told('::: {foo}\n甲\n\n{{< figure src="a" >}}')] == [
        "a container that is never closed",
        "a Hugo shortcode",
    ]


def test_a_leftover_is_one_finding_for_the_book_with_its_words_and_its_mend():
    reading = read_dialects(["一段。{.red}", "", "又一段。{.red}"])
    (blocks,), _ = pandoc.read([("a.md", reading.text)])
    (finding,) = unread([("a.md", left(reading, blocks))])
    assert str(finding) == (
        "a.md:1: attributes of nothing stands in the text as it was typed (2 times, first here): 一段。{.red}. "
        "Put them right behind what they are of: [词]{.red}, # 标题 {#id}. [markup-unread]"
    )


def test_an_item_on_a_line_of_its_own_is_seen_as_one():
    assert not told("参考答案\n1-5 ABCDB　6-10 CCABD\n11. √　12. ×\n14. 沈从文；沈岳焕")
