"""What a reader gets of the learned book's features, in each edition and format: the book that uses each once."""

from __future__ import annotations

import re
import zipfile

import pypdfium2
import pytest

from publish.edition.xhtml import EPUB, H, plain, read

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
