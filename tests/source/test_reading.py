"""Reading: what people write every day is read as they meant it, and nothing is lost in silence."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from publish.errors import PublishError
from publish.source import pandoc
from publish.source.document import block_text, rewrite
from publish.source.project import read_project
from publish.source.reading import read_dialects
from publish.source.reading.account import account, source_side
from scripts.dialects import DIALECTS, NARROWED, table


def pandoc_text(source):
    """A text as pandoc is to read it."""
    return read_dialects(source.split("\n")).text


def unread(source):
    """(kind, line) of what was not understood."""
    return [(one.kind, one.line) for one in read_dialects(source.split("\n")).unread]


def findings(source):
    """The findings of the account."""
    reading = read_dialects(source.split("\n"))
    (blocks,), _ = pandoc.read([("a.md", reading.text)])
    return account("a.md", reading, source_side(reading), blocks)


def shown(source):
    """What a reader gets of a text."""
    (blocks,), _ = pandoc.read([("a.md", pandoc_text(source))])
    return block_text(blocks)


@pytest.mark.parametrize(
    "text",
    [
        "价格10~20元，气温-5~3度，好呀~谢谢~",
        "2^10 与 a^2+b^2 和 (^_^)",
        "D:\\资料\\目录 与 C:\\Users\\张三\\a.md",
        "\\n 换行，\\d+ 数字，D:\\ 盘和 E:\\ 盘",
        "一美元($)等于七元，十美元($)等于七十元",
        "US$5 到 US$6，$HOME:$PATH 与 ${VERSION}",
        "$HOME=$PATH，$MY_VAR/$OTHER，$(pwd)/$(date)，$PATH 与 $HOME",
        "$a $b，从 $5 到 $ 6，5 $ 与 6 $，$HOME 和 $ 号",
        "价格是$5，涨到$6，又到$7",
        "若 a==b==c 则停",
        "List<String> 与 <你的名字> 和 <version>",
        "比例 1:100:5，时间 10:30:45",
        "完成度 50%%，其中 80%%",
    ],
)
def test_marks_that_are_no_markup_stay(text):
    assert shown(text).strip() == text


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("水是 H~2~O", "H~2~O"),
        ("| 期 | 率[`ml`] | 酐[`mol`] |\n|---|---|---|\n| 一 | `50` | `1` |", "| 期 | 率[`ml`] | 酐[`mol`] |\n|---"),
        ("- | 甲 | 乙 |\n  |:-:|:-:|\n  | 丙 | 丁 |", "- | 甲 | 乙 |\n  |:-:|:-:|\n  | 丙 | 丁 |"),
        ("| 甲 | 乙 |\n|---|---|\n| `a|b` | 丙 |", "| `a|b` | 丙 |"),
        ("一、放假时间\n10月1日至7日放假，共七天。", "一、放假时间  \n"),
        ("某某有限公司\n2024年9月20日", "公司  \n"),
        ("1.1 甲方付款，期限如下。\n1.2 乙方交货。", "如下。  \n"),
        ("📍地址：某街\n⏰时间：十点\n💰人均：五十", "某街  \n"),
        ("往期：\n[甲](https://a.example/1)\n[乙](https://a.example/2)", "往期：  \n"),
        ("祝好。\n\n" + " " * 40 + "张三\n" + " " * 40 + "2024年1月2日", "::: {.signature}\n张三  \n2024年1月2日\n:::"),
        ("祝好。\n\n" + "\u3000" * 12 + "张三", "::: {.signature}\n张三\n:::"),
        ("好。\n\n    缩进的诗行\n    第二行", "缩进的诗行  \n"),
        ("输出：\n\n    你好世界", "    你好世界"),
        ("```py\nprint(信)\n```\n\n    尊敬的先生\n    谢谢", "    尊敬的先生\n    谢谢"),
        ("| 甲 | 乙 |\n|---|---|\n| $|x|$ | 丙 |", "| $\\vert x\\vert$ | 丙 |"),
        ("皇\u200b后与理\ufeff发\u00ad店", "皇后与理发店"),
        ("甲。\n\n◇◇◇\n\n乙。", "::: {.scene-break}\n◇◇◇\n:::"),
        ("甲。\n\n＊　＊　＊\n\n乙。", "::: {.scene-break}"),
        ("| 甲 | 乙 |\n| 丙 | 丁 |", "\\| 甲 | 乙 |  \n"),
        ("设 $`y^2`$ 为", "$y^2$"),
        ("```math\nc = d\n```", "$$\nc = d\n$$"),
        ("有块。 ^a1b2c3", "[]{#a1b2c3}"),
        ("有块。 ^abc-1\n\n见[[#^abc-1]]", "[]{#abc-1}"),
        ("好。\n\n" + "\u3000" * 9 + "儿：张三\n\n" + "\u3000" * 9 + "2024-01-02\n\n又及。", "::: {.signature}\n儿"),
        ("这一段引文很长很长，一行放不下，被编辑器在这里\n折成两行。\n——鲁迅", "这里\n折成两行。  \n"),
        ("电话：123\n地址：某街\n谢谢大家。", "电话：123  \n地址：某街  \n"),
        ("姓　名：张　三\n性　别：男", "张　三  \n"),
        ("（1）甲\n（2）乙\n说明一下。", "（2）乙  \n"),
        ("我是一片云，\n偶尔投影在波心——\n你不必讶异，\n更无须欢喜", "波心——  \n"),
        ("鸡蛋 3 个\n盐 1/2 小匙、糖 1 小匙\n油 适量", "3 个  \n"),
        ("####### 七个井号", "\\####### 七个井号"),
        ("## 一\n##没有空格", "\n## 没有空格"),
        ("x^2^ 与 10^-3^", "x^2^ 与 10^-3^"),
        ("见文献^[1,2]^。", "^\\[1,2\\]^"),
        ("设 $x^2$ 与 $速度=路程$", "$x^2$ 与 $速度=路程$"),
        ("用 \\(a_1\\) 表示", "$a_1$"),
        ("设 $x \\in \\{0,1\\}$，$\\|x\\|$ 与 $\\{\\text{是}, \\text{否}\\}$", "$\\{\\text{是}, \\text{否}\\}$"),
        ("坐标 $(i, j)$ 与 $(3，1)$，边 $AB$ 与 $LL(D)$，$(P$", "坐标 $(i, j)$ 与 $(3，1)$，边 $AB$ 与 $LL(D)$，$(P$"),
        ("若 $k $ 大，$ x^2 $ 与 $O(d + n) $ 皆可", "若 $k$ 大，$x^2$ 与 $O(d + n)$ 皆可"),
        ("每个部分为$40$MB，共$2.5$个", "每个部分为$40$MB，共$2.5$个"),
        ("快 5$\\times$，第 GPU$j$ 块，$n$-gram", "快 5$\\times$，第 GPU$j$ 块，$n$-gram"),
        ("这里==很要紧==。", "==很要紧=="),
        ("见[[02|下一章]]", "[下一章](02.md){.wikilink}"),
        ("![[图.png|300]]", "{width=300px}"),
        ("正文%%自己看的%%完", "正文完"),
        ("见 https://例子.cn/里面。", "<https://例子.cn/里面>。"),
        ("::: tip 小贴士\n文\n:::", "::: {.admonition .tip}"),
        ("::: 说明\n文\n:::", "说明"),
        ("> [!WARNING]\n> 文", "::: {.admonition .warning}"),
        ('!!! danger "险"\n    文', "::: {.admonition .danger}"),
        ("```js {1,3-5}\nx\n```", '``` {.js marked="1,3-5"'),
        ('```python title="a.py"\nx\n```', 'title="a.py"'),
        ("~~~vue [App.vue]\nx\n~~~", 'title="App.vue"'),
        ("## C++ 与 C#", "C\\#"),
        ("　　第一段", "第一段"),
        ("如下：\n| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |", "如下：\n\n| 甲"),
        ("要点：\n1. 甲", "要点：\n\n1. 甲"),
        ("---\n文\n---", "* * *"),
        ("[张三]: 你好", "\\[张三]: 你好"),
        ("限到 [$-$1,1] 与 $\\times$3", "限到 [\u22121,1] 与 \u00d73"),
        ("谢[@zhangsan](https://example.org/z)。", "谢[@zhangsan](https://example.org/z)。"),
        ("他说完。\n\n: 好", "\n\\: 好"),
        ("词\n\n: 解释", "\n: 解释"),
        ("词\n~ 解释", "\n\\~ 解释"),
        ("上\n<!-- more -->\n下", "上\n\n<!-- more -->\n\n下"),
        ("见 \\@eq:x 吧", "见 [\\@]{.keep}eq:x 吧"),
        ("- 甲\n\n　　续段\n- 乙", "- 甲\n\n  续段\n- 乙"),
        ("- 甲\n\n　　正文", "- 甲\n\n正文"),
        ("密码****，*注：无", "密码\\*\\*\\*\\*，\\*注：无"),
        ("*args，3 * 4", "\\*args，3 \\* 4"),
        ("(^_^) (>_<)", "(\\^\\_\\^) (>\\_<)"),
        ("脸¯\\_(ツ)_/¯ 和 \\(^o^)/", "脸¯\\\\\\_(ツ)\\_/¯ 和 \\\\\\(\\^o\\^)/"),
        ("****；五星*****；好*", "\\*\\*\\*\\*；五星\\*\\*\\*\\*\\*；好\\*"),
        ("**Note:**text", "**Note:**text"),
        ("[链接](a.md)*(in English)*", "[链接](a.md)*(in English)*"),
        ("[//]: # (注释)\n\n文", "\n\n文"),
        ("(.*?) 与 \\s*", "(.\\*?) 与 \\\\s\\*"),
        ("[注][《书》](a.md)", "\\[注][《书》](a.md)"),
        ("姓名\t年龄\n张三\t18", "姓名\u3000\u3000年龄  \n张三"),
        ("+----+------+\n| x_ | 5~10 |\n+----+------+", "| x_ | 5~10 |"),
    ],
)
def test_what_people_write_is_read(source, made):
    assert made in pandoc_text(source)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ('一\n\n{{< figure src="a.png" >}}', "a Hugo shortcode"),
        ("一\n\n{% note %}二{% endnote %}", "a Liquid tag"),
        ("一\n\n{{#include a.rs}}", "an include"),
        ("一\n\n见 {ref}`甲`", "a role"),
        ("一\n\n\\noindent 二", "a command of TeX"),
        ("一\n\n文[^没有]", "the call of a note that is not there"),
        ("一\n\n```py\nx", "fenced code that is never closed"),
        ("一\n\n跪了 ^orz", "a block's own name"),
        ("一\n\n| 甲 | 乙 |", "a table without a line of dashes"),
        ("一\n\n按 ++ctrl+c++", "keys of MkDocs"),
        ("一\n\n{++新++}的", "a mark of an editor (CriticMarkup)"),
        ("一\n\n*[HTML]: 语言", "an abbreviation's explanation"),
        ("一\n\nimport Tabs from '@theme/Tabs';", "an import or export of MDX"),
        ("一\n\n####### 二", "more # than the six of a heading"),
        ("一\n\n#没有空格", "a # without a space behind it"),
        ("一\n\n<div>\n没关", "an element that is never closed"),
        ("一\n\n[干]{zh-TW=“乾”}", "an attribute in an input method's marks"),
        ("一\n\n【词】{.index}", "an attribute behind no brackets"),
        ('一\n\n没关上的[词{.index key="词"}，后面', "an attribute behind no brackets"),
        ("一\n\n文[@key]", "a citation without a bibliography"),
        ("一\n\n见[文字][没有]。", "a link to an address that is not there"),
        ("一\n\n见[别的][]。", "a link to an address that is not there"),
        ("一\n\n见[词]（https://a.cn/b）", "a link in an input method's brackets"),
        ("一\n\n![图]（a.png）", "a link in an input method's brackets"),
    ],
)
def test_what_no_reader_knows_is_told_with_its_line_and_stands_as_it_was_typed(source, kind):
    assert (kind, 3) in unread(source)
    letters = re.findall(r"\w+", source.partition("\n\n")[2])
    assert all(word in shown(source) or kind.startswith("fenced") for word in letters)


@pytest.mark.parametrize(
    ("source", "verse"),
    [
        ("> 朝辞白帝彩云间，\n> 千里江陵一日还。", True),
        ("> 朝辞白帝彩云间，\n千里江陵一日还。", True),
        ("白日依山尽，\n黄河入海流。\n欲穷千里目，\n更上一层楼。", True),
        ("白日依山尽，\n黄河入海流。", False),
        ("> 甲：你来了吗？\n> 乙：我来了呀。", False),
        ("> 这一行折断了\n> 那一行也折断", False),
    ],
)
def test_lines_of_one_length_are_verse(source, verse):
    assert ("| " in pandoc_text(source)) is verse
    told = [one for one in findings(f"文\n\n{source}\n") if one.code != "lines-joined"]
    assert not told


def test_verse_that_was_written_with_bars_gets_no_more_of_them():
    verse = "| 河水汤汤，\n| 行人彷徨。\n| 一篙在手，\n| 两岸相望。\n"
    for before in ("", "清楚：[^a]\n\n[^a]: 注文。\n\n", "> "):
        text = before + verse.replace("\n|", "\n> |" if before == "> " else "\n|")
        assert "| |" not in pandoc_text(text)


def test_code_is_left_alone():
    source = "```\n::: tip 甲\n!!! note\n9~11 ==x== \\d\n```\n\n`a~b~c ==x== \\d`\n\n    $a$ ~b~"
    assert pandoc_text(source).rstrip("\n") == source


def test_each_row_keeps_the_line_of_its_source():
    source = "::: tip 甲\n乙\n:::\n如下：\n| 甲 |\n|---|\n\n末"
    rows = read_dialects(source.split("\n")).rows
    assert [one.line for one in rows if one.text == "末"] == [8]
    assert [one.line for one in rows] == sorted(one.line for one in rows)


def test_sub_and_superscripts_and_words_in_parts_are_no_difference_between_two_readers():
    codes = [one.code for one in findings("水是H~2~O，x^2^，inter**nation**al，头**发**。\n")]
    assert "read-differently" not in codes


def test_where_two_readers_differ_both_readings_are_told():
    reading = read_dialects(["文", "", "甲乙丙"])
    (blocks,), _ = pandoc.read([("a.md", "文\n")])
    [finding] = [
        one for one in account("a.md", reading, source_side(reading), blocks) if one.code == "read-differently"
    ]
    assert (finding.severity, finding.place.line) == ("warning", 3)
    assert 'a CommonMark reader shows "甲乙丙", pandoc does not, in: 甲乙丙' in finding.problem


def test_a_note_that_nothing_calls_is_told_once_and_by_its_name(make_book):
    book = make_book({"a.md": "# 题\n\n字[^b]。\n\n[^a]: 没有人叫的注\n\n    第二段。\n\n[^b]: 有人叫。\n"}, ("zh-CN",))
    told = [(one.code, one.place.line, one.problem) for one in book.findings if one.place.line]
    assert told == [("note-unused", 5, "nothing calls the note [^a], so it is not in the book")]


@pytest.mark.parametrize(
    "source",
    [
        "文\n\n[甲](<乙丙>)\n",
        "见 <https://example.org/a/Computer%20Network.md>。\n",
        "文[^a]\n\n[^a]: 有人叫\n",
        "矩阵有$100*1000$格，得到$100*250$格。\n",
        "![图](我的 图片/第 一 张.png)，见[说明](../doc s/a b.md)\n",
        '![图](甲 乙.png =300x "题 目") ![图](a.png "题 目" =300x200)\n',
        "![甲 [乙](https://a.cn/b)](c.png)\n",
        "2*3*4 得 24，a*b*c。\n",
        "| 甲 | 乙 |\n|---|---|\n| `a|b` | 丙 |\n",
        "数组 a[i][j]，见[1][2]，[甲][乙]。\n\n[乙]: https://example.org\n",
        "一[^a]，二[^a]。\n\n[^a]: 叫了两次的注\n",
        "```markdown\n::: glossary\n:::\n```\n",
        '```{=html}\n<iframe\n  src="https://a.cn/b"\n  border="0">\n</iframe>\n```\n',
        "".join("  " * level + f"- 第 {level} 层\n" for level in range(30)),
    ],
)
def test_where_two_readers_agree_nothing_is_told(source):
    assert findings(source) == []


def test_text_that_is_not_in_the_book_is_told():
    reading = read_dialects(["文", "", "没有的字"])
    (blocks,), _ = pandoc.read([("a.md", "文\n")])
    codes = [(one.code, one.place.line) for one in account("a.md", reading, source_side(reading), blocks)]
    assert ("text-lost", 3) in codes


PIECES = st.sampled_from(
    "头发 a1 ~ ^ $ \\ == ** * _ ` [ ] ( ) {.keep} # > - 1. ::: !!! | < > & : % @ 。 “引” $x$ ~~删~~ [链](a.md) "
    "H~2~O x^2^ `码` [^1] [[页]] {{x}} <b>粗</b> <x> https://a.cn/b \\n ![图](a.png) :smile: %%".split()
)
LINES = st.lists(PIECES, max_size=6).map(" ".join)


SEEN = ("头发", "。", "“引”", "删", "粗", "码", "链", "页", "H", "O", "a1")


def lost(source, *, read=shown, tell=findings):
    """Words of a source that a reader gets less often than it has them, and of which nothing is said."""
    if any(one.code == "text-lost" for one in tell(source)):
        return []
    # A comment is not for readers, and ends where its paragraph does; between several marks any may be one.
    bare = re.sub(r"%%(?:(?!\n[ \t]*\n).)*%%", "", source, flags=re.DOTALL)
    bare = re.sub(r"::: +a1\b", "", bare)  # the class of a division, as pandoc writes it
    got = read(source)
    return [word for word in SEEN if got.count(word) < bare.count(word)]


TEXTS = st.lists(LINES, min_size=1, max_size=6).map(lambda lines: "\n".join(lines) + "\n")


@settings(max_examples=25, deadline=None)
@given(TEXTS)
def test_no_word_of_any_text_is_lost_in_silence(source):
    assert lost(source) == []


@pytest.mark.verify
@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_no_word_of_many_texts_is_lost_in_silence(source):
    assert lost(source) == []


def forgetful(source):
    """A reader that loses what is struck out."""
    return shown(source).replace("删", "")


def test_a_reader_that_loses_words_in_silence_is_found_out():
    quick = settings(max_examples=400, deadline=None, database=None, phases=[Phase.generate])

    def of_its_own(source):
        return lost(source, read=forgetful, tell=lambda _: []) and not lost(source, tell=lambda _: [])

    found = find(TEXTS, of_its_own, settings=quick)
    assert "~~删~~" in found
    assert lost(found) == []


def test_the_account_tells_of_what_a_reader_loses(monkeypatch):
    source = "文字~~删~~和`码`。\n"
    assert findings(source) == []
    whole = pandoc.read

    def forgetful(texts, form=pandoc.READER):
        blocks, warnings = whole(texts, form)
        return [rewrite(one, None, without) for one in blocks], warnings

    def without(inlines, _line):
        return [one for one in inlines if one["t"] not in ("Strikeout", "Code")]

    monkeypatch.setattr(pandoc, "read", forgetful)
    assert [one.code for one in findings(source)] == ["text-lost", "read-differently"]
    assert "删 码" in findings(source)[0].problem


def test_a_folder_is_read_in_natural_order_with_its_subfolders(folder):
    names = [
        "第10章.md",
        "第2章.md",
        "README.md",
        "附/第十一章.md",
        "附/第九章.md",
        "附/README.md",
        "_草稿.md",
        "node_modules/a.md",
    ]
    root = folder(dict.fromkeys(names, "# 题\n"))
    found = [(str(one.path.relative_to(root)), one.level) for one in read_project(root).chapters]
    assert found == [
        ("README.md", 0),
        ("第2章.md", 0),
        ("第10章.md", 0),
        ("附/README.md", 0),
        ("附/第九章.md", 1),
        ("附/第十一章.md", 1),
    ]


def test_chapters_nest_as_deep_as_the_list_goes(folder):
    settings_ = (
        "title: t\nchapters:\n- a.md\n- part: 甲\n  chapters:\n  - b.md: [c.md]\n  - title: 组\n    chapters: [d.md]\n"
    )
    root = folder({"book.yaml": settings_, **{f"{name}.md": "# 题\n" for name in "abcd"}})
    found = [(Path(one.path).stem, one.level, one.part, one.grouping) for one in read_project(root).chapters]
    assert found == [
        ("a", 0, "", False),
        ("b", 0, "甲", False),
        ("c", 1, "", False),
        ("d", 0, "", True),
        ("d", 1, "", False),
    ]


def test_the_page_on_dialects_is_that_of_the_code():
    assert DIALECTS.read_text(encoding="utf-8") == table(), "run: python -m scripts.dialects"


def test_dollars_in_fenced_code_begin_no_formula():
    source = (
        "1. 写作：\n\n    ```         \n    $$\n    \\def\\x#1{{\\y #1}}\n    $$\n    ```\n\n    完\n\n$$\n```\n$$\n"
    )
    assert not unread(source)
    assert "完" in shown(source)


def test_names_of_addresses_used_often_are_accounted_for():
    source = '去[一处][down]，再去[二处][down]，又去[三处][down]。\n\n[down]:https://example.org/ "下载"\n'
    assert not findings(source)


@pytest.mark.parametrize(
    ("source", "got"),
    [
        ("!!! 头发\n    洗干净。\n", "头发\n洗干净。"),
        ("!!! myth\n    洗干净。\n", "myth\n洗干净。"),
        ('!!! myth ""\n    洗干净。\n', "洗干净。"),
        ("!!! note\n    洗干净。\n", "洗干净。"),
        ("> [!误会]\n> 洗干净。\n", "误会\n洗干净。"),
    ],
)
def test_a_kind_of_box_that_its_author_made_up_is_its_title(source, got):
    assert shown(source).strip() == got


def test_a_container_whose_name_is_no_name_stands_as_it_was_typed():
    assert "删" in shown("::: ~~删~~\n\n文\n")
    assert "。" in shown("::: 。\n\n文\n")
    assert "头发" in shown("* ::: 头发\n")


@pytest.mark.parametrize(
    "text",
    [
        "标题用<title>标签。\n\n后。\n\n```html\n<title>题</title>\n```",
        "用<title>和</title>之间，用<textarea>输入</textarea>。",
        "<title>标签很重要。\n\n`</title>`\n\n后。",
        "说<script>标签\n\n末 `</script>`。",
        "每段在<p>里，<li>是一项，图片用<img>，页头用<meta>。",
        "写 <template> 和 <button>。\n\n```vue\n<template></template>\n```",
    ],
)
def test_a_tag_that_is_named_in_a_sentence_takes_nothing_with_it(make_book, text):
    page = make_book(text, ("zh-CN",)).page("zh-CN")
    shown = re.sub(r"<[^<>]*>", "", page).replace("&lt;", "<").replace("&gt;", ">")
    assert shown.split("\n") == re.sub(r"\n+```\w*|`", "", text).replace("\n\n", "\n").split("\n")


def test_an_element_that_shows_nothing_goes_whole_where_it_is_meant(make_book):
    book = make_book(
        "<style>\np { color: red }\n</style>\n\n前<video src='a.mp4'>看不了</video>后。\n\n<script>alert(1)</script>\n",
        ("zh-CN",),
    )
    assert book.page("zh-CN") == "<p>前后。</p>"


@pytest.mark.parametrize(("given", "got"), [row[1:] for row in NARROWED], ids=[row[0] for row in NARROWED])
def test_the_page_on_dialects_says_what_a_reader_gets(given, got):
    assert shown(given).split() == got.split()


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("要点：\n1、山\n2、水", 2),
        ("（一）山\n（二）水", 1),
        ("• 山\n• 水\n• 云", 2),
        ("**老舍**：来啦？\n（掌声）\n**王利发**：来啦！", 2),
        ("床前明月光，\n疑是地上霜。", 1),
        ("[1] 张三：书。\n[2] 李四：书。", 1),
        ("A. 山\nB. 水", 1),
        ("——来啦？\n——来啦。", 1),
        ("他说完了。\n——鲁迅《故乡》", 1),
        ("此致\n敬礼！", 1),
        ("小明 10:05\n在吗？", 1),
        ("[2024-01-01 10:00] 启\n[2024-01-01 10:01] 停", 1),
        ("－ 甲\n－ 乙", 1),
        ("-甲\n-乙", 1),
        ("1。甲\n2。乙", 1),
        ("周一 甲\n周二 乙", 1),
        ("✅ 已完成\n❌ 未完成", 1),
        ("〔1〕甲。\n① 乙。", 1),
        ("【主歌】\n我曾经跨过山和大海\n也穿过人山人海", 2),
        ("每行都短，\n可是有标点，\n所以相连", 0),
        ("姓名\t年龄\n张三\t18\n李四\t20", 2),
        ("这里的意思\n——也就是说——接着", 0),
        ("会议在 9:30 开始，\n10:30 结束，\n有茶歇。", 2),
        ("这一段是编辑器在固定的宽度替人折行的，\n所以换行处不一定有标点，也不会都是\n2、这样开头", 0),
        ("他说\n1、是", 0),
        ("注意：编辑器替人折行的文字总是写得满满的，它\n不会每行都有冒号：", 0),
        ("山高，\n水长流。", 0),
        ("**注意**\n删除以后不能恢复。", 1),
        ("敬请\n福安", 1),
        ("Ⅰ. 甲\nⅡ. 乙", 1),
        ("第一，这样做。\n第二，那样做。", 1),
        ("敬请光临，\n谢谢大家的支持", 0),
        ("这里是\n**重要**\n的话，要折行", 0),
        ("**注意**\n，这里接着说", 0),
    ],
)
def test_lines_that_their_author_set_apart_stay_lines(make_book, text, breaks):
    assert make_book(text, ("zh-CN",)).page("zh-CN").count("<br/>") == breaks


@pytest.mark.parametrize(
    "name", ["image", "image-20210302112233445", "在这里插入图片描述", "Pasted image 20240102", "a.png"]
)
def test_what_an_editor_wrote_for_a_description_is_no_caption(make_book, png, name):
    page = make_book({"a.md": f"# 题\n\n![{name}](x.png)\n", "x.png": png}, ("zh-CN",)).page("zh-CN")
    assert "<figcaption>" not in page
    assert f'alt="{name}"' in page


@pytest.mark.parametrize("caption", ["图", "图 1：结构", "Image of a hill", "2021 年的山", "山的图片"])
def test_a_description_that_says_something_is_a_caption(make_book, png, caption):
    page = make_book({"a.md": f"# 题\n\n![{caption}](x.png)\n", "x.png": png}, ("zh-CN",)).page("zh-CN")
    assert f"<figcaption>{caption}</figcaption>" in page


def test_a_size_behind_an_address_is_the_pictures_width_and_a_broken_rule_a_rule(make_book, png):
    book = make_book(
        {"a.md": '![山](x.png#pic_center =600x)\n\n<hr style=" a" size=1">\n\n末\n', "x.png": png}, ("zh-CN",)
    )
    assert 'width="600"' in book.page("zh-CN")
    assert "<hr/>" in book.page("zh-CN")


@pytest.mark.parametrize("sized", ['x y.png =600x "题"', 'x y.png "题" =600x400', "<x y.png> =600x"])
def test_a_size_stands_before_or_behind_a_title_and_addresses_may_have_spaces(make_book, png, sized):
    page = make_book({"a.md": f"# 题\n\n![山]({sized})\n", "x y.png": png}, ("zh-CN",)).page("zh-CN")
    assert 'width="600"' in page
    assert ('title="题"' in page) == ("题" in sized)


def test_a_remark_in_round_brackets_behind_square_ones_is_no_address():
    assert pandoc_text("[注](见 上文)，f(x)[i](j k)，[图](见/上 文.png)").splitlines() == [
        "[注]\\(见 上文)，f(x)[i]\\(j k)，[图](见/上 文.png)"
    ]


@pytest.mark.parametrize(
    "source",
    [
        "````\n```tex\n\\begin{array}{c}\n\\end{array}\n```\n````\n\n## 节",
        "```\n\\begin{array}{c}\n\\end{array}",
        "用 `$$` 包起来。\n\n```tex\n$$\n\\begin{array}{c}\n\\end{array}\n$$\n```\n\n## 节",
        "- 项\n\n  ~~~\n  \\begin{x}\n  ```\n  \\end{x}\n  ~~~\n\n## 节",
    ],
)
def test_an_environment_in_code_is_code_however_fences_are_nested(source):
    assert "environment" not in str(unread(source))
    assert pandoc_text(source).startswith(source)
    assert (shown(source).endswith("节")) == ("##" in source)


def test_an_environment_in_a_formula_is_its_part_whatever_dollars_stand_before():
    source = "用 `$$` 与 $$ 包。\n\n$$\n\\begin{array}{c}\n\\end{array}\n$$\n\n值 $$\n\\begin{cases}y\\end{cases}$$\n"
    assert "environment" not in str(unread(source))
    assert "```" not in pandoc_text(source)


def test_code_of_han_words_stays_code(make_book):
    assert "<pre>" in make_book("    输出 = 甲 + 乙\n", ("zh-CN",)).page("zh-CN")


def test_a_full_width_mark_of_headings_is_told():
    assert unread("＃ 标题\n\n文") == [("a full-width mark where # or * is meant", 1)]


def test_another_tools_theme_is_told_in_an_article_and_a_misspelt_one_is_an_error(folder):
    article = folder({"a.md": "---\ntitle: 题\ntheme: smartblue\n---\n\n文\n"}) / "a.md"
    assert "set-unused" in [one.code for one in read_project(article).findings]
    article.write_text("---\ntitle: 题\ntheme: esay\n---\n\n文\n", encoding="utf-8")
    with pytest.raises(PublishError, match='unknown theme "esay"'):
        read_project(article)


def tree(source):
    """Pandoc's blocks of a text."""
    (blocks,), _ = pandoc.read([("a.md", pandoc_text(source) + "\n")])
    return blocks


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("C:\\>dir /s *.txt", "C:\\>dir /s *.txt"),
        ("在 C:\\_temp\\*.log 和 D:\\[备份]\\a", "在 C:\\_temp\\*.log 和 D:\\[备份]\\a"),
        (".\\_build 与 C:\\Users\\*.log", ".\\_build 与 C:\\Users\\*.log"),
        ("a\\_b 与 5\\*3", "a_b 与 5*3"),
    ],
)
def test_a_backslash_in_a_path_of_windows_is_a_letter(source, shown):
    assert block_text(tree(source)) == shown


