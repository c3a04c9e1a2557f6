"""The printed page in all its ways: themes, editions, bleed and crop marks, one side, the screen, small sizes."""

from __future__ import annotations

import shutil
from itertools import combinations

import pikepdf
import pytest

from publish.check.pdf import check as check_pdf
from publish.starter import TEMPLATES
from publish.themes import theme_names
from tests.verify import validators
from tests.verify.conftest import FEATURES, publish_all

pytestmark = pytest.mark.verify
EDITIONS = ("zh-CN", "zh-TW", "zh-HK")
EXAMPLES = sorted(path.parent for path in TEMPLATES.glob("*/book.yaml"))
PAGES = (
    "{size: A5}",
    "{size: 大32开, bleed: 3mm, marks: crop}",
    "{size: 64开, sides: one}",
    "{size: 16开, for: screen}",
    "{size: US Trade, bleed: 5mm, hanging-punctuation: true}",
)
# What no page may have. The book of features has paragraphs of one line, pictures of few pixels and an address that no
# narrow measure holds well: what the proof says of those is its author's affair.
NEVER = frozenset(
    """line-start line-end line-over glyph-missing font-region font-embedded font-type3 text-radicals
    toc-page page-label page-empty pdf-tags pdf-title pdf-lang""".split()
)


# Each theme on each kind of page, in the next edition each time: every two of the three meet.
GRID = [
    (theme, page, EDITIONS[(row + column) % len(EDITIONS)])
    for row, theme in enumerate(theme_names())
    for column, page in enumerate(PAGES)
]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The examples in every edition, and the book of features in each theme on each kind of page."""
    folder = tmp_path_factory.mktemp("library")
    books = [{"source": f"books/{one.name}", "editions": EDITIONS, "formats": ["pdf"]} for one in EXAMPLES]
    for example in EXAMPLES:
        shutil.copytree(example, folder / "books" / example.name)
    for number, (theme, page, edition) in enumerate(GRID):
        book = folder / f"books/features-{number}"
        shutil.copytree(FEATURES, book)
        settings = (book / "book.yaml").read_text("utf-8")
        (book / "book.yaml").write_text(f"{settings}theme: {theme}\npage: {page}\n", "utf-8")
        books.append({"source": f"books/{book.name}", "editions": [edition], "formats": ["pdf"]})
    publish_all(folder, books)
    return folder / "build"


@pytest.fixture(scope="module")
def examples(library):
    return sorted(pdf for example in EXAMPLES for pdf in library.glob(f"{example.name}/*/*.pdf"))


@pytest.fixture(scope="module")
def features_on_all_pages(library):
    return sorted(library.glob("features-*/*/*.pdf"))


def test_each_two_of_theme_page_and_edition_meet():
    for one, other in combinations(range(3), 2):
        assert len({(row[one], row[other]) for row in GRID}) == len({row[one] for row in GRID}) * len(
            {row[other] for row in GRID}
        )


def test_every_example_is_there_in_every_edition(examples):
    assert {"novel", "essays", "manual", "report"} <= {path.name for path in EXAMPLES}
    assert len(examples) == len(EXAMPLES) * len(EDITIONS)


def test_all_pages_are_pdf_ua_and_pdf_a(examples, features_on_all_pages):
    assert len(features_on_all_pages) == len(theme_names()) * len(PAGES)
    reports = validators.verapdf([*examples, *features_on_all_pages], "PDFUA-1", "PDFA-2A")
    assert not [(report.pdf, report.failures) for report in reports if not report.compliant]


def test_the_proof_finds_nothing_in_the_examples(examples):
    found = [finding for pdf in examples for finding in check_pdf(pdf) if finding.severity != "note"]
    assert not list(map(str, found))


def test_the_proof_finds_no_fault_of_the_page_in_the_book_of_features(features_on_all_pages):
    found = [finding for pdf in features_on_all_pages for finding in check_pdf(pdf) if finding.severity != "note"]
    assert not [str(finding) for finding in found if finding.code in NEVER]


def test_every_pdf_tells_what_it_is_and_has_bookmarks_to_three_levels(features_on_all_pages):
    for file in features_on_all_pages:
        with pikepdf.open(file) as pdf:
            assert str(pdf.docinfo["/Title"]) in ("万象集", "萬象集")
            assert str(pdf.docinfo["/Author"]).startswith(("欧阳", "歐陽"))
            assert str(pdf.Root.Lang).startswith("zh-Han")
            assert "/PageLabels" in pdf.Root
            with pdf.open_outline() as outline:
                assert depth(outline.root) >= 3


def depth(marks):
    return 1 + max(map(depth, (mark.children for mark in marks)), default=0) if marks else 0
