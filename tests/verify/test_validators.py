"""The validators find faults, so that their silence means something."""

from __future__ import annotations

import zipfile

import pytest

from tests.verify import validators

pytestmark = pytest.mark.verify

CONTAINER = """<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:x:book</dc:identifier>
<dc:title>书</dc:title><dc:language>zh-Hans-CN</dc:language>
<meta property="dcterms:modified">2020-01-01T00:00:00Z</meta></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest>
<spine><itemref idref="nav"/></spine></package>"""
NAV = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head><title>目录</title></head>
<body><nav epub:type="toc"><ol><li><a href="nav.xhtml">目录</a></li></ol></nav>{}</body></html>"""


def write_epub(path, body):
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", CONTAINER)
        book.writestr("book.opf", PACKAGE)
        book.writestr("nav.xhtml", NAV.format(body))
    return path


def test_epubcheck_tells_a_sound_book_from_a_broken_one_in_one_run(tmp_path):
    sound = write_epub(tmp_path / "sound.epub", "<p>好</p>")
    broken = write_epub(tmp_path / "broken.epub", '<p><img src="missing.png" alt=""/></p>')
    unparsable = write_epub(tmp_path / "unparsable.epub", "<p>一<br>二</p>")
    reports = validators.epubcheck([broken, sound, unparsable], tmp_path)
    assert [report.epub for report in reports] == [broken, sound, unparsable]
    assert any("RSC-007" in error for error in reports[0].errors)
    assert not reports[1].faults
    assert any("RSC-016" in fatal for fatal in reports[2].fatals)


def test_ace_finds_a_book_without_accessibility_metadata(tmp_path):
    book = write_epub(tmp_path / "book.epub", "<p>好</p>")
    violations = validators.ace(book, tmp_path / "report")
    assert any("metadata-accessmode" in violation for violation in violations)


def test_verapdf_finds_a_pdf_without_tags(tmp_path):
    weasyprint = pytest.importorskip("weasyprint")
    untagged, tagged = tmp_path / "untagged.pdf", tmp_path / "tagged.pdf"
    page = weasyprint.HTML(string='<html lang="zh-CN"><title>书</title><p>好</p>')
    page.write_pdf(untagged)
    page.write_pdf(tagged, pdf_variant="pdf/ua-1")
    reports = validators.verapdf([untagged, tagged], "PDFUA-1")
    assert [report.compliant for report in reports] == [False, True]
    assert any(failure.startswith("7.1-11 ") for failure in reports[0].failures)


def test_the_browser_reports_requests_errors_and_width(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<!DOCTYPE html><html lang="zh-TW"><meta name="viewport" content="width=device-width"><title>頁</title>'
        '<img src="https://example.invalid/a.png"><img src="missing.png"><script>console.error("坏")</script>'
        '<div style="width: 800px">寬</div>',
        encoding="utf-8",
    )
    (report,) = validators.open_pages([page])
    assert (report.lang, report.title) == ("zh-TW", "頁")
    assert report.requests == ("https://example.invalid/a.png",)
    assert any(error.startswith("not loaded: ") and error.endswith("missing.png") for error in report.errors)
    assert "console: 坏" in report.errors
    assert report.overflow > 400