@pytest.mark.parametrize(
    ("source", "formulas"),
    [
        (r"\(a+b\)，\(f(x)\)，\(0 < x < 1\)，\(n\)", 4),
        ("\\[\na+b\n\\]", 1),
        (r"\(\d+\)，\(注\)，\(see below\)，\(1\)", 0),
        (r"见\[a\]，正则 \[a-z\]", 0),
    ],
)
def test_formulas_in_the_brackets_of_tex_need_no_sign_of_tex(source, formulas):
    assert str(tree(source)).count("'Math'") == formulas


@pytest.mark.parametrize(
    ("source", "formulas"),
    [
        ("则：$$f=\\begin{cases}\n4.72 & x \\le 3\\\\\n5.57 & 3 < x\n\\end{cases}$$，其中", 1),
        ("则\n$$\\begin{aligned}\nP(O)\n&= [P(o) + 1] \\\\\n&= c, t=1,2\n\\end{aligned}\n$$\n得证。", 1),
        ("函数\n$$\n\\frac{a}{b} \\\\\n1, 2\n$$其中 $a$", 2),
        ("1. 则 $$\\begin{cases}\n   1. & x\n   \\end{cases}$$ {#eq:a}\n2. 乙", 1),
        ("$\\because b = \\left \\{\n\\begin{array}{ll}\n1, & y \\\\\n0, & 否则\n\\end{array} \\right.$", 1),
        ("甲 $$ 乙\n\n丙 $$ 丁", 0),
    ],
)
def test_a_formula_over_lines_that_begins_beside_text_is_one_whatever_its_lines_begin_with(source, formulas):
    shown = str(tree(source))
    assert shown.count("'Math'") == formulas
    assert "CodeBlock" not in shown
    assert "\\begin" not in re.sub(r"'Math', 'c': .*?\]", "", shown)


