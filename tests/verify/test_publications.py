"""The handbook and every clipped article pass the validators of their formats."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import validators

from publish.check.epub import own_rules
from publish.check.epub import validators as epub_validators
from publish.check.files import check_file

pytestmark = pytest.mark.verify
EDITIONS = {"zh-CN", "zh-TW", "zh-HK"}


def editions_of(paths):
    return {path.parent.name for path in paths}


def assert_epubs_are_valid(epubs, scratch):
    """EPUBCheck: no message but that there are fonts. Our own rules: no finding at all."""
    reports = validators.epubcheck(epubs, scratch)
    assert not [fault for report in reports for fault in report.faults]
    assert not [usage for report in reports for usage in report.usages if not usage.startswith("USAGE(CSS-028)")]
    assert not [str(finding) for epub in epubs for finding in own_rules(epub)]


def assert_epubs_pass_ace(epubs, scratch):
    with ThreadPoolExecutor(validators.PROCESSORS) as pool:
        found = pool.map(lambda epub: validators.ace(epub, scratch / epub.parent.name), epubs)
        assert dict(zip(epubs, found, strict=True)) == {epub: [] for epub in epubs}


def assert_pdfs_are_accessible(pdfs, scratch):
    assert not [
        (report.pdf.name, report.failures) for report in validators.verapdf(pdfs, scratch) if not report.compliant
    ]


def assert_pages_stand_alone(reports):
    assert not [(report.url, report.requests) for report in reports if report.requests]
    assert not [(report.url, report.errors) for report in reports if report.errors]
    assert not [report.url for report in reports if not report.title or not report.lang]


def test_the_handbook_is_nine_publications(handbook):
    assert editions_of(handbook.epubs) >= EDITIONS
    assert editions_of(handbook.pdfs) >= EDITIONS
    assert {page.parent.parent.name for page in handbook.pages if page.name == "index.html"} >= EDITIONS


def test_the_handbooks_epubs_are_valid(handbook, tmp_path):
    assert_epubs_are_valid(handbook.epubs, tmp_path)


def test_the_handbooks_epubs_pass_ace(handbook, tmp_path):
    assert_epubs_pass_ace(handbook.epubs, tmp_path)


def test_epubs_with_every_feature_are_valid_horizontal_and_vertical(features, tmp_path):
    assert editions_of(features.epubs) >= {*EDITIONS, *(f"{edition}-vertical" for edition in EDITIONS)}
    assert_epubs_are_valid(features.epubs, tmp_path)


def test_epubs_with_every_feature_pass_ace_horizontal_and_vertical(features, tmp_path):
    assert_epubs_pass_ace(features.epubs, tmp_path)


def test_the_handbooks_pdfs_are_pdf_ua(handbook, tmp_path):
    assert_pdfs_are_accessible(handbook.pdfs, tmp_path)


def test_the_handbooks_pages_open_without_errors_and_without_another_host(handbook):
    reports = validators.open_pages(handbook.pages)
    assert len(reports) == len(handbook.pages)
    assert_pages_stand_alone(reports)


def test_the_handbooks_pages_fit_a_phone(handbook):
    assert not [(page.url, page.overflow) for page in validators.open_pages(handbook.pages) if page.overflow > 0]


def test_a_clips_epubs_are_valid(clip, tmp_path):
    assert editions_of(clip.epubs) == EDITIONS
    assert_epubs_are_valid(clip.epubs, tmp_path)


def test_a_clips_epubs_pass_ace(clip, tmp_path):
    assert_epubs_pass_ace(clip.epubs, tmp_path)


def test_the_check_of_an_epub_runs_both_validators(handbook):
    [epub, *_] = handbook.epubs
    if not (epub_validators.epubcheck_command() and epub_validators.ace_command()):
        pytest.skip("EPUBCheck or Ace is not installed")
    assert [str(finding) for finding in check_file(epub, "epub")] == []


def test_a_clips_pdfs_are_pdf_ua(clip, tmp_path):
    assert_pdfs_are_accessible(clip.pdfs, tmp_path)


def test_a_clips_pages_stand_alone_and_fit_a_phone(clip):
    reports = validators.open_pages(clip.pages)
    assert_pages_stand_alone(reports)
    assert not [(page.url, page.overflow) for page in reports if page.overflow > 0]
