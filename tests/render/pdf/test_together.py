"""What stays on one page: short lines with what they stand above, questions, boxes, a chapter's last lines."""

from __future__ import annotations

import pytest
from lxml import etree

from publish.edition.markup import xhtml
from publish.render.pdf.together import keep_together

LONG = "风从河上来，吹过屋后的竹林，也吹过他站着的那条小路，一直吹到山的那一边去。"


def classes(body, kind):
    """The first words of blocks that have a class, on lines of 20 em."""
    tree = xhtml.parse(body, soup=False)
    keep_together(tree, 20)
    having = [one for one in tree.iter(etree.Element) if kind in str(one.get("class") or "").split()]
    return ["".join(one.itertext()).strip()[:4] for one in having]


def paragraphs(text):
    return "".join(f"<p>{one}</p>" for one in text.split("|"))


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (paragraphs("<b>三月五日</b>|风从河上来。|材料") + "<ul><li>绳子</li></ul>", ["三月五日", "材料"]),
        (paragraphs("行一|行二|行三|完了。"), []),
        (paragraphs("丙：快走吧。[笑]|丁：好。"), []),
        (paragraphs(f"<strong>甲：你是什么时候到的？</strong>|乙：昨天。|<b>{LONG * 2}</b>|乙：好。"), ["甲：你是"]),
        (paragraphs("如下：") + "<pre>a</pre>" + paragraphs("他说：|你好，他说，明天见。"), ["如下："]),
        (paragraphs("好。|6.|风从河上来。|（三）|风来。"), ["6.", "（三）"]),
        (paragraphs("他说：") + "<blockquote><p>风来。</p></blockquote>", ["他说："]),
        (paragraphs("是：") + '<p><math xmlns="http://www.w3.org/1998/Math/MathML" display="block"/></p>', ["是："]),
    ],
    ids=["title", "verse", "sentence", "question", "code", "number", "quotation", "formula"],
)
def test_what_is_a_heading_and_not_marked_as_one_stays_with_what_is_below(body, kept):
    assert classes(body, "leads") == kept


def test_a_short_warning_stays_whole_and_a_long_one_may_be_broken():
    box = '<div class="admonition warning"><p>{}</p></div>'
    assert classes(box.format("当心。") + box.format("当心水深。" * 60), "short") == ["当心。"]


@pytest.mark.parametrize(
    ("body", "kept", "long"),
    [
        (paragraphs(f"{LONG}|{LONG}|没有了。"), ["没有了。"], []),
        (paragraphs(f"{LONG}|一|二|三"), ["二", "三"], []),
        (paragraphs(f"一|{LONG * 2}"), [], ["风从河上"]),
        ("<ul><li>放入茶包；</li><li>捞出茶包。</li><li>喝。</li></ul>", ["捞出茶包", "喝。"], []),
        (paragraphs("一") + "<table><tr><td><p>二</p></td></tr></table>" + paragraphs("三|四"), ["四"], []),
        (paragraphs("一") + "<table><tr><td><p>二</p></td></tr></table>", [], []),
        (paragraphs(LONG) + '<p class="lines">春来<br/>夏来<br/>秋来</p>', [], ["春来夏来"]),
    ],
    ids=["talk", "short", "long", "list", "behind a table", "table", "lines"],
)
def test_a_chapter_ends_with_no_page_of_a_line_or_two(body, kept, long):
    assert classes(body, "closes") == kept
    assert classes(body, "closing") == long


@pytest.mark.parametrize(("lines", "whole"), [(4, ["春来春来"]), (5, [])])
def test_a_stanza_of_four_lines_stays_whole(lines, whole):
    assert classes(f'<p class="lines">{"<br/>".join(["<em>春</em>来"] * lines)}</p>', "short") == whole
