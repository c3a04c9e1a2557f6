"""The proof of PDFs: a sound one has no finding, and each fault that was put into one is found, and nothing else."""

from __future__ import annotations

import json
from collections import Counter
from types import SimpleNamespace

import pikepdf
import pytest
import weasyprint
from PIL import Image

from publish.check.files import SHOWN, as_report, check_file
from publish.check.pdf import check as check_pdf
from publish.check.pdf.fonts import TELLING, region_of_name, wanted_regions
from publish.check.pdf.lines import PrintedLine, _furniture, lay_out, text_size
from publish.check.pdf.page import Font, Glyph
from publish.check.pdf.read import read_pdf
from publish.check.pdf.rules import RULES
from publish.errors import PublishError
from scripts.samples import ours, stock
from tests.proofs import EM, HIGH, LEADING, LEFT, MEASURE, PARAGRAPHS, TOP, WIDE, fonts, page, raw, write
from tests.tiny import ROOT, call


def codes(file):
    """The codes of what is wrong with a PDF, each with how often."""
    return dict(Counter(one.code for one in check_pdf(file)))


def lines(**changes):
    """The lines of the two paragraphs, some of them changed: `lines(_1="…")`."""
    made = list(PARAGRAPHS)
    for name, text in changes.items():
        made[int(name[1:])] = text
    return made


def only(file, code):
    """The one finding of a PDF, which has this code."""
    [found] = check_pdf(file)
    assert found.code == code, str(found)
    return found


# --- a sound page -----------------------------------------------------------------------------------------------------


def test_a_sound_page_has_no_finding(tmp_path):
    assert codes(write(tmp_path / "a.pdf")) == {}


@pytest.mark.parametrize(("size", "alone"), [(0.8, True), (1, False)])
def test_a_note_in_the_margin_is_no_part_of_the_line_that_it_stands_beside(tmp_path, size, alone):
    note = f'<span style="padding-left:9pt;font-size:{size * EM}pt">注</span>'
    file = write(tmp_path / "a.pdf", page(lines(_2=f"{PARAGRAPHS[2]}{note}")))
    assert ("注" in [line.text for line in lay_out(read_pdf(file)).lines[0]]) is alone


def test_the_text_stands_where_it_was_set(tmp_path):
    document = read_pdf(write(tmp_path / "a.pdf"))
    layout = lay_out(document)
    first = layout.lines[0][0]
    assert first.text == PARAGRAPHS[0].strip("　")
    assert (first.left, first.right) == pytest.approx((LEFT + 2 * EM, LEFT + MEASURE * EM), abs=0.01)
    assert TOP + EM / 2 < first.base < TOP + LEADING
    assert layout.size == pytest.approx(EM)
    assert layout.edges[1] == pytest.approx(LEFT + MEASURE * EM, abs=0.05)
    assert [len(one.lines) for one in layout.paragraphs] == [5, 4]


def test_marks_trimmed_at_a_line_s_ends_are_sound(tmp_path):
    halt = "<span style=\"font-feature-settings: 'halt'\">{}</span>".format
    trimmed = halt("“") + PARAGRAPHS[2][:9] + PARAGRAPHS[2][10:] + halt("，")
    assert codes(write(tmp_path / "a.pdf", page(lines(_2=trimmed)))) == {}


def test_a_hanging_mark_is_not_too_long(tmp_path):
    assert codes(write(tmp_path / "a.pdf", page(lines(_2=PARAGRAPHS[2] + "，")))) == {}


def test_a_reading_that_is_wider_than_what_it_stands_over_may_end_at_the_measure(tmp_path):
    reading = f'<span style="position:absolute;font-size:5pt;left:{MEASURE * EM - 20}pt;top:-6pt">甲乙丙丁</span>'
    short = f'<span style="letter-spacing:-0.06pt">{PARAGRAPHS[2]}</span>'
    assert only(write(tmp_path / "a.pdf", page(lines(_2=short))), "line-ragged")
    wide = f'<span style="letter-spacing:-0.06pt">{PARAGRAPHS[2]}{reading}</span>'
    assert codes(write(tmp_path / "b.pdf", page(lines(_2=wide)))) == {}


def test_a_paragraph_without_an_indent_at_a_page_s_head_is_its_own(tmp_path):
    """Where paragraphs are not indented, a stop at a page's foot ends one, though lists have their indents."""
    items = [f"　　{PARAGRAPHS[1][:-2]}", f"　　{PARAGRAPHS[1][:10]}"] * 3
    first = [*items, "", *PARAGRAPHS[1:4], PARAGRAPHS[1][:-3] + "。"]
    assert codes(write(tmp_path / "a.pdf", page(first), page(["码头上的灯都亮了。"]))) == {}


def test_verse_and_headings_may_be_ragged(tmp_path):
    verse = ["", "码头上的灯亮了", "缆绳湿了又干", "没有人说起明天", "", "潮水退到石阶下面", "船还没有回来"]
    assert codes(write(tmp_path / "a.pdf", page([*PARAGRAPHS, *verse]))) == {}


# --- lines ------------------------------------------------------------------------------------------------------------


def test_a_mark_that_begins_a_line_is_found_with_its_place(tmp_path):
    file = write(tmp_path / "a.pdf", page(lines(_2="，" + PARAGRAPHS[2][1:])))
    found = only(file, "line-start")
    assert found.page == 1
    assert found.box.left == pytest.approx(LEFT, abs=0.1)
    assert TOP + 2 * LEADING < found.box.top < TOP + 3 * LEADING
    assert '"，"' in found.problem


def test_a_mark_that_ends_a_line_is_found(tmp_path):
    file = write(tmp_path / "a.pdf", page(lines(_2=PARAGRAPHS[2][:-1] + "“")))
    assert only(file, "line-end").text.endswith("“")


