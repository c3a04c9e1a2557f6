"""Notes at the foot of a page: one that fits stays on the page of its call, once for all of its calls there."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest

from publish.render.pdf.document import NOTES_BESIDE_NUMBERS
from publish.starter import TEMPLATES
from publish.weasy.layout import lay_out
from tests.tiny import make

NOVEL = TEMPLATES / "novel"


@pytest.mark.parametrize("theme", ["book", "report"])
def test_no_line_stands_alone_on_a_page_for_the_sake_of_a_note(theme, tmp_path):
    (tmp_path / "novel").mkdir()
    for path in filter(Path.is_file, NOVEL.iterdir()):
        text = path.read_text(encoding="utf-8").replace("32开", "64开").replace("theme: book", f"theme: {theme}")
        (tmp_path / "novel" / path.name).write_text(text, encoding="utf-8")
    make(tmp_path / "novel", tmp_path / "out", "pdf", editions=("zh-CN",))
    with pypdfium2.PdfDocument(tmp_path / "out/zh-CN/novel.pdf") as document:
        pages = [page.get_textpage().get_text_bounded().splitlines() for page in document]
    [number] = [number for number, page in enumerate(pages) if any("柳树根" in line for line in page)]
    assert any("平常水小" in line for line in pages[number]), "the note is on the page of its call"
    assert min(len(page) for page in pages[number - 1 : number + 1]) > 8


@pytest.mark.parametrize("literature", ["", NOTES_BESIDE_NUMBERS], ids=["alone", "beside numbers of sources"])
def test_notes_numbered_by_page_begin_with_one_on_each(literature):
    note = '<span class="footnote by-page">甲</span>'
    css = (
        "@page { size: 200pt 200pt; margin: 20pt } .footnote { float: footnote } section { break-before: page }"
        ".by-page::footnote-call { content: '①' } .by-page::footnote-marker { content: '① ' }"
    )
    sections = "".join(f"<section>字{note * count}</section>" for count in (2, 3))
    data = lay_out(f"<style>{css}{literature}</style>{sections}", {}).write_pdf()
    with pypdfium2.PdfDocument(data) as pdf:
        texts = [re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in pdf]
    assert texts == ["字①②①甲②甲", "字①②③①甲②甲③甲"]


def test_a_note_that_a_page_calls_again_stands_on_it_once():
    def note(same, text):
        return f'<span class="footnote by-page" data-same="{same}">{text}</span>'

    css = (
        "@page { size: 200pt 200pt; margin: 20pt } .footnote { float: footnote } section { break-before: page }"
        ".by-page::footnote-call { content: '①' } .by-page::footnote-marker { content: '① ' }"
    )
    first = f"{note('a', '甲')}字{note('b', '乙')}字{note('a', '甲')}字<span class='footnote by-page'>丙</span>"
    sections = f"<section>{first}</section><section>{note('b', '乙')}字{note('a', '甲')}{note('b', '乙')}</section>"
    data = lay_out(f"<style>{css}</style>{sections}", {}).write_pdf()
    with pypdfium2.PdfDocument(data) as pdf:
        texts = [re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in pdf]
    assert texts == ["①字②字①字③①甲②乙③丙", "①字②①①乙②甲"]


def test_a_note_that_a_page_calls_again_stands_in_its_margin_once(caplog):
    def beside(name, same):
        call = f'<sup class="noteref by-page" data-note="{name}" data-same="{same}"><a href="#{name}">①</a></sup>'
        number = f'<span class="beside-number by-page" data-note="{name}">①</span>'
        return f'{call}<span class="beside" id="{name}" data-same="{same}">{number}{same}</span>'

    css = (
        "@page { size: 200pt 200pt; margin: 20pt 80pt 20pt 20pt } section { break-before: page }"
        ".beside { position: absolute; top: 0; left: 0; width: 50pt; font-size: 8pt }"
    )
    first = f"字{beside('一', '甲')}{beside('二', '乙')}{beside('三', '甲')}"
    html = f"<section>{first}</section><section>字{beside('四', '甲')}</section>"
    made = lay_out(f"<style>{css}</style>{html}", {})
    assert [[target for _, target, *_ in page.links] for page in made.pages] == [["一", "二", "一"], ["四"]]
    with pypdfium2.PdfDocument(made.write_pdf()) as pdf:
        pages = [re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in pdf]
    assert [sorted(page) for page in pages] == [sorted("字①②①①甲②乙"), sorted("字①①甲")]
    assert not caplog.records


def test_notes_in_the_margin_are_counted_with_those_at_the_foot():
    def beside(name):
        call = f'<sup class="noteref by-page" data-note="{name}"><a href="#{name}">①</a></sup>'
        number = f'<span class="beside-number by-page" data-note="{name}">①</span>'
        return f'{call}<span class="beside" id="{name}">{number}{name}</span>'

    css = (
        "@page { size: 200pt 200pt; margin: 20pt 80pt 20pt 20pt } .footnote { float: footnote }"
        "section { break-before: page } .beside { position: absolute; top: 0; left: 0; width: 50pt; font-size: 8pt }"
        ".footnote::footnote-call { content: '①' } .footnote::footnote-marker { content: '① ' }"
    )
    foot = '<span class="footnote by-page">脚</span>'
    html = f"<section>字{beside('甲')}{foot}{beside('乙')}</section><section>字{foot}{beside('丙')}</section>"
    with pypdfium2.PdfDocument(lay_out(f"<style>{css}</style>{html}", {}).write_pdf()) as pdf:
        pages = [re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in pdf]
    for page, text, notes in zip(pages, ("字①②③", "字①②"), ({"①甲", "②脚", "③乙"}, {"①脚", "②丙"}), strict=True):
        assert text in page
        assert {note for note in notes if note in page} == notes
