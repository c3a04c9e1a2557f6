"""Typed in another way: notes by plain numbers are notes, a comparison at a line's head is no quotation."""

from __future__ import annotations

import pytest

from publish.source.reading import read_dialects
from publish.source.reading.rows import ReadingNotes, rows_of
from publish.source.reading.variants import with_signs


def read(source):
    """The text with what is typed otherwise as Markdown has it."""
    return "\n".join(row.text for row in with_signs(rows_of(source.split("\n")), ReadingNotes()))


@pytest.mark.parametrize(
    "said",
    ["张三：《某县志》，北京，1999年。", "李四. 某书[M]. 北京：某社, 2001.", "Smith, J. A book.", "张三 《某书》"],
)
def test_a_note_by_a_number_in_brackets_is_a_note(said):
    assert read(f"建于明代[1]，毁于[12]。\n\n[1]: {said}") == f"建于明代[^1]，毁于[12]。\n\n[^1]: {said}\n"


def test_headings_without_a_space_behind_their_mark_are_headings():
    source = "#第一讲\n\n##一、概念\n###（一）定义 ##\n\n#读书 #周末\n\n文\n##注\n\n```\n##甲\n```"
    made = "# 第一讲\n\n## 一、概念\n### （一）定义 ##\n\n#读书 #周末\n\n文\n##注\n\n```\n##甲\n```"
    assert read(source) == made


@pytest.mark.parametrize("source", ["#第一讲\n\n文", "##[a]\n", "##-甲", "文\n##甲"])
def test_sharps_that_may_be_no_headings_stay(source):
    assert read(source) == source


def test_a_line_between_two_clippings_underlines_no_heading():
    source = "围城\n- 您在第 23 页的标注 | 添加于 2020年5月1日\n\n城外的人想冲进去\n==========\n围城"
    assert read(source).endswith("城外的人想冲进去\n\n* * *\n\n围城")
    assert read("城外的人想冲进去\n==========") == "城外的人想冲进去\n=========="


def test_words_between_signs_are_no_quotation():
    assert read(">>> 重要 <<<\n\n>>> 引文") == "\\>\\>\\> 重要 \\<\\<\\<\n\n>>> 引文"


@pytest.mark.parametrize(
    "said", ["https://a.example", "<a b>", "../甲/乙.md", "第二章.md", "#jie", "a@b.example", 'chapter2 "题"', "第二章"]
)
def test_an_address_by_a_number_stays_one(said):
    source = f"见[1]与[甲][1]。\n\n[1]: {said}"
    assert read(source) == source


@pytest.mark.parametrize(
    "source",
    [
        "没有人叫它。\n\n[1]: 张三：《某书》，北京。",
        "有[^a]的人知道[1]。\n\n[1]: 张三：《某书》。",
        "代码 `a[1]` 与 x[1]。\n\n[1]: 张三：《某书》。",
        "见[1]。\n\n```\n[1]: 张三：《某书》。\n```",
    ],
)
def test_what_may_be_something_else_stays_as_it_was_typed(source):
    assert read(source) == source


def test_the_notes_are_in_the_account_and_lead_to_what_they_say(make_book):
    book = make_book("# 桥\n\n建于明代[1]。\n\n[1]: 张三：《某书》。\n[2]: https://a.example\n", ("zh-CN",))
    page = book.page("zh-CN")
    assert "<p>张三：《某书》。</p>" in page
    assert "明代1" not in page
    assert {one.code for one in book.findings} == {"book-none"}


@pytest.mark.parametrize(
    ("source", "got"),
    [
        ("规定\n>100人的要报备\n>=500人的要审批", "规定  \n\\>100人的要报备  \n\\>=500人的要审批"),
        ("文\n-->返回\n>3天发货", "文\n-->返回  \n\\>3天发货"),
        (">=18岁可入", "\\>=18岁可入"),
        (">1999年的话\n>2000年的话", ">1999年的话\n>2000年的话"),
        ("文\n> 100人说", "文\n> 100人说"),
        ("> 引\n>3人", "> 引\n>3人"),
        ("```\na\n>100\n```", "```\na\n>100\n```"),
    ],
)
def test_more_than_a_number_is_no_quotation(source, got):
    assert read(source) == got


def test_a_comparison_at_a_lines_head_is_nothing_to_tell():
    assert not read_dialects("规定\n>100人的要报备".split("\n")).unread


def test_texs_end_of_a_page_ends_one_where_it_stands_alone():
    assert read("上页。\n\n\\newpage\n\n下页。").split("\n")[2] == '<div style="break-after: page"></div>'
    assert "\\newpage" in read("文里的\n\\newpage\n不是。")
    assert "\\newpage" in read("```\n\n\\newpage\n\n```")
    assert not read_dialects("上页。\n\n\\clearpage\n\n下页。".split("\n")).unread


def test_a_heading_within_center_is_a_heading(make_book):
    page = make_book("# <center>基本语法</center>\n\n## <center>节</center> ##\n\n文\n", ("zh-CN",)).page("zh-CN")
    assert "<h1>基本语法</h1>" in page
    assert "<h2>节</h2>" in page


def test_tasks_without_a_dash_are_items():
    assert read("购物：\n\n[ ] 牛奶\n[x] 面包") == "购物：\n\n- [ ] 牛奶\n- [x] 面包"
    assert read("[x] 只有一行") == "[x] 只有一行"
    assert read("[x](a.md)\n[x](b.md)") == "[x](a.md)\n[x](b.md)"


def test_formulas_whose_brackets_lost_their_backslashes_are_formulas():
    assert read("即\n\n[\n\\sum_{i=1}^n i\n]\n") == "即\n\n$$\n\\sum_{i=1}^n i\n$$\n"
    assert read("比值( \\frac{a}{b} )较大") == "比值\\(\\frac{a}{b}\\)较大"


@pytest.mark.parametrize("source", ["[\n甲，乙。\n]\\", "$$\nf\\left ( x^2 \\right )\n$$", "见( 附录 )\\"])
def test_other_brackets_stay_brackets(source):
    assert read(source) == source


def test_a_face_at_a_lines_head_is_no_quotation():
    assert read(">_< 这行开头就是表情。") == "\\>_< 这行开头就是表情。"


def test_notes_that_begin_with_a_sign_each_are_no_items():
    assert read("* 作者简介：王某\n** 通讯作者：李某") == "\\* 作者简介：王某  \n** 通讯作者：李某"
    assert read("* 甲\n* 乙") == "* 甲\n* 乙"


def test_a_scale_of_comparisons_is_no_quotation():
    assert read(">90分优秀\n>60分及格\n<60分不及格").startswith("\\>90分优秀")