@pytest.mark.parametrize(
    ("source", "formulas"),
    [
        (r"与 $\ce{N2 + 3H2 <=>[高温、加压][催化剂] 2NH3}$，$\ce{Ag+ + Cl- -> AgCl v（白色）}$。", 2),
        (r"即 $\begin{cases}p：精度，\\q\end{cases}$。", 1),
        ("的 $ σ $ 键，$\tλ = 1$", 2),
        ("价 $5（约 \\ce 以下），收 $6。", 0),
    ],
)
def test_what_opens_with_a_command_of_chemistry_is_a_formula_whatever_words_it_has(source, formulas):
    assert str(tree(source)).count("'Math'") == formulas


@pytest.mark.parametrize(
    "source",
    ["![图](屏幕 截图 (1).png)", '![图](a b/屏幕 截图(1).png "题")', "![图](a.png)"],
)
def test_a_picture_may_have_spaces_and_brackets_in_its_name(source):
    assert "'Image'" in str(tree(source))


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("#\u00a0标题", "Header"),
        ("#\u3000标题", "Header"),
        ("-\u00a0甲\n-\u00a0乙", "BulletList"),
        ("1.\u00a0甲\n2.\u00a0乙", "OrderedList"),
        ("文\n\n*\u3000*\u3000*\n\n文", "HorizontalRule"),
        ("他走了。\n---\n她也走了。", "HorizontalRule"),
        ("标题\n---\n她也走了。", "Header"),
    ],
)
def test_marks_of_blocks_are_read_with_whatever_space_is_behind_them(source, kind):
    assert kind in [one["t"] for one in tree(source)]