@pytest.mark.parametrize("mark", "—…")
def test_a_mark_of_two_that_a_line_break_parts_is_found(tmp_path, mark):
    made = lines(_1=PARAGRAPHS[1][:-1] + mark, _2=mark + PARAGRAPHS[2][1:])
    assert "split by a line break" in only(write(tmp_path / "a.pdf", page(made)), "line-start").problem


def test_a_mark_that_is_named_may_begin_a_line(tmp_path):
    named = '<span style="display: inline-block; width: 10pt">?</span>、' + PARAGRAPHS[2][2:]
    assert codes(write(tmp_path / "a.pdf", page(lines(_2=named)))) == {}


def test_a_line_that_ends_with_an_address_goes_as_far_as_its_last_mark(tmp_path):
    rest = '<span style="display: inline-block; width: 90pt">45da8e73a81d495d</span>' + PARAGRAPHS[2][9:]
    for short, found in (("https://a.cn/b", False), ("一二三四五", True)):
        made = lines(_1=PARAGRAPHS[1][:-9] + short, _2=rest)
        assert ("line-ragged" in codes(write(tmp_path / "a.pdf", page(made)))) == found, short


def test_a_line_that_ends_before_the_measure_is_found(tmp_path):
    file = write(tmp_path / "a.pdf", page(lines(_2=PARAGRAPHS[2][:-1])))
    assert "10.0 pt short of the margin" in only(file, "line-ragged").problem


@pytest.mark.parametrize(("spacing", "expected"), [(-0.01, set()), (-0.02, {"line-ragged"})])
def test_a_line_may_end_three_tenths_of_a_point_before_the_measure(tmp_path, spacing, expected):
    squeezed = f'<span style="letter-spacing:{spacing}pt">{PARAGRAPHS[2]}</span>'
    assert set(codes(write(tmp_path / "a.pdf", page(lines(_2=squeezed))))) == expected


def test_a_line_that_is_too_long_is_found(tmp_path):
    file = write(tmp_path / "a.pdf", page(lines(_2=PARAGRAPHS[2] + "了")))
    assert "10.0 pt too long" in only(file, "line-over").problem


def test_a_cover_has_a_type_area_of_its_own(tmp_path):
    title = '<p style="left:200pt;top:60pt;font-size:16pt">码头上的人</p>'
    assert codes(write(tmp_path / "a.pdf", page([], more=title), page(), page([], more="<p>完</p>"))) == {}
    assert codes(write(tmp_path / "b.pdf", page(more=title.replace("top:60", "top:300")), page())) == {"line-over": 1}


def test_a_line_over_the_page_is_an_error(tmp_path):
    stray = f'<p style="left:{WIDE - 25}pt;top:300pt">码头上</p>'
    found = only(write(tmp_path / "a.pdf", page(more=stray)), "line-over")
    assert (found.severity, "off the page" in found.problem) == ("error", True)


def test_an_ideographic_space_that_was_written_is_no_gap(tmp_path):
    made = list(PARAGRAPHS)
    made[1] = made[1][:8] + "　" + made[1][9:]
    assert "line-gap" not in codes(write(tmp_path / "a.pdf", page(made)))


@pytest.mark.parametrize(("letters", "expected"), [(20, {"line-gap": 1}), (21, {})])
def test_ideographs_that_stand_too_far_apart_are_found(tmp_path, letters, expected):
    spacing = (MEASURE - letters) / (letters - 1)  # 0.21 em, 0.15 em
    text = "其中两根已经起了毛他说这样的绳子明天一早换掉"[:letters]
    loose = f'<span style="letter-spacing:{spacing:.4f}em">{text}</span>'
    assert codes(write(tmp_path / "a.pdf", page(lines(_2=loose)))) == expected


def test_slack_that_a_long_word_leaves_cannot_be_helped(tmp_path):
    loose = f'<span style="letter-spacing:{4 / 19:.4f}em">其中两根已经起了毛他说这样的绳子明天一早</span>'
    word = 'containers<span style="margin-left:.2em">都已经</span>'
    made = [*lines(_2=loose)[:3], word, "", *PARAGRAPHS[5:]]
    assert "line-gap" not in codes(write(tmp_path / "a.pdf", page(made)))


def test_a_hole_beside_a_latin_word_is_found(tmp_path):
    word = '<span style="position:absolute;left:{}em">{}</span>'.format
    holed = f"其中两根已经起了毛{word(9.8, 'rope')}{word(13, '他说这样的绳子明天一早')}"
    found = only(write(tmp_path / "a.pdf", page(lines(_2=holed))), "line-hole")
    assert "gap" in found.problem


HALT = "<span style=\"font-feature-settings: 'halt'\">{}</span>".format


def marked(pair):
    """The lines of the two paragraphs with two marks in the third."""
    return lines(_2=PARAGRAPHS[2][:15] + pair + PARAGRAPHS[2][17:])


@pytest.mark.parametrize("pair", ["。”", "，《", "：“", "）。", "“《"])
def test_marks_side_by_side_that_are_not_set_tight_are_found(tmp_path, pair):
    found = only(write(tmp_path / "a.pdf", page(marked(pair))), "mark-loose")
    assert (f'"{pair}"' in found.problem, found.box.left) == (True, pytest.approx(LEFT + 15 * EM, abs=0.1))
    first, second = pair
    tight = first + HALT(second) if second == "《" else HALT(first) + second
    assert codes(write(tmp_path / "b.pdf", page(marked(tight + '<span style="margin-left:.5em"></span>')))) == {}


def test_marks_in_the_middle_of_their_square_need_not_be_set_tight(tmp_path):
    assert codes(write(tmp_path / "a.pdf", page(marked("。」")), lang="zh-TW", font="Noto Serif CJK TC")) == {}
    assert codes(write(tmp_path / "b.pdf", page(marked("。」")))) == {"mark-loose": 1}


