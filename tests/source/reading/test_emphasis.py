"""Stars and underscores: which are emphasis, and which stand as they were typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.source.reading.emphasis import DelimiterRun, pair
from publish.source.reading.rows import ReadingNotes
from publish.source.reading.spans import Spans


def narrowed(text: str) -> str:
    return Spans(ReadingNotes()).narrow(text, lambda _: 1)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("自____年__月__日起", "自\\_\\_\\_\\_年\\_\\_月\\_\\_日起"),
        ("押___付___。", "押\\_\\_\\_付\\_\\_\\_。"),
        ("变量 my_var 与 ___强___", "变量 my_var 与 ___强___"),
        ("*注：不含税。\n带*的必填", "\\*注：不含税。\n带\\*的必填"),
        ("好呀~~我来了~~等我", "好呀\\~\\~我来了\\~\\~等我"),
        ("这是~~错~~的", "这是~~错~~的"),
    ],
)
def test_blanks_to_fill_in_and_calls_of_remarks_emphasise_nothing(text, made):
    assert narrowed(text) == made


@pytest.mark.parametrize(
    "text",
    [
        "这是*强调*的话",
        "他说**“引文”**，又说**（括号）**。",
        "**注意：**先看**重点。**再看",
        "**甲****乙**",
        "**甲***乙*",
        "***甲** 乙*",
        "**粗体中有*斜体*的字**",
        "*斜**粗**斜*",
        "**粗体 **后面有空格",
        "**！** 与 *……* 与 **★重点★**",
        "**持续连接(persistent)**(默认的)",
        "_首尾_，（_括号里_），__粗__",
        "**.NET** 与 *-1*",
        "他大喊*快来人，救命啊*，跑了",
        "*[链接](a_b_c)*与**`code*`**",
        "*Go 101 *是一本书",
        "在 **project/llm/** 的目录",
        "访问 */* 与 */sleep*",
        "* 项目 *强调* 完\n* 又一项",
        "- **效果：** 甲\n- **Toggle **乙",
        "驱动问题是*“有多少飞机抵达？”*我们需要",
        "**1) 甲，\n乙** 与 **他说：“走。”\n便走了**",
    ],
)
def test_what_people_emphasise_is_emphasis(text):
    assert narrowed(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "获奖者：王*明、李*华、张*。",
        "手机 138****5678、139****1234",
        "面积=长*宽，体积=长*宽*高。",
        "总价=单价*数量*折扣",
        "2 * 3 * 4 = 24",
        "5 *3 和 *四",
        "C 的 /* 注释 */ 与 int *p",
        "开心^_^，困-_-，哭T_T，气>_<",
        "(*^▽^*)、(*´▽｀*)、（*≧ω≦*）",
        "五星好评****☆",
        "本店商品*（*以实物为准）",
        "一个乘法 _e * _ = B",
        "字符串（char*）与文件（FILE*）",
        "函数写 def f(*args, **kwargs)，C 里写 char *p, **pp;。",
        "注意*号不是注。\n密码 ******，*必填，**选填。\n他骂道：“你这个***！真他*的。”",
        "租期自____年__月__日起至____年__月__日止。租金_____元（大写：_______元整），押___付___。",
        "| 甲*乙 | 丙*丁 |",
    ],
)
def test_what_nobody_meant_for_emphasis_stands_as_it_was_typed(text):
    made = Spans(ReadingNotes()).narrow(text, lambda _: 1, table="|" in text)
    assert made.replace("\\", "") == text
    stars = sum(text.count(char) for char in "*_")
    assert made.count("\\*") + made.count("\\_") + text.count("T_T") == stars


def test_a_star_that_a_list_begins_with_stays_one():
    assert narrowed("* 甲\n* 乙*丙") == "* 甲\n* 乙\\*丙"


def test_no_emphasis_goes_from_one_block_into_the_next():
    assert narrowed("- 甲*乙\n- 丙*丁") == "- 甲\\*乙\n- 丙\\*丁"


@pytest.mark.parametrize("text", ["总价=单价*数量*折扣", "写 def f(*args, **kwargs)，C 里写 char *p, **pp;"])
def test_a_product_and_what_no_reader_takes_for_emphasis_are_not_told(text):
    notes = ReadingNotes()
    Spans(notes).narrow(text, lambda _: 7)
    assert not notes.unread


def test_stars_that_are_left_alone_among_han_are_told():
    notes = ReadingNotes()
    Spans(notes).narrow("王*明、李*华", lambda _: 7)
    assert [(one.kind, one.line, one.words) for one in notes.unread] == [("stars among words", 7, "*明、李*")]


@given(st.text(st.sampled_from("甲乙，。ab1 *_（”\n"), max_size=30))
def test_nothing_but_backslashes_is_added(text):
    assert narrowed(text).replace("\\", "") == text


@given(st.lists(st.sampled_from(["*", "**", "***", "_", "甲", "b", "，", " "]), max_size=14))
def test_as_many_marks_close_as_open(parts):
    text = "".join(parts)
    runs, at = [], 0
    while at < len(text):
        end = at + 1
        while text[at] in "*_" and end < len(text) and text[end] == text[at]:
            end += 1
        if text[at] in "*_":
            runs.append(DelimiterRun(text, at, end))
        at = end
    pair(runs)
    for char in "*_":
        own = [run for run in runs if run.char == char]
        assert sum(run.opening for run in own) == sum(run.closing for run in own)
        assert all(run.left >= 0 for run in own)


@pytest.mark.parametrize(
    "text",
    [
        "*下针1针，上针1针*，重复*到*之间至行末。",
        "第3圈：*1短针，1加针* 重复6次（18）。",
        "中奖：李**、王**、张*三",
        "卧推 60kg*8*4，划船 1RM*75%*5",
        "加班_(:з」∠)_……我的表情是-_-||，同事是 >_< 。",
    ],
)
def test_patterns_to_knit_hidden_names_measures_and_faces_stay_as_typed(text):
    assert not re.search(r"(?<!\\)[*_]", narrowed(text))


def test_what_is_stressed_beside_a_measure_is_stressed():
    assert narrowed("共**1.5GB**的*数据*") == "共**1.5GB**的*数据*"


@pytest.mark.parametrize(
    "text",
    [
        "系数为0.85***，年龄为-0.12**，r=0.32*，r=0.45**。",
        "注：*、**、***分别表示在10%、5%、1%的水平上显著。",
        "*P<0.05，**P<0.01，***P<0.001，ns：无显著差异。",
        "H型钢 H100*50*5*7，螺栓M8*25、M10*30",
        "3000*2400*1200mm（长*宽*高）",
        "工资=基本工资*出勤天数/21.75+加班*1.5*时薪。",
        "int *p, **q; 声明指针，*p 取值",
        "500g*2 白糖\n[]鸡蛋*30",
        "字段：_id_、__v、is_deleted_",
    ],
)
def test_stars_of_products_levels_and_pointers_stay_as_typed(text):
    assert not re.search(r"(?<!\\)\*|(?<![\w\\])_|(?<!\\)_(?![A-Za-z])", narrowed(text))


@pytest.mark.parametrize(
    "text",
    [
        "这是*重要*的",
        "**约12**，**x=5**的时候",
        "*2024*年",
        "x=*重点*，**注意，**别动",
        "（很*重要*吧）",
        "_tmp_ 即可",
        "**P<0.05**，差异显著；**P<0.01**，极显著。",
        "*P<0.05*时拒绝，*P<0.01*时更是",
        "*P*<0.05，*F*(1,28)=4.5，*R*²=0.3。",
    ],
)
def test_emphasis_beside_figures_and_signs_stays_emphasis(text):
    assert narrowed(text) == text


@pytest.mark.parametrize(
    "text", ["用 `try_recv`，它是 _receive_ 的缩写", "创建一个变量（_variable_）", "**和平奖：**：试图"]
)
def test_emphasis_in_a_text_of_programs_stays_emphasis(text):
    assert narrowed(text) == text