@pytest.mark.parametrize(
    ("source", "numbers"),
    [
        ("1. 甲\n3. 乙\n2023. 丙\n", ["", "3", "2023"]),
        ("10. 丙\n9. 乙\n8. 甲\n", ["", "9", "8"]),
        ("> 1. 甲\n> 4. 乙\n> 5. 丙\n", ["", "4", ""]),
        ("- 项\n\n  1. 甲\n\n     段\n\n  7. 乙\n- 又\n", ["", "", "7", ""]),
        ("1. 甲\n1. 乙\n1. 丙\n", ["", "", ""]),
        ("5. 甲\n6. 乙\n", ["", ""]),
    ],
)
def test_items_have_the_numbers_that_were_typed(make_book, source, numbers):
    book = make_book(source, ("zh-CN",))
    page = book.page("zh-CN")
    assert re.findall(r'<li(?: value="(\d+)")?', page) == numbers
    assert page.count("<ol") == 1
    assert "list-number" not in [one.code for one in book.findings]


def test_a_number_that_stands_twice_in_a_list_is_told_with_its_line(make_book):
    found = make_book("文\n\n1. 甲\n2. 乙\n2. 丙\n", ("zh-CN",)).findings
    [said] = [one for one in found if one.code == "list-number"]
    assert (said.place.line, "numbered 1, 2, 2" in said.problem) == (3, True)