def test_the_frame_of_a_key_is_no_hole(tmp_path):
    key = "<span style=\"font: 8.6pt 'Noto Sans Mono CJK SC'; margin: 0 .6em\">Esc</span>"
    made = f"其中两根已经起了毛他说按{key}就"
    rest = "行了这件事没有人教过他"
    width = 13 * EM + 1.2 * 8.6 + 3 * 4.3
    spread = (
        f'<span style="position:absolute;left:{width / EM}em;letter-spacing:{(MEASURE * EM - width - 110) / 100}em">'
    )
    file = write(tmp_path / "a.pdf", page(lines(_2=f"{made}{spread}{rest}</span>")))
    assert not {"line-hole", "line-gap"} & codes(file).keys()


def test_a_single_character_as_a_last_line_is_found(tmp_path):
    found = only(write(tmp_path / "a.pdf", page(lines(_4="搬。"))), "line-single")
    assert found.text == "搬。"
    assert codes(write(tmp_path / "b.pdf", page(lines(_4="搬走。")))) == {}


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_last_line_of_a_paragraph_alone_on_a_page_is_found(tmp_path):
    file = write(tmp_path / "a.pdf", page(PARAGRAPHS[:4]), page(PARAGRAPHS[4:]))
    found = only(file, "page-widow")
    assert (found.page, found.text) == (2, PARAGRAPHS[4])


def test_the_first_line_of_a_paragraph_alone_on_a_page_is_found(tmp_path):
    file = write(tmp_path / "a.pdf", page(PARAGRAPHS[:6]), page([*PARAGRAPHS[6:], *PARAGRAPHS[:5]]))
    found = only(file, "page-orphan")
    assert (found.page, found.text) == (1, PARAGRAPHS[5].strip("　"))


DRAWN = (
    '<svg style="position:absolute;left:{}pt;top:{}pt" width="{}pt" height="8pt" viewBox="0 0 10 8">'
    '<path d="M0 0h10v8h-10z M2 2v4h6v-4z"/></svg>'
)


def test_marks_on_both_sides_of_a_drawn_formula_are_not_side_by_side(tmp_path):
    gap = '<span style="margin-left:.9em"></span>'
    apart = lines(_2=PARAGRAPHS[2][:15] + "、" + gap + "、" + PARAGRAPHS[2][18:])
    drawn = DRAWN.format(LEFT + 16 * EM, TOP + 2 * LEADING + 4, 0.8 * EM)
    assert "mark-loose" not in codes(write(tmp_path / "a.pdf", page(apart, more=drawn)))
    assert "mark-loose" in codes(write(tmp_path / "b.pdf", page(apart)))


def test_the_number_of_a_formula_is_no_first_line(tmp_path):
    first, second = page([*PARAGRAPHS[:6], "", "　" * 12 + "(13.2)"]), page([*PARAGRAPHS[6:], *PARAGRAPHS[:5]])
    assert "page-orphan" not in codes(write(tmp_path / "a.pdf", first, second))


def test_a_formula_at_a_lines_start_or_end_is_a_part_of_it(tmp_path):
    ends = lines(_1=PARAGRAPHS[1][:-1])
    drawn = DRAWN.format(LEFT + (MEASURE - 1) * EM, TOP + LEADING + 4, EM)
    assert codes(write(tmp_path / "a.pdf", page(ends))) == {"line-ragged": 1}
    assert codes(write(tmp_path / "b.pdf", page(ends, more=drawn))) == {}


def test_what_follows_a_list_at_a_page_s_head_is_not_its_last_line(tmp_path):
    """Its indent is that of the list's lines; what it is, the tags tell."""
    source = tmp_path / "a.html"
    items = "".join(f"<li>{PARAGRAPHS[1]}{PARAGRAPHS[2][:-1]}</li>" for _ in range(3))
    source.write_text(
        f"""<html lang="zh-CN"><title>码头</title><style>
        @page {{ size: 300pt 180pt; margin: 30pt }} body {{ margin: 0 }}
        html {{ font: 10pt/17pt "Noto Serif CJK SC" }} p {{ margin: 0; text-indent: 2em }} li::marker {{ content: "" }}
        ul {{ margin: 0; padding: 0 0 0 2em; list-style: none }}</style>
        <ul>{items}</ul><p style="break-before: page">这些都是老周的话。</p><p>{"".join(PARAGRAPHS[:5])}</p>""",
        encoding="utf-8",
    )
    pdf = weasyprint.HTML(filename=source).write_pdf(pdf_tags=True)
    (tmp_path / "a.pdf").write_bytes(pdf)
    assert "page-widow" not in codes(tmp_path / "a.pdf")


def test_a_paragraph_parted_between_two_lines_and_two_is_sound(tmp_path):
    assert codes(write(tmp_path / "a.pdf", page(PARAGRAPHS[:2]), page(PARAGRAPHS[2:]))) == {}


def test_an_empty_page_is_found_and_a_blank_left_page_before_a_right_one_is_meant(tmp_path):
    text, blank = page(), page([])
    assert only(write(tmp_path / "a.pdf", text, text, blank, text), "page-empty").severity == "warning"
    assert codes(write(tmp_path / "b.pdf", text, blank, text)) == {}
    assert [one.page for one in check_pdf(write(tmp_path / "c.pdf", text, blank, blank, text))] == [2, 3]


FULL, SHORT = page([*PARAGRAPHS, *PARAGRAPHS]), page(PARAGRAPHS[:5])  # 18 lines, 5


