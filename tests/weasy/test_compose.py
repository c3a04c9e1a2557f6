"""Chinese lines on the page, read from finished PDFs: edges, gaps, marks and what is copied, in three regions."""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter
from html import escape, unescape

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from lxml import etree

from publish.check.pdf.lines import lay_out as measured
from publish.check.pdf.read import read_pdf
from publish.render.pdf.ruby import split_ruby
from publish.weasy.layout import lay_out, listening
from tests.printed import copied, lines

FAMILIES = {"zh-CN": "SC", "zh-TW": "TC", "zh-HK": "HK"}
EM = 10.5
MEASURE = 28 * EM
LEFT = 60.0
STYLE = """
@page {{ size: {page}pt 1100pt; margin: 40pt {left}pt }}
html {{ font: {em}pt/18pt "Noto Serif CJK {glyphs}" }}
body {{ margin: 0; text-align: justify; overflow-wrap: anywhere; {body} }}
p {{ margin: 0; text-indent: 2em }}
strong {{ font-family: "Noto Sans CJK {glyphs}" }}
code {{ font: .86em/1 "Noto Sans Mono CJK {glyphs}"; padding: 0 .15em }}
sup, sub {{ font-size: .7em; line-height: 0 }}
.note {{ float: footnote; font-size: 8pt; text-indent: 0 }}
.note::footnote-call {{ content: "[" counter(footnote) "]"; font-size: 6pt; line-height: 0; vertical-align: super }}
"""
SIMPLIFIED = (
    "她说：“理发店的灯还亮着。”（这是《旧街》〈第三章〉里的话。）雨下到天亮才停，街上没有一个人；"
    "只有卖豆浆的推着车，从桥的那一头过来，一路吆喝——声音不高，却传得很远……"
    "我们用 Markdown 写稿，共12章，约50%的篇幅由AI校过一遍，再交给排版的人。"
)
TRADITIONAL = (
    "她說：「理髮店的燈還亮著。」（這是《舊街》〈第三章〉裡的話。）雨下到天亮才停，街上沒有一個人；"
    "只有賣豆漿的推著車，從橋的那一頭過來，一路吆喝——聲音不高，卻傳得很遠……"
    "我們用 Markdown 寫稿，共12章，約50%的篇幅由AI校過一遍，再交給排版的人。"
)
TEXTS = {"zh-CN": SIMPLIFIED, "zh-TW": TRADITIONAL, "zh-HK": TRADITIONAL}


def page(html, region="zh-CN", body=""):
    """The PDF of a page with a measure of 28 characters."""
    style = STYLE.format(page=MEASURE + 2 * LEFT, left=LEFT, em=EM, glyphs=FAMILIES[region], body=body)
    whole = (
        f'<html lang="{region}"><meta charset="utf-8"><title>题</title><style>{style}</style><body>{html}</body></html>'
    )
    with listening() as log:
        data = lay_out(whole, {}).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    assert not log.warnings
    return data


def cut(text, size):
    return [text[start : start + size] for start in range(0, len(text), size)]


@pytest.fixture(scope="module", params=FAMILIES)
def book(request):
    """A page of ordinary paragraphs, with strong words, code and notes, in each region."""
    text = TEXTS[request.param]
    rich = text.replace("Markdown", "<code>Markdown</code>").replace("桥", "<strong>桥").replace("橋", "<strong>橋")
    rich = re.sub("(那一[头頭])", r"\1</strong>", rich).replace("人；", '人<span class="note">注。</span>；')
    html = "".join(f"<p>{text[skip:]}{rich}{text}</p>" for skip in (0, 7, 15))
    return request.param, page(html, request.param)


def body_lines(data):
    """The lines of the text, without the notes at the foot, each with whether it ends its paragraph."""
    found = [line for line in lines(data) if max(glyph.size for glyph in line.glyphs) > 10]
    starts = [line.glyphs[0].left > LEFT + EM for line in found]
    return list(zip(found, [*starts[1:], True], strict=True))


def test_justified_lines_begin_and_end_at_the_measure(book):
    region, data = book
    checked = 0
    for line, last in body_lines(data):
        end = line.glyphs[-1]
        # The empty half of a mark stands outside the measure; its cell is 1 em from its origin.
        blank = EM / 2 if end.char in ("”」）》〉" if region != "zh-CN" else "，。、；：！？”」）》〉") else 0
        if not last and end.size > 10:  # code has its own edge
            assert end.right - blank == pytest.approx(LEFT + MEASURE, abs=0.3), line.text
            checked += 1
    assert checked >= 15


