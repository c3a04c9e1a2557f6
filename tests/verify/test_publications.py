"""The handbook and every clipped article pass the validators of their formats."""

from __future__ import annotations

import pytest
import validators

pytestmark = pytest.mark.verify
EDITIONS = {"zh-CN", "zh-TW", "zh-HK"}


def editions_of(paths):
    return {path.parent.name for path in paths}


def assert_epubs_are_valid(epubs, scratch, capsys):
    reports = validators.epubcheck(epubs, scratch)
    with capsys.disabled():
        for report in reports:
            lines = [
                f"EPUBCheck {report.epub.parent.name}/{report.epub.name}: {len(report.usages)} usages",
                *report.usages,
            ]
            print("", *lines, sep="\n    ")  # usages are no faults, and worth a look
    assert not [fault for report in reports for fault in report.faults]


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


def test_the_handbooks_epubs_pass_epubcheck(handbook, tmp_path, capsys):
    assert_epubs_are_valid(handbook.epubs, tmp_path, capsys)


def test_the_handbooks_epubs_pass_ace(handbook, tmp_path):
    assert {epub.parent.name: validators.ace(epub, tmp_path / epub.parent.name) for epub in handbook.epubs} == {
        epub.parent.name: [] for epub in handbook.epubs
    }


def test_the_handbooks_pdfs_are_pdf_ua(handbook, tmp_path):
    assert_pdfs_are_accessible(handbook.pdfs, tmp_path)


def test_the_handbooks_pages_open_without_errors_and_without_another_host(handbook):
    reports = validators.open_pages(handbook.pages)
    assert len(reports) == len(handbook.pages)
    assert_pages_stand_alone(reports)


def test_the_handbooks_pages_fit_a_phone(handbook):
    assert not [(page.url, page.overflow) for page in validators.open_pages(handbook.pages) if page.overflow > 0]


def test_a_clips_epubs_pass_epubcheck(clip, tmp_path, capsys):
    assert editions_of(clip.epubs) == EDITIONS
    assert_epubs_are_valid(clip.epubs, tmp_path, capsys)


def test_a_clips_epub_passes_ace(clip, tmp_path):
    assert validators.ace(clip.epubs[0], tmp_path) == []


def test_a_clips_pdfs_are_pdf_ua(clip, tmp_path):
    assert_pdfs_are_accessible(clip.pdfs, tmp_path)


def test_a_clips_pages_stand_alone_and_fit_a_phone(clip):
    reports = validators.open_pages(clip.pages)
    assert_pages_stand_alone(reports)
    assert not [(page.url, page.overflow) for page in reports if page.overflow > 0]
