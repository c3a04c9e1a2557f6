"""What a reader gets of the learned book's features, in each edition and format: the book that uses each once."""

from __future__ import annotations

import re
import shutil
import zipfile
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest

from publish.check.pdf import check as check_pdf
from publish.edition.markup.xhtml import EPUB, H, plain, read
from tests.verify import validators
from tests.verify.conftest import FEATURES, Build, publish

pytestmark = pytest.mark.verify

# By edition: how the index begins, a word that leads to another, the names, whose a note is, a cell of the CSV file.
CELLS = {
    "zh-CN": ("A", "扬子江 见 河流，长江", "M马克思，卡尔S单雄信Z曾国藩", "译注：译者的话。", "人口（万）"),
    "zh-TW": ("A–Z", "揚子江 見 河流，長江", "ㄇ馬克思，卡爾ㄕ單雄信ㄗ曾國藩", "譯註：譯者的話。", "人口（萬）"),
    "zh-HK": ("A–Z", "揚子江 見 河流，長江", "十畫馬克思，卡爾十二畫單雄信曾國藩", "譯註：譯者的話。", "人口（萬）"),
}


@pytest.fixture(params=CELLS)
def edition(request):
    return request.param


GLOSSARY = {
    "zh-CN": "版心一页里排正文的那块地方，见软件。不含书眉。长江河流。软件程序和文档。",
    "zh-TW": "版心一頁裡排正文的那塊地方，見軟件。不含書眉。長江河流。軟件程序和文檔。",
    "zh-HK": "版心一頁裏排正文的那塊地方，見軟件。不含書眉。長江河流。軟件程序和文檔。",
}


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_its_epub_has_index_notes_and_table(features, edition):
    begins, leads, names, note, cell = CELLS[edition]
    [file] = [one for one in features.epubs if one.parent.name == edition]
    with zipfile.ZipFile(file) as epub:
        all_pages = [epub.read(name).decode() for name in epub.namelist() if name.endswith(".xhtml")]
        pages = [epub.read(name).decode() for name in epub.namelist() if re.search(r"/06-.*\.xhtml$", name)]
    trees = [read(re.sub(r"<\?xml.*?\?>|<!DOCTYPE[^>]*>", "", page).strip()) for page in pages]
    indexes = [one for tree in trees for one in tree.iter() if one.get(f"{{{EPUB}}}type") == "index"]
    of_all, of_names = sorted(indexes, key=lambda one: "names" in str(one.get("class")))
    entries = [one for one in of_all.iter(f"{H}li") if one.get(f"{{{EPUB}}}type") == "index-entry"]
    assert len(entries) > 8
    assert plain(next(one for one in of_all.iter(f"{H}div") if one.get("class") == "index-head")) == begins
    assert squeezed(leads) in squeezed(plain(of_all))
    assert squeezed(re.sub(r"第六章|6\.1|[　、]", "", plain(of_names))) == names
    text = squeezed("".join(map(plain, trees)))
    assert note in text
    assert cell in text
    ids = {name for page in all_pages for name in re.findall(r'\bid="([^"]+)"', page)}
    links = [one.get("href") for one in of_all.iter(f"{H}a")]
    assert {link.partition("#")[2] for link in links} <= ids


def test_its_pdf_has_index_notes_and_table(features, edition):
    begins, leads, names, note, cell = CELLS[edition]
    [file] = [one for one in features.pdfs if one.parent.name == edition]
    with pypdfium2.PdfDocument(file) as pdf:
        texts = [squeezed(page.get_textpage().get_text_bounded()) for page in pdf]
        folios = [pdf.get_page_label(number) for number in range(len(pdf))]
    index, named = (next(text for text in texts if text.startswith(title)) for title in ("索引", "人名索引"))
    folio = next(folio for folio, text in zip(folios, texts, strict=True) if "Python和AI" in text)
    assert any(note in text for text in texts)
    assert f"{begins}AI{folio}" in index
    assert squeezed(leads) in index
    assert re.sub(r"\d+", "", named).removeprefix("人名索引").startswith(names)
    assert any(cell in text for text in texts)