def test_no_mark_begins_or_ends_a_line_that_must_not(book):
    for line, _ in body_lines(book[1]):
        assert line.text[0] not in "，。、；：！？”’」』）》〉…[", line.text
        assert line.text[-1] not in "“‘「『（《〈", line.text


def test_no_gap_between_han_is_so_wide_that_readers_take_it_for_a_space(book):
    wide = [line.widest() for line, _ in body_lines(book[1])]
    assert max(wide) <= 0.16
    assert max(wide) > 0, "something was stretched"


def test_text_is_copied_as_it_was_written_but_for_spaces_beside_western_words(book):
    region, data = book
    whole = re.sub(r"[\r\n]+", "", copied(data))
    whole = re.sub(r"\[\d\]", "", whole)
    assert whole.replace(" ", "").count(TEXTS[region].replace(" ", "")) == 7
    spaced = set(re.findall(r"(\S) (\S)", whole))
    assert {one for pair in spaced for one in pair if not one.isascii()} <= set("用写寫共章约約的由校注12")


@pytest.mark.parametrize("pair", ["。”", "，“", "）。", "》〈", "：“", "”（", "（《", "〉（"])
def test_marks_side_by_side_are_set_tight(pair):
    [line] = lines(page(f"<p>一二{pair}三四</p>"))
    assert line.gap(*pair) == pytest.approx(0.51, abs=0.01)
    around = line.glyphs[-1].left - line.glyphs[1].left
    assert around == pytest.approx(3.51 * EM, abs=0.1)


@pytest.mark.parametrize("pair", ["。”", "）。", "”（", "二，", "《三"])
def test_a_space_beside_a_mark_is_not_seen(pair):
    spaced, tight = (lines(page(f"<p>一二{one}三四</p>"))[0].glyphs for one in (" ".join(pair), pair))
    assert spaced[-1].left - spaced[1].left == pytest.approx(tight[-1].left - tight[1].left, abs=0.01)


@pytest.mark.parametrize("region", ["zh-TW", "zh-HK"])
def test_centred_marks_keep_their_cell_and_corner_marks_beside_them_give_way(region):
    [line] = lines(page("<p>一。」二，「三」、『四！？五</p>", region))
    for pair, width in {"。」": 1, "」二": 1, "，「": 0.51, "」、": 0.51, "、『": 0.51, "！？": 1}.items():
        assert line.gap(*pair) == pytest.approx(width, abs=0.01), pair


def test_tight_marks_are_copied_clean():
    text = "他说：“好。”（见《书》〈篇〉。）又说，“不。”"
    assert "".join(copied(page(f"<p>{text}</p>")).split("\r\n")) == text


@pytest.mark.parametrize(
    ("html", "first", "second", "width"),
    [
        ("用AI写", "I", "写", None),
        ("用AI写", "用", "A", 7 / 6),
        ("用 AI 写", "用", "A", 7 / 6),
        ("用<strong>AI</strong>写", "用", "A", 7 / 6),
        ("用 <a href='https://a.example/'>AI</a> 写", "用", "A", 7 / 6),
        ("用<code>-x</code>写", "用", "-", 7 / 6 + 0.15 * 0.86),
        ("共12章", "共", "1", 7 / 6),
        ("约50%的", "约", "5", 7 / 6),
        ("，AI", "，", "A", 1),
        ("。 AI", "。", "A", 1),
        ("和/或", "和", "/", 1),
        ("<code>印('b')</code>", "印", "(", 0.86),
        ("<code>写b</code>", "写", "b", 0.86),
    ],
)
def test_western_words_stand_a_gap_from_han(html, first, second, width):
    [line] = lines(page(f"<p>字{html}字</p>"))
    visible = [glyph for glyph in line.glyphs if glyph.char != " "]
    for one, two in itertools.pairwise(visible):
        if (one.char, two.char) == (first, second):
            gap = (two.left - one.left) / EM
            assert gap == pytest.approx(width, abs=0.01) if width else gap > 0.4
            return
    raise AssertionError(line.text)