def pictured(folder, height, above=(), below=PARAGRAPHS):
    """A page with a picture so many points high at its head, or below some lines, and text below that."""
    Image.new("RGB", (1200, 1200), "grey").save(folder / "a.png")
    top = TOP + len(above) * LEADING
    style = f"position:absolute;left:{LEFT}pt;top:{top}pt;width:200pt;height:{height}pt"
    first = -(-height // LEADING) + 1
    return page([*above, *[""] * first, *below], more=f'<img style="{style}" src="a.png">')


def test_a_page_that_ends_early_although_the_chapter_goes_on_is_found_with_what_did_not_fit(tmp_path):
    found = only(
        write(tmp_path / "a.pdf", FULL, SHORT, pictured(tmp_path, 250, below=PARAGRAPHS[:3]), FULL), "page-hole"
    )
    assert (found.page, found.severity) == (2, "warning")
    assert found.problem == "77% of the page is empty: the picture that begins the next page did not fit"
    assert found.box.top == pytest.approx(TOP + 5 * LEADING, abs=4)


def test_a_page_may_end_early_before_what_would_have_fitted_for_somebody_ended_it(tmp_path):
    assert codes(write(tmp_path / "a.pdf", FULL, SHORT, pictured(tmp_path, 100), FULL)) == {}, "a small picture"
    assert codes(write(tmp_path / "b.pdf", FULL, SHORT, FULL, FULL)) == {}, "text"
    title = f'<b style="font-size:11pt">{PARAGRAPHS[0][2:9]}</b>'
    assert codes(write(tmp_path / "c.pdf", FULL, SHORT, page([title, *PARAGRAPHS]), FULL)) == {}, "a heading with text"


def test_of_two_figures_it_is_the_first_that_must_fit_and_a_table_counts_with_all_its_rows(tmp_path):
    Image.new("RGB", (1200, 1200), "grey").save(tmp_path / "a.png")
    figure = '<figure><img src="a.png"><figcaption>图　码头</figcaption></figure>'
    rows = "".join(f"<tr><td>{n}</td><td>缆绳</td></tr>" for n in range(11))
    few, some, many = (f"<p>{'<br>'.join(text)}</p>" for text in (PARAGRAPHS[:4], PARAGRAPHS, PARAGRAPHS * 2))
    for name, begun, found in (("a", figure * 2, []), ("b", f"<table>{rows}</table>", [2])):
        pages = [some, few, f"{begun}<p>老周的话。</p>", some, many, many]
        (tmp_path / f"{name}.html").write_text(
            f"""<html lang="zh-CN"><meta charset="utf-8"><title>码头</title><style>
            @page {{ size: 300pt 400pt; margin: 30pt }} html {{ font: 10pt/17pt "Noto Serif CJK SC" }}
            p, figure, table {{ margin: 0; break-inside: avoid; width: 240pt; text-align: center }} body {{ margin: 0 }}
            img {{ width: 100pt; height: 100pt }} td {{ padding: 3pt 0 }} h2 {{ break-before: page; font-size: 11pt }}
            </style>{"<h2>码头</h2>".join(pages)}""",
            encoding="utf-8",
        )
        weasyprint.HTML(filename=tmp_path / f"{name}.html").write_pdf(tmp_path / f"{name}.pdf", pdf_tags=True)
        holes = [one.page for one in check_pdf(tmp_path / f"{name}.pdf") if one.code == "page-hole"]
        assert holes == found, name


def test_what_announces_a_picture_that_does_not_fit_goes_with_it(tmp_path):
    announced = pictured(tmp_path, 250, above=["　　码头上是这样的："], below=PARAGRAPHS[:2])
    assert only(write(tmp_path / "a.pdf", FULL, SHORT, announced, FULL), "page-hole").page == 2
    said = pictured(tmp_path, 250, above=["　　码头上没有别的人。"], below=PARAGRAPHS[:2])
    assert codes(write(tmp_path / "b.pdf", FULL, SHORT, said, FULL)) == {}


def test_a_page_may_end_early_before_a_chapter_and_notes_do_not_fill_it(tmp_path):
    title = f'<p style="left:{LEFT}pt;top:{TOP}pt;font-size:20pt">码头</p>'
    opening = page(["", "", "", "", *PARAGRAPHS], more=title)
    assert codes(write(tmp_path / "a.pdf", FULL, SHORT, opening, FULL)) == {}
    note = f'<p style="left:{LEFT}pt;top:350pt;font-size:8pt">① 见前。</p>'
    high = pictured(tmp_path, 250, below=PARAGRAPHS[:2])
    file = write(tmp_path / "b.pdf", FULL, page(PARAGRAPHS[:5], more=note), high, FULL)
    assert only(file, "page-hole").page == 2
    front, text = pikepdf.Dictionary(S=pikepdf.Name.r), pikepdf.Dictionary(S=pikepdf.Name.D)
    for labels, where in ([0, front, 2, text], "among the front matter"), ([0, text, 2, front], "where the text ends"):
        with pikepdf.open(file, allow_overwriting_input=True) as pdf:
            pdf.Root.PageLabels = pikepdf.Dictionary(Nums=labels)
            pdf.save(file)
        assert codes(file) == {}, where


def test_a_page_with_nothing_but_a_number_is_empty(tmp_path):
    numbered = [page(folio=str(number)) for number in (1, 2)]
    file = write(tmp_path / "a.pdf", *numbered, page([], folio="3"), page(folio="4"))
    assert (only(file, "page-empty").page, only(file, "page-empty").severity) == (3, "warning")


def labelled(file, **first):
    """Give a PDF page labels from its first page on."""
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=[0, pikepdf.Dictionary(S=pikepdf.Name.D, **first)])
        pdf.save(file)
    return file


def test_labels_that_differ_from_the_printed_numbers_are_found(tmp_path):
    pages = [page(folio=str(number)) for number in (5, 6, 7)]
    found = only(write(tmp_path / "a.pdf", *pages), "page-label")
    assert "page numbered 5 in print is labelled 1 in the file; the same on 3 pages" in found.problem
    assert codes(labelled(write(tmp_path / "b.pdf", *pages), St=5)) == {}


