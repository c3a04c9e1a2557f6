"""Canonical HTML: whatever raw HTML a chapter holds, what comes out is well-formed, harmless and canonical."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from publish.edition.markup import xhtml
from publish.edition.markup.canonical import make_canonical

SETTINGS = "title: t\nnumber-sections: false\n"
DIV = f'<div xmlns="{xhtml.XHTML}">{{}}</div>'


def tidy(html, *, soup=True):
    """Markup made canonical, with what was reported."""
    found = []
    root = xhtml.parse(html, soup=soup)
    make_canonical(root, lambda what, needle: found.append((what, needle)), lambda _: None)
    return xhtml.serialize(root).replace(f' xmlns="{xhtml.XHTML}"', "")[5:-6], found


@pytest.mark.cases("xhtml.md")
def test_raw_html_is_made_canonical(case, rendered):
    made = rendered(case, SETTINGS)
    assert made == case.expected
    etree.fromstring(DIV.format(made))


@pytest.mark.parametrize(
    ("markdown", "problem", "line"),
    [
        ("文\n\n文<script>x</script>\n", "the element <script> was removed with its content", 3),
        (
            '文\n\n<iframe src="https://a.example/v"></iframe>\n',
            "the element <iframe> was removed with its content, which is at https://a.example/v",
            3,
        ),
        ("文\n\n<p onclick='x'>文</p>\n", 'the attribute onclick="…" was removed', 3),
        ("文\n\n<a href='javascript:x'>文</a>\n", "links to javascript: addresses are not published", 3),
        ("文\n\n[文](javascript:x)\n", "links to javascript: addresses are not published", 3),
        (
            "文\n\n<p style='background:url(x)'>文</p>\n",
            "a style that loads something from outside the book was removed",
            3,
        ),
        ("文\n\n<marquee>文</marquee>\n", "the element <marquee> was removed, its content kept", 3),
        ("文\n\n<form>文</form>\n", "the element <form> was removed, its content kept", 3),
    ],
)
def test_what_is_taken_out_is_reported_with_its_line(markdown, problem, line, make_book):
    book = make_book(markdown)
    assert (problem, line) in [(one.problem, one.place.line) for one in book.findings]
    assert not re.search(r"script|onclick|javascript|url\(|marquee|form", book.page())


def test_characters_that_xml_has_no_place_for_go(make_book):
    book = make_book("控\x01制\x0e符\x1b号\ufffe终\x0c&#1;&#xFFFF;`\x02`<b title='\x03x'>\x04</b>\n\n```\n\x05y\n```\n")
    page = book.page()
    etree.fromstring(DIV.format(page))
    assert not xhtml.ILLEGAL.search(page)
    assert re.sub(r"[\s\ufffd]", "", page).startswith("<p>控制符號終")


def test_ids_stand_on_the_elements_that_they_name(make_book):
    text = (
        "段\n\n- 项\n- 项二\n\n1. 松\n\n    二段\n\n| a | b |\n|---|---|\n| c | d |\n\n> 引\n\n"
        "术\n:   义\n\n| 诗\n| 行\n\n<b>生</b>始\n\n[^1]始\n\n[^1]: 注\n"
    )
    root = xhtml.read(make_book(text).editions["zh-TW"].chapters[0].xhtml)
    assert not [one for one in root.iter(f"{xhtml.H}span") if (one.get("class") or "") == "publish-id"]
    named = {xhtml.local(one) for one in root.iter(etree.Element) if re.match(r"^p-[0-9a-f]{10}", one.get("id") or "")}
    assert named == {"p", "li", "dd", "div"}
    for one in root.iter(f"{xhtml.H}p", f"{xhtml.H}li"):
        has = one.get("id") or (len(one) and any(child.get("id") for child in one))
        assert has, etree.tostring(one)


def test_no_empty_span_is_left_of_an_id_in_running_text(handbook):
    for publication in handbook.editions.values():
        for chapter in publication.chapters:
            assert "publish-id" not in chapter.xhtml


def test_every_chapter_of_the_handbook_is_well_formed_and_has_no_html_of_others(handbook):
    for publication in handbook.editions.values():
        for chapter in publication.chapters:
            root = xhtml.read(chapter.xhtml)
            for element in root.iter():
                assert isinstance(element.tag, str)
                assert etree.QName(element).namespace in (xhtml.XHTML, xhtml.MATHML, xhtml.SVG)
                assert not xhtml.local(element).startswith("h-")


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from(
            [
                *("<p>", "</p>", "<b>", "</b>", "<table>", "<tr>", "<td>", "</table>", "<ul>", "<li>", "</ul>", "<br>"),
                *(
                    "<svg>",
                    "</svg>",
                    "<math>",
                    "<mi>",
                    "</math>",
                    "<foo-bar x:y='1'>",
                    "<a href='javascript:1'>",
                    "</a>",
                ),
                *("<script>", "</script>", "<!--", "-->", "<![CDATA[", "]]>", "<?x", "?>", "&amp;", "&bogus;", "&#0;"),
                *('<a href="a b<>">', "<p id='头'>", "<p id=a id=b>", "<p =x>", '<p "=1>', "<p on x>", "<", ">", "&"),
                *(
                    "头发",
                    "\x00",
                    "\ud800",
                    "\ufffe",
                    "<select><option>",
                    "<template>",
                    "<ruby>",
                    "<rt>",
                    "<h1>",
                    "</div>",
                ),
                *("<input type=checkbox>", "<p xml:lang=en xlink:href=x>", "<svg><a xlink:href='http://x'>", "<body>"),
            ]
        ),
        max_size=12,
    )
)
def test_any_soup_comes_out_well_formed_and_harmless(pieces):
    made, _ = tidy("".join(pieces))
    root = etree.fromstring(DIV.format(made))
    names = {xhtml.local(one) for one in root.iter() if isinstance(one.tag, str)}
    assert not names & {"script", "select", "template", "body"}
    assert not [one for one in root.iter() if not isinstance(one.tag, str)]
    for element in root.iter():
        assert not [key for key in element.attrib if etree.QName(key).localname.startswith("on")]
        assert not (element.get("href") or "").startswith("javascript")
        assert re.match(r"^[A-Za-z_]", element.get("id") or "a")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<p>a<x>b</x>c</p>", "<p>abc</p>"),
        ("<x>a</x>", "a"),
        ("<p>a</p><x><p>b</p>c</x>d", "<p>a</p><p>b</p>cd"),
        ("<p>a<script>x</script>b</p>", "<p>ab</p>"),
        ("<p><script>x</script>b<i>c</i></p>", "<p>b<i>c</i></p>"),
        ("<p><i>a</i><script>x</script>b</p>", "<p><i>a</i>b</p>"),
        ("<label><input type='checkbox'>a</label>", "☐ a"),
    ],
)
def test_taking_an_element_out_keeps_the_text_around_it(given, expected):
    assert tidy(given)[0] == expected


def test_lists_and_blocks_in_a_cell_stay_and_convert(make_book):
    rows = (
        "前 <ul><li>头发</li><li>皇后</li></ul> 后来",
        "<ol><li>软件</li></ol>",
        "甲<br><p>里面</p>",
        "<div>乙</div>",
    )
    book = make_book("| 一 | 二 |\n|---|---|\n" + "".join(f"| 丙 | {row} |\n" for row in rows))
    page = book.page()
    for cell in ("前 <ul><li>頭髮</li><li>皇后</li></ul> 後來", "<ol><li>軟", "<p>裡面</p>", "<div>乙</div>"):
        assert cell in page
    assert not {"text-lost", "read-differently"} & {one.code for one in book.findings}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("要点", None),
        ("20%", "western"),
        ("Go 1.2", "western"),
        ("共20%", None),
        ("很长的一句话" * 8, "passage"),
        ("（放下针线）", "passage"),
    ],
)
def test_emphasis_of_numbers_and_of_long_passages_has_no_dots(words, kind):
    made, _ = tidy(f"<p>前<em>{words}</em>后</p>")
    assert (f'<em class="{kind}">' if kind else "<em>") in made


@pytest.mark.parametrize(("words", "dots"), [("静场。灯渐暗。", False), ("次日清晨！”", False), ("重点", True)])
def test_a_sentence_that_is_all_of_its_paragraph_has_no_dots(words, dots):
    made, _ = tidy(f"<p><em>{words}</em></p>")
    assert ("<em>" in made) is dots


@pytest.mark.parametrize(("words", "dots"), [("次日清晨。", False), ("次日", True)])
def test_a_sentence_that_begins_its_paragraph_is_a_direction(words, dots):
    made, _ = tidy(f"<p><em>{words}</em> <strong>周妻</strong>在灶前生火。</p>")
    assert ("<em>" in made) is dots


def test_accents_of_formulas_are_signs_that_stand_alone(make_book):
    page = make_book("# 题\n\n$\\hat n + \\ddot w + \\bar x$\n", ("zh-CN",)).page("zh-CN")
    assert [page.count(f'<mo accent="true">{sign}</mo>') for sign in "^¨‾"] == [1, 1, 1]
    assert not any(0x300 <= ord(char) < 0x370 for char in page)


@pytest.mark.parametrize(
    ("lines", "kind"),
    [("project/<br/>├── a.py<br/>└── 说明.md", "line-block drawn"), ("床前明月光，<br/>疑是地上霜。", "line-block")],
)
def test_a_tree_that_is_drawn_in_lines_is_no_verse(lines, kind):
    assert f'class="{kind}"' in tidy(f'<div class="line-block">{lines}</div>', soup=False)[0]