def test_emoji_and_half_as_many_letters_leave_each_character_its_own_place():
    """Their bytes are together as many as those of Han: one and twice four, and three times three."""
    found = lines(page(f"<p>{'字😀😀a' * 12}{'字' * 20}</p>"))
    assert max(line.glyphs[-1].right for line in found) <= LEFT + MEASURE + 0.5
    assert sum(line.text.count("字") for line in found) == 32


NOTE = ".note-in-line { --two-lines: note; font-size: .55em }"


def test_a_note_in_two_small_lines_goes_on_in_the_next_and_loses_no_word():
    note = "朋同类也自远方来则近者可知程子曰以善及人而信从者众故可乐"
    data = page(f"<style>{NOTE}</style><p>{'有' * 20}<span class=note-in-line>{note}</span>，不亦乐乎。</p>")
    document = pypdfium2.PdfDocument(data)
    text = document[0].get_textpage()
    glyphs = [(text.get_text_range(n, 1), text.get_charbox(n)) for n in range(text.count_chars())]
    small = [(char, box) for char, box in glyphs if char in note and box[3] - box[1] < 0.7 * EM]
    assert "".join(char for char, _ in small) == note
    heights = sorted({round(box[1] / 3) for _, box in small}, reverse=True)
    assert len(heights) >= 4  # two small lines in each of two lines of text
    assert max(box[2] for _, box in small) <= LEFT + MEASURE + 0.3
    assert min(box[0] for _, box in small) >= LEFT - 0.3


def test_a_note_in_two_small_lines_moves_no_line_of_the_text():
    note = "<span class=note-in-line>同类也，自远方来</span>"

    def bases(html):
        text = pypdfium2.PdfDocument(page(f"<style>{NOTE}</style><p>{html}</p>"))[0].get_textpage()
        chars = range(text.count_chars())
        return sorted({round(text.get_charbox(n)[1], 1) for n in chars if text.get_text_range(n, 1) == "字"})

    assert bases(f"{'字' * 20}{note}{'字' * 50}") == bases("字" * 72)


@pytest.mark.parametrize("mark", ["……", "——"])
@pytest.mark.parametrize("text", ["OK{}是", "A12 {}是", "{}Knuth", "（Knuth {}是）"])
def test_dashes_and_ellipses_beside_western_letters_are_chinese(text, mark):
    """As wide as they are between Han, where Pango sees no Western letter before them, nor at a paragraph's start."""

    def width(html):
        [line] = lines(page(f"<p>{html}</p>"))
        at = line.text.index(mark)
        return (line.glyphs[at + 2].left - line.glyphs[at].left) / EM

    assert width(text.format(mark)) == pytest.approx(width("字字" + mark + text.format("")[-1:]), abs=0.01)
    assert width(text.format(mark)) > 1.99


def test_a_gap_is_dropped_where_a_line_ends():
    text = "一" * 26 + "Western" + "二" * 30
    first, second, *_ = lines(page(f"<p>{text}</p>"))
    assert first.glyphs[-1].right == pytest.approx(LEFT + MEASURE, abs=0.3)
    assert second.text.startswith("Western")
    assert second.glyphs[0].left == pytest.approx(LEFT, abs=0.1)


def test_marks_at_a_lines_edges_show_their_ink_at_the_measure():
    [first, second] = lines(page("<p style='text-indent:0'>" + "一" * 26 + "二。“三四五</p>"))
    assert first.text[-1] == "。"
    assert second.text[0] == "“"
    assert second.glyphs[0].left == pytest.approx(LEFT - EM / 2, abs=0.1)


def test_a_paragraph_that_begins_with_a_quotation_is_indented_two_characters_and_a_half():
    [line] = lines(page("<p>“好。”他说。</p>"))
    assert line.glyphs[0].left == pytest.approx(LEFT + 2 * EM, abs=0.1)
    assert line.glyphs[1].left == pytest.approx(LEFT + 3 * EM, abs=0.1)


def test_stops_hang_where_the_theme_says_so():
    text = "<p style='text-indent:0'>" + "一" * 28 + "。" + "二" * 5 + "</p>"
    hanging, _ = lines(page(text, body="--hanging-punctuation: allow-end"))
    assert hanging.text == "一" * 28 + "。"
    assert hanging.glyphs[-1].left == pytest.approx(LEFT + MEASURE, abs=0.3)
    plain, _ = lines(page(text))
    assert plain.text != hanging.text


