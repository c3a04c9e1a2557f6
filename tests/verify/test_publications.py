"""The handbook and every clipped article pass the validators of their formats."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from publish.check.epub import own_rules
from publish.check.epub import validators as epub_validators
from publish.check.files import check_file
from tests.verify import validators

pytestmark = pytest.mark.verify
EDITIONS = {"zh-CN", "zh-TW", "zh-HK"}


def editions_of(paths):
    return {path.parent.name for path in paths}


def assert_pdfs_conform(pdfs, scratch):
    """Both standards at once: accessible, and fit for an archive."""
    assert pdfs
    reports = [report for profile in ("PDFUA-1", "PDFA-2A") for report in validators.verapdf(pdfs, scratch, profile)]
    assert not [(report.pdf, report.failures) for report in reports if not report.compliant]


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


def test_ace_finds_no_violation_in_any_epub(epubs, tmp_path):
    with ThreadPoolExecutor(validators.PROCESSORS) as pool:
        folders = (tmp_path / str(number) for number in range(len(epubs)))
        assert list(pool.map(validators.ace, epubs, folders)) == [[] for _ in epubs]


def test_the_handbooks_pdfs_are_pdf_ua_and_pdf_a(handbook, tmp_path):
    assert_pdfs_conform(handbook.pdfs, tmp_path)


def test_the_pdfs_of_the_book_with_every_feature_are_pdf_ua_and_pdf_a(features, tmp_path):
    assert editions_of(features.pdfs) == EDITIONS
    assert_pdfs_conform(features.pdfs, tmp_path)


def test_the_handbooks_pages_open_without_errors_and_without_another_host(handbook):
    reports = validators.open_pages(handbook.pages)
    assert len(reports) == len(handbook.pages)
    assert_pages_stand_alone(reports)


def test_the_handbooks_pages_fit_a_phone(handbook):
    assert not [(page.url, page.overflow) for page in validators.open_pages(handbook.pages) if page.overflow > 0]


def test_a_clip_has_all_editions(clip):
    assert editions_of(clip.epubs) == EDITIONS


def test_the_check_of_an_epub_runs_both_validators(handbook):
    [epub, *_] = handbook.epubs
    if not (epub_validators.epubcheck_command() and epub_validators.ace_command()):
        pytest.skip("EPUBCheck or Ace is not installed")
    assert [str(finding) for finding in check_file(epub, "epub")] == []


def test_a_clips_pdfs_are_pdf_ua_and_pdf_a(clip, tmp_path):
    assert_pdfs_conform(clip.pdfs, tmp_path)


def test_a_clips_pages_stand_alone_and_fit_a_phone(clip):
    reports = validators.open_pages(clip.pages)
    assert_pages_stand_alone(reports)
    assert not [(page.url, page.overflow) for page in reports if page.overflow > 0]
