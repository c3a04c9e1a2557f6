"""The handbook and every clipped article pass the validators of their formats."""

from __future__ import annotations

import zipfile
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pypdfium2
import pytest
from lxml import etree, html

from publish.check.epub import own_rules
from publish.check.epub import validators as epub_validators
from publish.check.files import check_file
from tests.verify import validators
from tests.verify.conftest import CLIPS

pytestmark = pytest.mark.verify
EDITIONS = {"zh-CN", "zh-TW", "zh-HK"}


def editions_of(paths):
    return {path.parent.name for path in paths}


def assert_pages_stand_alone(reports):
    assert not [(report.url, report.requests) for report in reports if report.requests]
    assert not [(report.url, report.errors) for report in reports if report.errors]
    assert not [report.url for report in reports if not report.title or not report.lang]


def test_the_handbook_is_nine_publications(handbook):
    assert editions_of(handbook.epubs) >= EDITIONS
    assert editions_of(handbook.pdfs) >= EDITIONS
    assert {page.parent.parent.name for page in handbook.pages if page.name == "index.html"} >= EDITIONS


def test_the_book_with_every_feature_has_vertical_editions_too(features):
    assert editions_of(features.epubs) >= {*EDITIONS, *(f"{edition}-vertical" for edition in EDITIONS)}


def test_epubcheck_says_of_all_epubs_only_that_there_are_fonts(epubs, tmp_path):
    reports = validators.epubcheck(epubs, tmp_path)
    assert [report.epub for report in reports] == epubs
    assert not [fault for report in reports for fault in report.faults]
    assert not [usage for report in reports for usage in report.usages if not usage.startswith("USAGE(CSS-028)")]


def test_our_own_rules_find_nothing_in_any_epub(epubs):
    assert not [str(finding) for epub in epubs for finding in own_rules(epub)]


def test_ace_finds_no_violation_in_any_book(handbook, features, built_clip, tmp_path):
    """The editions of a book have the same markup, and of a small book with everything in it all are looked at."""
    epubs = [*features.epubs, handbook.epubs[0], *(built_clip(path).epubs[-1] for path in CLIPS)]
    with ThreadPoolExecutor(validators.PROCESSORS) as pool:
        folders = (tmp_path / str(number) for number in range(len(epubs)))
        assert list(pool.map(validators.ace, epubs, folders)) == [[] for _ in epubs]


def test_all_pdfs_are_pdf_ua_and_pdf_a(handbook, features, built_clip):
    """Both standards at once: accessible, and fit for an archive."""
    assert editions_of(features.pdfs) == EDITIONS
    pdfs = [pdf for build in (handbook, features, *map(built_clip, CLIPS)) for pdf in build.pdfs]
    reports = validators.verapdf(pdfs, "PDFUA-1", "PDFA-2A")
    assert not [(report.pdf, report.failures) for report in reports if not report.compliant]


@pytest.fixture(scope="module")
def opened(handbook, built_clip):
    """The pages of the handbook and of the clips, as a phone shows them."""
    pages = [page for build in (handbook, *map(built_clip, CLIPS)) for page in build.pages]
    reports = validators.open_pages(pages)
    assert len(reports) == len(pages)
    return reports


def test_all_pages_open_without_errors_and_without_another_host(opened):
    assert_pages_stand_alone(opened)


def test_all_pages_fit_a_phone(opened):
    assert not [(page.url, page.overflow) for page in opened if page.overflow > 0]


def test_the_check_of_an_epub_runs_both_validators(features):
    if not (epub_validators.epubcheck_command() and epub_validators.ace_command()):
        pytest.skip("EPUBCheck or Ace is not installed")
    assert [str(finding) for finding in check_file(features.epubs[0], "epub")] == []


def test_a_clip_has_all_editions(clip):
    assert editions_of(clip.epubs) == EDITIONS


LITERATURE = {"bib-press", "bib-grid", "bib-page", "bib-kept"}
# What each edition says of one source of the book's own language, one Latin, one of Taiwan and one that is kept.
SAID = {
    "zh-CN": ("周墨林，林静，何远，等. 活字的声音：一个排字工人的笔记", "许平，译. 2 版"),
    "zh-TW": ("周墨林，林靜，何遠，等. 活字的聲音：一個排字工人的筆記", "許平，譯. 2 版"),
    "zh-HK": ("周墨林，林靜，何遠，等. 活字的聲音：一個排字工人的筆記", "許平，譯. 2 版"),
}
EVERYWHERE = ("Vale I，et al. On the Grid of Chinese", "臺灣排印學會. 版面的資料[EB/OL]", "秦越. 头发与软件[D]")


def targets(tree):
    """Where the citations of a chapter lead, where its entries lead back to, and all ids in it."""
    links = [(link.get("role"), link.get("href", "").rpartition("#")[2]) for link in tree.iter("{*}a")]
    there = [name for role, name in links if role == "doc-biblioref"]
    back = [name for role, name in links if role == "doc-backlink" and name.startswith("cite-")]
    return there, back, {one.get("id") for one in tree.iter() if one.get("id")}


def reflowable(features, edition):
    """The chapter on literature as the site and as the EPUB have it."""
    [page] = [path for path in features.pages if edition in path.parts and path.name == "05.html"]
    yield html.document_fromstring(page.read_bytes())
    [epub] = [path for path in features.epubs if path.parent.name == edition]
    with zipfile.ZipFile(epub) as book:
        [name] = [name for name in book.namelist() if name.endswith("05.xhtml")]
        yield etree.fromstring(book.read(name))


def assert_said(text, edition):
    dense = "".join(text.split())
    assert [one for one in (*SAID[edition], *EVERYWHERE) if "".join(one.split()) not in dense] == []


@pytest.mark.parametrize("edition", sorted(EDITIONS))
def test_literature_leads_both_ways_and_says_its_words_on_screens(features, edition):
    for tree in reflowable(features, edition):
        there, back, ids = targets(tree)
        assert set(there) == LITERATURE
        assert LITERATURE | set(back) <= ids
        assert len(back) == len(there) + 1  # a range of numbers cites what is between its ends, too
        assert_said("".join(tree.itertext()), edition)


@pytest.mark.parametrize("edition", sorted(EDITIONS))
def test_literature_leads_both_ways_and_says_its_words_on_pages(features, edition):
    [file] = [path for path in features.pdfs if path.parent.name == edition]
    with pikepdf.open(file) as pdf:
        links = [link for page in pdf.pages for link in page.get("/Annots", [])]
        led = {str(link.A.D) for link in links if "/A" in link and "/D" in link.A}
        led |= {str(link.Dest) for link in links if "/Dest" in link}
    assert {*LITERATURE, "cite-press-1", "cite-grid-1", "cite-press-2", "cite-kept-1"} <= led
    with pypdfium2.PdfDocument(file) as pdf:
        text = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    assert_said(text, edition)