def test_marks_have_half_of_their_cell_where_a_book_has_them_so_and_code_keeps_them():
    text = "<p style='text-indent:0'>“好，”他说。（好）<code>甲，乙</code></p>"
    [line] = lines(page(text, body="--punctuation: half"))
    places = {char: (glyph.left - LEFT) / EM for char, glyph in zip(line.text, line.glyphs, strict=True)}
    assert places["“"] == pytest.approx(-0.5, abs=0.02)  # its ink begins at the indent
    assert places["他"] == pytest.approx(2.5, abs=0.05)  # “ , ” half a cell each, and 好
    assert places["说"] + 1.5 == pytest.approx(places["（"] + 0.5, abs=0.05)
    assert places["乙"] - places["甲"] == pytest.approx(2 * 0.86, abs=0.2)


def test_a_heading_goes_on_behind_its_number_and_a_centred_one_does_not():
    title = "从零开始排一本书要知道的几件事情，以及为什么这样排才好看"
    heading = f'<h2 class="{{}}"><span class="number">12.3</span> {title}</h2>'
    css = """h2 { --line-break: words; text-indent: 0 } h2.middle { text-align: center }
        .number { --set-as: label; margin-right: 6pt }"""
    for name, moved in (("", True), ("middle", False)):
        [number, *words] = (line for line in lines(page(f"<style>{css}</style>" + heading.format(name))))
        assert "".join([number.text, *(line.text for line in words)]).replace(" ", "") == f"12.3{title}"
        first = next(glyph.left for char, glyph in zip(number.text, number.glyphs, strict=True) if char == "从")
        assert [line.glyphs[0].left == pytest.approx(first, abs=0.1) for line in words] == [moved] * len(words)
        assert words


def test_the_gap_behind_a_key_is_outside_of_its_frame():
    css = f"p {{ font: {EM}pt 'Noto Serif CJK SC' }} kbd {{ font: inherit; padding: 0 3pt; border: 1pt solid #000 }}"
    text = "按<kbd>E</kbd>"
    [alone], [followed] = (
        [box for box in document.pages[0]._page_box.descendants() if box.element_tag == "kbd" and box.padding_left]
        for document in (
            lay_out(f"<html lang='zh-CN'><style>{css}</style><p>{text}</p>", {}),
            lay_out(f"<html lang='zh-CN'><style>{css}</style><p>{text}再", {}),
        )
    )
    assert followed.width == pytest.approx(alone.width)
    assert (followed.margin_right - alone.margin_right) * 0.75 == pytest.approx(EM / 6, abs=0.1)


def test_a_line_of_contents_has_tight_marks_and_leaves_the_column_of_numbers_free():
    css = """.toc a { display: block; padding-right: 30pt; text-align: left }
        .toc a::after { content: leader("·") "\\2002" target-counter(attr(href), page); margin-right: -30pt }
        .number { display: inline-block; width: 20pt }"""
    number = '<span class="number" style="width: 5em; margin-left: -5em">1</span>'
    titles = ("“甲”：《乙》", "a" * 40 + "为", f"{number}Word", f"{number}字")
    entries = "".join(f'<a href="#x">{title}</a>' for title in titles)
    found = lines(page(f'<style>{css}</style><div class="toc" id="x">{entries}</div>'))
    marks, *long, western, han = found
    place = {char: glyph.left for char, glyph in zip(marks.text, marks.glyphs, strict=True)}
    assert place["《"] - place["”"] == pytest.approx(EM, abs=0.3)  # three marks in two cells
    assert len({round(line.glyphs[-1].left, 1) for line in (marks, long[-1], western, han)}) == 1
    for line in long:
        text = [glyph.left for char, glyph in zip(line.text, line.glyphs, strict=True) if char in "a为"]
        assert max(text, default=0) < LEFT + MEASURE - 30
    starts = [line.glyphs[len(line.text) - len(line.text.lstrip("1"))].left for line in (western, han)]
    assert starts[0] == pytest.approx(starts[1], abs=0.3)