def test_its_glossary_is_a_list_that_words_lead_to_in_every_format(features, edition):
    [file] = [one for one in features.epubs if one.parent.name == edition]
    with zipfile.ZipFile(file) as epub:
        pages = [epub.read(name).decode() for name in epub.namelist() if re.search(r"/06-.*\.xhtml$", name)]
    web = [one.read_text("utf-8") for one in features.pages if edition in one.parts and one.name.startswith("06-")]
    for texts in (pages, web):
        [listed] = [text for text in texts if '<dl class="glossary' in text]
        rows = listed[listed.index("<dl ") : listed.index("</dl>")]
        assert squeezed(re.sub(r"<[^>]*>", "", rows)) == GLOSSARY[edition]
        ids = set(re.findall(r'id="(def-\w+)"', listed))
        leads = [name for text in texts for name in re.findall(r'href="[^"]*#(def-\w+)"', text)]
        assert set(leads) == ids
    [pdf_file] = [one for one in features.pdfs if one.parent.name == edition]
    with pypdfium2.PdfDocument(pdf_file) as pdf:
        assert any(GLOSSARY[edition] in squeezed(page.get_textpage().get_text_bounded()) for page in pdf)


# By edition: the figure's caption, those of its parts, and what refers to it.
PANELS = {
    "zh-CN": ("图4-2两种图", ["(a)软件画的", "(b)拍下来的"], "见图4-2，右边的是图4-2(b)，两样是图4-2(a)、(b)。"),
    "zh-TW": ("圖4-2兩種圖", ["(a)軟件畫的", "(b)拍下來的"], "見圖4-2，右邊的是圖4-2(b)，兩樣是圖4-2(a)、(b)。"),
    "zh-HK": ("圖4-2兩種圖", ["(a)軟件畫的", "(b)拍下來的"], "見圖4-2，右邊的是圖4-2(b)，兩樣是圖4-2(a)、(b)。"),
}


def test_its_figure_of_parts_has_letters_that_are_referred_to_in_every_format(features, edition):
    _, parts, said = PANELS[edition]
    [file] = [one for one in features.epubs if one.parent.name == edition]
    with zipfile.ZipFile(file) as epub:
        pages = [epub.read(name).decode() for name in epub.namelist() if name.endswith(".xhtml")]
    for texts in (pages, [one.read_text("utf-8") for one in features.pages if edition in one.parts]):
        page = next(text for text in texts if 'id="fig-pair"' in text)
        figure = page[page.index('<figure id="fig-pair"') :].partition("两种图" if edition == "zh-CN" else "兩種圖")[0]
        assert [squeezed(re.sub(r"<[^>]*>", "", one)) for one in figure.split("<figcaption>")[1:3]] == parts
        assert re.findall(r'alt="([^"]+)"', figure)[1] == "灰色的照片"
        assert said in squeezed(re.sub(r"<[^>]*>", "", page))
        assert "4-2(a)" not in squeezed(re.sub(r"<[^>]*>", "", page.partition("list-of-figures")[2]))


def test_the_parts_of_its_figure_stand_side_by_side_on_the_page(features, edition):
    caption, parts, _ = PANELS[edition]
    [file] = [one for one in features.pdfs if one.parent.name == edition]
    with pypdfium2.PdfDocument(file) as pdf:
        texts = [page.get_textpage() for page in pdf]
        text = next(one for one in texts if caption in squeezed(one.get_text_bounded()))
        places = [text.search(words).get_next()[0] for words in (parts[0][3:], parts[1][3:], caption[-3:])]
        (left, foot, *_), (right, other, *_), (_, below, *_) = map(text.get_charbox, places)
    assert abs(foot - other) < 1
    assert right > left + 60
    assert foot - 30 < below < foot - 5


def test_its_index_has_a_passage(features, edition):
    [file] = [one for one in features.pdfs if one.parent.name == edition]
    with pypdfium2.PdfDocument(file) as pdf:
        assert any(re.search(r"起[讫訖]\d+–\d+", squeezed(one.get_textpage().get_text_bounded())) for one in pdf)