def test_the_name_of_a_wiki_link_that_leads_nowhere_is_told_as_it_was_typed(make_book):
    found = make_book("文\n\n见[[笔记]]与[[甲#节|乙]]。\n", ("zh-CN",)).findings
    told = [(one.place.line, one.problem) for one in found if one.code == "link-broken"]
    assert [line for line, _ in told] == [3, 3]
    assert '"[[笔记]]"' in told[0][1]
    assert '"[[甲#节]]"' in told[1][1]


def test_a_comment_leaves_no_space_between_lines(make_book):
    assert make_book("- 甲\n  <!-- 注 -->\n  乙\n", ("zh-CN",)).page("zh-CN").count("甲乙") == 1


def test_the_color_of_a_font_is_kept(make_book):
    page = make_book('<font color=red>红</font><font color="00ff00" size="5">绿</font>\n', ("zh-CN",)).page("zh-CN")
    assert '<span style="color:red">红</span><span style="color:#00ff00;font-size:x-large">绿</span>' in page


@pytest.mark.parametrize(
    ("source", "page"),
    [
        (
            "**“引文”**说，他说**“不行！”**，**Note:**文",
            "<strong>“引文”</strong>说，他说<strong>“不行！”</strong>，<strong>Note:</strong>文",
        ),
        ("*斜**粗**斜*，**粗*斜*粗**", "<em>斜<strong>粗</strong>斜</em>，<strong>粗<em>斜</em>粗</strong>"),
        ("**没关上\n\n另一段**", "<p>**没关上</p>\n<p>另一段**</p>"),
        ("- *甲*\n- 乙*丙", "<li><em>甲</em></li>\n<li>乙*丙</li>"),
        ("5*6=30，a*b*c，2**10，(a+b)*(c+d)", "<p>5*6=30，a*b*c，2**10，(a+b)*(c+d)</p>"),
        (
            "snake_case_x，_x_，（_y_），文件_备份_2",
            'snake_case_x，<em class="western">x</em>，（<em class="western">y</em>），文件_备份_2',
        ),
        ("|*甲|乙*|\n|-|-|\n|**丙**|丁|", "<th>*甲</th>\n<th>乙*</th>"),
    ],
)
def test_marks_of_emphasis_are_those_that_commonmark_and_chinese_have(make_book, source, page):
    book = make_book(source, ("zh-CN",))
    assert page in re.sub(r'<p id="[^"]*">', "<p>", book.page("zh-CN"))
    assert "read-differently" not in [one.code for one in book.findings]


def test_arrows_stay_as_their_author_typed_them(make_book):
    assert ">甲↔乙，丙↔\ufe0e丁，回车↩</p>" in make_book("甲↔乙，丙↔\ufe0e丁，回车↩\n", ("zh-CN",)).page("zh-CN")


def test_paragraphs_of_a_definition_are_paragraphs(make_book):
    page = make_book("苹果\n:   一种水果。\n\n    红的。\n", ("zh-CN",)).page("zh-CN")
    assert re.findall(r"<p[^>]*>([^<]*)</p>", page) == ["一种水果。", "红的。"]


@pytest.mark.parametrize(
    "source",
    [
        "\u3000" * 8 + "静夜思\n\n床前明月光，好一个夜晚。",
        "正文。\n\n" + "\u3000" * 8 + "（全书完）",
        "正文。\n\n" + "\u3000" * 8 + "第二节\n\n正文。",
        "\n".join("\u3000" * 8 + one for one in ("山高水远", "路也长", "人不归", "鸟归巢")),
    ],
)
def test_what_spaces_set_into_the_middle_is_nobody_who_signs(source):
    assert "signature" not in pandoc_text(source)


LONG = "这一段是从网页上剪下来的，句子很长，一直说到这一行的末尾才停下来。"


@pytest.mark.parametrize(
    "line",
    [
        "- END -",
        "- 完 -",
        "* END *",
        "—— END ——",
        "——完——",
        "**— 未完待续 —**",
        "~ 全文完 ~",
        "=== THE END ===",
        "- 01 -",
        "◇◆◇",
        "——————",
        "======",
        "※※※",
    ],
)
def test_a_line_framed_by_marks_stands_in_the_middle(line):
    [_, division] = tree(f"文。\n\n{line}\n")
    assert (division["t"], division["c"][0][1]) == ("Div", ["scene-break"])
    assert block_text(division["c"][1]) == line.strip("*" if line.startswith("**") else "")
    assert not findings(f"文。\n\n{line}\n")


@pytest.mark.parametrize(
    "source",
    [
        "- 一项\n- 又一项 -",
        "- 甲",
        "——也就是说——",
        "—— 他想，也许 ——",
        "**完**",
        "==完==",
        "- 一个很长的、说了许多话的、谁也不会摆在中间的项目 -",
        "文 —— 完 ——\n文",
        "> —— 完 ——",
    ],
)
def test_a_list_a_remark_and_what_is_emphasised_are_no_ornaments(source):
    assert "scene-break" not in pandoc_text(source)


@pytest.mark.parametrize(
    "source",
    [
        "亲爱的小明：\n\n你好。",
        "尊敬的各位老师：\n\u3000\u3000你们好！",
        "亲爱的读者，\n\n这本书写了三年。",
        "王先生台鉴：\n\n前信收到。",
        "妈妈：\n\n\u3000\u3000您好！",
        "Dear John,\n\nHow are you?",
        "> 亲爱的小明：\n>\n> 你好。",
    ],
)
def test_whom_a_letter_speaks_to_stands_without_an_indent(source):
    assert "::: {.continued}\n" in pandoc_text(source)
    assert not findings(source)


@pytest.mark.parametrize(
    "source",
    [
        "亲爱的，你慢慢飞，小心前面带刺的玫瑰。",
        "他说：\n\n你好。",
        "要点：\n\n- 你好",
        "妈妈：\n\n今天没有信。",
        "亲爱的小明，\n你在哪里，我一直在找你。",
        "- 亲爱的小明：\n\n  你好。",
    ],
)
def test_what_only_looks_like_a_letter_is_a_paragraph_as_others(source):
    assert "continued" not in pandoc_text(source)


@pytest.mark.parametrize(
    ("source", "verses"),
    [
        ("我走\n\u3000我看\n\u3000\u3000我爱\n", ["我走", "\u3000我看", "\u3000\u3000我爱"]),
        ("我走\n  我看\n    我爱\n", ["我走", "\u3000我看", "\u3000\u3000我爱"]),
        ("    我走\n  我看\n我爱\n", ["\u3000\u3000我走", "\u3000我看", "我爱"]),
        ("> 风\n>  吹\n>    过\n", ["风", "\u00a0吹", "\u3000\u00a0过"]),
        ("他走了。\n  她也走了。\n    谁都走了。\n", ["他走了。", "\u3000她也走了。", "\u3000\u3000谁都走了。"]),
        ("山高\n\u3000水长\n路远\n\u3000人归\n", ["山高", "\u3000水长", "路远", "\u3000人归"]),
    ],
)
def test_verse_keeps_the_steps_of_its_lines(source, verses):
    [one] = tree(source)
    lines = one["c"][0] if one["t"] == "BlockQuote" else one
    assert [block_text([{"t": "Plain", "c": verse}]) for verse in lines["c"]] == verses


@pytest.mark.parametrize(
    "source",
    [
        "\u3000\u3000第一段。\n第二行\n\u3000\u3000第三段。\n第四行",
        "- 甲\n  乙\n    丙",
        "```\n甲\n  乙\n    丙\n```",
        "他走了。\n她也走了。\n  谁都走了。",
        "1. 甲\n\n    乙\n  丙\n丁",
    ],
)
def test_indents_of_prose_lists_and_code_are_no_steps(source):
    assert "LineBlock" not in str(tree(source))