def test_an_address_is_parted_before_its_marks_and_copied_whole():
    address = "https://example.org/a/rather/long/path/which/does/not/fit.html?with=a&longer=query"
    data = page(f"<p>网址是{address}，请记下。{'一' * 20}</p>")
    first, second, *_ = [line.text for line in lines(data)]
    assert re.match(r"[/.?&=]", second) or first.endswith("//")
    assert address in re.sub(r"[\r\n]+", "", copied(data))


def test_a_note_stays_with_what_it_is_about():
    for more in range(20, 29):
        data = page("<p>" + "一" * more + '<span class="note">注</span>，' + "二" * 40 + "</p>")
        for line in lines(data):
            assert not line.text.startswith(("[1]二", "[1]，"))


def test_boxes_that_end_with_a_line_end_there():
    html = "<p style='text-indent:0'>" + "一" * 26 + "<code>ab</code>" + "二" * 10 + "</p>"
    data = page(html)
    assert next(line.text for line in lines(data)).startswith("一" * 20)
    assert "".join(line.text for line in lines(data)) == "一" * 26 + "ab" + "二" * 10


def test_forced_lines_pictures_and_ruby_are_in_their_place():
    picture = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='20' height='10'/%3E"
    block = "<span style='display:inline-block;width:21pt;text-indent:0'>丁</span>"
    html = f"<p>甲<br>乙<img alt='图' src=\"{picture}\">丙{block}戊</p>"
    first, second = lines(page(html))
    assert first.text == "甲"
    assert second.text == "乙丙丁戊"
    assert second.gap("乙", "丙") == pytest.approx((EM + 15) / EM, abs=0.05)
    assert second.gap("丁", "戊") == pytest.approx(2, abs=0.05)


def test_a_table_cell_holds_what_it_asked_for():
    data = page("<table><tr><td>用AI写稿</td><td>用Web读</td></tr></table>")
    assert len(lines(data)) == 1


@pytest.mark.parametrize(
    "html",
    [
        "<p>甲<span style='float:left'>乙</span>丙丁</p>",
        "<p>甲<span style='white-space:pre'>a  b</span>丙</p>",
        "<p dir='rtl'>אבג 甲</p>",
        "<p>甲\u00ad乙</p>",
        "<p>甲<span style='padding-left:5%'>乙</span></p>",
        "<p style='hyphens:auto'>甲 hyphenation</p>",
        "<p>甲<span style='padding: 3pt'></span>乙</p>",
        "<p style='font-size:0'>甲</p><p>乙</p>",
        "<p> <b> </b> <i></i>甲 </p>",
        "<p></p><p><b></b></p><p>甲<b></b></p>",
        "<p>甲<span style='position:absolute'>乙</span>丙<span style='position:relative'>丁</span></p>",
    ],
)
def test_what_is_not_composed_is_still_set(html):
    wanted = sorted(re.sub(r"<[^>]*>|[\s\u00ad]", "", html.replace("<p style='font-size:0'>甲", "")))
    assert sorted(re.sub(r"[\s\u00ad\u0002\ufffe-]", "", copied(page(html)))) == wanted


def test_the_same_text_gives_the_same_bytes():
    html = f"<p>{SIMPLIFIED}</p>"
    assert page(html) == page(html)


def fills(data):
    """The bounds of the drawn paths of a page in points: left, bottom, right, top."""
    document = pypdfium2.PdfDocument(data)
    found = [item.get_bounds() for item in document[0].get_objects() if item.type == pdfium.FPDF_PAGEOBJ_PATH]
    document.close()
    return found


def test_emphasis_puts_a_dot_under_each_han_character_and_none_under_marks():
    html = "<p>字<em>着重号，点</em>字</p>"
    data = page(html.replace("<em>", "<em style='font-style:normal;--text-emphasis:dot'>"))
    [line] = lines(data)
    dots = fills(data)
    assert line.text == "字着重号，点字"
    middles = [(left + right) / 2 for left, _, right, _ in dots]
    marked = [glyph for glyph in line.glyphs if glyph.char in "着重号点"]
    assert middles == pytest.approx([glyph.left + EM / 2 for glyph in marked], abs=0.3)
    assert all(top < line.baseline - 0.1 * EM for *_, top in dots)
    assert "着重号，点" in copied(data)


