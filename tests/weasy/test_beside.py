"""Notes in the margin: at the outer side, on the base of their call's line, none over another or below the page."""

from __future__ import annotations

import pytest

from publish.weasy.layout import lay_out
from tests.printed import lines

CSS = (
    "@page { size: 200pt 200pt; margin: 20pt } @page :left { margin-left: 80pt } @page :right { margin-right: 80pt }"
    "html { font: 10pt/20pt 'Noto Serif CJK SC' } p { margin: 0 }"
    ".beside { position: absolute; top: 0; left: 0; width: 50pt; padding: 0 5pt; font-size: 8pt; line-height: 10pt }"
)


def note(text):
    return f'<span class="beside" id="{text}">{text}</span>'


@pytest.fixture
def pages():
    """`pages(paragraphs of each page)` are the lines of each, and WeasyPrint's pages."""

    def make(*texts):
        html = "".join(f'<div style="break-before: page">{text}</div>' for text in texts)
        document = lay_out(f"<style>{CSS}</style>{html}", {})
        data = document.write_pdf()
        return [lines(data, number) for number in range(len(texts))], document.pages

    return make


def found(page, char):
    return next(glyph for line in page for glyph in line.glyphs if glyph.char == char)


def test_a_note_stands_at_the_outer_side_on_the_base_of_its_line(pages):
    text = f"<p>一</p><p>二{note('注')}</p><p>三</p>"
    (right, left), made = pages(text, text)
    assert found(right, "注").baseline == pytest.approx(found(right, "二").baseline, abs=0.1)
    assert found(right, "注").left == pytest.approx(200 - 80 + 5, abs=0.1)
    assert found(left, "注").left == pytest.approx(80 - 55, abs=0.1)
    x, y = made[0].anchors["注"][:2]
    assert (x, y) == pytest.approx((120 / 0.75, made[0].anchors["注"][1]))
    assert y > 40 / 0.75, "what links lead to is where the note is"


def test_notes_are_set_one_below_the_other_and_end_with_the_page(pages):
    long = "甲乙丙丁戊己庚辛壬癸子丑寅卯"
    last = f"<p>末{note('天地玄黄宇宙洪荒日月盈昃辰宿列张')}</p>"
    (page,), _ = pages(f"<p>一{note(long)}{note('次')}</p>{'<p>行</p>' * 5}{last}")
    assert found(page, "次").baseline < found(page, "卯").baseline - 9
    assert found(page, "张").baseline > 20, "pushed up from the foot"
    assert found(page, "天").baseline > found(page, "末").baseline


def test_notes_that_no_page_has_room_for_are_told(pages, caplog):
    pages(f"<p>一{note('甲' * 70)}{note('乙' * 70)}</p>")
    assert "longer than their page" in caplog.text
