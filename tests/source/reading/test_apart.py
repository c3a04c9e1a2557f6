"""What blanks at the head of lines and between words mean."""

from __future__ import annotations

import pytest

from publish.source.reading.apart import are_hanging, greets, is_columned, pieces


@pytest.mark.parametrize(
    "text",
    [
        "甲：春风送暖，\n\u3000\u3000百花争妍。\n乙：金蛇狂舞，\n\u3000\u3000骏马奔腾。",
        "第一辑\u3000远行\n\u3000\u3000车站……3\n\u3000\u3000码头……15\n第二辑\u3000归来\n\u3000\u3000灯……40",
        "林晚：你来了。\n\u3000\u3000（林晚坐下，看表。）\n周远：嗯。",
        "【用法】口服，一日3次；\n\u3000\u3000\u3000\u3000儿童减半。\n【不良反应】偶见皮疹。\nRx：\n阿莫西林 0.5g",
        "【用法】口服，一日3次；\n\u3000\u3000\u3000\u3000\u3000儿童减半。\n【不良反应】偶见皮疹。",  # a space too far
    ],
)
def test_short_lines_stand_under_others(text):
    assert are_hanging(text.split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        "第一章\n\u3000\u3000天亮了。\n\u3000\u3000他醒了。",  # paragraphs below a title
        "\u3000\u3000天亮了。\n他醒了。\n\u3000\u3000窗外有雨。",  # wrapped
        "他把那封信又读了一遍，才想起来寄信的人已经不在这座城市里住了很多年。\n\u3000\u3000雨停了。\n街上没有人。",
    ],
)
def test_paragraphs_do_not(text):
    assert not are_hanging(text.split("\n"))


def test_room_for_results_is_of_columns_and_a_slip_is_not():
    assert is_columned("12+5=      30-8=      6×7=      56÷8=")
    assert not is_columned("Two words.    And a sentence behind a slip.")
    assert not is_columned("Wo   bu   chi  rou.")


def test_two_blanks_in_a_sentence_are_a_slip():
    assert is_columned("红烧肉  38元  青菜  12元")
    assert is_columned("姓名：李四  性别：女")
    assert not is_columned("index.vue  初步声明一下 m-list  组件可接受的 props")
    assert not is_columned("怎么切换 按城市/按省份 ?  根据单选框的值  进行切换")
    assert not is_columned("画一下 main script  , 微 , 宏  然后再分析")


def test_an_english_letter_has_its_greeting_its_paragraphs_and_who_signs():
    letter = ["Dear Tom,", "    Thank you for it.", "    Write soon.", f"{' ' * 30}Yours,", f"{' ' * 30}Li Hua"]
    assert greets(letter, "")
    assert pieces(letter, "") == [(0, 3), (3, 5)]
    assert not greets(["Dear me, it was late,", "and nobody had come."], "")