def test_emphasis_underlines_western_words():
    data = page("<p>字<span style='--text-emphasis:dot'>two words</span>字</p>")
    [line] = lines(data)
    [(left, _, right, _)] = fills(data)
    assert line.glyphs[1].left - 0.5 <= left < right <= line.glyphs[9].right + 0.5


@pytest.mark.parametrize("shape", ["straight", "wavy"])
def test_names_side_by_side_have_a_line_each(shape):
    name = f"<span style='--text-line:{shape}'>"
    data = page(f"<p>{name}蘇軾</span>{name}黃州</span>作</p>", "zh-TW")
    (left, _, end, top), (begin, _, right, _) = fills(data)
    [line] = lines(data)
    assert end < begin
    assert left >= line.glyphs[0].left - 0.5
    assert right <= line.glyphs[-1].left + 0.5
    assert top < line.baseline
    assert "蘇軾黃州作" in copied(data)


RUBY = """
ruby { display: inline-block; text-align: center; line-height: 1; text-indent: 0 }
rt { display: block; font-size: .5em; line-height: 0; position: relative; top: -2.42em }
"""


def test_ruby_stands_over_its_characters_on_the_line_and_moves_no_line():
    html = "<p>一二<br>三<ruby>装订<rt>zhuāng</rt></ruby>四<br>五六</p>"
    found = lines(page(f"<style>{RUBY}</style>{html}"))
    first, reading, base, last = found
    assert (first.text, reading.text, base.text, last.text) == ("一二", "zhuāng", "三装订四", "五六")
    assert first.baseline - base.baseline == pytest.approx(18, abs=0.1)
    assert base.baseline - last.baseline == pytest.approx(18, abs=0.1)
    middle = (base.glyphs[1].left + base.glyphs[2].right) / 2
    assert (reading.glyphs[0].left + reading.glyphs[-1].right) / 2 == pytest.approx(middle, abs=0.5)
    assert base.baseline + 0.7 * EM < reading.baseline < base.baseline + 1.2 * EM


def test_a_ruby_of_several_readings_is_parted_without_loss():
    source = (
        "<p xmlns='http://www.w3.org/1999/xhtml'>前<ruby id='r' lang='zh'>漢<rp>(</rp><rt>hàn</rt><rp>)</rp>"
        "<rb>字</rb><rt>zì</rt>尾</ruby>後<ruby>無</ruby></p>"
    )
    tree = etree.fromstring(source)
    split_ruby(tree)
    found = re.sub(r" xmlns=\S+?(?=[ >])", "", etree.tostring(tree, encoding="unicode"))
    assert found == (
        '<p>前<ruby lang="zh">漢<rt>hàn</rt></ruby><ruby lang="zh">字<rt>zì</rt></ruby><ruby lang="zh">尾</ruby>後'
        "<ruby>無</ruby></p>"
    )


def test_nothing_in_a_line_moves_the_lines_apart():
    inner = "甲<sup>2</sup>乙<code>code</code>丙<strong>黑</strong>丁<sub>3</sub>😀戊" * 4
    found = [line for line in lines(page(f"<p>{inner}</p>")) if line.glyphs[0].size > 10]
    steps = [one.baseline - two.baseline for one, two in itertools.pairwise(found)]
    assert steps
    assert steps == pytest.approx([18] * len(steps), abs=0.1)


def test_body_lines_stand_on_the_grid_whatever_is_between_on_all_pages():
    between = "<h2 style='font-size:13pt;line-height:21pt;margin:7pt 0 5pt'>题</h2><pre style='margin:3pt'>a\nb</pre>"
    html = "".join(f"<p>{SIMPLIFIED}</p>{between}" for _ in range(12))
    data = page(html, body="--line-grid: 40pt 18pt; widows: 2; orphans: 2")
    counts = []
    for number in range(2):
        found = [line for line in lines(data, number) if line.glyphs[0].size == EM and len(line.glyphs) > 10]
        counts.append(len(found))
        places = [(1100 - 40 - line.baseline) % 18 for line in found]
        assert places == pytest.approx([places[0]] * len(places), abs=0.05)
    assert min(counts) > 10


