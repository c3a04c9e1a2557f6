"""A PDF joined of parts is PDF/UA-1 and PDF/A-2a, in every theme, on two sides and on one."""

from __future__ import annotations

import shutil

import pytest

from tests.render.pdf.test_join import KINDS, publication, render
from tests.verify import validators

pytestmark = pytest.mark.verify


def test_joined_books_are_pdf_ua_and_pdf_a(tmp_path, monkeypatch):
    files = []
    for number, (kind, settings) in enumerate(KINDS.items()):
        rendering, file = render(publication(tmp_path / str(number), settings), tmp_path / f"out-{number}", monkeypatch)
        assert "pdf-whole" not in [one.code for one in rendering.findings], kind
        files.append(tmp_path / f"{number}.pdf")
        shutil.copy(file, files[-1])
    reports = validators.verapdf(files, "PDFUA-1", "PDFA-2A")
    assert len(reports) == 2 * len(KINDS)
    assert not [(report.pdf.name, report.failures) for report in reports if not report.compliant]
