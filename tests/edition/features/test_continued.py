"""Which paragraphs begin without an indent behind a block."""

from __future__ import annotations

import pytest

from publish.edition.features.continued import mark_continued
from publish.edition.markup import xhtml

FIGURE = "<figure><img src='a.png'/></figure>"
FORMULA = "<p><math xmlns='http://www.w3.org/1998/Math/MathML' display='block'><mi>x</mi></math></p>"


def _marked(body: str) -> list[str]:
    root = xhtml.parse(body, soup=False)
    mark_continued(root)
    return ["".join(map(str, one.itertext())) for one in root.iter(f"{xhtml.H}p") if one.get("class") == "continued"]


@pytest.mark.parametrize(
    "block",
    [FIGURE, "<pre><code>a</code></pre>", "<table><tbody><tr><td>甲</td></tr></tbody></table>"],
)
def test_a_new_paragraph_behind_a_block_is_indented_and_the_second_half_of_a_sentence_is_not(block):
    assert _marked(f"<p>如下。</p>{block}<p>新的一段。</p>") == []
    assert _marked(f"<p>如下：</p>{block}<p>新的一段。</p>") == []
    assert _marked(f"<p>我们写成</p>{block}<p>再运行它。</p>") == ["再运行它。"]
    assert _marked(f"<p>我们写成，</p>{block}<p>运行它。</p>") == ["运行它。"]
    assert _marked(f"<p>编程之美 3.1</p>{block}<p>给定两个字符串，要求判定能否得到。</p>") == []


@pytest.mark.parametrize("block", ["<ul><li>甲</li></ul>", "<blockquote><p>甲</p></blockquote>"])
def test_behind_a_list_a_sentence_goes_on_only_where_a_pause_stands_before_it(block):
    assert _marked(f"<p>准备的东西</p>{block}<p>新的一段。</p>") == []
    assert _marked(f"<p>他带了绳子、船桨，</p>{block}<p>就出发了。</p>") == ["就出发了。"]


def test_what_explains_a_formula_is_part_of_its_sentence():
    assert _marked(f"<p>公式如下：</p>{FORMULA}<p>其中 x 是质量。</p>") == ["其中 x 是质量。"]
    assert _marked(f"<p>公式如下：</p>{FORMULA}<p>新的一段。</p>") == []
    assert _marked(f"<p>由公式</p>{FORMULA}<p>可知。</p>") == ["可知。"]


def test_a_paragraph_below_a_formula_that_begins_a_sentence_is_a_new_one():
    for words in ("由式（2）可知。", "对数似然为", "我们得到", "并非如此"):
        assert _marked(f"<p>密度为</p>{FORMULA}<p>{words}</p>") == []
    for words in ("且非负，", "是其和。", "以及余项。", "，即得。", "可得目标函数"):
        assert _marked(f"<p>密度为</p>{FORMULA}<p>{words}</p>") == [words]
    stopped = FORMULA.replace("</mi>", "</mi><mo>。</mo>")
    assert _marked(f"<p>由公式</p>{stopped}<p>新的一段。</p>") == []
    assert _marked(f"<p>由公式</p>{stopped}<p>其中 x 是质量。</p>") == ["其中 x 是质量。"]


def test_a_note_behind_the_full_stop_and_a_bold_line_of_its_own_do_not_carry_on():
    call = "<span class='noteref' data-note='n1'></span>"
    assert _marked(f"<p>如下。{call}</p>{FIGURE}<p>新。</p>") == []
    assert _marked(f"<p><strong>第一步</strong></p>{FIGURE}<p>新。</p>") == []
    assert _marked(f"<p><em>图2　河边的理发店</em></p>{FIGURE}<p>新。</p>") == []


def test_an_author_may_say_otherwise():
    assert _marked(f"<p>我们写成</p>{FIGURE}<p class='indented'>再运行。</p>") == []


def test_paragraphs_that_follow_each_other_or_a_heading_are_new_ones():
    assert _marked("<p>没有句号</p><p>新。</p><h2>题</h2><p>新。</p>") == []