def test_a_stepped_block_has_as_much_space_above_as_below():
    block = "<div style='--block-step:center;line-height:10pt;margin:4pt 0'>块</div>"
    data = page(f"<p>上</p>{block}<p>下</p>", body="--line-grid: 40pt 18pt")
    upper, middle, lower = lines(data)
    assert upper.baseline - lower.baseline == pytest.approx(36, abs=0.1)
    assert upper.baseline - middle.baseline == pytest.approx(18, abs=0.1)


def test_a_heading_stands_as_far_from_its_text_after_whatever_is_above():
    heading = "<h2 style='--block-step:end;font-size:13pt;line-height:21pt;margin:7pt 0 5pt'>题</h2>"
    block = "<div style='line-height:10pt;margin:4pt 0'>块</div>"
    distances = []
    for above in ("", "<p>上</p>", f"<p>上</p>{block}", f"<p>上</p>{block}{block}"):
        *_, title, text = lines(page(f"{above}{heading}<p>下</p>", body="--line-grid: 40pt 18pt"))
        assert (title.text, text.text) == ("题", "下")
        distances.append(title.baseline - text.baseline)
    assert distances == pytest.approx([distances[0]] * 4, abs=0.1)


PIECES = (
    *(
        "汉字",
        "，",
        "。",
        "“好”",
        "——",
        "……",
        "（注）",
        "《书》",
        "word",
        "12",
        "50%",
        " ",
        "「」",
        "々",
        "don’t",
        "！？",
    ),
    "https://x.example/path/to/a/file.html?q=1",
)
WRAPPERS = (
    "<b>{}</b>",
    "<code>{}</code>",
    "<em>{}</em>",
    "<a href='https://x.example'>{}</a>",
    "<span style='white-space:nowrap'>{}</span>",
    "<span style='position:relative'>{}</span>",
    "{}<br>{}",
    "{}<span class='note'>脚注，一句。</span>{}",
    "{}<sup>1</sup>{}",
    "{}<span style='display:inline-block;text-indent:0'>块</span>{}",
    "{}<i></i>{}",
)


def anything(chance, depth=0):
    """Marked-up text of any kind."""
    found = []
    for _ in range(chance.randint(1, 5)):
        text = "".join(escape(chance.choice(PIECES)) for _ in range(chance.randint(1, 8)))
        if chance.random() < 0.5 and depth < 3:
            wrapper = chance.choice(WRAPPERS)
            found.append(wrapper.format(text, anything(chance, depth + 1)))
        else:
            found.append(text)
    return "".join(found)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_in_a_line_all_of_it_is_shown(seed):
    chance = random.Random(seed)
    html = "".join(f"<p>{anything(chance)}</p>" for _ in range(4))
    body = f"text-align: {chance.choice(['justify', 'left', 'center', 'right'])}; width: {chance.choice([8, 13, 28])}em"
    wanted = Counter(re.sub(r"<[^>]*>|\s", "", unescape(html)))
    printed = Counter(copied(page(html, chance.choice(list(FAMILIES)), body)))
    assert not wanted - printed


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        # The hyphen is kerned with the T in one piece, and has its whole width at a line's end.
        ("大规模预训练模型（Pre-Training Model）近年来取得了巨大的成功，这一点没有人怀疑。", "Pre-"),
        # The parenthesis is kerned with the A only where no Han stands before it.
        ("人工智能抽象与推理语料库 (ARC-AGI) 基准，该基准衡量人工智能系统解决新颖推理问题的能力。", "(ARC"),
    ],
)
def test_letters_at_a_lines_ends_are_measured_as_they_are_set_there(tmp_path, text, parted):
    han = "校书如扫尘一面扫一面生故有一书每三四校犹有脱谬"
    file = tmp_path / "a.pdf"
    file.write_bytes(page("".join(f"<p>{han[:skip]}{text}</p>" for skip in range(len(han)))))
    seen = 0
    for paragraph in measured(read_pdf(file)).paragraphs:
        for line, after, _ in paragraph.broken:
            assert min(abs(line.right - end) for end in (LEFT + MEASURE, LEFT + MEASURE + EM / 2)) < 0.1, line.text
            seen += line.text.endswith(parted) or after.text.startswith(parted)
    assert seen


