"""XHTML written as HTML: what is marked for browsers that do not see to it themselves."""

from __future__ import annotations

import re

import pytest
from lxml import html

from publish.edition.markup import xhtml
from publish.render.html.markup import html_markup, ragged


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("用 Project Gutenberg 的书", "用 <Project Gutenberg> 的书"),
        ("那句 don’t you know，一二", "那句 <don’t you know>，一二"),
        ("读 A B <i>C D</i> E F 的", "读 <A B ><i><C D></i> <E F> 的"),
        ("甲 A 乙 B 丙", "甲 A 乙 B 丙"),
    ],
)
def test_a_run_of_latin_words_keeps_its_spaces(text, marked):
    out = str(html_markup(xhtml.read(f'<div xmlns="{xhtml.XHTML}"><p>{text}</p></div>'), "zh-Hans-CN"))
    out = re.sub(r'<span class="(?:(?:before|after)-latin ?)+">(.)</span>', r"\1", out)
    out = out.replace('<span class="apostrophe">’</span>', "’").replace(' class="ragged"', "")
    assert re.sub(r'<span class="words">([^<]*)</span>', r"<\1>", out) == f"<p>{marked}</p>"


def test_a_line_may_end_beside_a_quotation_mark_between_han_and_latin():
    out = str(html_markup(xhtml.read(f'<div xmlns="{xhtml.XHTML}"><p>题目“Go”是“去”</p></div>'), "zh-Hans-CN"))
    assert re.sub(r"</?span[^>]*>| class=\"ragged\"", "", out) == "<p>题目<wbr>“Go”<wbr>是“去”</p>"


@pytest.mark.parametrize("blank", ["（　）", "（　　）", "（ ）"])
def test_a_blank_to_fill_in_is_not_broken(blank):
    out = str(html_markup(xhtml.read(f'<div xmlns="{xhtml.XHTML}"><p>首都是{blank}。（是）</p></div>'), "zh-Hans-CN"))
    assert re.findall(r'<span class="unbroken">([^<]*)</span>', out) == [blank]


@pytest.mark.parametrize(
    ("tag", "text", "marked"),
    [
        ("zh-Hans-CN", "说：“‘好。’”（真的）。", "说：<“><‘>好<。><’>”<（>真的<）>。"),
        ("zh-Hant-TW", "說：「『好。』」（真的）。", "說：<「><『>好。<』>」<（>真的<）>。"),
        ("zh-Hans-CN", "“好！”他说。", "<“>好！”他说。"),
        ("zh-Hans-CN", "《书》《报》", "<《>书》<《>报》"),
    ],
)
def test_marks_that_stand_together_are_half_as_wide_in_browsers_that_do_not_see_to_it(tag, text, marked):
    body = html.fragment_fromstring(f"<div><p>{text}</p></div>")
    out = str(html_markup(xhtml.read(f'<div xmlns="{xhtml.XHTML}"><p>{text}</p></div>'), tag))
    assert re.sub(r'<span class="half">(.)</span>', r"<\1>", out) == f"<p>{marked}</p>"
    assert html.fragment_fromstring(f"<div>{out}</div>").text_content() == body.text_content()


def test_han_beside_latin_is_marked_across_elements():
    out = str(html_markup(xhtml.read(f'<div xmlns="{xhtml.XHTML}"><p>用<b>Git</b>存A的B</p></div>'), "zh-Hans-CN"))
    one, both = '<span class="before-latin">用</span>', '<span class="before-latin after-latin">{}</span>'
    assert out == f"<p>{one}<b>Git</b>{both.format('存')}A{both.format('的')}B</p>"


def test_a_formula_is_a_word_that_no_line_parts():
    long = "一二三四五六七八九十" * 4
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow>{}</mrow></math>'.format("<mi>x</mi>" * 20)
    out = str(html_markup(xhtml.read(f'<div xmlns="{xhtml.XHTML}"><p>{long}：{formula}。</p></div>'), "zh-Hans-CN"))
    assert out.startswith('<p class="ragged-all">')


def test_han_before_a_mark_of_half_a_square_stands_tight():
    out = str(html_markup(xhtml.read(f'<div xmlns="{xhtml.XHTML}"><p>张三, 李四。</p></div>'), "zh-Hans-CN"))
    assert out == '<p>张<span class="tight">三,</span> 李四。</p>'


def test_a_paragraph_with_a_long_word_says_so_once():
    long = "一二三四五六七八九十" * 4
    read = xhtml.read(f'<div xmlns="{xhtml.XHTML}"><p>{long} Gutenberg。</p><p class="lines">用 Git。</p></div>')
    for _ in range(2):  # the page and the single file are made from one tree
        out = str(html_markup(read, "zh-Hans-CN"))
    assert re.findall("<p[^>]*>", out) == ['<p class="ragged">', '<p class="lines">']


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("用 Git 和 Bash 写", ""),
        ("（Model）", "ragged"),
        ("Pre-Set 的 and/or", ""),
        ("Donaudampfschiff", "ragged-all"),
        ("https://a.example/one/two/three/four/five/six", "ragged"),
        ("a_very_long_name_of_a_function_in_code", "ragged"),
    ],
)
def test_lines_that_a_word_would_tear_apart_are_not_justified(text, said):
    assert ragged("一二三四五六七八九十" * 4 + text) == said


def test_a_paragraph_that_fits_into_a_line_or_has_hardly_a_gap_is_judged_so():
    assert ragged("见 Donaudampfschiff。") == ""
    assert ragged("男 | 28岁 | 上海 | 138-0000-0000 | lxl@example.com") == "ragged"
    assert ragged("lxl@example.com, " * 6) == "ragged-all"