def contents(number, goal="dock", title="码头的傍晚"):
    """A page of contents with one entry, and the page that it should lead to."""
    entry = f'<a href="#{goal}">{title}·······················{number}</a>'
    head = '<p id="dock" style="left:30pt;top:30pt;font-size:14pt">码头的傍晚</p>'
    return page([entry], folio="1"), page(folio="2"), page(more=head, folio="3")


def test_a_true_contents_entry_is_sound(tmp_path):
    assert codes(write(tmp_path / "a.pdf", *contents(3))) == {}


def test_the_first_entry_of_a_page_of_contents_is_no_running_head(tmp_path):
    def entries(number):
        rows = [
            f'<p style="left:30pt;top:{30 + row * LEADING}pt;font-size:8pt">{row} 码头的灯亮了·················</p>'
            f'<p style="left:250pt;top:{30 + row * LEADING}pt;font-size:8pt">{row + 12}</p>'
            for row in range(12)
        ]
        return page([], more="".join(rows), folio=str(number))

    assert codes(write(tmp_path / "a.pdf", entries(1), entries(2), page(folio="3"), page(folio="4"))) == {}


def test_a_contents_entry_with_another_number_is_an_error(tmp_path):
    found = only(write(tmp_path / "a.pdf", *contents(2)), "toc-page")
    assert (found.severity, found.page) == ("error", 1)
    assert 'the contents say page 2 for "码头的傍晚", which is on page 3' in found.problem


def test_a_contents_entry_is_measured_by_labels_where_nothing_is_printed(tmp_path):
    bare = [text.partition('<p style="left:150pt')[0] + "</section>" for text in contents(12)]
    assert codes(write(tmp_path / "a.pdf", *bare)) == {"toc-page": 1}
    assert codes(labelled(write(tmp_path / "b.pdf", *bare), St=10)) == {}


def test_a_contents_entry_for_what_stands_elsewhere_is_found(tmp_path):
    found = only(write(tmp_path / "a.pdf", *contents(3, title="仓库的钥匙")), "toc-page")
    assert "not on page 3, where the contents point" in found.problem


def test_contents_without_leading_dots_are_read_too(tmp_path):
    for number, expected in ((3, {}), (2, {"toc-page": 1})):
        pages = [one.replace("·······················", "　") for one in contents(number)]
        assert codes(write(tmp_path / f"{number}.pdf", *pages)) == expected


def test_contents_that_go_on_over_the_page_are_no_paragraph(tmp_path):
    entry = '　　　　　　<a href="#dock">码头的傍晚　3</a>'
    head = '<p id="dock" style="left:30pt;top:30pt;font-size:14pt">码头的傍晚</p>'
    pages = page([*PARAGRAPHS, "", entry]), page([entry, "", *PARAGRAPHS]), page(more=head)
    assert not {"page-orphan", "page-widow"} & codes(write(tmp_path / "a.pdf", *pages)).keys()


def test_an_image_with_too_few_pixels_is_found(tmp_path):
    Image.new("RGB", (100, 50), "gray").save(tmp_path / "dot.png")
    places = {144: ("img-dpi", "warning"), 36: ("img-dpi", "note"), 18: None}
    for width, expected in places.items():
        image = f'<img src="dot.png" style="position:absolute;left:30pt;top:300pt;width:{width}pt">'
        found = check_pdf(write(tmp_path / f"{width}.pdf", page(more=image)))
        assert [(one.code, one.severity) for one in found] == ([expected] if expected else [])
    assert "100 × 50 pixels is set at 50 dpi" in check_pdf(tmp_path / "144.pdf")[0].problem


# --- glyphs and fonts -------------------------------------------------------------------------------------------------


def test_a_missing_glyph_is_an_error_and_geta_a_warning(tmp_path):
    broken = lines(_2=PARAGRAPHS[2][:10] + "\U0010fffd" + PARAGRAPHS[2][11:], _4="进〓去。")
    file = write(tmp_path / "a.pdf", page(broken))
    found = [one for one in check_pdf(file) if one.code == "glyph-missing"]
    assert [one.severity for one in found] == ["error", "warning"]
    assert "U+10FFFD" in found[0].problem
    assert found[0].box.left == pytest.approx(LEFT + 10 * EM, abs=0.1)


def test_text_that_does_not_say_what_it_is_is_found_and_its_page_is_not_empty(tmp_path):
    file = write(tmp_path / "a.pdf")
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        for one in fonts(pdf):
            del one["/ToUnicode"]
        pdf.save(file)
    assert "have no text to copy or search" in only(file, "text-unknown").problem


def test_columns_that_stand_near_each_other_are_not_one_line(tmp_path):
    column = [line[:11] for line in PARAGRAPHS[1:4]] * 4
    beside = "".join(
        f'<p style="left:{LEFT + 12 * EM}pt;top:{TOP + number * LEADING}pt">{line}</p>'
        for number, line in enumerate(column)
    )
    assert codes(write(tmp_path / "a.pdf", page(column, more=beside))) == {}


def test_quotations_in_another_face_have_an_edge_of_their_own(tmp_path):
    quoted = f'<span style="font-family:Noto Sans CJK SC">{PARAGRAPHS[1][:23]}</span>'
    made = [
        *PARAGRAPHS[:5],
        "",
        *[quoted] * 3,
        f'<span style="font-family:Noto Sans CJK SC">{PARAGRAPHS[1][:4]}</span>',
    ]
    assert codes(write(tmp_path / "a.pdf", page(made))) == {}


def test_text_that_copies_out_as_radicals_is_found(tmp_path):
    found = only(write(tmp_path / "a.pdf", page(lines(_4="翻过⼭是⽥。"))), "text-radicals")
    assert "2 characters" in found.problem