@pytest.mark.parametrize(
    ("source", "language", "title", "code"),
    [
        ("{% codeblock lang:js %}\nlet a;\n\n# 注\n{% endcodeblock %}", "js", "", "let a;\n\n# 注"),
        ("{% codeblock 数组 lang:js mark:1 %}\nlet a\n{% endcodeblock %}", "js", "数组", "let a"),
        ("{% highlight python linenos %}\nx = 1\n{% endhighlight %}", "python", "", "x = 1"),
        ('{{< highlight go "linenos=table" >}}\nx := 1\n{{< /highlight >}}', "go", "", "x := 1"),
        ('{% code title="a.js" %}\n```js\nlet a\n```\n{% endcode %}', "js", "a.js", "let a"),
        ('{% code title="a.js" %}\n```\nlet a\n```\n{% endcode %}', "text", "a.js", "let a"),
        ('{% code overflow="wrap" %}\n```js\nlet a\n```\n{% endcode %}', "js", "", "let a"),
    ],
)
def test_code_between_the_tags_of_a_blog_is_code(source, language, title, code):
    [block] = [one for one in tree(source) if one["t"] == "CodeBlock"]
    assert (block["c"][0][1], dict(block["c"][0][2]).get("title", ""), block["c"][1]) == ([language], title, code)
    assert not unread(source)
    assert not findings(source)


@pytest.mark.parametrize(
    "source", ["{% codeblock %}\n没有关", "```\n{% codeblock %}\na\n{% endcodeblock %}\n```", "用 {% code %} 写"]
)
def test_a_tag_of_code_that_is_not_closed_or_stands_in_code_begins_none(source):
    assert "{%" in shown(source)


@pytest.mark.parametrize(
    ("source", "paragraphs"),
    [
        (f"{LONG}  \n{LONG}  \n{LONG}", 3),
        (f"{LONG}\\\n短句。", 2),
        (f"{LONG}\n{LONG}", 1),
        ("某街一号，某某大厦。  \n电话：123。", 1),
        ("大江东去，浪淘尽，千古风流人物。  \n故垒西边，人道是，三国周郎赤壁。", 1),
        (f"{LONG}  \n——某人", 1),
        (f"- {LONG}  \n  {LONG}", 0),
    ],
)
def test_long_sentences_that_hard_breaks_part_are_paragraphs(source, paragraphs):
    assert [one["t"] for one in tree(source)].count("Para") == paragraphs


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("回了个^o^，10米^2^。", "回了个^o^，10米2。"),
        ("¯\\_(ツ)_/¯，¯\\\\\\_(ツ)\\_/¯", "¯\\_(ツ)_/¯，¯\\_(ツ)_/¯"),
        ("他认为\\footnote{见**前**文}不确", "他认为\\footnote{见前文}不确"),
        ("\\href{https://e.com}{链}与\\textcolor{red}{红}", "\\href{https://e.com}{链}与\\textcolor{red}{红}"),
        ("A~Z~a~z，PM~2.5~", "A~Z~a~z，PM2.5"),
        ("100~200、1~2km~3km，10~6m~", "100~200、1~2km~3km，106m"),
        ("一段。\n\n\\\n\n又一段。", "一段。\n又一段。"),
        (
            "租期自____年__月__日起至____年__月__日止，押___付___。",
            "租期自____年__月__日起至____年__月__日止，押___付___。",
        ),
        ("::: tabs\n== 甲\n一\n\n== 乙\n二\n:::", "甲\n一\n乙\n二"),
        ("::: tabs\n内容\n:::", "内容"),
        ("::: tabs\n@tab 甲\n一\n@tab:active 乙\n二\n:::", "甲\n一\n乙\n二"),
        ("用 @tab 甲 写\n\n::: tip\n@tab 甲\n:::", "用 @tab 甲 写\n@tab 甲"),
    ],
)
def test_faces_and_commands_of_tex_stay(source, seen):
    assert shown(source).strip() == seen


def test_a_command_of_tex_with_words_is_told():
    assert unread("一\n\n他认为\\footnote{见前文}。") == [("a command of TeX", 3)]
    assert not unread("设 $\\text{甲}$，在 D:\\ref\\{a}")


@pytest.mark.parametrize("source", ["   ## 题", " # 题", ">   ## 题", "> # 题"])
def test_a_heading_may_stand_three_spaces_in(source):
    assert "Header" in str(tree(f"文\n\n{source}\n\n文\n"))


@pytest.mark.parametrize("source", ["文\n    # 题", "```\n   # 题\n```", "   #题", "- 甲\n- # 题 #"])
def test_other_sharps_that_are_indented_stay(source):
    assert pandoc_text(source).count("# 题") == source.count("# 题")


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("2020.\n\n文", "2020.\n文"),
        ("(1) 甲\n(2) 乙", "(1) 甲 (2) 乙"),
        ("1. (1) 甲；(2) 乙\n2. a. 丙；b. 丁", "(1) 甲；(2) 乙\na. 丙；b. 丁"),
        ("> 　　引文。", "引文。"),
        ("判断 [[ $a == $b ]] 与 [[ -f a ]]", "判断 [[ $a == $b ]] 与 [[ -f a ]]"),
        ("见[[ 页 ]]", "见页"),
        ("正则 [^\\d] 与 [^a-z]", "正则 [^\\d] 与 [^a-z]"),
        ("> 引文。\n> [!NOTE] 不在首行", "引文。 [!NOTE] 不在首行"),
        ("见[词]（见上文）", "见[词]（见上文）"),
        ("部首 ⻋，⽇期", "部首 ⻋，日期"),
        (":star::star:，a::b::c，8:30:00", "⭐⭐，a::b::c，8:30:00"),
        ("| ⽇期 | ⾼ |\n|--|--|\n| 甲 | *⻋* |", "日期\n高\n甲\n车"),
        ("用 \\\\(没有 与 \\\\server\\share", "用 \\(没有 与 \\\\server\\share"),
    ],
)
def test_what_only_looks_like_markup_of_another_kind_is_seen_as_it_was_typed(source, seen):
    assert shown(source).strip() == seen


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("1. 甲\n2.\n3. 丙", "1. 甲\n2.\n3. 丙"),
        ("|  |  |\n|--|--|\n| [[乙\\|别名]] | [[丙]] |", "[别名](%E4%B9%99.md)"),
        ("甲[^a]。\n\n[^a]： 注", "[^a]: 注"),
        ("用 \\\\(x^2\\\\) 与 \\\\[y_1\\\\]", "用 $x^2$ 与 $$y_1$$"),
        (
            "在 github.com/某人/头发，git@a.com:张三/b.git",
            "github[\\.com\\/某人\\/头发]{.keep}，git@a[\\.com\\:张三\\/b\\.git]{.keep}",
        ),
        ("用golang.org/x/net的接口", "用golang.org/x/net的接口"),
        ("见[a.com/某人](https://a.cn)，a.com/b", "见[a.com/某人](https://a.cn)，a.com/b"),
        ("```{note} 题\n:class: x\n\n文\n```", "::: {.admonition .note}\n::: {.title}\n题"),
        ("```{math}\n:label: a\nx\n```", "$$\nx\n$$"),
        ("::: {.callout-tip}\n\n## 题 {#sec-x}\n\n文\n:::", "::: {.title}\n[题]{#sec-x}\n\n:::\n\n文"),
        ("::: {.callout-tip title=甲}\n文\n\n## 题\n:::", "## 题"),
        ("$$\nx\n     $$\n\n以后\n\n$$\ny\n$$", "$$\nx\n     $$\n\n以后\n\n$$\ny\n$$"),
        ("> 设\n>\n> $$\n  x\n $$\n>\n> 好", "> $$\n  x\n $$\n>\n> 好"),
        ("$$\nx\n$$。\n\n$$\ny\n$$，其中 $z$", "$$\nx。\n$$\n\n$$\ny，\n$$其中 $z$"),
        ("$$\n\\begin{align}\nx\n\\end{align}\n$$。", "$$\n\\begin{align}\nx\n\\end{align}\n$$。"),
        ("是 $\\frac{a}\n{b} = p $ 。", "是 $\\frac{a}\n{b} = p$ 。"),
        ("占$（100 \\times y）$，$（约 5 元）$", "占$（100 \\times y）$，\\$（约 5 元）\\$"),
        ("```{figure} a.png\n---\nwidth: 5px\n---\n说明\n\n图例\n```", "![说明](<a.png>)"),
        ("```{epigraph}\n文\n```", "> 文"),
        (":::{warning} 题\n文\n:::", "::: {.admonition .warning}\n::: {.title}\n题"),
        ("```{r}\nx\n```", "``` {.r}\nx\n```"),
        ("`````{admonition} 题\n```py\nx\n```\n`````", "```py\nx\n```"),
        ("<aside>\n💡 说明。\n\n</aside>", "::: {.admonition .note}\n\n💡 说明。"),
        ('<p><img class="x" data-src="a.png"></p>', '<img class="x" src="a.png">'),
    ],
)
def test_what_other_tools_and_input_methods_write_is_read(source, made):
    assert made in pandoc_text(source)
    assert not [one for one in findings(source) if one.code in ("text-lost", "read-differently")]