def test_what_is_spread_is_copied_without_spaces_though_the_font_has_one():
    # The word that waits leaves the line loose; the space between words is in the font.
    han = "校书如扫尘一面扫一面生故有一书每三四校犹有脱"
    text = f"{han} Internationalization of us 是为了方便研究。"
    data = page("".join(f"<p style='margin-right:{step / 4}em'>{text}</p>" for step in range(3, 20)))
    loose = [line for line, _ in body_lines(data) if 0.115 < line.widest() <= 0.16]
    assert loose
    whole = re.sub(r"[\r\n]", "", copied(data))
    assert whole.count(han[:12]) == 17


def test_latin_emphasis_is_aslant_where_the_font_has_no_italic():
    whole = page("<p>前<em style='font-style: normal; --text-slant: oblique'>Moby Dick</em>后</p>")
    [sheet] = pypdfium2.PdfDocument(whole)
    slants = {}
    for one in sheet.get_objects([pdfium.FPDF_PAGEOBJ_TEXT]):
        matrix = one.get_matrix()
        slants.setdefault(round(abs(matrix.c / matrix.a), 2), 0)
    assert set(slants) == {0, 0.21}
    assert "Moby Dick" in copied(whole)


def test_a_word_is_parted_where_its_line_would_be_loose_and_the_hyphen_ends_the_line(tmp_path):
    text = "的时候，行文会怎样呢？他们写了responsibilities与characteristics的书。"
    html = f"<div style='width: {13 * EM}pt'><p>{text * 2}</p></div>"
    counts = []
    for hyphens in ("auto", "none"):
        (tmp_path / "a.pdf").write_bytes(page(html, body=f"hyphens: {hyphens}"))
        found = measured(read_pdf(tmp_path / "a.pdf")).lines[0]
        ends = [line for line in found if line.text.endswith("-")]
        counts.append((len(ends) > 0, len(found)))
        for line in ends:
            assert line.glyphs[-1].right == pytest.approx(LEFT + 13 * EM, abs=0.1)
    [(parted, few), (whole, many)] = counts
    assert parted
    assert not whole
    assert few <= many


def test_a_soft_hyphen_leaves_a_paragraph_composed_and_is_seen_only_where_it_parts():
    words = "实验的结果，interpre\u00adtability这个词。"
    [line] = lines(page(f"<p>{words}</p>", body="hyphens: manual"))
    assert line.gap("，", "i") < 1.01
    assert "-" not in line.text
    narrow = lines(page(f"<div style='width: {9 * EM}pt'><p style='text-indent: 0'>实验的{words}</p></div>"))
    assert max(one.glyphs[-1].right for one in narrow) < LEFT + 9 * EM + 6


def test_a_colon_and_what_asks_do_not_hang():
    for mark, hangs in (("，", True), ("：", False), ("？", False)):
        html = f"<p style='text-indent: 0'>{'一' * 28}{mark}二三四五</p>"
        [first, *_] = lines(page(html, body="--hanging-punctuation: allow-end"))
        assert (first.text == "一" * 28 + mark and first.glyphs[-1].left > LEFT + MEASURE - 1) == hangs, mark


@pytest.mark.parametrize(
    "text",
    ["他们说话的声音——1721年", "他们说话的声音——CK是什么", "他们说<strong>话的声音</strong>——这里有一个人"],
    ids=["number", "letters", "behind bold"],
)
def test_a_line_that_ends_behind_a_dash_is_flush_and_the_dash_two_em(text):
    for before in range(12, 29):
        found = lines(page(f"<p>{'一二三四五六七八九十' * 3}"[: 3 + before] + f"{text}{'山高水长' * 9}</p>", "zh-TW"))
        [line] = [one for one in found if "——" in one.text or "⸺" in one.text]
        if "山" not in line.text or line.glyphs[-1].char in "山高水长":
            assert line.glyphs[-1].right == pytest.approx(LEFT + MEASURE, abs=0.3), line.text


def test_a_line_between_the_halves_of_a_bracket_is_flush():
    text = "兩岸簽了二十三項協議，包括ECFA（經濟合作架構協議）。2015年他們在新加坡握手，那是1949年以來的首次會面。"
    for before in range(8):
        found = lines(page(f"<p>{'一二三四五六七八'[:before]}{text}</p>", "zh-TW"))
        ends = [one.glyphs[-1].right - 0.5 * EM * (one.glyphs[-1].char in "」）") for one in found[:-1]]
        assert ends == pytest.approx([LEFT + MEASURE] * len(ends), abs=0.2), before