def rename(file, name):
    """Call the fonts of a PDF otherwise."""
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        for one in fonts(pdf):
            one.BaseFont = one.DescendantFonts[0].BaseFont = pikepdf.Name(f"/AAAAAA+{name}")
        pdf.save(file)
    return file


REGIONS = {"SC": "zh-CN", "TC": "zh-TW", "HK": "zh-HK", "JP": "ja"}


def in_glyphs_of(key):
    """The page of the two paragraphs with the glyphs that a region's readers know."""
    return page([f'<span lang="{REGIONS[key]}">{line}</span>' for line in PARAGRAPHS])


@pytest.mark.parametrize("font", ["Noto Serif CJK SC", "Noto Sans CJK SC"])
@pytest.mark.parametrize(
    ("lang", "key", "region"),
    [
        ("zh-CN", "JP", "Japan"),
        ("zh-CN", "TC", "Taiwan"),
        ("zh-TW", "SC", "Mainland China"),
        ("zh-TW", "HK", "Hong Kong"),
        ("zh-HK", "TC", "Taiwan"),
        ("zh-CN", "SC", ""),
        ("zh-TW", "TC", ""),
        ("zh-HK", "HK", ""),
    ],
)
def test_glyphs_of_another_region_are_found_by_their_shapes(tmp_path, font, lang, key, region):
    file = rename(write(tmp_path / "a.pdf", in_glyphs_of(key), lang=lang, font=font), "Plain")
    found = check_pdf(file)
    assert [one.code for one in found] == (["font-region"] if region else [])
    assert all(f"the glyphs of {region} (Plain)" in one.problem for one in found)


@pytest.mark.parametrize(
    ("lang", "name", "region"),
    [("zh-CN", "MS-Mincho", "Japan"), ("zh-TW", "SimSun", "Mainland China"), ("zh-CN", "SimSun", ""), ("ja", "A", "")],
)
def test_where_shapes_tell_nothing_the_font_s_name_does(tmp_path, lang, name, region):
    plain = ["木上三个人五本书六百四十七天不大小多少土田山木上三"] * 3
    assert not set(plain[0]) & set(TELLING)
    found = check_pdf(rename(write(tmp_path / "a.pdf", page(plain), lang=lang), name))
    assert [one.code for one in found] == (["font-region"] if region else [])
    assert all(region in one.problem for one in found)


@pytest.mark.parametrize(("lang", "key"), [("zh-Hant", "TC"), ("zh-Hant", "HK"), ("zh-TW", "TC")])
@pytest.mark.parametrize("text", ["子曰學而時習之不亦說乎", "木上三個人五本書六百四十七天"])
def test_a_font_of_all_regions_is_judged_by_what_it_shows(tmp_path, lang, key, text):
    made = page([f'<span lang="{REGIONS[key]}">{text}</span>'])
    assert codes(write(tmp_path / "a.pdf", made, lang=lang, font="Noto Serif CJK SC")) == {}


def test_a_font_of_all_regions_with_another_s_glyphs_is_found_by_whatever_tells(tmp_path):
    made = page(['<span lang="zh-CN">子曰學而時習之不亦說乎</span>'])
    assert not set("子曰學而時習之不亦說乎") & set(TELLING)
    assert (
        "Mainland"
        in only(write(tmp_path / "a.pdf", made, lang="zh-TW", font="Noto Serif CJK SC"), "font-region").problem
    )


def test_a_passage_of_marked_content_may_say_its_own_language(tmp_path):
    """As the text of a drawing does, which is one figure to the tags; inside a form too."""
    file = write(tmp_path / "a.pdf", in_glyphs_of("TC"), lang="zh-CN")
    assert only(file, "font-region")
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        sheet = pdf.pages[0]
        form = pdf.make_stream(sheet.Contents.read_bytes(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
        form.BBox, form.Resources = pikepdf.Array([0, 0, WIDE, HIGH]), sheet.Resources
        sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=form))
        sheet.Contents = pdf.make_stream(b"/Span <</Lang (zh-Hant-TW)>> BDC /A Do EMC")
        pdf.save(file)
    assert codes(file) == {}


def test_a_japanese_font_that_shows_chinese_glyphs_is_sound(tmp_path):
    assert codes(write(tmp_path / "a.pdf", font="Noto Serif CJK JP")) == {}


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("NotoSerifCJKjp-Regular", "JP"),
        ("Noto-Serif-CJK-SC", "SC"),
        ("SourceHanSerif-Bold", "JP"),
        ("SourceHanSansHWHC", "HK"),
        ("SourceHanSansK-Regular", "KR"),
        ("MingLiU_HKSCS", "HK"),
        ("PMingLiU", "TC"),
        ("HiraMinProN-W3", "JP"),
        ("HiraginoSansGB-W3", "SC"),
        ("STSongti-SC-Regular", "SC"),
        ("NotoSerif-Bold", ""),
        ("DejaVu-Sans", ""),
    ],
)
def test_names_of_fonts_tell_their_region(name, region):
    assert region_of_name(Font(name, "Type0", embedded=True)) == region


def test_languages_that_are_not_chinese_want_no_region():
    assert wanted_regions("zh-Hans-CN") == {"SC"}
    assert wanted_regions("zh-Hant-TW") == {"TC"}
    assert wanted_regions("zh-Hant") == {"TC", "HK"}
    assert wanted_regions("zh-MO") == {"HK"}
    assert wanted_regions("ja") == wanted_regions("") == frozenset()


def test_a_font_that_is_not_embedded_is_an_error(tmp_path):
    file = write(tmp_path / "a.pdf")
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        for one in fonts(pdf):
            del one.DescendantFonts[0].FontDescriptor.FontFile3
        pdf.save(file)
    found = only(file, "font-embedded")
    assert (found.severity, "Noto-Serif-CJK-SC is not embedded" in found.problem) == ("error", True)