@pytest.mark.parametrize("source", ["一\n\n```{toctree}\na\n```", "一\n\n```{list-table}\n* - 甲\n```"])
def test_a_directive_that_is_not_read_is_told(source):
    assert ("a directive of another tool", 3) in unread(source)


def test_the_imports_of_a_script_are_told_once_with_it():
    assert not unread("<script setup>\nimport A from './A.vue'\n</script>\n\n文")
    assert unread("import A from './A.vue'\n\n文") == [("an import or export of MDX", 1)]


@pytest.mark.parametrize("source", ["- 1. 甲\n- 2. 乙\n", "- (1)    甲\n- (2)    乙\n", "* - 3. 甲\n"])
def test_numbers_in_items_are_accounted_for(source):
    assert not findings(source)
    assert len(re.findall("甲|乙", shown(source))) == len(re.findall("甲|乙", source))


def test_a_comment_that_is_never_closed_is_told():
    assert ("a comment that is never closed", 3) in unread("文\n\n文 <!-- 没关")
    assert not unread("文\n\n文 <!-- 关了 -->")


@pytest.mark.parametrize(
    ("source", "kind", "title"),
    [
        ('{% hint style="info" %}\n文\n{% endhint %}', "info", ""),
        ("{% note warning 小心 %}\n文\n{% endnote %}", "warning", "小心"),
        ("{% note primary simple %}\n文\n{% endnote %}", "note", ""),
        ("{{< notice tip >}}\n文\n{{< /notice >}}", "tip", ""),
        ('{{% admonition type="danger" title="险" %}}\n文\n{{% /admonition %}}', "danger", "险"),
        ('{% tabs %}\n{% tab title="甲" %}\n文\n{% endtab %}\n{% endtabs %}', "tab", "甲"),
        ("{% tabs 名 %}\n<!-- tab 甲 -->\n文\n<!-- endtab -->\n{% endtabs %}", "tab", "甲"),
    ],
)
def test_a_box_between_tags_of_a_blog_is_a_box(source, kind, title):
    [box] = [one for one in tree(source) if one["t"] == "Div"]
    assert box["c"][0][1][-1] == kind
    assert block_text(box["c"][1]) == "\n".join(filter(None, [title, "文"]))
    assert not unread(source)
    assert not [one for one in findings(source) if one.code in ("text-lost", "read-differently")]


@pytest.mark.parametrize(
    "source",
    ["{% note %}\n没关", "用 {% note %} 写 {% endnote %}", "{% foo %}\n文\n{% endfoo %}", "{% note %}一{% endnote %}"],
)
def test_a_tag_that_is_not_closed_or_stands_in_a_sentence_is_no_box(source):
    assert "{%" in shown(source)
    assert {kind for kind, _ in unread(source)} == {"a Liquid tag"}


def test_what_raw_tags_shield_is_shown_and_boxes_nest():
    assert shown("{% raw %}\n{{ 甲 }}\n{% endraw %}").strip() == "{{ 甲 }}"
    nested = "{% note %}\n外\n{% note info %}\n内\n{% endnote %}\n{% endnote %}\n"
    assert block_text(tree(nested)) == "外\n内"
    assert len(tree(nested)) == 1


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("- 盐\n做法：\n1. 打蛋", ["BulletList", "Para", "OrderedList"]),
        ("1. 甲\n   续\n**其次：**\n- 乙", ["OrderedList", "Para", "BulletList"]),
        ("- 盐\n做法：\n慢慢来", ["BulletList"]),
        ("- 甲\n  乙：\n- 丙", ["BulletList"]),
        ("- 甲\n乙：\n  - 丙", ["BulletList"]),
        ("```\n- 甲\n乙：\n- 丙\n```", ["CodeBlock"]),
    ],
)
def test_a_line_between_two_lists_leads_to_the_second(source, kinds):
    assert [one["t"] for one in tree(source)] == kinds


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ('```go {linenos=table,hl_lines=[2,"4-5"],linenostart=9}\nx\n```', 'startFrom="9" marked="2,4-5"'),
        ("```vue [App.vue]\nx\n```", 'title="App.vue"'),
        ("<details>\n\n  ```py\n  x\n    y\n  ```\n</details>", "```py\nx\n  y\n```"),
        ("- 甲\n\n  ```\n  x\n  ```", "- 甲\n\n  ```\n  x\n  ```"),
        ("- 甲\n\n    !!! tip\n        文", "- 甲\n\n  ::: {.admonition .tip}\n\n  文"),
        ("1. 甲\n\n    !!! tip\n        文", "1. 甲\n\n   ::: {.admonition .tip}"),
        ("(anchor)=\n\n## 题\n\n文", "\n\n## 题 {#anchor}\n"),
    ],
)
def test_what_stands_in_items_and_behind_fences_is_read_where_it_stands(source, made):
    assert made in pandoc_text(source)


def test_a_box_in_an_item_is_one_and_a_label_above_no_heading_is_told():
    [one] = tree("- 甲\n\n    !!! tip\n        文\n")
    assert "'admonition', 'tip'" in str(one)
    assert unread("文\n\n(a)=\n\n文") == [("a label of another tool", 3)]
    assert not unread("f(a)=1\n\n(甲)=乙")


@pytest.mark.parametrize(
    "box",
    [
        "    !!! tip\n        文",
        "\t!!! tip\n\t\t文",
        "    > [!TIP]\n    > 文",
        "    ::: tip\n    文\n    :::",
        '    ??? tip "题"\n        文',
    ],
)
@pytest.mark.parametrize("mark", ["-", "1."])
def test_a_box_four_columns_in_is_one_of_the_item(mark, box):
    [one, *rest] = tree(f"{mark} 甲\n\n{box}\n\n{mark} 乙\n")
    assert "'admonition', 'tip'" in str(one)
    assert not rest
    assert ":::" not in block_text([one])


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (
            "王公\n├── 长子\n│   └── 家栋\n└── 次子",
            ["王公", "├──\u00a0长子", "│\u00a0\u00a0\u00a0└──\u00a0家栋", "└──\u00a0次子"],
        ),
        ("一世：王守仁\n　　长子：大明\n　　　　长孙：建国", ["一世：王守仁", "　　长子：大明", "　　　　长孙：建国"]),
        ("server:\n  port: 80\n  name: 我的", ["server:", "　port: 80", "　name: 我的"]),
    ],
)
def test_indents_that_say_what_belongs_to_what_are_kept(source, lines):
    (blocks,), _ = pandoc.read([("a.md", pandoc_text(source))])
    assert [block["t"] for block in blocks] == ["LineBlock"]
    assert ["".join(_words(line)) for line in blocks[0]["c"]] == lines


def _words(inlines):
    return [one.get("c", " ") for one in inlines]


@pytest.mark.parametrize(
    "source",
    [
        "结构如下\n```\n.\n├── a\n└── b\n```\n## 节",
        "他说：\n  今天天气很好，我们一起出去走走，看看山，看看水，然后回来。",
        "作者: 甲\n  乙的话是一句很长的话，后来换了行。",
    ],
)
def test_other_lines_are_no_outline(source):
    assert "| " not in pandoc_text(source)


@pytest.mark.parametrize(
    "source",
    [
        "作者 | 王小二\n编辑 | 李小三\n来源 | 公众号",
        "文/张三\n图/李四",
        "[ti:月亮]\n[ar:凤凰]\n[00:12.50]我在遥望\n[00:16.80]有多少",
        "作者：匿名\n链接：https://a.com/b\n来源：知乎\n著作权归作者所有。商业转载请联系作者获得授权。",
    ],
)
def test_the_fields_of_clips_and_songs_are_lines(source):
    assert pandoc_text(source).count("  \n") == source.count("\n")


def test_a_break_that_was_typed_is_not_doubled():
    assert "<br>  " not in pandoc_text("书名：甲<br>\n编者：乙<br>\n出版：丙")


