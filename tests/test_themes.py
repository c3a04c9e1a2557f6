"""Themes: each extends the one before it, sets every format, and has pages of its own."""

from __future__ import annotations

import re
from importlib import resources
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest

from publish.errors import PublishError
from publish.formulas.engine import Wish, typeset
from publish.source.project import read_project
from publish.themes import THEMES, read_theme, theme_names
from tests.tiny import SETTINGS, make, write_book

CODE = "```sh\n" + "publish build source --edition zh-TW --format pdf --output build/print --strict --quiet\nls\n```\n"
TABLE = "| 桥 | 年 | 说明 |\n|:--|:--|:--|\n" + "| 第一座桥 | 1400 年 | 石拱，三孔，桥上有亭，亭里有碑。 |\n" * 60
PARTED = "<table><tr><th rowspan='2'>跨行</th><td>甲</td></tr><tr><td>乙</td></tr></table>\n\n"


@pytest.fixture(scope="module", params=["book", "essay", "manual", "report"])
def built(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    settings = (
        f"{SETTINGS.replace('cover-image: images/cover.png', '')}\ntheme: {request.param}\nnumber-sections: true\n"
    )
    second = f"# 软件 {{#second}}\n\n{CODE}\n{TABLE}\n{PARTED}"
    make(write_book(folder / "book", {"book.yaml": settings, "02.md": second}), folder / "out", editions=("zh-TW",))
    return request.param, folder / "out/zh-TW"


def texts(file):
    document = pypdfium2.PdfDocument(file)
    found = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    document.close()
    return found


def test_there_are_four_and_an_unknown_one_is_named_with_those_that_are_known(tmp_path):
    assert theme_names() == ["book", "essay", "manual", "report"]
    (tmp_path / "a.md").write_text("---\ntitle: 书\ntheme: boko\n---\n\n# 一\n", encoding="utf-8")
    with pytest.raises(PublishError, match=r'a\.md:3: theme: unknown theme "boko".*book, essay, manual, report'):
        read_project(tmp_path / "a.md")


def test_a_theme_takes_what_it_does_not_have_from_the_one_it_extends():
    assert [folder.name for folder in read_theme("essay").folders] == ["essay", "book"]
    own = {path.name for path in (THEMES / "essay").iterdir()}
    assert "print.html" not in own, "nothing is copied"


def test_all_formats_are_made_in_it(built):
    name, folder = built
    assert (folder / "tiny.pdf").is_file()
    assert (folder / "tiny.epub").is_file()
    styles = [path.read_text(encoding="utf-8") for path in (folder / "html").rglob("*.css")]
    assert any(read_theme(name).accent in style for style in styles)


def test_a_table_repeats_its_head_on_every_page(built):
    pages = [page for page in texts(built[1] / "tiny.pdf") if page.count("第一座橋") > 2]
    assert len(pages) > 1
    assert all("說明" in page for page in pages)


def test_code_is_broken_without_a_character_that_is_not_in_it(built):
    whole = "".join("".join(texts(built[1] / "tiny.pdf")).split())
    assert "publishbuildsource--editionzh-TW--formatpdf--outputbuild/print--strict--quietls" in whole


def test_folios_and_labels_agree(built):
    _, folder = built
    document = pypdfium2.PdfDocument(folder / "tiny.pdf")
    labels = [document.get_page_label(number) for number in range(len(document))]
    document.close()
    pages = texts(folder / "tiny.pdf")
    numbered = [
        (label, page.split()) for label, page in zip(labels, pages, strict=True) if label.isdigit() and page.split()
    ]
    with_folio = [label for label, words in numbered if label in (words[0], words[-1], words[-2])]
    assert len(with_folio) > len(numbered) / 2
    assert labels[0] == "封面"
    with pikepdf.open(folder / "tiny.pdf") as pdf:
        assert pdf.Root.Lang == "zh-Hant-TW"


# The theme, page settings, and how many pages a chapter of one page takes: the next may wait for a right one.
WAITING = [
    ("book", "sides: two, chapter-start: right", 2),
    ("essay", "chapter-start: right", 2),
    ("manual", "chapter-start: right", 2),
    ("report", "sides: two, chapter-start: right", 2),
    ("book", "sides: two", 1),  # short chapters
    ("report", "sides: two", 1),
    ("book", "sides: one, chapter-start: right", 1),
]


@pytest.mark.parametrize(("theme", "page", "pages"), WAITING)
def test_chapters_wait_for_a_right_page_where_the_book_says_so(theme, page, pages, tmp_path):
    settings = f"title: 书\nlang: zh-TW\nslug: tiny\ntheme: {theme}\npage: {{{page}}}\n"
    settings += "chapters: [一.md, 二.md, 三.md, 四.md]\n"
    chapters = {f"{name}.md": f"# {name}章\n\n文字之{name}。\n" for name in "一二三四"}
    (tmp_path / "book").mkdir()
    for name, text in {"book.yaml": settings, **chapters}.items():
        (tmp_path / "book" / name).write_text(text, encoding="utf-8")
    make(tmp_path / "book", tmp_path / "out", "pdf", editions=("zh-TW",))
    found = texts(tmp_path / "out/zh-TW/tiny.pdf")
    openers = [index for name in "一二三四" for index, page in enumerate(found) if f"文字之{name}" in page]
    assert [after - before for before, after in pairwise(openers)] == [pages] * 3
    if pages == 2:
        assert all(index % 2 == 0 for index in openers), "the first page of a PDF is a right one"


def test_web_pages_draw_what_a_formula_has_round_it_or_through_it():
    # Chromium takes menclose for a row: what is boxed or cancelled would stand as if it were not.
    tex = r"\boxed{x}\cancel{y}\bcancel{y}\xcancel{y}\enclose{circle}{2}\enclose{horizontalstrike}{z}"
    wish = Wish(tex, display=False)
    drawn = {one for said in re.findall(r'notation="([^"]+)"', typeset([wish])[wish].mathml) for one in said.split()}
    assert len(drawn) == 5
    themes = resources.files("publish") / "themes"
    css = (themes / "_base/mathml.css").read_text(encoding="utf-8")
    for sheet in ("web.css", "epub.css"):
        assert '{% include "_base/mathml.css" %}' in (themes / "book" / sheet).read_text(encoding="utf-8")
    assert [one for one in drawn if f'notation~="{one}"' not in css] == []