def type3(file, procedure="g1"):
    """A PDF with a Type 3 font of one glyph, a square."""
    name = pikepdf.Name
    font = {
        "Subtype": name.Type3,
        "FontBBox": [0, 0, 1000, 1000],
        "FontMatrix": [0.001, 0, 0, 0.001, 0, 0],
        "Encoding": pikepdf.Dictionary(Type=name.Encoding, Differences=[65, name(f"/{procedure}")]),
        "FirstChar": 65,
        "LastChar": 65,
        "Widths": [1000],
    }
    raw(file, b"BT /F 10 Tf 20 50 Td (A) Tj ET", **font)
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        square = pdf.make_stream(b"1000 0 0 0 1000 1000 d1 0 0 1000 1000 re f")
        pdf.pages[0].obj.Resources.Font.F.CharProcs = pikepdf.Dictionary({f"/{procedure}": square})
        pdf.save(file)
    return file


def test_a_font_of_type_3_is_found(tmp_path):
    assert "font-type3" not in codes(write(tmp_path / "a.pdf"))
    assert codes(type3(tmp_path / "b.pdf"))["font-type3"] == 1
    assert "glyph-missing" not in codes(tmp_path / "b.pdf")
    assert codes(type3(tmp_path / "c.pdf", "g0"))["glyph-missing"] == 1


# --- the document -----------------------------------------------------------------------------------------------------


def test_a_document_without_tags_title_or_language_is_told(tmp_path):
    assert only(write(tmp_path / "a.pdf", tags=False), "pdf-tags").page == 0
    assert only(write(tmp_path / "b.pdf", title=""), "pdf-title").box is None
    assert only(write(tmp_path / "c.pdf", lang=""), "pdf-lang").label == ""


def test_lines_that_are_not_judged_are_told(tmp_path):
    turned = f'<p style="left:150pt;top:300pt;transform:rotate(90deg)">{"码头上堆着木箱" * 3}</p>'
    assert only(write(tmp_path / "a.pdf", page(more=turned)), "line-vertical").severity == "note"


def test_each_code_has_one_rule_and_a_row_in_the_handbook():
    names = [rule.code for rule in RULES]
    assert len(names) == len(set(names))
    chapter = (ROOT / "source/14-check.md").read_text(encoding="utf-8")
    assert [name for name in names if f"| `{name}` |" not in chapter] == []


# --- reading ----------------------------------------------------------------------------------------------------------


def shown(file):
    """The text of a PDF's first page, and the places of its glyphs: from, to, baseline."""
    glyphs = read_pdf(file).pages[0].glyphs
    places = [tuple(round(value, 1) for value in (one.left, one.right, one.base)) for one in glyphs]
    return "".join(one.text for one in glyphs), places


def test_the_operators_of_text_move_as_they_should(tmp_path):
    content = b"BT /F 10 Tf 14 TL 1 Tc 2 Tw 20 80 Td (a b) Tj T* (c) Tj (d) ' 3 0 (e) \" [(f) -500 (g)] TJ ET"
    widths = {"FirstChar": 97, "LastChar": 103, "Widths": [500] * 7}
    file = raw(tmp_path / "a.pdf", content, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica, **widths)
    text, places = shown(file)
    assert text == "a bcdefg"
    assert [place[0] for place in places] == [20, 26, 29, 20, 20, 20, 25, 35]
    assert [place[2] for place in places] == [20, 20, 20, 34, 48, 62, 62, 62]


@pytest.mark.parametrize(("turn", "place"), [(0, (20, 25, 90)), (180, (180, 175, 10))])
def test_a_page_is_read_as_it_is_shown(tmp_path, turn, place):
    widths = {"FirstChar": 97, "LastChar": 97, "Widths": [500]}
    font = {"Subtype": pikepdf.Name.Type1, "BaseFont": pikepdf.Name.Helvetica, **widths}
    file = raw(tmp_path / "a.pdf", b"BT /F 10 Tf 20 10 Td (a) Tj ET", {"/Rotate": turn}, **font)
    [glyph] = read_pdf(file).pages[0].glyphs
    assert (glyph.left, glyph.base) == pytest.approx((place[0], place[2]))
    assert glyph.upright is (turn == 0)


@pytest.mark.parametrize(
    ("cmap", "codec"), [("UniGB-UCS2-H", "utf-16-be"), ("GBK-EUC-H", "gbk"), ("ETen-B5-H", "big5")]
)
def test_the_older_encodings_of_chinese_are_read(tmp_path, cmap, codec):
    system = pikepdf.Dictionary(Registry=b"Adobe", Ordering=b"GB1", Supplement=2)
    inner = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType0,
        BaseFont=pikepdf.Name("/STSong-Light"),
        CIDSystemInfo=system,
    )
    data = "木箱".encode(codec).hex().encode()
    font = {"Subtype": pikepdf.Name.Type0, "Encoding": pikepdf.Name(f"/{cmap}"), "DescendantFonts": [inner]}
    file = raw(tmp_path / "a.pdf", b"BT /F 10 Tf 20 50 Td <" + data + b"> Tj ET", **font, BaseFont=inner.BaseFont)
    assert shown(file) == ("木箱", [(20, 30, 50), (30, 40, 50)])
    assert "font-embedded" in codes(file)


def test_what_is_inside_forms_is_read(tmp_path):
    font = {"Subtype": pikepdf.Name.Type1, "BaseFont": pikepdf.Name.Helvetica}
    file = raw(tmp_path / "a.pdf", b"q 2 0 0 2 10 0 cm /X Do Q", **font)
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        resources = pdf.pages[0].obj.Resources
        form = pdf.make_stream(b"BT /F 10 Tf 5 5 Td (a) Tj ET /X Do")
        form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 100, 100]
        form.Resources = pikepdf.Dictionary(Font=resources.Font, XObject=pikepdf.Dictionary(X=form))
        resources.XObject = pikepdf.Dictionary(X=form)
        pdf.save(file)
    glyphs = read_pdf(file).pages[0].glyphs
    assert (glyphs[0].text, glyphs[0].left, glyphs[0].base, glyphs[0].size) == ("a", 20, 90, 20)
    assert len(glyphs) > 1, "a form that draws itself is drawn some times and ends"