@pytest.mark.parametrize(
    ("source", "shows"),
    [
        ('<img src="a.png" width="2"></img>好', "好"),
        ("<p><span>第一章</span><span><o:p></o:p></span></p>", "<p>第一章</p>"),
        ("```js\na = 1 // [!code highlight]\n```", "a = 1"),
        ("甲\n\n$$\na^2\n$$ (eq:one)", "甲\na^2{#eq:one}"),
        ("甲\n\n$$\na^2\n$$ (one)", "甲\na^2{#eq:one}"),
        ("令\n$\n\\sum x\n$\n为", "令\\sum x为"),
        ("# 甲 {#a:b:c}", "甲"),
        ("(layout/side)=\n# 侧", "侧"),
        ("参见[引用][1]。\n\n资料：\n[1]: https://b.com", "参见引用。\n资料："),
        ("\\[不是链接\\]\\(a\\)", "[不是链接](a)"),
        ("甲\n\n~~~~~~~~\n\n乙", "甲\n乙"),
    ],
)
def test_syntax_of_other_tools_is_not_printed(source, shows):
    assert "".join(shown(source).split()) == "".join(shows.split())
    assert unread(source) == []


@pytest.mark.parametrize(
    ("source", "kind"),
    [("<<< @/snippets/a.js{2}", "code from another file"), (":end_tab:", "a tab of another tool")],
)
def test_what_another_tool_puts_in_is_told(source, kind):
    assert unread(source) == [(kind, 1)]


def test_a_lone_sharp_between_paragraphs_is_a_scene_break():
    assert "scene-break" in pandoc_text("他没说话。\n\n#\n\n后来的事")
    assert "scene-break" not in pandoc_text("# 题\n\n#\n\n文")


def test_stickers_and_tags_of_notes_are_not_told():
    assert unread("看 ^_^\n[捂脸][捂脸]") == []
    assert unread("#生物/人体") == []


def test_paragraphs_that_hard_spaces_indent_are_paragraphs():
    assert shown("\u00a0\u00a0\u00a0\u00a0第一段。\n\u00a0\u00a0\u00a0\u00a0第二段。") == "第一段。\n第二段。"


@pytest.mark.parametrize(
    ("source", "classes"),
    [
        ("> [!tip]- 题\n> 甲", ["admonition", "tip", "folded"]),
        ("> [!tip]+ 题\n> 甲", ["admonition", "tip", "folded", "open"]),
        ('??? note "题"\n    甲', ["admonition", "note", "folded"]),
        ("::: details 题\n甲\n:::", ["admonition", "details"]),
        ("::: details 题 {open}\n甲\n:::", ["admonition", "details", "open"]),
        ("/// details | 题\n    type: warning\n\n甲\n///", ["admonition", "details"]),
        ("> [!TIP|center] 题\n> 甲", ["admonition", "tip"]),
    ],
)
def test_a_box_says_whether_it_is_closed(source, classes):
    (blocks,), _ = pandoc.read([("a.md", pandoc_text(source))])
    assert blocks[0]["c"][0][1] == classes
    assert findings(source) == []


def test_remarks_of_mdx_and_sizes_in_descriptions_are_not_printed():
    assert shown("甲{/* truncate */}乙") == "甲乙"
    assert shown("见![图|300](a.png)") == "见图"
    assert "{width=260px}" in pandoc_text("![书|inlR|260](b.png)")
    assert "![a|b](a.png)" in pandoc_text("![a|b](a.png)")
    assert shown("![](a.png)\n\n/// caption\n文字\n///").endswith("文字")


def test_markdown_in_an_element_is_no_difference_of_readers():
    assert findings("<figure>\n![树](./img/tree.jpg)\n</figure>") == []
    assert findings("![](file:///C:/Users/a/1.jpg)") == []


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("::: tip\n甲：\n\n- 乙\n- 丙\n  :::\n\n丁", ["Div", "Para"]),
        ("- 甲\n\n ::: warning 题\n 乙\n :::\n\n丙", ["BulletList", "Div", "Para"]),
        ("- 甲\n\n  ::: tip\n  乙\n  :::\n- 丙", ["BulletList"]),
        ("::: playground#ts 入门\n甲\n:::\n\n乙", ["Div", "Para"]),
        ("- ::: tip 题\n  甲\n  :::\n- 乙", ["BulletList"]),
    ],
)
def test_a_container_ends_where_its_author_ends_it(source, kinds):
    (blocks,), _ = pandoc.read([("a.md", pandoc_text(source))])
    assert [block["t"] for block in blocks] == kinds
    assert findings(source) == []
    assert unread(source) == []


def test_a_container_that_is_not_read_is_told_once():
    assert unread("::: {foo} bar\n甲\n:::") == [("a container of another tool", 1)]


@pytest.mark.parametrize(
    ("source", "shows"),
    [
        ("- 1.**Web Serial**：甲", "1.Web Serial：甲"),
        ("今天** 注意**前有空格，还有**正常**。", "今天注意前有空格，还有正常。"),
        ("见[[#^block1]]\n\n头发。^block1", "见^block1\n头发。"),
        ("正则 (\\w+)@(\\w+)\\.com 与 \\n、\\\\", "正则 (\\w+)@(\\w+)\\.com 与 \\n、\\\\"),
        ("\\*甲\\* 与 D:\\temp", "*甲* 与 D:\\temp"),
        ("::: v-pre\n{{ a }}\n:::", "{{ a }}"),
        ("用 <my-card> 写，a[^bc]+ 匹配", "用 <my-card> 写，a[^bc]+ 匹配"),
    ],
)
def test_marks_are_read_as_their_author_sees_them(source, shows):
    assert shown(source) == shows


@pytest.mark.parametrize(
    "source", ["::: v-pre\n{{ a }}\n:::", "用 <my-card> 写", "a[^bc]+ 匹配", "甲[^1]\n\n[^1]: ```js\n    a\n    ```"]
)
def test_what_is_read_rightly_is_not_told(source):
    assert unread(source) == []
    assert findings(source) == []


def test_what_stands_as_it_was_typed_is_no_difference_but_what_stands_twice_is():
    reading = read_dialects(["写 <!DOCTYPE html> 在开头。"])
    (blocks,), _ = pandoc.read([("a.md", reading.text)])

    def codes(seen):
        return [one.code for one in account("a.md", reading, source_side(reading), seen)]

    assert codes(blocks) == []
    assert codes([*blocks, *blocks]) == ["read-differently"]


def test_a_line_break_that_a_sentence_names_is_its_word():
    assert shown("换行写<br>，分段写<p>。") == "换行写<br>，分段写<p>。"
    assert "<br>" not in shown("第一行<br>第二行，<br>第三行")
    assert "<br>" not in shown("第一行<br>\n，第二行")


def test_an_indented_line_goes_on_behind_a_list_comma(make_book):
    page = make_book("# 题\n\n出席：张三、李四、\n　　　王五（线上）\n列席：无\n", ("zh-CN",)).page("zh-CN")
    assert page.count("<p") == 1


def test_within_an_element_a_list_below_its_sentence_is_one_and_indented_text_is_text(make_book):
    page = make_book('<div class="box">\n**头发**要洗。\n- 甲\n- 乙\n</div>\n', ("zh-CN",)).page("zh-CN")
    assert page.count("<li>") == 2
    page = make_book(
        '<div>\n\t<div class="a">\n\n\t\t<!-- 注 -->\n\t\t<div class="b">\n\t\t播放\n\t\t</div>\n\n\t</div>\n</div>\n',
        ("zh-CN",),
    ).page("zh-CN")
    assert "播放" in page
    assert "<pre" not in page
    assert "注" not in page.replace("<!-- 注 -->", "")


def test_attributes_of_kramdown_behind_a_picture_are_its_attributes(make_book, png):
    page = make_book({"a.md": '# 题\n\n见![图](x.png){: width="300"}。\n', "x.png": png}, ("zh-CN",)).page("zh-CN")
    assert 'width="300"' in page
    assert "{" not in page


def test_a_line_right_below_a_quotation_is_told():
    assert [(one.code, one.place.line) for one in findings("> 可以。\n收到，谢谢。\n")] == [("quote-goes-on", 2)]
    assert not findings("> 可以。\n> 好的。\n\n收到，谢谢。\n")


RUNS = [
    *"-=*_~`#>|:.+'\"()[]{}<>/\\&$%^@!?,; \t中，。　“（…—aA1",
    *(
        "a-",
        "A.",
        "1-",
        "中 ",
        "| ",
        "|-",
        "$a$ ",
        "[a](",
        "<a>",
        "=a",
        "<b ",
        "a_",
        "**a",
        "`a",
        "==a",
        "\\[",
        "&nbsp;",
    ),
]


@pytest.mark.parametrize("mark", RUNS)
def test_no_long_run_of_a_mark_holds_the_reading_up(mark):
    def too_long(*_):
        raise TimeoutError(mark)

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(20)
    try:
        for text in (f"{mark * 300}\n{mark * 300}", f"中文 {mark * 300} 中文\nA {mark * 300}a"):
            assert read_dialects(text.split("\n")).rows
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
