"""Titles on screens: where a browser may break them."""

from __future__ import annotations

from publish.cache import Cache
from publish.render.titles import JOINT, break_headings, by_words, remembered, unbroken_words


def _shown(markup: str) -> str:
    return markup.replace("<wbr/>", "|")


def test_a_browser_may_break_a_title_between_words_and_not_beside_those_that_lean():
    assert _shown(by_words("人工智能是一场没有终点的马拉松")) == "人工智能|是一场|没有|终点的|马拉松"
    assert _shown(by_words("炸裂宣判：预训练将结束")) == "炸裂|宣判：预训练|将结束"


def test_between_han_and_latin_a_break_keeps_the_gap():
    assert by_words("用Python在树莓派上记录天气") == f"用Python{JOINT}<wbr/>在树莓派上记录<wbr/>天气"


def test_what_fits_every_screen_or_has_no_han_stays_as_it_is():
    assert by_words("认知升级") == "认知升级"
    assert by_words("A & B, or how it was done") == "A &amp; B, or how it was done"


def test_words_are_found_across_the_markup_of_a_heading_and_not_in_its_code():
    markup = '<h2 id="a">理解<em>机器</em>学习的<code>机器学习</code>模型</h2><p>理解机器学习的模型</p>'
    shown = _shown(break_headings(markup))
    assert "<code>机器学习</code>" in shown
    assert shown.endswith("<p>理解机器学习的模型</p>")
    assert shown.replace("|", "") == markup
    assert "学习的" in shown


def test_headings_below_the_third_level_are_left_alone():
    assert break_headings("<h4>人工智能是一场没有终点的马拉松</h4>") == "<h4>人工智能是一场没有终点的马拉松</h4>"


def test_in_print_the_contents_keep_what_belongs_together_in_spans():
    spans = str(unbroken_words("城市基础设施建设的指导意见 <一>"))
    assert '<span class="unbroken">建设的</span><span class="unbroken">指导</span>' in spans
    assert "&lt;一&gt;" in spans


def test_what_was_looked_up_for_a_part_is_known_the_next_time_and_not_what_was_for_others(tmp_path):
    cache, table = Cache(tmp_path, "this program"), {"書名": (0, 1)}
    with remembered(cache, "a part", table, tuple):
        assert table == {}, "what others have asked is asked again, so that it is kept here"
        table["書名"] = (0, 2)
    table = {"another": ()}
    with remembered(cache, "a part", table, tuple):
        assert table == {"書名": (0, 2)}
    assert table.keys() == {"書名", "another"}
    with remembered(Cache(tmp_path, "another program"), "a part", table, tuple):
        assert table == {}