def test_what_is_no_pdf_is_one_line(tmp_path):
    for name, data in (("a.pdf", b"not a PDF"), ("b.pdf", b""), ("c.pdf", b"%PDF-1.7\n%%EOF\n")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(PublishError, match="not a PDF, or it is damaged"):
            check_pdf(tmp_path / name)
    for path in (tmp_path / "d.pdf", tmp_path):
        with pytest.raises(PublishError, match="no such file"):
            check_file(path, "pdf")


def test_a_pdf_without_pages_is_one_line(tmp_path):
    pikepdf.new().save(tmp_path / "a.pdf")
    with pytest.raises(PublishError, match="has no page"):
        check_pdf(tmp_path / "a.pdf")


def test_a_pdf_with_a_password_is_one_line(tmp_path):
    file = write(tmp_path / "a.pdf")
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        pdf.save(file, encryption=pikepdf.Encryption(owner="one", user="two"))
    with pytest.raises(PublishError, match="needs a password"):
        check_pdf(file)


# --- the command ------------------------------------------------------------------------------------------------------


def run(*arguments):
    done = call("check", *arguments)
    return done.returncode, done.stdout, done.stderr


def test_the_command_proofs_a_file_and_says_where(tmp_path):
    file = write(tmp_path / "a.pdf", page(lines(_2=PARAGRAPHS[2][:-1])))
    code, out, err = run("--format", "pdf", file)
    assert (code, err) == (1, "")
    first, last = out.splitlines()
    assert first.startswith(f"warning: {file}: page 1 at ")
    assert first.endswith("[line-ragged]")
    assert last == "a.pdf: 1 finding"


def test_the_command_gives_json_and_pictures(tmp_path):
    file = write(tmp_path / "a.pdf", page(lines(_2=PARAGRAPHS[2][:-1])), tags=False)
    code, out, err = run("--format", "pdf", file, "--json", "--pictures", tmp_path / "pictures")
    assert (code, err) == (1, f"1 pictures in {tmp_path / 'pictures'}\n")
    tags, ragged = json.loads(out)["findings"]
    assert (tags["code"], tags["page"], tags["box"]) == ("pdf-tags", 0, None)
    assert (ragged["code"], ragged["page"], ragged["severity"], ragged["file"]) == (
        "line-ragged",
        1,
        "warning",
        str(file),
    )
    left, top, right, bottom = ragged["box"]
    assert right == pytest.approx(LEFT + MEASURE * EM, abs=0.1)
    assert left < right
    assert TOP < top < bottom < HIGH
    [picture] = (tmp_path / "pictures").iterdir()
    assert picture.name == "0002-line-ragged-p1.png"
    with Image.open(picture) as image:
        red = [colour for _, colour in image.convert("RGB").getcolors(1 << 20) if colour[0] > 150 and colour[1] < 90]
        assert red, "the fault is in a red frame"


def test_a_sound_file_ends_well(tmp_path):
    file = write(tmp_path / "a.pdf")
    assert run("--format", "pdf", file) == (0, "a.pdf: 0 findings\n", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "docx", "a.docx"], "Choose from"),
        (["--format", "pdf"], "check --format pdf FILE"),
        (["--format", "pdf", "a.pdf", "--edition", "zh-TW"], "not of a file"),
        (["--pictures", "x"], "--format pdf FILE"),
    ],
)
def test_a_wrong_use_of_the_proof_says_how_to_use_it(arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_the_page_of_stock_weasyprint_fails_and_ours_does_not(tmp_path):
    theirs = codes(stock(tmp_path))
    assert {"line-ragged", "line-hole", "mark-loose", "pdf-tags"} <= theirs.keys()
    assert not {"line-ragged", "line-hole", "pdf-tags"} & codes(ours(tmp_path)).keys()


def test_a_table_in_smaller_type_does_not_make_the_size_of_the_text():
    def line(role, size, text):
        glyphs = tuple(Glyph(char, 0, size, 0, size, 0) for char in text)
        return PrintedLine(1, glyphs, size, 0, role=role)

    cells = [line("TD", 7.5, "许多小字的表格") for _ in range(9)]
    assert text_size([line("P", 9.5, "正文一行"), *cells]) == 9.5
    assert text_size(cells) == 7.5
    assert text_size([]) == 0


def test_headings_that_differ_in_a_number_alone_are_no_running_heads():
    def line(number, role, text, base):
        glyphs = tuple(Glyph(char, 0, 10, base - 10, base, 0) for char in text)
        return PrintedLine(number, glyphs, 10, base, role=role)

    def furniture(role):
        pages = [[line(n, role, f"第{n}讲的命令", 40), line(n, "P", "正文", 300)] for n in range(1, 9)]
        document = SimpleNamespace(pages=[SimpleNamespace(height=600)] * len(pages))
        return len(_furniture(document, pages, 10))

    assert {role: furniture(role) for role in ("H1", "P", "", "Artifact")} == {"H1": 0, "P": 0, "": 8, "Artifact": 8}


def test_a_report_names_the_first_of_each_code_and_counts_all(tmp_path):
    ragged = [one[:-1] if number in (1, 2, 3, 6) else one for number, one in enumerate(PARAGRAPHS)]
    file = write(tmp_path / "a.pdf", page(), *[page(ragged)] * 4)
    found = check_file(file, "pdf")
    said = as_report(found)
    assert len(found) > SHOWN
    assert len(said) == SHOWN + 1
    assert said[-1] == f"… {len(found) - SHOWN} more [line-ragged]"