@pytest.fixture(scope="module")
def margins(tmp_path_factory):
    """The same book with its notes in the margin, in one edition."""
    book = tmp_path_factory.mktemp("margins")
    shutil.copytree(FEATURES, book / "source", ignore=shutil.ignore_patterns(".publish-cache"))
    settings = (book / "source/book.yaml").read_text("utf-8")
    (book / "source/book.yaml").write_text(f"{settings}notes: margin\n", "utf-8")
    options = ("--edition", "zh-TW", "--format", "pdf", "--format", "html", "--quiet")
    publish("build", book / "source", "--output", book / "out", *options)
    return Build(book / "out")


def test_notes_in_its_margin_are_tagged_and_the_proof_finds_no_fault(margins):
    assert not [one.failures for one in validators.verapdf(margins.pdfs, "PDFUA-1") if not one.compliant]
    with pikepdf.open(margins.pdfs[0]) as pdf:
        notes = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Note"]
    assert len(notes) > 8
    assert [one for one in check_pdf(margins.pdfs[0]) if one.severity != "note" and one.code.startswith("line")] == []


@pytest.mark.parametrize("notes", ["page", "margin"])
def test_it_is_pdf_ua_2_and_pdf_a_4_where_the_book_asks_for_it(notes, tmp_path):
    shutil.copytree(FEATURES, tmp_path / "source", ignore=shutil.ignore_patterns(".publish-cache"))
    with (tmp_path / "source/book.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"page: {{accessibility: ua-2}}\nnotes: {notes}\n")
    publish("build", tmp_path / "source", "--output", tmp_path / "out", "-e", "zh-CN", "-f", "pdf", "--quiet")
    pdfs = Build(tmp_path / "out").pdfs
    reports = validators.verapdf(pdfs, "PDFUA-2-ISO32005", "PDFA-4")
    assert len(reports) == 2
    assert not [one.failures for one in reports if not one.compliant]
    with pypdfium2.PdfDocument(pdfs[0]) as pdf:
        signs = [re.findall("[①-⑳]", page.get_textpage().get_text_bounded()) for page in pdf]
    assert notes == "margin" or {found[0] for found in signs if found} == {"①"}, "each page begins anew"


@pytest.mark.parametrize(("width", "beside"), [(1440, True), (360, False)])
def test_notes_of_its_pages_stand_beside_their_calls_where_there_is_room(margins, chromium, width, beside):
    [file] = [one for one in margins.pages if one.name == "01.html"]
    window = chromium.new_context(viewport={"width": width, "height": 800})
    page = window.new_page()
    page.goto(file.as_uri())
    rows = page.evaluate(BESIDE)
    window.close()
    assert len(rows) > 2
    assert all((abs(row["note"] - row["call"]) < 40) is beside for row in rows[:1])
    assert all(row["left"] > row["text"] for row in rows) is beside
    assert all(one["foot"] <= two["note"] for one, two in pairwise(rows))


BESIDE = """[...document.querySelectorAll(".note-text.margin")].map((note) => {
    const at = note.getBoundingClientRect();
    const call = document.getElementById(`ref-${note.id}`).getBoundingClientRect();
    const text = document.querySelector("article > p, article p").getBoundingClientRect();
    return { note: at.top, foot: at.bottom, left: at.left, text: text.right, call: call.top };
})"""


def test_a_defined_word_shows_what_it_means_where_it_stands(features, chromium):
    pages = [one for one in features.pages if one.name.startswith("06-") and "zh-CN" in one.parts]
    [file] = [one for one in pages if "大河" in one.read_text("utf-8")]
    # Without motion: the colours of a bar that fades are no colours to judge.
    window = chromium.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page = window.new_page()
    page.goto(file.as_uri())
    assert page.evaluate("[...document.scripts].every((one) => !one.src.includes('definitions'))")
    page.locator("a.term").last.click()
    page.wait_for_selector(".note-card:popover-open")
    assert "河流" in page.locator(".note-card:popover-open").inner_text()
    faults = validators.axe(page)
    window.close()
    assert not faults
